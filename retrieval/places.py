"""Which province an article is of: its newspaper's, else the one it is about."""

from __future__ import annotations

import datetime
import re
from collections import defaultdict
from dataclasses import dataclass

from retrieval.datelines import Origin
from retrieval.gazetteer import Gazetteer, Mention
from retrieval.text import canonical, sentences

# Points of evidence. A dateline or a headline alone carries a national paper's article;
# a place named once in the lead does not, with a second mention it does.
_DATELINE = 25.0
_TITLE = 16.0
_LEAD_OFFICE = 12.0
_LEAD_PLAIN = 8.0
_LEAD_DISTRICT = 8.0
_BODY_OFFICE = 2.0
_BODY_PLAIN = 1.0
_MOST_FROM_BODY = 8.0
_PICTURE_PAPER = 6.0
_ENOUGH = 9.0
# Below this ratio to the second place the article is of neither.
_DOMINANCE = 1.5
_LEAD_CHARACTERS = 700
_MOST_CHARACTERS = 60_000

# Agencies report the nation's affairs "tại Hà Nội" and date them there.
_SEATS = frozenset({"Hà Nội", "Hồ Chí Minh"})
_SEAT_WEIGHT = 0.2
_ENOUGH_FOR_SEAT = 14.0
_OFFICE_BEFORE = re.compile(
    r"(?:tỉnh|tỉnh ủy|thành ủy|ubnd|hđnd|thành phố|tp\.?|tỉnh đoàn|công an|đảng bộ"
    r"|nhân dân|bộ đội biên phòng"
    r"|báo|sở [^,.;]{2,40}|mặt trận tổ quốc|mttq|ban dân vận|liên đoàn lao động|đoàn đbqh)\s*$"
)
_OFFICE_INSIDE = re.compile(r"^(?:tỉnh|thành phố|tp)\b")
_MERE_LOCATION = re.compile(
    r"(?:tại|ở|về|ra|vào|đến|rời|từ|trụ sở|học viện|trường đại học|đại học)\s*(?:thủ đô"
    r"|thành phố|tp\.?)?\s*$"
)
_ORIGIN = re.compile(
    r"(?:quê(?: quán)?(?: ở| tại)?|sinh (?:ra )?(?:tại|ở)|nguyên quán|người gốc|trú tại"
    r"|ngụ tại)\s*:?\s*[^.;]{0,25}$"
    # Where people and dishes come from, and what streets are called.
    r"|(?<!\w)(?:người|con gái|con trai|cựu binh|mang tên|phở|bún|bánh|nem chua|nem|chè|mì"
    r"|nón|lụa|gốm|cốm|kẹo|mắm|rượu|món|đặc sản|kiểu|giọng)\s+$"
)


@dataclass(frozen=True, slots=True)
class Evidence:
    """What an article shows of its place.

    Attributes:
        datelines: provinces that lines before the report name: `Hậu Giang`, `HẢI DƯƠNG - `.
        origins: who signed it first, then further claims (a site, an imprint).
    """

    title: str
    body: list[str]
    datelines: list[str]
    origins: list[Origin]


def choose_province(
    gazetteer: Gazetteer, evidence: Evidence, day: datetime.date | None
) -> str | None:
    """The province's name on that day, or None for an article of the whole country or abroad."""
    scores = _score(gazetteer, evidence, day)
    owner = _owner(gazetteer, evidence.origins, scores, day)
    if owner:
        return owner
    ranked = sorted(scores.items(), key=lambda item: -item[1])
    if not ranked or ranked[0][1] < (_ENOUGH_FOR_SEAT if ranked[0][0] in _SEATS else _ENOUGH):
        return None
    if len(ranked) > 1 and ranked[1][1] * _DOMINANCE > ranked[0][1]:
        return None
    return ranked[0][0]


