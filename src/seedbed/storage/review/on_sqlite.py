"""The review's statements for SQLite; see `dialect.Dialect`."""

# ruff: noqa: S608 - what is put into statements are names of our own and numbers; all else is bound.

from __future__ import annotations

from collections.abc import Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, TypeVar

from sqlalchemy import bindparam, insert, select, update

from ..reading import READS
from ..tables import bins

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from sqlalchemy import Connection, Engine, Table

Kind = TypeVar("Kind", bound=tuple[Any, ...])
"""What the entries of a bin have in common, in the order of `ALIKE`."""

Rows = Sequence[tuple[Any, ...]]

ALIKE = tuple(name for name in bins.c.keys() if name not in {"number", "count"})  # noqa: SIM118 - no dictionary
"""All that the entries of a bin have in common."""

# Put together once: that takes longer than to find the bin.
_FIND = select(bins.c.number).where(*(bins.c[name] == bindparam(f"is_{name}") for name in ALIKE))
_MORE = update(bins).where(bins.c.number == bindparam("of")).values(count=bins.c.count + bindparam("more"))

_ADD = "INSERT INTO entry_words (rowid, text) VALUES (?, ?)"
_REMOVE = "INSERT INTO entry_words (entry_words, rowid, text) VALUES ('delete', ?, ?)"

# One row: each is a chance to lose the turn to another thread.
_WITH = "SELECT group_concat(rowid) FROM (SELECT rowid FROM entry_words WHERE entry_words MATCH ? LIMIT ?)"


class Sqlite:
    """See `Dialect`. The full-text index is FTS5's, which keeps no text: it must be told what to forget."""

    number = "rowid"
    having = "entry_words MATCH :words"
    hint = "+"

    def indexed(self, table: str, index: str) -> str:
        """See `Dialect.indexed`."""
        return f"{table} INDEXED BY {index}"

    def merged(self, bins: Sequence[int], most: int, page: str, order: str) -> Iterator[str]:
        """See `Dialect.merged`. All parts lie in order, and are read side by side."""
        for start in range(0, len(bins), most):
            parts = [page.format(bin=number) for number in bins[start : start + most]]
            yield f"{' UNION ALL '.join(parts)} ORDER BY number {order} LIMIT :limit"

    def walked(self, words: str, own: str, order: str) -> str:
        """See `Dialect.walked`."""
        return (
            "SELECT entry_words.rowid FROM entry_words CROSS JOIN entries ON entries.number = entry_words.rowid"
            f" WHERE {words} AND {own} ORDER BY entry_words.rowid {order} LIMIT :limit"
        )

    def bound(self, statement: str) -> str:
        """See `Dialect.bound`."""
        return statement

    def query(self, pieces: Sequence[Sequence[str]]) -> str:
        """See `Dialect.query`."""
        return " ".join(f'"{" ".join(piece)}"' for piece in pieces) + ("*" if pieces else "")

    def add_words(self, connection: Connection, rows: Sequence[tuple[int, str]]) -> None:
        """See `Dialect.add_words`."""
        connection.exec_driver_sql(_ADD, list(rows))

    def remove_words(self, connection: Connection, rows: Sequence[tuple[int, str]]) -> None:
        """See `Dialect.remove_words`."""
        connection.exec_driver_sql(_REMOVE, list(rows))

    def first_with(self, connection: Connection, queries: Sequence[Sequence[str]], most: int) -> list[list[int]]:
        """See `Dialect.first_with`."""
        statement = " UNION ALL ".join([_WITH] * len(queries))
        bounds = [bound for words in queries for bound in (" ".join(f'"{word}"' for word in words), most)]
        rows = connection.exec_driver_sql(statement, tuple(bounds)).all()
        return [list(map(int, row[0].split(","))) if row[0] else [] for row in rows]

    def numbers_in(self, name: str) -> str:
        """See `Dialect.numbers_in`."""
        return f"SELECT value FROM json_each(:{name})"

    def fill(self, connection: Connection, more: Mapping[Kind, int]) -> dict[Kind, int]:
        """See `Dialect.fill`."""
        numbers = {kind: _bin(connection, kind) for kind in more}
        if given := [{"of": numbers[kind], "more": count} for kind, count in more.items() if count]:
            connection.execute(_MORE, given)
        return numbers

    def insert(self, connection: Connection, table: str, columns: Sequence[str], rows: Rows) -> None:
        """See `Dialect.insert`."""
        listed, places = ", ".join(map(_quoted, columns)), ", ".join("?" * len(columns))
        if given := list(rows):  # as plain tuples: SQLAlchemy takes longer over the parameters than SQLite over them
            connection.exec_driver_sql(f"INSERT INTO {table} ({listed}) VALUES ({places})", given)

    def update(self, connection: Connection, table: Table, columns: Sequence[str], rows: Rows) -> None:
        """See `Dialect.update`."""
        news = ", ".join(f"{_quoted(name)} = ?{at}" for at, name in enumerate(columns[1:], start=2))
        connection.exec_driver_sql(f"UPDATE {table.name} SET {news} WHERE {columns[0]} = ?1", list(rows))

    def delete(self, connection: Connection, table: Table, columns: Sequence[str], rows: Rows) -> None:
        """See `Dialect.delete`."""
        same = " AND ".join(f"{_quoted(name)} = ?" for name in columns)
        connection.exec_driver_sql(f"DELETE FROM {table.name} WHERE {same}", list(rows))

    def indexable(self, name: str) -> str:
        """See `Dialect.indexable`: SQLite takes all."""
        return name

    @contextmanager
    def still(self, engine: Engine) -> Iterator[Connection]:
        """See `Dialect.still`."""
        with engine.connect() as connection:
            reading = connection.execution_options(**{READS: True})
            reading.exec_driver_sql("BEGIN")
            try:
                yield reading
            finally:
                reading.exec_driver_sql("ROLLBACK")

    def writers(self, engine: Engine) -> Engine:
        """See `Dialect.writers`."""
        return engine

    def wait(self, connection: Connection, datasets: Iterable[str] = (), records: Iterable[str] = ()) -> None:
        """See `Dialect.wait`. Whoever writes has waited for all others when its transaction began."""

    @contextmanager
    def lightly(self, engine: Engine) -> Iterator[Connection]:
        """See `Dialect.lightly`."""
        with engine.connect() as connection:
            driver: Any = connection.connection.driver_connection
            driver.execute("PRAGMA synchronous = NORMAL")
            try:
                with connection.begin():
                    yield connection
            finally:
                driver.execute("PRAGMA synchronous = FULL")


def _bin(connection: Connection, kind: tuple[Any, ...]) -> int:
    """The number of a bin, which is made if there is none."""
    found = connection.scalar(_FIND, {f"is_{name}": value for name, value in zip(ALIKE, kind, strict=True)})
    if found is None:
        made = connection.execute(insert(bins).values(**dict(zip(ALIKE, kind, strict=True)), count=0))
        found = made.inserted_primary_key[0]  # type: ignore[index]
    return int(found)


def _quoted(name: str) -> str:
    return f'"{name}"'
