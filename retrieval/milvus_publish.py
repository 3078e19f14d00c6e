"""A snapshot's passages and sentences, brought to Milvus before the snapshot is used.

Rows are only added: the id of each tells what is stored with it (`milvus_rows`), so a reader of
an earlier snapshot, which knows its own ids, is not disturbed, and nothing need happen at once.
When too much of what there is belongs to no new snapshot, or the terms of too much were weighed
by old counts, all is written anew beside it. Collections that no snapshot names are dropped.
"""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from pymilvus import MilvusClient

from retrieval import bm25, milvus_schema, milvus_terms, snapshot, text
from retrieval.batches import batches
from retrieval.bm25 import Holding, TermStatistics, count_terms
from retrieval.errors import IndexDamaged, IndexIncompatible, IndexUnavailable
from retrieval.index import open_rows
from retrieval.milvus_address import MilvusAddress
from retrieval.milvus_collection import BATCH, IDS, MilvusCollection, MilvusOptions, at_once
from retrieval.milvus_faults import calling
from retrieval.milvus_generations import (
    drop,
    drop_others,
    is_of,
    move_alias,
    new_name,
    sentences_beside,
)
from retrieval.milvus_rows import (
    RowIds,
    SnapshotPassages,
    SnapshotRows,
    SnapshotSentences,
    Stamp,
    passage_rows,
    row_batches,
    write_ids,
)
from retrieval.milvus_schema import passage_values
from retrieval.milvus_statistics import StoredStatistics
from retrieval.milvus_terms import held_terms, term_values

_log = logging.getLogger(__name__)

# Of the passages: so many may be of other snapshots, or have come since terms were counted. Readers
# ask for as many more and leave out what is not theirs (a rule of thumb, not measured).
_MOST_FOREIGN = 0.1

# A partition costs Milvus a segment of its own; more than 64 do not help.
_ROWS_A_PARTITION = 100_000
_MOST_PARTITIONS = 64


@dataclass(frozen=True, slots=True)
class _Generation:
    """The two collections of a name, and by what terms are weighed there."""

    passages: MilvusCollection
    sentences: MilvusCollection
    totals: TermStatistics
    holding: Holding


