"""Questions in English are told from Vietnamese ones, and read as Vietnamese questions."""

from __future__ import annotations

import csv
import json

import pytest

from retrieval.english import is_english, language_of, read_english
from retrieval.english_lexicon import Sense, lexicon, singular, spelled, stem
from retrieval.errors import UnreadError
from retrieval.question import understand
from retrieval.search import Retriever
from retrieval.settings import PROJECT
from retrieval.text import fold, normalise


@pytest.mark.parametrize(
    "question",
    [
        "What was the satisfaction index of Bac Kan people in 2020?",
        "who is nguyen van huong",
        "results of mass mobilization in Yen Bai 2022",
        "budget revenue of Bac Ninh in the first six months of 2024",
        "satisfaction index Bac Kan 2020",
        "What is công tác dân vận?",
        "Who attended the conference in Quảng Bình?",
        "And in Hau Giang?",
        "Who chaired it?",
    ],
)
def test_english_is_recognised(question: str) -> None:
    """With a word that asks or without, names with their marks or without."""

    assert is_english(question)


@pytest.mark.parametrize(
    "question",
    [
        "how to train your dragon ra mat nam nao",
        "Which Bank khai trương ở đâu?",
        "Will Smith la ai",
        "What is Love của Twice phát hành khi nào?",
        "2020",
        "The Voice 2018 co bao nhieu thi sinh",
        "Phim 'Girl on Fire' gay sot",
        "WHO công bố hướng dẫn mới về vaccine",
        "can bo an toan o ban nao",
        "",
    ],
)
def test_a_vietnamese_question_with_english_names(question: str) -> None:
    """A title does not make a question English."""

    assert not is_english(question)


@pytest.mark.parametrize(
    ("text", "language"),
    [("Hello!", "en"), ("Thank you", "en"), ("hello bạn", "vi"), ("ok", "vi"), ("Xin chào", "vi")],
)
def test_the_language_of_a_greeting(text: str, language: str) -> None:
    """What Vietnamese people say as well is Vietnamese."""

    assert language_of(text) == language


def test_none_of_our_questions_is_english() -> None:
    """Typed with marks and without."""
    folder = PROJECT / "tests" / "questions"
    names = ("answerable", "near_misses", "comparisons")
    lines = [
        line
        for name in names
        for line in (folder / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()
    ]
    questions = [normalise(json.loads(line)["question"]) for line in lines]

    assert len(questions) == 590
    assert [q for q in questions if language_of(q) == "en" or language_of(fold(q)) == "en"] == []


def test_questions_of_all_forms_are_english() -> None:
    """Those that were first read when the rules were written, too."""
    path = PROJECT / "tests" / "questions" / "english_forms.jsonl"
    questions = [json.loads(line)["question"] for line in path.read_text("utf-8").splitlines()]

    assert len(questions) == 200
    assert [question for question in questions if not is_english(question)] == []


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        (
            "What are the limitations of mass mobilisation work in Bac Kan?",
            "Những hạn chế của công tác dân vận ở Bắc Kạn là gì?",
        ),
        (
            "How many models were registered in Quang Ninh in 2017?",
            "Bao nhiêu mô hình được đăng ký ở Quảng Ninh năm 2017?",
        ),
        (
            "In 2017, how many models did Quang Ninh register?",
            "Quảng Ninh đăng ký bao nhiêu mô hình năm 2017?",
        ),
        (
            "When did the delegation work with the People's Committee of Bac Kan?",
            "Đoàn công tác làm việc với Ủy ban nhân dân Bắc Kạn khi nào?",
        ),
        ("Who led the delegation?", "Ai làm trưởng đoàn?"),
        ("Who chaired the conference?", "Ai chủ trì hội nghị?"),
        ("news from Hanoi in July 2024", "Tin Hà Nội tháng 7/2024?"),
        (
            "Who is the head of the mass mobilization commission of Quang Ninh?",
            "Trưởng Ban Dân vận Quảng Ninh là ai?",
        ),
        (
            "What was Bac Kan's satisfaction index in 2020?",
            "Chỉ số hài lòng của Bắc Kạn năm 2020 là bao nhiêu?",
        ),
        ("What percentage of villages have clean water?", "Bao nhiêu phần trăm thôn có nước sạch?"),
        ("Which province has the highest PCI?",
         "Tỉnh nào có chỉ số năng lực cạnh tranh cấp tỉnh cao nhất?"),
        ("In which province was the movement launched?", "Phong trào được phát động ở tỉnh nào?"),
        ("With whom did the delegation work?", "Đoàn công tác làm việc với ai?"),
        ("What position does Phuong Thi Thanh hold?", "Phuong Thi Thanh giữ chức vụ gì?"),
        ("Did Bac Kan hold a conference in July 2023?",
         "Bắc Kạn có tổ chức hội nghị tháng 7/2023 không?"),
        (
            "Is Nguyen Van Huong the head of the commission?",
            "Nguyen Van Huong có phải là Trưởng ban không?",
        ),
        ("Why did the satisfaction index fall in 2021?",
         "Vì sao chỉ số hài lòng giảm năm 2021?"),
        ("What is being done to reduce poverty?", "Những gì được thực hiện giảm nghèo?"),
        ("What's the population of Ba Be district?", "Dân số huyện Ba Bể là bao nhiêu?"),
        ("Please tell me about administrative reform in Ho Chi Minh City",
         "Cải cách hành chính ở TP. Hồ Chí Minh?"),
        ("What about Quang Ninh?", "Còn Quảng Ninh thì sao?"),
        ("What is công tác dân vận in Bac Kan?", "Công tác dân vận ở Bắc Kạn là gì?"),
        ("Who signed Directive No. 16/CT-TTg?", "Ai ký Chỉ thị số 16/CT-TTg?"),
    ],
)  # fmt: skip
def test_a_question_is_read(question: str, expected: str) -> None:
    """Words, the order of them, names of places."""

    assert read_english(question).text == expected


