"""What a passage is in Milvus: its fields, its row, and filters as an expression."""

from __future__ import annotations

import datetime
import json
from collections.abc import Iterable
from typing import Any

from pymilvus import CollectionSchema, DataType, MilvusClient

from retrieval.gazetteer import load
from retrieval.schema import Filters
from retrieval.searcher import PassageRow

ID = "id"
VECTOR = "vector"
_PROVINCE = "province"
_SOURCE = "source"
_DAY = "day"
_YEAR = "year"

# Milvus before 2.5 has no nulls. No article is of the year 0.
_UNKNOWN = ""
_UNDATED = 0

# Bytes. An id is a path below the folder of articles.
_LONGEST_ID = 4_096
_LONGEST_NAME = 1_024

# A period of more years gains nothing by naming each.
_MOST_YEARS = 100


def passage_schema(dimensions: int) -> CollectionSchema:
    """All fields but those of the terms; rows are kept apart by the year of their article."""
    schema = MilvusClient.create_schema(auto_id=False, enable_dynamic_field=False)
    schema.add_field(ID, DataType.VARCHAR, is_primary=True, max_length=_LONGEST_ID)
    schema.add_field(VECTOR, DataType.FLOAT_VECTOR, dim=dimensions)
    schema.add_field(_PROVINCE, DataType.VARCHAR, max_length=_LONGEST_NAME)
    schema.add_field(_SOURCE, DataType.VARCHAR, max_length=_LONGEST_NAME)
    schema.add_field(_DAY, DataType.INT64)
    # A key, not named partitions: an upsert that changes the year finds the old row, and a year
    # that no article had before needs no partition to be made first.
    schema.add_field(_YEAR, DataType.INT64, is_partition_key=True)
    return schema


def passage_values(row: PassageRow) -> dict[str, Any]:
    """The values of these fields."""
    return {
        ID: row.id,
        VECTOR: row.vector.tolist(),
        _PROVINCE: row.province or _UNKNOWN,
        # Under its one name, as `Records` compares it.
        _SOURCE: load().source_name(row.source) if row.source else _UNKNOWN,
        _DAY: _day(row.date) if row.date else _UNDATED,
        _YEAR: row.date.year if row.date else _UNDATED,
    }


def expression(filters: Filters) -> str:
    """Filters as Milvus reads them; empty for none.

    Names stand in it as string literals whose quotes and backslashes are escaped, so a name can
    not end its literal. (Values apart from the expression came with Milvus 2.5, and Milvus Lite
    does not take them.)
    """
    conditions = []
    if filters.provinces:
        of_place = [f"{_PROVINCE} in {_literals(filters.provinces)}"]
        of_place += [
            f"({_PROVINCE} == {_literal(succession.name)} and {_DAY} >= {_day(succession.since)})"
            for succession in filters.successors
        ]
        conditions.append(f"({' or '.join(of_place)})")
    if filters.sources:
        names = dict.fromkeys(load().source_name(name) for name in filters.sources)
        conditions.append(f"{_SOURCE} in {_literals(names)}")
    first, last = filters.date_from, filters.date_to
    if first or last:
        conditions.append(f"{_DAY} >= {_day(first) if first else _UNDATED + 1}")
    if last:
        conditions.append(f"{_DAY} <= {_day(last)}")
    if first and last and last.year - first.year < _MOST_YEARS:
        # What Milvus leaves out whole partitions by; a comparison of days does not tell it.
        conditions.append(f"{_YEAR} in {list(range(first.year, last.year + 1))}")
    return " and ".join(conditions)


def _literals(texts: Iterable[str]) -> str:
    return f"[{', '.join(map(_literal, texts))}]"


def _literal(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


def _day(date: datetime.date) -> int:
    """20240723: in the order of days, and readable in Milvus's own tools."""
    return date.year * 10_000 + date.month * 100 + date.day
