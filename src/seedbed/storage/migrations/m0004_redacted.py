"""Calls keep how much was masked in their question."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sqlalchemy import Connection


def upgrade(connection: Connection) -> None:
    """Adds the column: kind → number as JSON, nothing where nothing was masked."""
    connection.exec_driver_sql("ALTER TABLE calls ADD COLUMN redacted TEXT")
