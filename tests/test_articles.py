"""Reading article files: encodings, formats, remnants of pages, titles, sources, refusals."""

from __future__ import annotations

import codecs
import datetime
import json
import re
import tempfile
import time
import unicodedata
from pathlib import Path

import docx
import pypdf
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from retrieval.articles import article_paths, read_article
from retrieval.cleaning import clean_lines
from retrieval.encodings import decode, is_vietnamese_syllable
from retrieval.errors import ArticleError
from retrieval.page_marks import line_key
from retrieval.pdf_pages import without_running_lines
from retrieval.schema import Article
from retrieval.wrapping import join_wrapped

SEEDS = Path(__file__).parent.parent / "seeds"
SENTENCE = "Hội nghị đã đánh giá kết quả đạt được và đề ra giải pháp cho thời gian tới."


def read(folder: Path, content: str | bytes, name: str = "bai.txt") -> Article:
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return read_article(path)


def refused(folder: Path, content: str | bytes, name: str = "bai.txt") -> str:
    with pytest.raises(ArticleError) as caught:
        read(folder, content, name)
    return str(caught.value)


# --- the five seeds ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("number", "label", "source", "title"),
    [
        ("000", "Quảng Bình, 3/11/2017", "QBĐT", "Trao đổi kinh nghiệm công tác dân vận"),
        ("001", "Hậu Giang, 26/12/2022", "TTXVN", "Đổi mới mạnh mẽ phương thức hoạt động"),
        ("002", "Bắc Kạn, 23/7/2024", "backan.gov.vn", "Bắc Kạn: Đoàn công tác liên ngành"),
        ("003", "Quảng Ninh, 14/10/2017", "Báo Quảng Ninh", '"Đổi mới công tác dân vận, đáp'),
        ("004", "Bắc Kạn, 5/7/2023", "BBK", "Tiếp tục đổi mới phương thức hoạt động của"),
    ],
)
def test_seed(number: str, label: str, source: str, title: str) -> None:
    """Each seed has the place, day, source and headline that its page shows."""
    article = read_article(next(SEEDS.glob(f"{number}_*.txt")))

    assert (label, source) == (article.label, article.source)
    assert article.title.startswith(title)
    assert article.title not in article.text.split("\n")


def test_seed_text_has_no_remnants_and_all_sentences() -> None:
    """What surrounds the article goes, every line of prose stays."""
    for path in sorted(SEEDS.glob("*.txt")):
        article = read_article(path)
        lines = article.text.split("\n")
        # The two captions of one picture differ by punctuation; one of them stays.
        keys = {line_key(line) for line in [*lines, article.title]}
        remnants = {".", "Xem thêm", "Tin liên quan", "Gửi cho bạn bè", "Xem nhiều nhất", "0:00"}
        raw = unicodedata.normalize("NFC", path.read_text(encoding="utf-8"))
        raw = re.sub(r" ảnh \d", "", raw)  # the picture's number after its caption
        prose = [" ".join(line.split()) for line in raw.split("\n") if len(line) > 120]

        assert not remnants & set(lines)
        assert [line for line in prose if line_key(line) not in keys] == []


# --- encodings -----------------------------------------------------------------------------

PROSE = (
    "Bắc Kạn đẩy mạnh công tác dân vận\n\n"
    "Ngày 3/11/2017, tỉnh Bắc Kạn tổ chức hội nghị “Dân vận khéo”."
)


