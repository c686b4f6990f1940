"""How fast and how stubbornly one connection is used: concurrency, rates, retries, and who need not wait any more.

The number of calls at once starts at the connection's `concurrency`, which is also its ceiling. It goes down when a
large share of the latest answers was "too many requests" or "overloaded", and up again as soon as answers come: a few
per cent of 429 are weather, not a reason to slow down.
"""

from __future__ import annotations

import asyncio
import time
from collections import deque
from dataclasses import dataclass
from random import Random
from typing import TYPE_CHECKING, Any

from seedbed.core.errors import ProviderError

from .breaker import PATIENCE, Breaker, Patience, is_overload

if TYPE_CHECKING:
    from collections.abc import Callable

    from seedbed.core.chat import Capabilities, Completion, RateState, Request
    from seedbed.core.connection import Connection
    from seedbed.core.ports import Provider

    from .sharing import Share

WINDOW = 40
"""How many of the latest outcomes the share of overload is taken from."""

TOLERATED = 0.25
"""Up to this share of overload the concurrency stays."""

BACKOFF_SECONDS = 0.4
LONGEST_BACKOFF_SECONDS = 30.0

MOST_TRIES = 100
"""So many HTTP requests for one question are enough, also when all the others were "too many requests"."""

LONG_SECONDS = 10.0
"""A pause that people should know of."""

QUIET_SECONDS = 60.0
"""How long nothing more is said of pauses once one was told of."""


