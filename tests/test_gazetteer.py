"""The gazetteer: names through time, places in a text, and who publishes."""

from __future__ import annotations

import datetime
import itertools
import time
import unicodedata

import pytest

from retrieval.gazetteer import load
from retrieval.text import fold, normalise

BEFORE = datetime.date(2025, 6, 30)
MERGER = datetime.date(2025, 7, 1)
LATER = datetime.date(2026, 1, 1)

# Written out here, so that a row that is lost from the data is noticed.
_SIXTY_THREE = (
    "An Giang|Bà Rịa - Vũng Tàu|Bình Dương|Bình Phước|Bình Thuận|Bình Định|Bạc Liêu|Bắc Giang"
    "|Bắc Kạn|Bắc Ninh|Bến Tre|Cao Bằng|Cà Mau|Cần Thơ|Gia Lai|Hà Giang|Hà Nam|Hà Nội|Hà Tĩnh"
    "|Hòa Bình|Hưng Yên|Hải Dương|Hải Phòng|Hậu Giang|Hồ Chí Minh|Khánh Hòa|Kiên Giang|Kon Tum"
    "|Lai Châu|Long An|Lào Cai|Lâm Đồng|Lạng Sơn|Nam Định|Nghệ An|Ninh Bình|Ninh Thuận|Phú Thọ"
    "|Phú Yên|Quảng Bình|Quảng Nam|Quảng Ngãi|Quảng Ninh|Quảng Trị|Sóc Trăng|Sơn La|Thanh Hóa"
    "|Thái Bình|Thái Nguyên|Thừa Thiên Huế|Tiền Giang|Trà Vinh|Tuyên Quang|Tây Ninh|Vĩnh Long"
    "|Vĩnh Phúc|Yên Bái|Điện Biên|Đà Nẵng|Đắk Lắk|Đắk Nông|Đồng Nai|Đồng Tháp"
)
SIXTY_THREE = _SIXTY_THREE.split("|")
_THIRTY_FOUR = (
    "An Giang|Bắc Ninh|Cao Bằng|Cà Mau|Cần Thơ|Gia Lai|Huế|Hà Nội|Hà Tĩnh|Hưng Yên|Hải Phòng"
    "|Hồ Chí Minh|Khánh Hòa|Lai Châu|Lào Cai|Lâm Đồng|Lạng Sơn|Nghệ An|Ninh Bình|Phú Thọ"
    "|Quảng Ngãi|Quảng Ninh|Quảng Trị|Sơn La|Thanh Hóa|Thái Nguyên|Tuyên Quang|Tây Ninh"
    "|Vĩnh Long|Điện Biên|Đà Nẵng|Đắk Lắk|Đồng Nai|Đồng Tháp"
)
THIRTY_FOUR = _THIRTY_FOUR.split("|")


def provinces_in(text: str) -> list[str]:
    """The provinces found, in order, for a text in which each has only one meaning."""
    return [name for mention in load().find_places(text) for name in mention.names]


# --- provinces -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("day", "names"),
    [
        (datetime.date(2024, 7, 23), SIXTY_THREE),
        (datetime.date(2024, 12, 31), SIXTY_THREE),
        (
            BEFORE,
            ["Huế" if name == "Thừa Thiên Huế" else name for name in SIXTY_THREE],
        ),
        (MERGER, THIRTY_FOUR),
        (datetime.date(2026, 8, 1), THIRTY_FOUR),
    ],
)
def test_provinces_on_a_day(day: datetime.date, names: list[str]) -> None:
    """63 provinces until 30/6/2025, Huế renamed half a year before, and 34 since."""
    assert sorted(names) == sorted(row.name for row in load().provinces_on(day))


def test_provinces_of_every_time() -> None:
    """Without a day every name is listed, historic ones too."""
    names = {row.name for row in load().provinces_on(None)}

    assert {*SIXTY_THREE, "Huế", "Hà Tây"} == names


def test_ha_tay_until_2008() -> None:
    """Hà Tây is a province until 31/7/2008 and part of Hà Nội from the next day."""
    last, first = datetime.date(2008, 7, 31), datetime.date(2008, 8, 1)

    assert "Hà Tây" in [row.name for row in load().provinces_on(last)]
    assert "Hà Tây" not in [row.name for row in load().provinces_on(first)]
    assert (load().name_on("Hà Tây", last), load().name_on("Hà Tây", first)) == ("Hà Tây", "Hà Nội")


def test_kind_changes_with_the_day() -> None:
    """Đồng Nai is a province and from 30/4/2026 a city."""
    kinds = [
        row.kind
        for day in (datetime.date(2026, 4, 29), datetime.date(2026, 4, 30))
        for row in load().provinces_on(day)
        if row.name == "Đồng Nai"
    ]

    assert kinds == ["tỉnh", "thành phố"]


