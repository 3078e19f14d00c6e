"""Vectors of chance, and articles of others' sentences: archives of any size in minutes."""

from __future__ import annotations

import datetime
import zlib
from collections.abc import Iterator, Sequence

import numpy as np

from retrieval.encoders import Encoder, Progress, Vectors
from retrieval.gazetteer import load
from retrieval.schema import Article
from retrieval.text import sentences

_CENTRES = 2_000
_SENTENCES = 20
_A_PARAGRAPH = 3
_FIRST_DAY = datetime.date(2015, 1, 1)
_DAYS = 4_000


class ChanceEncoder:
    """A text's vector is drawn by its checksum, around one of some centres; a question's is a real
    model's."""

    def __init__(self, encoder: Encoder) -> None:
        self._encoder = encoder
        self.fingerprint = "chance"
        self.dimensions = encoder.dimensions
        self.cosine_spread = encoder.cosine_spread
        drawn = np.random.default_rng(0)
        self._centres = drawn.normal(size=(_CENTRES, self.dimensions)).astype(np.float32)

    def warm(self) -> None:
        self._encoder.warm()

    def encode_question(self, text: str) -> Vectors:
        return self._encoder.encode_question(text)

    def encode_passages(self, texts: Sequence[str], progress: Progress | None = None) -> Vectors:
        sums = np.array([zlib.crc32(text.encode()) for text in texts], np.uint32)
        drawn = np.random.default_rng(int(sums[0]))
        rows = drawn.standard_normal((len(texts), self.dimensions), np.float32)
        rows += self._centres[sums % _CENTRES]
        if progress:
            progress(len(texts))
        result: Vectors = rows / np.linalg.norm(rows, axis=1, keepdims=True)
        return result


def mixed_articles(articles: Sequence[Article], count: int) -> Iterator[Article]:
    """Articles of twenty sentences from anywhere in others, each of some province and day."""
    drawn = np.random.default_rng(0)
    pool = [
        article.text[span.start : span.end]
        for article in articles
        for span in sentences(article.text)
    ]
    provinces = [province.name for province in load().provinces]
    for number in range(count):
        said = [pool[n] for n in drawn.integers(len(pool), size=_SENTENCES).tolist()]
        lines = [" ".join(said[n : n + _A_PARAGRAPH]) for n in range(0, len(said), _A_PARAGRAPH)]
        yield Article(
            id=f"{number:07}.txt",
            title=articles[int(drawn.integers(len(articles)))].title,
            text="\n".join(lines),
            source=None,
            province=provinces[int(drawn.integers(len(provinces)))],
            date=_FIRST_DAY + datetime.timedelta(int(drawn.integers(_DAYS))),
            path="",
        )
