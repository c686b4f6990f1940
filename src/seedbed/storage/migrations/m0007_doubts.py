"""Labels that are doubted: which other one fits better, and how sure that is."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sqlalchemy import Connection


def upgrade(connection: Connection) -> None:
    """Adds the columns; few records are doubted, so that the index holds only those."""
    connection.exec_driver_sql("ALTER TABLE entries ADD COLUMN suggested VARCHAR NOT NULL DEFAULT ''")
    connection.exec_driver_sql("ALTER TABLE entries ADD COLUMN doubt FLOAT NOT NULL DEFAULT 0")
    connection.exec_driver_sql("CREATE INDEX entries_by_doubt ON entries (dataset, doubt, number) WHERE doubt > 0")
