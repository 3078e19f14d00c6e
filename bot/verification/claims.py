"""A sentence taken apart into what can be compared: words, numbers, days, names, negations.

Both sides are written alike first: abbreviations in full, `5.000` and `5000`, `hai mươi` and
`20`, `ngày 3 tháng 11 năm 2017` and `3/11/2017`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from bot.data_files import read_data
from retrieval.abbreviations import Abbreviations
from retrieval.text import canonical, normalise

# Words that carry no claim of their own. Negations, quantities and modalities are not among them.
_EMPTY = frozenset(
    "và với của là thì mà để do bởi vì nên tại ở trong ngoài trên dưới vào ra lên xuống về từ đến "
    "tới qua theo như cho được bị đã đang này đó kia ấy đây các những một cái chiếc con việc sự "
    "cuộc nhằm khi lúc hồi thuộc bằng cùng cũng còn nữa lại rằng gồm có ông bà anh chị em đồng "
    "chí vị nhà tính riêng đối qua giữa sau trước cả nơi đều thời gian địa bàn phía bên nhờ "
    "thêm".split()
)
_NEGATIONS = frozenset("không chưa chẳng đừng khỏi".split())

_NUMBER_UNITS = {
    "không": 0, "một": 1, "mốt": 1, "hai": 2, "ba": 3, "bốn": 4, "tư": 4, "năm": 5, "lăm": 5,
    "nhăm": 5, "sáu": 6, "bảy": 7, "bẩy": 7, "tám": 8, "chín": 9, "mười": 10,
}  # fmt: skip
_DAY_LONG = re.compile(
    r"(?:ngày |mùng |mồng )?\b(\d{1,2}) tháng (\d{1,2})(?: năm (\d{4}))?\b", re.IGNORECASE
)
_DAY_SHORT = re.compile(
    r"(?<![\d/-])(?:ngày )?(\d{1,2})([/-])(\d{1,2})(?:\2(\d{4}))?(?![\d/-]|\w)", re.IGNORECASE
)
_DAY_DOTS = re.compile(r"(?<![\d.])(\d{1,2})\.(\d{1,2})\.(\d{4})(?![\d.])")
_MONTH = re.compile(r"\btháng (\d{1,2})(?:[/-]| năm )(\d{4})\b", re.IGNORECASE)
_MONTH_ALONE = re.compile(r"\btháng (\d{1,2})\b(?![/.,-]\d)", re.IGNORECASE)
_TOKEN = re.compile(
    r"@[\d/]+|tháng\d+|\d+(?:/\d{4})?[-/][a-zđ][a-zđ0-9]*(?:[-/][a-zđ0-9]+)*|\d+(?:[.,]\d+)*(?:/\d+)?|[^\W\d_]+",
    re.IGNORECASE,
)
_PAUSE = re.compile(r",(?=\s)|[()]")
_BREAK = re.compile(r"[.!?;\n]+(?=\s|$)")


@dataclass(frozen=True, slots=True)
class Token:
    """A unit of a text.

    Attributes:
        text: in canonical spelling; a number in digits; a day as `@3/11/2017`.
        clause: number of the stretch between stops and semicolons that it stands in.
        segment: the same, counting commas and brackets too.
        is_name: written with a capital inside a sentence.
    """

    text: str
    clause: int
    segment: int = 0
    is_name: bool = False

    @property
    def is_number(self) -> bool:
        return self.text[0].isdigit()

    @property
    def is_year(self) -> bool:
        return bool(re.fullmatch("(?:19|20)[0-9]{2}", self.text))

    @property
    def is_sign(self) -> bool:
        """`06-nq/tu`: of a document."""
        return self.is_number and any(map(str.isalpha, self.text))

    @property
    def is_day(self) -> bool:
        return self.text[0] == "@"

    @property
    def is_content(self) -> bool:
        return self.text not in _EMPTY and self.text not in _NEGATIONS


@cache
def _abbreviations() -> Abbreviations:
    return Abbreviations.of()


def written_alike(text: str) -> str:
    """One form of a text for comparing; not for showing."""
    text = _abbreviations().written_out(normalise(text))
    return re.sub(r"(?<=\d)\s*%", " phần trăm", text)


def tokens(text: str) -> list[Token]:
    """The words, numbers and days of a text, in order."""
    plain = written_alike(text)
    plain = _DAY_LONG.sub(lambda m: _day(m[1], m[2], m[3]), plain)
    plain = _MONTH.sub(lambda m: f" @{int(m[1])}/{m[2]} ", plain)
    plain = _MONTH_ALONE.sub(lambda m: f" tháng{int(m[1])} ", plain)
    plain = _DAY_DOTS.sub(lambda m: _day(m[1], m[2], m[3]), plain)
    plain = _DAY_SHORT.sub(_short_day, plain)
    found: list[Token] = []
    segment = 0
    for clause, part in enumerate(_BREAK.split(plain)):
        for number, stretch in enumerate(_PAUSE.split(part)):
            words = [
                (m[0], m[0][0].isupper() if number else _is_name(stretch, m))
                for m in _TOKEN.finditer(stretch)
            ]
            words = _in_one_wording(_about(_numbers_in_digits(words)))
            found += [Token(word, clause, segment, is_name) for word, is_name in words]
            segment += 1
    return found


def _about(words: list[tuple[str, bool]]) -> list[tuple[str, bool]]:
    """`trên 400` and `quá 400` are `hơn 400`."""
    following = [*(word for word, _ in words), ""][1:]
    return [
        ("hơn" if word in ("trên", "quá") and after[:1].isdigit() else word, is_name)
        for (word, is_name), after in zip(words, following, strict=True)
    ]


def _in_one_wording(words: list[tuple[str, bool]]) -> list[tuple[str, bool]]:
    """Each phrase that has others of the same meaning as the first of them."""
    same = _same_phrases()
    result: list[tuple[str, bool]] = []
    place = 0
    while place < len(words):
        for size in range(_LONGEST_PHRASE, 0, -1):
            part = words[place : place + size]
            phrase = tuple(word for word, _ in part)
            if phrase in same and not any(is_name for _, is_name in part):
                result += [(word, False) for word in same[phrase]]
                place += len(part)
                break
        else:
            result.append(words[place])
            place += 1
    return result


_LONGEST_PHRASE = 4


@cache
def _same_phrases() -> dict[tuple[str, ...], tuple[str, ...]]:
    lines = [row["phrases"].split("|") for row in read_data("same_words.csv")]
    return {
        tuple(phrase.split()): tuple(phrases[0].split())
        for phrases in lines
        for phrase in phrases[1:]
    }


# What a sentence may open with, so that the capital behind it says nothing.
_OPENS = re.compile(r"(?:^|[:“\"(])\W*$")


def _is_name(part: str, match: re.Match[str]) -> bool:
    """Whether a word has a capital that no beginning explains."""
    return match[0][0].isupper() and not _OPENS.search(part[: match.start()])


def _day(day: str, month: str, year: str | None) -> str:
    return f" @{int(day)}/{int(month)}{f'/{year}' if year else ''} "


def _short_day(match: re.Match[str]) -> str:
    day, _, month, year = match.groups()
    told = match[0].lower().startswith("ngày")
    # "12/14 địa phương" is a share, "26/12" a day.
    if not (1 <= int(day) <= 31 and 1 <= int(month) <= 12):
        return match[0]
    before = match.string[max(0, match.start() - 7) : match.start()]
    if year or told or re.search(r"(?:sáng|trưa|chiều|tối|đêm|hôm|đến|từ) $", before.lower()):
        return _day(day, month, year)
    return match[0] if match[2] == "-" else _day(day, month, year)


def _numbers_in_digits(written: list[tuple[str, bool]]) -> list[tuple[str, bool]]:
    """Canonical words; number words as digits, thousands without separators, `12 trên 14` as
    `12/14`."""
    words = [canonical(word) for word, _ in written]
    result: list[tuple[str, bool]] = []
    place = 0
    while place < len(words):
        value, used = _spoken_number(words, place)
        # "Ba Bể" is a lake.
        if used and not written[place][1]:
            result.append((str(value), False))
            place += used
            continue
        word = _plain_number(words[place]) if words[place][0].isdigit() else words[place]
        result.append((word, written[place][1]))
        place += 1
    return _joined_shares(result)


def _joined_shares(words: list[tuple[str, bool]]) -> list[tuple[str, bool]]:
    result: list[tuple[str, bool]] = []
    for place, (word, is_name) in enumerate(words):
        behind = result[-1][0] if result else ""
        before = result[-2][0] if len(result) > 1 else ""
        if word.isdigit() and behind in ("trên", "phần") and before.isdigit() and place:
            del result[-2:]
            word = f"{before}/{word}"
        result.append((word, is_name))
    return result


def _plain_number(word: str) -> str:
    if not re.fullmatch(r"[\d.,/]+", word):
        return word
    word = re.sub(r"[.,](?=\d{3}(?:\D|$))", "", word)
    word = word.replace(".", ",")
    return word.lstrip("0") or "0" if "," not in word and "/" not in word else word


def _spoken_number(words: list[str], place: int) -> tuple[int, int]:
    """Value and length of a number in words from 2 on; (0, 0) where there is none.

    `một` alone is more often an article, `năm` alone a year.
    """
    first = _NUMBER_UNITS.get(words[place])
    if first is None or words[place] in ("không", "mốt", "lăm", "nhăm"):
        return 0, 0
    before = words[place - 1] if place else ""
    if before in ("thứ", "thư", "phần"):
        return 0, 0
    following = words[place + 1 : place + 4]
    if following[:1] == ["mươi"] and 2 <= first <= 9:
        unit = _NUMBER_UNITS.get(following[1]) if len(following) > 1 else None
        has_unit = unit is not None and following[1] not in ("năm", "không", "mười")
        return first * 10 + (unit or 0 if has_unit else 0), 3 if has_unit else 2
    if words[place] == "mười":
        unit = _NUMBER_UNITS.get(following[0]) if following else None
        has_unit = unit is not None and following[0] not in ("năm", "không", "mười", "tư")
        return 10 + (unit or 0 if has_unit else 0), 2 if has_unit else 1
    if words[place] in ("một", "năm", "tư"):
        return 0, 0
    return first, 1
