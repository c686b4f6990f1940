"""Pages hold exactly what a plain list would, whatever is filtered, sorted and changed between them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from itertools import count
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from seedbed.core.record import Record
from seedbed.core.review.entry import Change, Entry, Wanted
from seedbed.core.stored import StoredRun
from seedbed.core.tokens import tokens
from seedbed.storage.review import finding
from seedbed.storage.sql import SqlStore

NAMES = count()
WORDS = ("late", "parcel", "part", "thanks", "包裹")
BOUNDS = ("MERGED", "MOST_BINS", "GATHERED")


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SqlStore]:
    made = SqlStore(tmp_path_factory.mktemp("finding"))
    yield made
    made.close()


TEXTS = st.lists(st.sampled_from(WORDS), min_size=1, max_size=3).map(" ".join)
LABELS = st.sampled_from(["", "a", "b", 'odd "label"\n'])
TAGS = st.lists(st.sampled_from(["x", "y", '"', "\n", ","]), max_size=2).map(tuple)
RECORDS = st.lists(
    st.builds(lambda text, label, tags: Record({"text": text, "label": label}, tags=tags), TEXTS, LABELS, TAGS),
    min_size=1,
    max_size=14,
)
CHANGES = st.fixed_dictionaries(
    {},
    optional={
        "decision": st.sampled_from(["todo", "approved", "declined", "flagged"]),
        "work": st.sampled_from(["", "todo", "done"]),
        "person": st.sampled_from(["", "ann"]),
        "reason": st.sampled_from(["", "late"]),
        "doubt": st.sampled_from([0.0, 0.5, 0.5, 0.9]),
        "tags": TAGS,
        "values": st.builds(lambda text, label: {"text": text, "label": label}, TEXTS, LABELS),
    },
)
STEPS = st.lists(st.tuples(st.integers(0, 13), CHANGES), max_size=6)
WANTED = st.fixed_dictionaries(
    {"sort": st.sampled_from(["first", "last", "doubt"])},
    optional={
        "decision": st.sampled_from(["todo", "approved", "flagged"]),
        "work": st.sampled_from(["", "todo"]),
        "handed_over": st.booleans(),
        "label": LABELS,
        "source": st.sampled_from(["imported", "synthetic"]),
        "tag": st.sampled_from(["x", '"', "\n", ",", "synthetic"]),
        "person": st.just("ann"),
        "reason": st.just("late"),
        "doubted": st.booleans(),
        "words": st.sampled_from(["", "late", "par", "parcel la", "包", "!"]),
    },
)


def fits(entry: Entry, wanted: Wanted) -> bool:
    """Whether an entry is wanted, said plainly."""
    pairs = {
        "decision": entry.decision,
        "work": entry.work,
        "label": entry.record.label,
        "model": entry.model,
        "source": entry.source,
        "person": entry.person,
        "reason": entry.reason,
    }
    if any(getattr(wanted, name) not in (None, value) for name, value in pairs.items()):
        return False
    if wanted.tag is not None and wanted.tag not in (*entry.record.tags, entry.source):
        return False
    if (wanted.doubted and not entry.doubt) or (wanted.handed_over and not entry.work):
        return False
    if not wanted.words.strip():
        return True
    words, asked = tokens(" ".join(entry.record.values.values())), tokens(wanted.words)
    if not asked:
        return False
    whole = all(word in words for word in asked[:-1])
    return whole and any(word.startswith(asked[-1]) for word in words)


def ordered(entries: list[Entry], wanted: Wanted) -> list[Entry]:
    """The entries that are wanted, in order."""
    found = sorted((one for one in entries if fits(one, wanted)), key=lambda one: one.number)
    if wanted.sort == "doubt":
        return sorted(found, key=lambda one: (-one.doubt, one.number))
    return found[::-1] if wanted.sort == "last" else found


def beyond(entries: list[Entry], last: Entry | None, sort: str) -> list[Entry]:
    """Those behind an entry, which may itself have changed since."""
    if last is None:
        return entries
    if sort == "doubt":
        return [one for one in entries if (-one.doubt, one.number) > (-last.doubt, last.number)]
    return [one for one in entries if (one.number < last.number if sort == "last" else one.number > last.number)]


def filled(store: SqlStore, records: list[Record], kind: str = "import") -> str:
    dataset = f"set{next(NAMES)}"
    fields: dict[str, Any] = {"recipe": {}, "fingerprint": {}, "dataset": dataset, "columns": ["text", "label"]}
    run = store.create_run(StoredRun("", dataset, "complete", seed=7, kind=kind, **fields))
    store.keep(run, records)
    store.reviews.catch_up(dataset)
    return dataset


def everything(store: SqlStore, dataset: str) -> list[Entry]:
    return list(store.reviews.every(Wanted(dataset)))


def changed(store: SqlStore, entries: list[Entry], steps: list[tuple[int, dict[str, Any]]]) -> None:
    for place, fields in steps:
        store.reviews.change([Change(entries[place % len(entries)].record.id, **fields)], "ann")


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    RECORDS,
    STEPS,
    st.lists(STEPS, max_size=4),
    WANTED,
    st.integers(1, 5),
    st.sampled_from([*BOUNDS, "none"]),
)
def test_pages_hold_what_a_list_would(
    store: SqlStore,
    records: list[Record],
    before: list[tuple[int, dict[str, Any]]],
    between: list[list[tuple[int, dict[str, Any]]]],
    fields: dict[str, Any],
    limit: int,
    bound: str,
) -> None:
    with pytest.MonkeyPatch.context() as patch:
        if bound != "none":
            patch.setattr(finding, bound, 1)
        dataset = filled(store, records)
        filled(store, records)  # another one must not be seen
        changed(store, everything(store, dataset), before)
        wanted, last = Wanted(dataset, **fields), None
        for steps in [*between, []]:
            now = everything(store, dataset)
            if last is not None:
                last = next(one for one in now if one.number == last.number)
            rest = beyond(ordered(now, wanted), last, wanted.sort)
            page = store.reviews.page(wanted, last.number if last else 0, limit)
            assert page == rest[:limit]
            last = page[-1] if page else last
            changed(store, now, steps)


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(RECORDS, STEPS, WANTED, st.integers(0, 3))
def test_counts_are_those_of_a_list_also_after_taking_back(
    store: SqlStore, records: list[Record], steps: list[tuple[int, dict[str, Any]]], fields: dict[str, Any], back: int
) -> None:
    dataset = filled(store, records)
    changed(store, everything(store, dataset), steps)
    for _ in range(back):
        store.reviews.undo("ann", dataset)
    wanted, now = Wanted(dataset, **fields), everything(store, dataset)
    assert store.reviews.count(wanted) == len(ordered(now, wanted))
    counts = store.reviews.counts(replace(wanted, words=""))
    kept = [one for one in now if fits(one, replace(wanted, words=""))]
    assert counts.total == len(kept)
    for name in ("decision", "work", "person", "reason", "source"):
        assert counts.by[name] == {k: v for k, v in Counter(getattr(one, name) for one in kept).items() if k}
    assert counts.by["label"] == {k: v for k, v in Counter(one.record.label for one in kept).items() if k}
    tallies = store.reviews.tallies(dataset)
    assert tallies.columns["text"] == dict(Counter(one.record.text for one in now))
    assert tallies.columns["label"] == dict(Counter(one.record.label for one in now))
    assert counts.by["tag"] == dict(Counter(tag for one in kept for tag in {*one.record.tags}))


def test_what_is_most_like_a_record_is_found_among_many(store: SqlStore) -> None:
    places = [(number, number % 7, number % 11, number % 13) for number in range(400)]
    texts = ["The parcel {} of shop {} is at door {} of house {}.".format(*place) for place in places]
    texts[77] = texts[12].replace("parcel", "letter")
    dataset = filled(store, [Record({"text": text}) for text in texts])
    entry = everything(store, dataset)[12]
    found = store.reviews.alike(entry.record.id)
    assert (found[0][0].record.text, round(found[0][1], 2)) == (texts[77], 0.92)
    assert len(found) == 5
    assert all(one.dataset == dataset and one.number != entry.number for one, _ in found)
    assert store.reviews.alike("nothing:0.0") == []
