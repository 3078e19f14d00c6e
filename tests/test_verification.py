"""Whether sentences are held against their passages: `tests/claims`, and the rules one by one."""

from __future__ import annotations

import datetime
import json
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from bot.verification import verify
from bot.verification.claims import tokens
from bot.verification.window import Fault, Verdict
from retrieval.articles import read_article
from retrieval.chunking import split_article
from retrieval.schema import Article, Passage
from retrieval.settings import PROJECT

CLAIMS = Path(__file__).parent / "claims"


@cache
def passages_of(path: str) -> tuple[Article, dict[int, Passage]]:
    article = read_article(PROJECT / path, PROJECT)
    return article, {passage.start: passage for passage in split_article(article)}


def read(name: str) -> list[tuple[dict[str, Any], Verdict]]:
    found = []
    for line in (CLAIMS / name).read_text(encoding="utf-8").splitlines():
        claim = json.loads(line)
        article, passages = passages_of(claim["article"])
        cited = [(article, passages[start]) for start in claim["passages"]]
        found.append((claim, verify(claim["sentence"], cited)))
    return found


def accepted(claims: list[tuple[dict[str, Any], Verdict]]) -> list[str]:
    return [claim["sentence"] for claim, verdict in claims if verdict.is_supported]


def test_no_tampered_sentence_passes() -> None:
    """302 sentences with one thing wrong, on which the checks were developed: none is shown."""
    claims = read("tampered.jsonl")

    assert len(claims) == 302
    assert accepted(claims) == []


def test_true_sentences_pass() -> None:
    """Of 321 true ones .62 are shown; the aim is .85, and what is lost is shown as a quote."""
    claims = read("paraphrases.jsonl")

    assert len(accepted(claims)) >= 0.61 * len(claims)


def test_a_second_set_that_was_written_later() -> None:
    """Of 173 tampered sentences 5 pass: exchanged subjects and plans told as done."""
    tampered, true = read("tampered_second.jsonl"), read("paraphrases_second.jsonl")

    assert len(accepted(tampered)) <= 5
    assert len(accepted(true)) >= 0.57 * len(true)


TEXT = (
    "Năm 2020, chỉ số hài lòng đạt 91,3%. Sở Tư pháp kiến nghị UBND tỉnh sửa quy chế. "
    "Tỉnh dự kiến mở 12 lớp, chưa bố trí kinh phí. Ông Trần Văn An, Giám đốc Sở Y tế, phát biểu."
)


def judged(sentence: str, text: str = TEXT) -> Fault | None:
    day = datetime.date(2024, 7, 23)
    article = Article("a.txt", "Hội nghị", text, "BBK", "Bắc Kạn", day, "a.txt")
    return verify(sentence, [(article, Passage("a.txt", 0, len(text), text))]).fault


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("Chỉ số hài lòng năm 2020 đạt 91,3 phần trăm.", None),
        ("Chỉ số hài lòng năm 2020 của Bắc Kạn đạt 91,3%.", None),
        ("Chỉ số hài lòng năm 2020 đạt 93,1%.", Fault.NUMBER),
        ("Chỉ số hài lòng năm 2021 đạt 91,3%.", Fault.NUMBER),
        ("Ngày 24/7/2024 chỉ số hài lòng đạt 91,3%.", Fault.DAY),
        ("Sở Tư pháp kiến nghị UBND tỉnh sửa quy chế.", None),
        ("Sở Y tế kiến nghị UBND tỉnh sửa quy chế.", Fault.ROLE),
        ("Tỉnh đã mở 12 lớp.", Fault.STRENGTH),
        ("Tỉnh dự kiến mở 12 lớp.", None),
        ("Tỉnh bố trí kinh phí.", Fault.NEGATION),
        ("Ông Trần Văn Bình phát biểu.", Fault.NAME),
        ("Ông Trần Văn An, Giám đốc Sở Tư pháp, phát biểu.", Fault.ROLE),
        ("Tất cả các lớp dự kiến mở.", Fault.WORD),
        ("Tỉnh dự kiến mở 12 lớp vì thiếu giáo viên.", Fault.WORD),
        ("...", Fault.EMPTY),
    ],
)
def test_one_thing_wrong_is_enough(sentence: str, expected: Fault | None) -> None:
    """Figures, days, names, bodies, denials and plans are each held against the passage."""

    assert judged(sentence) is expected


def test_a_figure_that_another_one_stands_between() -> None:
    """Of 104 people 27 are women: that 104 are is not said."""
    text = "Tỉnh có 104 người có uy tín, trong đó 27 là nữ."

    assert judged("Tỉnh có 104 người có uy tín là nữ.", text) is Fault.NUMBER
    assert judged("Tỉnh có 104 người có uy tín.", text) is None


def test_numbers_and_days_in_one_form() -> None:
    """Number words, separators and the ways to write a day are compared alike."""
    found = [token.text for token in tokens("Ngày 3 tháng 11 năm 2017, sáu mươi tư hộ, 5.000 kg")]

    assert found == ["@3/11/2017", "64", "hộ", "5000", "kg"]


def test_the_quote_is_of_the_article_to_the_letter() -> None:
    """What supports a sentence is cited by its place in the article."""
    day = datetime.date(2024, 7, 23)
    article = Article("a.txt", "Hội nghị", TEXT, "BBK", "Bắc Kạn", day, "a.txt")
    passage = Passage("a.txt", 0, len(TEXT), TEXT)
    (quote,) = verify("Năm 2020 chỉ số hài lòng đạt 91,3%.", [(article, passage)]).quotes

    assert article.text[quote.start : quote.end] == "Năm 2020, chỉ số hài lòng đạt 91,3%."
