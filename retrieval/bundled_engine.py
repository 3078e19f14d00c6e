"""The bundled model as OpenVINO runs it: tokens of several texts -> vectors of length 1.

`prepare` writes the engine's files once: the transformer as a graph of OpenVINO's, and the
tokenizer as SentencePiece reads it. The word table, nine tenths of the model, stays in the file of
the package, of which only the rows of a text's own tokens are read.
"""

from __future__ import annotations

import ctypes
import os
import shutil
import sys
import tempfile
import threading
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from retrieval.bundled_model import MOST_TOKENS, Floats, Vocabulary, Weights

if TYPE_CHECKING:
    from openvino import CompiledModel, Model
    from sentencepiece import SentencePieceProcessor

# Importing OpenVINO would tell a statistics server on the internet that it is used, and write to
# the home folder. What it imports for that is made impossible to import; it copes.
sys.modules.setdefault("openvino_telemetry", None)  # type: ignore[arg-type]

# Changes with the files that `prepare` writes.
FORM = "openvino-1"

_GRAPH = "encoder.xml"
_TOKENIZER = "tokenizer.model"

# For each length and number of texts OpenVINO makes its kernels once. Lengths are rounded up to
# this many tokens, so that there are few of them.
_LENGTH_STEP = 8

# About 500 tokens: longer requests are not quicker, shorter ones are slower.
_REQUEST_CHARACTERS = 1_600

# SentencePiece's usual normaliser, `nmt_nfkc`, whose table the package's file does not have in
# SentencePiece's form: NFKC, these as spaces, and no control characters.
_SPACES = (*b"\t\n\f\r", 0x1680, *range(0x200B, 0x2010), 0x2028, 0x2029, 0x2581, 0xFEFF, 0xFFFD)
_CONTROLS = (*range(1, 9), 0x0B, *range(0x0E, 0x20), 0x7F, 0x8F, 0x9F)
_NORMALISED = dict.fromkeys(_SPACES, " ") | dict.fromkeys(_CONTROLS, "")

_FORGET = 4  # MADV_DONTNEED of Linux

Done = Callable[[int], None]


def prepare(weights: Path, folder: Path) -> None:
    """Write the engine's files (90 MB, 1 s), whole or not at all, where they are not there."""
    if folder.exists():
        return
    folder.parent.mkdir(parents=True, exist_ok=True)
    building = Path(tempfile.mkdtemp(prefix=".preparing-", dir=folder.parent))
    try:
        _write_files(Weights(weights), building)
        os.replace(building, folder)
    except OSError:
        # Another process was first: its folder holds the same.
        if not folder.exists():
            raise
    finally:
        shutil.rmtree(building, ignore_errors=True)


