"""Many small questions to something that is quicker when asked for many at once."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Generic, TypeVar
from weakref import WeakKeyDictionary

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

T = TypeVar("T")
R = TypeVar("R")


class Batches(Generic[T, R]):
    """Collects what coroutines of one event loop ask for, and answers all of it in one go.

    Args:
        answer: answers several items, in their order; what it raises is raised to all who asked.
        pause: seconds to wait for more after the first one; without it whatever comes in the same turn of the loop
            goes together.
    """

    def __init__(self, answer: Callable[[Sequence[T]], Sequence[R]], pause: float = 0.0) -> None:
        self._answer = answer
        self._pause = pause
        # Each loop has its own: a worker may run in another thread, and a loop that was closed answers nobody.
        self._waiting: WeakKeyDictionary[asyncio.AbstractEventLoop, list[tuple[T, asyncio.Future[R]]]]
        self._waiting = WeakKeyDictionary()

    async def __call__(self, item: T) -> R:
        """The answer to one item."""
        loop = asyncio.get_running_loop()
        waiting = self._waiting.setdefault(loop, [])
        future: asyncio.Future[R] = loop.create_future()
        waiting.append((item, future))
        if len(waiting) == 1:
            loop.call_later(self._pause, self._flush, loop)
        return await future

    def _flush(self, loop: asyncio.AbstractEventLoop) -> None:
        waiting = [one for one in self._waiting.pop(loop, []) if not one[1].done()]
        try:
            answers = list(zip(waiting, self._answer([item for item, _ in waiting]), strict=True)) if waiting else []
        except Exception as error:  # noqa: BLE001 - it is theirs who asked
            for _, future in waiting:
                future.set_exception(error)
            return
        for (_, future), answer in answers:
            future.set_result(answer)
