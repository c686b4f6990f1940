"""What label noise finds of labels that were flipped: `python -m benchmarks.label_noise [FILE …] [--records N …]`.

Of each set 8 % of the labels are changed to another one, drawn with a seed, and the set is examined as `seedbed labels
suspects` does. `top 12 %` is the share of the flipped labels among the most suspicious 12 % of all records. `estimate`
is what confident learning takes for the share of wrong labels, of the set as it is and with the flips. Precision and
recall are those of the queue, as many records as are estimated wrong; `right` is the share of them that get back the
label they had. Made sets: one that words tell apart, and one where they hardly do. A FILE has texts and labels.

With `--records`, the time and the memory for so many records of 25 words with five labels, each in a process of its
own. Processor time is the figure to compare where other work runs; the machine's load stands above.
"""

from __future__ import annotations

import argparse
import os
import random
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

from seedbed.reports.doubted import doubted
from seedbed.reports.labels import noise, suspects
from seedbed.reports.table import Table

if TYPE_CHECKING:
    from collections.abc import Iterator

SHARE, TOP = 0.08, 0.12
SYLLABLES = [one + two for one in "bdfgklmnprst" for two in ("a", "e", "i", "o", "u", "an", "er")]


def made(count: int, own: int, other: int, labels: int = 5, seed: int = 1) -> Table:
    """Texts of 25 words, of which some are from the 200 words of their label and some from those of another one."""
    rng = random.Random(seed)
    vocabulary = ["".join(rng.choices(SYLLABLES, k=rng.randint(2, 3))) for _ in range(3000 + 200 * labels)]
    names = [f"label {at}" for at in range(labels)]
    texts, given = [], []
    for at in range(count):
        of, strange = at % labels, rng.randrange(labels)
        words = [vocabulary[3000 + 200 * of + rng.randrange(200)] for _ in range(own)]
        words += [vocabulary[3000 + 200 * strange + rng.randrange(200)] for _ in range(other)]
        words += [vocabulary[int(3000 * rng.random() ** 2)] for _ in range(25 - own - other)]
        rng.shuffle(words)
        texts.append(" ".join(words))
        given.append(names[of])
    return table(texts, given)


def table(texts: list[str], labels: list[str]) -> Table:
    """Texts and labels as a report sees them."""
    empty = [""] * len(texts)
    return Table(empty, texts, labels, empty, empty)


def read(path: str) -> Table:
    """The records of a file that have a label."""
    import seedbed

    rows = [record for record in seedbed.read(path) if record.text and record.label]
    return table([record.text for record in rows], [record.label for record in rows])


def flipped(right: Table, seed: int = 3) -> tuple[Table, set[int]]:
    """The table with wrong labels, and where they are."""
    rng = random.Random(seed)
    names, labels = sorted({*right.labels}), [*right.labels]
    places = set(rng.sample(range(len(right)), round(SHARE * len(right))))
    for at in sorted(places):
        labels[at] = rng.choice([name for name in names if name != labels[at]])
    return table([*right.texts], labels), places


def line(name: str, right: Table) -> str:
    """What is found in a set."""
    given, wrong = flipped(right)
    before = noise(doubted(right, 7, whole=True))
    found = doubted(given, 7, whole=True)
    figures, queue = noise(found), suspects(given, found)
    top = sum(one.place in wrong for one in suspects(given, found, part=TOP))
    hits = [one for one in queue if one.place in wrong]
    back = sum(one.suggested == right.labels[one.place] for one in hits)
    shares = [
        top / len(wrong),
        before["share"],
        figures["share"],
        len(hits) / max(1, len(queue)),
        len(hits) / len(wrong),
        back / max(1, len(hits)),
        figures["classifier"]["agrees"],
    ]
    return f"{name:24} {len(right):8,} {len({*right.labels}):6} " + " ".join(f"{one:9.1%}" for one in shares)


def sets(files: list[str]) -> Iterator[tuple[str, Table]]:
    """The sets by name."""
    yield "words tell apart", made(5000, own=4, other=1)
    yield "words hardly tell apart", made(5000, own=2, other=1)
    for path in files:
        yield Path(path).name, read(path)


def measured(count: int) -> None:
    """Examines so many records in this process, and prints time and memory."""
    given, _ = flipped(made(count, own=4, other=1))
    before, start, clock = resident(), time.process_time(), time.perf_counter()
    suspects(given, doubted(given, 7, whole=True))
    spent, wall = time.process_time() - start, time.perf_counter() - clock
    used = f"{spent:6.1f} s of processor, {wall:6.1f} s by the clock"
    print(f"{count:9,} records: {used}; {resident():5} MB at most, {before} MB before")


def resident() -> int:
    """Megabytes at most so far; of this process alone, which `getrusage` mixes up with the one that started it."""
    status = Path("/proc/self/status").read_text("utf-8")
    return int(status.partition("VmHWM:")[2].split()[0]) // 1024


def main() -> None:
    """Prints the tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("files", nargs="*", help="labelled files")
    parser.add_argument("--records", type=int, nargs="*", default=[10_000, 50_000])
    parser.add_argument("--measured", type=int, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.measured:
        measured(options.measured)
        return
    print(f"load {os.getloadavg()[0]:.2f}; {SHARE:.0%} of the labels flipped")
    heads = ("top 12 %", "estimate", "with them", "precision", "recall", "right", "agrees")
    print(f"{'set':24} {'records':>8} {'labels':>6} " + " ".join(f"{head:>9}" for head in heads))
    for name, one in sets(options.files):
        print(line(name, one), flush=True)
    for count in options.records:
        subprocess.run([sys.executable, "-m", "benchmarks.label_noise", "--measured", str(count)], check=True)


if __name__ == "__main__":
    main()
