"""Sentences that a language model wrote, each held against the passages that it cites."""

from __future__ import annotations

import logging
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from dataclasses import dataclass, replace

from bot.answering import Asked, Found, closing_notes, understood_note
from bot.citations import labels_of, with_label
from bot.extractive import evidence_of
from bot.llm import ChatModel
from bot.prompts import Budget, PromptPassage, build_messages
from bot.reply import CitedSentence, cited_sentences
from bot.schema import Answer, Citation, Outcome, Sentence
from bot.verification import verify
from bot.verification.window import Quote
from retrieval.schema import Article, Hit, Passage

_log = logging.getLogger(__name__)

# A model that goes on and on has long left the question.
_MOST_SENTENCES = 6


@dataclass(frozen=True, slots=True)
class WrittenSentence:
    """A sentence that its passages support, with what of them supports it."""

    text: str
    quotes: tuple[Quote, ...]


async def written_sentences(
    chat: ChatModel, found: Found, budget: Budget
) -> AsyncGenerator[WrittenSentence, None]:
    """The sentences that pass, as they arrive.

    Raises:
        LLMUnavailable: at any time.
    """
    assert found.result is not None
    query = found.result.query
    hits = evidence_of(query, found.result.hits)
    passages = [
        PromptPassage(number, hit.article.label, hit.article.title, hit.passage.text)
        for number, hit in enumerate(hits, 1)
    ]
    prompt = build_messages(query.restored or query.text, passages, budget)
    given = {str(passage.number): _given(hits, passage) for passage in prompt.included}
    count = 0
    async with aclosing(cited_sentences(chat.stream(prompt.messages, budget.answer))) as reply:
        async for sentence in reply:
            if sentence.says_nothing or count >= _MOST_SENTENCES:
                return
            passed = _passed(sentence, given)
            if passed:
                count += 1
                yield passed


def _given(hits: Sequence[Hit], passage: PromptPassage) -> tuple[Article, Passage]:
    """What the model was given of an article: where only a part fitted, that part."""
    hit = hits[passage.number - 1]
    whole = hit.passage
    if passage.text == whole.text:
        return hit.article, whole
    end = whole.start + len(passage.text)
    return hit.article, replace(whole, end=end, text=passage.text)


def _passed(
    sentence: CitedSentence, given: dict[str, tuple[Article, Passage]]
) -> WrittenSentence | None:
    """The sentence where each key exists and its passages support it."""
    if not sentence.keys or not set(sentence.keys) <= given.keys():
        _log.info("a sentence was dropped: its keys are of no passage")
        return None
    verdict = verify(sentence.text, [given[key] for key in sentence.keys])
    if not verdict.is_supported:
        _log.info("a sentence was dropped: %s", verdict.fault)
        return None
    return WrittenSentence(sentence.text, verdict.quotes)


def written_answer(asked: Asked, found: Found, written: Sequence[WrittenSentence]) -> Answer:
    """The answer of these sentences; labels and quotes are of the records."""
    assert found.result is not None
    articles = [quote.article for one in written for quote in one.quotes]
    labels = labels_of(articles)
    citations: list[Citation] = []
    sentences = []
    for one in written:
        numbers = [_number(citations, quote, labels) for quote in one.quotes]
        sentences.append(Sentence(one.text, tuple(dict.fromkeys(numbers))))
    told = [
        with_label(sentence.text, [citations[number - 1].label for number in sentence.citations])
        for sentence in sentences
    ]
    text = " ".join(
        [*understood_note(found), *told, *closing_notes(found, list(dict.fromkeys(articles)))]
    )
    return Answer(
        asked.id,
        Outcome.ANSWERED,
        text,
        tuple(sentences),
        tuple(citations),
        dict(found.result.timings_ms),
        found.understood,
        language=found.language,
    )


def _number(citations: list[Citation], quote: Quote, labels: dict[str, str]) -> int:
    """Of the citation of this quote, added where it is new."""
    for citation in citations:
        if (citation.article, citation.start, citation.end) == (
            quote.article.id,
            quote.start,
            quote.end,
        ):
            return citation.number
    article = quote.article
    citations.append(
        Citation(
            number=len(citations) + 1,
            label=labels[article.id],
            title=article.title,
            article=article.id,
            quote=article.text[quote.start : quote.end],
            start=quote.start,
            end=quote.end,
        )
    )
    return len(citations)
