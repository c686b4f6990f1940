"""What is taken down is on disk, in order, or the run is told that it is not."""

from __future__ import annotations

import asyncio
import json
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import create_engine

from seedbed.core.attempt import Answered, Attempt, Finished
from seedbed.core.chat import Completion, Usage
from seedbed.core.errors import RunFailed
from seedbed.core.ports import Journal, SlotRow
from seedbed.core.record import Record
from seedbed.core.stored import StoredRun
from seedbed.storage.journal import SqlJournal
from seedbed.storage.postgres.opening import appending, open_postgres, parsed
from seedbed.storage.sql import SqlStore

from .homes import Home


@pytest.fixture
def store(home: Home) -> SqlStore:
    made = home.open()
    made.create_run(StoredRun("", "replies", "running", {}, {}, "replies", ["text"], 0))
    return made


def the_run(store: SqlStore) -> StoredRun:
    return store.runs()[0]


def attempt(number: int) -> Attempt:
    return Attempt("replies-1", number, number, number, "2026-01-01T00:00:00+00:00", 0, {}, "m")


def call(number: int) -> Answered:
    return Answered(attempt(number), b"{}", "hash", 0, "m", Completion("Hello.", usage=Usage(1, 1)), None, 1, 1, 1)


def row(text: object, **values: Any) -> SlotRow:
    return SlotRow(0, "accepted", "", "", "[]", "m", Record({"text": text, **values}))


def count(path: Path, table: str) -> int:
    with sqlite3.connect(path / "seedbed.db") as database:
        found = database.execute(f"SELECT count(*) FROM {table}").fetchone()[0]
    database.close()
    return int(found)


def test_after_a_flush_everything_before_it_is_on_disk(store: SqlStore, home: Home) -> None:
    async def story() -> None:
        with store.claim("replies-1") as epoch:
            journal = store.journal(the_run(store), epoch)
            for round_ in range(1, 4):
                for number in range(100):
                    journal.call(call(round_ * 100 + number))
                    journal.slots(Finished(attempt(round_ * 100 + number)), [row(f"text {round_} {number}")])
                await journal.flush()
                assert home.count("calls") == home.count("records") == 100 * round_
                assert journal.backlog == 0
            journal.close()

    asyncio.run(story())


def test_several_may_wait_for_one_flush_and_one_may_give_up_waiting(store: SqlStore, home: Home) -> None:
    async def story() -> None:
        with store.claim("replies-1") as epoch:
            journal = store.journal(the_run(store), epoch)
            journal.call(call(1))
            waiting = [asyncio.create_task(journal.flush()) for _ in range(5)]
            await asyncio.sleep(0)
            waiting[0].cancel()
            await asyncio.gather(*waiting[1:])
            assert home.count("calls") == 1
            await journal.flush()
            journal.close()

    asyncio.run(story())


def test_closing_writes_what_is_queued(store: SqlStore, home: Home) -> None:
    with store.claim("replies-1") as epoch:
        journal = store.journal(the_run(store), epoch)
        for number in range(1000):
            journal.call(call(number))
        journal.close()
    assert home.count("calls") == 1000
    assert journal.backlog == 0


def test_a_record_is_never_on_disk_before_the_call_it_came_from(store: SqlStore, home: Home) -> None:
    with store.claim("replies-1") as epoch:
        journal = store.journal(the_run(store), epoch)
        seen = []
        for number in range(300):
            journal.call(call(number))
            journal.slots(Finished(attempt(number)), [row(f"text {number}")])
            if number % 20 == 0:
                seen.append((home.count("records"), home.count("calls")))
        journal.close()
    assert all(records <= calls for records, calls in seen)


def test_who_was_overtaken_writes_nothing_more(store: SqlStore, home: Home) -> None:
    with store.claim("replies-1") as epoch:
        old = store.journal(the_run(store), epoch)
        store.update_run("replies-1", epoch=epoch + 1)
        old.slots(Finished(attempt(0)), [row("too late")])
        old.progress({"accepted": 1, "seconds": 1.0})
        with pytest.raises(RunFailed, match="taken this run over"):
            old.close()
    assert home.count("records") == 0


async def keep(journal: Journal, number: int, **values: Any) -> None:
    """Takes down one record and waits until it is on disk."""
    journal.slots(Finished(attempt(number)), [row("Hello.", **values)])
    await asyncio.wait_for(journal.flush(), 20)