class MilvusPublishing:
    """See `retrieval.building.Publishing`. One process at a time, as one writes snapshots.

    Args:
        fingerprint, dimensions: of the model.

    Raises:
        IndexUnreachable: the server does not answer.
        IndexForbidden: it does not accept the token.
    """

    def __init__(
        self,
        address: MilvusAddress,
        fingerprint: str,
        dimensions: int,
        options: MilvusOptions | None = None,
    ) -> None:
        self._address = address
        self._dimensions = dimensions
        self._form = _form(fingerprint)
        self._options = options or MilvusOptions()
        with calling(address):
            self._client = MilvusClient(
                address.uri, token=address.token, timeout=self._options.timeout_seconds
            )
            self._terms = held_terms(self._client.get_server_version())

    def close(self) -> None:
        self._client.close()

    def holds(self, folder: Path) -> bool:
        """Whether all of a snapshot is there."""
        try:
            stamp = Stamp.read(folder)
        except (IndexIncompatible, IndexDamaged):
            return False
        with calling(self._address):
            return self._is_whole(stamp)

    def bring(self, folder: Path) -> None:
        """All of a snapshot that is being written, and `milvus/` into its folder.

        Raises:
            IndexUnavailable: it did not all arrive; earlier snapshots are as they were.
        """
        passage_vectors, sentence_vectors, records = open_rows(folder)
        passages = SnapshotPassages(records, passage_vectors)
        sentences = SnapshotSentences(records, sentence_vectors)
        ids = (write_ids(folder, passages), write_ids(folder, sentences))
        with calling(self._address):
            self._drop_unnamed(folder.parent)
            stamp = self._extend(folder.parent, passages, sentences, ids)
            if stamp is None:
                stamp = self._begin(passages, sentences)
        stamp.write(folder)
        records.close()

    def tidy(self, vectors: Path) -> None:
        """Once the snapshot is in use: the name stands for it, and what none names is dropped."""
        stamp = self._current(vectors)
        try:
            with calling(self._address):
                if stamp:
                    move_alias(self._client, self._address.collection, stamp.collection)
                self._drop_unnamed(vectors)
        except IndexUnavailable as error:  # the next ingest does it; nobody waits for it
            _log.warning("%s", error)

    def _extend(
        self,
        vectors: Path,
        passages: SnapshotPassages,
        sentences: SnapshotSentences,
        ids: tuple[RowIds, RowIds],
    ) -> Stamp | None:
        """What is new added to the collection in use; None where that does not do."""
        stamp = self._current(vectors)
        if stamp is None or not self._is_whole(stamp):
            return None
        stored = StoredStatistics(self._client, stamp.collection)
        generation = self._generation(stamp.collection, stored.totals, stored.holding)
        missing = _missing(generation.passages, ids[0])
        count = generation.passages.count() + len(missing)
        grown, foreign = count - stored.totals.passages, count - len(ids[0])
        if grown > _MOST_FOREIGN * stored.totals.passages or foreign > _MOST_FOREIGN * len(ids[0]):
            return None
        of_sentences = _missing(generation.sentences, ids[1])
        sentence_count = generation.sentences.count() + len(of_sentences)
        self._insert(generation.passages, passages, missing, generation)
        self._insert(generation.sentences, sentences, of_sentences, None)
        generation.passages.expect(count)
        generation.sentences.expect(sentence_count)
        _log.info(
            "added %d passages and %d sentences to %s",
            len(missing),
            len(of_sentences),
            stamp.collection,
        )
        return Stamp(stamp.collection, self._form, count, sentence_count)

    def _begin(self, passages: SnapshotPassages, sentences: SnapshotSentences) -> Stamp:
        """All of it in new collections."""
        name = new_name(self._address.collection)
        counts = passages.vectors.count, sentences.vectors.count
        totals, holding = count_terms(
            text for batch in row_batches(counts[0], BATCH) for text in passages.texts(batch)
        )
        generation = self._generation(name, totals, holding.holding, counts[1])
        try:
            at_once(
                lambda: StoredStatistics.write(self._client, name, totals, holding),
                lambda: generation.passages.create(self._dimensions),
                lambda: generation.sentences.create(self._dimensions),
            )
            self._insert(generation.passages, passages, range(counts[0]), generation)
            self._insert(generation.sentences, sentences, range(counts[1]), None)
            generation.passages.expect(counts[0])
            generation.sentences.expect(counts[1])
        except BaseException:
            drop(self._client, name)
            raise
        _log.info("wrote %d passages and %d sentences as %s", *counts, name)
        return Stamp(name, self._form, *counts)

    def _insert(
        self,
        collection: MilvusCollection,
        snapshot_rows: SnapshotRows,
        numbers: Sequence[int],
        weighed: _Generation | None,
    ) -> None:
        """
        Args:
            weighed: by what their terms are weighed; None: they have none.
        """
        for batch in batches(numbers, BATCH):
            rows = passage_rows(snapshot_rows, batch)
            values = [passage_values(row) for row in rows]
            if weighed:
                texts = [row.text for row in rows]
                terms = term_values(texts, weighed.totals, weighed.holding, self._terms)
                values = [value | one for value, one in zip(values, terms, strict=True)]
            collection.insert(values)

    def _generation(
        self, name: str, totals: TermStatistics, holding: Holding, rows: int = 0
    ) -> _Generation:
        """
        Args:
            rows: that it is made for, where it is new.
        """
        partitions = min(_MOST_PARTITIONS, self._options.partitions, 1 + rows // _ROWS_A_PARTITION)
        options = replace(self._options, partitions=partitions)
        return _Generation(
            MilvusCollection(self._client, name, options, self._terms),
            MilvusCollection(self._client, sentences_beside(name), options, None),
            totals,
            holding,
        )

    def _current(self, vectors: Path) -> Stamp | None:
        """Of the snapshot in use, where it was brought to this name."""
        try:
            return Stamp.read(snapshot.current_folder(vectors))
        except IndexUnavailable:
            return None

    def _is_whole(self, stamp: Stamp) -> bool:
        """Whether rows of this form are where the stamp says, and none was lost."""
        alias = self._address.collection
        if stamp.form != self._form or not is_of(alias, stamp.collection):
            return False
        expected = {
            stamp.collection: stamp.passages,
            sentences_beside(stamp.collection): stamp.sentences,
        }
        return all(
            self._client.has_collection(name)
            and MilvusCollection(self._client, name, self._options, None).count() >= count
            for name, count in expected.items()
        )

    def _drop_unnamed(self, vectors: Path) -> None:
        """The collections that no snapshot names."""
        kept = set()
        for folder in snapshot.folders(vectors):
            try:
                kept.add(Stamp.read(folder).collection)
            except IndexIncompatible:
                continue  # it was built without INDEX_URL
            except IndexDamaged:
                return  # whoever opened it before reads on
        drop_others(self._client, self._address.collection, kept)


def _missing(collection: MilvusCollection, ids: RowIds) -> list[int]:
    """The rows whose ids are not there; its rows have been counted."""
    missing = []
    for batch in row_batches(len(ids), IDS):
        named = ids.of(batch)
        held = collection.held(named)
        missing += [row for row, id in zip(batch, named, strict=True) if id not in held]
    return missing


def _form(fingerprint: str) -> str:
    """Of the model, and of the code that makes rows: what one wrote, another could not add to."""
    digest = hashlib.sha256(fingerprint.encode())
    for module in (bm25, milvus_schema, milvus_terms, text):
        digest.update(Path(str(module.__file__)).read_bytes())
    return digest.hexdigest()
