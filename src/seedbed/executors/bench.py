"""A worker in a process of its own, as whoever sends it messages sees it. Knows nothing of how these are carried.

It is opened with plain data, is given jobs in parcels, and hands out what happened in parcels, too: one of each may be
on its way at a time, so the more there is to say the more goes into one.
"""

from __future__ import annotations

import asyncio
import pickle
import traceback
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Protocol

from seedbed.core.attempt import Answered, Finished, Job
from seedbed.core.errors import RunFailed, SeedbedError
from seedbed.core.ports import Purse, Worker

from .local import LocalExecutor
from .purse import LentPurse, Priced, Said, Tell

LINGER = 0.004
"""Seconds in which more may happen before what happened is handed out: one message then holds many events."""

QUIET = 1.0
"""After so many seconds without news the room is told all the same: it changes while calls wait out their pauses."""

UNHEARD = 0.05
"""Seconds without anybody asking for news after which no further call is sent: the coordinator may be dead, and what is
answered now would be paid again."""


class Spec(Protocol):
    """What a worker is made of, as plain data."""

    @property
    def prices(self) -> Mapping[str, Priced | None]:
        """Of the models, by the user's names."""
        ...

    def lacking(self) -> list[str]:
        """The connections whose keys are not to be found where this is called."""
        ...


class FarWorker(Worker, Protocol):
    """A worker away from its coordinator, which lends it a part of every limit."""

    async def prepare(self) -> None:
        """Makes ready what takes time.

        Raises:
            SeedbedError: it cannot be.
        """
        ...

    def share(self, place: int, of: int) -> None:
        """From now on it is number `place` of `of` workers that use the same connections."""
        ...

    def halt(self) -> None:
        """See `Models.halt`."""
        ...

    def leave(self) -> None:
        """See `Models.leave`."""
        ...


@dataclass(slots=True)
class Lent:
    """What a worker elsewhere is opened with; `keys` are those its surroundings do not have."""

    spec: Any
    keys: Mapping[str, str]
    purse: Purse
    say: Callable[[str], None]

    def __repr__(self) -> str:
        return f"Lent(keys of {', '.join(self.keys) or 'none'})"


class Workbench:
    """The worker's side. Methods are called by messages; their arguments and answers are data."""

    def __init__(self) -> None:
        self._worker: FarWorker | None = None
        self._purse: LentPurse | None = None
        self._inbox: asyncio.Queue[Job] = asyncio.Queue()
        self._outbox: list[tuple[str, Any, Any]] = []
        self._news = asyncio.Event()
        self._listening = asyncio.Event()
        self._heard = 0.0
        self._working: asyncio.Task[None] | None = None

    async def lacking(self, spec: Spec) -> list[str]:
        """See `Spec.lacking`."""
        return spec.lacking()

    async def open(
        self, open_worker: Callable[[Any], FarWorker], spec: Spec, keys: Mapping[str, str], terms: tuple[bool, int, int]
    ) -> SeedbedError | None:
        """Opens the worker; answers why that cannot be done, if so.

        Args:
            open_worker: makes it of what is lent.
            spec: what it is made of.
            keys: of the connections that `lacking` named.
            terms: whether the budget is counted; which worker it is, of how many.
        """
        counted, place, of = terms
        tell: Tell = lambda said: self._tell("purse", None, said)  # noqa: E731
        self._purse = LentPurse(tell, spec.prices, self._listened, counted=counted)
        try:
            worker = open_worker(Lent(spec, keys, self._purse, lambda text: self._tell("say", None, text)))
            worker.share(place, of)
            await worker.prepare()
        except SeedbedError as error:
            return error
        self._worker = worker
        self._tell("ready", None, None)
        self._working = asyncio.create_task(self._work(worker))
        return None

    async def take(self, parcel: bytes) -> None:
        """Takes jobs and words of the coordinator."""
        for word, what in pickle.loads(parcel):  # noqa: S301 - of our own coordinator
            if word == "job":
                self._inbox.put_nowait(what)
            else:
                self._heed(word, what)

    async def news(self) -> bytes:
        """What happened since the last call: the room there is now, and the events; waits until there are some."""
        self._listening.set()
        if not self._outbox:
            self._news.clear()
            with suppress(TimeoutError):
                await asyncio.wait_for(self._news.wait(), QUIET)
        if not any(word == "purse" and what[0] == "reserve" for word, _, what in self._outbox):
            await asyncio.sleep(LINGER)
        events, self._outbox = self._outbox, []
        self._heard = asyncio.get_running_loop().time()
        self._listening.clear()
        return pickle.dumps((self._worker.room if self._worker else 0, events), protocol=5)

    async def close(self) -> None:
        """Ends what is under way and gives back what was opened."""
        if self._working is not None:
            self._working.cancel()
            await asyncio.gather(self._working, return_exceptions=True)

    async def _listened(self) -> None:
        """Waits for the coordinator to listen, if it has not for a while."""
        while not self._listening.is_set() and asyncio.get_running_loop().time() - self._heard > UNHEARD:
            await self._listening.wait()

    def _heed(self, word: str, what: Any) -> None:
        assert self._worker is not None
        assert self._purse is not None
        if word == "purse":
            self._purse.hear(what)
        elif word == "share":
            self._worker.share(*what)
        elif word == "halt":
            self._worker.halt()
        else:
            self._worker.leave()

    async def _work(self, worker: Worker) -> None:
        try:
            async for event in LocalExecutor().map(lambda _: worker, None, self._jobs()):
                self._tell(*_stripped(event))
        except Exception as error:  # noqa: BLE001 - a defect of a part; it is raised where the events are read
            self._tell("crash", None, RunFailed.by_part(error, traceback.extract_tb(error.__traceback__)))

    async def _jobs(self) -> AsyncIterator[Job]:
        while True:
            yield await self._inbox.get()

    def _tell(self, word: str, number: int | None, what: Any | Said) -> None:
        self._outbox.append((word, number, what))
        self._news.set()


def _stripped(event: Answered | Finished) -> tuple[str, int, Answered | Finished]:
    """An event without its attempt, which the coordinator has."""
    number = event.attempt.number
    event.attempt = None  # type: ignore[assignment]
    return "answered" if isinstance(event, Answered) else "finished", number, event
