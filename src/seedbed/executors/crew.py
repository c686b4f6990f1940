"""The coordinator's side of several workers: who has which jobs, what they tell, and what becomes of a dead one's jobs.

Knows nothing of where workers are: a `Link` carries the messages. A job is given to one worker at a time. If that dies,
its jobs go to others together with the answers that had arrived, so nothing is asked twice that anybody knows of.
"""

from __future__ import annotations

import asyncio
import pickle
from collections import Counter, deque
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any, Protocol

from seedbed.core.attempt import Answered, Finished
from seedbed.core.errors import ProviderError, RunFailed

from .local import AHEAD, MOST_UNREAD
from .purse import Cashier

if TYPE_CHECKING:
    from collections.abc import Sequence

    from seedbed.core.attempt import Job
    from seedbed.core.errors import SeedbedError
    from seedbed.core.ports import Purse

GRACE = 10.0
"""Seconds a new worker may take before the others are given its part of the limits."""

STILLBORN = 5
"""So many workers in a row that die before they tell anything end the run."""

MOST_DEATHS = 10
"""A job that so many workers died of, or with, is not given to another one."""


class Gone(Exception):
    """The worker cannot be reached any more."""


class Link(Protocol):
    """Carries messages to one worker and back; see `Workbench`.

    Raises:
        Gone: by every method but `kill`.
    """

    async def lacking(self, spec: Any) -> list[str]: ...

    async def open(
        self, open_worker: Callable[[Any], Any], spec: Any, keys: Mapping[str, str], terms: tuple[bool, int, int]
    ) -> SeedbedError | None: ...

    async def take(self, parcel: bytes) -> None: ...

    async def news(self) -> bytes: ...

    async def close(self) -> None: ...

    def kill(self) -> None:
        """Ends the worker at once."""
        ...


@dataclass(slots=True)
class Lending:
    """What the coordinator has that workers use; `purse` is None where nothing is limited, `parts` says in how many the
    connections' limits are divided before workers have theirs: other runs use them, too."""

    purse: Purse | None = None
    keys: Mapping[str, str] = field(default_factory=dict)
    say: Callable[[str], None] = field(default=lambda _: None)
    parts: Callable[[], int] = field(default=lambda: 1)


class Hand:
    """One worker as the coordinator sees it."""

    def __init__(self, link: Link, place: int, purse: Purse | None) -> None:
        self.link = link
        self.place = place
        self.room = 0
        self.given: dict[int, Job] = {}
        self._parcel: list[tuple[str, Any]] = []
        self._packed = asyncio.Event()
        self.cashier = Cashier(purse, partial(self.tell, "purse")) if purse else None

    @property
    def space(self) -> int:
        """How many more jobs it should have: those under way, and few that wait for them."""
        return self.room + self.room // AHEAD - len(self.given)

    def tell(self, word: str, what: Any = None) -> None:
        """Puts a word, or a job, into the next parcel."""
        self._parcel.append((word, what))
        self._packed.set()

    def give(self, job: Job) -> None:
        """Gives it a job."""
        self.given[job.attempt.number] = job
        self.tell("job", job)

    async def deliver(self) -> None:
        """Sends parcel after parcel; what comes meanwhile goes into the next."""
        while True:
            await self._packed.wait()
            parcel, self._parcel = self._parcel, []
            self._packed.clear()
            await self.link.take(pickle.dumps(parcel, protocol=5))


