"""Every word that the Telegram bot says of itself; those of the answers are in `bot/wording.py`."""

from __future__ import annotations

import datetime

NAME = "hỏi đáp trên kho bài viết"

START = (
    f"Xin chào! Đây là dịch vụ {NAME}. Xin gõ câu hỏi bằng tiếng Việt, có dấu hoặc không dấu; mỗi "
    "câu trả lời trích từ bài viết, ghi rõ địa phương và ngày. Nội dung nào không có trong các "
    "bài, dịch vụ sẽ trả lời là không tìm thấy thông tin."
)

HELP = """Xin gõ câu hỏi, ví dụ: “Công tác dân vận ở Bắc Kạn còn những hạn chế gì?”

• Có thể gõ không dấu, viết tắt, và hỏi tiếp: “Còn ở Quảng Ninh thì sao?”
• Dưới mỗi câu trả lời có trích dẫn (chạm để mở rộng) và nút mở cả đoạn của bài.
• 👍 👎 dưới câu trả lời giúp dịch vụ tốt hơn.

/hoi câu hỏi – đặt câu hỏi (cần trong nhóm)
/nguon – kho có những bài nào, theo địa phương và năm
/moi – bắt đầu cuộc trò chuyện mới, không nối câu hỏi trước
/dung – dừng câu hỏi đang trả lời
/xoadulieu – xoá những gì đã hỏi ở đây
/trogiup – hướng dẫn này

Trong nhóm, xin nhắc tên bot (@…), trả lời tin nhắn của bot, hoặc dùng /hoi. Ở bất kỳ cuộc trò \
chuyện nào cũng có thể gõ @tên_bot rồi câu hỏi để gửi ngay câu trả lời."""

COMMANDS = {
    "hoi": "Đặt câu hỏi: /hoi câu hỏi",
    "nguon": "Kho có những bài nào",
    "moi": "Bắt đầu cuộc trò chuyện mới",
    "dung": "Dừng câu hỏi đang trả lời",
    "trogiup": "Cách hỏi",
    "xoadulieu": "Xoá những gì đã hỏi ở đây",
}
COMMANDS_ENGLISH = {
    "hoi": "Ask: /hoi and a question",
    "nguon": "What articles there are",
    "moi": "Start a new conversation",
    "dung": "Stop the answer being written",
    "trogiup": "How to ask",
    "xoadulieu": "Delete what was asked here",
}
DESCRIPTION = (
    "Hỏi đáp trên kho bài viết: mỗi câu trả lời trích nguyên văn từ một bài, ghi rõ địa phương và "
    "ngày."
)

FAILED = "Có lỗi khi xử lý tin nhắn này. Xin thử lại; nếu vẫn lỗi, xin báo người quản trị."
NO_QUESTION = "Xin gõ câu hỏi sau lệnh, ví dụ: /hoi Công tác dân vận ở Bắc Kạn còn hạn chế gì?"
NO_QUESTION_IN_GROUP = "Xin gõ câu hỏi sau tên bot, hoặc dùng /hoi câu hỏi."
NEW_CONVERSATION = "Đã bắt đầu cuộc trò chuyện mới: câu hỏi sau không nối với các câu trước."
NOTHING_REMEMBERED = "Dịch vụ hiện không ghi nhớ các câu hỏi."
NOTHING_TO_STOP = "Không có câu hỏi nào đang được trả lời."
STOPPED_ONE = "Đã dừng câu hỏi đang trả lời."
VOICE = (
    "Dịch vụ chưa nghe được tin nhắn thoại. Xin gõ câu hỏi, có dấu hoặc không dấu; trên bàn phím "
    "điện thoại có nút micrô để đọc thành chữ."
)
NO_TEXT = "Dịch vụ chỉ đọc được câu hỏi bằng chữ. Xin gõ câu hỏi."
UNKNOWN_COMMAND = "Không có lệnh này. Xin gõ câu hỏi, hoặc /trogiup để xem cách hỏi."
BUTTON_OUTDATED = "Nút này không còn dùng được."
REFUSED_SIGN = "🙏"
NOT_ALLOWED = (
    "Dịch vụ này chỉ dành cho những cuộc trò chuyện đã đăng ký. Mã của cuộc trò chuyện này là "
    "{chat}: xin gửi mã cho người quản trị để đăng ký."
)
NOT_ALLOWED_SHORT = "Dịch vụ chỉ dành cho những người đã đăng ký."

PREVIEW = "Đang tìm trong kho bài viết…"
WRITING = "Đang viết câu trả lời…"
BROKEN = (
    "Kết nối vừa bị gián đoạn đúng lúc gửi câu trả lời cho câu hỏi này. Nếu ở trên chưa có câu "
    "trả lời, xin bấm nút dưới đây."
)
BROKEN_ASK_AGAIN = (
    "Kết nối vừa bị gián đoạn đúng lúc trả lời tin nhắn này. Nếu ở trên chưa có câu trả lời, xin "
    "gửi lại."
)
VIEW_ANSWER = "Xem câu trả lời"

