from __future__ import annotations

import datetime

import pytest

from bot.demands import Demands
from bot.evidence import is_about
from bot.kinds import question_kind
from bot.period_evidence import is_of_another_period, is_of_period
from bot.question_terms import QuestionTerms, equal_weights
from bot.told import can_answer
from retrieval.question import understand
from retrieval.schema import Article, Hit, Passage, Query


def demands_of(query: Query) -> Demands:
    return Demands(query, QuestionTerms(query, equal_weights).words)


def hit(text: str, title: str = "Hội nghị") -> Hit:
    day = datetime.date(2024, 7, 23)
    article = Article("a.txt", title, text, "BBK", "Bắc Kạn", day, "a.txt")
    return Hit(article, Passage("a.txt", 0, len(text), text), 1.0, 1, 1, 0.85, 10.0)


@pytest.mark.parametrize(
    ("question", "text", "expected"),
    [
        ("Chỉ số hài lòng năm 2020?", "Năm 2020 đạt 91,3%.", True),
        ("Chỉ số hài lòng năm 2021?", "Năm 2020 đạt 91,3%.", False),
        ("Hội nghị ngày 23/07/2024?", "Hội nghị khai mạc.", True),
        ("Hội nghị tháng 8/2024?", "Hội nghị khai mạc.", False),
        ("Dân vận ở Bắc Kạn?", "Dân vận khéo.", True),
        ("Dân vận ở Quảng Ninh?", "Dân vận khéo.", False),
        ("Dân vận ở Quảng Ninh?", "Đoàn đến tỉnh Quảng Ninh.", True),
        ("Bí thư Tỉnh ủy là ai?", "Đồng chí Phó Bí thư Tỉnh ủy phát biểu.", False),
        ("Bí thư Tỉnh ủy là ai?", "Bí thư Tỉnh ủy và Phó Bí thư dự.", True),
        ("bi thu tinh uy la ai", "Phó Bí thư Tỉnh ủy phát biểu.", False),
        ("Phó Chủ tịch HĐND là ai?", "Chủ tịch HĐND phát biểu.", False),
        ("Bộ trưởng Nội vụ là ai?", "Thứ trưởng Bộ Nội vụ phát biểu.", False),
    ],
)
def test_year_place_and_office_must_be_there(question: str, text: str, expected: bool) -> None:
    """A deputy is not the chief, 2020 is not 2021, and one province is not another."""

    query = understand(question)

    assert is_about(query, hit(text), demands_of(query)) is expected


@pytest.mark.parametrize(
    ("question", "sentence", "expected"),
    [
        ("Có bao nhiêu mô hình?", "Có 53 mô hình đăng ký cấp tỉnh.", True),
        ("co bao nhieu mo hinh", "Có 53 mô hình đăng ký cấp tỉnh.", True),
        ("Có bao nhiêu mô hình?", "Có 53 hội nghị về mô hình.", False),
        ("Tinh giản bao nhiêu biên chế?", "Tinh giản được biên chế (12,54%).", True),
        ("Quảng Ninh có bao nhiêu huyện?", "Hội thảo tại huyện Hải Hà, tháng 2/2017.", False),
        ("Bao nhiêu người dự?", "Có 200 đại biểu dự.", True),
        ("Bao nhiêu người dự?", "Nhiều đại biểu dự.", False),
        ("Đạt bao nhiêu phần trăm?", "Đạt 91,3%.", True),
        ("Tặng cờ cho mấy tập thể?", "Tặng cờ cho bốn tập thể.", True),
    ],
)
def test_a_count_needs_its_number(question: str, sentence: str, expected: bool) -> None:
    """`bao nhiêu X` is answered by a number next to X; measures are put in many ways."""
    kind = question_kind(question)

    assert kind is not None
    assert kind.is_count
    assert kind.holds(sentence) is expected


@pytest.mark.parametrize(
    "question", ["Máy bay hạ cánh ở sân nào?", "may man la gi", "May mắn là gì?"]
)
def test_look_alikes_of_may_ask_for_no_count(question: str) -> None:
    """`máy` and `may` are not `mấy`."""
    kind = question_kind(question)

    assert kind is None or not kind.is_count


