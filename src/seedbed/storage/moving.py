"""All rows of one store into another, empty one: from a file into a PostgreSQL database, or back."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import orjson
from sqlalchemy import BigInteger, Connection, Table, delete, func, or_, select, update

from seedbed.core.errors import InputError, StoreFailed

from .copies import is_used
from .opening import FILE, open_engine, unusable
from .postgres.opening import parsed, shown
from .reading import READS
from .review.dialect import dialect_of
from .review.entries import words_of
from .review.names import whole_names
from .serving import projects
from .sql import SqlStore
from .tables import entries, metadata, records, runs, schema_version

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

CHUNK: Final = 2_000
"""So many rows are read at once."""

LATER: Final = 100_000
"""Rows between two words to who looks on."""

PATIENT: Final = "SET idle_in_transaction_session_timeout = 0"
"""One of the two waits while the other one works."""

LOOKS: Final = 10
"""So often it is looked whether others are gone: connections that were closed are there for a moment."""

_OTHERS: Final = (
    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
    " AND pid <> pg_backend_pid() AND application_name = 'seedbed'"
)
_NAMES: Final = {("entry_spans", "label"), ("entry_tallies", "what"), ("entry_tallies", "value")}
"""Columns of which an index of PostgreSQL takes no very long names."""

_NOT_COUNTED: Final = {"entries", "taken_in"}
"""Tables whose numbers are those of others."""

_NEXT: Final = "SELECT setval(pg_get_serial_sequence('{0}', '{1}'), (SELECT max({1}) FROM {0}))"

Told = Callable[[str, int], None]
"""Hears a table and how many rows of it are there by now."""


class Place(NamedTuple):
    """Where a store is: the folder of its workspace, and the address of its database if it is no file."""

    folder: Path
    url: str = ""

    @property
    def shown(self) -> str:
        """As people may see it, without a password."""
        return shown(parsed(self.url)) if self.url else str(self.folder / FILE)


def move(source: Place, target: Place, told: Told) -> dict[str, int]:
    """Copies all rows, in one transaction: all are there in the end, or none. Nobody may use either store meanwhile.

    Args:
        source: what is copied; it is only read.
        target: a new or empty store; its tables are made.
        told: hears how it goes.

    Returns:
        How many rows each table has.

    Raises:
        InputError: the source is in use, or the target is not empty.
        StoreFailed: one of them cannot be read or written.
    """
    _check_unused(source)
    for place in (source, target):
        SqlStore(place.folder, place.url or None).close()  # both have the tables of this version
    with _looked_at(source) as connection:
        if not _filled(connection):
            raise InputError(f"There is nothing in {source.shown} to copy.", "Name a workspace with --workspace.")
    with _looked_at(target) as connection:  # before both are held: they may be one, by two addresses
        _check_empty(connection, target)
    with _opened(source) as reading, _opened(target) as writing:
        _check_empty(writing, target)
        writing.execute(delete(projects))  # what a new store begins with
        moved = _Moving(reading, writing, told).all()
        _settle(writing, source, target)
    return moved


@contextmanager
def _opened(place: Place) -> Iterator[Connection]:
    """A connection in the middle of the one transaction; nobody else writes until that ends."""
    engine = open_engine(place.folder, place.url or None)
    try:
        served = engine.dialect.name == "postgresql"
        options = {"isolation_level": "REPEATABLE READ"} if served else {}
        with engine.execution_options(**options).begin() as connection:
            if served:
                connection.exec_driver_sql(PATIENT)
            yield connection
    finally:
        engine.dispose()


def _check_unused(place: Place) -> None:
    """Whether nobody else works there.

    Raises:
        InputError: somebody does, or it cannot be reached.
    """
    if not (_others(place) if place.url else is_used(place.folder / FILE)):
        return
    raise InputError(
        f"{place.shown} is in use: what is written there now would be missing.",
        "Stop `seedbed serve`, and the runs and commands that work there, first.",
    )


def _others(place: Place) -> bool:
    with _looked_at(place) as connection:
        for _ in range(LOOKS):
            if not connection.exec_driver_sql(_OTHERS).scalar():
                return False
            time.sleep(0.1)
    return True


@contextmanager
def _looked_at(place: Place) -> Iterator[Connection]:
    """A connection that only reads."""
    engine = open_engine(place.folder, place.url or None)
    try:
        with engine.connect() as connection:
            yield connection.execution_options(**{READS: True})
    except StoreFailed as error:
        raise unusable(engine, error) from error
    finally:
        engine.dispose()


def _check_empty(connection: Connection, place: Place) -> None:
    """Whether nothing was ever stored.

    Raises:
        InputError: something is there.
    """
    if full := _filled(connection):
        raise InputError(
            f"{place.shown} is not empty: it has rows in {full[0]}.",
            "Name a new database, or put the file that is there aside.",
        )


def _filled(connection: Connection) -> list[str]:
    """The tables with rows; of projects a new store has one."""
    found = {table.name: _count(connection, table) for table in _tables()}
    found[projects.name] -= 1
    return [name for name, count in found.items() if count > 0]


class _Moving:
    """The rows on their way.

    Args:
        reading: where they are.
        writing: where they go.
        told: hears how it goes.
    """

    def __init__(self, reading: Connection, writing: Connection, told: Told) -> None:
        self._reading, self._writing, self._told = reading, writing, told
        self._dialect = dialect_of(writing)
        self._names = whole_names(reading) if writing.dialect.name == "sqlite" else {}

    def all(self) -> dict[str, int]:
        """Copies each table, and counts it at both ends."""
        moved = {table.name: self._table(table) for table in _tables()}
        self._words()
        for table in _tables():
            for connection in (self._reading, self._writing):
                if _count(connection, table) != moved[table.name]:
                    raise StoreFailed(f"Not all rows of {table.name} were copied.", "Nothing was kept: try again.")
        return moved

    def _table(self, table: Table) -> int:
        columns = list(table.columns.keys())
        named = [at for at, name in enumerate(columns) if (table.name, name) in _NAMES]
        count = 0
        result = self._reading.execution_options(yield_per=CHUNK).execute(select(table))
        for part in result.partitions():
            rows: Sequence[Any] = [self._named(row, named) for row in part] if named else part
            self._dialect.insert(self._writing, table.name, columns, [tuple(row) for row in rows])
            count += len(rows)
            if count // LATER > (count - len(part)) // LATER:
                self._told(table.name, count)
        if self._writing.dialect.name == "postgresql" and count and (key := _counted(table)):
            self._writing.exec_driver_sql(_NEXT.format(table.name, key))
        return count

    def _named(self, row: Sequence[Any], at: Sequence[int]) -> list[Any]:
        """A row whose names are as they are kept where it goes."""
        found = list(row)
        for place in at:
            found[place] = self._dialect.indexable(self._names.get(found[place], found[place]))
        return found

    def _words(self) -> None:
        """The full-text index, which each kind of database has in its own way, is made anew."""
        content = func.coalesce(entries.c.data, records.c.data)
        query = select(entries.c.number, content).join(records, records.c.number == entries.c.number)
        count = 0
        for part in self._reading.execution_options(yield_per=CHUNK).execute(query).partitions():
            words = [(number, words_of(orjson.loads(data)["values"])) for number, data in part if data]
            self._dialect.add_words(self._writing, words)
            count += len(part)
            if count // LATER > (count - len(part)) // LATER:
                self._told("entry_words", count)


def _tables() -> list[Table]:
    """All but that of the version, which both have."""
    return [table for table in metadata.sorted_tables if table is not schema_version]


def _count(connection: Connection, table: Table) -> int:
    return int(connection.scalar(select(func.count()).select_from(table)) or 0)


def _counted(table: Table) -> str:
    """The column whose numbers the database gives out, if there is one."""
    keys = list(table.primary_key.columns)
    if len(keys) > 1 or table.name in _NOT_COUNTED or not isinstance(keys[0].type, BigInteger):
        return ""
    return keys[0].name


def _settle(connection: Connection, source: Place, target: Place) -> None:
    """Runs look for files of the workspace in the folder that it has now."""
    before, now = str(source.folder), str(target.folder)
    if before == now:
        return
    own = or_(runs.c.folder == before, func.substr(runs.c.folder, 1, len(before) + 1) == f"{before}/")
    moved = now + func.substr(runs.c.folder, len(before) + 1)
    connection.execute(update(runs).where(own).values(folder=moved))
