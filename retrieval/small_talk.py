"""What people say to a bot that asks nothing of the articles: greetings, thanks, `ok`."""

from __future__ import annotations

import re
from typing import Literal

from retrieval.phrases import Phrases
from retrieval.text import canonical, fold, normalise, syllables

SmallTalk = Literal["greeting", "thanks", "farewell", "filler", "about"]

# The first that occurs names the whole: "chào bạn, bạn là ai" asks about the bot, and
# "hay quá, cảm ơn" thanks.
_KINDS: tuple[tuple[SmallTalk, Phrases], ...] = (
    (
        "about",
        Phrases.of(
            "bạn là ai|bạn là gì|bạn tên gì|bạn tên là gì|tên bạn là gì|bạn là bot|bạn là robot"
            "|bạn là người hay máy|bạn là người thật|bạn là trợ lý gì|bot là ai|bot là gì"
            "|em là ai|mày là ai|ai đấy|ai đó|ai vậy|bạn làm được gì|bạn làm được những gì"
            "|bạn biết làm gì|bạn có thể làm gì|bạn có thể làm được gì|bạn giúp được gì"
            "|bạn có thể giúp gì|bạn có thể giúp gì cho tôi|bạn giúp gì được cho tôi"
            "|bạn biết gì|bạn biết những gì|ai tạo ra bạn|ai làm ra bạn|bạn do ai tạo ra"
            "|giới thiệu về bạn|giới thiệu bản thân|hãy giới thiệu về bạn|đây là gì|đây là bot gì"
            "|who are you|what are you|what can you do|bạn là chatbot"
        ),
    ),
    (
        "farewell",
        Phrases.of(
            "tạm biệt|chào tạm biệt|hẹn gặp lại|gặp lại sau|hẹn gặp|bye|bye bye|bai|goodbye"
            "|good bye|see you|chúc ngủ ngon|ngủ ngon|chúc bạn ngủ ngon|chúc một ngày tốt lành"
            "|chúc bạn một ngày tốt lành|chúc ngày mới tốt lành"
        ),
    ),
    (
        "thanks",
        Phrases.of(
            "cảm ơn|cám ơn|xin cảm ơn|xin cám ơn|xin chân thành cảm ơn|chân thành cảm ơn"
            "|cảm ơn nhiều|đa tạ|biết ơn|thanks|thank|thank you|thank you so much|thanks you|tks"
            "|thks|thanh kiu|thx|ty|camon|cảm ơn vì đã giúp|cảm ơn đã giúp|cảm ơn vì thông tin"
        ),
    ),
    (
        "greeting",
        Phrases.of(
            "chào|xin chào|kính chào|chào buổi sáng|chào buổi trưa|chào buổi chiều|chào buổi tối"
            "|hello|helo|hi|hey|hallo|alo|a lô|good morning|good afternoon|good evening"
            "|bạn khỏe không|bạn có khỏe không|có ai ở đó không|có ai ở đây không|bạn ơi|ad ơi"
            "|bot ơi|rất vui được gặp bạn|rất vui được làm quen"
        ),
    ),
    (
        "filler",
        Phrases.of(
            "ok|oke|okie|okay|okey|oki|okla|k|vâng|dạ|dạ vâng|vâng dạ|ừ|ừm|ừ nhỉ|uh|uhm|um|ờ|à|ồ"
            "|ô|ôi|wow|ủa|hm|hmm|haha|hihi|hehe|hay|hay quá|hay đấy|hay đó|hay thế|hay thật|hay lắm"
            "|hay ghê|tốt|tốt quá|tốt lắm|giỏi|giỏi quá|giỏi lắm|tuyệt|tuyệt quá|tuyệt vời"
            "|tuyệt thật|chuẩn|chuẩn rồi|chính xác|đúng|đúng rồi|đúng vậy|đúng thế|được|được rồi"
            "|được đấy|được thôi|hiểu|hiểu rồi|tôi hiểu|tôi hiểu rồi|đã hiểu|tôi biết rồi|biết rồi"
            "|rõ|đã rõ|rõ rồi|nhất trí|đồng ý|thế à|thế hả|thế ư|vậy à|vậy hả|vậy sao|thế sao"
            "|thật à|thật hả|thật sao|thật vậy|ra vậy|ra thế|ra là vậy|ra là thế|thế thôi"
            "|vậy thôi"
            "|thế là đủ|vậy là đủ|vậy là được|thế là được|thôi|thôi được|thôi được rồi|xong"
            "|xong rồi"
            "|không có gì|không sao|không sao đâu|chẳng sao|tạm ổn|ổn|ổn rồi|bất ngờ thật"
            "|thú vị|thú vị thật|thú vị quá|yes|yeah|yep|no|nice|great|good|cool|rất tốt|rất hay"
            "|hữu ích|rất hữu ích|hữu ích quá|quá hay|quá tốt|quá tuyệt|tiếc quá|tiếc nhỉ|buồn quá"
            "|buồn nhỉ|khá hay|khá tốt|thế nhé|vậy nhé|vậy thế"
        ),
    ),
)
# Whole answers of one word; inside a longer clause they ask ("có … không?").
_ALONE = Phrases.of("có|không|chưa|rồi|không cần|không cần đâu")
# What goes along with any of these and says nothing alone.
_PARTICLES = Phrases.of(
    "ạ|á|nhé|nha|nhá|nhỉ|nhen|nghe|nhiều|rất nhiều|nhiều lắm|lắm|quá|thật|ghê|đó|đấy|rồi|vậy|thế"
    "|bạn|bạn ơi|các bạn|mọi người|anh|chị|em|cô|chú|bác|ông|bà|ad|admin|bot|chatbot|bạn bot"
    "|trợ lý|cả nhà|mình|tôi|vì|đã|giúp|giúp đỡ|trả lời|thông tin|câu trả lời|hỗ trợ|về|sự"
    "|của|so much|very much|you|there|thôi|luôn|nào|thì|và|xin|rất|nha bạn|đi|đây"
)
_CLAUSE_ENDS = re.compile(r"[.,;:!?…\n()~–—-]+")
_NEXT_QUESTION = Phrases.of("còn|thế còn|vậy còn|thế|vậy")


