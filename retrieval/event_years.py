"""The year that a text speaks of, for a day that was written without one.

Reviews, plans, anniversaries and school years are strong signs; a year that is merely
named is weak, and those of births, targets and decrees are none.
"""

from __future__ import annotations

import datetime
import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from retrieval.dates import find_dates, make_date
from retrieval.text import canonical

# A lead is an article's first paragraphs, a dateline its first words.
LEAD_PARAGRAPHS = 4

# What offices and newspapers report of: meetings, visits, openings, decisions.
OCCASION = re.compile(
    r"(?<!\w)(?:tổ chức|diễn ra|khai mạc|bế mạc|khai trương|khánh thành|khởi công"
    r"|khởi động|phát động|ra mắt|công bố"
    r"|chủ trì|họp|hội nghị|hội thảo|tọa đàm|lễ|gặp mặt|cuộc gặp"
    r"|hội đàm|hội kiến|làm việc|tiếp|thăm|kiểm tra"
    r"|giám sát|trao|tặng|ký kết|ra quân"
    r"|ban hành|thông báo|thông qua|phát biểu|trao đổi|dâng hương|triển khai|bàn giao"
    r"|biểu dương|tuyên dương|đón|xuất khẩu)(?!\w)"
)
DECREE = re.compile(
    r"(?:số\s?[:\d][\w./\-–]*|chỉ thị|nghị quyết|quyết định|nghị định|thông tư|kế hoạch"
    r"|công văn|kết luận"
    r"|quy định|quy chế|hướng dẫn|đề án|chương trình|luật|thông báo|công điện)[^.;]{0,60}$"
)
_TRIAL = re.compile(r"(?<!\w)(?:tand|tòa án|phiên tòa|xét xử|sơ thẩm|phúc thẩm|tuyên án)(?!\w)")
_AHEAD = re.compile(
    r"(?:đến|tới|trước|từ|kể từ|hiệu lực|dự kiến|sẽ|hạn|chậm nhất|hoàn thành"
    r"|diễn ra vào|tổ chức vào)"
    r"[^.;]{0,25}$"
)


@dataclass(frozen=True, slots=True)
class Event:
    """A day in a lead, and the sentence (canonical) that names it."""

    month: int
    day: int
    year: int | None
    sentence: str


