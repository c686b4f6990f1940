"""A workspace of an earlier version becomes one of this version, with all that is in it."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import create_engine, inspect

from seedbed.core.record import Span
from seedbed.core.review.entry import Change, Wanted
from seedbed.storage.migrations import STEPS, m0001_first, m0006_review, m0007_doubts, m0010_finding, m0012_twins
from seedbed.storage.sql import SqlStore
from seedbed.storage.tables import metadata

if TYPE_CHECKING:
    from sqlalchemy import Connection

FIRST_RUN = (
    "INSERT INTO runs (id, name, state, recipe, fingerprint, dataset, columns, seed, epoch, output, seconds, message,"
    " control, folder, created, updated)"
    """ VALUES (?, 'replies', 'budget', '{"name": "replies"}', '{}', 'replies-1', '["text"]', 7, 1, ?, 1.5, '', '',"""
    " '/', '2026-01-01', '2026-01-01')"
)


def first_version(folder: Path) -> None:
    """A workspace as the first version of the tables made it."""
    engine = create_engine(f"sqlite:///{folder / 'seedbed.db'}")
    with engine.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE schema_version (version INTEGER PRIMARY KEY)")
        m0001_first.upgrade(connection)
        connection.exec_driver_sql("INSERT INTO schema_version VALUES (1)")
        for name, output in (("replies-1", "/data/out.csv"), ("replies-2", None)):
            connection.exec_driver_sql(FIRST_RUN, (name, output))
    engine.dispose()


def test_runs_of_the_first_version_are_kept_and_know_their_output(tmp_path: Path) -> None:
    first_version(tmp_path)
    store = SqlStore(tmp_path)
    written, unwritten = store.run("replies-1"), store.run("replies-2")
    assert written is not None
    assert unwritten is not None
    assert (written.recipe, written.columns, written.seconds) == ({"name": "replies"}, ["text"], 1.5)
    assert written.options == {"written": {"path": "/data/out.csv"}}
    assert unwritten.options == {}
    store.close()


@pytest.mark.parametrize("before", ["nothing", "the first version"])
def test_the_migrations_end_in_the_tables_as_they_are_described(tmp_path: Path, before: str) -> None:
    if before != "nothing":
        first_version(tmp_path)
    SqlStore(tmp_path).close()
    engine = create_engine(f"sqlite:///{tmp_path / 'seedbed.db'}")
    found = inspect(engine)
    named = {name for name in found.get_table_names() if not name.startswith("entry_words")}  # the full-text index
    assert named == set(metadata.tables)
    for name, table in metadata.tables.items():
        assert {column["name"] for column in found.get_columns(name)} == set(table.columns.keys())
    engine.dispose()
    with sqlite3.connect(tmp_path / "seedbed.db") as database:
        versions = [row[0] for row in database.execute("SELECT version FROM schema_version ORDER BY version")]
    database.close()
    assert versions == list(range(1, len(STEPS) + 1))


COLUMNS = ("decision", "work", "person", "label", "model", "source", "reason")
"""Of entries and, later, of their bins."""

TAGS = {1: ["x", "y"], 3: ["x"]}


def entries_of(folder: Path, before: int) -> None:
    """A workspace of an earlier version, after so many steps, with four entries in it."""
    engine = create_engine(f"sqlite:///{folder / 'seedbed.db'}")
    with engine.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE schema_version (version INTEGER PRIMARY KEY)")
        for number, step in enumerate(STEPS[:before], 1):
            step(connection)
            connection.exec_driver_sql("INSERT INTO schema_version VALUES (?)", (number,))
        connection.exec_driver_sql(FIRST_RUN, ("replies-1", None))
        for number in range(1, 5):
            own = {"values": {"text": "a b", "label": "rude"}, "tags": TAGS.get(number, [])}
            marked = [{"start": 0, "end": 1, "label": "A"}, {"start": 0, "end": number, "label": "A"}]
            spans = {"spans": marked} if number % 2 else {}
            connection.exec_driver_sql(
                "INSERT INTO records (number, run, attempt, slot, state, reason, detail, cell, model, data, at)"
                " VALUES (?, 1, ?, 0, 'accepted', '', '', '[]', 'm', ?, 0)",
                (number, number, json.dumps(own | spans).encode()),
            )
            _enter(connection, number, before)
        connection.exec_driver_sql("INSERT INTO taken_in VALUES (1, 4, -1, -1)")
    engine.dispose()


def _enter(connection: Connection, number: int, before: int) -> None:
    """An entry as that version had it; the second one is declined, and doubted if they could be."""
    decision = "declined" if number == 2 else "todo"
    values = (decision, "", "", "rude", "m", "synthetic", "")
    fields: dict[str, Any] = {"dataset": "replies-1", **dict(zip(COLUMNS, values, strict=True))}
    tags = TAGS.get(number, [])
    more: dict[str, Any] = {"number": number, "run": 1, "note": "", "version": 1, "changed": "", '"by"': ""}
    if before > STEPS.index(m0007_doubts.upgrade):
        more |= {"suggested": "", "doubt": 0.5 if number == 2 else 0}
    if before > STEPS.index(m0010_finding.upgrade):
        packed = "".join(f'"{tag}"\n' for tag in tags)
        own = {**fields, "doubted": int(number == 2), "tags": f"\n{packed}" if tags else "", "count": 1}
        if before > STEPS.index(m0012_twins.upgrade):
            own["twin"] = 0
        more["bin"] = _bin(connection, own)
        if before > STEPS.index(m0012_twins.upgrade) and number % 2:
            connection.exec_driver_sql("INSERT INTO entry_spans VALUES (?, 'A', ?)", (more["bin"], number))
    else:
        for tag in tags:
            connection.exec_driver_sql("INSERT INTO entry_tags VALUES ('replies-1', ?, ?)", (tag, number))
    _insert(connection, "entries", fields | more)
    connection.exec_driver_sql("INSERT INTO entry_words (rowid, text) VALUES (?, 'a b')", (number,))


def _bin(connection: Connection, own: dict[str, Any]) -> int:
    same = " AND ".join(f"{name} = ?" for name in own if name != "count")
    values = tuple(value for name, value in own.items() if name != "count")
    known = connection.exec_driver_sql(f"SELECT number FROM entry_bins WHERE {same}", values).scalar()
    if known is None:
        _insert(connection, "entry_bins", own)
        return int(connection.exec_driver_sql("SELECT max(number) FROM entry_bins").scalar() or 0)
    connection.exec_driver_sql("UPDATE entry_bins SET count = count + 1 WHERE number = ?", (known,))
    return int(known)


def _insert(connection: Connection, table: str, row: dict[str, Any]) -> None:
    command = f"INSERT INTO {table} ({', '.join(row)}) VALUES ({', '.join('?' * len(row))})"
    connection.exec_driver_sql(command, tuple(row.values()))


@pytest.mark.parametrize("before", range(STEPS.index(m0006_review.upgrade) + 1, len(STEPS)))
def test_entries_of_every_earlier_version_are_found_and_counted(tmp_path: Path, before: int) -> None:
    entries_of(tmp_path, before)
    store = SqlStore(tmp_path)
    counts = store.reviews.counts(Wanted("replies-1"))
    assert (counts.by["decision"], counts.by["tag"]) == ({"declined": 1, "todo": 3}, {"x": 2, "y": 1})
    doubted = [2] if before > STEPS.index(m0007_doubts.upgrade) else []
    for fields, numbers in (
        ({}, [1, 2, 3, 4]),
        ({"tag": "x"}, [1, 3]),
        ({"tag": "y", "decision": "todo"}, [1]),
        ({"doubted": True}, doubted),
        ({"words": "a", "label": "rude"}, [1, 2, 3, 4]),
        ({"span": "A"}, [1, 3]),
        ({"span": "A", "tag": "y"}, [1]),
        ({"duplicates": True}, []),
        ({"overlapping": True}, [3]),
        ({"overlapping": True, "span": "A", "tag": "x"}, [3]),
        ({"overlapping": True, "span": "B"}, []),
    ):
        assert [one.number for one in store.reviews.page(Wanted("replies-1", **fields))] == numbers
    if before <= STEPS.index(m0010_finding.upgrade):  # the others were written with theirs
        assert store.reviews.tallies("replies-1") == ({"label": {"rude": 4}, "text": {"a b": 4}}, {"A": 4})
    assert store.reviews.looked("replies-1") is None
    store.reviews.change([Change("replies-1:1.0", decision="approved", tags=("z",), spans=(Span(0, 1, "B"),))], "ann")
    assert store.reviews.counts(Wanted("replies-1", decision="approved")).by["tag"] == {"z": 1}
    assert [one.number for one in store.reviews.page(Wanted("replies-1", span="A"))] == [3]
    assert store.reviews.mark_twins("replies-1", [[1, 3]], 4, "ann")[2:] == (1, 2, 0)
    assert store.reviews.counts(Wanted("replies-1", duplicates=True)).by["decision"] == {"approved": 1, "todo": 1}
    store.close()
