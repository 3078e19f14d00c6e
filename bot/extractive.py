"""The sentences that answer, out of the passages that were found. No LLM.

Every sentence of the best passages is scored by what it shares with the question, by its
neighbours, and by whether it holds the kind of thing that is asked for. How well the best
one fits decides whether there is an answer at all.

Both sets of weights were fitted on ViNewsQA's development questions; the commands and
figures are in `benchmarks/README.md`.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import islice, pairwise
from typing import NamedTuple, TypeVar

from bot.candidates import CLOSERS, MOST_ITEMS, MOST_SENTENCES, Candidate, complete, opening_end
from bot.demands import Demands
from bot.evidence import (
    asks_role,
    can_answer,
    is_about,
    is_of_another_period,
    question_kind,
    without_places,
)
from retrieval.interviews import exchanges
from retrieval.schema import Expansion, Hit, Query
from retrieval.text import Span, canonical, fold, sentences, syllables

_Term = TypeVar("_Term", str, tuple[str, str])

# term -> how much it says: its inverse document frequency in this archive.
TermWeight = Callable[[str], float]

PASSAGES_READ = 5

# Syllables that carry the question's form rather than its subject.
_FORM = frozenset(
    "là gì nào bao nhiêu mấy ai đâu khi thế sao tại vì có không được những các của và ở "
    "trong cho về với đã đang sẽ này đó một để từ theo do bị ra vào thì mà như hay hoặc "
    "nhằm đến tới bởi cũng rằng ạ à nhỉ vậy xin hỏi biết thưa hãy".split()
)
_FORM_FOLDED = frozenset(fold(syllable) for syllable in _FORM)
_FORM_WEIGHT = 0.15


class Features(NamedTuple):
    """What is known of one sentence of one hit; every value lies about in [0, 1].

    "Share" is the part of the question's terms, by weight, that occurs there.
    """

    syllable_share: float
    pair_share: float
    share_with_before: float
    share_after: float
    passage_syllable_share: float
    passage_pair_share: float
    is_best_of_passage: float
    length: float
    holds_kind: float
    lacks_kind: float
    is_question: float
    fused_score: float
    cosine: float


# `benchmarks/fit_extractive.py` prints these: pairwise for the score (right sentence against
# wrong one), and for the confidence on the first sentence alone (its article in the archive
# against taken out). Reported figures are from five folds by article.
_SCORE_WEIGHTS = Features(
    syllable_share=1.07,
    pair_share=3.05,
    share_with_before=3.00,
    share_after=0.69,
    passage_syllable_share=-1.16,
    passage_pair_share=-0.65,
    is_best_of_passage=0.22,
    length=1.39,
    holds_kind=0.48,
    lacks_kind=-0.48,
    is_question=-1.60,
    fused_score=9.10,
    cosine=-0.38,
)
_CONFIDENCE_WEIGHTS = Features(
    syllable_share=0.53,
    pair_share=0.58,
    share_with_before=1.72,
    share_after=-0.58,
    passage_syllable_share=1.29,
    passage_pair_share=0.92,
    is_best_of_passage=-0.16,
    length=0.04,
    holds_kind=0.14,
    lacks_kind=-0.15,
    is_question=0.00,
    fused_score=9.23,
    cosine=3.84,
)
_CONFIDENCE_BIAS = -13.85

# Below this confidence the articles are said not to answer. It refuses .94 of what an archive
# of 5 articles can not answer (.74 for 500) at .11 (.06) false refusals; a wrong answer costs
# more trust than a missing one.
ENOUGH = 0.4

# A further sentence is shown when it scores this close to the best one: 2.4 sentences on
# average, which hold the answer for .88 of the questions (.92 with 3.1 sentences).
_CLOSE = 2.0

# Share of a sentence's syllables that the ones before it contain.
_REPEATED = 0.9


def select_sentences(query: Query, hits: Sequence[Hit], weigh: TermWeight) -> list[Candidate]:
    """One to four sentences that answer, in reading order; none where nothing does.

    The best sentence comes with what it needs to be an answer (`_completed`); others are
    added that score nearly as high.
    """
    kind = question_kind(query.text)
    terms = QuestionTerms(query, weigh)
    demands = Demands(query, terms.words)
    close: list[Candidate] = []
    for candidate in rank_sentences(query, hits, terms, demands):
        if close and candidate.score < close[0].score - _CLOSE:
            break
        if (
            can_answer(query, kind, demands, candidate.text)
            and not demands.contradicted(candidate.text, _before(candidate))
            and demands.aspect_told(candidate.text, _before(candidate))
            and not is_of_another_period(query, candidate.article, candidate.text)
        ):
            close.append(candidate)
    if not close or (close[0].confidence < ENOUGH and not asks_role(query, kind, demands)):
        return []
    chosen: list[Candidate] = []
    for candidate in close:
        if len(chosen) >= MOST_SENTENCES:
            break
        whole = complete(candidate, kind)
        most = MOST_ITEMS if kind and kind.is_list and not chosen else MOST_SENTENCES
        for sentence in whole:
            if len(chosen) < most and not _is_repeated(sentence, chosen):
                chosen.append(sentence)
    first = {candidate.article.id: n for n, candidate in reversed(list(enumerate(chosen)))}
    return sorted(chosen, key=lambda c: (first[c.article.id], c.start))


def _before(candidate: Candidate) -> str:
    """The sentence before, in the same paragraph."""
    text = candidate.article.text
    line = text.rfind("\n", 0, candidate.start) + 1
    spans = sentences(text, line, candidate.start)
    return text[spans[-1].start : spans[-1].end] if spans else ""


def _is_repeated(sentence: Candidate, chosen: Sequence[Candidate]) -> bool:
    """Whether nearly every word was shown before: a photo's caption repeats its paragraph."""
    words = {word.text for word in syllables(sentence.text)}
    shown = {word.text for other in chosen for word in syllables(other.text)}
    return bool(chosen) and len(words & shown) >= _REPEATED * len(words)


