"""How many calls of one connection go at once, and how many a minute.

The number of calls at once starts at the connection's `concurrency`, which is also its ceiling. It goes down when a
large share of the latest answers was "too many requests" or "overloaded", and up again as soon as answers come: a few
per cent of 429 are weather, not a reason to slow down.
"""

from __future__ import annotations

import asyncio
import time
from collections import deque
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

    from seedbed.core.connection import Connection

WINDOW = 40
"""How many of the latest outcomes the share of overload is taken from."""

TOLERATED = 0.25
"""Up to this share of overload the concurrency stays."""


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
        self._before = 0.0
        self.inside = 0
        self._waiting: deque[asyncio.Future[None]] = deque()
        self._outcomes: deque[bool] = deque(maxlen=WINDOW)
        self._overloads = 0
        self._since_change = 0
        self.closed_until = 0.0

    def resize(self, ceiling: int) -> None:
        """From now on the ceiling is another; the limit stays at it, or below it, if it was."""
        self._before = min(self._before, float(ceiling))
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

    def restart(self) -> None:
        """The limit goes down to an eighth, and with every answer by one up to where it was: who comes back from being
        out of order is not asked everything at once."""
        self._before = max(self._before, self.limit)
        self.limit = max(1.0, self.limit / 8)

    def leave(self) -> None:
        """Gives the place to the next."""
        self.inside -= 1
        self._wake()

    def saw(self, *, overload: bool, failed: bool = False) -> None:
        """An outcome, overload or not, an answer unless it `failed`: adapts the limit."""
        if len(self._outcomes) == WINDOW:
            self._overloads -= self._outcomes[0]
        self._outcomes.append(overload)
        self._overloads += overload
        self._since_change += 1
        share = self._overloads / len(self._outcomes)
        if overload and share > TOLERATED and self._since_change >= min(WINDOW, self.limit):
            self.limit = max(1.0, self.limit * 0.7)
            self._before = 0.0
            self._since_change = 0
        elif not overload and self.limit < self._before:
            self.limit = min(self._before, self.limit + (not failed))
            self._wake()
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
