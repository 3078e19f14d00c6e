"""The day of the event that an article reports, when its page states no date.

A lead says `Chiều 26/12` and leaves the year to the reader, who finds it in the text:
"tổng kết năm 2022, triển khai chương trình năm 2023" in December can only be 2022. The
year is never taken from today; where the text does not settle it there is no date.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator

from retrieval.dates import make_date
from retrieval.event_years import DECREE, LEAD_PARAGRAPHS, OCCASION, Event, read_signs
from retrieval.text import canonical, sentences

_LEAD_SENTENCES = 2
_OPENING = 70

_PART_OF_DAY = "rạng sáng|sáng sớm|sáng|trưa|chiều tối|chiều|tối|đêm|khuya"
_EVENT = re.compile(
    rf"(?<!\w)(?P<cue>(?:{_PART_OF_DAY})(?:\s(?:nay|qua|cùng ngày))?(?:\s?,)?(?:\sngày)?"
    r"|hôm (?:nay|qua)(?:\s?,)?(?:\sngày)?|(?:trong|suốt)?\s?(?:hai|ba|bốn|0?[2-5])?\s?ngày)"
    r"\s?\(?\s?(?:(?:\d{1,2}(?:[/.]\d{1,2})?\s?(?:,|-|–|và|đến)\s?)*?"
    r"(?P<day>\d{1,2})\s?[/\-.]\s?(?P<month>\d{1,2})(?![\d])(?!\s?%)"
    r"|(?:\d{1,2}\s?(?:,|-|–|và|đến)\s?)*(?P<day2>\d{1,2})\stháng\s(?P<month2>\d{1,2}))"
    r"(?:\s?(?:[/\-.,]|năm|,\snăm)\s?(?P<year>\d{4})(?!\d))?",
)
# Sentences about what went before the news.
_EARLIER = re.compile(
    r"(?:trước đó|trước đây|cách đây|liên quan|theo (?:hồ sơ|cáo trạng|điều tra"
    r"|nội dung)|còn nhớ|như đã đưa|ngược (?:dòng|lại)"
    r"|dự kiến|kế hoạch|năm \d{4})"
)
_CREDIT = re.compile(r"(?:ảnh|nguồn|video)\s?:|\((?:ảnh|nguồn)", re.IGNORECASE)
# What precedes a day that is no event: decrees, anniversaries, births, plans.
_NOT_EVENT = re.compile(
    r"(?:số|chỉ thị|nghị quyết|quyết định|nghị định|thông tư|kế hoạch|công văn|kết luận"
    r"|quy định|luật"
    r"|kỷ niệm|truyền thống|quốc khánh|thành lập|giải phóng|thương binh|chiến thắng"
    r"|toàn quốc kháng chiến"
    r"|sinh|từ|đến|tới|trước|sau|hết|dự kiến|kể từ|tính đến|hạn|mừng|hướng tới|dịp|lễ"
    r"|mất|vào các|trở về)\s*$"
)


def event_date(title: str, paragraphs: list[str]) -> datetime.date | None:
    """The day of the first event in the lead, its year as written or as the text shows.

    None when the text also looks back on later days: then the event is not the news.
    """
    event = next(_events(paragraphs), None)
    if event is None:
        return None
    # With its year a day may open any tale of the past; news says what was held then.
    if event.year is not None and not OCCASION.search(event.sentence):
        return None
    signs = read_signs(event, title, paragraphs)
    year = event.year if event.year is not None else signs.best_year(event)
    day = make_date(year, event.month, event.day) if year else None
    return day if day and signs.allow(day) else None


def _events(paragraphs: list[str]) -> Iterator[Event]:
    for paragraph in paragraphs[:LEAD_PARAGRAPHS]:
        head = paragraph[:1500]
        for sentence in sentences(head)[:_LEAD_SENTENCES]:
            text = canonical(head[sentence.start : sentence.end])
            if _EARLIER.match(text) or _CREDIT.search(
                text + head[sentence.end : sentence.end + 12]
            ):
                continue
            for match in _EVENT.finditer(text[: _OPENING + 120]):
                event = _read_event(match, text)
                if event and _is_event(text, match):
                    yield event


def _read_event(match: re.Match[str], sentence: str) -> Event | None:
    day = int(match["day"] or match["day2"])
    month = int(match["month"] or match["month2"])
    year = int(match["year"]) if match["year"] else None
    # 2024 has a 29 February: without a year any day that some year has is possible.
    if make_date(year or 2024, month, day) is None:
        return None
    return Event(month, day, year, sentence)


def _is_event(text: str, match: re.Match[str]) -> bool:
    before = text[: match.start()].rstrip()
    if _NOT_EVENT.search(before) or DECREE.search(before):
        return False
    part_of_day = "ngày" not in match["cue"].split()[:1]
    # "Sáng 3/11" is an event anywhere in the lead; "ngày 3/11" only where it opens.
    return match.start() < (_OPENING + 80 if part_of_day else _OPENING)