@pytest.mark.parametrize(
    ("english", "vietnamese"),
    [
        ("news of 23 July 2024", "ngày 23/7/2024"),
        ("news of July 23rd, 2024", "ngày 23/7/2024"),
        ("news in July 2024", "tháng 7/2024"),
        ("news in May", "tháng 5"),
        ("news in the first six months of 2023", "6 tháng đầu năm 2023"),
        ("news in the second half of 2023", "6 tháng cuối năm 2023"),
        ("news in the third quarter of 2024", "quý 3/2024"),
        ("news at the end of 2022", "cuối năm 2022"),
        ("news from 2020 to 2025", "giai đoạn 2020-2025"),
        ("news since 2017", "từ năm 2017"),
        ("news by 2025", "đến năm 2025"),
        ("news over the past five years", "5 năm qua"),
        ("news two weeks ago", "2 tuần trước"),
        ("news last month", "tháng trước"),
        ("news yesterday", "hôm qua"),
        ("news of 1,000 billion dong", "1.000 tỷ đồng"),
        ("news of 91.3 percent", "91,3%"),
    ],
)
def test_times_and_numbers(english: str, vietnamese: str) -> None:
    """In the forms that the rules on periods read."""

    assert read_english(english).text.rstrip("?").endswith(vietnamese)


@pytest.mark.parametrize(
    ("word", "short", "bare"),
    [
        ("parties", "party", "party"),
        ("classes", "class", "class"),
        ("class", "class", "class"),
        ("planned", "planned", "plan"),
        ("organized", "organized", "organiz"),
        ("organize", "organize", "organiz"),
        ("carried", "carried", "carry"),
        ("status", "status", "status"),
    ],
)
def test_endings(word: str, short: str, bare: str) -> None:
    """What a word shares with its other forms."""

    assert (singular(word), stem(word)) == (short, bare)


def test_british_and_american_spelling_are_one() -> None:
    """Both sides of a comparison are written in it."""

    assert [spelled(w) for w in ("Mobilisation", "labour", "programme", "centre", "four")] == [
        "mobilization", "labor", "program", "center", "four",
    ]  # fmt: skip


def test_the_longest_phrase_is_taken() -> None:
    """In whatever number its last word is."""
    typed = ["mass", "mobilization", "commissions", "of"]

    assert lexicon().longest_at(typed, 0) == (3, (Sense("Ban Dân vận", "b"),))


def test_the_lexicon_is_sound() -> None:
    """No phrase stands twice in one kind, and every kind is one that is known."""
    path = PROJECT / "retrieval" / "data" / "english.csv"
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    listed = [(phrase, row["kind"]) for row in rows for phrase in row["english"].split("|")]

    assert rows == sorted(rows, key=lambda r: f"{r['english']},{r['vietnamese']},{r['kind']}")
    assert len(listed) == len(set(listed))
    assert {kind for _, kind in listed} == set("nqobavxrpc")


def test_a_question_of_unknown_words_is_not_read() -> None:
    """The error names them, for the reader to put them otherwise."""
    with pytest.raises(UnreadError) as raised:
        understand("What is the zymurgy of quokkas in Bac Kan?")

    assert raised.value.unread == ("zymurgy", "quokkas")


def test_names_get_the_marks_of_the_archive(retriever: Retriever) -> None:
    """A name is restored by itself, whatever stands beside it."""
    query = understand("What position does Nguyen Tien Hoang hold?", (), retriever.index.language)

    assert query.text == "Nguyễn Tiến Hoàng giữ chức vụ gì?"
    assert query.question == "What position does Nguyen Tien Hoang hold?"


def test_a_follow_up_leans_on_an_english_question() -> None:
    """Both are read before the one is made whole by the other."""
    earlier = ["Thank you", "How many models were registered in Quang Ninh in 2017?"]
    query = understand("And in Bac Kan?", earlier)

    assert query.text == "Bao nhiêu mô hình được đăng ký ở Bắc Kạn năm 2017?"


def test_a_vietnamese_question_leans_on_an_english_one() -> None:
    """Whoever changes the language keeps the topic."""
    earlier = ["How many models were registered in Quang Ninh in 2017?"]

    assert understand("Còn ở Bắc Kạn thì sao?", earlier).text == (
        "Bao nhiêu mô hình được đăng ký ở Bắc Kạn năm 2017?"
    )
