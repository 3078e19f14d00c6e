"""Weights of sentences, fitted on questions with known answers.

`python -m benchmarks.fit_extractive SET` prints this file's constants; the figures are in
`benchmarks/README.md`.
"""

from __future__ import annotations

import numpy as np

from bot.answerability import Signs
from bot.sentence_features import Features, Matrix

SCORE = Features(
    syllable_share=-4.208,
    pair_share=1.128,
    telling_syllables=2.404,
    telling_pairs=0.448,
    share_with_before=3.967,
    passage_pair_share=1.444,
    cosine=2.388,
    cosine_before=0.729,
    cosine_after=0.332,
    cosine_place=0.726,
    telling_place=0.434,
    fused_score=8.310,
    words_before_subject=-0.233,
    words_after_subject=0.750,
    density_of_subject=-0.425,
    leading_words=0.855,
    is_first_of_article=-2.130,
    depth_in_article=-2.530,
    is_question=-1.117,
    holds_kind=0.201,
    lacks_kind=-0.135,
    enumerates=0.414,
    brings_no_number=-1.272,
    counts_the_noun=2.583,
    names_for_where=1.575,
    person_for_who=1.547,
    day_for_when=1.326,
    cause_for_why=1.461,
    use_for_what_for=1.618,
    finding_for_result=1.765,
    span_for_how_long=3.721,
)

CONFIDENCE = Signs(
    share_with_before=2.111,
    weight_found=-2.701,
    share_of_scores=0.957,
    nearness=-7.375,
    above_second=1.793,
    spread=10.397,
    cosine=2.278,
    cosine_above=1.423,
    bm25=0.668,
    bm25_above=0.919,
    weight_missing=-4.081,
)
CONFIDENCE_BIAS = 2.737


def scores_of(matrix: Matrix) -> Matrix:
    """`(sentences,)`: the higher the likelier the answer; differences are log odds."""
    result: Matrix = matrix @ np.array(SCORE)
    return result


def confidences_of(signs: Matrix) -> Matrix:
    """`(sentences,)`: the chance that the archive answers, judged by each sentence."""
    result: Matrix = 1 / (1 + np.exp(-CONFIDENCE_BIAS - signs @ np.array(CONFIDENCE)))
    return result
