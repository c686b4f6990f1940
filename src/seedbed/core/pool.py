"""What attempts are given to work on: rows of a file, chunks of documents, accepted records."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from .record import Record

TRIES = 12
"""So often an input is tried without a new record before it is given up: the fault lies with the input then."""


class Drawn(NamedTuple):
    """What an attempt works on, and how many records are to come of it."""

    inputs: tuple[Record, ...]
    n: int


class Pool(Protocol):
    """Chooses the inputs of attempts. Only the coordinator uses it; inputs are known by their ids."""

    def draw(self, cell: Mapping[str, str], n: int, seed: int) -> Drawn | None:
        """Inputs for at most `n` records of a cell; None if there is none to be had now."""
        ...

    def reopened(self, cell: Mapping[str, str], inputs: Sequence[Record], n: int) -> None:
        """An attempt of an earlier process is taken up again; `cell` is the one it is for."""
        ...

    def ended(self, cell: Mapping[str, str], inputs: Sequence[Record], slot: int, state: str) -> None:
        """One slot of an attempt ended; `state` is a record's, or "unsent"."""
        ...

    def admitted(self, record: Record) -> None:
        """A record was accepted just now."""
        ...

    def restored(self, record: Record) -> None:
        """A record had been accepted before the run was taken up; its origin names its `parents`."""
        ...

    def find(self, cell: Mapping[str, str], name: str) -> Record | None:
        """The input of that id, of an attempt for the cell."""
        ...

    def given_up(self) -> list[str]:
        """Ids of inputs that nothing could be made of."""
        ...


@dataclass(slots=True)
class _Input:
    record: Record
    accepted: int = 0
    in_flight: int = 0
    fruitless: int = 0
    queued: bool = True


class EachPool:
    """Every input in turn, until so many records were accepted of each.

    Args:
        inputs: the inputs, with ids of their own.
        per_input: accepted records wanted of each; None for as many as the cells ask for, shared evenly.
        together: inputs that go into one attempt, one record of each (else one input, `n` records).
    """

    def __init__(self, inputs: Sequence[Record], per_input: int | None = 1, *, together: bool = False) -> None:
        self._inputs = {record.id: _Input(record) for record in inputs}
        self._per_input = per_input
        self._together = together
        self._queue = deque(self._inputs)

    def draw(self, cell: Mapping[str, str], n: int, seed: int) -> Drawn | None:
        """See `Pool.draw`."""
        del cell, seed
        if self._together:
            chosen = [one for one in (self._next(1) for _ in range(n)) if one]
            return Drawn(tuple(one.record for one in chosen), len(chosen)) if chosen else None
        one = self._next(n)
        if one is None:
            return None
        n = min(n, self._room(one) + 1)
        one.in_flight += n - 1
        self._put(one)
        return Drawn((one.record,), n)

    def add(self, record: Record) -> None:
        """One more input."""
        self._inputs[record.id] = _Input(record)
        self._queue.append(record.id)

    def reopened(self, cell: Mapping[str, str], inputs: Sequence[Record], n: int) -> None:
        """See `Pool.reopened`."""
        del cell
        for slot in range(n):
            self._inputs[inputs[slot if self._together else 0].id].in_flight += 1

    def ended(self, cell: Mapping[str, str], inputs: Sequence[Record], slot: int, state: str) -> None:
        """See `Pool.ended`."""
        del cell
        one = self._inputs[inputs[slot if self._together else 0].id]
        one.in_flight -= 1
        one.accepted += state == "accepted"
        one.fruitless = 0 if state == "accepted" else one.fruitless + (state in ("rejected", "failed"))
        self._put(one)

    def admitted(self, record: Record) -> None:
        """See `Pool.admitted`; what was accepted by this process has been counted when its slot ended."""

    def restored(self, record: Record, *, first: bool = False) -> None:
        """See `Pool.restored`; with `first` it counts for the first of its parents only."""
        for name in list(record.origin.get("parents", ()))[: 1 if first else None]:
            if name in self._inputs:
                self._inputs[name].accepted += 1

    def find(self, cell: Mapping[str, str], name: str) -> Record | None:
        """See `Pool.find`."""
        del cell
        one = self._inputs.get(name)
        return one.record if one else None

    def given_up(self) -> list[str]:
        """See `Pool.given_up`."""
        return [name for name, one in self._inputs.items() if one.fruitless >= TRIES and not one.accepted]

    def _next(self, n: int) -> _Input | None:
        """The next input that lacks something, one record of it in flight."""
        while self._queue:
            one = self._inputs[self._queue.popleft()]
            one.queued = False
            if self._room(one) > 0 and n:
                one.in_flight += 1
                return one
        return None

    def _room(self, one: _Input) -> int:
        if one.fruitless >= TRIES:
            return 0
        return 1_000 if self._per_input is None else self._per_input - one.accepted - one.in_flight

    def _put(self, one: _Input) -> None:
        if not one.queued and self._room(one) > 0:
            one.queued = True
            self._queue.append(one.record.id)


class OncePool(EachPool):
    """Every input once: of one that was rejected nothing more is to be had."""

    def ended(self, cell: Mapping[str, str], inputs: Sequence[Record], slot: int, state: str) -> None:
        """See `Pool.ended`."""
        super().ended(cell, inputs, slot, "accepted" if state == "rejected" else state)
