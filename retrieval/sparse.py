"""Passages by their words: BM25 over syllables and syllable pairs, in tantivy.

tantivy's own tokenizers shatter decomposed text and its ASCII folding knows no `đ`, so the
terms are made in Python and handed over ready, in one field as they are written and in
another without diacritics.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable
from pathlib import Path

import tantivy

from retrieval.errors import IndexDamaged
from retrieval.text import fold, terms

_ROW = "row"
_ACCENTED = "accented"
_FOLDED = "folded"
_TOKENIZER = "ready_made"

# A question typed with its marks is matched as typed: `năm` must not find `Nam`.
# Only one without any is searched for in the folded field.
_WRITER_BYTES = 64_000_000

# A pair that matches was already counted twice, as its two syllables. nDCG@10 on ViNewsQA,
# XQuAD-vi, ViQuAD: .849 .964 .861 with half the weight, .843 .963 .852 with all of it.
_PAIR_BOOST = 0.5


class SparseIndex:
    """BM25 (k1 = 1.2, b = 0.75, as tantivy fixes them)."""

    def __init__(self, index: tantivy.Index) -> None:
        self._index = index
        self._searcher = index.searcher()

    @classmethod
    def build(cls, folder: Path, documents: Iterable[str]) -> SparseIndex:
        """Write one document a passage, numbered from 0, into the new `folder`."""
        folder.mkdir()
        index = tantivy.Index(_schema(), path=str(folder))
        whitespace = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.whitespace()).build()
        index.register_tokenizer(_TOKENIZER, whitespace)
        # One thread makes one segment, so the same passages give the same files and scores.
        writer = index.writer(_WRITER_BYTES, num_threads=1)
        for row, text in enumerate(documents):
            document = tantivy.Document()
            document.add_unsigned(_ROW, row)
            document.add_text(_ACCENTED, " ".join(terms(text)))
            document.add_text(_FOLDED, " ".join(terms(fold(text))))
            writer.add_document(document)
        writer.commit()
        writer.wait_merging_threads()
        index.reload()
        return cls(index)

    @classmethod
    def open(cls, folder: Path) -> SparseIndex:
        try:
            return cls(tantivy.Index.open(str(folder)))
        except ValueError as error:
            raise IndexDamaged(f"{folder.name} can not be read: run `python ingest.py`") from error

    @property
    def count(self) -> int:
        return int(self._searcher.num_docs)

    def search(
        self, text: str, depth: int, allowed: Collection[int] | None = None
    ) -> list[tuple[int, float]]:
        """At most `depth` pairs of row and BM25 score, best first; equal ones by row.

        Args:
            allowed: the only rows that may be found; None for all.
        """
        query = self._query(text)
        if query is None or self.count == 0:
            return []
        limit = depth if allowed is None else self.count
        hits = self._searcher.search(query, limit=limit, count=False).hits
        rows = self._searcher.fast_field_values(_ROW, [address for _, address in hits])
        pairs = [(int(row or 0), float(score)) for row, (score, _) in zip(rows, hits, strict=True)]
        if allowed is not None:
            pairs = [pair for pair in pairs if pair[0] in allowed]
        return sorted(pairs, key=lambda pair: (-pair[1], pair[0]))[:depth]

    def weight(self, term: str) -> float:
        """Inverse document frequency (Robertson and Spärck Jones 1976, kept above zero).

        Args:
            term: a canonical syllable, or two joined by `_`; without diacritics it is
                looked up among the folded terms.
        """
        field = _ACCENTED if term != fold(term) else _FOLDED
        frequency = self._searcher.doc_freq(field, term)
        return math.log(1 + (self.count - frequency + 0.5) / (frequency + 0.5))

    def _query(self, text: str) -> tantivy.Query | None:
        field = _ACCENTED if text != fold(text) else _FOLDED
        wanted = dict.fromkeys(terms(text))
        if not wanted:
            return None
        return tantivy.Query.boolean_query(
            [(tantivy.Occur.Should, self._term_query(field, term)) for term in wanted]
        )

    def _term_query(self, field: str, term: str) -> tantivy.Query:
        query = tantivy.Query.term_query(self._index.schema, field, term, "freq")
        return tantivy.Query.boost_query(query, _PAIR_BOOST) if "_" in term else query


def _schema() -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    builder.add_unsigned_field(_ROW, fast=True)
    for field in (_ACCENTED, _FOLDED):
        builder.add_text_field(field, tokenizer_name=_TOKENIZER, index_option="freq")
    return builder.build()
