"""Every Vietnamese word that a reader gets which is not quoted from an article.

`words.Words` names what the English words of `wording_english` have as well.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence

from retrieval.errors import FilterError, QuestionError
from retrieval.question import LONGEST_QUESTION
from retrieval.schema import Article, Period
from retrieval.small_talk import SmallTalk

SOURCES = "Nguồn"

_MOST_TITLES = 5

QUESTION_INVALID = {
    "empty": "Câu hỏi đang trống. Xin gõ câu hỏi bằng tiếng Việt, ví dụ: “Công tác dân vận ở Bắc "
    "Kạn còn những hạn chế gì?”",
    "no_words": "Chưa thấy chữ hay số nào trong câu hỏi. Xin gõ câu hỏi bằng tiếng Việt, có dấu "
    "hoặc không dấu.",
    "too_long": f"Câu hỏi quá dài. Xin hỏi trong tối đa {LONGEST_QUESTION:,} ký tự, mỗi lần một "
    "câu.".replace(",000", ".000"),
    "filter_order": "Ngày kết thúc đứng trước ngày bắt đầu. Xin sửa lại khoảng thời gian.",
}

LLM_UNAVAILABLE = (
    "(Mô hình ngôn ngữ hiện không phản hồi; câu trả lời trích nguyên văn từ bài viết.)"
)

BUSY = "Hiện có nhiều câu hỏi cùng lúc. Xin hỏi lại sau ít phút."

INDEX_MISSING = (
    "Kho bài viết chưa sẵn sàng nên chưa thể trả lời. Xin báo người quản trị chạy lệnh: "
    "python ingest.py"
)

NO_SUCH_ARTICLE = "Kho không có bài này, hoặc không còn nữa."

SETTINGS_WRONG = "Dịch vụ chưa được cài đặt đúng nên chưa thể trả lời. Xin báo người quản trị."

SMALL_TALK: dict[SmallTalk, str] = {
    "greeting": "Xin chào! Xin cứ hỏi về nội dung các bài viết trong kho, ví dụ: “Công tác dân vận "
    "ở Bắc Kạn còn những hạn chế gì?”",
    "thanks": "Rất vui được giúp. Khi cần, xin cứ hỏi tiếp.",
    "farewell": "Xin chào và hẹn gặp lại.",
    "filler": "Vâng. Xin cứ hỏi tiếp khi cần.",
    "about": "Đây là dịch vụ hỏi đáp trên kho bài viết: mỗi câu trả lời trích nguyên văn từ một "
    "bài, ghi rõ nơi và ngày; điều gì các bài không nói thì dịch vụ trả lời là không có.",
}

BATCH_LINE = "Dòng này không đọc được: mỗi dòng là một đối tượng JSON có id và question."


CHOSEN_FILTERS = "các bộ lọc đã chọn"

NOTHING_OF_THIS = "không tìm thấy điều này trong các bài viết."

NO_INFORMATION = "Các bài viết trong kho không có thông tin để trả lời câu hỏi này."
_CAN_NOT_ANSWER = "nên chưa thể trả lời câu hỏi này"


def no_evidence(articles: Sequence[Article], total: int) -> str:
    """That the articles do not answer, and what they are about.

    Args:
        articles: the newest ones.
        total: how many there are in all.
    """
    return f"{NO_INFORMATION}\n{_holdings(articles, total)}"


def _holdings(articles: Sequence[Article], total: int) -> str:
    shown = articles[:_MOST_TITLES]
    titles = "\n".join(f" • {article.title} ({article.label})" for article in shown)
    listed = "gồm" if total <= len(shown) else "mới nhất là"
    return f"Kho hiện có {_number(total)} bài, {listed}:\n{titles}"


def no_article_for_place(asked: Sequence[str], held: Sequence[str]) -> str:
    """That no article is of the provinces asked for, and of which there are some."""
    return (
        f"Kho chưa có bài nào của {_listed(asked)} {_CAN_NOT_ANSWER}.\n"
        f"Kho hiện có bài của: {', '.join(held)}.\n"
        "Muốn tìm ở mọi nơi, xin hỏi lại mà không nêu tên tỉnh."
    )


def no_article_of_source(asked: Sequence[str], held: Sequence[str]) -> str:
    """That no article is from the papers asked for, and from which there are some."""
    known = f"Kho hiện có bài của: {', '.join(held)}.\n" if held else ""
    return (
        f"Kho chưa có bài nào của {_listed(asked)} {_CAN_NOT_ANSWER}.\n{known}"
        "Muốn tìm ở mọi nguồn, xin hỏi lại mà không nêu tên báo."
    )


def other_periods_answer(asked: Sequence[Period]) -> str:
    """That the articles say something, but of another time than was asked for."""
    return (
        f"{NO_INFORMATION[:-1]} cho thời gian được hỏi "
        f"({_listed([_period(p) for p in asked])}).\n"
        "Kho có thể có thông tin gần với câu hỏi ở thời gian khác: muốn xem, xin hỏi lại mà "
        "không nêu thời gian."
    )


def no_article_in_period(
    asked: Sequence[Period], held: tuple[datetime.date, datetime.date] | None
) -> str:
    """That no article is of the time asked for, and of which time there are some."""
    return (
        f"Kho chưa có bài nào của thời gian được hỏi ({_listed([_period(p) for p in asked])}) "
        f"{_CAN_NOT_ANSWER}.\n{_days_held(held)}"
        "Muốn tìm ở mọi thời gian, xin hỏi lại mà không nêu thời gian."
    )


def _days_held(days: tuple[datetime.date, datetime.date] | None) -> str:
    return f"Kho hiện có bài từ ngày {_day(days[0])} đến ngày {_day(days[1])}.\n" if days else ""


def conditions(
    places: Sequence[str], sources: Sequence[str], periods: Sequence[Period]
) -> tuple[str, ...]:
    """What a question says of the articles: `Bắc Kạn`, `nguồn TTXVN`, `năm 2022`."""
    return (
        *places,
        *(f"nguồn {source}" for source in sources),
        *(_period(period) for period in periods),
    )


def nothing_together(
    named: Sequence[str],
    days: tuple[datetime.date, datetime.date] | None,
    *,
    has_filters: bool,
) -> str:
    """That no article is of all of these.

    Args:
        days: of the first and the last article, where a time is among the conditions.
    """
    listed = ", ".join([*named, *([CHOSEN_FILTERS] if has_filters else [])])
    return (
        f"Kho chưa có bài nào ứng với mọi điều kiện của câu hỏi ({listed}) {_CAN_NOT_ANSWER}.\n"
        f"{_days_held(days)}"
        "Muốn tìm rộng hơn, xin bỏ bớt một điều kiện."
    )


NOTHING_PASSES = (
    "Không có bài nào trong kho qua được các bộ lọc đã chọn nên chưa thể trả lời câu hỏi này.\n"
    "Muốn tìm rộng hơn, xin bỏ bớt bộ lọc."
)

_FILTERS = {
    "filter_province": "Không rõ tỉnh, thành phố “{value}”. Có phải là: {accepted}?",
    "filter_source": "Kho không có bài nào của nguồn “{value}”. Nguồn gần giống: {accepted}.",
    "filter_from": "Không rõ ngày bắt đầu “{value}”. Xin ghi như một trong các cách: {accepted}.",
    "filter_to": "Không rõ ngày kết thúc “{value}”. Xin ghi như một trong các cách: {accepted}.",
}


def filter_invalid(error: FilterError) -> str:
    """Which filter was not understood, and what is accepted."""
    return _FILTERS[error.kind].format(value=error.value, accepted=", ".join(error.accepted))


def question_invalid(error: QuestionError) -> str:
    """Why a question can not be asked, and how to ask it."""
    return filter_invalid(error) if isinstance(error, FilterError) else QUESTION_INVALID[error.kind]


def understood_as(question: str) -> str:
    """How a question was read that was not whole, or typed without marks."""
    return f"(Hiểu câu hỏi là: {question})"


def _period(period: Period) -> str:
    """`hôm qua: 22/11/2026`; a period that names its own days is enough."""
    if any(character.isdigit() for character in period.text):
        return period.text
    if period.first == period.last:
        return f"{period.text}: {_day(period.first)}"
    return f"{period.text}: {_day(period.first)}–{_day(period.last)}"


def _day(day: datetime.date) -> str:
    return f"{day.day}/{day.month}/{day.year}"


def up_to(day: datetime.date) -> str:
    """Up to which day the articles go, where it is asked how things are now."""
    return f"(Kho có bài đến ngày {_day(day)}.)"


def merged(former: str, today: str) -> str:
    """That an answer is about a province that is now part of the one asked for."""
    return f"({former} nay thuộc {today}, theo sắp xếp từ ngày 1/7/2025.)"


def either(phrases: Sequence[str]) -> str:
    """Spellings of what was counted, inside the quotation marks of `mentioned`."""
    return "” hoặc “".join(phrases)


def mentioned(phrase: str, articles: int, total: int, scope: Sequence[str]) -> str:
    """In how many articles a phrase stands, of how many of the places and periods asked for."""
    found = f"có {_number(articles)} bài" if articles else "không có bài nào"
    return f"Trong {_number(total)} bài{_scope(scope)} của kho, {found} nhắc đến “{phrase}”."


def mentioned_in_provinces(
    phrase: str, provinces: Sequence[str], total: int, scope: Sequence[str]
) -> str:
    """Of which provinces the articles are in which a phrase stands."""
    return (
        f"Trong {_number(total)} bài{_scope(scope)} của kho, các bài nhắc đến “{phrase}” là của "
        f"{len(provinces)} tỉnh, thành phố: {', '.join(provinces)}."
    )


def held(total: int, scope: Sequence[str]) -> str:
    """How many articles there are of the places, papers and periods asked for."""
    return f"Kho hiện có {_number(total)} bài{_scope(scope)}."


def _scope(named: Sequence[str]) -> str:
    return f" ({', '.join(named)})" if named else ""


def held_of_provinces(counts: Mapping[str, int], unknown: int) -> str:
    """Of which provinces there are articles, and how many of each."""
    each = ", ".join(f"{name} ({_number(count)} bài)" for name, count in counts.items())
    rest = f" Ngoài ra có {_number(unknown)} bài không rõ tỉnh." if unknown else ""
    return f"Kho hiện có bài của {len(counts)} tỉnh, thành phố: {each}.{rest}"


def newest_shown(shown: int) -> str:
    """That not every article that was counted is quoted."""
    return f"(Dưới đây là {shown} bài mới nhất.)"


def _number(number: int) -> str:
    return f"{number:,}".replace(",", ".")


def _listed(names: Sequence[str]) -> str:
    return " và ".join(names)
