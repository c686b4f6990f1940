"""Chance that is the same on every machine, in any order and in every version of Python."""

from __future__ import annotations

from hashlib import blake2b
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Sequence

Item = TypeVar("Item")
MASK = (1 << 64) - 1
_HALF = 1 << 32
_FINE = 1 << 24
_EMPTY = blake2b(digest_size=8)


def stable_hash(*parts: object) -> int:
    """64 bits that depend on the parts' texts alone."""
    text = "\x1f".join(map(str, parts)) if len(parts) != 1 else str(parts[0])
    made = _EMPTY.copy()  # in half the time of a new one
    made.update(text.encode("utf-8", "surrogatepass"))
    return int.from_bytes(made.digest(), "big")


class Dice:
    """Numbers drawn by SplitMix64 (Steele, Lea, Flood: Fast Splittable Pseudorandom Number Generators, OOPSLA 2014):
    made in no time, which `random.Random` is not, and bound to no version of a library. What small draws leave over of
    a number serves further ones, as in arithmetic coding, while 32 bits of chance are left for each.

    `drawn` holds what was drawn for a key in this record, so that a name that comes again gets the same one again.
    """

    __slots__ = ("_rest", "_state", "_used", "drawn")

    def __init__(self, seed: int) -> None:
        self._state = seed & MASK
        self._rest, self._used = 0, _HALF
        self.drawn: dict[str, str] = {}

    def below(self, n: int) -> int:
        """A whole number from 0 to n - 1; n is far below 2**64, so its bias is not to be seen."""
        self._used = used = self._used * n
        if used > _HALF:
            self._used = n
            self._rest = self._next()
        wide = self._rest * n
        self._rest = wide & MASK
        return wide >> 64

    def _next(self) -> int:
        self._state = state = (self._state + 0x9E3779B97F4A7C15) & MASK
        state = ((state ^ (state >> 30)) * 0xBF58476D1CE4E5B9) & MASK
        state = ((state ^ (state >> 27)) * 0x94D049BB133111EB) & MASK
        return state ^ (state >> 31)

    def chance(self, share: float) -> bool:
        """True in that share of cases."""
        return self.below(_FINE) < share * _FINE

    def choice(self, items: Sequence[Item]) -> Item:
        """One of the items, each as likely."""
        return items[self.below(len(items))]

    def some(self, items: Sequence[Item], k: int) -> list[Item]:
        """k different ones of the items, in the order they have there; all if there are not more."""
        left = min(k, len(items))
        if left == 1:
            return [items[self.below(len(items))]]
        found: list[Item] = []
        for place, item in enumerate(items):
            if self.below(len(items) - place) < left:
                found.append(item)
                left -= 1
        return found
