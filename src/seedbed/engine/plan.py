"""Which cell to ask for next: no rounds, always the emptiest, until every cell is full or given up."""

from __future__ import annotations

from dataclasses import dataclass
from heapq import heapify, heappop, heappush
from math import ceil
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Sequence

FORGETTING = 0.97
"""How much of an old outcome still counts after one more, in the observed acceptance rate."""

PRIOR = 4.0
"""How many outcomes of a cell it takes to weigh as much as those of all cells together."""

LEAST_RATE = 0.02
"""The lowest acceptance rate planned with, so that a hopeless cell does not draw all calls at once."""


ENOUGH = 0.5
"""A cell is asked for again once so much of a record is expected to be missing: less is more often a surplus."""


@dataclass(frozen=True, slots=True)
class StopRules:
    """When a cell is given up: after `fruitless` slots in a row without a new record, or when
    `attempts_per_record` slots for each wanted record are used up."""

    fruitless: int = 500
    attempts_per_record: int = 200


@dataclass(slots=True)
class _Rate:
    good: float = 0.0
    seen: float = 0.0

    def saw(self, *, accepted: bool) -> None:
        self.good = self.good * FORGETTING + accepted
        self.seen = self.seen * FORGETTING + 1.0


@dataclass(slots=True)
class CellPlan:
    """What the plan knows of one cell. Slots are counted since the process started, accepted records ever."""

    wanted: int
    accepted: int
    unit: int = 1
    in_flight: int = 0
    tries: int = 0
    streak: int = 0
    ordinal: int = 0
    stopped: Literal["", "fruitless", "attempts_per_record", "inputs"] = ""
    version: int = 0
    starved: bool = False
    rate: float = 1.0
    good: float = 0.0
    seen: float = 0.0
    duplicates: float = 0.0