class Crew:
    """All workers of a run.

    Args:
        hire: starts a worker and answers how it is reached.
        size: how many there are to be.
        opening: what opens a worker, and what it is made of.
        lending: what they are lent.
    """

    def __init__(
        self,
        hire: Callable[[], Link],
        size: int,
        opening: tuple[Callable[[Any], Any], Any],
        lending: Lending,
    ) -> None:
        self._hire = hire
        self._opening = opening
        self._lending = lending
        self._places: dict[int, asyncio.Task[None]] = {}
        self._hands: dict[int, Hand] = {}
        self._coming: set[int] = set()
        self._words: list[str] = []
        self._parts = 1
        self._waiting: deque[Job] = deque()
        self._deaths: Counter[int] = Counter()
        self._stillborn = 0
        self._outbox: deque[Answered | Finished | Exception] = deque()
        self._news = asyncio.Event()
        self._room = asyncio.Event()
        self.grow(size)

    def grow(self, size: int) -> None:
        """More workers are to be hired."""
        for place in range(len(self._places), size):
            self._coming.add(place)
            self._places[place] = asyncio.create_task(self._hold(place))
        self._share()

    def divide(self) -> None:
        """Looks whether more runs use the connections now, or fewer."""
        if self._parts != self._lending.parts():
            self._share()

    def tell(self, word: str) -> None:
        """Says a word (`halt`, `leave`) to all workers and to those that come later. From `halt` on, what no worker has
        is given back."""
        self._words.append(word)
        for hand in self._hands.values():
            hand.tell(word)
        self._spread()
        self._news.set()

    @property
    def _halted(self) -> bool:
        return "halt" in self._words

    async def feed(self, jobs: AsyncIterator[Job]) -> None:
        """Gives out jobs while there is space, until there are none left."""
        try:
            while True:
                await self._space()
                self._waiting.append(await anext(jobs))
                self._spread()
        except StopAsyncIteration:
            return

    async def events(self, feeder: asyncio.Task[None]) -> AsyncIterator[Answered | Finished]:
        """Everything that happens, until all jobs are done.

        Raises:
            SeedbedError: a worker cannot be opened, or a part has a defect.
        """
        feeder.add_done_callback(lambda _: self._news.set())
        while True:
            while self._outbox:
                event = self._outbox.popleft()
                if isinstance(event, Exception):
                    raise event
                yield event
            self._room.set()
            if feeder.done():
                feeder.result()
                if not self._outbox and not self._busy:
                    return
            self._news.clear()
            if not self._outbox and not (feeder.done() and not self._busy):
                await self._news.wait()

    async def close(self) -> None:
        """Ends all workers."""
        for task in self._places.values():
            task.cancel()
        await asyncio.gather(*self._places.values(), return_exceptions=True)

    @property
    def _busy(self) -> bool:
        return bool(self._waiting) or any(hand.given for hand in self._hands.values())

    async def _space(self) -> None:
        while not self._halted and (len(self._outbox) > MOST_UNREAD or self._waiting or not self._best()):
            self._room.clear()
            await self._room.wait()

    def _best(self) -> Hand | None:
        """Who has the most space, if anybody has any."""
        best = max(self._hands.values(), key=lambda hand: hand.space, default=None)
        return best if best and best.space > 0 else None

    def _spread(self) -> None:
        """Gives out the jobs that wait."""
        while self._halted and self._waiting:
            self._outbox.append(Finished(self._waiting.popleft().attempt, unsent=True))
        while self._waiting and (hand := self._best()):
            hand.give(self._waiting.popleft())
        self._room.set()

    def _share(self) -> None:
        """Tells everybody what part of the limits is theirs."""
        self._parts = self._lending.parts()
        for place, hand in self._hands.items():
            hand.tell("share", self._part(place))

    def _part(self, place: int) -> tuple[int, int]:
        """Which part of the limits is that of a place, of how many."""
        sharing = sorted({*self._hands, *self._coming, place})
        return sharing.index(place) * self._parts, len(sharing) * self._parts

    async def _hold(self, place: int) -> None:
        """Keeps one place filled: whoever dies is replaced."""
        try:
            while self._stillborn < STILLBORN:
                if self._halted:
                    return
                try:
                    await self._employ(place)
                except Gone as gone:
                    self._stillborn += 1
                    last = (str(gone).strip().splitlines() or [""])[-1]
            message = f"{STILLBORN} workers in a row died before they had done anything."
            self._outbox.append(RunFailed(message, f"The last word of one: {last[:300]}"))
        except Exception as error:  # noqa: BLE001 - raised where the events are read
            self._outbox.append(error)
        finally:
            self._news.set()

    async def _employ(self, place: int) -> None:
        """One worker, from its start to its death.

        Raises:
            Gone: it died.
        """
        hand = Hand(self._hire(), place, self._lending.purse)
        late = asyncio.get_running_loop().call_later(GRACE, self._late, place)
        self._coming.add(place)
        try:
            await self._open(hand)
            late.cancel()
            self._hands[place] = hand
            self._coming.discard(place)
            self._share()
            await self._attend(hand)
        except asyncio.CancelledError:
            with suppress(Gone, TimeoutError):
                await asyncio.wait_for(hand.link.close(), 1.0 if not hand.given else 0.1)
            raise
        finally:
            late.cancel()
            hand.link.kill()
            self._bury(hand)

    def _late(self, place: int) -> None:
        self._coming.discard(place)
        self._lending.say(f"Worker {place + 1} is not there yet: the cluster may have no processor free.")
        self._share()

    async def _open(self, hand: Hand) -> None:
        open_worker, spec = self._opening
        lacking = await hand.link.lacking(spec)
        keys = {name: self._lending.keys[name] for name in lacking if name in self._lending.keys}
        terms = (self._lending.purse is not None, *self._part(hand.place))
        if error := await hand.link.open(open_worker, spec, keys, terms):
            raise error
        for word in self._words:
            hand.tell(word)

    async def _attend(self, hand: Hand) -> None:
        """Delivers to a worker and hears of it, until it is gone."""
        delivering = asyncio.create_task(hand.deliver())
        try:
            while True:
                self._hear(hand, *pickle.loads(await hand.link.news()))  # noqa: S301 - of our own worker
                if delivering.done():
                    delivering.result()
        finally:
            delivering.cancel()
            await asyncio.gather(delivering, return_exceptions=True)

    def _hear(self, hand: Hand, room: int, events: Sequence[tuple[str, int, Any]]) -> None:
        hand.room = room
        for word, number, what in events:
            if word == "purse":
                if hand.cashier:
                    hand.cashier.hear(what)
            elif word == "say":
                self._lending.say(what)
            elif word == "crash":
                self._outbox.append(what)
            elif word != "ready":
                self._stillborn = 0
                self._take_in(hand, number, what)
        self._spread()
        if events:
            self._news.set()

    def _take_in(self, hand: Hand, number: int, event: Answered | Finished) -> None:
        job = hand.given[number]
        event.attempt = job.attempt
        if isinstance(event, Finished):
            del hand.given[number]
        elif event.completion is not None and event.occurrence >= 0:
            job.answers[event.hash, event.occurrence] = event.completion
        self._outbox.append(event)

    def _bury(self, hand: Hand) -> None:
        """What a dead worker had goes to others."""
        if hand.cashier:
            hand.cashier.close()
        if self._hands.pop(hand.place, None) is None:
            return
        for number, job in hand.given.items():
            self._deaths[number] += 1
            if self._deaths[number] < MOST_DEATHS:
                self._waiting.append(job)
            else:
                error = ProviderError("server", f"{MOST_DEATHS} workers died while they worked on it.")
                self._outbox.append(Finished(job.attempt, model=job.attempt.model, error=error))
        self._spread()
        self._news.set()
