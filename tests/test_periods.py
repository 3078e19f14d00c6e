from __future__ import annotations

import datetime

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from retrieval.periods import find_periods, today_in_vietnam
from retrieval.text import fold, normalise

# A Monday.
TODAY = datetime.date(2026, 11, 23)

# Words, first day, last day.
FORMS = [
    ("năm 2017 Quảng Ninh có gì", "2017-01-01", "2017-12-31"),
    ("Quảng Ninh 2017 ra sao", "2017-01-01", "2017-12-31"),
    ("Việt Nam 2023", "2023-01-01", "2023-12-31"),
    ("quảng nam 2017", "2017-01-01", "2017-12-31"),
    ("tháng 7/2024", "2024-07-01", "2024-07-31"),
    ("tháng 7 năm 2024 có gì", "2024-07-01", "2024-07-31"),
    ("hội nghị 7/2024", "2024-07-01", "2024-07-31"),
    ("tháng Giêng năm 2023", "2023-01-01", "2023-01-31"),
    ("cuối tháng 7/2024", "2024-07-21", "2024-07-31"),
    ("đầu tháng này", "2026-11-01", "2026-11-10"),
    ("quý III/2024", "2024-07-01", "2024-09-30"),
    ("quý 3 năm 2024", "2024-07-01", "2024-09-30"),
    ("trong quý I", "2026-01-01", "2026-03-31"),
    ("6 tháng đầu năm 2023", "2023-01-01", "2023-06-30"),
    ("6 tháng cuối năm", "2026-07-01", "2026-12-31"),
    ("sáu tháng đầu năm nay", "2026-01-01", "2026-06-30"),
    ("9 tháng đầu năm 2024", "2024-01-01", "2024-09-30"),
    ("đầu năm 2022", "2022-01-01", "2022-04-30"),
    ("giữa năm 2022", "2022-05-01", "2022-08-31"),
    ("cuối năm 2022", "2022-09-01", "2022-12-31"),
    ("cuối năm ngoái", "2025-09-01", "2025-12-31"),
    ("nửa đầu năm 2021", "2021-01-01", "2021-06-30"),
    ("23/7/2024", "2024-07-23", "2024-07-23"),
    ("ngày 23-7-2024", "2024-07-23", "2024-07-23"),
    ("23.7.2024", "2024-07-23", "2024-07-23"),
    ("ngày 23 tháng 7 năm 2024", "2024-07-23", "2024-07-23"),
    ("ngày 23/7", "2026-07-23", "2026-07-23"),
    ("ngày 23/12", "2025-12-23", "2025-12-23"),
    ("ngày 29/2", "2024-02-29", "2024-02-29"),
    ("hôm nay", "2026-11-23", "2026-11-23"),
    ("hôm qua có gì", "2026-11-22", "2026-11-22"),
    ("hôm kia", "2026-11-21", "2026-11-21"),
    ("tuần này", "2026-11-23", "2026-11-29"),
    ("tuần trước", "2026-11-16", "2026-11-22"),
    ("tuần qua", "2026-11-16", "2026-11-22"),
    ("tháng trước", "2026-10-01", "2026-10-31"),
    ("năm nay", "2026-01-01", "2026-12-31"),
    ("năm ngoái", "2025-01-01", "2025-12-31"),
    ("trong 3 ngày qua", "2026-11-20", "2026-11-23"),
    ("2 tháng gần đây", "2026-09-23", "2026-11-23"),
    ("giai đoạn 2016–2020", "2016-01-01", "2020-12-31"),
    ("giai đoạn 2016 - 2020", "2016-01-01", "2020-12-31"),
    ("giai đoạn 2016 đến 2020", "2016-01-01", "2020-12-31"),
    ("nhiệm kỳ 2020-2025", "2020-01-01", "2025-12-31"),
    ("từ năm 2019 đến 2021", "2019-01-01", "2021-12-31"),
    ("từ năm 2019 đến năm 2021", "2019-01-01", "2021-12-31"),
    ("từ 1/7/2024 đến 15/7/2024", "2024-07-01", "2024-07-15"),
    ("từ ngày 5 đến 10/3/2023", "2023-03-05", "2023-03-10"),
    ("từ ngày 5/3 đến ngày 10/3/2023", "2023-03-05", "2023-03-10"),
    ("từ tháng 3 đến tháng 5/2024", "2024-03-01", "2024-05-31"),
    ("trước năm 2020", "0001-01-01", "2019-12-31"),
    ("sau năm 2020", "2021-01-01", "2026-11-23"),
    ("từ năm 2020 đến nay", "2020-01-01", "2026-11-23"),
    ("từ năm 2020", "2020-01-01", "2026-11-23"),
    ("từ năm 2030", "2030-01-01", "9999-12-31"),
    ("đến năm 2030", "2030-01-01", "2030-12-31"),
    ("thứ hai tuần trước", "2026-11-16", "2026-11-16"),
    ("thứ ba tuần trước", "2026-11-17", "2026-11-17"),
    ("thứ tư tuần này", "2026-11-25", "2026-11-25"),
    ("thứ năm tuần qua", "2026-11-19", "2026-11-19"),
    ("thứ sáu tuần tới", "2026-12-04", "2026-12-04"),
    ("thứ bảy tuần trước có gì", "2026-11-21", "2026-11-21"),
    ("chủ nhật tuần trước", "2026-11-22", "2026-11-22"),
    ("chủ nhật tuần này", "2026-11-29", "2026-11-29"),
    ("quý ba năm 2024", "2024-07-01", "2024-09-30"),
    ("quý tư năm 2023", "2023-10-01", "2023-12-31"),
    ("quý 1", "2026-01-01", "2026-03-31"),
    ("trong quý hai", "2026-04-01", "2026-06-30"),
    ("quý IV năm ngoái", "2025-10-01", "2025-12-31"),
    ("quý này", "2026-10-01", "2026-12-31"),
    ("trong quý trước", "2026-07-01", "2026-09-30"),
    ("những năm 1990", "1990-01-01", "1999-12-31"),
    ("thập niên 1990", "1990-01-01", "1999-12-31"),
    ("thập niên 80", "1980-01-01", "1989-12-31"),
    ("thế kỷ 20", "1901-01-01", "2000-12-31"),
    ("thế kỷ XXI", "2001-01-01", "2100-12-31"),
    ("ngày 20 tháng này", "2026-11-20", "2026-11-20"),
    ("20 tháng này", "2026-11-20", "2026-11-20"),
    ("ngày 5 tháng trước", "2026-10-05", "2026-10-05"),
    ("3 tháng nay", "2026-08-23", "2026-11-23"),
    ("nửa năm qua", "2026-05-23", "2026-11-23"),
    ("nửa tháng qua", "2026-11-08", "2026-11-23"),
    ("T7/2024", "2024-07-01", "2024-07-31"),
    ("hội nghị T12/2023", "2023-12-01", "2023-12-31"),
    ("năm kia", "2024-01-01", "2024-12-31"),
    ("cuối năm kia", "2024-09-01", "2024-12-31"),
    ("tối qua", "2026-11-22", "2026-11-22"),
    ("chiều qua có gì", "2026-11-22", "2026-11-22"),
    ("sáng nay", "2026-11-23", "2026-11-23"),
    ("tối nay", "2026-11-23", "2026-11-23"),
    ("tối hôm kia", "2026-11-21", "2026-11-21"),
    ("2024-07-23", "2024-07-23", "2024-07-23"),
    ("nửa đầu năm 2023", "2023-01-01", "2023-06-30"),
    ("nửa cuối năm ngoái", "2025-07-01", "2025-12-31"),
    ("9 tháng đầu năm", "2026-01-01", "2026-09-30"),
    ("nhiệm kỳ 2021 - 2026", "2021-01-01", "2026-12-31"),
    ("đến 31/12/2023", "0001-01-01", "2023-12-31"),
    ("tính đến hết ngày 30/6/2024", "0001-01-01", "2024-06-30"),
    ("5 năm gần đây", "2021-11-23", "2026-11-23"),
    ("tuần tới", "2026-11-30", "2026-12-06"),
    ("tháng tới", "2026-12-01", "2026-12-31"),
]


