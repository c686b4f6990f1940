"""Parquet files, through pyarrow, which is imported when it is used."""

from __future__ import annotations

from collections import Counter
from importlib.util import find_spec
from io import RawIOBase
from tempfile import SpooledTemporaryFile
from typing import IO, TYPE_CHECKING, Any, Literal

from seedbed.core.errors import InputError, MissingExtra

from .json import as_record
from .rows import batch_size, batches, from_json, is_span, to_json, to_row, to_text
from .streams import reading, words_of, write_pieces

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from seedbed.core.record import Record

Kind = Literal["nothing", "bool", "int", "long", "float", "text", "strings", "spans", "json"]
"""What a column holds. `long` numbers do not fit into a float; `json` cells are JSON texts, marked as such."""

_IN_MEMORY = 64 * 2**20
_JSON_MARK = {b"seedbed": b"json"}
_COMMON: dict[frozenset[Kind], Kind] = {
    frozenset(("int", "long")): "long",
    frozenset(("int", "float")): "float",
    frozenset(("strings", "json")): "json",
    frozenset(("spans", "json")): "json",
}


class ParquetFormat:
    """Columns typed by all their values: truth values, numbers, texts, lists of texts, spans.

    Other nested values are kept as JSON texts and come back as they were; columns of mixed types become text.

    Raises:
        MissingExtra: pyarrow is not installed.
    """

    def __init__(self) -> None:
        if find_spec("pyarrow") is None:
            raise MissingExtra("Parquet", "parquet")

    def read(self, path: str) -> Iterator[Record]:
        """The file's records in order.

        Raises:
            InputError: it is not a Parquet file, or a column is there twice.
        """
        import pyarrow as pa

        with reading(path) as stream:
            try:
                for number, values in enumerate(values_of_rows(stream, path), 1):
                    yield as_record(values, f"{path}, record {number}")
            except (pa.ArrowException, ValueError) as error:  # also what Python has no value for
                raise InputError(
                    f"{path} cannot be read as Parquet: {words_of(error)}.",
                    "Check that it is Parquet and whole; if it is of another format, name that.",
                ) from error

    def write(self, records: Iterable[Record], path: str, columns: Sequence[str]) -> int:
        """Writes `columns` of all records to `path` and answers how many there were.

        The rows are put aside first, on disk if they are many: only the last one completes the columns' types.
        """
        return write_pieces(self, records, path, columns)

    def pieces(self, records: Iterable[Record], columns: Sequence[str], aside: str = "") -> Iterator[bytes]:
        """See `Streaming.pieces`; the first bytes come after the last record."""
        with SpooledTemporaryFile(_IN_MEMORY, dir=aside or None) as waiting:
            kinds = Kinds(columns)
            waiting.writelines(to_json(kinds.row(record)) + b"\n" for record in records)
            waiting.seek(0)
            yield from written(waiting, kinds)


class Kinds(dict[str, Kind]):
    """Columns in their order, and what each holds of all that was met."""

    def __init__(self, columns: Iterable[str]) -> None:
        super().__init__(dict.fromkeys(columns, "nothing"))

    def row(self, record: Record) -> list[Any]:
        """The record's row, whose kinds are taken down."""
        columns = list(self)
        row = to_row(record, columns)
        for column, value in zip(columns, row, strict=True):
            kind = _kind(value, column)
            if kind != self[column]:
                self[column] = _common(self[column], kind)
        return row

    def take_in(self, others: Mapping[str, Kind]) -> None:
        """Takes down what was met elsewhere; new columns come last."""
        for column, kind in others.items():
            self[column] = _common(self.get(column, "nothing"), kind)