class Plan:
    """Chooses the next cell to ask for.

    Args:
        cells: (wanted, accepted so far, and how many come together: one if not given) of each cell.
        rules: when a cell is given up.
        stay: how many attempts in sequence go to one cell (for connections that cache the beginning of a prompt).
        first: where the attempts of each cell are counted from; above all an earlier process may have given.
    """

    def __init__(
        self, cells: Sequence[tuple[int, int] | tuple[int, int, int]], rules: StopRules, stay: int = 1, first: int = 0
    ) -> None:
        self.cells = [CellPlan(*cell) for cell in cells]
        for plan in self.cells:
            plan.ordinal = first
        self._rules = rules
        self._stay = stay
        self._staying: tuple[int, int] = (-1, 0)
        self._all = _Rate()
        self._heap: list[tuple[float, int, int]] = []
        self._crowded = 4 * len(self.cells) + 1024
        self._flying = 0
        self._starved: list[int] = []
        for index in range(len(self.cells)):
            self._queue(index)

    def next(self, items: int | Sequence[int] = 1) -> tuple[int, int] | Literal["wait", "done"]:
        """The cell to ask for now and for how many records (at most `items`, which may be given for each cell), or that
        there is nothing to ask.

        "wait": what is in flight is expected to fill all cells. "done": nothing is in flight and nothing is lacking
        but in cells that were given up.
        """
        index = self._again()
        if index is None:
            index = self._emptiest()
        if index is None:
            return self._nothing()
        cell = self.cells[index]
        most = items if isinstance(items, int) else items[index]
        n = cell.unit if cell.unit > 1 else max(1, min(most, ceil(self._lack(cell) / cell.rate)))
        cell.in_flight += n
        cell.ordinal += 1
        self._flying += n
        self._queue(index)
        return index, n

    def again(self, index: int) -> bool:
        """Asks the cell for one more record than it would be asked for, unless it is full or given up."""
        cell = self.cells[index]
        if cell.stopped or self.full(index):
            return False
        cell.in_flight += 1
        cell.ordinal += 1
        self._flying += 1
        self._queue(index)
        return True

    def starve(self, index: int, n: int) -> None:
        """There is nothing to work on for the cell that was to be asked for; until `feed` it is left out."""
        self.cells[index].starved = True
        self._starved.append(index)
        self.returned(index, n)

    def feed(self) -> None:
        """There may be something to work on again."""
        starved, self._starved = self._starved, []
        for index in starved:
            cell = self.cells[index]
            cell.starved = False
            cell.stopped = "" if cell.stopped == "inputs" else cell.stopped
            self._queue(index)

    def returned(self, index: int, n: int) -> None:
        """An attempt came back without its slots being used (its budget or its connection gave out)."""
        self.cells[index].in_flight -= n
        self._flying -= n
        self._queue(index)

    def reopened(self, index: int, n: int) -> None:
        """An attempt of an earlier process is taken up again."""
        self.cells[index].in_flight += n
        self._flying += n
        self._queue(index)

    def ended(self, index: int, state: str, *, duplicate: bool = False, answered: bool = True) -> None:
        """One slot of an attempt ended. Where no model answered it says nothing about the cell, but is one of the
        attempts a record may take."""
        cell = self.cells[index]
        cell.in_flight -= 1
        self._flying -= 1
        if not answered:
            cell.tries += 1
        else:
            self._count(cell, state, duplicate=duplicate)
            cell.rate = max(LEAST_RATE, (cell.good + PRIOR * self._overall()) / (cell.seen + PRIOR))
        self._give_up(cell)
        self._queue(index)

    def _nothing(self) -> Literal["wait", "done"]:
        if self._flying:
            return "wait"
        for index in self._starved:
            self.cells[index].stopped = self.cells[index].stopped or "inputs"
        return "done"

    def full(self, index: int) -> bool:
        """Whether the cell holds all it is to hold."""
        cell = self.cells[index]
        return cell.accepted >= cell.wanted

    def _count(self, cell: CellPlan, state: str, *, duplicate: bool) -> None:
        cell.tries += 1
        if state == "surplus":
            return
        accepted = state == "accepted"
        cell.accepted += accepted
        cell.streak = 0 if accepted else cell.streak + 1
        cell.good = cell.good * FORGETTING + accepted
        cell.seen = cell.seen * FORGETTING + 1.0
        cell.duplicates = cell.duplicates * 0.9 + 0.1 * duplicate
        self._all.saw(accepted=accepted)

    def _give_up(self, cell: CellPlan) -> None:
        if cell.accepted >= cell.wanted:
            cell.stopped = ""
        elif cell.stopped:
            return
        elif cell.streak >= self._rules.fruitless:
            cell.stopped = "fruitless"
        elif cell.tries >= self._rules.attempts_per_record * cell.wanted:
            cell.stopped = "attempts_per_record"

    def _overall(self) -> float:
        return (self._all.good + 1.0) / (self._all.seen + 1.0)

    def _lack(self, cell: CellPlan) -> float:
        """How many records are expected to be missing when all that is in flight has come back."""
        return cell.wanted - cell.accepted - cell.in_flight * cell.rate

    def _asks(self, cell: CellPlan) -> bool:
        if cell.stopped or cell.starved or cell.wanted - cell.accepted - cell.in_flight * cell.rate < ENOUGH:
            return False
        left = self._rules.attempts_per_record * cell.wanted - cell.tries
        return cell.in_flight < min(left, self._rules.fruitless + cell.wanted)

    def _again(self) -> int | None:
        index, left = self._staying
        if left > 0 and self._asks(self.cells[index]):
            self._staying = (index, left - 1)
            return index
        return None

    def _queue(self, index: int) -> None:
        cell = self.cells[index]
        cell.version += 1
        if not self._asks(cell):
            return
        fill = (cell.accepted + cell.in_flight * cell.rate) / cell.wanted
        heappush(self._heap, (fill, index, cell.version))
        if len(self._heap) > self._crowded:
            self._heap = [entry for entry in self._heap if entry[2] == self.cells[entry[1]].version]
            heapify(self._heap)

    def _emptiest(self) -> int | None:
        while self._heap:
            _, index, version = heappop(self._heap)
            cell = self.cells[index]
            if version == cell.version:  # nothing has changed since it was queued
                self._staying = (index, self._stay - 1)
                return index
        return None
