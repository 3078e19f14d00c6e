"""Inline mode: the bot's name and a question in any chat; answered in quotes while it is typed."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from contextlib import suppress

from telegram import (
    InlineQueryResultArticle,
    InlineQueryResultsButton,
    InputTextMessageContent,
    Update,
)
from telegram.constants import ParseMode
from telegram.error import BadRequest

from bot.answering import Asked
from bot.gate import Busy
from bot.schema import Answer, Citation
from bot.service import Service
from bot.telegram import words
from bot.telegram.access import Access
from bot.telegram.delivery import NO_PREVIEW
from bot.telegram.rendering import answer_texts
from bot.telegram.replies import Context
from bot.telegram.splitting import Piece, Text, split
from retrieval.errors import IndexUnavailable

_log = logging.getLogger(__name__)

# Characters; less is still the beginning of a question.
_SHORTEST = 6
# Seconds for which Telegram may give the same answer to others; the archive changes rarely.
_KEPT = 60
_LONGEST_DESCRIPTION = 200


class Inline:
    """Answers inline questions. One for the process."""

    def __init__(self, service: Service, access: Access) -> None:
        self._service = service
        self._access = access
        self._latest: dict[int, int] = {}

    async def typed(self, update: Update, context: Context) -> None:
        """What a person has typed so far; only the last of it is looked up."""
        query = update.inline_query
        assert query is not None
        person = query.from_user.id
        self._latest[person] = update.update_id
        shown = None
        if len(query.query.strip()) >= _SHORTEST:
            shown = await self._answer(query.query)
        if self._latest.get(person) != update.update_id:
            return  # the person has typed on
        del self._latest[person]
        hint = None
        if shown is None:
            hint = InlineQueryResultsButton(words.INLINE_HINT, start_parameter="hoi")
        with suppress(BadRequest):  # it took too long, and nobody waits for it any more
            await query.answer(
                inline_results(shown) if shown else [],
                cache_time=_KEPT if shown else 0,
                # Otherwise Telegram would show it to strangers without asking the bot.
                is_personal=not self._access.is_open,
                button=hint,
            )

    async def _answer(self, question: str) -> Answer | None:
        try:
            return await self._service.quoted(Asked(question))
        except Busy:
            _log.info("an inline question was turned away")
        except IndexUnavailable as error:
            _log.error("%s", error)
        return None


def inline_results(shown: Answer) -> Sequence[InlineQueryResultArticle]:
    """The answer, and each of its quotes alone; or that there is none."""
    (text, *_) = answer_texts(shown)
    title = words.INLINE_ANSWER if shown.citations else words.INLINE_NOTHING
    results = [_result("answer", title, shown.text, text)]
    if len(shown.citations) > 1:
        results += [
            _result(str(one.number), f"{one.label} — {one.title}", one.quote, _quoted(one))
            for one in shown.citations
        ]
    return results


def _quoted(citation: Citation) -> Text:
    quote = " ".join(citation.quote.split())
    pieces = [
        Piece(quote, ("blockquote",)),
        Piece(citation.label, ("code",), "\n"),
        Piece(f"— {citation.title}", (), " "),
    ]
    return split(pieces)[0]


def _result(name: str, title: str, description: str, text: Text) -> InlineQueryResultArticle:
    return InlineQueryResultArticle(
        name,
        title,
        InputTextMessageContent(
            text.html, parse_mode=ParseMode.HTML, link_preview_options=NO_PREVIEW
        ),
        description=" ".join(description.split())[:_LONGEST_DESCRIPTION],
    )
