"""Feedback as questions for `evaluate`: there and back."""

from __future__ import annotations

import dataclasses
import datetime
import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest

from bot.__main__ import main as bot
from bot.answering import Asked, answer
from bot.conversations import Conversations, Rating
from retrieval.__main__ import main as retrieval
from retrieval.database import Database
from retrieval.evaluation import Asked as Found
from retrieval.evaluation import measure
from retrieval.evaluation_sets import Question, SetError, read_set
from retrieval.filters import GivenFilters
from retrieval.schema import Filters
from retrieval.search import Retriever
from retrieval.traces import Trace, Versions, new_trace_id, traced

SEED = "002_bacd95ad4e680c06.txt"
GOOD = "Chỉ số hài lòng của người dân Bắc Kạn năm 2020 là bao nhiêu?"
REFUSED = "Giá vàng hôm nay bao nhiêu?"
MODELS = "Năm 2017 Quảng Ninh có bao nhiêu mô hình đăng ký cấp tỉnh?"


def recorded(
    conversations: Conversations, retriever: Retriever, question: str, *history: str, **changed: Any
) -> Trace:
    """An answer of the real service with its trace."""
    shown = answer(retriever, Asked(question, history))
    result = retriever.search(question, 30, history)
    trace = Trace(
        trace_id=new_trace_id(),
        asked_at=datetime.datetime.now(datetime.UTC),
        question=question,
        today=datetime.date(2024, 7, 23),
        query=result.query,
        hits=traced(result.hits),
        answer=asdict(shown),
        versions=Versions.of(retriever),
        history=history,
    )
    trace = dataclasses.replace(trace, **changed)
    conversations.traces.record(trace)
    return trace


@pytest.fixture
def conversations(
    tmp_path: Path, seed_vectors: Path, monkeypatch: pytest.MonkeyPatch
) -> Conversations:
    monkeypatch.setenv("CONVERSATIONS_DB", str(tmp_path / "c.sqlite"))
    monkeypatch.setenv("VECTORS_DIR", str(seed_vectors))
    return Conversations(Database.open(tmp_path / "c.sqlite"), 90)


def lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


