"""Removes a dataset with all that belongs to it, some at a time, so that other writers wait for none of it long."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import delete, select, text

from ..tables import (
    bins,
    calls,
    changes,
    entries,
    records,
    runs,
    spans,
    taken_in,
    tallies,
    twin_searches,
    verdicts,
    views,
)
from . import versions
from .entries import entry_of, remove_words, whole, words_of
from .placing import Placing

if TYPE_CHECKING:
    from sqlalchemy import Connection, Engine

CHUNK = 1_000
"""So many entries are removed in one transaction."""


def remove(engine: Engine, dataset: str) -> None:
    """Removes a dataset. If that is interrupted some of it is still there, and it can be removed again."""
    gone = False
    while not gone:
        with engine.begin() as connection:
            gone = not _some_entries(connection, dataset)
            if gone:
                _rest(connection, dataset)


def _rest(connection: Connection, dataset: str) -> None:
    versions.remove(connection, dataset)
    numbers = select(runs.c.number).where(runs.c.dataset == dataset).scalar_subquery()
    for table in (calls, records, taken_in):
        connection.execute(delete(table).where(table.c.run.in_(numbers)))
    for of_dataset in (changes, bins, tallies, twin_searches, verdicts, views, runs):
        connection.execute(delete(of_dataset).where(of_dataset.c.dataset == dataset))


def _some_entries(connection: Connection, dataset: str) -> int:
    """Removes the next entries with their words, and the records they are of: a number may be given anew then."""
    numbers = connection.scalars(select(entries.c.number).where(entries.c.dataset == dataset).limit(CHUNK)).all()
    if not numbers:
        return 0
    if _are_all(connection, dataset):
        connection.execute(text("INSERT INTO entry_words (entry_words) VALUES ('delete-all')"))
        connection.execute(delete(spans))
        connection.execute(delete(entries).where(entries.c.dataset == dataset))
        return 0
    places = Placing(connection)
    for row in connection.execute(whole().where(entries.c.number.in_(numbers))):
        entry = entry_of(row)
        remove_words(connection, entry.number, words_of(entry.record.values))
        places.remove(entry)
    places.close()
    connection.execute(delete(entries).where(entries.c.number.in_(numbers)))
    connection.execute(delete(records).where(records.c.number.in_(numbers)))
    return len(numbers)


def _are_all(connection: Connection, dataset: str) -> bool:
    """Whether no other dataset has entries."""
    return connection.scalar(select(bins.c.number).where(bins.c.dataset != dataset).limit(1)) is None
