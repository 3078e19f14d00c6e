"""What people think of an answer: 👍, 👎 with a reason, or a reaction to its message."""

from __future__ import annotations

import asyncio
from contextlib import suppress

from telegram import InlineKeyboardButton, InlineKeyboardMarkup, Message, Update
from telegram.error import BadRequest

from bot.conversations import Rating
from bot.service import Service
from bot.telegram import words
from bot.telegram.buttons import Does, button
from bot.telegram.inbox import Inbox
from bot.telegram.replies import Context
from bot.telegram.room import person_of

_REASONS_A_ROW = 2
_UP = frozenset("👍 ❤ ❤️ 🔥 👏 🎉 💯 🙏 👌 🏆 🥰 😍 🤩".split())
_DOWN = frozenset("👎 💩 🤮 😡 🤬 🤡 🥱 😢 💔 🖕".split())


class Outdated(Exception):
    """A button whose answer is no longer known."""


class Opinions:
    """Keeps them. One for the process.

    Its methods raise `Outdated` where the answer is no longer known, `StoreUnavailable` where
    nothing can be kept.
    """

    def __init__(self, service: Service, inbox: Inbox) -> None:
        self._service = service
        self._inbox = inbox

    async def like(self, person: int, trace_id: str) -> str:
        """👍; the words that thank for it."""
        await self._keep(trace_id, person, Rating.UP)
        return words.LIKED

    async def dislike(self, person: int, trace_id: str) -> str:
        """👎; the words that ask why."""
        await self._keep(trace_id, person, Rating.DOWN)
        return words.DISLIKED

    async def ask_why(self, message: Message, trace_id: str) -> None:
        """Buttons with reasons appear below the answer."""
        reasons = [
            button(text, Does.GIVE_REASON, trace_id, name) for name, text in words.REASONS.items()
        ]
        rows = [reasons[i : i + _REASONS_A_ROW] for i in range(0, len(reasons), _REASONS_A_ROW)]
        await _put_below(message, InlineKeyboardMarkup([*_without_reasons(message), *rows]))

    async def explain(self, person: int, trace_id: str, reason: str) -> str:
        """Why not; the words that thank for it."""
        await self._keep(trace_id, person, Rating.DOWN, words.REASONS.get(reason))
        return words.REASON_KEPT

    async def asked(self, message: Message) -> None:
        """The buttons that asked why go away."""
        await _put_below(message, InlineKeyboardMarkup(_without_reasons(message)))

    async def reacted(self, update: Update, context: Context) -> None:
        """A reaction to the message of an answer; what it takes back stays given."""
        changed = update.message_reaction
        assert changed is not None
        emoji = {str(getattr(one, "emoji", "")) for one in changed.new_reaction}
        if changed.user is None or not emoji & (_UP | _DOWN):
            return
        trace_id = await asyncio.to_thread(
            self._inbox.shown_by, changed.chat.id, changed.message_id
        )
        if trace_id:
            with suppress(Outdated):
                rating = Rating.UP if emoji & _UP else Rating.DOWN
                await self._keep(trace_id, changed.user.id, rating)

    async def _keep(
        self, trace_id: str, person: int, rating: Rating, reason: str | None = None
    ) -> None:
        store = self._service.conversations
        if store is None:
            raise Outdated
        if not await asyncio.to_thread(
            store.give_feedback, trace_id, person_of(person), rating, reason
        ):
            raise Outdated
        self._service.watcher.rated(rating)


def _without_reasons(message: Message) -> list[tuple[InlineKeyboardButton, ...]]:
    below = message.reply_markup.inline_keyboard if message.reply_markup else ()
    prefix = f"{Does.GIVE_REASON}:"
    return [row for row in below if not str(row[0].callback_data).startswith(prefix)]


async def _put_below(message: Message, buttons: InlineKeyboardMarkup) -> None:
    """Other buttons below the same text; what two presses at once make of it does not matter."""
    with suppress(BadRequest):
        await message.edit_reply_markup(buttons)
