"""The `Reviews` port over a database."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import orjson
from sqlalchemy import and_, delete, func, insert, select, update

from seedbed.core.errors import InputError
from seedbed.core.record import PASSED_ON, Record, Span
from seedbed.core.review.entry import Change, Conflict, Counts, Entry, Happening

from ..reading import READS, SOURCES, record_key, record_of
from ..tables import changes, entries, entry_tags, records, runs, taken_in
from .entries import add_words, count_by, entry_of, packed, remove_words, selecting, whole, words_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from sqlalchemy import Connection, Engine

    from seedbed.core.review.entry import Wanted

CHUNK = 1_000
"""So many records are taken in, or changed, in one transaction."""

FIELDS = ("decision", "work", "person", "note", "reason")


class SqlReviews:
    """See `seedbed.core.review.port.Reviews`.

    Args:
        engine: of the store that keeps the records.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def catch_up(self, dataset: str, most: int = 0) -> int:
        """See `Reviews.catch_up`."""
        with self._reading() as connection:
            waiting = self._waiting(connection, dataset)
        left, taken = sum(count for *_, count in waiting), 0
        for run, name, kind, _ in waiting:
            while left and (not most or taken < most):
                with self._engine.begin() as connection:
                    found = self._take_in(connection, dataset, (run, name, kind))
                if not found:
                    break
                taken += found
                left -= found
        return max(0, left)

    def page(self, wanted: Wanted, after: int = 0, limit: int = 200) -> list[Entry]:
        """See `Reviews.page`."""
        numbers = selecting(wanted)
        if wanted.sort == "first":
            numbers = numbers.where(entries.c.number > after).order_by(entries.c.number)
        else:
            numbers = numbers.where(entries.c.number < after) if after else numbers
            numbers = numbers.order_by(entries.c.number.desc())
        with self._reading() as connection:
            found = connection.scalars(numbers.limit(limit)).all()
            return self._of(connection, found)

    def every(self, wanted: Wanted) -> Iterator[Entry]:
        """See `Reviews.every`."""
        last = 0
        while page := self.page(wanted, last, CHUNK):
            last = page[-1].number
            yield from page

    def entry(self, name: str) -> Entry | None:
        """See `Reviews.entry`."""
        with self._reading() as connection:
            number = _number(connection, name)
            found = self._of(connection, [number] if number else [])
        return found[0] if found else None

    def count(self, wanted: Wanted) -> int:
        """See `Reviews.count`."""
        with self._reading() as connection:
            return int(connection.scalar(select(func.count()).select_from(selecting(wanted).subquery())) or 0)

    def counts(self, dataset: str) -> Counts:
        """See `Reviews.counts`."""
        with self._reading() as connection:
            by = {
                column: count_by(connection, column, dataset)
                for column in ("decision", "work", "label", "model", "source", "person", "reason")
            }
            tags = select(entry_tags.c.tag, func.count()).where(entry_tags.c.dataset == dataset)
            by["tag"] = {str(row[0]): int(row[1]) for row in connection.execute(tags.group_by(entry_tags.c.tag))}
        return Counts(sum(by["decision"].values()), by)

    def change(self, changes: Sequence[Change], by: str) -> list[Entry]:
        """See `Reviews.change`."""
        with self._engine.begin() as connection:
            batch = _next_batch(connection)
            return [self._change(connection, self._found(connection, one), one, by, batch) for one in changes]

    def change_all(self, wanted: Wanted, changed: Callable[[Entry], Change | None], by: str) -> int:
        """See `Reviews.change_all`."""
        batch, last, done = 0, 0, 0
        while page := self.page(replace(wanted, sort="first"), last, CHUNK):
            last = page[-1].number
            with self._engine.begin() as connection:
                batch = batch or _next_batch(connection)
                for entry in self._of(connection, [one.number for one in page]):
                    change = changed(entry)
                    if change is not None:
                        self._change(connection, entry, change, by, batch)
                        done += 1
        return done

    def undo(self, by: str, dataset: str) -> list[Entry]:
        """See `Reviews.undo`."""
        mine = and_(changes.c.dataset == dataset, changes.c.by == by, changes.c.undone == 0)
        with self._engine.begin() as connection:
            batch = connection.scalar(select(func.max(changes.c.batch)).where(mine))
            if batch is None:
                return []
            query = select(changes).where(mine, changes.c.batch == batch).order_by(changes.c.number.desc())
            rows = connection.execute(query).all()
            found = {one.number: one for one in self._of(connection, [row.entry for row in rows])}
            for row in rows:
                if _changed_since(connection, row):
                    raise Conflict(found[row.entry])
                found[row.entry] = self._write(connection, found[row.entry], orjson.loads(row.before), by)
            connection.execute(update(changes).where(mine, changes.c.batch == batch).values(undone=1))
        return list(found.values())[:200]

    def history(self, name: str) -> list[Happening]:
        """See `Reviews.history`."""
        with self._reading() as connection:
            number = _number(connection, name)
            query = select(changes).where(changes.c.entry == number).order_by(changes.c.number.desc())
            rows = connection.execute(query).all()
        return [
            Happening(row.batch, row.version, row.by, row.at, orjson.loads(row.before), orjson.loads(row.after))
            for row in rows
        ]

    def _waiting(self, connection: Connection, dataset: str) -> list[tuple[int, str, str, int]]:
        """The runs into a dataset with records that are no entries yet: number, id, kind, and how many."""
        reached = func.coalesce(taken_in.c.number, 0)
        query = (
            select(runs.c.number, runs.c.id, runs.c.kind, func.count(records.c.number))
            .join(records, records.c.run == runs.c.number)
            .outerjoin(taken_in, taken_in.c.run == runs.c.number)
            .where(runs.c.dataset == dataset, records.c.number > reached)
            .group_by(runs.c.number)
        )
        return [(row[0], row[1], row[2], row[3]) for row in connection.execute(query)]

    def _take_in(self, connection: Connection, dataset: str, run: tuple[int, str, str]) -> int:
        """Makes entries of the next records of a run; how many records that were, accepted or not."""
        number, name, kind = run
        reached = connection.scalar(select(taken_in.c.number).where(taken_in.c.run == number)) or 0
        query = select(records).where(records.c.run == number, records.c.number > reached)
        rows = connection.execute(query.order_by(records.c.number).limit(CHUNK)).all()
        if not rows:
            return 0
        made = [(row, record_of(row, name, kind)) for row in rows if row.state == "accepted" and row.data]
        made = [(row, record) for row, record in made if not record.origin.get(PASSED_ON)]
        if made:
            connection.execute(insert(entries), [_row(row, record, dataset, kind) for row, record in made])
            add_words(connection, ((row.number, words_of(record.values)) for row, record in made))
            self._tag(connection, dataset, [(row.number, tag) for row, record in made for tag in record.tags])
        connection.execute(delete(taken_in).where(taken_in.c.run == number))
        connection.execute(insert(taken_in).values(run=number, number=rows[-1].number))
        return len(rows)

    def _tag(self, connection: Connection, dataset: str, tags: Sequence[tuple[int, str]]) -> None:
        rows = [
            {"dataset": dataset, "entry": number, "tag": tag} for number, tag in tags if tag not in SOURCES.values()
        ]
        if rows:
            connection.execute(insert(entry_tags), rows)

    def _of(self, connection: Connection, numbers: Sequence[int]) -> list[Entry]:
        if not numbers:
            return []
        rows = connection.execute(whole().where(entries.c.number.in_(numbers)))
        found = {row.number: entry_of(row) for row in rows}
        return [found[number] for number in numbers if number in found]

    def _found(self, connection: Connection, change: Change) -> Entry:
        number = _number(connection, change.id)
        found = self._of(connection, [number] if number else [])
        if not found:
            raise InputError(f"There is no record {change.id}.", "See them with: seedbed review list DATASET")
        if change.version is not None and change.version != found[0].version:
            raise Conflict(found[0])
        return found[0]

    def _change(self, connection: Connection, entry: Entry, change: Change, by: str, batch: int) -> Entry:
        state = entry.state()
        after = {name: value for name, value in _fields(change).items() if value != state[name]}
        if not after:
            return entry
        before = {name: state[name] for name in after}
        changed = self._write(connection, entry, after, by)
        kept = {"before": orjson.dumps(before).decode(), "after": orjson.dumps(after).decode()}
        connection.execute(
            insert(changes).values(
                batch=batch,
                dataset=entry.dataset,
                entry=entry.number,
                version=changed.version,
                by=by,
                at=changed.changed,
                undone=0,
                **kept,
            )
        )
        return changed

    def _write(self, connection: Connection, entry: Entry, after: dict[str, Any], by: str) -> Entry:
        """Writes fields of an entry, and answers it as it is then."""
        record = _changed(entry.record, after)
        own = {name: after[name] for name in FIELDS if name in after}
        at = datetime.now(UTC).isoformat(timespec="milliseconds")
        changed = replace(entry, record=record, version=entry.version + 1, changed=at, by=by, **own)
        row: dict[str, Any] = {**own, "version": changed.version, "changed": at, "by": by}
        if record is not entry.record:
            row |= {"data": packed(record), "label": record.label}
            if record.values is not entry.record.values:
                remove_words(connection, entry.number, words_of(entry.record.values))
                add_words(connection, [(entry.number, words_of(record.values))])
            if record.tags != entry.record.tags:
                connection.execute(delete(entry_tags).where(entry_tags.c.entry == entry.number))
                self._tag(connection, entry.dataset, [(entry.number, tag) for tag in record.tags])
        connection.execute(update(entries).where(entries.c.number == entry.number).values(**row))
        return changed

    @contextmanager
    def _reading(self) -> Iterator[Connection]:
        with self._engine.connect() as connection:
            yield connection.execution_options(**{READS: True})


