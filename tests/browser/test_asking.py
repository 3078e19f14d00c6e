"""The page that takes questions, over the real service."""

from __future__ import annotations

from typing import Any

import httpx
import pytest
from selenium.webdriver.common.keys import Keys

from tests.browser.window import Window

QUESTION = "Chỉ số hài lòng của người dân Bắc Kạn năm 2020 là bao nhiêu?"
LABEL = "Bắc Kạn, 23/7/2024"
LIMITS = "Bắc Kạn còn những hạn chế gì?"
NO_EVIDENCE = "Ai là chủ tịch nước Pháp?"
NO_PLACE = "Chỉ số hài lòng ở Cà Mau là bao nhiêu?"
NO_PERIOD = "Hạn chế của Bắc Kạn năm 2019?"
ENGLISH = "How many models were registered in Quang Ninh in 2017?"
COMPARED = "Hạn chế của Bắc Kạn và Hậu Giang?"


def asked(window: Window, question: str) -> dict[str, Any]:
    """The same answer from the API."""
    response = httpx.post(f"{window.address}/v1/ask", json={"question": question}, timeout=30)
    found: dict[str, Any] = response.json()
    return found


def with_chips(answer: dict[str, Any]) -> str:
    """The answer's text as the page shows it: the labels stand in chips, not in brackets."""
    text: str = answer["text"]
    for citation in answer["citations"]:
        text = text.replace(f"[{citation['label']}]", citation["label"])
    return text.replace("\n", "")


@pytest.mark.parametrize("question", [QUESTION, LIMITS, COMPARED, NO_EVIDENCE, ENGLISH])
def test_the_whole_text_of_the_answer_is_shown(seeds: Window, question: str) -> None:
    """Nothing of `text` is lost, and a chip stands in place of each label."""
    seeds.visit()
    seeds.ask(question)
    answer = asked(seeds, question)

    assert with_chips(answer) == seeds.text(".turn .answer-text")
    chips = [number for sentence in answer["sentences"] for number in sentence["citations"]]
    assert chips == [int(one.get_attribute("data-number") or 0) for one in seeds.all(".chip")]


def test_every_citation_is_a_button_behind_its_sentence(seeds: Window) -> None:
    """The label of the article is what one presses."""
    seeds.visit()
    seeds.ask(QUESTION)
    seeds.screenshot("answer")

    (chip,) = seeds.all(".turn .chip")
    assert (chip.tag_name, chip.text) == ("button", LABEL)
    before = seeds.script("return arguments[0].previousElementSibling.textContent", chip)
    assert before.endswith("khiếu kiện, khiếu nại lớn, kéo dài")


def test_a_citation_opens_its_article_at_the_quote(seeds: Window) -> None:
    """The quote is highlighted to the letter, and stands where it is seen."""
    seeds.visit()
    seeds.ask(LIMITS)
    seeds.open_citation(1)
    seeds.screenshot("answer-with-article")
    answer = asked(seeds, LIMITS)

    assert answer["citations"][0]["quote"] == marked(seeds)
    assert answer["citations"][0]["title"] == seeds.text("#article-title")
    assert first_mark_is_seen(seeds)
    assert seeds.find("#article").get_attribute("data-mode") == "beside"


def test_the_article_covers_a_phone(seeds: Window) -> None:
    """There it takes the whole screen, and the page behind it can not be reached."""
    seeds.phone()
    seeds.visit()
    seeds.ask(LIMITS)
    seeds.open_citation(2)
    seeds.screenshot("phone-article")

    assert first_mark_is_seen(seeds)
    box = seeds.script(
        "const {x, y, width, height} = document.getElementById('article').getBoundingClientRect();"
        "return [x, y, width, height]"
    )
    assert box == [0, 0, 360, 740]
    assert seeds.script("return document.getElementById('article').matches(':modal')")


def test_the_button_closes_the_article(seeds: Window) -> None:
    """The focus goes into the article, and back to the chip."""
    seeds.phone()
    seeds.visit()
    seeds.ask(LIMITS)
    seeds.open_citation(2)
    assert seeds.has_focus("#article-title")
    seeds.button("Đóng", "#article").click()

    seeds.until(lambda: not seeds.is_shown("#article"), "still open")
    assert seeds.script("return document.activeElement === document.querySelectorAll('.chip')[2]")


