"""The numbers of records by their ids, `run:attempt.slot`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select, tuple_

from ..reading import record_key
from ..tables import records, runs

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Connection

AT_ONCE = 250
"""So many places are looked for in one statement."""


def number_of(connection: Connection, name: str) -> int | None:
    """The number of a record's id; None where there is none."""
    try:
        run, attempt, slot = record_key(name)
    except ValueError:
        return None
    place = select(runs.c.number).where(runs.c.id == run).scalar_subquery()
    query = select(records.c.number).where(records.c.run == place, records.c.attempt == attempt, records.c.slot == slot)
    return connection.scalar(query)


def numbers_of(connection: Connection, names: Sequence[str]) -> dict[str, int]:
    """The numbers of these ids; those that are not there are left out."""
    asked: dict[str, dict[tuple[int, int], list[str]]] = {}
    for name in names:
        try:
            run, attempt, slot = record_key(name)
        except ValueError:
            continue
        asked.setdefault(run, {}).setdefault((attempt, slot), []).append(name)
    found: dict[str, int] = {}
    for run, places in asked.items():
        number = connection.scalar(select(runs.c.number).where(runs.c.id == run))
        for place, at in _placed(connection, number, [*places]) if number is not None else ():
            found |= dict.fromkeys(places[place], at)
    return found


def _placed(connection: Connection, run: int, places: Sequence[tuple[int, int]]) -> list[tuple[tuple[int, int], int]]:
    """The records in these attempts and slots of a run, each with its number."""
    found = []
    for start in range(0, len(places), AT_ONCE):
        some = tuple_(records.c.attempt, records.c.slot).in_(places[start : start + AT_ONCE])
        query = select(records.c.attempt, records.c.slot, records.c.number).where(records.c.run == run, some)
        found += [((row.attempt, row.slot), int(row.number)) for row in connection.execute(query)]
    return found
