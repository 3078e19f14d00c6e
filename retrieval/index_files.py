"""Articles -> the files of an index."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from itertools import chain, starmap
from pathlib import Path

from retrieval.chunking import split_article
from retrieval.dense import DenseIndex
from retrieval.duplicates import sketch
from retrieval.embedded import TextVectors
from retrieval.index import (
    LANGUAGE,
    PASSAGES,
    RECORDS,
    SENTENCES,
    SPARSE,
    SPARSE_ARTICLES,
    SPARSE_SENTENCES,
)
from retrieval.language import Language
from retrieval.record_file import Entry, text_digest, write_records, write_retellings
from retrieval.records import Kind, Records
from retrieval.schema import Article, Passage
from retrieval.sparse import SparseIndex
from retrieval.stories import first_tellings
from retrieval.text import sentences, words_as_written

_Texts = Callable[[], Iterator[str]]


def write_index(folder: Path, articles: Iterable[Article], vectors_of: TextVectors) -> None:
    """Every file of an index, into an empty folder.

    The records are written first, and all else is made of them, a part at a time, so that rows
    agree. What grows with the articles in memory are the codes of `DenseIndex` while they are made,
    and the samples of `first_tellings`.
    """
    write_records(folder / RECORDS, chain.from_iterable(map(entries_of, articles)))
    with closing(Records.open(folder / RECORDS)) as records:
        retellings = first_tellings(records)
    write_retellings(folder / RECORDS, retellings)
    with closing(Records.open(folder / RECORDS)) as records:
        _write_beside(folder, records, vectors_of)


def _write_beside(folder: Path, records: Records, vectors_of: TextVectors) -> None:
    kinds: tuple[tuple[Kind, str, str, _Texts], ...] = (
        ("passage", PASSAGES, SPARSE, lambda: passage_texts(records)),
        ("sentence", SENTENCES, SPARSE_SENTENCES, records.every_sentence),
    )
    for kind, dense, sparse, texts in kinds:
        vectors = vectors_of(kind, texts(), vectors_of.count_new(kind, records))
        DenseIndex.write(folder / dense, vectors, vectors_of.dimensions)
        SparseIndex.build(folder / sparse, texts(), records.every_owner(kind))
    SparseIndex.build(folder / SPARSE_ARTICLES, article_texts(records))
    Language.write(folder / LANGUAGE, lambda: article_texts(records))


def passage_texts(records: Records) -> Iterator[str]:
    """What encoder and BM25 see of each passage, in the order of rows."""
    return starmap(embedded_text, records.every_passage())


def article_texts(records: Records) -> Iterator[str]:
    """What BM25 sees of each article, in the order of their numbers."""
    return (f"{article.title}. {article.text}" for article in records.every_article())


def embedded_text(article: Article, passage: Passage) -> str:
    """What encoder and BM25 see: title, place and day stand before the stored passage."""
    day = article.date
    known = (
        article.title,
        article.province or article.source,
        f"{day.day}/{day.month}/{day.year}" if day else None,
    )
    return f"{'. '.join(part for part in known if part)}\n{passage.text}"


def entries_of(article: Article) -> Iterator[Entry]:
    """An article's passages and their sentences.

    A sentence is embedded as it stands: with the title before it, all sentences of an
    article look alike (nDCG@10 on ViNewsQA .761 instead of .816).
    """
    for passage in split_article(article):
        spans = sentences(article.text, passage.start, passage.end)
        texts = [article.text[span.start : span.end] for span in spans]
        yield Entry(
            article=article,
            passage=passage,
            digest=text_digest(embedded_text(article, passage)),
            sketch=sketch(passage.text),
            words="\n".join(" ".join(words_as_written(text)) for text in texts),
            sentences=tuple(zip(spans, map(text_digest, texts), strict=True)),
        )
