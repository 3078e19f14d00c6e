"""benchmarks/results/*.json -> the SVG files beside this one.

make .venv-plots/installed
.venv-plots/bin/python benchmarks/plots.py
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import matplotlib
from matplotlib import pyplot

_FOLDER = Path(__file__).parent
_RESULTS = _FOLDER / "results"
# Of a question without filters, by the number of passages: milliseconds.
_AIMS = {10_000: 20, 100_000: 25, 1_000_000: 35}
_NAMES = {
    "llama_index": "LlamaIndex",
    "langchain": "LangChain",
    "own": "this project,\nthe same work",
    "all": "this project,\nthe whole index",
}


def main() -> None:
    # The same figures give the same file, and its words stay words.
    matplotlib.rcParams.update({"svg.hashsalt": "benchmarks", "svg.fonttype": "none"})
    sizes = json.loads((_RESULTS / "scale.json").read_text(encoding="utf-8"))["sizes"]
    asking(sizes)
    memory(sizes)
    building(json.loads((_RESULTS / "peers.json").read_text(encoding="utf-8"))["rates"])


def asking(sizes: Sequence[Mapping[str, Any]]) -> None:
    """Milliseconds of a question by the number of passages."""
    figure, axes = pyplot.subplots(figsize=(6.4, 4))
    passages = [one["passages"] for one in sizes]
    for name in sizes[0]["milliseconds"]:
        axes.plot(
            passages, [one["milliseconds"][name]["all"] for one in sizes], marker="o", label=name
        )
    axes.scatter(list(_AIMS), list(_AIMS.values()), marker="_", s=400, color="black", label="aim")
    axes.set(xscale="log", xlabel="passages", ylabel="median of a question, ms", ylim=(0, None))
    _save(figure, axes, "asking.svg")


def memory(sizes: Sequence[Mapping[str, Any]]) -> None:
    """Megabytes of an ingest and of a process that answers, by the number of passages."""
    figure, axes = pyplot.subplots(figsize=(6.4, 4))
    passages = [one["passages"] for one in sizes]
    built = [one["build"]["own_megabytes"] for one in sizes]
    axes.plot(passages, built, marker="o", label="building the index")
    axes.plot(passages, [one["own_megabytes"] for one in sizes], marker="o", label="answering")
    axes.set(xscale="log", xlabel="passages", ylabel="MB that are not pages of files")
    axes.set_ylim(0, None)
    _save(figure, axes, "memory.svg")


def building(rates: Mapping[str, Sequence[float]]) -> None:
    """Passages a second, beside the peers: each round a dot, their median a bar."""
    figure, axes = pyplot.subplots(figsize=(6.4, 4))
    for place, rounds in enumerate(rates.values()):
        axes.bar(place, sorted(rounds)[len(rounds) // 2], color="C0", alpha=0.6)
        axes.scatter([place] * len(rounds), rounds, color="black", s=12)
    axes.set_xticks(range(len(rates)), [_NAMES[name] for name in rates])
    axes.set_ylabel("passages a second")
    _save(figure, axes, "building.svg")


def _save(figure: Any, axes: Any, name: str) -> None:
    axes.grid(alpha=0.3)
    if axes.get_legend_handles_labels()[1]:
        axes.legend()
    figure.tight_layout()
    figure.savefig(_FOLDER / name, metadata={"Date": None})


if __name__ == "__main__":
    main()
