"""How quickly a page of a large dataset is there: `python -m benchmarks.review [--records 1000000] [--folder F]`.

A dataset of so many records in a store of its own, or in a folder or a PostgreSQL database (`--database-url`) where it
is made once; a third reviewed, from the
first ones on as people do it. Of each kind of page (no filter, each filter, each two of them, each order, words) the
first one and one from the middle, the best of three goes, as other work disturbs some. Under what takes more than
100 ms stands what the database sorts or goes through for it. Times are of the processor, with that of a PostgreSQL
server if it runs on the same machine.
"""

from __future__ import annotations

import argparse
import os
import random
import tempfile
import time
from itertools import combinations, islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

import orjson
from sqlalchemy import event, insert

from seedbed.core.review.entry import Change, Wanted
from seedbed.core.stored import StoredRun
from seedbed.storage.sql import SqlStore
from seedbed.storage.tables import records

from .near_duplicates import ordinary

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from seedbed.core.review.entry import Entry

GOES = 3
BOUND = 100
"""Milliseconds."""

LABELS = ["polite", "rude", "odd", *(f"label {number}" for number in range(27))]


def rows(run: int, count: int) -> Iterator[dict[str, object]]:
    """Records as a journal writes them; one label in the last tenth alone, every third text with a frequent word.

    Most have spans; `ORG` is in those with one of the labels only, `RARE` in every thousandth of the last tenth.
    """
    rng = random.Random(3)
    for number, words in enumerate(islice(ordinary(count), count)):
        label = "late" if number > 0.9 * count and rng.random() < 0.5 else rng.choice(LABELS)
        common = f"{words} parcel" if number % 3 == 0 else words
        data = {"values": {"text": common, "label": label}}
        more: dict[str, Any] = {"spans": [_span(name) for name in _names(rng, label, number / count)]}
        if number % 50 == 0:
            more["tags"] = ["hard"]
        yield {
            "run": run,
            "attempt": number,
            "model": rng.choice(["a:m", "b:m", "c:m"]),
            "data": orjson.dumps(data | more),
        }


def _names(rng: random.Random, label: str, place: float) -> list[str]:
    found = [name for name, share in (("PERSON", 0.6), ("DATE", 0.3), ("CITY", 0.1)) if rng.random() < share]
    found += ["ORG"] if label == "polite" else []
    return found + (["RARE"] if place > 0.9 and rng.random() < 0.001 else [])


def _span(label: str) -> dict[str, Any]:
    return {"start": 0, "end": 3, "label": label, "field": "text"}


def filled(store: SqlStore, count: int) -> None:
    """Writes the records, takes them in, and says how long that took."""
    run = store.create_run(StoredRun("", "large", "complete", {}, {}, "large", ["text", "label"], 7))
    fixed = {"slot": 0, "state": "accepted", "reason": "", "detail": "", "cell": "[]", "at": 0}
    made = rows(run.number, count)
    while part := list(islice(made, 10_000)):
        with store._engine.begin() as connection:  # noqa: SLF001 - a million rows, without a run's ceremony
            connection.execute(insert(records), [fixed | row for row in part])
    start = time.perf_counter()
    store.reviews.catch_up("large", 500)
    print(f"the first 500 are there after {time.perf_counter() - start:.2f} s")
    start, clock = time.process_time(), time.perf_counter()
    store.reviews.catch_up("large")
    seconds = time.process_time() - start
    print(f"taken in: {count / seconds:,.0f} records/s of processor, {time.perf_counter() - clock:.1f} s by the clock")