@pytest.mark.parametrize(
    ("name", "day", "expected"),
    [
        ("Bắc Kạn", LATER, "Thái Nguyên"),
        ("Bắc Kạn", MERGER, "Thái Nguyên"),
        ("Bắc Kạn", BEFORE, "Bắc Kạn"),
        ("Bắc Kạn", None, "Bắc Kạn"),
        ("Thái Nguyên", datetime.date(2024, 1, 1), "Thái Nguyên"),
        ("Thái Nguyên", LATER, "Thái Nguyên"),
        ("Thừa Thiên Huế", datetime.date(2024, 12, 31), "Thừa Thiên Huế"),
        ("Thừa Thiên Huế", datetime.date(2025, 2, 1), "Huế"),
        ("Huế", datetime.date(2017, 1, 1), "Thừa Thiên Huế"),
        ("Huế", datetime.date(2025, 1, 1), "Huế"),
        ("BR-VT", LATER, "Hồ Chí Minh"),
        ("Đồng Nai", datetime.date(2017, 1, 1), "Đồng Nai"),
        ("Quảng Bình", LATER, "Quảng Trị"),
        ("Cao Bằng", LATER, "Cao Bằng"),
        ("Atlantis", LATER, "Atlantis"),
    ],
)
def test_name_on_a_day(name: str, day: datetime.date | None, expected: str) -> None:
    """A place is called as it was on the day; an unknown name comes back unchanged."""
    assert expected == load().name_on(name, day)


@pytest.mark.parametrize(
    ("name", "successor"),
    [
        ("Hậu Giang", "Cần Thơ"),
        ("Bạc Liêu", "Cà Mau"),
        ("Phú Yên", "Đắk Lắk"),
        ("Kon Tum", "Quảng Ngãi"),
        ("Vĩnh Phúc", "Phú Thọ"),
        ("Thừa Thiên Huế", "Huế"),
        ("Hà Tây", "Hà Nội"),
        ("Quảng Ninh", "Quảng Ninh"),
        ("nowhere", "nowhere"),
    ],
)
def test_successor(name: str, successor: str) -> None:
    """The province that a place belongs to today."""
    assert successor == load().successor(name)


@pytest.mark.parametrize(
    ("name", "predecessors"),
    [
        ("Thái Nguyên", ("Thái Nguyên", "Bắc Kạn")),
        ("Hồ Chí Minh", ("Hồ Chí Minh", "Bà Rịa - Vũng Tàu", "Bình Dương")),
        ("Lâm Đồng", ("Lâm Đồng", "Bình Thuận", "Đắk Nông")),
        ("Huế", ("Huế", "Thừa Thiên Huế")),
        ("Hà Nội", ("Hà Nội", "Hà Tây")),
        ("Bắc Kạn", ("Bắc Kạn",)),
        ("Đồng Nai", ("Đồng Nai", "Bình Phước")),
    ],
)
def test_predecessors(name: str, predecessors: tuple[str, ...]) -> None:
    """The province itself first, then all that were merged into it."""
    assert predecessors == load().predecessors(name)


def test_every_province_has_a_successor_of_today() -> None:
    """Following the mergers from any of the 63 ends at one of the 34."""
    assert set(THIRTY_FOUR) == {load().successor(name) for name in SIXTY_THREE}


@pytest.mark.parametrize("name", sorted({*SIXTY_THREE, *THIRTY_FOUR}))
def test_province_is_found_however_it_is_typed(name: str) -> None:
    """Case, marks, composition, a kind word and spaces make no difference."""
    gazetteer = load()
    spellings = [
        name,
        name.upper(),
        name.lower(),
        fold(name),
        fold(name).lower(),
        unicodedata.normalize("NFD", name),
        f"tỉnh {name}",
        f"Thành phố {name}",
        f"TP. {name}",
        f"tinh {fold(name).lower()}",
        f"  {name.replace(' ', '  ')} ",
        fold(name).lower().replace(" ", ""),
    ]

    assert [name] * len(spellings) == [
        province.name if (province := gazetteer.province(spelling)) else None
        for spelling in spellings
    ]


