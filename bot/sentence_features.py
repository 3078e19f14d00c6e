"""What is known of each sentence that may answer: the same numbers when fitting and answering."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from bot.candidates import CLOSERS
from bot.question_terms import QuestionTerms, share
from retrieval.interviews import exchanges
from retrieval.schema import Article, Hit, SentenceScore
from retrieval.text import canonical, sentences

Matrix = npt.NDArray[np.float64]


class Features(NamedTuple):
    """What is known of one sentence of one hit; every value lies about in [0, 1].

    "Share" is the part of the question's terms, by weight, that occurs there. "Telling" weighs
    them anew by how few sentences of the article have them: what its subject is, all of them say.
    """

    syllable_share: float
    pair_share: float
    telling_syllables: float
    telling_pairs: float
    share_with_before: float
    passage_pair_share: float
    cosine: float
    cosine_before: float
    cosine_after: float
    cosine_place: float
    telling_place: float
    fused_score: float
    # Where the question's subject stands: an answer stands beside it, and it stands together.
    words_before_subject: float
    words_after_subject: float
    density_of_subject: float
    leading_words: float
    is_first_of_article: float
    depth_in_article: float
    is_question: float
    # What the kind of question wants.
    holds_kind: float
    lacks_kind: float
    enumerates: float
    brings_no_number: float
    counts_the_noun: float
    names_for_where: float
    person_for_who: float
    day_for_when: float
    cause_for_why: float
    use_for_what_for: float
    finding_for_result: float
    span_for_how_long: float


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of a hit, with its words as they are compared.

    Attributes:
        number: its place in the hit's passage.
    """

    hit: Hit
    number: int
    score: SentenceScore
    words: list[str]

    @property
    def text(self) -> str:
        return self.hit.article.text[self.score.start : self.score.end]


# How a question asks -> what a sentence that answers it has. Canonical spelling.
_CUES = [
    (re.compile(asked), re.compile(held))
    for asked, held in (
        (
            r"\bai\b|\b(?:người|bác sĩ|đồng chí|ông|bà) nào\b",
            r"\b(?:ông|bà|anh|chị|cô|đồng chí|bác sĩ|giáo sư|tiến sĩ|chuyên gia|đại diện"
            r"|chủ tịch|bí thư|giám đốc|tác giả|nhà nghiên cứu|bệnh nhân|người)\b",
        ),
        (
            r"\bkhi nào\b|\b(?:năm|ngày|thời gian|lúc|tháng|thời điểm) nào\b|\bbao giờ\b",
            r"\d/\d|\bnăm \d{4}|\btháng \d|\bngày \d|\d{4}",
        ),
        (
            r"\b(?:vì|tại|do) (?:sao|đâu)\b|\bnguyên nhân\b|\blý do\b|\bsao\b",
            r"\b(?:do|vì|bởi|nguyên nhân|khiến|nên|gây|dẫn đến|nhờ|giúp)\b",
        ),
        (
            r"\b(?:tác dụng|lợi ích|công dụng|ích lợi|vai trò|mục đích|để làm gì|nhằm)\b",
            r"\b(?:giúp|để|nhằm|tăng|giảm|ngăn|phòng|tốt cho|hỗ trợ)\b",
        ),
        (
            r"\b(?:kết quả|kết luận|phát hiện|cho thấy|cho biết)\b",
            r"\b(?:kết quả|cho thấy|phát hiện|kết luận|cho biết|nhận thấy|chỉ ra)\b",
        ),
        (
            r"\bbao lâu\b|\b(?:mấy|bao nhiêu) (?:ngày|giờ|tháng|năm|phút|tuần)\b",
            r"(?:\d[\d.,-]*|\b(?:một|hai|ba|vài|nhiều|nửa))"
            r" (?:ngày|giờ|tháng|năm|phút|tuần|tiếng)\b",
        ),
    )
]
_WHERE = re.compile(r"\bở đâu|\btại đâu|\bđâu\b|\b(?:nơi|nước|bệnh viện|địa phương|tỉnh|xã) nào\b")
_NAME = re.compile(r'(?<![.!?"“] )(?<!^)\b[A-ZĐ]\w+')
_COUNTED = re.compile(r"\b(?:bao nhiêu|mấy) (\w+)")
_NUMBER = re.compile(r"\d+")
_ENUMERATION = re.compile(r";|,.*,|\bnhư\b|\bgồm\b")

