"""Several people decide at once, each through a store of their own, as replicas of the service do."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest

from seedbed.core.record import Record, Span
from seedbed.core.review.entry import Change, Conflict, Entry, Wanted
from seedbed.core.stored import StoredRun
from seedbed.storage.sql import SqlStore

from ..homes import Home

COUNT = 200
PEOPLE = ("ann", "bob")


@pytest.fixture
def stores(home: Home) -> list[SqlStore]:
    """Two, as two processes would have them, of a dataset whose records are no entries yet."""
    first = home.open()
    fields: dict[str, Any] = {"recipe": {}, "fingerprint": {}, "dataset": "many", "columns": ["text", "label"]}
    run = first.create_run(StoredRun("", "many", "complete", seed=7, kind="import", **fields))
    label = ("polite", "rude")
    first.keep(run, [Record({"text": f"Parcel {at}.", "label": label[at % 2]}, tags=("odd",)) for at in range(COUNT)])
    return [first, home.open()]


def at_once(stores: list[SqlStore], do: Callable[[SqlStore, str], Any]) -> list[Any]:
    """What each does through their own store, all from the same moment on."""
    start = Barrier(len(stores))

    def begun(store: SqlStore, person: str) -> Any:
        start.wait()
        return do(store, person)

    with ThreadPoolExecutor(len(stores)) as pool:
        return list(pool.map(begun, stores, PEOPLE))


def everything(store: SqlStore) -> list[Entry]:
    return list(store.reviews.every(Wanted("many")))


def counts_are_exact(store: SqlStore) -> None:
    """What is counted is what a walk through all counts."""
    entries, counts = everything(store), store.reviews.counts(Wanted("many"))
    assert counts.total == store.reviews.count(Wanted("many")) == len(entries) == COUNT
    assert counts.by["decision"] == dict(Counter(one.decision for one in entries))
    assert counts.by["tag"] == dict(Counter(tag for one in entries for tag in one.record.tags))
    tallies = store.reviews.tallies("many")
    assert tallies.columns["label"] == dict(Counter(one.record.label for one in entries))
    assert tallies.spans == dict(Counter(span.label for one in entries for span in one.record.spans))


def test_records_are_taken_in_once_by_who_comes_first(stores: list[SqlStore]) -> None:
    at_once(stores, lambda store, _: [store.reviews.catch_up("many", 30) for _ in range(8)])
    assert [one.record.text for one in everything(stores[0])] == [f"Parcel {at}." for at in range(COUNT)]
    counts_are_exact(stores[0])


def test_of_two_decisions_on_a_record_that_both_looked_at_one_stands(stores: list[SqlStore]) -> None:
    stores[0].reviews.catch_up("many")
    names = [one.record.id for one in everything(stores[0])]

    def decide(store: SqlStore, person: str) -> int:
        made = 0
        for name in names if person == "ann" else names[::-1]:
            decision: Any = "approved" if person == "ann" else "declined"
            try:
                store.reviews.change([Change(name, 1, decision=decision, spans=(Span(0, 6, person),))], person)
            except Conflict:
                continue
            made += 1
        return made

    made = at_once(stores, decide)
    entries = everything(stores[1])
    assert sum(made) == COUNT
    assert [one.version for one in entries] == [2] * COUNT
    assert Counter(one.by for one in entries) == Counter(dict(zip(PEOPLE, made, strict=True)))
    assert all(len(stores[0].reviews.history(name)) == 1 for name in names[::10])
    counts_are_exact(stores[0])


def test_what_both_do_to_all_records_is_done(stores: list[SqlStore]) -> None:
    stores[0].reviews.catch_up("many")

    def tag(store: SqlStore, person: str) -> int:
        def tagged(one: Entry) -> Change:
            return Change(one.record.id, tags=(*one.record.tags, person))

        done = store.reviews.change_all(Wanted("many", label="rude"), tagged, person)
        for name in [one.record.id for one in store.reviews.page(Wanted("many", label="polite"))]:
            done += store.reviews.change_named([name], tagged, person)
        return done

    assert at_once(stores, tag) == [COUNT, COUNT]
    entries = everything(stores[0])
    assert all(one.version == 3 and {*one.record.tags} == {"odd", *PEOPLE} for one in entries)
    counts_are_exact(stores[1])


def test_what_each_took_back_at_once_is_as_it_was(stores: list[SqlStore]) -> None:
    stores[0].reviews.catch_up("many")
    before = [one.state() for one in everything(stores[0])]

    def declined(store: SqlStore, person: str) -> int:
        label = "polite" if person == "ann" else "rude"
        return store.reviews.change_all(
            Wanted("many", label=label), lambda one: Change(one.record.id, decision="declined"), person
        )

    assert at_once(stores, declined) == [COUNT // 2] * 2
    assert stores[0].reviews.counts(Wanted("many")).by["decision"] == {"declined": COUNT}
    at_once(stores, lambda store, person: store.reviews.undo(person, "many"))
    assert [one.state() for one in everything(stores[1])] == before
    counts_are_exact(stores[1])