@pytest.mark.parametrize(
    ("alias", "name"),
    [
        ("TP.HCM", "Hồ Chí Minh"),
        ("TPHCM", "Hồ Chí Minh"),
        ("TP HCM", "Hồ Chí Minh"),
        ("HCM", "Hồ Chí Minh"),
        ("Sài Gòn", "Hồ Chí Minh"),
        ("Thành phố Hồ Chí Minh", "Hồ Chí Minh"),
        ("BR-VT", "Bà Rịa - Vũng Tàu"),
        ("Bà Rịa-Vũng Tàu", "Bà Rịa - Vũng Tàu"),
        ("Bà Rịa – Vũng Tàu", "Bà Rịa - Vũng Tàu"),
        ("Thừa Thiên - Huế", "Thừa Thiên Huế"),
        ("TT-Huế", "Thừa Thiên Huế"),
        ("Đăk Lăk", "Đắk Lắk"),
        ("Đắc Lắc", "Đắk Lắk"),
        ("Đak Lak", "Đắk Lắk"),
        ("Daklak", "Đắk Lắk"),
        ("Đăk Nông", "Đắk Nông"),
        ("Đắc Nông", "Đắk Nông"),
        ("Bắc Cạn", "Bắc Kạn"),
        ("HN", "Hà Nội"),
        ("Khánh Hoà", "Khánh Hòa"),
        ("Thanh Hoá", "Thanh Hóa"),
        ("Kontum", "Kon Tum"),
    ],
)
def test_aliases(alias: str, name: str) -> None:
    """Other spellings in use lead to the standard one."""
    province = load().province(alias)

    assert province
    assert name == province.name


@pytest.mark.parametrize("name", ["", "tỉnh", "Bắc", "Thái Bình Dương", "Paris", "Hà Nam Ninh"])
def test_no_such_province(name: str) -> None:
    """What is no province is None, not the nearest."""
    assert load().province(name) is None


@pytest.mark.parametrize(
    ("name", "nearest"),
    [("Bắc Cành", "Bắc Kạn"), ("Quảng Nin", "Quảng Ninh"), ("dak lac", "Đắk Lắk")],
)
def test_nearest(name: str, nearest: str) -> None:
    """A slip of the keyboard finds the name that was meant among three suggestions."""
    found = load().nearest(name)

    assert len(found) == 3
    assert nearest in found


# --- places in a text ------------------------------------------------------------------


@pytest.mark.parametrize("name", sorted({*SIXTY_THREE, *THIRTY_FOUR} - {"Hồ Chí Minh"}))
@pytest.mark.parametrize(
    "sentence",
    [
        "Ngày 5/7, UBND tỉnh {} tổ chức hội nghị sơ kết công tác dân vận.",
        "Đoàn công tác đã đến thăm và làm việc tại {}, sau đó về Trung ương.",
        "{}: Đẩy mạnh cải cách hành chính, phục vụ người dân",
        "Lãnh đạo các địa phương ({}) cam kết hoàn thành kế hoạch.",
    ],
)
def test_every_province_is_found_in_a_sentence(name: str, sentence: str) -> None:
    """Each name is found once, where it stands, in capitals and with the old tone too."""
    text = sentence.format(name)
    mentions = load().find_places(text)

    assert [(text.index(name), name, "province", (name,))] == [
        (mention.start, mention.text, mention.kind, mention.names) for mention in mentions
    ]
    old_tone = text.replace("òa", "oà").replace("óa", "oá")
    assert [name] == provinces_in(old_tone)


@pytest.mark.parametrize("name", sorted({*SIXTY_THREE, *THIRTY_FOUR} - {"Hồ Chí Minh"}))
def test_every_province_is_found_in_capitals(name: str) -> None:
    """Headlines in capitals name provinces too."""
    assert [name] == provinces_in(f"TỈNH ỦY {name.upper()} TỔNG KẾT CÔNG TÁC DÂN VẬN")
    assert [name] == provinces_in(f"CÔNG AN {name.upper()}: TỔNG KẾT CÔNG TÁC DÂN VẬN")


