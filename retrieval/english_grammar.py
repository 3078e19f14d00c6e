"""The pieces of an English question put into the order of a Vietnamese one.

How many models were registered in Quang Ninh in 2017?
    -> Bao nhiêu mô hình được đăng ký ở Quảng Ninh năm 2017?
What did the Deputy Minister propose?  -> Thứ trưởng đề xuất gì?
"""

from __future__ import annotations

from collections.abc import Sequence

from retrieval.english_asking import ARTICLES, PREPOSITIONS, Asked, leading, noun_at
from retrieval.english_phrases import rendered
from retrieval.english_pieces import Piece

_BE = frozenset("is are was were".split())
_DO = frozenset("do does did".split())
_HAVE = frozenset("has have had".split())
_MODALS = {
    "will": "sẽ", "would": "sẽ", "shall": "sẽ", "can": "có thể", "could": "có thể",
    "should": "nên", "must": "phải", "may": "có thể", "might": "có thể",
}  # fmt: skip


def vietnamese(pieces: Sequence[Piece]) -> str:
    """The question in Vietnamese, without a question mark."""
    rest = list(pieces)
    before, asking = leading(rest)
    if asking is None:
        return _join(_without_question(rest))
    asked, rest = asking
    return _join(f"{_with_question(asked, rest)} {rendered(before)}")


def _join(text: str) -> str:
    return " ".join(text.replace(" ,", ",").split()).strip(" ,")


def _with_question(asked: Asked, rest: list[Piece]) -> str:
    if not rest:
        return asked.text
    auxiliary = rest[0].english
    if auxiliary in ("in", "at", "from", "on"):  # "which commune in Na Ri district was …"
        at = next((n for n, p in enumerate(rest) if p.english in _AUXILIARIES), 0)
        if at:
            said = f"{asked.text} {rendered(rest[:at])}"
            return _with_question(Asked(said, is_of_manner=asked.is_of_manner), rest[at:])
    if auxiliary in _BE:
        return _of_being(asked, rest[1:], plural=auxiliary in ("are", "were"))
    if asked.text == "bao nhiêu" and any(piece.english in _SPENDING for piece in rest):
        asked = Asked("bao nhiêu tiền")
    if auxiliary in _DO or (auxiliary in _HAVE and _has_verb(rest[1:])):
        denied = rest[1:2] and rest[1].english == "not"
        return _of_doing(asked, rest[2:] if denied else rest[1:], "không" if denied else "")
    if auxiliary in _HAVE:
        return f"{asked.text} có {rendered(rest[1:])}"
    if auxiliary in _MODALS:
        return _of_doing(asked, rest[1:], _MODALS[auxiliary])
    subject = "điều gì" if asked.word == "gì" else asked.text
    return f"{subject} {rendered(rest, verb_first=True)}"


_SPENDING = ("cost", "costs", "spend", "spent", "pay", "paid", "invested", "earn", "owe")


def _has_verb(pieces: list[Piece]) -> bool:
    return any(p.is_a("v") and not p.is_a("n") and _is_past(p) for p in pieces) or any(
        p.english == "been" for p in pieces
    )


_PAST = frozenset(
    "held led met given taken made done said spoken grown risen fallen spent paid built become "
    "written seen won sold bought sent set put cut known found born".split()
)


def _is_past(piece: Piece) -> bool:
    first = piece.english.split()[0]
    return first.endswith("ed") or first in _PAST


def _of_being(asked: Asked, rest: list[Piece], *, plural: bool) -> str:
    """`What are the limitations …?`, `When was the conference held?`"""
    if rest and rest[0].english == "there":
        return f"có {asked.text} {rendered(rest[1:])}"
    if rest and rest[0].english == "being":
        rest = rest[1:]
    subject = "những gì" if asked.word == "gì" else asked.text
    if rest[:1] and rest[0].english == "done":
        return f"{subject} được thực hiện {rendered(rest[1:])}"
    verb = _verb_at(rest, behind_noun=True)
    if verb == 0 and not asked.is_of_manner:
        return f"{subject} {_passive(rest)}"
    if rest and rest[0].is_a("av") and not asked.is_of_manner and not noun_at(rest)[0]:
        return f"{subject} {rendered(rest)}"
    if verb is not None and (asked.is_of_manner or asked.noun):
        return f"{rendered(rest[:verb])} {_passive(rest[verb:])} {asked.text}"
    if asked.word == "bao lâu":
        return f"{rendered(rest)} dài bao nhiêu"
    if asked.is_of_manner:
        link = "là" if asked.word == "khi nào" else ""
        return f"{rendered(rest)} {link} {'ngày nào' if asked.word == 'khi nào' else asked.text}"
    if asked.noun:
        return f"{asked.text} {'' if rest and rest[0].is_a('apr') else 'là'} {rendered(rest)}"
    said = rendered(rest)
    if asked.word == "gì" and _is_measured(rest):
        return f"{said} là bao nhiêu"
    is_counted = said.startswith(("các", "những")) or said[:1].isdigit()
    if asked.word == "gì" and plural and not is_counted:
        said = f"những {said}"
    return f"{said} là {asked.word}"


def _is_measured(pieces: list[Piece]) -> bool:
    """Whether the head of the noun that opens is a measure."""
    nouns, _ = noun_at([p for p in pieces if p.english not in ARTICLES][:8])
    if nouns and any(piece.english.endswith("number of") for piece in nouns):
        return True
    head = []
    for piece in nouns:
        if piece.english == "of":
            break
        head.append(piece)
    if any(p.is_a("s") for p in pieces[:6]):
        at = next(n for n, p in enumerate(pieces) if p.is_a("s"))
        return _is_measured(pieces[at + 1 :])
    return bool(head) and head[-1].is_a("q")


