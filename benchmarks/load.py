"""The HTTP service under load: answers a second, and how long they take, at 1, 8 and 32 clients.

    python -m benchmarks.load prepare SET DISTRACTORS.jsonl.gz FOLDER [--passages 10000]
    python -m benchmarks.load run SET FOLDER [--workers N]

`prepare` writes that many passages as articles into FOLDER/seeds and ingests them. `run` starts
`python -m bot http` over them and asks the set's questions: each client the next one as soon as
it has its answer, every question once a round.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import socket
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import IO

import httpx

from benchmarks.latency import MOST_DISTRACTORS, first_with
from retrieval.evaluation_sets import read_distractors, read_set
from retrieval.schema import Article
from retrieval.settings import PROJECT

CLIENTS = (1, 8, 32)
ROUNDS = 3
SECONDS = 10.0
WARMING = 20
_STARTING = 60.0


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    commands = parser.add_subparsers(required=True)
    preparing = commands.add_parser("prepare")
    preparing.add_argument("set", type=Path)
    preparing.add_argument("distractors", type=Path)
    preparing.add_argument("folder", type=Path)
    preparing.add_argument("--passages", type=int, default=10_000)
    preparing.set_defaults(command=prepare)
    running = commands.add_parser("run")
    running.add_argument("set", type=Path)
    running.add_argument("folder", type=Path)
    running.add_argument("--workers", type=int, default=1)
    running.set_defaults(command=run)
    options = parser.parse_args()
    options.command(options)


def prepare(options: argparse.Namespace) -> None:
    """An archive in a folder."""
    data = read_set(options.set)
    others = read_distractors(options.distractors, MOST_DISTRACTORS, data.articles)
    articles = first_with([*data.articles, *others], options.passages)
    seeds = options.folder / "seeds"
    seeds.mkdir(parents=True)
    for number, article in enumerate(articles):
        (seeds / f"{number:05}.md").write_text(as_markdown(article), encoding="utf-8")
    command = [sys.executable, "ingest.py", "--seeds", str(seeds)]
    vectors = ["--vectors", str(options.folder / "vectors")]
    # 1: what holds no sentence of an article was skipped.
    if subprocess.run([*command, *vectors], cwd=PROJECT).returncode not in (0, 1):
        raise SystemExit("the archive can not be ingested")


def as_markdown(article: Article) -> str:
    """The article with what is known of it in front."""
    stated = {"title": article.title, "source": article.source, "province": article.province}
    lines = [f"{key}: {value}" for key, value in stated.items() if value]
    if article.date:
        lines.append(f"date: {article.date.isoformat()}")
    return "\n".join(["---", *lines, "---", "", article.text])


def run(options: argparse.Namespace) -> None:
    """A line a number of clients and round."""
    questions = [question.text for question in read_set(options.set).questions]
    with running_service(options.folder, options.workers) as address:
        asyncio.run(measure(address, questions))


async def measure(address: str, questions: list[str]) -> None:
    limits = httpx.Limits(max_connections=None, max_keepalive_connections=None)
    async with httpx.AsyncClient(base_url=address, timeout=60, limits=limits) as client:
        for question in questions[:WARMING]:
            await ask(client, question)
        for clients in CLIENTS:
            for _ in range(ROUNDS):
                print(f"{clients:3} clients  {await round_of(client, clients, questions)}")


async def round_of(client: httpx.AsyncClient, clients: int, questions: list[str]) -> str:
    """Answers a second, median and 95th percentile, in a round of some seconds."""
    waiting = iter(questions)
    spent: list[float] = []
    until = time.perf_counter() + SECONDS

    async def ask_on() -> None:
        for question in waiting:
            if time.perf_counter() > until:
                return
            spent.append(await ask(client, question))

    started = time.perf_counter()
    await asyncio.gather(*(ask_on() for _ in range(clients)))
    rate = len(spent) / (time.perf_counter() - started)
    p95 = statistics.quantiles(spent, n=20)[-1]
    return f"{rate:6.1f} answers/s  p50 {statistics.median(spent):7.1f} ms  p95 {p95:7.1f} ms"


async def ask(client: httpx.AsyncClient, question: str) -> float:
    """Milliseconds until the whole answer is there."""
    started = time.perf_counter()
    response = await client.post("/v1/ask", json={"question": question})
    response.raise_for_status()
    return (time.perf_counter() - started) * 1_000


@contextmanager
def running_service(folder: Path, workers: int) -> Iterator[str]:
    """Its address; it ends with the context."""
    with service_process(folder, {"HTTP_WORKERS": str(workers)}) as (address, _):
        yield address


@contextmanager
def service_process(
    folder: Path, settings: Mapping[str, str], log: IO[bytes] | None = None
) -> Iterator[tuple[str, int]]:
    """Address and process id of a service over FOLDER/vectors; it ends with the context."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environment = os.environ | {
        "VECTORS_DIR": str(folder / "vectors"),
        "CONVERSATIONS_DB": str(folder / "conversations.sqlite"),
        "HTTP_PORT": str(port),
        "HTTP_QUESTIONS_PER_MINUTE": "0",
        "OPENAI_BASE_URL": "",
        **settings,
    }
    command = [sys.executable, "-m", "bot", "http"]
    process = subprocess.Popen(command, cwd=PROJECT, env=environment, stdout=log, stderr=log)
    address = f"http://127.0.0.1:{port}"
    try:
        wait_until_ready(address)
        yield address, process.pid
    finally:
        process.terminate()
        process.wait()


def wait_until_ready(address: str) -> None:
    until = time.monotonic() + _STARTING
    while True:
        try:
            if httpx.get(f"{address}/readyz").status_code == 200:
                return
        except httpx.TransportError:
            pass
        if time.monotonic() > until:
            raise SystemExit("the service does not start")
        time.sleep(0.1)


if __name__ == "__main__":
    main()
