"""What the HTTP service itself says to people, beside `bot/wording.py`."""

from __future__ import annotations

from bot import wording

BUSY = wording.BUSY
INDEX_MISSING = wording.INDEX_MISSING
FAILED = "Dịch vụ gặp lỗi nên chưa trả lời được. Xin thử lại; nếu vẫn lỗi, xin báo người quản trị."
NOT_POSSIBLE = "Yêu cầu này không thực hiện được."
REQUEST_INVALID = "Yêu cầu chưa đúng dạng; trường “errors” cho biết trường nào."
REQUEST_INVALID_AT = "Yêu cầu chưa đúng dạng: {}"
KEY_NEEDED = "Cần khoá truy cập. Xin gửi kèm tiêu đề Authorization: Bearer KHOÁ, hoặc đăng nhập."
KEY_WRONG = "Khoá truy cập không đúng hoặc không còn hiệu lực."
ADMIN_NEEDED = "Việc này cần khoá của người quản trị."
OTHER_SITE = "Yêu cầu đến từ một trang khác nên không được nhận."
HOST_UNKNOWN = (
    "Khi chưa đặt khoá truy cập, dịch vụ chỉ trả lời trên chính máy này, qua địa chỉ 127.0.0.1 "
    "hoặc localhost."
)
TOO_MANY = "Đã hỏi quá nhiều trong một phút. Xin hỏi lại sau {seconds} giây."
TOO_LARGE = "Nội dung gửi lên quá lớn: tối đa {most}."
TOO_SLOW = "Nội dung gửi lên quá chậm nên không được nhận. Xin gửi lại."
NOT_FOUND = "Không có nội dung này, hoặc không còn nữa."
NO_SUCH_METHOD = "Địa chỉ này không nhận kiểu yêu cầu đó."
CONVERSATION_INVALID = (
    "Mã cuộc trò chuyện chỉ gồm chữ cái không dấu, chữ số, dấu _ và -, tối đa 64 ký tự."
)
NOTHING_KEPT = "Hiện không ghi được dữ liệu nên chưa làm được việc này. Xin thử lại sau."
TEXT_ONLY = "Chỉ nhận câu hỏi bằng chữ, không nhận hình ảnh, âm thanh hay tệp kèm theo."
ONE_ANSWER = "n: mỗi câu hỏi chỉ có một câu trả lời, n phải là 1"
FILE_FORMAT = "Chỉ nhận tệp .txt, .md, .html, .docx, .pdf."
FILE_UNREADABLE = "Không đọc được bài viết nào trong tệp này."
NOT_INGESTED = "Không đưa được thay đổi này vào kho; kho vẫn như trước. Xin báo người quản trị."
LAST_ARTICLE = "Không bỏ được bài này ra khỏi kho; kho vẫn như trước."

OF_STATUS = {
    404: NOT_FOUND,
    405: NO_SUCH_METHOD,
    413: "Nội dung gửi lên quá lớn.",
    422: REQUEST_INVALID,
}