def test_exported_feedback_is_read_by_evaluate(
    conversations: Conversations,
    retriever: Retriever,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """A good answer is a case with its cited article; a bad one and a refusal are none."""
    good = recorded(conversations, retriever, GOOD)
    bad = recorded(conversations, retriever, MODELS)
    refused = recorded(conversations, retriever, REFUSED)
    conversations.give_feedback(good.trace_id, "lan", Rating.UP)
    conversations.give_feedback(bad.trace_id, "lan", Rating.DOWN, "Không phải năm 2017")
    conversations.give_feedback(refused.trace_id, "lan", Rating.UP)
    out = tmp_path / "feedback.jsonl"

    assert bot(["feedback", "export", "--out", str(out)]) == 0
    assert "3 answers with feedback, 1 of them are cases" in capsys.readouterr().err
    assert out.stat().st_mode & 0o777 == 0o600
    assert "lan" not in {value for line in lines(out) for value in map(str, line.values())}
    read = read_set(out)
    assert [(one.text, one.article, one.others) for one in read.questions] == [(GOOD, SEED, ())]
    assert all("91,3%" in text for text in read.questions[0].answers)
    (article,) = (article for article in read.articles if article.id == SEED)
    assert article.label == "Bắc Kạn, 23/7/2024"
    (down,) = (line for line in lines(out) if line.get("down"))
    assert (down["question"], down["reasons"]) == (MODELS, ["Không phải năm 2017"])
    assert "article_id" not in down

    arguments = ["evaluate", "--set", str(out), "--json", "--results", str(tmp_path / "results")]
    assert retrieval([*arguments, "--mode", "hybrid"]) == 0
    run = json.loads(capsys.readouterr().out)
    assert (run["set"], run["questions"], run["figures"]["P@1"]["mean"]) == ("feedback", 1, 1.0)


def exported(capsys: pytest.CaptureFixture[str]) -> list[dict[str, Any]]:
    """The questions on standard output."""
    assert bot(["feedback", "export"]) == 0
    rows = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    return [row for row in rows if "question" in row]


def test_more_must_find_it_good_than_not(
    conversations: Conversations, retriever: Retriever, capsys: pytest.CaptureFixture[str]
) -> None:
    """One against one is no case; two against one is."""
    trace = recorded(conversations, retriever, GOOD)
    conversations.give_feedback(trace.trace_id, "lan", Rating.UP)
    conversations.give_feedback(trace.trace_id, "hoa", Rating.DOWN, "Thiếu nguồn")
    assert [row.get("article_id") for row in exported(capsys)] == [None]

    conversations.give_feedback(trace.trace_id, "mai", Rating.UP)
    (row,) = exported(capsys)
    assert (row["article_id"], row["up"], row["down"]) == (SEED, 2, 1)
    assert row["reasons"] == ["Thiếu nguồn"]


def test_a_follow_up_is_exported_whole(
    conversations: Conversations, retriever: Retriever, capsys: pytest.CaptureFixture[str]
) -> None:
    """By itself it would be no question."""
    asked = "Công tác dân vận ở Quảng Ninh còn những hạn chế gì?"
    trace = recorded(conversations, retriever, "Còn ở Bắc Kạn thì sao?", asked)
    conversations.give_feedback(trace.trace_id, "lan", Rating.UP)

    (row,) = exported(capsys)
    assert row["question"] == "Công tác dân vận ở Bắc Kạn còn những hạn chế gì?"


def test_what_the_question_alone_does_not_lead_to_is_no_case(
    conversations: Conversations, retriever: Retriever, capsys: pytest.CaptureFixture[str]
) -> None:
    """Asked under filters or widened, or its quote is no longer in the archive."""
    shown = asdict(answer(retriever, Asked(GOOD, filters=GivenFilters(["Bắc Kạn"]))))
    gone = {**shown, "citations": [{**shown["citations"][0], "quote": "Câu đã bị sửa."}]}
    other = {**shown, "citations": [{**shown["citations"][0], "article": "gone.txt"}]}
    for changed in (
        {"filters": Filters(provinces=("Bắc Kạn",))},
        {"widened": ("period",)},
        {"answer": gone},
        {"answer": other},
        {"answer": {"text": "Không rõ."}},
    ):
        trace = recorded(conversations, retriever, GOOD, **changed)
        conversations.give_feedback(trace.trace_id, "lan", Rating.UP)

    rows = exported(capsys)
    assert [row.get("article_id") for row in rows] == [None] * 5
    assert sorted(map(tuple, (row["cited"] for row in rows))) == [
        (),
        (SEED,),
        (SEED,),
        (SEED,),
        ("gone.txt",),
    ]


def test_without_any_feedback(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """No file is made; a damaged one is one line; a name that evaluate can not read is refused."""
    path = tmp_path / "none" / "c.sqlite"
    monkeypatch.setenv("CONVERSATIONS_DB", str(path))
    assert bot(["feedback", "export"]) == 1
    assert "there is none" in capsys.readouterr().err
    assert not path.parent.exists()

    path.parent.mkdir()
    path.write_text("no database" * 100)
    assert bot(["feedback", "export"]) == 1
    assert "file is not a database" in capsys.readouterr().err
    with pytest.raises(SystemExit, match="2"):
        bot(["feedback", "export", "--out", "feedback.txt"])


def test_any_of_several_right_articles_counts() -> None:
    """Two are right: the second alone at the first place gives P@1 1 and recall 1/2."""
    question = Question("?", "a", (), ("b",))
    values = measure([Found(question, ("b", "c"))])

    assert (values["P@1"], values["R@10"], values["RR@10"]) == ([1.0], [0.5], [1.0])


@pytest.mark.parametrize(
    "content",
    ["", "[1]\n", '"question"\n', '{"question": "Gì?", "article_id": "a"}\n', '{"id": 1}\n', "{"],
)
def test_lines_that_are_no_set(tmp_path: Path, content: str) -> None:
    """Empty, no objects, a question about an article that is not there: one error."""
    path = tmp_path / "set.jsonl"
    path.write_text(content, "utf-8")

    with pytest.raises(SetError):
        read_set(path)
