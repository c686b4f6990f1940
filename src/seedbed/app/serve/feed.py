"""What happens, as it happens, for any number of people who look on: the store is asked once for all of them.

Other processes may drive a run, so everything is read from the store, a few times a second, by the numbers of what was
seen before. A listener who is slow loses old records, never the state a run is in now, and costs no memory.
"""

from __future__ import annotations

import asyncio
from collections import deque
from contextlib import suppress
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, NamedTuple

import orjson

from seedbed.core.errors import SeedbedError

from .belonging import project_of
from .runs import cells_of, record

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Mapping

    from seedbed.core.serving.jobs import Job
    from seedbed.core.stored import StoredRun

    from ..workspace import Workspace
    from .runner import Runner
    from .runs import Runs

TICK_SECONDS = 0.25
MOST_RECORDS = 20
"""Records told in one tick: the latest."""

KEPT = 200
"""Records that wait for a slow listener."""

REPLAYED = 200
"""Records told to a listener who comes back: the latest of those missed."""

TOLD = ("accepted", "rejected")


class Event(NamedTuple):
    """Something that happened. A later one with the same `key` takes its place; records (`number`) have none."""

    name: str
    data: bytes
    key: str = ""
    number: int = 0
    project: str = ""


class Listener:
    """Somebody who looks on.

    Args:
        takes: which events are wanted.
    """

    def __init__(self, takes: Callable[[Event], bool] = lambda _: True) -> None:
        self._takes = takes
        self._records: deque[Event] = deque(maxlen=KEPT)
        self._states: dict[str, Event] = {}
        self._news = asyncio.Event()
        self._ended = False
        self.last = 0

    @property
    def waiting(self) -> int:
        """How many events were not taken yet."""
        return len(self._records) + len(self._states)

    def put(self, event: Event) -> None:
        """Tells something; the oldest records are forgotten if they are not taken."""
        if self._ended or not self._takes(event):
            return
        if event.number:
            if event.number <= self.last:
                return
            self.last = event.number
            self._records.append(event)
        else:
            self._states.pop(event.key, None)
            self._states[event.key] = event
        self._news.set()

    def end(self) -> None:
        """Nothing more comes."""
        self._ended = True
        self._news.set()

    async def events(self, idle: float) -> AsyncIterator[Event | None]:
        """Everything as it comes; None whenever nothing came for so many seconds."""
        while True:
            while self._records:
                yield self._records.popleft()
            while self._states:
                yield self._states.pop(next(iter(self._states)))
            if self._ended:
                return
            self._news.clear()
            try:
                await asyncio.wait_for(self._news.wait(), idle)
            except TimeoutError:
                yield None


class Feed:
    """Tells what happens in a workspace. Belongs to one event loop; `tell` and `close` may be called from any thread.

    Args:
        workspace: what is looked at.
        runner: who drives runs of the service.
        runs: how runs are told.
    """

    def __init__(self, workspace: Workspace, runner: Runner, runs: Runs) -> None:
        self._sources = _Sources(workspace, runner, runs)
        self._taps: dict[str, _Tap] = {}
        self._loop = asyncio.get_running_loop()
        self._closed = False

    def of_run(self, run: str, after: int | None = None) -> Listener:
        """Somebody who looks at one run; who comes back says up to which record (its number) they know all."""
        listener = Listener()
        tap = self._taps.get(run) or _Tap(_OneRun(self._sources, run))
        return self._joined(run, tap, listener, after)

    def of_all(self, takes: Callable[[Event], bool]) -> Listener:
        """Somebody who looks at everything that is wanted."""
        return self._joined("", self._taps.get("") or _Tap(_Everything(self._sources)), Listener(takes), None)

    def leave(self, listener: Listener) -> None:
        """Somebody looks on no more."""
        for tap in self._taps.values():
            tap.listeners.discard(listener)

    def tell(self, name: str, data: Mapping[str, Any], key: str, project: str) -> None:
        """Tells those who look at everything something that the store does not say."""
        event = Event(name, orjson.dumps(data), f"{name} {key}", 0, project)

        def put() -> None:
            for listener in self._taps[""].listeners if "" in self._taps else ():
                listener.put(event)

        with suppress(RuntimeError):  # the loop is gone, and so are they
            self._loop.call_soon_threadsafe(put)

    def close(self) -> None:
        """Nothing more is told: whoever looks on is let go."""
        with suppress(RuntimeError):
            self._loop.call_soon_threadsafe(self._close)

    def _close(self) -> None:
        self._closed = True
        for tap in self._taps.values():
            tap.end()

    def _joined(self, name: str, tap: _Tap, listener: Listener, after: int | None) -> Listener:
        if self._closed:
            listener.end()
            return listener
        self._taps[name] = tap
        tap.join(listener, after)
        if tap.task is None or tap.task.done():
            tap.task = asyncio.create_task(self._poured(name, tap), name=f"events {name}")
        return listener

    async def _poured(self, name: str, tap: _Tap) -> None:
        try:
            await tap.pour()
        finally:
            if self._taps.get(name) is tap:
                del self._taps[name]


