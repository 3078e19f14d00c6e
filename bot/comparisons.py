"""`So sánh … của Quảng Bình và Quảng Ninh`: one question for each place or time.

Each is asked by itself and answered with its own evidence, so that nothing of the one is taken for
the other, and what only one of them has is said.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from retrieval.asked_places import find_asked_places
from retrieval.gazetteer import Mention
from retrieval.schema import Period, Query
from retrieval.text import canonical, fold, squeeze, syllables

# What joins two places that are asked about alike.
_JOINT = re.compile(
    r"[\s,;()]*(?:\b(?:va|voi|hay|hoac|so voi|con|giua|o|tai|cua|tinh|huyen|xa|thanh pho|tp|nam"
    r"|thang|nua|dau|cuoi|dip)\b[\s,;()]*)*"
)
_JOINS = re.compile(r"\b(?:va|voi|hay|hoac)\b|,")
_COMPARES = re.compile(r"\b(?:so sanh|doi chieu|moi noi|moi tinh|lan luot|khac nhau)\b")
# What asks for the comparison and is no part of either side's own question.
_REQUEST = re.compile(
    r"^\W*(?:(?:hay|xin|em|anh|chi|vui long|giup|cho (?:toi|em|biet)|lam on)\s+)*"
    r"(?:so sanh|doi chieu)(?:\s+(?:giup|ho|cho)(?:\s+(?:toi|em|minh))?)?\b[\s:,]*"
)
# What goes with a name that is taken out.
_LEAD = re.compile(
    r"[\s,(]*(?:\b(?:va|voi|hay|hoac|so voi)\b\s*)?"
    r"(?:\b(?:cua|o|tai|trong|giua|tinh|huyen|xa|thanh pho|tp)\b\s*)*$"
)


@dataclass(frozen=True, slots=True)
class Part:
    """One side of a comparison.

    Attributes:
        name: the place or time; a district or time as it is typed.
        question: the whole question about that one alone.
    """

    name: str
    question: str


def parts_of(query: Query) -> list[Part]:
    """A question for each place or time that is compared; none where nothing is."""
    text = query.text
    mentions = _distinct(find_asked_places(text, query.restored or text).mentions)
    periods = [period for period in query.periods if period.is_bounded and not period.of_articles]
    says_so = bool(_COMPARES.search(fold(canonical(text))))
    if len(mentions) > 1 and (says_so or _are_joined(text, mentions, periods)):
        return [_about_place(text, mention, mentions, periods) for mention in mentions]
    if len(mentions) < 2 and len(periods) > 1 and _are_joined(text, periods, []):
        return [_about_period(text, period, periods) for period in periods]
    return []


def _distinct(mentions: tuple[Mention, ...]) -> list[Mention]:
    """Each place once; a district with its own province behind it is one place."""
    kept: list[Mention] = []
    for mention in mentions:
        is_province_of_last = (
            bool(kept)
            and (mention.kind, kept[-1].kind) == ("province", "district")
            and bool(set(mention.names) & set(kept[-1].names))
        )
        if not is_province_of_last and all(
            set(mention.names) != set(other.names) for other in kept
        ):
            kept.append(mention)
    return kept


def _are_joined(text: str, spans: Sequence[Mention | Period], between: Sequence[Period]) -> bool:
    """Whether only "và" and the like, and periods, stand between them."""
    plain = fold(canonical(text))
    for period in between:
        gap = " " * (period.end - period.start)
        plain = f"{plain[: period.start]}{gap}{plain[period.end :]}"
    ends = [(span.start, span.end) for span in spans]
    gaps = [plain[one[1] : other[0]] for one, other in pairwise(ends)]
    return all(_JOINS.search(gap) and _JOINT.fullmatch(gap) for gap in gaps)


def _about_place(text: str, kept: Mention, mentions: list[Mention], periods: list[Period]) -> Part:
    """The question without the other places and their times."""
    others = [mention for mention in mentions if mention is not kept]
    cut = [(mention.start, mention.end) for mention in others]
    if len(periods) > 1:
        cut += [
            (period.start, period.end)
            for period in periods
            if _nearest(period, mentions) is not kept
        ]
    name = kept.names[0] if kept.kind == "province" and len(kept.names) == 1 else kept.text
    return Part(name, _without(text, cut))


def _about_period(text: str, kept: Period, periods: list[Period]) -> Part:
    others = [(period.start, period.end) for period in periods if period is not kept]
    return Part(kept.text, _without(text, others))


def _nearest(period: Period, mentions: list[Mention]) -> Mention:
    def distance(mention: Mention) -> int:
        return max(period.start - mention.end, mention.start - period.end)

    return min(mentions, key=distance)


def _without(text: str, cut: list[tuple[int, int]]) -> str:
    """The text without these stretches and what only led to them or joined them."""
    rest = text
    for start, end in sorted(cut, reverse=True):
        before, behind = rest[:start].rstrip(" ("), rest[end:].lstrip(")")
        joint = _JOINT_BEHIND.match(fold(canonical(behind)))
        is_first = joint is not None and (start, end) == min(cut, key=lambda span: span[0])
        if joint and is_first:
            # "của Quảng Bình và Quảng Ninh": the preposition serves the one that stays.
            behind = behind[joint.end() :]
        else:
            lead = _LEAD.search(fold(canonical(before)))
            before = before[: lead.start()] if lead else before
        rest = f"{before} {behind}"
    if request := _REQUEST.match(fold(canonical(rest))):
        rest = rest[request.end() :]
    rest = squeeze(rest)
    return rest if syllables(rest) else text


_JOINT_BEHIND = re.compile(r"[\s,]*\b(?:va|voi|hay|hoac|so voi)\b\s*(?:cua|o|tai)?\b\s*")
