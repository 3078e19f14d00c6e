"""The bot before two judges that other people wrote: telemelya and tg-auto-test.

telemelya       emulates the Bot API over HTTP; the bot is a process of its own, with a webhook
tg-auto-test    has the bot's handlers in its own process, and talks to them like a Telegram client

Each runs in an environment of its own, for it can not be installed beside this project's
packages; the tests talk to it over HTTP or a pipe.
"""
