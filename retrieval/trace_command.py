"""`python -m retrieval explain TRACE_ID`: an answer that was given, as it was ranked then."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from retrieval.errors import IndexUnavailable
from retrieval.explain import Candidate, filters_json, passage_terms, query_json, question_terms
from retrieval.explain_command import candidates_table, print_terms, understood_table, weights
from retrieval.schema import Article, Passage
from retrieval.search import open_retriever
from retrieval.searcher import SearchedIndex
from retrieval.settings import Settings
from retrieval.trace_json import trace_json
from retrieval.traces import Trace, TracedHit, Versions, text_digest, utc

NO_LONGER = "(the archive no longer has this passage)"


@dataclass(frozen=True, slots=True)
class Recalled:
    """A trace beside the archive of today.

    Attributes:
        candidates: the hits in the order they had. Without a text where the archive no longer has
            the passage to the letter; then neither its matched nor its missing terms are known.
        changes: since the answer was given, a sentence each; none where nothing has changed.
    """

    trace: Trace
    candidates: tuple[Candidate, ...]
    changes: tuple[str, ...]


def show_trace(trace: Trace, settings: Settings, top_k: int | None, *, as_json: bool) -> None:
    """Print it, the first `top_k` hits or all; also where there is no index any more."""
    index: SearchedIndex | None = None
    llm = trace.versions.llm
    try:
        retriever = open_retriever(settings)
    except IndexUnavailable as error:
        changes: tuple[str, ...] = (f"The archive can not be compared: {error}.",)
    else:
        index = retriever.index
        changes = changes_since(trace.versions, Versions.of(retriever, llm))
    recalled = recall(trace, index, top_k, changes)
    if as_json:
        print(recalled_json(recalled))
    else:
        print_recalled(recalled)


def recall(
    trace: Trace,
    index: SearchedIndex | None,
    top_k: int | None = None,
    changes: tuple[str, ...] = (),
) -> Recalled:
    """
    Args:
        index: of today, for the texts; None where there is none.
    """
    wanted = question_terms(index, trace.query) if index and trace.query else []
    is_folded = trace.query is not None and trace.query.is_folded
    candidates = []
    for rank, hit in enumerate(trace.hits[:top_k], 1):
        found = _passage(index, hit)
        held = passage_terms(*found, is_folded=is_folded) if found else set()
        candidates.append(
            Candidate(
                id=f"{hit.article}:{hit.start}",
                label=hit.label,
                title=hit.title,
                text=found[1].text if found else NO_LONGER,
                rank=rank,
                dense_rank=hit.dense_rank,
                dense_score=hit.dense_score,
                sparse_rank=hit.sparse_rank,
                sparse_score=hit.sparse_score,
                fused=hit.fused,
                bonuses=hit.bonuses,
                score=hit.score,
                reranked=hit.reranked,
                matched=tuple(term for term in wanted if term in held),
                missing=tuple(term for term in wanted if found and term not in held),
                repeats=None,
                also=hit.also,
            )
        )
    return Recalled(trace, tuple(candidates), changes)


def _passage(index: SearchedIndex | None, hit: TracedHit) -> tuple[Article, Passage] | None:
    """The passage where the archive still has it to the letter."""
    row = index.records.passage_starts(hit.article).get(hit.start) if index else None
    if index is None or row is None:
        return None
    ((article, passage),) = index.records.passages([row])
    return (article, passage) if text_digest(passage.text) == hit.digest else None


def changes_since(then: Versions, now: Versions) -> tuple[str, ...]:
    """What differs between the answer's archive and today's, a sentence each."""
    changes = []
    if (then.snapshot, then.corpus) != (now.snapshot, now.corpus):
        same = "; its articles and the code that reads them are the same"
        changes.append(
            f"The archive has changed since: the answer came from the snapshot of {then.snapshot}, "
            f"the one in use is of {now.snapshot}{same if then.corpus == now.corpus else ''}."
        )
    if then.model != now.model:
        changes.append(f"The embedding model was {then.model}, it is now {now.model}.")
    if then.project != now.project:
        changes.append(f"The project was of version {then.project}, it is now {now.project}.")
    return tuple(changes)


def recalled_json(recalled: Recalled) -> str:
    """The contract of `explain TRACE_ID --json`."""
    trace = recalled.trace
    record = trace_json(trace) | {
        "understood": query_json(trace.query) if trace.query else None,
        "candidates": [asdict(candidate) for candidate in recalled.candidates],
        "changes": recalled.changes,
    }
    return json.dumps(record, ensure_ascii=False)


def print_recalled(recalled: Recalled, console: Console | None = None) -> None:
    """When and how it was asked, what was understood, the hits, the answer, the versions."""
    console = console or Console(soft_wrap=False)
    trace = recalled.trace
    for change in recalled.changes:
        console.print(f"[bold yellow]{escape(change)}[/]")
    console.print(_rows(_asked(trace)))
    if trace.query:
        console.print(understood_table(trace.query))
    title = f"{len(recalled.candidates)} of {len(trace.hits)} hits as they were ranked; "
    console.print(candidates_table(recalled.candidates, title + weights(trace.dense_weight)))
    for candidate in recalled.candidates:
        if candidate.text == NO_LONGER:
            console.print(f"{candidate.rank:>3} [dim]{NO_LONGER}[/]")
        else:
            print_terms(console, candidate)
    console.print("\n[bold]answer[/]")
    console.print(_rows(trace.answer))
    console.print("\n[bold]versions[/]")
    console.print(_rows(asdict(trace.versions)))
    steps = ", ".join(f"{step} {ms:.1f}" for step, ms in (trace.timings_ms or {}).items())
    console.print(f"\n[dim]milliseconds: {steps}[/]")


def _asked(trace: Trace) -> dict[str, Any]:
    return {
        "trace": trace.trace_id,
        "asked at": utc(trace.asked_at),
        # What was understood begins with it.
        "question": None if trace.query else trace.question,
        "history": "; ".join(trace.history),
        "filters": filters_json(trace.filters) if trace.filters else None,
        "widened": ", ".join(trace.widened),
        "today": trace.today.isoformat(),
    }


def _rows(values: Mapping[str, Any]) -> Table:
    """Names and values; what is no text is shown as JSON, what is empty is left out."""
    table = Table(box=None, show_header=False, padding=(0, 2, 0, 0))
    for name, value in values.items():
        if value not in (None, "", [], {}):
            text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
            table.add_row(f"[bold]{escape(name)}[/]", escape(text))
    return table
