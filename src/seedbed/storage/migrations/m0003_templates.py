"""Prompt templates, every version of each."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sqlalchemy import Connection


def upgrade(connection: Connection) -> None:
    """Adds the table."""
    connection.exec_driver_sql(
        """CREATE TABLE templates (
        name VARCHAR NOT NULL, version INTEGER NOT NULL, document TEXT NOT NULL, created VARCHAR NOT NULL,
        PRIMARY KEY (name, version))"""
    )
