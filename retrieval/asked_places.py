"""Which provinces, districts and newspapers a question names, typed with marks or without."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from retrieval.gazetteer import Mention, Newspaper, load
from retrieval.text import canonical, fold, syllables

# Without diacritics these are common words too (hòa bình, diễn biến, huệ, giá lại), so they
# are places only behind a word that announces one.
_COMMON_WORDS = frozenset({"hoa binh", "dien bien", "hue", "gia lai"})
_NO_PLACES = re.compile(r"\b(?:thai binh duong|ha nam ninh)\b")
_PLACE_WORD = r"(?:(?:tinh|tp|thanh pho|o|tai|cua)\W+)"
# "tin Bắc Kạn", "các bài của Bắc Kạn", "báo Bắc Kạn đưa tin": said of the articles themselves.
_ARTICLES = (
    r"\b(?:tin|tin tuc|bao|bai bao|bai viet|cac bai|phong su)\s+"
    r"(?:(?:dien tu|cua|o|tai|tu|dia phuong|tinh|thanh pho)\s+)*$"
)
# What a paper's name stands behind. Many are common words too (Lao Động, Thanh Niên).
_PAPER_WORD = r"(?:(?<!nhật )báo(?: điện tử)?|tạp chí|đài|trang|kênh)\W+"
_KIND_OF_PAPER = re.compile(r"^(?:Báo|Tạp chí|Đài) ")
_LEAST_BARE_NAME = 5


@dataclass(frozen=True, slots=True)
class AskedPlaces:
    """The places of a question, in reading order.

    Attributes:
        mentions: provinces and districts, with where they stand in the question.
        of_articles: provinces that are said of the articles (`tin Bắc Kạn`).
        sources: newspapers named, as `Article.source` has them.
    """

    mentions: tuple[Mention, ...]
    of_articles: tuple[str, ...]
    sources: tuple[str, ...]

    @property
    def provinces(self) -> tuple[str, ...]:
        """In their standard spelling, each once."""
        return _names(m for m in self.mentions if m.kind == "province")

    @property
    def districts(self) -> tuple[Mention, ...]:
        return tuple(mention for mention in self.mentions if mention.kind == "district")


NOWHERE = AskedPlaces((), (), ())


def find_asked_places(text: str, restored: str | None = None) -> AskedPlaces:
    """The places that an NFC question names.

    Args:
        restored: the same text with its marks, character for character, where it was typed
            without some or all of them.
    """
    marked = text if restored is None else restored
    mentions = load().find_places(marked)
    if text == fold(text):
        # The marks of a name are a guess; its letters are not.
        provinces = _folded_provinces_in(text)
        taken = [(mention.start, mention.end) for mention in provinces]
        mentions = [
            mention
            for mention in mentions
            if mention.kind == "district"
            and not any(mention.start < end and start < mention.end for start, end in taken)
        ]
        mentions = sorted([*mentions, *provinces], key=lambda mention: mention.start)
    plain = fold(canonical(text))
    of_articles = _names(
        mention
        for mention in mentions
        if mention.kind == "province" and re.search(_ARTICLES, plain[: mention.start])
    )
    return AskedPlaces(tuple(mentions), of_articles, _sources_in(text))


def _names(mentions: Iterable[Mention]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for mention in mentions for name in mention.names))


def _folded_provinces_in(text: str) -> list[Mention]:
    plain = _NO_PLACES.sub(lambda match: " " * len(match[0]), canonical(text))
    found: list[Mention] = []
    for name, pattern in _folded_provinces():
        for match in pattern.finditer(plain):
            start, end = match.span("name")
            if not any(mention.start < end and start < mention.end for mention in found):
                found.append(Mention(start, end, text[start:end], "province", (name,)))
    return found


@cache
def _folded_provinces() -> tuple[tuple[str, re.Pattern[str]], ...]:
    """Each province with the pattern of its name without diacritics, the longest first."""
    patterns = []
    for province in sorted(load().provinces, key=lambda province: -len(province.name)):
        words = [word.text for word in syllables(fold(province.name))]
        before = _PLACE_WORD if " ".join(words) in _COMMON_WORDS else ""
        name = r"\W*".join(words)
        patterns.append((province.name, re.compile(rf"\b{before}(?P<name>{name})\b")))
    return tuple(patterns)


def _sources_in(text: str) -> tuple[str, ...]:
    """A name is compared with its marks and its capitals where the question has any."""
    is_folded = text == fold(text)
    spelled = canonical(text)
    has_capitals = any(character.isupper() for character in text[1:])
    found = {}
    for paper, pattern in _papers(is_folded):
        for match in pattern.finditer(spelled):
            start, end = match.span("told") if match["told"] else match.span("alone")
            is_name = not has_capitals or any(map(str.isupper, text[start:end]))
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
        names = {_KIND_OF_PAPER.sub("", name) for name in (paper.name, *paper.codes)}
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
    """Understood without `báo` before it: `TTXVN`, `VnExpress`, `Thông tấn xã Việt Nam`."""
    if " " in name:
        return name in ("Thông tấn xã Việt Nam", "Đài Tiếng nói Việt Nam")
    return len(name) >= _LEAST_BARE_NAME and name.isascii() and name.isalpha()
