"""The items of a JSON list one after the other, as bytes: no more than the item at hand is in memory.

Only brackets and strings are looked for; what an item holds is for the parser to say, so a list obeys the same rules as
JSON Lines. (`ijson`, three times as fast at finding them, puts a question mark for half a character, and either refuses
long whole numbers or makes a Decimal of every fraction.)
"""

from __future__ import annotations

import re
from codecs import BOM_UTF8
from functools import reduce
from typing import IO, TYPE_CHECKING

from seedbed.core.errors import InputError

from .rows import parsed

if TYPE_CHECKING:
    from collections.abc import Iterator

_CHUNK = 2**18
_LEVELS = 8
"""So much deep, lists and objects are passed in one step; the further levels of a deeper one are counted."""


# Groups that give nothing back are atomic ones, `(?>(?:…)*)`, and no possessive `(?:…)*+`: before 3.11.5 Python forgets
# to go back to where the last turn of these began, if that fails midway.


def _without(signs: bytes) -> bytes:
    """The pattern of strings, and of whatever has none of these signs."""
    return rb'[^"%b]*+(?>(?:"[^"]*+"[^"%b]*+)*)' % (signs, signs)


def _around(inside: bytes, signs: bytes) -> bytes:
    """The same with things in brackets among it."""
    outside = _without(signs)
    return rb"%b(?>(?:[\[{]%b[\]}]%b)*)" % (outside, inside, outside)


_BRACKETS = rb"\[\]{}"
_INSIDE = reduce(lambda inside, _: _around(inside, _BRACKETS), range(_LEVELS), _without(_BRACKETS))
_NESTED = re.compile(_INSIDE)
_FLAT = re.compile(_around(_INSIDE, _BRACKETS + b","))
_KEY = re.compile(rb'("[^"]*+")[ \t\r\n]*+:')
_SPACE = re.compile(rb"[ \t\r\n]*+")
_LISTS = ("records", "data")
_EXPECTED = '[{…}, {…}] or {"records": [{…}]}; with an object in every line, name the file .jsonl'


class JsonItems:
    """A file whose JSON is a list, or an object that holds one as `records` or `data`; to be gone through once.

    `line` is the one in which the item begins that was answered last.
    """

    def __init__(self, stream: IO[bytes], path: str) -> None:
        self.line = 1
        self._stream = stream
        self._path = path
        self._data = self._plain = b""  # the same, but no backslash in the second
        self._at = 0
        self._line = 1

    def __iter__(self) -> Iterator[bytes]:
        """The items, not yet parsed.

        Raises:
            InputError: around the items the file is not JSON, or there is no such list, or are two.
        """
        self._read()
        self._go(len(BOM_UTF8) if self._data.startswith(BOM_UTF8) else 0)
        first = self._next()
        if first == b"[":
            yield from self._items()
        elif first == b"{":
            yield from self._items_of_member()
        elif first:
            self._pass()
            raise self._no_list()
        else:
            raise InputError(f"{self._path} is empty.", f"Expected: {_EXPECTED}.")
        if self._next():
            raise self._wrong("more follows its end")

    def _items_of_member(self) -> Iterator[bytes]:
        """Those of the list that counts; what else the object holds is only looked at."""
        found = ""
        for key in self._keys():
            if self._next() != b"[":
                self._pass()
            elif key not in _LISTS:
                for item in self._items():
                    parsed(item, self._path, self.line)
            elif found:
                raise InputError(f"{self._path} holds two lists, `{found}` and `{key}`.", "Rename or remove one.")
            else:
                found = key
                yield from self._items()
        if not found:
            raise self._no_list()

    def _keys(self) -> Iterator[str]:
        """The keys of the object that begins here; its value has to be taken before the next one is asked for."""
        more = self._opens(b"}")
        while more:
            if self._next() != b'"':
                raise self._wrong("a key in quotes is missing")
            while not (key := _KEY.match(self._plain, self._at)):
                if not self._read():
                    raise self._wrong("a key has no end or no value")
            name = str(parsed(self._data[self._at : key.end(1)], self._path, self._line))
            self._go(key.end() - self._at)
            yield name
            more = self._goes_on(b"}")

    def _items(self) -> Iterator[bytes]:
        """The items of the list that begins here."""
        more = self._opens(b"]")
        while more:
            yield self._value()
            more = self._goes_on(b"]")

    def _opens(self, end: bytes) -> bool:
        """Takes the bracket; whether anything is in it."""
        self._go(1)
        empty = self._next() == end
        self._go(int(empty))
        return not empty

    def _goes_on(self, end: bytes) -> bool:
        """Takes the comma or the closing bracket; whether it was a comma."""
        sign = self._next()
        if sign not in (b",", end):
            raise self._wrong(f"a comma or {end.decode()} is missing")
        self._go(1)
        return sign == b","

    def _pass(self) -> None:
        """Takes a value that is not wanted, if it is one."""
        value = self._value()
        parsed(value, self._path, self.line)

    def _value(self) -> bytes:
        """Takes the value that begins here, up to a comma or bracket that is not its own."""
        self._next()
        self.line = self._line
        depth = size = 0
        while True:
            match = (_NESTED if depth else _FLAT).match(self._plain, self._at + size)
            assert match  # if only of nothing
            size = match.end() - self._at
            sign = self._plain[match.end() : match.end() + 1]
            if sign in (b"", b'"'):  # the end of what is read, or a string that goes beyond it
                if not self._read():
                    break
                continue
            depth += 1 if sign in b"[{" else -1
            if depth < 0:
                break
            size += 1
        value = self._data[self._at : self._at + size]
        self._go(size)
        return value

    def _next(self) -> bytes:
        """The next sign that is no white space; nothing at the end of the file."""
        while True:
            match = _SPACE.match(self._plain, self._at)
            assert match
            self._go(match.end() - self._at)
            if self._at < len(self._data) or not self._read():
                return self._data[self._at : self._at + 1]

    def _go(self, size: int) -> None:
        self._line += self._data.count(b"\n", self._at, self._at + size)
        self._at += size

    def _read(self) -> bool:
        """Reads as much again as is held, lest a long item be gone over again and again; whether there was more."""
        more = self._stream.read(max(_CHUNK, len(self._data) - self._at))
        while more.endswith(b"\\") and (rest := self._stream.read(len(more))):  # what it stands before belongs to it
            more += rest
        plain = more.replace(b"\\\\", b"__").replace(b'\\"', b"__")
        self._data, self._plain = self._data[self._at :] + more, self._plain[self._at :] + plain
        self._at = 0
        return bool(more)

    def _wrong(self, what: str, hint: str = "") -> InputError:
        return InputError(f"{self._path}, line {self._line}: not valid JSON: {what}.", hint)

    def _no_list(self) -> InputError:
        return InputError(f"{self._path} holds no list of records.", f"Expected: {_EXPECTED}.")
