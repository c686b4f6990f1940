"""What kind of run each is, and what people make of its records."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sqlalchemy import Connection


def upgrade(connection: Connection) -> None:
    """Adds the column and creates the tables."""
    connection.exec_driver_sql("ALTER TABLE runs ADD COLUMN kind VARCHAR NOT NULL DEFAULT 'generate'")
    connection.exec_driver_sql(
        """CREATE TABLE entries (
            number INTEGER NOT NULL PRIMARY KEY, run INTEGER NOT NULL, dataset VARCHAR NOT NULL,
            decision VARCHAR NOT NULL, work VARCHAR NOT NULL, person VARCHAR NOT NULL, label VARCHAR NOT NULL,
            model VARCHAR NOT NULL, source VARCHAR NOT NULL, reason VARCHAR NOT NULL, note TEXT NOT NULL,
            version INTEGER NOT NULL, data BLOB, changed VARCHAR NOT NULL, "by" VARCHAR NOT NULL)"""
    )
    for column in ("decision", "label", "model", "work", "source", "person", "reason"):
        connection.exec_driver_sql(f"CREATE INDEX entries_by_{column} ON entries (dataset, {column}, number)")
    connection.exec_driver_sql("CREATE INDEX entries_by_run ON entries (run, number)")
    connection.exec_driver_sql(
        """CREATE TABLE entry_tags (
            dataset VARCHAR NOT NULL, tag VARCHAR NOT NULL, entry INTEGER NOT NULL,
            PRIMARY KEY (dataset, tag, entry))"""
    )
    connection.exec_driver_sql("CREATE INDEX entry_tags_by_entry ON entry_tags (entry)")
    connection.exec_driver_sql(
        """CREATE TABLE changes (
            number INTEGER NOT NULL PRIMARY KEY, batch INTEGER NOT NULL, dataset VARCHAR NOT NULL,
            entry INTEGER NOT NULL, version INTEGER NOT NULL, "by" VARCHAR NOT NULL, at VARCHAR NOT NULL,
            before TEXT NOT NULL, after TEXT NOT NULL, undone INTEGER NOT NULL)"""
    )
    connection.exec_driver_sql("CREATE INDEX changes_by_entry ON changes (entry, version)")
    connection.exec_driver_sql('CREATE INDEX changes_by_person ON changes (dataset, "by", undone, batch)')
    connection.exec_driver_sql(
        """CREATE TABLE taken_in (
            run INTEGER NOT NULL PRIMARY KEY, number INTEGER NOT NULL, epoch INTEGER NOT NULL,
            seconds FLOAT NOT NULL)"""
    )
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql(
            "CREATE VIRTUAL TABLE entry_words USING fts5(text, content='', tokenize='unicode61 remove_diacritics 2')"
        )
