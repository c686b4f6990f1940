"""Parquet files of a dataset, in parts that are read and written each by itself."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from seedbed.core.errors import InputError

from .files import write_file
from .json import as_record
from .parquet import Kinds, ParquetFormat, values_of_rows, written
from .rows import to_json, to_row
from .streams import reading, words_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from seedbed.core.record import Record

    from .parquet import Kind

SIZE = 32 * 2**20
"""Bytes of a part, unpacked, if a file has row groups that small."""

ROWS = 25_000
"""Records of a part: some seconds of work, which are done anew where a worker dies."""

SPLIT = 16
"""A row group is split into so many parts at most: to come to the last of them, all before it are read."""


@dataclass(frozen=True, slots=True)
class Part:
    """Some row groups of a file, or a piece of one behind the first `skip`: `rows` records, of which the first is
    number `first` of all, counted from 0, and number `within` of its file."""

    path: str
    groups: tuple[int, ...]
    skip: int
    first: int
    within: int
    rows: int


@dataclass(slots=True)
class Parts:
    """A dataset of several files: its parts in their order, and the columns of all."""

    parts: list[Part]
    columns: list[str]

    @classmethod
    def of(cls, paths: Iterable[str]) -> Parts:
        """Looks at what the files say of themselves; no record is read.

        Raises:
            InputError: one is no Parquet file.
        """
        found, columns, first = list[Part](), dict[str, None](), 0
        for path in paths:
            sizes, names = _groups(path)
            columns.update(dict.fromkeys(names if any(rows for rows, _ in sizes) else ()))
            within = 0
            for groups, skip, rows in _together(sizes):
                found.append(Part(path, groups, skip, first + within, within, rows))
                within += rows
            first += within
        return cls(found, [*columns])

    @property
    def records(self) -> int:
        """How many there are."""
        return sum(part.rows for part in self.parts)


def read_part(part: Part) -> Iterator[Record]:
    """The records of a part in order.

    Raises:
        InputError: it cannot be read.
    """
    import pyarrow as pa

    with reading(part.path) as stream:
        try:
            rows = slice(part.skip, part.skip + part.rows)
            for number, values in enumerate(values_of_rows(stream, part.path, part.groups, rows), part.within + 1):
                yield as_record(values, f"{part.path}, record {number}")
        except (pa.ArrowException, ValueError) as error:
            raise _unreadable(part.path, error) from error


def write_part(records: Iterable[Record], path: str, kinds: Mapping[str, Kind]) -> int:
    """Writes a file of columns whose kinds are known, as a whole or not at all; answers how many records there were.

    Raises:
        InputError: it cannot be written.
    """
    return write_file(records, path, [*kinds], force=True, form=_Known(kinds))


class _Known(ParquetFormat):
    """Writes columns of known kinds, so that nothing has to wait for the last record."""

    def __init__(self, kinds: Mapping[str, Kind]) -> None:
        super().__init__()
        self._kinds = kinds

    def pieces(self, records: Iterable[Record], columns: Sequence[str], aside: str = "") -> Iterator[bytes]:
        """See `Streaming.pieces`."""
        return written((to_json(to_row(record, columns)) for record in records), self._kinds)


def _groups(path: str) -> tuple[list[tuple[int, int]], list[str]]:
    """Records and bytes of each row group, and the columns."""
    import pyarrow as pa
    from pyarrow import parquet

    with reading(path) as stream:
        try:
            file = parquet.ParquetFile(stream, pre_buffer=False)
            about: Any = file.metadata
            groups = [about.row_group(at) for at in range(file.num_row_groups)]
            return [(group.num_rows, group.total_byte_size) for group in groups], file.schema_arrow.names
        except (pa.ArrowException, ValueError) as error:
            raise _unreadable(path, error) from error


def _together(sizes: Sequence[tuple[int, int]]) -> Iterator[tuple[tuple[int, ...], int, int]]:
    """Row groups that follow each other, as many as a part may hold, or pieces of one that holds more: how many of
    its records come before, and how many there are."""
    held, rows, size = list[int](), 0, 0
    for at, (own, more) in enumerate(sizes):
        if held and (size + more > SIZE or rows + own > ROWS):
            yield tuple(held), 0, rows
            held, rows, size = [], 0, 0
        if own > ROWS:
            yield from (((at,), skip, count) for skip, count in _pieces(own))
        elif own:
            held.append(at)
            rows, size = rows + own, size + more
    if held:
        yield tuple(held), 0, rows


def _pieces(rows: int) -> Iterator[tuple[int, int]]:
    """Where each piece of a row group begins, and how many records it has."""
    count = min(SPLIT, -(-rows // ROWS))
    edges = [rows * piece // count for piece in range(count + 1)]
    return ((start, end - start) for start, end in pairwise(edges))


def _unreadable(path: str, error: Exception) -> InputError:
    return InputError(
        f"{path} cannot be read as Parquet: {words_of(error)}.",
        "Check that it is Parquet and whole; if it is of another format, name that.",
    )


__all__ = ["Kinds", "Part", "Parts", "read_part", "write_part"]
