"""The file of traces and conversations: who may read it, who may write it, and what is none."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from retrieval.database import Database, storable
from retrieval.errors import StoreUnavailable
from retrieval.settings import PROJECT

TABLE = "create table if not exists word (text text)"
SECRET = "Ai đã nhận phong bì của giám đốc sở?"


def insert(database: Database, *texts: str) -> None:
    with database.transaction() as connection:
        connection.execute(TABLE)
        connection.executemany("insert into word values (?)", [(text,) for text in texts])


def bytes_of(path: Path) -> bytes:
    """The file with its companions."""
    return b"".join(one.read_bytes() for one in sorted(path.parent.glob(f"{path.name}*")))


def test_only_the_owner_may_read_it(tmp_path: Path) -> None:
    """File, companions and the folder that was made for them."""
    path = tmp_path / "state" / "some.sqlite"
    database = Database.open(path)
    insert(database, "một")

    modes = {one.name: one.stat().st_mode & 0o777 for one in path.parent.iterdir()}
    assert modes == {"some.sqlite": 0o600, "some.sqlite-shm": 0o600, "some.sqlite-wal": 0o600}
    assert path.parent.stat().st_mode & 0o777 == 0o700


def test_what_was_written_is_there_again(tmp_path: Path) -> None:
    """For a second connection at once, and after everything was closed."""
    first = Database.open(tmp_path / "some.sqlite")
    insert(first, "một")
    second = Database.open(tmp_path / "some.sqlite")

    assert second.read("select text from word") == [("một",)]
    first.close()
    second.close()
    assert Database.open(tmp_path / "some.sqlite").read("select text from word") == [("một",)]


def test_a_transaction_is_all_or_nothing(tmp_path: Path) -> None:
    """One inside another is a part of it: what fails later takes it back."""
    database = Database.open(tmp_path / "some.sqlite")
    insert(database, "một")

    def insert_and_fail() -> None:
        with database.transaction():
            insert(database, "hai")
            raise KeyError

    with pytest.raises(KeyError):
        insert_and_fail()
    assert database.read("select text from word") == [("một",)]


def test_threads_share_it(tmp_path: Path) -> None:
    """Eight threads on one connection lose nothing."""
    database = Database.open(tmp_path / "some.sqlite")
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda number: insert(database, str(number)), range(200)))

    assert database.read("select count(distinct text), count(*) from word") == [(200, 200)]


def test_processes_share_it(tmp_path: Path) -> None:
    """Four that create the file at once and write to it, one of them wiping it meanwhile."""
    script = (
        "import sys; from pathlib import Path; from retrieval.database import Database\n"
        "from tests.test_database import insert\n"
        "database = Database.open(Path(sys.argv[1]))\n"
        "for number in range(100):\n"
        "    insert(database, f'{sys.argv[2]} {number}')\n"
        "    if sys.argv[2] == '0' and number % 25 == 0: database.wipe()\n"
    )
    path = tmp_path / "some.sqlite"
    running = [
        subprocess.Popen([sys.executable, "-c", script, path, str(number)], cwd=PROJECT)
        for number in range(4)
    ]

    assert [process.wait(60) for process in running] == [0, 0, 0, 0]
    database = Database.open(path)
    assert database.read("select count(distinct text), count(*) from word") == [(400, 400)]
    assert database.read("pragma integrity_check") == [("ok",)]


def test_deleted_rows_are_not_in_the_bytes(tmp_path: Path) -> None:
    """Neither in the file nor in its write-ahead log, among others that stay."""
    path = tmp_path / "some.sqlite"
    database = Database.open(path)
    for number in range(500):
        insert(database, f"{SECRET} {number}" if number % 7 == 0 else f"câu hỏi {number}")
    assert SECRET.encode() in bytes_of(path)
    with database.transaction() as connection:
        connection.execute("delete from word where text like ?", (f"{SECRET}%",))
    database.wipe()

    assert SECRET.encode() not in bytes_of(path)
    assert "câu hỏi 499".encode() in bytes_of(path)


def test_a_reader_in_the_way_is_logged(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without a word of the content; the next wipe does what was left."""
    monkeypatch.setattr("retrieval.database._BUSY_SECONDS", 0.1)
    path = tmp_path / "some.sqlite"
    database = Database.open(path)
    insert(database, SECRET)
    reader = sqlite3.connect(path, isolation_level=None)
    reader.execute("begin")
    reader.execute("select * from word").fetchall()
    with database.transaction() as connection:
        connection.execute("delete from word")
    database.wipe()
    assert f"deleted rows may still be in the bytes of {path}" in caplog.text
    assert SECRET not in caplog.text

    reader.close()
    database.wipe()
    assert SECRET.encode() not in bytes_of(path)


def test_other_files_are_refused_and_left_alone(tmp_path: Path) -> None:
    """No database, and a database of another program."""
    text = tmp_path / "text.sqlite"
    text.write_text("Đây là một bài viết. " * 500, "utf-8")
    other = tmp_path / "other.sqlite"
    with sqlite3.connect(other) as connection:
        connection.execute("create table t (a)")
    connection.close()

    for path, reason in ((text, "file is not a database"), (other, "another program's database")):
        before = path.read_bytes()
        with pytest.raises(StoreUnavailable, match=reason) as error:
            Database.open(path)
        assert str(path) in str(error.value)
        assert path.read_bytes() == before


def test_a_file_of_a_later_version_is_refused(tmp_path: Path) -> None:
    """The message says which form it has and what to do."""
    path = tmp_path / "some.sqlite"
    Database.open(path).close()
    with sqlite3.connect(path) as connection:
        connection.execute("pragma user_version = 99")
    connection.close()

    with pytest.raises(StoreUnavailable, match=r"form 99, this version reads form 1"):
        Database.open(path)


def test_a_place_that_can_not_be_written(tmp_path: Path) -> None:
    """A folder where the file should be, a file where its folder should be."""
    (tmp_path / "file").write_text("")

    for path in (tmp_path, tmp_path / "file" / "some.sqlite"):
        with pytest.raises(StoreUnavailable, match="can not be"):
            Database.open(path)


def test_damage_in_the_middle_is_an_error_of_our_own(tmp_path: Path) -> None:
    """Not a traceback of SQLite's, and nothing of the content in it."""
    path = tmp_path / "some.sqlite"
    database = Database.open(path)
    insert(database, *(f"{SECRET} {number}" for number in range(2_000)))
    database.wipe()
    database.close()
    content = bytearray(path.read_bytes())
    content[4_096:] = b"\xff" * (len(content) - 4_096)
    path.write_bytes(content)

    with pytest.raises(StoreUnavailable, match="malformed") as error:
        Database.open(path).read("select count(text) from word where text like 'A%'")
    assert SECRET not in str(error.value)


def test_a_writer_that_is_waited_for_too_long(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The wait has an end, and the message says why."""
    monkeypatch.setattr("retrieval.database._BUSY_SECONDS", 0.1)
    path = tmp_path / "some.sqlite"
    first, second = Database.open(path), Database.open(path)
    with first.transaction(), pytest.raises(StoreUnavailable, match="locked"):
        insert(second, "hai")

    insert(second, "ba")
    assert first.read("select text from word") == [("ba",)]


def test_half_a_character_becomes_a_question_mark() -> None:
    """Broken JSON may bring one, and SQLite can not keep it."""
    assert storable("Dân \ud800vận") == "Dân ?vận"