@pytest.mark.parametrize(
    "data",
    [
        PROSE.encode(),
        codecs.BOM_UTF8 + PROSE.encode(),
        unicodedata.normalize("NFD", PROSE).encode(),
        codecs.BOM_UTF16_LE + PROSE.encode("utf-16-le"),
        codecs.BOM_UTF16_BE + PROSE.encode("utf-16-be"),
        PROSE.encode("utf-16-le"),
        PROSE.encode("utf-16-be"),
        PROSE.replace("\n", "\r\n").encode(),
        PROSE.replace("dân", "d\u200bân").replace(" ", "\u00a0").encode(),
        PROSE.replace("á", "&aacute;").replace("“", "&ldquo;").encode(),
        PROSE.encode("ascii", "xmlcharrefreplace"),
    ],
)
def test_every_encoding_gives_one_article(tmp_path: Path, data: bytes) -> None:
    """UTF-8 and UTF-16, composed or not, with or without a mark, read the same."""
    article = read(tmp_path, data)

    assert article.title == "Bắc Kạn đẩy mạnh công tác dân vận"
    assert article.text == "Ngày 3/11/2017, tỉnh Bắc Kạn tổ chức hội nghị “Dân vận khéo”."


def test_windows_1258_is_told_by_its_syllables() -> None:
    """Its tones are characters of their own and become one with their vowel."""
    text = "Tỉnh Bắc Kạn tổ chức hội nghị, đánh giá kết quả công tác dân vận."
    pieces = []
    for character in text:
        parts = unicodedata.normalize("NFD", character)
        tone = "".join(c for c in parts if c in "\u0300\u0301\u0303\u0309\u0323")
        base = unicodedata.normalize("NFC", "".join(c for c in parts if c not in tone))
        pieces.append((base + tone).encode("cp1258"))

    assert text == unicodedata.normalize("NFC", decode(b"".join(pieces)))


def test_tcvn3_is_told_by_its_syllables() -> None:
    """The bytes of the ABC fonts, checked by hand against the standard's table."""
    data = (
        b"H\xe9i ngh\xde t\xe6ng k\xd5t c\xabng t\xb8c d\xa9n v\xcbn, "
        b"\xae\xb8nh gi\xb8 k\xd5t qu\xb6 n\xa8m 1999 c\xf1a t\xd8nh."
    )

    expected = "Hội nghị tổng kết công tác dân vận, đánh giá kết quả năm 1999 của tỉnh."
    assert expected == decode(data)


def test_tcvn3_saved_as_utf8_is_mended() -> None:
    """A converter that took the font's bytes for Latin-1 is undone."""
    data = "Héi nghÞ tæng kÕt c«ng t¸c d©n vËn, ®¸nh gi¸ kÕt qu¶ n¨m 1999 cña tØnh.".encode()

    assert decode(data).startswith("Hội nghị tổng kết công tác dân vận, đánh giá")


@pytest.mark.parametrize("word", ["nghiêng", "Khuyến", "quốc", "giếng", "ươm", "oái", "Đắk", "yêu"])
def test_vietnamese_syllables(word: str) -> None:
    """The spelling rules accept what Vietnamese has; borrowed place names may fail."""

    assert is_vietnamese_syllable(word) or word == "Đắk"


@pytest.mark.parametrize("word", ["Åång", "fòng", "nghwa", "éé", "zò"])
def test_noise_is_no_syllable(word: str) -> None:
    """Letters and pairs that Vietnamese has not."""

    assert not is_vietnamese_syllable(word)


# --- refusals ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "the file is empty"),
        (b" \r\n\t\n", "the file is empty"),
        (b"\x89PNG\r\n\x1a\n" + bytes(200), "binary content, not text"),
        (bytes(range(256)) * 20, "binary content, not text"),
        (b"Tin \xff\xfe\xfd \x81\x8d\x90 \x9d\xf0\xf1 abc", "undecodable"),
        ("Trang chủ\nThời sự\nKinh tế\nFacebook\nZalo\nĐăng nhập", "no sentence of an article"),
        ("Trang chủ > Thời sự\nXem thêm\nLệ Thủy ra quân làm thủy lợi", "no sentence"),
    ],
)
def test_what_is_no_article_is_refused(tmp_path: Path, content: bytes | str, reason: str) -> None:
    """Each refusal says why."""

    assert reason in refused(tmp_path, content)


