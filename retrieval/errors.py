"""Everything that can go wrong, in one tree.

    ServiceError
    ├── ArticleError             a file that is no article
    ├── QuestionError            a question that can not be asked
    │   └── FilterError          a filter that is no date, province or source
    ├── PassageUnknown           an id that no passage has
    ├── SettingsError            a setting that can not be used
    ├── IndexUnavailable         nothing to search in
    │   ├── IndexMissing         no snapshot has been built
    │   ├── IndexIncompatible    built by another model or schema
    │   └── IndexDamaged         a file of the snapshot is missing or is not what was written
    └── LLMUnavailable           no reply, or no whole one (in `bot/llm_faults.py`)

The library raises these with a message in English for logs and operators. Only the
adapters (command line, Telegram, HTTP) turn them into words for a reader or a status code.
"""

from __future__ import annotations


class ServiceError(Exception):
    """Base of every error that this project raises on purpose."""


class ArticleError(ServiceError):
    """A file that can not be read as an article; `str(error)` is the reason."""


class QuestionError(ServiceError):
    """A question that can not be asked.

    Attributes:
        kind: `empty`, `too_long`, `no_words` or, of a filter, `filter_province` and so on;
            adapters choose the reader's words by it.
    """

    def __init__(self, kind: str, message: str) -> None:
        super().__init__(message)
        self.kind = kind


class FilterError(QuestionError):
    """A filter whose value is not understood.

    Attributes:
        field: `province`, `from`, `to` or `source`.
        value: as it was typed.
        accepted: examples, or the nearest names.
    """

    def __init__(self, field: str, value: str, accepted: tuple[str, ...]) -> None:
        known = ", ".join(accepted) or "none: no article names its source"
        super().__init__(f"filter_{field}", f"--{field} {value!r} is not known; accepted: {known}")
        self.field = field
        self.value = value
        self.accepted = accepted


class PassageUnknown(ServiceError):
    """An id that no passage of the snapshot has; the message says which there are."""


class SettingsError(ServiceError):
    """A setting whose value can not be used; the message names the key, never a secret."""


class IndexUnavailable(ServiceError):
    """There is no index that can answer; the message says which command mends it."""


class IndexMissing(IndexUnavailable):
    """No snapshot has been built yet."""


class IndexIncompatible(IndexUnavailable):
    """The snapshot was built by another model or by another version of this project."""


class IndexDamaged(IndexUnavailable):
    """A file of the snapshot is missing, cut short or altered."""
