"""Takes down what a run does: one writer thread, groups of rows, one transaction for each group."""

from __future__ import annotations

import asyncio
import threading
import time
from itertools import chain
from typing import TYPE_CHECKING, Any

import orjson

from seedbed.core.errors import RunFailed

from .postgres import rows as many
from .postgres.opening import in_order

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Engine

    from seedbed.core.attempt import Answered, Attempt, Finished
    from seedbed.core.ports import SlotRow
    from seedbed.core.record import Record

Row = tuple[Any, ...]

GROUP_SECONDS = 0.02
"""How long the writer waits for company before it commits."""

CHUNK = 64
"""Rows in one statement: the interpreter lock changes hands once per statement, not once per row."""

FEW = 4
"""So few rows go to a server as values of a statement; more as a stream, which takes one trip more."""

CALL_COLUMNS = (
    "run",
    "attempt",
    "hash",
    "occurrence",
    "model",
    "frozen",
    "question",
    "answer",
    "input_tokens",
    "output_tokens",
    "cost",
    "tries",
    "at",
    "redacted",
)
RECORD_COLUMNS = ("run", "attempt", "slot", "state", "reason", "detail", "cell", "model", "data", "at")


class SqlJournal:
    """The `Journal` port over a database.

    Args:
        engine: where to write.
        run: number of the run.
        epoch: of the claim; if another process has claimed the run since, nothing more is written.
    """

    def __init__(self, engine: Engine, run: int, epoch: int) -> None:
        self._engine = engine
        self._run = run
        self._epoch = epoch
        self._leased = engine.dialect.name == "postgresql"
        self._mark = "?" if engine.dialect.name == "sqlite" else "%s"
        self._calls: list[Row] = []
        self._records: list[Row] = []
        self._statements: dict[tuple[str, int], str] = {}
        self._figures: dict[str, Any] | None = None
        self.wish = ""
        self._queued = 0
        self._written = 0
        self._error: Exception | None = None
        self._closing = False
        self._wake = threading.Event()
        self._hurry = threading.Event()
        self._lock = threading.Lock()
        self._waiting: list[tuple[int, asyncio.AbstractEventLoop, asyncio.Future[None]]] = []
        self._thread = threading.Thread(target=self._loop, name=f"seedbed-journal-{run}", daemon=True)
        self._thread.start()

    @property
    def backlog(self) -> int:
        """See `Journal.backlog`."""
        return self._queued - self._written

    def call(self, answered: Answered) -> None:
        """See `Journal.call`."""
        self._put(self._calls, [_call_row(self._run, answered)])

    def slots(self, finished: Finished, rows: Sequence[SlotRow]) -> None:
        """See `Journal.slots`."""
        self._put(self._records, [_record_row(self._run, finished.attempt, row) for row in rows])

    def progress(self, figures: dict[str, Any]) -> None:
        """See `Journal.progress`."""
        with self._lock:
            self._figures = figures
            self._queued += 1
        self._wake.set()

    async def flush(self) -> None:
        """See `Journal.flush`."""
        loop = asyncio.get_running_loop()
        future: asyncio.Future[None] = loop.create_future()
        with self._lock:
            self._waiting.append((self._queued, loop, future))
        self._hurry.set()
        self._wake.set()
        await future

    def close(self) -> None:
        """Writes what is queued and ends the thread.

        Raises:
            RunFailed: something could not be written.
        """
        self._closing = True
        self._hurry.set()
        self._wake.set()
        self._thread.join()
        self._complain()

    def _put(self, queue: list[Row], rows: list[Row]) -> None:
        """Rows are made here, while what goes into them is at hand: the writer thread only binds and commits."""
        if self._error:
            self._complain()
        with self._lock:
            queue += rows
            self._queued += len(rows)
        if not self._wake.is_set():
            self._wake.set()

    def _complain(self) -> None:
        if self._error:
            raise RunFailed(
                f"The store could not be written: {_cause(self._error)}.",
                getattr(self._error, "hint", "") or "Free disk space or check the workspace folder, then go on.",
            ) from self._error

    def _loop(self) -> None:
        while True:
            self._wake.wait()
            self._wake.clear()
            self._hurry.wait(GROUP_SECONDS)
            self._hurry.clear()
            self._write_group()
            if self._closing and not self.backlog:
                return

    def _write_group(self) -> None:
        with self._lock:
            calls, records, figures = list(self._calls), list(self._records), self._figures
            self._calls.clear()
            self._records.clear()
            self._figures = None
            reached = self._queued
        if not self._error and (calls or records or figures):
            try:
                self._commit(calls, records, figures)
            except Exception as error:  # noqa: BLE001 - whatever it is, those who wait for a flush must hear of it
                self._error = error
        self._written = reached
        self._release(reached)

    def _commit(self, calls: list[Row], records: list[Row], figures: dict[str, Any] | None) -> None:
        with self._engine.begin() as connection:
            if self._leased:
                self._check(connection)
            self._insert(connection, "calls", CALL_COLUMNS, calls)
            if records:
                in_order(connection)
            self._insert(connection, "records", RECORD_COLUMNS, records)
            if figures:
                self._save_figures(connection, figures)

    def _check(self, connection: Any) -> None:
        """The run is ours until this transaction ends: a lease may have ended, and another process have begun."""
        query = "SELECT epoch FROM runs WHERE number = %s FOR UPDATE"
        if connection.exec_driver_sql(query, (self._run,)).scalar() != self._epoch:
            raise _taken_over()

    def _save_figures(self, connection: Any, figures: dict[str, Any]) -> None:
        """Also the moment to see whether the run is still ours; on one machine the file lock alone decides that."""
        mark = self._mark
        saved = connection.exec_driver_sql(
            f"UPDATE runs SET figures = {mark}, seconds = {mark} WHERE number = {mark} AND epoch = {mark} "  # noqa: S608
            "RETURNING control",
            (orjson.dumps(figures).decode(), figures["seconds"], self._run, self._epoch),
        ).all()
        if saved:
            self.wish = str(saved[0][0])
        else:
            raise _taken_over()

    def _insert(self, connection: Any, table: str, columns: Sequence[str], rows: list[Row]) -> None:
        if self._leased and len(rows) > FEW:
            many.insert(connection, table, columns, rows)
            return
        for start in range(0, len(rows), CHUNK):
            chunk = rows[start : start + CHUNK]
            values = tuple(chain.from_iterable(chunk))
            connection.exec_driver_sql(self._statement(table, columns, len(chunk)), values)

    def _statement(self, table: str, columns: Sequence[str], rows: int) -> str:
        known = self._statements.get((table, rows))
        if known is None:
            row = f"({', '.join([self._mark] * len(columns))})"
            known = f"INSERT INTO {table} ({', '.join(columns)}) VALUES {', '.join([row] * rows)}"  # noqa: S608
            self._statements[table, rows] = known
        return known

    def _release(self, reached: int) -> None:
        with self._lock:
            ready = [entry for entry in self._waiting if entry[0] <= reached]
            self._waiting = [entry for entry in self._waiting if entry[0] > reached]
        for _, loop, future in ready:
            loop.call_soon_threadsafe(self._settle, future)

    def _settle(self, future: asyncio.Future[None]) -> None:
        if future.done():
            return
        try:
            self._complain()
        except RunFailed as error:
            future.set_exception(error)
        else:
            future.set_result(None)


