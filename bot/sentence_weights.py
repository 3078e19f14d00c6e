"""Weights of sentences, fitted on questions with known answers.

`python -m benchmarks.fit_extractive SET` prints this file's constants; the figures are in
`benchmarks/README.md`.
"""

from __future__ import annotations

import numpy as np

from bot.answerability import Signs
from bot.sentence_features import Features, Matrix

SCORE = Features(
    syllable_share=-4.199,
    pair_share=1.119,
    telling_syllables=2.436,
    telling_pairs=0.464,
    share_with_before=3.985,
    passage_pair_share=1.359,
    cosine=2.373,
    cosine_before=0.711,
    cosine_after=0.328,
    cosine_place=0.721,
    telling_place=0.370,
    fused_score=8.727,
    words_before_subject=-0.239,
    words_after_subject=0.759,
    density_of_subject=-0.437,
    leading_words=0.862,
    is_first_of_article=-2.041,
    depth_in_article=-2.429,
    is_question=-1.073,
    holds_kind=0.248,
    lacks_kind=-0.153,
    enumerates=0.345,
    brings_no_number=-1.197,
    counts_the_noun=2.668,
    names_for_where=1.503,
    person_for_who=1.502,
    day_for_when=1.089,
    cause_for_why=1.493,
    use_for_what_for=1.566,
    finding_for_result=1.841,
    span_for_how_long=4.278,
)

CONFIDENCE = Signs(
    share_with_before=2.095,
    weight_found=-2.973,
    share_of_scores=0.855,
    nearness=-8.369,
    above_second=2.099,
    spread=10.020,
    cosine=2.251,
    cosine_above=1.441,
    bm25=0.679,
    bm25_above=0.901,
    weight_missing=-3.953,
)
CONFIDENCE_BIAS = 3.870


def scores_of(matrix: Matrix) -> Matrix:
    """`(sentences,)`: the higher the likelier the answer; differences are log odds."""
    result: Matrix = matrix @ np.array(SCORE)
    return result


def confidences_of(signs: Matrix) -> Matrix:
    """`(sentences,)`: the chance that the archive answers, judged by each sentence."""
    result: Matrix = 1 / (1 + np.exp(-CONFIDENCE_BIAS - signs @ np.array(CONFIDENCE)))
    return result
