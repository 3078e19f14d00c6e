"""The words that a newspaper's page puts around an article: sections, buttons, link blocks.

Only whole lines are ever compared with these lists, so that a sentence about
"Chia sẻ" is none of them.
"""

from __future__ import annotations

import functools
import re

from retrieval.text import canonical


# A line is compared with several lists in a row, and buttons recur within a page.
@functools.lru_cache(maxsize=2048)
def line_key(line: str) -> str:
    """What two spellings of one mark share: small letters, words only, one tone placement."""
    return " ".join(re.findall(r"[^\W_]+", canonical(line)))


def _keys(block: str) -> frozenset[str]:
    lines = (line for part in block.split("\n") for line in part.split("|"))
    return frozenset(line_key(line) for line in lines if line.strip())


_SECTIONS = _keys(
    """
    trang chủ|trang nhất|home|tin tức|tin tức sự kiện|tin tức - sự kiện|tin tức & sự kiện|thời sự
    chính trị|xã hội|chính trị - xã hội|chính trị xã hội|thời sự - chính trị|thời sự chính trị
    kinh tế|kinh tế - xã hội|văn hóa|văn hóa - xã hội|văn hóa - thể thao|văn hóa - giải trí
    văn hóa - văn nghệ|văn nghệ|thể thao|giải trí|pháp luật|an ninh|quốc phòng
    quốc phòng - an ninh|an ninh - quốc phòng|an ninh trật tự|giáo dục|giáo dục - đào tạo|y tế
    sức khỏe|đời sống|khoa học|công nghệ|khoa học - công nghệ|khoa học và công nghệ|môi trường
    tài nguyên - môi trường|du lịch|thế giới|quốc tế|trong nước|trong tỉnh|tin trong tỉnh
    tin trong nước|tin địa phương|địa phương|bạn đọc|xây dựng đảng|xây dựng đảng - chính quyền
    xây dựng đảng, chính quyền|đảng - đoàn thể|đoàn thể|dân vận|mặt trận - đoàn thể
    đảng và cuộc sống|dân tộc - tôn giáo|dân tộc và miền núi|nông nghiệp|nông nghiệp - nông thôn
    nông thôn mới|xây dựng nông thôn mới|công nghiệp|thương mại|tài chính|ngân hàng|kinh doanh
    doanh nghiệp|bất động sản|thị trường|xe|lao động - việc làm|lao động việc làm|việc làm
    chính sách|cải cách hành chính|chuyển đổi số|giao thông|đô thị|phóng sự|phóng sự - ký sự
    ký sự|bình luận - phê phán|xã luận|góc nhìn|diễn đàn|quân sự|biển đảo|biên giới|tin nóng
    tin mới|tin nhanh|tin chính|tin nổi bật|sự kiện|tiêu điểm|chuyên đề|chuyên mục|multimedia
    đa phương tiện|video|clip|podcast|ảnh|thư viện ảnh|infographic|infographics|emagazine
    e-magazine|longform|media|truyền hình|phát thanh|báo in|báo giấy|đọc báo in|rao vặt|quảng cáo
    liên hệ|giới thiệu|tòa soạn|rss|tìm kiếm|đăng nhập|đăng ký|english|tiếng việt|vietnamese
    hoạt động của lãnh đạo|hoạt động lãnh đạo|tin hoạt động|tin hoạt động lãnh đạo
    chỉ đạo điều hành|thông tin chỉ đạo điều hành|thông báo|văn bản|công dân|người tốt việc tốt
    gương sáng|nhịp sống|quê hương - đất nước|đất và người|học tập và làm theo bác
    học và làm theo bác|quốc hội|quốc hội và hđnd|hđnd|chính quyền|chính phủ|bầu cử|nhân sự
    tổ chức|xây dựng chính quyền|kiểm tra - giám sát|tuyên giáo|tôn giáo|đối ngoại|hội nhập
    tin quốc tế|vấn đề hôm nay|giới trẻ|thanh niên|phụ nữ|gia đình|tình yêu|ẩm thực|nhà đẹp
    sống đẹp
    """
)

