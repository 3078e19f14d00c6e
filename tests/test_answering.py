"""Answers over the five seed articles with the real model, FAISS and tantivy."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from bot.answering import Asked, answer
from bot.demands import Demands
from bot.kinds import question_kind
from bot.schema import Outcome
from bot.told import can_answer
from retrieval.filters import GivenFilters
from retrieval.question import understand
from retrieval.search import Retriever
from retrieval.text import words

SATISFACTION = "Chỉ số hài lòng của người dân Bắc Kạn năm 2020 là bao nhiêu?"


@pytest.mark.parametrize(
    ("question", "label", "fact"),
    [
        (SATISFACTION, "Bắc Kạn, 23/7/2024", "91,3%"),
        (
            "chi so hai long cua nguoi dan bac kan nam 2020 la bao nhieu",
            "Bắc Kạn, 23/7/2024",
            "91,3%",
        ),
        (
            "Năm 2017 Quảng Ninh có bao nhiêu mô hình đăng ký cấp tỉnh?",
            "Quảng Ninh, 14/10/2017",
            "53 mô hình",
        ),
        ("Sau 2 năm đã tinh giản được bao nhiêu biên chế?", "Quảng Ninh, 14/10/2017", "12,54%"),
        (
            "Ban Dân vận Tỉnh ủy Hậu Giang tặng Cờ thi đua cho mấy tập thể?",
            "Hậu Giang, 26/12/2022",
            "4 tập thể",
        ),
        (
            "Ai chủ trì hội nghị sơ kết công tác dân vận ở Bắc Kạn?",
            "Bắc Kạn, 5/7/2023",
            "Phương Thị Thanh",
        ),
        ("Công tác dân vận ở Bắc Kạn còn những hạn chế gì?", "Bắc Kạn, 23/7/2024", "hạn chế"),
        ("Ai là Chủ tịch UBND tỉnh Quảng Bình?", "Quảng Bình, 3/11/2017", "Nguyễn Hữu Hoài"),
    ],
)
def test_questions_the_articles_answer(
    retriever: Retriever, question: str, label: str, fact: str
) -> None:
    """The fact and the label of the article that states it are in the answer."""
    shown = answer(retriever, Asked(question))

    assert shown.outcome is Outcome.ANSWERED
    assert fact in shown.text
    assert f"[{label}]" in shown.text


@pytest.mark.parametrize(
    "question",
    [
        "Giá vàng hôm nay bao nhiêu?",
        "gia vang hom nay bao nhieu",
        "Ai vô địch World Cup 2022?",
        "Chỉ số hài lòng của người dân Quảng Ninh năm 2020 là bao nhiêu?",
        "Cách nấu phở bò?",
    ],
)
def test_questions_the_articles_do_not_answer(retriever: Retriever, question: str) -> None:
    """A refusal says so, names what the articles are about, and cites nothing."""
    shown = answer(retriever, Asked(question))

    assert shown.outcome is Outcome.NO_EVIDENCE
    assert shown.text.startswith("Các bài viết trong kho không có thông tin")
    assert "Tiếp tục đổi mới phương thức hoạt động của ban dân vận các cấp" in shown.text
    assert (shown.sentences, shown.citations) == ((), ())


@pytest.mark.parametrize(
    "question",
    ["Dân vận ở Cà Mau còn hạn chế gì?", "dan van o ca mau", "Thời tiết Cà Mau mai thế nào?"],
)
def test_a_province_without_any_article(retriever: Retriever, question: str) -> None:
    """That is an answer of its own: it names the provinces there are and how to widen."""
    shown = answer(retriever, Asked(question))

    assert shown.outcome is Outcome.NO_ARTICLE_FOR_PLACE_OR_PERIOD
    assert "chưa có bài nào của Cà Mau" in shown.text
    assert "Bắc Kạn, Hậu Giang, Quảng Bình, Quảng Ninh" in shown.text
    assert shown.citations == ()


def test_a_merged_province_is_reached_and_named(retriever: Retriever) -> None:
    """Today's Thái Nguyên holds the former Bắc Kạn; the answer says so."""
    shown = answer(
        retriever, Asked("Chỉ số hài lòng của người dân Thái Nguyên năm 2020 là bao nhiêu?")
    )

    assert "91,3%" in shown.text
    assert "[Bắc Kạn, 23/7/2024]" in shown.text
    assert "Bắc Kạn nay thuộc Thái Nguyên" in shown.text


