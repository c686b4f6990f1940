"""Which contents there were, at sixteen bytes each."""

from __future__ import annotations

from array import array


class Seen:
    """A set of numbers of 64 bits that are spread evenly, such as hashes; a Python set takes six times the memory."""

    __slots__ = ("_count", "_slots")

    def __init__(self) -> None:
        self._slots = array("Q", bytes(8 << 10))
        self._count = 0

    def add(self, number: int) -> bool:
        """Takes a number in; whether it was new."""
        number = number or 1  # zero marks a free place
        slots = self._slots
        mask = len(slots) - 1
        at = number & mask
        while slots[at]:
            if slots[at] == number:
                return False
            at = at + 1 & mask
        slots[at] = number
        self._count += 1
        if self._count * 3 > len(slots) * 2:
            self._grow()
        return True

    def _grow(self) -> None:
        old = self._slots
        self._slots = array("Q", bytes(8 * 2 * len(old)))
        self._count = 0
        for number in old:
            if number:
                self.add(number)