def test_folder_missing_and_unsupported_files_are_refused(tmp_path: Path) -> None:
    """So are things that are not readable files of a known format."""
    (tmp_path / "thu.txt").mkdir()
    (tmp_path / "lac.txt").symlink_to("khong-co.txt")
    (tmp_path / "vong.txt").symlink_to("vong.txt")
    for name, reason in [
        ("thu.txt", "is a folder"),
        ("khong-co.txt", "does not exist"),
        ("lac.txt", "is a link to khong-co.txt, which does not exist"),
        ("vong.txt", "is a link that leads back to itself"),
        ("anh.png", "unsupported format: .png"),
    ]:
        with pytest.raises(ArticleError, match=reason):
            read_article(tmp_path / name)


def test_more_than_20_megabytes_is_refused_unread(tmp_path: Path) -> None:
    """The size is judged before the content."""
    path = tmp_path / "to.txt"
    with path.open("wb") as file:
        file.truncate(20 * 1024 * 1024 + 1)

    with pytest.raises(ArticleError, match="larger than 20 MB"):
        read_article(path)


def test_damaged_office_files_are_refused(tmp_path: Path) -> None:
    """Whatever the library raises becomes a reason."""

    assert "not a readable .docx file" in refused(tmp_path, b"PK\x03\x04rest", "a.docx")
    assert "not a readable .pdf file" in refused(tmp_path, b"%PDF-1.4 rest", "a.pdf")


def test_scan_without_text_is_refused(tmp_path: Path) -> None:
    """A .pdf of pictures says that it has no text."""
    writer = pypdf.PdfWriter()
    writer.add_blank_page(200, 200)
    writer.write(tmp_path / "scan.pdf")

    with pytest.raises(ArticleError, match="no text"):
        read_article(tmp_path / "scan.pdf")


# --- remnants of pages ---------------------------------------------------------------------


def test_links_amid_the_text_go_and_the_article_goes_on() -> None:
    """A block of links ends where the report's sentences continue."""
    lines = [
        SENTENCE,
        "Xem thêm",
        "Bát Xát gieo trồng vụ mùa",
        "Văn Bàn thu hoạch quế (10/09/2022)",
        "09/09/2022",
        "Đồng chí Bí thư Tỉnh ủy đã ghi nhận và biểu dương những kết quả đạt được.",
        "Nguyễn Văn Nam",
        "Từ khóa: nông thôn mới, Lào Cai",
        "Tin liên quan",
        "Sa Pa đón du khách",
    ]

    assert [lines[0], lines[5], lines[6]] == clean_lines(lines)


@pytest.mark.parametrize(
    "line",
    [
        "0:00 / 0:00",
        "0:00",
        ".",
        "Gửi cho bạn bè",
        "Chia sẻ",
        "Facebook Zalo Twitter",
        "In bài viết",
        "Bình luận (0)",
        "Theo dõi Báo Lào Cai trên Google News",
        "Trang chủ > Tin tức > Xã hội",
        "Trang chủ | Thời sự | Kinh tế | Văn hóa",
        "Trang chủ Thời sự Chính trị Kinh tế",
        "Tags: dân vận",
        "Xem thêm: Bắc Kạn đón đoàn công tác Trung ương",
        ">> Bắc Ninh tổ chức đại hội",
        "© 2017 Báo Quảng Bình",
        "Lượt xem: 1.234",
    ],
)
def test_remnant_goes(line: str) -> None:
    """Buttons, players, menus, tags and links are no part of an article."""

    assert clean_lines([SENTENCE, line]) == [SENTENCE]


