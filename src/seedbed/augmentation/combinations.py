"""All combinations of values, counted exactly and walked through in an order in which all values come as often."""

from __future__ import annotations

from math import gcd, perm
from typing import TYPE_CHECKING, NamedTuple

from seedbed.core.dice import Dice

if TYPE_CHECKING:
    from collections.abc import Sequence


class Group(NamedTuple):
    """Slots of one label: each holds one of `values`, no two the same; `start` is the value to begin with."""

    values: int
    slots: int
    start: int = 0


class _Turn(NamedTuple):
    """How a group turns: its `place` among the groups, how many `arrangements` of its slots there are beside the first
    one's value, how many `shifts` tell it from the groups before it, after how many steps those repeat, and its own
    seed of chance."""

    place: int
    group: Group
    arrangements: int
    shifts: int
    period: int
    seed: int


class Combinations:
    """What can be put into groups of slots, by number, without a list of it.

    The combinations are walked through along diagonals: the next one has the next value in every slot, so values come
    in turns. After as many steps as the least common multiple of the groups' sizes a diagonal closes, and the walk goes
    on along another one. Diagonals differ by the shifts between groups and by the arrangements inside them; chance
    decides about their order. So each combination comes exactly once, and nothing is remembered.

    Along a diagonal of many steps small groups would always meet in the same way (Ann is a nurse, Bo a pilot, in a
    hundred cities). So each time a group has turned once, chance shifts and arranges it anew. It does so by a number
    that the larger groups' values tell, which keeps the walk one of all combinations, each once.

    After any number of combinations how often the values of a slot came differs by two at most, in the largest group by
    one.

    Args:
        groups: the slots.
        seed: decides about the order.
    """

    def __init__(self, groups: Sequence[Group], seed: int) -> None:
        dice = Dice(seed)
        self._turns: list[_Turn] = []
        self._period = self._diagonals = 1
        for place, group in sorted(enumerate(groups), key=lambda one: (-one[1].values, one[0])):
            arrangements = perm(group.values - 1, group.slots - 1) if group.values else 0
            shifts = gcd(self._period, group.values)
            self._turns.append(_Turn(place, group, arrangements, shifts, self._period, dice.below(1 << 62)))
            self._diagonals *= shifts * arrangements
            self._period *= group.values // shifts
        self.count = self._period * self._diagonals
        self._step, self._first = _affine(self._diagonals, dice)

    def __getitem__(self, number: int) -> list[list[int]]:
        """For each group the values in its slots, of the combination of a number below `count`."""
        diagonal, at = divmod(number, self._period)
        rest = (diagonal * self._step + self._first) % self._diagonals
        found: list[list[int]] = [[]] * len(self._turns)
        for place, (values, slots, start), arrangements, shifts, period, seed in self._turns:
            rest, shift = divmod(rest, shifts)
            rest, arrangement = divmod(rest, arrangements)
            if period > values:
                dice = Dice(seed + at % period // values)
                shift += dice.below(values)
                arrangement = (arrangement + _below(arrangements, dice)) % arrangements
            first = start + at + shift
            found[place] = [(first + distance) % values for distance in _distances(arrangement, values, slots)]
        return found


def _affine(size: int, dice: Dice) -> tuple[int, int]:
    """A step and a beginning that lead through all numbers below a size, each once."""
    if size < 2:
        return 0, 0
    step, first = _below(size, dice), _below(size, dice)
    while gcd(step, size) != 1:
        step = (step + 1) % size
    return step, first


def _below(size: int, dice: Dice) -> int:
    """A number below a size of any length."""
    drawn = 0
    for _ in range(size.bit_length() // 32 + 2 if size > 1 else 0):
        drawn = drawn << 32 | dice.below(1 << 32)
    return drawn % size


def _distances(arrangement: int, values: int, slots: int) -> list[int]:
    """How far the slots of a group are from its first one: different numbers below `values`, by their number."""
    chosen = [0]
    for taken in range(1, slots):
        arrangement, distance = divmod(arrangement, values - taken)
        for earlier in sorted(chosen):
            distance += distance >= earlier
        chosen.append(distance)
    return chosen
