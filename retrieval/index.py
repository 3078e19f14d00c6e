"""seeds/ -> vectors/, and back: read, split, encode, write; open.

`build` is idempotent: nothing is done, and nothing written, while the snapshot in use is whole and
was made from the same files by the same code and model; and a passage that was embedded before is
not embedded again.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from retrieval import snapshot
from retrieval.articles import article_paths
from retrieval.chunking import split_article
from retrieval.corpus import corpus_digest, read_articles
from retrieval.damage import damaged
from retrieval.dense import DenseIndex
from retrieval.duplicates import sketch
from retrieval.embedded import Embedded, Kind, Progress, TextVectors, read_embedded, text_digest
from retrieval.encoders import Encoder, Vectors
from retrieval.errors import (
    IndexDamaged,
    IndexForbidden,
    IndexIncompatible,
    IndexUnavailable,
)
from retrieval.language import Language
from retrieval.records import Entry, Records
from retrieval.schema import Article, Passage
from retrieval.snapshot import Manifest, Skipped
from retrieval.sparse import SparseIndex
from retrieval.text import sentences, words_as_written

_log = logging.getLogger(__name__)

_PASSAGES = "passages.faiss"
_SENTENCES = "sentences.faiss"
_SPARSE = "sparse"
_SPARSE_SENTENCES = "sparse_sentences"
_SPARSE_ARTICLES = "sparse_articles"
_RECORDS = "records.sqlite"
_LANGUAGE = "language"


@dataclass(frozen=True, slots=True)
class Report:
    """What an ingest did.

    Attributes:
        read: articles in the index.
        skipped: files that are not in it, with the reason.
        encoded: passages that went through the model this time, their sentences apart.
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
    """An opened snapshot.

    Rows number the passages alike in `passages`, `sparse` and `records`; the sentences in
    `sentences`, `sparse_sentences` and `records`; the articles in `sparse_articles` and `records`.
    """

    passages: DenseIndex
    sentences: DenseIndex
    sparse: SparseIndex
    sparse_sentences: SparseIndex
    sparse_articles: SparseIndex
    records: Records
    language: Language
    manifest: Manifest

    @classmethod
    def open(cls, vectors: Path, fingerprint: str, *, fully: bool = False) -> Index:
        """The snapshot in use.

        Args:
            fully: check every byte, also where that takes long.

        Raises:
            IndexMissing: nothing was ingested yet.
            IndexIncompatible: it was built by another model or in another form.
            IndexDamaged: a file is missing or altered.
            IndexForbidden: this user may not read it.
            SettingsError: `vectors` is no folder.
        """
        folder = snapshot.current_folder(vectors)
        manifest = snapshot.read_manifest(folder)
        if manifest.fingerprint != fingerprint:
            raise IndexIncompatible(
                f"the index was built by the model {manifest.fingerprint}, EMBEDDING_MODEL is now "
                f"{fingerprint}: run `python ingest.py` to rebuild it"
            )
        snapshot.verify(folder, manifest, fully=fully)
        return cls.read(folder, manifest)

    @classmethod
    def read(cls, folder: Path, manifest: Manifest) -> Index:
        """The files that `write_index` wrote.

        Raises:
            IndexDamaged: a file is missing or altered.
        """
        index = cls(
            DenseIndex.open(folder / _PASSAGES),
            DenseIndex.open(folder / _SENTENCES),
            SparseIndex.open(folder / _SPARSE),
            SparseIndex.open(folder / _SPARSE_SENTENCES),
            SparseIndex.open(folder / _SPARSE_ARTICLES),
            Records.open(folder / _RECORDS),
            Language.open(folder / _LANGUAGE),
            manifest,
        )
        counts = (index.passages.count, index.sentences.count, index.sparse_articles.count)
        held = (index.sparse.count, index.sparse_sentences.count, manifest.articles)
        if counts != held:
            raise damaged(f"a part (counts {counts} and {held})")
        return index


def build(seeds: Path, vectors: Path, encoder: Encoder, progress: Progress | None = None) -> Report:
    """Bring the index in `vectors` up to date with the files below `seeds`.

    Args:
        progress: called with what is embedded, how many are done and how many there are.

    Without a single readable article the index in use stays as it is.
    """
    started = time.perf_counter()
    state = _State.of(seeds, vectors, encoder.fingerprint)
    if state.unchanged is None:
        with snapshot.writer_lock(vectors) as has_waited:
            if has_waited:
                state = _State.of(seeds, vectors, encoder.fingerprint)
            if state.unchanged is None:
                report = _rebuild(state, seeds, vectors, encoder, progress)
                return replace(report, seconds=time.perf_counter() - started)
    manifest = state.unchanged
    seconds = time.perf_counter() - started
    return Report(manifest.articles, manifest.skipped, manifest.passages, 0, True, seconds)