def test_the_article_stays_open_when_the_window_changes(seeds: Window) -> None:
    """Turned or resized, it is shown in the way that fits now, and Esc still closes it."""
    seeds.visit()
    seeds.ask(LIMITS)
    seeds.open_citation()
    for width, mode in ((800, "over"), (1400, "beside")):
        seeds.size(width, 800)
        seeds.until(
            lambda mode=mode: seeds.find("#article").get_attribute("data-mode") == mode,  # type: ignore[misc]
            f"not {mode}",
        )
        assert seeds.is_shown("#article .article-text")
    seeds.keys(Keys.ESCAPE)
    seeds.until(lambda: not seeds.is_shown("#article"), "still open")

    assert seeds.has_focus(".chip")


def test_all_of_it_works_by_keyboard(seeds: Window) -> None:
    """Tab to the box, Enter, Tab to the chip, Enter, Esc: the focus is on the chip again."""
    seeds.visit()
    seeds.tab_to("#question")
    seeds.keys("Bắc Kạn còn")
    seeds.new_line()
    seeds.keys("những hạn chế gì?", Keys.ENTER)
    seeds.answered(1)
    assert seeds.text(".question") == "Bắc Kạn còn\nnhững hạn chế gì?"
    seeds.tab_to(".chip")
    seeds.keys(Keys.ENTER)
    seeds.find("#article .article-text")
    assert seeds.has_focus("#article-title")
    seeds.keys(Keys.ESCAPE)
    seeds.until(lambda: not seeds.is_shown("#article"), "still open")

    assert seeds.has_focus(".chip")


def test_the_first_tab_leads_past_the_head(seeds: Window) -> None:
    """The link to the content is there as soon as it has the focus."""
    seeds.visit()
    seeds.keys(Keys.TAB)
    assert seeds.has_focus(".skip")
    assert seeds.script("return document.activeElement.getBoundingClientRect().top") >= 0
    seeds.keys(Keys.ENTER)

    assert seeds.has_focus("#main")


def test_a_place_that_is_chosen_holds_the_search(seeds: Window) -> None:
    """What the articles of the place do not say is not answered, and the filter is named."""
    seeds.visit()
    seeds.find("#filters summary").click()
    seeds.until(lambda: len(seeds.all("#province option")) == 5, "no places")
    seeds.find("#province").send_keys("Hậu Giang")
    seeds.find("#from").send_keys("2022")
    seeds.screenshot("filters")
    assert seeds.text("#filters-summary") == "Hậu Giang · từ 2022"
    seeds.ask(QUESTION)

    assert not seeds.all(".chip")
    assert seeds.text(".given") == "Chỉ tìm: Hậu Giang · từ 2022"
    seeds.button("Bỏ lọc").click()
    assert seeds.text("#filters-summary") == "mọi nơi, mọi nguồn, mọi thời gian"
    seeds.ask(QUESTION)
    assert seeds.all(".chip")


def test_a_period_that_can_not_be_read_is_not_sent(seeds: Window) -> None:
    """The field says what it takes, and the question stays in the box."""
    seeds.visit()
    seeds.find("#filters summary").click()
    seeds.find("#to").send_keys("tháng bảy")
    seeds.find("#question").send_keys(QUESTION + Keys.ENTER)

    assert seeds.has_focus("#to")
    assert "Xin ghi ngày" in seeds.text("#filters-problem")
    assert not seeds.all(".turn")
    assert seeds.find("#question").get_property("value") == QUESTION


def test_a_refusal_is_shown_as_it_is_written(seeds: Window) -> None:
    """Line by line, without chips, and not as a fault."""
    seeds.visit()
    seeds.ask(NO_EVIDENCE)
    seeds.screenshot("no-evidence")

    lines = [one.text for one in seeds.all(".turn .answer-text p")]
    assert lines[0] == "Các bài viết trong kho không có thông tin để trả lời câu hỏi này."
    assert len(lines) == 7
    assert not seeds.all(".chip")
    assert not seeds.is_shown(".turn .problem")


@pytest.mark.parametrize(
    ("question", "offered", "other"),
    [
        (NO_PLACE, "Tìm ở mọi nơi", "Tìm ở mọi thời gian"),
        (NO_PERIOD, "Tìm ở mọi thời gian", "Tìm ở mọi nơi"),
    ],
)
def test_what_left_nothing_can_be_left_out(
    seeds: Window, question: str, offered: str, other: str
) -> None:
    """A button asks the same again without the place, or without the period."""
    seeds.visit()
    seeds.ask(question)
    assert seeds.all(".turn")[0].get_attribute("data-outcome") == "no_article_for_place_or_period"
    button = seeds.button(offered, ".turn .choices")
    seeds.screenshot(f"widen-{offered.split()[-1]}")
    if question == NO_PLACE:
        assert other not in [one.text for one in seeds.all(".turn .choices button")]
    button.click()
    seeds.answered(2)

    newest = seeds.all(".turn")[0]
    assert newest.get_attribute("data-outcome") != "no_article_for_place_or_period"
    assert seeds.text(".turn:first-child .question") == question
    assert offered in seeds.text(".turn:first-child .given")