@pytest.mark.parametrize("name", sorted({*SIXTY_THREE, *THIRTY_FOUR} - {"Hồ Chí Minh"}))
def test_every_province_is_found_in_a_typed_question(name: str) -> None:
    """A question typed without capitals, or with only its first letter, names its province."""
    question = f"công tác dân vận ở tỉnh {name.lower()} còn hạn chế gì?"

    assert [name] == provinces_in(question)
    assert [name] == provinces_in(question.capitalize())


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # An ocean, peace, and other words.
        ("Khu vực châu Á - Thái Bình Dương phát triển nhanh.", []),
        ("KINH TẾ THÁI BÌNH DƯƠNG HỒI PHỤC", []),
        ("Các nước Thái Bình Dương và tỉnh Bình Dương ký kết.", ["Bình Dương"]),
        ("Nhân dân ta yêu chuộng hòa bình, độc lập.", []),
        ("Hòa bình là nguyện vọng của mọi dân tộc trên Trái Đất.", []),
        ("hòa bình là gì?", []),
        ("Ông được trao giải Nobel Hòa bình năm 2016 tại Oslo.", []),
        ("Ông được trao giải Nobel Hòa Bình năm 2016 tại Oslo.", []),
        ("Lễ kỷ niệm vì Hòa Bình và Phát triển.", []),
        ("HỘI ĐỒNG HÒA BÌNH THẾ GIỚI HỌP PHIÊN ĐẦU", []),
        ("Thủy điện Hòa Bình xả lũ, Sơn La mưa to.", ["Hòa Bình", "Sơn La"]),
        ("UBND TỈNH HÒA BÌNH HỌP PHIÊN ĐẦU", ["Hòa Bình"]),
        ("Viện Hải dương học và Viện Hải Dương học Nha Trang.", ["Khánh Hòa"]),
        ("Chính sách Việt Nam Định Hướng tương lai.", []),
        ("mức giá này không cao bằng năm ngoái", []),
        ("việt nam định hướng phát triển thế nào?", []),
        ("bao nhiêu người tham gia lai tạo giống lúa?", []),
        ("Hiệp hội An toàn thông tin họp tại Hà Nội.", ["Hà Nội"]),
        ("Các cầu thủ Đức và công nghệ an toàn.", []),
        # Streets, wards, rivers, theatres.
        ("Anh ở phường Thanh Hóa, trước kia ở đường Hà Nội.", []),
        ("Xe chạy trên đường Điện Biên Phủ.", []),
        ("Kỷ niệm chiến thắng Điện Biên Phủ năm 1954.", []),
        ("Nhà hát Hòa Bình và công viên Hòa Bình đông khách.", []),
        ("Cháy lớn ở phường Hòa Bình, xã Thái Bình, phố Huế.", []),
        ("Cầu Bình Phước, ngã tư Bình Phước và xa lộ Hà Nội kẹt xe.", []),
        ("Tàu chìm trên sông Đồng Nai, gần sông Sài Gòn.", []),
        ("Thành phố Hà Nội và đường phố Hà Nội sạch hơn.", ["Hà Nội", "Hà Nội"]),
        ("Hợp tác xã Sơn La xuất khẩu xoài; nhu cầu Hà Nội tăng.", ["Sơn La", "Hà Nội"]),
        ("Sở Nông nghiệp và Phát triển nông thôn Bình Định cho biết.", ["Bình Định"]),
        ("Trận địa bến Vân Đồn ở Sài Gòn.", ["Hồ Chí Minh"]),
        # Provinces of old and look-alikes.
        ("Tỉnh Hà Nam Ninh được chia tách năm 1991.", []),
        ("Hà Sơn Bình, Bắc Thái, Nam Hà và Vĩnh Phú là các tỉnh cũ.", []),
        ("Quảng Nam - Đà Nẵng bắt tay liên kết.", ["Quảng Nam", "Đà Nẵng"]),
        ("Vùng Đồng Tháp Mười vào mùa nước nổi.", []),
        ("Hưng Yên và Phú Yên; Long Anh khác Long An.", ["Hưng Yên", "Phú Yên", "Long An"]),
        ("An Ninh Bình Dương đưa tin.", ["Bình Dương"]),
        ("Gió mạnh ở phía đông Hà Nội và phía Đông Nam Định.", ["Hà Nội", "Nam Định"]),
        ("Vụ nổ ở tỉnh Hà Nam, Trung Quốc.", []),
        ("Điểm cầu Hà Nội và đầu cầu Quảng Ninh.", ["Hà Nội", "Quảng Ninh"]),
        ("Du khách đến hồ Ba Bể ngày càng đông.", ["Bắc Kạn"]),
        ("Cao tốc Hà Nam-Ninh Bình thông xe.", ["Hà Nam", "Ninh Bình"]),
        ("CÔNG AN NINH BÌNH, AN NINH BÌNH YÊN", ["Ninh Bình"]),
        # Persons.
        ("Ông Nguyễn Thái Bình và bà Trần Thị Hải Dương dự họp.", []),
        ("Nguyễn Hà Nam, Lê Hải Dương, Phan Quảng Nam đoạt giải.", []),
        ("Phó Thủ tướng Trương Hòa Bình và ông Nguyễn Hòa Bình.", []),
        ("TẠM GIAM LÊ HẢI DƯƠNG", []),
        ("Chị Hà Giang và anh Hà Nam cưới nhau ở Hà Giang.", ["Hà Giang"]),
        ("Bé Nguyễn Thị Huế, cô Huế và ông Minh Huế.", []),
        ("Ảnh: Hải Dương", []),
        ("Đoàn thăm cảng ở TP. Hải Phòng", ["Hải Phòng"]),
        ("Hội nghị được tổ chức tại TP. Hải Phòng", ["Hải Phòng"]),
        ("TỔNG BÍ THƯ TÔ LÂM THĂM HÀ NAM", ["Hà Nam"]),
        ("ĐOÀN THĂM THÁI BÌNH, ĐẾN THANH HÓA", ["Thái Bình", "Thanh Hóa"]),
        ("Phiên họp bế mạc lúc 17 giờ cùng ngày. Thái Bình", []),
        ("CLB Hoàng Anh Gia Lai thắng Becamex Bình Dương.", ["Gia Lai", "Bình Dương"]),
        ("Đoàn Quảng Ninh gặp đoàn Hà Nam. Từ Hà Nam đi.", ["Quảng Ninh", "Hà Nam", "Hà Nam"]),
        ("Chủ tịch UBND tỉnh Hòa Bình Bùi Văn Khánh phát biểu.", ["Hòa Bình"]),
        # The city and the man.
        ("Tư tưởng Hồ Chí Minh và Chủ tịch Hồ Chí Minh.", []),
        ("Đoàn TNCS Hồ Chí Minh; đường Hồ Chí Minh; Lăng Hồ Chí Minh.", []),
        ("Học viện Chính trị quốc gia Hồ Chí Minh khai giảng.", []),
        ("Thành phố Hồ Chí Minh, TP. Hồ Chí Minh, TP.HCM", ["Hồ Chí Minh"] * 3),
        ("TPHCM, Tp HCM, TP.Hồ Chí Minh, T.P Hồ Chí Minh", ["Hồ Chí Minh"] * 4),
        ("Hà Nội, Hồ Chí Minh, Đà Nẵng", ["Hà Nội", "Hồ Chí Minh", "Đà Nẵng"]),
        ("Học tập Hồ Chí Minh tại TP. Hồ Chí Minh", ["Hồ Chí Minh"]),
        ("thành phố hồ chí minh có bao nhiêu phường?", ["Hồ Chí Minh"]),
        ("học tập tư tưởng hồ chí minh thế nào?", []),
        ("Báo Sài Gòn Giải Phóng đưa tin.", []),
        # Spellings.
        ("Bà Rịa – Vũng Tàu, Bà Rịa-Vũng Tàu, BR-VT", ["Bà Rịa - Vũng Tàu"] * 3),
        ("Thừa Thiên - Huế, TT-Huế, Thừa Thiên-Huế", ["Thừa Thiên Huế"] * 3),
        ("Đăk Lăk, Đắc Lắc, Đăk Nông, Kontum", ["Đắk Lắk", "Đắk Lắk", "Đắk Nông", "Kon Tum"]),
        ("Khánh Hoà, Thanh Hoá, Hoà Bình", ["Khánh Hòa", "Thanh Hóa", "Hòa Bình"]),
        ("tỉnh Bắc kạn và HN", ["Bắc Kạn"]),
        ("Kết quả dân vận khéo Thái nguyên và Quảng ninh?", ["Thái Nguyên", "Quảng Ninh"]),
        ("Đảng viên Việt Nam định cư, hội an toàn", []),
        ("Thanh Hóa-Huế, Hà Nội–Lào Cai", ["Thanh Hóa", "Huế", "Hà Nội", "Lào Cai"]),
        ("dân vận quảng ninh", ["Quảng Ninh"]),
        ("", []),
        ("Thái", []),
    ],
)
def test_provinces_in_a_text(text: str, expected: list[str]) -> None:
    """A name counts only where it is the place's: not an ocean's, a street's or a person's."""
    assert expected == provinces_in(text)


