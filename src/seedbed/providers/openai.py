"""OpenAI, and every server that speaks as it does (vLLM, llama.cpp, LM Studio, gateways).

Facts are from OpenAI's API reference (`/v1/chat/completions`, `/v1/completions`, "Error codes", "Rate limits"):
Bearer authorization, `response_format` of type `json_schema`, `logprobs` with `top_logprobs`, rate-limit headers
`x-ratelimit-{remaining,reset}-{requests,tokens}` with durations such as `6m0s`. Vectors are asked at `/v1/embeddings`
with a list of one text (Qianfan takes nothing but a list) and come as floats where nothing else is said.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, ClassVar

from seedbed.core.chat import Capabilities, FinishReason, Usage

from .dialect import Dialect, Said, embedded, estimated
from .schemas import is_closed, schema_name
from .turns import fold_system

if TYPE_CHECKING:
    from collections.abc import Mapping

    from yarl import URL

    from seedbed.core.chat import Request
    from seedbed.core.connection import Connection

    from .faults import Fault
    from .http import Http

_FINISH: dict[Any, FinishReason] = {"length": "length", "max_tokens": "length", "content_filter": "content_filter"}
_FILTERED = frozenset({"content_filter", "content_policy_violation", "responsibleaipolicyviolation"})
_OWN_HOST = "api.openai.com"
_NOTHING_LEFT = "model output limit was reached"


class OpenAI(Dialect):
    """Chat, raw completions and embeddings in OpenAI's dialect.

    Raw completions are declared for other addresses only: OpenAI's own models do not take them any more.
    """

    name: ClassVar[str] = "OpenAI"
    default_url: ClassVar[str] = "https://api.openai.com/v1"
    endings: ClassVar[tuple[str, ...]] = ("/chat/completions", "/completions", "/embeddings")
    embeds: ClassVar[bool] = True
    declared: ClassVar[Capabilities] = Capabilities(json_schema=True, logprobs=True, seed=True)
    limit_field: ClassVar[str] = "max_tokens"
    filter_codes: ClassVar[frozenset[str]] = _FILTERED

    def __init__(self, connection: Connection, key: str | None = None, http: Http | None = None) -> None:
        super().__init__(connection, key, http)
        self._chat = self.base / "chat/completions"
        self._raw = self.base / "completions"
        self._vectors = self.base / "embeddings"
        self._format: tuple[dict[str, Any], dict[str, Any]] | None = None

    def declare(self) -> Capabilities:
        """Raw completions as well, if the address is not OpenAI's own."""
        return replace(self.declared, raw_completions=self.base.host != _OWN_HOST)

    def who(self) -> str:
        """OpenAI only if it is; else the address."""
        own = self.name != OpenAI.name or self.base.host == _OWN_HOST
        return self.name if own else f"{self.base.host}:{self.base.port}"

    def auth(self) -> dict[str, str]:
        """A bearer token, if there is a key."""
        return {"Authorization": f"Bearer {self._key}"} if self._key else {}

    def url(self, request: Request) -> URL:
        """Chat, raw completions or embeddings."""
        if request.embed is not None:
            return self._vectors
        return self._chat if request.prompt is None else self._raw

    def body(self, request: Request, can: Capabilities) -> dict[str, Any]:
        """The question, the sampling, and what the capabilities allow of the rest."""
        body: dict[str, Any] = {"model": request.model}
        if request.embed is not None:
            body["input"] = [request.embed]
            return body
        if request.prompt is not None:
            body["prompt"] = request.prompt
        else:
            body["messages"] = request.messages if can.system_role else fold_system(request.messages)
        _sample(body, request, self.limit_field)
        if request.seed is not None and can.seed:
            body["seed"] = request.seed
        if request.top_logprobs and can.logprobs:
            body.update(_asked_logprobs(request))
        if request.schema is not None and self.constrains(request, can):
            body["response_format"] = self._response_format(request.schema)
        return body

    def said(self, answer: dict[str, Any], request: Request) -> Said:
        """The first choice, or the vector."""
        if request.embed is not None:
            tokens = (answer.get("usage") or {}).get("prompt_tokens")
            return embedded(answer["data"][0]["embedding"], tokens, request)
        choice = answer["choices"][0]
        finish = _FINISH.get(choice.get("finish_reason"), "stop")
        if request.prompt is None:
            message = choice["message"]
            text = _content(message.get("content"))
            if not text and (refusal := message.get("refusal")):
                text, finish = str(refusal), "content_filter"
        else:
            text = choice["text"] or ""
        logprobs = _logprobs(choice.get("logprobs")) if request.top_logprobs else ()
        return Said(text, finish, _usage(answer.get("usage"), request, text), logprobs)

    def forgiven(self, fault: Fault, request: Request) -> Said | None:
        """A content filter's refusal is an answer, and so is a model that thought until its tokens were used up."""
        if request.embed is not None:
            return None
        if self.is_filtered(fault):
            return Said("", "content_filter", Usage(request.input_size(), 0))
        if fault.status == 400 and _NOTHING_LEFT in fault.words:
            return Said("", "length", Usage(request.input_size(), request.max_tokens or 0))
        return None

    def is_filtered(self, fault: Fault) -> bool:
        """Whether a content filter refused the prompt or the answer."""
        return not self.filter_codes.isdisjoint((fault.code.lower(), fault.inner.lower(), fault.type.lower()))

    def _response_format(self, schema: dict[str, Any]) -> dict[str, Any]:
        """Built once for a schema that is asked for again and again."""
        if self._format is None or self._format[0] is not schema:
            described: dict[str, Any] = {"name": schema_name(schema), "schema": schema}
            if is_closed(schema):
                described["strict"] = True
            self._format = (schema, {"type": "json_schema", "json_schema": described})
        return self._format[1]


def _sample(body: dict[str, Any], request: Request, limit_field: str) -> None:
    if request.temperature is not None:
        body["temperature"] = request.temperature
    if request.top_p is not None:
        body["top_p"] = request.top_p
    if request.max_tokens is not None:
        body[limit_field] = request.max_tokens
    if request.stop:
        body["stop"] = request.stop


def _asked_logprobs(request: Request) -> dict[str, Any]:
    if request.prompt is not None:
        return {"logprobs": request.top_logprobs}
    return {"logprobs": True, "top_logprobs": request.top_logprobs}


def _content(content: Any) -> str:
    """Text, or the text parts of a list, or nothing."""
    if isinstance(content, str):
        return content
    return "".join(part.get("text") or "" for part in content) if isinstance(content, list) else ""


def _usage(usage: Mapping[str, Any] | None, request: Request, text: str) -> Usage:
    if not usage or usage.get("prompt_tokens") is None:
        return estimated(request, text)
    return Usage(usage["prompt_tokens"], usage.get("completion_tokens") or 0)


def _logprobs(found: Any) -> tuple[tuple[str, float], ...]:
    """The first token's alternatives, of the chat form or of the older one of raw completions."""
    if not isinstance(found, dict):
        return ()
    if content := found.get("content"):
        first = content[0]
        pairs = [(each["token"], each["logprob"]) for each in first.get("top_logprobs") or [first]]
    elif top := found.get("top_logprobs"):
        pairs = list((top[0] or {}).items())
    else:
        return ()
    return tuple(sorted(pairs, key=lambda pair: -pair[1]))
