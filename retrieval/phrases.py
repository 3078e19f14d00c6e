"""Lists of set phrases, and which of them stands at a word of a text, however it is typed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from retrieval.text import fold

# Without their mark these are other common words: `Đảng`, a child, the south, by, a contest.
# Beside marked words they are those; `dang` alone is the Party also where nothing has marks,
# for a question about the Party must never be taken for one without a topic.
_OTHER_WORDS = frozenset("con nam do thi tai day ma thang hai ho bi".split())
_NEVER_BARE = frozenset({"dang"})


@dataclass(frozen=True, slots=True)
class Phrases:
    """Phrases by their syllables without diacritics; each in the spellings that it has."""

    spellings: dict[tuple[str, ...], frozenset[tuple[str, ...]]]
    longest: int

    @classmethod
    def of(cls, listed: str) -> Phrases:
        """`listed`: phrases in canonical spelling with their marks, `|` between them."""
        found: dict[tuple[str, ...], set[tuple[str, ...]]] = {}
        for phrase in listed.split("|"):
            spelled = tuple(phrase.split())
            found.setdefault(tuple(map(fold, spelled)), set()).add(spelled)
        spellings = {bare: frozenset(marked) for bare, marked in found.items()}
        return cls(spellings, max(map(len, spellings)))

    def length_at(self, words: Sequence[str], start: int, is_marked: bool) -> int:
        """How many words from `start` the longest phrase there takes; 0 if there is none.

        Args:
            words: in canonical form.
            is_marked: some word of the text has diacritics, so that one without them may be
                another word. In a longer phrase each word may lack its own.
        """
        for length in range(min(self.longest, len(words) - start), 0, -1):
            typed = tuple(words[start : start + length])
            for spelled in self.spellings.get(tuple(map(fold, typed)), ()):
                if typed == spelled or _is_spelled_loosely(typed, spelled, is_marked):
                    return length
        return 0


def _is_spelled_loosely(typed: Sequence[str], spelled: Sequence[str], is_marked: bool) -> bool:
    if len(typed) == 1 and (typed[0] in _NEVER_BARE or (is_marked and typed[0] in _OTHER_WORDS)):
        return False
    return all(word in (full, fold(full)) for word, full in zip(typed, spelled, strict=True))
