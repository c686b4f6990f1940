"""What a refusal says, whoever wrote it, and what kind of error that is."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import orjson

from seedbed.core.errors import ProviderError, ProviderErrorKind

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .http import Reply

_MOST_WORDS = 300
_TITLE = re.compile(r"<title[^>]*>(.*?)</title>", re.S | re.I)
_TOO_LONG = re.compile(
    r"(context|prompt|input)[ _-](length|size|window)|(prompt|input)\b.{0,30}\btoo long|input length should be", re.I
)
_MODEL = re.compile(r"\b(models?|deployment)\b", re.I)

_NO_MODEL = re.compile(
    r"\bmodel\b.{0,80}\b(?:not exist|not found|is not available|is unknown)\b"
    r"|\b(?:unknown|invalid|no such) model\b|not a valid model\b",
    re.I,
)

_LEADS: dict[str, str] = {
    "auth": "does not accept the key",
    "model": "does not know the model `{model}`",
    "quota": "says the account has nothing left to spend",
    "request": "refused the request",
    "context": "says the prompt is too long for the model",
    "unreachable": "was not reached",
    "timeout": "took too long",
    "rate_limited": "asks for fewer requests",
    "server": "had an error of its own",
    "protocol": "answered in a form that is not understood",
}

_HINTS: dict[str, str] = {
    "auth": "Check the key, and that it belongs to this address and may use this model.",
    "model": "Check the name of the model and that the key may use it.",
    "quota": "Add credit or raise the limit with the provider, then continue the run.",
    "request": "Check the sampling settings and `extra`.",
    "context": "Shorten the prompt or its examples, lower `max_tokens`, or take a model with a larger context.",
    "timeout": "Raise `timeout` of the connection, or lower its `concurrency`.",
    "rate_limited": "Lower `concurrency` of the connection or set `requests_per_minute`.",
    "server": "Such errors usually pass; try again later.",
    "protocol": "Check that the address is that of an API.",
}

COMMON_CODES: Mapping[str, ProviderErrorKind] = {
    "insufficient_quota": "quota",
    "billing_hard_limit_reached": "quota",
    "billing_not_active": "quota",
    "quota_exceeded": "quota",
    "context_length_exceeded": "context",
    "exceed_context_size_error": "context",
    "model_not_found": "model",
    "invalid_api_key": "auth",
    "rate_limit_exceeded": "rate_limited",
}
"""Codes and types of OpenAI and of servers that speak as it does; lower case."""


@dataclass(frozen=True, slots=True)
class Fault:
    """An answer that is none: status, the provider's code, type and words, the parameter it names."""

    status: int
    code: str = ""
    type: str = ""
    words: str = ""
    param: str = ""
    inner: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)


def fault_of(reply: Reply) -> Fault:
    """Reads the error body; understands objects, plain strings, FastAPI's `detail`, web pages and nothing at all."""
    found = parsed(reply.body)
    if isinstance(found, list) and found:
        found = found[0]
    if not isinstance(found, dict):
        return Fault(reply.status, words=_plain(reply.body), headers=reply.headers)
    inner = found.get("error") or found.get("detail") or _detail(found) or found
    if isinstance(inner, list):
        inner = inner[0] if inner else {}
    if not isinstance(inner, dict):
        return Fault(reply.status, words=_squeezed(str(inner)), headers=reply.headers)
    return Fault(
        status=_status(reply.status, inner),
        code=_text(inner, "code", "error_code"),
        type=_text(inner, "type", "status"),
        words=_squeezed(_text(inner, "message", "msg", "error_msg", "error")) or _fields_of(found, reply.status),
        param=_param(inner),
        inner=_inner_code(inner),
        headers=reply.headers,
    )


def parsed(body: bytes) -> Any:
    """The JSON value, or nothing if it is none."""
    try:
        return orjson.loads(body)
    except orjson.JSONDecodeError:
        return None


def kind_of(fault: Fault, codes: Mapping[str, ProviderErrorKind]) -> ProviderErrorKind:
    """The kind by the provider's code or type if they are known, else by status and words."""
    for code in (fault.inner, fault.code, fault.type):
        if (kind := codes.get(code.lower())) is not None:
            return kind
    return _by_status(fault)


def error_of(kind: ProviderErrorKind, fault: Fault, who: str, model: str, retry_after: float | None) -> ProviderError:
    """The error to raise: one sentence with the provider's own (already cleaned) words."""
    lead = "denies access" if fault.status == 403 and kind == "auth" else _LEADS[kind].format(model=model)
    start = f"{who} {lead} (HTTP {fault.status})"
    message = f"{start}: {shortened(fault.words)}" if fault.words else f"{start}."
    hint = _HINTS.get(kind, "")
    if kind == "request" and (fault.status in (404, 405) or fault.status < 400):
        hint = "Check the `base_url` of the connection: there is no API at this path."
    return ProviderError(kind, message, retry_after=retry_after, status=fault.status, hint=hint)


def shortened(words: str) -> str:
    """At most 300 characters, ending like a sentence."""
    if len(words) > _MOST_WORDS:
        words = words[: _MOST_WORDS - 1].rstrip() + "…"
    return words if words[-1:] in ".!?…。" else words + "."


def _by_status(fault: Fault) -> ProviderErrorKind:
    status = fault.status
    if status in (400, 413, 422, 500) and _TOO_LONG.search(fault.words):
        return "context"
    if status == 404:
        return "model" if _MODEL.search(fault.words) else "request"
    if status in (400, 422) and _NO_MODEL.search(fault.words):
        return "model"
    if status in _KINDS:
        return _KINDS[status]
    if status < 300:
        return "protocol"
    return "server" if status >= 500 else "request"


_KINDS: dict[int, ProviderErrorKind] = {
    401: "auth",
    402: "quota",
    403: "auth",
    408: "timeout",
    413: "context",
    429: "rate_limited",
    504: "timeout",
}


def _detail(found: dict[str, Any]) -> Any:
    """FastAPI's `detail` inside a message, as Mistral puts it."""
    message = found.get("message")
    return message.get("detail") if isinstance(message, dict) else None


def _status(status: int, inner: dict[str, Any]) -> int:
    """Some servers answer 200 and put the real status into the body."""
    code = inner.get("code")
    return code if status == 200 and isinstance(code, int) and 400 <= code < 600 else status


def _text(inner: dict[str, Any], *names: str) -> str:
    for name in names:
        if (value := inner.get(name)) is not None and not isinstance(value, (dict, list)):
            return str(value)
    return ""


def _param(inner: dict[str, Any]) -> str:
    place = inner.get("loc")
    return str(place[-1]) if isinstance(place, list) and place else _text(inner, "param")


def _inner_code(inner: dict[str, Any]) -> str:
    deeper = inner.get("innererror") or inner.get("inner_error")
    return _text(deeper, "code") if isinstance(deeper, dict) else ""


def _fields_of(found: dict[str, Any], status: int) -> str:
    """For an answer that looks fine and is not: what it has instead."""
    return f"an object with the fields {', '.join(list(found)[:8]) or '(none)'}" if status == 200 else ""


def _plain(body: bytes) -> str:
    text = body[:20_000].decode(errors="replace")
    if text.lstrip().startswith("<"):
        title = _TITLE.search(text)
        return f"a web page, “{_squeezed(title[1])}”" if title else "a web page"
    return _squeezed(text)


def _squeezed(text: str) -> str:
    return " ".join(text.split())
