"""The pinned packages and what is known against them: `python -m tests.audit`, by `make audit`.

pip-audit ends with 0 where its service does not know a package at all, or no package: that was not
audited, and is said so. Exit status: 0 every package was audited and none has a known
vulnerability, 1 one has, 2 some or all were not audited.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

_PROJECT = Path(__file__).parent.parent
_PINNED = "constraints.txt"
_SECONDS = 600
_SHOWN = 5
CLEAN, VULNERABLE, NOT_AUDITED = 0, 1, 2


@dataclass(frozen=True)
class Verdict:
    """An exit status and the lines that say why."""

    status: int
    lines: tuple[str, ...]


def verdict(output: str, error: str) -> Verdict:
    """What pip-audit's JSON says; where it gave none, that nothing was audited."""
    try:
        packages: list[dict[str, Any]] = json.loads(output)["dependencies"]
    except (ValueError, KeyError, TypeError):
        said = (error.strip().splitlines() or ["it said nothing"])[-1]
        return Verdict(NOT_AUDITED, (f"pip-audit: NOT DONE, nothing was audited: {said}",))
    skipped = [package["name"] for package in packages if "skip_reason" in package]
    found = [
        f"pip-audit: {package['name']} {package['version']}: {vulnerability['id']}, "
        f"mended in {', '.join(vulnerability['fix_versions']) or 'no version yet'}"
        for package in packages
        for vulnerability in package.get("vulns", ())
    ]
    count = f"{len(packages) - len(skipped)} of {len(packages)} packages audited"
    if not packages or skipped:
        names = ", ".join(skipped[:_SHOWN]) + (" …" if len(skipped) > _SHOWN else "")
        unknown = f"pip-audit: NOT DONE for all: {count}; its service does not know: {names}"
        return Verdict(VULNERABLE if found else NOT_AUDITED, (*found, unknown))
    return Verdict(VULNERABLE if found else CLEAN, (*found, f"pip-audit: {count}"))


def accepted() -> dict[str, str]:
    """Ids of vulnerabilities that do not concern this project, each with the reason."""
    settings = tomllib.loads((_PROJECT / "pyproject.toml").read_text(encoding="utf-8"))
    known: dict[str, str] = settings["tool"].get("audit", {}).get("accepted", {})
    return known


def audit() -> Verdict:
    ignored = [part for name in accepted() for part in ("--ignore-vuln", name)]
    command = [sys.executable, "-m", "pip_audit", "--requirement", _PINNED, "--no-deps"]
    command += ["--disable-pip", "--format", "json", "--progress-spinner", "off", *ignored]
    try:
        done = subprocess.run(
            command, cwd=_PROJECT, capture_output=True, text=True, timeout=_SECONDS
        )
    except subprocess.TimeoutExpired:
        return verdict("", f"no answer in {_SECONDS} s")
    return verdict(done.stdout, done.stderr)


def told(lines: Sequence[str]) -> None:
    for name, reason in accepted().items():
        print(f"pip-audit: {name} is accepted: {reason}")
    print("\n".join(lines))


def main() -> int:
    result = audit()
    told(result.lines)
    return result.status


if __name__ == "__main__":
    sys.exit(main())
