"""What the bot reacts to, and who is let in."""

from __future__ import annotations

import logging
import traceback
from contextlib import suppress

from telegram import Update, User
from telegram.constants import ChatType
from telegram.error import TelegramError
from telegram.ext import (
    Application,
    ApplicationHandlerStop,
    CallbackQueryHandler,
    CommandHandler,
    InlineQueryHandler,
    JobQueue,
    MessageHandler,
    MessageReactionHandler,
    TypeHandler,
    filters,
)

from bot.archive import Archive
from bot.service import Service
from bot.telegram import words
from bot.telegram.access import Access
from bot.telegram.asking import Asking
from bot.telegram.commands import Commands
from bot.telegram.delivery import Bot, DeliveryUnknown, Unreachable
from bot.telegram.inbox import Inbox, State, Unfinished
from bot.telegram.inline import Inline
from bot.telegram.messages import question_in
from bot.telegram.opinions import Opinions
from bot.telegram.presses import Presses
from bot.telegram.replies import Context, Replies, message_of
from bot.telegram.room import Room
from bot.telegram.updates import read_update
from bot.telegram.uploads import Uploads
from retrieval.settings import Settings

_log = logging.getLogger(__name__)

Data = dict[str, object]
App = Application[Bot, Context, Data, Data, Data, JobQueue[Context]]

# What people send; service messages ("joined the group") are left alone.
_NEW = filters.UpdateType.MESSAGE
_PRIVATE = filters.ChatType.PRIVATE
_SPOKEN = filters.VOICE | filters.VIDEO_NOTE | filters.AUDIO
_SHOWN = (
    filters.PHOTO
    | filters.VIDEO
    | filters.ANIMATION
    | filters.Sticker.ALL
    | filters.LOCATION
    | filters.CONTACT
    | filters.POLL
)


class Handlers:
    """Everything that a running bot consists of."""

    def __init__(
        self, bot: Bot, service: Service, inbox: Inbox, settings: Settings, archive: Archive
    ) -> None:
        self._inbox = inbox
        self._access = Access(settings)
        self._replies = Replies(bot, inbox)
        self._asking = Asking(bot, service, inbox, settings)
        self._commands = Commands(service, inbox, self._asking, self._access, self._replies)
        self._uploads = Uploads(bot, archive, settings, self._access, self._replies)
        self._opinions = Opinions(service, inbox)
        self._presses = Presses(
            bot, service, inbox, self._asking, self._access, self._uploads, self._opinions
        )
        self._inline = Inline(service, self._access)

    def add_to(self, app: App) -> None:
        """Register all of them; the first that takes an update is the only one."""
        do = self._commands
        app.add_handler(TypeHandler(Update, self._let_in), group=-1)
        # A question takes its turn by itself, and /dung is for what has its turn.
        app.add_handler(CommandHandler("hoi", do.ask, _NEW))
        app.add_handler(CommandHandler("dung", do.stop, _NEW))
        for names, callback in (
            ("start", do.start),
            ("nguon", do.sources),
            ("moi", do.anew),
            (("trogiup", "help"), do.help),
            ("xoadulieu", do.delete),
        ):
            app.add_handler(CommandHandler(names, do.in_turn(callback), _NEW))
        for which, callback in (
            (filters.COMMAND, do.unknown),
            (_PRIVATE & filters.Document.ALL, self._uploads.sent),
            (_SPOKEN, do.voice),
            (_SHOWN & ~filters.CAPTION, do.without_text),
        ):
            app.add_handler(MessageHandler(_NEW & which, do.in_turn(callback)))
        app.add_handler(MessageHandler(_NEW & (filters.TEXT | filters.CAPTION), do.text))
        # A question that is corrected is another question.
        corrected = filters.UpdateType.EDITED_MESSAGE & _PRIVATE & filters.TEXT & ~filters.COMMAND
        app.add_handler(MessageHandler(corrected, do.text))
        app.add_handler(CallbackQueryHandler(self._presses.pressed))
        app.add_handler(MessageReactionHandler(self._opinions.reacted))
        app.add_handler(InlineQueryHandler(self._inline.typed))
        app.add_error_handler(self._failed)

    async def _let_in(self, update: Update, context: Context) -> None:
        """Ends the way of an update whose chat is not allowed, with a word where it asked."""
        chat, person = update.effective_chat, update.effective_user
        place = chat.id if chat else person.id if person else 0
        if self._access.is_allowed(place, person.id if person else None):
            return
        try:
            await self._turn_away(update, context.bot.bot)
        except Exception as error:  # whatever it is, the update goes no further
            _log.info("somebody who is not allowed could not be told: %s", _where(error))
        raise ApplicationHandlerStop

    async def _turn_away(self, update: Update, bot: User) -> None:
        if update.callback_query:
            await update.callback_query.answer(words.NOT_ALLOWED_SHORT)
        elif update.inline_query:
            await update.inline_query.answer([], cache_time=0, is_personal=True)
        elif update.message and update.effective_chat:
            message = update.message
            is_command = bool(message.text and message.text.startswith("/"))
            is_private = message.chat.type == ChatType.PRIVATE
            is_meant = is_private or is_command or question_in(message, bot) is not None
            if is_meant and self._access.is_to_be_told(message.chat.id):
                text = words.NOT_ALLOWED.format(chat=update.effective_chat.id)
                await self._replies.say(update, text)

    async def _failed(self, update: object, context: Context) -> None:
        """An error reaches the log without what was asked, and the person as one sentence."""
        error = context.error
        if isinstance(error, Unreachable):
            _log.info("a message could not be delivered: the chat takes none")
            return
        if error is None:
            return
        _log.error("a handler failed: %s", _where(error))
        if isinstance(update, Update) and (update.message or update.callback_query):
            with suppress(TelegramError, Unreachable, DeliveryUnknown):
                await self._replies.say(update, words.FAILED)

    def hurry(self) -> None:
        """The process ends soon: what is being written is answered in quotes."""
        self._asking.talks.hurry_all()

    async def prepare(self) -> None:
        """What the first question would have to wait for."""
        await self._asking.suggested()

    def tidy(self) -> None:
        """Delete what is too old, as once a day."""
        self._inbox.expire()
        self._uploads.expire()

    async def mend(self, left: Unfinished, bot: Bot) -> None:
        """What the last process left half done in a chat: the half of an answer, or a message
        that may have been sent, or not."""
        message = message_of(read_update(left.body, bot))
        if message is None:
            return
        if left.preview:
            await self._asking.take_back(message.chat.id, left.preview)
        if left.state is State.SENDING:
            await self._asking.tell_of_break(Room.of(message), message.message_id, left.trace_id)


def _where(error: BaseException) -> str:
    """The error's kind and place; its text may hold what somebody asked, or a token."""
    frames = traceback.extract_tb(error.__traceback__)[-3:]
    places = " < ".join(f"{frame.name}:{frame.lineno}" for frame in reversed(frames))
    return f"{type(error).__name__} in {places}"
