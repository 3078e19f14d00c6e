"""Fuzzing by coverage, with atheris: `python -m tests.fuzz TARGET FOLDER [libFuzzer's options]`.

    file      any_file -> read_article -> split_article
    split     text -> split_article
    question  question and history -> understand
    answer    the same, with filters, -> answer over the seeds

What fails is left in FOLDER and can be given again as an option to be tried alone.

Beginnings are random bytes, always the same: from nothing the fuzzer would try short inputs for
long, and those choose the least of everything.
"""

from __future__ import annotations

import random
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["retrieval", "bot"]):
    import bot.answering  # noqa: F401  (all of them are instrumented)
    import retrieval.datelines
    import retrieval.documents
    import retrieval.pdf_pages
    import retrieval.webpages  # noqa: F401

from retrieval.building import build
from retrieval.encoders import open_encoder
from retrieval.filters import GivenFilters
from retrieval.index import Index
from retrieval.schema import Article
from retrieval.search import Retriever
from retrieval.settings import PROJECT
from retrieval.snapshot import models_folder
from retrieval.text import normalise
from tests.fuzz import material
from tests.fuzz.guarantees import check_answer, check_file, check_passages, check_question

# Characters, as of an article of several pages.
LONGEST = 20_000
# Instrumented code takes some three times as long as it does otherwise.
SECONDS = 3.0
_FILTERED = ("", "Bắc Kạn", "Quảng Ninh", "2017", "31/2/2017", "7/2024", "?", "\0")


class Fed:
    """Choices out of the bytes that libFuzzer tries."""

    def __init__(self, data: bytes) -> None:
        self._provider = atheris.FuzzedDataProvider(data)

    def number(self, least: int, most: int) -> int:
        return int(self._provider.ConsumeIntInRange(least, most))

    def text(self, longest: int) -> str:
        return str(self._provider.ConsumeUnicode(longest))

    def data(self, longest: int) -> bytes:
        return bytes(self._provider.ConsumeBytes(longest))


def file_target(folder: Path) -> Callable[[bytes], None]:
    def target(data: bytes) -> None:
        check_file(*material.any_file(Fed(data), LONGEST), folder, SECONDS)

    return target


def split_target(folder: Path) -> Callable[[bytes], None]:
    def target(data: bytes) -> None:
        text = normalise(material.page(Fed(data), LONGEST))
        check_passages(Article("a.txt", "a", text, None, None, None, "a.txt"), SECONDS)

    return target


def question_target(folder: Path) -> Callable[[bytes], None]:
    def target(data: bytes) -> None:
        check_question(*_asked(Fed(data)), SECONDS)

    return target


def answer_target(folder: Path) -> Callable[[bytes], None]:
    encoder = open_encoder("bundled", models_folder(PROJECT / "vectors"))
    build(PROJECT / "seeds", folder, encoder)
    retriever = Retriever(Index.open(folder, encoder.fingerprint), encoder)

    def target(data: bytes) -> None:
        choices = Fed(data)
        question, history = _asked(choices)
        chosen = [_FILTERED[choices.number(0, 7)] for _ in range(3)]
        filters = GivenFilters([chosen[0]] if chosen[0] else (), chosen[1], chosen[2])
        check_answer(retriever, question, history, filters, SECONDS)

    return target


def _asked(choices: Fed) -> tuple[str, list[str]]:
    history = [material.short_question(choices) for _ in range(max(0, choices.number(0, 4) - 2))]
    make = material.question if choices.number(0, 1) else material.short_question
    return make(choices), history


TARGETS = {
    "file": file_target,
    "split": split_target,
    "question": question_target,
    "answer": answer_target,
}


def main() -> None:
    name, found, *options = sys.argv[1:]
    Path(found).mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        target = TARGETS[name](Path(folder))
        defaults = ["-max_len=600", "-len_control=0", "-timeout=20", "-rss_limit_mb=4000"]
        defaults += ["-verbosity=0", "-print_final_stats=1", f"-artifact_prefix={found}/{name}-"]
        if not any(Path(option).is_file() for option in options):
            options.append(beginnings(Path(folder)))
        atheris.Setup(["fuzz", *defaults, *options], target)
        atheris.Fuzz()


def beginnings(folder: Path) -> str:
    """A folder of inputs to start from."""
    corpus = folder / "corpus"
    corpus.mkdir()
    for number in range(100):
        data = random.Random(number).randbytes(20 + 4 * number)
        (corpus / str(number)).write_bytes(data)
    return str(corpus)


if __name__ == "__main__":
    main()
