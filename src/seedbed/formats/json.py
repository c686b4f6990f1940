"""JSON files: a list of objects."""

from __future__ import annotations

from codecs import BOM_UTF8
from typing import TYPE_CHECKING, Any

from seedbed.core.errors import InputError

from .rows import from_json, to_json, to_record, to_row
from .streams import reading, writing

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from seedbed.core.record import Record


class JsonFormat:
    """A list with one object per record, or an object that holds such a list as `records` or `data`.

    Writing streams; reading takes the whole file into memory (JSONL does not).
    """

    def read(self, path: str) -> Iterator[Record]:
        """The file's records in order.

        Raises:
            InputError: it is not JSON, or not a list of objects.
        """
        for number, values in enumerate(_objects(path), 1):
            yield as_record(values, f"{path}, record {number}")

    def write(self, records: Iterable[Record], path: str, columns: Sequence[str]) -> int:
        """Writes `columns` of all records to `path` and answers how many there were."""
        count = 0
        with writing(path) as stream:
            stream.write(b"[")
            for count, record in enumerate(records, 1):
                stream.write(b",\n" if count > 1 else b"\n")
                stream.write(as_json(record, columns))
            stream.write(b"\n]\n")
        return count


def as_json(record: Record, columns: Sequence[str]) -> bytes:
    """The record as one line of JSON, without the line's end."""
    return to_json(dict(zip(columns, to_row(record, columns), strict=True)))


def as_record(values: object, place: str) -> Record:
    """The record of an object.

    Raises:
        InputError: it is not an object, or its spans are none; begins with `place`.
    """
    if not isinstance(values, dict):
        raise InputError(f"{place}: expected an object with the record's columns.")
    try:
        return to_record(values)
    except ValueError as error:
        raise InputError(f"{place}: {error}.") from error


def _objects(path: str) -> list[Any]:
    try:
        with reading(path) as stream:
            found = from_json(stream.read().removeprefix(BOM_UTF8))
    except ValueError as error:
        raise InputError(f"{path} is not valid JSON: {error}.") from error
    if isinstance(found, dict):
        found = next((found[key] for key in ("records", "data") if isinstance(found.get(key), list)), None)
    if not isinstance(found, list):
        raise InputError(f"{path} holds no list of records.", 'Expected: [{…}, {…}] or {"records": [{…}]}.')
    return found
