"""A model that is a script: for tests, for documentation, and for trying a recipe without a network."""

from __future__ import annotations

import asyncio
from collections import deque
from dataclasses import replace
from functools import cache
from hashlib import blake2b
from importlib.resources import files
from itertools import count
from random import Random
from time import perf_counter
from typing import TYPE_CHECKING, Any

import orjson

from seedbed.core.chat import Capabilities, Completion, Request, Usage
from seedbed.core.errors import ProviderError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from seedbed.core.connection import Connection

    from .http import Http

    Answer = str | Completion | ProviderError

_KEPT = 1000


class Scripted:
    """Answers without a model; as a connection it needs no settings.

    By itself it answers each request with a sentence of its own: the same for the same request asked the same number
    of times, different from all others. A request with a schema gets a JSON object: each string such a sentence, each
    enumeration its next value. `Scripted.answering` gives it a script instead.

    Attributes:
        requests: the latest thousand requests, oldest first.
        capabilities: what it says of itself; may be set.
        latency: seconds each answer takes; may be set.
    """

    def __init__(self, connection: Connection | None = None, key: str | None = None, http: Http | None = None) -> None:
        del key, http
        self.requests: deque[Request] = deque(maxlen=_KEPT)
        self.capabilities = _capabilities(connection)
        self.latency = 0.0
        self._script: Callable[[Request], Answer] = self._sentence
        self._numbers = count()

    @classmethod
    def answering(
        cls,
        script: Sequence[Answer] | Callable[[Request], Answer],
        *,
        latency: float = 0.0,
        capabilities: Capabilities | None = None,
    ) -> Scripted:
        """A provider with a script.

        Args:
            script: answers, given in turn and again from the first; or a function of the request. A text becomes a
                completion with estimated usage, an error is raised.
            latency: seconds each answer takes.
            capabilities: what it says of itself.
        """
        scripted = cls()
        scripted.latency = latency
        scripted.capabilities = capabilities or scripted.capabilities
        scripted._script = script if callable(script) else _in_turn(script)
        return scripted

    async def complete(self, request: Request) -> Completion:
        """The next answer of the script.

        Raises:
            ProviderError: the script says so.
        """
        start = perf_counter()
        self.requests.append(request)
        if request.embed is not None and self._script == self._sentence:
            raise ProviderError.no_embeddings("A script")
        answer = self._script(request)
        if self.latency:
            await asyncio.sleep(self.latency)
        if isinstance(answer, ProviderError):
            raise answer
        if isinstance(answer, Completion):
            return answer if answer.model else replace(answer, model=request.model)
        return Completion(
            text=answer,
            usage=Usage(request.input_size(), len(answer) // 4 + 1),
            model=request.model,
            seconds=perf_counter() - start,
            structured=self._script == self._sentence and self._schema(request) is not None,
        )

    async def aclose(self) -> None:
        """There is nothing to give back."""

    def _sentence(self, request: Request) -> str:
        """A sentence, or the JSON a schema asks for, that depends on the request and on how many came before."""
        number = next(self._numbers)
        seed = blake2b(request.to_json() + number.to_bytes(8, "big"), digest_size=8).digest()
        rng = Random(seed)
        schema = self._schema(request)
        return _words(rng) if schema is None else orjson.dumps(_value(schema, rng, number)).decode()

    def _schema(self, request: Request) -> dict[str, Any] | None:
        return request.schema if self.capabilities.json_schema else None


def _capabilities(connection: Connection | None) -> Capabilities:
    known = Capabilities(json_schema=True, raw_completions=True, seed=True, free=True)
    if connection is None:
        return known
    names = ("system_role", "json_schema", "raw_completions", "prefers_raw", "prefix_cache")
    return replace(known, **{name: value for name in names if (value := getattr(connection, name)) is not None})


def _in_turn(answers: Sequence[Answer]) -> Callable[[Request], Answer]:
    numbers = count()
    return lambda request: answers[next(numbers) % len(answers)]


def _value(schema: dict[str, Any], rng: Random, number: int) -> Any:
    """A value that fits the schema: enumerations in turn, strings as sentences, the rest small."""
    if choices := schema.get("enum") or ([schema["const"]] if "const" in schema else None):
        return choices[number % len(choices)]
    if options := schema.get("anyOf") or schema.get("oneOf"):
        return _value(options[0], rng, number)
    if parts := schema.get("properties"):
        return {name: _value(part, rng, number) for name, part in parts.items()}
    if schema.get("type") == "array":
        items = schema.get("items", {})
        return [_value(items, rng, number + each) for each in range(max(1, schema.get("minItems", 1)))]
    return _simple(schema.get("type"), schema.get("minimum", 0), rng)


def _simple(kind: Any, least: int, rng: Random) -> Any:
    match kind[0] if isinstance(kind, list) else kind:
        case "integer" | "number":
            return least + rng.randrange(3)
        case "boolean":
            return rng.random() < 0.5
        case "object":
            return {}
        case _:
            return _words(rng)


def _words(rng: Random) -> str:
    """One English sentence of thirteen words, drawn from 40⁸ of them."""
    opener, who, did, number, how, what, where, why = (rng.choice(words) for words in _places())
    return f"{opener} the {who} {did} {number} {how} {what} near the {where} before the {why}."


@cache
def _places() -> tuple[list[str], ...]:
    """The words for each of the eight places."""
    text = files("seedbed.providers").joinpath("scripted.txt").read_text(encoding="utf-8")
    return tuple(line.split() for line in text.splitlines())