def _owner(
    gazetteer: Gazetteer, origins: list[Origin], scores: dict[str, float], day: datetime.date | None
) -> str | None:
    """The province whose paper this is; a code that papers share goes to the one reported on."""
    first = next((origin for origin in origins if origin.known or origin.provinces), None)
    if first is None:
        return _of_unknown_code(origins, scores)
    if not first.provinces:
        # An agency's report on a provincial paper's page is that paper's article.
        first = next((origin for origin in origins if origin.of_page and origin.provinces), None)
    if first is None:
        return None
    names = list(dict.fromkeys(gazetteer.name_on(name, day) for name in first.provinces))
    if len(names) == 1 and not first.shared:
        return _namesake(first.name, names[0], scores) or names[0]
    best = max(names, key=lambda name: scores.get(name, 0.0))
    rivals = [
        name for name in names if name != best and scores.get(name, 0.0) == scores.get(best, 0.0)
    ]
    return best if scores.get(best, 0.0) > 0 and not rivals else None


def _namesake(code: str, owner: str, scores: dict[str, float]) -> str | None:
    """Another province whose initials a code has too, when the text is of it and not of the owner.

    Papers change their codes, and no list has all: `BTO` is Bình Thuận's, yet an article
    that is all about Bến Tre and never names Bình Thuận is hardly its.
    """
    if scores.get(owner, 0.0) > 0:
        return None
    found = [name for name in _fitting(code, scores) if scores[name] >= _ENOUGH]
    return found[0] if len(found) == 1 else None


def _of_unknown_code(origins: list[Origin], scores: dict[str, float]) -> str | None:
    """The one province of the text whose initials a code has that no list knows."""
    code = next((o.name for o in origins if not o.known and not o.provinces), None)
    found = [name for name in _fitting(code, scores) if scores[name] > 0] if code else []
    return found[0] if len(found) == 1 else None


def _fitting(code: str, scores: dict[str, float]) -> list[str]:
    """Provinces by the papers' pattern: initials, `B` for Báo before, `O` or `ĐT` after them."""
    if " " in code or not code.isupper():
        return []
    bare = {code, code.removesuffix("O"), code.removesuffix("ĐT")}
    bare |= {each.removeprefix("B") for each in bare}
    return [
        name
        for name in scores
        if len(initials := "".join(word[0] for word in name.split())) > 1 and initials in bare
    ]


def _score(gazetteer: Gazetteer, evidence: Evidence, day: datetime.date | None) -> dict[str, float]:
    scores: dict[str, float] = defaultdict(float)

    def add(name: str, points: float) -> None:
        scores[gazetteer.name_on(name, day)] += points

    for index, name in enumerate(dict.fromkeys(evidence.datelines)):
        seat = _SEAT_WEIGHT if name in _SEATS else 1.0
        add(name, _DATELINE * seat / (1 + index))
    for origin in evidence.origins[1:] if evidence.origins else []:
        if len(origin.provinces) == 1 and origin != evidence.origins[0]:
            add(origin.provinces[0], _PICTURE_PAPER)
    for name, points in _title_points(gazetteer, evidence).items():
        add(name, points)
    lead, rest = _split_lead(evidence.body)
    for name, points in _lead_points(gazetteer, lead).items():
        add(name, points)
    for name, points in _body_points(gazetteer, rest).items():
        add(name, points)
    return scores


def _split_lead(body: list[str]) -> tuple[str, str]:
    """The first sentences of the report, and all after them up to a length that shows enough."""
    text = "\n".join(body)[:_MOST_CHARACTERS]
    lead_end = min(len(text), _LEAD_CHARACTERS)
    for span in sentences(text[: 3 * _LEAD_CHARACTERS]):
        if span.end >= lead_end:
            lead_end = span.end
            break
    return text[:lead_end], text[lead_end:]


