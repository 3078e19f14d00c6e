"""Settings that can not be used are named, and what must not be shown is masked."""

from __future__ import annotations

from pathlib import Path

import pytest

from retrieval.errors import SettingsError
from retrieval.settings import PROJECT, Settings, read_settings


@pytest.fixture
def env_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    path = tmp_path / ".env"
    monkeypatch.setitem(Settings.model_config, "env_file", path)
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)
    return path


def test_empty_values_are_the_defaults(env_file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """`SEEDS_DIR=` is not the whole project; an empty variable still beats `.env`."""
    env_file.write_text(
        "SEEDS_DIR=\nEMBEDDING_MODEL=\nTELEGRAM_BASE_URL=\nVECTORS_DIR=elsewhere\n"
        "OPENAI_BASE_URL=http://127.0.0.1\n",
        encoding="utf-8",
    )
    monkeypatch.setenv("VECTORS_DIR", "")
    monkeypatch.setenv("OPENAI_BASE_URL", "")
    settings = read_settings()

    assert (settings.seeds_dir, settings.vectors_dir) == (PROJECT / "seeds", PROJECT / "vectors")
    assert settings.embedding_model == "bundled"
    assert settings.telegram_api_base_url == "https://api.telegram.org"
    assert settings.openai_base_url == ""


def test_every_empty_value_is_the_default(env_file: Path) -> None:
    """Of a number too."""
    keys = [name.upper() for name in Settings.model_fields]
    env_file.write_text("".join(f"{key}=\n" for key in keys), encoding="utf-8")
    emptied = read_settings()
    env_file.write_text("", encoding="utf-8")

    assert emptied == read_settings()
    assert emptied.questions_waiting == 100


@pytest.mark.parametrize(
    ("content", "named"),
    [
        (b"LLM_MODEL=a\nOPENAI_API_KEY=very-secret\xff\n", r"\.env.*line 2"),
        (b"SEEDS_DIR='  '\n", "SEEDS_DIR"),
        (b"VECTORS_DIR=~nobody-of-this-name/v\n", "VECTORS_DIR"),
    ],
)
def test_what_can_not_be_used_is_named(env_file: Path, content: bytes, named: str) -> None:
    """The key or the line, never the value."""
    env_file.write_bytes(content)

    with pytest.raises(SettingsError, match=named) as caught:
        read_settings()
    assert "secret" not in str(caught.value)