def reviewed(store: SqlStore, count: int) -> None:
    """Decides on the first third of the records, and says how long that took."""
    start, clock = time.process_time(), time.perf_counter()
    rng = random.Random(4)
    bound = store.reviews.page(Wanted("large"), limit=1)[0].number + count // 3

    def decided(entry: Entry) -> Change | None:
        if entry.number >= bound:
            return Change(entry.record.id, decision="flagged", doubt=rng.random()) if rng.random() < 0.001 else None
        decision = rng.choices(["approved", "declined", "flagged"], [90, 9, 1])[0]
        reason = rng.choice(["off topic", "not polite", "too long"]) if decision == "declined" else ""
        work = rng.choice(["todo", "doing", "done"]) if decision == "approved" and rng.random() < 0.3 else None
        person = rng.choice(["ann", "bob"]) if work else None
        doubt = rng.random() if decision == "flagged" else None
        given: dict[str, Any] = {"decision": decision, "reason": reason, "work": work, "person": person, "doubt": doubt}
        return Change(entry.record.id, **given)

    done = store.reviews.change_all(Wanted("large"), decided, "ann")
    seconds = time.process_time() - start
    print(
        f"decided: {done:,} in {seconds:.1f} s of processor, {time.perf_counter() - clock:.1f} s by the clock, all read"
    )


def paired(store: SqlStore, count: int) -> None:
    """Takes down that every fifth record says nearly the same as the one a thousand before it, and says how long."""
    start = time.process_time()
    first = store.reviews.page(Wanted("large"), limit=1)[0].number
    found = store.reviews.mark_twins(
        "large", ([at, at + 1_000] for at in range(first, first + count - 1_000, 10)), count, "ann"
    )
    print(f"marked: {found.records:,} in {found.groups:,} groups, {time.process_time() - start:.1f} s of processor")


def working(store: SqlStore) -> Callable[[], float]:
    """Seconds that this process and the server's for it have worked."""
    if store._engine.dialect.name == "sqlite":  # noqa: SLF001 - see above
        return time.process_time
    with store._engine.connect() as connection:  # noqa: SLF001 - the one that stays open is used for all
        found = connection.exec_driver_sql("SELECT pid FROM pg_stat_activity WHERE datname = current_database()")
        counters = [Path(f"/proc/{pid}/schedstat") for pid in found.scalars()]

    def worked() -> float:
        there = [int(one.read_text("ascii").split()[0]) for one in counters if one.exists()]
        return time.process_time() + sum(there) / 1e9

    return worked


def quickest(do: Callable[[], object], clock: Callable[[], float]) -> float:
    """Milliseconds of processor, of the best of some goes: by the clock it is more only where others work, too."""
    goes = []
    for _ in range(GOES):
        start = clock()
        do()
        goes.append(clock() - start)
    return 1000 * min(goes)


class Watched:
    """What is asked of a store, and what the database does for it."""

    def __init__(self, store: SqlStore) -> None:
        self.asked: list[tuple[str, Any]] = []
        self._engine = store._engine  # noqa: SLF001 - the plans are the store's own matter
        event.listen(self._engine, "before_cursor_execute", self._take_down)

    def _take_down(self, _c: object, _u: object, statement: str, parameters: Any, _x: object, many: bool) -> None:
        if not many and statement.startswith("SELECT"):
            self.asked.append((statement, parameters))

    def problems(self) -> list[str]:
        """Steps of the plans that sort, or go through a whole table."""
        asked, found = list(self.asked), []
        with self._engine.connect() as connection:
            explain, at = ("EXPLAIN QUERY PLAN", 3) if connection.dialect.name == "sqlite" else ("EXPLAIN", 0)
            for statement, parameters in asked:
                steps = [row[at] for row in connection.exec_driver_sql(f"{explain} {statement}", parameters)]
                found += [f"{step.strip()}: {statement[:90]}" for step in steps if _is_problem(step)]
        return list(dict.fromkeys(found))


def _is_problem(step: str) -> bool:
    if step.startswith("SCAN"):
        return "VIRTUAL" not in step
    return any(sign in step for sign in ("TEMP", "Sort ", "Seq Scan"))


