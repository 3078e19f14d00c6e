"""What must be true of any input: an allowed error or a right result, within a second."""

from __future__ import annotations

import datetime
import gc
import signal
import time
import unicodedata
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from types import FrameType

from bot.answering import Asked, answer
from bot.schema import Answer, Outcome
from retrieval.articles import read_article
from retrieval.chunking import split_article
from retrieval.errors import ArticleError, QuestionError
from retrieval.filters import NONE_GIVEN, GivenFilters
from retrieval.question import understand
from retrieval.schema import Article
from retrieval.search import Retriever

# Of a processor, so that a machine with other work fails no test.
SECONDS = 1.0
# What is counted from, so that an input does the same tomorrow.
_TODAY = datetime.date(2026, 6, 15)
_QUOTING = {Outcome.ANSWERED, Outcome.PARTLY_ANSWERED, Outcome.LLM_UNAVAILABLE}


class TooSlow(BaseException):
    """Not an Exception: the readers of files catch whatever their libraries raise."""


@contextmanager
def within(seconds: float) -> Iterator[None]:
    """Ends what takes longer, where it is: the traceback shows what was going on.

    Raises:
        TooSlow: also where the work could not be interrupted and ended by itself.
    """

    armed = True

    def end(number: int, frame: FrameType | None) -> None:
        if armed:
            raise TooSlow(f"more than {seconds} s")

    # A collection costs what other tests left behind, and swallows what is raised in it.
    gc.disable()
    # Left where it is at the end: by default a signal still on its way would end the process.
    signal.signal(signal.SIGPROF, end)
    started = time.process_time()
    signal.setitimer(signal.ITIMER_PROF, seconds)
    try:
        yield
    finally:
        armed = False
        signal.setitimer(signal.ITIMER_PROF, 0)
        gc.enable()
    if time.process_time() - started > seconds:
        raise TooSlow(f"more than {seconds} s, in one call")


def check_file(data: bytes, suffix: str, folder: Path, seconds: float = SECONDS) -> Article | None:
    """Reading gives a reason, or an article of normal text whose passages are its stretches."""
    path = folder / f"bai{suffix}"
    path.write_bytes(data)
    with within(seconds):
        try:
            article = read_article(path, folder)
        except ArticleError:
            return None
    assert article.id == path.name
    assert article.title.strip()
    assert article.text == unicodedata.normalize("NFC", article.text)
    assert all(line and line == line.strip() for line in article.text.split("\n"))
    article.text.encode()
    check_passages(article, seconds)
    return article


def check_passages(article: Article, seconds: float = SECONDS) -> None:
    """Passages are stretches of the text, in order, and no visible character is lost."""
    with within(seconds):
        passages = split_article(article)
    for passage in passages:
        assert article.text[passage.start : passage.end] == passage.text
        assert passage.text.strip()
    ends = [0, *(passage.end for passage in passages)]
    starts = [*(passage.start for passage in passages), len(article.text)]
    for end, start in zip(ends, starts, strict=True):
        assert not article.text[end:start].strip()
        assert end <= start


def check_question(question: str, history: Sequence[str] = (), seconds: float = SECONDS) -> None:
    """A question is understood, or refused as one that can not be asked."""
    with within(seconds), suppress(QuestionError):
        query = understand(question, history, today=_TODAY)
        assert query.question == question
        assert query.text.strip()
        for period in query.periods:
            assert period.first <= period.last


def check_answer(
    retriever: Retriever,
    question: str,
    history: Sequence[str] = (),
    filters: GivenFilters = NONE_GIVEN,
    seconds: float = SECONDS,
) -> Answer:
    """Every sentence stands in a quote, every quote in its article; a refusal cites nothing."""
    with within(seconds):
        shown = answer(retriever, Asked(question, history, filters))
    articles = {article.id: article for article in retriever.index.records.articles()}
    assert shown.text.strip()
    if shown.outcome not in _QUOTING:
        assert not shown.citations
    for number, citation in enumerate(shown.citations, start=1):
        assert citation.number == number
        assert citation.quote
        assert articles[citation.article].text[citation.start : citation.end] == citation.quote
    for sentence in shown.sentences:
        quotes = [shown.citations[number - 1].quote for number in sentence.citations]
        assert any(sentence.text in " ".join(quote.split()) for quote in quotes)
    return shown
