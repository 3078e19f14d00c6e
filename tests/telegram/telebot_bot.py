"""A small bot by pyTelegramBotAPI: `python -m tests.telegram.telebot_bot ADDRESS TOKEN`.

It shows that the fake server is no mirror of python-telegram-bot. pyTelegramBotAPI is not
installed where mypy runs, so its objects are `Any` here.
"""

from __future__ import annotations

import sys
from typing import Any

import telebot
from telebot import apihelper, types


def make_bot(address: str, token: str) -> Any:
    """A bot that answers, edits its answer, and thanks for a press of its button."""
    apihelper.API_URL = f"{address}/bot{{0}}/{{1}}"
    apihelper.FILE_URL = f"{address}/file/bot{{0}}/{{1}}"
    bot: Any = telebot.TeleBot(token, parse_mode="HTML", threaded=False)

    def start(message: Any) -> None:
        bot.set_my_commands([types.BotCommand("start", "Bắt đầu")], language_code="vi")
        bot.reply_to(message, f"Chào <b>{message.from_user.first_name}</b>")

    def ask(message: Any) -> None:
        bot.send_chat_action(message.chat.id, "typing")
        bot.send_message_draft(message.chat.id, 1, text="<i>đang tìm</i>", parse_mode="HTML")
        sent = bot.send_message(
            message.chat.id,
            "…",
            reply_parameters=types.ReplyParameters(message.message_id),
            link_preview_options=types.LinkPreviewOptions(is_disabled=True),
        )
        markup = types.InlineKeyboardMarkup()
        markup.add(types.InlineKeyboardButton("👍", callback_data="like"))
        bot.edit_message_text(
            f"<blockquote expandable>{message.text}</blockquote>",
            message.chat.id,
            sent.message_id,
            reply_markup=markup,
        )

    def pressed(query: Any) -> None:
        bot.answer_callback_query(query.id, "Cảm ơn")
        bot.edit_message_reply_markup(query.message.chat.id, query.message.message_id)

    def received(message: Any) -> None:
        content = bot.download_file(bot.get_file(message.document.file_id).file_path)
        bot.send_document(message.chat.id, content, visible_file_name="lại.txt", caption="của bạn")

    def searched(query: Any) -> None:
        text = types.InputTextMessageContent("<b>kết quả</b>", parse_mode="HTML")
        bot.answer_inline_query(query.id, [types.InlineQueryResultArticle("1", "Kết quả", text)])

    bot.register_message_handler(start, commands=["start"])
    bot.register_message_handler(ask, content_types=["text"])
    bot.register_message_handler(received, content_types=["document"])
    bot.register_callback_query_handler(pressed, func=lambda query: True)
    bot.register_inline_handler(searched, func=lambda query: True)
    return bot


if __name__ == "__main__":
    make_bot(sys.argv[1], sys.argv[2]).infinity_polling(timeout=5, long_polling_timeout=5)
