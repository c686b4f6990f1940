"""How much one coordinator of a Ray cluster takes in: workers answer out of themselves, so that nothing else is slow.

    python -m benchmarks.ray_limit [--records 60000]      # a cluster of this machine's processes, about two minutes

`prepared` workers make a record and what uniqueness compares, and nothing else; `scripted` ones do all that workers do
but speak HTTP: prompt, reading the answer, checks. `busy` is how many processors the coordinator used: below one it
waited for its workers, or for a processor that others had. Figures are those between a fifth and four fifths of a run.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import tempfile
import time
from itertools import count
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Any

from seedbed.app.build import fresh_novelty
from seedbed.app.cluster import far
from seedbed.app.options import Options
from seedbed.app.runs import generate
from seedbed.app.workspace import Workspace
from seedbed.core.attempt import Answered, Candidate, Finished, Verdict
from seedbed.core.chat import Completion
from seedbed.core.record import Record
from seedbed.recipe.document import Recipe

from .generation import recipe
from .ray import start, workers

if TYPE_CHECKING:
    from collections.abc import Callable

    from seedbed.core.attempt import Job
    from seedbed.engine.generate import Generation
    from seedbed.executors.bench import Lent

ROOM = 512
"""Jobs at once at each worker."""

WORDS = [f"{first}{second}" for first in ("an", "be", "co", "du", "el", "fo", "gri") for second in ("ta", "mi", "ro")]


class Prepared:
    """The `FarWorker` port: every job is done at once."""

    room = ROOM

    def __init__(self, lent: Lent) -> None:
        self._novelty = fresh_novelty(Recipe.of(lent.spec.recipe))
        self._random = Random(os.getpid())
        self._numbers = count()

    async def work(self, job: Job, answered: Callable[[Answered], None]) -> Finished:
        """See `Worker.work`."""
        attempt, number = job.attempt, next(self._numbers)
        text = " ".join((*self._random.choices(WORDS, k=12), f"{os.getpid()}x{number}"))
        answered(Answered(attempt, b"{}", f"{attempt.number}", 0, attempt.model, Completion(text), None, 120, 20, 1))
        record = Record({"text": text, **attempt.cell})
        candidate = Candidate(record, Verdict(True), features=self._novelty.features(record))
        await asyncio.sleep(0)
        return Finished(attempt, [candidate], attempt.model)

    async def prepare(self) -> None:
        """See `FarWorker.prepare`."""

    def share(self, place: int, of: int) -> None:
        """See `FarWorker.share`."""

    def halt(self) -> None:
        """See `Models.halt`."""

    def leave(self) -> None:
        """See `Models.leave`."""

    async def aclose(self) -> None:
        """See `Worker.aclose`."""


def open_prepared(lent: Lent) -> Any:
    """One of them, in its process."""
    return Prepared(lent)


def measure(records: int, number: int) -> dict[str, float]:
    """One run with so many workers."""
    asked = recipe("http://127.0.0.1:9/v1", "limit", records, ROOM) | {"model": "scripted"}
    del asked["connections"]
    seen: list[tuple[int, float, float, float]] = []

    def watch(generation: Generation) -> None:
        seen.append((generation.desk.accounts.accepted, time.monotonic(), time.process_time(), sum(workers().values())))

    with tempfile.TemporaryDirectory() as folder, Workspace(folder) as place:
        options = Options(Path(folder), executor="ray", workers=number, watch=watch)
        ended = asyncio.run(generate(place, Recipe.of(asked), options))
    assert ended.figures["accepted"] == records, ended
    middle = [one for one in seen if records * 0.2 <= one[0] <= records * 0.8]
    made, took, used, theirs = (last - first for first, last in zip(middle[0], middle[-1], strict=True))
    return {
        "records_s": made / took,
        "coordinator_ms": used / made * 1000,
        "busy": used / took,
        "workers_ms": theirs / made * 1000,
        "limit": made / used,
    }


def main() -> None:
    """Prints one line for each case."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--records", type=int, default=60_000)
    records = options.parse_args().records
    start()
    whole = far.open_worker
    for name, opened in (("prepared", open_prepared), ("scripted", whole)):
        far.open_worker = opened
        for number in (1, 2):
            load = os.getloadavg()[0]
            found = measure(records, number)
            told = ", ".join(f"{key} {value:,.4g}" for key, value in found.items())
            print(f"{number} {name} (load {load:.1f} on {os.cpu_count()} processors): {told}", flush=True)


if __name__ == "__main__":
    main()