def test_questions_of_a_conversation_continue_each_other(seeds: Window) -> None:
    """`Còn ở …` leans on the question before; in a new conversation it does not."""
    seeds.visit()
    seeds.ask("Bắc Kạn còn những hạn chế gì?")
    seeds.ask("Còn ở Hậu Giang thì sao?")
    assert "Hiểu câu hỏi là" in seeds.text(".turn:first-child .answer-text")
    seeds.button("Cuộc trò chuyện mới").click()
    assert not seeds.all(".turn")
    seeds.ask("Còn ở Hậu Giang thì sao?")

    assert "Hiểu câu hỏi là" not in seeds.text(".turn:first-child .answer-text")


def test_how_a_question_without_marks_was_read_is_shown(seeds: Window) -> None:
    """One can check that it was understood."""
    seeds.visit()
    seeds.ask("chi so hai long cua nguoi dan Bac Kan nam 2020 la bao nhieu?")

    expected = "Đã hiểu câu hỏi là: “chỉ số hài lòng của người dân Bắc Kạn năm 2020 là bao nhiêu?”"
    assert expected == seeds.text(".understood")


def test_an_english_question_gets_english_words_around_vietnamese_quotes(seeds: Window) -> None:
    """Both are marked with their language, so that they are read aloud rightly."""
    seeds.visit()
    seeds.ask(ENGLISH)
    seeds.screenshot("english")

    assert seeds.find(".turn .answer-text").get_attribute("lang") == "en"
    assert seeds.find(".turn .sentence").get_attribute("lang") == "vi"
    assert seeds.button("Show quotes", ".turn")


def test_a_suggestion_is_asked_by_pressing_it(seeds: Window) -> None:
    """It is one that the archive answers."""
    seeds.visit()
    suggestion = seeds.find("#suggestions button")
    seeds.screenshot("start")
    question = suggestion.text
    suggestion.click()
    seeds.answered(1)

    assert seeds.text(".question") == question
    assert seeds.all(".chip")


def test_an_opinion_is_sent_with_its_reason(seeds: Window) -> None:
    """The service has it as it was given; nothing is asked before the press."""
    seeds.visit()
    seeds.ask(QUESTION)
    assert not seeds.is_shown(".reason")
    seeds.button("👎", ".turn").click()
    seeds.until(lambda: seeds.is_shown(".reason"), "no reason is asked for")
    assert seeds.button("👎", ".turn").get_attribute("aria-pressed") == "true"
    seeds.find(".reason textarea").send_keys("Sai năm.")
    seeds.button("Gửi ý kiến", ".turn").click()
    seeds.until(lambda: "Đã gửi ý kiến" in seeds.text(".told"), "not sent")
    seeds.screenshot("feedback")

    assert not seeds.is_shown(".reason")
    metrics = httpx.get(f"{seeds.address}/metrics").text
    assert "down" in metrics


def test_the_answer_is_copied_with_its_sources(seeds: Window) -> None:
    """Question, text, and each source with its quote."""
    seeds.command(
        "Browser.grantPermissions", permissions=["clipboardReadWrite", "clipboardSanitizedWrite"]
    )
    seeds.visit()
    seeds.ask(QUESTION)
    seeds.button("Sao chép", ".turn").click()
    seeds.until(lambda: "Đã sao chép" in seeds.text(".told"), "not copied")
    copied = seeds.driver.execute_async_script(
        "navigator.clipboard.readText().then(arguments[0], (error) => arguments[0](String(error)))"
    )
    answer = asked(seeds, QUESTION)
    (citation,) = answer["citations"]

    assert (
        f"Hỏi: {QUESTION}\n\n{answer['text']}\n\nNguồn:\n1. {LABEL} – {citation['title']}\n"
        f"   “{citation['quote']}”"
    ) == copied


def test_copying_works_without_https(seeds: Window) -> None:
    """On an intranet without certificates a browser has neither the clipboard nor randomUUID."""
    seeds.before_pages(
        "Object.defineProperty(navigator, 'clipboard', {value: undefined});"
        "Object.defineProperty(crypto, 'randomUUID', {value: undefined});"
    )
    seeds.visit()
    seeds.ask(QUESTION)
    seeds.button("Sao chép", ".turn").click()
    seeds.until(lambda: "Đã sao chép" in seeds.text(".told"), "not copied")
    assert seeds.has_focus(".actions button")
    seeds.find("#question").send_keys(Keys.CONTROL, "v")

    pasted = seeds.find("#question").get_property("value")
    assert isinstance(pasted, str)
    assert pasted.startswith(f"Hỏi: {QUESTION}")


