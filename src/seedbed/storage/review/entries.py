"""Entries as rows: how they are read, and how records become some."""

from __future__ import annotations

from operator import itemgetter
from typing import TYPE_CHECKING, Any, Final

import orjson
from sqlalchemy import bindparam, select

from seedbed.core.record import flat_text
from seedbed.core.review.entry import Entry
from seedbed.core.tokens import tokens

from ..reading import corrected, record_of
from ..tables import entries, records, runs

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Connection

    from seedbed.core.record import Record

FIELDS: Final = ("decision", "work", "person", "note", "reason", "suggested", "doubt")
"""Columns that a change may change as they are."""


def words_of(values: dict[str, Any]) -> str:
    """All texts of a record, in words to be searched for; of scripts without spaces each character is one."""
    return " ".join(tokens(flat_text(values)))


def asked_for(words: str) -> list[list[str]]:
    """What is searched for: each word somewhere, what was joined in a row, the last as a beginning."""
    return [found for piece in words.split() if (found := tokens(piece))]


# Put together once: that takes longer than to find a few entries.
_WHOLE: Final = (
    select(entries, records.c.attempt, records.c.slot, records.c.state, records.c.detail)
    .add_columns(records.c.data.label("made"), runs.c.id.label("run_id"), runs.c.kind)
    .join(records, records.c.number == entries.c.number)
    .join(runs, runs.c.number == entries.c.run)
)
_NUMBERED: Final = _WHOLE.where(entries.c.number.in_(bindparam("numbers", expanding=True)))
_STATE: Final = (*FIELDS, "version", "changed", "by", "model", "twins")
_STATE_OF: Final = itemgetter(*(list(entries.c.keys()).index(name) for name in _STATE))


def entries_of(connection: Connection, numbers: Sequence[int]) -> list[Entry]:
    """The entries of these numbers, in their order; those that are not there are left out."""
    if not numbers:
        return []
    found = {row.number: _entry_of(row) for row in connection.execute(_NUMBERED, {"numbers": numbers}).all()}
    return [found[number] for number in numbers if number in found]


def _entry_of(row: Any) -> Entry:
    """The entry of a row."""
    record = record_of(row, row.run_id, row.kind, row.made)
    if row.data is not None:
        record = corrected(record, row.data)
    state = dict(zip(_STATE, _STATE_OF(row), strict=True))
    return Entry(row.number, record, row.dataset, row.source, **state)


def packed(record: Record) -> bytes:
    """What is kept of a record that people changed."""
    spans = [span._asdict() for span in record.spans]
    return orjson.dumps({"values": record.values, "spans": spans, "tags": record.tags})
