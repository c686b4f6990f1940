"""Values on their way to PostgreSQL and back.

A column of texts holds no character U+0000, and no half of a pair of surrogates. Both are replaced on their way:
columns hold names, labels, reasons and notes, by which one looks things up, and a text that is looked for is replaced
alike. What is in records is kept as JSON in bytes, and comes back with each character.

Sums of whole numbers are whole numbers, as in a file, and not decimal ones.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from sqlalchemy.engine.interfaces import DBAPIConnection

REPLACED: Final = "\N{REPLACEMENT CHARACTER}"


def register(connection: DBAPIConnection) -> None:
    """Values go and come in this way on a connection."""
    for dumper in _dumpers():
        connection.adapters.register_dumper(str, dumper)
    connection.adapters.register_loader("numeric", _sums())


def storable(text: str) -> str:
    """The text as a column can hold it."""
    if "\x00" in text:
        text = text.replace("\x00", REPLACED)
    if not text.isascii() and any("\ud800" <= one <= "\udfff" for one in text):
        text = "".join(REPLACED if "\ud800" <= one <= "\udfff" else one for one in text)
    return text


def _encoded(text: str) -> bytes:
    try:
        return (text.replace("\x00", REPLACED) if "\x00" in text else text).encode()
    except UnicodeEncodeError:
        return storable(text).encode()


@cache
def _sums() -> Any:
    from psycopg.adapt import Loader

    def load(_: object, data: Any) -> float:
        text = bytes(data).decode()
        return int(text) if text.removeprefix("-").isdigit() else float(text)

    return type("Sums", (Loader,), {"load": load})


@cache
def _dumpers() -> tuple[Any, ...]:
    from psycopg.types import string

    def dump(_: object, text: str) -> bytes:
        return _encoded(text)

    # The one that was registered last is taken where nothing else is asked for.
    names = ("StrBinaryDumper", "StrBinaryDumperVarchar", "StrDumper", "StrDumperVarchar", "StrDumperUnknown")
    return tuple(type(f"Ours{name}", (getattr(string, name),), {"dump": dump}) for name in names)
