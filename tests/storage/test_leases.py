"""One process drives a run, on whatever machine; whoever was not heard of for too long writes nothing more."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Thread

import pytest

from postgres import Server
from seedbed.core.attempt import Attempt, Finished
from seedbed.core.errors import RunClaimed, RunFailed
from seedbed.core.ports import SlotRow
from seedbed.core.record import Record
from seedbed.core.serving.jobs import Job
from seedbed.core.stored import Selection, StoredRun
from seedbed.storage.postgres.processes import is_gone, this_process
from seedbed.storage.sql import SqlStore

from .homes import Home


@pytest.fixture
def home(tmp_path: Path, database: str) -> Iterator[Home]:
    found = Home(tmp_path, database)
    yield found
    found.close()


@pytest.fixture
def store(home: Home) -> SqlStore:
    return home.open(lease=1.0)


def new_run(store: SqlStore, name: str = "replies") -> StoredRun:
    return store.create_run(StoredRun("", name, "running", {}, {}, name, ["text"], 0))


def row(text: str) -> list[SlotRow]:
    return [SlotRow(0, "accepted", "", "", "[]", "m", Record({"text": text}))]


def finished(run: StoredRun, number: int) -> Finished:
    return Finished(Attempt(run.id, number, number, 0, "", 0, {}, "m"))


def until(true: Callable[[], object]) -> None:
    """Waits for something that comes soon."""
    deadline = time.monotonic() + 30
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def held(home: Home, name: str, holder: str, seconds: float) -> None:
    """Somebody on another machine has a lease, or had it."""
    home.write(
        f"INSERT INTO leases VALUES ('{name}', '{holder}', clock_timestamp() + interval '{seconds} s')"
        " ON CONFLICT (name) DO UPDATE SET until = excluded.until"
    )


def test_who_is_on_another_machine_holds_a_run_until_its_lease_has_ended(store: SqlStore, home: Home) -> None:
    run = new_run(store)
    held(home, "run:replies-1", "elsewhere/1/1/x", 3600)
    assert store.is_claimed(run.id)
    with pytest.raises(RunClaimed, match="replies-1 is being driven by another process"), store.claim(run.id):
        pass
    held(home, "run:replies-1", "elsewhere/1/1/x", -1)
    assert not store.is_claimed(run.id)
    with store.claim(run.id) as epoch:
        assert epoch == 1
    assert home.count("leases") == 0


def test_a_lease_is_renewed_while_it_is_held(store: SqlStore, home: Home) -> None:
    run, ends = new_run(store), "SELECT max(until) FROM leases"
    with store.claim(run.id):
        first = home.rows(ends)[0][0]
        until(lambda: (home.rows(ends)[0][0] - first).total_seconds() > 1)  # beyond what it was at first
        with pytest.raises(RunClaimed), home.open().claim(run.id):
            pass


def test_a_process_of_this_machine_is_known_to_be_gone() -> None:
    assert not is_gone(f"{this_process()}/x")
    assert not is_gone("elsewhere/1/1/x")
    assert not is_gone("//")
    machine, process, _ = this_process().split("/")
    assert is_gone(f"{machine}/{process}/1/x"), "the number of a process is given anew"
    with subprocess.Popen(["true"]) as ended:
        until(lambda: is_gone(f"{machine}/{ended.pid}/1/x"))


DRIVER = """
import sys
from pathlib import Path
from seedbed.core.attempt import Attempt, Finished
from seedbed.core.errors import SeedbedError
from seedbed.core.ports import SlotRow
from seedbed.core.record import Record
from seedbed.storage.sql import SqlStore

store = SqlStore(Path(sys.argv[1]), sys.argv[2], lease=1.0)
run = store.run("replies-1")

def slots(number):
    attempt = Attempt(run.id, number, number, 0, "", 0, {}, "m")
    journal.slots(Finished(attempt), [SlotRow(0, "accepted", "", "", "[]", "m", Record({"text": str(number)}))])

def refused(act):
    try:
        act()
        print("written", flush=True)
    except SeedbedError as error:
        print(type(error).__name__, error.message, flush=True)

with store.claim(run.id) as epoch:
    journal = store.journal(run, epoch)
    slots(0)
    print(epoch, flush=True)
    sys.stdin.readline()
    slots(1)
    refused(journal.close)
    refused(lambda: store.update_run(run.id, state="complete"))
    refused(lambda: store.keep(run, [Record({"text": "late"})], 7))
    refused(lambda: store.drop(run))
    refused(lambda: store.forget_run(run.id))
