"""What a passage must hold before it may answer a question at all.

Similar wording is not evidence. A figure of another year, another province or another
office reads almost the same, and is wrong.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from itertools import pairwise

from bot.demands import Demands, people_in
from bot.period_evidence import is_of_another_period as is_of_another_period
from bot.period_evidence import is_of_period as is_of_period
from retrieval.gazetteer import load
from retrieval.schema import Hit, Query
from retrieval.successions import of_successor
from retrieval.text import canonical, fold, syllables


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of question.

    Attributes:
        asked: how it is asked, in canonical spelling.
        held: what its answer holds.
        noun: what is counted (its first syllable), if that must stand near the number.
        is_count: a number is asked for.
        is_person: a person is asked for.
        is_role: what a person is, is asked for.
        is_list: every item is asked for.
        is_time: a day or year is asked for.
    """

    asked: str
    held: str
    noun: str | None = None
    is_count: bool = False
    is_person: bool = False
    is_role: bool = False
    is_list: bool = False
    is_time: bool = False

    def holds(self, sentence: str) -> bool:
        """Whether a sentence holds what is asked for."""
        if self.is_count:
            sentence = _NO_QUANTITY.sub(lambda match: " " * len(match[0]), sentence)
        if self.noun is None:
            return bool(re.search(self.held, canonical(sentence)))
        words = syllables(sentence)
        numbers = [n for n, word in enumerate(words) if re.search(self.held, word.text)]
        # `văn` is not `vận`, unless the question was typed without marks.
        spelled = fold if self.noun == fold(self.noun) else str
        nouns = [n for n, word in enumerate(words) if spelled(word.text) == self.noun]
        return any(
            noun - _WORDS_BEFORE <= number < noun
            or (
                noun < number <= noun + _WORDS_AFTER
                and "," not in sentence[words[noun].start : words[number].start]
            )
            for noun in nouns
            for number in numbers
        )


# How far a number may stand from what it counts: "53 mô hình", "4 lượt tập thể",
# "tinh giản được biên chế (12,54%)".
_WORDS_BEFORE = 3
_WORDS_AFTER = 4

# Digits and number words that count nothing: ordinals, days, signs of documents.
_NO_QUANTITY = re.compile(
    r"\b[Tt]hứ (?:hai|ba|tư|năm|sáu|bảy|tám|chín|mười|nhất|nhì|\d+)\b"
    r"|\b(?:ngày|sáng|trưa|chiều|tối|đêm|hôm|đến) \d{1,2}[/-]\d{1,2}\b"
    r"|\b[A-Z]{2,}-\d+\b|\b\d{1,2}[/-]\d{1,2}[/-]\d{4}\b|\b\d+(?:/\d{4})?[-/][A-ZĐ][\w/-]*"
)
_HOW_MANY = Kind(
    asked=r"\bbao nhiêu\b|\bmấy\b(?! (?:năm|ngày|hôm) (?:nay|qua))|\bbao lâu\b|\bbao xa\b",
    held=r"\d|\b(?:một|hai|ba|bốn|sáu|bảy|tám|chín|mười|nửa|trăm|nghìn)\b",
    is_count=True,
)
_KINDS = (
    _HOW_MANY,
    # in which office
    Kind(
        asked=r"\b(?:giữ|làm|đảm nhiệm|đảm nhận)? ?(?:chức vụ|chức danh|vị trí) (?:gì|nào)\b",
        held=r"\b(?:bí thư|chủ tịch|trưởng|phó|giám đốc|ủy viên|bộ trưởng|thứ trưởng|thủ tướng)\b",
        is_role=True,
    ),
    # when
    Kind(
        asked=r"\bkhi nào\b|\b(?:ngày|năm|tháng|thời gian|lúc|thời điểm) nào\b|\bbao giờ\b"
        r"|\b(?:ngày|tháng|năm|hôm) mấy\b",
        held=r"\d[/-]\d|\b(?:ngày|tháng|năm|tuần|giờ|sáng|chiều|tối|đêm|hôm|khi|sau|trước) \w"
        r"|\b(?:19|20)\d\d\b|\b\d+ (?:giờ|ngày|tháng|năm|tuần|tuổi)\b",
        is_time=True,
    ),
    # who
    Kind(
        asked=r"\bai\b|\b(?:người|đồng chí|ông|bà|lãnh đạo|bác sĩ|bí thư|chủ tịch|bộ trưởng"
        r"|thứ trưởng|thủ tướng|giám đốc|trưởng ban) nào\b|\btên (?:là )?gì\b",
        held=r"\b(?:đồng chí|ông|bà|anh|chị|bác sĩ|giáo sư|tiến sĩ|chủ tịch|bí thư|giám đốc)\b",
        is_person=True,
    ),
    # which ones, all of them
    Kind(
        asked=r"\b(?:những|các) .*\b(?:nào|gì)\b"
        r"|\b(?:hạn chế|nhiệm vụ|giải pháp|kết quả|khó khăn) .*\bgì\b",
        held=r";|,.*,|\bnhư:|\bgồm\b",
        is_list=True,
    ),
)
# Without diacritics "mấy" is also "máy" and "may", which stand before these.
_NO_COUNT = re.compile(r"\bmay (?:man|bay|tinh|moc|chup|phat|bom|do|quay|giat|lanh|tho)\b")
_COUNTED = r"(?:bao nhiêu|(?<!thứ )mấy) (?!phần trăm|là\b|thì\b|lần\b|so (?:với|cùng)\b)(\w+)"
_MONEY = frozenset({"dong", "ty", "trieu", "tien"})
_AMOUNT = r"\d[\d.,]*\s*(?:nghìn|ngàn|triệu|tỷ|tỉ|đồng|usd|đô la)"
# Measures and words for people are put in many ways ("kg" for "kí", "bệnh nhân" for "người"),
# so for them a number anywhere in the sentence will do.
_LOOSE_NOUNS = frozenset(
    "người ca con đứa lần tiếng giờ phút giây ngày tháng năm tuần lâu tuổi kg kí ký cân "
    "tấn đồng tiền tỷ triệu mét km ha phần điểm trong bệnh loại vụ trẻ thời vào khi sau "
    "để ở tại".split()
)


