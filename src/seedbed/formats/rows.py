"""A record as a row of plain values, and back."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from typing import TYPE_CHECKING, Any

import orjson

from seedbed.core.errors import InputError
from seedbed.core.record import Record, Span

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

_LONG_NUMBER = re.compile(rb"\d{19}")
_NO_DIGITS = bytes(code for code in range(256) if not 48 <= code <= 57)
_NEAR = 15
_BATCH = 20_000
_BATCH_BYTES = 16 * 2**20


def to_row(record: Record, columns: Sequence[str]) -> list[Any]:
    """The record's values in the order of `columns`; what it does not have is `None`.

    `id`, `state`, `tags`, `origin` and `spans` are the record's own, unless it has a column of that name. A dotted name
    that is no column reaches into one: `customer.name`, `messages.0.content`.
    """
    return [_value(record, column) for column in columns]


def leaves(name: str, value: Any) -> Iterator[tuple[str, Any]]:
    """What a table has of a column: the value, or for an object that of each key under a dotted name."""
    if isinstance(value, Mapping) and value:
        for key, inner in value.items():
            yield from leaves(f"{name}.{key}", inner)
    else:
        yield name, value


HOW_SPANS = 'Write each span as {"start": 0, "end": 3, "label": "PER"}.'
"""What to do about spans that are none."""


def to_record(values: dict[str, Any]) -> Record:
    """A record of the row's values; a `spans` column of `{start, end, label}` objects becomes its spans.

    Args:
        values: the row's own; the column is taken out of them.

    Raises:
        ValueError: one of the spans is not one.
    """
    spans = _spans(values.get("spans"))
    if spans is None:
        return Record(values)
    values.pop("spans", None)
    return Record(values, spans)


def to_text(value: object) -> str:
    """A value as the text of a cell: nothing for `None`, JSON for lists and mappings."""
    if isinstance(value, str):
        return value
    if value is None:
        return ""
    if isinstance(value, Mapping | list | tuple | AbstractSet):
        return to_json(value).decode()
    return str(value)


def values_of(record: Record, columns: Sequence[str]) -> dict[str, Any]:
    """The record's values by the names of `columns`."""
    return dict(zip(columns, to_row(record, columns), strict=True))


def no_column(column: str, values: Mapping[str, Any], place: str) -> InputError:
    """The error for a record that has no value of a column; names those it has."""
    there = ", ".join(name for name, value in values.items() if value is not None)
    return InputError(
        f"{place}: there is no column `{column}`, only {there}.", f"Say which it is: --map {column}=COLUMN"
    )


def unfolded(value: Any) -> Any:
    """The list or mapping that a table holds as JSON in a cell; anything else as it is."""
    if not isinstance(value, str) or value[:1] not in ("[", "{"):
        return value
    try:
        return from_json(value.encode())
    except ValueError:
        return value


def place_of(record: Record, number: int) -> str:
    """How an error names the `number`-th record."""
    return f"record {number} (`{record.id}`)" if record.id else f"record {number}"


def to_json(value: object) -> bytes:
    """Compact UTF-8 JSON; what JSON has no form for becomes text."""
    try:
        return orjson.dumps(value, default=_plain)
    except TypeError:  # whole numbers over 64 bits, keys that are no strings
        return json.dumps(value, default=_plain, ensure_ascii=False, separators=(",", ":")).encode()


def from_json(data: bytes) -> Any:
    """The value; whole numbers of any length stay exact.

    Raises:
        ValueError: it is not JSON.
    """
    value = orjson.loads(data)
    # The pattern alone would take longer than all the rest.
    long = len(data.translate(None, _NO_DIGITS)) >= 19 and _LONG_NUMBER.search(data)
    return json.loads(data) if long else value


def parsed(data: bytes, place: str, line: int) -> Any:
    """The value of a piece of JSON that begins in `line` of a file.

    Raises:
        InputError: it is not JSON; begins with `place` and names the line.
        UnicodeDecodeError: it is not UTF-8.
    """
    try:
        return from_json(data)
    except json.JSONDecodeError as error:
        data.decode()
        near = error.doc[max(0, error.pos - _NEAR) : error.pos + _NEAR]
        raise InputError(
            f"{place}, line {line + error.lineno - 1}: not valid JSON near {near!r}: {error.msg}.",
            "Mend that line; JSON wants double quotes, and a comma between two values.",
        ) from error


def batches(lines: Iterable[bytes]) -> Iterator[list[Any]]:
    """The values of lines of JSON, as many together as are little enough to be held in memory."""
    batch: list[Any] = []
    size = 0
    for line in lines:
        batch.append(from_json(line))
        size += len(line)
        if len(batch) == _BATCH or size > _BATCH_BYTES:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


def batch_size(size: int, rows: int) -> int:
    """As many rows of a table of `size` bytes as are little enough to be held in memory."""
    return max(1, min(_BATCH, _BATCH_BYTES * rows // max(1, size)))


def is_span(value: object) -> bool:
    """Whether this is a span in its written form."""
    return (
        isinstance(value, dict)
        and type(value.get("start")) is int
        and type(value.get("end")) is int
        and 0 <= value["start"] <= value["end"]
        and isinstance(value.get("label"), str)
        and isinstance(value.get("field"), str | None)
    )


def _value(record: Record, column: str) -> Any:
    if column in record.values:
        return record.values[column]
    # `record_id` and the like stand for the record's own where a column of the user's has that name.
    if attribute := _ATTRIBUTES.get(column.removeprefix("record_")):
        return attribute(record)
    head, dot, rest = column.partition(".")
    return _inside(_value(record, head), rest) if dot else None


def _inside(value: Any, path: str) -> Any:
    if isinstance(value, Mapping) and path in value:
        return value[path]
    head, dot, rest = path.partition(".")
    inner = None
    if isinstance(value, Mapping):
        inner = value.get(head)
    elif isinstance(value, list | tuple) and head.isdecimal() and int(head) < len(value):
        inner = value[int(head)]
    return _inside(inner, rest) if dot else inner


def _span_value(span: Span) -> dict[str, Any]:
    value: dict[str, Any] = {"start": span.start, "end": span.end, "label": span.label}
    return value if span.field == "text" else {**value, "field": span.field}


# A record without an id comes from a file: where it lacks a column of that name, it has nothing of its own to show.
_ATTRIBUTES: dict[str, Callable[[Record], Any]] = {
    "id": lambda record: record.id or None,
    "state": lambda record: record.state if record.id else None,
    "tags": lambda record: list(record.tags) if record.id or record.tags else None,
    "origin": lambda record: record.origin if record.id or record.origin else None,
    "spans": lambda record: [_span_value(span) for span in record.spans],
}


def _spans(value: object) -> tuple[Span, ...] | None:
    """The spans written in `value`, or `None` if the column only happens to be called that."""
    if value is None or value == "":
        return ()
    items = unfolded(value)
    if isinstance(items, str) and items.startswith("["):
        raise ValueError("what stands in `spans` is no JSON")
    return tuple([_span(item) for item in items]) if isinstance(items, list) else None


def _span(item: Any) -> Span:
    if not is_span(item):
        raise ValueError("a span in `spans` is not of the form {start, end, label}")
    return Span(item["start"], item["end"], item["label"], item.get("field") or "text")


def _plain(value: object) -> Any:
    if isinstance(value, float):
        return float(value)
    return sorted(value, key=str) if isinstance(value, AbstractSet) else str(value)
