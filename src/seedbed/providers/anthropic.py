"""Anthropic's Messages API.

Facts are from platform.claude.com/docs (Messages, Errors, Rate limits, Structured outputs) and the types of its
Python SDK: `x-api-key` and `anthropic-version`, the system text as a field of its own, `max_tokens` required,
`stop_sequences`, stop reasons (`max_tokens`, `model_context_window_exceeded`, `refusal` …), cache tokens counted
besides `input_tokens`, errors `{type: error, error: {type, message}}` with 402 `billing_error` and 529
`overloaded_error`, and RFC 3339 times in `anthropic-ratelimit-*-reset`. JSON Schema goes into
`output_config.format` ("Structured outputs", generally available): `{type: json_schema, schema}`, with closed objects
and without limits on sizes. Newer models take no sampling parameters; that is learnt from their refusal.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from seedbed.core.chat import Capabilities, FinishReason, Usage
from seedbed.core.errors import ProviderError

from .dialect import Dialect, Said, estimated
from .faults import COMMON_CODES
from .rates import RateNames
from .schemas import closed
from .turns import split_system

if TYPE_CHECKING:
    from collections.abc import Mapping

    from yarl import URL

    from seedbed.core.chat import Request
    from seedbed.core.connection import Connection
    from seedbed.core.errors import ProviderErrorKind

    from .faults import Fault
    from .http import Http

_VERSION = "2023-06-01"
_MAX_TOKENS = 1024
_FINISH: dict[Any, FinishReason] = {
    "max_tokens": "length",
    "model_context_window_exceeded": "length",
    "refusal": "content_filter",
}


class Anthropic(Dialect):
    """Claude models. `api_version` of the connection is the header `anthropic-version`."""

    name: ClassVar[str] = "Anthropic"
    default_url: ClassVar[str] = "https://api.anthropic.com"
    endings: ClassVar[tuple[str, ...]] = ("/messages", "/v1")
    declared: ClassVar[Capabilities] = Capabilities(json_schema=True)
    codes: ClassVar[Mapping[str, ProviderErrorKind]] = {
        **COMMON_CODES,
        "authentication_error": "auth",
        "permission_error": "auth",
        "billing_error": "quota",
        "rate_limit_error": "rate_limited",
        "request_too_large": "context",
        "timeout_error": "timeout",
        "overloaded_error": "server",
        "api_error": "server",
    }
    rate_names: ClassVar[RateNames] = RateNames(
        "anthropic-ratelimit-requests-remaining",
        "anthropic-ratelimit-requests-reset",
        "anthropic-ratelimit-tokens-remaining",
        "anthropic-ratelimit-tokens-reset",
    )

    def __init__(self, connection: Connection, key: str | None = None, http: Http | None = None) -> None:
        super().__init__(connection, key, http)
        self._messages = self.base / "v1/messages"
        self._format: tuple[dict[str, Any], dict[str, Any]] | None = None

    def auth(self) -> dict[str, str]:
        """The key and the version of the API."""
        version = {"anthropic-version": self.connection.api_version or _VERSION}
        return {**version, "x-api-key": self._key} if self._key else version

    def url(self, request: Request) -> URL:
        """Messages; there are no raw completions."""
        if request.prompt is not None:
            hint = "Use a chat generator with this connection."
            raise ProviderError("request", "Anthropic has no raw completions.", hint=hint)
        return self._messages

    def body(self, request: Request, can: Capabilities) -> dict[str, Any]:
        """The system text apart, and a limit always."""
        system, turns = split_system(request.messages)
        if system and not can.system_role:
            turns[0] = {"role": turns[0]["role"], "content": f"{system}\n\n{turns[0]['content']}"}
        body: dict[str, Any] = {
            "model": request.model,
            "max_tokens": request.max_tokens or _MAX_TOKENS,
            "messages": turns,
        }
        if system and can.system_role:
            body["system"] = system
        _sample(body, request)
        if request.schema is not None and self.constrains(request, can):
            body["output_config"] = self._output_config(request.schema)
        return body

    def said(self, answer: dict[str, Any], request: Request) -> Said:
        """The text blocks; thinking is left out."""
        text = "".join(block["text"] for block in answer["content"] if block["type"] == "text")
        return Said(text, _FINISH.get(answer.get("stop_reason"), "stop"), _usage(answer.get("usage"), request, text))

    def kind_of(self, fault: Fault) -> ProviderErrorKind:
        """An empty account is told by a sentence only."""
        return "quota" if "credit balance is too low" in fault.words else super().kind_of(fault)

    def _output_config(self, schema: dict[str, Any]) -> dict[str, Any]:
        if self._format is None or self._format[0] is not schema:
            self._format = (schema, {"format": {"type": "json_schema", "schema": closed(schema)}})
        return self._format[1]


def _sample(body: dict[str, Any], request: Request) -> None:
    if request.temperature is not None:
        body["temperature"] = request.temperature
    if request.top_p is not None:
        body["top_p"] = request.top_p
    if request.stop:
        body["stop_sequences"] = request.stop


def _usage(usage: Mapping[str, Any] | None, request: Request, text: str) -> Usage:
    if not usage or usage.get("input_tokens") is None:
        return estimated(request, text)
    names = ("input_tokens", "cache_creation_input_tokens", "cache_read_input_tokens")
    return Usage(sum(usage.get(name) or 0 for name in names), usage.get("output_tokens") or 0)
