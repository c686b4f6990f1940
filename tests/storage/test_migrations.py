"""A workspace of an earlier version becomes one of this version, with all that is in it."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest
from sqlalchemy import create_engine, inspect

from seedbed.core.review.entry import Change, Wanted
from seedbed.storage.migrations import STEPS, m0001_first, m0010_finding
from seedbed.storage.sql import SqlStore
from seedbed.storage.tables import metadata

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


def test_entries_of_an_earlier_version_are_found_and_counted(tmp_path: Path) -> None:
    engine = create_engine(f"sqlite:///{tmp_path / 'seedbed.db'}")
    before = STEPS.index(m0010_finding.upgrade)
    with engine.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE schema_version (version INTEGER PRIMARY KEY)")
        for number, step in enumerate(STEPS[:before], 1):
            step(connection)
            connection.exec_driver_sql("INSERT INTO schema_version VALUES (?)", (number,))
        connection.exec_driver_sql(FIRST_RUN, ("replies-1", None))
        for number in range(1, 5):
            data = '{"values": {"text": "a b", "label": "rude"}, "spans": [{"start": 0, "end": 1, "label": "A"}]}'
            connection.exec_driver_sql(
                "INSERT INTO records VALUES (?, 1, ?, 0, 'accepted', '', '', '[]', 'm', ?, 0)",
                (number, number, data.encode()),
            )
            decision, doubt = ("declined", 0.5) if number == 2 else ("todo", 0)
            connection.exec_driver_sql(
                "INSERT INTO entries VALUES (?, 1, 'replies-1', ?, '', '', 'rude', 'm', 'synthetic', '', '', 1, NULL,"
                " '', '', '', ?)",
                (number, decision, doubt),
            )
            connection.exec_driver_sql("INSERT INTO entry_words (rowid, text) VALUES (?, 'a b')", (number,))
        for entry, tag in ((1, "y"), (1, "x"), (3, "x")):
            connection.exec_driver_sql("INSERT INTO entry_tags VALUES ('replies-1', ?, ?)", (tag, entry))
        connection.exec_driver_sql("INSERT INTO taken_in VALUES (1, 4, -1, -1)")
    engine.dispose()
    store = SqlStore(tmp_path)
    counts = store.reviews.counts(Wanted("replies-1"))
    assert (counts.by["decision"], counts.by["tag"]) == ({"declined": 1, "todo": 3}, {"x": 2, "y": 1})
    for fields, numbers in (
        ({}, [1, 2, 3, 4]),
        ({"tag": "x"}, [1, 3]),
        ({"tag": "y", "decision": "todo"}, [1]),
        ({"doubted": True}, [2]),
        ({"words": "a", "label": "rude"}, [1, 2, 3, 4]),
    ):
        assert [one.number for one in store.reviews.page(Wanted("replies-1", **fields))] == numbers
    assert store.reviews.tallies("replies-1") == ({"label": {"rude": 4}, "text": {"a b": 4}}, {"A": 4})
    store.reviews.change([Change("replies-1:1.0", decision="approved", tags=("z",))], "ann")
    assert store.reviews.counts(Wanted("replies-1", decision="approved")).by["tag"] == {"z": 1}
    store.close()
