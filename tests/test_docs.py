"""What the documents say is what the code does."""

from __future__ import annotations

import re
import subprocess
import sys

import pytest

from retrieval.settings import PROJECT, Settings

README = (PROJECT / "README.md").read_text(encoding="utf-8")
EXAMPLE = (PROJECT / ".env.example").read_text(encoding="utf-8")


def test_env_example_lists_every_setting_with_its_default() -> None:
    """A new setting without its line, or a line without its setting, fails here."""
    written = dict(re.findall(r"^([A-Z_]+)=(.*)$", EXAMPLE, re.M))
    defaults = {name.upper(): str(field.default) for name, field in Settings.model_fields.items()}

    assert written == defaults


def test_readme_lists_every_setting() -> None:
    """The README's table names the same settings."""
    listed = re.findall(r"^\| `([A-Z_]+)` \|", README, re.M)

    assert listed == [name.upper() for name in Settings.model_fields]


@pytest.mark.parametrize(
    "command", [["ingest.py"], ["-m", "retrieval"], ["-m", "bot"]], ids=lambda c: c[-1]
)
def test_readme_names_the_options_that_exist(command: list[str]) -> None:
    """Every subcommand of `--help` is in the README."""
    done = subprocess.run(
        [sys.executable, *command, "--help"],
        cwd=PROJECT,
        capture_output=True,
        text=True,
        check=True,
    )
    subcommands = re.findall(r"^    (\w+) +\w", done.stdout, re.M)
    line = f"python {' '.join(command)}"

    assert line in README
    assert all(f"{line} {name}" in README for name in subcommands)


def test_readme_commands_exist() -> None:
    """Every `make` target that the README names is in the Makefile."""
    makefile = (PROJECT / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"^\s*make (?:PYTHON=\S+ )?(\w+)", README, re.M))

    assert {"ask", "test"} <= targets
    assert all(re.search(rf"^{target}:", makefile, re.M) for target in targets)


def test_ci_runs_what_the_readme_says() -> None:
    """CI types the README's own commands."""
    script = (PROJECT / ".ci" / "run").read_text(encoding="utf-8")
    question = re.search(r'^make ask Q="(.+)"$', README, re.M)

    assert question
    assert question[0] in script
    assert "make test" in script
