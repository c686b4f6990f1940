"""Where the stores of a test are: a workspace with its file, or one with a PostgreSQL database."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import psycopg

from seedbed.storage.postgres.opening import NUMBERS, WRITERS
from seedbed.storage.sql import SqlStore


class Home:
    """Where stores of one test are: several may be open at once.

    Args:
        folder: the workspace.
        url: of the PostgreSQL database, if it is one.
    """

    def __init__(self, folder: Path, url: str | None) -> None:
        self.folder, self.url = folder, url
        self.arguments = [str(folder), *([url] if url else [])]
        self._opened: list[SqlStore] = []

    def open(self, **options: Any) -> SqlStore:
        """One more store of this home, as another process would open it."""
        self._opened.append(SqlStore(self.folder, self.url, **options))
        return self._opened[-1]

    def rows(self, command: str) -> list[Any]:
        """What a statement finds when another program carries it out."""
        if self.url:
            with psycopg.connect(self.url) as connection:
                return list(connection.execute(command).fetchall())
        with closing(sqlite3.connect(self.folder / "seedbed.db")) as database:
            return database.execute(command).fetchall()

    def write(self, command: str) -> None:
        """Lets another program change something."""
        if self.url:
            with psycopg.connect(self.url, autocommit=True) as connection:
                connection.execute(command)
        else:
            with closing(sqlite3.connect(self.folder / "seedbed.db", isolation_level=None)) as database:
                database.execute(command)

    def count(self, table: str) -> int:
        """How many rows a table has, by another program."""
        return int(self.rows(f"SELECT count(*) FROM {table}")[0][0])

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Another program that writes and does not come to an end."""
        if self.url:
            with psycopg.connect(self.url) as connection:
                connection.execute("SELECT pg_advisory_xact_lock(%s), pg_advisory_xact_lock(%s)", (WRITERS, NUMBERS))
                connection.execute("LOCK TABLE runs, calls IN EXCLUSIVE MODE")
                yield
                connection.rollback()
        else:
            with closing(sqlite3.connect(self.folder / "seedbed.db", isolation_level=None)) as database:
                database.execute("BEGIN IMMEDIATE")
                yield
                database.rollback()

    def close(self) -> None:
        """Closes all that were opened."""
        for store in self._opened:
            store.close()
