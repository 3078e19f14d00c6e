"""What a person typed -> what is searched for."""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable, Collection, Sequence
from dataclasses import replace
from functools import partial

from retrieval.asked_places import NOWHERE, AskedPlaces, find_asked_places
from retrieval.english import is_english, read_english
from retrieval.errors import QuestionError, UnreadError
from retrieval.follow_ups import make_whole
from retrieval.gazetteer import Mention, load
from retrieval.language import PLAIN, Language
from retrieval.periods import find_periods, today_in_vietnam
from retrieval.question_slots import Slot, Slots, uncapitalised
from retrieval.schema import Dimension, Filters, Period, Query, Succession
from retrieval.small_talk import small_talk_kind, without_small_talk
from retrieval.text import canonical, fold, normalise, squeeze, syllables

# Characters. Longer texts take the encoder seconds to minutes; nobody asks in 1,000.
LONGEST_QUESTION = 1_000


def understand(
    question: str,
    history: Sequence[str] = (),
    language: Language = PLAIN,
    today: datetime.date | None = None,
    *,
    widened: Collection[Dimension] = (),
) -> Query:
    """The question in one spelling; after an earlier one, made whole by it where it is not.

    Args:
        question: as typed, at most 1,000 characters.
        history: the earlier questions of the conversation, oldest first.
        language: what the archive teaches about its spelling and abbreviations.
        today: what `hôm qua` is counted from; by default the day in Vietnam.
        widened: its places (with newspapers) or periods are only words, and restrict nothing.

    Raises:
        QuestionError: empty, without any word, too long, or in an English that is not known.
    """
    if len(question) > LONGEST_QUESTION:
        raise QuestionError(
            "too_long",
            f"the question has {len(question)} characters; at most {LONGEST_QUESTION} are accepted",
        )
    text = _in_vietnamese(question, language)
    if not text:
        raise QuestionError("empty", "the question is empty")
    if not syllables(text):
        raise QuestionError("no_words", "the question contains no word or number")
    today = today or today_in_vietnam()
    text, earlier = _made_whole(text, history, language, today)
    text = _without(text, widened, language, today)
    read = language.read(text)
    restored = read.text
    abbreviations = language.abbreviations
    query = Query(
        question=question,
        text=text,
        restored=restored,
        # In one spelling, for the model tells letter case and tone placement apart.
        written_out=language.spell(abbreviations.written_out(restored)),
        earlier=earlier,
        expansions=abbreviations.expand(text),
    )
    places = NOWHERE if "place" in widened else find_asked_places(text, restored, read.doubtful)
    periods = () if "period" in widened else tuple(find_periods(text, today))
    return replace(
        query,
        provinces=places.provinces,
        reached=_reached((*places.provinces, *places.doubtful)),
        successors=_successors(places.provinces, periods),
        districts=tuple((mention.text, mention.names) for mention in places.districts),
        periods=periods,
        filters=_filters(places, periods),
    )


def _in_vietnamese(typed: str, language: Language) -> str:
    """On one line, slips of typing undone; a question in English as it is read."""
    if is_english(typed):
        reading = read_english(typed, language.restore)
        if not reading.is_read:
            raise UnreadError(reading.unread)
        return reading.text
    return language.tidy(squeeze(normalise(typed)))


# What leads to a place or a time, and goes with it: "ở tỉnh", "trong".
_LEADS = re.compile(
    r"(?:(?<!\w)(?:của|ở|tại|trong|vào|từ|tỉnh|thành phố|tp\.?"
    r"|cua|o|tai|vao|tu|tinh|thanh pho) )+$",
    re.IGNORECASE,
)


def _without(
    text: str, widened: Collection[Dimension], language: Language, today: datetime.date
) -> str:
    """The question as it would be asked without its places or its periods."""
    slots = _slots(text, language.restore, today)
    cut = [*(slots.places if "place" in widened else ())]
    cut += slots.periods if "period" in widened else ()
    rest = text
    for slot in sorted(cut, key=lambda slot: -slot.start):
        before = _LEADS.sub("", rest[: slot.start])
        rest = squeeze(f"{before} {rest[slot.end :]}")
    return rest if syllables(rest) else text


