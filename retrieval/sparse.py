"""Texts by their words: BM25 over syllables and syllable pairs, in tantivy.

tantivy's own tokenizers shatter decomposed text and its ASCII folding knows no `đ`, so the
terms are made in Python and handed over ready, in one field as they are written and in
another without diacritics.
"""

from __future__ import annotations

import math
import shutil
import tempfile
from collections.abc import Callable, Iterable, Sequence
from functools import cached_property
from itertools import count, pairwise
from pathlib import Path
from typing import Literal, NamedTuple

import numpy as np
import tantivy

from retrieval.damage import damaged, reading
from retrieval.rows import Rows, as_rows
from retrieval.schema import Expansion
from retrieval.text import fold, syllables, terms

Field = Literal["row", "article"]

_NAME = "BM25"
_ROW: Field = "row"
_ARTICLE: Field = "article"
_ACCENTED = "accented"
_FOLDED = "folded"
_TOKENIZER = "ready_made"

_WRITER_BYTES = 64_000_000
_REMOVALS = 3

# A pair that matches was already counted twice, as its two syllables. nDCG@10 on ViNewsQA,
# XQuAD-vi, ViQuAD: .849 .964 .861 with half the weight, .843 .963 .852 with all of it.
PAIR_BOOST = 0.5


# A question typed with its marks is matched as typed: `năm` must not find `Nam`. Of one without
# any, a term counts as its marks were restored, or a little less without them, where that is
# more. nDCG@10 on halves of ViNewsQA dev, without marks: .8750 .8669 folded alone, .8754 .8677 with
# 1.0, .8758 .8685 with .85, .8745 .8686 with .7.
FOLDED_WEIGHT = 0.85

# Under a filter, so many rows or articles are named to tantivy; 18 ms among 300,000. Of more, as
# many hits are asked for as pass on the average, and more until enough have passed.
_NAMED = 5_000
_MORE = 4

# Where words of one sentence are looked for, a term that more rows hold is common. nDCG@10 on
# ViNewsQA dev .8890 with all terms, .8892 without those of 3 % of the sentences; without marks
# .8797 and .8796.
_COMMON_SHARE = 0.03
_FEW_ROWS = 3_000

# An ambiguous abbreviation is searched for as it stands; each meaning counts half beside it.
_AMBIGUOUS = 0.5


class Among(NamedTuple):
    """What alone may be found: documents by their rows, or those of some articles.

    Attributes:
        numbers: ascending.
    """

    of: Field
    numbers: Rows


class SparseQuery:
    """The terms of a question.

    Attributes:
        is_folded: typed without any mark, and compared with folded terms.
        terms: each counts when it occurs.
        restored: the readings of a folded term with its marks.
        alternatives: of each abbreviation or its long form, the readings with their weights;
            the best one counts.
    """

    def __init__(
        self,
        text: str,
        expansions: Sequence[Expansion] = (),
        *,
        restored: str = "",
        with_pairs: bool = True,
    ) -> None:
        """
        Args:
            restored: a text without marks, with them.
        """
        self.is_folded = text == fold(text)
        self._with_pairs = with_pairs
        self.alternatives = [self._readings(expansion) for expansion in expansions]
        # A term inside an abbreviation or its long form is one of that one's readings.
        words = syllables(text)
        singles = [(word.text, word.start, word.end) for word in words]
        pairs = [(f"{a.text}_{b.text}", a.start, b.end) for a, b in pairwise(words)]
        self.terms = list(
            dict.fromkeys(
                term
                for term, start, end in (*singles, *(pairs if with_pairs else ()))
                if not any(e.start <= start and end <= e.end for e in expansions)
            )
        )
        self.restored: dict[str, set[str]] = {}
        for term in self._terms(restored) if self.is_folded else ():
            self.restored.setdefault(fold(term), set()).add(term)

    def _readings(self, expansion: Expansion) -> list[tuple[list[str], float]]:
        weight = _AMBIGUOUS if expansion.is_ambiguous else 1.0
        forms = dict.fromkeys([expansion.text, expansion.short, *expansion.long])
        spelled = fold if self.is_folded else str
        return [
            (self._terms(spelled(form)), 1.0 if form == expansion.text else weight)
            for form in forms
        ]

    def _terms(self, text: str) -> list[str]:
        return [term for term in dict.fromkeys(terms(text)) if self._with_pairs or "_" not in term]


