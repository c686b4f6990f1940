"""What happened in the store, for those who look on."""

from __future__ import annotations

import time

from seedbed.core.record import Record
from seedbed.core.stored import StoredRun
from seedbed.storage.sql import SqlStore


def kept(store: SqlStore, name: str, count: int) -> StoredRun:
    """A run with so many accepted records."""
    run = store.create_run(StoredRun("", name, "complete", {}, {}, "", ["text"], 0, kind="import"))
    store.keep(run, (Record({"text": f"{name} {number}"}) for number in range(count)))
    return run


def test_what_ended_is_paged_from_the_latest_to_the_first(store: SqlStore):
    run = kept(store, "a", 7)
    kept(store, "b", 3)
    first = store.watching.ended(run.id, limit=4)
    assert [one.values["text"] for one in first] == ["a 6", "a 5", "a 4", "a 3"]
    rest = store.watching.ended(run.id, before=first[-1].place, limit=4)
    assert [one.place for one in rest] == [(2, 0), (1, 0), (0, 0)]
    assert store.watching.ended(run.id, states=("rejected",)) == []
    assert rest[-1].id == f"{run.id}:0.0"


def test_what_is_new_is_found_by_its_number(store: SqlStore):
    run = kept(store, "a", 3)
    last = store.watching.last()
    other = kept(store, "b", 2)
    assert store.watching.since(run.id, last, states=("accepted",), limit=10) == []
    found = store.watching.since(other.id, last, states=("accepted",), limit=1)
    assert [(one.number, one.values["text"]) for one in found] == [(last + 2, "b 1")]


def test_the_pace_is_that_of_the_latest_seconds(store: SqlStore):
    run = kept(store, "a", 5)
    accepted, seconds = store.watching.pace(run.id, 60)
    assert accepted == 5
    assert 0 <= seconds < 60
    time.sleep(0.02)
    assert store.watching.pace(run.id, 0.01) == (0, 0.0)


def test_marks_tell_who_runs_and_what_was_changed(store: SqlStore):
    run = kept(store, "a", 1)
    assert [mark.id for mark in store.watching.marks("2000")] == [run.id]
    assert store.watching.marks("9000") == []
    store.update_run(run.id, state="running", control="pause")
    mark = store.watching.marks("9000")[0]
    assert (mark.state, mark.control) == ("running", "pause")


def test_a_run_is_found_by_a_key_among_its_options(store: SqlStore):
    run = kept(store, "a", 1)
    store.update_run(run.id, options={"keys": {"k1": "x", "k2": "y"}})
    assert store.watching.with_option("keys", "k2") == run.id
    assert store.watching.with_option("keys", "k3") is None


def test_runs_that_go_on_by_themselves_are_found_by_their_option(store: SqlStore):
    made = [
        store.create_run(StoredRun("", name, state, {}, {}, "", ["text"], 0, options=options, kind=kind))
        for name, state, options, kind in (
            ("a", "running", {"served": True}, "generate"),
            ("b", "interrupted", {"served": True}, "generate"),
            ("c", "paused", {"served": True}, "generate"),
            ("d", "running", {"served": False}, "generate"),
            ("e", "running", {}, "generate"),
            ("f", "running", {"served": True}, "import"),
        )
    ]
    assert store.watching.unended("served") == [(made[0].id, "running"), (made[1].id, "interrupted")]