def rank_sentences(
    query: Query, hits: Sequence[Hit], terms: QuestionTerms, demands: Demands
) -> list[Candidate]:
    """The sentences of the best passages, best first.

    A passage that does not name what the question names (a decree, an office, a person), or is
    of another province or time, is no evidence, however similar it reads, and is left out.
    """
    about = islice((hit for hit in hits if is_about(query, hit, demands)), PASSAGES_READ)
    candidates = [
        Candidate(
            hit.article,
            opening_end(hit.article.text, span),
            span.end,
            _dot(_SCORE_WEIGHTS, features),
            1 / (1 + math.exp(-_CONFIDENCE_BIAS - _dot(_CONFIDENCE_WEIGHTS, features))),
            hit.also,
        )
        for hit in about
        for span, features in sentence_features(terms, hit)
    ]
    return sorted(candidates, key=lambda c: (-c.score, c.article.id, c.start))


def _dot(weights: Features, features: Features) -> float:
    return sum(weight * value for weight, value in zip(weights, features, strict=True))


class QuestionTerms:
    """A question's syllables and pairs, each with what it weighs.

    The provinces it names are not among them: whether a passage is about those is decided
    before (`evidence.is_about`), and an article repeats its province in every other sentence.
    """

    def __init__(self, query: Query, weigh: TermWeight) -> None:
        # Typed without any diacritics, it is compared with the text's folded form.
        self._is_folded = query.text == fold(query.text)
        form = _FORM_FOLDED if self._is_folded else _FORM
        words = [syllable.text for syllable in syllables(without_places(query))]
        importance = {word: _FORM_WEIGHT if word in form else 1.0 for word in words}
        self.syllables = {word: weigh(word) * importance[word] for word in words}
        self.pairs = {
            pair: weigh("_".join(pair)) * math.prod(importance[word] for word in pair)
            for pair in pairwise(words)
        }
        self.kind = question_kind(query.text)
        self._as_typed = [
            (re.compile(rf"\b(?:{'|'.join(map(re.escape, forms))})\b"), self._spelled(e.text))
            for e in query.expansions
            if not e.is_ambiguous and (forms := self._other_forms(e))
        ]

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
        return [word.text for word in syllables(text)]

    def syllable_share(self, words: Iterable[str]) -> float:
        return _share(self.syllables, set(words))

    def pair_share(self, words: Sequence[str]) -> float:
        return _share(self.pairs, set(pairwise(words)))


def _share(weights: Mapping[_Term, float], found: set[_Term]) -> float:
    total = sum(weights.values())
    return sum(weight for term, weight in weights.items() if term in found) / total if total else 0


def sentence_features(terms: QuestionTerms, hit: Hit) -> list[tuple[Span, Features]]:
    """Each sentence of the hit's passage with its features, in reading order."""
    text = hit.article.text
    spans = sentences(text, hit.passage.start, hit.passage.end)
    words = [terms.words(text[span.start : span.end]) for span in spans]
    shares = [terms.syllable_share(sentence) for sentence in words]
    asked = [terms.words(_interviewer(text, span)) for span in spans]
    header = terms.words(f"{hit.article.title} {hit.article.label}")
    everything = [*header, *asked[0], *(word for sentence in words for word in sentence)]
    passage_shares = terms.syllable_share(everything), terms.pair_share(everything)
    rows = []
    for number, span in enumerate(spans):
        sentence = text[span.start : span.end]
        holds = terms.kind is not None and terms.kind.holds(sentence)
        features = Features(
            syllable_share=shares[number],
            pair_share=terms.pair_share(words[number]),
            share_with_before=terms.syllable_share(
                [*words[number], *(words[number - 1] if number else []), *asked[number]]
            ),
            share_after=shares[number + 1] if number + 1 < len(spans) else 0.0,
            passage_syllable_share=passage_shares[0],
            passage_pair_share=passage_shares[1],
            is_best_of_passage=float(shares[number] == max(shares)),
            length=min(len(words[number]), 12) / 12,
            holds_kind=float(holds),
            lacks_kind=float(terms.kind is not None and not holds),
            is_question=float(sentence.rstrip(CLOSERS).endswith("?")),
            fused_score=hit.score,
            cosine=(hit.dense_score - 0.8) * 10,
        )
        rows.append((span, features))
    return rows


def _interviewer(text: str, span: Span) -> str:
    """The interviewer's question that a sentence answers, or nothing."""
    for exchange in exchanges(text):
        if exchange.question.end <= span.start < exchange.end:
            return text[exchange.question.start : exchange.question.end]
    return ""


def evidence_of(query: Query, hits: Sequence[Hit]) -> list[Hit]:
    """The hits that may be evidence at all, best first, as many as are read."""
    demands = Demands(query, QuestionTerms(query, lambda _: 1.0).words)
    return list(islice((hit for hit in hits if is_about(query, hit, demands)), PASSAGES_READ))
