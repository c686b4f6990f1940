"""What a record more costs when there are a thousand, ten thousand, … of them: `python -m benchmarks.growth`.

    python -m benchmarks.growth [--largest 100000] [--only generate,dedup]

Each line is a command in a process of its own, on records of ordinary sentences (12 to 40 words, three labels), or on
the fake server. Processor time and memory are the process's own as the system counts them, disk is what its workspace
or output holds. From size to size: `µs` is the processor time of each further record, `B` the memory (highest, less
that of the size before) and the disk it takes, `n^x` how the time of further records grows; n·log n is about n^1.1
between these sizes. For the list of a review the time is that of a page of 200 from the middle.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from .generation import fake_server, recipe
from .near_duplicates import ordinary

if TYPE_CHECKING:
    from collections.abc import Callable

SIZES = (1_000, 10_000, 100_000, 1_000_000)
LABELS = ("polite", "neutral", "rude")
COMMAND = (sys.executable, "-c", "from seedbed.cli.main import run; run()")


@dataclass(frozen=True, slots=True)
class Cost:
    """Seconds of processor, highest memory and disk in bytes, seconds by the clock."""

    processor: float
    memory: int
    disk: int
    clock: float


def cost_of(command: list[str], left: Path) -> Cost:
    """Runs a command to its end; `left` is what it leaves on disk."""
    begun = time.perf_counter()
    quiet = subprocess.DEVNULL
    with subprocess.Popen([*COMMAND, *command], stdout=quiet, stderr=quiet) as child:
        _, status, used = os.wait4(child.pid, 0)  # of this process alone
        child.returncode = os.waitstatus_to_exitcode(status)
    if status:
        raise SystemExit(f"{' '.join(command)} has failed ({child.returncode}).")
    clock = time.perf_counter() - begun
    return Cost(used.ru_utime + used.ru_stime, used.ru_maxrss * 1024, size_of(left), clock)


def size_of(place: Path) -> int:
    """Bytes of a file or of all files of a folder."""
    return sum(one.stat().st_size for one in (place.rglob("*") if place.is_dir() else [place]) if one.is_file())


def seedbed(*words: str | Path) -> list[str]:
    """A command."""
    return list(map(str, words))


def given(folder: Path, count: int) -> Path:
    """A file of so many records."""
    path = folder / f"given-{count}.jsonl"
    if not path.exists():
        with path.open("w", encoding="utf-8") as file:
            for number, text in zip(range(count), ordinary(count), strict=True):
                file.write(json.dumps({"text": text, "label": LABELS[number % 3]}) + "\n")
    return path


def generating(folder: Path, count: int) -> Cost:
    """Records of a recipe, through checks, near duplicates and the durable store."""
    with fake_server("--latency", "0.02") as url:
        path = folder / f"recipe-{count}.json"
        path.write_text(json.dumps(recipe(url, f"grown-{count}", count, 64)), encoding="utf-8")
        place = folder / f"place-{count}"
        return cost_of(seedbed("generate", path, "--workspace", place), place)


def augmenting(folder: Path, count: int) -> Cost:
    """A changed copy of each record: typing errors."""
    out = folder / f"augmented-{count}.jsonl"
    words = ("augment", given(folder, count), "--transform", "add_typo=1.0", "--mode", "new", "-o", out)
    return cost_of(seedbed(*words), out)


def deduplicating(folder: Path, count: int) -> Cost:
    """Near duplicates left out."""
    out = folder / f"clean-{count}.jsonl"
    return cost_of(seedbed("dedup", given(folder, count), "--near", "0.9", "-o", out), out)


def reporting(folder: Path, count: int) -> Cost:
    """A report with all sections that a file alone allows."""
    out = folder / f"report-{count}.html"
    return cost_of(seedbed("report", given(folder, count), "--html", out), out)


def listing(folder: Path, count: int) -> Cost:
    """A page of the review of a dataset: its own time, not that of taking the records in."""
    from seedbed.core.review.entry import Wanted
    from seedbed.storage.sql import SqlStore

    place = folder / f"listed-{count}"
    cost = cost_of(seedbed("datasets", "import", given(folder, count), "--name", "grown", "--workspace", place), place)
    store = SqlStore(place)
    store.reviews.catch_up("grown")
    after = store.reviews.page(Wanted("grown"), 0, 200)[0].number + count // 2
    begun = time.process_time()
    for _ in range(20):
        store.reviews.page(Wanted("grown", label="rude"), after - 400, 200)
    took = (time.process_time() - begun) / 20
    store.close()
    return Cost(took, cost.memory, size_of(place), took)


WORKS: dict[str, Callable[[Path, int], Cost]] = {
    "generate": generating,
    "augment": augmenting,
    "dedup": deduplicating,
    "report": reporting,
    "review list": listing,
}


def lines_of(name: str, costs: dict[int, Cost]) -> list[str]:
    """A table's lines of one kind of work."""
    lines, was, then, marginal_before = [], 0, Cost(0.0, 0, 0, 0.0), 0.0
    flat = name == "review list"
    for count, cost in costs.items():
        per = count - was
        marginal = cost.processor if flat else (cost.processor - then.processor) / per
        grows = _exponent(marginal, marginal_before, flat=flat) if min(marginal, marginal_before) > 0 else ""
        shown = f"{marginal * 1e3:8.1f} ms" if flat else f"{marginal * 1e6:8.1f} µs"
        memory = f"{(cost.memory - then.memory) / per:8.0f} B" if was else ""
        rest = f"{memory:>10} {cost.disk / count:8.0f} B {cost.memory / 1e6:7.0f} MB  {grows}"
        lines.append(f"{name:<12} {count:>9,} {cost.clock:9.1f} s {shown} {rest}")
        # What a thousand cost is mostly the start of the command: what grows is told from the next size on.
        marginal_before = marginal if was or flat else 0.0
        was, then = count, cost
    return lines


def _exponent(now: float, before: float, *, flat: bool) -> str:
    """How the whole grows, from how the cost of one more grows over a factor of ten."""
    return f"n^{math.log10(now / before) + (0.0 if flat else 1.0):.2f}"


def main() -> None:
    """Measures and prints."""
    parser = argparse.ArgumentParser("benchmarks.growth", description=__doc__)
    parser.add_argument("--largest", type=int, default=100_000)
    parser.add_argument("--only", default="")
    settings = parser.parse_args()
    chosen = [name for name in WORKS if not settings.only or name in settings.only.split(",")]
    print(f"load {os.getloadavg()[0]:.1f}")
    print(f"{'':<12} {'records':>9} {'clock':>11} {'one more':>11} {'memory':>10} {'disk':>10} {'highest':>10}")
    with tempfile.TemporaryDirectory() as name:
        for work in chosen:
            costs: dict[int, Cost] = {}
            for count in SIZES:
                if count <= settings.largest:
                    costs[count] = WORKS[work](Path(name), count)
            print(*lines_of(work, costs), sep="\n", flush=True)


if __name__ == "__main__":
    main()