@pytest.mark.parametrize(
    "line",
    [
        "Nguyễn Hoàng",
        "Nguyễn Dung (Thực hiện)",
        "Quang cảnh buổi làm việc",
        "Ảnh: Hồng Thái - TTXVN",
        "- Trân trọng cảm ơn đồng chí!",
        "Chia sẻ về kết quả này, đồng chí Bí thư cho biết nhân dân rất đồng tình.",
        "Bình luận về vấn đề này, nhiều đại biểu cho rằng cần kiên trì hơn nữa.",
        "Xã hội hóa giáo dục được đẩy mạnh.",
        "Nguồn vốn | 12 tỷ đồng | 15 tỷ đồng",
    ],
)
def test_article_line_stays(line: str) -> None:
    """Bylines, captions, interview turns, tables and sentences with a button's word stay."""

    assert [SENTENCE, line] == clean_lines([SENTENCE, line])


def test_caption_that_stands_twice_stays_once() -> None:
    """Also when one of the two counts the picture."""

    assert clean_lines(
        ["Quang cảnh Hội nghị lần này. ảnh 1", "", "Quang cảnh Hội nghị lần này."]
    ) == ["Quang cảnh Hội nghị lần này."]


def test_readers_comments_go(tmp_path: Path) -> None:
    """They are sentences too, but between the buttons of a comment list."""
    article = read(
        tmp_path,
        f"Bến Tre hỗ trợ người dân\n{SENTENCE}\nÝ kiến bạn đọc (1)\nMinh\n"
        "Bài viết rất hay và bổ ích cho bà con chúng tôi.\nTrả lời\n2 giờ trước",
    )

    assert article.text == SENTENCE


# --- titles --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "head",
    [
        "Xã hội\nGia Lai tôn vinh nhà giáo tiêu biểu\n20/11/2023 07:30",
        "Thứ Hai, 20/11/2023\nGia Lai tôn vinh nhà giáo tiêu biểu",
        "Trang chủ > Tin tức\n20/11/2023\nGia Lai tôn vinh nhà giáo tiêu biểu",
        "Báo Gia Lai điện tử\nGia Lai tôn vinh nhà giáo tiêu biểu\nGia Lai\n20/11/2023",
        "Gia Lai tôn vinh nhà giáo tiêu biểu\nTác giả: Minh Anh\n20/11/2023 | 08:00",
        "GIA LAI\nGia Lai tôn vinh nhà giáo tiêu biểu\nThứ Hai, 20/11/2023",
        "Gia Lai tôn vinh nhà giáo tiêu biểu.\n20/11/2023",
        "Kỷ niệm 41 năm Ngày Nhà giáo Việt Nam (20/11/1982-20/11/2023)\n"
        "Gia Lai tôn vinh nhà giáo tiêu biểu\nThứ Hai, 20/11/2023",
        "Tin hoạt động Huyện ủy\nGia Lai tôn vinh nhà giáo tiêu biểu\nThứ Hai, 20/11/2023",
        "(GLO) - Cả tỉnh có 60 nhà giáo.\nGia Lai tôn vinh nhà giáo tiêu biểu\n20/11/2023",
    ],
)
def test_headline_is_found(tmp_path: Path, head: str) -> None:
    """Before or after the date, below a section, a kicker, a place or the paper's name."""
    article = read(tmp_path, f"{head}\n{SENTENCE}\n")

    assert article.title.rstrip(".") == "Gia Lai tôn vinh nhà giáo tiêu biểu"
    assert datetime.date(2023, 11, 20) == article.date
    assert article.title not in article.text.split("\n")


def test_without_headline_the_first_sentence_stands_in(tmp_path: Path) -> None:
    """It stays in the text, and a dateline is not part of it."""
    article = read(tmp_path, f"(QBĐT) - Tỉnh Quảng Bình đã tổ chức hội nghị. {SENTENCE}")

    assert article.title == "Tỉnh Quảng Bình đã tổ chức hội nghị."
    assert article.text.startswith("(QBĐT) - Tỉnh Quảng Bình đã tổ chức")


