"""A question's words and what each weighs, compared with a text's in any spelling."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import pairwise
from typing import TypeVar

from bot.kinds import question_kind
from bot.told import without_places
from retrieval.schema import Expansion, Query
from retrieval.text import canonical, fold, syllables, words

_Term = TypeVar("_Term", str, tuple[str, str])

# term -> how much it says: its inverse document frequency in this archive.
# Terms -> what each weighs.
TermWeights = Callable[[Iterable[str]], Mapping[str, float]]

# Syllables that carry the question's form rather than its subject.
_FORM = frozenset(
    "là gì nào bao nhiêu mấy ai đâu khi thế sao tại vì có không được những các của và ở "
    "trong cho về với đã đang sẽ này đó một để từ theo do bị ra vào thì mà như hay hoặc "
    "nhằm đến tới bởi cũng rằng ạ à nhỉ vậy xin hỏi biết thưa hãy".split()
)
_FORM_FOLDED = frozenset(fold(syllable) for syllable in _FORM)
_FORM_WEIGHT = 0.15

# The word that asks; what stands before it often stands before the answer ("gồm những gì").
_ASKING = re.compile(r"\b(?:gì|nào|bao nhiêu|mấy|ai|đâu|sao|bao giờ|bao lâu|thế nào)\b")
_LEADING = 2


def equal_weights(terms: Iterable[str]) -> dict[str, float]:
    """Where only the words themselves matter."""
    return dict.fromkeys(terms, 1.0)


class QuestionTerms:
    """A question's syllables and pairs, each with what it weighs.

    The provinces it names are not among them: whether a passage is about those is decided
    before (`evidence.is_about`), and an article repeats its province in every other sentence.

    Attributes:
        plain: the question with its marks, in canonical spelling.
        leading: the two syllables before the word that asks.
    """

    def __init__(self, query: Query, weigh: TermWeights) -> None:
        # Typed without any diacritics, it is compared with the text's folded form.
        self._is_folded = query.is_folded
        form = _FORM_FOLDED if self._is_folded else _FORM
        self.in_order = [syllable.text for syllable in syllables(without_places(query))]
        importance = {word: _FORM_WEIGHT if word in form else 1.0 for word in self.in_order}
        pairs = {pair: "_".join(pair) for pair in pairwise(self.in_order)}
        weights = weigh([*self.in_order, *pairs.values()])
        self.syllables = {word: weights[word] * importance[word] for word in self.in_order}
        self.pairs = {
            pair: weights[term] * math.prod(importance[word] for word in pair)
            for pair, term in pairs.items()
        }
        self.kind = question_kind(query.text)
        self.plain = canonical(query.restored or query.text)
        self._as_typed = [
            (re.compile(rf"\b(?:{'|'.join(map(re.escape, forms))})\b"), self._spelled(e.text))
            for e in query.expansions
            if not e.is_ambiguous and (forms := self._other_forms(e))
        ]
        asking = _ASKING.search(self.plain)
        self.leading = self.words(self.plain[: asking.start()])[-_LEADING:] if asking else []

    def _spelled(self, text: str) -> str:
        return canonical(fold(text) if self._is_folded else text)

    def _other_forms(self, expansion: Expansion) -> list[str]:
        forms = {self._spelled(form) for form in (expansion.short, *expansion.long)}
        return sorted(forms - {self._spelled(expansion.text)})

    def words(self, text: str) -> list[str]:
        """A text's syllables in the form in which they are compared.

        An abbreviation is as good as its long form, whichever the question has.
        """
        text = self._spelled(text)
        for pattern, typed in self._as_typed:
            text = pattern.sub(typed, text)
        return words(text)

    def syllable_share(self, words: Iterable[str]) -> float:
        """The part of the question's syllables, by weight, that is among `words`."""
        return share(self.syllables, set(words))

    def pair_share(self, words: Sequence[str]) -> float:
        return share(self.pairs, set(pairwise(words)))


def share(weights: Mapping[_Term, float], found: set[_Term]) -> float:
    """The part of the whole weight that the found terms have."""
    total = sum(weights.values())
    return sum(weight for term, weight in weights.items() if term in found) / total if total else 0
