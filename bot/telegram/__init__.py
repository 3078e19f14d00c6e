"""The Telegram bot: renders what `bot/service.py` answers, within the limits of the platform.

app        what is switched on, and the running of it
inbox      no question is lost, none is answered twice
asking     a question to a delivered answer; preview shows it while it is being written
rendering  an answer as HTML; splitting cuts it into messages; buttons below it
delivery   the sending of them; pace keeps to the platform's limits
presses, commands, inline, holdings, uploads    what else a person can do
"""
