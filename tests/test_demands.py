from __future__ import annotations

import pytest

from bot.answering import Asked, answer
from bot.demands import Demands
from bot.people import communes_in, people_in, places_in
from bot.question_terms import QuestionTerms, equal_weights
from retrieval.question import understand
from retrieval.search import Retriever


def demands(question: str) -> Demands:
    query = understand(question)
    return Demands(query, QuestionTerms(query, equal_weights).words)


@pytest.mark.parametrize(
    ("question", "text", "expected"),
    [
        ("Sở Y tế kiến nghị gì?", "Lãnh đạo Sở Tư pháp kiến nghị.", False),
        ("so y te kien nghi gi", "Lãnh đạo Sở Y tế kiến nghị.", True),
        ("Ban Tổ chức tặng mấy cờ?", "Ban Dân vận tặng Cờ cho 4 tập thể.", False),
        ("UBND tỉnh làm gì?", "Ủy ban nhân dân tỉnh chỉ đạo.", True),
        ("Ủy ban nhân dân tỉnh làm gì?", "UBND tỉnh chỉ đạo.", True),
        ("Nghị quyết số 06-NQ/TU ban hành ngày nào?", "Đề án 06-ĐA/TU ngày 03/02/2023.", False),
        ("Nghị quyết số 06-NQ/TU ban hành ngày nào?", "Nghị quyết 06-NQ/TU ngày 3/12.", True),
        ("Quyết định 218 về việc gì?", "theo Quyết định số 218-QĐ/TW", True),
        ("Nghị quyết Trung ương 5 nói gì?", "Nghị quyết Trung ương 4 có 5 nhiệm vụ.", False),
        ("Hội nghị có 5.000 đại biểu?", "Hội nghị có 5000 đại biểu.", True),
        ("Hai tuyến cao tốc là gì? 2 tuyến", "có hai tuyến cao tốc", True),
        ("Giảm trong 5 năm?", "Giảm trong 2 năm, năm 2020.", False),
        ("Có đạt trên 95% không?", "Đạt 91,3%.", True),
    ],
)
def test_a_passage_names_what_the_question_names(question: str, text: str, expected: bool) -> None:
    """One department, document or number is no evidence for another."""

    assert demands(question).met_by_passage(text) is expected


@pytest.mark.parametrize(
    ("question", "text", "expected"),
    [
        ("Chủ tịch UBND tỉnh là ai?", "Ông An, Chủ tịch HĐND tỉnh.", False),
        ("Chủ tịch UBND tỉnh là ai?", "Ông An, Phó Chủ tịch UBND tỉnh.", False),
        ("Chủ tịch tỉnh là ai?", "Ông An, Chủ tịch HĐND tỉnh.", False),
        ("chu tich ubnd tinh la ai", "Ông An, Chủ tịch Ủy ban nhân dân tỉnh.", True),
        ("Phó Bí thư Thường trực Tỉnh ủy là ai?", "Ông An, Phó Bí thư Tỉnh ủy.", False),
        ("Phó Bí thư Tỉnh ủy là ai?", "Ông An, Phó Bí thư Thường trực Tỉnh ủy.", True),
        ("Trưởng Ban Tuyên giáo là ai?", "Ông An, Trưởng Ban Dân vận.", False),
        ("Bộ trưởng Nội vụ là ai?", "Ông An, Bộ trưởng Bộ Nội vụ.", True),
        ("Thứ trưởng Bộ Công an là ai?", "Thứ trưởng Bộ Nội vụ Triệu Văn Cường.", False),
    ],
)
def test_an_office_is_held_of_its_body(question: str, text: str, expected: bool) -> None:
    """The chairman of the council is not that of the committee; "Phó" is another person."""

    assert demands(question).offices_held(text) is expected


@pytest.mark.parametrize(
    ("question", "text", "expected"),
    [
        ("Ông Nguyễn Hữu Hoàng nói gì?", "Ông Nguyễn Hữu Hoài nói.", False),
        ("Ông Nguyễn Hữu Hoài nói gì?", "Ông Nguyễn Hữu Hoài nói.", True),
        ("Thủ tướng Phạm Minh Chính nói gì?", "Thủ tướng nói.", False),
        ("Từ Paris đi đâu?", "Đi Nice.", True),
        ("Đoàn Thanh niên làm gì?", "Thanh niên tình nguyện.", True),
    ],
)
def test_a_person_is_named_in_the_article(question: str, text: str, expected: bool) -> None:
    """A person of whom an article does not speak said nothing in it."""

    assert demands(question).met_by_article(text) is expected


