"""What is counted of an archive, and of what any archive lacks, to restore marks by."""

from __future__ import annotations

import re
import sqlite3
from collections import Counter
from collections.abc import Iterator
from importlib import resources
from pathlib import Path

from retrieval.gazetteer import load
from retrieval.place_context import read_rows
from retrieval.text import Syllable, fold, normalise, paragraphs, syllables

# Numbers tell the syllable beside them: `nam 2020` is a year, `Viet Nam 3` is not.
YEAR, NUMBER = NUMBERS = ("0000", "0")
_YEAR_DIGITS = 4

# Pairs that are counted in memory: some 60 MB.
_PAIRS_HELD = 300_000

_OPENS = re.compile(r"[.!?:…–•+*-]")


def unit_of(word: Syllable) -> str:
    """What is counted of a syllable or number: every year is one thing, every other number too."""
    if word.text.isalpha():
        return word.text
    return YEAR if word.text.isdigit() and len(word.text) == _YEAR_DIGITS else NUMBER


class PairCounts:
    """How often each syllable stands right before another: in a file what is not held in memory.

    An archive has few syllables, but ever more pairs of them.
    """

    def __init__(self, path: Path) -> None:
        """
        Args:
            path: of a file that is made, and that `close` removes.
        """
        self._path = path
        self._new: Counter[tuple[str, str]] = Counter()
        # What is half written is thrown away with the snapshot that it was for.
        self._connection = sqlite3.connect(path, isolation_level=None)
        self._connection.execute("pragma journal_mode = off")
        self._connection.execute("pragma synchronous = off")
        self._connection.execute(
            "create table pair (first text, second text, count integer, "
            "primary key (first, second)) without rowid"
        )

    def add(self, first: str, second: str, weight: int) -> None:
        self._new[first, second] += weight
        if len(self._new) >= _PAIRS_HELD:
            self._write()

    def __len__(self) -> int:
        """How many different pairs there are."""
        self._write()
        ((count,),) = self._connection.execute("select count(*) from pair")
        return int(count)

    def more_than(self, rare: int) -> Iterator[tuple[str, str, int]]:
        """The pairs that occur more often, with how often, in their order."""
        self._write()
        yield from self._connection.execute(
            "select first, second, count from pair where count > ? order by first, second", (rare,)
        )

    def close(self) -> None:
        self._connection.close()
        self._path.unlink()

    def _write(self) -> None:
        self._connection.execute("begin")
        self._connection.executemany(
            "insert into pair values (?, ?, ?) "
            "on conflict (first, second) do update set count = count + excluded.count",
            sorted((*pair, count) for pair, count in self._new.items()),
        )
        self._connection.execute("commit")
        self._new.clear()


class Counts:
    """How often syllables, neighbours and spellings (`Kạn`, `kạn`) occur."""

    def __init__(self, pairs: PairCounts) -> None:
        self.single: Counter[str] = Counter()
        self.pairs = pairs
        self._spellings: Counter[tuple[str, str]] = Counter()

    def add_text(self, text: str) -> None:
        for line in paragraphs(text):
            self._add(text[line.start : line.end], 1, is_text=True)

    def add_phrase(self, phrase: str, weight: int) -> None:
        self._add(phrase, weight, is_text=False)

    def _add(self, line: str, weight: int, *, is_text: bool) -> None:
        previous: str | None = None
        end = 0
        for word in syllables(line):
            unit = unit_of(word)
            self.single[unit] += weight
            if previous is not None:
                self.pairs.add(previous, unit, weight)
            # What opens a sentence has a capital whatever it is.
            opens = is_text and (previous is None or _OPENS.search(line, end, word.start))
            if not opens:
                self._spellings[unit, line[word.start : word.end]] += weight
            previous, end = unit, word.end

    def usual_spellings(self) -> dict[str, str]:
        """Syllable -> as it is written most often; of equals, with a small letter."""
        usual: dict[str, tuple[int, str]] = {}
        for (unit, spelling), count in self._spellings.items():
            if len(spelling) == len(unit) and unit not in NUMBERS:
                usual[unit] = max(usual.get(unit, (0, "")), (count, spelling))
        return {unit: spelling for unit, (_, spelling) in usual.items()}


def question_phrases() -> list[str]:
    """What questions are made of, and the names of provinces and districts."""
    provinces = load().provinces
    names = [province.name for province in provinces]
    names += [alias for province in provinces for alias in province.aliases if _teaches(alias)]
    names += [district.name for district in load().districts]
    return [*_lines("typed_phrases.txt"), *map(normalise, names)]


def _teaches(alias: str) -> bool:
    """Whether it has marks to learn; "Thành phố Hồ Chí Minh" would teach a capital as well."""
    return alias != fold(alias) and alias.split()[0] not in ("Thành", "TP", "T.P")


def common_phrases() -> list[str]:
    """What any text has, and the long forms of abbreviations: for archives of few articles."""
    long_forms = [normalise(row["long"]) for row in read_rows("abbreviations.csv")]
    return [*_lines("common_phrases.txt"), *long_forms]


def _lines(name: str) -> list[str]:
    source = resources.files(__package__).joinpath("data", name)
    return [normalise(line) for line in source.read_text(encoding="utf-8").splitlines()]
