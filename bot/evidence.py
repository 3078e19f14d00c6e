"""What a passage must hold before it may answer a question at all.

Similar wording is not evidence. A figure of another year, another province or another
office reads almost the same, and is wrong.
"""

from __future__ import annotations

import re

from bot.demands import Demands
from bot.period_evidence import is_of_period
from retrieval.gazetteer import load
from retrieval.schema import Hit, Query
from retrieval.successions import of_successor
from retrieval.text import canonical, fold


def is_about(query: Query, hit: Hit, demands: Demands) -> bool:
    """Whether the hit can be evidence: it is of the question's place and time and names what
    the question names."""
    article = hit.article
    return (
        is_of_place(query, hit)
        and is_of_period(query, hit)
        and demands.met_by_passage(f"{article.title}. {hit.passage.text}")
        and demands.met_by_article(f"{article.title}. {article.text}")
    )


def is_of_place(query: Query, hit: Hit) -> bool:
    """Whether the hit is of a province of the question, or names one, and names its districts.

    True where the question names no place. A province reaches those that were merged into it:
    a question about today's Thái Nguyên may mean the former Bắc Kạn.
    """
    article = hit.article
    around = f"{article.title}. {hit.passage.text}"
    if query.districts:
        lead = _plain(f"{around} {article.text[:_LEAD]}")
        if not all(_bare_name(district) in lead for district, _ in query.districts):
            return False
    if not query.provinces or article.province in query.reached:
        return True
    # "tin Bắc Kạn tháng 9/2025": of that time there is only the news of what it belongs to now.
    if any(s.covers(article.province, article.date) for s in query.filters.successors):
        return True
    if of_successor(query.successors, article, hit.passage):
        return True
    return not _provinces(around).isdisjoint(query.provinces)


# Characters of an article's beginning, where it says which district it is about.
_LEAD = 400


_KIND_OF_DISTRICT = re.compile(r"^(?:huyen|quan|thanh pho|thi xa|t ?p|t ?x|h|q)\b\.? *")


def _bare_name(district: str) -> str:
    """`huyện Ba Bể` may be `Ba Bể` elsewhere; `quận 1` stays whole."""
    plain = _plain(district)
    bare = _KIND_OF_DISTRICT.sub("", plain)
    return plain if bare.isdecimal() else bare


def _plain(text: str) -> str:
    return " ".join(fold(canonical(text)).split())


def _provinces(text: str) -> set[str]:
    return {name for mention in load().find_places(text) for name in mention.names}
