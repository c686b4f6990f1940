"""Ollama, by its own API.

The native routes (`/api/chat`, `/api/generate`) are used, not the OpenAI-compatible ones, because only they have raw
prompts without the model's template (`raw`), a JSON Schema as `format`, and all sampling as `options`. Facts are from
Ollama's docs/openapi.yaml and docs/api/errors.mdx: `stream: false`, `num_predict`, `done_reason`,
`prompt_eval_count` and `eval_count`, `logprobs` with `top_logprobs`, errors as `{"error": "words"}`, 404 for a model
that was not pulled, 503 for a full queue; `/api/embed` takes `input` and answers `embeddings`, a list of vectors. A key
is sent as bearer for servers behind a gateway.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from seedbed.core.chat import Capabilities, FinishReason, Usage

from .dialect import Dialect, Said, embedded, estimated
from .turns import fold_system

if TYPE_CHECKING:
    from yarl import URL

    from seedbed.core.chat import Request
    from seedbed.core.connection import Connection

    from .http import Http

_FINISH: dict[Any, FinishReason] = {"length": "length"}


class Ollama(Dialect):
    """Models on one's own machine; calls cost nothing."""

    name: ClassVar[str] = "Ollama"
    default_url: ClassVar[str] = "http://127.0.0.1:11434"
    endings: ClassVar[tuple[str, ...]] = ("/v1", "/api")
    embeds: ClassVar[bool] = True
    timeout: ClassVar[float] = 600.0
    declared: ClassVar[Capabilities] = Capabilities(
        json_schema=True, raw_completions=True, logprobs=True, seed=True, prefix_cache=True, free=True
    )

    def __init__(self, connection: Connection, key: str | None = None, http: Http | None = None) -> None:
        super().__init__(connection, key, http)
        self._chat = self.base / "api/chat"
        self._raw = self.base / "api/generate"
        self._vectors = self.base / "api/embed"

    def auth(self) -> dict[str, str]:
        """Nothing, or a bearer token."""
        return {"Authorization": f"Bearer {self._key}"} if self._key else {}

    def url(self, request: Request) -> URL:
        """Chat, generation from a raw prompt, or embeddings."""
        if request.embed is not None:
            return self._vectors
        return self._chat if request.prompt is None else self._raw

    def constrains(self, request: Request, can: Capabilities) -> bool:
        """Raw prompts too can be held to a schema."""
        return can.json_schema and request.schema is not None

    def body(self, request: Request, can: Capabilities) -> dict[str, Any]:
        """The question, with all sampling under `options`."""
        if request.embed is not None:
            return {"model": request.model, "input": [request.embed]}
        body: dict[str, Any] = {"model": request.model, "stream": False}
        if request.prompt is not None:
            body |= {"prompt": request.prompt, "raw": True}
        else:
            body["messages"] = request.messages if can.system_role else fold_system(request.messages)
        if options := _options(request, can):
            body["options"] = options
        if self.constrains(request, can):
            body["format"] = request.schema
        if request.top_logprobs and can.logprobs:
            body |= {"logprobs": True, "top_logprobs": request.top_logprobs}
        return body

    def said(self, answer: dict[str, Any], request: Request) -> Said:
        """The whole answer, or the vector; thinking is left out."""
        if request.embed is not None:
            return embedded(answer["embeddings"][0], answer.get("prompt_eval_count"), request)
        text = answer["message"]["content"] if request.prompt is None else answer["response"]
        finish = _FINISH.get(answer.get("done_reason"), "stop")
        logprobs = _logprobs(answer.get("logprobs")) if request.top_logprobs else ()
        return Said(text or "", finish, _usage(answer, request, text or ""), logprobs)


def _options(request: Request, can: Capabilities) -> dict[str, Any]:
    options = {
        "temperature": request.temperature,
        "top_p": request.top_p,
        "num_predict": request.max_tokens,
        "stop": request.stop or None,
        "seed": request.seed if can.seed else None,
    }
    return {name: value for name, value in options.items() if value is not None}


def _usage(answer: dict[str, Any], request: Request, text: str) -> Usage:
    """A prompt that is wholly cached is not counted by Ollama."""
    guess = estimated(request, text)
    return Usage(answer.get("prompt_eval_count", guess.input_tokens), answer.get("eval_count", guess.output_tokens))


def _logprobs(found: list[dict[str, Any]] | None) -> tuple[tuple[str, float], ...]:
    if not found:
        return ()
    pairs = [(each["token"], each["logprob"]) for each in found[0].get("top_logprobs") or found[:1]]
    return tuple(sorted(pairs, key=lambda pair: -pair[1]))