_YEAR = r"(?P<year>(?:19|20)\d{2})(?![\d/])"
_PLAIN_YEAR = re.compile(
    rf"(?<![\w/])năm\s(?:(?:học|ngân sách|tài chính|kế hoạch)\s)?{_YEAR}(?!\s?[-–]\s?\d)"
)
_LUNAR_YEAR = re.compile(
    rf"(?:giáp|ất|bính|đinh|mậu|kỷ|canh|tân|nhâm|quý)\s(?:tý|sửu|dần|mão|thìn|tỵ|tị|ngọ"
    rf"|mùi|thân|dậu|tuất|hợi)"
    rf"(?:\s?[-–,(]?\s?(?:năm\s)?){_YEAR}"
)
_SCHOOL_YEAR = re.compile(r"năm học\s(?P<year>(?:19|20)\d{2})\s?[-–]\s?(?:19|20)?\d{2}")
_MONTH_YEAR = re.compile(
    rf"(?:tháng\s?|(?<![\d/]))(?P<month>\d{{1,2}})(?:\s?[/\-]\s?|\snăm\s){_YEAR}"
)
_QUARTER = re.compile(rf"quý\s(?P<quarter>i{{1,3}}|iv|[1-4])(?:\s?[/\-,]\s?|\snăm\s|\s){_YEAR}")
_PART_OF_YEAR = re.compile(
    rf"(?:tháng (?:đầu|cuối)|(?:nửa|những tháng|các tháng) (?:đầu|cuối)"
    rf"|(?<![\d/])[3-9] tháng|11 tháng|10 tháng)"
    rf"\s(?:của\s)?năm\s{_YEAR}"
)
_ANNIVERSARY = re.compile(
    r"\((?:\d{1,2}[/.\-]\d{1,2}[/.\-])?(?P<from>(?:1[0-9]"
    r"|20)\d{2})\s?[-–]\s?(?:\d{1,2}[/.\-]\d{1,2}[/.\-])?(?P<to>(?:19|20)\d{2})\)"
)
_COUNTED_YEARS = re.compile(
    r"(?:kỷ niệm|lần thứ|tròn)\s(?P<count>\d{1,4})(?:\s?năm"
    r"|\snăm)?[^.;()]{0,120}\(\d{1,2}[/.\-]\d{1,2}[/.\-](?P<from>\d{4})\)"
)
_REVIEW = re.compile(
    r"(?:tổng kết|đánh giá kết quả|kết quả (?:công tác|thực hiện)|báo cáo kết quả"
    r"|nhìn lại)[^.;]{0,160}$"
)
_MIDYEAR_REVIEW = re.compile(r"sơ kết[^.;]{0,120}$")
_PLAN = re.compile(
    r"(?:triển khai|phương hướng|nhiệm vụ|kế hoạch|chương trình công tác|dự toán"
    r"|(?:phát động|đăng ký|ký kết|giao ước)[^.;,]{0,30}thi đua"
    r"|đón (?:chào )?năm mới|chào năm mới|mừng xuân|tết)"
    r"[^.;,]{0,120}$"
)
# Years of births, makes and seasons, and those that a sentence aims at or starts from.
_UNTIMELY = re.compile(
    r"(?:sinh|sn|tuổi|đời|sản xuất|khóa|niên khóa|lứa|thế hệ|mùa giải|hồi|những|các|vào"
    r"|thập niên)\s$"
    r"|(?:sinh|trúng cử|bầu cử|chiến tranh|vụ án|dự kiến|phấn đấu|mục tiêu)[^.;,]{0,40}\s$"
    r"|(?:đến|tới|tầm nhìn(?: đến)?|trước|hết|mục tiêu|giai đoạn|nhiệm kỳ|phấn đấu|vào"
    r"|từ|sau|kể từ|khóa|dự kiến|so với|cùng kỳ|định hướng|cuối|đầu"
    r"|giữa)\s(?:tháng \d+\s)?$"
)
# What a sentence goes on with after naming the year to come: "Năm 2023, ngành tập trung …".
_AIMS = re.compile(
    r"[^.;]{0,60}?(?<!\w)(?:sẽ|phấn đấu|tập trung|tiếp tục|mục tiêu|chỉ tiêu|nhiệm vụ|đề ra|dự kiến"
    r"|phương hướng|đặt ra|đẩy mạnh|xác định|cần|yêu cầu|kế hoạch)(?!\w)"
)
# Sessions and monthly meetings are held in the month that they are of.
_SESSION = re.compile(r"(?:phiên|họp|thường kỳ|giao ban|hội nghị)[^.;]{0,60}$")
_CONGRESS = re.compile(
    r"(?<!\w)đại hội(?!\w)[^.;]{0,120}?nhiệm kỳ\s(?P<year>(?:19|20)\d{2})\s?[-–]\s?(?:19|20)?\d{2}"
)
# A congress that others wait for, or whose resolution they carry out, is not the news.
_NOT_CONGRESS = re.compile(
    r"(?:chuẩn bị|tiến tới|hướng tới|chào mừng|trước|sau|nghị quyết|thành công|kết quả|phục vụ"
    r"|góp ý|dự thảo|văn kiện|triển khai|quán triệt|học tập|tổng kết|chỉ đạo)(?!\w)[^.;]{0,80}$"
)
_COMPARISON = re.compile(r"(?:so với|cùng kỳ|so với cùng kỳ)(?:\s\w+){0,3}\s$")

# Evidence for a year. One strong sign settles it, one plain mention deep in a text does not.
_STRONG = 6.0
_MEDIUM = 4.0
_WEAK = 1.0
_ENOUGH = 4.0
_MOST_FROM_MENTIONS = 3.5
_DOMINANCE = 2.0


