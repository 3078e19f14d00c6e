"""Answers that come slowly, are stopped, or break off; and the parts that read them."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from selenium.webdriver.common.keys import Keys

from tests.browser.slow_service import (
    ANSWER,
    CITATION,
    SENTENCE,
    SlowService,
    event,
    slow_service,
)
from tests.browser.window import Window

QUESTION = "Chỉ số là bao nhiêu?"
RETRY = "Không kết nối được với dịch vụ. Xin kiểm tra mạng rồi thử lại."


@pytest.fixture
def service(window: Window) -> Iterator[SlowService]:
    with slow_service() as running:
        window.address = running.address
        window.visit()
        yield running


def send(window: Window) -> None:
    window.find("#question").send_keys(QUESTION + Keys.ENTER)


def test_sentences_appear_as_they_come(service: SlowService, window: Window) -> None:
    """With their chips, while the answer is marked as unfinished; then the whole counts."""
    send(window)
    window.until(lambda: window.is_shown(".state"), "no sign that it is searched")
    window.screenshot("searching")
    assert window.find(".turn").get_attribute("aria-busy") == "true"
    service.say(event("understood", {"question": QUESTION}))
    service.say(event("citation", CITATION), event("sentence", SENTENCE))
    window.find(".turn .chip")
    window.screenshot("streaming")
    assert window.text(".turn .sentence") == SENTENCE["text"]
    assert window.find(".turn").get_attribute("aria-busy") == "true"
    assert not window.is_shown(".understood")
    assert not window.is_shown(".actions")
    service.say(event("done", ANSWER | {"text": f"Xin lưu ý. {ANSWER['text']}"}), None)
    window.answered(1)

    whole = "Xin lưu ý. Chỉ số đạt 91,3% Bắc Kạn, 23/7/2024 (cũng có trong: Hậu Giang, 1/2/2024)."
    assert window.text(".turn .answer-text") == whole
    assert not window.is_shown(".state")
    assert not window.is_shown("#stop")
    assert service.asked[0]["question"] == QUESTION
    assert len(service.asked[0]["conversation_id"]) == 32


def test_a_chip_keeps_the_focus_when_the_answer_is_whole(
    service: SlowService, window: Window
) -> None:
    """Who has gone to a citation already is not thrown out of it."""
    send(window)
    service.say(event("citation", CITATION), event("sentence", SENTENCE))
    window.find(".turn .chip")
    window.script("document.querySelector('.chip').focus()")
    service.say(event("done", ANSWER), None)
    window.answered(1)

    assert window.has_focus(".chip")


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_the_stream_may_be_cut_anywhere(service: SlowService, window: Window, end: str) -> None:
    """Byte by byte, inside characters and line ends, with signs of life in between."""
    whole = f": hi{end}{end}".encode()
    whole += event("citation", CITATION, end) + event("sentence", SENTENCE, end)
    whole += event("done", ANSWER, end)
    send(window)
    service.say(*(whole[at : at + 1] for at in range(len(whole))), None)
    window.answered(1)

    assert window.text(".turn .chip") == CITATION["label"]
    assert not window.is_shown(".problem")


def test_stopping_closes_the_stream(service: SlowService, window: Window) -> None:
    """What has come stays, the service is told, and one can ask again."""
    send(window)
    service.say(event("citation", CITATION), event("sentence", SENTENCE))
    window.find(".turn .chip")
    window.find("#stop").click()
    window.answered(1)
    window.screenshot("stopped")

    assert service.is_left.wait(10)
    assert window.text(".turn .sentence") == SENTENCE["text"]
    assert "Đã dừng theo yêu cầu." in window.text(".turn .below")
    assert window.has_focus("#question")
    assert not window.all("#history-list li")
    window.button("Hỏi lại", ".turn").click()
    assert window.has_focus(".turn .question")
    service.say(event("done", ANSWER), None)
    window.until(lambda: len(window.all('.turn[data-outcome="answered"]')) == 1, "not asked again")
    assert len(window.all(".turn")) == 1


def test_a_stream_that_ends_too_early_can_be_tried_again(
    service: SlowService, window: Window
) -> None:
    """One sentence says what happened; the button asks the same."""
    send(window)
    service.say(event("citation", CITATION), event("sentence", SENTENCE), None)
    window.answered(1)
    window.screenshot("broken-off")
    assert window.text(".turn .problem") == RETRY
    window.button("Thử lại", ".turn").click()
    service.say(event("done", ANSWER), None)
    window.until(lambda: len(window.all('.turn[data-outcome="answered"]')) == 1, "not asked again")

    assert [one["question"] for one in service.asked] == [QUESTION, QUESTION]


def test_a_service_that_is_away_is_said(service: SlowService, window: Window) -> None:
    """In one sentence, with a button; the page goes on once it is back."""
    window.expected = ["ERR_INTERNET_DISCONNECTED"]
    window.offline(True)
    send(window)
    window.answered(1)
    assert window.text(".turn .problem") == RETRY
    window.offline(False)
    window.button("Thử lại", ".turn").click()
    service.say(event("done", ANSWER), None)

    window.until(lambda: len(window.all('.turn[data-outcome="answered"]')) == 1, "not asked again")


def test_a_problem_in_the_stream_is_shown(service: SlowService, window: Window) -> None:
    """In the service's words."""
    send(window)
    detail = "Dịch vụ gặp lỗi nên chưa trả lời được."
    service.say(event("problem", {"status": 500, "detail": detail}), None)
    window.answered(1)

    assert window.text(".turn .problem") == detail
    assert window.button("Thử lại", ".turn")