def days(question: str) -> list[tuple[str, str]]:
    found = find_periods(normalise(question), TODAY)
    return [(period.first.isoformat(), period.last.isoformat()) for period in found]


@pytest.mark.parametrize(("question", "first", "last"), FORMS)
def test_forms(question: str, first: str, last: str) -> None:
    """With marks, without, in capitals and with odd spaces: the same days."""
    spellings = (question, fold(question), question.upper(), question.replace(" ", "  "))

    assert [days(spelling) for spelling in spellings] == [[(first, last)]] * 4


@pytest.mark.parametrize(
    "question",
    [
        "Nghị quyết 25/2018/NQ-CP",
        "Chỉ thị 33-CT/TW",
        "văn bản số 12/2024",
        "Quyết định 217",
        "2/3 số hộ",
        "trực 24/7",
        "gọi 0912.345.678",
        "1.234 người",
        "đạt 91,3%",
        "năm mươi hộ",
        "năm người",
        "lần thứ năm",
        "Quảng Nam có gì",
        "miền Nam",
        "Luật Đất đai 2024",
        "ngày 30/2/2024",
        "tháng 13/2024",
        "trong 5 năm",
        "kỷ niệm 90 năm ngày thành lập (1930-2020)",
        "lần đầu năm người",
        "thứ hai là tăng cường tuyên truyền",
        "bài thứ hai",
        "thứ ba, củng cố tổ chức",
        "quý khách có gì",
        "kính thưa quý vị",
        "kính thưa quý bà",
        "quy tụ nhân tài",
        "họp T7 hằng tuần",
        "Nghị định 05/2023/NĐ-CP",
        "tỷ số 2-1",
        "ngày Chủ nhật xanh",
        "những năm tháng ấy",
        "đầu nhiệm kỳ",
        "mã 2024-07-2345",
    ],
)
def test_what_is_no_period(question: str) -> None:
    """Decrees, ratios, counts, places and days that the calendar does not have."""

    assert (days(question), days(fold(question))) == ([], [])


