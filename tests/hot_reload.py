"""An archive whose every snapshot is told from the others by the answers, and who asks meanwhile.

In every snapshot both articles carry its number, at another place of their texts, and every other
snapshot has an article before them, so that all rows move.
"""

from __future__ import annotations

import re
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import httpx

from retrieval.articles import read_article
from retrieval.building import build
from retrieval.encoders import BundledEncoder
from retrieval.settings import PROJECT
from retrieval.snapshot import models_folder

QUESTION = "So sánh số hộ dân hiến đất làm đường ở Cao Bằng và Sơn La"
# Not so alike that one is taken to repeat the other; `more` moves what stands behind it.
ARTICLES = {
    "0.txt": "Hà Giang: Hội nghị về quy chế dân chủ\nHÀ GIANG, ngày 4/9/2024\n"
    "Sáng 4/9, Ban Dân vận tổ chức hội nghị lần thứ {number} về quy chế dân chủ ở cơ sở.\n",
    "1.txt": "Cao Bằng: Nhiều hộ dân hiến đất làm đường\nCAO BẰNG, ngày 3/9/2024\n"
    "Các chi bộ {more}tiếp tục vận động nhân dân giữ gìn đường làng, ngõ xóm xanh, sạch, đẹp.\n"
    "Nhờ làm tốt công tác dân vận, đến nay {number} hộ dân ở Cao Bằng đã hiến đất làm đường "
    "giao thông nông thôn.\n",
    "2.txt": "Sơn La: Người dân hiến đất làm đường\nSƠN LA, ngày 5/9/2024\n"
    "Việc thực hiện quy chế dân chủ ở cơ sở {more}được các cấp ủy quan tâm chỉ đạo.\n"
    "Qua vận động của Mặt trận, đến nay {number} hộ dân ở Sơn La đã hiến đất làm đường.\n",
}
FIRST = 301
# From the end of the ingest that published a snapshot.
MOST_SECONDS = 5.0
# How long one is waited for before the test gives up.
_PATIENCE = 3 * MOST_SECONDS


class Archive:
    """A folder of articles, and what they said in each of its snapshots."""

    def __init__(self, folder: Path, encoder: BundledEncoder) -> None:
        """
        Attributes:
            texts: of each snapshot, an article's text by its id.
            begun, ended: when the ingest that published a snapshot was called and had ended.
        """
        self._encoder = encoder
        self.seeds, self.vectors = folder / "seeds", folder / "vectors"
        self.texts: dict[int, dict[str, str]] = {}
        self.begun: dict[int, float] = {}
        self.ended: dict[int, float] = {}
        self.seeds.mkdir()
        self.vectors.mkdir()
        models_folder(self.vectors).symlink_to(models_folder(PROJECT / "vectors"))

    def publish(self, *, by_command: bool = False) -> int:
        """The next snapshot; its number.

        Args:
            by_command: as an installation does it; else in this process, which is quicker.
        """
        number = FIRST + len(self.texts)
        for name, text in ARTICLES.items():
            path = self.seeds / name
            path.write_text(text.format(number=number, more="luôn " * (number % 3)), "utf-8")
            if name == "0.txt" and number % 2:
                path.unlink()
        self.texts[number] = {
            path.name: read_article(path).text for path in self.seeds.glob("*.txt")
        }
        self.begun[number] = time.monotonic()
        if by_command:
            command = [sys.executable, "ingest.py", "--quiet", "--seeds", str(self.seeds)]
            command += ["--vectors", str(self.vectors)]
            done = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True)
            assert (done.returncode, done.stderr) == (0, "")
        else:
            build(self.seeds, self.vectors, self._encoder)
        self.ended[number] = time.monotonic()
        return number


@dataclass(frozen=True, slots=True)
class Given:
    """An answer.

    Attributes:
        number: of the snapshot whose figures and quotes it shows.
    """

    asked: float
    got: float
    number: int


@dataclass(slots=True)
class Asking:
    """Threads, each of which asks without pause.

    Attributes:
        given: the answers of each thread, in order.
        failed: what was no answer of one snapshot.
    """

    given: list[list[Given]] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)
    news: threading.Condition = field(default_factory=threading.Condition)
    stop: threading.Event = field(default_factory=threading.Event)

    def ask(self, once: Callable[[], int], given: list[Given]) -> None:
        """Until it is told to stop."""
        while not self.stop.is_set():
            asked = time.monotonic()
            try:
                number = once()
                with self.news:
                    given.append(Given(asked, time.monotonic(), number))
                    self.news.notify()
            except (AssertionError, httpx.HTTPError) as error:
                with self.news:
                    self.failed.append(repr(error))
                    self.news.notify()

    def wait_for(self, number: int) -> None:
        """Until every thread has got an answer of this snapshot."""

        def has_come() -> bool:
            newest = [given[-1].number if given else 0 for given in self.given]
            return bool(self.failed) or min(newest) == number

        with self.news:
            came = self.news.wait_for(has_come, _PATIENCE)
        assert not self.failed, self.failed[0]
        assert came, f"{number} is not what everybody gets"


@contextmanager
def asking(questioners: Sequence[Callable[[], int]]) -> Iterator[Asking]:
    """A thread for each; none may have failed by the end.

    Args:
        questioners: ask once, and tell the number of the snapshot that the answer is of.
    """
    asking = Asking()
    threads = []
    for once in questioners:
        asking.given.append([])
        threads.append(threading.Thread(target=asking.ask, args=(once, asking.given[-1])))
    for thread in threads:
        thread.start()
    try:
        yield asking
    finally:
        asking.stop.set()
        for thread in threads:
            thread.join()
    assert not asking.failed, asking.failed[0]


def number_in(text: str) -> int:
    """The one snapshot whose figures a text tells."""
    numbers = set(re.findall(r"(\d+) hộ dân", text))
    assert len(numbers) == 1, text
    return int(numbers.pop())
