"""Where and when articles were published, in columns: what filters ask of every one of them."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from retrieval.gazetteer import load
from retrieval.rows import Rows
from retrieval.schema import Filters

# Of what an article does not say.
_UNKNOWN = -1
_UNDATED = 0


class Origin(NamedTuple):
    """Where and when an article was published."""

    province: str | None
    date: datetime.date | None


class Stated(NamedTuple):
    """What an article states: its province, its source in any of its names, its day."""

    province: str | None
    source: str | None
    date: datetime.date | None


@dataclass(frozen=True, slots=True)
class Origins:
    """Of every article, in the order of their numbers: 12 bytes each.

    Attributes:
        province_codes, source_codes: numbers in `provinces` and `sources`; -1 for unknown.
        days: as `date.toordinal` has them; 0 for undated.
        provinces: name -> code.
        sources: one name of each newspaper, agency and site, however it was stated -> code.
    """

    province_codes: npt.NDArray[np.int32]
    source_codes: npt.NDArray[np.int32]
    days: npt.NDArray[np.int32]
    provinces: Mapping[str, int]
    sources: Mapping[str, int]

    @classmethod
    def of(cls, stated: Iterable[Stated]) -> Origins:
        provinces: dict[str, int] = {}
        sources: dict[str, int] = {}
        province_codes: dict[str | None, int] = {None: _UNKNOWN}
        source_codes: dict[str | None, int] = {None: _UNKNOWN}
        columns: list[tuple[int, int, int]] = []
        for province, source, date in stated:
            if province not in province_codes:
                province_codes[province] = provinces.setdefault(province or "", len(provinces))
            if source not in source_codes:
                name = load().source_name(source or "")
                source_codes[source] = sources.setdefault(name, len(sources))
            columns.append(
                (
                    province_codes[province],
                    source_codes[source],
                    date.toordinal() if date else _UNDATED,
                )
            )
        table = np.array(columns, np.int32).reshape(-1, 3)
        return cls(
            province_codes=table[:, 0].copy(),
            source_codes=table[:, 1].copy(),
            days=table[:, 2].copy(),
            provinces=provinces,
            sources=sources,
        )

    def passing(self, filters: Filters) -> Rows:
        """Numbers of the articles that pass, ascending; all of them for empty filters."""
        passes = np.ones(len(self.days), bool)
        if filters.provinces:
            passes &= self._is_of(self.province_codes, self.provinces, filters.provinces)
            for succession in filters.successors:
                later = self._is_of(self.province_codes, self.provinces, (succession.name,))
                passes |= later & (self.days >= succession.since.toordinal())
        if filters.sources:
            names = [load().source_name(name) for name in filters.sources]
            passes &= self._is_of(self.source_codes, self.sources, names)
        if filters.date_from:
            passes &= self.days >= filters.date_from.toordinal()
        if filters.date_to:
            passes &= (self.days != _UNDATED) & (self.days <= filters.date_to.toordinal())
        return np.flatnonzero(passes)

    def by_number(self, numbers: Rows) -> dict[int, Origin]:
        """Of these articles."""
        names: list[str | None] = [*self.provinces, None]
        return {
            number: Origin(names[code], datetime.date.fromordinal(day) if day != _UNDATED else None)
            for number, code, day in zip(
                numbers.tolist(),
                self.province_codes[numbers].tolist(),
                self.days[numbers].tolist(),
                strict=True,
            )
        }

    @staticmethod
    def _is_of(
        codes: npt.NDArray[np.int32], known: Mapping[str, int], names: Sequence[str]
    ) -> npt.NDArray[np.bool_]:
        return np.isin(codes, [known[name] for name in names if name in known])