@pytest.mark.parametrize(
    ("question", "first", "last"),
    [
        ("thu hai tuần trước", "2026-11-16", "2026-11-16"),
        ("thu nam tuần này", "2026-11-26", "2026-11-26"),
        ("chu nhat tuần trước", "2026-11-22", "2026-11-22"),
        ("quy ba năm 2024", "2024-07-01", "2024-09-30"),
        ("nhung năm 1990", "1990-01-01", "1999-12-31"),
        ("thap nien 1990 có gì", "1990-01-01", "1999-12-31"),
        ("the ky 20 có gì", "1901-01-01", "2000-12-31"),
        ("nua năm qua", "2026-05-23", "2026-11-23"),
        ("quy này", "2026-10-01", "2026-12-31"),
        ("ở Bắc Kạn 20 thang nay", "2026-11-20", "2026-11-20"),
    ],
)
def test_forms_with_some_marks(question: str, first: str, last: str) -> None:
    """A period reads the same where only some of its words have marks."""

    assert days(question) == [(first, last)]


# A question, and its periods: first day, last day, whether only compared with.
COMPARED = [
    (
        "Thu ngân sách của Hậu Giang năm 2022 tăng bao nhiêu so với năm trước?",
        [("2022-01-01", "2022-12-31", False), ("2021-01-01", "2021-12-31", True)],
    ),
    (
        "Thu ngân sách tăng so với cùng kỳ năm trước bao nhiêu ở Hậu Giang?",
        [("2025-01-01", "2025-12-31", True)],
    ),
    (
        "So với năm trước, thu ngân sách năm 2022 tăng bao nhiêu?",
        [("2021-01-01", "2021-12-31", True), ("2022-01-01", "2022-12-31", False)],
    ),
    (
        "Quý III/2024 tăng bao nhiêu so với quý trước?",
        [("2024-07-01", "2024-09-30", False), ("2024-04-01", "2024-06-30", True)],
    ),
    (
        "Tháng 1/2024 giảm bao nhiêu so với tháng trước?",
        [("2024-01-01", "2024-01-31", False), ("2023-12-01", "2023-12-31", True)],
    ),
    (
        "Năm 2023 cao hơn năm 2022 bao nhiêu?",
        [("2023-01-01", "2023-12-31", False), ("2022-01-01", "2022-12-31", True)],
    ),
    (
        "Năm 2023 bằng bao nhiêu phần trăm so với năm 2020 và năm 2021?",
        [
            ("2023-01-01", "2023-12-31", False),
            ("2020-01-01", "2020-12-31", True),
            ("2021-01-01", "2021-12-31", True),
        ],
    ),
    (
        "Số vụ năm 2023 tăng bao nhiêu so cùng kỳ năm 2022?",
        [("2023-01-01", "2023-12-31", False), ("2022-01-01", "2022-12-31", True)],
    ),
    (
        "6 tháng đầu năm 2023 bằng 105% của cùng kỳ năm ngoái?",
        [("2023-01-01", "2023-06-30", False), ("2022-01-01", "2022-12-31", True)],
    ),
    ("Cùng kỳ năm 2021 thu bao nhiêu?", [("2021-01-01", "2021-12-31", False)]),
    ("Trong hơn 5 năm qua có gì?", [("2021-11-23", "2026-11-23", False)]),
    ("Chỉ số năm 2020 là bao nhiêu?", [("2020-01-01", "2020-12-31", False)]),
    (
        "So sánh năm 2021 với năm 2022",
        [("2021-01-01", "2021-12-31", False), ("2022-01-01", "2022-12-31", False)],
    ),
    ("Được tặng bằng khen năm 2023?", [("2023-01-01", "2023-12-31", False)]),
]


