"""What the local servers of all dialects have in common."""

from __future__ import annotations

import json
import re
from abc import ABC, abstractmethod
from dataclasses import dataclass, field
from hashlib import sha512
from typing import TYPE_CHECKING, Any, ClassVar, Self

from aiohttp import web

if TYPE_CHECKING:
    from collections.abc import Mapping

KEY = "sk-test-9f8e7d6c5b4a3210ZYXWVUTSRQ"
ANSWER = "Your parcel leaves tomorrow."


@dataclass(frozen=True)
class Seen:
    """One request as it arrived."""

    path: str
    query: dict[str, str]
    headers: Mapping[str, str]
    body: dict[str, Any]


@dataclass(frozen=True)
class Out:
    """What goes back: JSON, or bytes as they are."""

    status: int
    body: Any
    headers: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Understood:
    """What the server read from a request, in one form for all dialects."""

    turns: list[tuple[str, str]]
    prompt: str | None = None
    system: str | None = None
    schema: dict[str, Any] | None = None
    temperature: float | None = None
    top_p: float | None = None
    max_tokens: int | None = None
    stop: list[str] | None = None
    seed: int | None = None
    top_logprobs: int = 0


class Server(ABC):
    """One provider on loopback."""

    model: ClassVar[str]
    path: ClassVar[str]
    extra: ClassVar[tuple[str, Any]]
    raw: ClassVar[bool] = False
    seeds: ClassVar[bool] = True
    logprobs: ClassVar[bool] = False
    system_field: ClassVar[bool] = False
    free: ClassVar[bool] = False
    vectors: ClassVar[str] = ""
    prefix: ClassVar[str] = ""

    def __init__(self) -> None:
        self.seen: list[Seen] = []
        self.situation = ""
        self.fixed: Out | None = None
        self.refuse_schema = False
        self._runner: web.AppRunner | None = None

    async def __aenter__(self) -> Self:
        app = web.Application()
        app.router.add_route("*", "/{path:.*}", self._handle)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.01)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        return self

    async def __aexit__(self, *_: object) -> None:
        assert self._runner is not None
        await self._runner.cleanup()

    @property
    def url(self) -> str:
        """The address a connection would name."""
        assert self._runner is not None
        host, port = self._runner.addresses[0][:2]
        return f"http://{host}:{port}{self.prefix}"

    async def _handle(self, request: web.Request) -> web.Response:
        data = await request.read()
        body = json.loads(data) if data else {}
        self.seen.append(Seen(request.path, dict(request.query), request.headers, body))
        out = self.fixed or self.answer(request, body)
        if isinstance(out.body, bytes):
            return web.Response(status=out.status, body=out.body, headers=out.headers)
        return web.json_response(out.body, status=out.status, headers=out.headers)

    def answer(self, request: web.Request, body: dict[str, Any]) -> Out:
        """Key, path, situation, form, model, in this order."""
        if (refused := self.refuse_key(request)) is not None:
            return refused
        if request.method == "POST" and request.path == self.vectors:
            situation = self.situations(False).get(self.situation)
            return situation or self.refuse_texts(request, body) or self.embed(body)
        if request.method != "POST" or not self.is_path(request.path):
            return self.refuse_path(request)
        situation = self.situations(self.is_raw(request.path)).get(self.situation)
        return situation or self.refuse_body(request, body) or self.accept(body)

    def refuse_body(self, request: web.Request, body: dict[str, Any]) -> Out | None:
        if (refused := self.refuse_form(body)) is not None:
            return refused
        if not self.is_model(request, body):
            return self.refuse_model(request, body)
        if self.refuse_schema and self.understand(self.seen[-1]).schema is not None:
            return Out(400, {"error": {"message": "This response format is not available.", "type": "x"}})
        return None

    def refuse_texts(self, request: web.Request, body: dict[str, Any]) -> Out | None:
        """Embeddings take a list of texts that are not empty, the model, and nothing else that we send."""
        texts = body.get("input")
        fine = isinstance(texts, list) and texts and all(isinstance(text, str) and text for text in texts)
        if not fine or body.keys() - {"model", "input"}:
            return Out(400, {"error": {"message": "'$.input' is invalid.", "type": "invalid_request_error"}})
        return None if self.is_model(request, body) else self.refuse_model(request, body)

    def embed(self, body: dict[str, Any]) -> Out:
        found = [
            {"object": "embedding", "index": number, "embedding": vector_of(text)}
            for number, text in enumerate(body["input"])
        ]
        usage = {"prompt_tokens": 5, "total_tokens": 5}
        return Out(200, {"object": "list", "data": found, "model": self.model, "usage": usage})

    @abstractmethod
    def refuse_key(self, request: web.Request) -> Out | None: ...

    @abstractmethod
    def is_path(self, path: str) -> bool: ...

    def is_raw(self, path: str) -> bool:
        return path.endswith(("/completions", "/generate")) and not path.endswith("/chat/completions")

    @abstractmethod
    def refuse_path(self, request: web.Request) -> Out: ...

    @abstractmethod
    def situations(self, raw: bool) -> dict[str, Out]: ...

    @abstractmethod
    def refuse_form(self, body: dict[str, Any]) -> Out | None: ...

    def is_model(self, request: web.Request, body: dict[str, Any]) -> bool:
        del request
        return bool(body.get("model") == self.model)

    @abstractmethod
    def refuse_model(self, request: web.Request, body: dict[str, Any]) -> Out: ...

    @abstractmethod
    def accept(self, body: dict[str, Any]) -> Out: ...

    @abstractmethod
    def understand(self, seen: Seen) -> Understood: ...


def vector_of(text: str) -> list[float]:
    """A vector that depends on the words of a text, not of length one."""
    sums = [0.0] * 64
    for word in re.findall(r"\w+", text.lower()) or [text]:
        digest = sha512(word.encode()).digest()
        sums = [total + byte - 127.5 for total, byte in zip(sums, digest, strict=True)]
    return sums


def names(text: str) -> frozenset[str]:
    """The names in a text."""
    return frozenset(text.split())
