"""Records that no run made: kept as one that did."""

from __future__ import annotations

import time
from itertools import islice
from typing import TYPE_CHECKING

from sqlalchemy import delete, insert

from .journal import RECORD_COLUMNS, content_of
from .postgres.opening import in_order
from .tables import records, runs

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlalchemy import Engine

    from seedbed.core.record import Record

CHUNK = 2_000
"""So many rows in one transaction: other writers wait no longer than that takes."""

CELL = "[]"


def keep(engine: Engine, run: int, given: Iterable[Record], first: int = 0) -> int:
    """Writes records of a run, in order, as accepted ones, with numbers from `first` on; answers how many."""
    count, rest = 0, iter(given)
    while part := list(islice(rest, CHUNK)):
        rows = [
            dict(
                zip(
                    RECORD_COLUMNS,
                    (run, first + count + at, 0, "accepted", "", "", CELL, "", content_of(record), time.time()),
                    strict=True,
                )
            )
            for at, record in enumerate(part)
        ]
        with engine.begin() as connection:
            in_order(connection)
            connection.execute(insert(records), rows)
        count += len(part)
    return count


def drop(engine: Engine, run: int) -> None:
    """Removes a run that was not finished, with its records."""
    with engine.begin() as connection:
        connection.execute(delete(records).where(records.c.run == run))
        connection.execute(delete(runs).where(runs.c.number == run))
