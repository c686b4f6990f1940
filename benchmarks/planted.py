"""What the finders find of what was planted: `python -m benchmarks.planted [--records N] [--million]`.

A seeded corpus of ordinary texts (12 to 40 words, as in `near_duplicates`) under four labels, into which are planted:
5 % exact copies, 10 % near ones (one to three words changed, as many as leave them near at 0.9), 2 % the same text
under another label; and, for a reference, 1 % of its rows. Recall is what was found of the planted, precision the share
of the found that are like a text they were made of; which of two comes first does not matter. With `--million` the time
and memory of `dedup` on a million texts, beside those of 100,000. The machine's load stands above.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections import Counter
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from seedbed.reports.duplicates import again, against, clusters_of
from seedbed.reports.table import Table

from .near_duplicates import ordinary

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

LABELS = "abcd"
KINDS = ("exact", "near", "cross_label")
Row = tuple[str, str, int, str]
"""Text, label, the number of the text it is made of, and how it was planted ("" for an original)."""


def planted(count: int, seed: int = 3) -> list[Row]:
    """The corpus, mixed."""
    rng = random.Random(seed)
    texts = list(islice(ordinary(count), count))
    labels = [rng.choice(LABELS) for _ in texts]
    rows: list[Row] = [(text, label, at, "") for at, (text, label) in enumerate(zip(texts, labels, strict=True))]
    rows += [(texts[at], labels[at], at, "exact") for at in rng.sample(range(count), count // 20)]
    rows += [(edited(texts[at], rng), labels[at], at, "near") for at in rng.sample(range(count), count // 10)]
    rows += [
        (texts[at], rng.choice([one for one in LABELS if one != labels[at]]), at, "cross_label")
        for at in rng.sample(range(count), count // 50)
    ]
    rng.shuffle(rows)
    return rows


def edited(text: str, rng: random.Random) -> str:
    """One to three words changed, a tenth of them at most."""
    words = text.split()
    for at in rng.sample(range(len(words)), rng.randint(1, min(3, len(words) // 10))):
        words[at] = words[at][::-1] + "q"
    return " ".join(words)


def found_of(rows: list[Row]) -> Iterator[tuple[str, int, int, int, int]]:
    """Kind, planted, of these found, found in all, of these in the group of what they are said to be like."""
    table = table_of(rows)
    found = [one for places in clusters_of(table) for one in again(table, places)]
    for kind in KINDS:
        own = [one for one in found if one.kind == kind]
        wanted = Counter(row[2] for row in rows if row[3] == kind)
        met = Counter(rows[one.place][2] for one in own)
        right = sum(rows[one.place][2] == rows[one.like][2] for one in own)
        yield kind, wanted.total(), (wanted & met).total(), len(own), right


def table_of(rows: list[Row]) -> Table:
    """The rows as a report sees them."""
    empty = [""] * len(rows)
    return Table(empty, [row[0] for row in rows], [row[1] for row in rows], empty, empty)


def leaked(rows: list[Row], seed: int = 4) -> tuple[int, int]:
    """How many rows of a reference of which a hundredth is in the corpus are found, of how many."""
    rng = random.Random(seed)
    own = rng.sample([row for row in rows if not row[3]], len(rows) // 100)
    texts = {row[2] for row in own}
    others = [(f"{text} and more of it than that by far", "") for text in islice(ordinary(2000), 1000, 2000)]
    found = against(
        table_of([row for row in rows if row[2] in texts and not row[3]]), [*((row[0], row[1]) for row in own), *others]
    )
    return found["exact"], len(own)


def dedup(rows: Iterable[Row], count: int) -> None:
    """Prints what `seedbed dedup` takes, in a process of its own."""
    with tempfile.TemporaryDirectory() as folder:
        given = Path(folder, "in.jsonl")
        with given.open("w") as stream:
            for text, label, *_ in rows:
                stream.write(json.dumps({"text": text, "label": label}) + "\n")
        command = [sys.executable, "-m", "benchmarks.planted", "--measured", "dedup", str(given)]
        done = subprocess.run(
            [*command, "-o", str(Path(folder, "out.jsonl"))], capture_output=True, text=True, check=True
        )
    seconds, megabytes = done.stdout.split()[-2:]
    rate, each = count / float(seconds), int(megabytes) * 1e6 / count
    print(f"dedup of {count:>9,}: {rate:8,.0f} texts/s of processor, {megabytes} MB gained, {each:,.0f} bytes a record")


def measured(arguments: list[str]) -> None:
    """Runs a command in this process and prints its processor time and the memory it gained."""
    from typer.testing import CliRunner

    from seedbed.cli.main import app

    start, before = time.process_time(), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    result = CliRunner().invoke(app, arguments)
    gained = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    print(result.output if result.exit_code else "", round(time.process_time() - start, 2), gained // 1024)


def main() -> None:
    """Prints the tables."""
    if sys.argv[1:2] == ["--measured"]:
        measured(sys.argv[2:])
        return
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--records", type=int, default=20_000, help="texts before anything is planted")
    parser.add_argument("--million", action="store_true", help="measure dedup of a million texts, too")
    options = parser.parse_args()
    rows = planted(options.records)
    print(f"load {os.getloadavg()[0]:.2f}; {len(rows):,} records")
    print(f"{'planted':12} {'planted':>8} {'recall':>8} {'found':>8} {'precision':>10}")
    for kind, wanted, met, own, right in found_of(rows):
        print(f"{kind:12} {wanted:8,} {met / wanted:8.2%} {own:8,} {right / own:10.2%}")
    hits, of = leaked(rows)
    print(f"{'leaked':12} {of:8,} {hits / of:8.2%}")
    for count in (100_000, 1_000_000) if options.million else (100_000,):
        dedup((row for row in planted(int(count / 1.17))), count)


if __name__ == "__main__":
    main()