@pytest.mark.parametrize(("question", "expected"), COMPARED)
def test_what_is_only_compared_with(question: str, expected: list[tuple[str, str, bool]]) -> None:
    """`so với năm trước` asks for no figure of that year, and counts from the year beside it."""
    spellings = (question, fold(question), question.upper())
    found = [find_periods(normalise(spelling), TODAY) for spelling in spellings]

    assert [
        [(p.first.isoformat(), p.last.isoformat(), p.is_base) for p in periods] for periods in found
    ] == [expected] * 3


# Whole questions, each with its periods: first day, last day, whether only compared with.
QUESTIONS: list[tuple[str, list[tuple[str, str, bool]]]] = [
    ("thứ tư tuần trước Bắc Kạn họp gì", [("2026-11-18", "2026-11-18", False)]),
    ("hội nghị thứ 6 tuần này", [("2026-11-27", "2026-11-27", False)]),
    ("thứ năm tuần sau có lịch gì", [("2026-12-03", "2026-12-03", False)]),
    ("sáng thứ hai tuần trước ai chủ trì", [("2026-11-16", "2026-11-16", False)]),
    ("thứ sáu vừa rồi có hội nghị nào", [("2026-11-20", "2026-11-20", False)]),
    ("quý nhất năm 2022 thu bao nhiêu", [("2022-01-01", "2022-03-31", False)]),
    ("kết quả quý 4/2023", [("2023-10-01", "2023-12-31", False)]),
    ("từ quý I đến quý III/2024", [("2024-01-01", "2024-09-30", False)]),
    ("quý vừa qua thu bao nhiêu", [("2026-07-01", "2026-09-30", False)]),
    ("đầu những năm 1990 tỉnh ra sao", [("1990-01-01", "1999-12-31", False)]),
    ("thập kỷ 2010", [("2010-01-01", "2019-12-31", False)]),
    ("những năm 2021-2023 có gì", [("2021-01-01", "2023-12-31", False)]),
    ("họp ngày 15 tháng trước", [("2026-10-15", "2026-10-15", False)]),
    ("trong nửa năm gần đây", [("2026-05-23", "2026-11-23", False)]),
    ("năm năm qua có gì", [("2021-11-23", "2026-11-23", False)]),
    ("hai năm gần đây", [("2024-11-23", "2026-11-23", False)]),
    ("T.3/2023 có hội nghị gì", [("2023-03-01", "2023-03-31", False)]),
    ("đêm qua mưa lớn ở đâu", [("2026-11-22", "2026-11-22", False)]),
    ("trưa nay có gì", [("2026-11-23", "2026-11-23", False)]),
    ("từ 2024-07-01 đến 2024-07-15", [("2024-07-01", "2024-07-15", False)]),
    ("cho đến ngày 30/6/2024 có mấy mô hình", [("0001-01-01", "2024-06-30", False)]),
    ("nhiệm kỳ 2015 - 2020 đạt gì", [("2015-01-01", "2020-12-31", False)]),
    ("mười năm qua", [("2016-11-23", "2026-11-23", False)]),
    ("tháng 7 năm kia", [("2024-07-01", "2024-07-31", False)]),
    (
        "6 tháng đầu năm nay tăng bao nhiêu so với 6 tháng đầu năm trước",
        [("2026-01-01", "2026-06-30", False), ("2025-01-01", "2025-06-30", True)],
    ),
    (
        "Quý I/2024 số vụ giảm bao nhiêu so với cùng kỳ năm 2023",
        [("2024-01-01", "2024-03-31", False), ("2023-01-01", "2023-12-31", True)],
    ),
    (
        "năm 2024 có nhiều hơn năm 2023 không",
        [("2024-01-01", "2024-12-31", False), ("2023-01-01", "2023-12-31", True)],
    ),
    (
        "Năm 2021 thu gấp đôi năm 2020 phải không",
        [("2021-01-01", "2021-12-31", False), ("2020-01-01", "2020-12-31", True)],
    ),
    (
        "Thu năm 2023 đạt bao nhiêu so với kế hoạch năm 2023",
        [("2023-01-01", "2023-12-31", False), ("2023-01-01", "2023-12-31", False)],
    ),
    (
        "năm nay so với năm ngoái ra sao",
        [("2026-01-01", "2026-12-31", False), ("2025-01-01", "2025-12-31", True)],
    ),
    (
        "tháng 7/2024 so với tháng 6 tăng mấy phần trăm",
        [("2024-07-01", "2024-07-31", False), ("2024-06-01", "2024-06-30", True)],
    ),
    (
        "so với mức 5 tỷ đồng của năm 2020, năm 2021 tăng bao nhiêu",
        [("2020-01-01", "2020-12-31", True), ("2021-01-01", "2021-12-31", False)],
    ),
    (
        "năm 2023 tăng hơn so với năm 2022 bao nhiêu",
        [("2023-01-01", "2023-12-31", False), ("2022-01-01", "2022-12-31", True)],
    ),
    ("hơn 3 tháng qua", [("2026-08-23", "2026-11-23", False)]),
    ("thứ nhất là gì, thứ hai là gì", []),
    ("quý cô quý bà", []),
    ("quý báu ra sao", []),
    ("giải thưởng lần thứ hai", []),
    ("khu phố T7", []),
    ("kế hoạch 12/2024/KH-BDV", []),
    ("trận đấu kết thúc 3-2", []),
    ("năm sáu người", []),
    ("tầng lớp quý tộc", []),
    ("từ đêm 4 đến ngày 12/2/2026", [("2026-02-04", "2026-02-12", False)]),
    ("kim loại quý này ra sao", []),
    ("trong 3 quý trước", []),
    ("hàng ngàn năm trước có gì", []),
    (
        "Thu năm 2022 có tăng 5% so năm 2021 không",
        [("2022-01-01", "2022-12-31", False), ("2021-01-01", "2021-12-31", True)],
    ),
    ("Một số năm 2021 có lũ", [("2021-01-01", "2021-12-31", False)]),
    ("Chủ nhật tuần qua ở Quảng Ninh có lễ hội nào", [("2026-11-22", "2026-11-22", False)]),
    ("báo cáo quý hai năm ngoái", [("2025-04-01", "2025-06-30", False)]),
    (
        "Số hộ nghèo tháng 10/2024 giảm mấy hộ so với đầu năm",
        [("2024-10-01", "2024-10-31", False), ("2024-01-01", "2024-04-30", True)],
    ),
    (
        "Năm 2020 tăng 5% so với năm 2019, vậy năm 2021 thì sao",
        [
            ("2020-01-01", "2020-12-31", False),
            ("2019-01-01", "2019-12-31", True),
            ("2021-01-01", "2021-12-31", False),
        ],
    ),
    ("kém năm 2021 bao nhiêu", [("2021-01-01", "2021-12-31", True)]),
    ("Kết quả nửa đầu nhiệm kỳ 2020-2025", [("2020-01-01", "2025-12-31", False)]),
    ("tin chiều qua ở Đà Nẵng", [("2026-11-22", "2026-11-22", False)]),
    (
        "Dân số những năm 1980 so với thập niên 1970 thế nào",
        [("1980-01-01", "1989-12-31", False), ("1970-01-01", "1979-12-31", True)],
    ),
    ("ngày 2024-12-05 họp gì", [("2024-12-05", "2024-12-05", False)]),
    ("hồi T11 năm 2022", [("2022-11-01", "2022-11-30", False)]),
    ("ba quý đầu năm", [("2026-01-01", "2026-09-30", False)]),
    ("đợt mưa đêm hôm qua", [("2026-11-22", "2026-11-22", False)]),
    ("mùng 3 tháng trước", [("2026-10-03", "2026-10-03", False)]),
    ("vị trí thứ ba", []),
    ("quý phụ huynh cần biết gì", []),
    ("A4 khổ 2024-5", []),
    ("tỉ số 3-2 hiệp 2", []),
    ("2 quý cuối năm 2024", [("2024-07-01", "2024-12-31", False)]),
    ("thế kỷ 16 có gì", []),
    ("xây 9 cầu trong 5 năm tới", []),
    ("từ trước tới nay có gì", []),
    ("tối 29/1/2026 có gì", [("2026-01-29", "2026-01-29", False)]),
    ("kết hôn năm 1994", [("1994-01-01", "1994-12-31", False)]),
    ("nhiều hơn trong năm 2026", [("2026-01-01", "2026-12-31", False)]),
    ("tăng gấp đôi vào năm 2029", [("2029-01-01", "2029-12-31", False)]),
    ("Nhóm này làm gì", []),
    (
        "Tháng 6 năm ngoái họp về kế hoạch năm 2022",
        [("2025-06-01", "2025-06-30", False), ("2022-01-01", "2022-12-31", False)],
    ),
]


