"""Builds an index in processes that are killed at random moments, and looks at it after each.

    python -m tests.crashing_ingest SEEDS VECTORS KILLS SEED

It forks, so that nothing is imported anew; prints how many were killed before they had ended.
"""

from __future__ import annotations

import os
import random
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path

from retrieval.building import build
from retrieval.index import Index
from tests.fakes import LetterEncoder

TEXT = "Hội nghị dân vận\n\nSáng 23/7/2024, Bắc Kạn tổ chức hội nghị số {} về dân vận, khoá {}.\n"


def main(seeds: Path, vectors: Path, kills: int, seed: int) -> None:
    chance = random.Random(seed)
    write(seeds, 0)
    _run(lambda: build(seeds, vectors, LetterEncoder()))
    whole = 0
    for term in range(1, kills + 1):
        write(seeds, term)
        child = os.fork()
        if child == 0:
            build(seeds, vectors, LetterEncoder())
            os._exit(0)
        time.sleep(chance.uniform(0.0, 0.12))
        os.kill(child, signal.SIGKILL)
        _, status = os.waitpid(child, 0)
        whole += os.WIFEXITED(status)
        _run(lambda: check(vectors))
    _run(lambda: build(seeds, vectors, LetterEncoder()))
    print(kills - whole)


def write(seeds: Path, term: int) -> None:
    """Every article changes with the term, and every other term one is missing."""
    for number in range(8):
        path = seeds / f"{number}.txt"
        if number == 7 and term % 2:
            path.unlink(missing_ok=True)
        else:
            path.write_text(TEXT.format(number, term), encoding="utf-8")


def check(vectors: Path) -> None:
    """All parts are of one term, and of all its articles."""
    index = Index.open(vectors, "letters", fully=True)
    found = index.records.passages(list(range(index.manifest.passages)))
    terms = {article.text.rpartition(" ")[2] for article, _ in found}
    assert len(terms) == 1, terms
    assert index.passages.count == index.sparse.count == len(found) == index.manifest.passages
    assert index.manifest.articles == len(found) == 8 - int(terms.pop().rstrip(".")) % 2
    for row, (_, passage) in enumerate(found):
        vector = LetterEncoder().encode_question(passage.text)
        assert index.passages.vectors([row])[0] @ vector > 0.9


def _run(work: Callable[[], object]) -> None:
    """In a process of its own: this one starts no thread before it forks."""
    child = os.fork()
    if child == 0:
        try:
            work()
        except BaseException as error:
            print(repr(error), file=sys.stderr)
            os._exit(1)
        os._exit(0)
    _, status = os.waitpid(child, 0)
    if os.waitstatus_to_exitcode(status):
        sys.exit(1)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4]))
