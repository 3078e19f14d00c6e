"""Figures for Prometheus: how many questions, how they ended, how long each step took.

With several processes each counts in files of PROMETHEUS_MULTIPROC_DIR, and any of them gives
the sums.
"""

from __future__ import annotations

import datetime
import os

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    disable_created_metrics,
    generate_latest,
)
from prometheus_client.multiprocess import MultiProcessCollector

from bot.conversations import Rating
from bot.llm_faults import Reason
from bot.schema import Answer, Outcome
from bot.service import Service

_MULTIPROCESS = "PROMETHEUS_MULTIPROC_DIR"
_SECONDS = (0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 30, 60)
# From nothing: of a series that begins with its first failure, no rate tells of that one.
_USUAL = (200, 401, 403, 404, 422, 429, 500, 503)
_REFUSALS = {Outcome.NO_EVIDENCE, Outcome.NO_ARTICLE_FOR_PLACE_OR_PERIOD}


# A counter's first moment says nothing here, and doubles the text.
disable_created_metrics()  # type: ignore[no-untyped-call]


class Metrics:
    """Counts what a `Watcher` is told. One for the process."""

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        self._questions = Counter(
            "qa_questions", "Questions by outcome.", ["outcome"], registry=self._registry
        )
        self._refusals = Counter(
            "qa_refusals", "Questions that the articles do not answer.", registry=self._registry
        )
        self._steps = Histogram(
            "qa_step_seconds",
            "Seconds of each step of looking an answer up; total is their sum.",
            ["step"],
            buckets=_SECONDS,
            registry=self._registry,
        )
        self._seconds = Histogram(
            "qa_answer_seconds",
            "Seconds from a question to its whole answer, with waiting and a language model.",
            buckets=_SECONDS,
            registry=self._registry,
        )
        self._llm_errors = Counter(
            "qa_llm_errors", "Failures of the language model.", ["reason"], registry=self._registry
        )
        self._feedback = Counter(
            "qa_feedback", "Opinions on answers.", ["rating"], registry=self._registry
        )
        self._responses = Counter(
            "qa_http_responses", "Responses by status.", ["status"], registry=self._registry
        )
        self._age = Gauge(
            "qa_snapshot_age_seconds",
            "Since the index was built.",
            registry=self._registry,
            multiprocess_mode="mostrecent",
        )
        self._articles = Gauge(
            "qa_snapshot_articles",
            "Articles of the index; 0 where there is none.",
            registry=self._registry,
            multiprocess_mode="mostrecent",
        )
        self._waiting = Gauge(
            "qa_questions_waiting",
            "Questions that wait for their turn.",
            registry=self._registry,
            multiprocess_mode="livesum",
        )
        for outcome in Outcome:
            self._questions.labels(outcome.value)
        for rating in Rating:
            self._feedback.labels(rating.value)
        for reason in Reason:
            self._llm_errors.labels(reason.value)
        for status in _USUAL:
            self._responses.labels(str(status))

    def answered(self, shown: Answer, seconds: float) -> None:
        self._seconds.observe(seconds)
        self._questions.labels(shown.outcome.value).inc()
        if shown.outcome in _REFUSALS:
            self._refusals.inc()
        for step, milliseconds in shown.timings_ms.items():
            self._steps.labels(step).observe(milliseconds / 1_000)

    def llm_failed(self, reason: Reason) -> None:
        self._llm_errors.labels(reason.value).inc()

    def rated(self, rating: Rating) -> None:
        self._feedback.labels(rating.value).inc()

    def responded(self, status: int) -> None:
        """A request over HTTP got this status."""
        self._responses.labels(str(status)).inc()

    def waiting(self, questions: int) -> None:
        """So many questions wait for their turn now."""
        self._waiting.set(questions)

    def text(self, service: Service) -> bytes:
        """All figures in Prometheus' text format."""
        manifest = service.retriever.index.manifest if service.retriever else None
        self._articles.set(manifest.articles if manifest else 0)
        if manifest:
            self._age.set(_seconds_since(manifest.created))
        if not os.environ.get(_MULTIPROCESS):
            return generate_latest(self._registry)
        all_processes = CollectorRegistry()
        MultiProcessCollector(all_processes)  # type: ignore[no-untyped-call]
        return generate_latest(all_processes)


def _seconds_since(moment: str) -> float:
    built = datetime.datetime.fromisoformat(moment)
    return (datetime.datetime.now(datetime.UTC) - built).total_seconds()