def test_small_letters_count_only_in_typed_text() -> None:
    """In a text with capitals a name in small letters is a word."""
    assert provinces_in("Người dân Trung Quốc nói cao bằng và quảng ninh.") == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("huyện Quảng Ninh", [("huyện Quảng Ninh", "district", ("Quảng Bình",))]),
        ("tỉnh Quảng Ninh", [("Quảng Ninh", "province", ("Quảng Ninh",))]),
        ("thành phố Quảng Ninh", [("Quảng Ninh", "province", ("Quảng Ninh",))]),
        ("huyện Hòa Bình", [("huyện Hòa Bình", "district", ("Bạc Liêu",))]),
        ("thành phố Hòa Bình", [("thành phố Hòa Bình", "district", ("Hòa Bình",))]),
        ("TP. Thái Bình", [("TP. Thái Bình", "district", ("Thái Bình",))]),
        ("TP Điện Biên Phủ", [("TP Điện Biên Phủ", "district", ("Điện Biên",))]),
        ("TX. Sa Pa", [("TX. Sa Pa", "district", ("Lào Cai",))]),
        ("H.Củ Chi", [("H.Củ Chi", "district", ("Hồ Chí Minh",))]),
        ("quận Tân Phú", [("quận Tân Phú", "district", ("Hồ Chí Minh",))]),
        ("huyện Tân Phú", [("huyện Tân Phú", "district", ("Đồng Nai",))]),
        ("thị xã Sơn Tây", [("thị xã Sơn Tây", "district", ("Hà Nội",))]),
        ("thành phố Đông Triều", [("thành phố Đông Triều", "district", ("Quảng Ninh",))]),
        ("quận 1", [("quận 1", "district", ("Hồ Chí Minh",))]),
        ("thành phố Vinh", [("thành phố Vinh", "district", ("Nghệ An",))]),
        ("Bằng khen tặng thành phố Vinh Quang", []),
        ("huyện Thuỷ Nguyên", [("huyện Thuỷ Nguyên", "district", ("Hải Phòng",))]),
        ("huyện Ea H'leo", [("huyện Ea H'leo", "district", ("Đắk Lắk",))]),
        ("thành phố Phan Rang - Tháp Chàm", [
            ("thành phố Phan Rang - Tháp Chàm", "district", ("Ninh Thuận",))
        ]),
        ("tại Nha Trang", [("Nha Trang", "district", ("Khánh Hòa",))]),
        ("ông Đồng Văn Tám ở Thống Nhất", []),
        ("huyện ba bể có gì?", [("huyện ba bể", "district", ("Bắc Kạn",))]),
        ("huyện Đất Đỏ, Bà Rịa - Vũng Tàu", [
            ("huyện Đất Đỏ", "district", ("Bà Rịa - Vũng Tàu",)),
            ("Bà Rịa - Vũng Tàu", "province", ("Bà Rịa - Vũng Tàu",)),
        ]),
        ("huyện Lạc Sơn, Hòa Bình", [
            ("huyện Lạc Sơn", "district", ("Hòa Bình",)),
            ("Hòa Bình", "province", ("Hòa Bình",)),
        ]),
    ],
)  # fmt: skip
def test_districts(text: str, expected: list[tuple[str, str, tuple[str, ...]]]) -> None:
    """A district's name counts after its kind word, which also tells it from a province."""
    assert expected == [(m.text, m.kind, m.names) for m in load().find_places(text)]


