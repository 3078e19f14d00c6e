"""What a question names, and evidence must therefore name too.

A passage about the Department of Justice reads almost like one about the Department of Health.
So an office, an organisation, a document, a person or one of several terms that exclude each
other is looked for by name, and where it is missing there is no evidence, however similar the rest.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cache

from bot.data_files import read_data
from retrieval.gazetteer import load
from retrieval.place_context import read_rows
from retrieval.schema import Query
from retrieval.text import Syllable, canonical, fold, syllables

Words = tuple[str, ...]
# A text's syllables as they are compared with the question's.
Spell = Callable[[str], list[str]]


@dataclass(frozen=True, slots=True)
class Office:
    """`Phó Chủ tịch UBND`: the office, whether its deputy, and the words that say of what."""

    name: Words
    is_deputy: bool
    body: Words


@dataclass(frozen=True, slots=True)
class Number:
    """A number with the words beside it.

    Attributes:
        before, after: None where they do not say what is counted.
        is_sign: the word after it is part of it: `06-NQ/TU`.
    """

    text: str
    before: str | None
    after: str | None
    is_sign: bool

    def occurs_in(self, words: Sequence[str]) -> bool:
        """Whether it is there beside a neighbour that it has in the question."""
        for place, word in enumerate(words):
            if _number(word) != self.text:
                continue
            follows = words[place + 1 : place + 2] == [self.after]
            leads = self.before in words[max(0, place - 2) : place]
            if follows or (not self.is_sign and (leads or not (self.before or self.after))):
                return True
        return False


class Demands:
    """What one question names.

    Args:
        spell: writes a text as the question is written (marks, abbreviations).
    """

    def __init__(self, query: Query, spell: Spell) -> None:
        self._is_folded = query.is_folded
        self._spell: Spell = lambda text: _written_out(spell(text))
        words = self._spell(query.text)
        self._organisations = _organisations_in(words, self._is_folded)
        self._offices = _offices_in(_clauses(query.text, self._spell), self._is_folded)
        self._numbers = _numbers_in(query, self._spell)
        text = query.text if any(map(str.isupper, query.text[1:])) else query.written_out
        self._people = [tuple(self._spell(name)) for name in people_in(text)]
        self._acts = [a for a in _terms(_ACTS, self._is_folded) if _does(words, a)]
        self._aspects = [
            told
            for asked, told in _aspects(self._is_folded)
            if any(_holds(words, term) for term in asked)
        ]
        self._contrasts = [
            (term, others) for term, others in _contrasts(self._is_folded) if _holds(words, term)
        ]

    def met_by_article(self, text: str) -> bool:
        """Whether every person of the question occurs in the article (title and text)."""
        words = self._spell(text) if self._people else []
        return all(_holds(words, person) for person in self._people)

    def met_by_passage(self, text: str) -> bool:
        """Whether every organisation, office and number of the question is there."""
        words = self._spell(text)
        return (
            all(_holds(words, organisation) for organisation in self._organisations)
            and all(number.occurs_in(words) for number in self._numbers)
            and self.offices_held(text)
        )

    @property
    def is_specific(self) -> bool:
        """Whether the question names anything that evidence must name too."""
        return bool(self._offices or self._people or self._organisations or self._numbers)

    @property
    def names_office(self) -> bool:
        return bool(self._offices)

    @property
    def names_person(self) -> bool:
        return bool(self._people)

    def names_people_of(self, sentence: str) -> bool:
        """Whether a sentence names every person of the question."""
        words = self._spell(sentence)
        return all(_holds(words, person) for person in self._people)

    def says_role(self, sentence: str) -> bool:
        """Whether an office stands beside each person of the question."""
        words = self._spell(sentence)
        offices = _terms(f"{_OFFICES}|{_ROLES}", self._is_folded)
        return all(
            any(
                any(_term_at(words, n, offices) for n in range(max(0, start - _ROLE_BEFORE), start))
                or any(
                    _term_at(words, n, offices)
                    for n in range(start + len(person), start + len(person) + _ROLE_AFTER)
                )
                for start in _places(words, person)
            )
            for person in self._people
        )

    def acts_held(self, sentence: str) -> bool:
        """Whether a sentence has what the person asked for did: `Ai chủ trì?`"""
        words = self._spell(sentence)
        return all(_does(words, act) for act in self._acts)

    def offices_held(self, text: str) -> bool:
        """Whether a text names each office of the question, of the same body."""
        if not self._offices:
            return True
        held = _offices_in(_clauses(text, self._spell), self._is_folded, longest_body=_TEXT_BODY)
        return all(any(_fills(office, other) for other in held) for office in self._offices)

    def aspect_told(self, sentence: str, around: str) -> bool:
        """Whether a sentence, or what leads to it, tells of what is asked of the matter.

        Tasks are no answer to what the shortcomings are.
        """
        if not self._aspects:
            return True
        words = self._spell(f"{around}\n{sentence}")
        return all(any(_holds(words, told) for told in aspect) for aspect in self._aspects)

    def contradicted(self, sentence: str, around: str) -> bool:
        """Whether a sentence speaks of another term than the question's, of those that exclude
        each other, and neither it nor the sentence before has the question's own."""
        if not self._contrasts:
            return False
        own, near = self._spell(sentence), self._spell(f"{around}\n{sentence}")
        return any(
            not _holds(near, term) and any(_holds(own, other) for other in others)
            for term, others in self._contrasts
        )


