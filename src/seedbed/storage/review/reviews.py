"""The `Reviews` port over a database."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, Any, NamedTuple

import orjson
from sqlalchemy import and_, delete, func, insert, or_, select, update

from seedbed.core.errors import NotFound
from seedbed.core.record import PASSED_ON, Record
from seedbed.core.review.entry import Change, Conflict, Counts, Entry, Happening, Version, View, Wanted

from ..reading import READS, SOURCES, origin_of, record_key, record_of, run_of
from ..tables import changes, entries, entry_tags, records, runs, taken_in, views
from . import versions
from .alike import candidates, likeness, words_in
from .entries import add_tags, add_words, count_by, entry_of, matching, selecting, whole, words_of
from .removing import remove
from .views import save, views_of
from .writing import Writing

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from sqlalchemy import Connection, Engine

CHUNK = 1_000
"""So many records are taken in, or changed, in one transaction."""


class _Waiting(NamedTuple):
    """A run with records that may not be taken in yet, as it stood before they were counted."""

    number: int
    name: str
    kind: str
    epoch: int
    seconds: float
    ended: bool
    left: int


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
        left, taken = sum(one.left for one in waiting), 0
        for run in waiting:
            while left and (not most or taken < most):
                with self._engine.begin() as connection:
                    found = self._take_in(connection, dataset, run)
                if not found:
                    break
                taken += found
                left -= found
        if left <= 0:
            self._settle(waiting)
        return max(0, left)

    def page(self, wanted: Wanted, after: int = 0, limit: int = 200) -> list[Entry]:
        """See `Reviews.page`."""
        with self._reading() as connection:
            return self._of(connection, _numbers(connection, wanted, after, limit))

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

    def declined(self, run: str) -> dict[str, int]:
        """See `Reviews.declined`."""
        query = (
            select(records.c.cell, func.count())
            .join(entries, entries.c.number == records.c.number)
            .join(runs, runs.c.number == entries.c.run)
            .where(runs.c.id == run, entries.c.decision == "declined")
            .group_by(records.c.cell)
        )
        with self._reading() as connection:
            return {str(row[0]): int(row[1]) for row in connection.execute(query)}

    def change(self, changes: Sequence[Change], by: str) -> list[Entry]:
        """See `Reviews.change`."""
        with self._engine.begin() as connection:
            writing = Writing(connection, by)
            found = [writing.change(self._found(connection, one, writing), one) for one in changes]
            writing.close()
        return found

    def change_all(self, wanted: Wanted, changed: Callable[[Entry], Change | None], by: str) -> int:
        """See `Reviews.change_all`."""
        wanted = replace(wanted, sort="first")
        batch, last, done = 0, 0, 0
        while True:
            with self._engine.begin() as connection:
                numbers = _numbers(connection, wanted, last, CHUNK)
                if not numbers:
                    return done
                writing = Writing(connection, by, batch)
                batch, last = writing.batch, numbers[-1]
                for entry in self._of(connection, numbers):
                    change = changed(entry)
                    if change is not None:
                        writing.change(entry, change)
                writing.close()
                done += len(writing.written)

    def change_named(self, names: Sequence[str], changed: Callable[[Entry], Change | None], by: str) -> int:
        """See `Reviews.change_named`."""
        with self._engine.begin() as connection:
            writing = Writing(connection, by)
            for name in names:
                entry = self._found(connection, Change(name), writing)
                change = changed(entry)
                if change is not None:
                    writing.change(entry, change)
            writing.close()
        return len(writing.written)

    def origin(self, name: str) -> dict[str, Any]:
        """See `Reviews.origin`."""
        with self._reading() as connection:
            number = _number(connection, name)
            row = connection.execute(select(runs).where(runs.c.id == record_key(name)[0])).mappings().first()
        return origin_of(self._engine, run_of(dict(row)), number) if number and row else {}

    def alike(self, name: str, most: int = 5) -> list[tuple[Entry, float]]:
        """See `Reviews.alike`."""
        with self._reading() as connection:
            own = self._of(connection, [_number(connection, name) or 0])
            if not own:
                return []
            words = words_in(own[0].record.values)
            near = self._of(connection, candidates(connection, words, own[0].number))
        found = [(one, likeness(words, words_in(one.record.values))) for one in near if one.dataset == own[0].dataset]
        return sorted(found, key=lambda pair: (-pair[1], pair[0].number))[:most]

    def search(self, datasets: Sequence[str], words: str, most: int = 20) -> list[Entry]:
        """See `Reviews.search`."""
        found = list[Entry]()
        for dataset in datasets if matching(words) else ():
            found += self.page(Wanted(dataset, words=words), limit=most - len(found))
            if len(found) == most:
                break
        return found

    def views(self, dataset: str) -> list[View]:
        """See `Reviews.views`."""
        with self._reading() as connection:
            return views_of(connection, views.c.dataset == dataset)

    def put_view(self, view: View) -> View:
        """See `Reviews.put_view`."""
        with self._engine.begin() as connection:
            return replace(view, number=save(connection, view))

    def view(self, number: int) -> View | None:
        """See `Reviews.view`."""
        with self._reading() as connection:
            return next(iter(views_of(connection, views.c.number == number)), None)

    def drop_view(self, number: int) -> bool:
        """See `Reviews.drop_view`."""
        with self._engine.begin() as connection:
            return connection.execute(delete(views).where(views.c.number == number)).rowcount > 0

    def drop(self, dataset: str) -> None:
        """See `Reviews.drop`."""
        remove(self._engine, dataset)

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
            writing = Writing(connection, by, batch)
            for row in rows:
                if _changed_since(connection, row):
                    raise Conflict(found[row.entry])
                found[row.entry] = writing.write(found[row.entry], orjson.loads(row.before))
            writing.close()
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

    def keep_version(self, dataset: str, note: str, by: str) -> Version:
        """See `Reviews.keep_version`."""
        self.catch_up(dataset)
        with self._engine.begin() as connection:
            return versions.keep(connection, dataset, note, by)

    def versions(self, dataset: str) -> list[Version]:
        """See `Reviews.versions`."""
        with self._reading() as connection:
            return versions.kept(connection, dataset)

    def remove_version(self, dataset: str, number: int) -> bool:
        """See `Reviews.remove_version`."""
        with self._engine.begin() as connection:
            return versions.remove(connection, dataset, number)

    def _waiting(self, connection: Connection, dataset: str) -> list[_Waiting]:
        """The runs into a dataset that may have records that are no entries yet.

        Those that have ended and are settled are not looked through. Of the others the records behind the last one
        that was taken in are counted by their numbers (`+ 0` keeps SQLite from going through all of the run's).
        """
        same = taken_in.c.epoch == runs.c.epoch, taken_in.c.seconds == runs.c.seconds
        settled = func.coalesce(and_(*same, runs.c.state != "running"), 0)
        query = (
            select(runs.c.number, runs.c.id, runs.c.kind, runs.c.state, runs.c.epoch, runs.c.seconds)
            .add_columns(func.coalesce(taken_in.c.number, 0).label("reached"))
            .outerjoin(taken_in, taken_in.c.run == runs.c.number)
            .where(runs.c.dataset == dataset, settled == 0)
        )
        found = []
        for row in connection.execute(query).all():
            new = records.c.run + 0 == row.number, records.c.number > row.reached
            count = connection.scalar(select(func.count()).where(*new)) or 0
            found.append(_Waiting(row.number, row.id, row.kind, row.epoch, row.seconds, row.state != "running", count))
        return found

    def _settle(self, waiting: Sequence[_Waiting]) -> None:
        """Takes down of which runs nothing more can come unless they are claimed again."""
        with self._reading() as connection:
            known = set(connection.scalars(select(taken_in.c.run)))
        ended = [run for run in waiting if run.ended and run.number in known]
        if ended:
            with self._engine.begin() as connection:
                for run in ended:
                    command = update(taken_in).where(taken_in.c.run == run.number)
                    connection.execute(command.values(epoch=run.epoch, seconds=run.seconds))

    def _take_in(self, connection: Connection, dataset: str, run: _Waiting) -> int:
        """Makes entries of the next records of a run; how many records that were, accepted or not."""
        number, name, kind = run.number, run.name, run.kind
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
            add_tags(connection, dataset, [(row.number, tag) for row, record in made for tag in record.tags])
        connection.execute(delete(taken_in).where(taken_in.c.run == number))
        connection.execute(insert(taken_in).values(run=number, number=rows[-1].number, epoch=-1, seconds=-1.0))
        return len(rows)

    def _of(self, connection: Connection, numbers: Sequence[int]) -> list[Entry]:
        if not numbers:
            return []
        rows = connection.execute(whole().where(entries.c.number.in_(numbers)))
        found = {row.number: entry_of(row) for row in rows}
        return [found[number] for number in numbers if number in found]

    def _found(self, connection: Connection, change: Change, writing: Writing) -> Entry:
        number = _number(connection, change.id) or 0
        found = [writing.written[number]] if number in writing.written else self._of(connection, [number])
        if not found:
            raise NotFound(f"There is no record {change.id}.", "See them with: seedbed review list DATASET")
        if change.version is not None and change.version != found[0].version:
            raise Conflict(found[0])
        return found[0]

    @contextmanager
    def _reading(self) -> Iterator[Connection]:
        with self._engine.connect() as connection:
            yield connection.execution_options(**{READS: True})


def _numbers(connection: Connection, wanted: Wanted, after: int, limit: int) -> Sequence[int]:
    """Those of the entries that are wanted, in order, beyond one."""
    query = selecting(wanted)
    if wanted.sort == "doubt":
        place = select(entries.c.doubt).where(entries.c.number == after).scalar_subquery()
        behind = or_(entries.c.doubt < place, and_(entries.c.doubt == place, entries.c.number > after))
        query = query.where(behind) if after else query
        query = query.order_by(entries.c.doubt.desc(), entries.c.number)
    elif wanted.sort == "first":
        query = query.where(entries.c.number > after).order_by(entries.c.number)
    else:
        query = query.where(entries.c.number < after) if after else query
        query = query.order_by(entries.c.number.desc())
    return connection.scalars(query.limit(limit)).all()


def _row(row: Any, record: Record, dataset: str, kind: str) -> dict[str, Any]:
    given = {"number": row.number, "run": row.run, "dataset": dataset, "label": record.label, "model": row.model}
    source = SOURCES.get(kind, "imported")
    empty = dict.fromkeys(("work", "person", "reason", "note", "suggested", "changed", "by"), "")
    return {**given, **empty, "doubt": 0.0, "decision": "todo", "source": source, "version": 1, "data": None}


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
