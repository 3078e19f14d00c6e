"""Bots by three libraries work with the fake Telegram, so it is not what one of them expects."""

from __future__ import annotations

import asyncio
import subprocess
from collections.abc import Iterator

import pytest
from telegram import (
    Bot,
    BotCommand,
    BotCommandScopeAllGroupChats,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InlineQueryResultArticle,
    InputTextMessageContent,
    LinkPreviewOptions,
    Message,
    ReplyParameters,
    TelegramObject,
    Update,
)
from telegram.constants import ChatAction, ParseMode, ReactionEmoji
from telegram.error import BadRequest, Forbidden, RetryAfter
from telegram.ext import (
    Application,
    ApplicationBuilder,
    CallbackQueryHandler,
    CommandHandler,
    ContextTypes,
)

from tests.telegram.control import Telegram
from tests.telegram.process import PROJECT, PYTHON
from tests.telegram.raw_bot import RawBot

NEWER = {"can_send_welcome_messages"}
UPDATES = (
    "message",
    "edited_message",
    "callback_query",
    "inline_query",
    "my_chat_member",
)


@pytest.fixture(autouse=True)
def time_spans(monkeypatch: pytest.MonkeyPatch) -> None:
    """python-telegram-bot warns whoever reads its seconds as numbers."""
    monkeypatch.setenv("PTB_TIMEDELTA", "true")


