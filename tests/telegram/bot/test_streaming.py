"""What is seen while a language model writes, and what stops it. The model's server is scripted."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

import pytest

from tests.scripted_server import Step, chunk, scripted
from tests.telegram.bot.conftest import StartBot
from tests.telegram.control import Telegram

QUESTION = "Chỉ số hài lòng của người dân Bắc Kạn năm 2020 là bao nhiêu?"
OTHER = "Năm 2017 Quảng Ninh có bao nhiêu mô hình đăng ký cấp tỉnh?"
WRITTEN = "Năm 2020, chỉ số hài lòng của người dân đạt 91,3%"
ALSO = "địa bàn tỉnh không có những vụ khiếu kiện, khiếu nại lớn, kéo dài"
GROUP = -100500
DONE = [chunk(finish="stop"), "data: [DONE]\n\n"]


def slowly(seconds: float) -> Step:
    """The sentence at once, its end and the end of the reply after a while."""
    return Step(parts=[chunk(f"{WRITTEN} [1]. Hết"), seconds, chunk("."), *DONE])


@pytest.fixture
def model() -> Iterator[dict[str, str]]:
    """Settings of a server whose every reply takes four seconds."""
    with scripted(slowly(4.0)) as (_, address):
        yield {"OPENAI_BASE_URL": address, "LLM_MODEL": "m", "TELEGRAM_STREAM_INTERVAL": "0.5"}


def test_a_private_chat_sees_a_draft_grow(
    telegram: Telegram, start_bot: StartBot, model: dict[str, str]
) -> None:
    """Drafts first, then the answer as the only message."""
    start_bot(**model)
    telegram.private(1, QUESTION)
    telegram.wait_for_messages(1, 1)
    frames = telegram.frames(1)
    drafts = [frame for frame in frames if frame.kind == "draft"]

    assert [frame.kind for frame in frames] == ["draft"] * len(drafts) + ["sent"]
    assert drafts[-1].text.endswith(f"{WRITTEN} [Bắc Kạn, 23/7/2024].\n\nĐang viết câu trả lời…")
    assert len({frame.text for frame in drafts}) == len(drafts)
    assert frames[-1].text.startswith(f"{WRITTEN} [Bắc Kạn, 23/7/2024].\n\nNguồn")


def test_without_drafts_a_message_is_edited(
    telegram: Telegram, start_bot: StartBot, model: dict[str, str]
) -> None:
    """At least 1.5 s apart, never the same text twice; the message becomes the answer."""
    telegram.fail("error", "sendMessageDraft", times=9, status=404)
    parts: list[str | float] = [
        chunk(f"{WRITTEN} [1]. Trên"),
        2.5,
        chunk(f" {ALSO} [1]. Hết"),
        2.5,
        chunk("."),
        *DONE,
    ]
    with scripted(Step(parts=parts)) as (_, address):
        start_bot(**model | {"OPENAI_BASE_URL": address})
        telegram.private(1, QUESTION)
        telegram.wait_for(lambda: "Nguồn" in str([one.text for one in telegram.messages(1)]))
    frames = telegram.frames(1)
    times = [frame.at for frame in frames]

    kinds = [frame.kind for frame in frames]

    # On a slow machine the second sentence has an edit of its own before the whole answer.
    assert kinds in (["sent", "edited", "edited"], ["sent", "edited", "edited", "edited"])
    assert len(telegram.messages(1)) == 1
    assert all(late - early >= 1.45 for early, late in pairwise(times[:-1]))
    assert len({frame.text for frame in frames}) == len(frames)


def test_a_group_sees_typing_and_one_message(
    telegram: Telegram, start_bot: StartBot, model: dict[str, str]
) -> None:
    """Nothing flickers before twenty people."""
    start_bot(**model)
    telegram.group(GROUP, 1, f"/hoi {QUESTION}")
    telegram.wait_for_messages(GROUP, 1)

    assert telegram.actions(GROUP) == ["typing"]
    assert [frame.kind for frame in telegram.frames(GROUP)] == ["sent"]


def test_another_question_cuts_the_earlier_one_short(
    telegram: Telegram, start_bot: StartBot, model: dict[str, str]
) -> None:
    """The earlier one is answered in quotes at once, the later one by the model, in order."""
    start_bot(**model)
    first = telegram.private(1, QUESTION)
    telegram.wait_for(lambda: telegram.draft(1))
    second = telegram.private(1, QUESTION)
    telegram.wait_for_messages(1, 1, seconds=3.0)
    answers = telegram.wait_for_messages(1, 2)

    assert [one.reply_to for one in answers] == [first, second]
    assert answers[0].text.startswith("Nhờ vậy, kết quả đánh giá chỉ số hài lòng")
    assert answers[1].text.startswith(WRITTEN)


def test_somebody_else_in_a_group_cuts_nothing_short(
    telegram: Telegram, start_bot: StartBot, model: dict[str, str]
) -> None:
    """Another person's question waits for its turn."""
    start_bot(**model)
    telegram.group(GROUP, 1, f"/hoi {QUESTION}")
    telegram.wait_for(lambda: telegram.actions(GROUP))
    telegram.group(GROUP, 2, f"/hoi {OTHER}")
    answers = telegram.wait_for_messages(GROUP, 2, seconds=15.0)

    assert answers[0].text.startswith(WRITTEN)
    assert "53 mô hình" in answers[1].text


def test_an_answer_can_be_stopped(
    telegram: Telegram, start_bot: StartBot, model: dict[str, str]
) -> None:
    """After /dung nothing more comes of it, and the next question is answered."""
    start_bot(**model)
    telegram.private(1, QUESTION)
    telegram.wait_for(lambda: telegram.draft(1))
    telegram.private(1, "/dung")
    stopped = telegram.wait_for_messages(1, 1, seconds=2.0)
    telegram.private(1, QUESTION)
    answers = telegram.wait_for_messages(1, 2)

    assert stopped[0].text == "Đã dừng câu hỏi đang trả lời."
    assert answers[1].text.startswith(WRITTEN)
    assert len(answers) == 2


def test_a_model_that_fails_costs_no_answer(telegram: Telegram, start_bot: StartBot) -> None:
    """The quotes, with a word that the model did not reply."""
    with scripted(Step(500, ["no"])) as (_, address):
        start_bot(OPENAI_BASE_URL=address, LLM_MODEL="m")
        telegram.private(1, QUESTION)
        (answer,) = telegram.wait_for_messages(1, 1, seconds=20.0)

    assert "91,3%" in answer.text
    assert "Mô hình ngôn ngữ hiện không phản hồi" in answer.text


def test_a_question_that_waits_is_told_its_place(
    telegram: Telegram, start_bot: StartBot, model: dict[str, str]
) -> None:
    """One answer at a time: the second person sees that one is before, the third is turned away."""
    start_bot(**model, LLM_CONCURRENCY="1", QUESTIONS_WAITING="1")
    telegram.private(1, QUESTION)
    telegram.wait_for(lambda: telegram.draft(1))
    telegram.private(2, QUESTION)
    telegram.wait_for(lambda: telegram.draft(2))
    waiting = telegram.draft(2)
    telegram.private(3, QUESTION)
    (busy,) = telegram.wait_for_messages(3, 1)
    (late,) = telegram.wait_for_messages(2, 1, seconds=15.0)

    assert waiting
    assert waiting.text == "Câu hỏi đang chờ, đứng thứ 1 trong hàng đợi…"
    assert busy.text == "Hiện có nhiều câu hỏi cùng lúc. Xin hỏi lại sau ít phút."
    assert late.text.startswith(WRITTEN)