def test_districts_in_a_row() -> None:
    """In a list the kind word stands once and holds for its neighbours of one province."""
    mentions = load().find_places("Các huyện Ba Bể, Chợ Đồn và Na Rì của tỉnh Bắc Kạn")

    assert [m.text for m in mentions] == ["huyện Ba Bể", "Chợ Đồn", "Na Rì", "Bắc Kạn"]
    assert {("Bắc Kạn",)} == {m.names for m in mentions}


def test_ambiguous_district_has_all_its_provinces() -> None:
    """Nine provinces have a Châu Thành, and the mention names them all."""
    (mention,) = load().find_places("Đồng chí công tác ở huyện Châu Thành.")

    assert mention.names == (
        "An Giang", "Bến Tre", "Hậu Giang", "Kiên Giang", "Long An", "Sóc Trăng", "Tiền Giang",
        "Trà Vinh", "Tây Ninh", "Đồng Tháp",
    )  # fmt: skip


def test_offsets_are_of_the_given_text() -> None:
    """A mention's text is exactly what stands between its offsets, and none overlap."""
    text = normalise(
        "HÀ NỘI – Ngày 2/9: huyện Mê Linh (Hà Nội), TP. Hồ Chí Minh và İstanbul; Thừa Thiên - Huế"
    )
    mentions = load().find_places(text)

    assert [text[mention.start : mention.end] for mention in mentions] == [
        "HÀ NỘI",
        "huyện Mê Linh",
        "Hà Nội",
        "TP. Hồ Chí Minh",
        "Thừa Thiên - Huế",
    ]
    assert all(a.end <= b.start for a, b in itertools.pairwise(mentions))


