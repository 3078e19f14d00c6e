"""Traces: what is kept of an answer, and how it is shown again."""

from __future__ import annotations

import dataclasses
import datetime
import io
import json
import sqlite3
import statistics
import time
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from retrieval.__main__ import main
from retrieval.errors import StoreUnavailable
from retrieval.schema import Filters, SearchResult
from retrieval.search import Retriever
from retrieval.trace_command import (
    NO_LONGER,
    changes_since,
    print_recalled,
    recall,
    recalled_json,
)
from retrieval.traces import Trace, Traces, Versions, is_trace_id, new_trace_id, traced

EARLIER = "GPMB ở Bắc Kạn quý II/2024 còn những hạn chế gì?"
QUESTION = "Còn ở TP Hạ Long, Quảng Ninh thì sao?"
ANSWER = {"outcome": "answered", "text": "Đạt 91,3%.", "citations": [{"number": 1}]}
NOON = datetime.datetime(2024, 7, 23, 12, 0, 0, 250_000, datetime.UTC)


def make_trace(retriever: Retriever, result: SearchResult, **changed: Any) -> Trace:
    trace = Trace(
        trace_id=new_trace_id(),
        asked_at=NOON,
        question=QUESTION,
        today=datetime.date(2024, 7, 23),
        query=result.query,
        hits=traced(result.hits),
        answer=ANSWER,
        versions=Versions.of(retriever, "some-model"),
        history=(EARLIER,),
        filters=Filters(date_from=datetime.date(2020, 1, 1)),
        widened=("period",),
        dense_weight=result.dense_weight,
        timings_ms=result.timings_ms,
    )
    return dataclasses.replace(trace, **changed)


@pytest.fixture(scope="module")
def trace(retriever: Retriever) -> Trace:
    return make_trace(retriever, retriever.search(QUESTION, 30, [EARLIER]))


def test_ids_can_not_be_guessed_and_are_short() -> None:
    """16 letters and digits of 32, never the same; no question looks like one."""
    made = {new_trace_id() for _ in range(1_000)}

    assert len(made) == 1_000
    assert all(len(one) == 16 and is_trace_id(one) for one in made)
    assert not any(map(is_trace_id, ("", "GPMB", "khong co ket qua", "i" * 16, "0" * 17, "á" * 16)))


def test_a_trace_is_read_as_it_was_recorded(tmp_path: Path, trace: Trace) -> None:
    """Every field, with its type: query, periods, expansions, filters, hits, answer."""
    Traces.open(tmp_path / "t.sqlite").record(trace)
    read = Traces.open(tmp_path / "t.sqlite").get(trace.trace_id)

    assert trace.query
    assert trace.query.periods
    assert trace.query.expansions
    assert len(trace.hits) > 5
    assert read == trace


def test_a_question_that_could_not_be_asked_leaves_a_trace(tmp_path: Path, trace: Trace) -> None:
    """Without a query and without hits; half a character in it does not matter."""
    traces = Traces.open(tmp_path / "t.sqlite")
    refused = dataclasses.replace(
        trace, query=None, hits=(), question="\ud800", history=("a\udcff",)
    )
    traces.record(refused)

    read = traces.get(refused.trace_id)
    assert read == dataclasses.replace(refused, question="?", history=("a?",))
    assert traces.get("\ud800") is None


def test_every_part_of_the_score_is_kept(retriever: Retriever) -> None:
    """Both halves, what was fused of them; the reranked score and the bonuses are the score."""
    result = retriever.search(EARLIER, 5)
    first = traced(result.hits)[0]

    assert first.reranked is not None
    assert first.score == pytest.approx(first.reranked + sum(first.bonuses.values()), abs=2e-6)
    assert 0 < first.fused <= 1
    assert first.bonuses == {"place": 0.2}
    assert (first.dense_rank, first.sparse_rank) == (
        result.hits[0].dense_rank,
        result.hits[0].sparse_rank,
    )
    assert first.label == "Bắc Kạn, 5/7/2023"
    assert result.dense_weight == 0.5


