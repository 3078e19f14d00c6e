"""What a page leaves around an article: it goes, and no line of the article goes with it."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

import retrieval
from retrieval.cleaning import clean_lines
from retrieval.page_marks import is_section_name

ARTICLE = [
    "Hội nghị đã đánh giá kết quả đạt được và đề ra giải pháp cho thời gian tới.",
    "Các cấp ủy đảng đã tập trung lãnh đạo, tạo sự đồng thuận trong nhân dân.",
    "Huyện ủy yêu cầu các xã rà soát, bổ sung kế hoạch của mình ngay trong tháng này.",
]

REMNANTS = """
Theo dõi VOV.VN trên Google News
Hãy theo dõi Báo Tuyên Quang trên mạng xã hội Facebook
Báo Quảng Ninh trên Zalo
Fanpage Báo Nghệ An
Like Fanpage Báo Sơn La để nhận tin mới nhất
In bài viết | Gửi cho bạn bè | Lưu bài
In bài này Gửi email Lưu tin
Gửi bài viết này cho bạn bè
Chia sẻ bài viết: Facebook Zalo Twitter
Thích và chia sẻ bài viết này
Thích 1,2K Chia sẻ 15
Lượt xem: 1.234 | Bình luận: 3
Đã xem: 1203 lần
Số người truy cập: 123.456
Đang truy cập: 25
Đang online: 12
Tổng lượt truy cập: 12.345.678
★★★★☆ (12 đánh giá)
5/5 - (1 bình chọn)
Đánh giá bài viết: 1 sao 2 sao 3 sao 4 sao 5 sao
Tổng số điểm của bài viết là: 0 trong 0 đánh giá
Vui lòng nhập nội dung bình luận.
Hãy là người đầu tiên bình luận về bài viết này
Trở về đầu trang
Lên đầu trang ↑
Trang chủ › Chính trị › Xây dựng Đảng
Trang chủ / Tin tức / Tin trong tỉnh
Trang chủ - Tin tức - Sự kiện
Media | Video | Podcast | Longform
ic_share
icon-facebook
ic_print ic_mail
Cỡ chữ: A- A A+
Giọng nữ miền Bắc
Sao chép liên kết
Liên hệ quảng cáo
Liên kết website
Thăm dò ý kiến
Mời quý độc giả theo dõi các chương trình đã phát sóng của Đài
Thứ Hai, 20/11/2023 (8/10 âm lịch)
Giấy phép số: 233/GP-TTĐT do Sở Thông tin và Truyền thông cấp
Cơ quan ngôn luận của Đảng bộ tỉnh Sơn La
Thiết kế và phát triển bởi VNPT
Trở lại Thời sự
Copy link thành công
This entry was posted in Tin tức. Bookmark the permalink.
Leave a Reply
Skip to content
"""
EDGE_REMNANTS = """
Hôm nay: 1.234
Tháng này: 45.678
Bản đồ
Đang xem: 15
Họ và tên *
Mã xác nhận
« Quay lại
In
Ý kiến (0)
Tỷ giá
Facebook Zalo In
"""
ARTICLE_LINES = """
Chia sẻ kinh nghiệm
Về kinh tế
Trở lại bản Poọng
Nguyễn Dung (Thực hiện)
Chia sẻ với người dân vùng lũ
Theo dõi sát tình hình dịch bệnh
Báo động lừa đảo trên Facebook
Đánh giá cán bộ: khâu then chốt
Kết nối cung cầu
Kiến nghị, đề xuất
Tổng cộng | 125 | 300
Nam | Nữ
Nội dung | Trước | Sau
4 sao | 15 | 20
STT | Nội dung | Đơn vị thực hiện
Thanh niên | Phụ nữ | 45%
Bài, ảnh: Lệ Quyên
Thiết kế: Hà My
Giấy phép số 25/GP-UBND do UBND tỉnh cấp cho doanh nghiệp đã hết hạn.
Điện thoại: 0238 3588 500
"""


def lines(block: str) -> list[str]:
    return block.strip().split("\n")


@pytest.mark.parametrize("line", lines(REMNANTS))
def test_remnant_goes_wherever_it_stands(line: str) -> None:
    """Above, amid and below the article's sentences."""
    first, *rest = ARTICLE

    assert clean_lines([line, *ARTICLE]) == ARTICLE
    assert clean_lines([first, line, *rest]) == ARTICLE
    assert clean_lines([*ARTICLE, line]) == ARTICLE


@pytest.mark.parametrize("line", lines(EDGE_REMNANTS))
def test_doubtful_remnant_goes_at_the_edge_only(line: str) -> None:
    """Words that a form or a table of the article may have are left amid its sentences."""

    assert clean_lines([*ARTICLE, line]) == ARTICLE