def _rebuild(
    state: _State, seeds: Path, vectors: Path, encoder: Encoder, progress: Progress | None
) -> Report:
    articles, skipped = read_articles(state.paths, seeds)
    if not articles:
        return Report(0, tuple(skipped), 0, 0, False, 0.0)
    contents = Contents.of(articles)
    vectors_of = TextVectors(encoder, state.embedded, progress)
    passage_vectors = vectors_of("passage", contents.passage_texts)
    sentence_vectors = vectors_of("sentence", contents.sentence_texts)

    def write_files(folder: Path) -> None:
        write_index(folder, contents, passage_vectors, sentence_vectors)

    def make_manifest(created: str, sizes: dict[str, int], digests: dict[str, str]) -> Manifest:
        return Manifest(
            schema_version=snapshot.SCHEMA_VERSION,
            fingerprint=encoder.fingerprint,
            dimensions=encoder.dimensions,
            corpus=state.corpus,
            articles=len(articles),
            passages=len(contents.entries),
            skipped=tuple(skipped),
            created=created,
            sizes=sizes,
            digests=digests,
        )

    snapshot.publish(vectors, write_files, make_manifest)
    counts = (len(contents.entries), vectors_of.encoded["passage"])
    return Report(len(articles), tuple(skipped), *counts, False, 0.0)


def write_index(
    folder: Path, contents: Contents, passage_vectors: Vectors, sentence_vectors: Vectors
) -> None:
    """Every file of an index, into an empty folder.

    Args:
        passage_vectors, sentence_vectors: `(n, dimensions) float32`, a row a text of `contents`.
    """
    DenseIndex.build(passage_vectors).write(folder / _PASSAGES)
    DenseIndex.build(sentence_vectors).write(folder / _SENTENCES)
    SparseIndex.build(folder / _SPARSE, contents.passage_texts)
    SparseIndex.build(folder / _SPARSE_SENTENCES, contents.sentence_texts)
    SparseIndex.build(folder / _SPARSE_ARTICLES, contents.article_texts)
    Records.write(folder / _RECORDS, contents.entries)
    Language.write(folder / _LANGUAGE, contents.article_texts)


def embedded_text(article: Article, passage: Passage) -> str:
    """What encoder and BM25 see: title, place and day stand before the stored passage."""
    day = article.date
    known = (
        article.title,
        article.province or article.source,
        f"{day.day}/{day.month}/{day.year}" if day else None,
    )
    return f"{'. '.join(part for part in known if part)}\n{passage.text}"


@dataclass(frozen=True, slots=True)
class _State:
    """What there is to be read, and what the snapshot in use has of it.

    Attributes:
        unchanged: the manifest of a snapshot that is whole and up to date, else None.
        embedded: of each kind, the vectors that need not be made again.
    """

    paths: list[Path]
    corpus: str
    unchanged: Manifest | None
    embedded: dict[Kind, Embedded]

    @classmethod
    def of(cls, seeds: Path, vectors: Path, fingerprint: str) -> _State:
        """
        Raises:
            IndexForbidden: there is a snapshot, but this user may not read it.
        """
        paths = article_paths(seeds)
        corpus = corpus_digest(seeds, paths)
        try:
            folder = snapshot.current_folder(vectors)
            manifest = snapshot.read_manifest(folder)
        except IndexForbidden:
            raise
        except IndexUnavailable:
            return cls(paths, corpus, None, {})
        if manifest.fingerprint != fingerprint:
            return cls(paths, corpus, None, {})
        altered = snapshot.altered_files(folder, manifest)
        is_sound = _is_sound(folder, manifest, altered)
        if is_sound and manifest.corpus == corpus:
            return cls(paths, corpus, manifest, {})
        files: dict[Kind, str] = {"passage": _PASSAGES, "sentence": _SENTENCES}
        embedded = {
            kind: found
            for kind, file in files.items()
            if not altered & {file, _RECORDS}
            and (found := read_embedded(folder / _RECORDS, folder / file, kind))
        }
        return cls(paths, corpus, None, embedded)


def _is_sound(folder: Path, manifest: Manifest, altered: frozenset[str]) -> bool:
    """Whether a snapshot is whole and can be opened; what is wrong with it is logged."""
    fault = ", ".join(sorted(altered))
    if not fault:
        try:
            Index.read(folder, manifest)
        except IndexDamaged as error:
            fault = str(error.__cause__ or error)
    if fault:
        _log.warning("the index in use is damaged (%s) and is built again", fault)
    return not fault


@dataclass(frozen=True, slots=True)
class Contents:
    """What goes into an index, in the order of its rows."""

    entries: list[Entry]
    article_texts: list[str]
    passage_texts: list[str]
    sentence_texts: list[str]

    @classmethod
    def of(cls, articles: Sequence[Article]) -> Contents:
        """Every article split into passages and sentences.

        A sentence is embedded as it stands: with the title before it, all sentences of an
        article look alike (nDCG@10 on ViNewsQA .761 instead of .816).
        """
        entries: list[Entry] = []
        passage_texts: list[str] = []
        sentence_texts: list[str] = []
        for article in articles:
            for passage in split_article(article):
                spans = sentences(article.text, passage.start, passage.end)
                texts = [article.text[span.start : span.end] for span in spans]
                whole = embedded_text(article, passage)
                digested = tuple(zip(spans, map(text_digest, texts), strict=True))
                entries.append(
                    Entry(
                        article=article,
                        passage=passage,
                        digest=text_digest(whole),
                        sketch=sketch(passage.text),
                        words="\n".join(" ".join(words_as_written(text)) for text in texts),
                        sentences=digested,
                    )
                )
                passage_texts.append(whole)
                sentence_texts += texts
        article_texts = [f"{article.title}. {article.text}" for article in articles]
        return cls(entries, article_texts, passage_texts, sentence_texts)