def test_a_trace_never_changes(tmp_path: Path, trace: Trace) -> None:
    """A second one of the same id is ignored."""
    traces = Traces.open(tmp_path / "t.sqlite")
    traces.record(trace)
    traces.record(dataclasses.replace(trace, question="khác"))

    assert traces.get(trace.trace_id) == trace


def test_recording_is_cheap(tmp_path: Path, trace: Trace) -> None:
    """Less than 3 ms for 30 hits; half of what was tried, for others use this machine too."""
    traces = Traces.open(tmp_path / "t.sqlite")
    full = dataclasses.replace(trace, hits=(trace.hits * 30)[:30])
    spent = []
    for _ in range(60):
        one = dataclasses.replace(full, trace_id=new_trace_id())
        started = time.perf_counter()
        traces.record(one)
        spent.append((time.perf_counter() - started) * 1_000)

    assert statistics.median(spent) < 3.0


def test_old_traces_expire(tmp_path: Path, trace: Trace) -> None:
    """What was asked before the moment, whatever zone it is given in."""
    traces = Traces.open(tmp_path / "t.sqlite")
    older = dataclasses.replace(trace, trace_id=new_trace_id(), asked_at=NOON.replace(hour=11))
    for one in (trace, older):
        traces.record(one)
    hanoi = datetime.timezone(datetime.timedelta(hours=7))

    assert traces.expire(datetime.datetime(2024, 7, 23, 19, 0, tzinfo=hanoi)) == 1
    assert traces.get(older.trace_id) is None
    assert traces.get(trace.trace_id) == trace


def test_a_damaged_row_is_said(tmp_path: Path, trace: Trace) -> None:
    """The id is named, nothing of the content."""
    path = tmp_path / "t.sqlite"
    traces = Traces.open(path)
    traces.record(trace)
    with sqlite3.connect(path) as connection:
        connection.execute("update trace set hits = substr(hits, 1, 50)")
    connection.close()

    with pytest.raises(StoreUnavailable, match=f"trace {trace.trace_id} is damaged"):
        traces.get(trace.trace_id)


def test_it_is_shown_in_the_stored_order(retriever: Retriever, trace: Trace) -> None:
    """Also where today's ranking is another; texts and terms come from the archive."""
    turned = dataclasses.replace(trace, hits=trace.hits[::-1])
    recalled = recall(turned, retriever.index)

    assert [c.id for c in recalled.candidates] == [f"{h.article}:{h.start}" for h in turned.hits]
    assert [c.rank for c in recalled.candidates] == list(range(1, len(turned.hits) + 1))
    assert all(c.text != NO_LONGER for c in recalled.candidates)
    assert any("mặt_bằng" in c.matched + c.missing for c in recalled.candidates)


def test_a_passage_that_has_changed_is_not_passed_off(retriever: Retriever, trace: Trace) -> None:
    """The numbers stay, the text is said to be gone; likewise without any archive."""
    first = dataclasses.replace(trace.hits[0], digest="0" * 16)
    gone = dataclasses.replace(trace.hits[1], article="gone.txt")
    changed = dataclasses.replace(trace, hits=(first, gone, *trace.hits[2:]))
    shown = recall(changed, retriever.index).candidates

    assert [c.text == NO_LONGER for c in shown[:3]] == [True, True, False]
    assert (shown[0].score, shown[0].matched, shown[0].missing) == (first.score, (), ())
    assert {c.text for c in recall(changed, None).candidates} == {NO_LONGER}


def test_what_has_changed_since() -> None:
    """Another snapshot, another model, another version; of the same articles that is said."""
    then = Versions("2024-07-23T08:00:00+07:00", "aa", "e5", "0.1.0", "gpt")

    assert changes_since(then, then) == ()
    assert changes_since(then, Versions("2024-08-01T08:00:00+07:00", "bb", "bge", "0.2.0")) == (
        "The archive has changed since: the answer came from the snapshot of "
        "2024-07-23T08:00:00+07:00, the one in use is of 2024-08-01T08:00:00+07:00.",
        "The embedding model was e5, it is now bge.",
        "The project was of version 0.1.0, it is now 0.2.0.",
    )
    (rebuilt,) = changes_since(then, dataclasses.replace(then, snapshot="2024-08-01"))
    assert rebuilt.endswith("; its articles and the code that reads them are the same.")


