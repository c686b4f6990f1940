"""Records that no run made: kept as one that did."""

from __future__ import annotations

import time
from itertools import islice
from typing import TYPE_CHECKING

from sqlalchemy import delete

from .fencing import fence
from .journal import RECORD_COLUMNS, content_of
from .postgres.opening import in_order
from .review.dialect import dialect_of
from .tables import records, runs

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlalchemy import Engine

    from seedbed.core.record import Record
    from seedbed.core.stored import StoredRun

CHUNK = 2_000
"""So many rows in one transaction: other writers wait no longer than that takes."""

CELL = "[]"


def keep(engine: Engine, run: StoredRun, given: Iterable[Record], first: int = 0, epoch: int | None = None) -> int:
    """Writes records of a run, in order, as accepted ones, with numbers from `first` on; answers how many.

    Raises:
        RunClaimed: the run was claimed with that epoch, and is another's by now.
    """
    count, rest = 0, iter(given)
    while part := list(islice(rest, CHUNK)):
        rows = [
            (run.number, first + count + at, 0, "accepted", "", "", CELL, "", content_of(record), time.time())
            for at, record in enumerate(part)
        ]
        with engine.begin() as connection:
            fence(connection, run.id, epoch)
            in_order(connection)
            dialect_of(connection).insert(connection, records.name, RECORD_COLUMNS, rows)
        count += len(part)
    return count


def drop(engine: Engine, run: StoredRun, epoch: int | None = None) -> None:
    """Removes a run that was not finished, with its records.

    Raises:
        RunClaimed: the run was claimed with that epoch, and is another's by now.
    """
    with engine.begin() as connection:
        fence(connection, run.id, epoch)
        connection.execute(delete(records).where(records.c.run == run.number))
        connection.execute(delete(runs).where(runs.c.number == run.number))
