"""What a question names, and evidence must therefore name too.

A passage about the Department of Justice reads almost like one about the Department of Health.
So an office, an organisation, a document, a person or one of several terms that exclude each
other is looked for by name, and where it is missing there is no evidence, however similar the rest.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from bot.bodies import (
    Spell,
    Words,
    holds,
    organisations_of,
    places_of,
    split_words,
    term_at,
    terms_of,
    written_out,
)
from bot.data_files import read_data
from bot.offices import (
    OFFICES,
    ROLE_AFTER,
    ROLE_BEFORE,
    ROLES,
    TEXT_BODY,
    _fills,
    clauses,
    offices_among,
)
from bot.people import communes_in, people_in, places_in
from retrieval.schema import Query
from retrieval.text import Syllable, canonical, fold, syllables


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
        self._spell: Spell = lambda text: written_out(spell(text))
        words = self._spell(query.text)
        self._organisations = organisations_of(words, self._is_folded)
        self._offices = offices_among(clauses(query.text, self._spell), self._is_folded)
        self._numbers = _numbers_in(query, self._spell)
        text = query.text if any(map(str.isupper, query.text[1:])) else query.written_out
        self._people = [tuple(self._spell(name)) for name in people_in(text)]
        self._communes = [tuple(self._spell(name)) for name in communes_in(text)]
        self._places = [tuple(self._spell(name)) for name in places_in(text)]
        self._acts = [a for a in terms_of(_ACTS, self._is_folded) if _does(words, a)]
        self._aspects = [
            told
            for asked, told in _aspects(self._is_folded)
            if any(holds(words, term) for term in asked)
        ]
        self._contrasts = [
            (term, others) for term, others in _contrasts(self._is_folded) if holds(words, term)
        ]

    def met_by_article(self, text: str) -> bool:
        """Whether every person and commune of the question occurs in it (title and text), and
        one of its other places: two of them are compared."""
        if not (self._people or self._communes or self._places):
            return True
        words = self._spell(text)
        folded = [fold(word) for word in words]
        return all(holds(words, name) for name in (*self._people, *self._communes)) and (
            not self._places
            # Amid words with marks a name may be typed without.
            or any(
                holds(folded if all(word == fold(word) for word in name) else words, name)
                for name in self._places
            )
        )

    def met_by_passage(self, text: str) -> bool:
        """Whether every organisation, office and number of the question is there."""
        if not (self._organisations or self._numbers or self._offices):
            return True
        words = self._spell(text)
        return (
            all(holds(words, organisation) for organisation in self._organisations)
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

    def says_role(self, sentence: str) -> bool:
        """Whether an office stands beside each person of the question."""
        words = self._spell(sentence)
        offices = terms_of(f"{OFFICES}|{ROLES}", self._is_folded)
        return all(
            any(
                any(term_at(words, n, offices) for n in range(max(0, start - ROLE_BEFORE), start))
                or any(
                    term_at(words, n, offices)
                    for n in range(start + len(person), start + len(person) + ROLE_AFTER)
                )
                for start in places_of(words, person)
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
        held = offices_among(clauses(text, self._spell), self._is_folded, longest_body=TEXT_BODY)
        return all(any(_fills(office, other) for other in held) for office in self._offices)

    def aspect_told(self, sentence: str, around: str) -> bool:
        """Whether a sentence, or what leads to it, tells of what is asked of the matter.

        Tasks are no answer to what the shortcomings are.
        """
        if not self._aspects:
            return True
        words = self._spell(f"{around}\n{sentence}")
        return all(any(holds(words, told) for told in aspect) for aspect in self._aspects)

    def contradicted(self, sentence: str, around: str) -> bool:
        """Whether a sentence speaks of another term than the question's, of those that exclude
        each other, and neither it nor the sentence before has the question's own."""
        if not self._contrasts:
            return False
        own, near = self._spell(sentence), self._spell(f"{around}\n{sentence}")
        return any(
            not holds(near, term) and any(holds(own, other) for other in others)
            for term, others in self._contrasts
        )


# Before "ký" these make other words of it: "đăng ký", "thư ký".
_NOT_SIGNING = frozenset("đăng thư chữ nhật ca dang thu chu nhat".split())


def _does(words: Sequence[str], act: Words) -> bool:
    return any(
        act not in (("ký",), ("ky",)) or words[start - 1] not in _NOT_SIGNING or start == 0
        for start in places_of(words, act)
    )


@cache
def _contrasts(is_folded: bool) -> tuple[tuple[Words, tuple[Words, ...]], ...]:
    """Each term with those that exclude it."""
    found = []
    for row in read_data("contrasts.csv"):
        group = [split_words(term, is_folded) for term in row["terms"].split("|")]
        found += [(term, tuple(t for t in group if t != term)) for term in group]
    return tuple(found)


@cache
def _aspects(is_folded: bool) -> tuple[tuple[tuple[Words, ...], tuple[Words, ...]], ...]:
    """What may be asked of a matter, with the words that an answer about it has."""
    return tuple(
        (
            tuple(split_words(term, is_folded) for term in row["asked"].split("|")),
            tuple(split_words(term, is_folded) for term in row["told"].split("|")),
        )
        for row in read_data("aspects.csv")
    )


# What officials do at meetings; who spoke is not who was in the chair.
_ACTS = (
    "chủ trì|phát biểu|kết luận|điều hành|khai mạc|bế mạc|báo cáo|trình bày|ký|trao|tiếp|dẫn đầu"
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