@dataclass(frozen=True, slots=True)
class YearSigns:
    """What a text shows of its time.

    Attributes:
        weights: points for each year.
        past: days that the article looks back on; it can not be older than any of them.
        latest: the latest year named that is no plan and no target.
    """

    weights: dict[int, float]
    past: list[datetime.date]
    latest: int

    def best_year(self, event: Event) -> int | None:
        """The year with the most points, if no other comes near it."""
        ranked = sorted(self.weights.items(), key=lambda item: -item[1])
        ranked = [
            (year, points) for year, points in ranked if make_date(year, event.month, event.day)
        ]
        if not ranked or ranked[0][1] < _ENOUGH:
            return None
        if len(ranked) > 1 and ranked[1][1] * _DOMINANCE > ranked[0][1]:
            return None
        return ranked[0][0]

    def allow(self, day: datetime.date) -> bool:
        """Whether the article can be of that day."""
        # Reports appear a few days after their event and may name days in between.
        late = day + datetime.timedelta(days=10)
        return self.latest <= day.year and all(past <= late for past in self.past)


def read_signs(event: Event, title: str, paragraphs: list[str]) -> YearSigns:
    weights: dict[int, float] = defaultdict(float)
    mentions: dict[int, float] = defaultdict(float)
    past: list[datetime.date] = []
    latest = 0
    for index, paragraph in enumerate([title, *paragraphs[:200]]):
        text = canonical(paragraph[:20_000])
        nearness = 1.0 if index <= LEAD_PARAGRAPHS else 0.5
        for year, points in _year_signs(text, event):
            if points > _WEAK:
                weights[year] += points * nearness
            else:
                mentions[year] += points * (nearness if index else 3)
        days = list(_past_dates(text))
        past += [day for day, _ in days]
        for day, decree in days:
            if _follows_closely(event, day):
                weights[day.year] += _WEAK if decree else _MEDIUM
        latest = max([latest, *_years_looked_back_on(text)])
    for year, points in mentions.items():
        # However often a year is named, that alone does not say that it is this one.
        weights[year] += min(points, _MOST_FROM_MENTIONS)
    return YearSigns(weights, past, latest)


def _year_signs(text: str, event: Event) -> Iterator[tuple[int, float]]:
    """Years that a paragraph speaks for, with points."""
    for match in _ANNIVERSARY.finditer(text):
        first, last = int(match["from"]), int(match["to"])
        if last - first > 5 and _is_jubilee(text[: match.start()], last - first):
            yield last, _STRONG
    for match in _COUNTED_YEARS.finditer(text):
        yield int(match["from"]) + int(match["count"]), _STRONG
    # "Tổng tiến công Tết Mậu Thân 1968" is told at any time of the year.
    for match in _LUNAR_YEAR.finditer(text) if event.month in {11, 12, 1, 2, 3} else ():
        yield int(match["year"]) - (event.month >= 11), _MEDIUM
    for match in _SCHOOL_YEAR.finditer(text):
        # In spring the coming school year is already planned; only its first months tell.
        if event.month in {8, 9, 10, 11}:
            yield int(match["year"]), _MEDIUM
    for match in _CONGRESS.finditer(text):
        told = match[0] in event.sentence and OCCASION.search(event.sentence)
        if told and not _NOT_CONGRESS.search(text[: match.start()]):
            yield int(match["year"]), _MEDIUM
    for match in _PART_OF_YEAR.finditer(text):
        year = int(match["year"])
        yield (year + 1 if event.month == 1 and "cuối" not in match[0] else year), _STRONG
    for match in _QUARTER.finditer(text):
        yield _quarter_year(match, event), _WEAK
    for match in _MONTH_YEAR.finditer(text):
        if not _is_ahead(text, match.start()) and 1 <= int(match["month"]) <= 12:
            year = int(match["year"])
            held = _SESSION.search(text[: match.start()]) and match[0] in event.sentence
            if held and int(match["month"]) == event.month:
                yield year, _MEDIUM
            elif int(match["month"]) <= event.month <= int(match["month"]) + 2:
                yield year, _WEAK
            elif int(match["month"]) >= 11 and event.month <= 2:
                yield year + 1, _WEAK
    for match in _PLAIN_YEAR.finditer(text):
        yield from _plain_year(text, match, event)


