"""How fast and how stubbornly one connection is used: concurrency, rates, retries, and when to give up on it.

The number of calls at once starts at the connection's `concurrency`, which is also its ceiling. It goes down when a
large share of the latest answers was "too many requests" or "overloaded", and up again as soon as answers come: a few
per cent of 429 are weather, not a reason to slow down.
"""

from __future__ import annotations

import asyncio
import time
from collections import deque
from random import Random
from typing import TYPE_CHECKING

from seedbed.core.errors import ProviderError

if TYPE_CHECKING:
    from collections.abc import Callable

    from seedbed.core.chat import Capabilities, Completion, RateState, Request
    from seedbed.core.connection import Connection
    from seedbed.core.ports import Provider

WINDOW = 40
"""How many of the latest outcomes the share of overload is taken from."""

TOLERATED = 0.25
"""Up to this share of overload the concurrency stays."""

BACKOFF_SECONDS = 0.4
LONGEST_BACKOFF_SECONDS = 30.0

DEAD_AT_FIRST_SECONDS = 2.0
"""How long an address that never answered is tried."""

DEAD_SECONDS = 8.0
"""How long an address that has answered before is tried after its last answer."""

ILL_SECONDS = 20.0
"""How long an address is tried that answers with server errors only."""

MOST_TRIES = 60
"""So many HTTP requests for one question are enough, also when all the others were "too many requests"."""

DEAD_FAILURES = 4
"""And how many failures in a row it takes."""

BAD_REQUESTS = 5
"""So many refused requests, and none answered ever, mean the requests are wrong as such."""


