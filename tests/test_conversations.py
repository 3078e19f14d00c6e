"""Conversations: what is remembered, for how long, and that what is deleted is gone."""

from __future__ import annotations

import datetime
import sqlite3
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from bot.conversations import Conversations, Feedback, Rating, open_conversations
from retrieval.database import Database
from retrieval.errors import SettingsError, StoreUnavailable
from retrieval.settings import PROJECT, Settings, read_settings
from retrieval.traces import Trace, Versions

SECRET = "Vì sao chị Hoa phòng tiếp dân bị kỷ luật?"
NOON = datetime.datetime(2024, 7, 23, 12, tzinfo=datetime.UTC)
DAY = datetime.timedelta(days=1)


def trace(number: int, question: str = "Gì?", asked_at: datetime.datetime = NOON) -> Trace:
    return Trace(
        trace_id=f"{number:016}",
        asked_at=asked_at,
        question=question,
        today=asked_at.date(),
        query=None,
        hits=(),
        answer={"text": f"Trả lời: {question}"},
        versions=Versions("2024", "aa", "e5", "0.1.0"),
        history=(question,),
    )


def ask(conversations: Conversations, conversation: str, one: Trace) -> None:
    conversations.remember(conversation, one.question, one.trace_id, one.asked_at)
    conversations.traces.record(one)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "c.sqlite"


@pytest.fixture
def conversations(path: Path) -> Conversations:
    return Conversations(Database.open(path), 90)


def rows(path: Path) -> dict[str, int]:
    """How many rows each table has."""
    with sqlite3.connect(path) as connection:
        names = connection.execute("select name from sqlite_schema where type = 'table'").fetchall()
        counts = {
            name: connection.execute(f"select count(*) from {name}").fetchone()[0]
            for (name,) in names
        }
    connection.close()
    return counts


def bytes_of(path: Path) -> bytes:
    return b"".join(one.read_bytes() for one in path.parent.glob(f"{path.name}*"))


def test_the_last_questions_oldest_first(conversations: Conversations) -> None:
    """Of this conversation only, and no more than are wanted."""
    for number in range(5):
        ask(conversations, "chat 1/topic 2", trace(number, f"Câu {number}?"))
    ask(conversations, "chat 1/topic 3", trace(9, "Chuyện khác?"))

    assert conversations.history("chat 1/topic 2", 3) == ("Câu 2?", "Câu 3?", "Câu 4?")
    assert conversations.history("chat 1/topic 3", 3) == ("Chuyện khác?",)
    assert conversations.history("chat 2", 3) == ()
    assert conversations.history("chat 1/topic 2", 0) == ()


def test_starting_anew(conversations: Conversations) -> None:
    """Earlier questions are no history any more, of this conversation only; they can be deleted."""
    for number, conversation in enumerate(("a", "a", "b")):
        ask(conversations, conversation, trace(number, f"Câu {number}?"))
    conversations.start_anew("a")
    assert conversations.history("a", 5) == ()
    ask(conversations, "a", trace(3, "Câu mới?"))

    assert conversations.history("a", 5) == ("Câu mới?",)
    assert conversations.history("b", 5) == ("Câu 2?",)
    assert conversations.forget("a") == 3


def test_a_forgotten_conversation_leaves_nothing(path: Path, conversations: Conversations) -> None:
    """No row in any table, no byte in the file; what is of others stays."""
    for number in range(40):
        secret = number % 2 == 0
        one = trace(number, f"{SECRET} {number}" if secret else f"Câu {number}?")
        ask(conversations, "hoa" if secret else "lan", one)
        conversations.give_feedback(one.trace_id, "p", Rating.DOWN, one.question)
    assert SECRET.encode() in bytes_of(path)

    assert conversations.forget("hoa") == 20
    assert rows(path) == {"trace": 20, "turn": 20, "feedback": 20}
    assert SECRET.encode() not in bytes_of(path)
    assert b"hoa" not in bytes_of(path)
    assert conversations.forget("lan") == 20
    assert rows(path) == {"trace": 0, "turn": 0, "feedback": 0}
    assert conversations.forget("lan") == 0


def test_what_is_too_old_expires(path: Path, conversations: Conversations) -> None:
    """At the moment given, to the second: turns, traces and the feedback on them."""
    for number, age in enumerate((89 * DAY, 90 * DAY, 91 * DAY)):
        ask(conversations, "a", trace(number, f"{SECRET} {number}.", NOON - age))
        conversations.give_feedback(f"{number:016}", "p", Rating.UP, None, NOON)

    assert conversations.expire(NOON) == 2
    assert conversations.history("a", 5) == (f"{SECRET} 0.", f"{SECRET} 1.")
    assert rows(path) == {"trace": 2, "turn": 2, "feedback": 2}
    assert f"{SECRET} 2.".encode() not in bytes_of(path)
    assert conversations.expire(NOON + 365 * DAY) == 4
    assert rows(path) == {"trace": 0, "turn": 0, "feedback": 0}
    assert SECRET.encode() not in bytes_of(path)


