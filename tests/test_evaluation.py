"""Measuring: figures that were worked out by hand, ways of typing, and sets that are none."""

from __future__ import annotations

import gzip
import json
import unicodedata
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from benchmarks.judge_answers import archive, read_questions
from retrieval.__main__ import main
from retrieval.encoders import Encoder, Progress, Vectors
from retrieval.evaluation import (
    Asked,
    ask_all,
    difference,
    figures,
    measure,
    open_archive,
)
from retrieval.evaluation_sets import (
    VARIANTS,
    Question,
    SetError,
    read_distractors,
    read_set,
    sample,
)
from retrieval.remembering import RememberingEncoder
from retrieval.search import Retriever
from retrieval.text import fold, normalise, syllables


def found(article: str, *others: str) -> Asked:
    """A question about `article`, and the articles that were found."""
    return Asked(Question("?", article, ()), others)


def test_measures_worked_out_by_hand() -> None:
    """First, third and not at all: 1, 1/3 and 0; a discount of log2(place + 1)."""
    asked = [found("a", "a", "b"), found("a", "b", "c", "a"), found("a", "b")]

    assert measure(asked) == {
        "P@1": [1.0, 0.0, 0.0],
        "R@10": [1.0, 1.0, 0.0],
        "RR@10": pytest.approx([1.0, 1 / 3, 0.0]),
        "nDCG@10": pytest.approx([1.0, 0.5, 0.0]),
    }


def test_what_comes_eleventh_is_not_found() -> None:
    """Measures end at ten, whatever is handed over."""
    asked = [found("a", *"bcdefghijk", "a")]

    assert {name: values[0] for name, values in measure(asked).items()} == dict.fromkeys(
        ("P@1", "R@10", "RR@10", "nDCG@10"), 0.0
    )


def test_intervals_are_of_articles_and_repeatable() -> None:
    """A hundred questions of one article say no more than one; the same seed, the same bounds."""
    asked = [found(name, *([name] if name < "c" else ["x"])) for name in "abcd"]
    figure = figures(asked)["P@1"]

    assert (figure.mean, figure.low, figure.high) == (0.5, 0.0, 1.0)
    assert figures(asked) == figures(asked)
    alone = figures([found("a", "a"), found("a", "x")] * 50)["P@1"]
    assert (alone.low, alone.high) == (0.5, 0.5)


def test_a_difference_is_taken_question_by_question() -> None:
    """What is the same in both cancels, however much questions differ."""
    plain = [found(name, name) for name in "abcdef"]
    worse = [found("a", "x"), *plain[1:]]

    assert difference(plain, plain)["RR@10"].high == 0.0
    assert difference(worse, plain)["RR@10"].mean == pytest.approx(-1 / 6)


@pytest.mark.parametrize(
    ("variant", "expected"),
    [
        ("plain", "UBND Khánh Hòa giải phóng mặt bằng thế nào?"),
        ("no-diacritics", "UBND Khanh Hoa giai phong mat bang the nao?"),
        ("old-tone", "UBND Khánh Hoà giải phóng mặt bằng thế nào?"),
        ("abbreviated", "UBND Khánh Hòa GPMB thế nào?"),
    ],
)
def test_ways_of_typing(variant: str, expected: str) -> None:
    assert VARIANTS[variant]("UBND Khánh Hòa giải phóng mặt bằng thế nào?") == expected


def test_decomposed_and_partly_marked() -> None:
    """The one has no composed letter, the other some of its marks, the same ones every time."""
    text = "Tỉnh Khánh Hòa giải phóng mặt bằng thế nào trong những tháng đầu năm?"
    partly = VARIANTS["partly-marked"](text)
    kept = [w.text for w in syllables(partly) if w.text != fold(w.text)]

    assert VARIANTS["nfd"](text) == unicodedata.normalize("NFD", text) != text
    assert fold(partly) == fold(text)
    assert 0 < len(kept) < sum(w.text != fold(w.text) for w in syllables(text))
    assert VARIANTS["partly-marked"](text) == partly


