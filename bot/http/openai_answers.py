"""An answer in the forms of OpenAI's protocol: whole, or as the chunks of a stream.

The text of both is `Answer.text`, to the letter. Each label in it has an annotation that says
where it stands, `content[start_index:end_index]` in Unicode characters, and which quote it is.
"""

from __future__ import annotations

import logging
import time
import uuid
from collections.abc import AsyncGenerator, Iterator
from contextlib import aclosing
from dataclasses import asdict
from typing import Any
from urllib.parse import quote

from bot.answering import Asked
from bot.citations import with_label
from bot.http import words
from bot.http.asking import to_json
from bot.http.problems import Problem
from bot.http.questions import events_for
from bot.schema import Answer, Citation, Sentence, Understood
from bot.service import Service
from retrieval.text import normalise
from retrieval.text import words as words_in

_log = logging.getLogger(__name__)

MODEL = "hoi-dap-kho-bai-viet"
# The page of the archive, which opens the article; "/" takes no address of one.
_PAGE = "/kho?bai="


async def text_events(service: Service, asked: Asked) -> AsyncGenerator[str | Answer, None]:
    """Pieces that the answer's text is sure to begin with, then the answer.

    What a language model writes is told sentence by sentence. Quotes are not: what stands around
    them (a count, the sides of a comparison) is only known with the answer, which is there in the
    same moment.
    """
    citations: dict[int, Citation] = {}
    is_begun = False
    async with aclosing(events_for(service, asked)) as events:
        async for event in events:
            if isinstance(event, Answer):
                yield event
                return
            if isinstance(event, Understood):
                is_begun = bool(event.note)
                yield event.note
            elif event.is_written:
                citations |= {citation.number: citation for citation in event.citations}
                told = _told(event.sentence, citations)
                yield f" {told}" if is_begun else told
                is_begun = True


def _told(sentence: Sentence, citations: dict[int, Citation]) -> str:
    """The sentence as the answer's text has it."""
    cited = [citations[number] for number in sentence.citations]
    return with_label(sentence.text, [label for one in cited for label in (one.label, *one.also)])


class Completion:
    """One answer to be given."""

    def __init__(self, base: str, question: str) -> None:
        """
        Args:
            base: where the pages are, for the links of citations.
        """
        self._page = base.rstrip("/") + _PAGE
        self._question = question
        self._head = {
            "id": f"chatcmpl-{uuid.uuid4().hex}",
            "created": int(time.time()),
            "model": MODEL,
        }

    def whole(self, shown: Answer) -> dict[str, Any]:
        message = {
            "role": "assistant",
            "content": shown.text,
            "refusal": None,
            "annotations": self._annotations(shown),
        }
        choice = {"index": 0, "message": message, "finish_reason": "stop", "logprobs": None}
        return {
            **self._head,
            "object": "chat.completion",
            "choices": [choice],
            "usage": self._usage(shown.text),
        }

    async def stream(
        self, first: str | Answer, rest: AsyncGenerator[str | Answer, None], with_usage: bool
    ) -> AsyncGenerator[bytes, None]:
        """Chunks of text, the last with the annotations, and the end.

        What goes wrong now, when the status has long been sent, ends it with an error event,
        which OpenAI's clients raise.
        """
        content = ""
        try:
            async with aclosing(rest):
                yield self._chunk({"role": "assistant", "content": ""})
                event: str | Answer = first
                while not isinstance(event, Answer):
                    content += event
                    if event:
                        yield self._chunk({"content": event})
                    event = await anext(rest)
        except Problem as problem:
            yield _error_event(problem)
            return
        except Exception as error:  # its text may hold what was asked
            _log.error("a stream failed: %s", type(error).__name__)
            yield _error_event(Problem(500, words.FAILED))
            return
        remainder = _remainder(event.text, content)
        content += remainder
        annotations = self._annotations(event, len(content) - len(event.text))
        yield self._chunk({"content": remainder, "annotations": annotations})
        yield self._chunk({}, finish="stop")
        if with_usage:
            yield _event(self._base_of_chunk() | {"choices": [], "usage": self._usage(content)})
        yield b"data: [DONE]\n\n"

    def _chunk(self, delta: dict[str, Any], finish: str | None = None) -> bytes:
        choice = {"index": 0, "delta": delta, "finish_reason": finish, "logprobs": None}
        return _event(self._base_of_chunk() | {"choices": [choice]})

    def _base_of_chunk(self) -> dict[str, Any]:
        return {**self._head, "object": "chat.completion.chunk"}

    def _annotations(self, shown: Answer, offset: int = 0) -> list[dict[str, Any]]:
        """In the order of the sentences.

        Args:
            offset: where the answer's text begins in the content.
        """
        return [
            self._annotation(citation, offset + start, offset + end)
            for citation, start, end in labels_in(shown)
        ]

    def _annotation(self, citation: Citation, start: int, end: int) -> dict[str, Any]:
        return {
            "type": "url_citation",
            "url_citation": {
                "start_index": start,
                "end_index": end,
                "title": f"{citation.label} — {citation.title}",
                "url": self._page + quote(citation.article, safe=""),
            },
            # Not of OpenAI's: with the quote and where it stands in the article.
            "citation": asdict(citation),
        }

    def _usage(self, content: str) -> dict[str, int]:
        """In syllables and numbers, of the question and the answer: no model's tokens are it."""
        asked, answered = (len(words_in(normalise(text))) for text in (self._question, content))
        return {
            "prompt_tokens": asked,
            "completion_tokens": answered,
            "total_tokens": asked + answered,
        }


def labels_in(shown: Answer) -> Iterator[tuple[Citation, int, int]]:
    """Each citation of each sentence, and where its label stands: `text[start:end]`.

    Quotes of one article share a label. It is looked for at the end of its own sentence, since
    other sentences have the same one.
    """
    citations = {citation.number: citation for citation in shown.citations}
    start = 0
    for sentence in shown.sentences:
        told = _told(sentence, citations)
        start = shown.text.find(told, start)
        if start < 0:
            _log.error("a sentence of an answer does not stand in its text")
            return
        for citation in (citations[number] for number in sentence.citations):
            label = f"[{citation.label}]"
            begins = start + told.rindex(label)
            yield citation, begins, begins + len(label)
        start += len(told)


def _remainder(text: str, begun: str) -> str:
    """What is still to be sent; the whole text anew where it is not what was begun."""
    return text.removeprefix(begun) if text.startswith(begun) else f"\n\n{text}"


def _event(data: dict[str, Any]) -> bytes:
    return f"data: {to_json(data)}\n\n".encode()


def _error_event(problem: Problem) -> bytes:
    return b"data: " + bytes(problem.openai_response().body) + b"\n\n"