def values_of_rows(
    stream: IO[bytes], path: str, groups: Sequence[int] | None = None, rows: slice = slice(None)
) -> Iterator[dict[str, Any]]:
    """The rows of a Parquet file, or of some of its row groups; of these those from `rows.start` to `rows.stop`.

    Raises:
        InputError: a column is there twice.
    """
    from pyarrow import parquet, types

    file = parquet.ParquetFile(stream, pre_buffer=False)  # else all of it is in memory before long
    schema = file.schema_arrow
    twice = [name for name, count in Counter(schema.names).items() if count > 1]
    if twice:
        raise InputError(f"{path}: the column `{twice[0]}` is there twice.", "Rename one of them.")
    marked = [field.name for field in schema if _JSON_MARK.items() <= (field.metadata or {}).items()]
    binary = [field.name for field in schema if types.is_binary(field.type) or types.is_large_binary(field.type)]
    size = sum(file.metadata.row_group(at).total_byte_size for at in range(file.num_row_groups))
    for batch in _cut(file.iter_batches(batch_size(size, file.metadata.num_rows), row_groups=groups), rows):
        for values in batch.to_pylist():
            for column in marked:
                values[column] = None if values[column] is None else from_json(values[column].encode())
            for column in binary:  # some writers do not say that their bytes are text
                values[column] = None if values[column] is None else values[column].decode(errors="backslashreplace")
            yield values


def _cut(batches: Iterable[Any], rows: slice) -> Iterator[Any]:
    at, start = 0, rows.start or 0
    for batch in batches:
        end = at + batch.num_rows
        if rows.stop is not None and at >= rows.stop:
            return
        if end > start:
            first = max(start - at, 0)
            yield batch.slice(first, min(end, rows.stop or end) - at - first)
        at = end


class _Taken(RawIOBase):
    """A file of which one takes what was written since."""

    def __init__(self) -> None:
        super().__init__()
        self._since, self._at = list[bytes](), 0

    def writable(self) -> bool:
        """It is."""
        return True

    def write(self, data: Any) -> int:
        """Holds a copy until it is taken."""
        piece = bytes(data)
        self._since.append(piece)
        self._at += len(piece)
        return len(piece)

    def tell(self) -> int:
        """How much was written in all."""
        return self._at

    def take(self) -> bytes:
        """What was written since."""
        taken, self._since = b"".join(self._since), []
        return taken


def written(lines: Iterable[bytes], kinds: Mapping[str, Kind]) -> Iterator[bytes]:
    """A Parquet file of rows, each a line of JSON, piece by piece."""
    import pyarrow as pa
    from pyarrow import parquet

    schema, stream = _schema(kinds), _Taken()
    with parquet.ParquetWriter(stream, schema) as writer:
        for rows in batches(lines):
            cells = [[_cell(row[at], kind) for row in rows] for at, kind in enumerate(kinds.values())]
            arrays = [pa.array(column, field.type) for column, field in zip(cells, schema, strict=True)]
            writer.write_batch(pa.record_batch(arrays, schema=schema))
            yield stream.take()
    yield stream.take()


def _schema(kinds: Mapping[str, Kind]) -> Any:
    import pyarrow as pa

    text, whole = pa.string(), pa.int64()
    span = pa.struct([("start", whole), ("end", whole), ("label", text), ("field", text)])
    types: dict[Kind, Any] = {
        "bool": pa.bool_(),
        "int": whole,
        "long": whole,
        "float": pa.float64(),
        "strings": pa.list_(text),
        "spans": pa.list_(span),
    }
    return pa.schema(
        pa.field(name, types.get(kind, text), metadata=_JSON_MARK if kind == "json" else None)
        for name, kind in kinds.items()
    )


def _kind(value: object, column: str) -> Kind:
    if value is None:
        return "nothing"
    if isinstance(value, bool):
        return "bool"
    if isinstance(value, int):
        return _size(value)
    if isinstance(value, float):
        return "float"
    if isinstance(value, list | tuple):
        return _list_kind(value, column)
    return "json" if isinstance(value, dict) else "text"


def _size(value: int) -> Kind:
    if -(2**53) <= value <= 2**53:
        return "int"
    return "long" if -(2**63) <= value < 2**63 else "text"


def _list_kind(value: Sequence[object], column: str) -> Kind:
    if column == "spans" and all(is_span(item) for item in value):
        return "spans"
    return "strings" if all(isinstance(item, str) for item in value) else "json"


def _common(one: Kind, other: Kind) -> Kind:
    if other in (one, "nothing"):
        return one
    return other if one == "nothing" else _COMMON.get(frozenset((one, other)), "text")


def _cell(value: Any, kind: Kind) -> Any:
    if value is None:
        return None
    if kind == "text":
        return to_text(value)
    if kind == "json":
        return to_json(value).decode()
    return float(value) if kind == "float" else value
