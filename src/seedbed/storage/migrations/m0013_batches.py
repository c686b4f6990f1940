"""Requests that were handed to a provider as a batch."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sqlalchemy import Connection


def upgrade(connection: Connection) -> None:
    """Creates the tables."""
    connection.exec_driver_sql(
        """CREATE TABLE batches (
            number INTEGER NOT NULL PRIMARY KEY, run INTEGER NOT NULL, token VARCHAR NOT NULL UNIQUE,
            connection VARCHAR NOT NULL, model VARCHAR NOT NULL, remote VARCHAR NOT NULL, began FLOAT NOT NULL,
            "over" INTEGER NOT NULL)"""
    )
    connection.exec_driver_sql("CREATE INDEX batches_by_run ON batches (run, number)")
    connection.exec_driver_sql(
        """CREATE TABLE batch_lines (
            number INTEGER NOT NULL PRIMARY KEY, batch INTEGER NOT NULL, run INTEGER NOT NULL,
            attempt INTEGER NOT NULL, name VARCHAR NOT NULL, hash VARCHAR NOT NULL, custom_id VARCHAR NOT NULL,
            frozen TEXT NOT NULL)"""
    )
    connection.exec_driver_sql("CREATE INDEX batch_lines_by_attempt ON batch_lines (run, attempt)")
    connection.exec_driver_sql("CREATE INDEX batch_lines_by_batch ON batch_lines (batch)")
