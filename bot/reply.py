"""The LLM's words, as they arrive, to sentences with the passages that they cite.

    [1], [1, 2], [1][2], [1-3], 【1】, [n1], [Đoạn 1], before or behind the full stop  -> keys
    <think>…</think>, ``` fences, list marks, `**`, a list of sources at the end    -> left out

A key that no passage has is kept: whoever verifies must be able to reject it. The text is read
character by character, so it does not matter where the server cuts it into pieces.
"""

from __future__ import annotations

import re
from collections.abc import AsyncGenerator, AsyncIterator
from dataclasses import dataclass

from bot.prompts import NO_ANSWER
from retrieval.text import normalise, sentences, squeeze

_ITEM = r"\^?(?:(?:n|số|đoạn|bài|nguồn|passage|source)?\s*\d{1,3}(?:\s*[-–]\s*\d{1,3})?|n)"
_MARK = rf"[\[【]\s*{_ITEM}(?:\s*[,;]\s*{_ITEM})*\s*[\]】]"
# One or several marks in a row, and the full stop behind them.
_MARKS = re.compile(rf"(?:\s*{_MARK})+(?:\s*(?P<stop>[.!?…]+))?", re.IGNORECASE)
_NUMBERS = re.compile(r"(\d+)(?:\s*[-–]\s*(\d+))?|\bn\b", re.IGNORECASE)
_WIDEST_RANGE = 20

