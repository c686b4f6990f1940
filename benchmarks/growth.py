"""What a record more costs when there are a thousand, ten thousand, … of them: `python -m benchmarks.growth`.

    python -m benchmarks.growth [--largest 100000] [--only generate,dedup] [--sizes 200000]
    python -m benchmarks.growth --million FILE    # takes in what `benchmarks.million --json FILE` found
    python -m benchmarks.growth --page            # docs/growth.md anew

Each measurement is a command in a process of its own, on records of ordinary sentences (12 to 40 words, three labels),
or on the fake server. Processor time and memory are the process's own as the system counts them, disk is what its
workspace or output holds. For the list of a review the time is that of a page of 200 from the middle. What is measured
goes into `growth.json` beside this file, in place of what was there for the same work and number of records, and
`docs/growth.md` is made of that.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from . import growth_page
from .generation import fake_server, recipe
from .near_duplicates import ordinary

if TYPE_CHECKING:
    from collections.abc import Callable

SIZES = (1_000, 10_000, 100_000, 1_000_000)
LABELS = ("polite", "neutral", "rude")
COMMAND = (sys.executable, "-c", "from seedbed.cli.main import run; run()")


@dataclass(frozen=True, slots=True)
class Cost:
    """Seconds of processor, highest memory and disk in bytes, seconds by the clock, the machine's load meanwhile."""

    processor: float
    memory: int
    disk: int
    clock: float
    load: float = 0.0


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
    return Cost(used.ru_utime + used.ru_stime, used.ru_maxrss * 1024, size_of(left), clock, os.getloadavg()[0])


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
    return Cost(took, cost.memory, size_of(place), took, os.getloadavg()[0])


WORKS: dict[str, Callable[[Path, int], Cost]] = {
    "generate": generating,
    "augment": augmenting,
    "dedup": deduplicating,
    "report": reporting,
    "review list": listing,
}


def keep(work: str, count: int, cost: Cost) -> None:
    """Writes a measurement down, and says it."""
    figures = growth_page.figures()
    by_size = {**figures.get(work, {}), str(count): {name: round(value, 4) for name, value in asdict(cost).items()}}
    figures[work] = dict(sorted(by_size.items(), key=lambda pair: int(pair[0])))
    growth_page.FIGURES.write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")
    print(f"{work:<12} {count:>9,}  {cost.processor:8.2f} s  {cost.memory / 1e6:7.0f} MB  {cost.disk / 1e6:7.0f} MB")
    sys.stdout.flush()


def of_million(path: Path) -> tuple[int, Cost]:
    """What a run cost that was killed once, the resumption included."""
    found = json.loads(path.read_text(encoding="utf-8"))
    cost = Cost(found["processor"], found["peak"], found["disk"], found["clock"], max(found["load"]))
    return found["records"], cost


def measured(given: argparse.Namespace) -> None:
    """Measures what is asked for."""
    sizes = [int(size) for size in given.sizes.split(",")] if given.sizes else SIZES
    with tempfile.TemporaryDirectory() as name:
        for work in [work for work in WORKS if not given.only or work in given.only.split(",")]:
            for count in sizes:
                if given.sizes or count <= given.largest:
                    keep(work, count, WORKS[work](Path(name), count))


def main() -> None:
    """Measures, keeps and makes the page."""
    parser = argparse.ArgumentParser("benchmarks.growth", description=__doc__)
    parser.add_argument("--largest", type=int, default=100_000)
    parser.add_argument("--sizes", default="")
    parser.add_argument("--only", default="")
    parser.add_argument("--million", type=Path)
    parser.add_argument("--page", action="store_true")
    given = parser.parse_args()
    if given.million:
        keep("generate", *of_million(given.million))
    elif not given.page:
        measured(given)
    growth_page.write()


if __name__ == "__main__":
    main()