@pytest.mark.parametrize(
    ("question", "sentence", "expected"),
    [
        (
            "Thu nhập bình quân là bao nhiêu?",
            "Thu ngân sách tăng 5 tỷ, thu nhập bình quân tăng.",
            False,
        ),
        (
            "Thu ngân sách tăng bao nhiêu?",
            "Thu ngân sách tăng 5 tỷ, thu nhập bình quân tăng.",
            True,
        ),
        (
            "thu nhap binh quan la bao nhieu",
            "Thu ngân sách tăng 5 tỷ, thu nhập bình quân tăng.",
            False,
        ),
        ("Thu ngân sách tăng bao nhiêu so với năm trước?", "Thu ngân sách tăng 5 tỷ.", True),
        ("Thu ngân sách tăng bao nhiêu so với năm trước?", "Tặng 5 cờ, thu nhập tăng.", False),
        ("Chỉ số hài lòng năm 2020 là bao nhiêu?", "Chỉ số hài lòng năm 2020 tăng.", False),
        ("Chỉ số hài lòng là bao nhiêu?", "Đạt 91,3% chỉ số hài lòng.", True),
        ("Thứ trưởng Bộ Nội vụ là ai?", "Ông An đề nghị Bộ Nội vụ.", False),
        ("Thứ trưởng Bộ Nội vụ là ai?", "Thứ trưởng Bộ Nội vụ Trần An.", True),
        ("Ai chủ trì?", "Ông An chủ trì.", True),
        ("Dân vận là gì?", "Dân vận.", True),
    ],
)
def test_the_sentence_itself_holds_what_is_asked(
    question: str, sentence: str, expected: bool
) -> None:
    """A number of something else, or a sentence about another office, is no answer."""

    query = understand(question)

    assert can_answer(query, question_kind(question), demands_of(query), sentence) is expected


def hit_of(day: datetime.date | None, text: str) -> Hit:
    """A hit whose article is of that day and says that."""
    article = Article("a.txt", "Tin", text, None, "Bắc Kạn", day, "")
    return Hit(article, Passage("a.txt", 0, len(text), text), 1.0, 1, 1, 1.0, 1.0)


JULY_2024 = datetime.date(2024, 7, 23)


@pytest.mark.parametrize(
    ("question", "day", "text", "expected"),
    [
        ("Chỉ số năm 2020?", JULY_2024, "Năm 2020 đạt 91,3%.", True),
        ("Chỉ số năm 2024?", JULY_2024, "Chỉ số đạt 91,3%.", True),
        ("Chỉ số năm 2021?", JULY_2024, "Năm 2020 đạt 91,3%.", False),
        ("Tin năm 2020?", JULY_2024, "Năm 2020 đạt 91,3%.", False),
        ("Kết quả quý III/2024?", JULY_2024, "Tháng 8 năm 2024 có kết quả.", True),
        ("Kết quả quý IV/2024?", JULY_2024, "Tháng 8 năm 2024 có kết quả.", False),
        ("Giai đoạn 2016-2020 ra sao?", None, "Năm 2018 có 5 mô hình.", True),
        ("Tin mới nhất?", None, "Có 5 mô hình.", True),
        ("Ở thế kỷ 20 có gì?", JULY_2024, "Cầu xây từ thập niên 80.", False),
        ("Ở thế kỷ 20 có gì?", JULY_2024, "Cầu xây trong thập niên 80.", True),
        ("Thập niên 1990 có gì?", JULY_2024, "Năm 1994 xây cầu.", True),
        ("Thập niên 1990 có gì?", JULY_2024, "Năm 1989 xây cầu.", False),
        ("Năm 2024 tăng bao nhiêu so với năm 2019?", JULY_2024, "Thu tăng 5 tỷ.", True),
        ("Tăng bao nhiêu so với năm trước?", JULY_2024, "Thu tăng 5 tỷ.", True),
        ("Sản lượng năm 2022?", JULY_2024, "Năm 2023 tăng 4% so với năm 2022.", False),
        ("Kết quả quý II/2024?", JULY_2024, "Quý III/2024 tăng 5 so với quý II/2024.", False),
        ("Sản lượng năm 2022?", JULY_2024, "Năm 2023 đạt 9 tấn (năm 2022: 8 tấn).", True),
    ],
)
def test_hits_of_the_period(
    question: str, day: datetime.date | None, text: str, expected: bool
) -> None:
    """By the article's day or by what the passage dates; said of the articles, by the day alone."""
    assert is_of_period(understand(question), hit_of(day, text)) is expected


@pytest.mark.parametrize(
    ("question", "sentence", "expected"),
    [
        ("Chỉ số năm 2024?", "Năm 2020 đạt 91,3%.", True),
        ("Chỉ số năm 2020?", "Năm 2020 đạt 91,3%.", False),
        ("Chỉ số năm 2024?", "Chỉ số đạt 91,3%.", False),
        ("Chỉ số năm 2024?", "Tăng so với năm 2020, năm 2024 đạt 95%.", False),
        ("Tin năm 2024?", "Năm 2020 đạt 91,3%.", False),
        ("Chỉ số?", "Năm 2020 đạt 91,3%.", False),
        ("Thu năm 2024?", "Thu tăng so với năm trước khoảng 5 tỷ.", False),
        ("Thu năm 2024?", "Thu tăng 5% so với cùng kỳ năm 2023.", False),
        ("Thu năm 2022?", "Năm 2023 đạt 5 tỷ, tăng 4% so với năm 2022.", True),
        ("Thu năm 2023?", "Năm 2023 đạt 5 tỷ, tăng 4% so với năm 2022.", False),
        ("Thu năm 2022?", "Năm 2023 đạt 5 tỷ (cùng kỳ năm 2022: 4 tỷ).", False),
        ("Thu năm 2024?", "Đến 30/6/2023, thu 5 tỷ.", True),
    ],
)
def test_a_figure_of_another_year(question: str, sentence: str, expected: bool) -> None:
    """A sentence that dates what it says to another time does not answer."""
    article = hit_of(JULY_2024, sentence).article

    assert is_of_another_period(understand(question), article, sentence) is expected


