"""A small bot by aiogram: `python -m tests.telegram.aiogram_bot ADDRESS TOKEN`.

The same bot as `telebot_bot`, by the library whose types judge the requests. It is not installed
where mypy runs, so its objects are `Any` here.
"""

from __future__ import annotations

import asyncio
import sys
from typing import Any

from aiogram import Bot, Dispatcher, types
from aiogram.client.default import DefaultBotProperties
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer


async def start(message: Any, bot: Any) -> None:
    """Answers any text, `/start` too."""
    if message.text.startswith("/start"):
        await bot.set_my_commands(
            [types.BotCommand(command="start", description="Bắt đầu")], language_code="vi"
        )
        await message.reply(f"Chào <b>{message.from_user.first_name}</b>")
        return
    await bot.send_chat_action(message.chat.id, "typing")
    await bot.send_message_draft(message.chat.id, draft_id=1, text="<i>đang tìm</i>")
    sent = await message.reply("…", link_preview_options=types.LinkPreviewOptions(is_disabled=True))
    button = types.InlineKeyboardButton(text="👍", callback_data="like")
    await sent.edit_text(
        f"<blockquote expandable>{message.text}</blockquote>",
        reply_markup=types.InlineKeyboardMarkup(inline_keyboard=[[button]]),
    )


async def received(message: Any, bot: Any) -> None:
    """Sends a document back."""
    content = await bot.download(message.document)
    await message.answer_document(
        types.BufferedInputFile(content.read(), "lại.txt"), caption="của bạn"
    )


async def pressed(query: Any) -> None:
    await query.answer("Cảm ơn")
    await query.message.edit_reply_markup()


async def searched(query: Any) -> None:
    text = types.InputTextMessageContent(message_text="<b>kết quả</b>")
    await query.answer(
        [types.InlineQueryResultArticle(id="1", title="Kết quả", input_message_content=text)]
    )


async def main(address: str, token: str) -> None:
    session = AiohttpSession(api=TelegramAPIServer.from_base(address))
    bot = Bot(token, session=session, default=DefaultBotProperties(parse_mode="HTML"))
    dispatcher: Any = Dispatcher()
    dispatcher.message.register(received, lambda message: message.document is not None)
    dispatcher.message.register(start)
    dispatcher.callback_query.register(pressed)
    dispatcher.inline_query.register(searched)
    await dispatcher.start_polling(bot, polling_timeout=5, handle_signals=False)


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], sys.argv[2]))
