"""What the words of a question do: which ask, which lean on an earlier question, which tell."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from retrieval.phrases import Phrases
from retrieval.question_slots import Slot
from retrieval.text import fold, syllables

# What asks for a thing in a place, so that a place alone completes it ("Bắc Kạn ở đâu?").
_ASKS_OF_PLACE = Phrases.of("ở đâu|tại đâu|đâu|gì|là gì|những gì|cái gì|gì mới|gì hay")
# What asks how much or how of the earlier matter ("Quảng Ninh thế nào?").
_ASKS_HOW = Phrases.of("bao nhiêu|mấy|thế nào|như thế nào|ra sao|sao|làm sao")
# What a time of its own completes ("Quý I là tháng nào?").
_ASKS_OF_TIME = Phrases.of(
    "bao giờ|khi nào|lúc nào|lúc mấy giờ|mấy giờ|ngày nào|ngày mấy|ngày gì|thứ mấy|tháng mấy"
    "|năm nào|năm mấy|tháng nào"
)
_ASKS = Phrases.of(
    "ai|nào|báo nào|bao lâu|vì sao|tại sao|do đâu"
    "|nhờ đâu"
    "|hay không|có không|không|chưa|phải không|đúng không|có đúng không|có phải không"
    "|nơi nào|nhờ ai|của ai|do ai|bằng cách nào"
)
# What nearly any event or programme has; even with a place it needs to be told of what.
_ASPECTS = Phrases.of(
    "nguyên nhân|giải pháp|hạn chế|khó khăn|thuận lợi|tồn tại|vướng mắc|ưu điểm|nhược điểm"
    "|khuyết điểm|kết quả|thành tích|thành tựu|thành công|mục tiêu|nhiệm vụ|nội dung|địa điểm"
    "|thời gian|thời điểm|thời hạn|kinh nghiệm|bài học|ý nghĩa|mục đích|lý do|lí do|hậu quả"
    "|hệ quả|tác động|ảnh hưởng|vai trò|chủ đề|phương hướng|phương án|kế hoạch|tiến độ|đối tượng"
    "|thành phần|đánh giá|xếp hạng|xếp thứ|thứ hạng|biện pháp|cách làm|cách thức|điều kiện"
    "|yêu cầu|tiêu chí|hiệu quả|chất lượng|thực trạng|tình hình|đặc điểm|điểm mới|điểm nổi bật"
    "|chủ trì|tham dự|tham gia|dự|có mặt|phát biểu|chỉ đạo|tổ chức|diễn ra|bắt đầu|kết thúc"
    "|khai mạc|bế mạc|thực hiện|triển khai|hoàn thành|phụ trách|chịu trách nhiệm|ký|ban hành"
    "|đề xuất|kiến nghị|nói|nêu|nhấn mạnh|đề nghị|quyết định|công bố|trao|trao tặng|tặng|nhận"
    "|kéo dài|mất|tốn|đưa tin|đăng tin|xong|hoạt động|lấy|ví dụ|chi tiết|số liệu"
    "|dẫn chứng|nguồn|làm"
)
# What a place of its own completes: its measures, posts and events ("Diện tích Hậu Giang").
_MATTERS = Phrases.of(
    "sản lượng|số lượng|khối lượng|diện tích|năng suất|doanh thu|doanh số|lợi nhuận|giá trị"
    "|giá bán|giá thành|giá cả|kinh phí|chi phí|kim ngạch|tổng vốn|vốn|vốn vay|mức đầu tư"
    "|tổng mức đầu tư|tổng vốn đầu tư|vốn đầu tư|dư nợ"
    "|nợ xấu|lãi suất|tỷ lệ|tỉ lệ|mức|mức độ|mức tăng|mức giảm|tốc độ|quy mô|thu nhập|số tiền"
    "|tổng số|tổng số tiền|tổng kinh phí|tổng chi phí|tổng sản lượng|tổng giá trị|tổng diện tích"
    "|tổng|tổng cộng|điểm số|số điểm|tổng điểm|quân số|thời lượng|chiều dài"
    "|chiều rộng|chiều cao|độ dài|công suất|ngân sách|học phí|giá vé|mức phí|mức phạt|số người"
    "|số hộ|số ca|số vụ|số thu|số chi|mức thu|mức chi|tiền thưởng|giải thưởng|phần thưởng"
    "|hội nghị|hội thảo|hội thi|cuộc thi|hội chợ|hội diễn|hội đàm|buổi lễ|buổi họp"
    "|buổi làm việc|buổi|cuộc họp|cuộc|lễ|lễ hội|đại hội|phiên họp|phong trào|mô hình|dự án"
    "|chương trình|đề án|chiến dịch|đợt|đoàn|trưởng đoàn|phó đoàn|phó trưởng đoàn"
    "|trưởng ban|phó ban|phó trưởng ban|ban tổ chức|chủ tịch|phó chủ tịch|bí thư|phó bí thư"
    "|giám đốc|phó giám đốc|tổng giám đốc|hiệu trưởng|lãnh đạo|người đứng đầu|người phát ngôn"
    "|người chủ trì|chủ tọa|diễn giả|đại diện|đại biểu|thư ký|đội trưởng|tác giả|chủ đầu tư"
    "|nhà thầu|đơn vị thi công|đơn vị tổ chức|cơ quan chủ trì|khách mời|thành viên|nhân vật"
    "|người thắng|đơn vị|cơ quan|đồng chí"
)
# Asks for the same answer again, at greater length.
_MORE = Phrases.of(
    "cụ thể|cụ thể hơn|chi tiết hơn|rõ hơn|kỹ hơn|kĩ hơn|đầy đủ hơn|sâu hơn|nói rõ|nói rõ hơn"
    "|nói thêm|nói tiếp|nói cụ thể|nói cụ thể hơn|nói chi tiết|nói chi tiết hơn|kể thêm|kể rõ"
    "|kể rõ hơn|kể tiếp|thêm thông tin|thông tin thêm|thêm chi tiết|thêm nữa|giải thích thêm"
    "|giải thích rõ|giải thích rõ hơn|giải thích|phân tích thêm|phân tích|trình bày thêm"
    "|tiếp|thêm đi"
)
# Compares the answer ("tăng hay giảm?"); of nothing that the question itself names.
_DEGREES = Phrases.of(
    "tăng|giảm|tăng lên|giảm đi|dài|rộng|nặng|sâu|xa|lâu|cao|thấp|nhiều|ít|lớn|nhỏ|tốt|xấu"
    "|nhanh|chậm|hơn|nhất|kém|so với"
    "|so|so sánh với|khác nhau|giống nhau"
)
_LITTLE = Phrases.of(
    "là|thì|mà|và|của|ở|tại|trong|vào|cho|về|với|đối với|đến|từ|bằng|như|các|những|một"
    "|được|bị|do|bởi|để|trên|dưới|có|đã|sẽ|đang|cũng|lại|còn|nữa|thêm|khác|theo|sau|trước|vậy|thế"
    "|à|ạ"
    "|nhỉ|hả|nhé|đi|đó|ấy|này|kia|đấy|cả|tất cả|toàn bộ|mỗi|từng|chỉ|đều|rất"
    "|hay|hoặc|bao gồm|gồm|đạt|quan trọng"
    "|chính|chủ yếu|phần lớn|nổi bật|cụ thể|ngày|tháng|năm|quý|tuần|giờ|lúc|khi|nơi|cái|số"
    "|điều|việc|người|hộ|lần|phần|phần trăm|tiền|được không|được chứ|có được không|đồng|triệu|tỷ"
    "|triệu đồng|tỷ đồng|nghìn|tấn|ha|mét"
    "|km|lượt|tiếp theo|vì|nhờ|giúp|cần|tôi|mình|bạn|cho tôi|cho biết|cho hỏi"
    "|hãy|xin|biết|nhau"
)
# Leads to the place or time after it, or names its kind; alone it is a matter of its own.
_BEFORE_SLOT = Phrases.of("tỉnh|thành phố|tp|t p|huyện|xã|bên|phía|trên báo|báo|hồi|đoạn|giai đoạn")
_STILL = Phrases.of(
    "còn|còn về|còn đối với|còn như|thế còn|vậy còn|rồi còn|thế còn về|vậy còn về|nhưng còn|à còn"
)
_THEN = Phrases.of("thế|vậy|rồi|hay|thế thì|vậy thì|nhưng|hay là|vậy là|thế là|à")
_SO_WHAT = Phrases.of("thì sao|thì thế nào|thì như thế nào|thì ra sao|thì làm sao")
_PARTICLES = Phrases.of("vậy|a|ạ|à|nhỉ|hả|nhé|nha|đi|bạn|ad|thế|ta")

_KINDS = {
    "of_place": _ASKS_OF_PLACE,
    "of_time": _ASKS_OF_TIME,
    "how": _ASKS_HOW,
    "ask": _ASKS,
    "aspect": _ASPECTS,
    "matter": _MATTERS,
    "more": _MORE,
    "degree": _DEGREES,
    "little": _LITTLE,
}
ASKING = frozenset({"of_place", "of_time", "how", "ask"})


@dataclass(frozen=True, slots=True)
class Words:
    """A question taken apart.

    Attributes:
        own: syllables that tell what the question is about, by their canonical form.
        kinds: of the other phrases, in order: keys of `_KINDS`.
        start, end: characters of the question without what leads it in and out
            (`còn`, `thế thì`; `thì sao`).
        is_still: it opens with `còn`. Without marks that may also be another word (`con`).
        is_so_what: it ends in `thì sao`.
    """

    own: tuple[str, ...]
    kinds: tuple[str, ...]
    start: int
    end: int
    is_still: bool
    is_so_what: bool

    @property
    def asks(self) -> bool:
        return not ASKING.isdisjoint(self.kinds)


def read_words(text: str, slots: Sequence[Slot]) -> Words:
    """The words of a typed question; those of its slots count for nothing."""
    words = syllables(text)
    is_slot = [any(s.start < w.end and w.start < s.end for s in slots) for w in words]
    # A slot's words can not be part of a phrase.
    spelled = ["" if inside else word.text for word, inside in zip(words, is_slot, strict=True)]
    is_marked = any(word != fold(word) for word in spelled)
    last, is_so_what = _closing(spelled, is_marked)
    first, is_still = _opening(spelled[:last], is_marked, is_so_what)
    own: list[str] = []
    kinds: list[str] = []
    position = first
    while position < last:
        kind, taken = _phrase_at(spelled[:last], position, is_marked)
        if kind:
            kinds.append(kind)
        elif spelled[position]:
            own.append(spelled[position])
        position += taken
    start = words[first].start if first < len(words) else len(text)
    end = words[last - 1].end if last < len(words) and last else len(text)
    return Words(tuple(own), tuple(kinds), start, max(start, end), is_still, is_so_what)


def _phrase_at(words: Sequence[str], start: int, is_marked: bool) -> tuple[str, int]:
    """The kind of the longest phrase, or "", and how many words it or the word there takes."""
    lead = _BEFORE_SLOT.length_at(words, start, is_marked)
    if lead and words[start + lead : start + lead + 1] == [""]:
        return "little", lead
    lengths = {kind: listed.length_at(words, start, is_marked) for kind, listed in _KINDS.items()}
    kind = max(lengths, key=lambda kind: lengths[kind])
    return (kind, lengths[kind]) if lengths[kind] else ("", 1)


def _closing(words: Sequence[str], is_marked: bool) -> tuple[int, bool]:
    """Where `thì sao` stands at the end, with the particles after it."""
    for start in range(max(0, len(words) - 6), len(words)):
        taken = _SO_WHAT.length_at(words, start, is_marked)
        after = start + taken
        while after < len(words) and taken:
            if not (step := _PARTICLES.length_at(words, after, is_marked)):
                break
            after += step
        if taken and after == len(words):
            return start, True
    return len(words), False


def _opening(words: Sequence[str], is_marked: bool, is_so_what: bool) -> tuple[int, bool]:
    """How many words lead in, and whether `còn` is among them.

    `thế` and its like only where words follow that lean on them: not in `Thế vận hội`. `con`
    beside words with marks is a child, but before a place or in `con … thì sao`.
    """
    if not words:
        return 0, False
    still = _STILL.length_at(words, 0, is_marked)
    if not still and words[0] == "con" and (is_so_what or _leads_to_slot(words[1:])):
        still = 1
    if still:
        return still, True
    asked, _ = _phrase_at(words, 0, is_marked)
    taken = _THEN.length_at(words, 0, is_marked)
    if not taken or asked in ASKING or taken == len(words):
        return 0, False
    leans = words[taken] == "" or bool(_phrase_at(words, taken, is_marked)[0])
    return (taken if leans else 0), False


def _leads_to_slot(words: Sequence[str]) -> bool:
    """`ở Quảng Ninh`, `Quảng Ninh`; a slot's words are empty."""
    place = next((place for place, word in enumerate(words) if not word), None)
    return place is not None and all(fold(word) in _TO_PLACE for word in words[:place])


