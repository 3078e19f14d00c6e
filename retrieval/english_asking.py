"""What asks in an English question, and the noun that it asks about."""

from __future__ import annotations

from dataclasses import dataclass

from retrieval.english_phrases import rendered
from retrieval.english_pieces import Piece

ARTICLES = frozenset("a an the this that these those any its their his her our your my".split())
_QUESTION = frozenset("what which who whom whose when where why how".split())


@dataclass(frozen=True, slots=True)
class Asked:
    """What asks: `bao nhiêu mô hình`, `ai`, `khi nào`.

    Attributes:
        word: in Vietnamese; with `{}` where the noun stands that it belongs to.
        noun: those pieces.
        is_of_manner: it stands behind the verb and what belongs to it (when, where, how).
    """

    word: str
    noun: tuple[Piece, ...] = ()
    is_of_manner: bool = False

    @property
    def text(self) -> str:
        return self.word.format(rendered(self.noun)).strip()


def leading(
    pieces: list[Piece],
) -> tuple[list[Piece], tuple[Asked, list[Piece]] | None]:
    """What stands before the word that asks (`In 2017, …`), and that word with what follows."""
    at = next((n for n, p in enumerate(pieces) if p.english in _QUESTION), None)
    if at is None:
        return [], None
    before = pieces[:at]
    if before and before[-1].is_a(",c"):
        before = before[:-1]
    if any(piece.is_a("v") and not piece.is_a("n") for piece in before):
        return [], None  # "the village that …"; a word that joins, not one that asks
    asked, rest = _asked(pieces[at:])
    if before and before[-1].english in PREPOSITIONS:
        is_time = bool(asked.noun) and asked.noun[0].english in _TIMES
        is_amount = asked.word.startswith("bao nhiêu") and before[-1].english == "by"
        said = "" if is_time or is_amount else PREPOSITIONS[before[-1].english]
        said = "đến" if (asked.word, said) == ("khi nào", "do") else said
        asked = Asked(f"{said} {asked.word}".strip(), asked.noun, is_of_manner=True)
        before = before[:-1]
    return before, (asked, rest)


_TIMES = ("time", "date", "day", "year", "month", "quarter", "week")
PREPOSITIONS = {
    "in": "ở", "at": "tại", "to": "cho", "by": "do", "with": "với", "from": "từ", "on": "về",
    "for": "cho", "since": "từ", "under": "theo", "about": "về", "through": "qua", "of": "của",
}  # fmt: skip


_HOW = {
    "many": "bao nhiêu {}", "much": "bao nhiêu {}", "long": "bao lâu", "often": "bao lâu một lần",
    "old": "bao nhiêu tuổi", "far": "bao xa", "large": "rộng bao nhiêu", "big": "lớn bao nhiêu",
    "high": "cao bao nhiêu", "tall": "cao bao nhiêu", "deep": "sâu bao nhiêu",
}  # fmt: skip
_PLURAL = "những {} nào"


def _asked(pieces: list[Piece]) -> tuple[Asked, list[Piece]]:
    word, rest = pieces[0].english, pieces[1:]
    following = rest[0].english if rest else ""
    if word == "how":
        if following in _HOW:
            form = _HOW[following]
            noun, rest = noun_at(rest[1:]) if "{}" in form else ([], rest[1:])
            if [piece.english for piece in noun] == ["people"]:
                return Asked("bao nhiêu người"), rest
            return Asked(form, tuple(noun), is_of_manner="{}" not in form), rest
        return Asked("như thế nào", is_of_manner=True), rest
    if word in ("when", "where", "why"):
        said = {"when": "khi nào", "where": "ở đâu", "why": "vì sao"}[word]
        return Asked(said, is_of_manner=True), rest
    if word in ("who", "whom"):
        return Asked("ai"), rest
    if following in ("percentage", "percent", "proportion", "share"):
        rest = rest[2:] if rest[1:2] and rest[1].english == "of" else rest[1:]
        noun, rest = noun_at(rest)
        return Asked("bao nhiêu phần trăm {}", tuple(noun)), rest
    noun, rest = noun_at(rest)
    if not noun:
        return Asked("ai" if word == "whose" else "gì"), rest
    is_time = noun[0].english in _TIMES
    of = next((n for n, piece in enumerate(noun) if piece.english == "of"), len(noun))
    many = noun[of - 1].english.endswith("s") and not is_time
    form = "{} của ai" if word == "whose" else _PLURAL if many else "{} nào"
    if noun[of:]:  # "huyện nào của Nghệ An"
        form = f"{form} của {rendered(noun[of + 1 :])}"
    return Asked(form, tuple(noun[:of]), is_of_manner=is_time), rest


def noun_at(pieces: list[Piece]) -> tuple[list[Piece], list[Piece]]:
    """The noun that stands right here, with what describes it; nothing before a verb."""
    end = 0
    for n, piece in enumerate(pieces):
        if piece.is_a("v") and end and n + 1 <= end:
            break
        is_last = piece.is_a("nqobg") or (piece.is_a("um") and not piece.is_a("v"))
        if piece.is_a("v") and not piece.is_a("nqob"):
            break
        if piece.is_a("v") and end:
            break
        if not (is_last or piece.is_a("axk")):
            break
        if is_last:
            end = n + 1
    # "of the province" belongs to it, up to the verb.
    while end < len(pieces) - 1 and end and pieces[end].english == "of":
        noun, _ = noun_at([p for p in pieces[end + 1 :] if p.english not in ARTICLES])
        if not noun:
            break
        last = noun[-1]
        end = next(n for n in range(end + 1, len(pieces)) if pieces[n] is last) + 1
    return pieces[:end], pieces[end:]