def test_json_and_tables_show_the_same(retriever: Retriever, trace: Trace) -> None:
    """Every hit, the answer and the versions are in both; the JSON's fields are pinned."""
    recalled = recall(trace, retriever.index, changes=("The archive has changed since.",))
    record = json.loads(recalled_json(recalled))
    output = io.StringIO()
    print_recalled(recalled, Console(file=output, width=1_000))
    printed = output.getvalue()

    assert sorted(record) == sorted(
        "trace_id asked_at question history filters widened today understood dense_weight "
        "candidates answer versions changes timings_ms".split()
    )
    assert (record["asked_at"], record["today"]) == ("2024-07-23T12:00:00.250+00:00", "2024-07-23")
    assert record["answer"] == ANSWER
    for candidate in record["candidates"]:
        assert candidate["id"] in printed
        assert f"{candidate['score']:.3f}" in printed
    for text in (
        trace.trace_id,
        QUESTION,
        EARLIER,
        "Đạt 91,3%.",
        "some-model",
        record["changes"][0],
    ):
        assert text in printed


@pytest.fixture
def recorded(
    tmp_path: Path, trace: Trace, seed_vectors: Path, monkeypatch: pytest.MonkeyPatch
) -> Trace:
    """The trace in the file of the settings, beside the archive that it came from."""
    monkeypatch.setenv("CONVERSATIONS_DB", str(tmp_path / "t.sqlite"))
    monkeypatch.setenv("VECTORS_DIR", str(seed_vectors))
    traces = Traces.open(tmp_path / "t.sqlite")
    traces.record(trace)
    traces.close()
    return trace


def test_explain_takes_an_id(recorded: Trace, capsys: pytest.CaptureFixture[str]) -> None:
    """All hits, or as many as are wanted, and no change of the archive."""
    assert main(["explain", recorded.trace_id, "--json"]) == 0
    record = json.loads(capsys.readouterr().out)
    assert main(["explain", recorded.trace_id, "--top-k", "2"]) == 0

    assert [c["score"] for c in record["candidates"]] == [hit.score for hit in recorded.hits]
    assert record["changes"] == []
    assert f"2 of {len(recorded.hits)} hits as they were ranked" in capsys.readouterr().out


def test_explain_without_the_archive(
    recorded: Trace,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The numbers are shown nevertheless, and why there is nothing to compare."""
    monkeypatch.setenv("VECTORS_DIR", str(tmp_path / "empty"))

    assert main(["explain", recorded.trace_id]) == 0
    printed = " ".join(capsys.readouterr().out.split())
    assert "The archive can not be compared:" in printed
    assert NO_LONGER in printed


def test_an_unknown_id_is_a_question(recorded: Trace, capsys: pytest.CaptureFixture[str]) -> None:
    """It is said, for it is more often an answer that was deleted."""
    assert main(["explain", "0" * 16, "--json"]) == 0
    shown = capsys.readouterr()

    assert json.loads(shown.out)["understood"]["question"] == "0" * 16
    assert f"no answer {'0' * 16} is recorded" in shown.err


def test_an_id_takes_no_filters(recorded: Trace, capsys: pytest.CaptureFixture[str]) -> None:
    """They would change what was recorded: status 2."""
    assert main(["explain", recorded.trace_id, "--province", "Bắc Kạn"]) == 2
    assert "takes only --top-k and --json" in capsys.readouterr().err


def test_a_damaged_file_is_status_1(
    recorded: Trace, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """One line; a question that is none of its ids does not even open it."""
    (tmp_path / "t.sqlite").write_text("no database" * 100)

    assert main(["explain", recorded.trace_id]) == 1
    assert "file is not a database" in capsys.readouterr().err
    assert main(["explain", "dân vận", "--json"]) == 0
