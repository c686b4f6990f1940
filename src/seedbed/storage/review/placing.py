"""Where entries are found: in their bins, and under the labels of their spans."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from seedbed.core.texts.layers import overlapping

from ..tables import spans
from .bins import Filling, bin_of
from .dialect import dialect_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Connection

    from seedbed.core.record import Span
    from seedbed.core.review.entry import Entry, Wanted

    from .bins import Bin

    _Marked = tuple[Bin, str, int]

_ROW: Final = ("bin", "label", "number")

Row = tuple[int, str, int]
"""The number of a bin, the label of a span as an index takes it, the number of an entry."""


OVERLAPS: Final = "\x1e"
"""Entries with spans that overlap are under this, too, and under it with each of their labels behind it."""


def labels_of(spans: Sequence[Span]) -> set[str]:
    """What an entry with these spans is put under."""
    labels = {span.label for span in spans}
    return labels | {OVERLAPS, *(f"{OVERLAPS}{label}" for label in labels)} if overlapping(spans) else labels


def label_wanted(wanted: Wanted) -> str | None:
    """What the entries are under whose spans are wanted; None where any will do."""
    return f"{OVERLAPS}{wanted.span or ''}" if wanted.overlapping else wanted.span


def put_spans(connection: Connection, rows: Sequence[Row]) -> None:
    """Puts entries under labels."""
    if rows:
        dialect_of(connection).insert(connection, spans.name, _ROW, rows)


def take_spans(connection: Connection, rows: Sequence[Row]) -> None:
    """Takes entries away from under labels."""
    if rows:
        dialect_of(connection).delete(connection, spans, _ROW, rows)


class Placing:
    """The places of entries in one transaction: entries leave some and come to others.

    Args:
        connection: with its transaction.
    """

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._dialect = dialect_of(connection)
        self._bins = Filling(connection)
        self._left: dict[int, set[_Marked]] = {}
        self._reached: dict[int, set[_Marked]] = {}

    def number(self, entry: Entry) -> int:
        """The number of the bin that an entry belongs into; quick once all have moved."""
        return self._bins.number(bin_of(entry))

    def move(self, before: Entry, after: Entry) -> None:
        """An entry has become another."""
        left, reached = bin_of(before), bin_of(after)
        if left != reached:
            self._bins.take(left)
            self._bins.put(reached)
        else:
            self._bins.meet(reached)
            if before.record.spans == after.record.spans:
                return
        if before.record.spans or after.record.spans:
            self._left.setdefault(before.number, self._marked(before, left))
            self._reached[before.number] = self._marked(after, reached)

    def close(self) -> None:
        """Writes it down."""
        pairs = [(rows, self._reached.get(number, set())) for number, rows in self._left.items()]
        take_spans(self._connection, [self._row(one) for left, reached in pairs for one in left - reached])
        put_spans(self._connection, [self._row(one) for left, reached in pairs for one in reached - left])
        self._bins.close()

    def _marked(self, entry: Entry, place: Bin) -> set[_Marked]:
        return {(place, self._dialect.indexable(label), entry.number) for label in labels_of(entry.record.spans)}

    def _row(self, marked: _Marked) -> Row:
        place, label, number = marked
        return self._bins.number(place), label, number
