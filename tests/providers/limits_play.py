"""A server without a network, on a loop whose clock jumps: nobody waits in the tests of limits."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any, TypeVar

from seedbed.core.chat import Capabilities, Completion, Message, RateState, Request, Usage
from seedbed.core.connection import Connection
from seedbed.core.errors import ProviderError
from seedbed.providers.limits.breaker import PATIENCE, Patience
from seedbed.providers.limits.gate import Bucket
from seedbed.providers.limits.limited import Limited

T = TypeVar("T")
QUESTION = Request("m", (Message(role="user", content="Write one reply."),), max_tokens=100)


class Clock(asyncio.SelectorEventLoop):
    """A loop whose time jumps to the next thing that is due."""

    def __init__(self) -> None:
        super().__init__()
        self.now = 1000.0

    def time(self) -> float:
        return self.now

    def _run_once(self) -> None:
        if not self._ready and self._scheduled:  # type: ignore[attr-defined]
            self.now = max(self.now, self._scheduled[0].when())  # type: ignore[attr-defined]
        super()._run_once()  # type: ignore[misc]


Behaviour = Callable[[float, int], Completion | ProviderError]
"""(seconds since the start, number of the request) → what the server does."""


class Server:
    """A provider whose answers take a while; it notes when it was asked."""

    capabilities = Capabilities()

    def __init__(self, clock: Clock, behaviour: Behaviour, latency: float = 0.1) -> None:
        self.clock = clock
        self.behaviour = behaviour
        self.latency = latency
        self.start = clock.time()
        self.asked: list[float] = []
        self.inside = self.most = 0
        self.closed = 0

    async def complete(self, request: Request) -> Completion:
        self.asked.append(self.clock.time() - self.start)
        number = len(self.asked) - 1
        self.inside += 1
        self.most = max(self.most, self.inside)
        try:
            await asyncio.sleep(self.latency)
        finally:
            self.inside -= 1
        answer = self.behaviour(self.clock.time() - self.start, number)
        if isinstance(answer, ProviderError):
            raise answer
        return answer

    async def aclose(self) -> None:
        self.closed += 1


def ok(rate: RateState | None = None, tokens: int = 20) -> Completion:
    return Completion("Hello.", usage=Usage(tokens, 0), model="m", rate=rate)


def busy(retry_after: float | None = None) -> ProviderError:
    return ProviderError("rate_limited", "slow down", retry_after=retry_after, status=429)


def limited(server: Server, concurrency: int = 8, clear: Patience = PATIENCE, **connection: Any) -> Limited:
    door = Limited(server, Connection(provider="scripted", **connection), concurrency, clear)
    for name, per_minute in (("_requests", "requests_per_minute"), ("_tokens", "tokens_per_minute")):
        if per_minute in connection:
            setattr(door, name, Bucket(connection[per_minute], server.clock.time))
    return door


async def ask_all(door: Limited, number: int, callers: int) -> list[Completion | ProviderError]:
    """So many questions by so many callers, as the engine asks them: a few more while some wait out a retry."""
    left = iter(range(number))
    found: list[Completion | ProviderError] = []

    async def caller() -> None:
        for _ in left:
            try:
                found.append(await door.complete(QUESTION))
            except ProviderError as error:
                found.append(error)

    await asyncio.gather(*(caller() for _ in range(callers)))
    return found