def _reached(provinces: Sequence[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(n for name in provinces for n in load().predecessors(name)))


def _successors(provinces: Sequence[str], periods: Sequence[Period]) -> tuple[Succession, ...]:
    """What became of the question's former provinces, unless it asks of the time before."""
    bounded = [period for period in periods if not period.is_latest]
    found = [load().succession(name) for name in provinces]
    return tuple(
        succession
        for succession in found
        if succession
        and succession.name not in provinces
        and (not bounded or any(period.last >= succession.since for period in bounded))
    )


def _filters(places: AskedPlaces, periods: Sequence[Period]) -> Filters:
    """What the question says of the articles themselves."""
    dated = [period for period in periods if period.of_articles and not period.is_latest]
    return Filters(
        provinces=_reached(places.of_articles),
        sources=places.sources,
        date_from=_bound(min((p.first for p in dated), default=None)),
        date_to=_bound(max((p.last for p in dated), default=None)),
        successors=_successors(places.of_articles, periods),
    )


def _bound(day: datetime.date | None) -> datetime.date | None:
    return None if day in (datetime.date.min, datetime.date.max) else day


def _made_whole(
    text: str, history: Sequence[str], language: Language, today: datetime.date
) -> tuple[str, str | None]:
    """The question as it would stand alone, and the earlier one that it took the rest from."""
    earlier: str | None = None
    slots_of = partial(_slots, restore=language.restore, today=today)
    for typed in history:
        try:
            now = _in_vietnamese(typed[:LONGEST_QUESTION], language)
        except UnreadError:
            continue
        if not syllables(now) or small_talk_kind(now):
            continue
        whole, _ = _joined(now, earlier, language.restore, slots_of)
        earlier = (whole or without_small_talk(now))[:LONGEST_QUESTION]
    whole, before = _joined(text, earlier, language.restore, slots_of)
    return (whole, before) if whole is not None else (text, None)


def _joined(
    now: str,
    before: str | None,
    restore: Callable[[str], str],
    slots_of: Callable[[str], Slots],
) -> tuple[str | None, str | None]:
    """The whole question, if this one needs the one before, and that one as it was used."""
    if before is None:
        return None, None
    is_bare, was_bare = now == fold(now), before == fold(before)
    if is_bare == was_bare:
        whole = make_whole(now, before, slots_of)
        # Names come with their marks.
        return (fold(whole) if whole and is_bare else whole), before
    # One typed with marks, the other without: they meet with marks. But what a question
    # leans on is read from its own letters: `con nguoi` must not become `còn người`.
    before = restore(before)
    return make_whole(now, before, slots_of, restore(now)), before


# The bare name is a person's.
_NAMED = {"Hồ Chí Minh": "TP. Hồ Chí Minh"}


def _place_name(mention: Mention) -> str:
    """In the middle of a sentence: `Quảng Ninh`, `huyện Ba Bể`."""
    if mention.kind == "province":
        return _NAMED.get(mention.names[0], mention.names[0])
    kind_is_abbreviated = not mention.text[1:2].islower()  # "TP", "TX"
    return mention.text if kind_is_abbreviated else mention.text[:1].lower() + mention.text[1:]


def _slots(text: str, restore: Callable[[str], str], today: datetime.date) -> Slots:
    places = find_asked_places(text, restore(text))
    return Slots(
        tuple(
            Slot(mention.start, mention.end, _place_name(mention)) for mention in places.mentions
        ),
        tuple(Slot(p.start, p.end, uncapitalised(p.text)) for p in find_periods(text, today)),
        _papers(text, places.sources),
    )


def _papers(text: str, sources: Sequence[str]) -> tuple[Slot, ...]:
    """Where a question names its newspapers: the longest of their names, with `báo` before."""
    plain = fold(canonical(text))
    found = []
    for paper in load().newspapers:
        if paper.name not in sources:
            continue
        names = {
            re.sub(r"^(?:bao|tap chi|dai) ", "", fold(canonical(n)))
            for n in (paper.name, *paper.codes)
        }
        spelled = "|".join(sorted(map(re.escape, names), key=len, reverse=True))
        kind = r"(?:(?:bao(?: dien tu)?|tap chi|dai|trang|kenh) )?"
        if match := re.search(rf"(?<!\w){kind}(?:{spelled})(?!\w)", plain):
            start, end = match.span()
            found.append(Slot(start, end, uncapitalised(text[start:end])))
    return tuple(sorted(found, key=lambda slot: slot.start))
