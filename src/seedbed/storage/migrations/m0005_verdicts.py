"""What people said of records."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sqlalchemy import Connection


def upgrade(connection: Connection) -> None:
    """Creates the table."""
    connection.exec_driver_sql(
        """CREATE TABLE verdicts (
            dataset VARCHAR NOT NULL, record VARCHAR NOT NULL, judge VARCHAR NOT NULL, "right" INTEGER NOT NULL,
            note TEXT NOT NULL, created VARCHAR NOT NULL, PRIMARY KEY (dataset, record, judge))"""
    )
