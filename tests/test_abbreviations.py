from __future__ import annotations

import random
import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from retrieval.abbreviation_forms import long_key
from retrieval.abbreviations import Abbreviations, learn
from retrieval.definitions import find_definitions
from retrieval.place_context import read_rows
from retrieval.text import fold, normalise

ROWS = list(read_rows("abbreviations.csv"))
KNOWN = Abbreviations.of()

# Abbreviations, words, joints and their neighbours in every combination.
PIECES = st.sampled_from(
    """UBND ubnd Ubnd TU tu TP TP. tp HCM P. Ka Long ông CT chụp CT-XH ctxh GD & ĐT GD-ĐT DV khéo
    dân vận người động nhân ủy ban giải phóng mặt bằng giai phong mat bang HDND DN dn ĐV NQ/TU
    06-NQ/TU đ/c , . - – và va Tỉnh ủy BTV KT-XH kinh tế-xã hội DAN VAN TAI BAC KAN cp NQ 18
    ubnd.gov.vn COVID-19""".split()
)
TEXTS = st.one_of(
    st.text().map(normalise),
    st.lists(PIECES, max_size=12).map(" ".join),
    st.lists(PIECES).map("".join),
)


@pytest.mark.parametrize(
    ("typed", "written"),
    [
        ("UBND tỉnh làm gì về GPMB?", "ủy ban nhân dân tỉnh làm gì về giải phóng mặt bằng?"),
        ("ubnd tinh lam gi ve gpmb", "ủy ban nhân dân tinh lam gi ve giải phóng mặt bằng"),
        ("Ubnd tỉnh", "ủy ban nhân dân tỉnh"),
        ("HDND tỉnh, HĐND tỉnh, hdnd tỉnh", ", ".join(["hội đồng nhân dân tỉnh"] * 3)),
        ("vai trò của mttq", "vai trò của Mặt trận Tổ quốc"),
        ("CT-XH, Ct-xh, ct-xh", ", ".join(["chính trị - xã hội"] * 3)),
        ("to chuc ctxh", "to chuc chính trị - xã hội"),
        (
            "GD&ĐT; GD-ĐT; GD & ĐT; GD ĐT; GDĐT; gd-dt",
            "; ".join(["giáo dục và đào tạo"] * 6),
        ),
        ("Sở VH, TT&DL", "Sở văn hóa, thể thao và du lịch"),
        ("HĐND/UBND xã", "hội đồng nhân dân/ủy ban nhân dân xã"),
        ("phong trào DV khéo", "phong trào dân vận khéo"),
        ("TP. Hạ Long, TP Hạ Long", "thành phố Hạ Long, thành phố Hạ Long"),
        ("ở P.Ka Long, P. 3", "ở phường Ka Long, phường 3"),
        ("đ/c Hưởng", "đồng chí Hưởng"),
        ("TTg nói gì", "thủ tướng nói gì"),
        ("UBND TINH VA GPMB", "ủy ban nhân dân TINH VA giải phóng mặt bằng"),
        ("NQ 18, ubnd", "nghị quyết 18, ủy ban nhân dân"),
        ("NQ 18", "nghị quyết 18"),
        ("DV KHÉO, dv khéo, Dv khéo", ", ".join(["dân vận khéo"] * 3)),
        ("DN TN và DN - TN ở đó", "doanh nghiệp TN và doanh nghiệp - TN ở đó"),
        ("VE QP-AN CUA XA", "VE quốc phòng - an ninh CUA XA"),
        ("P. H. Long", "P. H. Long"),
        ("báo TTXVN", "báo Thông tấn xã Việt Nam"),
    ],
)
def test_abbreviations_are_written_out(typed: str, written: str) -> None:
    """In capitals or small letters, with marks or without, however the parts are joined."""

    assert KNOWN.written_out(typed) == written


