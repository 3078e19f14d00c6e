"""`python -m retrieval explain QUESTION`: the explanation as tables for a terminal, or as JSON."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict

from rich import box
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from retrieval.explain import Candidate, Explanation, filters_json, query_json
from retrieval.schema import Expansion, Period, Query
from retrieval.text import canonical, printable

_MOST_TERMS = 8
_LONGEST_TEXT = 160


def explanation_json(explanation: Explanation) -> str:
    """The contract of `explain --json`."""
    record = {
        "understood": query_json(explanation.query),
        "filters": filters_json(explanation.filters),
        "removed": [asdict(removed) for removed in explanation.removed],
        "passages": explanation.passages,
        "allowed": explanation.allowed,
        "considered": explanation.considered,
        "dense_weight": explanation.dense_weight,
        "candidates": [asdict(candidate) for candidate in explanation.candidates],
        "asked": asdict(explanation.asked) if explanation.asked else None,
        "reason": explanation.reason,
        "timings_ms": explanation.timings_ms,
    }
    return json.dumps(record, ensure_ascii=False)


def print_explanation(explanation: Explanation, console: Console | None = None) -> None:
    """Understood, filters, candidates, what was asked about, milliseconds a step."""
    console = console or Console(soft_wrap=False)
    console.print(understood_table(explanation.query))
    for line in _filters(explanation):
        console.print(line)
    title = (
        f"{len(explanation.candidates)} of {explanation.considered} candidates; "
        f"{weights(explanation.dense_weight)}"
    )
    console.print(candidates_table(explanation.candidates, title))
    for candidate in explanation.candidates:
        print_terms(console, candidate)
    if explanation.asked and explanation.reason:
        console.print(f"\n[bold]asked about[/] {escape(explanation.asked.label)}")
        print_terms(console, explanation.asked)
        console.print(f"    {escape(explanation.reason)}", soft_wrap=True)
    steps = ", ".join(f"{step} {ms:.1f}" for step, ms in explanation.timings_ms.items())
    console.print(f"\n[dim]milliseconds: {steps}[/]")


def understood_table(query: Query) -> Table:
    table = Table(box=None, show_header=False, padding=(0, 2, 0, 0))
    written_out = query.written_out
    rows = {
        "question": query.question,
        "continues": query.earlier,
        "searched for": query.text if query.text != query.question else None,
        "with marks": query.restored if query.restored != query.text else None,
        "written out": None if canonical(written_out) == canonical(query.restored) else written_out,
        "expansions": "; ".join(map(_expansion, query.expansions)),
        "provinces": ", ".join(query.reached),
        "districts": ", ".join(name for name, _ in query.districts),
        "periods": "; ".join(map(_period, query.periods)),
    }
    for name, value in rows.items():
        if value:
            table.add_row(f"[bold]{name}[/]", escape(printable(value)))
    return table


def _expansion(expansion: Expansion) -> str:
    return (
        f"{expansion.short} {'?' if expansion.is_ambiguous else '='} {' / '.join(expansion.long)}"
    )


def _period(period: Period) -> str:
    if period.is_latest:
        return f"{period.text}: newest first"
    said = ", said of the articles" if period.of_articles else ""
    base = ", only compared with" if period.is_base else ""
    return f"{period.text}: {period.first} to {period.last}{said}{base}"


def _filters(explanation: Explanation) -> list[str]:
    lines = [
        f"[bold]filter[/] {escape(removed.filter)}: {removed.passages_left} of "
        f"{explanation.passages} passages pass"
        for removed in explanation.removed
    ]
    if explanation.removed:
        lines.append(f"all filters: {explanation.allowed} of {explanation.passages} pass")
    return lines


def weights(dense_weight: float) -> str:
    return f"meaning counts {dense_weight:.1f}, words {1 - dense_weight:.1f}"


def candidates_table(candidates: Sequence[Candidate], title: str) -> Table:
    """Rank, passage and every part of the score, a row a candidate."""
    table = Table(title=title, box=box.SIMPLE_HEAD, title_justify="left")
    for name in ("#", "article", "dense", "BM25", "fused\n[dim]reranked[/]", "bonus", "score"):
        table.add_column(name, justify="left" if name == "article" else "right")
    for candidate in candidates:
        bonuses = "\n".join(f"{name} +{value:.2f}" for name, value in candidate.bonuses.items())
        table.add_row(
            str(candidate.rank),
            escape(candidate.label),
            _placed(candidate.dense_rank, candidate.dense_score),
            _placed(candidate.sparse_rank, candidate.sparse_score),
            f"{candidate.fused:.3f}\n[dim]{_reranked(candidate)}[/]",
            bonuses,
            f"[bold]{candidate.score:.3f}[/]",
        )
    return table


def _reranked(candidate: Candidate) -> str:
    return "—" if candidate.reranked is None else f"{candidate.reranked:.3f}"


def _placed(rank: int | None, score: float) -> str:
    return f"{score:.3f}\n[dim]{'#' + str(rank) if rank else '—'}[/]"


def print_terms(console: Console, candidate: Candidate) -> None:
    text = " ".join(candidate.text.split())
    shown = text if len(text) <= _LONGEST_TEXT else f"{text[:_LONGEST_TEXT]}…"
    # An id is there to be copied into --passage: it stays on one line, however narrow that is.
    console.print(f"{candidate.rank or '—':>3} [bold]{escape(candidate.id)}[/]", soft_wrap=True)
    for other in candidate.repeated_by:
        console.print(f"    [yellow]repeated by {escape(other)}[/]", soft_wrap=True)
    for label in candidate.also:
        console.print(f"    [yellow]also in {escape(label)}[/]", soft_wrap=True)
    console.print(f"    [dim]{escape(shown)}[/]")
    if candidate.parts:
        seen = ", ".join(f"{name} {value:.2f}" for name, value in candidate.parts.items())
        console.print(f"    [dim]seen: {seen}[/]")
    console.print(f"    [green]has[/] {escape(_listed(candidate.matched))}")
    if candidate.missing:
        console.print(f"    [red]lacks[/] {escape(_listed(candidate.missing))}")


def _listed(terms: tuple[str, ...]) -> str:
    more = len(terms) - _MOST_TERMS
    shown = ", ".join(term.replace("_", " ") for term in terms[:_MOST_TERMS])
    return f"{shown} and {more} more" if more > 0 else shown or "none"