@pytest.mark.parametrize("line", lines(ARTICLE_LINES))
def test_line_of_the_article_stays(line: str) -> None:
    """Headings, rows of tables, credits and addresses, though they have a button's words."""
    first, *rest = ARTICLE

    assert [first, line, *rest] == clean_lines([first, line, *rest])


def test_other_articles_below_a_heading_go() -> None:
    """A comma in the heading and bullets before the headlines change nothing."""
    links = ["• Mộ Đức: Trao 5 ngôi nhà (05/07/2022)", "• Ba Tơ: Đối thoại (04/07/2022)"]

    assert clean_lines([*ARTICLE, "CÁC TIN, BÀI KHÁC", *links]) == ARTICLE


def test_date_lines_stay() -> None:
    """Also with a counter, or at the end of breadcrumbs: later steps read them."""
    date = "Thứ Sáu 03/11/2017 - Lượt xem: 1.234"

    assert [date, "Ngày đăng: 3/6/2019", "15/07/2021 10:20", *ARTICLE] == clean_lines(
        [date, "Ngày đăng: 3/6/2019", "Chính trị » Xây dựng Đảng » 15/07/2021 10:20", *ARTICLE]
    )


def test_imprint_and_all_below_it_goes() -> None:
    """From the paper's name above its licence to the last telephone."""
    imprint = [
        "BÁO SƠN LA ĐIỆN TỬ - baosonla.vn",
        "Cơ quan của Đảng bộ tỉnh Sơn La",
        "Tổng Biên tập: Nguyễn Văn A",
        "Tòa soạn: Số 43, đường Tô Hiệu, thành phố Sơn La, tỉnh Sơn La.",
        "Ghi rõ nguồn “Báo Sơn La điện tử” khi phát hành lại thông tin từ trang này.",
        "Điện thoại: 0212 3 850 000 - Email: toasoan@baosonla.vn",
    ]

    assert [*ARTICLE, "Quàng Thị Hiền"] == clean_lines([*ARTICLE, "Quàng Thị Hiền", *imprint])


def test_where_to_send_help_stays() -> None:
    """An address that the article asks to write to is no imprint."""
    appeal = ["Mọi ủng hộ xin gửi về:", "Địa chỉ: Số 3, thành phố Vinh", "Điện thoại: 0238 358"]

    assert [*ARTICLE, *appeal] == clean_lines([*ARTICLE, *appeal])


@pytest.mark.parametrize(
    "comments",
    [
        ["Bình luận (2)", "Trần Văn Bách - 09:15 18/11/2023", "Bài viết rất hay, mong xã tôi học!"],
        ["2 bình luận", "Minh", "Rất thiết thực, cảm ơn các anh chị.", "Thích | Trả lời", "3"],
        ["Ý kiến bạn đọc", "Hoa Cúc 2 giờ trước", "Quá thiết thực ạ."],
        ["Phản hồi (1)", "minhanh (18/11/2023 09:15)", "Bao giờ xã tôi có thì tốt quá."],
    ],
)
def test_comments_go(comments: list[str]) -> None:
    """Names with times, or a button to reply, tell them from the article's sentences."""

    assert clean_lines([*ARTICLE, *comments, "Gửi bình luận"]) == ARTICLE


def test_button_for_comments_above_an_article_cuts_nothing() -> None:
    """Below it stand a byline with its hour and the article itself."""
    head = ["Bình luận (5)", "Nguyễn Hiền - 08:15 12/06/2019"]

    assert [head[1], *ARTICLE] == clean_lines([*head, *ARTICLE])
    assert [ARTICLE[0], head[1], *ARTICLE[1:], *ARTICLE] == clean_lines(
        [ARTICLE[0], *head, *ARTICLE[1:], *ARTICLE]
    )


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("Chính trị - Xây dựng Đảng", True),
        ("Văn hóa & Du lịch", True),
        ("Chuyên mục: Kinh tế", True),
        ("THỜI SỰ", True),
        ("Kinh tế tư nhân", False),
        ("Dân vận khéo ở Bắc Kạn", False),
    ],
)
def test_section_names(line: str, expected: bool) -> None:
    """Also two joined, as papers name their sections each in its own way."""

    assert expected == is_section_name(line)


def test_rows_are_sorted_and_known() -> None:
    """One spelling a row, in order, each under a rule that data/README.md explains."""
    folder = Path(retrieval.__file__).parent / "data"
    with (folder / "page_remnants.csv").open(encoding="utf-8", newline="") as file:
        rows = [(row["rule"], row["words"]) for row in csv.DictReader(file)]
    readme = (folder / "README.md").read_text(encoding="utf-8")

    assert rows == sorted(set(rows))
    assert [rule for rule in {rule for rule, _ in rows} if f"`{rule}`" not in readme] == []
