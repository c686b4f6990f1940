"""What happens in the durable store, read a few times a second."""

from __future__ import annotations

import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import orjson
from sqlalchemy import JSON, cast, func, or_, select, tuple_

from seedbed.core.run import UNENDED
from seedbed.core.serving.watching import Ended, RunMark
from seedbed.core.stored import HALF

from .reading import READS, record_id
from .tables import changes, records, runs

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sqlalchemy import Connection, Engine

LATEST = 200
"""Slots from which a pace is taken."""


class SqlWatching:
    """The `Watching` port over a database."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def ended(
        self, run: str, *, states: Sequence[str] = (), before: tuple[int, int] | None = None, limit: int = 50
    ) -> list[Ended]:
        """See `Watching.ended`."""
        with self._reading() as connection:
            query = select(records).where(records.c.run == _number(connection, run))
            if states:
                query = query.where(records.c.state.in_(states))
            if before is not None:
                query = query.where(tuple_(records.c.attempt, records.c.slot) < before)
            query = query.order_by(records.c.attempt.desc(), records.c.slot.desc()).limit(limit)
            return [_ended(row, run) for row in connection.execute(query)]

    def since(self, run: str, number: int, *, states: Sequence[str], limit: int) -> list[Ended]:
        """See `Watching.since`."""
        with self._reading() as connection:
            # `+ 0` keeps SQLite from going through all of the run: what is new is at the end of the table.
            mine = records.c.run + 0 == _number(connection, run), records.c.number > number
            query = select(records).where(*mine, records.c.state.in_(states))
            rows = connection.execute(query.order_by(records.c.number.desc()).limit(limit)).all()
        return [_ended(row, run) for row in reversed(rows)]

    def last(self) -> int:
        """See `Watching.last`."""
        with self._reading() as connection:
            return int(connection.scalar(select(func.max(records.c.number))) or 0)

    def pace(self, run: str, seconds: float) -> tuple[int, float]:
        """See `Watching.pace`."""
        with self._reading() as connection:
            query = select(records.c.state, records.c.at).where(records.c.run == _number(connection, run))
            query = query.order_by(records.c.attempt.desc(), records.c.slot.desc()).limit(LATEST)
            now = time.time()
            rows = [row for row in connection.execute(query) if row.at >= now - seconds]
        first = min((row.at for row in rows), default=now)
        return sum(row.state == "accepted" for row in rows), max(0.0, now - first)

    def marks(self, since: str) -> list[RunMark]:
        """See `Watching.marks`."""
        names = ("id", "dataset", "state", "control", "seconds", "updated", "message")
        query = select(*(runs.c[name] for name in names)).where(or_(runs.c.state == "running", runs.c.updated >= since))
        with self._reading() as connection:
            return [RunMark(*row) for row in connection.execute(query.order_by(runs.c.number))]

    def states(self) -> dict[str, int]:
        """See `Watching.states`."""
        whole = ~runs.c.dataset.startswith(HALF, autoescape=True)
        with self._reading() as connection:
            query = select(runs.c.state, func.count()).where(whole).group_by(runs.c.state)
            return {row[0]: row[1] for row in connection.execute(query)}

    def unended(self, option: str) -> list[tuple[str, str]]:
        """See `Watching.unended`."""
        mine = runs.c.kind == "generate", runs.c.state.in_(UNENDED)
        query = select(runs.c.id, runs.c.state, runs.c.options).where(*mine).order_by(runs.c.number)
        with self._reading() as connection:
            rows = connection.execute(query).all()
        return [(row.id, row.state) for row in rows if orjson.loads(row.options or "{}").get(option)]

    def reviewed(self, number: int) -> tuple[int, list[str]]:
        """See `Watching.reviewed`."""
        with self._reading() as connection:
            last = int(connection.scalar(select(func.max(changes.c.number))) or 0)
            query = select(changes.c.dataset).where(changes.c.number > number).distinct()
            return last, list(connection.scalars(query)) if last > number else []

    def with_option(self, option: str, key: str) -> str | None:
        """See `Watching.with_option`."""
        if self._engine.dialect.name == "postgresql":
            has = cast(runs.c.options, JSON)[option][key].is_not(None)
        else:
            has = func.json_type(runs.c.options, f'$.{option}."{key}"').is_not(None)
        with self._reading() as connection:
            return connection.scalar(select(runs.c.id).where(has).order_by(runs.c.number.desc()).limit(1))

    @contextmanager
    def _reading(self) -> Iterator[Connection]:
        with self._engine.connect() as connection:
            yield connection.execution_options(**{READS: True})


def _number(connection: Connection, run: str) -> int:
    return int(connection.scalar(select(runs.c.number).where(runs.c.id == run)) or 0)


def _ended(row: Any, run: str) -> Ended:
    values = orjson.loads(row.data)["values"] if row.data else {}
    place = (row.attempt, row.slot)
    name = record_id(run, *place)
    return Ended(row.number, name, place, row.state, row.reason, row.detail, row.cell, row.model, values, row.at)
