"""Memory while records are made: the resident set may grow by the duplicate index only.

    python -m benchmarks.memory [--records 200000]
    python -m benchmarks.memory --index 1000000 [--json FILE]    # what the index alone takes, near and exact

A run on the fake server, sampled at every tenth of the way; the last column is growth per record since the first
sample. The output file is streamed from the store. `--json` adds what was found to a file of `benchmarks.million`.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING

import psutil

from .generation import fake_server, recipe

if TYPE_CHECKING:
    from seedbed.engine.generate import Generation


def remembered(count: int, *, exact: bool) -> dict[str, float]:
    """What uniqueness takes for so many sentences of the fake server with three labels, or without any and by equality
    alone: bytes and seconds of processor."""
    from seedbed.checks.duplicates import Uniqueness
    from seedbed.core.record import Record
    from seedbed.storage.shelf import FileShelf
    from seedbed.testing.grammar import sentence

    random, process, seconds = Random(7), psutil.Process(), 0.0
    novelty = Uniqueness(near=not exact, labelled=not exact, shelf=FileShelf)
    before = process.memory_info().rss
    for start in range(0, count, 1_000):
        labels = ("polite", "neutral", "impolite")
        made = [Record({"text": sentence(random.random), "label": labels[at % 3]}) for at in range(1_000)]
        since = time.process_time()
        for at, record in enumerate(made, start):
            record.id = f"million-1:{at}.0"
            features = novelty.features(record)
            if novelty.peek(record, features).passed:
                novelty.remember(record, features)
        seconds += time.process_time() - since
    return {"bytes": process.memory_info().rss - before, "seconds": seconds, "remembered": len(novelty)}


def index(count: int, path: Path | None) -> None:
    """Measures both kinds, each in a process of its own, and takes down what they found."""
    found = {}
    for kind in ("near", "exact"):
        command = [sys.executable, "-m", "benchmarks.memory", "--index", str(count), "--kind", kind]
        found[kind] = json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout)
        each, seconds = found[kind]["bytes"] / count, found[kind]["seconds"] / count
        print(f"{kind}: {each:,.0f} B and {seconds * 1e6:.1f} µs a record, {found[kind]['remembered']:,} remembered")
    if path:
        near, exact = found["near"], found["exact"]
        figures = json.loads(path.read_text(encoding="utf-8"))
        figures |= {"index_records": count, "index": near["bytes"] / count, "exact_index": exact["bytes"] / count}
        figures |= {"index_seconds": near["seconds"] / count, "exact_index_seconds": exact["seconds"] / count}
        path.write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")


def main() -> None:
    """Measures what is asked for."""
    parser = argparse.ArgumentParser("benchmarks.memory", description=__doc__)
    parser.add_argument("--records", type=int, default=200_000)
    parser.add_argument("--index", type=int)
    parser.add_argument("--kind", choices=("near", "exact"), help=argparse.SUPPRESS)
    parser.add_argument("--json", type=Path)
    given = parser.parse_args()
    if given.kind:
        print(json.dumps(remembered(given.index, exact=given.kind == "exact")))
    elif given.index:
        index(given.index, given.json)
    else:
        of_run(given.records)


def of_run(records: int) -> None:
    """Prints the table of a run."""
    from seedbed.app.loop import run
    from seedbed.app.options import Options
    from seedbed.app.output import Output
    from seedbed.app.runs import generate
    from seedbed.app.workspace import Workspace
    from seedbed.recipe.document import Recipe

    process = psutil.Process()
    samples: list[tuple[int, int]] = []

    def watch(generation: Generation) -> None:
        accepted = generation.desk.accounts.accepted
        if accepted >= (len(samples) + 1) * records // 10:
            samples.append((accepted, process.memory_info().rss))

    print(f"{records:,} records; load {os.getloadavg()[0]:.2f} at the start")
    with fake_server("--latency", "0.02") as url, tempfile.TemporaryDirectory() as folder:
        output = Path(folder) / "out.csv"
        with Workspace(Path(folder) / "work") as workspace:
            document = Recipe.of(recipe(url, "memory", records, 64))
            result = run(generate(workspace, document, Options(output=Output(output), watch=watch)))
        assert result.figures["accepted"] == records
        sizes = [path.stat().st_size for path in (Path(folder) / "work").glob("seedbed.db*")]
        print(f"output {output.stat().st_size / 1e6:,.1f} MB, store {sum(sizes) / records:,.0f} bytes per record")
    first = samples[0]
    print(f"{'records':>10} {'resident MB':>12} {'bytes per record since the first line':>40}")
    for accepted, resident in samples:
        growth = (resident - first[1]) / max(1, accepted - first[0])
        print(f"{accepted:>10,} {resident / 1e6:>12,.1f} {growth:>40,.0f}")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    print(f"peak, writing the output included: {peak / 1e6:,.1f} MB; load {os.getloadavg()[0]:.2f} at the end")


if __name__ == "__main__":
    main()