# Written so in most articles, with every question; other abbreviations are the query's matter.
_SHORT = {
    "ubnd": "ủy ban nhân dân",
    "hđnd": "hội đồng nhân dân",
    "hdnd": "hoi dong nhan dan",
    "mttq": "mặt trận tổ quốc",
}


def _written_out(words: Sequence[str]) -> list[str]:
    is_folded = "".join(words) == fold("".join(words))
    result: list[str] = []
    for word in words:
        long = _SHORT.get(word)
        result += ((fold(long) if is_folded else long).split()) if long else [word]
    return result


# Before "ký" these make other words of it: "đăng ký", "thư ký".
_NOT_SIGNING = frozenset("đăng thư chữ nhật ca dang thu chu nhat".split())


def _does(words: Sequence[str], act: Words) -> bool:
    return any(
        act not in (("ký",), ("ky",)) or words[start - 1] not in _NOT_SIGNING or start == 0
        for start in _places(words, act)
    )


def _holds(words: Sequence[str], wanted: Words) -> bool:
    return any(True for _ in _places(words, wanted))


def _places(words: Sequence[str], wanted: Words) -> Iterable[int]:
    size = len(wanted)
    for start in range(len(words) - size + 1):
        if tuple(words[start : start + size]) == wanted:
            yield start


def _split(text: str, is_folded: bool) -> Words:
    spelled = fold(canonical(text)) if is_folded else canonical(text)
    return tuple(spelled.split())


@cache
def _contrasts(is_folded: bool) -> tuple[tuple[Words, tuple[Words, ...]], ...]:
    """Each term with those that exclude it."""
    found = []
    for row in read_data("contrasts.csv"):
        group = [_split(term, is_folded) for term in row["terms"].split("|")]
        found += [(term, tuple(t for t in group if t != term)) for term in group]
    return tuple(found)


@cache
def _aspects(is_folded: bool) -> tuple[tuple[tuple[Words, ...], tuple[Words, ...]], ...]:
    """What may be asked of a matter, with the words that an answer about it has."""
    return tuple(
        (
            tuple(_split(term, is_folded) for term in row["asked"].split("|")),
            tuple(_split(term, is_folded) for term in row["told"].split("|")),
        )
        for row in read_data("aspects.csv")
    )