_BUTTONS = _keys(
    """
    gửi cho bạn bè|gửi email|gửi mail|gửi bài viết|gửi bài|chia sẻ|chia sẻ bài viết
    chia sẻ facebook|chia sẻ zalo|chia sẻ lên facebook|chia sẻ qua zalo|chia sẻ ngay|chia sẻ:
    share|share on facebook|facebook|zalo|twitter|x|messenger|linkedin|pinterest|telegram|viber
    google+|youtube|tiktok|instagram|email|e-mail|mail|print|tweet|like|thích|thích 0|bình luận
    bình luận (0)|(0) bình luận|0 bình luận|gửi bình luận|viết bình luận|bình luận của bạn
    ý kiến bạn đọc|ý kiến của bạn|gửi ý kiến|gửi phản hồi|phản hồi|in bài viết|in bài này
    in trang|in trang này|in bài|in|bản in|lưu bài|lưu bài viết|lưu bài viết thành công|lưu
    tin bài đã lưu|sao chép|sao chép liên kết|sao chép link|copy link|copy|đã sao chép|quay lại
    trở lại|trở về|về trang trước|về đầu trang|lên đầu trang|đầu trang|trang trước|trang sau
    trước|sau|tiếp theo|tiếp|xem ảnh|xem ảnh lớn|phóng to|thu nhỏ|phóng to ảnh|đóng|đóng lại|hủy
    ok|menu|cỡ chữ|cỡ chữ:|tăng cỡ chữ|giảm cỡ chữ|a- a a+|a a|aa|a|đổi cỡ chữ|mặc định
    tương phản|đọc bài viết|đọc bài|nghe|nghe đọc bài|nghe đọc bài viết|nghe bài viết
    nghe nội dung bài viết|nghe audio|nghe bài|đọc báo nói|đọc tin|audio|giọng nam|giọng nữ
    giọng nữ miền bắc|giọng nam miền bắc|giọng nữ miền nam|giọng nam miền nam|nữ miền bắc
    nam miền bắc|nữ miền nam|nam miền nam|tốc độ|tốc độ đọc|1x|0.5x|1.5x|2x|auto|play|pause|phát
    tạm dừng|tải xuống|tải về|theo dõi|theo dõi trên google news|google news|theo dõi chúng tôi
    kết nối với chúng tôi|báo lỗi|báo xấu|in trang web|họ tên|họ và tên|nội dung|mã xác nhận
    mã bảo mật|gửi|gửi đi|nhập lại|địa chỉ email|tiêu đề|xem bình luận|cùng thảo luận|đánh giá
    đánh giá bài viết|click để đánh giá bài viết|tổng số điểm của bài viết là|xếp hạng|tags|tag
    từ khóa|quảng cáo|advertisement|ads|link nguồn|link bài gốc|lấy link|copy link nguồn
    link bài gốc copy link|skip to content|chuyển đến nội dung chính|toggle navigation|search|tìm
    trang chủ
    """
)

_RELATED = _keys(
    """
    xem thêm|xem thêm:|xem nhiều|xem nhiều nhất|đọc nhiều|đọc nhiều nhất|tin đọc nhiều
    tin xem nhiều|tin liên quan|các tin liên quan|tin, bài liên quan|tin bài liên quan
    bài liên quan|bài viết liên quan|các bài viết liên quan|các bài liên quan|nội dung liên quan
    chủ đề liên quan|sự kiện liên quan|liên quan|video liên quan|tin cùng chuyên mục
    các tin cùng chuyên mục|cùng chuyên mục|bài cùng chuyên mục|bài viết cùng chuyên mục
    tin cùng loại|các tin cùng loại|tin cùng chủ đề|bài cùng chủ đề|đọc thêm|đọc tiếp
    có thể bạn quan tâm|bạn có thể quan tâm|có thể bạn thích|bạn quan tâm|tin mới|tin mới nhất
    tin mới cập nhật|tin mới hơn|tin mới đăng|các tin mới|các tin mới hơn|những tin mới hơn
    tin cũ hơn|các tin cũ hơn|những tin cũ hơn|tin đã đưa|các tin đã đưa|các tin trước
    các tin khác|tin khác|các tin khác:|tin bài khác|bài viết khác|các bài khác|bài khác
    bài viết mới|bài mới|bài đọc nhiều|tin tiêu điểm|tin nổi bật|nổi bật|bài nổi bật|tin nóng
    tin tức khác|tin khác cùng chuyên mục|các tin đăng trước|tin đăng trước|tin trước
    tin tiếp theo|bài trước|bài sau|bài tiếp theo|bài viết trước|bài viết sau|được quan tâm
    đang được quan tâm|dành cho bạn|tin đáng chú ý|tin được quan tâm|cùng tác giả|đừng bỏ lỡ
    mới nhất|xem tiếp|xem các tin khác|xem tất cả|tin tức liên quan|tin hay|tin ảnh|tin video
    bạn nên đọc|mời bạn đọc|tin tài trợ|related|related news|related articles|read more|see also
    most read|latest news|more|others
    """
)

