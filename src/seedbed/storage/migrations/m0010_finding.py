"""Saved filters."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sqlalchemy import Connection


def upgrade(connection: Connection) -> None:
    """Creates the table."""
    connection.exec_driver_sql(
        """CREATE TABLE views (
            number INTEGER NOT NULL PRIMARY KEY, dataset VARCHAR NOT NULL, name VARCHAR NOT NULL,
            "where" TEXT NOT NULL, "by" VARCHAR NOT NULL,
            CONSTRAINT one_view_of_a_name UNIQUE (dataset, name))"""
    )