def _title_points(gazetteer: Gazetteer, evidence: Evidence) -> dict[str, float]:
    points: dict[str, float] = {}
    title = evidence.title
    shown = title.title() if title.isupper() else title
    text = "\n".join(evidence.body)[:_MOST_CHARACTERS]
    for mention, weight in _weighed(gazetteer, shown):
        if mention.kind == "district" and _is_commune(mention.text, text):
            continue
        for name in mention.names:
            share = _TITLE * weight / len(mention.names)
            share *= 0.6 if mention.kind == "district" else 1.0
            points[name] = max(points.get(name, 0.0), share)
    return points


def _is_commune(name: str, text: str) -> bool:
    """Whether a headline's `Phước Sơn` is the text's `xã Phước Sơn`, not a district elsewhere.

    A town mostly has the name of the district that it is in.
    """
    name = re.escape(name)
    commune = re.search(rf"(?<![Tt]hị )(?:[Xx]ã|[Pp]hường)\s{name}(?!\w)", text)
    district = re.search(rf"(?:[Hh]uyện|[Tt]hị xã|[Tt]hành phố|[Qq]uận)\s{name}(?!\w)", text)
    return commune is not None and district is None


def _lead_points(gazetteer: Gazetteer, lead: str) -> dict[str, float]:
    best: dict[str, float] = {}
    count: dict[str, float] = defaultdict(float)
    for mention, weight in _weighed(gazetteer, lead):
        if mention.kind == "district":
            points = _LEAD_DISTRICT
        else:
            points = _LEAD_OFFICE if _is_office(lead, mention) else _LEAD_PLAIN
        # What the very first sentences say is what the article is about.
        points *= (
            weight * (1.0 if mention.start < _LEAD_CHARACTERS // 2 else 0.6) / len(mention.names)
        )
        for name in mention.names:
            best[name] = max(best.get(name, 0.0), points)
            count[name] += _BODY_PLAIN * weight / len(mention.names)
    return {name: best[name] + min(count[name], 4.0) for name in best}


def _body_points(gazetteer: Gazetteer, rest: str) -> dict[str, float]:
    points: dict[str, float] = defaultdict(float)
    for mention, weight in _weighed(gazetteer, rest):
        office = mention.kind == "province" and _is_office(rest, mention)
        for name in mention.names:
            points[name] += (_BODY_OFFICE if office else _BODY_PLAIN) * weight / len(mention.names)
    return {name: min(value, _MOST_FROM_BODY) for name, value in points.items()}


def _weighed(gazetteer: Gazetteer, text: str) -> list[tuple[Mention, float]]:
    """Mentions with how far each says what the text is about (0 to 1)."""
    mentions = gazetteer.find_places(text)
    weighed = []
    for index, mention in enumerate(mentions):
        before = canonical(text[max(0, mention.start - 50) : mention.start])
        weight = 1.0
        if _ORIGIN.search(before):
            weight = 0.2
        elif _is_listed(text, mentions, index):
            weight = 0.3
        if set(mention.names) <= _SEATS and _MERE_LOCATION.search(before):
            weight *= _SEAT_WEIGHT
        weighed.append((mention, weight))
    return weighed


def _is_office(text: str, mention: Mention) -> bool:
    before = canonical(text[max(0, mention.start - 50) : mention.start])
    inside = canonical(text[mention.start : mention.end])
    return bool(_OFFICE_BEFORE.search(before) or _OFFICE_INSIDE.match(inside))


def _is_listed(text: str, mentions: list[Mention], index: int) -> bool:
    """One of several: `các tỉnh Hà Giang, Tuyên Quang và Cao Bằng`."""
    mention = mentions[index]
    for other in (*mentions[max(0, index - 1) : index], *mentions[index + 1 : index + 2]):
        if other.kind != "province" or mention.kind != "province" or other.names == mention.names:
            continue
        first, second = sorted((mention, other), key=lambda item: item.start)
        between = text[first.end : second.start].strip().lower()
        if between in {
            ",",
            "và",
            ";",
            "-",
            "–",
            ", tỉnh",
            "với",
            ", tp",
            "và tỉnh",
            "và thành phố",
        }:
            return True
    return False
