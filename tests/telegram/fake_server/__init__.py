"""A strict fake of the Telegram Bot API, as a program: `python -m tests.telegram.fake_server`.

It runs in an environment of its own (`.venv-telegram`), because aiogram judges there whatever goes
in and out: each request is read as aiogram's method class, and each result and update as its types.

A refusal is a violation where only a faulty bot gets it: an unknown parameter, a text too long.
Refusals that any bot may run into (a limit, a blocked bot, a message deleted meanwhile) are none.

Stricter than Telegram: a button with two actions, nested quotations, crossing entities, unknown
names in `allowed_updates`, and parameters that the documentation has dropped are refused.
Left out: channels, media but documents and voices, albums, polls, payments, business accounts,
rich messages, Markdown, migration of groups, and parallel delivery to a webhook.
"""
