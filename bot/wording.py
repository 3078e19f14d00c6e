"""Every Vietnamese word that a reader gets which is not quoted from an article."""

from __future__ import annotations

from collections.abc import Sequence

from retrieval.question import LONGEST_QUESTION
from retrieval.schema import Article

SOURCES = "Nguồn"

_MOST_TITLES = 5

QUESTION_INVALID = {
    "empty": "Câu hỏi đang trống. Xin gõ câu hỏi bằng tiếng Việt, ví dụ: “Công tác dân vận ở Bắc "
    "Kạn còn những hạn chế gì?”",
    "no_words": "Chưa thấy chữ hay số nào trong câu hỏi. Xin gõ câu hỏi bằng tiếng Việt, có dấu "
    "hoặc không dấu.",
    "too_long": f"Câu hỏi quá dài. Xin hỏi trong tối đa {LONGEST_QUESTION:,} ký tự, mỗi lần một "
    "câu.".replace(",000", ".000"),
}

INDEX_MISSING = (
    "Kho bài viết chưa sẵn sàng nên chưa thể trả lời. Xin báo người quản trị chạy lệnh: "
    "python ingest.py"
)

SETTINGS_WRONG = "Dịch vụ chưa được cài đặt đúng nên chưa thể trả lời. Xin báo người quản trị."

BATCH_LINE = "Dòng này không đọc được: mỗi dòng là một đối tượng JSON có id và question."


def no_evidence(articles: Sequence[Article], total: int) -> str:
    """That the articles do not answer, and what they are about.

    Args:
        articles: the newest ones.
        total: how many there are in all.
    """
    shown = articles[:_MOST_TITLES]
    titles = "\n".join(f" • {article.title} ({article.label})" for article in shown)
    listed = "gồm" if total <= len(shown) else "mới nhất là"
    return (
        "Các bài viết trong kho không có thông tin để trả lời câu hỏi này.\n"
        f"Kho hiện có {total:,} bài, {listed}:\n".replace(",", ".", 1 if total >= 1000 else 0)
        + titles
    )


def no_article_for_place(asked: Sequence[str], held: Sequence[str]) -> str:
    """That no article is of the provinces asked for, and of which there are some."""
    return (
        f"Kho chưa có bài nào của {_listed(asked)} nên chưa thể trả lời câu hỏi này.\n"
        f"Kho hiện có bài của: {', '.join(held)}.\n"
        "Muốn tìm ở mọi nơi, xin hỏi lại mà không nêu tên tỉnh."
    )


def merged(former: str, today: str) -> str:
    """That an answer is about a province that is now part of the one asked for."""
    return f"({former} nay thuộc {today}, theo sắp xếp từ ngày 1/7/2025.)"


def _listed(names: Sequence[str]) -> str:
    return " và ".join(names)