def small_talk_kind(text: str) -> SmallTalk | None:
    """What kind of small talk the WHOLE text is; None if any part of it may ask something.

    With marks, without, and with some of them; `Cảm ơn, còn ở Quảng Ninh?` is a question.
    """
    kinds: set[SmallTalk] = set()
    for clause in _CLAUSE_ENDS.split(normalise(text)):
        found = _kinds_in([word.text for word in syllables(clause)])
        if found is None:
            return None
        kinds |= found
    return next((kind for kind, _ in _KINDS if kind in kinds), None)


def without_small_talk(text: str) -> str:
    """The text without the small talk that it opens with (`Cảm ơn, …`, `ok còn …`).

    Unchanged where nothing would be left.
    """
    ends = [match.end() for match in _CLAUSE_ENDS.finditer(text)]
    words = syllables(text)
    spelled, is_marked = [word.text for word in words], _is_marked(text)
    ends += [
        word.start
        for place, word in enumerate(words)
        if _NEXT_QUESTION.length_at(spelled, place, is_marked)
    ]
    for end in sorted(ends, reverse=True):
        if syllables(text[end:]) and small_talk_kind(text[:end]):
            return text[end:].lstrip()
    return text


def _is_marked(text: str) -> bool:
    spelled = canonical(text)
    return spelled != fold(spelled)


def _kinds_in(words: list[str]) -> set[SmallTalk] | None:
    """The kinds of a clause, none if it is empty; None if a word of it belongs to no phrase."""
    is_marked = any(word != fold(word) for word in words)
    kinds: set[SmallTalk] = set()
    if words and _ALONE.length_at(words, 0, is_marked) == len(words):
        return {"filler"}
    position = 0
    while position < len(words):
        lengths = {kind: phrases.length_at(words, position, is_marked) for kind, phrases in _KINDS}
        kind = max(lengths, key=lambda kind: lengths[kind])
        particle = _PARTICLES.length_at(words, position, is_marked)
        taken = max(lengths[kind], particle)
        if not taken:
            return None
        if lengths[kind] >= particle:
            kinds.add(kind)
        position += taken
    return kinds
