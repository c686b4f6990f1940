"""What people make of records: kept, found again, taken back, and never lost to somebody else's change."""

from __future__ import annotations

import asyncio
from itertools import count
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, event

from seedbed.core.attempt import Attempt, Finished
from seedbed.core.errors import InputError
from seedbed.core.ports import SlotRow
from seedbed.core.record import Record, Span
from seedbed.core.review.entry import Change, Conflict, Wanted
from seedbed.core.stored import Store, StoredRun

TEXTS = ["The parcel is late.", "Many thanks, Ann Lee!", "Where is my parcel?", "包裹在哪里", "Ça va être réglé."]
NAMES = count()


def filled(store: Store, texts: list[str], kind: str = "generate", **fields: Any) -> StoredRun:
    """A run with these texts; every second one is polite."""
    given: dict[str, Any] = {"recipe": {}, "fingerprint": {}, "dataset": "replies", "columns": ["text", "label"]}
    run = store.create_run(StoredRun("", "replies", "complete", seed=7, kind=kind, **given | fields))
    with store.claim(run.id) as epoch:
        journal = store.journal(run, epoch)
        for number, text in enumerate(texts):
            record = Record({"text": text, "label": ["polite", "rude"][number % 2]}, tags=("odd",) * (number % 2))
            attempt = Attempt(run.id, number, number, number, "2026-01-01T00:00:00+00:00", 0, {}, "local:m")
            row = SlotRow(0, "accepted", "", "", "[]", "local:m", record)
            journal.slots(Finished(attempt, []), [row])
        asyncio.run(journal.flush())
        journal.close()
    store.reviews.catch_up(run.dataset)
    return run


def texts_of(store: Store, **wanted: Any) -> list[str]:
    return [entry.record.text for entry in store.reviews.page(Wanted("replies", **wanted))]


def test_records_become_entries_once_and_new_ones_follow(store: Store) -> None:
    run = filled(store, TEXTS)
    assert store.reviews.catch_up("replies") == 0
    assert texts_of(store) == TEXTS
    filled(store, ["One more."])
    assert texts_of(store) == [*TEXTS, "One more."]
    assert texts_of(store, sort="last")[0] == "One more."
    first = store.reviews.page(Wanted("replies"), limit=2)
    assert [one.record.id for one in first] == [f"{run.id}:0.0", f"{run.id}:1.0"]
    assert [one.record.text for one in store.reviews.page(Wanted("replies"), first[-1].number, 2)] == TEXTS[2:4]


def test_a_run_that_goes_on_is_looked_through_again(store: Store) -> None:
    run = filled(store, TEXTS)
    assert store.reviews.catch_up("replies") == 0
    with store.claim(run.id) as epoch:
        assert store.reviews.catch_up("replies") == 0  # before its driver has said that it runs
        journal = store.journal(run, epoch)
        record = Record({"text": "Later.", "label": "rude"})
        attempt = Attempt(run.id, 99, 99, 99, "2026-01-01T00:00:00+00:00", 0, {}, "local:m")
        journal.slots(Finished(attempt, []), [SlotRow(0, "accepted", "", "", "[]", "local:m", record)])
        asyncio.run(journal.flush())
        journal.close()
        store.update_run(run.id, state="complete", seconds=9.5)
    assert store.reviews.catch_up("replies") == 0
    assert texts_of(store) == [*TEXTS, "Later."]


def test_entries_are_found_by_what_they_are(store: Store) -> None:
    filled(store, TEXTS)
    filled(store, ["the parcel is Late"], kind="augment")
    filled(store, ["Imported."], kind="import")
    assert texts_of(store, label="rude") == TEXTS[1::2]
    assert texts_of(store, tag="odd") == TEXTS[1::2]
    assert texts_of(store, tag="augmented") == ["the parcel is Late"]
    assert texts_of(store, source="imported") == ["Imported."]
    assert texts_of(store, model="local:m", label="rude", words="thanks") == [TEXTS[1]]
    for words, found in (
        ("parcel", [TEXTS[0], TEXTS[2], "the parcel is Late"]),
        ("PARC", [TEXTS[0], TEXTS[2], "the parcel is Late"]),
        ("parcel where", [TEXTS[2]]),
        ("ann-lee", [TEXTS[1]]),
        ("在哪", [TEXTS[3]]),
        ("etre", [TEXTS[4]]),
        ('"', []),
        ("par* OR 1", []),
    ):
        assert texts_of(store, words=words) == found, words
    counts = store.reviews.counts(Wanted("replies"))
    assert counts.total == store.reviews.count(Wanted("replies")) == 7
    assert counts.by["source"] == {"augmented": 1, "imported": 1, "synthetic": 5}
    assert counts.by["decision"] == {"todo": 7}
    assert counts.by["tag"] == {"odd": 2}
    assert store.reviews.count(Wanted("replies", words="parcel", label="polite")) == 3


