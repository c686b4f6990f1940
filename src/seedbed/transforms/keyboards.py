"""Which letters lie beside each other on keyboards. Tables of our own, from the keyboards themselves."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

Layout = Literal["qwerty", "qwertz", "azerty"]

_ROWS: dict[Layout, str] = {
    "qwerty": "          |qwertyuiop|asdfghjkl|zxcvbnm",
    "qwertz": "          ß|qwertzuiopü|asdfghjklöä|yxcvbnm",
    "azerty": " é    è çà|azertyuiop|qsdfghjklmù|wxcvbn",
}
_SHIFTS = (-0.5, 0.0, 0.25, 0.75)
"""How far each row of keys stands to the right of the row of q, in keys."""


@cache
def neighbours(layout: Layout) -> Mapping[str, str]:
    """Small letter → the letters on the keys around its own."""
    keys = list(_keys(layout))
    return {
        letter: "".join(other for other, x, y in keys if other != letter and _beside(x - at, y - row))
        for letter, at, row in keys
    }


def _keys(layout: Layout) -> Iterator[tuple[str, float, int]]:
    """Each letter with where its key lies."""
    for row, letters in enumerate(_ROWS[layout].split("|")):
        for at, letter in enumerate(letters):
            if letter != " ":
                yield letter, at + _SHIFTS[row], row


def _beside(x: float, y: int) -> bool:
    return abs(x) <= 1 if y == 0 else abs(y) == 1 and abs(x) < 1