@cache
def _organisations(is_folded: bool) -> tuple[Words, ...]:
    """Heads with their fields, the longest first."""
    names = {
        _split(f"{row['head']} {field}", is_folded)
        for row in read_data("organisations.csv")
        for field in row["fields"].split("|")
    }
    return tuple(sorted(names, key=lambda name: (-len(name), name)))


def _organisations_in(words: Sequence[str], is_folded: bool) -> list[Words]:
    taken: set[int] = set()
    found = []
    for name in _organisations(is_folded):
        for start in _places(words, name):
            stretch = set(range(start, start + len(name)))
            if not stretch & taken:
                taken |= stretch
                found.append(name)
    return found


# Offices; "phó" before one, or "thứ", makes another person of it.
_OFFICES = (
    "bí thư|chủ tịch|bộ trưởng|thứ trưởng|trưởng ban|giám đốc|thủ tướng|trưởng phòng|viện trưởng|"
    "chánh án|chánh văn phòng|chánh thanh tra|tổng thanh tra|trưởng đoàn|hiệu trưởng|cục trưởng|"
    "chi cục trưởng|chỉ huy trưởng|chính ủy|tổng bí thư|tổng giám đốc|chủ nhiệm|tư lệnh|"
    "trưởng công an|đồn trưởng|tổ trưởng|đội trưởng|trưởng thôn|trưởng bản|trưởng bộ phận|"
    "trưởng nhóm|hạt trưởng|trưởng trạm|trưởng khoa|trưởng ấp|trưởng xóm"
)
_ROLES = "ủy viên|đại biểu|phó|trưởng|đội trưởng|tổ trưởng|nhà báo|phóng viên"
# How far an office may stand from the name of its holder (syllables): "Thứ trưởng Bộ Nội vụ
# Triệu Văn Cường", "Nguyễn Văn Hưởng, Ủy viên BTV".
_ROLE_BEFORE = 6
_ROLE_AFTER = 3
# What officials do at meetings; who spoke is not who was in the chair.
_ACTS = "chủ trì|phát biểu|kết luận|điều hành|khai mạc|bế mạc|báo cáo|trình bày|ký|trao|tiếp"
# Words that say of which body an office is, beside the organisations.
_BODY_WORDS = "thường trực|quốc hội|nước|chính phủ"
# Syllables behind an office in which its body is looked for; a text has more in between
# ("Phó Chủ tịch Thường trực HĐND").
_QUESTION_BODY = 7
_TEXT_BODY = 10


@cache
def _terms(listed: str, is_folded: bool) -> tuple[Words, ...]:
    names = [_split(name, is_folded) for name in listed.split("|")]
    return tuple(sorted(names, key=lambda name: -len(name)))


# Heads whose field alone names the body behind an office: `Bộ trưởng Nội vụ`.
_FIELD_HEADS = frozenset({"sở", "bộ", "ban", "phòng", "hội"})


@cache
def _bodies(is_folded: bool) -> tuple[Words, ...]:
    """Bodies; a field alone is one too, behind `Trưởng ban` and `Bộ trưởng`."""
    fields = {
        _split(field, is_folded)
        for row in read_data("organisations.csv")
        if row["head"] in _FIELD_HEADS
        for field in row["fields"].split("|")
    }
    names = {*_organisations(is_folded), *_terms(_BODY_WORDS, is_folded), *fields}
    return tuple(sorted(names, key=lambda name: (-len(name), name)))


def _clauses(text: str, spell: Spell) -> list[list[str]]:
    """Words between commas and stops: an office and its body stand together."""
    return [words for part in re.split(r"[,;:.()\n]", text) if (words := spell(part))]


def _offices_in(
    clauses: Iterable[Sequence[str]], is_folded: bool, longest_body: int = _QUESTION_BODY
) -> list[Office]:
    found = []
    for words in clauses:
        end = 0
        for start in range(len(words)):
            name = _term_at(words, start, _terms(_OFFICES, is_folded)) if start >= end else None
            if name is None:
                continue
            end = start + len(name)
            deputy = ("pho", "phó")
            is_deputy = words[start - 1] in deputy if start else False
            following = list(words[end : end + longest_body])
            found.append(Office(name, is_deputy, _body(name, following, is_folded)))
    return found