@pytest.mark.parametrize(("question", "expected"), QUESTIONS)
def test_periods_of_whole_questions(question: str, expected: list[tuple[str, str, bool]]) -> None:
    """With marks, without, and in capitals."""
    spellings = (question, fold(question), question.upper())
    found = [find_periods(normalise(spelling), TODAY) for spelling in spellings]

    assert [
        [(p.first.isoformat(), p.last.isoformat(), p.is_base) for p in periods] for periods in found
    ] == [expected] * 3


def test_a_number_typed_with_marks_is_no_year() -> None:
    """`nam` is the year only where the rest has no marks either."""

    assert days("nam 2017 có gì") == [("2017-01-01", "2017-12-31")]
    assert days("dân vận miền nam") == []


@pytest.mark.parametrize(
    ("question", "is_said_of_articles"),
    [
        ("tin năm 2023", True),
        ("bài viết tháng 7/2024", True),
        ("các bài đăng năm 2017", True),
        ("tin Bắc Kạn tháng 7/2024", True),
        ("tin tức tuần trước", True),
        ("báo Quảng Ninh năm 2017", True),
        ("hôm qua có tin gì", True),
        ("hom qua co tin gi moi", True),
        ("tháng 7/2024 có những bài nào về dân vận?", True),
        ("năm 2020 có tin đồn gì", False),
        ("năm 2020 có bài học gì", False),
        ("chỉ số năm 2020", False),
        ("thông tin năm 2020", False),
        ("niềm tin năm 2020", False),
        ("bài học năm 2020", False),
        ("báo cáo năm 2020", False),
    ],
)
def test_what_is_said_of_the_articles(question: str, is_said_of_articles: bool) -> None:
    """Only that restricts."""
    (period,) = find_periods(question, TODAY)

    assert period.of_articles is is_said_of_articles


