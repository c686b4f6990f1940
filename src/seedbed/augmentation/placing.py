"""Which record is changed by which transform where each is changed by one only: as many as are wanted, if it can be.

Records are drawn by chance first. If a transform lacks some then though others could make room for it, they do: records
are handed on along paths that lengthen the whole, as in the algorithm of Ford and Fulkerson (1956), for all records at
once that the same transforms can change.
"""

from __future__ import annotations

from array import array
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

FREE = 0
"""Of a record that no transform has; a transform is its number in the plan, plus one."""


Number = Callable[[int, int], int]


class Step(NamedTuple):
    """Records of one group are taken from a transform, or are free, and given to another one."""

    group: int
    giver: int
    taker: int


Held = dict[int, Counter[int]]
"""Group of records (a bit for each transform that can change them) → who has how many of them."""


def improve(masks: Sequence[int], at: array[int], lacking: Mapping[int, int], number: Number) -> None:
    """Hands records on until each transform has what it lacks, or no way is left.

    Args:
        masks: for each record a bit for each transform that can change it.
        at: who has each record; it is changed.
        lacking: how many records each transform (plus one) lacks.
        number: by which a transform draws a record, given both.
    """
    held: Held = defaultdict(Counter)
    for mask, holder in zip(masks, at, strict=True):
        held[mask][holder] += 1
    moved: dict[int, Counter[int]] = defaultdict(Counter)
    for taker, wanted in lacking.items():
        count = wanted
        while count > 0 and (path := _path(held, taker)):
            some = min(count, *(held[step.group][step.giver] for step in path))
            for group, giver, receiver in path:
                for book in (held[group], moved[group]):
                    book[giver] -= some
                    book[receiver] += some
            count -= some
    _hand_on(masks, at, moved, number)


def _path(held: Held, taker: int) -> list[Step]:
    """How a transform gets one more record, by the fewest steps; nothing if it cannot."""
    came: dict[int, Step] = {}
    waiting = [taker]
    for receiver in waiting:
        for group, holders in held.items():
            if not group >> (receiver - 1) & 1:
                continue
            for giver, count in holders.items():
                if count <= 0 or giver in came or giver in (taker, receiver):
                    continue
                came[giver] = Step(group, giver, receiver)
                if giver == FREE:
                    return _walked(came, taker)
                waiting.append(giver)
    return []


def _walked(came: Mapping[int, Step], taker: int) -> list[Step]:
    path = [came[FREE]]
    while path[-1].taker != taker:
        path.append(came[path[-1].taker])
    return path


def _hand_on(masks: Sequence[int], at: array[int], moved: Mapping[int, Counter[int]], number: Number) -> None:
    """Makes the moves, group by group: who has too many leaves some, who has too few takes them, by their numbers."""
    places: dict[int, list[int]] = {group: [] for group, change in moved.items() if any(change.values())}
    for place, mask in enumerate(masks):
        if mask in places:
            places[mask].append(place)
    for group, all_places in places.items():
        change = moved[group]
        left: list[int] = []
        for holder, count in change.items():
            if count < 0:
                own = [place for place in all_places if at[place] == holder]
                left += sorted(own, key=lambda place: number(place, max(holder - 1, 0)))[count:]
        for holder, count in change.items():
            if count > 0:
                left.sort(key=lambda place: number(place, max(holder - 1, 0)))
                for place in left[:count]:
                    at[place] = holder
                del left[:count]
