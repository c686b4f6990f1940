"""The event loop of our own runs: uvloop where it is installed, asyncio's own elsewhere."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Coroutine
from concurrent.futures import Future
from contextlib import suppress
from typing import Any, Generic, TypeVar

from seedbed.core.pace import rare_collections

T = TypeVar("T")


YOUNG = 20_000
"""New objects before the collector looks for cycles. A run makes some two hundred a record and hardly a cycle: at the
usual pace a tenth of the processor's time went into looking through them.
"""


def run(work: Coroutine[Any, Any, T]) -> T:
    """`asyncio.run` on the quickest loop there is (a fifth less processor time per call was measured)."""
    with rare_collections(YOUNG):
        try:
            import uvloop
        except ImportError:
            return asyncio.run(work)
        with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
            return runner.run(work)


def run_blocking(work: Coroutine[Any, Any, T]) -> T:
    """Runs a coroutine to its end, in a thread of its own if this one has a running loop (a notebook)."""
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return run(work)
    return _Aside(work).result()


class _Aside(Generic[T]):
    """A coroutine at work in a thread and loop of its own."""

    def __init__(self, work: Coroutine[Any, Any, T]) -> None:
        self._stop: Future[Callable[[], object]] = Future()
        self._ended: Future[T] = Future()
        self._thread = threading.Thread(target=self._work, args=[work], name="seedbed-generate")
        self._thread.start()

    def result(self) -> T:
        """What came of it. Interrupted, it is stopped as a script is: it would go on asking, unseen."""
        try:
            return self._ended.result()
        except KeyboardInterrupt:
            with suppress(RuntimeError):  # its loop has ended meanwhile
                self._stop.result()()
            raise
        finally:
            self._thread.join()

    def _work(self, work: Coroutine[Any, Any, T]) -> None:
        try:
            self._ended.set_result(run(self._stoppable(work)))
        except BaseException as error:  # noqa: BLE001 - handed on to who waits for the result
            self._ended.set_exception(error)

    async def _stoppable(self, work: Coroutine[Any, Any, T]) -> T:
        loop, task = asyncio.get_running_loop(), asyncio.current_task()
        assert task is not None
        self._stop.set_result(lambda: loop.call_soon_threadsafe(task.cancel))
        return await work
