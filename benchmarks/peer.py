"""One of the others, in its own environment: passages to an index, questions to passages.

    python benchmarks/peer.py NAME MODEL_FOLDER WORK_FOLDER

Reads WORK_FOLDER/passages.json and questions.json (lists of texts), writes NAME.json there: seconds
to build the index (the model is loaded before), and for each question the numbers of its ten
nearest passages. Written as each project's own first example does it, with its defaults.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

Search = Callable[[str], list[int]]
_TOP = 10


def llama_index(folder: str) -> Callable[[list[str]], Search]:
    import faiss
    from llama_index.core import Settings, StorageContext, VectorStoreIndex
    from llama_index.core.schema import TextNode
    from llama_index.embeddings.huggingface import HuggingFaceEmbedding
    from llama_index.vector_stores.faiss import FaissVectorStore

    # Its own words for a model's prompts are no E5's.
    Settings.embed_model = HuggingFaceEmbedding(
        folder, device="cpu", query_instruction="query: ", text_instruction="passage: "
    )
    Settings.embed_model.get_text_embedding("a")

    def build(texts: list[str]) -> Search:
        store = FaissVectorStore(faiss_index=faiss.IndexFlatIP(384))
        nodes = [TextNode(text=text, id_=str(number)) for number, text in enumerate(texts)]
        context = StorageContext.from_defaults(vector_store=store)
        index = VectorStoreIndex(nodes, storage_context=context)
        retriever = index.as_retriever(similarity_top_k=_TOP)
        return lambda question: [int(hit.node.node_id) for hit in retriever.retrieve(question)]

    return build


def langchain(folder: str) -> Callable[[list[str]], Search]:
    from langchain_community.vectorstores import FAISS
    from langchain_huggingface import HuggingFaceEmbeddings

    embeddings = HuggingFaceEmbeddings(
        model_name=folder,
        model_kwargs={"device": "cpu"},
        encode_kwargs={"prompt": "passage: "},
        query_encode_kwargs={"prompt": "query: "},
    )
    embeddings.embed_query("a")

    def build(texts: list[str]) -> Search:
        rows: list[dict[str, Any]] = [{"row": number} for number in range(len(texts))]
        store = FAISS.from_texts(texts, embeddings, metadatas=rows)
        return lambda question: [
            int(hit.metadata["row"]) for hit in store.similarity_search(question, k=_TOP)
        ]

    return build


PEERS = {"llama_index": llama_index, "langchain": langchain}


def main(name: str, model: str, work: Path) -> None:
    passages = json.loads((work / "passages.json").read_text(encoding="utf-8"))
    questions = json.loads((work / "questions.json").read_text(encoding="utf-8"))
    build = PEERS[name](model)
    started = time.perf_counter()
    search = build(passages)
    seconds = time.perf_counter() - started
    found = [search(question) for question in questions]
    (work / f"{name}.json").write_text(json.dumps({"seconds": seconds, "found": found}))


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], Path(sys.argv[3]))