def test_too_many_waiting_says_when_to_ask_again(service: SlowService, window: Window) -> None:
    """The button waits as long as the service asks for, then it can be pressed."""
    window.expected = ["503"]
    detail = "Hiện có nhiều câu hỏi cùng lúc. Xin hỏi lại sau ít phút."
    service.refusal = (503, {"Retry-After": "2"}, {"status": 503, "detail": detail})
    send(window)
    window.answered(1)
    assert window.text(".turn .problem") == detail
    assert window.text(".turn .choices button") == "Thử lại sau 2 giây"
    assert window.find(".turn .choices button").get_attribute("disabled") == "true"
    service.refusal = None
    window.until(lambda: window.find(".turn .choices button").is_enabled(), "never enabled")
    window.find(".turn .choices button").click()
    service.say(event("done", ANSWER), None)

    window.until(lambda: len(window.all('.turn[data-outcome="answered"]')) == 1, "not asked again")


def test_a_question_that_can_not_be_used_is_told_why(service: SlowService, window: Window) -> None:
    """Asking the same again would not help, so that is not offered."""
    window.expected = ["422"]
    detail = "Ngày kết thúc đứng trước ngày bắt đầu. Xin sửa lại khoảng thời gian."
    service.refusal = (422, {}, {"status": 422, "detail": detail, "outcome": "question_invalid"})
    send(window)
    window.answered(1)

    assert window.text(".turn .problem") == detail
    assert not window.is_shown(".turn .choices")


def test_an_error_that_is_no_problem_is_not_shown_raw(service: SlowService, window: Window) -> None:
    """A proxy's page of its own becomes a sentence."""
    window.expected = ["502"]
    service.refusal = (502, {}, {})
    send(window)
    window.answered(1)

    sentence = "Dịch vụ gặp lỗi nên chưa làm được việc này. Xin thử lại sau."
    assert window.text(".turn .problem") == sentence


def test_the_parser_reads_events_as_the_standard_says(service: SlowService, window: Window) -> None:
    """Comments, several data lines, a field without a value, no event name, a byte order mark."""
    stream = (
        "\ufeff: hello\n\ndata: a\ndata:b\ndata:  c\n\nevent: x\nid: 7\n\n"
        "event: done\r\ndata: {}\r\n\r\ndata\n\ndata: lost"
    )
    read = "const parser = new it.EventParser(); const found = [];"
    read += "for (const piece of given[0]) found.push(...parser.feed(piece)); return found;"
    expected = [
        {"event": "message", "data": "a\nb\n c"},
        {"event": "done", "data": "{}"},
        {"event": "message", "data": ""},
    ]

    assert service.address
    for pieces in ([stream], list(stream), [stream[:19], stream[19:]]):
        assert window.module("sse.js", read, pieces) == expected