def test_a_change_is_kept_with_its_history_and_taken_back(store: Store) -> None:
    run = filled(store, TEXTS)
    name = f"{run.id}:1.0"
    values = {"text": "Many thanks, Bob!", "label": "polite"}
    store.reviews.change([Change(name, 1, decision="approved", note="fine")], "ann")
    store.reviews.change([Change(name, 2, values=values, spans=(Span(13, 16, "PER"),), tags=("synthetic", "x"))], "ann")
    entry = store.reviews.entry(name)
    assert entry is not None
    assert (entry.decision, entry.version, entry.by, entry.note) == ("approved", 3, "ann", "fine")
    assert (entry.record.values, entry.record.spans) == (values, (Span(13, 16, "PER"),))
    assert texts_of(store, words="bob") == texts_of(store, tag="x") == texts_of(store, decision="approved")
    assert texts_of(store, words="lee") == []
    happened = store.reviews.history(name)
    assert [(one.by, one.version, set(one.after)) for one in happened] == [
        ("ann", 3, {"values", "spans", "tags"}),
        ("ann", 2, {"decision", "note"}),
    ]
    assert happened[1].before == {"decision": "todo", "note": ""}
    store.reviews.undo("ann", "replies")
    assert texts_of(store, words="lee") == [TEXTS[1]]
    assert texts_of(store, decision="approved") == [TEXTS[1]]
    store.reviews.undo("ann", "replies")
    assert texts_of(store, decision="todo") == TEXTS
    assert store.reviews.undo("ann", "replies") == []


def test_what_somebody_else_changed_is_not_written_over(store: Store) -> None:
    run = filled(store, TEXTS)
    name, other = f"{run.id}:0.0", f"{run.id}:1.0"
    store.reviews.change([Change(name, 1, decision="approved")], "ann")
    with pytest.raises(Conflict) as caught:
        store.reviews.change([Change(other, 1, decision="declined"), Change(name, 1, decision="declined")], "bob")
    assert (caught.value.entry.decision, caught.value.entry.by) == ("approved", "ann")
    assert texts_of(store, decision="declined") == []
    store.reviews.change([Change(name, 2, note="no")], "bob")
    with pytest.raises(Conflict):
        store.reviews.undo("ann", "replies")
    assert texts_of(store, decision="approved") == [TEXTS[0]]
    store.reviews.undo("bob", "replies")
    assert store.reviews.undo("ann", "replies")[0].decision == "todo"


def test_many_are_changed_and_taken_back_together(store: Store) -> None:
    filled(store, [f"Text number {number}." for number in range(2500)])
    rude = Wanted("replies", label="rude")
    done = store.reviews.change_all(rude, lambda one: Change(one.record.id, one.version, decision="declined"), "ann")
    assert done == store.reviews.count(Wanted("replies", decision="declined")) == 1250
    assert store.reviews.change_all(rude, lambda one: None, "ann") == 0
    sent: list[object] = []
    listener = Engine, "before_cursor_execute", lambda *told: sent.append(told)
    event.listen(*listener)
    try:
        store.reviews.undo("ann", "replies")
    finally:
        event.remove(*listener)
    assert len(sent) < 125, "others wait for it: it may not ask for each record"
    assert store.reviews.count(Wanted("replies", decision="todo")) == 2500


@pytest.mark.parametrize("name", ["replies-1:9.0", "replies-9:0.0", "nonsense", "a:b.c"])
def test_a_record_that_is_not_there_is_said(store: Store, name: str) -> None:
    filled(store, TEXTS)
    with pytest.raises(InputError, match="There is no record"):
        store.reviews.change([Change(name, decision="approved")], "ann")
    assert store.reviews.entry(name) is None


CHANGES = st.one_of(
    st.sampled_from(["todo", "approved", "declined", "flagged"]).map(lambda value: {"decision": value}),
    st.text(max_size=5).map(lambda value: {"values": {"text": value, "label": value}}),
    st.lists(st.sampled_from("abc"), max_size=2).map(lambda value: {"tags": tuple(value)}),
)


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.integers(0, 2), CHANGES), max_size=12))
def test_taking_everything_back_leaves_everything_as_it_was(
    store: Store, steps: list[tuple[int, dict[str, Any]]]
) -> None:
    dataset = f"replies{next(NAMES)}"
    run = filled(store, TEXTS[:3], dataset=dataset)
    before = [entry.state() for entry in store.reviews.page(Wanted(dataset))]
    for place, fields in steps:
        store.reviews.change([Change(f"{run.id}:{place}.0", **fields)], "ann")
    counts = store.reviews.counts(Wanted(dataset))
    for decision, number in counts.by["decision"].items():
        assert store.reviews.count(Wanted(dataset, decision=decision)) == number
    while store.reviews.undo("ann", dataset):
        pass
    assert [entry.state() for entry in store.reviews.page(Wanted(dataset))] == before
    found = store.reviews.page(Wanted(dataset, words="parcel"))
    assert [entry.record.text for entry in found] == [TEXTS[0], TEXTS[2]]
