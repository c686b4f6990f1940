"""Changes of entries, gathered and written together."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

import orjson
from sqlalchemy import func, select

from seedbed.core.record import Record, Span

from ..tables import changes, entries
from .dialect import dialect_of
from .entries import FIELDS, packed, words_of
from .placing import Placing
from .tallies import Tallying

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from seedbed.core.review.entry import Change, Entry

_COLUMNS: Final = (*FIELDS, "version", "changed", "by")


_DECIDED: Final = ("number", *_COLUMNS, "bin")
_EDITED: Final = (*_DECIDED, "label", "data")
_HAPPENED: Final = ("batch", "dataset", "entry", "version", "by", "at", "before", "after", "undone")


class Writing:
    """One transaction in which entries are changed; what is changed in it can be taken back together.

    Args:
        connection: with its transaction.
        by: who changes them.
        batch: of an earlier transaction that this one goes on with; 0 for a new one.
    """

    def __init__(self, connection: Connection, by: str, batch: int = 0) -> None:
        self.batch = batch or 1 + (connection.scalar(select(func.max(changes.c.batch))) or 0)
        self.written: dict[int, Entry] = {}
        self._edited: set[int] = set()
        self._words: dict[int, tuple[dict[str, Any], dict[str, Any]]] = {}
        """The values that the full-text index knows of an entry, and those it is to know."""
        self._places = Placing(connection)
        self._tallies: dict[str, Tallying] = {}
        self._connection = connection
        self._dialect = dialect_of(connection)
        self._by = by
        self._at = datetime.now(UTC).isoformat(timespec="milliseconds")
        self._happened: list[tuple[Any, ...]] = []

    def change(self, entry: Entry, change: Change) -> Entry:
        """Changes an entry and takes that down; answers it as it is then."""
        state = entry.state()
        after = {name: value for name, value in _fields(change).items() if value != state[name]}
        if not after:
            return entry
        changed = self.write(entry, after)
        before = orjson.dumps({name: state[name] for name in after}).decode()
        place = self.batch, entry.dataset, entry.number, changed.version
        self._happened.append((*place, self._by, self._at, before, orjson.dumps(after).decode(), 0))
        return changed

    def write(self, entry: Entry, after: dict[str, Any]) -> Entry:
        """Writes fields of an entry; answers it as it is then."""
        record = _changed(entry.record, after)
        own = {name: after[name] for name in FIELDS if name in after}
        changed = replace(entry, record=record, version=entry.version + 1, changed=self._at, by=self._by, **own)
        if record.values != entry.record.values:
            known, _ = self._words.get(entry.number, (entry.record.values, {}))
            self._words[entry.number] = known, record.values
        if record.values != entry.record.values or record.spans != entry.record.spans:
            self._tally(entry.dataset, entry.record, -1)
            self._tally(entry.dataset, record, 1)
        self._places.move(entry, changed)
        self.written[entry.number] = changed
        if record is not entry.record:
            self._edited.add(entry.number)
        return changed

    def close(self) -> None:
        """Sends everything to the database."""
        rows = {number: self._row(entry) for number, entry in self.written.items()}
        if decided := [row for number, row in rows.items() if number not in self._edited]:
            self._dialect.update(self._connection, entries, _DECIDED, decided)
        if edited := [(*rows[number], *_content(self.written[number].record)) for number in self._edited]:
            self._dialect.update(self._connection, entries, _EDITED, edited)
        others = [(at, words_of(old), words_of(new)) for at, (old, new) in self._words.items()]
        if others := [one for one in others if one[1] != one[2]]:
            self._dialect.remove_words(self._connection, [(at, old) for at, old, _ in others])
            self._dialect.add_words(self._connection, [(at, new) for at, _, new in others])
        if self._happened:
            self._dialect.insert(self._connection, changes.name, _HAPPENED, self._happened)
        self._places.close()
        for tallying in self._tallies.values():
            tallying.close()

    def _tally(self, dataset: str, record: Record, more: int) -> None:
        if dataset not in self._tallies:
            self._tallies[dataset] = Tallying(self._connection, dataset)
        self._tallies[dataset].count(record.values, (span.label for span in record.spans), more)

    def _row(self, entry: Entry) -> tuple[Any, ...]:
        return (entry.number, *(getattr(entry, name) for name in _COLUMNS), self._places.number(entry))


def _content(record: Record) -> tuple[str, bytes]:
    return record.label, packed(record)


def _fields(change: Change) -> dict[str, Any]:
    """What a change changes, as plain data."""
    found: dict[str, Any] = {name: value for name in FIELDS if (value := getattr(change, name)) is not None}
    if change.tags is not None:
        found["tags"] = list(dict.fromkeys(change.tags))
    if change.values is not None:
        found["values"] = dict(change.values)
    if change.spans is not None:
        found["spans"] = [span._asdict() for span in change.spans]
    return found


def _changed(record: Record, after: dict[str, Any]) -> Record:
    if not {"values", "spans", "tags"} & after.keys():
        return record
    return replace(
        record,
        values=after.get("values", record.values),
        spans=tuple(Span(**span) for span in after["spans"]) if "spans" in after else record.spans,
        tags=tuple(after.get("tags", record.tags)),
    )
