"""seeds/ -> vectors/, and back: read, split, encode, write; open.

`build` is idempotent: nothing is done while the snapshot in use was made from the same
files by the same code and model, and a passage that was embedded before is not embedded
again.
"""

from __future__ import annotations

import hashlib
import os
import stat
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from retrieval import snapshot
from retrieval.articles import article_paths, read_article
from retrieval.chunking import split_article
from retrieval.dense import DenseIndex
from retrieval.documents import MAX_BYTES
from retrieval.encoders import Encoder, Vectors
from retrieval.errors import ArticleError, IndexIncompatible, IndexUnavailable
from retrieval.records import Entry, Records
from retrieval.schema import Article, Passage
from retrieval.snapshot import Manifest, Skipped
from retrieval.sparse import SparseIndex

_DENSE = "dense.faiss"
_SPARSE = "sparse"
_RECORDS = "records.sqlite"

Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Report:
    """What an ingest did.

    Attributes:
        read: articles in the index.
        skipped: files that are not in it, with the reason.
        encoded: passages that went through the model this time.
        unchanged: the index was up to date and was left alone.
    """

    read: int
    skipped: tuple[Skipped, ...]
    passages: int
    encoded: int
    unchanged: bool
    seconds: float


@dataclass(frozen=True, slots=True)
class Index:
    """An opened snapshot. Rows number the passages in all three parts alike."""

    dense: DenseIndex
    sparse: SparseIndex
    records: Records
    manifest: Manifest

    @classmethod
    def open(cls, vectors: Path, fingerprint: str) -> Index:
        """The snapshot in use.

        Raises:
            IndexMissing: nothing was ingested yet.
            IndexIncompatible: it was built by another model or in another form.
            IndexDamaged: a file is missing or altered.
        """
        folder = snapshot.current_folder(vectors)
        manifest = snapshot.read_manifest(folder)
        if manifest.fingerprint != fingerprint:
            raise IndexIncompatible(
                f"the index was built by the model {manifest.fingerprint}, EMBEDDING_MODEL is now "
                f"{fingerprint}: run `python ingest.py` to rebuild it"
            )
        return cls(
            DenseIndex.open(folder / _DENSE),
            SparseIndex.open(folder / _SPARSE),
            Records.open(folder / _RECORDS),
            manifest,
        )


def build(seeds: Path, vectors: Path, encoder: Encoder, progress: Progress | None = None) -> Report:
    """Bring the index in `vectors` up to date with the files below `seeds`.

    Args:
        progress: called with the passages encoded so far and their number.

    Without a single readable article the index in use stays as it is.
    """
    started = time.perf_counter()
    with snapshot.writer_lock(vectors):
        paths = article_paths(seeds)
        corpus = corpus_digest(seeds, paths)
        previous = _previous(vectors, encoder.fingerprint)
        if previous and previous.manifest.corpus == corpus:
            manifest = previous.manifest
            counts = (manifest.articles, manifest.skipped, manifest.passages, 0, True)
            return Report(*counts, time.perf_counter() - started)
        articles, skipped = read_articles(paths, seeds)
        if not articles:
            return Report(0, tuple(skipped), 0, 0, False, time.perf_counter() - started)
        passages = [
            (article, passage) for article in articles for passage in split_article(article)
        ]
        texts = [embedded_text(article, passage) for article, passage in passages]
        digests = [hashlib.sha256(text.encode()).hexdigest() for text in texts]
        matrix, encoded = _encode(texts, digests, encoder, previous, progress)

        def write_files(folder: Path) -> None:
            DenseIndex.build(matrix).write(folder / _DENSE)
            SparseIndex.build(folder / _SPARSE, texts)
            entries = (Entry(*pair, digest) for pair, digest in zip(passages, digests, strict=True))
            Records.write(folder / _RECORDS, entries)

        def make_manifest(created: str, sizes: dict[str, int]) -> Manifest:
            return Manifest(
                schema_version=snapshot.SCHEMA_VERSION,
                fingerprint=encoder.fingerprint,
                dimensions=encoder.dimensions,
                corpus=corpus,
                articles=len(articles),
                passages=len(passages),
                skipped=tuple(skipped),
                created=created,
                sizes=sizes,
            )

        snapshot.publish(vectors, write_files, make_manifest)
        seconds = time.perf_counter() - started
        return Report(len(articles), tuple(skipped), len(passages), encoded, False, seconds)


