"""The review's statements for SQLite; see `dialect.Dialect`."""

# ruff: noqa: S608 - what is put into statements are names of our own and numbers; all else is bound.

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, select

from ..reading import READS
from ..tables import bins

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from sqlalchemy import Connection, Engine

ALIKE = tuple(name for name in bins.c.keys() if name not in {"number", "count"})  # noqa: SIM118 - no dictionary
"""All that the entries of a bin have in common."""

# Put together once: that takes longer than to find the bin.
FIND = select(bins.c.number).where(*(bins.c[name] == bindparam(f"is_{name}") for name in ALIKE))

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

    def bin_with(self, connection: Connection, fields: Mapping[str, Any]) -> int | None:
        """See `Dialect.bin_with`."""
        return connection.scalar(FIND, {f"is_{name}": value for name, value in fields.items()})

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
