"""Datasets as they were kept at a moment."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sqlalchemy import Connection


def upgrade(connection: Connection) -> None:
    """Creates the tables."""
    connection.exec_driver_sql(
        """CREATE TABLE versions (
            id INTEGER NOT NULL PRIMARY KEY, dataset VARCHAR NOT NULL, number INTEGER NOT NULL, note TEXT NOT NULL,
            "by" VARCHAR NOT NULL, at VARCHAR NOT NULL, records INTEGER NOT NULL,
            CONSTRAINT one_version_of_a_number UNIQUE (dataset, number))"""
    )
    end = " WITHOUT ROWID" if connection.dialect.name == "sqlite" else ""
    connection.exec_driver_sql(
        f"""CREATE TABLE version_rows (
            version INTEGER NOT NULL, entry INTEGER NOT NULL, data BLOB, PRIMARY KEY (version, entry)){end}"""
    )
