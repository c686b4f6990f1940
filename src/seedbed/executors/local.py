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


AHEAD = 4
"""For so many jobs under way one more is kept ready: who ends a job takes it at once, without waiting until its end has
been taken in and the next job has been planned. One job at a time (a local model) is never planned ahead."""


AT_ONCE = 8
"""So many jobs are started before the loop goes on with those started earlier: their first calls are on their way while
the next are planned."""


LOOK_SECONDS = 0.3
"""Between two looks whether there is more room, though no job has ended: one may be waiting out a pause."""


class LocalExecutor:
    """The `Executor` port on one event loop: as many tasks as the worker has room for, each doing job after job."""

    async def map(
        self, open_worker: Callable[[Any], Worker], spec: Any, jobs: AsyncIterator[Job]
    ) -> AsyncIterator[Answered | Finished]:
        """See `Executor.map`. Closing the iterator cancels what is under way."""
        floor = _Floor(open_worker(spec))
        feeder, looker = asyncio.create_task(floor.feed(jobs)), asyncio.create_task(floor.look())
        try:
            async for event in floor.events(feeder):
                yield event
        finally:
            await floor.close(feeder, looker)


class _Floor:
    """The jobs under way and what they have produced."""

    def __init__(self, worker: Worker) -> None:
        self._worker = worker
        self._running: set[asyncio.Task[None]] = set()
        self._ready: deque[Job] = deque()
        self._outbox: deque[Answered | Finished | _Crash] = deque()
        self._news = asyncio.Event()
        self._room = asyncio.Event()

    async def feed(self, jobs: AsyncIterator[Job]) -> None:
        """Starts jobs while there is room, until there are none left."""
        async for job in jobs:
            if len(self._running) < self._worker.room:
                self._running.add(asyncio.create_task(self._do(job)))
                if not len(self._running) % AT_ONCE:
                    await asyncio.sleep(0)
            else:
                self._ready.append(job)
            while not self._wants_more():
                self._room.clear()
                await self._room.wait()

    async def look(self) -> None:
        """Looks for more room now and then."""
        while True:
            await asyncio.sleep(LOOK_SECONDS)
            self._room.set()

    def _wants_more(self) -> bool:
        room = self._worker.room
        spare = room - len(self._running) + room // AHEAD - len(self._ready)
        return spare > 0 and len(self._outbox) <= MOST_UNREAD

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

    async def close(self, *others: asyncio.Task[None]) -> None:
        """Cancels what is still under way and closes the worker."""
        tasks = [*others, *self._running]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await self._worker.aclose()

    def _emit(self, answered: Answered) -> None:
        self._outbox.append(answered)
        self._news.set()

    async def _do(self, job: Job) -> None:
        """Job after job; the end of each is in the outbox in the same step as its last answer: readers wake once."""
        try:
            while True:
                self._outbox.append(await self._worker.work(job, self._emit))
                self._news.set()
                self._room.set()
                if not self._ready or len(self._running) > self._worker.room:
                    return
                job = self._ready.popleft()
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
