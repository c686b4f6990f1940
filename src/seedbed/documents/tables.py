"""Tables (CSV, TSV, JSON, JSONL): every row is a document."""

from __future__ import annotations

import csv
from collections import Counter
from dataclasses import dataclass
from io import StringIO
from typing import TYPE_CHECKING, Any, Final

import orjson

from seedbed.core.document import Document
from seedbed.core.errors import InputError

from .source import Loaded, Source, cleaned, numbered
from .text import decoded

if TYPE_CHECKING:
    from collections.abc import Iterator

_LARGEST_FIELD: Final = 2**31 - 1  # the most the csv module takes on every system
_HEAD: Final = 100_000
_USUAL: Final = "text"


@dataclass(frozen=True, slots=True)
class _Row:
    """A row by its number from 1, its values, or what is wrong with it."""

    number: int
    values: dict[str, Any]
    problem: str = ""


def read_csv(source: Source) -> Loaded:
    """One document per row under the header; commas, semicolons or tabs between the cells.

    Raises:
        InputError: a column is there twice.
    """
    return _documents(source, list(_csv_rows(source, decoded(source))))


def read_jsonl(source: Source) -> Loaded:
    """One document per line that is not blank."""
    lines = filter(str.strip, decoded(source).split("\n"))
    return _documents(source, [_json_row(number, line) for number, line in enumerate(lines, 1)])


def read_json(source: Source) -> Loaded:
    """One document per object of the list, which may be in `records` or `data` of an object.

    Raises:
        InputError: it is not JSON, or no list.
    """
    try:
        found = orjson.loads(decoded(source))
    except ValueError as error:
        raise InputError(f"{source.name} is not valid JSON: {error}.", "Mend the file at that place.") from error
    if isinstance(found, dict):
        found = next((found[key] for key in ("records", "data") if isinstance(found.get(key), list)), None)
    if not isinstance(found, list):
        raise InputError(f"{source.name} holds no list of records.", 'Expected: [{…}, {…}] or {"records": [{…}]}.')
    return _documents(source, [_object_row(number, value) for number, value in enumerate(found, 1)])


def _csv_rows(source: Source, text: str) -> Iterator[_Row]:
    """Up to a broken quote, after which nobody knows where cells end."""
    csv.field_size_limit(_LARGEST_FIELD)
    number = 0
    try:
        rows = _cells(text, max(",;\t", key=lambda delimiter: _width(text, delimiter)))
        header = next(rows, [])
        twice = [name for name, count in Counter(header).items() if count > 1]
        if twice:
            raise InputError(f"{source.name}: the column `{twice[0]}` is there twice.", "Rename one of them.")
        for number, row in enumerate(rows, 1):
            problem = "" if len(row) == len(header) else "more or fewer cells than in the header"
            yield _Row(number, dict(zip(header, row, strict=False)), problem)
    except csv.Error as error:
        yield _Row(number + 1, {}, f"{error}; the rest of the file is left out")


def _cells(text: str, delimiter: str) -> Iterator[list[str]]:
    return filter(None, csv.reader(StringIO(text, newline=""), delimiter=delimiter, strict=True))


def _width(text: str, delimiter: str) -> int:
    """How many cells the header has with this delimiter."""
    try:
        return len(next(_cells(text[:_HEAD], delimiter), ()))
    except csv.Error:
        return 0


def _json_row(number: int, line: str) -> _Row:
    try:
        return _object_row(number, orjson.loads(line))
    except ValueError:
        return _Row(number, {}, "not valid JSON")


def _object_row(number: int, value: object) -> _Row:
    return _Row(number, value) if isinstance(value, dict) else _Row(number, {}, "not an object")


def _documents(source: Source, rows: list[_Row]) -> Loaded:
    column = _column(source, [row for row in rows if not row.problem])
    documents: list[Document] = []
    wrong: dict[str, list[int]] = {}
    for row in rows:
        document = _document(source.name, row, column)
        if row.problem or not document:
            wrong.setdefault(row.problem or f"no text in `{column}`", []).append(row.number)
        else:
            documents.append(document)
    problems = [f"{source.name}, {numbered('row', numbers)}: {problem}." for problem, numbers in wrong.items()]
    return Loaded(documents, problems)


def _document(file: str, row: _Row, column: str) -> Document | None:
    text, title = row.values.get(column), row.values.get("title")
    if not isinstance(text, str) or not text.strip():
        return None
    return Document(f"{file}#{row.number}", cleaned(text), cleaned(title) if isinstance(title, str) else "")


def _column(source: Source, rows: list[_Row]) -> str:
    """The one the user names, else `text`, else the one with the most text."""
    lengths = Counter[str]()
    for row in rows:
        lengths.update({name: len(value) for name, value in row.values.items() if isinstance(value, str)})
    if source.column and rows and not any(source.column in row.values for row in rows):
        known = ", ".join(dict.fromkeys(name for row in rows for name in row.values))
        raise InputError(f"{source.name} has no column `{source.column}`.", f"It has: {known}.")
    usual = _USUAL if lengths[_USUAL] else ""
    return source.column or usual or next((name for name, _ in lengths.most_common(1)), _USUAL)
