"""Offices with the body that they are of: who is chairman of what."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bot.bodies import Spell, Words, bodies, split_words, term_at, terms_of, written_out
from retrieval.text import syllables


@dataclass(frozen=True, slots=True)
class Office:
    """`Phó Chủ tịch UBND`: the office, whether its deputy, and the words that say of what."""

    name: Words
    is_deputy: bool
    body: Words


# Offices; "phó" before one, or "thứ", makes another person of it.
OFFICES = (
    "bí thư|chủ tịch|bộ trưởng|thứ trưởng|trưởng ban|giám đốc|thủ tướng|trưởng phòng|viện trưởng|"
    "chánh án|chánh văn phòng|chánh thanh tra|tổng thanh tra|trưởng đoàn|hiệu trưởng|cục trưởng|"
    "chi cục trưởng|chỉ huy trưởng|chính ủy|tổng bí thư|tổng giám đốc|chủ nhiệm|tư lệnh|"
    "trưởng công an|đồn trưởng|tổ trưởng|đội trưởng|trưởng thôn|trưởng bản|trưởng bộ phận|"
    "trưởng nhóm|hạt trưởng|trưởng trạm|trưởng khoa|trưởng ấp|trưởng xóm"
)


ROLES = "ủy viên|đại biểu|phó|trưởng|đội trưởng|tổ trưởng|nhà báo|phóng viên"


# How far an office may stand from the name of its holder (syllables): "Thứ trưởng Bộ Nội vụ
# Triệu Văn Cường", "Nguyễn Văn Hưởng, Ủy viên BTV".
ROLE_BEFORE = 6


ROLE_AFTER = 3


# Syllables behind an office in which its body is looked for; a text has more in between
# ("Phó Chủ tịch Thường trực HĐND").
_QUESTION_BODY = 7


TEXT_BODY = 10


def clauses(text: str, spell: Spell) -> list[list[str]]:
    """Words between commas and stops: an office and its body stand together."""
    return [words for part in re.split(r"[,;:.()\n]", text) if (words := spell(part))]


def offices_among(
    clauses: Iterable[Sequence[str]], is_folded: bool, longest_body: int = _QUESTION_BODY
) -> list[Office]:
    found = []
    for words in clauses:
        end = 0
        for start in range(len(words)):
            name = term_at(words, start, terms_of(OFFICES, is_folded)) if start >= end else None
            if name is None:
                continue
            end = start + len(name)
            deputy = ("pho", "phó")
            is_deputy = words[start - 1] in deputy if start else False
            following = list(words[end : end + longest_body])
            found.append(Office(name, is_deputy, _body(name, following, is_folded)))
    return found


def _body(name: Words, following: list[str], is_folded: bool) -> Words:
    """The words of bodies behind an office, up to the next office."""
    offices = terms_of(OFFICES, is_folded)
    body: list[str] = []
    place = 0
    while place < len(following):
        if term_at(following, place, offices):
            break
        term = term_at(following, place, bodies(is_folded))
        body += term or ()
        place += len(term) if term else 1
    if (
        not body
        and following[:1] in (["tinh"], ["tỉnh"])
        and name == split_words("chủ tịch", is_folded)
    ):
        # "Chủ tịch tỉnh" is short for the head of its administration.
        return split_words("ủy ban nhân dân", is_folded)
    return tuple(body)


def _fills(asked: Office, held: Office) -> bool:
    """Whether the office held is the one asked for: every word of its body, in order."""
    rest = iter(held.body)
    return (
        asked.name == held.name
        and asked.is_deputy == held.is_deputy
        and all(word in rest for word in asked.body)
    )


def offices_of(text: str, longest_body: int = TEXT_BODY) -> list[Office]:
    """The offices that a text with marks names, each with its body among the syllables behind."""
    return offices_among(clauses(text, _plain_words), is_folded=False, longest_body=longest_body)


def _plain_words(text: str) -> list[str]:
    return written_out([word.text for word in syllables(text)])


def is_held(asked: Office, held: Iterable[Office]) -> bool:
    """Whether one of the offices is the one asked for, or says more of it."""
    return any(_fills(asked, other) for other in held)