def _passive(pieces: list[Piece]) -> str:
    """From a participle on: `được đăng ký`."""
    return f"{_voice(pieces[0])} {rendered(pieces, verb_first=True)}"


def _voice(piece: Piece) -> str:
    if piece.english.endswith("ing") or piece.as_a("v").startswith(("được", "bị", "sinh")):
        return "đang" if piece.english.endswith("ing") else ""
    harmed = ("bắt giữ", "khởi tố", "xử phạt", "gây thiệt hại", "thiệt mạng", "ảnh hưởng",
              "tuyên án", "miễn nhiệm", "nhiễm", "phản đối", "giải thể")  # fmt: skip
    return "bị" if piece.as_a("v").startswith(harmed) else "được"


def _verb_at(pieces: list[Piece], *, behind_noun: bool) -> int | None:
    """Where the verb of the clause stands.

    Args:
        behind_noun: only a participle is one (`was … held`).
    """
    pure = [
        n
        for n, p in enumerate(pieces)
        if p.is_a("v") and not p.is_a("nqob") and (n == 0 or pieces[n - 1].english != "to")
    ]
    if behind_noun:
        pure = [n for n in pure if _is_past(pieces[n]) or pieces[n].english.endswith("ing")]
        return pure[0] if pure else None
    mixed = [n for n, p in enumerate(pieces) if n and p.is_a("v") and pieces[n - 1].is_a("nqobgmu")]
    if not pure or not mixed:
        return next(iter(pure or mixed), None)
    # "does the government support people hit by …": what has an object is the verb.
    has_object = any(p.is_a("nqobgmu") for p in pieces[mixed[0] + 1 : pure[0]])
    return mixed[0] if has_object else pure[0]


def _of_doing(asked: Asked, rest: list[Piece], modal: str = "") -> str:
    """`What did X propose?`, `How many models has X registered?`, `What will be done?`"""
    if asked.word == "gì" and any(piece.english == "do" for piece in rest):
        does = Piece("làm", ("làm gì",), ("v",))
        asked, rest = Asked(""), [does if p.english == "do" else p for p in rest]
    verb = _verb_at(rest, behind_noun=False)
    be = next((n for n, p in enumerate(rest) if p.english in ("be", "been")), None)
    if be is not None and (verb is None or be < verb):
        following = rest[be + 1 :]
        if following and following[0].english == "done":
            said = f"được thực hiện {rendered(following[1:])}"
        elif following and following[0].is_a("v"):
            said = _passive(following)
        else:
            said = rendered(following)
        asked = Asked("những gì") if asked.word == "gì" else asked
        return _placed(asked, rendered(rest[:be]), f"{modal} {said}", "")
    if verb is None:
        return f"{rendered(rest)} {modal} {asked.text}"
    subject, action, behind = rest[:verb], rest[verb], rest[verb + 1 :]
    said = f"{modal} {action.as_a('v')}"
    if action.as_a("v") == "tổ chức" and asked.noun and asked.noun[-1].english in _POSITIONS:
        asked, said = Asked("{} gì", asked.noun), f"{modal} giữ"
    if action.as_a("v") == "mang" and asked.noun and asked.noun[-1].english in _TAKEN:
        said = f"{modal} thực hiện"
    if len(behind) == 1 and behind[0].english in PREPOSITIONS:  # "what do they complain about"
        return _placed(asked, rendered(subject), f"{said} {PREPOSITIONS[behind[0].english]}", "")
    if (behind and behind[0].is_a("nqobgmxak")) or (behind and behind[0].english in ARTICLES):
        return _placed(asked, rendered(subject), f"{said} {rendered(behind)}", "")
    return _placed(asked, rendered(subject), said, rendered(behind))


_TAKEN = ("measures", "measure", "steps", "step", "actions", "action", "solutions", "decisions")
_POSITIONS = ("position", "positions", "post", "posts", "job title", "title")


def _placed(asked: Asked, subject: str, action: str, behind: str) -> str:
    if asked.word == "vì sao":
        return f"vì sao {subject} {action} {behind}"
    if not subject.strip() and not asked.is_of_manner:
        return f"{asked.text} {action} {behind}"
    if asked.is_of_manner:
        return f"{subject} {action} {behind} {asked.text}"
    return f"{subject} {action} {asked.text} {behind}"


_AUXILIARIES = _BE | _DO | _HAVE | _MODALS.keys()


def _without_question(pieces: list[Piece]) -> str:
    """A question for yes or no, or words that are searched for."""
    if not pieces or pieces[0].english not in _AUXILIARIES:
        orders = pieces[1:2] and pieces[1].english in (*ARTICLES, "all")
        return rendered(pieces, verb_first=bool(orders))
    auxiliary, rest = pieces[0].english, pieces[1:]
    if rest and rest[0].english == "there":
        return f"có {rendered([p for p in rest[1:] if p.english != 'any'])} không"
    if auxiliary in _BE:
        verb = _verb_at(rest, behind_noun=True)
        if verb:
            return f"{rendered(rest[:verb])} có {_passive(rest[verb:])} không"
        while rest and rest[0].english in ARTICLES:
            rest = rest[1:]
        subject, behind = noun_at(rest)
        link = "có" if behind and behind[0].is_a("apr") else "có phải là"
        return f"{rendered(subject)} {link} {rendered(behind)} không"
    verb = _verb_at(rest, behind_noun=False)
    if verb is None:
        return f"{rendered(rest)} có không"
    modal = _MODALS.get(auxiliary, "")
    said = rendered(rest[verb:], verb_first=True)
    return f"{rendered(rest[:verb])} {modal or 'có'} {said} không"
