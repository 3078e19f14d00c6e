"""Scripts that choose weights and measure; their figures are in `README.md`."""

from __future__ import annotations

from retrieval.encoders import open_encoder
from retrieval.remembering import RememberingEncoder
from retrieval.settings import read_settings
from retrieval.snapshot import models_folder


def remembering_encoder() -> RememberingEncoder:
    """The model of the settings; what `evaluate` encoded before is not encoded again."""
    settings = read_settings()
    encoder = open_encoder(settings.embedding_model, models_folder(settings.vectors_dir))
    return RememberingEncoder(encoder, settings.vectors_dir / "evaluation" / "vectors.sqlite")
