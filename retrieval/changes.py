"""Whether files were changed meanwhile: of an ingest, or from one look of `--watch` to the next."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from retrieval.overrides import sidecar_path

# Size, and the times of the last change of the content and of the file: the second can not be set
# back, as a tool that copies files does with the first.
Outside = Mapping[Path, tuple[int, int, int]]


def files_behind(paths: Iterable[Path]) -> list[Path]:
    """The files and those that may correct them, whether or not they are there; sorted."""
    found = set(paths)
    return sorted(found | {sidecar_path(path) for path in found})


def outside(paths: Iterable[Path]) -> Outside:
    """What can be told of the files without reading them; those that are not there are left out."""
    found = {}
    for path in files_behind(paths):
        try:
            status = path.stat()
        except OSError:
            continue
        found[path] = (status.st_size, status.st_mtime_ns, status.st_ctime_ns)
    return found


def changed(paths: Sequence[Path], before: Outside) -> list[Path]:
    """The files that are not what they were, or whose corrections are not."""
    now = outside(paths)
    return [
        path
        for path in paths
        if any(now.get(one) != before.get(one) for one in (path, sidecar_path(path)))
    ]
