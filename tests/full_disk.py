"""Fills a small disk with an index, again and again, and looks at the index after each time.

    unshare --mount python -m tests.full_disk FOLDER

A disk of its own (tmpfs) is mounted at the folder, for this process alone. Prints a JSON object
for each time: what was said and by which part, and how much was embedded, before and then. The last
but one has room enough, and for the last the disk may only be read.
"""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import sys
import traceback
from collections.abc import Sequence
from contextlib import closing
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np

from retrieval import remembering
from retrieval.building import build
from retrieval.encoders import Progress, Vectors
from retrieval.errors import IndexForbidden, IndexUnwritten
from retrieval.index import Index
from tests.fakes import LetterEncoder

TEXT = "Hội nghị số {0}\nBẮC KẠN, ngày 3/9/2024\nSáng 3/9, Bắc Kạn tổ chức hội nghị số {0}.\n"
MORE = "Đại biểu thứ {1} của xã {0} phát biểu về việc làm đường giao thông nông thôn.\n"
ARTICLES = 60
# kB.
SIZE = 16_000
STEP = 60


class WideEncoder(LetterEncoder):
    """Its vectors are as long as those of a model."""

    dimensions = 384

    def encode_passages(self, texts: Sequence[str], progress: Progress | None = None) -> Vectors:
        short = super().encode_passages(texts, progress)
        return np.pad(short, ((0, 0), (0, self.dimensions - short.shape[1])))


def main(folder: Path) -> None:
    mount(folder, "-t", "tmpfs", "-o", f"size={SIZE}k")
    seeds = folder / "seeds"
    seeds.mkdir()
    write(seeds, 0)
    build(seeds, folder / "vectors", WideEncoder())
    for number in range(1, ARTICLES):
        write(seeds, number)
    remembering._CHUNK = 50
    for free in (0, 100, 300, 700):
        look(folder, free)
    for free in range(0, SIZE, STEP):
        if look(folder, SIZE // 3, free):
            break
    write(seeds, ARTICLES)
    mount(folder, "-o", "remount,ro")
    look(folder)


def mount(folder: Path, *options: str) -> None:
    subprocess.run(["mount", *options, "tmpfs", str(folder)], check=True)


def look(folder: Path, free: int | None = None, free_then: int | None = None) -> bool:
    """Whether an ingest came to its end; prints what became of it.

    Args:
        free: kB for it.
        free_then: kB that are left once everything is embedded.
    """
    embedded_before = remembered(folder / "vectors")
    if free is not None:
        fill(folder / "ballast", free)
    attempted = attempt(folder, free_then)
    index = Index.open(folder / "vectors", "letters", fully=True)
    found = {
        "embedded_before": embedded_before,
        "answers": index.manifest.articles,
        "left": [one.name for one in (folder / "vectors").glob(".writing-*")],
    }
    print(json.dumps(found | asdict(attempted)))
    return not attempted.said


def write(seeds: Path, number: int) -> None:
    lines = [MORE.format(number, line) for line in range(5)]
    (seeds / f"{number}.txt").write_text(TEXT.format(number) + "".join(lines), encoding="utf-8")


@dataclass(frozen=True, slots=True)
class Attempt:
    """An ingest.

    Attributes:
        said: why it did not come to its end.
        part: the module that could not go on.
    """

    said: str
    part: str
    embedded: int


def attempt(folder: Path, free_then: int | None) -> Attempt:
    encoder = WideEncoder()

    def progress(embedding: str, done: int, total: int) -> None:
        if free_then is not None and (embedding, done) == ("sentences", total):
            fill(folder / "ballast", free_then)

    try:
        build(folder / "seeds", folder / "vectors", encoder, progress)
    except (IndexForbidden, IndexUnwritten) as error:
        frames = traceback.extract_tb(error.__cause__.__traceback__ if error.__cause__ else None)
        names = [Path(frame.filename) for frame in frames]
        part = [name.stem for name in names if name.parent.name == "retrieval"][-1]
        return Attempt(str(error), part, len(encoder.encoded))
    return Attempt("", "", len(encoder.encoded))


def remembered(vectors: Path) -> int:
    """How many texts an ingest that broke off has embedded."""
    memory = vectors / ".embedding.sqlite"
    if not memory.exists() or memory.stat().st_size == 0:
        return 0
    with closing(sqlite3.connect(memory)) as connection:
        return int(connection.execute("select count(*) from vector").fetchone()[0])


def fill(ballast: Path, free: int) -> None:
    """Leave so many kB."""
    ballast.unlink(missing_ok=True)
    state = os.statvfs(ballast.parent)
    ballast.write_bytes(b"x" * (state.f_bavail * state.f_frsize - free * 1_024))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