def question_kind(question: str) -> Kind | None:
    """The kind of a question in any spelling; None where its form does not tell."""
    plain = canonical(question)
    is_folded = question == fold(question)
    spelled = fold if is_folded else str
    if is_folded:
        plain = _NO_COUNT.sub(" ", plain)
    kind = next((kind for kind in _KINDS if re.search(spelled(kind.asked), plain)), None)
    counted = re.search(spelled(_COUNTED), plain) if kind is _HOW_MANY else None
    if kind and counted and fold(counted[1]) in _MONEY:
        return replace(kind, held=_AMOUNT)
    if kind and counted and counted[1] not in set(map(spelled, _LOOSE_NOUNS)):
        return replace(kind, noun=counted[1])
    return kind


def is_about(query: Query, hit: Hit, demands: Demands) -> bool:
    """Whether the hit can be evidence: it is of the question's place and time and names what
    the question names."""
    article = hit.article
    return (
        is_of_place(query, hit)
        and is_of_period(query, hit)
        and demands.met_by_passage(f"{article.title}. {hit.passage.text}")
        and demands.met_by_article(f"{article.title}. {article.text}")
    )


def is_of_place(query: Query, hit: Hit) -> bool:
    """Whether the hit is of a province of the question, or names one, and names its districts.

    True where the question names no place. A province reaches those that were merged into it:
    a question about today's Thái Nguyên may mean the former Bắc Kạn.
    """
    article = hit.article
    around = f"{article.title}. {hit.passage.text}"
    lead = _plain(f"{around} {article.text[:_LEAD]}")
    if not all(_bare_name(district) in lead for district, _ in query.districts):
        return False
    if not query.provinces or article.province in query.reached:
        return True
    # "tin Bắc Kạn tháng 9/2025": of that time there is only the news of what it belongs to now.
    if any(s.covers(article.province, article.date) for s in query.filters.successors):
        return True
    if of_successor(query.successors, article, hit.passage):
        return True
    return not _provinces(around).isdisjoint(query.provinces)


# Characters of an article's beginning, where it says which district it is about.
_LEAD = 400
_KIND_OF_DISTRICT = re.compile(r"^(?:huyen|quan|thanh pho|thi xa|t ?p|t ?x|h|q)\b\.? *")


def _bare_name(district: str) -> str:
    """`huyện Ba Bể` may be `Ba Bể` elsewhere; `quận 1` stays whole."""
    plain = _plain(district)
    bare = _KIND_OF_DISTRICT.sub("", plain)
    return plain if bare.isdecimal() else bare


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
        rf"\d\s*{unit[1]}\b|\b(?:mot|hai|ba|bon|nam|sau|bay|tam|chin|muoi|tram|nghin) {unit[1]}\b",
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
    wants_name = _WANTS_NAME.search(fold(canonical(query.text)))
    return not wants_name or bool(_ANY_NAME.search(sentence))


# A name: capitals inside a sentence, or two at its beginning.
_ANY_NAME = re.compile(
    r"(?<=[\w,;:“\"(] )[“\"]?[A-ZĐÂÊÔƠƯÁÀÍÓÚÝẤẦ]\w|^\W*[A-ZĐ]\w+(?: [A-ZĐÂÊÔƠƯ]\w+)+"
)
# A person is told by a name where the question asks for it.
_WANTS_NAME = re.compile(r"\bten (?:la )?gi\b|\bla ai\b|\bdo ai\b|^ai\b|\bnhung ai\b")
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
            number >= first - _WORDS_AFTER
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


def _plain(text: str) -> str:
    return " ".join(fold(canonical(text)).split())


def _provinces(text: str) -> set[str]:
    return {name for mention in load().find_places(text) for name in mention.names}
