"""Chosen sentences -> what the reader sees of them: quote, number and label.

Labels come from the records. A quote is always a stretch of the article, to the letter.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot.candidates import Candidate
from bot.schema import Citation, Sentence
from retrieval.schema import Article
from retrieval.text import canonical, squeeze

_CLOSING = re.compile(r"[.!?…]+[”\"’')»\]]*$|[./]+$")


def cite(chosen: Sequence[Candidate]) -> tuple[tuple[Sentence, ...], tuple[Citation, ...]]:
    """The sentences, each with its citation; neighbours in one paragraph share theirs.

    Another article that says the same to the letter is named with it.
    """
    labels = labels_of([article for c in chosen for article in (c.article, *_same(c))])
    citations: list[Citation] = []
    sentences: list[Sentence] = []
    for candidate in chosen:
        if citations and _continues(citations[-1], candidate):
            start = citations.pop().start
        else:
            start = candidate.start
        article = candidate.article
        quote = article.text[start : candidate.end]
        also = [labels[other.id] for other in candidate.also if _holds(other, quote)]
        citations.append(
            Citation(
                number=len(citations) + 1,
                label=labels[article.id],
                title=article.title,
                article=article.id,
                quote=quote,
                start=start,
                end=candidate.end,
                also=tuple(also),
            )
        )
        sentences.append(Sentence(squeeze(candidate.text), (len(citations),)))
    return tuple(sentences), tuple(citations)


def _same(candidate: Candidate) -> list[Article]:
    return [other for other in candidate.also if _holds(other, candidate.text)]


def _holds(article: Article, quote: str) -> bool:
    """Whether an article has a quote, whatever its spaces, case and tone placement are."""
    return squeeze(canonical(quote)) in squeeze(canonical(article.text))


def _continues(citation: Citation, candidate: Candidate) -> bool:
    between = candidate.article.text[citation.end : candidate.start]
    same_article = citation.article == candidate.article.id
    return same_article and citation.end <= candidate.start and not between.strip(" ")


def with_label(sentence: str, labels: Sequence[str]) -> str:
    """`… đạt 91,3% [Bắc Kạn, 23/7/2024].`: the label stands before the closing stop."""
    marks = "".join(f" [{label}]" for label in dict.fromkeys(labels))
    closing = _CLOSING.search(sentence)
    if closing is None:
        return f"{sentence}{marks}."
    if closing[0][0] in ".…":
        # "./." closes a news story; an ellipsis would read oddly behind the label.
        body = sentence[: closing.start()].rstrip()
        return f"{body}{closing[0].strip('./…')}{marks}."
    return f"{sentence}{marks}"


def labels_of(articles: Sequence[Article]) -> dict[str, str]:
    """Label of each article; articles of one place and day are numbered from the second on."""
    labels: dict[str, str] = {}
    for article in articles:
        if article.id not in labels:
            same = [label for label in labels.values() if label.split(" (")[0] == article.label]
            labels[article.id] = f"{article.label} ({len(same) + 1})" if same else article.label
    return labels
