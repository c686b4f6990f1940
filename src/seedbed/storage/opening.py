"""How the store is opened."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import create_engine, event, func, select

from seedbed.core.errors import InputError, StoreFailed

from .postgres.opening import open_postgres, parsed
from .reading import READS

if TYPE_CHECKING:
    from sqlalchemy import Connection, Engine
    from sqlalchemy.engine import ExceptionContext

PRAGMAS = (
    "page_size=8192",  # of a new file; a row of a call is 2 to 4 kB
    "journal_mode=WAL",
    "synchronous=FULL",
    "wal_autocheckpoint=2000",
    "cache_size=-16000",
    "temp_store=MEMORY",
)


FILE = "seedbed.db"
"""The store's file in a workspace."""


def open_engine(folder: Path, url: str | None = None) -> Engine:
    """The database of a workspace: a file in its folder, or the PostgreSQL database of an address.

    Raises:
        InputError: the address is none, or there is no driver for it.
    """
    return open_postgres(parsed(url)) if url else open_file(folder / FILE)


def unusable(engine: Engine, error: StoreFailed) -> InputError:
    """What to say to who wanted to open a store that cannot be."""
    if engine.dialect.name == "postgresql":
        return InputError(error.message, error.hint)
    words = f"{engine.url.database} cannot be opened as a Seedbed store: {error.__cause__}."
    return InputError(words, "Choose another --workspace.")


def sizes(engine: Engine) -> dict[str, int]:
    """The bytes that a database takes; a file has a log of what is new (wal) beside it."""
    if engine.dialect.name == "postgresql":
        with engine.connect() as connection:
            reading = connection.execution_options(**{READS: True})
            return {"database": int(reading.scalar(select(func.pg_database_size(func.current_database()))) or 0)}
    files = {"database": Path(f"{engine.url.database}"), "wal": Path(f"{engine.url.database}-wal")}
    return {name: file.stat().st_size if file.exists() else 0 for name, file in files.items()}


def open_file(path: Path) -> Engine:
    """The database of a file; whoever writes waits for the others, and foreign errors become ours."""
    # Each connection has a cache of its own: the last one in is the first one out, so that few of them are filled.
    settings: Any = {"connect_args": {"timeout": 60, "check_same_thread": False}, "pool_use_lifo": True}
    engine = create_engine(f"sqlite:///{path}", **settings)

    @event.listens_for(engine, "connect")
    def prepare(connection: sqlite3.Connection, _: object) -> None:
        # The driver's own BEGIN is deferred: a writer that starts by reading then fails when another one has written.
        connection.isolation_level = None
        for pragma in PRAGMAS:
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "handle_error")
    def translate(context: ExceptionContext) -> None:
        if isinstance(context.original_exception, sqlite3.Error):
            raise StoreFailed(
                f"The store {path} cannot be used: {context.original_exception}.",
                "Check the disk and the rights of the workspace folder, then run the same command again.",
            ) from context.original_exception

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        if not connection.get_execution_options().get(READS):
            connection.exec_driver_sql("BEGIN IMMEDIATE")

    return engine