_THINKING = re.compile(
    r"<(think|thinking|reasoning)>.*?(?:</\1>|\Z)|</(?:think|thinking|reasoning)>",
    re.DOTALL | re.IGNORECASE,
)
# A model served with another's chat template writes the end of its turn as text, and goes on.
_TURN_END = re.compile(
    r"(?:<\|(?:im_end|im_start|eot_id|end|endoftext)\|>|</?s>|<(?:end|start)_of_turn>).*", re.DOTALL
)
_FENCE_LINE = re.compile(r"^[ \t]*```[\w+-]*[ \t]*$", re.MULTILINE)
_SOURCES = re.compile(
    r"^[\W_]*(?:nguồn|nguồn tham khảo|tài liệu tham khảo|sources|references)[*_\s]*(?::|$).*",
    re.DOTALL | re.IGNORECASE | re.MULTILINE,
)
_LIST_MARK = re.compile(r"^\s*(?:[-–—•*+>]\s+|#+\s+|\d{1,2}[.)]\s+|[a-zđ]\)\s+)+")
_LEAD_IN = re.compile(r"^\s*(?:câu trả lời|trả lời|đáp án|answer)\s*:\s*", re.IGNORECASE)
_STOPPED = re.compile(r"[.!?…][”\"’')»]*\s*$")
# What may yet become a mark or a tag.
_UNFINISHED = re.compile(r"(?:\s*[\[【][^\]】\n]{0,40}|</?[|a-z_]*)\Z", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class CitedSentence:
    """A sentence of the reply, without its marks.

    Attributes:
        keys: numbers of passages as they were written, `n` for a mark copied from the
            instructions; each once. They need not exist.
    """

    text: str
    keys: tuple[str, ...]

    @property
    def says_nothing(self) -> bool:
        """Whether this is the agreed sentence for "the passages do not answer"."""
        return self.text.startswith(NO_ANSWER)


class ReplyReader:
    """Takes pieces of any length, gives each sentence as soon as it is sure to be whole."""

    def __init__(self) -> None:
        self._text = ""
        self._given = 0

    def feed(self, piece: str) -> list[CitedSentence]:
        """The sentences that this piece completes."""
        whole = []
        for character in piece:
            # A sentence is whole when the next one has begun, be it with one letter.
            begins_word = character.isalnum() and not self._text[-1:].isalnum()
            self._text += character
            if begins_word:
                whole += self._new(_read(_UNFINISHED.sub("", self._text))[:-1])
        return whole

    def finish(self) -> list[CitedSentence]:
        """The rest, at the proper end of a reply; not for one that was cut off."""
        return self._new(_read(self._text))

    def _new(self, found: list[CitedSentence]) -> list[CitedSentence]:
        new = found[self._given :]
        self._given += len(new)
        return new


async def cited_sentences(pieces: AsyncIterator[str]) -> AsyncGenerator[CitedSentence, None]:
    """The sentences of a streamed reply as they become whole.

    Use it with `contextlib.aclosing`: closing it closes the stream. What the stream raises goes
    through, and the sentence that was being written is not given.
    """
    reader = ReplyReader()
    try:
        async for piece in pieces:
            for sentence in reader.feed(piece):
                yield sentence
        for sentence in reader.finish():
            yield sentence
    finally:
        if isinstance(pieces, AsyncGenerator):
            await pieces.aclose()


def read_reply(text: str) -> list[CitedSentence]:
    """The sentences of a whole reply, the same as when it is streamed."""
    reader = ReplyReader()
    return [*reader.feed(text), *reader.finish()]


def _read(text: str) -> list[CitedSentence]:
    """The sentences so far. More text changes the last one, and adds to them, but no other."""
    text = _TURN_END.sub("", _THINKING.sub("\n", normalise(text)))
    text = _FENCE_LINE.sub("", text).replace("```", "")
    text = _SOURCES.sub("", text)
    found: list[CitedSentence] = []
    for line in text.split("\n"):
        bare = _LEAD_IN.sub("", _LIST_MARK.sub("", line).replace("*", "").replace("`", ""))
        orphans, new = _read_line(bare)
        if orphans and found and not any(map(str.isalnum, _MARKS.sub("", line))):
            # A line of nothing but marks belongs to the sentence above; an empty item of a list
            # does not.
            found[-1] = CitedSentence(found[-1].text, _once(found[-1].keys + orphans))
        found += new
    return found


@dataclass(frozen=True, slots=True)
class _Marks:
    """Where marks stood in a line from which they were taken, and whether behind a full stop."""

    position: int
    keys: tuple[str, ...]
    is_behind_stop: bool


def _read_line(line: str) -> tuple[tuple[str, ...], list[CitedSentence]]:
    """Keys that no sentence of the line takes, and its sentences."""
    plain, marks = _take_marks(line)
    spans = [
        span for span in sentences(plain) if any(c.isalnum() for c in plain[span.start : span.end])
    ]
    if not spans:
        return tuple(key for mark in marks for key in mark.keys), []
    keys: list[tuple[str, ...]] = [()] * len(spans)
    # A line that begins with a mark has each mark before its sentence.
    leads = bool(marks) and not plain[: marks[0].position].strip()
    for mark in marks:
        before = [i for i, span in enumerate(spans) if span.start < mark.position]
        owner = before[-1] if before else 0
        if leads and mark.is_behind_stop and owner + 1 < len(spans):
            owner += 1
        keys[owner] += mark.keys
    texts = (squeeze(plain[span.start : span.end]) for span in spans)
    return (), [CitedSentence(text, _once(own)) for text, own in zip(texts, keys, strict=True)]


def _take_marks(line: str) -> tuple[str, list[_Marks]]:
    """The line without its marks, with a line end where a mark shows that a sentence ends."""
    plain = ""
    marks = []
    at = 0
    for match in _MARKS.finditer(line):
        plain += line[at : match.start()]
        at = match.end()
        has_stop = bool(_STOPPED.search(plain))
        marks.append(_Marks(len(plain), _keys(match[0]), has_stop))
        if has_stop:
            plain += "\n"
        elif match["stop"]:
            plain += match["stop"] + ("\n" if not line[at : at + 1].isalnum() else "")
        elif line[at : at + 1].isalnum():
            plain += " "
    return plain + line[at:], marks


def _keys(marks: str) -> tuple[str, ...]:
    keys: list[str] = []
    for match in _NUMBERS.finditer(marks):
        if match[2] and 0 < int(match[2]) - int(match[1]) < _WIDEST_RANGE:
            keys += [str(number) for number in range(int(match[1]), int(match[2]) + 1)]
        else:
            keys += [number for number in match.groups() if number] or ["n"]
    return _once(tuple(keys))


def _once(keys: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(keys))
