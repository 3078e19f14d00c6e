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
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple, TypeVar

from retrieval.gazetteer import load
from retrieval.schema import Article, Hit, Query
from retrieval.text import Span, canonical, fold, sentences, syllables

_Term = TypeVar("_Term", str, tuple[str, str])

# term -> how much it says: its inverse document frequency in this archive.
TermWeight = Callable[[str], float]

MOST_SENTENCES = 4
PASSAGES_READ = 5

# Syllables that carry the question's form rather than its subject.
_FORM = frozenset(
    "là gì nào bao nhiêu mấy ai đâu khi thế sao tại vì có không được những các của và ở trong "
    "cho về với đã đang sẽ này đó một để từ theo do bị ra vào thì mà như hay hoặc nhằm đến tới "
    "bởi cũng rằng ạ à nhỉ vậy xin hỏi biết thưa hãy".split()
)
_FORM_FOLDED = frozenset(fold(syllable) for syllable in _FORM)
_FORM_WEIGHT = 0.15


class Kind(NamedTuple):
    """A kind of question: how it is asked, and what its answer holds."""

    asked: re.Pattern[str]
    held: re.Pattern[str]


_KINDS = (
    # bao nhiêu
    Kind(
        re.compile(r"\b(bao nhieu|may|ty le|ti le|bao lau|bao xa|so luong)\b"),
        re.compile(r"\d|\b(mot|hai|ba|bon|nam|sau|bay|tam|chin|muoi|nua|tram|nghin)\b"),
    ),
    # khi nào
    Kind(
        re.compile(r"\b(khi nao|(ngay|nam|thang|thoi gian|luc|thoi diem) nao|bao gio)\b"),
        re.compile(r"\d{1,2}[/-]\d|\b(ngay|thang|nam|tuan|gio|sang|chieu|toi) \d|\b(19|20)\d\d\b"),
    ),
    # ai
    Kind(
        re.compile(r"\bai\b|\b(nguoi|dong chi|ong|ba|lanh dao|bac si) nao\b"),
        re.compile(r"\b(dong chi|ong|ba|anh|chi|bac si|giao su|tien si|chu tich|bi thu|truong)\b"),
    ),
    # những ... nào: the whole list
    Kind(
        re.compile(r"\b(nhung|cac) .*\b(nao|gi)\b|\b(han che|nhiem vu|giai phap|ket qua) .*\bgi\b"),
        re.compile(r";|,.*,|\bnhu:|\bgom\b|\bmot so\b"),
    ),
)


class Features(NamedTuple):
    """What is known of one sentence of one hit; every value lies about in [0, 1].

    "Share" is the part of the question's terms, by weight, that occurs there.
    """

    syllable_share: float
    pair_share: float
    share_before: float
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


# Fitted pairwise (right sentence against wrong one) and, for the confidence, on the first
# sentence alone (article in the archive against article taken out).
_SCORE_WEIGHTS = Features(4.5, 2.6, 1.6, 0.8, 2.0, 1.0, 0.8, 1.7, 1.0, 0.0, -1.5, 2.0, 0.5)
_CONFIDENCE_WEIGHTS = Features(1.0, 1.0, 0.0, 0.0, 3.0, 2.0, 0.0, 0.0, 0.5, -0.5, -0.5, 0.0, 1.0)
_CONFIDENCE_BIAS = -4.0

# Below this confidence the articles are said not to answer.
ENOUGH = 0.5

# A further sentence is shown when it scores this close to the best one.
_CLOSE = 2.0


@dataclass(frozen=True, slots=True)
class Candidate:
    """A sentence that may answer.

    Attributes:
        start, end: `article.text[start:end]` is the sentence.
        score: the higher the better; only differences mean something.
        confidence: estimated chance, in [0, 1], that the archive answers the question,
            judged by this sentence.
    """

    article: Article
    start: int
    end: int
    score: float
    confidence: float

    @property
    def text(self) -> str:
        return self.article.text[self.start : self.end]


def select_sentences(query: Query, hits: Sequence[Hit], weigh: TermWeight) -> list[Candidate]:
    """One to four sentences that answer, in reading order; none where nothing does."""
    ranked = rank_sentences(query, hits, weigh)
    if not ranked or ranked[0].confidence < ENOUGH:
        return []
    best = ranked[0]
    chosen = [best]
    for candidate in ranked[1:]:
        if len(chosen) == MOST_SENTENCES or candidate.score < best.score - _CLOSE:
            break
        if all(candidate.text != other.text for other in chosen):
            chosen.append(candidate)
    order = {article: number for number, article in enumerate(c.article.id for c in chosen[::-1])}
    return sorted(chosen, key=lambda c: (-order[c.article.id], c.start))


