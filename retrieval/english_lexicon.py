"""English words and phrases of offices and news with their Vietnamese (`data/english.csv`)."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from retrieval.place_context import read_rows


@dataclass(frozen=True, slots=True)
class Sense:
    """What an English phrase can mean.

    Attributes:
        kind: `n` noun, `q` noun that is measured, `o` office, `b` body, `a` adjective, `v` verb,
            `x` what stands before a noun in both languages, `r` adverb, `p` preposition,
            `c` conjunction.
    """

    vietnamese: str
    kind: str


# Words that only make the sentence; what each does is in `english_grammar`.
FUNCTION_WORDS = frozenset(
    "what which who whom whose when where why how is are was were be been being am do does did "
    "done has have had having will would can could shall should may might must a an the this that "
    "these those its their his her our your my of in on at by to for from with and or not any "
    "it he she they them him we us you i there please about than as if so".split()
)

# British and American spelling as one; both sides are compared in it.
_SPELLINGS = (
    (re.compile(r"is(ation|e|ed|es|ing|er)(s?)\b"), r"iz\1\2"),
    (re.compile(r"(?<=[a-z]{2})our(?=s?\b|ed\b|ing\b|al\b|er)"), "or"),
    (re.compile(r"\b(cent|theat|met|kilomet)re(s?)\b"), r"\1er\2"),
    (re.compile(r"\bprogramme"), "program"),
    (re.compile(r"\bdefence"), "defense"),
    (re.compile(r"\bskilful"), "skillful"),
    (re.compile(r"(?<=[aeiou])ll(?=ed\b|ing\b|or\b)"), "l"),
)
_LONGEST_WORD_WITHOUT_ENDING = 3


@cache
def spelled(word: str) -> str:
    """A word, or a phrase, in small letters and one spelling."""
    word = word.lower().replace("’", "'")
    for pattern, written in _SPELLINGS:
        word = pattern.sub(written, word)
    return word


def singular(word: str) -> str:
    """Without the ending of a plural or of the third person."""
    if len(word) <= _LONGEST_WORD_WITHOUT_ENDING or not word.endswith("s"):
        return word
    if word.endswith("ies"):
        return f"{word[:-3]}y"
    if word.endswith(("sses", "shes", "ches", "xes", "zes")):
        return word[:-2]
    return word if word.endswith(("ss", "us", "is")) else word[:-1]


def stem(word: str) -> str:
    """What the forms of a verb share; also the closing e is left out."""
    word = singular(word)
    for ending in ("ing", "ied", "ed"):
        rest = word.removesuffix(ending)
        if rest != word and len(rest) > 2 and re.search("[aeiouy]", rest):
            if ending == "ied":
                return f"{rest}y"
            is_doubled = rest[-1] == rest[-2] and rest[-1] not in "aeiousl"
            return rest[:-1] if is_doubled else rest.removesuffix("e")
    return word.removesuffix("e") if len(word) > _LONGEST_WORD_WITHOUT_ENDING else word


_FORMS: tuple[Callable[[str], str], ...] = (str, singular, stem)


class Lexicon:
    """All rows; each phrase as it is, with singular words, and with stems."""

    def __init__(self, rows: Iterator[dict[str, str]]) -> None:
        found: list[dict[tuple[str, ...], list[Sense]]] = [{} for _ in _FORMS]
        self.longest = 0
        for row in rows:
            sense = Sense(row["vietnamese"], row["kind"])
            for phrase in row["english"].split("|"):
                typed = parts(phrase)
                self.longest = max(self.longest, len(typed))
                for form, phrases in zip(_FORMS, found, strict=True):
                    senses = phrases.setdefault(tuple(map(form, typed)), [])
                    if sense not in senses:
                        senses.append(sense)
        self._by_form = found
        self._words = {word for phrases in found for phrase in phrases for word in phrase}

    def longest_at(self, typed: Sequence[str], start: int) -> tuple[int, tuple[Sense, ...]]:
        """How many words from `start` the longest phrase takes, and its senses.

        Args:
            typed: words as `spelled` writes them.
        """
        for length in range(min(self.longest, len(typed) - start), 0, -1):
            said = typed[start : start + length]
            for form, phrases in zip(_FORMS, self._by_form, strict=True):
                if senses := phrases.get(tuple(map(form, said))):
                    return length, tuple(senses)
        return 0, ()

    def knows(self, word: str) -> bool:
        """Whether a word, as `spelled` writes it, is English as far as is known here."""
        return word in FUNCTION_WORDS or any(form(word) in self._words for form in _FORMS)


def parts(phrase: str) -> list[str]:
    """The words of an English phrase, hyphened ones taken apart."""
    return [word for word in re.findall(r"[a-z0-9']+", spelled(phrase)) if word != "'"]


@cache
def lexicon() -> Lexicon:
    """The lexicon of `data/english.csv`, read at the first call."""
    return Lexicon(read_rows("english.csv"))
