"""Entries in bins of those that are alike in all that one filters by; saved filters."""

from __future__ import annotations

from collections import Counter
from itertools import groupby
from typing import TYPE_CHECKING

import orjson

if TYPE_CHECKING:
    from sqlalchemy import Connection

ALIKE = "dataset, decision, work, person, label, model, source, reason"
MOST = 100


def upgrade(connection: Connection) -> None:
    """Creates the tables, and puts the entries that are there into their bins."""
    connection.exec_driver_sql(
        """CREATE TABLE views (
            number INTEGER NOT NULL PRIMARY KEY, dataset VARCHAR NOT NULL, name VARCHAR NOT NULL,
            "where" TEXT NOT NULL, "by" VARCHAR NOT NULL,
            CONSTRAINT one_view_of_a_name UNIQUE (dataset, name))"""
    )
    connection.exec_driver_sql(
        """CREATE TABLE entry_bins (
            number INTEGER NOT NULL PRIMARY KEY, dataset VARCHAR NOT NULL, decision VARCHAR NOT NULL,
            work VARCHAR NOT NULL, person VARCHAR NOT NULL, label VARCHAR NOT NULL, model VARCHAR NOT NULL,
            source VARCHAR NOT NULL, reason VARCHAR NOT NULL, doubted INTEGER NOT NULL, tags TEXT NOT NULL,
            count INTEGER NOT NULL,
            CONSTRAINT one_bin_of_a_kind UNIQUE (
                dataset, decision, work, person, label, model, source, reason, doubted, tags))"""
    )
    connection.exec_driver_sql("ALTER TABLE entries ADD COLUMN bin INTEGER NOT NULL DEFAULT 0")
    _fill(connection)
    for column in ("decision", "label", "model", "work", "source", "person", "reason", "doubt"):
        connection.exec_driver_sql(f"DROP INDEX entries_by_{column}")
    connection.exec_driver_sql("CREATE INDEX entries_by_bin ON entries (bin, number)")
    connection.exec_driver_sql("CREATE INDEX entries_by_doubt ON entries (dataset, doubt, number, bin) WHERE doubt > 0")
    connection.exec_driver_sql("DROP TABLE entry_tags")
    connection.exec_driver_sql(
        """CREATE TABLE entry_tallies (
            dataset VARCHAR NOT NULL, what VARCHAR NOT NULL, value VARCHAR NOT NULL, count INTEGER NOT NULL,
            PRIMARY KEY (dataset, what, value))"""
    )
    _tally(connection)


def _fill(connection: Connection) -> None:
    """Gathers the tags of each entry, then makes the bins of what there is."""
    connection.exec_driver_sql("CREATE TEMP TABLE tag_sets (entry INTEGER NOT NULL PRIMARY KEY, tags TEXT NOT NULL)")
    rows = connection.exec_driver_sql("SELECT entry, tag FROM entry_tags ORDER BY entry, tag").all()
    for entry, found in groupby(rows, lambda row: row[0]):
        tags = "".join(f"{orjson.dumps(tag).decode()}\n" for tag in sorted(row[1] for row in found))
        connection.exec_driver_sql("INSERT INTO tag_sets VALUES (?, ?)", (entry, f"\n{tags}"))
    connection.exec_driver_sql(
        f"""INSERT INTO entry_bins ({ALIKE}, doubted, tags, count)
            SELECT {ALIKE}, doubt > 0, coalesce(tags, ''), count(*)
            FROM entries LEFT JOIN tag_sets ON entry = number GROUP BY {ALIKE}, 9, 10"""  # noqa: S608 - names of ours
    )
    same = " AND ".join(f"entry_bins.{name} = entries.{name}" for name in ALIKE.split(", "))
    connection.exec_driver_sql(
        f"""UPDATE entries SET bin = (
            SELECT entry_bins.number FROM entry_bins
            WHERE {same} AND doubted = (entries.doubt > 0)
            AND tags = coalesce((SELECT tags FROM tag_sets WHERE entry = entries.number), ''))"""  # noqa: S608
    )
    connection.exec_driver_sql("DROP TABLE tag_sets")


def _tally(connection: Connection) -> None:
    """Counts labels of spans, and the values of columns with at most 100 short ones; -1 stands for the others."""
    found: dict[tuple[str, str], Counter[str] | None] = {}

    def count(what: tuple[str, str], value: str) -> None:
        counter = found.setdefault(what, Counter())
        if counter is not None:
            counter[value] += 1
            if what[1] != "span" and (len(value) > MOST or len(counter) > MOST):
                found[what] = None

    query = (
        "SELECT entries.dataset, coalesce(entries.data, records.data) FROM entries"
        " JOIN records ON records.number = entries.number"
    )
    for dataset, data in connection.exec_driver_sql(query).yield_per(1000):
        content = orjson.loads(data)
        for span in content.get("spans", ()):
            count((dataset, "span"), span["label"])
        for column, value in content["values"].items():
            count((dataset, f"={column}"), value if isinstance(value, str) else str(value))
    for (dataset, what), counter in found.items():
        for value, number in (counter if counter is not None else {"": -1}).items():
            row = (dataset, what, value, number)
            connection.exec_driver_sql("INSERT INTO entry_tallies VALUES (?, ?, ?, ?)", row)
