"""The collections behind a name, of which one after the other takes its place.

`NAME` is an alias. It stands for `NAME_<stamp>`, the passages; beside it are `NAME_<stamp>_terms`,
how many passages hold each term, and maybe `NAME_<stamp>_sentences`.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Collection

from pymilvus import MilvusClient

_STAMP = "%Y%m%d%H%M%S%f"
_DIGITS = r"\d{20}"
_TERMS = "_terms"
_SENTENCES = "_sentences"


def new_name(alias: str) -> str:
    """A name of passages that none had before."""
    return f"{alias}_{datetime.datetime.now(datetime.UTC).strftime(_STAMP)}"


def is_of(alias: str, name: str) -> bool:
    """Whether `new_name` made it."""
    return re.fullmatch(rf"{re.escape(alias)}_{_DIGITS}", name) is not None


def terms_beside(name: str) -> str:
    return f"{name}{_TERMS}"


def sentences_beside(name: str) -> str:
    return f"{name}{_SENTENCES}"


def aliased(client: MilvusClient, alias: str) -> str | None:
    """The collection that the name stands for now."""
    # pymilvus logs a traceback where one is described that is not there.
    if alias not in client.list_aliases()["aliases"]:
        return None
    return str(client.describe_alias(alias)["collection_name"])


def move_alias(client: MilvusClient, alias: str, name: str) -> None:
    """At once for every reader."""
    before = aliased(client, alias)
    if before is None:
        client.create_alias(name, alias)
    elif before != name:
        client.alter_alias(name, alias)


def drop(client: MilvusClient, name: str) -> None:
    """With what is beside it; what is not there is nothing to drop."""
    for dropped in (name, terms_beside(name), sentences_beside(name)):
        client.drop_collection(dropped)


def drop_others(client: MilvusClient, alias: str, kept: Collection[str | None]) -> None:
    """All of the name but those; what a killed process left half made is among them."""
    made = re.compile(rf"({re.escape(alias)}_{_DIGITS})(?:{_TERMS}|{_SENTENCES})?")
    matches = map(made.fullmatch, client.list_collections())
    for name in sorted({match[1] for match in matches if match} - {*kept}):
        drop(client, name)
