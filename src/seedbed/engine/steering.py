"""Variety: what to differ from, and where in its range the temperature goes."""

from __future__ import annotations

from collections import deque
from dataclasses import replace
from random import Random
from typing import TYPE_CHECKING

from seedbed.core.attempt import Recent

if TYPE_CHECKING:
    from collections.abc import Sequence

    from seedbed.core.attempt import Sampling, SamplingRange

LATEST = 3
"""How many recent texts a prompt shows while a cell brings no duplicates."""

MOST = 12
"""How many it shows when nearly everything is a duplicate."""


class Steering:
    """Remembers the latest accepted texts of each cell and chooses what a prompt is to differ from.

    As the share of duplicates in a cell rises, more texts are shown and they are drawn from further back; the
    temperature moves to the upper part of its range.
    """

    def __init__(self, cells: int, sampling: SamplingRange, *, enabled: bool) -> None:
        self.enabled = enabled
        self._sampling = sampling
        kept = max(MOST, min(64, 50_000 // max(1, cells)))
        self._drawn: dict[float, Sampling] = {}
        self._recent: list[deque[Recent]] = [deque(maxlen=kept) for _ in range(cells)] if enabled else []

    def remember(self, cell: int, record: Recent) -> None:
        """An accepted record of the cell."""
        if self.enabled:
            self._recent[cell].append(record)

    def recent(self, cell: int, duplicates: float, seed: int) -> tuple[Recent, ...]:
        """What a prompt for the cell is to differ from; `duplicates` is the cell's present share of them."""
        if not self.enabled or not self._recent[cell]:
            return ()
        kept = self._recent[cell]
        shown = min(len(kept), LATEST + round((MOST - LATEST) * duplicates))
        if duplicates < 0.05:
            return tuple(kept)[-shown:]
        reach: Sequence[Recent] = tuple(kept)[-max(shown, round(len(kept) * min(1.0, 2 * duplicates))) :]
        return tuple(Random(seed).sample(reach, shown))

    def steers(self, cell: int) -> bool:
        """Whether prompts for the cell may be varied by chance."""
        del cell
        return self.enabled

    def sampling(self, cell: int, duplicates: float, seed: int) -> Sampling:
        """The sampling of an attempt for the cell."""
        del cell
        base, low, high = self._sampling.base, self._sampling.low, self._sampling.high
        if low is None or high is None or low == high:
            return base
        floor = low + (high - low) * min(1.0, duplicates) * 0.5
        temperature = min(high, max(low, round(floor + (high - floor) * (seed % 1021 / 1020), 2)))
        drawn = self._drawn.get(temperature)
        if drawn is None:
            drawn = self._drawn[temperature] = replace(base, temperature=temperature)
        return drawn


class StepSteering:
    """The same for several steps, each with its own sampling.

    Args:
        parts: (number of cells, their steering) of each step, in the order of the cells.
    """

    def __init__(self, parts: Sequence[tuple[int, Steering]]) -> None:
        self._places = [(steering, cell) for cells, steering in parts for cell in range(cells)]

    def remember(self, cell: int, record: Recent) -> None:
        """See `Steering.remember`."""
        steering, own = self._places[cell]
        steering.remember(own, record)

    def recent(self, cell: int, duplicates: float, seed: int) -> tuple[Recent, ...]:
        """See `Steering.recent`."""
        steering, own = self._places[cell]
        return steering.recent(own, duplicates, seed)

    def steers(self, cell: int) -> bool:
        """See `Steering.steers`."""
        return self._places[cell][0].enabled

    def sampling(self, cell: int, duplicates: float, seed: int) -> Sampling:
        """See `Steering.sampling`."""
        steering, own = self._places[cell]
        return steering.sampling(own, duplicates, seed)
