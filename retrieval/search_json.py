"""What `search --json` prints and `GET /v1/search` sends."""

from __future__ import annotations

from typing import Any

from retrieval.schema import SearchResult


def result_json(result: SearchResult) -> dict[str, Any]:
    """The contract of `search --json`; `start` and `end` count characters of the article."""
    return {
        "query": result.query.text,
        "hits": [
            {
                "label": hit.article.label,
                "article": hit.article.id,
                "title": hit.article.title,
                "start": hit.passage.start,
                "end": hit.passage.end,
                "text": hit.passage.text,
                "score": round(hit.score, 6),
                "dense_rank": hit.dense_rank,
                "sparse_rank": hit.sparse_rank,
                "also": [article.label for article in hit.also],
            }
            for hit in result.hits
        ],
        "timings_ms": result.timings_ms,
    }
