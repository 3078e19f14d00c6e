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

from bot.candidates import MOST_SENTENCES, Candidate
from bot.listing import ASKS_FOR_ARTICLES, opening_sentence, quoted
from bot.words import Words
from retrieval.asked_places import find_asked_places
from retrieval.gazetteer import Mention
from retrieval.origins import Origin
from retrieval.schema import Article, Filters, Period, Query
from retrieval.searcher import SearchedIndex
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
_LED_TO = re.compile(r"(?:\s+(?:o|tai|cua|trong|tu|nam|thang|ngay|tinh|thanh pho|tp))*\s*$")
_QUOTED = re.compile(r"[“\"«](.+?)[”\"»]")
_ABOUT = re.compile(r"\bve\s+(?:(?:tinh|thanh pho|tp)\W+)?$")
# One phrase is counted: not two that are joined, nor one with an exception or a place of its own.
_JOINED = re.compile(r"[,;]|\b(?:va|hoac|hay|nhung khong|khong tinh|nhung chua|o|tai)\b")
_LONGEST_PHRASE = 8
# What a question may say besides the phrase, its place and its time. Whatever else it says ("bài
# học", "cuộc thi nhận được", "tỉnh đã ban hành") makes it a question for something that an article
# tells, not for the articles.
_SAID_OF_ARTICLES = ASKS_FOR_ARTICLES | frozenset(
    "bao nhieu may so luong tat ca hien dang tong cong da".split()
)


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
    places = find_asked_places(query.text, text).mentions
    if counts is None or not _is_one_stretch(query.periods):
        return None
    spans = [(place.start, place.end) for place in places]
    spans += [(period.start, period.end) for period in query.periods]
    besides = _blanked(plain, spans)
    of_provinces = counts["provinces"] is not None
    is_on_place = any(_ABOUT.search(plain, 0, place.start) for place in places)
    if not is_on_place and _is_of_articles(besides):
        is_plain = not of_provinces or "bai" in words(besides)
        is_known = all(place.kind == "province" for place in places)
        return Wanted(None, of_provinces) if is_plain and is_known else None
    mentions = _MENTIONS.search(plain, counts.end())
    if mentions is None:
        return None
    around = f"{besides[: counts.start()]} {besides[counts.end() : mentions.start()]}"
    if not _is_of_articles(around):
        return None
    return _of_phrase(text, mentions.end(), places, [p.start for p in query.periods], of_provinces)


def _is_one_stretch(periods: Sequence[Period]) -> bool:
    """Whether the articles of a question's times are those of no or one stretch of days."""
    is_clear = all(p.is_bounded and not p.recurs and not p.is_base for p in periods)
    return is_clear and len(periods) <= 1


def _is_of_articles(plain: str) -> bool:
    return set(words(plain)) <= _SAID_OF_ARTICLES


def _blanked(plain: str, spans: Sequence[tuple[int, int]]) -> str:
    for start, end in spans:
        plain = f"{plain[:start]}{' ' * (end - start)}{plain[end:]}"
    return plain


def _of_phrase(
    text: str,
    start: int,
    places: Sequence[Mention],
    periods: Sequence[int],
    of_provinces: bool,
) -> Wanted | None:
    """What is to be counted where the phrase begins at `start`.

    Args:
        periods: where they begin.
    """
    plain = fold(canonical(text))
    marked = _QUOTED.search(text, start)
    if marked and not any(place.start >= marked.end() for place in places):
        return _wanted(marked[1], of_provinces)
    generic = _GENERIC.match(plain, start)
    start = generic.end() if generic else start
    named = next((place for place in places if place.start == start), None)
    if named is not None:
        is_all = _CLOSING.fullmatch(plain[named.end :])
        return _wanted(named.text, of_provinces, True) if is_all else None
    behind = [place for place in places if place.start > start]
    if any(place.kind != "province" for place in behind):
        return None
    cut = [at for at in (*(place.start for place in behind), *periods) if at >= start]
    phrase = text[start : min(cut, default=len(text))]
    for ending in (_CLOSING, _LED_TO):
        if found := ending.search(fold(canonical(phrase))):
            phrase = phrase[: found.start()]
    return None if _JOINED.search(fold(canonical(phrase))) else _wanted(phrase, of_provinces)


def _wanted(phrase: str, of_provinces: bool, names_place: bool = False) -> Wanted | None:
    is_phrase = 0 < len(words(phrase)) <= _LONGEST_PHRASE
    return Wanted(phrase.strip(), of_provinces, names_place) if is_phrase else None


def count_articles(
    index: SearchedIndex, query: Query, wanted: Wanted, given: Filters, wording: Words
) -> Counted:
    """Over the articles that pass what was given and what the question says of them.

    Args:
        given: by the asker, beside the question.
        wording: in the reader's language.
    """
    filters = given if wanted.names_place else given.over(_said(query))
    origins = index.records.origins_passing(filters)
    scope = (wording.CHOSEN_FILTERS,) if given else ()
    if not wanted.names_place:
        said = wording.conditions(query.provinces, query.filters.sources, query.periods)
        scope = (*said, *scope)
    if wanted.phrase is not None:
        return _count_phrase(index, query, wanted, wanted.phrase, origins, scope, wording)
    if wanted.of_provinces:
        provinces = Counter(origin.province for origin in origins.values())
        unknown = provinces.pop(None, 0)
        named = {name: provinces[name] for name in sorted(filter(None, provinces))}
        return Counted(wording.held_of_provinces(named, unknown), (), len(named))
    newest = sorted(origins, key=lambda n: (origins[n].date or datetime.date.min, n), reverse=True)
    articles = [index.records.article(number) for number in newest[:MOST_SENTENCES]]
    shown = [sentence for article in articles for sentence in opening_sentence(article)]
    text = wording.held(len(origins), scope)
    text = _with_note(text, len(shown), len(origins), wording)
    return Counted(text, tuple(shown), len(origins))


def _count_phrase(
    index: SearchedIndex,
    query: Query,
    wanted: Wanted,
    phrase: str,
    origins: Mapping[int, Origin],
    scope: Sequence[str],
    wording: Words,
) -> Counted:
    forms = _forms(query, phrase)
    numbers = {row for form in forms for row in index.sparse_articles.holding(form)}
    articles = [index.records.article(number) for number in sorted(numbers & origins.keys())]
    articles = [a for a in articles if _holds(f"{a.title}\n{a.text}", forms)]
    articles.sort(key=lambda a: (a.date or datetime.date.min, a.id), reverse=True)
    provinces = sorted({article.province for article in articles if article.province})
    # An abbreviation that was counted too is named.
    others = [f for f in forms[1:] if any(_holds(f"{a.title}\n{a.text}", [f]) for a in articles)]
    phrase = wording.either([phrase, *others])
    text = (
        wording.mentioned_in_provinces(phrase, provinces, len(origins), scope)
        if wanted.of_provinces and articles
        else wording.mentioned(phrase, len(articles), len(origins), scope)
    )
    shown = [s for article in articles[:MOST_SENTENCES] for s in _first_with(article, forms)]
    text = _with_note(text, len(shown), len(articles), wording)
    return Counted(text, tuple(shown), len(articles))


def _said(query: Query) -> Filters:
    """What the question says of the articles; here its places and its period are meant so too."""
    first, last = next(((p.first, p.last) for p in query.periods), (None, None))
    places = tuple(query.reached)
    return query.filters.over(Filters(places, (), first, last, tuple(query.successors)))


def _with_note(text: str, shown: int, of: int, wording: Words) -> str:
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