@pytest.mark.parametrize(
    ("question", "sentence", "before", "expected"),
    [
        ("Mấy cá nhân được tặng bằng khen?", "Giấy khen tặng 27 cá nhân.", "", True),
        ("Mấy cá nhân được tặng giấy khen?", "Giấy khen tặng 27 cá nhân.", "", False),
        ("Chỉ số cải cách hành chính?", "Chỉ số hài lòng đạt 91,3%.", "", True),
        ("Có mấy mô hình cấp huyện?", "Có 53 mô hình cấp tỉnh.", "Ở cấp huyện:", False),
    ],
)
def test_terms_that_exclude_each_other(
    question: str, sentence: str, before: str, expected: bool
) -> None:
    """A certificate is not a commendation, unless the words before say so."""

    assert demands(question).contradicted(sentence, before) is expected


def test_who_somebody_is() -> None:
    """An office must stand beside the person's own name."""
    asked = demands("Bà Phương Thị Thanh là ai?")

    assert asked.says_role("Phương Thị Thanh, Phó Bí thư Thường trực; ông An, Chủ tịch.")
    assert asked.says_role("Phó Bí thư Tỉnh ủy Phương Thị Thanh phát biểu.")
    assert not asked.says_role("Phương Thị Thanh phát biểu trước đông đảo đại biểu và Chủ tịch.")


def test_who_did_it() -> None:
    """Who was in the chair is not who made the speech."""

    assert not demands("Ai phát biểu?").acts_held("Đồng chí An chủ trì.")
    assert demands("ai chu tri").acts_held("Đồng chí An chủ trì.")
    assert not demands("Ai dẫn đầu đoàn công tác?").acts_held("Làm việc với Đoàn có đồng chí An.")


def test_persons_of_a_text() -> None:
    """Family name and more with capitals; places and bodies are no persons."""
    text = "Bà Phương Thị Thanh và ông Ma Từ Đông Điền đến Hà Giang gặp Đoàn Thanh niên."

    assert people_in(text) == ["Phương Thị Thanh", "Ma Từ Đông Điền"]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Chủ tịch UBND phường Dĩ An tên là gì?", ["Dĩ An"]),
        ("ở xã Hưng Yên Nam và xã Bình Dương (Đông Triều)", ["Hưng Yên Nam", "Bình Dương"]),
        ("An sinh xã hội ở Ba Bể", []),
        ("chủ tịch phường là ai", []),
    ],
)
def test_communes_of_a_text(text: str, names: list[str]) -> None:
    assert communes_in(text) == names


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Hội thảo ở Hải Hà bàn nội dung gì?", ["Hải Hà"]),
        ("Hội nghị tại Bạch Long Vĩ và ở Bắc Kạn", ["Bạch Long Vĩ"]),
        ("Tỷ lệ đột quỵ ở Việt Nam", []),
        ("Công tác dân vận ở Bắc Kạn", []),
        ("Tọa đàm tại Ban Dân vận Tỉnh ủy", []),
        ("Tọa đàm ở đâu? Hải Hà nói gì?", []),
    ],
)
def test_places_behind_a_preposition(text: str, names: list[str]) -> None:
    assert places_in(text) == names


def test_a_place_without_its_word_is_looked_for(retriever: Retriever) -> None:
    """No article is about Hải Hà, so what others say of such a seminar is no answer."""
    question = "Hội thảo đề án dân vận ở Hải Hà năm 2018 bàn nội dung gì?"

    assert not demands(question).met_by_article("Sơ kết. Hội nghị ở Bắc Giang bàn nhiều việc.")
    assert demands(question).met_by_article("Sơ kết. Hội nghị ở huyện Hải Hà bàn nhiều việc.")
    assert not answer(retriever, Asked(question)).citations
    assert demands("Hội thảo o Hai Ha").met_by_article("Hội thảo ở huyện Hải Hà.")
    compared = demands("Giá nước ở Năm Căn và ở Tu Mơ Rông")
    assert compared.met_by_article("Xóm cồn ở Năm Căn.")
    assert not compared.met_by_article("Xóm cồn ở Cái Nước.")


@pytest.mark.parametrize("question", ["Ai là Chủ tịch UBND phường Dĩ An?", "Kinh phí ở xã Ba Bể?"])
def test_another_commune_is_no_evidence(retriever: Retriever, question: str) -> None:
    """No article names it, whatever else one says of a chairman or of money."""
    assert not answer(retriever, Asked(question)).citations


def test_what_a_person_is_not_told_of(retriever: Retriever) -> None:
    """A birthday is not told by the day of a meeting, nor an office's first year."""
    for question in (
        "Ông Nguyễn Hữu Hoài sinh năm nào, quê ở đâu?",
        "Ông Trần Văn Huyến làm Chủ tịch HĐND tỉnh từ năm nào?",
    ):
        assert not answer(retriever, Asked(question)).citations
