"""What an index of millions of texts is looked up in: hashes side by side in arrays, no object for each."""

from __future__ import annotations

from array import array
from typing import TYPE_CHECKING, Final, Literal

if TYPE_CHECKING:
    from collections.abc import Iterable

SEGMENTS: Final = 256
"""A table grows in so many parts, each by itself: no record waits until all of it is moved."""

FIRST: Final = 8
"""Places of a part when it begins."""


class Table:
    """Hashes and a number for each, in open addressing: 8 bytes for a place, or 12, up to three quarters of them taken.

    Args:
        bits: how much of a hash counts. 60: two hashes are hardly ever the same, for those who take equal hashes for
            equal texts. 40: of a million hashes one in a million is taken for another, for those who look again.
    """

    __slots__ = ("_code", "_mask", "_parts")

    def __init__(self, bits: Literal[40, 60]) -> None:
        self._code = "Q" if bits == 60 else "I"
        self._mask = (1 << bits) - 1
        self._parts = [_Part(self._code, 1)] * SEGMENTS

    def get(self, hashed: int) -> int:
        """The number of a hash (any integer); -1 if it has none."""
        part, mark = self._parts[hashed & 255], (hashed & self._mask) >> 8 or 1
        place = part.place(mark)
        return part.numbers[place] if part.marks[place] else -1

    def among(self, hashes: Iterable[int]) -> list[int]:
        """The numbers of those hashes that have one, in their order."""
        parts, mask, found = self._parts, self._mask, []
        for hashed in hashes:  # a text is looked up by a dozen hashes, nearly all unknown: every step counts
            part = parts[hashed & 255]
            marks = part.marks
            mark = (hashed & mask) >> 8 or 1
            place = mark % len(marks)
            while seen := marks[place]:
                if seen == mark:
                    found.append(part.numbers[place])
                    break
                place -= 1
        return found

    def put(self, hashed: int, number: int) -> None:
        """Gives a hash a number, from 0 to 2³² - 1, in place of the one it may have."""
        part, mark = self._roomy(hashed & 255), (hashed & self._mask) >> 8 or 1
        place = part.place(mark)
        if not part.marks[place]:
            part.marks[place] = mark
            part.taken += 1
        part.numbers[place] = number

    def setdefault(self, hashed: int, number: int) -> int:
        """The number of a hash, which is the given one if it had none."""
        part, mark = self._roomy(hashed & 255), (hashed & self._mask) >> 8 or 1
        place = part.place(mark)
        if part.marks[place]:
            return part.numbers[place]
        part.marks[place] = mark
        part.taken += 1
        part.numbers[place] = number
        return number

    def _roomy(self, at: int) -> _Part:
        """A part that can take one more: a quarter of its places is always free, so that a search ends, and soon."""
        part = self._parts[at]
        if part.taken >= part.most:
            part = self._parts[at] = part.grown(self._code)
        return part


class _Part:
    """One part: `marks` are what hashes leave beside the part they are in, 0 where a place is free."""

    __slots__ = ("marks", "most", "numbers", "taken")

    def __init__(self, code: str, size: int) -> None:
        self.marks = array(code, [0]) * size
        self.numbers = array("I", [0]) * size
        self.taken = 0
        self.most = size * 3 // 4

    def place(self, mark: int) -> int:
        """Where a mark is, or would be; the places before the first are the last ones, as always with -1."""
        marks = self.marks
        place = mark % len(marks)
        while (seen := marks[place]) and seen != mark:
            place -= 1
        return place

    def grown(self, code: str) -> _Part:
        """The same with a third as many places again."""
        size = max(FIRST, len(self.marks) * 4 // 3)
        larger = _Part(code, size)
        larger.taken = self.taken
        marks, numbers = larger.marks, larger.numbers
        for mark, number in zip(self.marks, self.numbers, strict=True):
            if mark:
                place = mark % size
                while marks[place]:
                    place -= 1
                marks[place] = mark
                numbers[place] = number
        return larger
