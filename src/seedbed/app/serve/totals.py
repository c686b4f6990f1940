"""What the runs of a workspace do, added up from what their drivers write down."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta
from threading import Lock
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from seedbed.core.stored import Store, StoredRun

Work = Counter[tuple[str, ...]]
"""Amounts by what they are of: ("records", state), ("calls", connection), ("tokens", connection, "input" or "output"),
("cost", connection)."""

ENDS = ("accepted", "rejected", "failed", "surplus")

SLACK = timedelta(seconds=5)
"""Times of runs are stored to the second, and clocks are set."""


class Totals:
    """What was done since the first look, whoever did it: totals that never fall, also where runs are removed.

    Reads the figures of those runs alone that changed since the look before. May be used from any thread.
    """

    def __init__(self, store: Store) -> None:
        self._store = store
        self._known: dict[str, Work] = {}
        self._work: Work = Counter({("records", state): 0 for state in ENDS})
        self._seen = ""
        self._lock = Lock()

    def begin(self) -> None:
        """Takes what is there as done before."""
        with self._lock:
            self._seen = _now()
            self._known = {run.id: work_of(run) for run in self._store.runs()}

    def look(self) -> Work:
        """What was done up to now."""
        with self._lock:
            marks = self._store.watching.marks(self._seen)
            self._seen = _now()
            for mark in marks:
                run = self._store.run(mark.id)
                if run is not None:
                    self._take(run)
            return Counter(self._work)

    def _take(self, run: StoredRun) -> None:
        work, before = work_of(run), self._known.get(run.id, Counter())
        for what, amount in work.items():
            self._work[what] += max(0, amount - before[what])
        self._known[run.id] = work


def work_of(run: StoredRun) -> Work:
    """What a run did, by its figures."""
    work: Work = Counter()
    figures = run.figures or {}
    if run.kind != "generate" or "models" not in figures:
        return work
    work["records", "accepted"] = figures["accepted"]
    work["records", "rejected"] = sum(figures["rejected"].values())
    work["records", "failed"] = sum(figures["failed"].values())
    work["records", "surplus"] = figures["surplus"]
    for model, did in figures["models"].items():
        _add(work, model.partition(":")[0], did)
    return work


def _add(work: Work, connection: str, did: dict[str, Any]) -> None:
    work["calls", connection] += did["calls"]
    for kind, amount in did.get("tokens", {}).items():  # runs of an older Seedbed have none
        work["tokens", connection, kind] += amount
    work["cost", connection] += did["cost"] or 0


def _now() -> str:
    return (datetime.now(UTC) - SLACK).isoformat(timespec="seconds")
