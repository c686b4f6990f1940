"""What a recipe's generator works on: rows of files, chunks of documents."""

from __future__ import annotations

from hashlib import blake2b
from typing import TYPE_CHECKING

import orjson

from seedbed.core.errors import InputError, NoRecords, nearest
from seedbed.core.fields import at
from seedbed.core.record import Record, flat_text
from seedbed.formats.catalog import format_for
from seedbed.places.paths import within

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from seedbed.core.document import Document
    from seedbed.core.part import Generator, Source

Inputs = dict[str, "Sequence[Record]"]


def read_inputs(generator: Generator, folder: Path) -> tuple[Inputs, list[str]]:
    """What each source of a generator holds, and what could not be read of it.

    Raises:
        FieldError: a file does not exist, cannot be read, or lacks a column.
    """
    found: Inputs = {}
    problems: list[str] = []
    for source in generator.sources():
        with at(*(source.path or ("generator", source.field))):
            if source.kind == "documents":
                found[source.field] = chunks_of(source, folder, problems)
            else:
                found[source.field] = _filled(source, folder, problems)
    return found, problems


def _filled(source: Source, folder: Path, problems: list[str]) -> list[Record]:
    """The rows of a source that hold something in its column.

    Raises:
        InputError: there is none.
    """
    rows = [record for name in source.names for record in _rows(name, source, folder)]
    filled = [record for record in rows if not source.column or flat_text(record.values[source.column]).strip()]
    if not filled:
        raise NoRecords(f"There is nothing to work on in {', '.join(source.names)}.")
    if len(filled) < len(rows):
        names = ", ".join(source.names)
        problems.append(f"{len(rows) - len(filled):,} rows of {names} have an empty `{source.column}`: left out.")
    return filled


def _rows(name: str, source: Source, folder: Path) -> Iterator[Record]:
    path = within(folder, name)
    if not path.is_file():
        raise InputError(f"There is no file {path}.", "Paths in a recipe are relative to the recipe's folder.")
    for number, record in enumerate(format_for(path).read(str(path)), start=1):
        if source.column and source.column not in record.values:
            hint = nearest(source.column, record.values)
            raise InputError(f"{path}: record {number} has no column `{source.column}`.", hint)
        record.id = f"{name}#{number}:{_digest(orjson.dumps(record.values, default=str))}"
        yield record


def chunks_of(source: Source, folder: Path, problems: list[str]) -> list[Record]:
    """The chunks of the documents a source names; what could not be read of them is added to `problems`.

    Raises:
        InputError: nothing of it can be read.
    """
    from seedbed.documents.loaders import load

    loaded = load(source.names, str(folder))
    problems += loaded.problems
    return _cut(loaded.documents, source.chunk_size)


def chunked(records: Sequence[Record], size: int) -> list[Record]:
    """Records as documents, in chunks of so many characters."""
    from seedbed.core.document import Document

    return _cut([Document(record.id, _main_text(record)) for record in records], size)


def _main_text(record: Record) -> str:
    """A record's text, else its longest."""
    texts = [value for value in record.values.values() if isinstance(value, str)]
    return record.text or max(texts, key=len, default="")


def _cut(documents: Iterable[Document], size: int) -> list[Record]:
    from seedbed.documents.chunks import chunks

    return [
        Record(
            {
                "document": chunk.document,
                "start": chunk.start,
                "end": chunk.end,
                "text": chunk.text,
                "headings": list(chunk.headings),
            },
            id=f"{chunk.document}@{chunk.start}:{chunk.id}",
        )
        for document in documents
        for chunk in chunks(document, size)
    ]


def _digest(data: bytes) -> str:
    return blake2b(data, digest_size=6).hexdigest()