def write_lines(path: Path, rows: list[dict[str, Any]]) -> None:
    path.write_text("\n".join(json.dumps(row, ensure_ascii=False) for row in rows), "utf-8")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A set of three short articles, two questions about each."""
    texts = {
        "ca": "Ngư dân Cà Mau đánh bắt được nhiều cá ngừ trong tháng này.",
        "lua": "Nông dân An Giang thu hoạch lúa đông xuân, năng suất bảy tấn một héc ta.",
        "truong": "Trường học vùng cao Hà Giang khánh thành dãy nhà bán trú cho học sinh.",
    }
    asked = {
        "ca": ["Ngư dân đánh bắt được gì?", "Cá ngừ ở đâu?"],
        "lua": ["Năng suất lúa bao nhiêu?", "Ai thu hoạch lúa đông xuân?"],
        "truong": ["Trường học nào khánh thành nhà bán trú?", "Học sinh vùng cao có gì mới?"],
    }
    folder = tmp_path / "small"
    folder.mkdir()
    write_lines(folder / "articles.jsonl", [{"id": k, "text": v} for k, v in texts.items()])
    write_lines(
        folder / "questions.jsonl",
        [{"question": q, "article_id": k, "answers": []} for k, v in asked.items() for q in v],
    )
    return folder


def test_a_set_in_squad_form(tmp_path: Path) -> None:
    """A paragraph is an article."""
    paragraph = {
        "context": "Đoạn văn.",
        "qas": [{"question": "Gì?", "answers": [{"text": "Đoạn", "answer_start": 0}]}],
    }
    path = tmp_path / "set.json"
    path.write_text(json.dumps({"data": [{"paragraphs": [paragraph]}]}), "utf-8")

    read = read_set(path)

    assert [article.text for article in read.articles] == ["Đoạn văn."]
    assert read.questions == [Question("Gì?", "000000", ("Đoạn",))]


def test_what_is_no_set_is_said(tmp_path: Path, folder: Path) -> None:
    """Nothing there, another form, a question without its article: what is accepted is named."""
    (tmp_path / "other.json").write_text('{"rows": []}', "utf-8")
    write_lines(folder / "questions.jsonl", [{"question": "?", "article_id": "none"}])

    for path in (tmp_path / "none", tmp_path / "other.json", tmp_path):
        with pytest.raises(SetError, match=r"SQuAD form .* or a folder with articles\.jsonl"):
            read_set(path)
    with pytest.raises(SetError, match="whose article it does not have"):
        read_set(folder)


def test_distractors_are_other_articles(tmp_path: Path, folder: Path) -> None:
    """Plain or gzip; what the set already has is left out; a broken file is said."""
    own = read_set(folder).articles
    rows = [
        {"id": 1, "text": own[0].text.upper()},
        *({"id": n, "text": f"Bài {n}."} for n in (2, 3, 4)),
    ]
    path = tmp_path / "other.jsonl.gz"
    path.write_bytes(gzip.compress("\n".join(map(json.dumps, rows)).encode()))

    assert [article.text for article in read_distractors(path, 2, own)] == ["Bài 2.", "Bài 3."]
    path.write_bytes(path.read_bytes()[:30])
    with pytest.raises(SetError, match="JSON lines"):
        read_distractors(path, 2, own)


def test_a_sample_has_whole_articles(folder: Path) -> None:
    """Questions of an article stay together, in the order of the set."""
    questions = read_set(folder).questions
    drawn = sample(questions, 3, seed=1)

    assert len(drawn) == 4
    assert [q for q in questions if q in drawn] == drawn
    assert sample(questions, 3, seed=1) == drawn


def test_the_real_path_is_measured(folder: Path, tmp_path: Path, encoder: Encoder) -> None:
    """Every mode finds these; a text is encoded once for all runs."""
    data = read_set(folder)
    counting = CountingEncoder(encoder)
    for _ in range(2):
        remembering = RememberingEncoder(counting, tmp_path / "vectors.sqlite")
        with open_archive(data.articles, remembering) as index:
            retriever = Retriever(index, remembering)
            for asked in ask_all(retriever, data.questions).values():
                assert figures(asked)["R@10"].mean == 1.0
            folded = ask_all(retriever, data.questions, VARIANTS["no-diacritics"])["hybrid"]
            assert figures(folded)["P@1"].mean == 1.0
    assert max(counting.asked.values()) == 1


class CountingEncoder:
    """The real encoder, with how often each text was encoded."""

    def __init__(self, encoder: Encoder) -> None:
        self._encoder = encoder
        self.fingerprint = encoder.fingerprint
        self.dimensions = encoder.dimensions
        self.cosine_spread = encoder.cosine_spread
        self.asked: dict[str, int] = {}

    def warm(self) -> None:
        self._encoder.warm()

    def encode_passages(self, texts: Sequence[str], progress: Progress | None = None) -> Vectors:
        for text in texts:
            self.asked[text] = self.asked.get(text, 0) + 1
        return self._encoder.encode_passages(texts, progress)

    def encode_question(self, text: str) -> Vectors:
        self.asked[text] = self.asked.get(text, 0) + 1
        return self._encoder.encode_question(text)


def test_the_command(
    folder: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A run a variant and mode; a second run of the same settings takes the first one's place."""
    monkeypatch.setenv("VECTORS_DIR", str(tmp_path / "vectors"))
    results = tmp_path / "results"
    options = ["--variant", "plain", "--variant", "nfd", "--without", "pairs"]
    for _ in range(2):
        status = main(
            ["evaluate", "--set", str(folder), "--json", "--results", str(results), *options]
        )
        assert status == 0
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    (path,) = results.iterdir()
    runs = json.loads(path.read_text("utf-8"))

    assert len(lines) == 12
    assert [(run["variant"], run["mode"]) for run in runs] == [
        (variant, mode) for variant in ("plain", "nfd") for mode in ("dense", "sparse", "hybrid")
    ]
    assert all(run["without"] == ["pairs"] and run["articles"] == 3 for run in runs)
    assert [run["same_lists"] for run in runs if run["variant"] == "nfd"] == [6, 6, 6]


