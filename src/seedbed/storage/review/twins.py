"""Entries that say nearly the same, as somebody has found them: taken down, and when that was."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from sqlalchemy import delete, func, insert, select

from seedbed.core.review.entry import Entry, Looked

from ..tables import bins, entries, twin_searches
from .dialect import dialect_of
from .entries import entries_of
from .placing import Placing

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from sqlalchemy import Connection, Engine

CHUNK = 1_000
"""So many entries are marked in one transaction."""


def mark(engine: Engine, dataset: str, groups: Iterable[Sequence[int]], seen: int, by: str) -> None:
    """Marks the entries of groups, and no others; some at a time, so that nobody else waits long."""
    found = [sorted(group) for group in groups if len(group) > 1]
    wanted = {number: group[0] for group in found for number in group}
    with _alone(engine, dataset) as connection:
        connection.execute(delete(twin_searches).where(twin_searches.c.dataset == dataset))
        known = _marked(connection, dataset)
    others = sorted(number for number in {*wanted, *known} if wanted.get(number, 0) != known.get(number, 0))
    for start in range(0, len(others), CHUNK):
        with _alone(engine, dataset) as connection:
            _mark(connection, others[start : start + CHUNK], wanted)
    at = datetime.now(UTC).isoformat(timespec="seconds")
    fields = {"at": at, "by": by, "groups": len(found), "records": len(wanted), "seen": seen}
    with _alone(engine, dataset) as connection:
        connection.execute(delete(twin_searches).where(twin_searches.c.dataset == dataset))
        connection.execute(insert(twin_searches).values(dataset=dataset, **fields))


def looked(connection: Connection, dataset: str) -> Looked | None:
    """When it was last looked for them; nothing of a dataset leaves it, so what is more now is newer."""
    row = connection.execute(select(twin_searches).where(twin_searches.c.dataset == dataset)).one_or_none()
    if row is None:
        return None
    total = connection.scalar(select(func.sum(bins.c.count)).where(bins.c.dataset == dataset)) or 0
    return Looked(row.at, row.by, row.groups, row.records, max(0, int(total) - row.seen))


@contextmanager
def _alone(engine: Engine, dataset: str) -> Iterator[Connection]:
    """A transaction in which nobody else writes reviews of the dataset."""
    with engine.begin() as connection:
        dialect_of(connection).wait(connection, [dataset])
        yield connection


def _marked(connection: Connection, dataset: str) -> dict[int, int]:
    """The entries that are marked, with their groups."""
    own = select(bins.c.number).where(bins.c.dataset == dataset, bins.c.twin == 1)
    query = select(entries.c.number, entries.c.twins).where(entries.c.bin.in_(own))
    return {int(row[0]): int(row[1]) for row in connection.execute(query)}


def _mark(connection: Connection, numbers: Sequence[int], wanted: Mapping[int, int]) -> None:
    places, marked = Placing(connection), list[Entry]()
    for entry in entries_of(connection, numbers):
        marked.append(replace(entry, twins=wanted.get(entry.number, 0)))
        places.move(entry, marked[-1])
    if rows := [(one.number, one.twins, places.number(one)) for one in marked]:
        dialect_of(connection).update(connection, entries, ("number", "twins", "bin"), rows)
    places.close()
