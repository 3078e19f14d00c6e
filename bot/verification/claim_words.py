"""Vietnamese words that matter when a sentence is held against its source."""

from __future__ import annotations

NEGATIONS = frozenset("không chưa chẳng đừng".split())

ADDRESSES = frozenset("ông bà anh chị em cô chú bác cụ đồng chí thầy".split())

# What claims more than the rest of the sentence; each must be in the source.
FAR_REACHING = tuple(
    tuple(phrase.split())
    for phrase in (
        "mọi|tất cả|toàn bộ|chắc chắn|luôn|hoàn toàn|duy nhất|cho phép|quyết định|bắt buộc|nhất"
        "|đầu tiên|hẳn|hết|chỉ|đều|cả|100 phần trăm"
    ).split("|")
)
# Behind these, "chỉ" is no "only".
ONLY_NOT_BEFORE = frozenset("đạo tiêu số thị rõ ra huy định dẫn".split())

# What is planned, wished or asked for has not happened.
HEDGES = tuple(
    tuple(phrase.split())
    for phrase in (
        "sẽ|dự kiến|dự định|đề nghị|kiến nghị|đề xuất|cần|phải|chỉ đạo|mong|phấn đấu|có thể|muốn"
        "|mục tiêu|hứa|tham mưu|tiếp tục|thời gian tới|tới đây|xem xét|nghiên cứu"
    ).split("|")
)
DONE = frozenset({"đã", "rồi"})

# Before a figure.
APPROXIMATIONS = frozenset({"hơn", "gần", "khoảng", "dưới"})

# What grows does not shrink: each with its opposite.
OPPOSITES = {
    word: other
    for pair in (
        "tăng giảm", "cao thấp", "nhiều ít", "nhanh chậm", "đúng sai", "mạnh yếu", "dễ khó",
        "đồng phản", "trong ngoài", "tốt kém", "thừa thiếu", "mở đóng",
    )
    for word, other in (pair.split(), pair.split()[::-1])
}  # fmt: skip

# Words that carry a sentence without adding to it.
HARMLESS = frozenset(
    "mức số lượng tỷ lệ đặt làm lần tổng nguồn đủ căn lời thấy biết dành nhận đi nhau cần sẽ phải "
    "xảy cách hay nêu nói rõ vấn đề thành nặng khuôn khổ nào tính tức trở thế diện nhưng tuy song "
    "hiện nay hình thức mặt đánh giá gói gọn cung toàn đơn vị giao riêng từng mục tiêu tuyến lập "
    "tiền đạt dùng mở xong nếu mới người phần trăm".split()
)

# Marks that who is named first is not who acts.
PASSIVE = frozenset("được bị do bởi".split())

# A body may be taken up again by its kind alone: "Toàn huyện", "Phường".
KINDS_OF_BODY = frozenset("tỉnh huyện xã phường thành thị quận thôn bản trường hội đoàn".split())
