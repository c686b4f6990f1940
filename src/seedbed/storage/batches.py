"""The book of batches in the durable store."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from sqlalchemy import insert, select, update

from seedbed.core.batches import BatchLine, StoredBatch

from .fencing import fence
from .journal import freeze
from .reading import READS
from .tables import batch_lines, batches, records

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from sqlalchemy import ColumnElement, Connection, Engine

    from seedbed.core.stored import StoredRun

ENDED = select(1).where(records.c.run == batch_lines.c.run, records.c.attempt == batch_lines.c.attempt).exists()


class SqlBatchBook:
    """The `BatchBook` port over a database.

    Args:
        engine: where to write.
        run: whose batches.
        epoch: says with which epoch the run is claimed, if it is.
    """

    def __init__(self, engine: Engine, run: StoredRun, epoch: Callable[[], int | None]) -> None:
        self._engine = engine
        self._name, self._run = run.id, run.number
        self._epoch = epoch

    def begin(self, batch: StoredBatch) -> None:
        """See `BatchBook.begin`."""
        with self._engine.begin() as connection:
            fence(connection, self._name, self._epoch())
            row = {
                "run": self._run,
                "token": batch.token,
                "connection": batch.connection,
                "model": batch.model,
                "remote": batch.remote,
                "began": batch.began,
                "over": 0,
            }
            number = connection.execute(insert(batches).values(**row)).inserted_primary_key[0]  # type: ignore[index]
            lines = [self._line(number, line) for line in batch.lines if line.attempt is not None]
            if lines:
                connection.execute(insert(batch_lines), lines)

    def sent(self, token: str, remote: str) -> None:
        """See `BatchBook.sent`."""
        self._change(token, remote=remote)

    def withdraw(self, token: str) -> None:
        """See `BatchBook.withdraw`. Its requests stay: their attempts are taken up again all the same."""
        self._change(token, remote="", over=1)

    def over(self, token: str) -> None:
        """See `BatchBook.over`."""
        self._change(token, over=1)

    def waiting(self) -> list[StoredBatch]:
        """See `BatchBook.waiting`."""
        with self._reading() as connection:
            columns = (batch_lines.c.name, batch_lines.c.hash, batch_lines.c.custom_id, batches.c.token)
            query = select(*columns).join(batches, batches.c.number == batch_lines.c.batch)
            query = query.where(batch_lines.c.run == self._run, ~ENDED).order_by(batch_lines.c.number)
            lines = connection.execute(query).all()  # before the batches: those of each line are there then
            found = {batch.token: batch for batch in _read(connection, batches.c.run == self._run)}
            for name, digest, custom_id, token in lines:
                found[token].lines.append(BatchLine(name, digest, custom_id))
        return [batch for batch in found.values() if batch.lines]

    def pending(self) -> list[StoredBatch]:
        """See `BatchBook.pending`."""
        with self._reading() as connection:
            return _read(connection, (batches.c.run == self._run) & (batches.c.over == 0))

    def _line(self, batch: int, line: BatchLine) -> dict[str, Any]:
        assert line.attempt is not None
        return {
            "batch": batch,
            "run": self._run,
            "attempt": line.attempt.number,
            "name": line.name,
            "hash": line.hash,
            "custom_id": line.custom_id,
            "frozen": freeze(line.attempt),
        }

    @contextmanager
    def _reading(self) -> Iterator[Connection]:
        with self._engine.connect() as connection:
            yield connection.execution_options(**{READS: True})

    def _change(self, token: str, **fields: Any) -> None:
        with self._engine.begin() as connection:
            fence(connection, self._name, self._epoch())
            connection.execute(update(batches).where(batches.c.token == token).values(**fields))


def unanswered(connection: Connection, run: int) -> list[tuple[int, str]]:
    """The attempts of a run with requests in batches that have not ended, as they were frozen."""
    query = select(batch_lines.c.attempt, batch_lines.c.frozen).where(batch_lines.c.run == run, ~ENDED)
    return [(number, frozen) for number, frozen in connection.execute(query.order_by(batch_lines.c.number))]


def _read(connection: Connection, where: ColumnElement[bool]) -> list[StoredBatch]:
    columns = (batches.c.token, batches.c.connection, batches.c.model, batches.c.began, batches.c.remote)
    return [StoredBatch(*row) for row in connection.execute(select(*columns).where(where).order_by(batches.c.number))]
