"""Runs jobs in this process, on its event loop."""

from __future__ import annotations

import asyncio
from collections import deque
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

    from seedbed.core.attempt import Answered, Finished, Job
    from seedbed.core.ports import Worker


MOST_UNREAD = 2000
"""Events that may wait for the reader (who waits for the disk) before no more jobs are started."""


class LocalExecutor:
    """The `Executor` port on one event loop: a task for each job, as many at once as the worker has room for."""

    async def map(
        self, open_worker: Callable[[Any], Worker], spec: Any, jobs: AsyncIterator[Job]
    ) -> AsyncIterator[Answered | Finished]:
        """See `Executor.map`. Closing the iterator cancels what is under way."""
        floor = _Floor(open_worker(spec))
        feeder = asyncio.create_task(floor.feed(jobs))
        try:
            async for event in floor.events(feeder):
                yield event
        finally:
            await floor.close(feeder)


class _Floor:
    """The jobs under way and what they have produced."""

    def __init__(self, worker: Worker) -> None:
        self._worker = worker
        self._running: set[asyncio.Task[None]] = set()
        self._outbox: deque[Answered | Finished | _Crash] = deque()
        self._news = asyncio.Event()
        self._room = asyncio.Event()

    async def feed(self, jobs: AsyncIterator[Job]) -> None:
        """Starts jobs while there is room, until there are none left."""
        async for job in jobs:
            task = asyncio.create_task(self._do(job))
            self._running.add(task)
            while len(self._running) >= self._worker.room or len(self._outbox) > MOST_UNREAD:
                self._room.clear()
                await self._room.wait()

    async def events(self, feeder: asyncio.Task[None]) -> AsyncIterator[Answered | Finished]:
        """Everything that happens, until all jobs are done."""
        feeder.add_done_callback(lambda _: self._news.set())
        while True:
            while self._outbox:
                event = self._outbox.popleft()
                if isinstance(event, _Crash):
                    raise event.error
                yield event
            self._room.set()
            if feeder.done():
                feeder.result()
                if not self._running and not self._outbox:
                    return
            self._news.clear()
            if not self._outbox and not (feeder.done() and not self._running):
                await self._news.wait()

    async def close(self, feeder: asyncio.Task[None]) -> None:
        """Cancels what is still under way and closes the worker."""
        tasks = [feeder, *self._running]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await self._worker.aclose()

    def _emit(self, answered: Answered) -> None:
        self._outbox.append(answered)
        self._news.set()

    async def _do(self, job: Job) -> None:
        """One job; its end is in the outbox in the same step as its last answer, so that readers wake once."""
        try:
            self._outbox.append(await self._worker.work(job, self._emit))
        except Exception as error:  # noqa: BLE001 - a defect of a part; it is raised where the events are read
            self._outbox.append(_Crash(error))
        finally:
            self._running.discard(asyncio.current_task())
            self._news.set()
            self._room.set()


class _Crash:
    """A defect in a worker, on its way to whoever reads the events."""

    def __init__(self, error: Exception) -> None:
        self.error = error