"""


def test_who_stood_still_for_too_long_is_replaced_and_writes_nothing_more(store: SqlStore, home: Home) -> None:
    run = new_run(store)
    arguments = [sys.executable, "-c", DRIVER, *home.arguments]
    with subprocess.Popen(arguments, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline().strip() == "1"
        until(lambda: home.count("records") == 1)
        process.send_signal(signal.SIGSTOP)
        assert store.is_claimed(run.id), "it may go on in a moment"
        until(lambda: not store.is_claimed(run.id))
        with store.claim(run.id) as epoch:
            assert epoch == 2
            journal = store.journal(run, epoch)
            journal.slots(finished(run, 5), row("mine"))
            process.send_signal(signal.SIGCONT)
            said = process.communicate("\n")[0].splitlines()
            journal.close()
    assert [line.split()[0] for line in said] == ["RunFailed", *["RunClaimed"] * 4]
    assert "Another process has taken this run over" in said[0]
    assert "was taken over by another process" in said[1]
    assert [record.text for record in store.records(Selection(run=run.id))] == ["0", "mine"]
    found = store.run(run.id)
    assert found is not None
    assert found.state == "running"


def test_a_lease_that_was_given_back_meanwhile_is_lost_all_the_same(store: SqlStore, home: Home) -> None:
    run = new_run(store)
    with store.claim(run.id) as epoch:
        journal = store.journal(run, epoch)
        home.write("DELETE FROM leases")  # it had ended
        with home.open().claim(run.id):
            pass
        journal.slots(finished(run, 0), row("late"))
        with pytest.raises(RunFailed, match="taken this run over"):
            journal.close()
    assert home.count("records") == 0


def test_a_job_of_which_nothing_was_heard_is_another_ones(store: SqlStore, home: Home) -> None:
    job = store.jobs.add(Job("", "fill", "more", "default", {}))
    with store.jobs.claim(job.id), store.jobs.wait(f"{job.id}-work"):
        assert store.jobs.begin(job.id)
        store.jobs.progress(job.id, 1, 2, "Making")
        home.write("UPDATE leases SET holder = 'elsewhere/1/1/x' WHERE name LIKE '%-work'")
        for act in (
            lambda: store.jobs.progress(job.id, 2, 2, "Making"),
            lambda: store.jobs.finish(job.id, {}, {}),
            lambda: store.jobs.fail(job.id, "It failed.", ""),
        ):
            with pytest.raises(RunClaimed):
                act()
    found = home.open().jobs.job(job.id)
    assert found is not None
    assert (found.state, found.done) == ("running", 1)


def test_numbers_of_records_are_seen_in_their_order(store: SqlStore, home: Home) -> None:
    """Who follows a run asks for what has a higher number than the last one: nothing may appear below that."""
    from seedbed.storage.postgres.opening import appending, in_order

    slow, quick = new_run(store), new_run(store)
    seen: list[int] = []
    with store.claim(quick.id) as epoch:
        journal = store.journal(quick, epoch)
        with appending(store._engine).begin() as connection:
            in_order(connection)
            connection.exec_driver_sql(
                "INSERT INTO records (run, attempt, slot, state, reason, detail, cell, model, data, at)"
                " VALUES (%s, 0, 0, 'accepted', '', '', '', '', NULL, 0)",
                (slow.number,),
            )
            journal.slots(finished(quick, 0), row("quick"))
            closing = Thread(target=journal.close)
            closing.start()
            closing.join(0.2)
            seen.append(store.watching.last())
        closing.join()
    assert seen == [0], "what has the higher number waits for what has the lower one"
    assert [one.number for one in store.watching.since(slow.id, 0, states=("accepted",), limit=9)] == [1]
    assert [one.number for one in store.watching.since(quick.id, 1, states=("accepted",), limit=9)] == [2]


def test_two_who_begin_a_database_at_once_make_its_tables_once(postgres: Server, tmp_path: Path) -> None:
    address = postgres.empty()
    made: list[int] = []

    def begin(folder: Path) -> None:
        store = SqlStore(folder, address)
        made.append(new_run(store, "same").number)
        store.close()

    threads = [Thread(target=begin, args=[tmp_path / str(number)]) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(made) == [1, 2, 3, 4]
    postgres.drop(address)
