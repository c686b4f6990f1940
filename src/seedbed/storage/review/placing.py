"""Where entries are found: in their bins, and under the labels of their spans."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..tables import spans
from .bins import Filling, bin_of
from .dialect import dialect_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlalchemy import Connection

    from seedbed.core.review.entry import Entry

    from .bins import Bin

_PUT = f"INSERT INTO {spans.name} (bin, label, number) VALUES (?, ?, ?)"  # noqa: S608 - a name of ours
_TAKE = f"DELETE FROM {spans.name} WHERE bin = ? AND label = ? AND number = ?"  # noqa: S608

Row = tuple[int, str, int]
"""The number of a bin, the label of a span, the number of an entry."""


def put_spans(connection: Connection, rows: Iterable[Row]) -> None:
    """Puts entries under labels; as plain tuples for the driver, which is quicker."""
    if given := list(rows):
        connection.exec_driver_sql(dialect_of(connection).bound(_PUT), given)


class Placing:
    """The places of entries in one transaction: entries leave some and come to others.

    Args:
        connection: with its transaction.
    """

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._bins = Filling(connection)
        self._left: dict[int, set[Row]] = {}
        self._reached: dict[int, set[Row]] = {}

    def number(self, entry: Entry) -> int:
        """The number of the bin that an entry belongs into."""
        return self._bins.number(bin_of(entry))

    def move(self, before: Entry, after: Entry) -> None:
        """An entry has become another."""
        left, reached = bin_of(before), bin_of(after)
        if left != reached:
            self._bins.take(left)
            self._bins.put(reached)
        elif before.record.spans == after.record.spans:
            return
        if before.record.spans or after.record.spans:
            self._left.setdefault(before.number, self._rows(before, left))
            self._reached[before.number] = self._rows(after, reached)

    def remove(self, entry: Entry) -> None:
        """An entry is no more."""
        self._bins.take(bin_of(entry))
        self._left[entry.number] = self._rows(entry, bin_of(entry))

    def close(self) -> None:
        """Writes it down."""
        pairs = [(rows, self._reached.get(number, set())) for number, rows in self._left.items()]
        if taken := [row for left, reached in pairs for row in left - reached]:
            self._connection.exec_driver_sql(dialect_of(self._connection).bound(_TAKE), taken)
        put_spans(self._connection, (row for left, reached in pairs for row in reached - left))
        self._bins.close()

    def _rows(self, entry: Entry, place: Bin) -> set[Row]:
        if not entry.record.spans:
            return set()
        at = self._bins.number(place)
        return {(at, span.label, entry.number) for span in entry.record.spans}
