"""Drawing an exact number of records, each by a number of its own, without sorting them all."""

from __future__ import annotations

from array import array
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable

_BINS = 1 << 16
"""Each holds the records whose numbers begin alike: some fifteen of a million."""


class Bound(NamedTuple):
    """The last record drawn, by its number, and of equal numbers by its place."""

    number: int
    place: int


START = Bound(-1, -1)


def draw(candidates: Iterable[tuple[int, int]], k: int, after: Bound = START) -> tuple[array[int], Bound]:
    """The places of the `k` candidates with the smallest numbers, in their order, and the last of them by number.

    Args:
        candidates: number of 64 bits and place of each, in the order of places.
        k: how many are drawn; all if there are not so many.
        after: only those behind this one; that is how more are drawn later.
    """
    numbers, places = array("Q"), array("L")
    for number, place in candidates:
        if number > after.number or (number == after.number and place > after.place):
            numbers.append(number)
            places.append(place)
    if not k or not places:
        return array("L"), after
    last = _last(numbers, places, min(k, len(places)))
    drawn = (place for number, place in zip(numbers, places, strict=True) if (number, place) <= last)
    return array("L", drawn), last


def _last(numbers: array[int], places: array[int], k: int) -> Bound:
    """The one with the `k`-th smallest number: found in the bin it falls into, the only one that is sorted."""
    sizes = [0] * _BINS
    for number in numbers:
        sizes[number >> 48] += 1
    before, border = 0, 0
    while before + sizes[border] < k:
        before += sizes[border]
        border += 1
    inside = sorted(
        Bound(number, place) for number, place in zip(numbers, places, strict=True) if number >> 48 == border
    )
    return inside[k - before - 1]
