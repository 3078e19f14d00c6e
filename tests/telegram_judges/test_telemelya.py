"""What only an emulator of the Bot API over HTTP shows."""

from __future__ import annotations

from tests.telegram_judges.emulated_chat import EmulatorJudge


def test_webhook_takes_nothing_without_the_secret(telemelya: EmulatorJudge) -> None:
    """Whoever finds the webhook's address, but not the secret, can not speak for Telegram."""
    chat = telemelya.new_chat()
    secret, telemelya.relay.secret = telemelya.relay.secret, None
    try:
        without = chat.session.send(text="/start")
        telemelya.relay.secret = "guessed"
        guessed = chat.session.send(text="/start")
    finally:
        telemelya.relay.secret = secret

    assert without["status_code"] == 403
    assert guessed["status_code"] == 403
    assert chat.session.calls() == []
    assert telemelya.faults() == []


def test_bot_registers_its_webhook(telemelya: EmulatorJudge) -> None:
    """The bot asks who it is and sets its webhook, and never fetches updates besides."""
    methods = [method for method, status in telemelya.emulator.calls() if status == 200]

    assert methods[:1] == ["getMe"]
    assert methods.count("setWebhook") == 1
    assert "getUpdates" not in methods
