"""Dates as newspapers write them, the lines that state a page's own, and the year of events."""

from __future__ import annotations

import datetime

import pytest

from retrieval.dates import Role, find_dates, read_date, read_page_dates
from retrieval.event_dates import event_date

PAGE_LINES = [
    ("Thứ Sáu, 03/11/2017, 14:44 [GMT+7]", "2017-11-03"),
    ("Cập nhật lúc 14:20, Chủ nhật, 05/09/2021", "2021-09-05"),
    ("08:30 - 12/10/2020", "2020-10-12"),
    ("5-6-2018", "2018-06-05"),
    ("12.5.2022", "2022-05-12"),
    ("2017-11-03T17:30:00Z", "2017-11-04"),
    ("2017-11-03T17:30:00+07:00", "2017-11-03"),
    ("2017-11-03", "2017-11-03"),
    ("ngày 7 tháng 4 năm 2016", "2016-04-07"),
    ("Ngày 7 tháng 4, 2016", "2016-04-07"),
    ("05 Th7 2023", "2023-07-05"),
    ("Tháng Bảy 5, 2023", "2023-07-05"),
    ("Thứ hai, ngày 3 tháng 6 năm 2019", "2019-06-03"),
    ("Đăng ngày: 03/06/2019", "2019-06-03"),
    ("Xuất bản: 3/6/2019 08:00", "2019-06-03"),
    ("Posted on June 3, 2019", "2019-06-03"),
    ("Hà Nội, ngày 3 tháng 2 năm 2020", "2020-02-03"),
    ("14h44, ngày 03/11/2017", "2017-11-03"),
    ("Nguyễn Hoàng | 03/11/2017 14:44", "2017-11-03"),
    ("Thời sự - 03/11/2017 | 14:44", "2017-11-03"),
    ("Thứ Sáu 03/11/2017 - Lượt xem: 1.234", "2017-11-03"),
    ("3/11/17 14:44", "2017-11-03"),
    ("Số 305, ra ngày 3/11/2017", "2017-11-03"),
    ("Ngày đăng: 05/11/09", "2009-11-05"),
    ("30/02/2023 - Cập nhật: 05/07/2023", "2023-07-05"),
    ("Wed, 05 Jul 2023 10:00:00 +0700", "2023-07-05"),
    ("Wed, 05 Jul 2023 20:00:00 +0000", "2023-07-06"),
    ("Viết bởi Admin Thứ tư, 05 Tháng 7 2023", "2023-07-05"),
    ("Th 4 05/07/2023", "2023-07-05"),
    ("Thứ tư, 5/7/2023 8:5", "2023-07-05"),
    ("BÁO TRÀ VINH - Thứ Năm, ngày 23 tháng 8 năm 2018    Trang 3", "2018-08-23"),
]


@pytest.mark.parametrize(("line", "day"), PAGE_LINES)
def test_page_line_is_read(line: str, day: str) -> None:
    """A date among decoration only is the page's."""

    assert datetime.date.fromisoformat(day) == read_page_dates(line)[0].day


@pytest.mark.parametrize(
    "line",
    [
        "31/02/2020",
        "Chỉ thị số 16/CT-TTg ngày 16/5/20216",
        "Chỉ thị số 16/CT-TTg ngày 16/5/2016",
        "Nguyễn Văn A, sinh ngày 5/6/1950",
        "Sinh ngày 5/6/1950",
        "Tỷ số 12/5/20",
        "Quảng Bình tổng kết công tác (15/11/2017)",
        "Hôm nay: Thứ Hai, 20/11/2023",
        "Từ 3/11/2017 đến 5/11/2017",
        "03/11/2017 - 05/11/2017",
        "Ảnh chụp ngày 3/11/2017",
        "Kỷ niệm 87 năm Ngày truyền thống 15/10 (1930-2017)",
        "Có hiệu lực từ ngày 01/7/2025",
    ],
)
def test_other_dates_are_not_the_pages(line: str) -> None:
    """Decrees, births, links, clocks, periods and impossible days are no page date."""

    assert read_page_dates(line) == []


