from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.text import (
    canonical,
    fold,
    modern_tone,
    normalise,
    paragraphs,
    printable,
    sentences,
    syllables,
    terms,
)


def split(text: str) -> list[str]:
    return [text[span.start : span.end] for span in sentences(text)]


def test_spellings_of_one_text_become_one() -> None:
    """NFD, no-break spaces, zero-width characters and CRLF leave no trace."""
    typed = unicodedata.normalize("NFD", "Bắc\u00a0Kạn\u200b,\ufeff \u202fnăm\r\n2020\x07\udcff")

    assert normalise(typed) == "Bắc Kạn,  năm\n2020"


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("HOÀ BÌNH", "hòa bình"),
        ("Uỷ ban", "ủy ban"),
        ("UỶ BAN", "ủy ban"),
        ("thuỷ sản khoẻ", "thủy sản khỏe"),
        ("quý, quỹ", "quý, quỹ"),
        ("hoàn toàn, khoảng", "hoàn toàn, khoảng"),
        ("Đường", "đường"),
    ],
)
def test_canonical_knows_one_tone_placement(written: str, expected: str) -> None:
    """Old and new tone marks are one spelling, but not after `q` nor in a closed syllable."""

    assert canonical(written) == expected


def test_fold_drops_every_mark_and_the_bar_of_d() -> None:
    """Folding reaches đ, ư and ơ, which Unicode decomposition alone does not."""

    assert fold("Đoàn công tác ở Ươm Tơ, Bắc Kạn") == "Doan cong tac o Uom To, Bac Kan"


def test_modern_tone_keeps_capitals() -> None:
    """Only the place of the tone changes."""

    assert modern_tone("Khánh HOÀ, Thanh Hoá") == "Khánh HÒA, Thanh Hóa"


@given(st.text())
def test_lengths_hold(text: str) -> None:
    """`canonical` and `fold` never move an offset."""
    normal = normalise(text)

    assert len(canonical(normal)) == len(fold(normal)) == len(normal)


def test_numbers_stay_whole() -> None:
    """A decimal comma or a thousands point does not cut a number in two."""

    assert [word.text for word in syllables("Đạt 91,3%, tăng 1.000 tỷ.")] == [
        "đạt",
        "91,3",
        "tăng",
        "1.000",
        "tỷ",
    ]


def test_terms_are_syllables_and_pairs() -> None:
    """BM25 counts each syllable and each pair of neighbours."""

    assert list(terms("Dân vận khéo")) == ["dân", "vận", "dân_vận", "khéo", "vận_khéo"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Một. Hai! Ba?", ["Một.", "Hai!", "Ba?"]),
        ("Ông Nguyễn V. Hùng ở TP. Hà Nội. Xong.", ["Ông Nguyễn V. Hùng ở TP. Hà Nội.", "Xong."]),
        ("GS.TS. Trần An nói: “Được.” Rồi đi.", ["GS.TS. Trần An nói: “Được.”", "Rồi đi."]),
        ("Thu 1.000 tỷ đồng. Tăng 5%.", ["Thu 1.000 tỷ đồng.", "Tăng 5%."]),
        ("trong sạch, vững mạnh… Nhờ vậy, đạt.", ["trong sạch, vững mạnh…", "Nhờ vậy, đạt."]),
        ("Nhiều việc... còn chậm. Hết./.", ["Nhiều việc... còn chậm.", "Hết./."]),
        ("Dòng một\nDòng hai.", ["Dòng một", "Dòng hai."]),
    ],
)
def test_sentences_end_where_a_reader_would_end_them(text: str, expected: list[str]) -> None:
    """Abbreviations, initials, numbers and ellipses before a small letter end nothing."""

    assert split(text) == expected


@given(st.text())
def test_sentences_cover_every_paragraph(text: str) -> None:
    """No visible character is outside the sentences, and they never overlap."""
    normal = normalise(text)
    covered = [c for span in sentences(normal) for c in normal[span.start : span.end]]
    visible = [c for span in paragraphs(normal) for c in normal[span.start : span.end]]

    assert [c for c in covered if not c.isspace()] == [c for c in visible if not c.isspace()]


def test_letters_that_look_like_d_with_a_stroke() -> None:
    """Eth and its African twin are no Vietnamese letters; who typed them meant `đ`."""
    assert normalise("Ðà Nẵng, ðường, Ɖảng, ɖi") == "Đà Nẵng, đường, Đảng, đi"
    assert fold(normalise("Ðà")) == "Da"


def test_what_may_be_shown() -> None:
    """On one line, without what a terminal obeys, cut where it is long."""
    assert printable("\x1b[31mred\x07 \n\u202ea\ud800 b") == "[31mred a b"
    assert printable("abcdef", 4) == "abc…"
    assert printable("abcd", 4) == "abcd"