class _Tap:
    """One look at the store for all who want the same."""

    def __init__(self, source: _OneRun | _Everything) -> None:
        self._source = source
        self._new: list[tuple[Listener, int | None]] = []
        self.listeners: set[Listener] = set()
        self.task: asyncio.Task[None] | None = None

    def join(self, listener: Listener, after: int | None) -> None:
        self._new.append((listener, after))
        self.listeners.add(listener)

    def end(self) -> None:
        for listener in self.listeners:
            listener.end()
        self.listeners.clear()

    async def pour(self) -> None:
        """Until nobody is left, or there is nothing more to tell."""
        try:
            while self.listeners and not self._source.over:
                new, self._new = self._new, []
                events, welcome = await asyncio.to_thread(self._source.look, [after for _, after in new])
                for (listener, _), told in zip(new, welcome, strict=True):
                    for event in told:
                        listener.put(event)
                for event in events:
                    for listener in list(self.listeners):
                        listener.put(event)
                if not self._source.over:
                    await asyncio.sleep(TICK_SECONDS)
        except SeedbedError:
            pass  # the store cannot be read: who looks on comes back, and hears it then
        finally:
            self.end()


class _Sources:
    """What is looked at."""

    def __init__(self, workspace: Workspace, runner: Runner, runs: Runs) -> None:
        self.workspace = workspace
        self.store = workspace.store
        self.runner = runner
        self.runs = runs


class _OneRun:
    """What happens in one run."""

    def __init__(self, sources: _Sources, run: str) -> None:
        self._sources = sources
        self._run = run
        self._mark: tuple[Any, ...] = ()
        self._last = -1
        self._stills = 0
        self.over = False

    def look(self, news: list[int | None]) -> tuple[list[Event], list[list[Event]]]:
        """What happened since the last look, for all; and for each who is new what they missed."""
        sources, watching = self._sources, self._sources.store.watching
        if self._last < 0:
            self._last = watching.last()
        stored = sources.store.run(self._run)
        if stored is None:
            self.over = True
            return [], [[] for _ in news]
        goes_on = sources.runner.goes_on(stored)
        # Between a run's making and its claim there is an instant: only the second look believes that it is over.
        self._stills = 0 if goes_on else self._stills + 1
        self.over = self._stills > 1 or (self._stills == 1 and stored.state != "running")
        cells = cells_of(stored.figures or {})
        records = self._records(self._last, MOST_RECORDS, cells)
        # Read after the others and told before them: so nothing is left out between.
        welcome = [self._records(after, REPLAYED, cells) if after is not None else [] for after in news]
        self._last = max([self._last, *(event.number for event in records)])
        mark = (stored.state, stored.control, stored.seconds, stored.updated, stored.message, goes_on)
        changed = mark != self._mark or bool(news) or self.over
        self._mark = mark
        return [*records, *(self._state(stored) if changed else ())], welcome

    def _records(self, after: int, limit: int, cells: Mapping[tuple[str, ...], dict[str, str]]) -> list[Event]:
        ended = self._sources.store.watching.since(self._run, after, states=TOLD, limit=limit)
        return [Event("record", orjson.dumps(record(one, cells), default=str), number=one.number) for one in ended]

    def _state(self, stored: StoredRun) -> list[Event]:
        item = orjson.dumps(self._sources.runs.item(stored))
        return [Event("run", item, "run"), *([Event("end", item, "end")] if self.over else [])]


class _Everything:
    """Which runs, jobs and datasets change."""

    over = False

    def __init__(self, sources: _Sources) -> None:
        self._sources = sources
        self._marks: dict[str, Any] | None = None
        self._jobs: dict[str, tuple[str, str]] | None = None
        self._change = -1

    def look(self, news: list[int | None]) -> tuple[list[Event], list[list[Event]]]:
        """What changed since the last look."""
        return [*self._runs(), *self._works(), *self._datasets()], [[] for _ in news]

    def _runs(self) -> list[Event]:
        store, first = self._sources.store, self._marks is None
        # Times are stored to the second.
        since = (datetime.now(UTC) - timedelta(seconds=5)).isoformat(timespec="seconds")
        marks = {mark.id: (mark, self._sources.runner.holds(mark.id)) for mark in store.watching.marks(since)}
        changed = [name for name, mark in marks.items() if (self._marks or {}).get(name) != mark]
        self._marks = marks
        return [] if first else [event for name in changed for event in self._run(name)]

    def _run(self, name: str) -> list[Event]:
        stored = self._sources.store.run(name)
        if stored is None:
            return []
        item = self._sources.runs.item(stored, short=True)
        return [Event("run", orjson.dumps(item), f"run {name}", 0, item["project"])]

    def _works(self) -> list[Event]:
        """Jobs, whichever server works on them: those that are open, and those that were at the look before."""
        store, before = self._sources.store.jobs, self._jobs
        found = {job.id: job for job in store.open()}
        self._jobs = {name: (job.state, job.updated) for name, job in found.items()}
        if before is None:
            return []
        gone = (store.job(name) for name in before if name not in found)
        found |= {job.id: job for job in gone if job is not None}
        return [_of_job(job) for name, job in found.items() if before.get(name) != (job.state, job.updated)]

    def _datasets(self) -> list[Event]:
        store, first = self._sources.store, self._change < 0
        self._change, names = store.watching.reviewed(self._change)
        if first:
            return []
        return [
            Event(
                "dataset",
                orjson.dumps({"dataset": name}),
                f"dataset {name}",
                0,
                project_of(self._sources.workspace, name),
            )
            for name in names
        ]


def _of_job(job: Job) -> Event:
    told = {name: value for name, value in asdict(job).items() if name not in ("asked", "by", "number")}
    return Event("job", orjson.dumps(told), f"job {job.id}", 0, job.project)
