"""Inline keyboards, and what their buttons may do."""

from __future__ import annotations

from typing import Any

from tests.telegram.fake_server.html_values import checked_address
from tests.telegram.fake_server.refusals import mistake
from tests.telegram.fake_server.units import length

ACTIONS = (
    "url",
    "callback_data",
    "web_app",
    "login_url",
    "switch_inline_query",
    "switch_inline_query_current_chat",
    "switch_inline_query_chosen_chat",
    "copy_text",
    "callback_game",
    "pay",
    "disabled",
)
MOST_BUTTONS = 100
STYLES = (None, "danger", "success", "primary")


def check_markup(markup: dict[str, Any] | None) -> dict[str, Any] | None:
    """The inline keyboard; nothing for an empty one, or for another kind of markup."""
    if markup is None or "inline_keyboard" not in markup:
        return None
    rows = [row for row in markup["inline_keyboard"] if row]
    buttons = [button for row in rows for button in row]
    if len(buttons) > MOST_BUTTONS:
        raise mistake("reply markup is too long")
    for button in buttons:
        _check_button(button)
    return {"inline_keyboard": rows} if rows else None


def _check_button(button: dict[str, Any]) -> None:
    if not button["text"].strip():
        raise mistake("inline keyboard button text must be non-empty")
    actions = [name for name in ACTIONS if button.get(name) is not None]
    if not actions:
        raise mistake(
            "can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard"
        )
    if len(actions) > 1:  # Telegram takes one of them and says nothing
        raise mistake(f"inline keyboard button has several actions: {', '.join(actions)}")
    if button.get("style") not in STYLES:
        raise mistake("invalid button style specified")
    if actions == ["callback_data"] and not 1 <= len(button["callback_data"].encode()) <= 64:
        raise mistake("BUTTON_DATA_INVALID")
    if actions == ["copy_text"] and not 1 <= length(button["copy_text"]["text"]) <= 256:
        raise mistake("BUTTON_COPY_TEXT_INVALID")
    if actions == ["url"] and checked_address(button["url"]) is None:
        raise mistake(f"inline keyboard button URL '{button['url']}' is invalid: Wrong HTTP URL")
