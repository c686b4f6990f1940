"""The first tables: runs, calls, records, connections.

Written out, not taken from `tables.py`: a migration must stay what it was when that file moves on.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sqlalchemy import Connection

STATEMENTS = (
    """CREATE TABLE runs (
        number INTEGER PRIMARY KEY, id VARCHAR NOT NULL UNIQUE, name VARCHAR NOT NULL, state VARCHAR NOT NULL,
        recipe TEXT NOT NULL, fingerprint TEXT NOT NULL, dataset VARCHAR NOT NULL, columns TEXT NOT NULL,
        seed INTEGER NOT NULL, epoch INTEGER NOT NULL, output TEXT, figures TEXT, seconds FLOAT NOT NULL,
        message TEXT NOT NULL, control VARCHAR NOT NULL, folder TEXT NOT NULL, created VARCHAR NOT NULL,
        updated VARCHAR NOT NULL)""",
    "CREATE INDEX runs_by_name ON runs (name)",
    "CREATE INDEX runs_by_dataset ON runs (dataset)",
    """CREATE TABLE calls (
        number INTEGER PRIMARY KEY, run INTEGER NOT NULL, attempt INTEGER NOT NULL, hash VARCHAR NOT NULL,
        occurrence INTEGER NOT NULL, model VARCHAR NOT NULL, frozen TEXT, question BLOB NOT NULL, answer BLOB,
        input_tokens INTEGER NOT NULL, output_tokens INTEGER NOT NULL, cost FLOAT, tries INTEGER NOT NULL,
        at FLOAT NOT NULL)""",
    "CREATE INDEX calls_by_attempt ON calls (run, attempt)",
    """CREATE TABLE records (
        number INTEGER PRIMARY KEY, run INTEGER NOT NULL, attempt INTEGER NOT NULL, slot INTEGER NOT NULL,
        state VARCHAR NOT NULL, reason VARCHAR NOT NULL, detail TEXT NOT NULL, cell VARCHAR NOT NULL,
        model VARCHAR NOT NULL, data BLOB, at FLOAT NOT NULL,
        CONSTRAINT one_end_per_slot UNIQUE (run, attempt, slot))""",
    """CREATE TABLE connections (
        name VARCHAR PRIMARY KEY, settings TEXT NOT NULL, "key" TEXT, created VARCHAR NOT NULL)""",
)


def upgrade(connection: Connection) -> None:
    """Creates the tables."""
    for statement in STATEMENTS:
        connection.exec_driver_sql(statement)
