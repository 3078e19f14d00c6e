"""What every engine must do alike. Ranks are compared, never scores: those are the engine's own."""

from __future__ import annotations

import datetime

import pytest

from retrieval.errors import IndexIncompatible, IndexMissing
from retrieval.schema import Filters, Succession
from retrieval.searcher import PassageStore
from tests.milvus.engines import eventually
from tests.milvus.passages import (
    AGENCY,
    BACKSLASHED,
    FIRST_AXIS,
    HOSTILE,
    QUOTED,
    ROWS,
    SECOND_AXIS,
    changed,
    ids,
    vector,
    words,
)

ALL = len(ROWS)


@pytest.fixture
def held(store: PassageStore) -> PassageStore:
    """A store with the seven passages."""
    store.publish(ROWS)
    return store


def day(text: str) -> datetime.date:
    return datetime.date.fromisoformat(text)


def test_ranks(published: PassageStore) -> None:
    """Nearest first by inner product; best first by BM25, in which the shorter passage, the one
    that repeats a word, and the rarer word win."""

    assert ids(published.search_dense(FIRST_AXIS, ALL)) == "abcdefg"
    assert ids(published.search_dense(SECOND_AXIS, 3)) == "fed"
    assert ids(published.search_sparse(words("lũ quét"), ALL)) == "ab"
    assert ids(published.search_sparse(words("dân vận"), ALL)) == "dc"
    assert ids(published.search_sparse(words("xã vùng"), ALL)) == "bf"
    assert ids(published.search_sparse(words("dân vận"), 1)) == "d"
    assert ids(published.search_sparse(["khéo", "liên"], ALL)) == "fcd"


def test_marks(published: PassageStore) -> None:
    """A term with marks is found as it is written, a question without any among all spellings."""

    assert ids(published.search_sparse(["lũ"], ALL)) == "ab"
    assert ids(published.search_sparse(["lú", "lúa"], ALL)) == "e"
    assert ids(published.search_sparse(["lu"], ALL)) == "ab"
    assert ids(published.search_sparse(["bao"], ALL)) == "g"
    assert ids(published.search_sparse(["bao", "lúa"], ALL)) == "e"


def test_pairs_count_half(published: PassageStore) -> None:
    """Two neighbouring syllables weigh less than two that stand alone would."""
    pair, single = "thu_hoạch", "liên"

    assert ids(published.search_sparse([pair, single], ALL)) == "fe"


def test_no_hit(published: PassageStore) -> None:
    """Words that no passage holds find nothing, and neither does no word at all."""

    assert published.search_sparse(["vắng"], ALL) == []
    assert published.search_sparse([], ALL) == []
    assert published.search_dense(FIRST_AXIS, 0) == []


def test_nothing_held(store: PassageStore) -> None:
    """An archive without a passage finds nothing, and takes its first one."""
    store.publish([])

    assert store.search_dense(FIRST_AXIS, ALL) == []
    assert store.search_sparse(["lũ"], ALL) == []

    store.upsert(ROWS[:1])
    eventually("a", lambda: ids(store.search_dense(FIRST_AXIS, ALL)))


@pytest.mark.parametrize(
    ("filters", "passing"),
    [
        (Filters(provinces=("Bắc Kạn",)), "ab"),
        (Filters(provinces=("Sơn La", "Quảng Ninh")), "cdg"),
        (Filters(provinces=("Bắc Kạn",), sources=("TTXVN",)), "a"),
        (Filters(provinces=("Hà Nội",)), ""),
        (Filters(sources=("TTXVN",)), "acg"),
        (Filters(sources=(AGENCY,)), "acg"),
        (Filters(date_from=day("2024-01-01")), "bcdf"),
        (Filters(date_to=day("2024-01-01")), "ab"),
        (Filters(date_from=day("2024-01-01"), date_to=day("2024-07-23")), "bc"),
        (Filters(date_from=day("2023-12-31"), date_to=day("2023-12-31")), "a"),
        (Filters(date_from=day("1900-01-01"), date_to=day("2100-01-01")), "abcdf"),
        (Filters(provinces=("Quảng Ninh",), date_from=day("2025-01-01")), "d"),
        (Filters(sources=(QUOTED,)), "b"),
        (Filters(sources=(BACKSLASHED,)), "e"),
        (Filters(sources=(HOSTILE,)), ""),
        (Filters(provinces=(HOSTILE,)), ""),
        (Filters(provinces=("Bắc Kạn' or '1' == '1", "{0}", "%", "Sơn\nLa")), ""),
        (
            Filters(
                provinces=("Bắc Kạn",),
                successors=(Succession("Bắc Kạn", "Thái Nguyên", day("2025-07-01")),),
            ),
            "abf",
        ),
        (
            Filters(
                provinces=("Bắc Kạn",),
                successors=(Succession("Bắc Kạn", "Thái Nguyên", day("2025-08-02")),),
            ),
            "ab",
        ),
    ],
    ids=str,
)
def test_filters(published: PassageStore, filters: Filters, passing: str) -> None:
    """Exactly the passages that pass are found, however few they are; undated ones pass no day."""
    wanted = words("lũ dân mô liên lúa quý")

    assert ids(published.search_dense(FIRST_AXIS, ALL, filters)) == passing
    assert "".join(sorted(ids(published.search_sparse(wanted, ALL, filters)))) == passing