class Engine:
    """The model, ready to encode; several threads may ask it at once, each is given a core."""

    def __init__(self, weights: Path, folder: Path) -> None:
        self._weights = Weights(weights)
        # Either takes a third of a second, without Python's lock.
        with ThreadPoolExecutor(1) as beside:
            tokenizer = beside.submit(_open_tokenizer, folder / _TOKENIZER)
            self._compiled = _compile(folder / _GRAPH)
            self._tokenizer = tokenizer.result()
        self._own = threading.local()
        # By one thread alone: of two that ask OpenVINO for the first time, one may hold Python's
        # lock and wait for what the other makes, which waits for Python's lock.
        self._encode([""])
        _let_go(folder / _GRAPH.replace(".xml", ".bin"))

    def encode(self, text: str) -> Floats:
        """`(dimensions,) float32`."""
        vector: Floats = self._encode([text])[0]
        return vector

    def encode_all(self, texts: Sequence[str], done: Done) -> Floats:
        """`(len(texts), dimensions) float32`; `done` is told how many are.

        Texts of about one length go together, those of the next request beside them.
        """
        vectors = np.empty((len(texts), self._weights.shape.hidden), np.float32)
        finished = 0
        with ThreadPoolExecutor(_cores()) as cores:
            # Not OpenVINO's own queue: its callbacks may still want Python when that has ended.
            requests = list(_requests(texts))
            encoded = cores.map(lambda one: self._encode([texts[at] for at in one]), requests)
            for numbers, found in zip(requests, encoded, strict=True):
                vectors[numbers] = found
                finished += len(numbers)
                done(finished)
        return vectors

    def _encode(self, texts: Sequence[str]) -> Floats:
        """Each thread has a request of its own, and its own core."""
        try:
            request = self._own.request
        except AttributeError:
            request = self._own.request = self._compiled.create_infer_request()
        vectors: Floats = request.infer(self._inputs([self._tokens(text) for text in texts]))[0]
        return vectors.copy()

    def _tokens(self, text: str) -> list[int]:
        normalised = unicodedata.normalize("NFKC", text.translate(_NORMALISED))
        found: list[int] = self._tokenizer.encode(normalised)
        ends = self._tokenizer.bos_id(), self._tokenizer.eos_id()
        return [ends[0], *found[: MOST_TOKENS - 2], ends[1]]

    def _inputs(self, texts: Sequence[Sequence[int]]) -> list[Floats]:
        """The word vectors of each text's tokens, and 1 where there is a token."""
        longest = max(map(len, texts))
        width = min(-(-longest // _LENGTH_STEP) * _LENGTH_STEP, MOST_TOKENS)
        tokens = np.full((len(texts), width), self._tokenizer.pad_id(), np.int64)
        present = np.zeros(tokens.shape, np.float32)
        for row, text in enumerate(texts):
            tokens[row, : len(text)] = text
            present[row, : len(text)] = 1
        return [self._weights.word_vectors(tokens), present]


def _let_go(path: Path) -> None:
    """Take a mapped file's pages out of this process's memory (82 MB).

    OpenVINO has its own copy of the weights, in another order, once it has used them. Were it to
    look at the file again, they would come back.
    """
    maps = Path("/proc/self/maps").read_text(encoding="utf-8", errors="replace").splitlines()
    for line in maps:
        if line.endswith(str(path.resolve())):
            begin, end = (int(address, 16) for address in line.split()[0].split("-"))
            ctypes.CDLL(None).madvise(ctypes.c_void_p(begin), ctypes.c_size_t(end - begin), _FORGET)


def _requests(texts: Sequence[str]) -> Iterator[list[int]]:
    """Which texts are encoded together, from the shortest to the longest."""
    together: list[int] = []
    for number in sorted(range(len(texts)), key=lambda number: len(texts[number])):
        if together and (len(together) + 1) * len(texts[number]) > _REQUEST_CHARACTERS:
            yield together
            together = []
        together.append(number)
    if together:
        yield together


def _open_tokenizer(path: Path) -> SentencePieceProcessor:
    from sentencepiece import SentencePieceProcessor

    return SentencePieceProcessor(model_file=str(path))


def _cores() -> int:
    return len(os.sched_getaffinity(0))


def _compile(graph: Path) -> CompiledModel:
    from openvino import Core

    core = Core()
    can = core.get_property("CPU", "OPTIMIZATION_CAPABILITIES")
    settings = {
        # Half the time where the processor multiplies in it; cosine 0.9999.
        "INFERENCE_PRECISION_HINT": "bf16" if "BF16" in can else "f32",
        # A text is short: two cores encode two texts sooner than one after the other.
        "NUM_STREAMS": _cores(),
        "INFERENCE_NUM_THREADS": _cores(),
        # Several processes would all take the same cores.
        "ENABLE_CPU_PINNING": False,
    }
    compiled: CompiledModel = core.compile_model(graph, "CPU", settings)
    return compiled


def _write_files(weights: Weights, folder: Path) -> None:
    from openvino import save_model

    save_model(_graph(weights), folder / _GRAPH, compress_to_fp16=False)
    (folder / _TOKENIZER).write_bytes(_tokenizer(weights.vocabulary()))


def _tokenizer(vocabulary: Vocabulary) -> bytes:
    """A SentencePiece model without a normaliser, see `_NORMALISED`."""
    from sentencepiece import sentencepiece_model_pb2

    protocol: Any = sentencepiece_model_pb2

    model = protocol.ModelProto()
    kinds = dict.fromkeys((vocabulary.bos, vocabulary.eos, vocabulary.pad), "CONTROL")
    kinds[vocabulary.unknown] = "UNKNOWN"
    for number, (piece, score) in enumerate(vocabulary.pieces):
        kind = protocol.ModelProto.SentencePiece.Type.Value(kinds.get(number, "NORMAL"))
        model.pieces.add(piece=piece, score=score, type=kind)
    spec = model.trainer_spec
    spec.model_type = protocol.TrainerSpec.UNIGRAM
    spec.vocab_size = len(vocabulary.pieces)
    for name in ("bos", "eos", "pad"):
        number = getattr(vocabulary, name)
        setattr(spec, f"{name}_id", number)
        setattr(spec, f"{name}_piece", vocabulary.pieces[number][0])
    spec.unk_id = vocabulary.unknown
    spec.unk_piece = vocabulary.pieces[vocabulary.unknown][0]
    model.normalizer_spec.name = "identity"
    data: bytes = model.SerializeToString()
    return data


def _graph(weights: Weights) -> Model:
    """BERT after its word table, with mean pooling.

    Inputs: word vectors `(texts, tokens, hidden) float32` and `(texts, tokens) float32`, 1 where
    there is a token. Output: `(texts, hidden) float32`, rows of length 1.
    """
    import openvino.opset15 as op
    from openvino import Model

    shape = weights.shape

    def ints(*values: int) -> Any:
        return op.constant(np.array(values, np.int64))

    def weight(name: str, *size: int) -> Any:
        return op.constant(weights.tensor(name).reshape(size or (-1,)))

    def linear(inputs: Any, name: str, rows: int, columns: int) -> Any:
        product = op.matmul(inputs, weight(f"{name}.w", rows, columns), False, True)
        return op.add(product, weight(f"{name}.b"))

    def normed(inputs: Any, name: str) -> Any:
        centred = op.mvn(inputs, ints(-1), True, shape.epsilon, "inside_sqrt")
        return op.add(op.multiply(centred, weight(f"{name}.w")), weight(f"{name}.b"))

    words = op.parameter([-1, -1, shape.hidden], np.float32)
    present = op.parameter([-1, -1], np.float32)

    tokens = op.gather(op.shape_of(words), ints(1), op.constant(np.int64(0)))
    positions = weight("emb.pos", shape.positions, shape.hidden)
    positions = op.slice(positions, ints(0), tokens, ints(1), ints(0))
    kind = op.constant(weights.tensor("emb.type")[: shape.hidden])
    state = normed(op.add(op.add(words, positions), kind), "emb.ln")

    by_head = ints(0, 0, shape.heads, shape.hidden // shape.heads)
    heads_first = ints(0, 2, 1, 3)
    absent = op.subtract(op.unsqueeze(present, ints(1, 2)), op.constant(np.float32(1)))
    unseen = op.multiply(absent, op.constant(np.float32(1e9)))
    for layer in range(shape.layers):
        part = f"l{layer}."
        query, key, value = (
            op.transpose(
                op.reshape(linear(state, part + name, shape.hidden, shape.hidden), by_head, True),
                heads_first,
            )
            for name in "qkv"
        )
        seen = op.scaled_dot_product_attention(query, key, value, unseen)
        joined = op.reshape(op.transpose(seen, heads_first), ints(0, 0, shape.hidden), True)
        attended = linear(joined, part + "ao", shape.hidden, shape.hidden)
        state = normed(op.add(state, attended), part + "aln")
        inner = op.gelu(linear(state, part + "fi", shape.feed_forward, shape.hidden), "erf")
        outer = linear(inner, part + "fo", shape.hidden, shape.feed_forward)
        state = normed(op.add(state, outer), part + "oln")

    total = op.reduce_sum(op.multiply(state, op.unsqueeze(present, ints(2))), ints(1), False)
    mean = op.divide(total, op.reduce_sum(present, ints(1), True))
    return Model([op.normalize_l2(mean, ints(1), 1e-12, "add")], [words, present])
