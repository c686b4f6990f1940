"""The dialects of Baidu Qianfan and Alibaba DashScope."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .dialect_server import KEY, Out
from .dialects_openai import OpenAIServer

if TYPE_CHECKING:
    from aiohttp import web


class QianfanServer(OpenAIServer):
    model = "ernie-5.1"
    path = "/v2/chat/completions"
    vectors = "/v2/embeddings"
    prefix = "/v2"
    extra = ("penalty_score", 1.2)
    raw = False
    logprobs = False
    limit_field = "max_completion_tokens"
    fields = (OpenAIServer.fields | {"penalty_score", "web_search", "enable_thinking"}) - {
        "logprobs",
        "top_logprobs",
        "max_tokens",
    }

    def error(self, status: int, message: str, kind: str, code: str | None, **more: Any) -> Out:
        inner = {"code": code or "invalid_argument", "message": message, "type": kind}
        return Out(status, {"error": inner, "id": "as-x8xi6mm8"}, more.get("headers", {}))

    def refuse_key(self, request: web.Request) -> Out | None:
        if request.headers.get("Authorization") == f"Bearer {KEY}":
            return None
        words = f"IAM Certification failed: {request.headers.get('Authorization')}"
        return self.error(401, words, "invalid_request_error", "invalid_iam_token")

    def is_path(self, path: str) -> bool:
        return path == "/v2/chat/completions"

    def refuse_path(self, request: web.Request) -> Out:
        del request
        return Out(404, {"code": "NotFound", "message": "The requested resource is not found.", "requestId": "1"})

    def refuse_model(self, request: web.Request, body: dict[str, Any]) -> Out:
        del request, body
        words = "The model does not exist or you do not have access to it."
        return self.error(401, words, "invalid_request_error", "invalid_model")

    def rate_headers(self) -> dict[str, str]:
        return {"X-Ratelimit-Remaining-Requests": "59", "X-Ratelimit-Remaining-Tokens": "149984"}

    def situations(self, raw: bool) -> dict[str, Out]:
        del raw
        limited = "Rate limit reached for RPM"
        return {
            "rate limited": self.error(429, limited, "rate_limit_exceeded", "rpm_rate_limit_exceeded"),
            "tokens limited": self.error(
                429, "Rate limit reached for TPM", "rate_limit_exceeded", "tpm_rate_limit_exceeded"
            ),
            "no quota": self.error(403, "Access denied due to overdue account", "access_denied", "account_overdue"),
            "server error": self.error(500, "Internal error", "Internal_error", "internal_error"),
            "too long": self.error(400, "Prompt tokens too long", "invalid_request_error", "tokens_too_long"),
            "bad request": self.error(
                400, "temperature must be in (0, 1]", "invalid_request_error", "invalid_argument"
            ),
            "forbidden": self.error(401, "No permission to use the appid", "invalid_request_error", "invalid_appid"),
            "model offline": self.error(403, "The model is offline", "access_denied", "model_offline"),
            "filtered prompt": self.error(
                403, "the content of system field is invalid", "unsafe_request", "system_unsafe"
            ),
            "truncated": self.complete(False, finish="length"),
            "filtered answer": self.complete(False, text="", finish="content_filter"),
            "no usage": self.complete(False, usage=False),
        }


class DashScopeServer(OpenAIServer):
    model = "qwen-plus"
    path = "/compatible-mode/v1/chat/completions"
    vectors = "/compatible-mode/v1/embeddings"
    prefix = "/compatible-mode/v1"
    extra = ("enable_search", True)
    raw = False
    logprobs = False
    fields = OpenAIServer.fields | {"enable_search", "enable_thinking", "thinking_budget"}

    def error(self, status: int, message: str, kind: str, code: str | None, **more: Any) -> Out:
        inner = {"message": message, "type": kind, "param": None, "code": code}
        return Out(status, {"error": inner, "request_id": "649b2bbc"}, more.get("headers", {}))

    def refuse_key(self, request: web.Request) -> Out | None:
        sent = request.headers.get("Authorization", "")
        if sent == f"Bearer {KEY}":
            return None
        return self.error(401, f"Incorrect API key provided: {sent[7:]}.", "invalid_request_error", "invalid_api_key")

    def is_path(self, path: str) -> bool:
        return path == self.path

    def refuse_form(self, body: dict[str, Any]) -> Out | None:
        if not 0 <= body.get("seed", 0) < 2**31:
            words = f"{body['seed']} is greater than the maximum of 2147483647 - 'seed'"
            return self.error(400, words, "invalid_request_error", "invalid_value")
        if self.situation == "thinks" and body.get("enable_thinking") is not False:
            words = "parameter.enable_thinking must be set to false for non-streaming calls"
            return self.error(400, words, "invalid_request_error", "invalid_parameter_error")
        return super().refuse_form(body)

    def rate_headers(self) -> dict[str, str]:
        return {}

    def situations(self, raw: bool) -> dict[str, Out]:
        del raw
        limited = "Requests rate limit exceeded, please try again later."
        quota = "Allocated quota exceeded, please increase your quota limit."
        unsafe = "Input data may contain inappropriate content."
        overdue = "Access denied, please make sure your account is in good standing."
        exhausted = "The free tier of the model has been exhausted."
        busy = "Too many requests. Your requests are being throttled due to system capacity limits."
        return {
            "rate limited": self.error(429, limited, "limit_requests", "limit_requests"),
            "tokens limited": self.error(429, quota, "insufficient_quota", "insufficient_quota"),
            "burst": self.error(429, "Request rate increased too quickly.", "limit_burst_rate", "limit_burst_rate"),
            "throttled": Out(
                429, {"code": "Throttling", "message": "Requests throttling triggered.", "request_id": "1"}
            ),
            "no quota": self.error(400, overdue, "Arrearage", "Arrearage"),
            "free tier": self.error(403, exhausted, "AllocationQuota.FreeTierOnly", "AllocationQuota.FreeTierOnly"),
            "free quota": self.error(429, "Free allocated quota exceeded.", "insufficient_quota", "insufficient_quota"),
            "server error": self.error(500, "An internal error has occured.", "internal_error", "internal_error"),
            "overloaded": self.error(503, busy, "ModelServingError", "ModelServingError"),
            "timed out": self.error(500, "Request timed out, please try again later.", "x", "RequestTimeOut"),
            "too long": self.error(
                400, "Range of input length should be [1, 129024]", "invalid_request_error", "invalid_parameter_error"
            ),
            "bad request": self.error(400, "The style is invalid.", "invalid_request_error", "invalid_parameter_error"),
            "forbidden": self.error(403, "Access denied.", "access_denied", "access_denied"),
            "filtered prompt": self.error(400, unsafe, "data_inspection_failed", "data_inspection_failed"),
            "truncated": self.complete(False, finish="length"),
            "no usage": self.complete(False, usage=False),
        }
