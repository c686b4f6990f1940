"""Which mentions are of the same people, in a text and over the texts of a record."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from .people import Names
from .shapes import Piece, parsed

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence


class Mention(NamedTuple):
    """A name in a text, the parts of it that are replaced, and the names they are replaced by.

    `pieces` count from the beginning of the `name`; `last` is its last name, in small letters, or "".
    """

    start: int
    name: str
    pieces: Sequence[Piece]
    names: Names
    last: str


def roles_drawn(drawn: Mapping[str, str]) -> dict[str, str]:
    """The names that were met in the record, in small letters, and whether they are first or last ones."""
    keys = [key.split("\x1f") for key in drawn if key.startswith(("name\x1ffirst", "name\x1flast"))]
    return {name: role for _, role, name in keys}


def roles_in(names: Iterable[str]) -> dict[str, str]:
    """The parts of names of several parts, likewise."""
    shapes = [(name, parsed(name)) for name in names]
    return {name[one.start : one.end].casefold(): one.role for name, shape in shapes if len(shape) > 1 for one in shape}


def with_same(chosen: Collection[Mention], found: Sequence[Mention]) -> list[Mention]:
    """The chosen mentions and all others of the same people, that is with a name that one of them has."""
    names: set[str] = set()
    while more := {part.casefold() for one in chosen for part in _parts(one)} - names:
        names |= more
        chosen = [one for one in found if any(part.casefold() in names for part in _parts(one))]
    return list(chosen)


def without_stayed(found: list[Mention], drawn: Mapping[str, str], done: str) -> list[Mention]:
    """The mentions without those of people who were not changed in the texts that are done."""
    stayed = [one for one in found if _stayed(one, drawn, done)] if done else []
    gone = with_same(stayed, found) if stayed else []
    return [one for one in found if one not in gone]


def _stayed(mention: Mention, drawn: Mapping[str, str], done: str) -> bool:
    """Whether a name stands in a text that was done, and was not changed there."""
    for part in _parts(mention):
        known = any(f"name\x1f{role}\x1f{part.casefold()}" in drawn for role in ("first", "last"))
        if not known and re.search(rf"(?<!\w){re.escape(part)}(?!\w)", done):
            return True
    return False


def _parts(mention: Mention) -> set[str]:
    """The names in a mention that are replaced, as they are written."""
    return {mention.name[one.start : one.end] for one in mention.pieces if one.role != "initial"}