def test_publication_and_update_are_told_apart() -> None:
    """Each date of a line has the role of the label before it."""
    dates = read_page_dates("Ngày đăng: 3/11/2017 - Cập nhật: 5/11/2017")

    assert [date.role for date in dates] == [Role.PUBLISHED, Role.UPDATED]


def test_impossible_dates_are_left_out() -> None:
    """A text's dates are those that the calendar has."""
    text = "Ngày 31/02/2020, ngày 29/2/2019, năm 20216, ngày 29/2/2020."

    assert [datetime.date(2020, 2, 29)] == [mention.day for mention in find_dates(text)]


def test_offsets_cover_the_date() -> None:
    """A mention's offsets cut the date out of the text."""
    text = "Họp ngày 7 tháng 4 năm 2016 tại Huế"
    mention = find_dates(text)[0]

    assert text[mention.start : mention.end] == "7 tháng 4 năm 2016"


def test_metadata_is_read_in_the_time_of_vietnam() -> None:
    """An evening in UTC is the next day in Vietnam."""

    assert datetime.date(2021, 6, 10) == read_date("2021-06-09T17:30:00.000Z")


# December reviews its own year and plans the next; January reviews the last.
EVENTS = """
Chiều 26/12, Tỉnh ủy tổng kết công tác năm 2022, triển khai chương trình năm 2023. | 2022-12-26
Ngày 10/1, Tỉnh ủy tổng kết công tác năm 2022, triển khai nhiệm vụ năm 2023. | 2023-01-10
Sáng 05/7, Ban Dân vận sơ kết 6 tháng đầu năm, nhiệm vụ 6 tháng cuối năm 2023. | 2023-07-05
Chiều 20/10, tỉnh kỷ niệm 90 năm Ngày thành lập (20/10/1930-20/10/2020). | 2020-10-20
Sáng 18/5, tỉnh kỷ niệm 127 năm Ngày sinh Chủ tịch Hồ Chí Minh (19/5/1890). | 2017-05-18
Sáng 5/9, học sinh dự lễ khai giảng năm học 2022 - 2023. | 2022-09-05
Sáng 12/2, Tỉnh ủy họp mặt mừng Đảng, mừng Xuân Giáp Thìn 2024. | 2024-02-12
Trong 2 ngày 25 và 26/10, sở tổ chức liên hoan dân ca năm 2019. | 2019-10-26
Chiều 30/12, UBND tỉnh họp phiên thường kỳ tháng 12/2023. | 2023-12-30
Chiều 26/12, Tỉnh ủy tổng kết năm 2022. Năm 2023, ngành tập trung 5 nhiệm vụ. | 2022-12-26
Sáng 14/8, huyện khai mạc Đại hội lần thứ XII, nhiệm kỳ 2020 - 2025. | 2020-08-14
Ngày 3/5/2019, Thủ tướng Chính phủ yêu cầu các tỉnh đẩy nhanh tiến độ. | 2019-05-03
Ngày 14/10/2017, tại thành phố, Ban Dân vận tổ chức hội nghị. | 2017-10-14
Ngày 25 tháng 10 năm 2018, huyện tổ chức hội nghị. | 2018-10-25
"""


@pytest.mark.parametrize(("lead", "day"), [row.split(" | ") for row in EVENTS.strip().split("\n")])
def test_year_of_an_event_comes_from_the_text(lead: str, day: str) -> None:
    """The year that the text reviews, plans or celebrates settles the lead's day."""

    assert datetime.date.fromisoformat(day) == event_date("", [lead])