def test_long_text_is_quick() -> None:
    """10,000 characters of news take a few milliseconds; 25 leaves room for a busy machine."""
    sentence = "Sáng 5/7, Ban Dân vận Tỉnh ủy Bắc Kạn họp với huyện Ba Bể về hòa bình, ổn định. "
    text = sentence * (10_000 // len(sentence))
    load().find_places(text)
    seconds = []
    for _ in range(5):
        started = time.perf_counter()
        load().find_places(text)
        seconds.append(time.perf_counter() - started)

    assert min(seconds) < 0.025


# --- the press -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("code", "provinces"),
    [
        ("BBK", ["Bắc Kạn"]),
        ("QBĐT", ["Quảng Bình"]),
        ("(QBĐT)", ["Quảng Bình"]),
        ("qbđt", ["Quảng Bình"]),
        ("QBDT", ["Quảng Bình"]),
        ("BGĐT", ["Bắc Giang"]),
        ("HBĐT", ["Hòa Bình"]),
        ("LCĐT", ["Lào Cai"]),
        ("TQĐT", ["Tuyên Quang"]),
        ("YBĐT", ["Yên Bái"]),
        ("BLC", ["Lai Châu"]),
        ("LSO", ["Lạng Sơn"]),
        ("BHG", ["Hà Giang"]),
        ("ĐBP", ["Điện Biên"]),
        ("HPĐT", ["Hải Phòng"]),
        ("THO", ["Thanh Hóa"]),
        ("QTO", ["Quảng Trị"]),
        ("TTH", ["Thừa Thiên Huế"]),
        ("HNN.VN", ["Huế"]),
        ("QNO", ["Quảng Nam"]),
        ("QNĐT", ["Quảng Ngãi"]),
        ("GLO", ["Gia Lai"]),
        ("NTO", ["Ninh Thuận"]),
        ("BTO", ["Bình Thuận"]),
        ("BPO", ["Bình Phước"]),
        ("BDO", ["Bình Dương"]),
        ("ABO", ["Tiền Giang"]),
        ("BĐK", ["Bến Tre"]),
        ("VLO", ["Vĩnh Long"]),
        ("AGO", ["An Giang"]),
        ("CMO", ["Cà Mau"]),
        ("KGO", ["Kiên Giang"]),
        ("STO", ["Sóc Trăng"]),
        ("HNM", ["Hà Nội"]),
        ("TTXVN", [None]),
        ("VOV", [None]),
        ("SGGP", [None]),
        ("NLĐO", [None]),
        ("TNO", [None]),
        ("ĐNO", ["Đà Nẵng", "Đồng Nai"]),
        ("BQN", ["Quảng Nam", "Quảng Ngãi", "Quảng Ninh"]),
        ("XYZ", []),
        ("", []),
    ],
)
def test_newspapers_by_code(code: str, provinces: list[str | None]) -> None:
    """A dateline's code names its paper; one that several use names them all."""
    found = [paper.province for paper in load().newspapers_by_code(code)]

    assert sorted(provinces, key=str) == sorted(found, key=str)


@pytest.mark.parametrize("name", sorted({*SIXTY_THREE, *THIRTY_FOUR, "Hà Tây"}))
@pytest.mark.parametrize(
    "form",
    ["Báo {}", "BÁO {}", "báo {} điện tử", "Báo và Phát thanh, Truyền hình {}", "Theo Báo {}"],
)
def test_paper_of_every_province(name: str, form: str) -> None:
    """`Báo <province>` is understood for each, whether it has a row or not."""
    paper = load().newspaper_by_name(form.format(name))

    assert paper
    assert (f"Báo {name}", name) == (paper.name, paper.province)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Báo Hànộimới", ("Hànộimới", "Hà Nội")),
        ("báo Hà Nội mới", ("Hànộimới", "Hà Nội")),
        ("Báo Sài Gòn Giải Phóng", ("SGGP", None)),
        ("Thông tấn xã Việt Nam", ("TTXVN", None)),
        ("TTXVN", ("TTXVN", None)),
        ("Báo Nhân Dân", ("Nhân Dân", None)),
        ("Nhân Dân điện tử", ("Nhân Dân", None)),
        ("Báo Tuổi trẻ", ("Tuổi Trẻ", None)),
        ("Báo Ấp Bắc", ("Báo Ấp Bắc", "Tiền Giang")),
        ("Đài PT-TH Quảng Ninh", ("Đài Phát thanh và Truyền hình Quảng Ninh", "Quảng Ninh")),
        ("VnExpress", ("VnExpress", None)),
        ("Báo TP.HCM", ("Báo Hồ Chí Minh", "Hồ Chí Minh")),
        ("Thanh Hóa", None),
        ("báo cáo Quảng Ninh", None),
        ("báo chí", None),
        ("", None),
    ],
)
def test_newspaper_by_name(text: str, expected: tuple[str, str | None] | None) -> None:
    """A name that is written out leads to its paper; a province alone is none."""
    paper = load().newspaper_by_name(text)

    assert expected == ((paper.name, paper.province) if paper else None)


