"""OpenAI's dialect and Azure's."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, ClassVar

from .dialect_server import ANSWER, KEY, Out, Seen, Server, Understood, names

if TYPE_CHECKING:
    from aiohttp import web


class OpenAIServer(Server):
    model = "gpt-4o-mini"
    path = "/v1/chat/completions"
    vectors = "/v1/embeddings"
    prefix = "/v1"
    extra = ("presence_penalty", 0.5)
    raw = True
    logprobs = True
    limit_field: ClassVar[str] = "max_tokens"
    fields: ClassVar[frozenset[str]] = names("""
    model messages temperature top_p max_tokens max_completion_tokens stop seed response_format logprobs
    top_logprobs presence_penalty frequency_penalty n stream user
    """)
    raw_fields: ClassVar[frozenset[str]] = names("""
    model prompt temperature top_p max_tokens stop seed logprobs echo n suffix user
    """)

    def error(self, status: int, message: str, kind: str, code: str | None, **more: Any) -> Out:
        headers = more.pop("headers", {})
        inner = {"message": message, "type": kind, "param": more.pop("param", None), "code": code, **more}
        return Out(status, {"error": inner}, headers)

    def refuse_key(self, request: web.Request) -> Out | None:
        sent = request.headers.get("Authorization", "")
        if sent == f"Bearer {KEY}":
            return None
        words = f"Incorrect API key provided: {sent.removeprefix('Bearer ')}. You can find your API key at …"
        return self.error(401, words, "invalid_request_error", "invalid_api_key")

    def is_path(self, path: str) -> bool:
        return path in ("/v1/chat/completions", "/v1/completions")

    def refuse_path(self, request: web.Request) -> Out:
        words = f"Invalid URL ({request.method} {request.path})"
        return self.error(404, words, "invalid_request_error", None)

    def situations(self, raw: bool) -> dict[str, Out]:
        limited = "Rate limit reached for gpt-4o-mini in organization org-x on requests per min (RPM): Limit 3."
        long = "This model's maximum context length is 8192 tokens. However, your messages resulted in 9001 tokens."
        return {
            "rate limited": self.error(
                429, limited, "requests", "rate_limit_exceeded", headers={"Retry-After": "2", "retry-after-ms": "1500"}
            ),
            "no quota": self.error(429, "You exceeded your current quota.", "insufficient_quota", "insufficient_quota"),
            "server error": self.error(500, "The server had an error.", "server_error", None),
            "overloaded": self.error(503, "The engine is currently overloaded.", "server_error", None),
            "timed out": Out(504, b"upstream request timeout"),
            "too long": self.error(400, long, "invalid_request_error", "context_length_exceeded", param="messages"),
            "bad request": self.error(
                400, "2.5 is greater than the maximum of 2 - 'temperature'.", "invalid_request_error", None
            ),
            "forbidden": self.error(403, "Country, region, or territory not supported.", "request_forbidden", "geo"),
            "truncated": self.complete(raw, finish="length"),
            "filtered answer": self.complete(raw, text="", finish="content_filter"),
            "no usage": self.complete(raw, usage=False),
            "empty": self.complete(raw, text=None),
        }

    def refuse_form(self, body: dict[str, Any]) -> Out | None:
        known = self.raw_fields if "prompt" in body else self.fields
        for name in body:
            if name not in known:
                return self.error(400, f"Unrecognized request argument supplied: {name}", "invalid_request_error", None)
        needed = "prompt" if "prompt" in body else "messages"
        if not body.get(needed):
            return self.error(400, f"'{needed}' is a required property", "invalid_request_error", None)
        if "top_logprobs" in body and body.get("logprobs") is not True and "prompt" not in body:
            return self.error(400, "'logprobs' must be true if top_logprobs is set.", "invalid_request_error", None)
        return None

    def refuse_model(self, request: web.Request, body: dict[str, Any]) -> Out:
        del request
        words = f"The model `{body.get('model')}` does not exist or you do not have access to it."
        return self.error(404, words, "invalid_request_error", "model_not_found")

    def rate_headers(self) -> dict[str, str]:
        return {
            "x-ratelimit-limit-requests": "60",
            "x-ratelimit-remaining-requests": "59",
            "x-ratelimit-reset-requests": "1s",
            "x-ratelimit-limit-tokens": "150000",
            "x-ratelimit-remaining-tokens": "149984",
            "x-ratelimit-reset-tokens": "6m0s",
        }

    def complete(
        self, raw: bool, *, text: str | None = ANSWER, finish: str = "stop", usage: bool = True, logprobs: bool = False
    ) -> Out:
        choice: dict[str, Any] = {"index": 0, "finish_reason": finish, "logprobs": None}
        if raw:
            choice["text"] = text or ""
        else:
            choice["message"] = {"role": "assistant", "content": text, "refusal": None}
        if logprobs and raw:
            top = {" polite": -0.1, " rude": -2.4}
            choice["logprobs"] = {"tokens": [" polite"], "token_logprobs": [-0.1], "top_logprobs": [top]}
        elif logprobs:
            top_list = [{"token": "polite", "logprob": -0.1}, {"token": "rude", "logprob": -2.4}]
            choice["logprobs"] = {"content": [{"token": "polite", "logprob": -0.1, "top_logprobs": top_list}]}
        body = {"id": "chatcmpl-1", "object": "chat.completion", "created": 1, "model": self.model, "choices": [choice]}
        if usage:
            body["usage"] = {"prompt_tokens": 31, "completion_tokens": 7, "total_tokens": 38}
        return Out(200, body, self.rate_headers())

    def accept(self, body: dict[str, Any]) -> Out:
        text = json.dumps({"text": ANSWER}) if "response_format" in body else ANSWER
        return self.complete("prompt" in body, text=text, logprobs=bool(body.get("logprobs")))

    def understand(self, seen: Seen) -> Understood:
        body = seen.body
        turns = [(turn["role"], turn["content"]) for turn in body.get("messages", [])]
        system = next((content for role, content in turns if role == "system"), None)
        form = body.get("response_format", {})
        raw = "prompt" in body
        return Understood(
            turns=[turn for turn in turns if turn[0] != "system"],
            prompt=body.get("prompt"),
            system=system,
            schema=form["json_schema"]["schema"] if form.get("type") == "json_schema" else None,
            temperature=body.get("temperature"),
            top_p=body.get("top_p"),
            max_tokens=body.get(self.limit_field),
            stop=body.get("stop"),
            seed=body.get("seed"),
            top_logprobs=body.get("logprobs", 0) if raw else body.get("top_logprobs", 0),
        )


class AzureServer(OpenAIServer):
    model = "my-deployment"
    path = "/openai/deployments/my-deployment/chat/completions"
    vectors = "/openai/deployments/my-deployment/embeddings"
    prefix = ""
    fields = OpenAIServer.fields - {"model"}
    raw_fields = OpenAIServer.raw_fields - {"model"}
    raw = False

    def refuse_key(self, request: web.Request) -> Out | None:
        if request.headers.get("api-key") == KEY and "Authorization" not in request.headers:
            return None
        words = (
            f"Access denied due to invalid subscription key {request.headers.get('api-key')} or wrong API endpoint. "
            "Make sure to provide a valid key for an active subscription."
        )
        return Out(401, {"error": {"code": "401", "message": words}})

    def is_path(self, path: str) -> bool:
        return path.startswith("/openai/deployments/") and path.endswith("/chat/completions")

    def refuse_path(self, request: web.Request) -> Out:
        del request
        return Out(404, {"error": {"code": "404", "message": "Resource not found"}})

    def is_model(self, request: web.Request, body: dict[str, Any]) -> bool:
        del body
        return request.path.split("/")[3] == self.model

    def refuse_model(self, request: web.Request, body: dict[str, Any]) -> Out:
        del request, body
        words = (
            "The API deployment for this resource does not exist. If you created the deployment within the last 5 "
            "minutes, please wait a moment and try again."
        )
        return Out(404, {"error": {"code": "DeploymentNotFound", "message": words}})

    def rate_headers(self) -> dict[str, str]:
        return {
            "x-ratelimit-remaining-requests": "59",
            "x-ratelimit-reset-requests": "1",
            "x-ratelimit-remaining-tokens": "149984",
            "x-ratelimit-reset-tokens": "360",
        }

    def situations(self, raw: bool) -> dict[str, Out]:
        words = "The response was filtered due to the prompt triggering Azure OpenAI's content management policy."
        result = {"hate": {"filtered": True, "severity": "high"}}
        inner = {"code": "ResponsibleAIPolicyViolation", "content_filter_result": result}
        filtered = {"message": words, "type": None, "param": "prompt", "code": "content_filter", "status": 400}
        limited = (
            "Requests have exceeded call rate limit of your current OpenAI S0 pricing tier. Retry after 2 seconds."
        )
        return super().situations(raw) | {
            "filtered prompt": Out(400, {"error": {**filtered, "innererror": inner}}),
            "rate limited": Out(429, {"error": {"code": "429", "message": limited}}, {"Retry-After": "2"}),
        }
