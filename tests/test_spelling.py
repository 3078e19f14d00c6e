"""Slips of typing are undone, and nothing else is touched."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.articles import article_paths, read_article
from retrieval.marks import SyllableModel
from retrieval.search import Retriever
from retrieval.settings import PROJECT
from retrieval.spelling import tidy
from retrieval.syllable_forms import from_telex, from_vni, is_syllable
from retrieval.text import canonical, normalise, sentences
from tests.keys import late_telex, telex, vni


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> SyllableModel:
    """The language of the seeds."""
    path = tmp_path_factory.mktemp("language") / "syllables.sqlite"
    seeds = PROJECT / "seeds"
    SyllableModel.write(path, [read_article(p, seeds).text for p in article_paths(seeds)])
    return SyllableModel.open(path)


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        # Telex
        ("coong tacs daan vaanj owr Bawcs Kanj", "công tác dân vận ở Bắc Kạn"),
        ("COONG TACS", "CÔNG TÁC"),
        ("công tacs dân vận", "công tác dân vận"),
        ("công tác daan vận ở Bắc Kạn", "công tác dân vận ở Bắc Kạn"),
        ("Hoaf bình", "Hòa bình"),
        ("hội nghị ddaf nawngx", "hội nghị đà nẵng"),
        ("nguoiwf daan", "người dân"),
        ("Thuongwf vuj Tinhr uyr", "Thường vụ Tỉnh ủy"),
        ("kết quả nawm 2020", "kết quả năm 2020"),
        ("thangs 7", "tháng 7"),
        # two d before marks
        ("Ddà Nẵng", "Đà Nẵng"),
        ("ddường sắt", "đường sắt"),
        ("lao ddộng", "lao động"),
        ("DDỒNG CHÍ", "ĐỒNG CHÍ"),
        ("HDDND tỉnh", "HĐND tỉnh"),
        ("HD9ND tỉnh", "HĐND tỉnh"),
        # VNI
        ("cong6 tac1 dan6 van65", "công tác dân vận"),
        ("d9u7o7c5 d9a1nh gia1", "được đánh giá"),
        ("d9u7o7ng2", "đường"),
        ("lao d9o6ng5", "lao động"),
        ("O73 Ba81c Ka5n", "Ở Bắc Kạn"),
        # spaces
        ("côngtác dânvận", "công tác dân vận"),
        ("congtac danvan o quangninh", "cong tac dan van o quang ninh"),
        ("mô hìnhdân vận", "mô hình dân vận"),
        ("tỉnhBắc Kạn,năm2020 ra sao", "tỉnh Bắc Kạn,năm 2020 ra sao"),
        ("quangninh nam2020", "quang ninh nam 2020"),
        ("Tỉnh ủyQuảng Ninh", "Tỉnh ủy Quảng Ninh"),
        ("Thành ủyĐà Nẵng", "Thành ủy Đà Nẵng"),
        ("UBNDtỉnh và UBNDTỉnh", "UBND tỉnh và UBND Tỉnh"),
        ("ởUBND", "ở UBND"),
        ("yêu cầuđẩy mạnh", "yêu cầu đẩy mạnh"),
        ("HaNoi", "Ha Noi"),
    ],
)
def test_slips_are_undone(model: SyllableModel, typed: str, expected: str) -> None:
    """Keys left by an input method, and spaces left out."""
    assert tidy(typed, model) == expected


@pytest.mark.parametrize(
    "typed",
    [
        "quan1 phuong3",
        "covid19",
        "vaccine covid19 ở class A1",
        "xe car",
        "test nhanh trên facebook",
        "Barcelona",
        "Honda ở Cuba",
        "cong ty honda o cuba",
        "gửi tới a@backan.gov.vn hay www.congtacdanvan.vn",
        "GPMB",
        "VnExpress",
        "báo VnExpress, YouTube và VinFast",
        "mua iPhone ở McDonald",
        "ĐHQGHN, TTXVN và MobiFone",
        "Saigon ở đâu",
        "Boeing 737 MAX, Mazda CX5, SU30 và B52",
        "show news of the window",
        "a",
        "Giám đốc Goldman Sachs cũng là ai?",
        "Việt Nam có ban chỉ đạo cao nhất",
    ],
)
def test_what_is_no_slip_stays(model: SyllableModel, typed: str) -> None:
    """Names, foreign words, addresses and acronyms are nobody's mistake."""
    assert tidy(typed, model) == typed


