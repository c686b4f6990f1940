"""Pages hold exactly what a plain list would, whatever is filtered, sorted and changed between them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from hashlib import sha256
from itertools import count
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from seedbed.core.errors import StoreFailed
from seedbed.core.record import Record, Span
from seedbed.core.review.entry import Change, Entry, Wanted
from seedbed.core.stored import StoredRun
from seedbed.core.texts.layers import overlapping
from seedbed.core.tokens import tokens
from seedbed.storage.review import finding, twins
from seedbed.storage.sql import SqlStore

NAMES = count()
WORDS = ("late", "parcel", "part", "thanks", "包裹")
BOUNDS = ("MERGED", "MOST_BINS", "GATHERED")


@pytest.fixture(scope="module", params=["file", "postgres"])
def store(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[SqlStore]:
    server = request.getfixturevalue("postgres") if request.param == "postgres" else None
    made = SqlStore(tmp_path_factory.mktemp("finding"), server.new() if server else None)
    yield made
    made.close()


TEXTS = st.lists(st.sampled_from(WORDS), min_size=1, max_size=3).map(" ".join)
LABELS = st.sampled_from(["", "a", "b", 'odd "label"\n'])
TAGS = st.lists(st.sampled_from(["x", "y", '"', "\n", ","]), max_size=2).map(tuple)
SPANS = st.lists(st.builds(Span, st.integers(0, 2), st.integers(2, 3), st.sampled_from("PQ'")), max_size=2).map(tuple)
RECORDS = st.lists(
    st.builds(
        lambda text, label, tags, spans: Record({"text": text, "label": label}, spans, tags=tags),
        *(TEXTS, LABELS, TAGS, SPANS),
    ),
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
        "spans": SPANS,
        "values": st.builds(lambda text, label: {"text": text, "label": label}, TEXTS, LABELS),
    },
)
GROUPS = st.lists(st.integers(0, 3), min_size=14, max_size=14)
"""The group of each entry; 0 for none."""
STEPS = st.lists(st.one_of(st.tuples(st.integers(0, 13), CHANGES), GROUPS), max_size=6)
"""One entry is changed, or it is found anew which say the same."""
Steps = list[tuple[int, dict[str, Any]] | list[int]]
WANTED = st.fixed_dictionaries(
    {"sort": st.sampled_from(["first", "last", "doubt", "twins"])},
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
        "duplicates": st.booleans(),
        "span": st.sampled_from("PQ'"),
        "overlapping": st.booleans(),
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
    labels = {None, *(span.label for span in entry.record.spans)}
    flags = {"doubted": entry.doubt, "duplicates": entry.twins, "handed_over": entry.work}
    flags["overlapping"] = overlapping(entry.record.spans)
    if wanted.span not in labels or any(getattr(wanted, name) and not value for name, value in flags.items()):
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
    if wanted.sort == "twins":
        return sorted(found, key=in_groups)
    return found[::-1] if wanted.sort == "last" else found


def in_groups(entry: Entry) -> tuple[bool, int, int]:
    """Its place where groups come one after the other, and then what is in none."""
    return entry.twins == 0, entry.twins, entry.number


def beyond(entries: list[Entry], last: Entry | None, sort: str) -> list[Entry]:
    """Those behind an entry, which may itself have changed since."""
    if last is None:
        return entries
    if sort == "doubt":
        return [one for one in entries if (-one.doubt, one.number) > (-last.doubt, last.number)]
    if sort == "twins":
        return [one for one in entries if in_groups(one) > in_groups(last)]
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


def changed(store: SqlStore, entries: list[Entry], steps: Steps) -> None:
    for step in steps:
        if isinstance(step, tuple):
            store.reviews.change([Change(entries[step[0] % len(entries)].record.id, **step[1])], "ann")
        else:
            grouped(store, entries, step)


def grouped(store: SqlStore, entries: list[Entry], groups: list[int]) -> None:
    """Takes down who is in which group, and looks that it is so, with no other change."""
    dataset = entries[0].dataset
    before = everything(store, dataset)
    found = dict[int, list[int]]()
    for one, group in zip(entries, groups, strict=False):
        found.setdefault(group, []).append(one.number)
    found.pop(0, None)
    looked = store.reviews.mark_twins(dataset, found.values(), len(entries), "ann")
    twins = {number: min(own) for own in found.values() if len(own) > 1 for number in own}
    assert everything(store, dataset) == [replace(one, twins=twins.get(one.number, 0)) for one in before]
    assert (looked.groups, looked.records, looked.newer) == (len({*twins.values()}), len(twins), 0)
    assert store.reviews.looked(dataset) == looked


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
    before: Steps,
    between: list[Steps],
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
    store: SqlStore, records: list[Record], steps: Steps, fields: dict[str, Any], back: int
) -> None:
    dataset = filled(store, records)
    changed(store, everything(store, dataset), steps)
    for _ in range(back):
        store.reviews.undo("ann", dataset)
    wanted, now = Wanted(dataset, **fields), everything(store, dataset)
    assert store.reviews.count(wanted) == len(ordered(now, wanted))
    counts = store.reviews.counts(replace(wanted, words=""))
    kept = [one for one in now if fits(one, replace(wanted, words=""))]
    assert (counts.total, counts.duplicates) == (len(kept), sum(one.twins > 0 for one in kept))
    for name in ("decision", "work", "person", "reason", "source"):
        assert counts.by[name] == {k: v for k, v in Counter(getattr(one, name) for one in kept).items() if k}
    assert counts.by["label"] == {k: v for k, v in Counter(one.record.label for one in kept).items() if k}
    tallies = store.reviews.tallies(dataset)
    assert tallies.columns["text"] == dict(Counter(one.record.text for one in now))
    assert tallies.columns["label"] == dict(Counter(one.record.label for one in now))
    assert tallies.spans == dict(Counter(span.label for one in now for span in one.record.spans))
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


def test_all_of_a_choice_are_changed_and_found_by_what_they_are_then(store: SqlStore) -> None:
    spans = (Span(0, 4, "WHEN"), Span(5, 11, "WHAT"))
    records = [Record({"text": f"late parcel {number}"}, spans[: number % 3]) for number in range(9)]
    dataset = filled(store, records)
    before = everything(store, dataset)
    store.reviews.mark_twins(dataset, [[one.number for one in before[2:6]]], 9, "ann")
    wanted = Wanted(dataset, span="WHAT", duplicates=True)
    assert [one.number for one in store.reviews.page(wanted)] == [before[2].number, before[5].number]
    done = store.reviews.change_all(wanted, lambda one: Change(one.record.id, spans=spans[:1]), "ann")
    assert (done, store.reviews.count(wanted), store.reviews.count(Wanted(dataset, span="WHAT"))) == (2, 0, 1)
    store.reviews.undo("ann", dataset)
    assert (store.reviews.count(wanted), store.reviews.count(Wanted(dataset, span="WHEN"))) == (2, 6)
    more = filled(store, [Record({"text": "late parcel"})])
    store.reviews.drop(dataset)
    assert store.reviews.looked(dataset) is None
    assert not store.reviews.count(Wanted(dataset, span="WHEN"))
    with store._engine.connect() as connection:
        left = "SELECT count(*) FROM entry_spans WHERE bin NOT IN (SELECT number FROM entry_bins)"
        assert connection.exec_driver_sql(left).scalar() == 0
    store.reviews.drop(more)


def test_names_that_no_index_takes_whole_are_kept_and_found(store: SqlStore) -> None:
    long = "".join(sha256(bytes([at])).hexdigest() for at in range(100))
    one, other = f"{long} one", f"{long} other"
    records = [
        Record({"text": "late parcel", one: "a", "label": other}, (Span(0, 4, one),), tags=(long,)),
        Record({"text": "late parcel", other: "a", "label": one}, (Span(0, 4, one), Span(5, 11, other))),
    ]
    dataset = filled(store, records)
    store.reviews.catch_up(dataset)
    first, second = everything(store, dataset)
    assert store.reviews.page(Wanted(dataset, span=other)) == [second]
    assert store.reviews.page(Wanted(dataset, label=one, words="parcel", span=other)) == [second]
    assert store.reviews.page(Wanted(dataset, tag=long)) == [first]
    assert store.reviews.counts(Wanted(dataset, span=one)).by["label"] == {one: 1, other: 1}
    assert sorted(store.reviews.tallies(dataset).spans.values()) == [1, 2]
    store.reviews.change([Change(second.record.id, decision="approved", spans=(Span(0, 4, other),))], "ann")
    assert [store.reviews.count(Wanted(dataset, span=label)) for label in (one, other)] == [1, 1]
    store.reviews.drop(dataset)
    with store._engine.connect() as connection:
        labels = connection.exec_driver_sql("SELECT label FROM entry_spans").scalars().all()
        assert not [label for label in labels if label.startswith(long[:50])]


def stopping(database: str, number: int) -> list[str]:
    """Commands after which an entry cannot be marked."""
    when = f"CREATE TRIGGER stopping BEFORE UPDATE OF twins ON entries {{}} (new.number = {number})"
    if database == "sqlite":
        return [f"{when.format('WHEN')} BEGIN SELECT RAISE(ABORT, 'stop'); END"]
    does = "CREATE FUNCTION stop() RETURNS trigger AS $$ BEGIN RAISE EXCEPTION 'stop'; END $$ LANGUAGE plpgsql"
    return [does, f"{when.format('FOR EACH ROW WHEN')} EXECUTE FUNCTION stop()"]


def test_a_look_for_duplicates_that_was_interrupted_counts_as_none(
    store: SqlStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    dataset = filled(store, [Record({"text": "late parcel"})] * 6)
    numbers = [one.number for one in everything(store, dataset)]
    groups = [numbers[:2], numbers[2:4]]
    store.reviews.mark_twins(dataset, [numbers], 6, "ann")
    monkeypatch.setattr(twins, "CHUNK", 1)
    with store._engine.begin() as connection:
        for command in stopping(connection.dialect.name, numbers[3]):
            connection.exec_driver_sql(command)
    with pytest.raises(StoreFailed):
        store.reviews.mark_twins(dataset, groups, 6, "ann")
    assert store.reviews.looked(dataset) is None
    now = everything(store, dataset)
    assert [one.number for one in store.reviews.page(Wanted(dataset, duplicates=True))] == [
        one.number for one in now if one.twins
    ]
    assert store.reviews.count(Wanted(dataset, duplicates=True)) == sum(one.twins > 0 for one in now)
    with store._engine.begin() as connection:
        of = " ON entries" if connection.dialect.name == "postgresql" else ""
        connection.exec_driver_sql(f"DROP TRIGGER stopping{of}")
    assert store.reviews.mark_twins(dataset, groups, 6, "ann")[2:] == (2, 4, 0)
    assert [one.twins for one in everything(store, dataset)] == [*numbers[:1] * 2, *numbers[2:3] * 2, 0, 0]