@pytest.mark.parametrize(
    "typed",
    [
        "ta to dan an tu cp co gi",
        "an toàn, ca mổ, đưa ra tu chỉnh, hu hu",
        "cong tac DAN VAN TU BAC KAN",
        "HỘI NGHỊ TU CHỈNH",
        "CA 3 NGUOI TRUC",
        "byt va syt",
        "hat DAN CA hay",
        "ve qp an toan",
        "T-H-C-S, B H Y T, M-T-T-Q",
        "TU",
        "Nghị quyết 06-NQ/TU và Chỉ thị 16/CT-TTg, 218-QĐ/TW",
        "trang ubnd.gov.vn, a@ubnd.vn",
        "ở TP HCM, TP.HCM, TPHCM, tp hcm, HN, HP, TT Huế, TT-Huế, BR-VT",
        "ông P. Nguyễn, John P. Smith, ông H. cho biết",
        "chụp CT-Scanner",
        "N.Đ. và T.H.C.S",
        "vitamin ĐNNN",
        "",
    ],
)
def test_what_only_looks_like_an_abbreviation_stays(typed: str) -> None:
    """Words, documents' numbers, addresses, names of persons, and what the gazetteer reads."""

    assert KNOWN.written_out(typed) == typed


@pytest.mark.parametrize(
    ("typed", "short", "meanings"),
    [
        ("CT là gì", "CT", {"chỉ thị", "chủ tịch", "chương trình"}),
        ("ND là gì", "ND", {"nhân dân", "nông dân", "nội dung"}),
        ("DV và ai, có dấu", "DV", {"dân vận", "dịch vụ"}),
        ("DV ai tra loi", "DV", {"dân vận", "dịch vụ", "đảng viên", "đoàn viên", "đơn vị"}),
        ("DN o dau", "DN", {"doanh nghiệp", "Đà Nẵng", "Đồng Nai"}),
        ("CTXH là gì", "CTXH", {"chính trị - xã hội", "công tác xã hội"}),
        ("BTV nào", "BTV", {"ban thường vụ", "biên tập viên"}),
    ],
)
def test_an_ambiguous_one_is_never_forced(typed: str, short: str, meanings: set[str]) -> None:
    """All of its meanings are told, and the text stays."""

    expansion = KNOWN.expand(typed)[0]

    assert (short, True) == (expansion.text, expansion.is_ambiguous)
    assert meanings <= set(expansion.long)
    assert KNOWN.written_out(typed) == typed


@pytest.mark.parametrize(
    ("typed", "meaning"),
    [
        ("chụp CT phổi", "cắt lớp vi tính"),
        ("phó CT xã", "chủ tịch"),
        ("CT UBND xã", "chủ tịch"),
        ("BTV Tỉnh ủy", "ban thường vụ"),
        ("BTV tinh uy", "ban thường vụ"),
        ("nữ BTV", "biên tập viên"),
        ("hội ND xã", "nông dân"),
        ("công ty CP Hòa Phát", "cổ phần"),
        ("người LĐ", "lao động"),
        ("ban DV xã", "dân vận"),
        ("BCH Đảng bộ tỉnh", "ban chấp hành"),
        ("BCH quân sự huyện", "ban chỉ huy"),
    ],
)
def test_the_word_beside_settles_the_meaning(typed: str, meaning: str) -> None:
    """Only such words as the data file names."""

    found = [e for e in KNOWN.expand(typed) if meaning in e.long]

    assert [((meaning,), False)] == [(e.long, e.is_ambiguous) for e in found]


@pytest.mark.parametrize(
    "typed", ["BCH quân sự", "CT xã", "hồi ND", "BTV. Tỉnh ủy", "nữ, BTV", "Hội, ND"]
)
def test_another_word_or_a_mark_between_settles_nothing(typed: str) -> None:
    """The abbreviation keeps its meanings."""

    assert [e.is_ambiguous for e in KNOWN.expand(typed) if not e.is_written_out] == [True]


@pytest.mark.parametrize("typed", ["HĐND o DN", "hđnd o DN", "ủy ban nhân dân o DN", "mttq o DN"])
def test_marks_of_abbreviations_and_long_forms_do_not_count(typed: str) -> None:
    """The text is one without marks still, so `DN` may be `ĐN`."""

    assert [e.is_ambiguous for e in KNOWN.expand(typed) if e.text == "DN"] == [True]