def test_every_sentence_is_quoted_and_cited(retriever: Retriever) -> None:
    """Each sentence has a citation whose quote is a stretch of its article, in reading order."""
    shown = answer(retriever, Asked("Công tác dân vận ở Bắc Kạn còn những hạn chế gì?"))
    articles = {article.id: article for article in retriever.index.records.articles()}

    assert 1 <= len(shown.sentences) <= 4
    assert [c.number for c in shown.citations] == list(range(1, len(shown.citations) + 1))
    for sentence in shown.sentences:
        for number in sentence.citations:
            citation = shown.citations[number - 1]
            article = articles[citation.article]
            assert article.text[citation.start : citation.end] == citation.quote
            assert sentence.text in " ".join(citation.quote.split())
            assert citation.label == article.label
    for article_id in articles:
        starts = [c.start for c in shown.citations if c.article == article_id]
        assert starts == sorted(starts)


@pytest.mark.parametrize(
    ("question", "facts"),
    [
        (
            "Công tác dân vận ở Bắc Kạn còn những hạn chế gì?",
            ["chưa quan tâm đúng mức", "chưa kịp thời", "chưa được coi trọng"],
        ),
        (
            "Thời gian tới công tác dân vận ở Quảng Ninh tập trung thực hiện những nhiệm vụ nào?",
            ["Thứ nhất là", "Thứ hai là", "Thứ ba là", "Thứ tư là"],
        ),
        ("Ai chủ trì hội nghị sơ kết công tác dân vận ở Bắc Kạn?", ["Ma Từ Đông Điền"]),
    ],
)
def test_an_announcement_comes_with_what_it_announces(
    retriever: Retriever, question: str, facts: list[str]
) -> None:
    """A list is shown with its items, a meeting with who led it, a question with its answer."""
    shown = answer(retriever, Asked(question))

    assert [fact for fact in facts if fact not in shown.text] == []
    assert not any(sentence.text.endswith("?") for sentence in shown.sentences)


@pytest.mark.parametrize(
    ("question", "part"), [("", "đang trống"), ("🙂", "chữ hay số"), ("a" * 1_001, "1.000 ký tự")]
)
def test_what_can_not_be_asked_is_said_in_vietnamese(
    retriever: Retriever, question: str, part: str
) -> None:
    """The reader hears what is accepted, not an exception."""
    shown = answer(retriever, Asked(question))

    assert shown.outcome is Outcome.QUESTION_INVALID
    assert part in shown.text


def test_a_follow_up_uses_the_question_before_it(retriever: Retriever) -> None:
    """`Còn ở Hậu Giang thì sao?` asks the earlier question of another place."""
    shown = answer(
        retriever, Asked("Còn ở Hậu Giang thì sao?", ["Kết quả công tác dân vận năm 2022?"])
    )

    assert shown.outcome is Outcome.ANSWERED
    assert {citation.label for citation in shown.citations} == {"Hậu Giang, 26/12/2022"}


def test_a_follow_up_is_shown_as_it_was_understood(retriever: Retriever) -> None:
    """The reader sees the question that was answered, whole."""
    shown = answer(
        retriever, Asked("Còn ở Hậu Giang thì sao?", ["Công tác dân vận ở Bắc Kạn ra sao?"])
    )

    assert "(Hiểu câu hỏi là: Công tác dân vận ở Hậu Giang ra sao?)" in shown.text
    assert shown.understood == "Công tác dân vận ở Hậu Giang ra sao?"


