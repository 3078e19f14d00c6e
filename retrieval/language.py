"""What an archive teaches about how its readers type: its syllables and its abbreviations."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from retrieval.abbreviations import Abbreviations, learn
from retrieval.damage import reading
from retrieval.marks import Restored, SyllableModel
from retrieval.text import canonical, words

_SYLLABLES = "syllables.sqlite"
_ABBREVIATIONS = "abbreviations.json"


@dataclass(frozen=True, slots=True)
class Language:
    """Without a model, a text is left as it is typed."""

    model: SyllableModel | None
    abbreviations: Abbreviations

    @staticmethod
    def write(folder: Path, texts: Callable[[], Iterable[str]]) -> None:
        """Learn the archive's NFC texts, which are read twice, into the new `folder`."""
        folder.mkdir()
        SyllableModel.write(folder / _SYLLABLES, texts())
        learned = json.dumps(learn(texts()), ensure_ascii=False, indent=1)
        (folder / _ABBREVIATIONS).write_text(learned, encoding="utf-8")

    @classmethod
    def open(cls, folder: Path) -> Language:
        """
        Raises:
            IndexDamaged: a file is missing or altered.
        """
        with reading(_ABBREVIATIONS, AttributeError, TypeError):
            text = (folder / _ABBREVIATIONS).read_text(encoding="utf-8")
            learned = {short: tuple(forms) for short, forms in json.loads(text).items()}
        return cls(SyllableModel.open(folder / _SYLLABLES), Abbreviations.of(learned))

    def tidy(self, text: str) -> str:
        """The text with slips of typing undone: Telex keys, joined syllables."""
        with reading(_SYLLABLES):
            return text if self.model is None else self.model.tidy(text)

    def restore(self, text: str) -> str:
        """The text with its marks, character for character."""
        if self.model is None or _is_one_letter(text):
            return text
        with reading(_SYLLABLES):
            return self.model.restore(text)

    def read(self, text: str) -> Restored:
        """The same, with what may be a province's name and may be other words."""
        if self.model is None or _is_one_letter(text):
            return Restored(text)
        with reading(_SYLLABLES):
            return self.model.read(text)

    def spell(self, text: str) -> str:
        """The text in one letter case and tone placement, however it was typed."""
        with reading(_SYLLABLES):
            return canonical(text) if self.model is None else self.model.spell(text)


def _is_one_letter(text: str) -> bool:
    """Nothing tells whether `a` is `à`."""
    return [len(word) for word in words(text)] == [1]


PLAIN = Language(None, Abbreviations.of({}))