def test_several_periods_in_order() -> None:
    """Each with its words; a month without a year takes the year that follows."""
    question = "So sánh tháng 3 với tháng 4 năm 2021 và năm 2022"
    found = find_periods(question, TODAY)

    assert [question[p.start : p.end] for p in found] == [p.text for p in found]
    assert days(question) == [
        ("2021-03-01", "2021-03-31"),
        ("2021-04-01", "2021-04-30"),
        ("2022-01-01", "2022-12-31"),
    ]


@pytest.mark.parametrize("question", ["tin mới nhất về dân vận", "tin moi nhat", "gần đây nhất"])
def test_the_latest(question: str) -> None:
    """Bounds nothing; newer is better."""
    (period,) = find_periods(question, TODAY)

    assert period.is_latest


def test_today_is_the_day_in_vietnam() -> None:
    """Seven hours ahead of UTC, also for a moment without a zone."""
    evening = datetime.datetime(2026, 11, 22, 17, 0)

    assert today_in_vietnam(evening) == datetime.date(2026, 11, 23)
    assert today_in_vietnam(evening.replace(hour=16)) == datetime.date(2026, 11, 22)


WORDS = sorted({word for question, _, _ in FORMS for word in question.split()})


@example("QUY TRƯỚC 1/1", datetime.date(2000, 1, 1))
@given(
    st.text() | st.lists(st.sampled_from(WORDS), max_size=12).map(" ".join),
    st.dates(),
)
def test_any_text(text: str, today: datetime.date) -> None:
    """Nothing raises; spans lie in the text, in order, apart; no period ends before it begins."""
    text = normalise(text)
    found = find_periods(text, today)
    end = 0
    for period in found:
        assert end <= period.start < period.end <= len(text)
        assert period.text == text[period.start : period.end]
        assert period.first <= period.last
        end = period.end
