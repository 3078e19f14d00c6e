"""Questions, and which provinces and newspapers they name. Written before the rules."""

from __future__ import annotations

from typing import NamedTuple


class Row(NamedTuple):
    """What a question names; `of_articles` are the provinces that it says of the articles."""

    question: str
    provinces: tuple[str, ...] = ()
    of_articles: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()


_HCM = ("Hồ Chí Minh",)
_QUANG_NINH = ("Quảng Ninh",)

ALIASES = [
    Row("TP HCM co bao nhieu ca sot xuat huyet", _HCM),
    Row("tphcm co bao nhieu ca sot xuat huyet", _HCM),
    Row("hcm co bao nhieu ca sot xuat huyet", _HCM),
    Row("tp hcm co gi moi", _HCM),
    Row("gia nha o sai gon tang the nao", _HCM),
    Row("TP.HCM", _HCM),
    Row("Giá nhà ở TP.HCM tăng bao nhiêu?", _HCM),
    Row("giá nhà ở tp.hcm tăng bao nhiêu?", _HCM),
    Row("thanh pho ho chi minh co gi moi", _HCM),
    Row("cong tac dan van o bac can", ("Bắc Kạn",)),
    Row("ca phe o dac lac the nao", ("Đắk Lắk",)),
    Row("du lich tt hue the nao", ("Thừa Thiên Huế",)),
    Row("du lich ba ria vung tau the nao", ("Bà Rịa - Vũng Tàu",)),
    Row("du lich brvt the nao", ("Bà Rịa - Vũng Tàu",)),
    Row("Gia Lai co bao nhieu ha ca phe", ("Gia Lai",)),
    Row("dan van Gia Lai con han che gi", ("Gia Lai",)),
    Row("tin Gia Lai", ("Gia Lai",), ("Gia Lai",)),
    Row("ca phe o gia lai", ("Gia Lai",)),
    Row("tin hue", ("Huế",), ("Huế",)),
    Row("tin dien bien", ("Điện Biên",), ("Điện Biên",)),
    Row("tin hoa binh", ("Hòa Bình",), ("Hòa Bình",)),
    Row("o tinh hoa binh trong cam gi", ("Hòa Bình",)),
    Row("hdnd tinh dien bien hop khi nao", ("Điện Biên",)),
    Row("tuyen quang co bao nhieu xa", ("Tuyên Quang",)),
    Row("da nang thu phi bao nhieu", ("Đà Nẵng",)),
    Row("nam 2022 nam dinh dat bao nhieu", ("Nam Định",)),
    Row("So sanh Quang Ninh va Hai Phong", ("Quảng Ninh", "Hải Phòng")),
    Row("ha noi va hai duong ai nhieu hon", ("Hà Nội", "Hải Dương")),
]

COMMON_WORDS = [
    Row("hai duong day xang gia bi triet pha the nao"),
    Row("hoc tap va lam theo tu tuong ho chi minh the nao"),
    Row("hoc tap tam guong dao duc ho chi minh"),
    Row("bac ho chi minh sinh nam nao"),
    Row("hai phong hoc bi chay o dau"),
    Row("gia xang da nang len bao nhieu"),
    Row("doanh nghiep da nang von bao nhieu"),
    Row("noi ha noi dung gi"),
    Row("cong tac bao dam long an ninh trat tu"),
    Row("nghe an ninh quoc phong co gi moi"),
    Row("vinh quang nam 2023 thuoc ve ai"),
    Row("hoa binh the gioi the nao"),
    Row("gia lai tang the nao"),
    Row("dien bien dich benh the nao"),
    Row("hoa hue co may mau"),
    Row("khu vuc thai binh duong co gi moi"),
    Row("Học tập và làm theo tư tưởng Hồ Chí Minh"),
    Row("hoat dong cua doan TNCS HCM the nao"),
]