_TO_PLACE = frozenset("o tai cua ve tinh huyen ben tp thanh pho doi voi trong nam thang".split())


def without_asking(text: str) -> str:
    """A question without the phrases that ask, nor the `có`, `là`, `gồm` before one at its end."""
    words = syllables(text)
    spelled = [word.text for word in words]
    is_marked = any(word != fold(word) for word in spelled)
    asking = [_KINDS[kind] for kind in sorted(ASKING)]
    kept, position, place = "", 0, 0
    while place < len(words):
        taken = max(listed.length_at(spelled, place, is_marked) for listed in asking)
        if taken and (spelled[place] not in _ASK_LAST or place + taken == len(words)):
            before = text[position : words[place].start]
            # "có bao nhiêu tổ" is still "có tổ"; "có gì mới" says nothing more.
            is_last = place + taken == len(words)
            led = _led_by(spelled, place, is_marked) if is_last else 0
            if led and words[place - led].start >= position:
                before = text[position : words[place - led].start]
            kept += before
            position = words[place + taken - 1].end
        place += taken or 1
    return kept + text[position:]


# They ask at the end only; elsewhere they deny, or are part of another word.
_ASK_LAST = frozenset({"không", "khong", "chưa", "chua", "sao", "đâu", "dau"})
_LEADS_TO_ASKING = Phrases.of("có|là|gồm|được|còn có|còn|có những|gồm những|những|đạt")


def _led_by(words: Sequence[str], place: int, is_marked: bool) -> int:
    """How many words before an asking phrase go with it; `còn` stays (`còn hạn chế`)."""
    for length in (2, 1):
        start = place - length
        if start >= 0 and _LEADS_TO_ASKING.length_at(words[:place], start, is_marked) == length:
            return length
    return 0
