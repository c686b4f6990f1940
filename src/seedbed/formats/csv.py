"""Comma- and tab-separated files: UTF-8, RFC 4180, every text exactly as it is."""

from __future__ import annotations

import csv
import re
from collections.abc import Mapping
from dataclasses import dataclass
from io import TextIOWrapper
from itertools import chain, islice
from tempfile import SpooledTemporaryFile
from typing import IO, TYPE_CHECKING, Any, ClassVar, Literal

from seedbed.core.errors import InputError

from .rows import HOW_SPANS, from_json, leaves, place_of, to_json, to_record, to_row, to_text, values_of
from .streams import reading, write_pieces

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from seedbed.core.record import Record

_DELIMITERS = (",", ";", "\t")
_IN_MEMORY = 16 * 2**20
_LARGEST_FIELD = 2**31 - 1  # the most the csv module takes on every system
_AMBIGUOUS = (*_DELIMITERS, "\ufeff")
FORMULA = re.compile(r"[\t\r\n]|[\s\x00-\x20\u200b-\u200f\u2060\ufeff]*[=+\-@＝＋－＠﹦﹢﹣﹫]")
"""How a text begins that a spreadsheet would take for a formula."""


@dataclass(frozen=True)
class CsvFormat:
    """A header row, then one record per row.

    Cells are text: `None` is written as an empty cell, a list as JSON. A column that holds an object in the first
    record becomes one column per key, `customer.name`; as any record may have further keys, the rows are put aside
    then, on disk if they are many. Objects that come only later, and `origin`, are JSON. On reading, names and cells
    stay as they are; the header tells whether commas, semicolons or tabs separate the cells.

    Args:
        safe: put an apostrophe before texts that a spreadsheet would take for a formula.
    """

    safe: bool = False
    delimiter: ClassVar[str] = ","

    def read(self, path: str) -> Iterator[Record]:
        """The file's records in order.

        Raises:
            InputError: it is not UTF-8, its quoting is broken, or a row has more or fewer cells than the header.
        """
        csv.field_size_limit(_LARGEST_FIELD)
        with reading(path) as stream, TextIOWrapper(stream, encoding="utf-8-sig", newline="") as text:
            rows = _rows(path, csv.reader(text, delimiter=self._sniff(text), strict=True))
            header = _header(path, rows)
            for line, row in rows:
                yield _record(header, row, f"{path}, line {line}")

    def write(self, records: Iterable[Record], path: str, columns: Sequence[str]) -> int:
        """Writes `columns` of all records to `path` and answers how many there were.

        Raises:
            InputError: two columns would have the same dotted name.
        """
        return write_pieces(self, records, path, columns)

    def pieces(self, records: Iterable[Record], columns: Sequence[str], aside: str = "") -> Iterator[bytes]:
        """See `Streaming.pieces`; with objects in the first record the first bytes come after the last record."""
        others = iter(records)
        first = list(islice(others, 1))
        cell = _defused if self.safe else to_text
        if not any(_has_objects(record, columns) for record in first):
            cells = (map(cell, to_row(record, columns)) for record in chain(first, others))
            yield from self._rows_of(cells, list(map(cell, columns)))
            return
        with SpooledTemporaryFile(_IN_MEMORY, dir=aside or None) as waiting:
            names = _put_aside(chain(first, others), columns, cell, waiting)
            rows = (from_json(line) for line in waiting)
            yield from self._rows_of(([row.get(name, "") for name in names] for row in rows), names)

    def _rows_of(self, rows: Iterable[Iterable[str]], names: list[str]) -> Iterator[bytes]:
        yield self._header_of(names)
        line = csv.writer(_Line(), delimiter=self.delimiter)
        for row in rows:
            written: Any = line.writerow(row)
            yield written.encode()

    def _header_of(self, names: list[str]) -> bytes:
        """Quotes all names if one could mislead about the delimiter or be taken for a byte order mark."""
        ambiguous = any(mark in name for name in names for mark in _AMBIGUOUS)
        quoting: Literal[0, 1] = csv.QUOTE_ALL if ambiguous else csv.QUOTE_MINIMAL
        written: Any = csv.writer(_Line(), delimiter=self.delimiter, quoting=quoting).writerow(names)
        header: bytes = written.encode()
        return header

    def _sniff(self, text: TextIOWrapper) -> str:
        """The delimiter that gives the header the most cells; the format's own one if several do."""

        def width(delimiter: str) -> int:
            text.seek(0)
            try:
                return len(next(filter(None, csv.reader(text, delimiter=delimiter, strict=True)), ()))
            except csv.Error:
                return 0

        best = max((self.delimiter, *_DELIMITERS), key=width)
        text.seek(0)
        return best


class _Line:
    """What `csv.writer` writes to: `writerow` answers what this answers."""

    def write(self, text: str) -> str:
        """The row itself."""
        return text


class TsvFormat(CsvFormat):
    """As CSV, with tabs between the cells."""

    delimiter: ClassVar[str] = "\t"


def _rows(path: str, reader: Any) -> Iterator[tuple[int, list[str]]]:
    """The rows that are not blank, each with the line it begins in."""
    while True:
        line = reader.line_num + 1
        try:
            row = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            raise InputError(f"{path}, line {line}: {error}.", "Look at the quotes in this row.") from error
        if row:
            yield line, row


def _header(path: str, rows: Iterator[tuple[int, list[str]]]) -> list[str]:
    line, header = next(rows, (1, []))
    if not header:
        raise InputError(f"{path} is empty.", "The first row holds the names of the columns.")
    twice = [name for position, name in enumerate(header) if name in header[:position]]
    if twice:
        raise InputError(f"{path}, line {line}: the column `{twice[0]}` is there twice.", "Rename one of them.")
    return header


def _record(header: list[str], row: list[str], place: str) -> Record:
    if len(row) != len(header):
        raise InputError(
            f"{place}: the row has {len(row)} cells where the header has {len(header)}.",
            "Texts that contain the separator or line breaks belong in double quotes.",
        )
    try:
        return to_record(dict(zip(header, row, strict=True)))
    except ValueError as error:
        raise InputError(f"{place}: {error}.", HOW_SPANS) from error


def _is_split(record: Record, column: str, value: object) -> bool:
    """Whether the value is an object of the user's, not one of the record's own."""
    theirs = column in record.values or column.partition(".")[0] in record.values
    return theirs and isinstance(value, Mapping)


def _has_objects(record: Record, columns: Sequence[str]) -> bool:
    return any(_is_split(record, *cell) for cell in values_of(record, columns).items())


def _put_aside(
    records: Iterable[Record], columns: Sequence[str], cell: Callable[[object], str], aside: IO[bytes]
) -> list[str]:
    """Writes the cells that hold something, by their names, as lines of JSON; answers the names, which only the last
    record completes."""
    names: dict[str, dict[str, None]] = {column: {} for column in columns}
    for number, record in enumerate(records, 1):
        row: dict[str, str] = {}
        for column, value in values_of(record, columns).items():
            for name, held in leaves(column, value) if _is_split(record, column, value) else [(column, value)]:
                if cell(name) in row:
                    raise InputError(
                        f"{place_of(record, number)}: two columns would be called `{name}`.",
                        "Rename one of them, or take a format without columns, such as jsonl.",
                    )
                if held is not None:
                    row[cell(name)] = cell(held)
                    names[column][cell(name)] = None
        aside.write(to_json(row) + b"\n")
    aside.seek(0)
    return [name for column, found in names.items() for name in found or [cell(column)]]


def _defused(value: object) -> str:
    text = to_text(value)
    return f"'{text}" if isinstance(value, str) and FORMULA.match(text) else text