def test_feedback_of_a_person_replaces_the_earlier(conversations: Conversations) -> None:
    """One a person and answer, with its reason; another person's is apart."""
    conversations.traces.record(trace(1))
    given = [
        conversations.give_feedback(f"{1:016}", person, rating, reason, NOON + number * DAY)
        for number, (person, rating, reason) in enumerate(
            [
                ("lan", Rating.DOWN, " Sai năm. "),
                ("hoa", Rating.UP, None),
                ("lan", Rating.UP, ""),
                ("mai", Rating.DOWN, "x" * 2_000),
            ]
        )
    ]

    assert given == [True] * 4
    assert list(conversations.feedback()) == [
        Feedback(f"{1:016}", "hoa", Rating.UP, None, NOON + DAY),
        Feedback(f"{1:016}", "lan", Rating.UP, None, NOON + 2 * DAY),
        Feedback(f"{1:016}", "mai", Rating.DOWN, "x" * 1_000, NOON + 3 * DAY),
    ]


def test_feedback_on_an_unknown_answer(conversations: Conversations) -> None:
    """False, and nothing is kept; so it is after the answer was deleted."""
    ask(conversations, "a", trace(1))
    conversations.forget("a")

    for trace_id in (f"{1:016}", "", "\ud800"):
        assert not conversations.give_feedback(trace_id, "lan", Rating.UP)
    assert list(conversations.feedback()) == []


def test_threads_and_processes_write_at_once(path: Path, conversations: Conversations) -> None:
    """Nothing is lost, and each conversation keeps its order."""
    script = (
        "import sys; from pathlib import Path\n"
        "from tests.test_conversations import *\n"
        "mine = Conversations(Database.open(Path(sys.argv[1])), 90)\n"
        "for number in range(50):\n"
        "    ask(mine, sys.argv[2], trace(int(sys.argv[2]) + number, str(number)))\n"
    )
    running = [
        subprocess.Popen([sys.executable, "-c", script, path, str(first)], cwd=PROJECT)
        for first in (1_000, 2_000)
    ]

    def ask_fifty(first: int) -> None:
        for number in range(50):
            ask(conversations, str(first), trace(first + number, str(number)))
            if number % 20 == 0:
                conversations.forget("nobody's")

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(ask_fifty, (3_000, 4_000, 5_000, 6_000)))

    assert [process.wait(60) for process in running] == [0, 0]
    expected = tuple(str(number) for number in range(50))
    for first in range(1_000, 7_000, 1_000):
        assert conversations.history(str(first), 100) == expected
    assert rows(path) == {"trace": 300, "turn": 300, "feedback": 0}


def settings(path: Path, days: int) -> Settings:
    return Settings(conversations_db=path, conversation_days=days)


def test_a_service_starts_without_what_is_too_old(path: Path) -> None:
    """By CONVERSATION_DAYS; the rest is there again."""
    first = open_conversations(settings(path, 7), NOON)
    ask(first, "a", trace(1, "Cũ?", NOON - 6 * DAY))
    ask(first, "a", trace(2, "Mới?", NOON))
    first.close()

    again = open_conversations(settings(path, 7), NOON + 2 * DAY)
    assert again.history("a", 5) == ("Mới?",)


def test_zero_days_keep_nothing_on_the_disk(path: Path) -> None:
    """Follow-ups work, for a day at most; no file, and what was in one is deleted."""
    apart = path.with_name("none.sqlite")
    memory = open_conversations(settings(apart, 0), NOON)
    ask(memory, "a", trace(1, SECRET, NOON))

    assert memory.history("a", 5) == (SECRET,)
    assert memory.give_feedback(f"{1:016}", "lan", Rating.UP)
    assert not apart.exists()
    assert memory.expire(NOON + DAY) == 0
    assert memory.expire(NOON + 2 * DAY) == 2
    kept = open_conversations(settings(path, 90), NOON)
    ask(kept, "a", trace(1, SECRET, NOON))
    open_conversations(settings(path, 0), NOON + DAY)
    assert rows(path) == {"trace": 0, "turn": 0, "feedback": 0}
    assert SECRET.encode() not in bytes_of(path)


def test_the_index_may_be_deleted_without_them() -> None:
    """`make clean` empties `vectors/`; the conversations are elsewhere."""
    fields = Settings.model_fields
    vectors, path = fields["vectors_dir"].default, fields["conversations_db"].default

    assert vectors not in path.parents
    assert f"{path.parent}/" in (PROJECT / ".gitignore").read_text().splitlines()


def test_a_file_that_is_none_is_said(path: Path) -> None:
    """With its name, whatever the days are."""
    path.write_text("Đây không phải là cơ sở dữ liệu. " * 200, "utf-8")

    for days in (0, 90):
        with pytest.raises(StoreUnavailable, match=str(path)):
            open_conversations(settings(path, days))


@pytest.mark.parametrize("days", ["-1", "36501", "nhiều"])
def test_days_that_are_none_are_refused(days: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The key is named, not what it was set to."""
    monkeypatch.setenv("CONVERSATION_DAYS", days)

    with pytest.raises(SettingsError, match="CONVERSATION_DAYS: Input should be"):
        read_settings()