class Bucket:
    """A token bucket: `per_minute` on average, at most a second's worth at once."""

    def __init__(self, per_minute: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._whole = self._rate = per_minute / 60
        self._most = max(1.0, self._rate)
        self._level = self._most
        self._clock = clock
        self._at = clock()

    def divide(self, parts: int) -> None:
        """From now on it is one of so many that keep the rate together."""
        self.take(0)  # up to now at the rate of before
        self._rate, self._most = self._whole / parts, max(1.0, self._whole) / parts
        self._level = min(self._level, self._most)

    def take(self, amount: float) -> float:
        """Takes the amount and answers how many seconds to wait before using it."""
        now = self._clock()
        self._level = min(self._most, self._level + (now - self._at) * self._rate)
        self._at = now
        self._level -= amount
        return max(0.0, -self._level / self._rate)

    def wait(self, amount: float) -> float:
        """How many seconds until the amount may be taken and used at once; takes nothing.

        What is more than ever is in it at once may be taken when it is full.
        """
        level = min(self._most, self._level + (self._clock() - self._at) * self._rate)
        return max(0.0, (min(amount, self._most) - level) / self._rate)

    def give(self, amount: float) -> None:
        """Gives back what was not used (or takes what was used beyond it)."""
        self._level += amount


def buckets(connection: Connection) -> tuple[Bucket | None, Bucket | None]:
    """Those of a connection's rates: requests and tokens a minute."""
    rates = (connection.requests_per_minute, connection.tokens_per_minute)
    requests, tokens = (Bucket(rate) if rate else None for rate in rates)
    return requests, tokens


class Gate:
    """At most `limit` calls at once; the limit adapts between one and its ceiling."""

    def __init__(self, ceiling: int) -> None:
        self.ceiling = ceiling
        self.limit = float(ceiling)
        self.inside = 0
        self._waiting: deque[asyncio.Future[None]] = deque()
        self._outcomes: deque[bool] = deque(maxlen=WINDOW)
        self._overloads = 0
        self._since_change = 0
        self.closed_until = 0.0

    def resize(self, ceiling: int) -> None:
        """From now on the ceiling is another; the limit stays at it, or below it, if it was."""
        self.limit = float(ceiling) if self.limit == self.ceiling else min(self.limit, float(ceiling))
        self.ceiling = ceiling
        self._wake()

    def take(self) -> bool:
        """Takes a place if there is one."""
        free = self.inside < int(self.limit)
        self.inside += free
        return free

    async def enter(self, off: asyncio.Future[Any]) -> None:
        """Waits for a place; once `off` is done there is one for everybody, to leave again."""
        while not self.take():
            if off.done():
                self.inside += 1
                return
            place: asyncio.Future[None] = asyncio.get_running_loop().create_future()
            self._waiting.append(place)
            try:
                await asyncio.wait((place, off), return_when=asyncio.FIRST_COMPLETED)
            except asyncio.CancelledError:
                place.cancel()
                self._wake()
                raise
            place.cancel()

    def leave(self) -> None:
        """Gives the place to the next."""
        self.inside -= 1
        self._wake()

    def saw(self, *, overload: bool) -> None:
        """An outcome: adapts the limit."""
        if len(self._outcomes) == WINDOW:
            self._overloads -= self._outcomes[0]
        self._outcomes.append(overload)
        self._overloads += overload
        self._since_change += 1
        share = self._overloads / len(self._outcomes)
        if overload and share > TOLERATED and self._since_change >= min(WINDOW, self.limit):
            self.limit = max(1.0, self.limit * 0.7)
            self._since_change = 0
        elif not overload and self.limit < self.ceiling and share < TOLERATED:
            self.limit = min(float(self.ceiling), self.limit + max(0.1, 2.0 / self.limit))
            self._wake()

    @property
    def overloaded(self) -> bool:
        """Whether "too many requests" is the rule now and not the exception."""
        return len(self._outcomes) >= 5 and self._overloads / len(self._outcomes) > TOLERATED

    def _wake(self) -> None:
        free = int(self.limit) - self.inside
        while free > 0 and self._waiting:
            place = self._waiting.popleft()
            if not place.done():
                place.set_result(None)
                free -= 1


@dataclass(slots=True)
class _Call:
    """One question on its way. `off` is done when it need not be sent any more."""

    request: Request
    off: asyncio.Future[ProviderError]
    tries: int = 0
    faults: int = 0
    lost: int = 0

    def failed(self, error: ProviderError) -> None:
        """Counts what this error took; the error then speaks for all tries."""
        self.tries += error.tries
        self.lost += error.lost
        self.faults += error.kind != "rate_limited"
        error.tries, error.lost = self.tries, self.lost


class Limited:
    """A provider used within its connection's limits, with retries; gives up on an address that is out of order.

    A model that was given up, or that every call to would fail alike, is not asked again: calls that wait to be sent
    to it end at once with the same error.

    Args:
        provider: who answers.
        connection: the limits.
        concurrency: calls at once, at the start and at most.
        patience: how much is borne before it is given up.
        share: the run's part of a connection that others use, too: its limits are kept there, and its provider is not
            closed here.

    Attributes:
        say: hears of a long pause, once: how many seconds, and why.
        sleeping: how many calls wait out a pause.
    """

    def __init__(
        self,
        provider: Provider,
        connection: Connection,
        concurrency: int,
        patience: Patience = PATIENCE,
        share: Share | None = None,
    ) -> None:
        self.provider = provider
        self._retries = connection.retries
        self._share = share
        self._requests, self._tokens = (None, share.line.tokens) if share else buckets(connection)
        self._queued = 0
        self._random = Random()
        self._concurrency = concurrency
        self.gate = Gate(concurrency)
        self.say: Callable[[float, str], None] = lambda *_: None
        self.sleeping = 0
        self._breaker = Breaker(patience)
        self._offs: dict[str, asyncio.Future[ProviderError]] = {}
        self._halted = False
        self._quiet_until = 0.0

    @property
    def capabilities(self) -> Capabilities:
        """See `Provider.capabilities`."""
        return self.provider.capabilities

    @property
    def room(self) -> int:
        """How many jobs may be under way: those that wait out a retry do not take a place."""
        return self.gate.ceiling + min(self.sleeping, self.gate.ceiling)

    @property
    def parts(self) -> int:
        """See `Line.parts`; one where nobody else uses the connection."""
        return self._share.line.parts if self._share else 1

    async def aclose(self) -> None:
        """See `Provider.aclose`."""
        if self._share is None:
            await self.provider.aclose()

    def part(self, place: int, of: int) -> None:
        """From now on this is number `place` of `of` that keep the connection's limits together."""
        self.gate.resize(self._concurrency // of + (place < self._concurrency % of))
        for bucket in filter(None, (self._requests, self._tokens)):
            bucket.divide(of)

    def halt(self) -> None:
        """From now on nothing is sent; calls that wait for that end at once, those in flight come in."""
        self._halted = True
        for model in self._offs:
            self._end(model, ProviderError.stopped())

    async def complete(self, request: Request) -> Completion:
        """See `Provider.complete`; several exchanges if need be.

        Raises:
            ProviderError: after all tries; `unsent` where the run's end or its budget kept it from another one.
        """
        call = _Call(request, self._offs.get(request.model) or self._first(request.model))
        while True:
            await self._turn(call)
            try:
                completion = await self.provider.complete(request)
            except ProviderError as error:
                pause = self._failed(error, call)
            else:
                return self._answered(completion, call)
            finally:
                self.gate.leave()
                if self._share:
                    self._share.leave()
            await self._sleep(pause, call.off)

    def _first(self, model: str) -> asyncio.Future[ProviderError]:
        if not self._offs:
            self._breaker.starts()
        off = self._offs[model] = asyncio.get_running_loop().create_future()
        if self._halted:
            off.set_result(ProviderError.stopped())
        return off

    def _end(self, model: str, error: ProviderError) -> None:
        if not self._offs[model].done():
            self._offs[model].set_result(error)

    async def _turn(self, call: _Call) -> None:
        """Waits until the call may be sent, and takes its place; raises where it need not be sent any more."""
        off = call.off
        while (wait := self.gate.closed_until - time.monotonic()) > 0 and not off.done():
            await self._sleep(wait + self._random.random() * 0.1, off)
        if self._share is None and (self._requests or self._tokens):
            await self._pace(call)
        if not self.gate.take():
            await self.gate.enter(off)
        if off.done() or (self._share and not await self._taken_turn(self._share, call)):
            self.gate.leave()
            raise off.result().repeated(call.tries, call.lost)

    async def _taken_turn(self, share: Share, call: _Call) -> bool:
        """Whether the run's turn came before the call was off."""
        self._queued += 1
        try:
            return await share.enter(self._token_estimate(call.request), call.off)
        except asyncio.CancelledError:
            self.gate.leave()
            raise
        finally:
            self._queued -= 1

    async def _pace(self, call: _Call) -> None:
        """Keeps the rates; only whether an address answers at all is found out without delay."""
        tolls = self._tolls(call.request)
        wait = max(bucket.take(size) for bucket, size in tolls)
        if wait and (self._breaker.alive or not call.faults):
            await asyncio.wait((call.off,), timeout=wait)
        if call.off.done():
            for bucket, size in tolls:
                bucket.give(size)

    def _tolls(self, request: Request) -> list[tuple[Bucket, int]]:
        tolls = ((self._requests, 1), (self._tokens, self._token_estimate(request)))
        return [(bucket, size) for bucket, size in tolls if bucket]

    def _token_estimate(self, request: Request) -> int:
        return request.input_size() + min(256 if request.max_tokens is None else request.max_tokens, 256)

    async def _sleep(self, seconds: float, off: asyncio.Future[ProviderError]) -> None:
        self.sleeping += 1
        try:
            await asyncio.wait((off,), timeout=seconds)
        finally:
            self.sleeping -= 1

    def _answered(self, completion: Completion, call: _Call) -> Completion:
        self._breaker.answered()
        self.gate.saw(overload=False)
        if self._tokens:
            self._tokens.give(self._token_estimate(call.request) - completion.usage.total)
        if completion.rate:
            self._heed(completion.rate)
        if call.tries:
            completion = completion.by(completion.model, call.tries + completion.tries)
            completion.lost = call.lost
        return completion

    def _heed(self, rate: RateState) -> None:
        """Stops before the server must: nothing is left until the reset."""
        for left, reset in ((rate.requests_left, rate.requests_reset), (rate.tokens_left, rate.tokens_reset)):
            if left is not None and left <= 0 and reset:
                self._close(min(reset, 60.0))
                self._tell(min(reset, 60.0), "its limit is used up.")

    def _failed(self, error: ProviderError, call: _Call) -> float:
        """Seconds until the next try; where there is none, raises the error."""
        call.failed(error)
        if error.unsent:
            raise error
        self.gate.saw(overload=is_overload(error))
        hopeless = self._breaker.failed(error, self.gate.inside - self._queued - 1)
        error.gave_up = error.gave_up or hopeless
        if error.gave_up:
            self._end(call.request.model, error)
        elif error.retryable and call.faults <= self._retries and call.tries < MOST_TRIES:
            if call.request.again():
                return self._pause(error, call.tries)
            error.unsent = True
        if self._breaker.streak > PATIENCE.failures:
            self._close(min(1.0, 0.02 * self._breaker.streak))  # it is failing: find out whether for good, not how fast
        raise error

    def _pause(self, error: ProviderError, tries: int) -> float:
        pause = min(self._longest(error), BACKOFF_SECONDS * 2.0 ** (tries - 1)) * (0.3 + 0.7 * self._random.random())
        if error.retry_after is not None:
            pause = max(error.retry_after + self._random.random() * 0.05, min(pause, 1.0))
            if self.gate.overloaded:
                self._close(error.retry_after)
        self._tell(pause, error.message)
        return pause

    def _longest(self, error: ProviderError) -> float:
        if not self._breaker.alive and not is_overload(error):
            return 1.0
        return 2.0 if error.kind == "unreachable" else LONGEST_BACKOFF_SECONDS

    def _close(self, seconds: float) -> None:
        self.gate.closed_until = max(self.gate.closed_until, time.monotonic() + seconds)

    def _tell(self, seconds: float, why: str) -> None:
        now = time.monotonic()
        if seconds > LONG_SECONDS and now >= self._quiet_until:
            self._quiet_until = now + QUIET_SECONDS
            self.say(seconds, why)
