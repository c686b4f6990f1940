"""JSON Lines files: one object per line."""

from __future__ import annotations

from codecs import BOM_UTF8
from typing import TYPE_CHECKING

from .json import as_json, as_record
from .rows import parsed
from .streams import reading, write_pieces

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from seedbed.core.record import Record


class JsonlFormat:
    """One JSON object per line; blank lines mean nothing."""

    def read(self, path: str) -> Iterator[Record]:
        """The file's records in order.

        Raises:
            InputError: a line is not a JSON object.
        """
        with reading(path) as stream:
            for number, line in enumerate(stream, 1):
                # Without its end: a line that breaks off would be told as the next one.
                data = (line.removeprefix(BOM_UTF8) if number == 1 else line).strip()
                if data:
                    yield as_record(parsed(data, path, number), f"{path}, line {number}")

    def write(self, records: Iterable[Record], path: str, columns: Sequence[str]) -> int:
        """Writes `columns` of all records to `path` and answers how many there were."""
        return write_pieces(self, records, path, columns)

    def pieces(self, records: Iterable[Record], columns: Sequence[str], aside: str = "") -> Iterator[bytes]:
        """See `Streaming.pieces`."""
        for record in records:
            yield as_json(record, columns) + b"\n"