@pytest.mark.parametrize(
    "values", [{"price": Decimal("1.5")}, {"counts": {1: 2}}, {"mark": "half a \ud83d"}, {"s": {1}}]
)
def test_a_value_that_cannot_be_kept_is_said_and_stops_nothing_else(
    store: SqlStore, home: Home, values: dict[str, Any]
) -> None:
    async def story() -> None:
        with store.claim("replies-1") as epoch:
            journal = store.journal(the_run(store), epoch)
            with pytest.raises((RunFailed, TypeError, ValueError)):
                await keep(journal, 0, **values)
            await keep(journal, 1)
            journal.close()

    asyncio.run(story())
    assert home.count("records") == 1


@pytest.fixture
def impatient(store: SqlStore, home: Home) -> Iterator[SqlJournal]:
    """A journal that waits for others for a tenth of a second only."""
    if home.url:
        engine = open_postgres(parsed(f"{home.url}&options=-c%20lock_timeout%3D100"))
    else:
        engine = create_engine(f"sqlite:///{home.folder / 'seedbed.db'}", connect_args={"timeout": 0.1})
    yield SqlJournal(appending(engine), the_run(store).number, 0)
    engine.dispose()


def test_a_database_that_stays_locked_ends_the_run_and_not_in_silence(impatient: SqlJournal, home: Home) -> None:
    async def story() -> None:
        journal = impatient
        journal.call(call(0))
        with pytest.raises(RunFailed, match=r"The store could not be written: .*lock.*\.") as error:
            await asyncio.wait_for(journal.flush(), 20)
        assert "disk" in error.value.hint or "log of the PostgreSQL server" in error.value.hint
        for late in (lambda: journal.call(call(1)), lambda: journal.slots(Finished(attempt(0)), [row("x")])):
            with pytest.raises(RunFailed):
                late()
        with pytest.raises(RunFailed):
            await asyncio.wait_for(journal.flush(), 20)
        with pytest.raises(RunFailed):
            journal.close()

    with home.locked():
        asyncio.run(story())
    assert home.count("calls") == 0


def test_closing_says_what_could_not_be_written(impatient: SqlJournal, home: Home) -> None:
    with home.locked():
        impatient.call(call(0))
        with pytest.raises(RunFailed, match="could not be written"):
            impatient.close()


def test_one_who_writes_shortly_is_waited_for(store: SqlStore, home: Home) -> None:
    async def story() -> None:
        with store.claim("replies-1") as epoch:
            journal = store.journal(the_run(store), epoch)
            with home.locked():
                journal.call(call(0))
                waiting = asyncio.create_task(journal.flush())
                await asyncio.sleep(0.1)
                assert not waiting.done()
            await asyncio.wait_for(waiting, 20)
            journal.close()

    asyncio.run(story())
    assert home.count("calls") == 1


FULL = """
import resource, signal, sys
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (4_500_000, 4_500_000))
sys.argv = ["seedbed", *sys.argv[1:]]
from seedbed.cli.main import run
run()
"""


def test_a_full_disk_ends_in_one_sentence_with_what_is_there_kept(shell: Any) -> None:
    document = {
        "name": "large",
        "model": "scripted",
        "generator": {"kind": "prompt", "prompt": "Write.", "count": 5000},
        "near_duplicate": "off",
    }
    recipe = shell.recipe(document)
    done = subprocess.run(
        [sys.executable, "-c", FULL, "generate", recipe, "--json"],
        cwd=shell.folder,
        env=shell.environment,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 1
    assert "The store could not be written" in done.stderr
    assert "Traceback" not in done.stderr
    figures = json.loads(done.stdout)
    assert figures["state"] == "failed"
    shown = shell("runs", "show", "large-1", "--json")
    kept = count(shell.folder / ".seedbed", "records")
    # There may not even be room for the run's state: then it is known to be driven by nobody.
    assert shown.json["state"] in ("failed", "interrupted")
    assert 0 < kept < 5000
    assert figures["accepted"] == shown.json["accepted"] == kept, "no more is said to be accepted than what is kept"
    again = shell("generate", recipe, "--json")
    assert again.code == 0, again.err
    assert again.json["accepted"] == count(shell.folder / ".seedbed", "records") == 5000
