"""Saved web pages of several builds: no caption, byline or row of figures is lost."""

from __future__ import annotations

from pathlib import Path

import pytest

from retrieval.articles import read_article

TITLE = "Bắc Hà: Giữ chân học sinh bằng bữa cơm bán trú"
FIRST, SECOND, THIRD = PARAGRAPHS = (
    "Nhiều năm trước, cứ sau Tết là thầy cô ở Lùng Phình lại đi từng nhà gọi học sinh trở lại lớp.",
    "Trường có 312 học sinh, hơn một nửa ở bán trú. Sáng sớm, chị cấp dưỡng đã nhóm bếp nấu cơm.",
    "Ngoài phần hỗ trợ của Nhà nước, phụ huynh góp gạo, củi; các nhà hảo tâm góp thịt, trứng.",
)
CAPTION = "Bữa trưa của học sinh bán trú."
LINK = "<p><a href='b'>Sa Pa đón khách du lịch cuối tuần</a> (06/03/2023)</p>"
MENU = "<a href='/'>Trang chủ</a> | <a href='a'>Thời sự</a> | <a href='v'>Video</a>"

ARTICLE_ELEMENT = f"""
<article><h1>{TITLE}</h1><time datetime='2023-03-05'>05/03/2023</time><p>{FIRST}</p>
<figure><a href='big.jpg'><img src='a.jpg'></a><p class='cap'><span>{CAPTION}</span></p>
</figure>
<p>{SECOND}</p><p>{THIRD}</p><div class='author'>Giàng Mỷ</div>
<div class='tags'>Từ khóa: <a href='t'>bán trú</a>, <a href='u'>Bắc Hà</a></div></article>
<div><h3>Ý kiến bạn đọc (1)</h3><b>Minh</b> <span>10:20 06/03/2023</span>
<p>Bài viết rất hay, cảm ơn các thầy cô giáo đã hết lòng vì học sinh vùng cao.</p></div>"""
DIVISIONS = f"""
<div>{MENU}</div><div><h1>{TITLE}</h1><div>Chủ nhật, 05/03/2023 07:12</div><div>{FIRST}</div>
<div><img src='a.jpg'><div>{CAPTION}</div></div><div>{SECOND}</div><div>{THIRD}</div>
<div align='right'><b>Giàng Mỷ</b></div><div><a href='f'>Facebook</a> <span>Thích 12</span></div>
</div>"""
BREAKS = f"""
<table><tr><td>{MENU}</td></tr><tr><td><h1>{TITLE}</h1>05/03/2023 07:12<br><br>{FIRST}<br><br>
<i>{CAPTION}</i><br><br>{SECOND}<br><br>{THIRD}<br><br><b>Giàng Mỷ</b></td></tr></table>"""
NESTED_TABLES = f"""
<table><tr><td colspan='2'>{MENU}</td></tr>
<tr><td><table><tr><td><a href='1'>Chính trị</a></td></tr>
<tr><td><a href='2'>Kinh tế</a></td></tr></table></td><td><table><tr><td>{TITLE}</td></tr>
<tr><td>Cập nhật 07:12, Chủ nhật, 05/03/2023 (GMT+7)</td></tr><tr><td><p>{FIRST}</p>
<table><tr><td><img src='a.jpg'></td></tr><tr><td><i>{CAPTION}</i></td></tr></table>
<p>{SECOND}</p><p>{THIRD}</p><p align='right'><b>Giàng Mỷ</b></p>{LINK}</td></tr></table></td></tr>
<tr><td>Tòa soạn: đường Hoàng Liên, Lào Cai. Giấy phép số 12/GP-BTTTT</td></tr></table>"""


@pytest.mark.parametrize("body", [ARTICLE_ELEMENT, DIVISIONS, BREAKS, NESTED_TABLES])
def test_page_of_any_build(tmp_path: Path, body: str) -> None:
    """Elements of today, bare divisions, line breaks, and tables that lay out the page."""
    path = tmp_path / "bai.html"
    head = f"<meta charset='utf-8'><title>{TITLE} - Báo Lào Cai điện tử</title>"
    path.write_text(f"<html><head>{head}</head><body>{body}</body></html>", encoding="utf-8")
    article = read_article(path)

    assert (article.title, article.source) == (TITLE, "Báo Lào Cai")
    assert article.label == "Lào Cai, 5/3/2023"
    assert article.text.split("\n") == [FIRST, CAPTION, SECOND, THIRD, "Giàng Mỷ"]


def test_table_of_figures_keeps_its_rows(tmp_path: Path) -> None:
    """Its cells are parted by bars, as in the other formats."""
    rows = [("Năm", "Học sinh", "Tỷ lệ"), ("2021", "290", "91,2%"), ("2022", "312", "97,4%")]
    cells = "".join(f"<tr>{''.join(f'<td>{cell}</td>' for cell in row)}</tr>" for row in rows)
    path = tmp_path / "bai.html"
    path.write_text(
        f"<html><body><article><h1>{TITLE}</h1><p>{FIRST}</p><p>{SECOND}</p>"
        f"<table>{cells}</table><p>{THIRD}</p></article></body></html>",
        encoding="utf-8",
    )

    lines = read_article(path).text.split("\n")
    assert lines == [FIRST, SECOND, *(" | ".join(row) for row in rows), THIRD]
