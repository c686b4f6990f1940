"""JSON files: a list of objects."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seedbed.core.errors import InputError

from .json_items import JsonItems
from .rows import HOW_SPANS, parsed, to_json, to_record, to_row
from .streams import reading, write_pieces

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from seedbed.core.record import Record


class JsonFormat:
    """A list with one object per record, or an object that holds such a list as `records` or `data`."""

    def read(self, path: str) -> Iterator[Record]:
        """The file's records in order.

        Raises:
            InputError: it is not JSON, or not a list of objects.
        """
        with reading(path) as stream:
            items = JsonItems(stream, path)
            for number, item in enumerate(items, 1):
                place = f"{path}, record {number}"
                yield as_record(parsed(item, place, items.line), place)

    def write(self, records: Iterable[Record], path: str, columns: Sequence[str]) -> int:
        """Writes `columns` of all records to `path` and answers how many there were."""
        return write_pieces(self, records, path, columns)

    def pieces(self, records: Iterable[Record], columns: Sequence[str], aside: str = "") -> Iterator[bytes]:
        """See `Streaming.pieces`."""
        border = b"[\n"
        for record in records:
            yield border + as_json(record, columns)
            border = b",\n"
        yield (b"[" if border == b"[\n" else b"") + b"\n]\n"


def as_json(record: Record, columns: Sequence[str]) -> bytes:
    """The record as one line of JSON, without the line's end."""
    return to_json(dict(zip(columns, to_row(record, columns), strict=True)))


def as_record(values: object, place: str) -> Record:
    """The record of an object.

    Raises:
        InputError: it is not an object, or its spans are none; begins with `place`.
    """
    if not isinstance(values, dict):
        raise InputError(
            f"{place}: expected an object with the record's columns.",
            'Write each record as an object, such as {"text": "…"}.',
        )
    try:
        return to_record(values)
    except ValueError as error:
        raise InputError(f"{place}: {error}.", HOW_SPANS) from error