def _row(row: Any, record: Record, dataset: str, kind: str) -> dict[str, Any]:
    given = {"number": row.number, "run": row.run, "dataset": dataset, "label": record.label, "model": row.model}
    source = SOURCES.get(kind, "imported")
    empty = dict.fromkeys(("work", "person", "reason", "note", "changed", "by"), "")
    return {**given, **empty, "decision": "todo", "source": source, "version": 1, "data": None}


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


def _number(connection: Connection, name: str) -> int | None:
    """The number of a record's id."""
    try:
        run, attempt, slot = record_key(name)
    except ValueError:
        return None
    place = select(runs.c.number).where(runs.c.id == run).scalar_subquery()
    query = select(records.c.number).where(records.c.run == place, records.c.attempt == attempt, records.c.slot == slot)
    return connection.scalar(query)


def _changed_since(connection: Connection, row: Any) -> bool:
    """Whether there is a later change of the same entry that stands, and is no part of the same batch."""
    later = and_(changes.c.entry == row.entry, changes.c.undone == 0, changes.c.number > row.number)
    return connection.scalar(select(changes.c.number).where(later, changes.c.batch != row.batch).limit(1)) is not None


def _next_batch(connection: Connection) -> int:
    return 1 + (connection.scalar(select(func.max(changes.c.batch))) or 0)
