"""A fuzzer's choices -> pages, files of each kind, questions: near enough to real ones."""

from __future__ import annotations

import io
import unicodedata
import zipfile
from collections.abc import Callable
from typing import Protocol
from xml.sax.saxutils import escape

SUFFIXES = (".txt", ".md", ".html", ".docx", ".pdf")

SENTENCE = "Ngày 3/11/2017, tại tỉnh Quảng Bình, Ban Dân vận tổ chức hội nghị sơ kết công tác. "
# What the readers look for: each decides on signs like these.
FRAGMENTS = (
    SENTENCE,
    *". |! |? |, |; |: |…|...|-|–|(|)|[|]|“|”|\"|'|a |A |1.|1,|9|%|91,3% |1.000.000 |đ|Đ|x".split(
        "|"
    ),
    *"\n|\n\n|\nA\n|\n- |\n+ |\n1. |\t| |\r|\v|\u2028|\x1b[0m|\u200b|\ufeff|\u00a0|\u202e".split(
        "|"
    ),
    *"\u0301|a\u0302\u0301|İ|ß|ﬃ|Ð|\ud800|\U0001f600|ệ|Ệ|한|٣|Ⅳ".split("|"),
    *"3/11/2017 |31/02/2017 |00/00/0000 |12/|99/99/9999 |2017-11-03T25:61 |Ngày 3-11 ".split("|"),
    *"tháng 13 |năm 2017 |năm 0 |quý III/2024 |hôm qua |ngày 10 tháng 3 âm lịch ".split("|"),
    *"Thứ Hai, 3/11/2017, 10:30 (GMT+7)\n|Cập nhật: 3/11/2017\n|lúc 10 giờ 61 phút ".split("|"),
    *"Bắc Kạn |Quảng Ninh, |(Bắc Kạn) - |TP. |xã A, huyện Ba Bể |QNP - |(TTXVN) |Báo ".split("|"),
    *"ông Nguyễn Văn A |Ủy ban nhân dân (UBND) |CT-XH |GPMB |HĐND |v.v... |K/T ".split("|"),
    *"\nHỏi: vì sao?\nĐáp: vì thế.\n|\nPV: Thưa ông?\n- |Ảnh: |Nguồn: |© |Theo |Tác giả: ".split(
        "|"
    ),
    *"Tin liên quan\n|Từ khóa:\n|Bình luận (3)\n|Trả lời\n|Xem thêm: |Trang chủ > Tin ".split("|"),
    "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\n",
    "Số: 12/BC-UBND        Độc lập - Tự do - Hạnh phúc\n",
    *"# |\n## |> |* |**|__|_|`|[a](b)|![|](|\\|---\n|date: |title: |province: |: a\n".split("|"),
    *"<p>|</p>|<div>|<a href=x>|<table><tr><td>|<!--|-->|<script>|<html>|<h1>|<time>|<".split("|"),
    '<meta property="article:published_time" content="2017-11-03">',
    '<script type="application/ld+json">{"datePublished": "2017-11-03"}</script>',
    *"&amp;|&#1;|&#xD800;|&nbsp|&|http://a.vn/|a@b.vn |//".split("|"),
    "|",
    "\n| ",
)
# What questions are made of beside these.
ASKING = (
    *"là bao nhiêu? |Ai chủ trì |bao nhiêu bài nhắc đến |ở |tại |tin báo |Còn ở |thì sao? ".split(
        "|"
    ),
    *"so với |và |từ |đến |trước |sau |mới nhất |tuần trước |chi so hai long |nguwowif |o7 ".split(
        "|"
    ),
    *"How many |What is |in |the |between |and |Quang Ninh |dan van |Chỉ số hài lòng ".split("|"),
    *"Xin chào |Cảm ơn |Trưởng ban Dân vận của |báo cáo |quy chế dân chủ |biên chế ".split("|"),
)


class Choices(Protocol):
    """Where a fuzzer decides."""

    def number(self, least: int, most: int) -> int:
        """One of them, both included."""

    def text(self, longest: int) -> str:
        """Any characters, halves of characters too."""

    def data(self, longest: int) -> bytes:
        """Any bytes."""


def page(choices: Choices, longest: int, fragments: tuple[str, ...] = FRAGMENTS) -> str:
    """Text of at most that many characters: fragments, noise, and runs of the same."""
    parts: list[str] = []
    if choices.number(0, 3):
        parts.append(SENTENCE * choices.number(1, 3) + "\n")
    for _ in range(choices.number(0, 12)):
        parts.append(_part(choices, longest, fragments))
    text = "".join(parts)
    if not choices.number(0, 5):
        text = unicodedata.normalize("NFD", text)
    return text[:longest]


