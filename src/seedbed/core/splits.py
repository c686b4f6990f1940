"""Shares records out to the parts of a dataset so that what belongs together stays together."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from fractions import Fraction
from random import Random
from typing import TYPE_CHECKING

from .apportion import cross

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


class Ties:
    """Which of the records added so far belong together; ties of ties do (union-find, path halving)."""

    def __init__(self) -> None:
        self._above: list[int] = []

    def __len__(self) -> int:
        return len(self._above)

    def add(self) -> int:
        """One more record; answers its number, from 0."""
        self._above.append(len(self._above))
        return len(self._above) - 1

    def tie(self, one: int, other: int) -> bool:
        """The two belong together; whether they did not before."""
        first, second = self._top(one), self._top(other)
        self._above[max(first, second)] = min(first, second)
        return first != second

    def groups(self) -> list[list[int]]:
        """The records that are tied to any other, group by group; those on their own are in none."""
        found: dict[int, list[int]] = {}
        for record, above in enumerate(self._above):
            if above != record:
                top = self._top(record)
                found.setdefault(top, [top]).append(record)
        return list(found.values())

    def _top(self, record: int) -> int:
        above = self._above
        while above[record] != record:
            above[record] = above[above[record]]
            record = above[record]
        return record


@dataclass(frozen=True, slots=True)
class Split:
    """Where each record goes: `places` by record, `wanted` and `got` by part and label."""

    places: list[int]
    wanted: list[Counter[str]]
    got: list[Counter[str]]

    @property
    def sizes(self) -> list[int]:
        """How many records each part gets."""
        return [part.total() for part in self.got]

    @property
    def off(self) -> list[int]:
        """How many records each part has too many; too few are negative."""
        return [got.total() - wanted.total() for wanted, got in zip(self.wanted, self.got, strict=True)]

    @property
    def worst(self) -> int:
        """By how many records a label of a part is off at most."""
        pairs = zip(self.wanted, self.got, strict=True)
        return max((abs(got[label] - wanted[label]) for wanted, got in pairs for label in wanted | got), default=0)


def split(labels: Sequence[str], groups: Sequence[Sequence[int]], weights: Sequence[Fraction], seed: int) -> Split:
    """Shares records out by weights, the same for every label; groups stay whole.

    The sizes wanted are by largest remainder, in all and for every label at once (controlled rounding). Large groups
    go first, each to a part with room for it, drawn by room; one that fits nowhere goes where least is too much. So
    with one label every size is off by less than the largest group, and records on their own, which come last, make
    up for what groups left uneven.

    Args:
        labels: each record's label; all the same where labels do not matter.
        groups: records that belong together; a record is in one group at most.
        weights: of the parts.
        seed: of what is left to chance.
    """
    room = _wanted(labels, weights)
    result = Split([0] * len(labels), [Counter(part) for part in room], [Counter() for _ in weights])
    rng = Random(f"split {seed}")
    largest_first = list(groups)
    rng.shuffle(largest_first)
    largest_first.sort(key=len, reverse=True)
    grouped = {record for group in groups for record in group}
    alone = ([record] for record in range(len(labels)) if record not in grouped)
    for members in (*largest_first, *alone):
        held = Counter(labels[record] for record in members)
        part = _place(room, held, rng)
        room[part].subtract(held)
        result.got[part].update(held)
        for record in members:
            result.places[record] = part
    return result


def _wanted(labels: Sequence[str], weights: Sequence[Fraction]) -> list[Counter[str]]:
    """How many records of each label are due to each part."""
    counts = Counter(labels)
    exact = [Fraction(count) for count in counts.values()]
    table = cross(list(counts.values()), exact, [(label,) for label in counts], weights)
    by_label = list(zip(counts, table, strict=True))
    return [Counter({label: row[part] for label, row in by_label}) for part in range(len(weights))]


def _place(room: Sequence[Counter[str]], held: Mapping[str, int], rng: Random) -> int:
    free = [sum(part[label] for label in held) for part in room]
    fitting = [i for i, part in enumerate(room) if all(part[label] >= count for label, count in held.items())]
    if fitting:
        return rng.choices(fitting, [free[i] for i in fitting])[0]

    def too_much(i: int) -> tuple[int, int]:
        return sum(max(0, count - room[i][label]) for label, count in held.items()), -free[i]

    return min(range(len(room)), key=too_much)