def pages() -> Iterator[tuple[str, Wanted]]:
    """What is looked for, each with its name."""
    filters: dict[str, dict[str, Any]] = {
        "to do": {"decision": "todo"},
        "approved": {"decision": "approved"},
        "flagged": {"decision": "flagged"},
        "a label": {"label": "odd"},
        "a label of the end": {"label": "late"},
        "a model": {"model": "b:m"},
        "a source": {"source": "synthetic"},
        "a tag": {"tag": "hard"},
        "a reason": {"reason": "too long"},
        "a person": {"person": "ann"},
        "tasks": {"handed_over": True},
        "tasks to do": {"work": "todo"},
        "doubted": {"doubted": True},
        "duplicates": {"duplicates": True},
        "a span": {"span": "PERSON"},
        "a span of one label": {"span": "ORG"},
        "a rare span": {"span": "RARE"},
        "a frequent word": {"words": "parcel"},
        "a rare beginning": {"words": "zy"},
        "two words": {"words": "parcel the"},
        "no such word": {"words": "nowhere to be found"},
    }
    for sort in ("first", "last", "doubt", "twins"):
        yield f"all, {sort}", Wanted("large", sort=sort)
        for name, fields in filters.items():
            yield f"{name}, {sort}", Wanted("large", sort=sort, **fields)
    for (one, fields), (other, more) in combinations(filters.items(), 2):
        if not fields.keys() & more.keys():
            yield f"{one} and {other}", Wanted("large", **fields, **more)


def measured(store: SqlStore, count: int) -> None:
    """Prints the table, what is slow, and the worst of all."""
    reviews, watched, times = store.reviews, Watched(store), []
    middle = reviews.page(Wanted("large"), limit=1)[0].number + count // 2
    clock = working(store)
    print(f"{'page of 200':46} {'first':>8} {'middle':>8}  ms")
    for name, wanted in pages():
        watched.asked.clear()
        first = quickest(lambda wanted=wanted: reviews.page(wanted), clock)  # type: ignore[misc]
        far = quickest(lambda wanted=wanted: reviews.page(wanted, middle), clock)  # type: ignore[misc]
        times.append((max(first, far), name))
        print(f"{name:46} {first:8.1f} {far:8.1f}", flush=True)
        if max(first, far) > BOUND:
            print(*(f"    {problem}" for problem in watched.problems()), sep="\n")
    for name, counted in _others(store):
        times.append((quickest(counted, clock), name))
        print(f"{name:46} {times[-1][0]:8.1f}")
    own = reviews.page(Wanted("large"), middle, 1)[0].record.id
    times.append((quickest(lambda: reviews.alike(own), clock), "what is like one"))
    print(f"{times[-1][1]:46} {times[-1][0]:8.1f}")
    slow = sorted((one for one in times if one[0] > BOUND), reverse=True)
    print(
        f"{len(slow)} of {len(times)} take more than {BOUND} ms:",
        *(f"{name} {ms:.0f}" for ms, name in slow),
        sep="\n  ",
    )


def _others(store: SqlStore) -> tuple[tuple[str, Callable[[], object]], ...]:
    reviews = store.reviews
    return (
        ("counts", lambda: reviews.counts(Wanted("large"))),
        ("counts of a span", lambda: reviews.counts(Wanted("large", span="PERSON"))),
        ("count of duplicates", lambda: reviews.count(Wanted("large", duplicates=True))),
        ("when duplicates were looked for", lambda: reviews.looked("large")),
        ("is anything waiting", waiting(store)),
    )


def waiting(store: SqlStore) -> Callable[[], int]:
    """What each page asks first."""
    return lambda: store.reviews.catch_up("large", 500)


def main() -> None:
    """Prints the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--records", type=int, default=100_000)
    parser.add_argument("--folder", type=Path)
    parser.add_argument("--database-url", help="of a PostgreSQL database")
    given = parser.parse_args()
    print(f"load {os.getloadavg()[0]:.2f}; {given.records:,} records")
    with tempfile.TemporaryDirectory() as folder:
        store = SqlStore(given.folder or Path(folder), given.database_url)
        if not store.runs():
            filled(store, given.records)
            reviewed(store, given.records)
            paired(store, given.records)
        measured(store, given.records)
        store.close()


if __name__ == "__main__":
    main()