def read_articles(paths: Sequence[Path], seeds: Path) -> tuple[list[Article], list[Skipped]]:
    """Every article that can be read, and every file that can not with its reason."""
    articles: dict[str, Article] = {}
    skipped = []
    for path in paths:
        try:
            article = read_article(path, seeds)
            article.id.encode()
        except ArticleError as error:
            skipped.append(Skipped(_shown(path), str(error)))
        except UnicodeEncodeError:
            skipped.append(Skipped(_shown(path), "its name is no valid UTF-8; rename it"))
        else:
            # One name, once composed and once decomposed, as a copy from a Mac leaves it.
            if other := articles.get(article.id):
                skipped.append(Skipped(_shown(path), f"has the same name as {other.path}"))
            else:
                articles[article.id] = article
    return list(articles.values()), skipped


def embedded_text(article: Article, passage: Passage) -> str:
    """What encoder and BM25 see: title, place and day stand before the stored passage."""
    day = article.date
    known = (
        article.title,
        article.province or article.source,
        f"{day.day}/{day.month}/{day.year}" if day else None,
    )
    return f"{'. '.join(part for part in known if part)}\n{passage.text}"


def corpus_digest(seeds: Path, paths: Sequence[Path]) -> str:
    """Digest of the files (sidecars too) and of this package's code and data.

    The code is part of it because a corrected reader must not leave old labels behind.
    """
    digest = hashlib.sha256()
    package = Path(__file__).parent
    for folder, files in (
        (package, sorted([*package.glob("*.py"), *package.glob("data/*.csv")])),
        (seeds, sorted({*paths, *seeds.rglob("*.json")})),
    ):
        for path in files:
            digest.update(os.fsencode(path.relative_to(folder)) + b"\0" + _file_digest(path))
    return digest.hexdigest()


def _file_digest(path: Path) -> bytes:
    """Of the content; of what is no article anyway (a pipe, a huge file) only the outside."""
    try:
        status = path.stat()
        if not stat.S_ISREG(status.st_mode) or status.st_size > MAX_BYTES:
            return f"{status.st_mode} {status.st_size} {status.st_mtime_ns}".encode()
        return hashlib.sha256(path.read_bytes()).digest()
    except OSError as error:
        return type(error).__name__.encode()


def _shown(path: Path) -> str:
    """A path that can be printed and stored, whatever bytes its name has."""
    return os.fsencode(path).decode("utf-8", "backslashreplace")


def _previous(vectors: Path, fingerprint: str) -> Index | None:
    try:
        return Index.open(vectors, fingerprint)
    except IndexUnavailable:
        return None


def _encode(
    texts: Sequence[str],
    digests: Sequence[str],
    encoder: Encoder,
    previous: Index | None,
    progress: Progress | None,
) -> tuple[Vectors, int]:
    """`(len(texts), dimensions) float32`, and how many of them were not known before."""
    known = previous.records.digests() if previous else {}
    new = [number for number, digest in enumerate(digests) if digest not in known]
    old = [number for number, digest in enumerate(digests) if digest in known]
    matrix = np.empty((len(texts), encoder.dimensions), np.float32)
    if previous and old:
        matrix[old] = previous.dense.vectors([known[digests[number]] for number in old])
    if new:
        matrix[new] = encoder.encode_passages(
            [texts[number] for number in new],
            (lambda done: progress(len(old) + done, len(texts))) if progress else None,
        )
    return matrix, len(new)
