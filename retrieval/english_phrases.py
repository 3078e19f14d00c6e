"""English phrases in Vietnamese order: what describes a noun stands behind it."""

from __future__ import annotations

from collections.abc import Sequence

from retrieval.english_pieces import Piece

_NOMINAL = "nqobgmku"
_DROPPED = frozenset(
    "a an the this that these those any its their his her our your my it he she they them him us "
    "we you i please do does did has have had be been being am is are was were so there what which "
    "who whom whose".split()
)
# Behind these `to` leads to an end; else it gives.
_MOVING = ("đi", "đến", "tăng", "giảm", "trở lại", "di dời", "mở rộng", "năm", "ngày", "từ")
# Behind these `của` would only part what is one.
_CLOSE = (
    "tỉnh", "huyện", "xã", "thành phố", "thị xã", "phường", "quận", "thôn", "việc", "số",
    "tổng số", "lãnh đạo", "trưởng", "phó", "tất cả", "mỗi", "nhiều", "một số", "tổ chức",
)  # fmt: skip


def rendered(pieces: Sequence[Piece], *, verb_first: bool = False) -> str:
    """Pieces in Vietnamese, nouns with what describes them.

    Args:
        verb_first: the first piece is the verb, though it may be a noun as well.
    """
    words: list[str] = []
    place = 0
    if verb_first and pieces and pieces[0].is_a("v"):
        words.append(pieces[0].as_a("v"))
        place = 1
    while place < len(pieces):
        end = _noun_end(pieces, place)
        if end > place:
            words.append(_noun_phrase(pieces[place:end]))
            place = end
            continue
        words.append(_linking(pieces, place, words))
        place += 1
    return " ".join(" ".join(words).split())


def _noun_end(pieces: Sequence[Piece], start: int) -> int:
    """Where the noun phrase that begins here ends; `start` where none does."""
    end = start
    for place in range(start, len(pieces)):
        piece = pieces[place]
        before = pieces[place - 1] if place else None
        if piece.is_a("v") and not piece.is_a("nqob"):
            break
        if piece.is_a("v") and before is not None and before.english == "to":
            break
        if piece.is_a("s"):
            continue
        if not piece.is_a(f"{_NOMINAL}ax"):
            break
        if piece.is_a(_NOMINAL):
            end = place + 1
    return end


def _noun_phrase(pieces: Sequence[Piece]) -> str:
    """`Bac Kan's mass mobilization work` is `công tác dân vận của Bắc Kạn`."""
    owners: list[list[Piece]] = [[]]
    for piece in pieces:
        if piece.is_a("s"):
            owners.append([])
        else:
            owners[-1].append(piece)
    said = [_ordered(part) for part in owners if part]
    joined = said[-1]
    for part, owner in zip(reversed(owners[:-1]), reversed(said[:-1]), strict=False):
        is_body = owners[-1][-1].is_a("ob") if owners[-1] else False
        only_place = all(piece.is_a("g") for piece in part)
        joined = f"{joined} {owner}" if is_body and only_place else f"{joined} của {owner}"
    return joined


def _ordered(pieces: Sequence[Piece]) -> str:
    """The head first, then what describes it, the nearest first."""
    front: list[str] = []
    rest = list(pieces)
    while rest and (rest[0].is_a("x") or (rest[0].is_a("k") and len(rest) > 1)):
        front.append(rest.pop(0).as_a("xk"))
    # "disbursement rate Gia Lai": a place behind its noun stands behind all of it.
    place = [rest.pop().vietnamese[0]] if len(rest) > 1 and rest[-1].is_a("g") else []
    units: list[str] = []
    for piece in rest:
        text = piece.as_a(_NOMINAL if piece is rest[-1] and piece.is_a(_NOMINAL) else "gmka")
        if text == piece.vietnamese[0] and not piece.is_a("gmka"):
            text = piece.as_a(_NOMINAL)
        # "Minister X", "Directive 16", "program number 79": in this order in both languages.
        follows = units and (piece.is_a("k") or (piece.is_a("m") and _takes_name(pieces, piece)))
        if follows:
            units[-1] = f"{units[-1]} {text}"
        else:
            units.append(text)
    return " ".join([*front, *reversed(units), *place])


def _takes_name(pieces: Sequence[Piece], name: Piece) -> bool:
    """Whether a name stands behind the noun that it goes with."""
    place = next(n for n, piece in enumerate(pieces) if piece is name)
    return pieces[place - 1].is_a("onkqb") and place == len(pieces) - 1


def _linking(pieces: Sequence[Piece], place: int, said: Sequence[str]) -> str:
    """What is no noun: verbs, adverbs, times, prepositions."""
    piece = pieces[place]
    following = _next_said(pieces, place)
    if piece.english == "of":
        before = " ".join(said).lower()
        is_office = place > 0 and pieces[place - 1].is_a("ob")
        is_close = before.endswith(_CLOSE) or before.startswith(("việc", "tổng số", "số"))
        return "" if not before or is_office or is_close else "của"
    if piece.english == "in":
        if following is not None and following.is_a("t"):
            return ""
        is_place = following is not None and _is_place(pieces, place + 1)
        return "ở" if is_place else "trong"
    if piece.english in ("on", "at", "during", "for") and following and following.is_a("t"):
        return ""
    if piece.english == "to":
        if following is None or (following.is_a("v") and not following.is_a("nqob")):
            return ""
        return "đến" if any(words.endswith(_MOVING) for words in said) else "cho"
    if piece.english == "by":
        return "bởi"
    # "tin Hà Nội", "bài viết tháng 7/2024": said of the articles, not "since".
    if piece.english == "from" and following is not None and following.is_a("gt"):
        return "" if said and said[-1].endswith(_ARTICLES_OF) else "từ"
    if piece.english == "with":
        return "với"
    if piece.english in _LINKS:
        return _LINKS[piece.english]
    if piece.english in _DROPPED:
        return ""
    return piece.as_a("vrtpcaxm")


_ARTICLES_OF = ("tin", "tin mới nhất", "bài viết", "báo")
_LINKS = {
    "and": "và", "or": "hoặc", "not": "không", "will": "sẽ", "can": "có thể", "could": "có thể",
    "should": "nên", "must": "phải", "from": "từ", "for": "cho", "at": "tại", "on": "về",
    "about": "về", "would": "sẽ", "when": "khi", "where": "nơi", "how": "như thế nào",
    "why": "vì sao", "than": "so với", "as": "là",
}  # fmt: skip


def _next_said(pieces: Sequence[Piece], place: int) -> Piece | None:
    return next((p for p in pieces[place + 1 :] if p.english not in _DROPPED), None)


_PLACES = (
    "province", "district", "city", "commune", "ward", "town", "village", "township", "region",
    "locality", "area",
)  # fmt: skip


def _is_place(pieces: Sequence[Piece], start: int) -> bool:
    """Whether the noun behind is a place."""
    start = next((n for n in range(start, len(pieces)) if pieces[n].english not in _DROPPED), start)
    end = _noun_end(pieces, start)
    chunk = pieces[start:end]
    if not chunk:
        return False
    head = chunk[-1].english
    return chunk[-1].is_a("g") or head.startswith(_PLACES) or all(p.is_a("m") for p in chunk)
