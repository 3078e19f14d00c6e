"""What only a client in the bot's own process shows."""

from __future__ import annotations

from tests.telegram_judges.in_process_chat import InProcessJudge


def test_failing_handler_is_noticed(tg_auto_test: InProcessJudge) -> None:
    """A handler's failure hides in the error handler: the log has it, and the other tests look."""
    chat = tg_auto_test.new_chat()
    before = tg_auto_test.faults()
    told = chat.say_and_fail("Công tác dân vận ở Bắc Kạn còn những hạn chế gì?")
    (fault,) = tg_auto_test.faults()
    tg_auto_test.forgive()

    assert before == []
    assert told.text.startswith("Có lỗi khi xử lý tin nhắn này.")
    assert "a handler failed: RuntimeError" in fault
    assert "on purpose" not in fault
    assert tg_auto_test.faults() == []
