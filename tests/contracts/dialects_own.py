"""The dialects that are nobody else's: Anthropic's and Ollama's."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, ClassVar

from .dialect_server import ANSWER, KEY, Out, Seen, Server, Understood, names, vector_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aiohttp import web


class AnthropicServer(Server):
    model = "claude-haiku-4-5"
    path = "/v1/messages"
    extra = ("top_k", 40)
    seeds = False
    system_field = True
    fields: ClassVar[frozenset[str]] = names("""
    model messages max_tokens system temperature top_p top_k stop_sequences stream metadata thinking
    output_config tools tool_choice service_tier
    """)
    limits: ClassVar[frozenset[str]] = frozenset({"minLength", "maxLength", "minimum", "maximum"})

    def error(self, status: int, kind: str, message: str, **headers: str) -> Out:
        body = {"type": "error", "error": {"type": kind, "message": message}, "request_id": "req_011CSHoEeqs5C35K"}
        return Out(status, body, {name.replace("_", "-"): value for name, value in headers.items()})

    def refuse_key(self, request: web.Request) -> Out | None:
        if request.headers.get("x-api-key") != KEY or "Authorization" in request.headers:
            return self.error(401, "authentication_error", f"invalid x-api-key {request.headers.get('x-api-key')}")
        if request.headers.get("anthropic-version") != "2023-06-01":
            return self.error(400, "invalid_request_error", "anthropic-version: header is required")
        return None

    def is_path(self, path: str) -> bool:
        return path == "/v1/messages"

    def refuse_path(self, request: web.Request) -> Out:
        del request
        return self.error(404, "not_found_error", "Not Found")

    def situations(self, raw: bool) -> dict[str, Out]:
        del raw
        limited = "This request would exceed your organization's rate limit of 50 requests per minute."
        broke = "Your credit balance is too low to access the Anthropic API. Please go to Plans & Billing."
        return {
            "rate limited": self.error(429, "rate_limit_error", limited, retry_after="2"),
            "no quota": self.error(400, "invalid_request_error", broke),
            "unpaid": self.error(402, "billing_error", "There is an issue with your billing."),
            "server error": self.error(500, "api_error", "Internal server error"),
            "overloaded": self.error(529, "overloaded_error", "Overloaded"),
            "timed out": self.error(504, "timeout_error", "Request timed out."),
            "too long": self.error(400, "invalid_request_error", "prompt is too long: 208310 tokens > 200000 maximum"),
            "too large": self.error(413, "request_too_large", "Request exceeds the maximum size"),
            "bad request": self.error(400, "invalid_request_error", "max_tokens: must be greater than 0"),
            "forbidden": self.error(403, "permission_error", "Your API key does not have permission."),
            "truncated": self.complete(stop="max_tokens"),
            "window full": self.complete(stop="model_context_window_exceeded"),
            "filtered answer": self.complete(text="", stop="refusal"),
            "no usage": self.complete(usage=False),
        }

    def refuse_form(self, body: dict[str, Any]) -> Out | None:
        wrong = next(self.mistakes(body), None)
        return None if wrong is None else self.error(400, "invalid_request_error", wrong)

    def mistakes(self, body: dict[str, Any]) -> Iterator[str]:
        for name in body.keys() - self.fields:
            yield f"{name}: Extra inputs are not permitted"
        if not isinstance(body.get("max_tokens"), int):
            yield "max_tokens: Field required"
        if not body["messages"] or any(turn["role"] not in ("user", "assistant") for turn in body["messages"]):
            yield 'messages: Unexpected role "system" or no message.'
        if self.situation == "takes no sampling" and {"temperature", "top_p"} & body.keys():
            yield "`temperature` is deprecated for this model."
        schema = body.get("output_config", {}).get("format", {}).get("schema", {"additionalProperties": False})
        if schema.get("additionalProperties") is not False:
            yield "output_config.format.schema: For 'object' type, 'additionalProperties' must be explicitly false"
        if any(self.limits & part.keys() for part in schema.get("properties", {}).values()):
            yield "output_config.format.schema: maxLength is not supported"

    def refuse_model(self, request: web.Request, body: dict[str, Any]) -> Out:
        del request
        return self.error(404, "not_found_error", f"model: {body['model']}")

    def complete(self, *, text: str = ANSWER, stop: str = "end_turn", usage: bool = True) -> Out:
        thought = {"type": "thinking", "thinking": "The user wants a reply.", "signature": "x"}
        content = [thought, {"type": "text", "text": text}] if text else []
        body: dict[str, Any] = {
            "id": "msg_01",
            "type": "message",
            "role": "assistant",
            "model": self.model,
            "content": content,
            "stop_reason": stop,
            "stop_sequence": None,
        }
        if usage:
            cached = {"cache_creation_input_tokens": 10, "cache_read_input_tokens": 20}
            body["usage"] = {"input_tokens": 1, "output_tokens": 7, **cached}
        return Out(
            200,
            body,
            {
                "anthropic-ratelimit-requests-limit": "60",
                "anthropic-ratelimit-requests-remaining": "59",
                "anthropic-ratelimit-requests-reset": "2025-08-21T12:41:00Z",
                "anthropic-ratelimit-tokens-remaining": "149984",
                "anthropic-ratelimit-tokens-reset": "2125-08-21T12:41:00Z",
            },
        )

    def accept(self, body: dict[str, Any]) -> Out:
        return self.complete(text=json.dumps({"text": ANSWER}) if "output_config" in body else ANSWER)

    def understand(self, seen: Seen) -> Understood:
        body = seen.body
        form = body.get("output_config", {}).get("format", {})
        return Understood(
            turns=[(turn["role"], turn["content"]) for turn in body["messages"]],
            system=body.get("system"),
            schema=form.get("schema") if form.get("type") == "json_schema" else None,
            temperature=body.get("temperature"),
            top_p=body.get("top_p"),
            max_tokens=body.get("max_tokens"),
            stop=body.get("stop_sequences"),
        )


class OllamaServer(Server):
    model = "llama3.2:1b"
    path = "/api/chat"
    vectors = "/api/embed"
    extra = ("keep_alive", "10m")
    raw = True
    logprobs = True
    free = True
    fields: ClassVar[frozenset[str]] = names("""
    model messages stream format options keep_alive think tools logprobs top_logprobs
    """)
    raw_fields: ClassVar[frozenset[str]] = names("""
    model prompt stream format options keep_alive raw system think logprobs top_logprobs suffix
    """)

    def refuse_key(self, request: web.Request) -> Out | None:
        """As a gateway before it would; Ollama itself asks for none."""
        sent = request.headers.get("Authorization")
        return None if sent in (None, f"Bearer {KEY}") else Out(401, {"error": f"unauthorized: {sent}"})

    def is_path(self, path: str) -> bool:
        return path in ("/api/chat", "/api/generate")

    def refuse_path(self, request: web.Request) -> Out:
        del request
        return Out(404, b"404 page not found", {"Content-Type": "text/plain"})

    def situations(self, raw: bool) -> dict[str, Out]:
        busy = "server busy, please try again.  maximum pending requests exceeded"
        return {
            "rate limited": Out(429, {"error": "too many requests"}),
            "server error": Out(500, {"error": "llama runner process has terminated: exit status 2"}),
            "overloaded": Out(503, {"error": busy}),
            "too long": Out(400, {"error": "the input length exceeds the context length"}),
            "bad request": Out(400, {"error": "invalid options: num_predict"}),
            "forbidden": Out(403, {"error": "cloud models are disabled"}),
            "truncated": self.complete(raw, reason="length"),
            "no usage": self.complete(raw, usage=False),
        }

    def refuse_form(self, body: dict[str, Any]) -> Out | None:
        known = self.raw_fields if "prompt" in body else self.fields
        if unknown := body.keys() - known:
            return Out(400, {"error": f"unknown field {unknown}"})
        if body.get("stream") is not False:
            return Out(400, {"error": "this test server does not stream"})
        return None

    def refuse_model(self, request: web.Request, body: dict[str, Any]) -> Out:
        del request
        return Out(404, {"error": f'model "{body["model"]}" not found, try pulling it first'})

    def complete(self, raw: bool, *, text: str = ANSWER, reason: str = "stop", usage: bool = True, **more: Any) -> Out:
        body: dict[str, Any] = {"model": self.model, "created_at": "2026-11-05T12:00:00Z", "done": True}
        body |= {"response": text} if raw else {"message": {"role": "assistant", "content": text, "thinking": "hm"}}
        body["done_reason"] = reason
        if usage:
            body |= {"prompt_eval_count": 31, "eval_count": 7, "total_duration": 5}
        return Out(200, body | more)

    def embed(self, body: dict[str, Any]) -> Out:
        found = [vector_of(text) for text in body["input"]]
        return Out(200, {"model": self.model, "embeddings": found, "total_duration": 5, "prompt_eval_count": 5})

    def accept(self, body: dict[str, Any]) -> Out:
        text = json.dumps({"text": ANSWER}) if "format" in body else ANSWER
        more: dict[str, Any] = {}
        if body.get("logprobs"):
            top = [{"token": "polite", "logprob": -0.1}, {"token": "rude", "logprob": -2.4}]
            more["logprobs"] = [{"token": "polite", "logprob": -0.1, "top_logprobs": top}]
        return self.complete("prompt" in body, text=text, **more)

    def understand(self, seen: Seen) -> Understood:
        body, options = seen.body, seen.body.get("options", {})
        turns = [(turn["role"], turn["content"]) for turn in body.get("messages", [])]
        return Understood(
            turns=[turn for turn in turns if turn[0] != "system"],
            prompt=body.get("prompt") if body.get("raw") else None,
            system=next((content for role, content in turns if role == "system"), None),
            schema=body.get("format"),
            temperature=options.get("temperature"),
            top_p=options.get("top_p"),
            max_tokens=options.get("num_predict"),
            stop=options.get("stop"),
            seed=options.get("seed"),
            top_logprobs=body.get("top_logprobs", 0),
        )
