"""What an article's place and day add to a passage's score, where the question speaks of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from retrieval.origins import Origin
from retrieval.records import Records
from retrieval.schema import Query, Succession
from retrieval.successions import of_successor

# For an article of a province that the question names: enough to lift it over one of another
# province that says the same a little better, not over one that says something else.
_PLACE_BONUS = 0.2
# For one of the province that a former one belongs to now, where it does not speak of that: it
# may be of any other part.
_SUCCESSOR_BONUS = 0.05
# A year is more often about the matter than about the article's day ("chỉ số năm 2020" is in
# an article of 2024), so the day counts for less.
_PERIOD_BONUS = 0.1
# For the newest candidate, where the newest is asked for; less by rank for older ones.
_LATEST_BONUS = 0.2


def article_bonuses(
    records: Records,
    query: Query,
    rows: Sequence[int],
    *,
    with_places: bool = True,
    with_periods: bool = True,
) -> dict[str, dict[int, float]]:
    """By reason (`place`, `period`, `latest`): row -> what comes on top of its fused score."""
    bounded = [period for period in query.periods if period.is_bounded] if with_periods else []
    wants_latest = with_periods and any(period.is_latest for period in query.periods)
    districts = {names[0] for _, names in query.districts if len(names) == 1}
    places = {*query.reached, *districts} if with_places else set()
    if not (places or bounded or wants_latest):
        return {}
    origins = records.origins_of_passages(rows)
    successors = _of_successors(records, query.successors if with_places else (), origins)
    bonuses = {
        "place": {row: _PLACE_BONUS for row in rows if origins[row].province in places}
        | successors,
        "period": {
            row: _PERIOD_BONUS
            for row in rows
            if (day := origins[row].date) and any(p.first <= day <= p.last for p in bounded)
        },
        "latest": _by_recency(origins) if wants_latest else {},
    }
    return {reason: bonus for reason, bonus in bonuses.items() if bonus}


def _of_successors(
    records: Records, successions: Sequence[Succession], origins: Mapping[int, Origin]
) -> dict[int, float]:
    """For articles of what the question's former provinces became part of."""
    rows = [
        row
        for row, origin in origins.items()
        if any(succession.covers(*origin) for succession in successions)
    ]
    found = records.passages(rows) if rows else []
    return {
        row: _PLACE_BONUS if of_successor(successions, article, passage) else _SUCCESSOR_BONUS
        for row, (article, passage) in zip(rows, found, strict=True)
    }


def _by_recency(origins: Mapping[int, Origin]) -> dict[int, float]:
    """The newest day gets the whole bonus, the oldest none; those without a day none."""
    days = sorted({origin.date for origin in origins.values() if origin.date})
    worth = {day: _LATEST_BONUS * (number + 1) / len(days) for number, day in enumerate(days)}
    return {row: worth[origin.date] for row, origin in origins.items() if origin.date}
