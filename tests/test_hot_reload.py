"""New snapshots under load: no answer fails, none is of two snapshots, the new one comes soon."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path
from typing import Any

import httpx
import pytest

from retrieval.encoders import BundledEncoder
from tests.hot_reload import MOST_SECONDS, QUESTION, Archive, Asking, Given, asking, number_in
from tests.http_process import HttpProcess, running_http

# Ingests one after the other, of which a service may miss some.
IN_A_ROW = 5
CONNECTIONS = 4


def number_of(response: httpx.Response, texts: Mapping[int, Mapping[str, str]]) -> int:
    """The one snapshot that an answer is of, to the letter and in both of its halves."""
    assert response.status_code == 200, response.text
    answer: dict[str, Any] = response.json()
    assert answer["outcome"] == "answered", answer["text"]
    number = number_in(answer["text"])
    assert sorted(one["article"] for one in answer["citations"]) == ["1.txt", "2.txt"]
    for one in answer["citations"]:
        assert f"{number} hộ dân" in one["quote"], answer
        assert texts[number][one["article"]][one["start"] : one["end"]] == one["quote"], answer
    return number


def ask(client: httpx.Client, texts: Mapping[int, Mapping[str, str]]) -> int:
    return number_of(client.post("/v1/ask", json={"question": QUESTION}), texts)


@contextmanager
def asking_over_http(archive: Archive, service: HttpProcess) -> Iterator[Asking]:
    """Connections that ask, at least one to each of the processes that answer."""
    clients = connected(service)
    try:
        with asking([partial(ask, client, archive.texts) for client in clients]) as asked:
            yield asked
    finally:
        for client in clients:
            client.close()


def connected(service: HttpProcess) -> list[httpx.Client]:
    clients: list[httpx.Client] = []
    reached: set[int] = set()
    while len(clients) < CONNECTIONS or not reached >= processes(service):
        assert len(clients) < 100, reached
        clients.append(httpx.Client(base_url=service.address, timeout=30))
        reached.add(process_behind(clients[-1], service))
    return clients


def processes(service: HttpProcess) -> set[int]:
    """Those that answer: the workers, or the one that has none."""
    workers = Path(f"/proc/{service.pid}/task/{service.pid}/children").read_text().split()
    commands = {pid: Path(f"/proc/{pid}/cmdline").read_bytes() for pid in workers}
    found = {int(pid) for pid, command in commands.items() if b"spawn_main" in command}
    return found or {service.pid}


def process_behind(client: httpx.Client, service: HttpProcess) -> int:
    """Which of them has accepted a client's connection."""
    response = client.get("/healthz")
    port = response.extensions["network_stream"].get_extra_info("client_addr")[1]
    connections = Path(f"/proc/{service.pid}/net/tcp").read_text().splitlines()[1:]
    rows = [line.split() for line in connections]
    sockets = {f"socket:[{row[9]}]" for row in rows if row[2].endswith(f":{port:04X}")}
    (found,) = (pid for pid in processes(service) if not sockets.isdisjoint(opened_by(pid)))
    return found


def opened_by(pid: int) -> Iterator[str]:
    """What a process has open; it may close some of it meanwhile."""
    for one in Path(f"/proc/{pid}/fd").iterdir():
        with suppress(FileNotFoundError):
            yield str(one.readlink())


@pytest.mark.parametrize("workers", [1, 2])
def test_every_answer_is_of_one_snapshot_and_soon_of_the_new_one(
    encoder: BundledEncoder, tmp_path: Path, workers: int
) -> None:
    """In one process and in two, also where one ingest follows the other at once."""
    archive = Archive(tmp_path, encoder)
    first = archive.publish()
    settings = {"HTTP_WORKERS": str(workers)}
    with running_http(archive.vectors, tmp_path, settings) as service:
        assert len(processes(service)) == workers
        with asking_over_http(archive, service) as asked:
            asked.wait_for(first)
            second = archive.publish(by_command=True)
            asked.wait_for(second)
            for _ in range(IN_A_ROW):
                last = archive.publish()
            asked.wait_for(last)
        assert "can not be opened" not in service.text()
    delays = [
        max(first_answer(given, number).asked for given in asked.given) - archive.ended[number]
        for number in (second, last)
    ]
    answers = [one for given in asked.given for one in given]
    shown = ", ".join(f"{delay:.1f}" for delay in delays)
    print(f"{workers} workers, {len(answers)} answers, new ones {shown} s after the ingest")

    assert max(delays) <= MOST_SECONDS
    for given in asked.given:
        numbers = [one.number for one in given]
        assert numbers == sorted(numbers)
    assert all(archive.begun[one.number] <= one.got for one in answers)


def first_answer(given: list[Given], number: int) -> Given:
    return next(one for one in given if one.number == number)
