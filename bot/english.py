"""A question in English is told apart, so that nobody is told that no article answers it.

The rules on evidence read Vietnamese alone: of an English question they would find no answer
where the articles have one.
"""

from __future__ import annotations

from retrieval.syllable_forms import is_syllable
from retrieval.text import canonical, fold, normalise, words

# None of these is a Vietnamese syllable typed without its marks.
_ENGLISH = frozenset(
    "what who whom whose when where which how why many much does did was were been has have had "
    "are is of and for from with about please tell list give according between percent province "
    "people year were will would should could there their this that these those".split()
)
_ASKS = frozenset(
    "what who whom whose when where which how why does did was were is are has have can could will "
    "please tell list give".split()
)
# Words that no Vietnamese question goes without; one of them, and a title is being asked about.
_VIETNAMESE = frozenset(
    "nao gi bao nhieu ai dau khong sao may khi la cua duoc nhung cac nam ngay o va".split()
)
_LEAST = 2
_MOST_VIETNAMESE = 0.6


def is_english(question: str) -> bool:
    """Whether a question is asked in English."""
    typed = words(normalise(question))
    if len(typed) <= _LEAST or any(word != fold(word) for word in typed):
        return False
    said = set(typed)
    if typed[0] not in _ASKS or said & _VIETNAMESE or len(said & _ENGLISH) < _LEAST:
        return False
    syllables = sum(is_syllable(canonical(word)) for word in typed if word not in _ENGLISH)
    return syllables <= _MOST_VIETNAMESE * len(typed)