@pytest.mark.parametrize(
    ("question", "understood"),
    [
        (SATISFACTION, None),
        ("cong tac dan van con nhung han che gi", "công tác dân vận còn những hạn chế gì"),
        ("coong tacs daan vaanj", "công tác dân vận"),
    ],
)
def test_what_was_understood_is_told_where_it_differs(
    retriever: Retriever, question: str, understood: str | None
) -> None:
    """For a program beside the answer; nothing where the question is read as it stands."""
    assert answer(retriever, Asked(question)).understood == understood


@pytest.mark.parametrize(
    ("question", "part"),
    [
        ("Tin năm 2015 về dân vận", "của thời gian được hỏi (năm 2015)"),
        ("hôm qua có tin gì về dân vận", "hôm qua: "),
        ("Báo Nhân Dân viết gì về dân vận?", "chưa có bài nào của Nhân Dân"),
    ],
)
def test_a_time_or_paper_without_any_article(
    retriever: Retriever, question: str, part: str
) -> None:
    """It is said what there is instead, and how to widen."""
    shown = answer(retriever, Asked(question))

    assert shown.outcome is Outcome.NO_ARTICLE_FOR_PLACE_OR_PERIOD
    assert part in shown.text
    assert "Muốn tìm ở mọi" in shown.text
    assert shown.citations == ()


@pytest.mark.parametrize(
    ("question", "fact"),
    [
        ("Chỉ số hài lòng của người dân Bắc Kạn năm 2019 là bao nhiêu?", "91,3%"),
        ("chi so hai long cua nguoi dan bac kan nam 2021 la bao nhieu", "91,3%"),
        ("Năm 2018 Quảng Ninh có bao nhiêu mô hình đăng ký cấp tỉnh?", "53 mô hình"),
    ],
)
def test_another_time_is_offered_not_given(retriever: Retriever, question: str, fact: str) -> None:
    """A figure of another year is no answer; that there is one is said, and widening shows it."""
    asked = Asked(question)
    narrow, wide = answer(retriever, asked), answer(retriever, replace(asked, widened=("period",)))

    assert narrow.outcome is Outcome.NO_ARTICLE_FOR_PLACE_OR_PERIOD
    assert "thời gian khác" in narrow.text
    assert fact not in narrow.text
    assert fact in wide.text


def test_another_place_is_found_when_widened(retriever: Retriever) -> None:
    """A province without articles restricts nothing once the reader says so."""
    asked = Asked("Dân vận ở Cà Mau còn hạn chế gì?")

    assert answer(retriever, asked).citations == ()
    assert answer(retriever, replace(asked, widened=("place",))).citations


def test_filters_are_hard(retriever: Retriever) -> None:
    """Nothing outside them is cited, whatever the question names."""
    filters = GivenFilters(province=["Hậu Giang"], date_from="2022", date_to="2022")
    shown = answer(retriever, Asked("Kết quả công tác dân vận?", filters=filters))
    nothing = answer(
        retriever, Asked("Kết quả công tác dân vận?", filters=GivenFilters(date_to="2016"))
    )

    assert {citation.label for citation in shown.citations} == {"Hậu Giang, 26/12/2022"}
    assert nothing.outcome is Outcome.NO_ARTICLE_FOR_PLACE_OR_PERIOD
    assert "bộ lọc" in nothing.text


def test_the_same_question_gives_the_same_answer(retriever: Retriever) -> None:
    """Nothing in an answer depends on chance, but for the time it took."""
    first, second = answer(retriever, Asked(SATISFACTION)), answer(retriever, Asked(SATISFACTION))

    assert (first.text, first.citations) == (second.text, second.citations)
    assert json.dumps(first.timings_ms)


