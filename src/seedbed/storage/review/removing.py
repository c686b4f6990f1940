"""Removes a dataset with all that belongs to it, some at a time, so that other writers wait for none of it long."""

from __future__ import annotations

import time
from collections import Counter
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import orjson
from sqlalchemy import delete, select, text

from seedbed.core.record import Span

from ..reading import READS
from ..tables import bins, changes, runs, taken_in, tallies, twin_searches, verdicts, versions, views
from .dialect import dialect_of
from .entries import words_of
from .placing import labels_of, take_spans

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sqlalchemy import Connection, Engine, TextClause

FIRST, LEAST, MOST = 200, 50, 4_000
"""So many rows go in the first transaction, and in any one."""

HELD: Final = 0.04
"""Seconds that a transaction is to take."""

_READ = text(
    "SELECT entries.number, entries.version, coalesce(entries.data, records.data) AS data FROM entries"
    " JOIN records ON records.number = entries.number WHERE entries.run = :run ORDER BY entries.number LIMIT :most"
)
_LEFT = "SELECT number, version, bin FROM entries WHERE number IN ({numbers}) AND run = :run"
_THESE: Final = "DELETE FROM {table} WHERE number IN ({numbers})"
_LESS = text("UPDATE entry_bins SET count = count - :less WHERE number = :bin")
_EMPTY = delete(bins).where(bins.c.count <= 0)


class _Known(NamedTuple):
    """An entry that is to go, as it was looked at, with its words and the labels of its spans."""

    number: int
    version: int
    words: str
    labels: frozenset[str]


def remove(engine: Engine, dataset: str) -> None:
    """Removes a dataset. If that is interrupted some of it is still there, and it can be removed again."""
    turns = _Turns(engine, dataset)
    with engine.connect() as connection:
        reading = connection.execution_options(**{READS: True})
        numbers = reading.scalars(select(runs.c.number).where(runs.c.dataset == dataset)).all()
        keys = reading.scalars(select(versions.c.id).where(versions.c.dataset == dataset)).all()
    for run in numbers:
        while known := _looked_at(engine, run, turns.rows):
            with turns.one() as connection:
                _without(connection, run, known)
    for command, some in _rest(dataset, numbers, keys):
        turns.until_done(command, some)
    with engine.begin() as connection:
        dialect_of(connection).wait(connection, [dataset])
        connection.execute(delete(taken_in).where(taken_in.c.run.in_(numbers)))
        connection.execute(delete(versions).where(versions.c.dataset == dataset))
        for of_dataset in (bins, tallies, twin_searches, verdicts, views, runs):
            connection.execute(delete(of_dataset).where(of_dataset.c.dataset == dataset))


class _Turns:
    """Transactions that are about as long as `HELD`; between two of them is time for other writers.

    Args:
        engine: where.
        dataset: whose writers wait.
    """

    def __init__(self, engine: Engine, dataset: str) -> None:
        self._engine, self._dataset = engine, dataset
        self._dialect = dialect_of(engine)
        self.rows = FIRST

    @contextmanager
    def one(self) -> Iterator[Connection]:
        """One transaction, in which `rows` rows are to go."""
        with self._dialect.lightly(self._engine) as connection:
            self._dialect.wait(connection, [self._dataset])
            begun = time.perf_counter()
            yield connection
        held = time.perf_counter() - begun
        self.rows = int(min(max(self.rows * min(HELD / held, 2.0), LEAST), MOST))
        time.sleep(min(held, HELD) / 2)  # whoever waits looks only now and then whether it is free

    def until_done(self, command: TextClause, bounds: dict[str, Any]) -> None:
        """Carries a deletion of at most `:most` rows out until there are no more."""
        gone = 1
        while gone:
            with self.one() as connection:
                gone = connection.execute(command, {**bounds, "most": self.rows}).rowcount


def _looked_at(engine: Engine, run: int, most: int) -> list[_Known]:
    """The next entries of a run. Their words are made here, while nobody waits."""
    with engine.connect() as connection:
        reading = connection.execution_options(**{READS: True})
        rows = reading.execute(_READ, {"run": run, "most": most}).all()
    return [_known(row) for row in rows]


def _without(connection: Connection, run: int, known: Sequence[_Known]) -> None:
    """Removes entries with their words, and the records they are of: a number may be given anew then. One that was
    changed since it was looked at has other words, and stays until it is looked at again."""
    dialect = dialect_of(connection)
    numbers = dialect.numbers_in("numbers")
    query = text(_LEFT.format(numbers=numbers))
    left = {row.number: row for row in connection.execute(query, {"numbers": _listed(known), "run": run})}
    same = [one for one in known if one.number in left and left[one.number].version == one.version]
    if not same:
        return
    dialect.remove_words(connection, [(one.number, one.words) for one in same])
    take_spans(
        connection,
        [
            (left[one.number].bin, label, one.number)
            for one in same
            for label in {dialect.indexable(label) for label in one.labels}
        ],
    )
    for table in ("entries", "records"):
        connection.execute(text(_THESE.format(table=table, numbers=numbers)), {"numbers": _listed(same)})
    less = Counter(left[one.number].bin for one in same)
    connection.execute(_LESS, [{"bin": number, "less": count} for number, count in less.items()])
    connection.execute(_EMPTY)


def _rest(dataset: str, numbers: Sequence[int], keys: Sequence[int]) -> Iterator[tuple[TextClause, dict[str, Any]]]:
    """What else there may be much of: calls, records that are no entries, versions, changes."""
    for table in ("calls", "records"):
        for run in numbers:
            some = f"SELECT number FROM {table} WHERE run = :run LIMIT :most"  # noqa: S608 - our own names
            yield text(f"DELETE FROM {table} WHERE number IN ({some})"), {"run": run}  # noqa: S608
    for key in keys:
        some = "SELECT entry FROM version_rows WHERE version = :key LIMIT :most"
        yield text(f"DELETE FROM version_rows WHERE version = :key AND entry IN ({some})"), {"key": key}  # noqa: S608
    some = f"SELECT number FROM {changes.name} WHERE dataset = :dataset LIMIT :most"  # noqa: S608
    yield text(f"DELETE FROM {changes.name} WHERE number IN ({some})"), {"dataset": dataset}  # noqa: S608


def _listed(known: Sequence[_Known]) -> str:
    return orjson.dumps([one.number for one in known]).decode()


def _known(row: Any) -> _Known:
    content = orjson.loads(row.data) if row.data else {"values": {}}
    labels = frozenset(labels_of([Span(**span) for span in content.get("spans", ())]))
    return _Known(row.number, row.version, words_of(content["values"]), labels)
