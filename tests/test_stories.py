from __future__ import annotations

import datetime
from itertools import chain
from pathlib import Path

import numpy as np
import pytest

from retrieval import stories
from retrieval.building import build
from retrieval.index import Index
from retrieval.index_files import entries_of
from retrieval.record_file import write_records, write_retellings
from retrieval.records import Records
from retrieval.schema import Article, Filters
from retrieval.search import Retriever
from retrieval.stories import first_tellings
from tests.fakes import LetterEncoder

SYLLABLES = (
    "dân vận khéo tỉnh ủy huyện xã mô hình nông thôn mới cán bộ nhân đời sống kinh tế văn hóa "
    "giải phóng mặt bằng tuyên truyền đoàn thể hội phụ nữ thanh niên quân đội công an giáo dục"
).split()


def story(seed: int, sentences: int = 8) -> list[str]:
    """Sentences that no other seed has."""
    drawn = np.random.default_rng(seed)
    return [
        " ".join(drawn.choice(SYLLABLES, 14).tolist()).capitalize() + "." for _ in range(sentences)
    ]


def article(number: int, told: list[str], day: int | None = 1) -> Article:
    date = datetime.date(2024, 3, day) if day else None
    text = "\n".join(told)
    return Article(f"{number:03}.txt", f"Bài {number}", text, None, "Bắc Kạn", date, "")


def linked(folder: Path, articles: list[Article]) -> dict[int, int]:
    write_records(folder / "records.sqlite", chain.from_iterable(map(entries_of, articles)))
    return first_tellings(Records.open(folder / "records.sqlite"))


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        ([story(1), story(2), story(1)], {2: 0}),
        ([story(1), story(1), story(1)], {1: 0, 2: 0}),
        # Cut, and with a paragraph of the paper's own.
        ([story(1), story(1)[2:]], {1: 0}),
        ([story(1), [*story(3, 2), *story(1)]], {1: 0}),
        # A long article that quotes a short one whole is none.
        ([story(1, 2), [*story(2), *story(1, 2)]], {}),
        # Half of it is another story.
        ([story(1), [*story(1)[:4], *story(2)[:4]]], {}),
        ([["Ngắn."], ["Ngắn."]], {}),
    ],
)
def test_what_tells_a_story_again(
    tmp_path: Path, told: list[list[str]], expected: dict[int, int]
) -> None:
    """Most of the shorter article is in the other."""
    assert linked(tmp_path, [article(n, text) for n, text in enumerate(told)]) == expected


def test_the_earliest_tells_it_first(tmp_path: Path) -> None:
    """By day, whatever the names of the files; one without a day comes last."""
    days = [None, 9, 3, 5]
    articles = [article(n, story(1), day) for n, day in enumerate(days)]

    assert linked(tmp_path, articles) == {0: 2, 1: 2, 3: 2}


def test_a_story_that_everybody_prints_is_one(tmp_path: Path) -> None:
    """Also where more print it than an article is compared with."""
    count = 3 * stories._NEIGHBOURS
    articles = [article(n, story(1), 1 + n) for n in range(count)]

    assert linked(tmp_path, articles) == dict.fromkeys(range(1, count), 0)


def test_an_imprint_is_no_story(tmp_path: Path) -> None:
    """What every article of a paper ends with makes them neither one story nor slow."""
    articles = [article(n, [*story(n), *story(999, 2)], 1 + n % 28) for n in range(200)]
    articles.append(article(200, [*story(7), *story(999, 2)], 28))

    assert linked(tmp_path, articles) == {200: 7}


def test_every_telling_is_told(tmp_path: Path) -> None:
    """Asked of any of them, the others."""
    path = tmp_path / "records.sqlite"
    articles = [article(n, story(1 if n != 2 else 2)) for n in range(5)]
    write_records(path, chain.from_iterable(map(entries_of, articles)))
    write_retellings(path, {1: 0, 3: 0, 4: 0})
    records = Records.open(path)

    assert records.tellings(range(5)) == {
        0: [1, 3, 4],
        1: [0, 3, 4],
        2: [],
        3: [0, 1, 4],
        4: [0, 1, 3],
    }
    assert records.tellings([]) == {}


def test_a_hit_names_who_else_printed_its_story(tmp_path: Path) -> None:
    """Linked at ingest, so also where the other article was cut before the passage that was found;
    one that the filters remove is not named."""
    seeds = tmp_path / "seeds"
    seeds.mkdir()
    whole = story(1, 30)
    told = (("a", whole, 1), ("b", whole[:24], 5), ("c", story(2), 5), ("d", whole[:24], 9))
    for name, lines, day in told:
        text = "\n\n".join(lines)
        (seeds / f"{name}.txt").write_text(f"Bài {name}\nNgày {day}/3/2024\n\n{text}", "utf-8")
    build(seeds, tmp_path / "v", LetterEncoder())
    retriever = Retriever(Index.open(tmp_path / "v", "letters"), LetterEncoder())

    def also(filters: Filters) -> list[str]:
        found = retriever.search(whole[-1], filters=filters)
        hit = next(hit for hit in found.hits if whole[-1] in hit.passage.text)
        return [other.id for other in hit.also]

    assert also(Filters()) == ["b.txt", "d.txt"]
    assert also(Filters(date_to=datetime.date(2024, 3, 5))) == ["b.txt"]
