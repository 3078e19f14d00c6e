"""Who published an article, and so of what province it is: papers, portals, offices."""

from __future__ import annotations

from pathlib import Path

import pytest

from retrieval import gazetteer
from retrieval.articles import read_article
from retrieval.datelines import read_dateline
from retrieval.letterheads import is_office_name, read_letterhead, split_columns
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
        ("QT - Hơn một năm qua, dân đã hiến đất.", "QT", "Quảng Trị"),
        ("CT- Trong đợt hạn vừa qua, dân đã lắp hệ thống tưới.", "CT", "Cần Thơ"),
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
    "line",
    [
        "Báo Nghệ An - 60 năm đồng hành cùng quê hương",
        "Thanh niên - Lực lượng xung kích.",
        "KT - XH của huyện tiếp tục phát triển.",
        "PT - TH huyện đã phát 120 tin, bài.",
    ],
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


VISIT = "đoàn đại biểu tỉnh {guest} đến thăm nhân dân các huyện của tỉnh {host}"


@pytest.mark.parametrize(
    ("code", "guest", "host"),
    [
        ("BNO", "Bắc Ninh", "Sơn La"),
        ("HDĐT", "Hải Dương", "Yên Bái"),
        ("HYĐT", "Hưng Yên", "Lai Châu"),
        ("TNĐT", "Thái Nguyên", "Quảng Nam"),
        ("BNĐT", "Bắc Ninh", "Hà Giang"),
        ("QT", "Quảng Trị", "Nghệ An"),
        ("BT", "Bình Thuận", "Cao Bằng"),
        # No list has it: the initials tell.
        ("BKGO", "Kiên Giang", "Bạc Liêu"),
    ],
)
def test_paper_of_the_guests_has_its_province(
    tmp_path: Path, code: str, guest: str, host: str
) -> None:
    """A paper of A reporting a visit to B is A's."""
    visit = VISIT.format(guest=guest, host=host)
    article = read(tmp_path, f"Thăm và tặng quà\n5/7/2022\n({code}) - Ngày 4/7, {visit}.\n{BODY}")

    assert (article.source, article.province) == (code, guest)


@pytest.mark.parametrize(
    ("code", "place", "province"),
    [
        ("HG", "Hà Giang", "Hà Giang"),
        ("HG", "Hậu Giang", "Hậu Giang"),
        ("BTO", "Bến Tre", "Bến Tre"),
        ("BTO", "Bình Thuận", "Bình Thuận"),
    ],
)
def test_shared_code_is_of_the_province_reported_on(
    tmp_path: Path, code: str, place: str, province: str
) -> None:
    """Two papers may sign alike; of a province that the text never names it is hardly."""
    report = f"({code}) - UBND tỉnh {place} họp. Tỉnh {place} có nhiều mô hình ở cơ sở."

    assert read(tmp_path, f"Họp\n5/7/2022\n{report}\n{BODY}").province == province


@pytest.mark.parametrize("foot", ["P.V", "B.T", "L.A", "Đ.N"])
def test_initials_are_no_paper(tmp_path: Path, foot: str) -> None:
    """A reporter's initials may be a paper's code; they stay in the text as a byline."""
    article = read(tmp_path, f"Mô hình dân vận khéo\n5/7/2022\n{BODY}\n{foot}")

    assert (article.source, article.province) == (None, None)
    assert article.text.endswith(foot)


def test_initials_before_a_report_are_no_paper(tmp_path: Path) -> None:
    """`P.V - …`: the reporter, not the paper."""

    assert read(tmp_path, f"Mô hình dân vận khéo\n5/7/2022\nP.V - {BODY}").source is None


def test_body_with_a_papers_letters_is_none(tmp_path: Path) -> None:
    """Only a bracket after the last sentence is where it was taken from."""
    report = f"{BODY}\nÔng là cố vấn của Văn phòng Ngân sách Quốc hội Mỹ (CBO)."

    assert read(tmp_path, f"Ông Warsh được đề cử\n5/7/2022\n{report}").source is None


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
    ("head", "source"),
    [
        ("ỦY BAN NHÂN DÂN\nHUYỆN HÀM YÊN", "ỦY BAN NHÂN DÂN HUYỆN HÀM YÊN"),
        ("UBND TỈNH TUYÊN QUANG\nSỞ Y TẾ", "SỞ Y TẾ"),
        ("ỦY BAN NHÂN DÂN", None),
    ],
)
def test_offices_name_is_whole_or_none(tmp_path: Path, head: str, source: str | None) -> None:
    """`ỦY BAN NHÂN DÂN` alone is the name of thousands."""
    article = read(tmp_path, f"{head}\nSố: 412/BC-UBND\nBÁO CÁO\nKết quả năm 2019\n{BODY}")

    assert article.source == source


def test_title_of_a_letter_takes_no_sentence_of_its_body(tmp_path: Path) -> None:
    """What is too long for a title, or of two sentences, stays in the text."""
    subject = (
        f"Kết luận về công tác dân vận Ngày 30/11, Huyện ủy đã họp. {BODY} Các xã kiện toàn khối"
    )
    article = read(tmp_path, f"HUYỆN ỦY CHI LĂNG\nTHÔNG BÁO\n{subject}\n{BODY}")

    assert len(article.title.split()) <= 40
    assert "Huyện ủy đã họp." in article.text
    assert "Các xã kiện toàn khối" in article.text


def test_office_above_the_headline_is_the_source(tmp_path: Path) -> None:
    """An office's own site has its name above every article."""
    office = "Ban Dân tộc tỉnh Bình Phước"
    article = read(tmp_path, f"{office}\nBù Đăng: 18 già làng được cấp thẻ bảo hiểm\n{BODY}")

    assert article.title == "Bù Đăng: 18 già làng được cấp thẻ bảo hiểm"
    assert (article.source, article.province) == (office, "Bình Phước")


def test_headline_over_two_lines_keeps_its_office(tmp_path: Path) -> None:
    """A line that goes on in small letters is no office's whole name."""
    head = "Công an tỉnh Bình Phước\nvào cuộc điều tra vụ phá rừng\n5/8/2020"

    assert read(tmp_path, f"{head}\n{BODY}").source is None


@pytest.mark.parametrize(
    "line",
    ["Sở Y tế tỉnh Bình Phước kiểm tra bếp ăn", "Công an tỉnh Cao Bằng bắt 3 đối tượng"],
)
def test_headline_about_an_office_is_no_office(line: str) -> None:
    """A headline says what the office did."""

    assert not is_office_name(line)


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
