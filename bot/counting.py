"""`Bao nhiêu bài nhắc đến …?`: counted over every article of the archive, and only what can be.

What is counted is said in the answer (in how many of how many articles a phrase stands), so that
nobody takes "nhắc đến" for more than it is.
"""

from __future__ import annotations

import datetime
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot import wording
from bot.candidates import MOST_SENTENCES, Candidate
from bot.listing import ASKS_FOR_ARTICLES, opening_sentence, quoted, words_besides
from retrieval.asked_places import find_asked_places
from retrieval.index import Index
from retrieval.records import Origin
from retrieval.schema import Article, Filters, Query
from retrieval.text import canonical, fold, sentences, words

_COUNTS = re.compile(
    r"\b(?:bao nhieu|may|so luong)\s+"
    r"(?:(?P<provinces>tinh(?:\W+thanh(?: pho)?)?)|(?:tin )?bai(?: (?:viet|bao|tin))?)\b"
)
_MENTIONS = re.compile(
    r"\b(?:nhac(?: (?:den|toi))?|(?:noi|de cap|viet|dua tin|ban)(?: (?:den|toi|ve))|de cap|ve)\s+"
)
# What leads to the phrase and need not stand in the article, and what follows it.
_GENERIC = re.compile(
    r"(?:(?:phong trao|cum tu|tu|chu|ong|ba|dong chi|anh|chi|dich|viec|van de|chuyen|cac|nhung)"
    r"\s+)*"
)
_CLOSING = re.compile(r"(?:\s+(?:trong kho|khong|vay|nhi|the|a|roi))*[\s?.!]*$")
_LED_TO = re.compile(
    r"(?:\s+(?:o|tai|cua|trong|tu|nam|thang|ngay|tinh|huyen|xa|thanh pho|tp))*\s*$"
)
_QUOTED = re.compile(r"[“\"«](.+?)[”\"»]")
_ABOUT = re.compile(r"\bve\s+(?:(?:tinh|huyen|xa|thanh pho|tp)\W+)?$")
# One phrase is counted, not two that are joined, nor one with an exception.
_JOINED = re.compile(r"[,;]|\b(?:va|hoac|hay|nhung khong|khong tinh|nhung chua)\b")
_LONGEST_PHRASE = 8
_IN_COUNTS = frozenset("bao nhieu may so luong tat ca ca hien dang tong cong duoc".split())


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be counted.

    Attributes:
        phrase: articles that hold it; None: all.
        of_provinces: the provinces of the articles, not the articles.
        names_place: the phrase is a place, which does not restrict the articles.
    """

    phrase: str | None
    of_provinces: bool
    names_place: bool = False


@dataclass(frozen=True, slots=True)
class Counted:
    """A count over articles.

    Attributes:
        text: the count in words.
        shown: sentences that show what was counted, of the newest articles first.
        number: what was counted; 0: there is none.
    """

    text: str
    shown: tuple[Candidate, ...]
    number: int


def asks_to_count(query: Query) -> Wanted | None:
    """What a question asks to count over articles; None where it asks for something else."""
    text = query.restored or query.text
    plain = fold(canonical(text))
    counts = _COUNTS.search(plain)
    if counts is None:
        return None
    of_provinces = counts["provinces"] is not None
    left = words_besides(query) - _IN_COUNTS
    places = find_asked_places(query.text, text).mentions
    is_on_place = any(_ABOUT.search(plain, 0, place.start) for place in places)
    if left <= ASKS_FOR_ARTICLES and not is_on_place and (not of_provinces or "bai" in left):
        return Wanted(None, of_provinces)
    mentions = _MENTIONS.search(plain, counts.end())
    return mentions and _of_phrase(query, text, mentions.end(), of_provinces)


def _of_phrase(query: Query, text: str, start: int, of_provinces: bool) -> Wanted | None:
    if marked := _QUOTED.search(text, start):
        return _wanted(marked[1], of_provinces)
    plain = fold(canonical(text))
    generic = _GENERIC.match(plain, start)
    start = generic.end() if generic else start
    places = find_asked_places(query.text, text).mentions
    starts = [place.start for place in places] + [period.start for period in query.periods]
    named = [at for at in starts if at >= start]
    if named and min(named) == start:
        closing = _CLOSING.search(plain, start)
        return _wanted(text[start : closing.start() if closing else None], of_provinces, True)
    phrase = text[start : min(named, default=len(text))]
    for ending in (_CLOSING, _LED_TO):
        if found := ending.search(fold(canonical(phrase))):
            phrase = phrase[: found.start()]
    return None if _JOINED.search(fold(canonical(phrase))) else _wanted(phrase, of_provinces)


def _wanted(phrase: str, of_provinces: bool, names_place: bool = False) -> Wanted | None:
    is_phrase = 0 < len(words(phrase)) <= _LONGEST_PHRASE
    return Wanted(phrase.strip(), of_provinces, names_place) if is_phrase else None


def count_articles(index: Index, query: Query, wanted: Wanted, given: Filters) -> Counted:
    """Over the articles that pass what was given and what the question says of them.

    Args:
        given: by the asker, beside the question.
    """
    filters = given if wanted.names_place else given.over(_said(query))
    origins = index.records.origins_passing(filters)
    scope: tuple[str, ...] = ()
    if not wanted.names_place:
        scope = wording.conditions(query.provinces, query.filters.sources, query.periods)
    if wanted.phrase is not None:
        return _count_phrase(index, query, wanted, wanted.phrase, origins, scope)
    if wanted.of_provinces:
        provinces = Counter(origin.province for origin in origins.values())
        unknown = provinces.pop(None, 0)
        named = {name: provinces[name] for name in sorted(filter(None, provinces))}
        return Counted(wording.held_of_provinces(named, unknown), (), len(named))
    newest = sorted(origins, key=lambda n: (origins[n].date or datetime.date.min, n), reverse=True)
    articles = [index.records.article(number) for number in newest[:MOST_SENTENCES]]
    shown = [sentence for article in articles for sentence in opening_sentence(article)]
    text = wording.held(len(origins), scope)
    return Counted(_with_note(text, len(shown), len(origins)), tuple(shown), len(origins))


def _count_phrase(
    index: Index,
    query: Query,
    wanted: Wanted,
    phrase: str,
    origins: Mapping[int, Origin],
    scope: Sequence[str],
) -> Counted:
    forms = _forms(query, phrase)
    numbers = {row for form in forms for row in index.sparse_articles.holding(form)}
    articles = [index.records.article(number) for number in sorted(numbers & origins.keys())]
    articles = [a for a in articles if _holds(f"{a.title}\n{a.text}", forms)]
    articles.sort(key=lambda a: (a.date or datetime.date.min, a.id), reverse=True)
    provinces = sorted({article.province for article in articles if article.province})
    # An abbreviation that was counted too is named.
    others = [f for f in forms[1:] if any(_holds(f"{a.title}\n{a.text}", [f]) for a in articles)]
    phrase = "” hoặc “".join([phrase, *others])
    text = (
        wording.mentioned_in_provinces(phrase, provinces, len(origins), scope)
        if wanted.of_provinces and articles
        else wording.mentioned(phrase, len(articles), len(origins), scope)
    )
    shown = [s for article in articles[:MOST_SENTENCES] for s in _first_with(article, forms)]
    return Counted(_with_note(text, len(shown), len(articles)), tuple(shown), len(articles))


def _said(query: Query) -> Filters:
    """What the question says of the articles; here its places and its period are meant so too."""
    bounded = [period for period in query.periods if period.is_bounded]
    first, last = (bounded[0].first, bounded[0].last) if len(bounded) == 1 else (None, None)
    places = tuple(query.reached)
    return query.filters.over(Filters(places, (), first, last, tuple(query.successors)))


def _with_note(text: str, shown: int, of: int) -> str:
    return f"{text} {wording.newest_shown(shown)}" if shown < of else text


def _forms(query: Query, phrase: str) -> list[str]:
    """The phrase, and what it abbreviates or is abbreviated to where that is certain."""
    if query.is_folded:
        phrase = fold(phrase)
    meant = [
        form
        for expansion in query.expansions
        if words(expansion.text) == words(phrase) and not expansion.is_ambiguous
        for form in (expansion.short, *expansion.long)
    ]
    spelled = [phrase, *(fold(form) if query.is_folded else form for form in meant)]
    distinct: dict[tuple[str, ...], str] = {}
    for form in spelled:
        distinct.setdefault(tuple(words(form)), form)
    return list(distinct.values())


def _holds(text: str, forms: Sequence[str]) -> bool:
    """Whether any of the forms stands in a text as whole syllables."""
    return any(_spaced(form, form) in _spaced(text, form) for form in forms)


def _spaced(text: str, form: str) -> str:
    """Canonical syllables between blanks; without diacritics where the form is."""
    is_folded = form == fold(form)
    return f" {' '.join(words(fold(text) if is_folded else text))} "


def _first_with(article: Article, forms: Sequence[str]) -> list[Candidate]:
    """The first sentence that holds the phrase; the opening where only the title does."""
    for span in sentences(article.text):
        if _holds(article.text[span.start : span.end], forms):
            return [quoted(article, span)]
    return opening_sentence(article)
