from __future__ import annotations

import pytest

from retrieval.fusion import weighted_fusion


def test_scores_are_weighted_sums_of_normalised_scores() -> None:
    """Computed by hand: row 1 is 0.4 * (1 - 0.05 / 0.1) + 0.6 * 10 / 10."""
    fused = weighted_fusion({0: 0.90, 1: 0.85, 2: 0.70}, {1: 10.0, 3: 5.0}, 0.4, spread=0.1)

    assert fused == pytest.approx({0: 0.4, 1: 0.2 + 0.6, 2: 0.0, 3: 0.3})


def test_one_half_may_be_empty() -> None:
    """A question of unknown words is still ranked by its meaning, and the other way round."""

    assert weighted_fusion({0: 0.9, 1: 0.85}, {}, 0.4, 0.1) == pytest.approx({0: 0.4, 1: 0.2})
    assert weighted_fusion({}, {7: 2.0}, 0.4, 0.1) == pytest.approx({7: 0.6})
    assert weighted_fusion({}, {}, 0.4, 0.1) == {}
