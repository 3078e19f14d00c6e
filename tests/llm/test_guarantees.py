"""Whatever a real model writes: each shown sentence has its quote, each figure is in one."""

from __future__ import annotations

import asyncio
import re

from bot.answering import Asked
from bot.llm import Limits, OpenAIChat
from bot.prompts import Budget
from bot.schema import Answer, Outcome
from bot.service import Service, ask_once
from retrieval.search import Retriever
from tests.llm.conftest import RunningServer

PATIENT = Limits(whole=300, silence=300, wait=300)
QUESTIONS = (
    "Chỉ số hài lòng của người dân Bắc Kạn năm 2020 là bao nhiêu?",
    "Năm 2017 Quảng Ninh có bao nhiêu mô hình đăng ký cấp tỉnh?",
    "Ai chủ trì hội nghị sơ kết công tác dân vận ở Bắc Kạn?",
    "Công tác dân vận ở Bắc Kạn còn những hạn chế gì?",
    "Giá vàng hôm nay bao nhiêu?",
)


def test_nothing_unsupported_is_shown(server: RunningServer, retriever: Retriever) -> None:
    """Quotes are of the articles to the letter, labels of their records, figures of the quotes."""
    articles = {article.id: article for article in retriever.index.records.articles()}

    async def ask_all() -> list[Answer]:
        chat = OpenAIChat(server.base_url, "", "gemma", PATIENT)
        service = Service(retriever, chat, budget=Budget(context=1_536, answer=64))
        shown = [await ask_once(service, Asked(question)) for question in QUESTIONS]
        await chat.close()
        return shown

    answers = asyncio.run(ask_all())

    assert answers[-1].outcome is Outcome.NO_EVIDENCE
    for shown in answers[:-1]:
        assert shown.sentences
        assert shown.outcome in (Outcome.ANSWERED, Outcome.LLM_UNAVAILABLE)
        quotes = " ".join(citation.quote for citation in shown.citations)
        for citation in shown.citations:
            article = articles[citation.article]
            assert article.text[citation.start : citation.end] == citation.quote
            assert citation.label == article.label
        for sentence in shown.sentences:
            assert sentence.citations
            assert set(re.findall(r"\d[\d.,]*\d|\d", sentence.text)) <= set(
                re.findall(r"\d[\d.,]*\d|\d", quotes)
            )