# --- source and province -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "province", "source"),
    [
        (
            "BHG - Đoàn công tác tỉnh Hà Giang thăm tỉnh Quảng Ninh. Tại Quảng Ninh, đoàn thăm"
            " thành phố Hạ Long, tỉnh Quảng Ninh.",
            "Hà Giang",
            "BHG",
        ),
        ("HẢI DƯƠNG - Tỉnh ủy Hải Dương tổ chức gặp mặt các đại biểu.", "Hải Dương", None),
        ("Hà Nội (TTXVN) - Thủ tướng chủ trì phiên họp Chính phủ tại Hà Nội.", None, "TTXVN"),
        ("(TTXVN) - Tỉnh ủy Sơn La tổ chức hội nghị tổng kết công tác.", "Sơn La", "TTXVN"),
        ("(VOV) - Mỹ tập trận tại Thái Bình Dương với các đồng minh.", None, "VOV"),
        (
            "(TTXVN) - Mưa lũ gây thiệt hại tại các tỉnh Hà Giang, Tuyên Quang và Cao Bằng.",
            None,
            "TTXVN",
        ),
        ("Đồng bào huyện Bát Xát đón xuân trong niềm vui mới.", "Lào Cai", None),
    ],
)
def test_source_and_province(
    tmp_path: Path, text: str, province: str | None, source: str | None
) -> None:
    """The paper's own province, else the one that the report is about, else none."""
    article = read(tmp_path, f"Bài viết của chúng tôi hôm nay\n5/3/2021\n{text}\n{SENTENCE}")

    assert (province, source) == (article.province, article.source)


def test_province_has_the_name_of_the_articles_day(tmp_path: Path) -> None:
    """Bắc Kạn became part of Thái Nguyên on 1/7/2025."""
    text = f"Họp bàn công tác dân vận\n{{}}\nBBK - Tỉnh ủy tổ chức hội nghị.\n{SENTENCE}"

    assert read(tmp_path, text.format("30/6/2025")).label == "Bắc Kạn, 30/6/2025"
    assert read(tmp_path, text.format("1/7/2025")).label == "Thái Nguyên, 1/7/2025"


def test_label_without_province_or_date(tmp_path: Path) -> None:
    """The source stands in for the place, and an unknown day is said to be unknown."""
    article = read(tmp_path, f"(TTXVN) - Chính phủ họp phiên thường kỳ. {SENTENCE}")

    assert article.label == "TTXVN, không rõ ngày"


def test_dates_of_links_are_not_the_articles(tmp_path: Path) -> None:
    """A page without a date of its own has none."""
    article = read(
        tmp_path,
        f"Tỉnh Đắk Lắk trồng rừng\n{SENTENCE}\nTin liên quan\n"
        "Cư Jút họp\n05/11/2017\nEa Súp\n2/3/2018",
    )

    assert None is article.date


# --- formats -------------------------------------------------------------------------------


def page(head: str = "", top: str = "") -> str:
    return (
        f"<!DOCTYPE html><html><head><meta charset='utf-8'>{head}</head><body>"
        "<nav><a href='/'>Trang chủ</a> <a href='/t'>Thời sự</a></nav><article>"
        f"<h1>Bí thư Tỉnh ủy kiểm tra tiêu thụ vải thiều</h1>{top}"
        "<figure><img src='a.jpg'><figcaption>Kiểm tra tại vườn vải. Ảnh: Trịnh Lan</figcaption>"
        f"</figure><p>Tỉnh ủy Bắc Giang đã kiểm tra tiêu thụ vải thiều.</p><p>{SENTENCE}</p>"
        f"<p>{SENTENCE} Sản lượng ước đạt 125 nghìn tấn, cao hơn năm trước.</p></article>"
        "<aside><h3>Tin liên quan</h3><a href='x'>Tân Yên thu hoạch vải sớm</a>"
        "<time datetime='2020-05-20'>20/05/2020</time></aside></body></html>"
    )