def slug(name: str) -> str:
    return fold(name).lower().replace(" ", "").replace("-", "")


@pytest.mark.parametrize("name", sorted({*SIXTY_THREE, *THIRTY_FOUR} - {"Hồ Chí Minh"}))
def test_portal_and_paper_domains_of_every_province(name: str) -> None:
    """`<name>.gov.vn` is the province's portal and `bao<name>.vn` its paper, in any form."""
    gazetteer = load()
    portal = gazetteer.by_domain(f"https://sonoivu.{slug(name)}.gov.vn/tin-tuc?id=1")

    assert portal
    assert name == portal[1]
    assert portal[0].startswith("Cổng thông tin điện tử")
    assert portal[0].endswith(name)
    for suffix in ("vn", "com.vn", "org.vn"):
        found = gazetteer.by_domain(f"http://www.bao{slug(name)}.{suffix}/x")
        assert (f"Báo {name}", name) == found


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("backan.gov.vn", ("Cổng thông tin điện tử tỉnh Bắc Kạn", "Bắc Kạn")),
        ("haugiang.gov.vn", ("Cổng thông tin điện tử tỉnh Hậu Giang", "Hậu Giang")),
        (
            "https://baria-vungtau.gov.vn/",
            ("Cổng thông tin điện tử tỉnh Bà Rịa - Vũng Tàu", "Bà Rịa - Vũng Tàu"),
        ),
        (
            "www.hochiminhcity.gov.vn",
            ("Cổng thông tin điện tử thành phố Hồ Chí Minh", "Hồ Chí Minh"),
        ),
        ("hue.gov.vn", ("Cổng thông tin điện tử thành phố Huế", "Huế")),
        ("backan.dcs.vn", ("Đảng bộ tỉnh Bắc Kạn", "Bắc Kạn")),
        ("baobackan.vn", ("Báo Bắc Kạn", "Bắc Kạn")),
        ("HTTPS://BAOBACKAN.COM.VN:443/a/b", ("Báo Bắc Kạn", "Bắc Kạn")),
        ("baoapbac.vn", ("Báo Ấp Bắc", "Tiền Giang")),
        ("thainguyentv.vn", ("Đài Phát thanh và Truyền hình Thái Nguyên", "Thái Nguyên")),
        ("https://vnexpress.net/tin-123.html", ("VnExpress", None)),
        ("media.chinhphu.vn", ("Chinhphu.vn", None)),
        ("sggp.org.vn", ("SGGP", None)),
        ("https://example.com/baobackan.vn", None),
        ("gov.vn", None),
        ("moh.gov.vn", None),
        ("baohiemxahoi.gov.vn", None),
        ("", None),
        ("không phải địa chỉ", None),
    ],
)
def test_by_domain(address: str, expected: tuple[str, str | None] | None) -> None:
    """A host or URL names its source and province; an unknown one neither."""
    assert expected == load().by_domain(address)


# --- the rows --------------------------------------------------------------------------


def test_rows_refer_to_provinces_that_exist() -> None:
    """Every merger, district and newspaper names a province that has a row."""
    gazetteer = load()
    names = {row.name for row in gazetteer.provinces}
    referred = {row.merged_into for row in gazetteer.provinces if row.merged_into}
    referred |= {row.province for row in gazetteer.districts}
    referred |= {row.province for row in gazetteer.newspapers if row.province}

    assert set() == referred - names


def test_every_province_has_districts() -> None:
    """Each of the 63 has between five and forty districts, in composed modern spelling."""
    counts = dict.fromkeys(SIXTY_THREE, 0)
    for row in load().districts:
        counts[row.province] += 1
        assert normalise(row.name) == row.name

    assert [(name, count) for name, count in counts.items() if not 5 <= count <= 40] == []


def test_load_reads_once() -> None:
    """Every caller gets the same gazetteer."""
    assert load() is load()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Người Thái ở bản Văn (Mai Châu) giữ nếp nhà sàn.", ["Mai Châu"]),
        ("Bà con xã Chiềng Châu, Mai Châu góp công.", ["Mai Châu"]),
        ("Mai Châu: Đường về bản mới", ["Mai Châu"]),
        ("Ông Lê Văn Mai, Châu Âu học.", []),
        ("Hội nghị ở xã Thanh Bình, Châu Thành.", []),
    ],
)
def test_a_district_without_its_kind_word(text: str, expected: list[str]) -> None:
    """In brackets or after a commune, or before a title's colon, if one province alone has it."""

    assert [m.text for m in load().find_places(text) if m.kind == "district"] == expected