REVIEW = "Ngày 3/10, tỉnh sơ kết phong trào quý III/2024."
OF_2020 = "Năm 2020, tỉnh có nhiều đổi mới."


@pytest.mark.parametrize(
    ("question", "text", "sentence", "expected"),
    [
        ("Quý II/2024?", f"{REVIEW} Có 9 mô hình, tăng 2 so với quý II/2024.", "Có 9", True),
        ("Quý III/2024?", f"{REVIEW} Có 9 mô hình, tăng 2 so với quý II/2024.", "Có 9", False),
        ("Năm 2024?", f"{REVIEW} Có 9 mô hình.", "Có 9", False),
        ("Tháng 10/2024?", f"{REVIEW}\nCó 9 mô hình.", "Có 9", False),
        ("Quý II/2024?", f"{REVIEW}\nCó 9 mô hình.", "Có 9", True),
        ("Năm 2024?", f"{OF_2020} Có 9 mô hình.", "Có 9", True),
        ("Năm 2020?", f"{OF_2020} Có 9 mô hình.", "Có 9", False),
        ("Năm 2024?", f"{OF_2020} Có 9 mô hình. Thu đạt 5 tỷ.", "Thu đạt", True),
        ("Năm 2024?", f"{OF_2020}\nCó 9 mô hình.", "Có 9", False),
        ("Năm 2024?", f"{OF_2020} Hiện nay có 9 mô hình.", "Hiện nay", False),
        ("Năm 2020?", f"{OF_2020} Hiện nay có 9 mô hình.", "Hiện nay", True),
        ("Quý III/2024?", f"{REVIEW} Đến nay có 9 mô hình.", "Đến nay", False),
        ("Năm 2023?", "Hội nghị tổng kết năm 2023.\nCó 9 mô hình.", "Có 9", False),
        ("Năm 2022?", "Hội nghị tổng kết năm 2023.\nCó 9 mô hình.", "Có 9", True),
        (
            "Tháng 8/2024?",
            "Trong tháng 9/2024 có 12 vụ. Số này giảm 5 so với tháng 8/2024.",
            "Số này",
            True,
        ),
        ("Năm 2024?", f"{OF_2020} Thực hiện 9 mô hình.", "Thực hiện", True),
        ("Năm 2024?", f"{OF_2020} Năm 2024 tốt hơn. Có 9 mô hình.", "Có 9", False),
        ("Năm 2024?", "Tỉnh lập lại năm 1997. Có 9 mô hình.", "Có 9", False),
        ("Tin năm 2024?", f"{OF_2020} Có 9 mô hình.", "Có 9", False),
    ],
)
def test_a_sentence_without_a_period_of_its_own(
    question: str, text: str, sentence: str, expected: bool
) -> None:
    """It is of the time that its paragraph, or the review it reports, has set."""
    article = hit_of(datetime.date(2024, 10, 3), text).article
    end = min(n for n in (text.find(".", text.index(sentence)) + 1, len(text)) if n)
    quoted = text[text.index(sentence) : end]

    assert is_of_another_period(understand(question), article, quoted) is expected


@pytest.mark.parametrize(
    ("question", "text", "expected"),
    [
        ("Chiều 26/12 tỉnh tổ chức gì?", "Chiều 26/12/2022, hội nghị khai mạc.", True),
        ("Chiều 23/7 tỉnh tổ chức gì?", "Hội nghị khai mạc.", True),
        ("Chiều 24/7 tỉnh tổ chức gì?", "Hội nghị khai mạc.", False),
        ("Chiều 24/7/2023 tỉnh tổ chức gì?", "Chiều 24/7/2022, hội nghị khai mạc.", False),
    ],
)
def test_a_day_without_a_year_is_of_any_year(question: str, text: str, expected: bool) -> None:
    """Nobody asks for `chiều 26/12` of this year alone; the label says of which year it is."""

    assert is_of_period(understand(question), hit(text)) is expected


def test_growth_is_not_the_figure_itself() -> None:
    """By how much an index grew is not answered by what it is."""
    query = understand("Chỉ số hài lòng tăng bao nhiêu so với năm 2019?")
    kind = question_kind(query.text)

    assert not can_answer(query, kind, demands_of(query), "Chỉ số hài lòng đạt 91,3%.")
    assert can_answer(query, kind, demands_of(query), "Chỉ số hài lòng tăng 2,1%.")
