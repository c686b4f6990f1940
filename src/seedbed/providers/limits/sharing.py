"""One connection used by several runs at once: its limits hold for all of them together, and they take turns.

Who waits is served run by run, not first come first served: a run that has a hundred calls waiting does not keep one
with a single call from its turn. All runs live on one event loop.
"""

from __future__ import annotations

import asyncio
from collections import deque
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

    from .gate import Bucket

Toll = tuple["Bucket", int]


@dataclass(slots=True)
class _Place:
    """A call that waits for its turn, and what it takes of the rates."""

    turn: asyncio.Future[None]
    tolls: Sequence[Toll] = ()


@dataclass(eq=False, slots=True)
class Share:
    """One run's part of a connection."""

    line: Line
    waiting: deque[_Place] = field(default_factory=deque)

    async def enter(self, tokens: int, off: asyncio.Future[Any]) -> bool:
        """Waits for the run's turn; whether it came before `off` was done. Who entered leaves again.

        Args:
            tokens: what the call is likely to take.
            off: done when the call need not be sent any more.
        """
        place = _Place(asyncio.get_running_loop().create_future(), self.line.tolls(tokens))
        self.line.queue(self, place)
        try:
            await asyncio.wait((place.turn, off), return_when=asyncio.FIRST_COMPLETED)
        except asyncio.CancelledError:
            self.line.gone(self, place)
            raise
        if off.done():
            self.line.gone(self, place)
        return not off.done()

    def leave(self) -> None:
        """Gives the place to whoever is next."""
        self.line.leave()


class Line:
    """The limits of one connection for all runs: calls at once, and rates if it has any.

    Args:
        ceiling: calls at once.
        requests: the bucket of requests a minute.
        tokens: that of tokens.
    """

    def __init__(self, ceiling: int, requests: Bucket | None = None, tokens: Bucket | None = None) -> None:
        self._whole = self._ceiling = ceiling
        self._requests = requests
        self.tokens = tokens
        self._inside = 0
        self._turns: deque[Share] = deque()  # whoever waits, the next first
        self._services = 1
        self._crews = 0
        self._here = 0
        self._pacing: asyncio.TimerHandle | None = None

    def share(self) -> Share:
        """A part for one more run."""
        return Share(self)

    @property
    def parts(self) -> int:
        """In how many equal parts the limits are divided: one for each run that is worked on elsewhere and one for all
        that are worked on here, in each service."""
        return self._services * max(1, self._crews + bool(self._here))

    def used(self, by: int, *, far: bool) -> None:
        """It is used by so many more runs, which are worked on here or `far` from here; they may be fewer, too."""
        if far:
            self._crews += by
        else:
            self._here += by
        self._resize()

    def divide(self, services: int) -> None:
        """From now on so many services use it; what is used here is one of its parts, one call at once at least."""
        self._services = services
        self._resize()

    def _resize(self) -> None:
        parts = self.parts
        self._ceiling = max(1, self._whole // parts)
        for bucket in (self._requests, self.tokens):
            if bucket:
                bucket.divide(parts)
        self._serve()

    def tolls(self, tokens: int) -> list[Toll]:
        """What a call takes of the rates."""
        wanted = ((self._requests, 1), (self.tokens, tokens))
        return [(bucket, size) for bucket, size in wanted if bucket]

    def queue(self, share: Share, place: _Place) -> None:
        """Puts a call behind the others of its run, and its run behind the others that wait."""
        share.waiting.append(place)
        if len(share.waiting) == 1:
            self._turns.append(share)
        self._serve()

    def gone(self, share: Share, place: _Place) -> None:
        """A call is not sent after all: its turn, if it had come, goes to the next."""
        if place.turn.done():
            for bucket, size in place.tolls:
                bucket.give(size)
            self.leave()
            return
        share.waiting.remove(place)
        if not share.waiting:
            self._turns.remove(share)

    def leave(self) -> None:
        """A call has been answered."""
        self._inside -= 1
        self._serve()

    def _serve(self) -> None:
        while self._turns and self._inside < self._ceiling and self._pacing is None:
            share = self._turns[0]
            pause = max((bucket.wait(size) for bucket, size in share.waiting[0].tolls), default=0.0)
            if pause > 0:
                self._pacing = asyncio.get_running_loop().call_later(pause, self._paced)
                return
            self._turns.popleft()
            self._let_in(share)

    def _let_in(self, share: Share) -> None:
        place = share.waiting.popleft()
        if share.waiting:
            self._turns.append(share)
        for bucket, size in place.tolls:
            bucket.take(size)
        self._inside += 1
        place.turn.set_result(None)

    def _paced(self) -> None:
        self._pacing = None
        self._serve()
