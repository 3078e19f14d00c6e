"""The sentences that answer, out of the passages that were found. No LLM.

Every sentence of the best passages is scored (`sentence_features`, `sentence_weights`), and how
far the best one's article stands out decides whether there is an answer at all
(`answerability`). Commands and figures are in `benchmarks/README.md`.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import islice

from bot.answerability import signs_of, with_scores
from bot.candidates import MOST_ITEMS, MOST_SENTENCES, Candidate, complete, opening_end
from bot.demands import Demands
from bot.evidence import is_about
from bot.kinds import Kind, announces_list, question_kind
from bot.period_evidence import is_of_another_period
from bot.question_terms import QuestionTerms, TermWeights, equal_weights
from bot.sentence_features import Sentence, SentenceReader
from bot.sentence_weights import confidences_of, scores_of
from bot.told import asks_role, can_answer
from retrieval.schema import Hit, Query
from retrieval.text import Span, sentences, syllables

PASSAGES_READ = 5

# Below this confidence the articles are said not to answer. Of few articles nearly each question
# has one that is far ahead of the others, so more is asked of it: .4 up to 10 articles, .2 from 500
# on, each with about .07 false refusals; benchmarks/README.md has the curve.
ENOUGH_OF_FEW, ENOUGH_OF_MANY = 0.4, 0.2
_FEW, _MANY = 10, 500


# Of that, where evidence was held to an office, a person, a body or a number by name.
_SPECIFIC_SHARE = 0.5


def enough(articles: int) -> float:
    """The confidence that an answer must have in an archive of so many articles."""
    size = min(max(articles, _FEW), _MANY)
    share = math.log(size / _FEW) / math.log(_MANY / _FEW)
    return ENOUGH_OF_FEW + share * (ENOUGH_OF_MANY - ENOUGH_OF_FEW)


# A further sentence is shown when it scores this close to the best one. Of an article that is
# given, 2.2 sentences on average hold the answer for .92 of the questions.
CLOSE = 3.0

# Share of a sentence's syllables that the ones before it contain.
_REPEATED = 0.9


def select_sentences(
    query: Query, hits: Sequence[Hit], weigh: TermWeights, articles: int
) -> list[Candidate]:
    """One to four sentences that answer, in reading order; none where nothing does.

    Args:
        articles: in the archive.

    The best sentence comes with what it needs to be an answer (`complete`); others are
    added that score nearly as high.
    """
    kind = question_kind(query.text)
    terms = QuestionTerms(query, weigh)
    demands = Demands(query, terms.words)
    wants_list = kind is not None and kind.is_list
    admissible: list[Candidate] = []
    for candidate in rank_sentences(query, hits, terms, demands):
        margin = _LIST_MARGIN if wants_list else CLOSE
        if admissible and candidate.score < admissible[0].score - margin:
            break
        if is_admissible(query, kind, demands, candidate):
            admissible.append(candidate)
    if not admissible:
        return []
    opening = _opening_of_list(query, admissible) if wants_list else None
    close = [opening] if opening else admissible
    close = [c for c in close if c.score >= close[0].score - CLOSE]
    wanted = enough(articles) * (_SPECIFIC_SHARE if demands.is_specific else 1.0)
    if close[0].confidence < wanted and not asks_role(query, kind, demands):
        return []
    chosen: list[Candidate] = []
    for candidate in close:
        if len(chosen) >= MOST_SENTENCES:
            break
        whole = complete(candidate, kind)
        most = MOST_ITEMS if wants_list and not chosen else MOST_SENTENCES
        for sentence in whole:
            if len(chosen) < most and not _is_repeated(sentence, chosen):
                chosen.append(sentence)
    first = {candidate.article.id: n for n, candidate in reversed(list(enumerate(chosen)))}
    return sorted(chosen, key=lambda c: (first[c.article.id], c.start))


# A sentence that opens the list asked for takes the place of one that only names what is listed,
# where that one is no further above it.
_LIST_MARGIN = 7.0


def _opening_of_list(query: Query, candidates: Sequence[Candidate]) -> Candidate | None:
    """The sentence of the best one's article that opens the list asked for, if it is another."""
    best = candidates[0]
    same = [c for c in candidates if c.article.id == best.article.id]
    opening = next((c for c in same if announces_list(query.text, c.text)), best)
    return opening if opening is not best else None


def is_admissible(query: Query, kind: Kind | None, demands: Demands, candidate: Candidate) -> bool:
    """Whether a sentence may be an answer, however well it fits."""
    return (
        can_answer(query, kind, demands, candidate.text)
        and not demands.contradicted(candidate.text, _before(candidate))
        and demands.aspect_told(candidate.text, _before(candidate))
        and not is_of_another_period(query, candidate.article, candidate.text)
    )


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
    """The sentences of the best passages, best first."""
    reader = SentenceReader(terms, evidence(query, hits, demands))
    matrix = reader.matrix()
    scores = scores_of(matrix)
    signs = with_scores(signs_of(terms, hits, reader.sentences, matrix), scores)
    confidences = confidences_of(signs)
    candidates = [
        candidate_of(sentence, score, confidence)
        for sentence, score, confidence in zip(
            reader.sentences, scores.tolist(), confidences.tolist(), strict=True
        )
    ]
    return sorted(candidates, key=lambda c: (-c.score, c.article.id, c.start))


def evidence(query: Query, hits: Sequence[Hit], demands: Demands) -> list[Hit]:
    """The hits that are read.

    A passage that does not name what the question names (a decree, an office, a person), or is
    of another province or time, is no evidence, however similar it reads, and is left out.
    """
    return list(islice((hit for hit in hits if is_about(query, hit, demands)), PASSAGES_READ))


def candidate_of(sentence: Sentence, score: float, confidence: float) -> Candidate:
    article, span = sentence.hit.article, Span(sentence.score.start, sentence.score.end)
    start = opening_end(article.text, span)
    return Candidate(article, start, span.end, score, confidence, sentence.hit.also)


def evidence_of(query: Query, hits: Sequence[Hit]) -> list[Hit]:
    """The hits that may be evidence at all, best first, as many as are read."""
    return evidence(query, hits, Demands(query, QuestionTerms(query, equal_weights).words))
