"""Whole copies of a store's file: made while others write, looked at before they are used."""

from __future__ import annotations

import sqlite3
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING

from seedbed.core.errors import InputError

from .migrations import STEPS

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

SCHEMA = len(STEPS)
"""The version of the tables that this Seedbed writes."""

COUNTED = ("runs", "records", "calls", "entries", "connections", "templates", "recipes", "projects", "users")
"""Tables whose rows are counted in a copy."""


def copy(store: Path, target: Path) -> None:
    """Writes the store as it stands at one moment into a new file; writers go on meanwhile. What was removed from the
    store is not in it.

    Raises:
        InputError: it cannot be read or written.
    """
    with _opened(store) as database:
        database.execute("VACUUM INTO ?", (str(target),))


def counted(store: Path) -> dict[str, int]:
    """How many rows the tables have, and its `schema`.

    Raises:
        InputError: it is no store.
    """
    with _opened(store) as database:
        there = {name for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
        found = {
            name: int(database.execute(f"SELECT count(*) FROM {name}").fetchone()[0])  # noqa: S608 - names of ours
            for name in COUNTED
            if name in there
        }
        found["schema"] = int(database.execute("SELECT max(version) FROM schema_version").fetchone()[0] or 0)
        return found


def settle(store: Path, before: str, now: str) -> None:
    """Makes a copy fit the folder that it lies in: runs look for files of the workspace there, and whoever was logged
    in logs in again.

    Raises:
        InputError: it cannot be written.
    """
    with _opened(store) as database:
        moved = "UPDATE runs SET folder = ? || substr(folder, ?) WHERE folder = ? OR substr(folder, 1, ?) = ?"
        database.execute(moved, (now, len(before) + 1, before, len(before) + 1, f"{before}/"))
        database.execute("DELETE FROM sessions")


def is_used(store: Path) -> bool:
    """Whether another process has the store open."""
    try:
        with closing(sqlite3.connect(store, isolation_level=None, timeout=0.2)) as database:
            # Who has a store open holds a lock that others may share, and this one may not.
            database.execute("PRAGMA locking_mode = EXCLUSIVE")
            database.execute("BEGIN IMMEDIATE")
            database.execute("ROLLBACK")
    except sqlite3.OperationalError:
        return True
    except sqlite3.DatabaseError:
        return False  # it is none
    return False


@contextmanager
def _opened(store: Path) -> Iterator[sqlite3.Connection]:
    try:
        with closing(sqlite3.connect(store, isolation_level=None, timeout=60)) as database:
            yield database
    except sqlite3.Error as error:
        raise InputError(
            f"{store} cannot be used: {error}.", "Check the disk, and the rights of the folder."
        ) from error
