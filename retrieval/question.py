"""What a person typed -> what is searched for."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import cache

from retrieval.errors import QuestionError
from retrieval.gazetteer import load
from retrieval.schema import Filters, Query
from retrieval.text import canonical, fold, normalise, squeeze, syllables

# Characters. Longer texts take the encoder seconds to minutes; nobody asks in 1,000.
LONGEST_QUESTION = 1_000

# Openings by which a question leans on the one before it, without diacritics.
_CONTINUES = re.compile(r"^(the )?(con|vay|the|roi|tai|o|va|hay)\b.*\b(thi sao|the nao|sao)$|^con ")
_SHORT = 4

# Without diacritics these are common words too (hòa bình, diễn biến, huệ, giá lại), so they
# are places only behind a word that announces one.
_COMMON_WORDS = frozenset({"hoa binh", "dien bien", "hue", "gia lai"})
# "tin Bắc Kạn", "các bài của Bắc Kạn", "báo Bắc Kạn đưa tin": said of the articles themselves.
_OF_ARTICLES = re.compile(
    r"\b(?:tin|tin tuc|bao|bai bao|bai viet|cac bai) (?:(?:cua|o|tai|tu|dia phuong|tinh) )*"
    r"(?:" + "|".join(sorted(fold(canonical(p.name)) for p in load().provinces)) + r")\b"
)
_NO_PLACES = re.compile(r"\b(?:thai binh duong|ha nam ninh)\b")
_PLACE_WORD = r"(?:tinh|tp|thanh pho|o|tai|cua)\W+"


def understand(
    question: str, history: Sequence[str] = (), restore: Callable[[str], str] = str
) -> Query:
    """The question in one spelling; after an earlier one, made whole by it where it is not.

    Args:
        question: as typed, at most 1,000 characters.
        history: the earlier questions of the conversation, oldest first.
        restore: puts the marks back into a text that was typed without.

    Raises:
        QuestionError: empty, without any word, or too long.
    """
    if len(question) > LONGEST_QUESTION:
        raise QuestionError(
            "too_long",
            f"the question has {len(question)} characters; at most {LONGEST_QUESTION} are accepted",
        )
    text = squeeze(normalise(question))
    if not text:
        raise QuestionError("empty", "the question is empty")
    words = syllables(text)
    if not words:
        raise QuestionError("no_words", "the question contains no word or number")
    if not (history and _leans_on_history(text, len(words))):
        return _with_places(question, text, text, restore)
    earlier = squeeze(normalise(history[-1]))[:LONGEST_QUESTION]
    named = text if provinces_named(text) else earlier
    return _with_places(question, f"{earlier} {text}", named, restore)


def _with_places(question: str, text: str, named: str, restore: Callable[[str], str]) -> Query:
    """The query, with the provinces that `named` names."""
    places = provinces_named(named)
    reached = tuple(dict.fromkeys(n for place in places for n in load().predecessors(place)))
    of_articles = places if _OF_ARTICLES.search(fold(canonical(named))) else ()
    filters = Filters(provinces=reached if of_articles else ())
    return Query(question, text, restore(text), places, reached, filters)


def provinces_named(text: str) -> tuple[str, ...]:
    """The provinces that a question names, in their standard spelling, each once."""
    places = load()
    if text == fold(text):
        plain = _NO_PLACES.sub(" ", canonical(text))
        names = (name for name, pattern in _folded_provinces() if pattern.search(plain))
    else:
        mentions = (m for m in places.find_places(text) if m.kind == "province")
        names = (name for mention in mentions for name in mention.names)
    return tuple(dict.fromkeys(names))


@cache
def _folded_provinces() -> tuple[tuple[str, re.Pattern[str]], ...]:
    """Each province with the pattern of its name as it is typed without diacritics."""
    patterns = []
    for province in load().provinces:
        name = r"\W+".join(word.text for word in syllables(fold(province.name)))
        before = _PLACE_WORD if name.replace(r"\W+", " ") in _COMMON_WORDS else ""
        patterns.append((province.name, re.compile(rf"\b{before}{name}\b")))
    return tuple(patterns)


def _leans_on_history(text: str, length: int) -> bool:
    plain = fold(canonical(text)).rstrip("?!. ")
    return length <= _SHORT or bool(_CONTINUES.match(plain))