# Cosines of this model lie between .80 and .92; the others are lengths in syllables or characters.
_MIDDLE_COSINE, COSINE_SPREAD = 0.85, 0.1
_FAR = 15
_HEAVY = 0.3  # of the heaviest term's weight: such a syllable belongs to the subject
_MANY_NAMES = 3


class SentenceReader:
    """Reads the sentences of some hits for one question.

    Attributes:
        sentences: of all the hits, in their order.
    """

    def __init__(self, terms: QuestionTerms, hits: Sequence[Hit]) -> None:
        self._terms = terms
        self.sentences = [
            Sentence(hit, number, score, terms.words(hit.article.text[score.start : score.end]))
            for hit in hits
            for number, score in enumerate(scored_sentences(hit))
        ]
        self._telling = self._telling_terms()
        self._asked = [bool(asked.search(terms.plain)) for asked, _ in _CUES]
        self._asks_where = bool(_WHERE.search(terms.plain))
        counted = _COUNTED.search(terms.plain)
        self._counts = (
            re.compile(rf"\d[\d.,]*(?: \w+)? {re.escape(counted[1])}\b") if counted else None
        )
        heaviest = max(terms.syllables.values(), default=0.0)
        self._subject = {w for w, n in terms.syllables.items() if n > _HEAVY * heaviest}

    def _telling_terms(self) -> dict[str, tuple[dict[str, float], dict[tuple[str, str], float]]]:
        """Article -> the question's syllables and pairs that it has, with their weights there."""
        words: dict[str, Counter[str]] = {}
        pairs: dict[str, Counter[tuple[str, str]]] = {}
        counts: Counter[str] = Counter()
        for sentence in self.sentences:
            article = sentence.hit.article.id
            counts[article] += 1
            words.setdefault(article, Counter()).update(
                self._terms.syllables.keys() & sentence.words
            )
            pairs.setdefault(article, Counter()).update(
                self._terms.pairs.keys() & set(pairwise(sentence.words))
            )
        return {
            article: (
                {w: self._terms.syllables[w] * _rarity(n, of) for w, n in words[article].items()},
                {p: self._terms.pairs[p] * _rarity(n, of) for p, n in pairs[article].items()},
            )
            for article, of in counts.items()
        }

    def matrix(self) -> Matrix:
        """`(sentences, features)`, in the order of `Features`."""
        if not self.sentences:
            return np.zeros((0, len(Features._fields)))
        passages: dict[str, float] = {}
        rows = []
        for place, sentence in enumerate(self.sentences):
            passage = sentence.hit.passage.id
            if passage not in passages:
                passages[passage] = self._terms.pair_share(self._everything(sentence.hit))
            before = self.sentences[place - 1] if sentence.number else None
            after = self.sentences[place + 1] if place + 1 < len(self.sentences) else None
            if after and not after.number:
                after = None
            rows.append(self._features(sentence, before, after, passages[passage]))
        matrix = np.array(rows)
        for name, of in (("cosine_place", "cosine"), ("telling_place", "telling_syllables")):
            fields = Features._fields
            matrix[:, fields.index(name)] = _places(matrix[:, fields.index(of)])
        return matrix

    def _everything(self, hit: Hit) -> list[str]:
        """The words of a passage with those of its title, its label and its interviewer."""
        words = self._terms.words(f"{hit.article.title} {hit.article.label}")
        words += self._terms.words(_interviewer(hit.article, hit.passage.start))
        return words + [w for s in self.sentences if s.hit is hit for w in s.words]

    def _features(
        self,
        sentence: Sentence,
        before: Sentence | None,
        after: Sentence | None,
        passage_pair_share: float,
    ) -> Features:
        terms, words, text = self._terms, sentence.words, sentence.text
        found, pairs = set(words), set(pairwise(words))
        syllables, telling_pairs = self._telling[sentence.hit.article.id]
        around = found.union(before.words if before else ())
        around.update(terms.words(_interviewer(sentence.hit.article, sentence.score.start)))
        plain = canonical(text)
        return Features(
            syllable_share=share(terms.syllables, found),
            pair_share=share(terms.pairs, pairs),
            telling_syllables=share(syllables, found),
            telling_pairs=share(telling_pairs, pairs),
            share_with_before=share(terms.syllables, around),
            passage_pair_share=passage_pair_share,
            cosine=scaled_cosine(sentence.score.cosine),
            cosine_before=scaled_cosine((before or sentence).score.cosine),
            cosine_after=scaled_cosine((after or sentence).score.cosine),
            cosine_place=0.0,
            telling_place=0.0,
            fused_score=sentence.hit.fused + sum(sentence.hit.bonuses.values()),
            **_position(words, self._subject, set(terms.syllables)),
            leading_words=sum(word in found for word in terms.leading) / 2,
            is_first_of_article=float(sentence.score.start == 0),
            depth_in_article=math.log1p(sentence.score.start) / 8,
            is_question=float(text.rstrip(CLOSERS).endswith("?")),
            **self._of_kind(text, plain),
        )

    def _of_kind(self, text: str, plain: str) -> dict[str, float]:
        """The features that depend on what is asked for."""
        kind = self._terms.kind
        holds = kind is not None and kind.holds(text)
        counts = kind is not None and kind.is_count
        numbers = counts and any(n not in self._terms.plain for n in _NUMBER.findall(plain))
        names = min(len(_NAME.findall(text)), _MANY_NAMES) if self._asks_where else 0
        held = [
            float(asked and bool(pattern.search(plain)))
            for asked, (_, pattern) in zip(self._asked, _CUES, strict=True)
        ]
        return {
            "holds_kind": float(holds),
            "lacks_kind": float(kind is not None and not holds),
            "enumerates": float(bool(kind and kind.is_list and _ENUMERATION.search(plain))),
            "brings_no_number": float(counts and not numbers),
            "counts_the_noun": float(bool(counts and self._counts and self._counts.search(plain))),
            "names_for_where": names / _MANY_NAMES,
            **dict(zip(Features._fields[-len(_CUES) :], held, strict=True)),
        }