_TAGS = re.compile(
    r"(?:từ khóa|từ khoá|tags?|chủ đề|thẻ|keywords?|chuyên đề|hashtag|topic)s?\s*[:：]",
    re.IGNORECASE,
)

# Lines known by how they begin; what follows varies.
_BOILERPLATE = re.compile(
    r"""(?:theo\ dõi\b.{0,80}\b(?:trên|tại|qua)\s+(?:google\s?news|facebook|zalo|youtube|tiktok)
    |(?:mời|quý|kính\ mời)\s(?:quý\s)?(?:bạn\ đọc|độc\ giả|quý\ vị)\s(?:theo\ dõi|xem\ thêm
        |đón\ đọc|đọc\ thêm|tham\ khảo)
    |bạn\ (?:có\ thể\ xem\ lại\ bài|cần\ đăng\ nhập|phải\ đăng\ nhập|đang\ xem)
    |vui\ lòng\ (?:nhập|đăng\ nhập|gõ|điền)
    |xin\ (?:vui\ lòng\ )?gõ\ tiếng\ việt
    |ý\ kiến\ của\ bạn\ sẽ\ được
    |(?:hãy\ )?(?:trở\ thành|là)\ người\ đầu\ tiên\ bình\ luận
    |(?:chưa\ có|hiện\ chưa\ có)\ (?:bình\ luận|ý\ kiến|phản\ hồi)
    |your\ browser\ does\ not|trình\ duyệt\ (?:của\ bạn\ )?không\ hỗ\ trợ|please\ enable\ javascript
    |(?:ghi\ rõ|đề\ nghị\ ghi\ rõ|vui\ lòng\ ghi\ rõ)\ nguồn
    |(?:®|©|\(c\)|copyright\b|bản\ quyền\ (?:thuộc|©|\d|của|nội\ dung)|all\ rights\ reserved)
    |(?:giấy\ phép|gp|giấy\ phép\ hoạt\ động|giấy\ phép\ xuất\ bản)\s(?:số|thiết\ lập|hoạt\ động
        |xuất\ bản|báo\ chí|bản)\b.{0,200}$
    |(?:phó\ )?tổng\ biên\ tập\s*:
    |(?:cơ\ quan\ chủ\ quản|chịu\ trách\ nhiệm\ (?:nội\ dung|chính|xuất\ bản)
        |trưởng\ ban\ biên\ tập|tòa\ soạn|toà\ soạn|trụ\ sở|địa\ chỉ|điện\ thoại|đt|tel|hotline
        |đường\ dây\ nóng|fax|e-?mail|website|liên\ hệ\ quảng\ cáo|quảng\ cáo)\s*:
    |(?:lượt|số\ lượt|số\ lần)\s(?:xem|đọc|truy\ cập)\s*:?\s*[\d.,]+k?\s*$
    |[\d.,]+k?\s(?:lượt\s(?:xem|đọc|truy\ cập|thích)|bình\ luận|views?|comments?|likes?
        |người\ thích|chia\ sẻ|phút\ đọc)\s*$
    |đang\ truy\ cập\s*:|tổng\ (?:số\ )?(?:lượt\ )?truy\ cập
    |hôm\ nay\s*[:,]?\s*(?:là\s)?(?:thứ|chủ\ nhật|ngày|\d)[^.]{0,50}$
    |nguồn\s*:\s*\[link\ nguồn\]
    |(?:nghe|đọc)\ (?:đọc\ )?(?:bài|tin|nội\ dung)\b.{0,30}\d{1,2}:\d{2}\s*$
    |(?:kích\ thước|cỡ)\ chữ\b.{0,20}$
    |(?:bấm|click|nhấn|nhấp)\ (?:vào\ )?(?:đây|để\ (?:xem|đánh\ giá|nghe|tải))
    |trang\ (?:bạn\ (?:tìm|yêu\ cầu)|này)\ .{0,40}không\ (?:tồn\ tại|tìm\ thấy)
    |không\ tìm\ thấy\ trang|404\b.{0,40}$
    |(?:đăng\ ký|đăng\ kí)\ (?:nhận\ (?:tin|bản\ tin)|kênh)\b
    |(?:lưu|tải)\ (?:bài|tin)\s(?:viết)?.{0,12}$
    |chia\ sẻ\s(?:facebook|zalo|twitter|lên|qua|bài)[^.]{0,40}$
    )""",
    re.IGNORECASE | re.VERBOSE,
)
_PLAYER = re.compile(
    r"(?:[-–]?\d{1,2}:\d{2}(?::\d{2})?)(?:\s*/\s*[-–]?\d{1,2}:\d{2}(?::\d{2})?)?"
    r"|(?:current time|duration|remaining time|loaded|progress|stream type)\b.{0,40}",
    re.IGNORECASE,
)
_STATE_MOTTO = _keys(
    """
    cộng hòa xã hội chủ nghĩa việt nam|độc lập - tự do - hạnh phúc
    cộng hòa xã hội chủ nghĩa việt nam độc lập - tự do - hạnh phúc
    """
)
_LONGEST_MARK = 200