def test_with_marks_d_and_đ_are_two_letters() -> None:
    """`ĐV` is never dân vận, and `DV` none of đảng viên where the text has marks."""

    assert "dân vận" not in KNOWN.expand("ĐV la ai")[0].long
    assert "đảng viên" not in KNOWN.expand("DV là ai")[0].long


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("công tác giải phóng mặt bằng", [("giải phóng mặt bằng", "GPMB")]),
        ("cong tac giai phong mat bang", [("giai phong mat bang", "GPMB")]),
        ("Uỷ ban nhân dân và HĐND", [("Uỷ ban nhân dân", "UBND"), ("HĐND", "HĐND")]),
        (
            "kinh tế-xã hội, kinh tế xã hội",
            [("kinh tế-xã hội", "KT-XH"), ("kinh tế xã hội", "KT-XH")],
        ),
        ("phòng cháy chữa cháy", [("phòng cháy chữa cháy", "PCCC")]),
        ("giáo dục đào tạo", [("giáo dục đào tạo", "GD&ĐT")]),
        ("dân vận khéo", [("dân vận khéo", "DV khéo")]),
        ("tp Hạ Long", [("tp", "TP")]),
        ("Thủ tướng, chương trình", [("Thủ tướng", "TTg"), ("chương trình", "CTr")]),
        ("giải phóng, mặt bằng xong", [("giải phóng, mặt bằng", "GPMB")]),
        ("người dân vận động cá nhân dân tộc", []),
        ("nhân dân tệ", []),
        ("giai phong mặt bằng", []),
        ("nông, dân vận. động", [("dân vận", "DV")]),
        ("ở Đà Nẵng", []),
    ],
)
def test_long_forms_are_found_with_their_abbreviation(
    typed: str, found: list[tuple[str, str]]
) -> None:
    """Where their halves do not belong to other words; longest first."""

    assert found == [(e.text, e.short) for e in KNOWN.expand(typed)]


def test_two_syllables_without_marks_are_a_guess() -> None:
    """`de an` may be để ăn, three syllables leave no doubt."""

    assert [e.is_ambiguous for e in KNOWN.expand("de an dua hau")] == [True]
    assert [e.is_ambiguous for e in KNOWN.expand("đề án đó")] == [False]
    assert [e.is_ambiguous for e in KNOWN.expand("nong thon moi")] == [False]


def test_questions_can_be_abbreviated() -> None:
    """With those abbreviations that can be written out again."""

    question = "Ủy ban nhân dân tỉnh và nhân dân làm gì về giải phóng mặt bằng?"

    assert KNOWN.abbreviated(question) == "UBND tỉnh và nhân dân làm gì về GPMB?"
    assert KNOWN.written_out(KNOWN.abbreviated(question)).lower() == question.lower()


def test_every_abbreviation_of_a_long_form_is_told() -> None:
    """The one that stands first in the file first."""

    assert KNOWN.shorts_of("Trung ương") == ("TW", "TƯ")
    assert KNOWN.shorts_of("con mèo") == ()


@given(TEXTS)
def test_any_text_is_read(text: str) -> None:
    """Spans are in order and inside the text, and hold what they say."""

    end = 0
    for expansion in KNOWN.expand(text):
        assert end <= expansion.start < expansion.end <= len(text)
        assert text[expansion.start : expansion.end] == expansion.text
        end = expansion.end


@given(TEXTS)
@example("HU UBND DAN")
def test_writing_out_twice_changes_nothing_more(text: str) -> None:
    """And a text without a clear abbreviation is left as it is."""

    written = KNOWN.written_out(text)

    assert KNOWN.written_out(written) == written
    if all(e.is_ambiguous or e.is_written_out for e in KNOWN.expand(text)):
        assert written == text


