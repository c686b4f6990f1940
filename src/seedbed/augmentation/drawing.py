"""Drawing an exact number of records, each by a number of its own, without sorting them all."""

from __future__ import annotations

from array import array
from heapq import nsmallest
from math import sqrt
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

_ALL = 1 << 64
_DEVIATIONS = 6


class Bound(NamedTuple):
    """The last record drawn, by its number, and of equal numbers by its place."""

    number: int
    place: int


START = Bound(-1, -1)


def draw(candidates: Callable[[int], Iterable[tuple[int, int]]], k: int, total: int) -> tuple[list[int], Bound]:
    """The places of the `k` candidates with the smallest numbers, and the last of them by number.

    The numbers are spread evenly, so that about where the last one lies is known beforehand. Only those around there
    are sorted; if it lies elsewhere, all are looked through again.

    Args:
        candidates: number of 64 bits and place of each whose number is not above a given one, in the order of places,
            as often as they are asked for.
        k: how many are drawn; all if there are not so many.
        total: how many candidates there are, or about so many.
    """
    if k < 1:
        return [], START
    low, high = _window(k, total)
    sure, near = array("Q"), list[tuple[int, int]]()
    for one in candidates(high):
        if one[0] < low:
            sure.append(one[1])
        else:
            near.append(one)
    missing = k - len(sure)
    if missing < 0 or (low < _ALL and not 0 < missing <= len(near)):
        sure, near = array("Q"), nsmallest(k, candidates(_ALL))
        missing = k
    drawn = sorted(near)[:missing]
    last = Bound(*drawn[-1]) if drawn else Bound(_ALL, 0)
    return [*sure, *(place for _, place in drawn)], last


def _window(k: int, total: int) -> tuple[int, int]:
    """Between which numbers the `k`-th smallest of so many lies, but once in a thousand million times."""
    if k >= total:
        return _ALL, _ALL
    margin = 1 + int(_DEVIATIONS * sqrt(k * (total - k) / total))
    return max(0, k - margin) * _ALL // total, min(total, k + margin) * _ALL // total
