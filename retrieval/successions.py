"""Articles of the time after a merger that still speak of the former province.

Since 1/7/2025 there is no Bắc Kạn; what happens there is in the news of Thái Nguyên, by the
former name or by its places (`huyện Ba Bể`, later only `Ba Bể`).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache

from retrieval.gazetteer import load
from retrieval.schema import Article, Passage, Succession
from retrieval.text import modern_tone


def speaks_of(succession: Succession, article: Article, passage: Passage) -> bool:
    """Whether the headline or the passage names the former province or a district of it."""
    around = modern_tone(f"{article.title}. {passage.text}")
    if not _names_of(succession.former).search(around):
        return False
    mentions = load().find_places(around)
    return any(succession.former in mention.names for mention in mentions) or bool(
        _districts_of(succession.former).search(around)
    )


def of_successor(
    successions: Sequence[Succession], article: Article, passage: Passage
) -> Succession | None:
    """The succession whose time and place an article is of, where it speaks of the former one."""
    return next(
        (
            succession
            for succession in successions
            if succession.covers(article.province, article.date)
            and speaks_of(succession, article, passage)
        ),
        None,
    )


@cache
def _names_of(former: str) -> re.Pattern[str]:
    province = load().province(former)
    aliases = province.aliases if province else ()
    return _any((former, *aliases, *load().districts_of(former)))


@cache
def _districts_of(former: str) -> re.Pattern[str]:
    """Names that no other province has, for districts lost their kind with the merger."""
    own = load().districts_of(former)
    others = {row.name for row in load().districts if row.province != former}
    others |= {province.name for province in load().provinces}
    return _any([name for name in own if name not in others and " " in name])


def _any(names: Sequence[str]) -> re.Pattern[str]:
    either = "|".join(re.escape(modern_tone(name)) for name in names)
    return re.compile(rf"(?<!\w)(?:{either or '(?!)'})(?!\w)")
