"""Every way in which an LLM server fails to answer, as one exception with a typed reason.

The message is English, for logs. It never holds the key, a header, the question, an article or
anything that the server wrote: servers repeat keys and prompts in their error texts.
"""

from __future__ import annotations

import re
from enum import StrEnum
from typing import TYPE_CHECKING

from retrieval.endpoints import FaultKind, connection_fault
from retrieval.errors import ServiceError

if TYPE_CHECKING:
    from openai import APIError, APIStatusError


class Reason(StrEnum):
    """Why there is no reply, or no whole one."""

    NOT_REACHABLE = "not_reachable"
    HOST_UNKNOWN = "host_unknown"
    CERTIFICATE = "certificate"
    ADDRESS_WRONG = "address_wrong"
    KEY_REFUSED = "key_refused"
    MODEL_UNKNOWN = "model_unknown"
    PROMPT_TOO_LONG = "prompt_too_long"
    REQUEST_REFUSED = "request_refused"
    RATE_LIMITED = "rate_limited"
    SERVER_ERROR = "server_error"
    TIMED_OUT = "timed_out"
    BUSY = "busy"
    EMPTY = "empty"
    CUT_OFF = "cut_off"
    BROKEN_OFF = "broken_off"
    NOT_UNDERSTOOD = "not_understood"
    UNEXPECTED = "unexpected"


_WORDS = {
    Reason.NOT_REACHABLE: "the server is not reachable",
    Reason.HOST_UNKNOWN: "the host of OPENAI_BASE_URL is unknown",
    Reason.CERTIFICATE: "no secure connection",
    Reason.ADDRESS_WRONG: "OPENAI_BASE_URL leads to no chat completions (most end in /v1)",
    Reason.KEY_REFUSED: "OPENAI_API_KEY is not accepted",
    Reason.MODEL_UNKNOWN: "the server does not have this LLM_MODEL",
    Reason.PROMPT_TOO_LONG: "the prompt is longer than the model's context (LLM_CONTEXT_TOKENS)",
    Reason.REQUEST_REFUSED: "the server refuses the request",
    Reason.RATE_LIMITED: "the server takes no more requests for now",
    Reason.SERVER_ERROR: "the server failed",
    Reason.TIMED_OUT: "no reply in time",
    Reason.BUSY: "too many questions at once (LLM_CONCURRENCY)",
    Reason.EMPTY: "the reply is empty",
    Reason.CUT_OFF: "the reply was cut off (LLM_ANSWER_TOKENS)",
    Reason.BROKEN_OFF: "the server broke the reply off",
    Reason.NOT_UNDERSTOOD: "the reply is not of OpenAI's protocol",
    Reason.UNEXPECTED: "unexpected failure",
}

_KINDS = {
    FaultKind.CERTIFICATE: Reason.CERTIFICATE,
    FaultKind.HOST_UNKNOWN: Reason.HOST_UNKNOWN,
    FaultKind.REFUSED: Reason.NOT_REACHABLE,
    FaultKind.TIMED_OUT: Reason.TIMED_OUT,
    FaultKind.OTHER: Reason.BROKEN_OFF,
}

# Codes and texts of OpenAI, vLLM and llama.cpp.
_TOO_LONG = re.compile(
    r"context.?(length|size|window)|maximum context|too (long|many tokens)|exceed.?context", re.I
)
# What a server may do without; OpenAI's reasoning models refuse the first and the second.
OPTIONAL_PARAMETERS = ("max_tokens", "temperature", "stream_options")


class LLMUnavailable(ServiceError):
    """There is no reply, or no whole one; the answer is to be given without the LLM.

    Pieces that were delivered before it may be used as far as they stand on their own.

    Attributes:
        reason: what to tell apart.
        retry_after: seconds after which the server wants to be asked again, where it says so.
        parameter: the optional parameter that the server can not do with, else None.
    """

    def __init__(
        self,
        reason: Reason,
        detail: str = "",
        *,
        retry_after: float | None = None,
        parameter: str | None = None,
    ) -> None:
        super().__init__(f"{_WORDS[reason]}: {detail}" if detail else _WORDS[reason])
        self.reason = reason
        self.retry_after = retry_after
        self.parameter = parameter


def failure_of(error: Exception) -> LLMUnavailable:
    """What an error of the client, or of reading what the client gave, comes down to."""
    import openai

    if isinstance(error, LLMUnavailable):
        return error
    if isinstance(error, openai.APIStatusError):
        return _of_status(error, error.status_code)
    if isinstance(error, openai.APIConnectionError):
        return _of_connection(error)
    if isinstance(error, openai.APIError):
        # An error sent inside a stream that began well; its code may be a status.
        code = error.code or ""
        return _of_status(error, int(code) if re.fullmatch(r"[45]\d\d", code) else 500)
    if isinstance(error, TimeoutError):
        return LLMUnavailable(Reason.TIMED_OUT)
    if isinstance(error, ValueError | TypeError | AttributeError | LookupError):
        return LLMUnavailable(Reason.NOT_UNDERSTOOD, type(error).__name__)
    return LLMUnavailable(Reason.UNEXPECTED, type(error).__name__)


def _of_connection(error: Exception) -> LLMUnavailable:
    if type(error.__cause__).__name__ in ("UnsupportedProtocol", "InvalidURL"):
        return LLMUnavailable(Reason.ADDRESS_WRONG)
    fault = connection_fault(error)
    return LLMUnavailable(_KINDS[fault.kind], fault.text)


def _of_status(error: APIStatusError | APIError, status: int) -> LLMUnavailable:
    detail = f"status {status}"
    written = f"{error.message} {error.code} {error.type}"
    if status in (401, 403):
        return LLMUnavailable(Reason.KEY_REFUSED, detail)
    if status == 429:
        return LLMUnavailable(Reason.RATE_LIMITED, detail, retry_after=_retry_after(error))
    if status >= 500:
        return LLMUnavailable(Reason.SERVER_ERROR, detail, retry_after=_retry_after(error))
    if status == 413 or _TOO_LONG.search(written):
        return LLMUnavailable(Reason.PROMPT_TOO_LONG, detail)
    named = f"{error.param} {error.message}"
    parameter = next((name for name in OPTIONAL_PARAMETERS if name in named), None)
    if parameter:
        return LLMUnavailable(Reason.REQUEST_REFUSED, detail, parameter=parameter)
    if status in (400, 404) and re.search(r"\bmodel", f"{error.param} {written}", re.I):
        return LLMUnavailable(Reason.MODEL_UNKNOWN, detail)
    if status in (404, 405):
        return LLMUnavailable(Reason.ADDRESS_WRONG, detail)
    return LLMUnavailable(Reason.REQUEST_REFUSED, detail)


def _retry_after(error: APIStatusError | APIError) -> float | None:
    """Seconds; the header's other form, a date, is treated as no wish at all."""
    response = getattr(error, "response", None)
    value = response.headers.get("retry-after", "") if response is not None else ""
    return float(value) if re.fullmatch(r"\d{1,6}(\.\d+)?", value) else None