def _term_at(words: Sequence[str], start: int, terms: Iterable[Words]) -> Words | None:
    return next((t for t in terms if tuple(words[start : start + len(t)]) == t), None)


def _body(name: Words, following: list[str], is_folded: bool) -> Words:
    """The words of bodies behind an office, up to the next office."""
    offices = _terms(_OFFICES, is_folded)
    body: list[str] = []
    place = 0
    while place < len(following):
        if _term_at(following, place, offices):
            break
        term = _term_at(following, place, _bodies(is_folded))
        body += term or ()
        place += len(term) if term else 1
    if not body and following[:1] in (["tinh"], ["tỉnh"]) and name == _split("chủ tịch", is_folded):
        # "Chủ tịch tỉnh" is short for the head of its administration.
        return _split("ủy ban nhân dân", is_folded)
    return tuple(body)


def _fills(asked: Office, held: Office) -> bool:
    """Whether the office held is the one asked for: every word of its body, in order."""
    rest = iter(held.body)
    return (
        asked.name == held.name
        and asked.is_deputy == held.is_deputy
        and all(word in rest for word in asked.body)
    )


# What stands beside a number without saying what is counted.
_BESIDE_NUMBERS = frozenset(
    "số ngày tháng năm là có của ở tại trong và với từ đến khoảng hơn gần trên dưới đạt được cho "
    "về thứ lần vào sau trước mấy bao nhiêu không nào gì những các mỗi thì".split()
)
_BESIDE_FOLDED = frozenset(map(fold, _BESIDE_NUMBERS))
# A bound to compare with need not be in the text: "có đạt trên 95% không?"
_BOUND = re.compile(
    r"(?:tren|duoi|hon|qua|vuot|it nhat|toi thieu|toi da|den)\W+(?P<number>\d[\d.,]*)"
)
_YES_NO = re.compile(r"\b(?:khong|chua|phai khong|dung khong)\W*$")


# Without those that are common words too: `năm` is a year, `vi` a violation.
_NUMBER_WORDS = {
    "một": "1", "hai": "2", "ba": "3", "bốn": "4", "sáu": "6", "bảy": "7", "tám": "8", "chín": "9",
    "mười": "10", "ii": "2", "iii": "3", "iv": "4", "vii": "7", "viii": "8", "ix": "9", "xi": "11",
    "xii": "12", "xiii": "13", "xiv": "14",
}  # fmt: skip


def _number(word: str) -> str:
    """One form for `5.000` and `5000`, `03` and `3`, `hai`, `II` and `2`."""
    if word[0].isdigit():
        return re.sub(r"[.,](?=\d{3}(?:\D|$))", "", word).lstrip("0") or "0"
    return _NUMBER_WORDS.get(word, word)


# "lần thứ XII", "khóa XIII"; single letters are more often something else.
_ROMAN = re.compile("(?=[IVX]{2,5}$)X{0,2}(?:IX|IV|V?I{0,3})")


def _numbers_in(query: Query, spell: Spell) -> list[Number]:
    """The numbers outside the periods."""
    text = query.text
    for period in query.periods:
        text = f"{text[: period.start]}{' ' * (period.end - period.start)}{text[period.end :]}"
    plain = fold(canonical(text))
    bounds = {m.start("number") for m in _BOUND.finditer(plain)} if _YES_NO.search(plain) else set()
    words = syllables(text)
    found = []
    for place, word in enumerate(words):
        is_roman = bool(_ROMAN.fullmatch(query.text[word.start : word.end]))
        if not (word.text[0].isdigit() or is_roman) or word.start in bounds:
            continue
        before = words[place - 1] if place else None
        if place > 1 and fold(words[place - 1].text) == "so":
            before = words[place - 2]
        after = words[place + 1] if place + 1 < len(words) else None
        is_sign = after is not None and text[word.end : after.start] in ("-", "/")
        found.append(
            Number(
                _number(word.text),
                _said(before, spell),
                _said(after, spell),
                is_sign and after is not None and not after.text[0].isdigit(),
            )
        )
    return found


