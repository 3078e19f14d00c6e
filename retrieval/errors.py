"""Everything that can go wrong, in one tree.

    ServiceError
    ├── ArticleError             a file that is no article
    ├── QuestionError            a question that can not be asked
    │   ├── FilterError          a filter that is no date, province or source
    │   └── UnreadError          a question in English that could not be read
    ├── PassageUnknown           an id that no passage has
    ├── SettingsError            a setting that can not be used
    ├── StoreUnavailable         the file of traces and conversations can not be used
    ├── IndexUnwritten           a new index found no room; the one before is in use
    ├── IndexUnavailable         nothing to search in
    │   ├── IndexMissing         no snapshot has been built
    │   ├── IndexIncompatible    built by another model or schema
    │   ├── IndexDamaged         a file of the snapshot is missing or is not what was written
    │   ├── IndexForbidden       this user may not read or write it
    │   └── IndexUnreachable     the server that holds it does not answer
    └── LLMUnavailable           no reply, or no whole one (in `bot/llm_faults.py`)

The library raises these with a message in English for logs and operators. Only the
adapters (command line, Telegram, HTTP) turn them into words for a reader or a status code.
"""

from __future__ import annotations

from retrieval.text import printable

# Characters of what was typed that a message repeats: enough to know it again.
LONGEST_SHOWN = 60


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
        value: as it was typed, fit to be shown.
        accepted: examples, or the nearest names.
    """

    def __init__(self, field: str, value: str, accepted: tuple[str, ...]) -> None:
        self.field = field
        self.value = printable(value, LONGEST_SHOWN)
        known = ", ".join(accepted) or "none: no article names its source"
        super().__init__(
            f"filter_{field}", f"--{field} “{self.value}” is not known; accepted: {known}"
        )
        self.accepted = accepted


class UnreadError(QuestionError):
    """A question in English of which too little is known to look for an answer.

    Attributes:
        unread: the words that were not understood, fit to be shown.
    """

    def __init__(self, unread: tuple[str, ...]) -> None:
        self.unread = tuple(printable(word, LONGEST_SHOWN) for word in unread)
        named = ", ".join(self.unread) or "nothing to look for"
        super().__init__("unread", f"the question in English could not be read: {named}")


class PassageUnknown(ServiceError):
    """An id that no passage of the snapshot has; the message says which there are."""


class SettingsError(ServiceError):
    """A setting whose value can not be used; the message names the key, never a secret."""


class StoreUnavailable(ServiceError):
    """The file of traces and conversations can not be used; the message names it and says why.

    It never holds anything of what is stored.
    """


class IndexUnwritten(ServiceError):
    """The disk does not take the new index; the message says why, and that the old one is used."""


class IndexUnavailable(ServiceError):
    """There is no index that can answer; the message says which command mends it."""


class IndexMissing(IndexUnavailable):
    """No snapshot has been built yet."""


class IndexIncompatible(IndexUnavailable):
    """The snapshot was built by another model or by another version of this project."""


class IndexDamaged(IndexUnavailable):
    """A file of the snapshot is missing, cut short or altered."""


class IndexForbidden(IndexUnavailable):
    """This user may not read the snapshot, or not write where one has to be written."""


class IndexUnreachable(IndexUnavailable):
    """The server that holds the index does not answer; the message names it without its token."""
