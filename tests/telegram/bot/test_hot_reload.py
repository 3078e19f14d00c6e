"""A new snapshot under load: no answer lost, none of two snapshots, the new one comes soon."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from pathlib import Path

from retrieval.encoders import BundledEncoder
from tests.hot_reload import MOST_SECONDS, QUESTION, Archive, asking, number_in
from tests.telegram.bot.conftest import StartBot
from tests.telegram.control import Telegram
from tests.telegram.records import SentMessage

CHATS = range(1, 7)


def ask(
    telegram: Telegram, chat: int, asked: list[int], texts: Mapping[int, Mapping[str, str]]
) -> int:
    """Asks once more in a chat; the snapshot that the answer is of."""
    asked.append(telegram.private(chat, QUESTION))
    return number_of(telegram.wait_for_messages(chat, len(asked))[-1], texts)


def number_of(answer: SentMessage, texts: Mapping[int, Mapping[str, str]]) -> int:
    """The one snapshot that an answer is of, in both of its halves and to the letter of quotes."""
    number = number_in(answer.text)
    quotes = [one.covered for one in answer.entities if one.type == "expandable_blockquote"]
    assert answer.text.count(f"{number} hộ dân") == 4, answer.text
    assert len(quotes) == 2, answer.text
    for article, quote in zip(("1.txt", "2.txt"), quotes, strict=True):
        assert f"{number} hộ dân" in quote, answer.text
        assert quote in texts[number][article], answer.text
    return number


def test_every_answer_is_of_one_snapshot_and_soon_of_the_new_one(
    telegram: Telegram, start_bot: StartBot, encoder: BundledEncoder, tmp_path: Path
) -> None:
    """Each question gets one answer, in order; once there was a new one, all are new."""
    archive = Archive(tmp_path, encoder)
    first = archive.publish()
    bot = start_bot(archive.vectors, SEEDS_DIR=str(archive.seeds), TELEGRAM_QUESTIONS_PER_HOUR="0")
    asked: dict[int, list[int]] = {chat: [] for chat in CHATS}
    chats = [partial(ask, telegram, chat, asked[chat], archive.texts) for chat in CHATS]
    with asking(chats) as talks:
        talks.wait_for(first)
        second = archive.publish(by_command=True)
        talks.wait_for(second)
    telegram.wait_until_quiet(silence=1.5)
    answers = [one for given in talks.given for one in given]
    begun, ended = archive.begun[second], archive.ended[second]
    meanwhile = sum(begun < one.got < ended for one in answers)
    came = min(one.got for one in answers if one.number == second)
    print(
        f"{len(answers)} answers, {meanwhile} during the ingest of {ended - begun:.1f} s, "
        f"a new one {came - ended:.1f} s after it"
    )

    assert meanwhile
    assert begun <= came <= ended + MOST_SECONDS
    assert all(one.number == second for one in answers if one.asked >= came)
    for chat in CHATS:
        assert [one.reply_to for one in telegram.messages(chat)] == asked[chat]
    assert "can not be opened" not in bot.text()
