"""The HTTP service over a long time: does its memory grow, does it keep files open, does it fail?

    python -m benchmarks.soak MINUTES [--clients N]

Copies the seeds, starts `python -m bot http` over them and lets clients ask, search, read articles
and leave streams midway, while articles are uploaded, changed and deleted and `ingest.py` runs.
A fifth of the time is for warming up. Reads /proc, so it runs on Linux alone.

Exit status: 1 where the memory grew by more than 5 %, a handle was leaked or an answer failed.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import random
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path

import httpx

from benchmarks.load import service_process
from benchmarks.soak_clients import Client, Failures
from bot.http.access import Role, make_key
from retrieval.settings import PROJECT

MOST_GROWTH = 0.05
_READING_EVERY = 10.0  # seconds
# Readings that stand for the memory at a time: their median, of a minute.
_READINGS = 6
_WARMING = 0.2
_CHANGING_EVERY = 5.0
_INGEST_SECONDS = 120.0  # it takes two, on a busy machine ten
# A connection that the client has closed is let go by then, and an old snapshot too.
_QUIET = 8.0
_AT_ONCE = 10  # questions of each client


@dataclass
class Process:
    """What the system says of a process.

    Attributes:
        index_folder: mapped files are counted that are, or were, below it.
        anonymous: megabytes, a reading every ten seconds. Mapped files are not in it: they are
            given back whenever the memory is wanted.
    """

    pid: int
    index_folder: Path
    anonymous: list[float] = field(default_factory=list)

    def read_memory(self) -> None:
        status = Path(f"/proc/{self.pid}/status").read_text(encoding="ascii")
        line = next(line for line in status.splitlines() if line.startswith("RssAnon:"))
        self.anonymous.append(int(line.split()[1]) / 1_024)

    def handles(self) -> int:
        return len(list(Path(f"/proc/{self.pid}/fd").iterdir()))

    def mapped(self) -> int:
        """Files of indexes, the deleted ones too: an index that is kept alive keeps them."""
        lines = Path(f"/proc/{self.pid}/maps").read_text(encoding="utf-8").splitlines()
        paths = {line.split(maxsplit=5)[5] for line in lines if str(self.index_folder) in line}
        return len(paths)


class Archive:
    """Changes articles, one way after the other, and has them ingested."""

    def __init__(self, seeds: Path, vectors: Path, client: httpx.AsyncClient) -> None:
        self._seeds = seeds
        self._vectors = vectors
        self._client = client
        self._draw = random.Random(1)
        self._uploaded: list[str] = []
        self.changes = 0

    async def change_on(self, until: float, failures: Failures) -> None:
        """Until that time, every few seconds."""
        ways = (self._upload, self._write, self._upload, self._write, self._delete, self._remove)
        while time.monotonic() < until:
            with failures.counted():
                await ways[self.changes % len(ways)]()
            self.changes += 1
            await asyncio.sleep(_CHANGING_EVERY)

    async def _upload(self) -> None:
        files = {"file": (f"tai-len-{self.changes}.txt", self._article().encode())}
        response = await self._client.post("/v1/articles", files=files)
        response.raise_for_status()
        self._uploaded.append(response.json()["id"])

    async def _delete(self) -> None:
        """Two were uploaded since the last time; at times both go."""
        for _ in range(self._draw.randint(1, 2) if len(self._uploaded) < 8 else 3):
            if self._uploaded:
                name = self._uploaded.pop(0)
                (await self._client.delete(f"/v1/articles/{name}")).raise_for_status()

    async def _write(self) -> None:
        """A file that was not there, or another text into the one that is."""
        (self._seeds / "doi.txt").write_text(self._article(), encoding="utf-8")
        await asyncio.to_thread(run_ingest, self._seeds, self._vectors)

    async def _remove(self) -> None:
        (self._seeds / "doi.txt").unlink()
        await asyncio.to_thread(run_ingest, self._seeds, self._vectors)

    def _article(self) -> str:
        """Of several passages, about a matter that no question of the seeds is about."""
        day, year = self._draw.randint(1, 28), self._draw.randint(2010, 2023)
        lines = [f"Lào Cai: Vụ lúa năm {year}", "", f"{day}/9/{year}", ""]
        for number in range(self._draw.randint(5, 40)):
            area = self._draw.randint(10, 9_999)
            lines.append(
                f"Xã số {number} gieo cấy được {area} ha lúa, năng suất {area % 70} tạ một ha, "
                f"nông dân phấn khởi vì được mùa và giá thóc tăng {area % 9}% so với vụ trước."
            )
        return "\n".join(lines)


def run_ingest(seeds: Path, vectors: Path) -> None:
    folders = ["--seeds", str(seeds), "--vectors", str(vectors)]
    command = [sys.executable, "ingest.py", "--quiet", *folders]
    try:
        done = subprocess.run(command, cwd=PROJECT, timeout=_INGEST_SECONDS)
    except subprocess.TimeoutExpired:
        raise RuntimeError("ingest.py does not end") from None
    if done.returncode:
        raise RuntimeError("ingest.py failed")


async def soak(minutes: float, clients: int, folder: Path) -> bool:
    """Whether all was well."""
    seeds, vectors = folder / "seeds", folder / "vectors"
    shutil.copytree(PROJECT / "seeds", seeds)
    key, entry = make_key("soak", Role.ADMIN)
    settings = {"HTTP_API_KEYS": entry, "SEEDS_DIR": str(seeds)}
    headers = {"Authorization": f"Bearer {key}"}
    run_ingest(seeds, vectors)
    failures = Failures()
    log = folder / "service.log"
    with log.open("wb") as told, service_process(folder, settings, told) as (address, pid):
        process = Process(pid, vectors)
        async with httpx.AsyncClient(base_url=address, timeout=120, headers=headers) as admin:
            archive = Archive(seeds, vectors, admin)
            asking = [Client(number, address, headers, failures) for number in range(clients)]
            whole = minutes * 60
            await _run(whole * _WARMING, process, archive, asking, failures)
            warm = await _at_rest(process, asking)
            start = len(process.anonymous)
            await _run(whole * (1 - _WARMING), process, archive, asking, failures)
            end = await _at_rest(process, asking)
    failures.read_log(log)
    first = statistics.median(process.anonymous[start : start + _READINGS])
    last = statistics.median(process.anonymous[-_READINGS:])
    growth = last / first - 1
    print(
        f"memory after warm-up {first:.1f} MB, at the end {last:.1f} MB ({growth:+.1%}), "
        f"handles {warm[0]} and {end[0]}, mapped index files {warm[1]} and {end[1]}, "
        f"{sum(client.answers for client in asking)} answers, {archive.changes} changes of the "
        f"archive, {failures.number} failures"
    )
    has_leak = end[0] > warm[0] or end[1] > warm[1]
    return growth <= MOST_GROWTH and not has_leak and not failures.number


async def _run(
    seconds: float, process: Process, archive: Archive, asking: list[Client], failures: Failures
) -> None:
    until = time.monotonic() + seconds
    reading = asyncio.create_task(_read_on(process, archive, asking, failures))
    await asyncio.gather(
        archive.change_on(until, failures), *(client.ask_on(until) for client in asking)
    )
    reading.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await reading


async def _read_on(
    process: Process, archive: Archive, asking: list[Client], failures: Failures
) -> None:
    while True:
        await asyncio.sleep(_READING_EVERY)
        process.read_memory()
        print(
            f"{len(process.anonymous) * _READING_EVERY:6.0f} s  {process.anonymous[-1]:7.1f} MB  "
            f"{process.handles()} handles  {process.mapped()} mapped  "
            f"{sum(client.answers for client in asking)} answers  {archive.changes} changes  "
            f"{failures.number} failures",
            flush=True,
        )


async def _at_rest(process: Process, asking: list[Client]) -> tuple[int, int]:
    """Handles and mapped files of the index while nobody asks.

    Before, many ask at once: every thread that there may be is there, with what it opens.
    """
    await asyncio.gather(*(client.ask_at_once(_AT_ONCE) for client in asking))
    await asyncio.sleep(_QUIET)
    return process.handles(), process.mapped()


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("minutes", type=float)
    parser.add_argument("--clients", type=int, default=4)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="soak-") as folder:
        return 0 if asyncio.run(soak(options.minutes, options.clients, Path(folder))) else 1


if __name__ == "__main__":
    sys.exit(main())
