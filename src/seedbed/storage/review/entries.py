"""Entries as rows: how they are read, and how records become some."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import orjson
from sqlalchemy import column, func, insert, select, table, text

from seedbed.core.record import flat_text
from seedbed.core.review.entry import Entry
from seedbed.core.tokens import tokens

from ..reading import SOURCES, corrected, record_of
from ..tables import entries, entry_tags, records, runs

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlalchemy import Connection, Select

    from seedbed.core.record import Record
    from seedbed.core.review.entry import Wanted

FIELDS: Final = ("decision", "work", "person", "note", "reason", "suggested", "doubt")
"""Columns that a change may change as they are."""

EQUAL = ("decision", "work", "label", "model", "source", "person", "reason")
"""Fields of `Wanted` that are columns."""

WORDS = table("entry_words", column("rowid"))


def words_of(values: dict[str, Any]) -> str:
    """All texts of a record, in words to be searched for; of scripts without spaces each character is one."""
    return " ".join(tokens(flat_text(values)))


def matching(words: str) -> str:
    """The query of the full-text index: each word somewhere, what was joined in a row, the last as a beginning."""
    pieces = [" ".join(found) for piece in words.split() if (found := tokens(piece))]
    return " ".join(f'"{piece}"' for piece in pieces) + ("*" if pieces else "")


def selecting(wanted: Wanted) -> Select[Any]:
    """The numbers of the entries that are wanted, in no order."""
    query = select(entries.c.number).where(entries.c.dataset == wanted.dataset)
    for name in EQUAL:
        value = getattr(wanted, name)
        if value is not None:
            query = query.where(entries.c[name] == value)
    if wanted.doubted:
        query = query.where(entries.c.doubt > 0)
    if wanted.handed_over:
        query = query.where(entries.c.work != "")
    if wanted.tag is not None and wanted.tag in SOURCES.values():
        query = query.where(entries.c.source == wanted.tag)
    elif wanted.tag is not None:
        tagged = entry_tags.c.dataset == wanted.dataset, entry_tags.c.tag == wanted.tag
        query = query.join(entry_tags, entry_tags.c.entry == entries.c.number).where(*tagged)
    if wanted.words.strip():
        found = text("entry_words MATCH :words").bindparams(words=matching(wanted.words) or '""')
        query = query.join(WORDS, WORDS.c.rowid == entries.c.number).where(found)
    return query


def whole() -> Select[Any]:
    """Everything that makes an entry."""
    return (
        select(entries, records.c.attempt, records.c.slot, records.c.state, records.c.detail)
        .add_columns(records.c.data.label("made"), runs.c.id.label("run_id"), runs.c.kind)
        .join(records, records.c.number == entries.c.number)
        .join(runs, runs.c.number == entries.c.run)
    )


def entry_of(row: Any) -> Entry:
    """The entry of a row of `whole`."""
    record = record_of(row, row.run_id, row.kind, row.made)
    if row.data is not None:
        record = corrected(record, row.data)
    state = {name: getattr(row, name) for name in (*FIELDS, "version", "changed", "by", "model")}
    return Entry(row.number, record, row.dataset, row.source, **state)


def packed(record: Record) -> bytes:
    """What is kept of a record that people changed."""
    spans = [span._asdict() for span in record.spans]
    return orjson.dumps({"values": record.values, "spans": spans, "tags": record.tags})


def count_by(connection: Connection, name: str, dataset: str) -> dict[str, int]:
    """How many entries of a dataset have which value."""
    of = entries.c[name]
    query = select(of, func.count()).where(entries.c.dataset == dataset, of != "").group_by(of)
    return {str(value): count for value, count in connection.execute(query.order_by(of))}


def add_words(connection: Connection, rows: Iterable[tuple[int, str]]) -> None:
    """Puts texts into the full-text index."""
    given = [{"number": number, "text": words} for number, words in rows]
    if given:
        connection.execute(text("INSERT INTO entry_words (rowid, text) VALUES (:number, :text)"), given)


def remove_words(connection: Connection, number: int, words: str) -> None:
    """Takes a text out of the full-text index, which must be told what it was."""
    command = text("INSERT INTO entry_words (entry_words, rowid, text) VALUES ('delete', :number, :text)")
    connection.execute(command, {"number": number, "text": words})


def add_tags(connection: Connection, dataset: str, tags: Iterable[tuple[int, str]]) -> None:
    """Takes tags of entries down; those that all records of a run have are in the column `source`."""
    rows = [{"dataset": dataset, "entry": number, "tag": tag} for number, tag in tags if tag not in SOURCES.values()]
    if rows:
        connection.execute(insert(entry_tags), rows)
