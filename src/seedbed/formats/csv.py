"""Comma- and tab-separated files: UTF-8, RFC 4180, every text exactly as it is."""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass
from io import TextIOWrapper
from typing import TYPE_CHECKING, Any, ClassVar, Literal

from seedbed.core.errors import InputError

from .rows import to_record, to_row, to_text
from .streams import reading, writing

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from seedbed.core.record import Record

_DELIMITERS = (",", ";", "\t")
_LARGEST_FIELD = 2**31 - 1  # the most the csv module takes on every system
_AMBIGUOUS = (*_DELIMITERS, "\ufeff")
_FORMULA = re.compile(r"[\t\r\n]|[\s\x00-\x20\u200b-\u200f\u2060\ufeff]*[=+\-@＝＋－＠﹦﹢﹣﹫]")


@dataclass(frozen=True)
class CsvFormat:
    """A header row, then one record per row.

    Cells are text: `None` is written as an empty cell, lists and mappings as JSON. On reading, the header tells
    whether commas, semicolons or tabs separate the cells.

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
        """Writes `columns` of all records to `path` and answers how many there were."""
        cell = _defused if self.safe else to_text
        count = 0
        with writing(path) as stream, TextIOWrapper(stream, encoding="utf-8", newline="") as text:
            self._write_header(text, [cell(column) for column in columns])
            writer = csv.writer(text, delimiter=self.delimiter)
            for count, record in enumerate(records, 1):  # noqa: B007
                writer.writerow([cell(value) for value in to_row(record, columns)])
        return count

    def _write_header(self, text: TextIOWrapper, names: list[str]) -> None:
        """Quotes all names if one could mislead about the delimiter or be taken for a byte order mark."""
        ambiguous = any(mark in name for name in names for mark in _AMBIGUOUS)
        quoting: Literal[0, 1] = csv.QUOTE_ALL if ambiguous else csv.QUOTE_MINIMAL
        csv.writer(text, delimiter=self.delimiter, quoting=quoting).writerow(names)

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
        raise InputError(f"{place}: {error}.") from error


def _defused(value: object) -> str:
    text = to_text(value)
    return f"'{text}" if isinstance(value, str) and _FORMULA.match(text) else text
