"""Memory while records are made: the resident set may grow by the duplicate index only.

    python -m benchmarks.memory [--records 200000]

A run on the fake server, sampled at every tenth of the way; the last column is growth per record since the first
sample. The output file is streamed from the store.
"""

from __future__ import annotations

import argparse
import os
import resource
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import psutil

from .generation import fake_server, recipe

if TYPE_CHECKING:
    from seedbed.engine.generate import Generation


def main() -> None:
    """Prints the table."""
    from seedbed.app.loop import run
    from seedbed.app.options import Options
    from seedbed.app.output import Output
    from seedbed.app.runs import generate
    from seedbed.app.workspace import Workspace
    from seedbed.recipe.document import Recipe

    parser = argparse.ArgumentParser()
    parser.add_argument("--records", type=int, default=200_000)
    records = parser.parse_args().records
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
