"""The durable store: SQLite in the workspace folder, or a PostgreSQL database."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import asdict, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import orjson
from sqlalchemy import and_, delete, func, insert, select, update

from seedbed.core.attempt import BEFORE
from seedbed.core.errors import InputError, StoreFailed
from seedbed.core.serving.editions import unchanged
from seedbed.core.stored import (
    HALF,
    OpenAttempt,
    Spending,
    StoredConnection,
    StoredRun,
    StoredTemplate,
    StoredVerdict,
    Tally,
    half_of,
)

from .batches import SqlBatchBook, unanswered
from .claims import FileClaims
from .fencing import fence
from .jobs import SqlJobs
from .journal import SqlJournal
from .keeping import drop, keep
from .migrations import is_current, migrate
from .opening import open_engine, sizes, unusable
from .postgres.leases import LENGTH, Keeper, Leases
from .postgres.opening import appending
from .quality import SqlQuality
from .reading import READS, completion_of, encoded, read_records, record_key, record_of, run_of, times
from .review.reviews import SqlReviews
from .service import SqlServing
from .tables import batch_lines, calls, connections, records, runs, templates, verdicts
from .watching import SqlWatching

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from contextlib import AbstractContextManager
    from pathlib import Path

    from sqlalchemy import ColumnElement, Connection

    from seedbed.core.chat import Completion
    from seedbed.core.record import Record
    from seedbed.core.stored import Selection

    from .claims import Claims

WHOLE = ~runs.c.dataset.startswith(HALF, autoescape=True)
"""Runs that are in a dataset, not still written by a job."""


class SqlStore:
    """The `Store` port over one SQLite file or one PostgreSQL database; several processes may use it at once.

    Args:
        folder: the workspace; made if it is missing.
        url: of a PostgreSQL database; without it the store is a file of the workspace.
        lease: seconds after which what a process of another machine holds is free if nothing is heard of it.

    Raises:
        InputError: the folder cannot be made, the database not be reached, or it is no store of ours.
    """

    def __init__(self, folder: Path, url: str | None = None, lease: float = LENGTH) -> None:
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise InputError(
                f"The workspace {folder} cannot be made: {error.strerror}.", "Choose another with --workspace."
            ) from error
        self._engine = open_engine(folder, url)
        self._keeper = Keeper(self._engine, lease) if self._engine.dialect.name == "postgresql" else None
        self._epochs: dict[str, int] = {}
        locks = folder / "locks"
        self._claims = self._claims_of("run", locks)
        self._names = self._claims_of("name", locks / "names")
        self.jobs = SqlJobs(self._engine, self._claims_of("job", locks / "jobs"))
        self.quality = SqlQuality(self._engine)
        try:
            self._migrate()
        except BaseException:
            self.close()
            raise

    def create_run(self, run: StoredRun) -> StoredRun:
        """See `Store.create_run`."""
        with self._engine.begin() as connection:
            taken = connection.scalars(select(runs.c.id).where(runs.c.name == run.name))
            run.id = f"{run.name}-{1 + max((int(name.rpartition('-')[2]) for name in taken), default=0)}"
            run.dataset = run.dataset or run.id
            run.created = run.updated = _now()
            fields = {column.name: getattr(run, column.name) for column in runs.columns if column.name != "number"}
            result = connection.execute(insert(runs).values(**encoded(fields)))
            run.number = int(result.inserted_primary_key[0])  # type: ignore[index]
        return run

    def run(self, run: str) -> StoredRun | None:
        """See `Store.run`."""
        with self._reading() as connection:
            row = connection.execute(select(runs).where(runs.c.id == run, WHOLE)).mappings().first()
        return run_of(dict(row)) if row else None

    def runs(self, name: str | None = None, dataset: str | None = None) -> list[StoredRun]:
        """See `Store.runs`."""
        query = select(runs).where(WHOLE).order_by(runs.c.number.desc())
        if name is not None:
            query = query.where(runs.c.name == name)
        if dataset is not None:
            query = query.where(runs.c.dataset == dataset)
        with self._reading() as connection:
            return [run_of(dict(row)) for row in connection.execute(query).mappings()]

    def columns(self, dataset: str) -> list[str] | None:
        """See `Store.columns`."""
        query = select(runs.c.columns).where(WHOLE, runs.c.dataset == dataset).order_by(runs.c.number)
        with self._reading() as connection:
            found = connection.scalars(query).all()
        return list(dict.fromkeys(name for columns in found for name in orjson.loads(columns))) if found else None

    def halves(self, job: str) -> list[StoredRun]:
        """See `Store.halves`."""
        query = select(runs).where(runs.c.dataset == half_of(job))
        with self._reading() as connection:
            return [run_of(dict(row)) for row in connection.execute(query).mappings()]

    def update_run(self, run: str, **changes: Any) -> None:
        """See `Store.update_run`."""
        with self._engine.begin() as connection:
            fence(connection, run, self._epochs.get(run))
            connection.execute(update(runs).where(runs.c.id == run).values(**encoded(changes), updated=_now()))

    def forget_run(self, run: str) -> None:
        """See `Store.forget_run`."""
        with self._engine.begin() as connection:
            fence(connection, run, self._epochs.get(run))
            connection.execute(delete(runs).where(runs.c.id == run))

    def keep(self, run: StoredRun, given: Iterable[Record], first: int = 0) -> int:
        """See `Store.keep`."""
        return keep(appending(self._engine), run, given, first, self._epochs.get(run.id))

    def drop(self, run: StoredRun) -> None:
        """See `Store.drop`."""
        drop(self._engine, run, self._epochs.get(run.id))

    def naming(self, name: str) -> AbstractContextManager[None]:
        """See `Store.naming`."""
        return self._names.wait(name)

    @contextmanager
    def claim(self, run: str) -> Iterator[int]:
        """See `Store.claim`."""
        with self._claims.hold(run):
            with self._engine.begin() as connection:
                connection.execute(update(runs).where(runs.c.id == run).values(epoch=runs.c.epoch + 1))
                epoch = int(connection.scalar(select(runs.c.epoch).where(runs.c.id == run)) or 0)
            self._epochs[run] = epoch
            try:
                yield epoch
            finally:
                self._epochs.pop(run, None)

    def is_claimed(self, run: str) -> bool:
        """See `Store.is_claimed`."""
        return self._claims.is_held(run)

    def journal(self, run: StoredRun, epoch: int) -> SqlJournal:
        """See `Store.journal`."""
        return SqlJournal(appending(self._engine), run.number, epoch)

    def batches(self, run: StoredRun) -> SqlBatchBook:
        """See `Store.batches`."""
        return SqlBatchBook(self._engine, run, lambda: self._epochs.get(run.id))

    def tallies(self, run: str) -> list[Tally]:
        """See `Store.tallies`."""
        columns = (records.c.cell, records.c.model, records.c.state, records.c.reason)
        query = select(*columns, func.count()).where(records.c.run == self._number(run)).group_by(*columns)
        with self._reading() as connection:
            return [Tally(*row) for row in connection.execute(query)]

    def spending(self, run: str) -> list[Spending]:
        """See `Store.spending`."""
        total = [func.sum(calls.c[name]) for name in ("tries", "input_tokens", "output_tokens")]
        query = (
            select(calls.c.model, *total, func.coalesce(func.sum(calls.c.cost), 0.0), func.count(calls.c.cost))
            .add_columns(func.count(), calls.c.redacted)
            .where(calls.c.run == self._number(run))
            .group_by(calls.c.model, calls.c.redacted)
        )
        with self._reading() as connection:
            rows = connection.execute(query).all()
        return [
            Spending(row[0], row[1], row[2], row[3], row[4], row[5] == row[6], times(row[6], row[7])) for row in rows
        ]

    def last_attempt(self, run: str) -> int:
        """See `Store.last_attempt`."""
        number = self._number(run)
        with self._reading() as connection:
            last = [
                connection.scalar(select(func.max(table.c.attempt)).where(table.c.run == number))
                for table in (calls, records, batch_lines)
            ]
        return max((value for value in last if value is not None), default=-1)

    def open_attempts(self, run: str) -> list[OpenAttempt]:
        """See `Store.open_attempts`."""
        ended = select(1).where(records.c.run == calls.c.run, records.c.attempt == calls.c.attempt).exists()
        mine = (calls.c.run == self._number(run), calls.c.attempt > BEFORE)
        query = select(calls).where(*mine, ~ended, calls.c.answer.is_not(None))
        found: dict[int, OpenAttempt] = {}
        with self._reading() as connection:
            for row in connection.execute(query.order_by(calls.c.number)):
                if row.attempt not in found:
                    found[row.attempt] = OpenAttempt(row.attempt, {})
                attempt = found[row.attempt]
                attempt.frozen = attempt.frozen or orjson.loads(row.frozen or "{}")
                attempt.answers[row.hash, row.occurrence] = completion_of(row)
            for number, frozen in unanswered(connection, self._number(run)):
                found.setdefault(number, OpenAttempt(number, orjson.loads(frozen)))
        return [found[number] for number in sorted(found) if found[number].frozen]

    def answers(self, run: str, model: str, page: int = 1000) -> Iterator[tuple[str, Completion]]:
        """See `Store.answers`."""
        number, last = self._number(run), 0
        while True:
            mine = (calls.c.run == number, calls.c.model == model, calls.c.number > last)
            query = select(calls).where(*mine, calls.c.answer.is_not(None)).order_by(calls.c.number).limit(page)
            with self._reading() as connection:
                rows = connection.execute(query).all()
            if not rows:
                return
            last = rows[-1].number
            yield from ((row.hash, completion_of(row)) for row in rows)

    def records(self, selection: Selection, *, origin: bool = False, page: int = 1000) -> Iterator[Record]:
        """See `Store.records`."""
        return read_records(self._engine, self._selected(selection), selection, page=page, origin=origin)

    def named(self, ids: Sequence[str]) -> list[Record]:
        """See `Store.named`."""
        found = []
        kinds = {run: stored.kind for run in {record_key(name)[0] for name in ids} if (stored := self.run(run))}
        with self._reading() as connection:
            for name in ids:
                run, attempt, slot = record_key(name)
                query = select(records).where(
                    records.c.run == self._number(run), records.c.attempt == attempt, records.c.slot == slot
                )
                row = connection.execute(query).first()
                if row and row.data and run in kinds:
                    found.append(record_of(row, run, kinds[run]))
        return found

    def put_connection(self, connection: StoredConnection, after: int | None = None) -> StoredConnection:
        """See `Store.put_connection`."""
        with self._engine.begin() as database:
            mine = connections.c.name == connection.name
            old = database.execute(select(connections.c.version, connections.c.created).where(mine)).first()
            unchanged(f"The connection `{connection.name}`", old.version if old else 0, after)
            saved = replace(connection, created=old.created if old else _now(), version=1 + (old.version if old else 0))
            database.execute(delete(connections).where(mine))
            fields = {**asdict(saved), "settings": orjson.dumps(saved.settings).decode()}
            database.execute(insert(connections).values(**fields))
        return saved

    def connections(self) -> list[StoredConnection]:
        """See `Store.connections`."""
        with self._reading() as connection:
            rows = connection.execute(select(connections).order_by(connections.c.name)).all()
        return [StoredConnection(one.name, orjson.loads(one.settings), *one[2:]) for one in rows]

    def remove_connection(self, name: str, version: int | None = None) -> bool:
        """See `Store.remove_connection`."""
        with self._engine.begin() as connection:
            last = connection.scalar(select(connections.c.version).where(connections.c.name == name))
            unchanged(f"The connection `{name}`", last or 0, version if last else None)
            return connection.execute(delete(connections).where(connections.c.name == name)).rowcount > 0

    def put_template(self, name: str, document: dict[str, Any], after: int | None = None) -> StoredTemplate:
        """See `Store.put_template`."""
        with self._engine.begin() as connection:
            last = connection.scalar(select(func.max(templates.c.version)).where(templates.c.name == name))
            unchanged(f"The template `{name}`", last or 0, after)
            saved = StoredTemplate(name, 1 + (last or 0), document, _now())
            fields = {**asdict(saved), "document": orjson.dumps(document).decode()}
            connection.execute(insert(templates).values(**fields))
        return saved

    def templates(self, name: str | None = None) -> list[StoredTemplate]:
        """See `Store.templates`."""
        query = select(templates).order_by(templates.c.name, templates.c.version.desc())
        if name is not None:
            query = query.where(templates.c.name == name)
        with self._reading() as connection:
            rows = connection.execute(query).all()
        return [StoredTemplate(row.name, row.version, orjson.loads(row.document), row.created) for row in rows]

    def remove_template(self, name: str, version: int | None = None) -> bool:
        """See `Store.remove_template`."""
        with self._engine.begin() as connection:
            last = connection.scalar(select(func.max(templates.c.version)).where(templates.c.name == name))
            unchanged(f"The template `{name}`", last or 0, version if last else None)
            return connection.execute(delete(templates).where(templates.c.name == name)).rowcount > 0

    def put_verdict(self, verdict: StoredVerdict) -> None:
        """See `Store.put_verdict`."""
        with self._engine.begin() as connection:
            connection.execute(delete(verdicts).where(_said(verdict.dataset, verdict.record, verdict.judge)))
            connection.execute(
                insert(verdicts).values(**{**asdict(verdict), "right": int(verdict.right), "created": _now()})
            )

    def verdicts(self, dataset: str) -> list[StoredVerdict]:
        """See `Store.verdicts`."""
        query = select(verdicts).where(verdicts.c.dataset == dataset).order_by(verdicts.c.created, verdicts.c.record)
        with self._reading() as connection:
            rows = connection.execute(query).all()
        return [
            StoredVerdict(row.dataset, row.record, row.judge, bool(row.right), row.note, row.created) for row in rows
        ]

    def remove_verdict(self, dataset: str, record: str, judge: str) -> bool:
        """See `Store.remove_verdict`."""
        with self._engine.begin() as connection:
            return connection.execute(delete(verdicts).where(_said(dataset, record, judge))).rowcount > 0

    @property
    def serving(self) -> SqlServing:
        """See `Store.serving`."""
        return SqlServing(self._engine)

    @property
    def reviews(self) -> SqlReviews:
        """See `Store.reviews`."""
        return SqlReviews(self._engine)

    @property
    def watching(self) -> SqlWatching:
        """See `Store.watching`."""
        return SqlWatching(self._engine)

    def sizes(self) -> dict[str, int]:
        """See `Store.sizes`."""
        return sizes(self._engine)

    def close(self) -> None:
        """See `Store.close`."""
        if self._keeper is not None:
            self._keeper.close()
        self._engine.dispose()

    def _claims_of(self, kind: str, locks: Path) -> Claims:
        return FileClaims(locks) if self._keeper is None else Leases(self._keeper, kind)

    def _selected(self, selection: Selection) -> dict[int, StoredRun]:
        if selection.run is not None:
            run = self.run(selection.run)
            return {run.number: run} if run else {}
        return {run.number: run for run in self.runs(dataset=selection.dataset)}

    def _number(self, run: str) -> int:
        with self._reading() as connection:
            return int(connection.scalar(select(runs.c.number).where(runs.c.id == run)) or 0)

    @contextmanager
    def _reading(self) -> Iterator[Connection]:
        with self._engine.connect() as connection:
            yield connection.execution_options(**{READS: True})

    def _migrate(self) -> None:
        try:
            with self._reading() as connection:
                if is_current(connection):
                    return
            with self._engine.begin() as connection:
                migrate(connection)
        except StoreFailed as error:
            raise unusable(self._engine, error) from error


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")


def _said(dataset: str, record: str, judge: str) -> ColumnElement[bool]:
    """The row of what a person said of a record."""
    return and_(verdicts.c.dataset == dataset, verdicts.c.record == record, verdicts.c.judge == judge)