def test_sentences_of_the_articles_stay(model: SyllableModel) -> None:
    """What newspapers print is left as it is, whole articles of it."""
    seeds = PROJECT / "seeds"
    for path in article_paths(seeds):
        text = read_article(path, seeds).text
        for span in sentences(text):
            sentence = text[span.start : span.end]
            assert tidy(sentence, model) == sentence


@pytest.mark.parametrize("keys", [telex, late_telex, vni])
def test_articles_typed_without_an_input_method_come_back(
    model: SyllableModel, keys: Callable[[str], str]
) -> None:
    """Sentence by sentence, of 100 at least 97 exactly."""
    seeds = PROJECT / "seeds"
    typed = []
    for path in article_paths(seeds):
        text = read_article(path, seeds).text
        typed += [text[span.start : span.end] for span in sentences(text)]
    restored = [canonical(tidy(keys(text), model)) == canonical(text) for text in typed]

    assert len(typed) > 50
    assert sum(restored) >= 0.97 * len(restored)


@given(typed=st.text(alphabet="abcdeghinostuvwxđâưạ0123456789 -@.", max_size=40))
def test_tidying_twice_is_tidying_once(model: SyllableModel, typed: str) -> None:
    """Whatever is typed."""
    once = tidy(normalise(typed), model)

    assert tidy(once, model) == once


@pytest.mark.parametrize(
    "syllable", ["nghiêng", "quý", "gìn", "khuỷu", "yêu", "ủy", "thuở", "giết"]
)
def test_vietnamese_syllables(syllable: str) -> None:
    assert is_syllable(canonical(syllable))


@pytest.mark.parametrize("other", ["car", "blog", "vậnkhéo", "tàc", "đảcc", "", "w"])
def test_what_is_no_syllable(other: str) -> None:
    """A foreign cluster, two at once, a stop with a level tone."""
    assert not is_syllable(other)


@pytest.mark.parametrize(
    ("keys", "syllable"),
    [
        ("vaanj", "vận"),
        ("dduowcj", "được"),
        ("nguoiwf", "người"),
        ("thuowr", "thuở"),
        ("muaw", "mưa"),
        ("nhw", "như"),
        ("news", None),
        ("hoaf", "hòa"),
        ("quys", "quý"),
    ],
)
def test_telex(keys: str, syllable: str | None) -> None:
    assert from_telex(keys) == syllable


@pytest.mark.parametrize(
    ("keys", "syllable"),
    [("van65", "vận"), ("duoc975", "được"), ("d9ang3", "đảng"), ("d9u7o7c5", "được"), ("an", None)],
)
def test_vni(keys: str, syllable: str | None) -> None:
    assert from_vni(keys) == syllable


def test_a_letter_alone_is_left_alone(retriever: Retriever) -> None:
    """Nothing tells whether `a` is `à`; beside others `o` is `ở`."""
    language = retriever.index.language

    assert language.restore("a") == "a"
    assert language.restore("o bac kan") == "ở bắc kạn"


@pytest.mark.parametrize(
    "typed",
    [
        "Chỉ số hài lòng của người dân Bắc Kạn năm 2020",
        "chỉ số hài lòng của người dân BẮC KẠN năm 2020",
        "Chi\u0309 số  hài lòng của\u00a0người dân Bắc Kạn năm 2020",
        "Chỉ sốhài lòng của ngườidân Bắc Kạn năm2020",
        "Chir soos haif lofng cura nguowif daan Bawcs Kanj nawm 2020",
        "Chir soos haif longf cuar nguoiwf daan Bacws Kanj nawm 2020",
        "Chi3 so61 ha2i lo2ng cu3a ngu7o7i2 da6n Ba81c Ka5n na8m 2020",
    ],
)
def test_however_it_is_typed_the_same_passages(retriever: Retriever, typed: str) -> None:
    """Case, decomposition, spaces, Telex: the same passages in the same order."""
    expected = retriever.search("chỉ số hài lòng của người dân Bắc Kạn năm 2020")

    found = retriever.search(typed)

    assert [hit.passage.id for hit in found.hits] == [hit.passage.id for hit in expected.hits]