class SparseIndex:
    """BM25 (k1 = 1.2, b = 0.75, as tantivy fixes them)."""

    def __init__(self, index: tantivy.Index) -> None:
        self._schema = index.schema
        self._searcher = index.searcher()

    @classmethod
    def build(
        cls, folder: Path, documents: Iterable[str], articles: Iterable[int] | None = None
    ) -> SparseIndex:
        """Write one document a text, numbered from 0, into the new `folder`.

        Args:
            articles: of which article each is, by number; None where each is one.
        """
        folder.mkdir()
        index = tantivy.Index(_schema(), path=str(folder))
        whitespace = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.whitespace()).build()
        index.register_tokenizer(_TOKENIZER, whitespace)
        # One thread makes one segment, so the same passages give the same files and scores.
        writer = index.writer(_WRITER_BYTES, num_threads=1)
        numbers = count() if articles is None else articles
        for row, (text, article) in enumerate(zip(documents, numbers, strict=False)):
            document = tantivy.Document()
            document.add_unsigned(_ROW, row)
            document.add_unsigned(_ARTICLE, article)
            document.add_text(_ACCENTED, " ".join(terms(text)))
            document.add_text(_FOLDED, " ".join(terms(fold(text))))
            writer.add_document(document)
        writer.commit()
        writer.wait_merging_threads()
        index.reload()
        return cls(index)

    @classmethod
    def open(cls, folder: Path) -> SparseIndex:
        """
        Raises:
            IndexDamaged: it is no such index.
        """
        with reading(folder.name):
            try:
                return cls(tantivy.Index.open(str(folder)))
            except ValueError:  # damaged, or a folder that this user can not write to
                return cls._open_through_links(folder)

    @classmethod
    def _open_through_links(cls, folder: Path) -> SparseIndex:
        """tantivy takes a lock beside the files that it reads, so it gets a folder of links.

        It need not find them again: all files are mapped when this returns.
        """
        links = Path(tempfile.mkdtemp())
        try:
            for path in folder.iterdir():
                if path.suffix != ".lock":
                    (links / path.name).symlink_to(path.resolve())
            return cls(tantivy.Index.open(str(links)))
        finally:
            # Its thread that watches for changes looks once more, and may put the lock back.
            for _ in range(_REMOVALS):
                shutil.rmtree(links, ignore_errors=True)

    @property
    def count(self) -> int:
        return int(self._searcher.num_docs)

    @cached_property
    def _articles(self) -> int:
        """How many articles there are."""
        last = self._searcher.search(
            tantivy.Query.all_query(), limit=1, count=False, order_by_field=_ARTICLE
        ).hits
        return 1 + int(last[0][0]) if last else 0

    def search(
        self, wanted: SparseQuery, depth: int, among: Among | None = None
    ) -> list[tuple[int, float]]:
        """At most `depth` pairs of row and BM25 score, best first; equal ones by row.

        Args:
            among: what alone may be found; None for all.
        """
        return self._best(self._query(wanted, self._term_query), depth, among)

    def cover(
        self, wanted: SparseQuery, depth: int, among: Among | None = None
    ) -> list[tuple[int, float]]:
        """As `search`, but scored by the weights of the terms that a row holds.

        Neither how often a term occurs counts nor how long the row is: of short rows, BM25
        would prefer the shortest. Nor do common terms, where there are others: every row that
        holds one would be looked at.
        """
        field = _FOLDED if wanted.is_folded else _ACCENTED
        most = max(_FEW_ROWS, _COMMON_SHARE * self.count)
        rare = [term for term in wanted.terms if self._frequency(field, term) <= most]
        return self._best(self._query(wanted, self._weight_query, rare), depth, among)

    def holding(self, phrase: str) -> list[int]:
        """Rows that hold every syllable and every pair of neighbouring syllables of a phrase.

        Those that hold the phrase itself are among them. Without diacritics it is looked up
        without.
        """
        field = _FOLDED if phrase == fold(phrase) else _ACCENTED
        clauses = [
            (tantivy.Occur.Must, self._term_query(field, term))
            for term in dict.fromkeys(terms(phrase))
        ]
        query = tantivy.Query.boolean_query(clauses) if clauses else None
        return sorted(row for row, _ in self._best(query, self.count, None))

    def _best(
        self, query: tantivy.Query | None, depth: int, among: Among | None
    ) -> list[tuple[int, float]]:
        if query is None or self.count == 0 or depth == 0:
            return []
        if among is None:
            return self._hits(query, depth)[0]
        numbers = among.numbers
        if len(numbers) <= _NAMED:
            named = tantivy.Query.term_set_query(self._schema, among.of, numbers.tolist())
            return self._hits(_both(query, tantivy.Query.const_score_query(named, 0.0)), depth)[0]
        known = self.count if among.of == _ROW else self._articles
        limit = depth
        while True:
            limit = min(self.count, max(limit * _MORE, limit * known // len(numbers)))
            hits, belonging = self._hits(query, limit, among.of)
            found = [hits[at] for at in np.flatnonzero(np.isin(belonging, numbers)).tolist()]
            if len(found) >= depth or len(hits) < limit or limit == self.count:
                return found[:depth]

    def _hits(
        self, query: tantivy.Query, limit: int, field: Field = "row"
    ) -> tuple[list[tuple[int, float]], Rows]:
        """Rows and scores, best first; and of each its number in a field."""
        with reading(_NAME):
            hits = self._searcher.search(query, limit=limit, count=False).hits
            addresses = [address for _, address in hits]
            scores = np.array([score for score, _ in hits], np.float64)
            rows = self._numbers(_ROW, addresses)
            numbers = rows if field == _ROW else self._numbers(field, addresses)
        if len(rows) and rows.max() >= self.count:
            raise damaged(_NAME)
        order = np.lexsort((rows, -scores))
        pairs = zip(rows[order].tolist(), scores[order].tolist(), strict=True)
        return list(pairs), numbers[order]

    def _numbers(self, field: Field, addresses: list[tantivy.DocAddress]) -> Rows:
        values = self._searcher.fast_field_values(field, addresses)
        return as_rows([int(value or 0) for value in values])

    def weight(self, term: str) -> float:
        """Inverse document frequency (Robertson and Spärck Jones 1976, kept above zero).

        Args:
            term: a canonical syllable, or two joined by `_`; without diacritics it is
                looked up among the folded terms.
        """
        return self._weight(_ACCENTED if term != fold(term) else _FOLDED, term)

    def _weight(self, field: str, term: str) -> float:
        frequency = self._frequency(field, term)
        return math.log(1 + (self.count - frequency + 0.5) / (frequency + 0.5))

    def _frequency(self, field: str, term: str) -> int:
        """How many rows hold a term."""
        with reading(_NAME):
            return int(self._searcher.doc_freq(field, term))

    def _query(
        self, wanted: SparseQuery, of_term: _OfTerm, chosen: Sequence[str] = ()
    ) -> tantivy.Query | None:
        """
        Args:
            chosen: terms that count; all where none is chosen.
        """
        field = _FOLDED if wanted.is_folded else _ACCENTED
        clauses = [
            _restored_or_folded(term, sorted(wanted.restored[term]), of_term)
            if term in wanted.restored
            else of_term(field, term)
            for term in chosen or wanted.terms
        ]
        for alternatives in wanted.alternatives:
            readings = [
                tantivy.Query.boost_query(_any(of_term(field, term) for term in terms), boost)
                for terms, boost in alternatives
            ]
            clauses.append(tantivy.Query.disjunction_max_query(readings))
        return _any(clauses) if clauses else None

    def _weight_query(self, field: str, term: str) -> tantivy.Query:
        weight = self._weight(field, term) * (PAIR_BOOST if "_" in term else 1.0)
        query = tantivy.Query.term_query(self._schema, field, term, "freq")
        return tantivy.Query.const_score_query(query, weight)

    def _term_query(self, field: str, term: str) -> tantivy.Query:
        query = tantivy.Query.term_query(self._schema, field, term, "freq")
        return tantivy.Query.boost_query(query, PAIR_BOOST) if "_" in term else query


_OfTerm = Callable[[str, str], tantivy.Query]


def _restored_or_folded(term: str, readings: Sequence[str], of_term: _OfTerm) -> tantivy.Query:
    folded = tantivy.Query.boost_query(of_term(_FOLDED, term), FOLDED_WEIGHT)
    restored = [of_term(_ACCENTED, reading) for reading in readings]
    return tantivy.Query.disjunction_max_query([*restored, folded])


def _both(scoring: tantivy.Query, restricting: tantivy.Query) -> tantivy.Query:
    return tantivy.Query.boolean_query([(tantivy.Occur.Must, q) for q in (scoring, restricting)])


def _any(queries: Iterable[tantivy.Query]) -> tantivy.Query:
    return tantivy.Query.boolean_query([(tantivy.Occur.Should, query) for query in queries])


def _schema() -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    for number in (_ROW, _ARTICLE):
        builder.add_unsigned_field(number, fast=True, indexed=True)
    for field in (_ACCENTED, _FOLDED):
        builder.add_text_field(field, tokenizer_name=_TOKENIZER, index_option="freq")
    return builder.build()
