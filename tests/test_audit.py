"""What `make audit` says of pip-audit's output: what was not audited has not passed."""

from __future__ import annotations

import json
from typing import Any

from tests.audit import CLEAN, NOT_AUDITED, VULNERABLE, accepted, verdict

SOUND = {"name": "numpy", "version": "2.4.0", "vulns": []}
FAULTY = {
    "name": "pypdf",
    "version": "7.1.0",
    "vulns": [{"id": "CVE-2026-1", "fix_versions": ["7.1.1"]}],
}
UNKNOWN = {"name": "tantivy", "skip_reason": "Dependency not found on PyPI"}


def judged(*packages: dict[str, Any]) -> tuple[int, tuple[str, ...]]:
    result = verdict(json.dumps({"dependencies": packages, "fixes": []}), "")
    return result.status, result.lines


def test_all_packages_are_known_and_sound() -> None:
    """Only then it is clean."""

    assert judged(SOUND) == (CLEAN, ("pip-audit: 1 of 1 packages audited",))


def test_a_vulnerability_is_named_with_the_version_that_mends_it() -> None:
    """It counts though another package could not be audited."""
    status, lines = judged(FAULTY, UNKNOWN)

    assert status == VULNERABLE
    assert lines[0] == "pip-audit: pypdf 7.1.0: CVE-2026-1, mended in 7.1.1"


def test_a_package_that_the_service_does_not_know_was_not_audited() -> None:
    """pip-audit itself ends with 0 there."""
    status, lines = judged(SOUND, UNKNOWN)

    assert status == NOT_AUDITED
    assert lines == (
        "pip-audit: NOT DONE for all: 1 of 2 packages audited; its service does not know: tantivy",
    )


def test_a_service_that_can_not_be_reached_has_audited_nothing() -> None:
    """The last line of the error says why; an empty list is no better."""
    result = verdict("", "Traceback …\nConnectionError: no route\n")

    assert result.status == NOT_AUDITED
    assert result.lines == ("pip-audit: NOT DONE, nothing was audited: ConnectionError: no route",)
    assert judged()[0] == NOT_AUDITED


def test_each_accepted_vulnerability_has_a_reason() -> None:
    """An id alone says nothing to who reads it later."""

    assert all(reason.strip() for reason in accepted().values())
