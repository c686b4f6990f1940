"""Where an index puts away what it seldom needs again: in memory, or outside of it."""

from __future__ import annotations

from array import array
from collections.abc import Callable
from typing import Protocol


class Shelf(Protocol):
    """Bytes that are put away one after the other and read again a few at a time, by the place of the first."""

    def append(self, data: bytes) -> int:
        """Puts bytes behind all others; the place of the first of them."""
        ...

    def read(self, at: int, size: int) -> bytes:
        """So many bytes from a place on; fewer where there are no more."""
        ...


Shelves = Callable[[], Shelf | None]
"""A new shelf each time it is called, or None for whoever is to keep it in memory in the way that suits it."""


def in_memory() -> None:
    """No shelf."""


class Memory:
    """The `Shelf` port in memory."""

    __slots__ = ("_held",)

    def __init__(self) -> None:
        self._held = bytearray()

    def append(self, data: bytes) -> int:
        """See `Shelf.append`."""
        at = len(self._held)
        self._held += data
        return at

    def read(self, at: int, size: int) -> bytes:
        """See `Shelf.read`."""
        return bytes(self._held[at : at + size])


class Texts:
    """Texts by their numbers, from 0 on, end to end on a shelf, each after its length.

    In memory is the place of every sixteenth: who wants another reads from there.
    """

    __slots__ = ("_count", "_end", "_firsts", "_shelf")

    def __init__(self, shelf: Shelf | None = None) -> None:
        self._shelf = Memory() if shelf is None else shelf
        self._firsts = array("Q")
        self._count = self._end = 0

    def __len__(self) -> int:
        return self._count

    def __getitem__(self, number: int) -> str:
        at = self._firsts[number >> 4]
        end = self._firsts[(number >> 4) + 1] if (number >> 4) + 1 < len(self._firsts) else self._end
        block, at = self._shelf.read(at, end - at), 0
        for _ in range(number & 15):
            at += 4 + int.from_bytes(block[at : at + 4], "little")
        return block[at + 4 : at + 4 + int.from_bytes(block[at : at + 4], "little")].decode("utf-8", "surrogatepass")

    def append(self, text: str) -> None:
        """One more text; any characters, halves of surrogates among them."""
        data = text.encode("utf-8", "surrogatepass")
        at = self._shelf.append(len(data).to_bytes(4, "little") + data)
        if not self._count & 15:
            self._firsts.append(at)
        self._count += 1
        self._end = at + 4 + len(data)


class Integers:
    """Whole numbers of eight bytes with a sign, in their order, on a shelf."""

    __slots__ = ("_count", "_shelf")

    def __init__(self, shelf: Shelf | None = None) -> None:
        self._shelf = Memory() if shelf is None else shelf
        self._count = 0

    def __len__(self) -> int:
        return self._count

    def __getitem__(self, number: int) -> int:
        return int.from_bytes(self._shelf.read(number * 8, 8), "little", signed=True)

    def append(self, value: int) -> None:
        """One more."""
        self._shelf.append(value.to_bytes(8, "little", signed=True))
        self._count += 1