@pytest.mark.parametrize(
    "html",
    [
        page("<meta property='article:published_time' content='2021-06-09T17:30:00Z'>"),
        page(
            '<script type=\'application/ld+json\'>{"@graph": [{"@type": "NewsArticle",'
            '"datePublished": "2021-06-10T07:00:00+07:00",'
            '"dateModified": "2021-06-12"}]}</script>'
        ),
        page(top="<div class='meta'>Thứ Năm, 10/06/2021 08:00</div>"),
        page(top="<time datetime='2021-06-10T08:00:00+07:00'>sáng nay</time>"),
    ],
)
def test_web_page(tmp_path: Path, html: str) -> None:
    """The day comes from the mark-up or the visible line, never from a link's."""
    article = read(tmp_path, html, "bai.html")

    assert article.label == "Bắc Giang, 10/6/2021"
    assert article.title == "Bí thư Tỉnh ủy kiểm tra tiêu thụ vải thiều"
    assert "Kiểm tra tại vườn vải. Ảnh: Trịnh Lan" in article.text
    assert "Tân Yên" not in article.text


def test_site_name_and_address_are_the_source(tmp_path: Path) -> None:
    """Without a dateline the page says whose it is."""
    named = page("<meta property='og:site_name' content='Báo Bắc Giang'>")
    linked = page("<link rel='canonical' href='https://baobacgiang.com.vn/bg/1.html'>")

    assert read(tmp_path, named, "a.html").source == "Báo Bắc Giang"
    assert read(tmp_path, linked, "b.html").source == "Báo Bắc Giang"


def test_word_document_with_table(tmp_path: Path) -> None:
    """A styled title, paragraphs, and rows of a table in their place."""
    document = docx.Document()
    document.add_paragraph("Kết quả tiêu thụ vải thiều", style="Title")
    document.add_paragraph("Bắc Giang, ngày 10 tháng 6 năm 2021")
    document.add_paragraph(SENTENCE)
    table = document.add_table(1, 3)
    for cell, text in zip(table.rows[0].cells, ("Lục Ngạn", "15.000 ha", "tăng"), strict=True):
        cell.text = text
    document.save(str(tmp_path / "bai.docx"))
    article = read_article(tmp_path / "bai.docx")

    assert article.title == "Kết quả tiêu thụ vải thiều"
    assert article.label == "Bắc Giang, 10/6/2021"
    assert f"{SENTENCE}\nLục Ngạn | 15.000 ha | tăng" == article.text


def test_pages_of_a_pdf_go_on() -> None:
    """No running head or page number stands amid a sentence that goes over a page's end."""
    head = "BÁO TRÀ VINH - Thứ Năm, ngày 23 tháng 8 năm 2018 Trang "
    pages = [[f"{head}3", "kiện toàn khối dân", ""], ["", f"{head}4", "vận ở 20 xã.", "- 4 -"]]

    assert without_running_lines(pages) == [f"{head}3", "kiện toàn khối dân", "vận ở 20 xã."]


def test_heading_is_not_joined_with_what_had_room_beside_it() -> None:
    """A line whose next word would have fitted was ended on purpose."""
    lines = [
        "Kết luận của Thường trực Huyện ủy về công tác dân vận tháng 11",
        "Ngày 30/11/2021, Thường trực Huyện ủy Chi Lăng (tỉnh Lạng Sơn) đã làm việc với",
        "Ban Dân vận Huyện ủy. Thường trực yêu cầu các xã, thị trấn kiện toàn khối dân",
        "vận.",
    ]

    assert join_wrapped(lines, always=True) == [lines[0], " ".join(lines[1:])]


