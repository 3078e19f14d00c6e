"""Whether a sentence tells what is asked: the figure, the day, the name, the one it was."""

from __future__ import annotations

import re
from itertools import pairwise

from bot.demands import Demands
from bot.kinds import WORDS_AFTER, Kind
from bot.people import people_in
from retrieval.schema import Query
from retrieval.text import canonical, fold, syllables


def can_answer(query: Query, kind: Kind | None, demands: Demands, sentence: str) -> bool:
    """Whether a sentence can be the answer itself: it holds the number or the office asked for.

    "Thu ngân sách tăng 1.000 tỷ đồng, thu nhập bình quân đầu người tăng" has a number, but none
    for the income; and who the deputy minister is, is not said by what somebody else asked of
    the ministry.
    """
    if not _names_which(query, sentence):
        return False
    if _WANTS_PHONE.search(fold(canonical(query.text))):
        return bool(re.search(r"\d[\d .]{7,}\d", sentence))
    if kind is None:
        return True
    if kind.is_person or kind.is_role:
        return _says_who(query, kind, demands, sentence)
    if kind.is_time:
        return _says_when(query, sentence)
    if not kind.is_count:
        return True
    plain = fold(canonical(query.text))
    change = _CHANGE.search(plain)
    if change and not re.search(rf"\b{change[1]}\b", fold(canonical(sentence))):
        return False
    if (unit := _UNIT.search(plain)) and not re.search(
        rf"\d\s*(?:(?:nghin|ngan|trieu|ty|ti)\s+)?{unit[1]}\b"
        rf"|\b(?:mot|hai|ba|bon|nam|sau|bay|tam|chin|muoi|tram|nghin) {unit[1]}\b",
        fold(canonical(sentence)),
    ):
        return False
    measured = _MEASURED.search(plain)
    if measured and measured[1] not in {word.text for word in syllables(fold(sentence))}:
        return False
    wants_figure = _FIGURE_OF_SUBJECT.search(plain)
    return kind.holds(sentence) and (not wants_figure or _counts_subject(query, kind, sentence))


# "năm nào", "ngày mấy": a day of the calendar; "khi nào" may be answered by an event.
_CALENDAR = re.compile(r"\b(?:ngay|thang|nam|hom) (?:nao|may)\b")


_DATED = re.compile(
    r"\d[/.-]\d|\b(?:ngay|thang|nam|mung|mong|hom) (?:\d|nay|qua|sau|truoc)|\b(?:19|20)\d\d\b"
)


def _says_when(query: Query, sentence: str) -> bool:
    """Whether a sentence has a day or year beside those of the question, where one is asked for."""
    if not _CALENDAR.search(fold(canonical(query.text))):
        return True
    told = fold(canonical(sentence))
    for period in query.periods:
        told = told.replace(fold(canonical(period.text)), " ")
    return bool(_DATED.search(told))


# What has a name of its own, so that "huyện nào" is answered by "huyện Na Rì" alone.
_NAMEABLE = (
    r"(huyện|xã|phường|quận|tỉnh|thành phố|thị xã|thôn|xóm|ấp|đồn|bệnh viện|công ty|doanh nghiệp"
    r"|ngân hàng|sàn|luật|bộ luật|nghị định|nghị quyết|thông tư|văn bản|quyết định|chỉ thị|đơn vị)"
)


_SHORT_NOUNS = {"thanh pho": "tp", "thi xa": "tx", "benh vien": "bv"}


_WHICH = rf"\b{_NAMEABLE}(?: (?!pháp|trạng|tình)\w+){{0,2}} nào\b"


def _names_which(query: Query, sentence: str) -> bool:
    """Whether a sentence that is to say which one it was names any."""
    spelled = fold if query.is_folded else str
    asked = re.search(spelled(_WHICH), spelled(canonical(query.text)))
    if not asked:
        return True
    noun = _SHORT_NOUNS.get(fold(asked[1]), asked[1])
    for match in re.finditer(rf"\b(?:{asked[1]}|{noun})\b", spelled(canonical(sentence))):
        behind = sentence[match.end() : match.end() + _NAME_REACH]
        if any(character.isupper() or character.isdigit() for character in behind):
            return True
    return False


# Characters behind "huyện" in which its name begins ("các xã, phường của thành phố Bắc Kạn").
_NAME_REACH = 25