@pytest.mark.parametrize(
    ("question", "given", "part"),
    [
        ("tin Bắc Kạn năm 2022", GivenFilters(), "(Bắc Kạn, năm 2022)"),
        ("TTXVN viết gì về dân vận ở Bắc Kạn?", GivenFilters(), "(Bắc Kạn, nguồn TTXVN)"),
        (
            "Dân vận ở Bắc Kạn còn hạn chế gì?",
            GivenFilters(date_to="2016"),
            "(Bắc Kạn, các bộ lọc đã chọn)",
        ),
    ],
)
def test_what_only_goes_missing_together_is_blamed_on_neither(
    retriever: Retriever, question: str, given: GivenFilters, part: str
) -> None:
    """There are articles of Bắc Kạn, and of that paper or time, but none of both."""
    shown = answer(retriever, Asked(question, filters=given))

    assert shown.outcome is Outcome.NO_ARTICLE_FOR_PLACE_OR_PERIOD
    assert part in shown.text
    assert "chưa có bài nào của Bắc Kạn" not in shown.text


@pytest.mark.parametrize("question", ["cảm ơn bạn", "xin chao", "bạn là ai?"])
def test_small_talk_is_answered_as_such(retriever: Retriever, question: str) -> None:
    """Thanks are no question; nothing is searched and nothing cited."""
    shown = answer(retriever, Asked(question))

    assert shown.outcome is Outcome.SMALL_TALK
    assert shown.citations == ()


def test_a_question_for_articles_gets_how_they_begin(retriever: Retriever) -> None:
    """`tin Bắc Kạn` asks which articles there are; the newest comes first."""
    shown = answer(retriever, Asked("Tin Bắc Kạn"))

    assert [citation.label for citation in shown.citations] == [
        "Bắc Kạn, 23/7/2024",
        "Bắc Kạn, 5/7/2023",
    ]
    assert shown.sentences[1].text.startswith("Sáng 05/7, Ban Dân vận Tỉnh ủy Bắc Kạn tổ chức")


@pytest.mark.parametrize(
    "question",
    [
        "Nhiệm vụ 6 tháng cuối năm 2023 của Ban Dân vận Bắc Kạn là gì?",
        "nhiem vu 6 thang cuoi nam 2023 cua ban dan van bac kan",
    ],
)
def test_the_list_that_is_opened_is_the_answer(retriever: Retriever, question: str) -> None:
    """Not the sentence that only names the tasks, and no more than the tasks."""
    shown = answer(retriever, Asked(question))

    assert [citation.quote.split()[0] for citation in shown.citations] == [
        "Thảo",  # luận về phương hướng …, những nhiệm vụ trọng tâm như: …
    ]
    assert shown.text.count("[Bắc Kạn, 5/7/2023]") == 3
    assert "Tham mưu cho tỉnh tổ chức sơ, tổng kết" in shown.text
    assert "Sáng 05/7" not in shown.text


@pytest.mark.parametrize(
    ("question", "sentence", "expected"),
    [
        ("Ai được hưởng chính sách này?", "Hộ nghèo và hộ cận nghèo được hưởng.", True),
        ("Những ai nên tiêm vắc xin?", "Người trên 60 tuổi nên tiêm.", True),
        ("Ai chủ trì hội nghị?", "Lãnh đạo tỉnh chủ trì hội nghị.", False),
        ("Đã phun bao nhiêu lít?", "Đã phun 80 triệu lít.", True),
        ("Đã phun bao nhiêu lít?", "Đã phun 80 triệu tấn.", False),
        ("Nguyên nhân của vụ cháy là gì?", "Đám cháy bị chập điện gây ra.", True),
        ("Nguyên nhân của vụ cháy là gì?", "Vụ cháy xảy ra sáng 5/7.", False),
    ],
)
def test_what_a_sentence_must_tell(question: str, sentence: str, expected: bool) -> None:
    """A kind of people needs no name; a quantity may be in thousands; a cause is told by words."""
    query = understand(question)
    demands = Demands(query, words)
    told = can_answer(query, question_kind(query.text), demands, sentence)

    assert (told and demands.aspect_told(sentence, "")) is expected
