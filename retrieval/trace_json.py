"""A recorded answer for programs: what `explain TRACE_ID --json` and `GET /v1/answers/ID` share."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from retrieval.explain import filters_json
from retrieval.traces import Trace, utc


def trace_json(trace: Trace) -> dict[str, Any]:
    """All but what was understood and the hits, which each shows in its own way."""
    return {
        "trace_id": trace.trace_id,
        "asked_at": utc(trace.asked_at),
        "question": trace.question,
        "history": trace.history,
        "filters": filters_json(trace.filters),
        "widened": trace.widened,
        "today": trace.today.isoformat(),
        "dense_weight": trace.dense_weight,
        "answer": trace.answer,
        "versions": asdict(trace.versions),
        "timings_ms": trace.timings_ms,
    }
