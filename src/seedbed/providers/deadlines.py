"""Time limits for many waiting tasks with one timer.

`asyncio.timeout` sets and cancels a timer for each call, which costs a twentieth of a whole HTTP exchange. Here a task
is only noted, and one timer looks through all of them ten times a second; so a limit may come a tenth of a second late.
"""

from __future__ import annotations

import asyncio
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from types import TracebackType

_TICK = 0.1


class Deadlines:
    """Ends what takes too long. Belongs to the event loop it is used in."""

    def __init__(self) -> None:
        self._waiting: set[_Limit] = set()
        self._timer: asyncio.TimerHandle | None = None

    def within(self, seconds: float) -> AbstractContextManager[None]:
        """A context whose task gets a `TimeoutError` when it stays longer; one task may nest several."""
        return _Limit(self, seconds)

    def close(self) -> None:
        """Stops the timer."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def enter(self, limit: _Limit) -> None:
        """Notes a task that waits."""
        self._waiting.add(limit)
        if self._timer is None:
            self._timer = asyncio.get_running_loop().call_later(_TICK, self._look)

    def leave(self, limit: _Limit) -> None:
        """Forgets it."""
        self._waiting.discard(limit)

    def _look(self) -> None:
        loop = asyncio.get_running_loop()
        now = loop.time()
        for limit in self._waiting:
            limit.check(now)
        self._timer = loop.call_later(_TICK, self._look) if self._waiting else None


class _Limit(AbstractContextManager[None]):
    """One stay of one task; cancels as `asyncio.Timeout` does, so that a cancellation from outside stays one."""

    __slots__ = ("_cancelling", "_deadline", "_deadlines", "_expired", "_task")

    def __init__(self, deadlines: Deadlines, seconds: float) -> None:
        task = asyncio.current_task()
        assert task is not None, "a limit needs a task"
        self._task = task
        self._cancelling = task.cancelling()
        self._deadline = asyncio.get_running_loop().time() + seconds
        self._deadlines = deadlines
        self._expired = False

    def check(self, now: float) -> None:
        """Cancels the task, once, if it is late."""
        if now >= self._deadline and not self._expired:
            self._expired = True
            self._task.cancel()

    def __enter__(self) -> None:
        self._deadlines.enter(self)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._deadlines.leave(self)
        if self._expired and self._task.uncancel() <= self._cancelling and kind is asyncio.CancelledError:
            raise TimeoutError from error
