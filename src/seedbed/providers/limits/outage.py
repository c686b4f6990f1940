"""An address that answered before and is out of order now: who wants to ask it waits, one at a time finds out."""

from __future__ import annotations

import asyncio
import time
from collections import deque
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from seedbed.core.errors import ProviderError

FIRST_SECONDS = 0.5
LONGEST_SECONDS = 30.0
"""The pause before the first probe, which doubles with each that fails, and the longest."""

TOLD_SECONDS = 3.0
"""An outage that is over sooner is not worth a word."""


class Outage:
    """A time in which nothing is sent but one probe after growing pauses: the call of whoever waits longest.

    Args:
        error: what it began with.
        since: when that was, by the monotonic clock.
        bears: how many seconds it may last.

    Attributes:
        until: when it is borne no longer.
        limited: whether all that is said is "too many requests".
        told: whether people were told of it.
        wait: how many seconds pass before the next probe.
    """

    def __init__(self, error: ProviderError, since: float, bears: float) -> None:
        self.since, self.until = since, since + bears
        self.limited = error.kind == "rate_limited"
        self.told = False
        self.wait = 0.0
        self._pause = 0.0
        self._line: deque[asyncio.Future[bool]] = deque()
        self._timer: asyncio.TimerHandle | None = None
        self._due = False
        self.failed(error)

    @property
    def waiting(self) -> int:
        """How many calls wait for its end."""
        return len(self._line)

    def failed(self, error: ProviderError) -> None:
        """A probe was in vain: the next is sent after a longer pause, or after that which the server asks for."""
        self._why = error.message
        self._pause = min(LONGEST_SECONDS, 2 * self._pause or FIRST_SECONDS)
        left = max(0.0, self.until - time.monotonic())
        self.wait = min(max(self._pause, error.retry_after or 0.0), left)
        self._timer = asyncio.get_running_loop().call_later(self.wait, self.next)

    def next(self) -> None:
        """Whoever waits longest is to find out; or whoever comes next, if nobody waits."""
        while self._line:
            place = self._line.popleft()
            if not place.done():
                place.set_result(True)
                return
        self._due = True

    def over(self) -> None:
        """Somebody was answered: nobody waits any longer."""
        if self._timer:
            self._timer.cancel()
        for place in self._line:
            if not place.done():
                place.set_result(False)
        self._line.clear()

    async def turn(self, off: asyncio.Future[Any]) -> bool:
        """Waits until it is over, or `off` is done; True where the caller is the one to find out, and then says
        `failed`, `next` or `over`."""
        if self._due:
            self._due = False
            return True
        place: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
        self._line.append(place)
        try:
            await asyncio.wait((place, off), return_when=asyncio.FIRST_COMPLETED)
        except asyncio.CancelledError:
            self._gone(place)
            raise
        if not place.done():
            self._gone(place)
        return place.done() and place.result()

    def _gone(self, place: asyncio.Future[bool]) -> None:
        if not place.done():
            self._line.remove(place)
        elif place.result():
            self.next()

    def lasts(self) -> float:
        """For how many seconds it has lasted."""
        return time.monotonic() - self.since

    def words(self) -> str:
        """What people are told of it, after the address's name."""
        left = max(0.0, self.until - time.monotonic())
        why = self._why.rstrip(". ")
        return (
            f"has been out of order for {span(self.lasts())}: {why}. It is asked again every {span(self.wait)}, for "
            f"{span(left)} more; all that was made is kept."
        )


def span(seconds: float) -> str:
    """A time in words: "0.5 s", "40 s", "9 minutes", "2.5 hours"."""
    if seconds < 90:
        return f"{seconds:.0f} s" if seconds >= 1 else f"{seconds:.1f} s"
    return f"{seconds / 60:.0f} minutes" if seconds < 5400 else f"{seconds / 3600:.1f} hours"
