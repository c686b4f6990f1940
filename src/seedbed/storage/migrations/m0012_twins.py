"""Entries that say nearly the same; entries by the labels of their spans."""

from __future__ import annotations

from typing import TYPE_CHECKING

import orjson

if TYPE_CHECKING:
    from sqlalchemy import Connection

ALIKE = "dataset, decision, work, person, label, model, source, reason, doubted, tags"
CHUNK = 1_000


def upgrade(connection: Connection) -> None:
    """Adds the columns, and puts entries under the labels of the spans that they have."""
    connection.exec_driver_sql("ALTER TABLE entries ADD COLUMN twins INTEGER NOT NULL DEFAULT 0")
    connection.exec_driver_sql("CREATE INDEX entries_by_twins ON entries (dataset, twins, number, bin) WHERE twins > 0")
    _widen_bins(connection)
    connection.exec_driver_sql(
        """CREATE TABLE twin_searches (
            dataset VARCHAR NOT NULL PRIMARY KEY, at VARCHAR NOT NULL, "by" VARCHAR NOT NULL,
            "groups" INTEGER NOT NULL, records INTEGER NOT NULL, seen INTEGER NOT NULL)"""
    )
    end = " WITHOUT ROWID" if connection.dialect.name == "sqlite" else ""
    connection.exec_driver_sql(
        f"""CREATE TABLE entry_spans (
            bin INTEGER NOT NULL, label VARCHAR NOT NULL, number INTEGER NOT NULL,
            PRIMARY KEY (bin, label, number)){end}"""
    )
    _fill(connection)


def _widen_bins(connection: Connection) -> None:
    """The same bins with one thing more by which they differ; their numbers stay."""
    connection.exec_driver_sql(
        """CREATE TABLE wider_bins (
            number INTEGER NOT NULL PRIMARY KEY, dataset VARCHAR NOT NULL, decision VARCHAR NOT NULL,
            work VARCHAR NOT NULL, person VARCHAR NOT NULL, label VARCHAR NOT NULL, model VARCHAR NOT NULL,
            source VARCHAR NOT NULL, reason VARCHAR NOT NULL, doubted INTEGER NOT NULL, tags TEXT NOT NULL,
            twin INTEGER NOT NULL, count INTEGER NOT NULL,
            CONSTRAINT one_bin_of_each_kind UNIQUE (
                dataset, decision, work, person, label, model, source, reason, doubted, tags, twin))"""
    )
    connection.exec_driver_sql(
        f"""INSERT INTO wider_bins (number, {ALIKE}, twin, count)
            SELECT number, {ALIKE}, 0, count FROM entry_bins"""  # noqa: S608 - names of ours
    )
    connection.exec_driver_sql("DROP TABLE entry_bins")
    connection.exec_driver_sql("ALTER TABLE wider_bins RENAME TO entry_bins")


def _fill(connection: Connection) -> None:
    query = (
        "SELECT entries.bin, entries.number, coalesce(entries.data, records.data) FROM entries"
        " JOIN records ON records.number = entries.number"
    )
    found: list[tuple[int, str, int]] = []
    for place, number, data in connection.exec_driver_sql(query).yield_per(CHUNK):
        if b'"spans"' in data:
            labels = {span["label"] for span in orjson.loads(data).get("spans", ())}
            found += ((place, label, number) for label in labels)
    for start in range(0, len(found), CHUNK):
        command = "INSERT INTO entry_spans (bin, label, number) VALUES (?, ?, ?)"
        connection.exec_driver_sql(command, found[start : start + CHUNK])
