"""Which provinces, districts and newspapers a question names, typed with marks or without."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cache

from retrieval.gazetteer import Mention, Newspaper, load
from retrieval.place_readings import REPORTS, place_readings
from retrieval.text import canonical, fold, syllables

# Without diacritics these are common words too (hòa bình, diễn biến, huệ, giá lại). Where no
# archive tells them apart they are places only where the words around them say so.
_COMMON_WORDS = frozenset({"hoa binh", "dien bien", "hue", "gia lai"})
_LEAST_WEIGHT = 4.0  # "o hoa binh", "dan van Gia Lai", the name alone


def _behind(words: str) -> str:
    """Matches where none of the words stands right before."""
    return "".join(rf"(?<!{word} )" for word in words.split("|"))


# Short codes are left out of articles, where they are parts of others (`TNCS HCM`); a question
# may have `HCM` anywhere, the others only where a place is announced.
_CODES = {"hcm": "Hồ Chí Minh", "hn": "Hà Nội", "sg": "Hồ Chí Minh", "hp": "Hải Phòng"}
_CODE = re.compile(r"(?<![\w.&-])(?:hcm|hn|sg|hp)(?![\w&-]|\.\w)")
_NO_CITY = re.compile(r"(?:tncs|cnxh|doan|tu tuong|dao duc|phong cach|bac|chu tich|guong) $")
_ANNOUNCED = re.compile(r"(?<!\w)(?:o|tai|tp\.?|thanh pho|tin|tu|den|va) $")
# "tin Bắc Kạn", "các bài của Bắc Kạn", "báo Bắc Kạn đưa tin": said of the articles themselves.
# Compared with its marks, for `bão`, `bảo` and `tín` are other words; and some words before it
# make it another as well: `niềm tin`, `dự báo`.
_NO_NEWS = "thông|niềm|lòng|tự|uy|nhắn|đưa|loan|điện|mê|yên|chữ|gửi|hung|vững"
_NO_PAPER = "dự|cảnh|thông|mật|tình|cấp|điềm|khai|thời|quả"
_NEWS = (
    rf"(?:{_behind(_NO_NEWS)}tin(?: tức| bài| báo| nóng| nhanh)?"
    r"|bài (?:báo|viết)|các bài|phóng sự)"
)
_NEWEST = r"(?: mới(?: nhất)?| nóng(?: nhất)?)?"
_OF = r"(?: (?:điện tử|của|ở|tại|từ|về|địa phương|tỉnh|thành phố|tp\.?))*"
_ARTICLES = re.compile(rf"(?<!\w)(?:{_NEWS}{_NEWEST}|{_behind(_NO_PAPER)}báo){_OF} $")
# Without marks `bao` is more often a storm: a paper only where it reports.
_FOLDED_NEWS = re.compile(rf"(?<!\w){fold(_NEWS + _NEWEST + _OF)} $")
_FOLDED_PAPER = re.compile(rf"(?<!\w){_behind(fold(_NO_PAPER) + '|con')}bao{fold(_OF)} $")
# What a paper's name stands behind. Many are common words too (Lao Động, Thanh Niên).
_PAPER_WORD = r"(?:(?<!nhật )báo(?: điện tử)?|tạp chí|đài|trang|kênh)\W+"
_KIND_OF_PAPER = re.compile(r"^(?:Báo|Tạp chí|Đài) ")
_LEAST_BARE_NAME = 5
# "NDO", "NLĐO": of a paper's site, and no other word. (PLO has another meaning; `CAND` and `QĐND`
# are the police and the army.)
_ONLINE_CODE = re.compile(r"(?!PLO)[A-ZĐ]{2,}O")


@dataclass(frozen=True, slots=True)
class AskedPlaces:
    """The places of a question, in reading order.

    Attributes:
        mentions: provinces and districts, with where they stand in the question.
        of_articles: provinces that are said of the articles (`tin Bắc Kạn`).
        sources: newspapers named, in their canonical names.
        doubtful: provinces that are as likely other words: they may raise, and require nothing.
    """

    mentions: tuple[Mention, ...]
    of_articles: tuple[str, ...]
    sources: tuple[str, ...]
    doubtful: tuple[str, ...] = ()

    @property
    def provinces(self) -> tuple[str, ...]:
        """In their standard spelling, each once."""
        return _names(m for m in self.mentions if m.kind == "province")

    @property
    def districts(self) -> tuple[Mention, ...]:
        return tuple(mention for mention in self.mentions if mention.kind == "district")


NOWHERE = AskedPlaces((), (), ())


def find_asked_places(
    text: str, restored: str | None = None, doubtful: Iterable[tuple[int, int, str]] = ()
) -> AskedPlaces:
    """The places that an NFC question names.

    Args:
        restored: the same text with its marks, character for character, where it was typed
            without some or all of them.
        doubtful: characters (start, end) of it that may be this province or other words.
    """
    marked = text if restored is None else restored
    is_folded = text == fold(text)
    sure: list[Mention] = []
    if is_folded:
        # Who leaves out the marks sets no capitals either, or not those of every name.
        marked, sure = _with_names(text, marked)
    found = _together(_together(load().find_places(marked), sure), _codes_in(text))
    spans = [(start, end) for start, end, _ in doubtful]
    mentions = [
        replace(mention, text=text[mention.start : mention.end] if not is_folded else mention.text)
        for mention in found
        if mention.kind == "district"
        or not any(mention.start < end and start < mention.end for start, end in spans)
    ]
    of_articles = _names(
        mention
        for mention in mentions
        if mention.kind == "province" and _is_of_articles(marked, mention, is_folded)
    )
    names = tuple(dict.fromkeys(name for _, _, name in doubtful))
    return AskedPlaces(tuple(mentions), of_articles, _sources_in(text), names)


def _names(mentions: Iterable[Mention]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for mention in mentions for name in mention.names))


def _with_names(text: str, marked: str) -> tuple[str, list[Mention]]:
    """The marked text, with the provinces' names where no mark was restored; the sure names.

    Sure are those that are announced: for them the guards of running text are too strict, which
    take `hòa bình` in small letters for peace.
    """
    spelled = list(canonical(marked))
    typed = syllables(text)
    sure = []
    for name in place_readings(text, typed):
        words = typed[name.first : name.stop]
        start, end = words[0].start, words[-1].end
        is_common = " ".join(word.text for word in words) in _COMMON_WORDS
        if marked == text and is_common and name.weight < _LEAST_WEIGHT:
            spelled[start:end] = "-" * (end - start)
        elif marked == text:
            for word, syllable in zip(words, name.spelling, strict=True):
                spelled[word.start : word.end] = syllable
        reading = tuple(word.text for word in syllables("".join(spelled[start:end])))
        if name.province and reading == name.spelling and name.weight >= _LEAST_WEIGHT:
            sure.append(Mention(start, end, text[start:end], "province", (name.province,)))
    return "".join(spelled), sure


def _codes_in(text: str) -> list[Mention]:
    plain = fold(canonical(text))
    found = []
    for match in _CODE.finditer(plain):
        before = plain[: match.start()]
        is_city = not _NO_CITY.search(before) if match[0] == "hcm" else _ANNOUNCED.search(before)
        if is_city:
            start, end = match.span()
            found.append(Mention(start, end, text[start:end], "province", (_CODES[match[0]],)))
    return found


def _together(mentions: list[Mention], others: list[Mention]) -> list[Mention]:
    """In order, with those of the others that overlap none."""
    added = [
        other
        for other in others
        if not any(m.start < other.end and other.start < m.end for m in mentions)
    ]
    return sorted([*mentions, *added], key=lambda mention: mention.start)


def _is_of_articles(marked: str, mention: Mention, is_folded: bool) -> bool:
    before = canonical(marked)[: mention.start]
    if not is_folded:
        return bool(_ARTICLES.search(before))
    before = fold(before)
    if _FOLDED_NEWS.search(before):
        return True
    after = fold(canonical(marked))[mention.end :]
    return bool(_FOLDED_PAPER.search(before) and REPORTS.match(after))


def _sources_in(text: str) -> tuple[str, ...]:
    """A name is compared with its marks and its capitals where the question has any."""
    is_folded = text == fold(text)
    spelled = canonical(text)
    has_capitals = any(character.isupper() for character in text[1:])
    found = {}
    for paper, pattern in _papers(is_folded):
        for match in pattern.finditer(spelled):
            start, end = match.span("told") if match["told"] else match.span("alone")
            written = text[start:end]
            is_name = not has_capitals or "." in written or any(map(str.isupper, written))
            # "VnExpress Marathon" is another name.
            goes_on = (
                bool(match["alone"])
                and text[end : end + 1] == " "
                and text[end + 1 :][:1].isupper()
            )
            if is_name and not goes_on:
                found[start] = paper.name
                break
    return tuple(found[start] for start in sorted(found))


@cache
def _papers(is_folded: bool) -> tuple[tuple[Newspaper, re.Pattern[str]], ...]:
    """Papers of the whole country with the pattern of their names, maybe without diacritics.

    A province's own paper stands for its province: its articles are labelled by that.
    """
    word = fold(_PAPER_WORD) if is_folded else _PAPER_WORD
    patterns = []
    for paper in load().newspapers:
        if paper.province is not None:
            continue
        stated = (paper.name, *paper.codes, *paper.domains)
        names = {_KIND_OF_PAPER.sub("", name) for name in stated}
        told = _any(_spelled(name, is_folded) for name in names)
        bare = [_spelled(name, is_folded) for name in names if _is_unmistakable(name)]
        alone = _any(bare) if bare else r"(?!)"
        pattern = rf"(?<!\w)(?:{word}(?P<told>{told})|(?P<alone>{alone}))(?!\w)"
        patterns.append((paper, re.compile(pattern)))
    return tuple(patterns)


def _any(alternatives: Iterable[str]) -> str:
    return "|".join(sorted(alternatives, key=lambda name: (-len(name), name)))


def _spelled(name: str, is_folded: bool) -> str:
    spelled = fold(name) if is_folded else canonical(name)
    return r"\W+".join(word.text for word in syllables(spelled))


def _is_unmistakable(name: str) -> bool:
    """Understood without `báo` before it: `TTXVN`, `NDO`, `nhandan.vn`, `VnExpress`."""
    if "." in name or _ONLINE_CODE.fullmatch(name):
        return True
    if " " in name:
        return name in ("Thông tấn xã Việt Nam", "Đài Tiếng nói Việt Nam")
    return len(name) >= _LEAST_BARE_NAME and name.isascii() and name.isalpha()
