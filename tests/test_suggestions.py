"""Questions for who does not know what to ask: the archive answers each of them."""

from __future__ import annotations

from pathlib import Path

from bot.answering import Asked, answer
from bot.schema import Outcome
from bot.suggestions import suggested_questions
from retrieval.encoders import BundledEncoder
from retrieval.index import Index, build
from retrieval.search import Retriever

ARTICLES = {
    # Answers what was achieved, and nothing of what there is still to do.
    "a.txt": "Thứ Ba, 5/3/2024\nLào Cai: Sơ kết công tác dân vận\n\nTỉnh Lào Cai đạt nhiều kết quả "
    "nổi bật trong công tác dân vận: xây dựng được 53 mô hình dân vận khéo.",
    # The same place once more: it is asked about once.
    "b.txt": "Thứ Tư, 6/3/2024\nLào Cai: Hội nghị dân vận\n\nTỉnh Lào Cai đề ra những nhiệm vụ "
    "trọng tâm: nâng cao chất lượng công tác dân vận ở cơ sở.",
    # Says nothing that an office would ask about.
    "c.txt": "Thứ Năm, 7/3/2024\nTrời mưa ở Yên Bái\n\nSáng nay ở Yên Bái trời mưa nhỏ.",
}


def built(folder: Path, encoder: BundledEncoder, articles: dict[str, str]) -> Retriever:
    seeds = folder / "seeds"
    seeds.mkdir()
    for name, text in articles.items():
        (seeds / name).write_text(text, encoding="utf-8")
    build(seeds, folder / "vectors", encoder)
    return Retriever(Index.open(folder / "vectors", encoder.fingerprint), encoder)


def test_questions_of_the_seeds(retriever: Retriever) -> None:
    """Of the places with the newest articles, each in another form, and each is answered."""
    suggested = suggested_questions(retriever)

    assert suggested == (
        "Bắc Kạn còn những hạn chế gì?",
        "Hậu Giang đạt những kết quả gì?",
        "Quảng Bình đề ra những nhiệm vụ gì?",
    )
    for question in suggested:
        assert answer(retriever, Asked(question)).outcome is Outcome.ANSWERED


def test_another_archive_gives_others(encoder: BundledEncoder, tmp_path: Path) -> None:
    """A place of which nothing is answered is left out, one of two articles comes once."""
    archive = built(tmp_path, encoder, ARTICLES)
    (question,) = suggested_questions(archive)

    assert question.startswith("Lào Cai ")
    assert answer(archive, Asked(question)).outcome is Outcome.ANSWERED


def test_an_archive_that_answers_nothing_suggests_nothing(
    encoder: BundledEncoder, tmp_path: Path
) -> None:
    """Nor is there a question of an article whose place is not known."""
    unplaced = "Hội nghị không rõ nơi\n\nHội nghị đạt nhiều kết quả trong công tác dân vận."
    archive = built(tmp_path, encoder, {"c.txt": ARTICLES["c.txt"], "d.txt": unplaced})

    assert suggested_questions(archive) == ()