def scored_sentences(hit: Hit) -> tuple[SentenceScore, ...]:
    """The hit's sentences; each as near as its passage where the searcher did not say."""
    return hit.sentences or tuple(
        SentenceScore(span.start, span.end, hit.dense_score)
        for span in sentences(hit.article.text, hit.passage.start, hit.passage.end)
    )


def _position(words: Sequence[str], subject: set[str], asked: set[str]) -> dict[str, float]:
    """Where the question's subject stands in a sentence."""
    places = [place for place, word in enumerate(words) if word in subject]
    if not places:
        return {
            "words_before_subject": min(len(words), _FAR) / _FAR,
            "words_after_subject": 0.0,
            "density_of_subject": 0.0,
        }
    first, last = places[0], places[-1]
    return {
        "words_before_subject": min(first, _FAR) / _FAR,
        "words_after_subject": min(len(words) - 1 - last, _FAR) / _FAR,
        "density_of_subject": sum(w in asked for w in words[first : last + 1]) / (last + 1 - first),
    }


def _rarity(count: int, of: int) -> float:
    return math.log((of + 1) / (count + 0.5))


def scaled_cosine(cosine: float) -> float:
    """About in [-0.5, 0.7]; cosines of this model lie close together."""
    return (cosine - _MIDDLE_COSINE) / COSINE_SPREAD


def _places(values: Matrix) -> Matrix:
    """1, 1/2, 1/3 … for the highest, the next, …; equal ones in their order."""
    places = np.empty(len(values))
    places[np.argsort(-values, kind="stable")] = 1 / np.arange(1, len(values) + 1)
    return places


def _interviewer(article: Article, start: int) -> str:
    """The interviewer's question that a sentence answers, or nothing."""
    for exchange in exchanges(article.text):
        if exchange.question.end <= start < exchange.end:
            return article.text[exchange.question.start : exchange.question.end]
    return ""
