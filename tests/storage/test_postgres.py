"""What is different where the store is a PostgreSQL database."""

from __future__ import annotations

import logging
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import inspect

from postgres import Server
from seedbed.core.attempt import Attempt, Finished
from seedbed.core.errors import InputError, StoreFailed
from seedbed.core.ports import SlotRow
from seedbed.core.record import Record
from seedbed.core.stored import Selection, StoredRun, StoredVerdict
from seedbed.storage.migrations import STEPS
from seedbed.storage.postgres.opening import open_postgres, parsed, shown
from seedbed.storage.postgres.values import storable
from seedbed.storage.sql import SqlStore
from seedbed.storage.tables import metadata


@pytest.fixture
def store(tmp_path: Path, database: str) -> Iterator[SqlStore]:
    found = SqlStore(tmp_path, database)
    yield found
    found.close()


def test_the_tables_are_those_that_are_described(database: str) -> None:
    engine = open_postgres(parsed(database))
    found = inspect(engine)
    assert set(found.get_table_names()) - {"entry_words", "leases"} == set(metadata.tables)
    for name, table in metadata.tables.items():
        columns = {column["name"]: column for column in found.get_columns(name)}
        assert columns.keys() == set(table.columns.keys())
        for column in table.columns:
            assert columns[column.name]["nullable"] == column.nullable
    indices = {index["name"] for name in metadata.tables for index in found.get_indexes(name)}
    described = {index.name for table in metadata.tables.values() for index in table.indexes}
    assert described <= indices
    with engine.connect() as connection:
        versions = connection.exec_driver_sql("SELECT version FROM schema_version ORDER BY version").scalars().all()
    assert list(versions) == list(range(1, len(STEPS) + 1))
    engine.dispose()


def test_characters_that_a_column_does_not_take_are_replaced_and_records_keep_theirs(store: SqlStore) -> None:
    assert storable("a\x00b \ud83d ok 👍") == "a\N{REPLACEMENT CHARACTER}b \N{REPLACEMENT CHARACTER} ok 👍"
    run = store.create_run(StoredRun("", "r", "running", {"prompt": "a\x00b"}, {}, "r", ["text"], 0))
    with store.claim(run.id) as epoch:
        journal = store.journal(run, epoch)
        record = Record({"text": "one\x00two", "label": "a\x00b"})
        slots = [SlotRow(0, "accepted", "", "why\x00 \udc00", '["a\x00b"]', "m", record)]
        journal.slots(Finished(Attempt(run.id, 0, 0, 0, "", 0, {}, "m")), slots)
        journal.close()
    [found] = store.records(Selection(run=run.id))
    assert found.values == {"text": "one\x00two", "label": "a\x00b"}
    assert store.tallies(run.id)[0].cell == '["a\N{REPLACEMENT CHARACTER}b"]'
    again = store.run(run.id)
    assert again is not None
    assert again.recipe == {"prompt": "a\x00b"}
    store.put_verdict(StoredVerdict("r", found.id, "ann", right=True, note="half \ud83d"))
    store.put_verdict(StoredVerdict("r", found.id, "ann", right=True, note="nul \x00"))
    assert [one.note for one in store.verdicts("r")] == ["nul \N{REPLACEMENT CHARACTER}"]


def test_a_database_of_something_else_is_refused_and_left_alone(postgres: Server, tmp_path: Path) -> None:
    address = postgres.empty()
    postgres.run("CREATE TABLE recipes (dish TEXT)", address)
    with pytest.raises(InputError, match="a database of something else"):
        SqlStore(tmp_path, address)
    assert postgres.run("SELECT tablename FROM pg_tables WHERE schemaname = 'public'", address) == [("recipes",)]
    postgres.drop(address)


def test_a_store_of_a_newer_version_is_refused(postgres: Server, database: str, tmp_path: Path) -> None:
    postgres.run("INSERT INTO schema_version VALUES (99)", database)
    with pytest.raises(InputError, match="version 99"):
        SqlStore(tmp_path, database)


def test_what_the_server_refuses_is_told_in_a_sentence(store: SqlStore, postgres: Server, database: str) -> None:
    postgres.run("ALTER TABLE templates RENAME TO other", database)
    with pytest.raises(StoreFailed, match=r'refused: relation "templates" does not exist') as error:
        store.templates()
    assert "\n" not in error.value.message
    assert "log of the PostgreSQL server" in error.value.hint


def test_a_connection_that_was_lost_is_replaced(store: SqlStore, postgres: Server) -> None:
    run = store.create_run(StoredRun("", "r", "running", {}, {}, "r", ["text"], 0))
    postgres.run("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'seedbed'")
    assert store.run(run.id) is not None


def test_the_password_is_nowhere_to_be_seen(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    url = parsed("postgres://ann:s3cret@127.0.0.1:1/records?sslmode=disable&password=s3cret")
    engine = open_postgres(url)
    with pytest.raises(StoreFailed) as error, engine.connect():
        pass
    told = [str(error.value), repr(error.value), error.value.hint, shown(url), repr(url), repr(engine), caplog.text]
    assert not [words for words in told if "s3cret" in words]
    assert shown(url) == "postgresql://ann@127.0.0.1:1/records"


WITHOUT = """
import sys
from pathlib import Path
sys.modules["psycopg"] = None
from seedbed.core.errors import InputError
from seedbed.storage.sql import SqlStore
try:
    SqlStore(Path(sys.argv[1]), "postgresql://ann@localhost/records")
except InputError as error:
    print(error.message, error.hint)
"""


def test_without_the_driver_it_is_said_how_to_get_it(tmp_path: Path) -> None:
    said = subprocess.run([sys.executable, "-c", WITHOUT, str(tmp_path)], capture_output=True, text=True, check=True)
    assert "pip install 'seedbed[postgres]'" in said.stdout