def test_wrapped_lines_become_paragraphs(tmp_path: Path) -> None:
    """Sentences that run over line ends are joined, the headline is not."""
    article = read(
        tmp_path,
        "Tỉnh Bắc Kạn sơ kết công tác dân vận\n\n"
        "Sáng nay, Ban Dân vận Tỉnh ủy Bắc Kạn tổ chức hội nghị sơ kết\n"
        "công tác dân vận, triển khai nhiệm vụ những tháng cuối năm cho\n"
        "các huyện và thành phố trên địa bàn toàn tỉnh trong thời gian\n"
        "tới đây.\n\n"
        "Tại hội nghị, các đại biểu đã nêu những khó khăn, vướng mắc\n"
        "liên quan đến giải phóng mặt bằng ở cơ sở.\n",
    )

    assert len(article.text.split("\n")) == 2
    assert "cuối năm cho các huyện và thành phố" in article.text


MARKDOWN = f"""---
title: "Vải thiều được mùa"
province: bac giang
date: 10/6/2021
---
# Tiêu đề trong bài

**Tỉnh ủy** đã [kiểm tra](http://x.vn). {SENTENCE}
"""


FRONT_MATTER = """---
layout: post
title: Vải thiều được mùa
author: Thu Hà
date: {date}
tags:
  - vải thiều
  - nông nghiệp
reading-time: 3
---
"""


@pytest.mark.parametrize(
    "date",
    [
        "2021-06-10",
        "10/6/2021",
        "2021-06-10T08:00:00+07:00",
        "2021-06-09T20:00:00Z",
        "2021-06-10 08:00:00 +0700",
        '"2021-06-10 08:00"',
    ],
)
def test_front_matter_of_a_site_is_read(tmp_path: Path, date: str) -> None:
    """Fields of its own are passed over; a time is a day in Vietnam."""
    article = read(tmp_path, FRONT_MATTER.format(date=date) + f"\n{SENTENCE}\n", "bai.md")

    assert article.title == "Vải thiều được mùa"
    assert datetime.date(2021, 6, 10) == article.date
    assert article.text == SENTENCE


@pytest.mark.parametrize("line", ["date: 2021-02-30T08:00:00Z", "province: Atlantis"])
def test_front_matter_with_a_wrong_value_is_refused(tmp_path: Path, line: str) -> None:
    """A known field that says nothing must not be lost in silence."""

    assert "front matter: field" in refused(tmp_path, f"---\n{line}\n---\n{SENTENCE}", "bai.md")


def test_front_matter_beats_what_was_guessed(tmp_path: Path) -> None:
    """Its province is spelled in the standard form; mark-up leaves the text."""
    article = read(tmp_path, MARKDOWN, "bai.md")

    assert (article.title, article.label) == ("Vải thiều được mùa", "Bắc Giang, 10/6/2021")
    assert f"Tỉnh ủy đã kiểm tra. {SENTENCE}" in article.text


def test_sidecar_beats_what_was_guessed(tmp_path: Path) -> None:
    """`bai.json` beside `bai.txt`; null says that there is none."""
    fields = {"source": "Báo X", "province": None, "date": "2020-02-29"}
    (tmp_path / "bai.json").write_text(json.dumps(fields), encoding="utf-8")
    article = read(tmp_path, f"BBK - Tỉnh ủy Bắc Kạn tổ chức hội nghị. {SENTENCE}")

    assert article.label == "Báo X, 29/2/2020"


@pytest.mark.parametrize(
    ("sidecar", "reason"),
    [
        ('{"tinh": "Huế"}', "unknown field 'tinh'"),
        ('{"date": "31/2/2020"}', "field 'date'"),
        ('{"date": 2020}', "field 'date'"),
        ('{"province": "Atlantis"}', "field 'province'"),
        ('{"title": ""}', "field 'title'"),
        ('{"title": null}', "field 'title'"),
        ("[]", "not a JSON object"),
        ("{", "not valid JSON"),
        ('{"date": "1/1/2020", "date": "2/1/2020"}', "twice"),
    ],
)
def test_bad_sidecar_is_named(tmp_path: Path, sidecar: str, reason: str) -> None:
    """A typing error in an override must not be lost in silence."""
    (tmp_path / "bai.json").write_text(sidecar, encoding="utf-8")

    assert reason in refused(tmp_path, SENTENCE)


