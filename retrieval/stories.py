"""The same story in several papers: which articles tell what an earlier one told before.

A wire story is printed by many, with another headline, cut or with a paragraph more. Articles that
share many runs of syllables in a sample of them are compared whole. The sample is of the passages'
sketches, so no text is read but those of articles that are compared.
"""

from __future__ import annotations

import datetime
from array import array
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from retrieval.duplicates import runs
from retrieval.records import Records

# One run in so many is in the sample: those of the least hashes, which a passage's sketch has.
_SAMPLED = 8
# Of the smaller sample, what both must have for their articles to be compared. Of ten runs of which
# .75 are shared, as they must be, fewer than four are once in 285 times (binomial).
_SAMPLED_SAME = 0.4
# Of the shorter article's runs, those that the longer one must have; and how much shorter it may
# be: what a long article quotes whole is no telling of it.
_SAME = 0.75
_SHORTER = 0.3
# A run's holders are many where it is a paper's imprint: each is compared with so many before it.
_NEIGHBOURS = 8
# Articles whose runs are kept: 20 MB.
_KEPT_ARTICLES = 256

_Keys = npt.NDArray[np.uint64]
_LOW = np.uint64(0xFFFFFFFF)
_HIGH = np.uint64(32)


def first_tellings(records: Records) -> dict[int, int]:
    """Number of each article that tells a story again -> number of the first that told it.

    The first is the earliest by day, the undated come last; of one day, the least number.
    """

    @lru_cache(_KEPT_ARTICLES)
    def runs_of(number: int) -> set[tuple[str, ...]]:
        return runs(records.article(number).text)

    first: dict[int, int] = {}
    for number, earlier in _alike(records):
        if number not in first and _is_same(runs_of(number), runs_of(earlier)):
            first[number] = first.get(earlier, earlier)
    return first


def _is_same(one: set[tuple[str, ...]], other: set[tuple[str, ...]]) -> bool:
    shorter, longer = sorted((one, other), key=len)
    if not shorter or len(shorter) < _SHORTER * len(longer):
        return False
    return len(shorter & longer) >= _SAME * len(shorter)


def _alike(records: Records) -> list[tuple[int, int]]:
    """An article and an earlier one that it may tell again: articles by their time, and of each
    those first with which it shares most."""
    origins = records.origins_passing()
    in_time = np.array(
        sorted(origins, key=lambda number: (origins[number].date or datetime.date.max, number)),
        np.int64,
    )
    places = np.empty(len(in_time), np.uint64)
    places[in_time] = np.arange(len(in_time), dtype=np.uint64)
    keys = _samples(records, places)
    sizes = np.bincount((keys & _LOW).astype(np.int64), minlength=len(in_time))
    pairs, shared = np.unique(_sharing(keys), return_counts=True)
    later, earlier = (pairs >> _HIGH).astype(np.int64), (pairs & _LOW).astype(np.int64)
    enough = shared >= _SAMPLED_SAME * np.minimum(sizes[later], sizes[earlier])
    later, earlier, shared = later[enough], earlier[enough], shared[enough]
    order = np.lexsort((earlier, -shared, later))
    return list(zip(in_time[later[order]].tolist(), in_time[earlier[order]].tolist(), strict=True))


def _samples(records: Records, places: _Keys) -> _Keys:
    """Each sampled run of each article, ascending: its hash, and below that the article's place."""
    hashes, owners = array("I"), array("I")
    for number, sketch in records.every_sketch():
        sampled = sketch[sketch < 2**32 // _SAMPLED]
        hashes.frombytes(sampled.astype(np.uint32).tobytes())
        owners.extend([int(places[number])] * len(sampled))
    high = np.frombuffer(hashes, np.uint32).astype(np.uint64) << _HIGH
    return np.unique(high | np.frombuffer(owners, np.uint32))


def _sharing(keys: _Keys) -> _Keys:
    """For each run that two articles share, the later one's place, and below that the earlier's."""
    hashes = keys >> _HIGH
    found = [np.empty(0, np.uint64)]
    for distance in range(1, _NEIGHBOURS + 1):
        same = np.flatnonzero(hashes[distance:] == hashes[:-distance])
        found.append((keys[same + distance] & _LOW) << _HIGH | keys[same] & _LOW)
    return np.concatenate(found)
