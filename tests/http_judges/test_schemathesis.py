"""schemathesis tries what `/openapi.json` promises: no 5xx, nothing that it does not describe."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from retrieval.building import build
from retrieval.encoders import BundledEncoder
from retrieval.settings import PROJECT
from tests.conftest import SEEDS
from tests.http_process import running_http

SCHEMATHESIS = PROJECT / ".venv-schemathesis" / "bin" / "schemathesis"
ADMIN = "admin-0123456789abcdef"
EXAMPLES = 30
# Logging in ends sessions and is counted by the minute; it has tests of its own.
LEFT_OUT = "/v1/session"
# A question without a word, or a day that is none, fits the schema and is refused nevertheless.
UNFIT = "positive_data_acceptance"


def test_nothing_undescribed_comes_back(encoder: BundledEncoder, tmp_path: Path) -> None:
    """Over every operation, with valid and invalid data, in sequences too."""
    if not SCHEMATHESIS.exists():
        pytest.fail("`make test-http` installs schemathesis and runs this test")
    shutil.copytree(SEEDS, tmp_path / "seeds")
    # Of its own, for it deletes articles.
    build(tmp_path / "seeds", tmp_path / "vectors", encoder)
    settings = {"HTTP_API_KEYS": f"a:{ADMIN}:admin", "SEEDS_DIR": str(tmp_path / "seeds")}
    with running_http(tmp_path / "vectors", tmp_path, settings) as service:
        done = subprocess.run(
            [
                str(SCHEMATHESIS),
                "run",
                f"{service.address}/openapi.json",
                *("-H", f"Authorization: Bearer {ADMIN}"),
                *("--exclude-path", LEFT_OUT),
                *("--exclude-checks", UNFIT),
                *("--max-examples", str(EXAMPLES)),
                "--no-color",
            ],
            cwd=tmp_path,
            capture_output=True,
            text=True,
        )
    tried = re.search(r"(\d+) generated, (\d+) passed", done.stdout)

    assert done.returncode == 0, done.stdout[-6_000:]
    assert tried
    assert int(tried[1]) > 300
    assert tried[1] == tried[2]