def rank_sentences(query: Query, hits: Sequence[Hit], weigh: TermWeight) -> list[Candidate]:
    """The sentences of the best passages, best first.

    A passage that lacks a number of the question (a year, a decree) or is not about the
    province it names is no evidence, however similar it reads, and is left out.
    """
    terms = QuestionTerms(query.text, weigh)
    about = [hit for hit in hits if is_about(query, hit)][:PASSAGES_READ]
    candidates = [
        Candidate(
            hit.article,
            span.start,
            span.end,
            _dot(_SCORE_WEIGHTS, features),
            1 / (1 + math.exp(-_CONFIDENCE_BIAS - _dot(_CONFIDENCE_WEIGHTS, features))),
        )
        for hit in about
        for span, features in sentence_features(terms, hit)
    ]
    return sorted(candidates, key=lambda c: (-c.score, c.article.id, c.start))


def _dot(weights: Features, features: Features) -> float:
    return sum(weight * value for weight, value in zip(weights, features, strict=True))


class QuestionTerms:
    """A question's syllables and pairs, each with what it weighs."""

    def __init__(self, question: str, weigh: TermWeight) -> None:
        # Typed without any diacritics, it is compared with the text's folded form.
        self._is_folded = question == fold(question)
        form = _FORM_FOLDED if self._is_folded else _FORM
        words = [syllable.text for syllable in syllables(question)]
        importance = {word: _FORM_WEIGHT if word in form else 1.0 for word in words}
        self.syllables = {word: weigh(word) * importance[word] for word in words}
        self.pairs = {
            pair: weigh("_".join(pair)) * math.prod(importance[word] for word in pair)
            for pair in pairwise(words)
        }
        plain = fold(canonical(question))
        self.kind = next((kind for kind in _KINDS if kind.asked.search(plain)), None)

    def words(self, text: str) -> list[str]:
        """A text's syllables in the form in which they are compared."""
        return [word.text for word in syllables(fold(text) if self._is_folded else text)]

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
    header = terms.words(f"{hit.article.title} {hit.article.label}")
    everything = [*header, *(word for sentence in words for word in sentence)]
    passage_shares = terms.syllable_share(everything), terms.pair_share(everything)
    rows = []
    for number, span in enumerate(spans):
        sentence = text[span.start : span.end]
        holds = bool(terms.kind and terms.kind.held.search(fold(canonical(sentence))))
        features = Features(
            syllable_share=shares[number],
            pair_share=terms.pair_share(words[number]),
            share_before=shares[number - 1] if number else 0.0,
            share_after=shares[number + 1] if number + 1 < len(spans) else 0.0,
            passage_syllable_share=passage_shares[0],
            passage_pair_share=passage_shares[1],
            is_best_of_passage=float(shares[number] == max(shares)),
            length=min(len(words[number]), 12) / 12,
            holds_kind=float(holds),
            lacks_kind=float(terms.kind is not None and not holds),
            is_question=float(sentence.rstrip("”\"’') ").endswith("?")),
            fused_score=hit.score,
            cosine=(hit.dense_score - 0.8) * 10,
        )
        rows.append((span, features))
    return rows


def is_about(query: Query, hit: Hit) -> bool:
    """Whether the hit can be evidence: every number and a province of the question is there."""
    article = hit.article
    day = article.date
    dated = f"{day:%d/%m/%Y} {day.day}/{day.month} {day.month}/{day.year} {day.year}" if day else ""
    around = f"{article.title} {dated} {hit.passage.text}"
    present = {number.lstrip("0") for number in re.findall(r"\d+", around)}
    wanted = {number.lstrip("0") for number in re.findall(r"\d+", query.text)}
    if not wanted <= present:
        return False
    places = {article.province, *_provinces_in(f"{article.title}. {hit.passage.text}")}
    return not query.provinces or not places.isdisjoint(query.provinces)


def _provinces_in(text: str) -> set[str]:
    return {name for mention in load().find_places(text) for name in mention.names}