def test_the_stream_is_read_byte_by_byte(service: SlowService, window: Window) -> None:
    """A character of three bytes may come in three pieces."""
    read = (
        "const bytes = new TextEncoder().encode(given[0]);"
        "const body = new ReadableStream({start(end) {"
        "  for (const byte of bytes) end.enqueue(new Uint8Array([byte])); end.close(); }});"
        "const found = []; for await (const one of it.serverEvents(body)) found.push(one);"
        "return found;"
    )
    stream = "event: sentence\r\ndata: ệ 😀\r\n\r\n: …\r\n\r\ndata: hết\r\n\r\ndata: cụt"
    expected = [{"event": "sentence", "data": "ệ 😀"}, {"event": "message", "data": "hết"}]

    assert service.address
    assert window.module("sse.js", read, stream) == expected


def test_an_article_that_comes_too_late_is_not_opened(service: SlowService, window: Window) -> None:
    """Who has closed it meanwhile keeps the focus where it is."""
    send(window)
    service.say(event("done", ANSWER), None)
    window.answered(1)
    service.may_answer.clear()
    window.find(".chip").click()
    window.until(lambda: window.is_shown("#article"), "not open")
    assert "Đang mở bài viết" in window.text("#article")
    window.keys(Keys.ESCAPE)
    window.find("#question").click()
    service.may_answer.set()
    window.until(
        lambda: any(
            one.endswith("/v1/articles/a.txt")
            for one in window.script(
                "return performance.getEntriesByType('resource').map((one) => one.name)"
            )
        ),
        "the article did not come",
    )

    assert window.has_focus("#question")
    assert not window.all("#article *")


def test_an_article_that_can_not_be_read_can_be_tried_again(
    service: SlowService, window: Window
) -> None:
    """In the place where it would be."""
    window.expected = ["ERR_INTERNET_DISCONNECTED"]
    send(window)
    service.say(event("done", ANSWER), None)
    window.answered(1)
    window.offline(True)
    window.find(".chip").click()
    window.find("#article [role=alert]")
    window.screenshot("article-away")
    assert window.text("#article [role=alert]") == RETRY
    window.offline(False)
    window.button("Thử lại", "#article").click()
    window.find("#article mark")

    assert window.text("#article mark") == CITATION["quote"]
    window.keys(Keys.ESCAPE)
    assert window.has_focus(".chip")


@pytest.mark.parametrize(
    ("text", "start", "end", "quote"),
    [
        ("abc def", 4, 7, "def"),
        ("😀a😀bc", 3, 5, "bc"),
        ("ệ́ x 👩‍👩‍👧 kết", 11, 14, "kết"),
        ("x", 0, 1, "x"),
        ("x", 5, 9, ""),
    ],
)
def test_spans_are_counted_in_characters(
    service: SlowService, window: Window, text: str, start: int, end: int, quote: str
) -> None:
    """As Python counts them."""
    assert service.address
    assert text[start:end] == quote
    body = "const {from, to} = it.locate(given[0], {start: given[1], end: given[2]});"
    body += "return given[0].slice(from, to);"

    assert window.module("offsets.js", body, text, start, end) == quote


def test_a_quote_over_paragraphs_is_marked_in_each(service: SlowService, window: Window) -> None:
    """A line is a paragraph; the highlight ends and begins with it."""
    body = "return it.paragraphs(given[0], {from: 1, to: 6});"
    pieces = window.module("offsets.js", body, "ab\n\ncd\nef")

    assert service.address
    assert pieces == [
        [{"text": "a", "isMarked": False}, {"text": "b", "isMarked": True}],
        [{"text": "cd", "isMarked": True}],
        [{"text": "ef", "isMarked": False}],
    ]


def test_a_label_that_is_not_found_costs_no_source(service: SlowService, window: Window) -> None:
    """Where text and sentences differ, the text stands whole and the chips come below it."""
    send(window)
    service.say(event("done", ANSWER | {"text": "Một câu khác hẳn."}), None)
    window.answered(1)

    assert window.text(".turn .answer-text p") == "Một câu khác hẳn."
    assert window.text(".turn .answer-text p:last-child .chip") == CITATION["label"]
