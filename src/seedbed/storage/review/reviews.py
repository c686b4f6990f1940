"""The `Reviews` port over a database."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import orjson
from sqlalchemy import and_, delete, exists, func, select, update

from seedbed.core.errors import NotFound
from seedbed.core.review.entry import Change, Conflict, Counts, Entry, Happening, Looked, Tallies, Version, View, Wanted

from ..reading import READS, origin_of, record_key, run_of
from ..tables import changes, entries, records, runs, taken_in, views
from . import twins, versions
from .alike import candidates, likeness, words_in
from .bins import fitting, totals
from .dialect import dialect_of
from .entries import asked_for, entries_of
from .finding import count, holding, numbers, with_span
from .intake import Waiting, settle, take_in, waiting
from .naming import number_of, numbers_of
from .removing import remove
from .tallies import COLUMN, SPAN, columns_met, tallied
from .views import save, views_of
from .writing import Writing

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from contextlib import AbstractContextManager

    from sqlalchemy import ColumnElement, Connection, Engine

CHUNK = 1_000
"""So many records are changed in one transaction."""

TAKEN = 4_000
"""So many are taken in in one."""


class SqlReviews:
    """See `seedbed.core.review.port.Reviews`.

    Args:
        engine: of the store that keeps the records.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = dialect_of(engine).writers(engine)

    def catch_up(self, dataset: str, most: int = 0) -> int:
        """See `Reviews.catch_up`."""
        with self._reading() as connection:
            runs_waiting = waiting(connection, dataset)
        left, taken = sum(one.left for one in runs_waiting), 0
        for run in runs_waiting:
            while left and (not most or taken < most):
                with self._writing(dataset) as connection:
                    found = take_in(connection, dataset, run, min(most - taken, TAKEN) if most else TAKEN)
                if not found:
                    break
                taken += found
                left -= found
        if left <= 0:
            self._settle([run for run in runs_waiting if run.ended])
        return max(0, left)

    def page(self, wanted: Wanted, after: int = 0, limit: int = 200) -> list[Entry]:
        """See `Reviews.page`."""
        with self._still() as connection:
            return entries_of(connection, numbers(connection, wanted, after, limit))

    def every(self, wanted: Wanted) -> Iterator[Entry]:
        """See `Reviews.every`."""
        last = 0
        while page := self.page(wanted, last, CHUNK):
            last = page[-1].number
            yield from page

    def entry(self, name: str) -> Entry | None:
        """See `Reviews.entry`."""
        with self._reading() as connection:
            number = number_of(connection, name)
            found = entries_of(connection, [number] if number else [])
        return found[0] if found else None

    def entries(self, names: Sequence[str]) -> dict[str, Entry]:
        """See `Reviews.entries`."""
        found = dict[str, Entry]()
        for start in range(0, len(names), CHUNK):
            with self._reading() as connection:
                found |= _named(connection, names[start : start + CHUNK])
        return found

    def holding(self, wanted: Wanted) -> set[str]:
        """See `Reviews.holding`."""
        with self._reading() as connection:
            return holding(connection, wanted)

    def count(self, wanted: Wanted) -> int:
        """See `Reviews.count`."""
        with self._still() as connection:
            return count(connection, wanted)

    def counts(self, wanted: Wanted) -> Counts:
        """See `Reviews.counts`."""
        with self._still() as connection:
            return totals(connection, fitting(wanted), with_span(connection, wanted))

    def tallies(self, dataset: str) -> Tallies:
        """See `Reviews.tallies`."""
        with self._reading() as connection:
            found = tallied(connection, dataset)
        columns = {what.removeprefix(COLUMN): values for what, values in found.items() if what != SPAN}
        return Tallies(columns, found.get(SPAN, {}))

    def columns(self, dataset: str) -> set[str]:
        """See `Reviews.columns`."""
        with self._reading() as connection:
            return columns_met(connection, dataset)

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
        with self._writing(records=[one.id for one in changes]) as connection:
            writing = Writing(connection, by)
            known = _named(connection, [one.id for one in changes])
            found = [writing.change(_found(known, one, writing), one) for one in changes]
            writing.close()
        return found

    def change_all(self, wanted: Wanted, changed: Callable[[Entry], Change | None], by: str) -> int:
        """See `Reviews.change_all`."""
        wanted = replace(wanted, sort="first")
        batch, last, done = 0, 0, 0
        while True:
            with self._writing(wanted.dataset) as connection:
                found = numbers(connection, wanted, last, CHUNK)
                if not found:
                    return done
                writing = Writing(connection, by, batch)
                batch, last = writing.batch, found[-1]
                for entry in entries_of(connection, found):
                    change = changed(entry)
                    if change is not None:
                        writing.change(entry, change)
                writing.close()
                done += len(writing.written)

    def change_named(self, names: Sequence[str], changed: Callable[[Entry], Change | None], by: str) -> int:
        """See `Reviews.change_named`."""
        batch, done = 0, 0
        for start in range(0, len(names), CHUNK):
            some = names[start : start + CHUNK]
            with self._writing(records=some) as connection:
                writing = Writing(connection, by, batch)
                batch, known = writing.batch, _named(connection, some)
                for name in some:
                    entry = _found(known, Change(name), writing)
                    change = changed(entry)
                    if change is not None:
                        writing.change(entry, change)
                writing.close()
            done += len(writing.written)
        return done

    def origin(self, name: str) -> dict[str, Any]:
        """See `Reviews.origin`."""
        with self._reading() as connection:
            number = number_of(connection, name)
            row = connection.execute(select(runs).where(runs.c.id == record_key(name)[0])).mappings().first()
        return origin_of(self._engine, run_of(dict(row)), number) if number and row else {}

    def alike(self, name: str, most: int = 5) -> list[tuple[Entry, float]]:
        """See `Reviews.alike`."""
        with self._reading() as connection:
            own = entries_of(connection, [number_of(connection, name) or 0])
            if not own:
                return []
            words = words_in(own[0].record.values)
            near = entries_of(connection, candidates(connection, words, own[0].number))
        found = [(one, likeness(words, words_in(one.record.values))) for one in near if one.dataset == own[0].dataset]
        return sorted(found, key=lambda pair: (-pair[1], pair[0].number))[:most]

    def mark_twins(self, dataset: str, groups: Iterable[Sequence[int]], seen: int, by: str) -> Looked:
        """See `Reviews.mark_twins`."""
        twins.mark(self._engine, dataset, groups, seen, by)
        found = self.looked(dataset)
        assert found is not None
        return found

    def looked(self, dataset: str) -> Looked | None:
        """See `Reviews.looked`."""
        with self._reading() as connection:
            return twins.looked(connection, dataset)

    def search(self, datasets: Sequence[str], words: str, most: int = 20) -> list[Entry]:
        """See `Reviews.search`."""
        found = list[Entry]()
        for dataset in datasets if asked_for(words) else ():
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
        with self._writing(view.dataset) as connection:
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
        with self._writing(dataset) as connection:
            batch = connection.scalar(select(func.max(changes.c.batch)).where(mine))
            if batch is None:
                return []
            done = and_(mine, changes.c.batch == batch)
            if (overtaken := _overtaken(connection, done)) is not None:
                raise Conflict(entries_of(connection, [overtaken])[0])
            rows = connection.execute(select(changes).where(done).order_by(changes.c.number.desc())).all()
            found = {one.number: one for one in entries_of(connection, [row.entry for row in rows])}
            writing = Writing(connection, by, batch)
            for row in rows:
                found[row.entry] = writing.write(found[row.entry], orjson.loads(row.before))
            writing.close()
            connection.execute(update(changes).where(done).values(undone=1))
        return list(found.values())[:200]

    def history(self, name: str) -> list[Happening]:
        """See `Reviews.history`."""
        with self._reading() as connection:
            number = number_of(connection, name)
            query = select(changes).where(changes.c.entry == number).order_by(changes.c.number.desc())
            rows = connection.execute(query).all()
        return [
            Happening(row.batch, row.version, row.by, row.at, orjson.loads(row.before), orjson.loads(row.after))
            for row in rows
        ]

    def keep_version(self, dataset: str, note: str, by: str) -> Version:
        """See `Reviews.keep_version`."""
        self.catch_up(dataset)
        with self._writing(dataset) as connection:
            return versions.keep(connection, dataset, note, by)

    def versions(self, dataset: str) -> list[Version]:
        """See `Reviews.versions`."""
        with self._reading() as connection:
            return versions.kept(connection, dataset)

    def remove_version(self, dataset: str, number: int) -> bool:
        """See `Reviews.remove_version`."""
        with self._writing(dataset) as connection:
            return versions.remove(connection, dataset, number)

    def _settle(self, ended: Sequence[Waiting]) -> None:
        """Takes down of which runs nothing more can come, where that is news."""
        if not ended:
            return
        with self._reading() as connection:
            numbered = taken_in.c.run.in_([run.number for run in ended])
            known = set(connection.scalars(select(taken_in.c.run).where(numbered)))
        if known:
            with self._engine.begin() as connection:
                settle(connection, [run for run in ended if run.number in known])

    @contextmanager
    def _writing(self, *datasets: str, records: Sequence[str] = ()) -> Iterator[Connection]:
        """A transaction in which nobody else writes reviews of these datasets, or of those of these records."""
        with self._engine.begin() as connection:
            dialect_of(connection).wait(connection, datasets, records)
            yield connection

    def _still(self) -> AbstractContextManager[Connection]:
        """As `_reading`, with one state for all statements, whatever others write meanwhile."""
        return dialect_of(self._engine).still(self._engine)

    @contextmanager
    def _reading(self) -> Iterator[Connection]:
        with self._engine.connect() as connection:
            yield connection.execution_options(**{READS: True})


def _named(connection: Connection, names: Sequence[str]) -> dict[str, Entry]:
    """The entries of these records' ids, as far as they are there."""
    found = numbers_of(connection, names)
    known = {entry.number: entry for entry in entries_of(connection, [*found.values()])}
    return {name: known[number] for name, number in found.items() if number in known}


def _found(known: Mapping[str, Entry], change: Change, writing: Writing) -> Entry:
    entry = known.get(change.id)
    if entry is None:
        raise NotFound(f"There is no record {change.id}.", "See them with: seedbed review list DATASET")
    entry = writing.written.get(entry.number, entry)
    if change.version is not None and change.version != entry.version:
        raise Conflict(entry)
    return entry


def _overtaken(connection: Connection, done: ColumnElement[bool]) -> int | None:
    """An entry of which there is a later change that stands, and is no part of the batch: asked for all at once, as
    nobody else can write meanwhile."""
    later = changes.alias()
    stands = and_(later.c.undone == 0, later.c.number > changes.c.number, later.c.batch != changes.c.batch)
    newer = exists().where(later.c.entry == changes.c.entry, stands)
    return connection.scalar(select(changes.c.entry).where(done, newer).order_by(changes.c.number.desc()).limit(1))