@pytest.mark.parametrize(
    "paragraphs",
    [
        # Only a decree has a year: the report can be of any year after it.
        ["Ngày 25/10, Huyện ủy sơ kết 5 năm thực hiện Nghị quyết số 25-NQ/TW ngày 03/6/2013."],
        ["Ngày 3/4, tỉnh họp bàn mục tiêu đến năm 2025, tầm nhìn đến năm 2030."],
        ["Ngày 3/4, tỉnh họp về Đề án giai đoạn 2021-2025."],
        ["Nhân kỷ niệm Quốc khánh 2/9, tỉnh tặng quà năm 2020."],
        ["Thực hiện Chỉ thị ngày 16/5/2016 của Thủ tướng, tỉnh tổ chức hội nghị."],
        ["Ngày 31/2, tỉnh tổ chức hội nghị tổng kết năm 2019."],
        # A trial looks back on a crime of any year.
        ["Ngày 14/6, TAND tỉnh xét xử bị cáo. Ngày 20/5/2015, bị cáo trộm cắp tài sản."],
        ["Sáng 12/7, tỉnh truy điệu liệt sĩ hy sinh dịp Tết Mậu Thân 1968."],
        ["Ra mắt vào ngày 26/2/2001, tờ báo tổ chức nhiều chương trình."],
        ["Ngày 14/6/1957, Bác Hồ về thăm quê."],
        # A congress that is prepared may be next year's; a session may be of another month.
        ["Chiều 2/12, Tỉnh đoàn họp chuẩn bị Đại hội Đoàn nhiệm kỳ 2022 - 2027."],
        ["Chiều 2/8, UBND tỉnh họp phiên thường kỳ về giá tháng 3/2023."],
        # What an office ordered years ago opens the report of what came of it.
        ["Ngày 3/5/2019, Thủ tướng ban hành Chỉ thị số 10.", "Sau hai năm, huyện có 5 mô hình."],
        ["Cụ thể, ngày 16/6/2023, ông Phương, thành viên hội đồng, bán cổ phiếu."],
        # The year to come is no plan where the text says that it is over.
        ["Chiều 26/12, Tỉnh ủy sơ kết công tác.", "Năm 2023, tỉnh đã đạt 5 chỉ tiêu."],
        # An old tale told at a later time.
        ["Ngày 5/6/2010, tỉnh tổ chức hội nghị.", "Năm 2018, mô hình được nhân rộng."],
    ],
)
def test_no_date_rather_than_a_wrong_one(paragraphs: list[str]) -> None:
    """Where the text does not settle the year there is no date."""

    assert None is event_date("", paragraphs)


@pytest.mark.parametrize(
    ("title", "lead", "day"),
    [
        (
            "Công an tỉnh An Giang bắt đối tượng",
            "Nguyễn Văn A, sinh ngày 5/6/1990, bị Công an tỉnh An Giang bắt ngày 3/8/2022.",
            "2022-08-03",
        ),
        (
            "Công an tỉnh An Giang bắt đối tượng",
            "Nguyễn Văn A có đơn tố cáo đề ngày 3/8/2022, nay đã rút.",
            None,
        ),
        (
            "Công an tỉnh An Giang bắt đối tượng",
            "Nguyễn Văn A bị Công an tỉnh An Giang bắt ngày 3/8/2022, ra tù ngày 5/9/2024.",
            None,
        ),
    ],
)
def test_day_of_what_the_headline_reports(title: str, lead: str, day: str | None) -> None:
    """A full date within the lead counts beside the headline's words, and as the latest."""
    found = event_date(title, [lead])

    assert day == (found.isoformat() if found else None)


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("Ngày phát hành: 12/03/2024. Lượt xem: 93", "2024-03-12"),
        ("Ban Thời sự - Cập nhật 08:15 ngày 02/06/2021", "2021-06-02"),
        ("Phòng Bạn đọc - Thứ năm, ngày 03/06/2021", "2021-06-03"),
        ("Số 5.120 - Ra thứ sáu, ngày 8-3-2019", "2019-03-08"),
    ],
)
def test_a_desk_or_an_issue_number_before_the_date(line: str, expected: str) -> None:
    """What stands before or behind a page's date may be a desk, an issue or a counter."""

    assert [page.day.isoformat() for page in read_page_dates(line)] == [expected]