def is_section_name(line: str) -> bool:
    """`Xã hội`, `Chính trị - Xã hội`."""
    return len(line) < 60 and line_key(line) in _SECTIONS


def is_related_heading(line: str) -> bool:
    """`Tin liên quan`, `Xem thêm >>`: links to other articles follow."""
    return len(line) < 60 and line_key(line) in _RELATED


def is_tag_line(line: str) -> bool:
    """`Từ khóa: dân vận, Bắc Kạn`, also with nothing after the colon."""
    return _TAGS.match(line) is not None


def is_boilerplate(line: str) -> bool:
    """Buttons, players, counters, imprint and the marks of a form: never part of an article."""
    if len(line) > _LONGEST_MARK:
        return False
    key = line_key(line)
    return (
        not key
        or key in _BUTTONS
        or key in _STATE_MOTTO
        or _PLAYER.fullmatch(line) is not None
        or _BOILERPLATE.match(line) is not None
        or all(word in _BUTTON_WORDS for word in key.split())
    )


# A row of buttons on one line: "Facebook Zalo Twitter Email In".
_BUTTON_WORDS = frozenset(
    [
        "facebook",
        "zalo",
        "twitter",
        "email",
        "print",
        "messenger",
        "linkedin",
        "pinterest",
        "telegram",
        "viber",
        "google",
        "youtube",
        "tiktok",
        "instagram",
        "share",
        "tweet",
        "like",
        "copy",
        "link",
        "in",
        "aa",
        "a",
        "0",
    ]
)
_CRUMB = re.compile(r"\s*(?:>+|»|›|→|/|\||•|·)\s*")


def is_navigation(line: str) -> bool:
    """Breadcrumbs and menus: `Trang chủ > Tin tức > Xã hội`, `Thời sự | Kinh tế | Văn hóa`."""
    if len(line) > _LONGEST_MARK or line.endswith((".", "!", "?", ";")):
        return False
    parts = [part for part in _CRUMB.split(line) if part]
    known = sum(is_section_name(part) or line_key(part) in _BUTTONS for part in parts)
    if len(parts) > 1:
        arrows = any(mark in line for mark in (">", "»", "›", "→"))
        short = all(len(part.split()) <= 6 for part in parts)
        first_is_home = line_key(parts[0]) in {"trang chủ", "home", "trang nhất"}
        return first_is_home or (arrows and short and known > 0) or 2 * known > len(parts)
    return _is_menu_row(line_key(line))


def _is_menu_row(key: str) -> bool:
    """`Trang chủ Thời sự Chính trị Xã hội`: three section names or more and no other word."""
    words = key.split()
    position = count = 0
    while position < len(words):
        for size in range(min(6, len(words) - position), 0, -1):
            if " ".join(words[position : position + size]) in _SECTIONS:
                position += size
                count += 1
                break
        else:
            return False
    return count > 2