class Bucket:
    """A token bucket: `per_minute` on average, at most a second's worth at once."""

    def __init__(self, per_minute: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._rate = per_minute / 60
        self._most = max(1.0, self._rate)
        self._level = self._most
        self._clock = clock
        self._at = clock()

    def take(self, amount: float) -> float:
        """Takes the amount and answers how many seconds to wait before using it."""
        now = self._clock()
        self._level = min(self._most, self._level + (now - self._at) * self._rate)
        self._at = now
        self._level -= amount
        return max(0.0, -self._level / self._rate)

    def give(self, amount: float) -> None:
        """Gives back what was not used (or takes what was used beyond it)."""
        self._level += amount


class Gate:
    """At most `limit` calls at once; the limit adapts between one and its ceiling."""

    def __init__(self, ceiling: int) -> None:
        self.ceiling = ceiling
        self.limit = float(ceiling)
        self._inside = 0
        self._waiting: deque[asyncio.Future[None]] = deque()
        self._outcomes: deque[bool] = deque(maxlen=WINDOW)
        self._overloads = 0
        self._since_change = 0
        self.closed_until = 0.0

    async def enter(self) -> None:
        """Waits for a place."""
        while self._inside >= int(self.limit):
            place: asyncio.Future[None] = asyncio.get_running_loop().create_future()
            self._waiting.append(place)
            try:
                await place
            except asyncio.CancelledError:
                self._wake()
                raise
        self._inside += 1

    def leave(self) -> None:
        """Gives the place to the next."""
        self._inside -= 1
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
        free = int(self.limit) - self._inside
        while free > 0 and self._waiting:
            place = self._waiting.popleft()
            if not place.done():
                place.set_result(None)
                free -= 1


class Limited:
    """A provider used within its connection's limits, with retries; gives up on an address that is dead.

    Args:
        provider: who answers.
        connection: the limits.
        concurrency: calls at once, at the start and at most.
    """

    def __init__(self, provider: Provider, connection: Connection, concurrency: int) -> None:
        self.provider = provider
        self._retries = connection.retries
        self._requests = Bucket(connection.requests_per_minute) if connection.requests_per_minute else None
        self._tokens = Bucket(connection.tokens_per_minute) if connection.tokens_per_minute else None
        self._random = Random()
        self.gate = Gate(concurrency)
        self.may_repeat: Callable[[int], bool] = lambda _: True
        self.sleeping = 0
        self._answers = 0
        self._failures = 0
        self._refused = 0
        self._first_failure = 0.0

    @property
    def capabilities(self) -> Capabilities:
        """See `Provider.capabilities`."""
        return self.provider.capabilities

    @property
    def room(self) -> int:
        """How many jobs may be under way: those that wait out a retry do not take a place."""
        return self.gate.ceiling + min(self.sleeping, self.gate.ceiling)

    async def aclose(self) -> None:
        """See `Provider.aclose`."""
        await self.provider.aclose()

    async def complete(self, request: Request) -> Completion:
        """See `Provider.complete`; several exchanges if need be."""
        tries = faults = lost = 0
        while True:
            await self._pace(request)
            await self.gate.enter()
            try:
                completion = await self.provider.complete(request)
            except ProviderError as error:
                tries += error.tries
                faults += error.kind != "rate_limited"
                self._failed(error)
                lost += error.lost
                error.tries, error.lost = tries, lost
                if error.gave_up or not error.retryable or faults > self._retries or tries >= MOST_TRIES:
                    raise
                if not self.may_repeat(tries):
                    error.out_of_budget = True
                    raise
                pause = self._pause(error, tries)
            else:
                self._answered(completion, request)
                tries += completion.tries
                if tries == completion.tries:
                    return completion
                completion.lost = lost
                return completion.by(completion.model, tries)
            finally:
                self.gate.leave()
            await self._sleep(pause)

    async def _pace(self, request: Request) -> None:
        while (wait := self.gate.closed_until - time.monotonic()) > 0:
            await self._sleep(wait + self._random.random() * 0.1)
        wait = 0.0
        if self._requests:
            wait = self._requests.take(1)
        if self._tokens:
            wait = max(wait, self._tokens.take(self._token_estimate(request)))
        if wait:
            await asyncio.sleep(wait)

    def _token_estimate(self, request: Request) -> int:
        return request.input_size() + min(request.max_tokens or 256, 256)

    async def _sleep(self, seconds: float) -> None:
        self.sleeping += 1
        try:
            await asyncio.sleep(seconds)
        finally:
            self.sleeping -= 1

    def _pause(self, error: ProviderError, tries: int) -> float:
        if error.retry_after is not None:
            if self.gate.overloaded:
                self.gate.closed_until = max(self.gate.closed_until, time.monotonic() + error.retry_after)
            return error.retry_after + self._random.random() * 0.05
        most = LONGEST_BACKOFF_SECONDS
        if error.kind == "unreachable":
            most = 2.0 if self._answers else 0.5
        longest = min(most, BACKOFF_SECONDS * 2.0 ** (tries - 1))
        return longest * (0.3 + 0.7 * self._random.random())

    def _answered(self, completion: Completion, request: Request) -> None:
        self._answers += 1
        self._failures = 0
        self.gate.saw(overload=False)
        if self._tokens:
            self._tokens.give(self._token_estimate(request) - completion.usage.total)
        if completion.rate:
            self._heed(completion.rate)

    def _heed(self, rate: RateState) -> None:
        """Stops before the server must: nothing is left until the reset."""
        for left, reset in ((rate.requests_left, rate.requests_reset), (rate.tokens_left, rate.tokens_reset)):
            if left is not None and left <= 0 and reset:
                self.gate.closed_until = max(self.gate.closed_until, time.monotonic() + min(reset, 60.0))

    def _failed(self, error: ProviderError) -> None:
        overload = error.kind == "rate_limited" or error.status in (503, 529)
        self.gate.saw(overload=overload)
        if error.kind in ("request", "context"):
            self._refused += 1
            error.gave_up = not self._answers and self._refused >= BAD_REQUESTS
            return
        if error.kind == "rate_limited":
            return
        now = time.monotonic()
        if not self._failures:
            self._first_failure = now
        self._failures += 1
        error.gave_up = self._failures >= DEAD_FAILURES and now - self._first_failure >= self._patience(error)

    def _patience(self, error: ProviderError) -> float:
        if error.kind in ("server", "protocol"):
            return ILL_SECONDS
        if error.kind == "timeout":
            return 3 * DEAD_SECONDS
        return DEAD_SECONDS if self._answers else DEAD_AT_FIRST_SECONDS