def test_filters_leave_the_cut_to_what_passes(published: PassageStore) -> None:
    """The best of those that pass are found, not those that pass of the best."""

    assert ids(published.search_dense(FIRST_AXIS, 1, Filters(provinces=("Sơn La",)))) == "g"
    assert ids(published.search_sparse(["xã"], 1, Filters(provinces=("Bắc Kạn",)))) == "b"


def test_upsert_changes_a_passage(held: PassageStore) -> None:
    """Its vector, words, place and year are the new ones; the old ones find it no more."""
    held.upsert(
        [
            changed(
                "a",
                vector=vector(0, 0, 1, 0),
                text="bão số ba",
                province="Sơn La",
                date=day("2021-05-06"),
            )
        ]
    )

    eventually("a", lambda: ids(held.search_dense(vector(0, 0, 1, 0), 1)))
    eventually("a", lambda: ids(held.search_sparse(["bão"], ALL)))
    assert ids(held.search_sparse(["lũ"], ALL)) == "b"
    assert ids(held.search_dense(FIRST_AXIS, ALL, Filters(provinces=("Bắc Kạn",)))) == "b"
    in_2021 = Filters(date_from=day("2021-01-01"), date_to=day("2021-12-31"))
    in_2023 = Filters(date_from=day("2023-01-01"), date_to=day("2023-12-31"))
    assert ids(held.search_dense(FIRST_AXIS, ALL, in_2021)) == "a"
    assert ids(held.search_dense(FIRST_AXIS, ALL, in_2023)) == ""
    assert sorted(ids(held.search_dense(FIRST_AXIS, ALL))) == list("abcdefg")


def test_upsert_adds_a_passage(held: PassageStore) -> None:
    """A new id is found beside the others, by a word that no passage held before as well."""
    held.upsert([changed("a", id="h.txt:12", text="sạt lở")])

    eventually("h", lambda: ids(held.search_sparse(["lở"], ALL)))
    eventually("ahb", lambda: ids(held.search_dense(FIRST_AXIS, 3)))


def test_delete(held: PassageStore) -> None:
    """What is deleted is found no more; an id that is not held changes nothing."""
    held.delete(["a.txt:0", "none.txt:0"])

    eventually("bcdefg", lambda: ids(held.search_dense(FIRST_AXIS, ALL)))
    eventually("b", lambda: ids(held.search_sparse(["lũ"], ALL)))


def test_publish_replaces_everything(held: PassageStore) -> None:
    """After it only the new passages are found."""
    held.publish([changed("c"), changed("g")])

    eventually("cg", lambda: ids(held.search_dense(FIRST_AXIS, ALL)))
    assert ids(held.search_sparse(words("lũ dân quý"), ALL)) in {"cg", "gc"}


def test_nothing_published(store: PassageStore) -> None:
    """Whoever searches or changes what is not there is told to publish."""
    for use in (
        lambda: store.search_dense(FIRST_AXIS, 1),
        lambda: store.search_sparse(["lũ"], 1),
        lambda: store.upsert(ROWS),
        lambda: store.delete(["a.txt:0"]),
    ):
        with pytest.raises(IndexMissing, match="publish"):
            use()


def test_wrong_dimensions(held: PassageStore) -> None:
    """A vector of another model is refused in words, and changes nothing."""
    short = vector(1, 0, 0)

    with pytest.raises(IndexIncompatible, match="4 dimensions"):
        held.search_dense(short, 1)
    with pytest.raises(IndexIncompatible, match="4 dimensions"):
        held.upsert([changed("a", vector=short)])
    with pytest.raises(IndexIncompatible, match="4 dimensions"):
        held.publish([changed("a", vector=short)])
    assert ids(held.search_dense(FIRST_AXIS, ALL)) == "abcdefg"