def _call_row(run: int, call: Answered) -> Row:
    completion = call.completion
    answer = None
    if completion is not None:
        answer = orjson.dumps(
            (completion.text, completion.finish_reason, completion.logprobs, completion.structured, completion.seconds)
        )
    return (
        run,
        call.attempt.number,
        call.hash,
        call.occurrence,
        call.model,
        freeze(call.attempt) if call.occurrence == 0 else None,
        call.question,
        answer,
        call.input_tokens,
        call.output_tokens,
        call.cost,
        call.tries,
        time.time(),
        orjson.dumps(call.redacted).decode() if call.redacted else None,
    )


def _record_row(run: int, attempt: Attempt, row: SlotRow) -> Row:
    data = None if row.record is None else content_of(row.record)
    return (
        run,
        attempt.number,
        row.slot,
        row.state,
        row.reason,
        row.detail,
        row.cell,
        row.model,
        data,
        time.time(),
    )


def content_of(record: Record) -> bytes:
    """What is kept of a record."""
    content: dict[str, Any] = {"values": record.values}
    if record.spans:
        content["spans"] = [span._asdict() for span in record.spans]
    if record.tags:
        content["tags"] = record.tags
    if record.origin:
        content["origin"] = record.origin
    return orjson.dumps(content)


def freeze(attempt: Attempt) -> str:
    """The attempt as JSON: what cannot be found again from the run, recent records by their ids."""
    sampling = attempt.sampling
    return orjson.dumps(
        {
            "ordinal": attempt.ordinal,
            "seed": attempt.seed,
            "now": attempt.now,
            "cell": attempt.cell,
            "model": attempt.model,
            "n": attempt.n,
            "steered": attempt.steered,
            "strict": attempt.strict,
            "capabilities": attempt.capabilities,
            "sampling": {
                "temperature": sampling.temperature,
                "top_p": sampling.top_p,
                "max_tokens": sampling.max_tokens,
                "stop": sampling.stop,
                "extra": sampling.extra,
            },
            "recent": [recent.id for recent in attempt.recent],
            **({"inputs": [record.id for record in attempt.inputs]} if attempt.inputs else {}),
            **({"previous": attempt.previous} if attempt.previous else {}),
            **({"others": attempt.others} if attempt.others else {}),
        }
    ).decode()


def _taken_over() -> RunFailed:
    return RunFailed("Another process has taken this run over.", "See it with: seedbed runs list")


def _cause(error: Exception) -> str:
    """What happened in one line; a server adds where in the statement."""
    return str(error.__cause__ or error).strip().partition("\n")[0].rstrip(".")