def _is_jubilee(before: str, years: int) -> bool:
    """`kỷ niệm 87 năm … (1930-2017)`; a person's years (1912-1996) are no such sign."""
    return "kỷ niệm" in before[-200:] or f"{years} năm" in before[-200:] or "ngày" in before[-60:]


def _quarter_year(match: re.Match[str], event: Event) -> int:
    names = {"i": 1, "ii": 2, "iii": 3, "iv": 4}
    quarter = names.get(match["quarter"]) or int(match["quarter"])
    year = int(match["year"])
    return year + 1 if quarter == 4 and event.month <= 3 else year


def _plain_year(text: str, match: re.Match[str], event: Event) -> Iterator[tuple[int, float]]:
    year = int(match["year"])
    before = text[max(0, match.start() - 200) : match.start()]
    if _COMPARISON.search(before):
        yield year + 1, _WEAK
    elif _UNTIMELY.search(before):
        return
    elif _plans(before):
        yield (year - 1 if event.month >= 11 else year), _STRONG
    elif _MIDYEAR_REVIEW.search(before):
        yield year, _STRONG
    elif _REVIEW.search(before):
        yield (year + 1 if event.month <= 4 else year), _STRONG
    elif text[max(0, match.start() - 30) : match.end()] in event.sentence and event.month > 2:
        # "Chiều 12/10, … họp về công tác phòng, chống lũ lụt năm 2020."
        yield year, _MEDIUM if OCCASION.search(event.sentence) else _WEAK
    else:
        # In January the year named is mostly the one that has just ended.
        yield year, _WEAK if event.month > 2 else _WEAK / 2


def _years_looked_back_on(text: str) -> Iterator[int]:
    for match in _PLAIN_YEAR.finditer(text):
        before = text[max(0, match.start() - 200) : match.start()]
        if _opens_plan(text, match):
            continue
        if not (_UNTIMELY.search(before) or _plans(before) or _AHEAD.search(before[-60:])):
            yield int(match["year"])


def _opens_plan(text: str, match: re.Match[str]) -> bool:
    """`Năm 2023, ngành tập trung 5 nhiệm vụ`: the year opens a sentence about what is to come."""
    before = text[: match.start()].rstrip()
    opens = not before or before.endswith((".", ";", ":", "bước sang", "trong"))
    after = text[match.end() :].split(".")[0]
    done = re.search(r"(?<!\w)(?:đã|được|đạt|hoàn thành)(?!\w)", after) and "sẽ" not in after
    return opens and _AIMS.match(after) is not None and not done


def _plans(before: str) -> bool:
    plan = _PLAN.search(before)
    if plan is None:
        return False
    # "tổng kết việc thực hiện nhiệm vụ năm 2022" looks back: the earlier word governs,
    # unless a comma or a year has closed it.
    review = re.search(r"(?:tổng kết|sơ kết|kết quả|đánh giá|hoàn thành)[^.;,]{0,100}$", before)
    return review is None or (
        bool(re.search(r"\d{4}", review[0])) and review.start() < plan.start()
    )


def _past_dates(text: str) -> Iterator[tuple[datetime.date, bool]]:
    """Days that the article looks back on, each with whether a decree is dated by it."""
    for mention in find_dates(text):
        before = text[max(0, mention.start - 80) : mention.start]
        anniversary = "(" in before[-12:] or text[mention.end : mention.end + 1] in {"-", "–", ")"}
        if _AHEAD.search(before) or anniversary or re.search(r"sinh\s(?:ngày\s)?$", before):
            continue
        yield mention.day, DECREE.search(before.removesuffix("ngày ")) is not None


def _is_ahead(text: str, position: int) -> bool:
    return _AHEAD.search(text[max(0, position - 60) : position]) is not None


def _follows_closely(event: Event, day: datetime.date) -> bool:
    """Whether the event, put in the year of `day`, comes at most five weeks after it."""
    if _TRIAL.search(event.sentence):  # it looks back on a crime of any year before
        return False
    same = make_date(day.year, event.month, event.day)
    return same is not None and 0 <= (same - day).days <= 35
