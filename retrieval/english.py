"""Questions in English: told apart from Vietnamese ones, and read as Vietnamese questions."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from retrieval.english_grammar import vietnamese
from retrieval.english_lexicon import FUNCTION_WORDS, lexicon, spelled
from retrieval.english_periods import TIME_WORDS
from retrieval.english_pieces import Piece, Restore, pieces_of
from retrieval.gazetteer import load
from retrieval.syllable_forms import is_bare_syllable
from retrieval.text import canonical, fold, normalise, squeeze

SpokenLanguage = Literal["vi", "en"]

_WH = frozenset("what who whom whose when where which how why".split())
_ASKS = _WH | frozenset(
    "does did was were is are has have can could will please tell list give show and".split()
)
# Words that no Vietnamese question goes without; one of them, and a title is being asked about.
_VIETNAMESE = frozenset(
    "nao gi bao nhieu ai dau khong khi cua duoc nhung cac nam ngay la o va".split()
)
_ASKING_MARKED = frozenset("nào gì bao nhiêu mấy ai đâu không khi sao là của".split())
_SMALL_TALK = frozenset(
    "hello hi hey good morning afternoon evening thank thanks you so much very bye goodbye see who "
    "are what can do there".split()
)
_WORD = re.compile(r"[^\W\d_]+")
# `59/2019/NĐ-CP`, `06-ĐA/TU`: the mark of a document's sign does not make a text Vietnamese.
_SIGN = re.compile(r"\b\d+[\w-]*[/-][\w/-]+")
_LONGEST_LOOKED_AT = 300  # characters


def language_of(text: str) -> SpokenLanguage:
    """The language that a question or a greeting is in."""
    said = [word.lower() for word in _WORD.findall(normalise(text[:_LONGEST_LOOKED_AT]))]
    if said and set(said) <= _SMALL_TALK and said != ["so"]:
        return "en"
    return "en" if is_english(text) else "vi"


def is_english(question: str) -> bool:
    """Whether a question is asked in English, its names or what it quotes may be Vietnamese."""
    text = squeeze(_SIGN.sub(" ", normalise(question[:_LONGEST_LOOKED_AT])))
    typed = _WORD.findall(text)
    foreign = [word for word in typed if word.isascii() and not is_bare_syllable(word.lower())]
    if not foreign:
        return False  # most questions, without a look at the lexicon
    if text != fold(text):
        return _is_frame(typed)
    return _is_english_only(_without_places(text))


def _without_places(text: str) -> list[str]:
    names = "|".join(re.escape(fold(row.name)) for row in load().provinces)
    return _WORD.findall(re.sub(rf"\b(?:{names}|viet nam)\b", " ", text, flags=re.IGNORECASE))


def _is_english_only(typed: Sequence[str]) -> bool:
    """A text without marks: words that are English alone outweigh those that may be Vietnamese."""
    small = [word.lower() for n, word in enumerate(typed) if n == 0 or word[0].islower()]
    if _VIETNAMESE & set(small):
        return False
    lower = [word.lower() for word in typed]
    english = [word for word in lower if not is_bare_syllable(word) and _is_known(word)]
    other = [word for word in small if is_bare_syllable(word) and not _is_known(word)]
    unknown = [word for word in small if not is_bare_syllable(word) and not _is_known(word)]
    asks = lower[:1] != [] and lower[0] in _ASKS and not is_bare_syllable(lower[0])
    is_frame = asks and lower[1:2] != [] and lower[1] in _AUXILIARIES
    if is_frame and len(other) <= _LONGEST_NAME and len(unknown) <= len(english):
        return True
    if not english or len(other) > len(english) or len(unknown) > len(english):
        return False
    frames = sum(word in FUNCTION_WORDS for word in lower)
    if asks:
        return len(english) >= 2 or (len(typed) <= _SHORT and frames >= 1)
    is_plain = 2 * len(other) <= len(english) and not unknown
    return is_plain and len(english) >= 2 and (frames >= 1 or len(english) == len(typed))


_SHORT = 4
_FRAME = 6  # words in which the frame of a question ends: `How many mô hình were …`
_LONGEST_NAME = 4  # `who is ma tu dong dien`
_AUXILIARIES = frozenset(
    "is are was were do does did has have had can could will would should must".split()
)


def _is_known(word: str) -> bool:
    return word in TIME_WORDS or lexicon().knows(spelled(word))


def _is_frame(typed: Sequence[str]) -> bool:
    """A question with marks: English where an English frame asks and no Vietnamese word does."""
    said = [word.lower() for word in typed]
    if {canonical(word) for word in said} & _ASKING_MARKED:
        return False
    if said[0] in _WH and (_AUXILIARIES - {"can"}) & set(said[1:_FRAME]):
        return True
    opening = said[: next(n for n, word in enumerate(typed) if word != fold(word))]
    strong = [word for word in opening if not is_bare_syllable(word)]
    english = [word for word in said if word in FUNCTION_WORDS or word in strong]
    is_known = all(_is_known(word) for word in opening)
    is_frame = len(strong) >= 2 and bool(FUNCTION_WORDS & set(opening[1:]))
    return is_known and is_frame and 2 * len(english) >= len(said)


@dataclass(frozen=True, slots=True)
class Reading:
    """An English question as it was read.

    Attributes:
        text: in Vietnamese.
        unread: words that are neither known nor a name, as they were typed.
        known: how many words or phrases with a meaning of their own were read.
    """

    text: str
    unread: tuple[str, ...]
    known: int

    @property
    def is_read(self) -> bool:
        """Whether enough was read to look for an answer."""
        return self.known > 0 and len(self.unread) * _KNOWN_TO_UNREAD <= self.known


# A word that is not read may be the one that matters.
_KNOWN_TO_UNREAD = 4

_REQUEST = re.compile(
    r"^(?:(?:please|hello|hi|hey|ok|okay|so|and|well|thanks|thank you)\b[\s,.!]*"
    r"|(?:can|could|would|will) you (?:please )?(?:tell|show|give|let) (?:me|us)(?: know)?\b[\s,:]*"
    r"|(?:tell|show|give|find|let) (?:me|us)(?: know)?\b[\s,:]*"
    r"|(?:i|we) (?:want|would like|need|am looking|wish)"
    r"(?: to (?:know|ask|find out|see)| for)?\b[\s,:]*"
    r"|(?:do|does) (?:you|anyone) know\b[\s,:]*|(?:may|can) i (?:ask|know)\b[\s,:]*"
    r"|about\b[\s,:]*|information (?:on|about)\b[\s,:]*|everything about\b[\s,:]*"
    r"|according to the (?:article|articles|news)\b[\s,:]*|if\b\s+|whether\b\s+)+",
    re.IGNORECASE,
)
_CONTRACTED = (
    (re.compile(r"\b(what|who|where|when|how|that|there|it)['’]s\b", re.IGNORECASE), r"\1 is"),
    (re.compile(r"\b(can|do|does|did|is|are|was|were|has|have|had)n['’]t\b", re.I), r"\1 not"),
)
_STILL = re.compile(
    r"^(?:and |so )?(?:what|how) about (?P<a>.+)$|^and (?P<b>(?:in|for|at|on) .+)$", re.IGNORECASE
)


def read_english(question: str, restore: Restore = str) -> Reading:
    """An English question as the Vietnamese one that is searched for.

    Args:
        restore: gives a name typed without its marks those that the archive knows.
    """
    text = squeeze(normalise(question)).rstrip(" ?.!")
    for pattern, whole in _CONTRACTED:
        text = pattern.sub(whole, text)
    if still := _STILL.match(text):
        rest = still["a"] or still["b"]
        pieces = pieces_of(rest, restore)
        return _reading(f"Còn {vietnamese(pieces)} thì sao", pieces)
    pieces = pieces_of(_REQUEST.sub("", text) or text, restore)
    return _reading(vietnamese(pieces), pieces)


def _reading(text: str, pieces: Sequence[Piece]) -> Reading:
    unread = tuple(dict.fromkeys(piece.english for piece in pieces if piece.is_a("u")))
    known = sum(not piece.is_a("us,f") for piece in pieces)
    return Reading(f"{text[:1].upper()}{text[1:]}?", unread, known)