def test_a_set_that_is_none_is_status_2(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """One sentence, no traceback."""
    monkeypatch.setenv("VECTORS_DIR", str(tmp_path / "vectors"))

    assert main(["evaluate", "--set", str(tmp_path / "none")]) == 2
    assert "SQuAD form" in capsys.readouterr().err


def test_normalised_questions(folder: Path) -> None:
    """A set typed decomposed is read composed, as every text that enters."""
    write_lines(
        folder / "questions.jsonl",
        [{"question": unicodedata.normalize("NFD", "Cá ngừ ở đâu?"), "article_id": "ca"}],
    )

    assert read_set(folder).questions[0].text == normalise("Cá ngừ ở đâu?")


def test_both_halves_find_better_than_either(encoder: Encoder) -> None:
    """Over the seeds and the fixtures, by questions that were written without sight of the code."""
    questions = [
        Question(record["question"], record["article"], ())
        for split in ("dev", "test")
        for record in read_questions("answerable", split)
    ]
    with open_archive(archive(), encoder) as index:
        # Neither half has the bonuses, so they are left out of the fusion too.
        fusion = Retriever(index, encoder, frozenset({"places", "periods", "reranking"}))
        asked = ask_all(fusion, questions)
        whole = ask_all(Retriever(index, encoder), questions, modes=("hybrid",))

    ndcg = {mode: figures(found)["nDCG@10"].mean for mode, found in asked.items()}
    ndcg_of_all = figures(whole["hybrid"])["nDCG@10"].mean
    assert len(questions) == 310
    assert min(ndcg["hybrid"], ndcg_of_all) > max(ndcg["dense"], ndcg["sparse"])
    assert min(ndcg["hybrid"], ndcg_of_all) >= 0.99, (ndcg, ndcg_of_all)