EVERYWHERE = "🔎 Tìm ở mọi nơi"
ANY_TIME = "🔎 Tìm ở mọi thời gian"
OPEN_SOURCE = "📄 Nguồn"
BEFORE, AFTER = "◀ Đoạn trước", "Đoạn sau ▶"
COPY = "📋 Sao chép trích dẫn"
OPENED = "Đang mở…"
ARTICLE_CHANGED = "Bài này đã thay đổi hoặc không còn trong kho; dưới đây là trích dẫn lúc trả lời."
ARTICLE_GONE = "Bài này không còn trong kho."

LIKED = "Cảm ơn Anh/Chị đã đánh giá."
DISLIKED = "Cảm ơn. Xin cho biết vì sao, nếu tiện:"
REASON_KEPT = "Đã ghi nhận. Xin cảm ơn."
REASONS = {
    "wrong": "Sai nội dung",
    "partial": "Thiếu ý",
    "source": "Sai nguồn, sai ngày",
    "other": "Không đúng câu hỏi",
}

DELETE_WHAT = (
    "Xoá mọi câu hỏi, câu trả lời và đánh giá của cuộc trò chuyện này? Các nút dưới những câu trả "
    "lời cũ sẽ không dùng được nữa."
)
DELETE_YES, DELETE_NO = "Xoá", "Không xoá"
NOT_DELETED = "Không xoá dữ liệu nào."
ONLY_ADMINS_DELETE = "Trong nhóm, chỉ quản trị viên của nhóm xoá được."

BY_YEAR, BY_PLACE = "Theo năm", "Theo địa phương (chạm để xem bài)"
UNDATED, NO_PLACE = "không rõ ngày", "Không rõ địa phương"
NEWER, OLDER = "◀ Mới hơn", "Cũ hơn ▶"

INLINE_HINT = "Gõ câu hỏi về nội dung các bài viết…"
INLINE_ANSWER = "Câu trả lời"
INLINE_NOTHING = "Các bài viết không có thông tin"

UPLOAD_REFUSED = "Chỉ người quản trị mới thêm được bài vào kho. Câu hỏi xin gõ bằng chữ."
UPLOAD_FORMAT = "Chỉ nhận tệp .txt, .md, .html, .docx hoặc .pdf, tối đa 20 MB."
UPLOAD_UNREADABLE = "Không đọc được bài viết trong tệp này: "
UPLOAD_YES, UPLOAD_NO = "Thêm vào kho", "Bỏ qua"
UPLOAD_WORKING = "Đang thêm vào kho…"
UPLOAD_DROPPED = "Đã bỏ qua tệp này."
UPLOAD_FAILED = "Chưa thêm được vào kho; kho vẫn như cũ. Xin xem nhật ký của dịch vụ."
UPLOAD_OUTDATED = "Tệp này không còn chờ xác nhận. Xin gửi lại."
UPLOAD_UNREADABLE_KINDS = "tệp trống, là bản quét không có chữ, hoặc không phải bài viết."


def waiting(place: int) -> str:
    """That a question has to wait, and how many are before it."""
    return f"Câu hỏi đang chờ, đứng thứ {place} trong hàng đợi…"


def stopped(count: int) -> str:
    """That questions will not be answered."""
    return STOPPED_ONE if count == 1 else f"Đã dừng {count} câu hỏi đang chờ trả lời."


def too_many(limit: int, minutes: int) -> str:
    """That a person has asked as often as one may in an hour."""
    return (
        f"Mỗi người hỏi được {limit} câu trong một giờ để ai cũng được trả lời. Xin hỏi tiếp sau "
        f"{minutes} phút."
    )


def deleted(count: int) -> str:
    """That what was asked in a chat is gone."""
    if not count:
        return "Cuộc trò chuyện này chưa có dữ liệu nào được lưu."
    return f"Đã xoá {count} câu hỏi cùng các câu trả lời và đánh giá."


def holdings(total: int, days: tuple[datetime.date, datetime.date] | None) -> str:
    """How many articles there are, and of which time."""
    when = f", từ ngày {day(days[0])} đến ngày {day(days[1])}" if days else ""
    return f"Kho có {number(total)} bài{when}."


def held_of(place: str, count: int, page: int, pages: int) -> str:
    """The heading of a list of articles."""
    which = f", trang {page}/{pages}" if pages > 1 else ""
    return f"{place}: {number(count)} bài{which}"


def upload_read(title: str, label: str, passages: int) -> str:
    """What was read from a document that an admin sent."""
    return (
        f"Đã đọc:\n{title}\nĐịa phương và ngày: {label}\nSố đoạn: {passages}\n\n"
        "Thêm bài này vào kho?"
    )


def upload_done(total: int) -> str:
    """That an article is in the archive now."""
    return f"Đã thêm vào kho. Kho hiện có {number(total)} bài."


def day(value: datetime.date) -> str:
    return f"{value.day}/{value.month}/{value.year}"


def number(value: int) -> str:
    return f"{value:,}".replace(",", ".")