# W stands for ương, V for và, CT for computed tomography.
OTHER_LETTERS = {"TW", "BCHTW", "BDVTW", "NSTW", "DNNVV", "DNVVN"}
COMPUTED = "cắt lớp vi tính"


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row['short']}={row['long']}")
def test_rows_are_sound(row: dict[str, str]) -> None:
    """The long form shows the letters, holds no abbreviation, and the row is understood."""
    text = f"{row['short']} Ba"

    (expansion,) = (e for e in KNOWN.expand(text) if not e.is_written_out)
    initials = "".join(word[0] for word in long_key(row["long"]) if word != "của")
    capitals = re.sub("[a-z]", "", fold(row["short"].replace("khéo", "K")))

    assert row["long"] in expansion.long
    assert normalise(row["long"]) == row["long"] == KNOWN.written_out(row["long"])
    if row["short"] not in OTHER_LETTERS | {row["short"].lower()} and row["long"] != COMPUTED:
        assert fold(initials).upper() == re.sub(r"\W", "", capitals)


def test_rows_are_sorted_and_many() -> None:
    """No row comes twice."""
    keys = [(row["short"], row["long"]) for row in ROWS]

    assert keys == sorted(set(keys))
    assert len(keys) >= 200


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("các tổ chức chính trị - xã hội (CT-XH) được", ("CT-XH", "chính trị - xã hội")),
        ("công tác giải phóng mặt bằng (GPMB)", ("GPMB", "giải phóng mặt bằng")),
        ("Ủy viên Ban Thường vụ (BTV) Tỉnh ủy", ("BTV", "Ban Thường vụ")),
        ("Sở Giáo dục và Đào tạo (GD&ĐT)", ("GD&ĐT", "Giáo dục và Đào tạo")),
        ("doanh nghiệp nhỏ và vừa (DNNVV)", ("DNNVV", "doanh nghiệp nhỏ và vừa")),
        ("Văn hóa, Thể thao và Du lịch (VHTT&DL)", ("VHTT&DL", "Văn hóa, Thể thao và Du lịch")),
        ("phong trào “Dân vận khéo” (DV khéo)", ("DV khéo", "Dân vận khéo")),
        ("Thủ tướng (TTg)", ("TTg", "Thủ tướng")),
        ("Hội đồng nhân dân (HDND)", ("HDND", "Hội đồng nhân dân")),
        ("quỹ bình ổn giá (viết tắt là BOG)", ("BOG", "bình ổn giá")),
        ("khu công nghệ cao (sau đây gọi tắt là “KCNC”)", ("KCNC", "khu công nghệ cao")),
        ("khu công nghệ cao, sau đây gọi tắt là KCNC", ("KCNC", "khu công nghệ cao")),
        ("Mặt trận Tổ quốc Việt Nam (MTTQ)", ("MTTQ", "Mặt trận Tổ quốc")),
        ("Ủy ban nhân dân tỉnh Bắc Kạn (UBND)", ("UBND", "Ủy ban nhân dân")),
        ("GPMB (giải phóng mặt bằng) là", ("GPMB", "giải phóng mặt bằng")),
        ("quy chế của dân chủ (QCDC)", ("QCDC", "quy chế của dân chủ")),
    ],
)
def test_articles_explain_abbreviations(text: str, found: tuple[str, str]) -> None:
    """The long form is what the letters account for, no more."""

    assert [found] == list(find_definitions(text))


@pytest.mark.parametrize(
    "text",
    [
        "Tổ chức Y tế Thế giới (WHO)",
        "Bệnh viện Quận 11 (TP HCM)",
        "ông Nguyễn Hữu Hoài (ảnh)",
        "Đề án (sau đây gọi tắt là Đề án)",
        "dân vận (ĐV)",
        "dân vận và đảng viên (ĐVDV)",
        "giải phóng. Mặt bằng (GPMB)",
        "xã phát, quang (PQ)",
        "Ủy ban nhân dân họp (UBND)",
        "Thủ tục (TTg)",
        "Tập đoàn T&T Retail (TTR)",
        "GPMB (giải phóng mặt bằng rồi)",
        "GPMB (đã giải phóng mặt bằng)",
        "Covid-19 (CV19)",
        "nhóm nhạc Black Pink (BlackPink)",
        "(GPMB)",
    ],
)
def test_other_brackets_explain_nothing(text: str) -> None:
    """What the letters do not begin is no long form."""

    assert list(find_definitions(text)) == []


