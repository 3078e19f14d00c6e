"""The first candidates looked at closely: what each holds of the question, and where.

Fusion ranks hundreds of candidates by two numbers each. Of the first ones it is worth while to
read the words: whether two sentences beside each other hold what is asked, whether a name or
a number of the question is there at all. A linear model over these parts decides the order.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence, Set
from itertools import pairwise
from math import fsum
from typing import NamedTuple

from retrieval.halves import DenseHalf, SparseHalf
from retrieval.schema import Expansion, Parts, Query
from retrieval.searcher import SearchedIndex
from retrieval.text import fold, syllables, words

# Candidates that are looked at: nDCG@10 among 5,500 articles .854 for 10 of them, .857 for 20, .858
# for 50 and for 80.
DEPTH = 50

_LENGTH = 200  # syllables of a long passage


# `python -m benchmarks.fit_reranking SET ...` prints them; differences are log odds.
WEIGHTS = Parts(
    sentence=6.44,
    passage=2.34,
    article=2.90,
    words=5.19,
    pairs=6.73,
    names=0.90,
    capitals=4.53,
    numbers=1.41,
    length=-2.35,
)
# Log odds in one unit of the fused score, fitted in the same way with that alone: so the bonuses
# of place and period weigh beside the reranked score what they weigh beside the fused one.
_ODDS = 17.0


def reranked(parts: Mapping[int, Parts]) -> dict[int, float]:
    """Row -> score, 1 for the best; below 0 for what is hardly worth showing beside it."""
    odds = {
        row: sum(w * p for w, p in zip(WEIGHTS, one, strict=True)) for row, one in parts.items()
    }
    best = max(odds.values(), default=0.0)
    return {row: 1.0 - (best - value) / _ODDS for row, value in odds.items()}


def parts_of(
    index: SearchedIndex,
    query: Query,
    rows: Sequence[int],
    dense: DenseHalf,
    sparse: SparseHalf,
    spread: float,
) -> dict[int, Parts]:
    """
    Args:
        rows: candidates, of both halves.
        spread: see `Encoder.cosine_spread`.
    """
    wanted = _Wanted(index, query)
    nearest, whole = max(dense.nearest.values()), max(dense.whole.values())
    article = max(sparse.articles.values(), default=0.0) or 1.0
    return {
        row: Parts(
            (dense.nearest[row] - nearest) / spread,
            (dense.whole[row] - whole) / spread,
            sparse.articles.get(row, 0.0) / article,
            *wanted.held_by(sentences),
        )
        for row, sentences in zip(rows, index.records.words(rows), strict=True)
    }


class _Form(NamedTuple):
    """One of the forms of an abbreviation, and the words and pairs of the question's own form."""

    text: str
    words: set[str]
    pairs: set[tuple[str, str]]


class _Wanted:
    """The words of a question, as they are looked for in passages."""

    def __init__(self, index: SearchedIndex, query: Query) -> None:
        # Typed without any mark, its letters are surer than the marks that were restored: nDCG@10
        # on ViNewsQA dev .880 instead of .878.
        self._spelled: Callable[[str], str] = fold if query.is_folded else str
        text = self._spelled(query.written_out)
        spoken = words(text)
        pairs = {pair: "_".join(pair) for pair in pairwise(spoken)}
        weights = index.searcher.weights([*spoken, *pairs.values()])
        self._words = {word: weights[word] for word in spoken}
        self._pairs = {pair: weights[term] for pair, term in pairs.items()}
        # As they stand between spaces: looked for in each sentence of each candidate.
        self._capitals = {
            word: (f" {word.capitalize()} ", f" {word.upper()} ") for word in self._words
        }
        self._begun: dict[str, list[tuple[str, str]]] = {}
        for pair in self._pairs:
            self._begun.setdefault(pair[0], []).append(pair)
        self._forms = [form for expansion in query.expansions for form in self._forms_of(expansion)]
        self._all_words = sum(self._words.values()) or 1.0
        self._all_pairs = sum(self._pairs.values()) or 1.0
        # The archive's spelling has capitals for names; the first word has one for its place.
        others = syllables(text)[1:]
        self._names = {word.text for word in others if text[word.start].isupper()}
        self._numbers = {word for word in spoken if word[0].isdigit()}

    def _forms_of(self, expansion: Expansion) -> list[_Form]:
        """Where a passage has another form of an abbreviation, it holds what is asked of it."""
        spelled = map(self._spelled, (expansion.text, expansion.short, *expansion.long))
        forms = [words(form) for form in dict.fromkeys(spelled)]
        asked = [form for form in forms if self._words.keys() >= set(form)]
        own = {word for form in asked for word in form}
        pairs = {pair for form in asked for pair in pairwise(form)} & self._pairs.keys()
        return [_Form(" ".join(form), own, pairs) for form in forms]

    def held_by(self, sentences: Sequence[str]) -> tuple[float, float, float, float, float, float]:
        """`words`, `pairs`, `names`, `capitals`, `numbers` and `length` of `Parts`.

        Args:
            sentences: of a passage, as `Records.words` has them.
        """
        held: list[set[str]] = []
        capitals: set[str] = set()
        pairs, length = 0.0, 0
        spelled = self._spelled("\n".join(sentences))
        # One text is put in small letters in a third of the time that its sentences take.
        for sentence, plain in zip(spelled.split("\n"), spelled.lower().split("\n"), strict=True):
            spoken = plain.split(" ")
            length += len(spoken)
            found = self._words.keys() & spoken
            beside = f" {plain} "
            forms = [form for form in self._forms if f" {form.text} " in beside]
            paired = {
                pair
                for word in found
                for pair in self._begun.get(word, ())
                if pair[1] in found and f" {word} {pair[1]} " in beside
            }
            # Between spaces: the capital of a sentence's first word tells nothing.
            within = f"{sentence} "
            found.update(*(form.words for form in forms))
            paired.update(*(form.pairs for form in forms))
            for word in found - capitals:
                capital, capitals_only = self._capitals[word]
                if capital in within or capitals_only in within:
                    capitals.add(word)
            held.append(found)
            pairs = max(pairs, fsum(map(self._pairs.__getitem__, paired)))
        both = [a | b for a, b in pairwise(held)] or held
        there = set[str]().union(*held)
        return (
            max(map(self._share, both), default=0.0),
            pairs / self._all_pairs,
            _part(self._names, there),
            self._share(capitals),
            _part(self._numbers, there),
            length / _LENGTH,
        )

    def _share(self, held: Set[str]) -> float:
        # `fsum`, as the order of a set differs from one process to the next.
        return fsum(map(self._words.__getitem__, held)) / self._all_words


def _part(wanted: Set[str], held: Set[str]) -> float:
    return len(wanted & held) / len(wanted) if wanted else 0.0
