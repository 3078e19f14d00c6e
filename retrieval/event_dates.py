"""The day of the event that an article reports, when its page states no date.

A lead says `Chiều 26/12` and leaves the year to the reader, who finds it in the text:
"tổng kết năm 2022, triển khai chương trình năm 2023" in December can only be 2022. The
year is never taken from today; where the text does not settle it there is no date.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator

from retrieval.dates import find_dates, make_date
from retrieval.event_years import DECREE, LEAD_PARAGRAPHS, OCCASION, Event, read_signs
from retrieval.text import canonical, sentences, syllables

_LEAD_SENTENCES = 2
_OPENING = 70
# A day with its year is the news only where the report opens with it.
_DATED_OPENING = 45
_LAST_DATED_PARAGRAPH = 2
# No newspaper of Vietnam was online before; what a text says of older days is history.
_FIRST_YEAR = 1997
_LEAD_LENGTH = 600
_CLAUSE_LENGTH = 60
_CLAUSE_WORDS = 12
_FEWEST_SHARED = 3

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
    r"(?:trước đó|trước đây|tiếp đó|cách đây|lần đầu|cáo trạng|tài liệu điều tra"
    r"|liên quan|theo (?:hồ sơ|cáo trạng|điều tra"
    r"|nội dung)|còn nhớ|như đã đưa|ngược (?:dòng|lại)"
    r"|dự kiến|kế hoạch|năm \d{4})"
)
# "Ngày 3/5/2019, Thủ tướng Chính phủ yêu cầu …": what offices order and decide is news that
# day, and later what others look back on.
_ORDER = (
    r"(?:yêu cầu|chỉ đạo|đề nghị|giao|phê duyệt|ký(?! kết)|ban hành|quyết định|kết luận"
    r"|chấp thuận|đồng ý|cho biết)(?!\w)"
)
_OFFICE = (
    r"(?:thủ tướng|chính phủ|chủ tịch|bí thư|bộ|ubnd|ủy ban|hđnd|hội đồng nhân dân|tỉnh|thành ủy"
    r"|huyện|thị xã|thành phố|quận|xã|phường|sở|ban|công an|ngân hàng|đảng ủy|cục|tổng cục)"
)
_ORDERS = re.compile(
    rf"(?:[^\w]*\(?[^()\s]{{2,15}}\)\s?[-–]?\s?)?(?:(?:{_PART_OF_DAY})\s)?(?:ngày\s)?"
    rf"\d{{1,2}}[/.\-]\d{{1,2}}[/.\-]\d{{4}}\s?,\s(?:[^,.;]{{0,60}}?\s)??{_OFFICE}(?!\w)[^,.;]{{0,80}}?"
    rf"(?<!\w){_ORDER}"
)
_SINCE = re.compile(
    r"(?<!\w)(?:(?:sau|qua)\s(?:hơn\s|gần\s)?(?:\d+|một|hai|ba|bốn|năm|sáu|bảy|tám|chín|mười)"
    r"\s(?:năm|tháng)|đến nay|từ đó)(?!\w)"
)
_FIRST_PARAGRAPHS = 12  # where an article says how long ago its beginning was
_CREDIT = re.compile(r"(?:ảnh|nguồn|video)\s?:|\((?:ảnh|nguồn)", re.IGNORECASE)
# What precedes a day that is no event: decrees, anniversaries, births, plans.
_NOT_EVENT = re.compile(
    r"(?:số|chỉ thị|nghị quyết|quyết định|nghị định|thông tư|kế hoạch|công văn|kết luận"
    r"|quy định|luật"
    r"|kỷ niệm|truyền thống|quốc khánh|thành lập|giải phóng|thương binh|chiến thắng"
    r"|toàn quốc kháng chiến"
    r"|sinh|từ|đến|tới|trước|sau|hết|dự kiến|kể từ|tính đến|hạn|mừng|hướng tới|dịp|lễ"
    r"|mất|vào các|trở về|rơi vào|nhằm|tại)(?:\s+vào)?\s*$"
)


def event_date(title: str | None, paragraphs: list[str]) -> datetime.date | None:
    """The day of the first event in the lead, its year as written or as the text shows.

    None when the text also looks back on later days: then the event is not the news.
    `title` is the page's headline, not a sentence that stands in for one.
    """
    event = next(_events(paragraphs), None)
    if event is None or (event.year is not None and not _is_news(event, paragraphs)):
        # With its year a day may open any tale of the past; news says what was held then.
        return _day_of_headline(title, paragraphs) if title else None
    signs = read_signs(event, title or "", paragraphs)
    year = event.year if event.year is not None else signs.best_year(event)
    day = make_date(year, event.month, event.day) if year else None
    return day if day and day.year >= _FIRST_YEAR and signs.allow(day) else None


def _is_news(event: Event, paragraphs: list[str]) -> bool:
    """Whether what a day with its year opens is the news, and no tale of the past."""
    orders = _ORDERS.match(event.sentence)
    if orders is None:
        return OCCASION.search(event.sentence) is not None
    if OCCASION.search(re.sub(_ORDER, " ", event.sentence)):
        return True
    return not any(_SINCE.search(canonical(text)) for text in paragraphs[:_FIRST_PARAGRAPHS])


def _day_of_headline(title: str, paragraphs: list[str]) -> datetime.date | None:
    """The full date of what the headline reports: `… bị Công an tỉnh bắt ngày 3/8/2022`.

    It stands in the lead, in words that the headline has too, and no later date follows.
    """
    words = {syllable.text for syllable in syllables(title)}
    lead = paragraphs[0][:_LEAD_LENGTH] if paragraphs else ""
    text = canonical(lead)
    for mention in find_dates(lead):
        before = text[: mention.start].removesuffix("ngày ").rstrip()
        if _NOT_EVENT.search(before) or DECREE.search(before) or _CREDIT.search(text):
            continue
        if before.endswith("(") or _EARLIER.search(before[-_CLAUSE_LENGTH:]):
            continue
        clause = [s.text for s in syllables(re.split(r"[,;.]\s| và ", before)[-1])][-_CLAUSE_WORDS:]
        shared = sum(word in words for word in clause)
        if len(clause) < _FEWEST_SHARED or shared < max(_FEWEST_SHARED, len(clause) / 2):
            continue
        event = Event(mention.day.month, mention.day.day, mention.day.year, text)
        days = [other.day for paragraph in paragraphs for other in find_dates(paragraph[:20_000])]
        if mention.day == max(days) and mention.day.year >= _FIRST_YEAR:
            return mention.day if read_signs(event, title, paragraphs).allow(mention.day) else None
    return None


def _events(paragraphs: list[str]) -> Iterator[Event]:
    for index, paragraph in enumerate(paragraphs[:LEAD_PARAGRAPHS]):
        head = paragraph[:1500]
        for number, sentence in enumerate(sentences(head)[:_LEAD_SENTENCES]):
            text = canonical(head[sentence.start : sentence.end])
            if _EARLIER.match(text) or _CREDIT.search(
                text + head[sentence.end : sentence.end + 12]
            ):
                continue
            for match in _EVENT.finditer(text[: _OPENING + 120]):
                event = _read_event(match, text)
                opens = number == 0 and index <= _LAST_DATED_PARAGRAPH
                if event and event.year and not (opens and match.start() <= _DATED_OPENING):
                    continue
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
    after = text[match.end() : match.end() + 12]
    if re.match(r"\)?\s*(?:tới|sắp tới)", after) or re.search(r"sẽ diễn ra(?: vào)?$", before):
        return False
    if match["year"] and before.endswith("vào"):  # "Ra mắt vào ngày 26/2/2001, …"
        return False
    part_of_day = "ngày" not in match["cue"].split()[:1]
    # "Sáng 3/11" is an event anywhere in the lead; "ngày 3/11" only where it opens.
    return match.start() < (_OPENING + 80 if part_of_day else _OPENING)