def _said(word: Syllable | None, spell: Spell) -> str | None:
    """A neighbour that says what is counted."""
    if word is None or word.text[0].isdigit():
        return None
    is_empty = word.text in _BESIDE_NUMBERS or word.text in _BESIDE_FOLDED
    return None if is_empty else next(iter(spell(word.text)), None)


# Family names beside those of `place_words.csv`, which are there because places share them.
_FAMILY_NAMES = (
    "phương nông ma bế vi lục hầu sùng vàng lù giàng điểu quách đàm đồng đới doãn hàn khổng lã "
    "lại liêu ninh phí quản tăng thạch thân tiêu trà ung vương âu hoàng bạch cù chử"
).split()
# Of the shared list these are middle names, or words that open sentences.
_NO_FAMILY_NAMES = frozenset({"văn", "thị", "từ"})


@cache
def _family_names() -> frozenset[str]:
    rows = read_rows("place_words.csv")
    listed = {row["words"] for row in rows if row["rule"] == "family_name"}
    return frozenset({*_FAMILY_NAMES, *listed} - _NO_FAMILY_NAMES)


@cache
def _folded_family_names() -> frozenset[str]:
    return frozenset(map(fold, _family_names()))


def people_in(text: str) -> list[str]:
    """Persons: a family name and at least one more name, all with capitals."""
    mentions = [(m.start, m.end) for m in load().find_places(text)]
    found = []
    for run in _capitalised_runs(text):
        is_folded = text == fold(text)
        family = _folded_family_names() if is_folded else _family_names()
        names = [n for n, word in enumerate(run[:-1]) if word.text in family]
        if not names:
            continue
        start, end = run[names[0]].start, run[-1].end
        words = [word.text for word in run[names[0] :]]
        is_place = any(s < end and start < e for s, e in mentions)
        if not is_place and not _opens_organisation(words):
            found.append(text[start:end])
    return found


def _opens_organisation(words: Sequence[str]) -> bool:
    """`Đoàn Thanh niên` and `Ông Hội Nông dân` begin like names of persons."""
    return any(tuple(words[: len(name)]) == name[: len(words)] for name in _organisations(False))


def _capitalised_runs(text: str) -> list[list[Syllable]]:
    """Words with a capital (no acronyms) that only a space parts."""
    runs: list[list[Syllable]] = []
    previous: Syllable | None = None
    for word in syllables(text):
        written = text[word.start : word.end]
        is_name = written[0].isupper() and not (len(written) > 1 and written.isupper())
        joined = previous is not None and text[previous.end : word.start] == " "
        if is_name and runs and runs[-1] and joined:
            runs[-1].append(word)
        else:
            runs.append([word] if is_name else [])
        previous = word
    return [run for run in runs if len(run) > 1]


def offices_of(text: str, longest_body: int = _TEXT_BODY) -> list[Office]:
    """The offices that a text with marks names, each with its body among the syllables behind."""
    return _offices_in(_clauses(text, _plain_words), is_folded=False, longest_body=longest_body)


def _plain_words(text: str) -> list[str]:
    return _written_out([word.text for word in syllables(text)])


def is_held(asked: Office, held: Iterable[Office]) -> bool:
    """Whether one of the offices is the one asked for, or says more of it."""
    return any(_fills(asked, other) for other in held)


@cache
def syllables_of_organisations() -> frozenset[str]:
    """Every syllable of the names of bodies, which many sentences share."""
    return frozenset(word for name in _organisations(False) for word in name)


def organisations_in(words: Sequence[str]) -> list[Words]:
    """The bodies that a text with marks names, in canonical syllables."""
    return _organisations_in(words, is_folded=False)