@pytest.mark.parametrize(
    ("texts", "learned"),
    [
        (["Ban Thường vụ (BTV)"], {"BTV": ("ban thường vụ",)}),
        (["đoàn khảo sát thực địa (ĐKSTĐ)"], {"ĐKSTĐ": ("đoàn khảo sát thực địa",)}),
        (["Công an Hà Nội (CAHN)"], {"CAHN": ("công an Hà Nội",)}),
        (["Sun Phú Quốc (SPQ)"], {"SPQ": ("Sun Phú Quốc",)}),
        (["khách quen (KQ)"], {}),
        (["khách quen (KQ)", "khách quen (KQ)"], {"KQ": ("khách quen",)}),
        (["tại nạn giao thông (TNGT)"], {"TNGT": ("tai nạn giao thông",)}),
        (["tổ tự quản (TTQ)", "tổ tự quản (TTQ)", "tổ tư quản (TTQ)"], {"TTQ": ("tổ tự quản",)}),
        (["Giáo dục - Đào tạo (GD- ĐT)"], {"GD&ĐT": ("giáo dục và đào tạo",)}),
        (["nhân tạo mềm (NTM)"], {"NTM": ("nhân tạo mềm",)}),
        (["Sun Phú Quốc (SPQ)", "SPQ", "SPQ, SPQ", "ở SPQ"], {"SPQ": ("Sun Phú Quốc",)}),
        (["Sun Phú Quốc (SPQ)", "SPQ", "SPQ", "SPQ", "SPQ"], {}),
        (["nông thôn mới (NTM)", "NTM", "NTM", "NTM", "NTM"], {"NTM": ("nông thôn mới",)}),
        (
            ["nhân tạo mềm (NTM)", "xây dựng nông thôn mới"],
            {"NTM": ("nhân tạo mềm", "nông thôn mới")},
        ),
        ([], {}),
    ],
)
def test_an_archive_teaches(texts: list[str], learned: dict[str, tuple[str, ...]]) -> None:
    """Two letters once are chance, a slip is the file's form, a contradiction brings both."""

    assert learned == learn(iter(texts))


def test_the_order_of_the_articles_makes_no_difference() -> None:
    """Spellings and meanings are chosen by how often they occur, then by name."""
    texts = [
        "đoàn khảo sát (ĐKS)",
        "Đoàn Khảo Sát (ĐKS)",
        "đội kỹ sư (ĐKS)",
        "đội kỹ sư (ĐKS)",
        "nông thôn mới (NTM)",
    ]
    shuffled = random.Random(3)
    expected = learn(texts)

    for _ in range(10):
        shuffled.shuffle(texts)
        assert list(expected.items()) == list(learn(texts).items())
    assert expected["ĐKS"][0] == "đội kỹ sư"


@pytest.mark.parametrize(
    ("learned", "longs"),
    [
        ({"NTM": ("nông thôn mới",)}, ("nông thôn mới",)),
        ({"NTM": ("nhân tạo mềm",)}, ("nhân tạo mềm",)),
        ({"NTM": ("nhân tạo mềm", "nông thôn mới")}, ("nhân tạo mềm", "nông thôn mới")),
        ({"HCM": ("hội cựu mẫu",)}, ("nông thôn mới",)),
    ],
)
def test_what_was_learned_counts(learned: dict[str, tuple[str, ...]], longs: tuple[str]) -> None:
    """Instead of the file's meaning, or beside it where the archive has both."""
    known = Abbreviations.of(learned)

    assert [(longs, len(longs) > 1)] == [(e.long, e.is_ambiguous) for e in known.expand("NTM nào")]
    assert list(known.expand("HCM")) == []
    assert known.shorts_of(longs[0])[0] == "NTM"


def test_what_the_file_knows_stays_ambiguous() -> None:
    """An archive that explains one of the file's meanings does not rule out the other."""
    known = Abbreviations.of({"BTV": ("Ban Thường vụ",)})

    assert known.expand("BTV nào") == KNOWN.expand("BTV nào")