def _says_who(query: Query, kind: Kind, demands: Demands, sentence: str) -> bool:
    """Whether a sentence names the person, or says what the named person is."""
    if not demands.offices_held(sentence):
        return False
    if asks_role(query, kind, demands):
        return demands.says_role(sentence)
    if not demands.acts_held(sentence):
        return False
    if demands.names_office:
        return bool(people_in(sentence) or _ADDRESSED.search(sentence))
    plain = fold(canonical(query.text))
    wants_name = _WANTS_NAME.search(plain) and not _WANTS_GROUP.search(plain)
    return not wants_name or bool(_ANY_NAME.search(sentence))


# A name: capitals inside a sentence, or two at its beginning.
_ANY_NAME = re.compile(
    r"(?<=[\w,;:“\"(] )[“\"]?[A-ZĐÂÊÔƠƯÁÀÍÓÚÝẤẦ]\w|^\W*[A-ZĐ]\w+(?: [A-ZĐÂÊÔƠƯ]\w+)+"
)


# A person is told by a name where the question asks for it.
_WANTS_NAME = re.compile(r"\bten (?:la )?gi\b|\bla ai\b|\bdo ai\b|^ai\b|\bnhung ai\b")


# "Ai được hưởng chính sách này?", "Những ai nên tiêm?": a kind of people, without names.
_WANTS_GROUP = re.compile(
    r"\bai (?:nen|khong nen|de|co nguy co|can|phai|hay|thuong|du dieu kien|se la nguoi"
    r"|la doi tuong|duoc (?:huong|phep|mien|giam|ho tro|uu tien|vay))\b"
)


_ADDRESSED = re.compile(
    r"\b(?:[Ôô]ng|[Bb]à|[Aa]nh|[Cc]hị|[Cc]ô|[Cc]hú|[Bb]ác|[Cc]ụ|[Tt]hầy|[Đđ]ồng chí|[Bb]ác sĩ|"
    r"[Tt]iến sĩ|[Gg]iáo sư|[Tt]á|[Uu]ý|[Gg]ià) [A-ZĐÀ-Ỵ]"
)


def asks_role(query: Query, kind: Kind | None, demands: Demands) -> bool:
    """`Bà Phương Thị Thanh là ai?`, `Ông Hưởng giữ chức vụ gì?`"""
    if kind is None or not demands.names_person:
        return False
    return kind.is_role or bool(kind.is_person and _WHO_IS.search(fold(canonical(query.text))))


_WHO_IS = re.compile(r"\bla ai\W*$")


_WANTS_PHONE = re.compile(r"\bso (?:dien thoai|hotline)\b|\bduong day nong\b")


# A quantity is told in its unit.
_UNIT = re.compile(r"\b(?:bao nhieu|may) (ha|tan|ta|kg|km|met|lit)\b")


# "bao nhiêu tấn gà" is not told by tonnes of something else.
_MEASURED = re.compile(
    r"\b(?:bao nhieu|may) (?:tan|ta|kg|ha|hecta|con|cay|lit|bo|cuon|suat|can|chiec)"
    r" (?!duoc|la|da|cua|o|tai|trong|mot|moi|va|thi|co|bi|cho|so|de|mua)([a-z]+)"
)


# By how much something grew is not how much it is.
_CHANGE = re.compile(r"\b(tang|giam|vuot|cao hon|thap hon)\b(?: \w+){0,2} bao nhieu\b")


# "… là bao nhiêu?", "… tăng bao nhiêu phần trăm so với năm trước?"; not "bao nhiêu người".
_FIGURE_OF_SUBJECT = re.compile(
    r"\bbao nhieu(?: phan tram| tien|(?: (?:ty|trieu|nghin|ngan))? dong)?"
    r"(?: so (?:voi|cung)\b.*)?\W*$"
)


def _counts_subject(query: Query, kind: Kind, sentence: str) -> bool:
    """Whether a number follows what the question is about, or stands right before it."""
    spelled = fold if query.text == fold(query.text) else str
    asked = [spelled(word.text) for word in syllables(without_places(query))]
    words = syllables(sentence)
    pairs = set(pairwise(asked))
    about = [n for n, pair in enumerate(pairwise(spelled(w.text) for w in words)) if pair in pairs]
    numbers = [
        n
        for n, word in enumerate(words)
        if re.search(kind.held, word.text) and spelled(word.text) not in asked
    ]
    if not about:
        return False
    first = about[0]
    return any(
        number > first
        or (
            number >= first - WORDS_AFTER
            and not re.search("[,;]", sentence[words[number].end : words[first].start])
        )
        for number in numbers
    )


def without_places(query: Query) -> str:
    """The question in canonical spelling without the names of its provinces."""
    text = canonical(query.text)
    for province in query.provinces:
        for name in (canonical(province), fold(canonical(province))):
            text = text.replace(name, " ")
    return text