def test_the_quotes_are_listed_when_they_are_asked_for(seeds: Window) -> None:
    """Each with its number, label and title."""
    seeds.visit()
    seeds.ask(QUESTION)
    assert not seeds.is_shown(".sources")
    seeds.button("Xem lời trích (1)").click()

    assert seeds.is_shown(".sources")
    assert seeds.text(".sources blockquote") == asked(seeds, QUESTION)["citations"][0]["quote"]
    assert seeds.button("Ẩn lời trích").get_attribute("aria-expanded") == "true"


def test_on_paper_there_are_question_answer_and_sources(seeds: Window) -> None:
    """And nothing that can only be pressed."""
    seeds.visit()
    seeds.ask(QUESTION)
    seeds.emulate(printed=True)
    seeds.screenshot("print")

    for shown in (".question", ".turn .answer-text", ".chip", ".sources blockquote"):
        assert seeds.is_shown(shown), shown
    for hidden in (".top", ".ask", ".actions", ".feedback", ".history", "#new-conversation"):
        assert not seeds.is_shown(hidden), hidden


def test_one_answer_of_several_is_printed(seeds: Window) -> None:
    """The one whose button was pressed."""
    seeds.before_pages("window.print = () => { window.printed = true; };")
    seeds.visit()
    seeds.ask(QUESTION)
    seeds.ask(LIMITS)
    seeds.button("In", ".turn:last-child").click()
    seeds.emulate(printed=True)

    assert seeds.script("return window.printed")
    assert [one.is_displayed() for one in seeds.all(".turn")] == [False, True]
    seeds.script("dispatchEvent(new Event('afterprint'))")
    assert [one.is_displayed() for one in seeds.all(".turn")] == [True, True]


def test_the_box_counts_characters_near_its_end(seeds: Window) -> None:
    """As the service counts them; a question that is too long is not sent, nor cut."""
    seeds.visit()
    fill = "const box = document.getElementById('question'); box.value = arguments[0];"
    fill += "box.dispatchEvent(new Event('input', {bubbles: true}))"
    seeds.script(fill, "ô" * 899)
    assert seeds.text("#counter") == ""
    seeds.script(fill, "😀" * 1000)
    assert seeds.text("#counter") == "1.000/1.000 ký tự"
    seeds.script(fill, "ô" * 1003)
    assert "Dài quá 3 ký tự" in seeds.text("#counter")
    seeds.find("#question").send_keys(Keys.ENTER)

    assert not seeds.all(".turn")
    assert seeds.find("#question").get_property("value") == "ô" * 1003


def test_enter_belongs_to_the_input_method_while_it_composes(seeds: Window) -> None:
    """Who types with an input method does not send half a syllable."""
    seeds.visit()
    seeds.find("#question").send_keys("Bắc Kạn")
    seeds.script(
        "document.getElementById('question').dispatchEvent(new KeyboardEvent('keydown',"
        "{key: 'Enter', isComposing: true, bubbles: true, cancelable: true}))"
    )

    assert not seeds.all(".turn")


def test_the_end_of_an_answer_is_announced_once(seeds: Window) -> None:
    """A screen reader hears that it is searched, then the whole answer; nothing in between."""
    seeds.visit()
    seeds.script(
        "window.heard = []; new MutationObserver(() => heard.push("
        "document.getElementById('told').textContent))"
        ".observe(document.getElementById('told'), {childList: true, subtree: true})"
    )
    seeds.ask(LIMITS)

    heard = seeds.script("return window.heard")
    assert heard == [
        "Đang tìm trong kho bài viết.",
        f"Câu trả lời: {asked(seeds, LIMITS)['text']}",
    ]
    assert seeds.find("#told").get_attribute("role") == "status"


def marked(window: Window) -> str:
    """What is highlighted, its paragraphs as lines."""
    found: str = window.script(
        "return [...document.querySelectorAll('#article mark')]"
        ".map((mark) => mark.textContent).join('\\n')"
    )
    return found


def first_mark_is_seen(window: Window) -> bool:
    """Whether the first letters of the highlight are on the screen, with nothing over them."""
    return bool(
        window.script(
            "const mark = document.querySelector('#article mark');"
            "const line = mark.getClientRects()[0];"
            "const x = line.left + 5, y = line.top + line.height / 2;"
            "return x > 0 && y > 0 && y < innerHeight && document.elementFromPoint(x, y) === mark"
        )
    )