# --- paths ---------------------------------------------------------------------------------


def test_id_is_the_path_below_the_root_in_nfc(tmp_path: Path) -> None:
    """A decomposed file name gives the same id as a composed one."""
    folder = tmp_path / "2024"
    folder.mkdir()
    path = folder / unicodedata.normalize("NFD", "bắc-kạn.txt")
    path.write_text(SENTENCE, encoding="utf-8")

    assert read_article(path, tmp_path).id == "2024/bắc-kạn.txt"
    assert read_article(path).id == "bắc-kạn.txt"


def test_article_paths_leaves_out_hidden_files_and_sidecars(tmp_path: Path) -> None:
    """Other formats are listed, to be reported; a loop of links ends."""
    for name in ("b.txt", "b.json", "a.md", "x.png", "alone.json", ".hidden.txt", "~$a.docx"):
        (tmp_path / name).write_text(SENTENCE, encoding="utf-8")
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / "c.html").write_text("", encoding="utf-8")
    (tmp_path / "sub" / "loop").symlink_to(tmp_path, target_is_directory=True)

    names = [path.relative_to(tmp_path).as_posix() for path in article_paths(tmp_path)]
    assert names == ["a.md", "alone.json", "b.txt", "sub/c.html", "x.png"]


# --- any bytes -----------------------------------------------------------------------------

FRAGMENTS = st.sampled_from(
    "Tin liên quan|\n|(QBĐT) - |Ngày 3/11|31/02/2020|năm 2017|Bắc Kạn|. |<html>|---\n|# |&nbsp;"
    "|Xem thêm|\u200b|a\u0323|(|0:00 / 0:00|5.5.5|Chiều 26/12|quý IV/2022|tỉnh |>> ".split("|")
)


def outcome(path: Path) -> Article | str:
    try:
        return read_article(path)
    except ArticleError as error:
        return str(error)


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    data=st.one_of(
        st.binary(max_size=300), st.lists(FRAGMENTS, max_size=40).map("".join).map(str.encode)
    ),
    suffix=st.sampled_from([".txt", ".md", ".html", ".docx", ".pdf"]),
)
def test_any_bytes_give_an_article_or_a_reason(data: bytes, suffix: str) -> None:
    """Nothing else comes out, and the text of an article is normal."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "bai" + suffix)
        path.write_bytes(data)
        article = outcome(path)
    assert article
    if isinstance(article, str):
        return
    assert article.title.strip()
    assert article.text == unicodedata.normalize("NFC", article.text)
    assert all(line == line.strip() and line for line in article.text.split("\n"))


def test_five_megabytes_on_one_line_take_seconds(tmp_path: Path) -> None:
    """No pattern is quadratic in the length of a line."""
    started = time.perf_counter()
    read(tmp_path, "Ngày 3-11, tỉnh Quảng Bình tổ chức hội nghị năm 2017. " * 75_000)

    assert time.perf_counter() - started < 30


@pytest.mark.parametrize(
    "lines", ["dòng ngắn\n", "Có bài.\n", "dòng\n\n", "Dòng Ngắn\n", "- mục con\n"]
)
def test_as_many_lines_as_are_read_take_seconds(tmp_path: Path, lines: str) -> None:
    """Whatever they are; of more than that a file is no article."""
    path = tmp_path / "a.txt"
    path.write_text("Bắc Kạn: Hội nghị\n\n" + lines * 49_000, encoding="utf-8")
    started = time.perf_counter()
    outcome(path)

    assert time.perf_counter() - started < 30


def test_a_file_of_too_many_lines_is_no_article(tmp_path: Path) -> None:
    """It is said at once; what is no single article would keep a service busy for minutes."""
    path = tmp_path / "a.txt"
    path.write_text("Có bài.\n" * 50_001, encoding="utf-8")

    with pytest.raises(ArticleError, match="more than 50,000 lines"):
        read_article(path)
