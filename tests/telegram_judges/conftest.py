"""The two judges, each with the bot before it; no test may leave a fault behind."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.telegram_judges.emulated_chat import EmulatorJudge, emulator_judge
from tests.telegram_judges.in_process_chat import InProcessJudge, in_process_judge
from tests.telegram_judges.seen import Chat, Judge


@pytest.fixture(scope="session")
def telemelya(
    seed_vectors: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[EmulatorJudge]:
    with emulator_judge(tmp_path_factory.mktemp("telemelya"), seed_vectors) as judge:
        yield judge


@pytest.fixture(scope="session")
def tg_auto_test(
    seed_vectors: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[InProcessJudge]:
    with in_process_judge(tmp_path_factory.mktemp("tg_auto_test"), seed_vectors) as judge:
        yield judge


@pytest.fixture(params=["telemelya", "tg_auto_test"])
def chat(request: pytest.FixtureRequest) -> Iterator[Chat]:
    """A new chat; each test with it is run before both judges."""
    judge: Judge = request.getfixturevalue(request.param)
    yield judge.new_chat()
    assert judge.faults() == []