OF_ARTICLES = [
    Row("bão ở Quảng Ninh gây thiệt hại gì?", _QUANG_NINH),
    Row("cơn bão Hải Phòng mạnh cấp mấy?", ("Hải Phòng",)),
    Row("dự báo Hà Nội có mưa không?", ("Hà Nội",)),
    Row("cảnh báo Quảng Ninh có sạt lở", _QUANG_NINH),
    Row("thông báo của Quảng Ninh về học phí", _QUANG_NINH),
    Row("thông báo tỉnh Quảng Ninh tuyển dụng", _QUANG_NINH),
    Row("niềm tin Quảng Ninh", _QUANG_NINH),
    Row("nhắn tin ở Quảng Ninh mất bao nhiêu tiền", _QUANG_NINH),
    Row("công nghệ thông tin Quảng Ninh phát triển ra sao", _QUANG_NINH),
    Row("thông tin Quảng Ninh sáp nhập", _QUANG_NINH),
    Row("bảo Quảng Ninh làm gì", _QUANG_NINH),
    Row("Báo Quảng Ninh viết gì về du lịch?", _QUANG_NINH, _QUANG_NINH),
    Row("báo ở Quảng Ninh đưa tin gì", _QUANG_NINH, _QUANG_NINH),
    Row("tin tức Quảng Ninh", _QUANG_NINH, _QUANG_NINH),
    Row("Tin từ tỉnh Quảng Ninh", _QUANG_NINH, _QUANG_NINH),
    Row("cho tôi tin mới nhất của Quảng Ninh", _QUANG_NINH, _QUANG_NINH),
    Row("bao o quang ninh gay thiet hai gi", _QUANG_NINH),
    Row("con bao quang ninh do bo khi nao", _QUANG_NINH),
    Row("bao quang ninh do bo khi nao", _QUANG_NINH),
    Row("du bao ha noi co mua khong", ("Hà Nội",)),
    Row("thong tin quang ninh the nao", _QUANG_NINH),
    Row("tin tuc quang ninh", _QUANG_NINH, _QUANG_NINH),
    Row("bao quang ninh viet gi ve du lich", _QUANG_NINH, _QUANG_NINH),
    Row("bao hoa binh viet gi", ("Hòa Bình",), ("Hòa Bình",)),
    Row("cac bai cua hau giang ve dan van", ("Hậu Giang",), ("Hậu Giang",)),
]

SOURCES = [
    Row("Báo Thanh Niên viết gì về giá xăng?", sources=("Thanh Niên",)),
    Row("báo thanh niên viết gì về giá xăng?", sources=("Thanh Niên",)),
    Row("NDO đưa tin gì về hội nghị?", sources=("Nhân Dân",)),
    Row("nhandan.vn viết gì về hội nghị?", sources=("Nhân Dân",)),
    Row("theo vnexpress.net thì giá vàng bao nhiêu", sources=("VnExpress",)),
    Row("thanh niên tình nguyện ở Quảng Ninh làm gì", _QUANG_NINH),
    Row("bao thanh nien noi gi", sources=("Thanh Niên",)),
    Row("lao động nữ được gì"),
]

# Written when the rules were done.
LATER = [
    Row("thoi tiet o binh dinh hom nay", ("Bình Định",)),
    Row("bac ninh co bao nhieu khu cong nghiep", ("Bắc Ninh",)),
    Row("tin tuc moi nhat cua hai phong", ("Hải Phòng",), ("Hải Phòng",)),
    Row("tai thanh pho hue co le hoi gi", ("Huế",)),
    Row("Ninh Binh va Nam Dinh sap nhap khi nao", ("Ninh Bình", "Nam Định")),
    Row("chu tich ubnd tp hcm la ai", _HCM),
    Row("gia vang sjc tang hay giam"),
    Row("hai duong ong nuoc bi vo o dau"),
    Row("canh dong lua lam dong loat the nao"),
    Row("thu tuong noi gi ve hoa binh o trung dong"),
    Row("cac phong hoc duoc xay the nao"),
    Row("thanh hoa don dien tu the nao"),
    Row("can tho may co tay nghe"),
    Row("Cơn bão số 3 ở Hải Phòng gây thiệt hại gì?", ("Hải Phòng",)),
    Row("Uy tín của Quảng Ninh ra sao?", _QUANG_NINH),
    Row("Bản tin Hà Nội hôm nay", ("Hà Nội",), ("Hà Nội",)),
    Row("Bài viết về Hậu Giang nói gì?", ("Hậu Giang",), ("Hậu Giang",)),
    Row("Theo báo Người Lao Động thì lương bao nhiêu?", sources=("Người Lao Động",)),
    Row("TTO viết gì về giá điện?", sources=("Tuổi Trẻ",)),
    Row("tuoitre.vn noi gi ve gia dien", sources=("Tuổi Trẻ",)),
    Row("HCM có bao nhiêu quận?", _HCM),
    Row("bao nhieu nguoi o an giang", ("An Giang",)),
]