def _part(choices: Choices, longest: int, fragments: tuple[str, ...]) -> str:
    kind = choices.number(0, 9)
    if kind == 0:
        return choices.text(60)
    if kind > 1:
        return fragments[choices.number(0, len(fragments) - 1)]
    # What is quadratic shows in many of the same.
    unit = "".join(
        fragments[choices.number(0, len(fragments) - 1)] for _ in range(choices.number(1, 4))
    )
    # Few are long: the others are tried by the hundred in the same time.
    return unit * choices.number(1, 9 if choices.number(0, 30) else longest // len(unit))


def any_file(choices: Choices, longest: int) -> tuple[bytes, str]:
    """The bytes of a file and the end of its name."""
    suffix = SUFFIXES[choices.number(0, len(SUFFIXES) - 1)]
    if not choices.number(0, 4):
        return choices.data(min(longest, 2_000)), suffix
    return _damaged(choices, _FORMS[suffix](page(choices, longest), choices)), suffix


def question(choices: Choices) -> str:
    """What might be typed, and what a program might send; at times too long."""
    return page(choices, 1_010, (*FRAGMENTS, *ASKING * 3)) if choices.number(0, 9) else ""


def short_question(choices: Choices) -> str:
    """A handful of the words that questions have."""
    return "".join(
        ASKING[choices.number(0, len(ASKING) - 1)]
        if choices.number(0, 3)
        else FRAGMENTS[choices.number(0, len(FRAGMENTS) - 1)]
        for _ in range(choices.number(1, 8))
    )


def _damaged(choices: Choices, data: bytes) -> bytes:
    """The same bytes, at times with some of them exchanged or the end cut off."""
    for _ in range(max(0, choices.number(0, 7) - 5)):
        place = choices.number(0, len(data))
        data = data[:place] + choices.data(8) + data[place + choices.number(0, 8) :]
    return data if choices.number(0, 9) else data[: choices.number(0, len(data))]


def _as_text(text: str, choices: Choices) -> bytes:
    encodings = ("utf-8", "utf-8", "utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1258")
    encoding = encodings[choices.number(0, len(encodings) - 1)]
    return text.encode(encoding, "surrogatepass" if encoding.startswith("utf") else "replace")


def _as_docx(text: str, choices: Choices) -> bytes:
    """As little of a .docx file as its reader takes, with a table where a choice says so."""
    told = "".join(c for c in text if c in "\t\n\r" or (c >= " " and not is_half(c)))
    lines = [f"<w:p><w:r><w:t>{escape(line)}</w:t></w:r></w:p>" for line in told.split("\n")]
    if not choices.number(0, 3):
        columns = choices.number(1, 4)
        cells = [f"<w:tc>{line}</w:tc>" for line in lines]
        rows = [cells[start : start + columns] for start in range(0, len(cells), columns)]
        lines = ["<w:tbl>", *(f"<w:tr>{''.join(row)}</w:tr>" for row in rows), "</w:tbl>"]
    body = _damaged(choices, "".join(lines).encode())
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", _CONTENT_TYPES)
        archive.writestr("_rels/.rels", _RELATIONS)
        archive.writestr("word/document.xml", _DOCUMENT % body)
    return buffer.getvalue()


def is_half(character: str) -> bool:
    return "\ud800" <= character <= "\udfff"


_PACKAGE = b"http://schemas.openxmlformats.org/package/2006/"
_OFFICE = b"http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument"
_MAIN = b"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
_CONTENT_TYPES = (
    b'<Types xmlns="%scontent-types">'
    b'<Default Extension="rels" ContentType="application/vnd.openxmlformats-package'
    b'.relationships+xml"/><Override PartName="/word/document.xml" ContentType="%s"/></Types>'
) % (_PACKAGE, _MAIN)
_RELATIONS = (
    b'<Relationships xmlns="%srelationships">'
    b'<Relationship Id="r1" Type="%s" Target="word/document.xml"/></Relationships>'
) % (_PACKAGE, _OFFICE)
_DOCUMENT = (
    b'<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">'
    b"<w:body>%s</w:body></w:document>"
)


def _as_pdf(text: str, choices: Choices) -> bytes:
    """A page of a line a line, whose operators are damaged at times."""
    shown = []
    for number, line in enumerate(text.split("\n")):
        told = line.encode("utf-16-be", "surrogatepass").hex()
        shown.append(f"BT /F1 12 Tf 1 0 0 1 50 {700 - number * 14} Tm <{told}> Tj ET")
    content = _damaged(choices, "\n".join(shown).encode())
    objects = [*_PDF_OBJECTS, _stream(content), _stream(_AS_UNICODE)]
    data = b"%PDF-1.4\n"
    places = []
    for number, body in enumerate(objects, start=1):
        places.append(b"%010d 00000 n \n" % len(data))
        data += b"%d 0 obj %s endobj\n" % (number, body)
    count = len(objects) + 1
    table = b"xref\n0 %d\n0000000000 65535 f \n%s" % (count, b"".join(places))
    end = b"trailer <</Root 1 0 R /Size %d>>\nstartxref\n%d\n%%%%EOF\n" % (count, len(data))
    return data + table + end


def _stream(data: bytes) -> bytes:
    return b"<</Length %d>> stream\n%s\nendstream" % (len(data), data)


# The page's text is in two bytes a character, which are what they mean.
_PDF_OBJECTS = (
    b"<</Type /Catalog /Pages 2 0 R>>",
    b"<</Type /Pages /Kids [3 0 R] /Count 1>>",
    b"<</Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 6 0 R"
    b" /Resources <</Font <</F1 4 0 R>>>>>>",
    b"<</Type /Font /Subtype /Type0 /BaseFont /A /Encoding /Identity-H"
    b" /DescendantFonts [5 0 R] /ToUnicode 7 0 R>>",
    b"<</Type /Font /Subtype /CIDFontType2 /BaseFont /A /DW 500>>",
)
# The pages of Unicode that Vietnamese is in: the reader lists every character of a range.
_AS_UNICODE = (
    b"1 begincodespacerange <0000> <FFFF> endcodespacerange\n3 beginbfrange"
    b" <0000> <01FF> <0000> <1E00> <1EFF> <1E00> <2000> <20FF> <2000> endbfrange"
)

_FORMS: dict[str, Callable[[str, Choices], bytes]] = {
    ".txt": _as_text,
    ".md": _as_text,
    ".html": _as_text,
    ".docx": _as_docx,
    ".pdf": _as_pdf,
}
