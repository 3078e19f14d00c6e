from __future__ import annotations

import dataclasses
import datetime
from pathlib import Path

import numpy as np
import pytest

from bot.answering import Asked, answer
from bot.candidates import Candidate
from bot.citations import cite
from retrieval.building import build
from retrieval.duplicates import near_duplicates, read_sketch, sketch
from retrieval.encoders import BundledEncoder
from retrieval.index import Index
from retrieval.schema import Article, Passage
from retrieval.search import Retriever

STORY = (
    "Sáng 5/3, Ban Dân vận Tỉnh ủy tổ chức hội nghị sơ kết phong trào thi đua dân vận khéo. "
    "Toàn tỉnh đăng ký xây dựng 53 mô hình cấp tỉnh, 270 mô hình cấp huyện và cấp xã. "
    "Các mô hình tập trung vào giải phóng mặt bằng, xây dựng nông thôn mới và an sinh xã hội."
)
OTHER = (
    "Chiều 6/3, Hội Nông dân tỉnh phát động trồng cây tại ba huyện miền núi. Trong ngày đầu tiên "
    "đoàn viên đã trồng hơn hai nghìn cây lấy gỗ trên đất trống của các thôn bản vùng cao."
)


def article(name: str, text: str) -> Article:
    day = datetime.date(2024, 3, 5)
    return Article(name, "Hội nghị", text, None, "Bắc Kạn", day, name)


def repeating(found: list[tuple[Article, Passage]]) -> list[int]:
    return near_duplicates(found, [read_sketch(sketch(passage.text)) for _, passage in found])


def passages(*texts: str) -> list[tuple[Article, Passage]]:
    articles = [article(f"{number}.txt", text) for number, text in enumerate(texts)]
    return [(one, Passage(one.id, 0, len(one.text), one.text)) for one in articles]


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        ((STORY, OTHER, STORY), [0, 1, 0]),
        ((STORY, STORY.replace("Sáng 5/3, ", "Theo tin từ Tỉnh ủy, "), OTHER), [0, 0, 2]),
        # The same event told in other words stays.
        ((STORY, "Phong trào dân vận khéo được sơ kết sáng nay với 53 mô hình cấp tỉnh."), [0, 1]),
        # A short quotation within another story does not make it the same story.
        ((STORY, f"{OTHER} Toàn tỉnh đăng ký xây dựng 53 mô hình cấp tỉnh."), [0, 1]),
        ((STORY, STORY, STORY), [0, 0, 0]),
        (("Ngắn.", "Ngắn."), [0, 1]),
    ],
)
def test_what_repeats_what(texts: tuple[str, ...], expected: list[int]) -> None:
    """Taken over nearly whole, and from the first of its kind."""
    assert repeating(passages(*texts)) == expected


def test_a_part_of_a_longer_passage_repeats_it() -> None:
    """A cut lead moves the passage boundaries; what is left is in the other article."""
    first, second = f"{OTHER} {STORY}", STORY

    assert repeating(passages(first, second)) == [0, 0]


def test_passages_of_one_article_never_repeat_each_other() -> None:
    """A refrain is the article's own."""
    one = article("a.txt", f"{STORY}\n{STORY}")
    half = len(STORY)
    found = [
        (one, Passage("a.txt", 0, half, STORY)),
        (one, Passage("a.txt", half + 1, len(one.text), STORY)),
    ]

    assert repeating(found) == [0, 1]


def test_passages_whose_sketches_share_nothing_are_not_compared() -> None:
    """Only those that share a run are worth it."""
    apart = [read_sketch(sketch(STORY)), read_sketch(sketch(OTHER))]

    assert near_duplicates(passages(STORY, STORY), apart) == [0, 1]


def test_a_sketch_is_a_sample_of_the_runs_that_two_texts_choose_alike() -> None:
    """A text within another of five times its length still shares some of the sketch."""
    syllables = [f"{a}{b}" for a in "bcdghklmnprstvx" for b in ("an", "en", "in", "on", "un")]
    longer = " ".join(syllables * 3)
    part = " ".join((syllables * 3)[60:120])
    whole, kept = read_sketch(sketch(longer)), read_sketch(sketch(part))

    assert len(sketch(longer)) == 64 * 4
    assert len(np.intersect1d(kept, whole)) > 1
    assert len(read_sketch(sketch("Không đủ năm"))) == 0


@pytest.fixture(scope="module")
def two_papers(encoder: BundledEncoder, tmp_path_factory: pytest.TempPathFactory) -> Retriever:
    """One wire story in two papers under two headlines, and another story."""
    folder = tmp_path_factory.mktemp("papers")
    body = f"{STORY}\n\n{STORY.replace('53', '54').replace('Sáng 5/3', 'Trước đó')}"
    stories = {
        "a.txt": ("Bắc Kạn: Sơ kết dân vận khéo\n\n(BBK) - Bắc Kạn, ngày 5/3/2024. ", body),
        "b.txt": ("Tỉnh miền núi đăng ký 53 mô hình\n\nQuảng Ninh, ngày 6/3/2024. ", body),
        "c.txt": ("Hậu Giang: Trồng cây\n\nHậu Giang, ngày 6/3/2024. ", OTHER),
    }
    for name, (head, text) in stories.items():
        Path(folder, name).write_text(f"{head}{text}\n", encoding="utf-8")
    build(folder, folder / "vectors", encoder)
    return Retriever(Index.open(folder / "vectors", encoder.fingerprint), encoder)


def test_one_story_takes_one_place_and_names_both_papers(two_papers: Retriever) -> None:
    """Hits and answer name the other article, and it is nowhere else in the list."""
    question = "Toàn tỉnh đăng ký xây dựng bao nhiêu mô hình cấp tỉnh?"
    first, *others = two_papers.search(question).hits
    shown = answer(two_papers, Asked(question))

    assert len(first.also) == 1
    assert {first.article.id, first.also[0].id} == {"a.txt", "b.txt"}
    assert first.also[0].id not in {hit.article.id for hit in others}
    assert shown.citations[0].also == (first.also[0].label,)
    assert f"[{first.article.label}] [{first.also[0].label}]" in shown.text


def test_a_paper_is_not_named_for_what_it_does_not_say(two_papers: Retriever) -> None:
    """The label of a near-duplicate stands only at sentences that it holds to the letter."""
    (hit, *_) = two_papers.search("bao nhiêu mô hình cấp tỉnh").hits
    altered = dataclasses.replace(hit.also[0], text=hit.also[0].text.replace("53", "63"))
    end = hit.article.text.index("cấp xã.") + len("cấp xã.")
    start = hit.article.text.index("Toàn tỉnh")
    chosen = Candidate(hit.article, start, end, 1.0, 1.0, (altered,))
    _, (citation,) = cite([chosen])

    assert citation.also == ()
