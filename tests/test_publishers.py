"""Who published an article, and so of what province it is: papers, portals, offices."""

from __future__ import annotations

from pathlib import Path

import pytest

from retrieval import gazetteer
from retrieval.articles import read_article
from retrieval.datelines import read_dateline
from retrieval.letterheads import read_letterhead, split_columns
from retrieval.schema import Article

BODY = (
    "Hội nghị đã đánh giá kết quả đạt được và đề ra giải pháp cho thời gian tới.\n"
    "Các cấp ủy đảng đã tập trung lãnh đạo, tạo sự đồng thuận trong nhân dân."
)


def read(folder: Path, text: str) -> Article:
    (folder / "bai.txt").write_text(text, encoding="utf-8")
    return read_article(folder / "bai.txt")


@pytest.mark.parametrize(
    ("line", "name", "province"),
    [
        ("TTH - Bên khung dệt, những người phụ nữ vẫn ngày ngày đan.", "TTH", "Thừa Thiên Huế"),
        ("Báo Khánh Hoà - Bằng nhiều nguồn vốn, huyện xoá nhà tạm.", "Báo Khánh Hòa", "Khánh Hòa"),
        ("baophutho.vn Ngày 18/8, Đoàn công tác đã đến thăm.", "baophutho.vn", "Phú Thọ"),
        ("baodaklak.vn - Thành phố trao quà Tết cho hộ nghèo.", "baodaklak.vn", "Đắk Lắk"),
    ],
)
def test_dateline_names_the_paper(line: str, name: str, province: str) -> None:
    """A code that is also a province's, a name in full, an address with or without a dash."""
    dateline = read_dateline(gazetteer.load(), line)

    assert dateline is not None
    assert dateline.origin is not None
    assert (name, (province,)) == (dateline.origin.name, dateline.origin.provinces)


@pytest.mark.parametrize(
    "line", ["Báo Nghệ An - 60 năm đồng hành cùng quê hương", "Thanh niên - Lực lượng xung kích."]
)
def test_headline_with_a_dash_is_no_dateline(line: str) -> None:
    """Only a report has its full stop, and a common word is no paper."""

    assert read_dateline(gazetteer.load(), line) is None


@pytest.mark.parametrize(
    ("head", "foot", "source", "province"),
    [
        ("BÁO SƠN LA ĐIỆN TỬ\n", "", "Báo Sơn La", "Sơn La"),
        ("Cơ quan của Đảng bộ tỉnh Sơn La\n", "", "Báo Sơn La", "Sơn La"),
        ("", "\nBÁO SƠN LA ĐIỆN TỬ - baosonla.vn\nTổng Biên tập: Vì Thị A", "Báo Sơn La", "Sơn La"),
        ("", "\nBáo Sơn La trên Facebook", "Báo Sơn La", "Sơn La"),
        ("", "\n© 2020 Báo Sơn La. All rights reserved", "Báo Sơn La", "Sơn La"),
        (
            "CỔNG THÔNG TIN ĐIỆN TỬ TỈNH HÒA BÌNH\n",
            "",
            "Cổng thông tin điện tử tỉnh Hòa Bình",
            "Hòa Bình",
        ),
    ],
)
def test_page_names_its_paper(
    tmp_path: Path, head: str, foot: str, source: str, province: str
) -> None:
    """In its head or its foot, where no dateline does."""
    article = read(tmp_path, f"{head}Mô hình dân vận khéo\n5/7/2022\n{BODY}{foot}")

    assert (source, province) == (article.source, article.province)
    assert article.title == "Mô hình dân vận khéo"
    assert article.text == BODY


def test_agencys_report_on_a_provincial_page_is_of_that_province(tmp_path: Path) -> None:
    """The agency signs, the page's paper places it; on its own it is of what it reports."""
    report = f"Khắc phục mưa lũ\n5/7/2022\n(TTXVN) - Tỉnh Lai Châu khắc phục hậu quả.\n{BODY}"

    assert read(tmp_path, f"BÁO SƠN LA ĐIỆN TỬ\n{report}").label == "Sơn La, 5/7/2022"
    assert read(tmp_path, f"BÁO SƠN LA ĐIỆN TỬ\n{report}").source == "TTXVN"
    assert read(tmp_path, report).label == "Lai Châu, 5/7/2022"


# --- offices -------------------------------------------------------------------------------

REPORT = """ĐẢNG BỘ TỈNH HÀ GIANG ĐẢNG CỘNG SẢN VIỆT NAM
BAN DÂN VẬN
Số: 45-BC/BDVTU Hà Giang, ngày 5 tháng 7 năm 2021
BÁO CÁO
kết quả công tác dân vận 6 tháng đầu năm,
phương hướng, nhiệm vụ 6 tháng cuối năm 2021"""


def test_report_of_an_office(tmp_path: Path) -> None:
    """Kind and subject are the title, the office the source, the Party's name is neither."""
    article = read(tmp_path, f"{REPORT}\n{BODY}")

    assert article.title == (
        "BÁO CÁO kết quả công tác dân vận 6 tháng đầu năm, "
        "phương hướng, nhiệm vụ 6 tháng cuối năm 2021"
    )
    assert (article.source, article.label) == ("BAN DÂN VẬN", "Hà Giang, 5/7/2021")
    assert "ĐẢNG CỘNG SẢN VIỆT NAM" not in article.text


def test_columns_of_a_letterhead_are_parted() -> None:
    """Formats put both columns of a line one after the other."""

    assert split_columns(REPORT.split("\n"))[:5] == [
        "ĐẢNG BỘ TỈNH HÀ GIANG",
        "ĐẢNG CỘNG SẢN VIỆT NAM",
        "BAN DÂN VẬN",
        "Số: 45-BC/BDVTU",
        "Hà Giang, ngày 5 tháng 7 năm 2021",
    ]


def test_letter_is_titled_by_its_subject() -> None:
    """A letter between offices has no kind, but `V/v`."""
    letterhead = read_letterhead(
        ["UBND TỈNH", "SỞ Y TẾ", "Số: 123/SYT-VP", "V/v phòng, chống dịch", "Kính gửi: các đơn vị"]
    )

    assert letterhead is not None
    assert (
        letterhead.title,
        letterhead.offices,
    ) == ("V/v phòng, chống dịch", ("UBND TỈNH", "SỞ Y TẾ"))


@pytest.mark.parametrize(
    "lines",
    [
        ["HỘI NÔNG DÂN HUYỆN RA QUÂN LÀM THỦY LỢI", "5/7/2022", "Sáng nay, hội ra quân."],
        ["Xã hội", "Thông báo của Sở Y tế", "Số ca mắc đã giảm."],
    ],
)
def test_article_has_no_letterhead(lines: list[str]) -> None:
    """A headline in capitals that begins with an office's name is a headline."""

    assert read_letterhead(lines) is None