@pytest.fixture(params=["telebot_bot", "aiogram_bot"])
def other_bot(request: pytest.FixtureRequest, telegram: Telegram) -> Iterator[Telegram]:
    """A running bot by a library of another kind."""
    command = [str(PYTHON), "-m", f"tests.telegram.{request.param}"]
    process = subprocess.Popen(
        [*command, telegram.address, telegram.token],
        cwd=PROJECT,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    telegram.wait_for(telegram.polling, seconds=30)
    yield telegram
    process.kill()
    process.wait()


def test_a_conversation_with_another_library(other_bot: Telegram) -> None:
    """Commands, drafts, replies, edits, buttons, files and inline queries all work."""
    telegram = other_bot
    telegram.person(1, first_name="Lan")
    telegram.private(1, "/start")
    telegram.wait_for_messages(1, 1)
    asked = telegram.private(1, "hỏi")
    telegram.wait_for(lambda: telegram.messages(1)[-1].buttons)
    answer = telegram.messages(1)[-1]
    query = telegram.press(1, answer.id, "👍")
    telegram.wait_for(lambda: telegram.callback_answer(query))
    telegram.document(1, "a.txt", b"abc")
    telegram.wait_for_messages(1, 3)
    inline = telegram.inline(1, "a")
    telegram.wait_for(lambda: telegram.inline_answer(inline))
    telegram.wait_until_quiet()
    greeting, edited, document = telegram.messages(1)

    assert telegram.commands(language="vi") == [("start", "Bắt đầu")]
    assert (greeting.text, greeting.entities[0].covered) == ("Chào Lan", "Lan")
    assert (answer.text, answer.reply_to) == ("hỏi", asked)
    assert answer.entities[0].type == "expandable_blockquote"
    assert edited.buttons == ()
    assert (document.document, document.text) == ("lại.txt", "của bạn")
    assert telegram.actions(1) == ["typing"]
    assert [frame.text for frame in telegram.frames(1) if frame.kind == "draft"] == ["đang tìm"]


def test_calls_of_python_telegram_bot(telegram: Telegram) -> None:
    """Its objects and errors come from our answers."""
    telegram.private(1, "/start")

    async def talk() -> Message:
        bot = Bot(telegram.token, base_url=telegram.base_url)
        async with bot:
            sent = await bot.send_message(1, "<b>một</b>", ParseMode.HTML)
            await bot.edit_message_text(
                "hai",
                1,
                sent.message_id,
                reply_markup=like(),
            )
            with pytest.raises(BadRequest, match="Message is not modified"):
                await bot.edit_message_text("hai", 1, sent.message_id, reply_markup=like())
            telegram.fail("flood", "sendMessage", retry_after=3)
            with pytest.raises(RetryAfter):
                await bot.send_message(1, "ba")
            telegram.block(1)
            with pytest.raises(Forbidden):
                await bot.send_message(1, "bốn")
            return sent

    sent = asyncio.run(talk())

    assert sent.text_html == "<b>một</b>"
    assert [message.text for message in telegram.messages(1)] == ["hai"]


def test_an_application_of_python_telegram_bot(telegram: Telegram) -> None:
    """Its handlers find commands by their entities, and its polling confirms updates."""

    async def start(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        assert update.effective_message is not None
        markup = like()
        await update.effective_message.reply_text("chào", reply_markup=markup)

    async def pressed(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        assert update.callback_query is not None
        await update.callback_query.answer("cảm ơn")

    async def run() -> None:
        builder = ApplicationBuilder().token(telegram.token).base_url(telegram.base_url)
        application: Application = builder.build()  # type: ignore[type-arg]
        application.add_handler(CommandHandler("start", start))
        application.add_handler(CallbackQueryHandler(pressed))
        async with application:
            assert application.updater is not None
            await application.start()
            await application.updater.start_polling()
            await asyncio.to_thread(talk)
            await application.updater.stop()
            await application.stop()

    def talk() -> None:
        telegram.group(-1001, 1, "/start@dan_van_test_bot")
        sent = telegram.wait_for_messages(-1001, 1)[0]
        query = telegram.press(-1001, sent.id, "b", user_id=1)
        telegram.wait_for(lambda: telegram.callback_answer(query))

    asyncio.run(run())

    assert telegram.pending() == []


def test_every_method_of_python_telegram_bot(telegram: Telegram) -> None:
    """Its requests for all that this server knows pass the judge."""
    telegram.private(1, "/start")
    telegram.bot_status(-1001, 1, "member")
    telegram.document(1, "a.txt", b"abc", "text/plain")
    query = telegram.inline(1, "a")

    async def talk() -> bytes:
        bot = Bot(telegram.token, telegram.base_url, telegram.base_file_url)
        async with bot:
            updates = await bot.get_updates(timeout=1, allowed_updates=Update.ALL_TYPES)
            await bot.set_my_commands(
                [BotCommand("hoi", "Hỏi")], BotCommandScopeAllGroupChats(), language_code="vi"
            )
            assert await bot.get_my_commands(BotCommandScopeAllGroupChats(), language_code="vi")
            await bot.delete_my_commands()
            await bot.set_my_description("Trả lời")
            await bot.set_my_short_description("Ngắn", language_code="vi")
            await bot.send_chat_action(1, ChatAction.TYPING)
            sent = await bot.send_message(
                1,
                "a",
                reply_parameters=ReplyParameters(1, allow_sending_without_reply=True),
                link_preview_options=LinkPreviewOptions(is_disabled=True),
            )
            await bot.set_message_reaction(1, sent.message_id, ReactionEmoji.THUMBS_UP)
            await bot.edit_message_reply_markup(1, sent.message_id, reply_markup=like())
            await bot.delete_message(1, sent.message_id)
            await bot.send_document(
                1, b"abc", caption="<b>tệp</b>", parse_mode="HTML", filename="á.txt"
            )
            await bot.send_message_draft(1, 5, "đang tìm")
            text = InputTextMessageContent("<b>a</b>", ParseMode.HTML)
            await bot.answer_inline_query(query, [InlineQueryResultArticle("1", "A", text)], 0)
            await bot.get_chat(-1001)
            await bot.get_chat_member(-1001, 1)
            await bot.get_chat_administrators(-1001)
            await bot.leave_chat(-1001)
            await bot.set_webhook("https://vov.example/hook", secret_token="b-1")
            await bot.get_webhook_info()
            await bot.delete_webhook(True)
            (document,) = (u.message.document for u in updates if u.message and u.message.document)
            return bytes(await (await bot.get_file(document)).download_as_bytearray())

    assert asyncio.run(talk()) == b"abc"
    assert {call.status for call in telegram.calls()} == {200}
    assert telegram.messages(1)[-1].document == "á.txt"


def test_python_telegram_bot_knows_every_field(telegram: Telegram) -> None:
    """No update has a field that a second schema does not know, but for what is newer."""
    bot = RawBot(telegram)
    telegram.private(1, "/start")
    bot.do("getUpdates", allowed_updates=["message_reaction", *UPDATES])
    sent = bot.send(1, "a", reply_markup=like().to_dict())
    message = telegram.private(1, "chào @ai_do", reply_to=sent)
    telegram.edit(1, message, "chào")
    telegram.press(1, sent, "b")
    telegram.react(1, 1, sent, "👍")
    telegram.inline(1, "a")
    telegram.group(-1001, 1, "/hoi", thread=5)
    telegram.bot_status(-1001, 1, "administrator")
    telegram.document(1, "a.txt", b"abc")
    telegram.voice(1)
    telegram.block(1)
    updates = bot.updates()
    bot.close()
    telegram.forgive()

    assert len(updates) == 11
    assert {name for update in updates for name in unknown(Update.de_json(update, None))} == NEWER


def like() -> InlineKeyboardMarkup:
    return InlineKeyboardMarkup([[InlineKeyboardButton("a", callback_data="b")]])


def unknown(value: object) -> list[str]:
    """The fields that python-telegram-bot kept aside, at any depth."""
    if isinstance(value, list | tuple):
        return [name for item in value for name in unknown(item)]
    if not isinstance(value, TelegramObject):
        return []
    inside = [getattr(value, name, None) for name in value.to_dict(recursive=False)]
    return [*value.api_kwargs, *unknown(inside)]
