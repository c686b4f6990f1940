"""How quickly a page of a large dataset is there: `python -m benchmarks.review [--records 1000000]`.

A dataset of so many records in a store of its own, a third of them reviewed. Of each kind of page, the first and one
from the middle, the slower of them counts; the best of five goes, as other work disturbs some. Printed beside it is
what reading 200 rows by their numbers takes, which no page can go below.
"""

from __future__ import annotations

import argparse
import os
import random
import tempfile
import time
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

import orjson
from sqlalchemy import text

from seedbed.core.review.entry import Change, Wanted
from seedbed.core.stored import StoredRun
from seedbed.storage.sql import SqlStore

from .near_duplicates import ordinary

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

GOES = 5


def rows(run: int, count: int) -> Iterator[dict[str, object]]:
    """Records as a journal writes them."""
    rng = random.Random(3)
    for number, words in enumerate(islice(ordinary(count), count)):
        data = {"values": {"text": words, "label": rng.choice(["polite", "rude", "odd"])}}
        if number % 50 == 0:
            data["tags"] = ["hard"]  # type: ignore[assignment]
        yield {"run": run, "attempt": number, "data": orjson.dumps(data), "model": rng.choice(["a:m", "b:m"])}


def filled(store: SqlStore, count: int) -> None:
    """Writes the records, takes them in, and says how long that took."""
    run = store.create_run(StoredRun("", "large", "complete", {}, {}, "large", ["text", "label"], 7))
    command = text(
        "INSERT INTO records (run, attempt, slot, state, reason, detail, cell, model, data, at)"
        " VALUES (:run, :attempt, 0, 'accepted', '', '', '[]', :model, :data, 0)"
    )
    made = rows(run.number, count)
    while part := list(islice(made, 10_000)):
        with store._engine.begin() as connection:  # noqa: SLF001 - a million rows, without a run's ceremony
            connection.execute(command, part)
    start = time.process_time()
    store.reviews.catch_up("large")
    print(f"taken in: {count / (time.process_time() - start):,.0f} records/s of processor")


def reviewed(store: SqlStore, count: int) -> None:
    """Decides on a third of the records, and says how long that took."""
    start = time.process_time()
    rng = random.Random(4)
    done = 0
    for decision, share in (("approved", 0.3), ("declined", 0.03), ("flagged", 0.001)):
        done += store.reviews.change_all(
            Wanted("large", decision="todo"),
            lambda one, decision=decision, share=share: (  # type: ignore[misc]
                Change(one.record.id, decision=decision) if rng.random() < share else None
            ),
            "ann",
        )
    print(f"decided: {done:,} in {time.process_time() - start:.1f} s of processor, all read three times")


def quickest(do: Callable[[], object]) -> float:
    """Milliseconds by the clock, of the best of some goes."""
    goes = []
    for _ in range(GOES):
        start = time.perf_counter()
        do()
        goes.append(time.perf_counter() - start)
    return 1000 * min(goes)


def main() -> None:
    """Prints the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--records", type=int, default=100_000)
    count = parser.parse_args().records
    print(f"load {os.getloadavg()[0]:.2f}; {count:,} records")
    with tempfile.TemporaryDirectory() as folder:
        store = SqlStore(Path(folder))
        filled(store, count)
        reviewed(store, count)
        reviews, middle = store.reviews, count // 2
        word = reviews.page(Wanted("large"), middle, 1)[0].record.text.split()[0]
        pages = {
            "all": Wanted("large"),
            "the last first": Wanted("large", sort="last"),
            "to do": Wanted("large", decision="todo"),
            "flagged, one in a thousand": Wanted("large", decision="flagged"),
            "of one label": Wanted("large", label="odd"),
            "label, decision and model": Wanted("large", label="odd", decision="declined", model="b:m"),
            "of a label, flagged": Wanted("large", label="odd", decision="flagged"),
            "with a tag, one in fifty": Wanted("large", tag="hard"),
            "tag and decision": Wanted("large", tag="hard", decision="flagged"),
            "with a word": Wanted("large", words=word),
            "with the beginning of a word": Wanted("large", words=word[:2]),
            "word, label and decision": Wanted("large", words=word, label="odd", decision="flagged"),
            "nothing of that": Wanted("large", words="nowhere to be found"),
        }
        print(f"{'page of 200':32} {'first':>8} {'middle':>8}  ms")
        for name, wanted in pages.items():
            first = quickest(lambda wanted=wanted: reviews.page(wanted))  # type: ignore[misc]
            far = quickest(lambda wanted=wanted: reviews.page(wanted, middle))  # type: ignore[misc]
            print(f"{name:32} {first:8.1f} {far:8.1f}", flush=True)
        print(f"{'counts':32} {quickest(lambda: reviews.counts(Wanted('large'))):8.1f}")
        store.close()


if __name__ == "__main__":
    main()
