"""Several JSON objects out of one reply, item by item: a broken one loses only itself.

Models asked for a list of objects send it in a fence, after a thought, as lines of JSON, inside an object of their own
making, with a comma too many, or break off in the middle. Every object that is whole, or that a small repair makes
whole, is an item; what is not stands as `None` in its place.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, NamedTuple

import orjson

from .parsing import Unparseable, mended, unwrapped

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

Item = dict[str, Any] | None


class Items(NamedTuple):
    """The objects of a reply in their order, `None` for one that is broken; `clean` if nothing had to be taken off or
    mended."""

    found: list[Item]
    clean: bool


_WRAPPER = re.compile(r"""\{\s*+["']?([^"'{}\[\]:]{1,60})["']?\s*+:\s*+(?=\[\s*+(?:[{\]]|\Z))""")
_SEAM = re.compile(r"\}\s*+,\s*+(?=\{)")


def parse_items(reply: str, fields: Collection[str], *, cut: bool = False) -> Items:
    """The objects of a reply.

    Args:
        reply: the model's text.
        fields: the names an item may have; an object under another name that holds a list is taken for its wrapping.
        cut: whether the reply was cut by its token limit: its last object then does not count, unless it is whole.

    Raises:
        Unparseable: there is no object in it at all.
    """
    text = unwrapped(reply)
    start = re.search(r"[\[{]", text)
    if start is None:
        raise Unparseable("the reply holds no JSON")
    text = text[start.start() :]
    try:
        items = _whole(text, fields)
        if items is None:
            text = _inside_wrapper(text, fields)
            items = [_item(piece, fields) for piece in _pieces(text)]
    except RecursionError:
        items = []
    while cut and items and items[-1] is None:
        items.pop()
    if not items:
        raise Unparseable("the answer was cut before its first record ended" if cut else "the reply holds no record")
    return Items(items, _is_clean(reply))


def _is_clean(reply: str) -> bool:
    try:
        orjson.loads(reply)
    except orjson.JSONDecodeError:
        return False
    return True


def _whole(text: str, fields: Collection[str]) -> list[Item] | None:
    """The items of a reply that is one JSON document."""
    try:
        value = orjson.loads(text)
    except orjson.JSONDecodeError:
        return None
    return [entry if isinstance(entry, dict) else None for entry in _entries(value, fields)]


def _entries(value: Any, fields: Collection[str]) -> list[Any]:
    if isinstance(value, list):
        return value
    if isinstance(value, dict) and not any(name in fields for name in value):
        inner = [part for part in value.values() if isinstance(part, list | dict)]
        if len(inner) == 1:
            return inner[0] if isinstance(inner[0], list) else [inner[0]]
    return [value]


def _inside_wrapper(text: str, fields: Collection[str]) -> str:
    """Behind `{"records": [`, where the object is none of the items."""
    wrapper = _WRAPPER.match(text)
    return text[wrapper.end() :] if wrapper and wrapper[1].strip() not in fields else text


def _pieces(text: str) -> Iterator[str]:
    """The texts of the objects that stand side by side, the last perhaps not closed."""
    at = text.find("{")
    while at >= 0:
        end = _closing(text, at)
        yield text[at:end]
        at = text.find("{", end)


def _closing(text: str, at: int) -> int:
    """Where the object ends that begins at `at`; a quote that is not closed ends where the next object begins."""
    depth, quoted, i = 0, False, at
    while i < len(text):
        letter = text[i]
        if quoted and letter == "\\":
            i += 1
        elif letter == '"':
            quoted = not quoted
        elif not quoted and letter in "{[":
            depth += 1
        elif not quoted and letter in "}]":
            depth -= 1
            if depth == 0:
                return i + 1
        i += 1
    seam = _SEAM.search(text, at)
    return seam.start() + 1 if seam else len(text)


def _item(piece: str, fields: Collection[str]) -> Item:
    try:
        value = orjson.loads(piece)
    except orjson.JSONDecodeError:
        found = mended(piece)
        value = found[0] if found else None
    if not isinstance(value, dict):
        return None
    entries = _entries(value, fields)
    return entries[0] if len(entries) == 1 and isinstance(entries[0], dict) else None
