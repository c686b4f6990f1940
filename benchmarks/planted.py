"""What the finders find of what was planted: `python -m benchmarks.planted [--records N] [--million]`.

A seeded corpus of ordinary texts (12 to 40 words, as in `near_duplicates`) under four labels, into which are planted:
5 % exact copies, 10 % near ones (one to three words changed, as many as leave them near at 0.9), 2 % the same text
under another label; and, for a reference, 1 % of its rows. Recall is what was found of the planted, precision the share
of the found that are like a text they were made of; which of two comes first does not matter.

Other finders have sets of their own: the same in another order and a third of it in other words (by the cosine of the
offline model of the extra `semantic`), labels flipped in a set that words tell apart (found: in the top 12 %;
`label_noise` has more sets), and combinations with too few, too many or no records.

With `--million` the time and memory of `dedup` on a million texts, beside those of 100,000. The machine's load stands
above.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import subprocess
import sys
import tempfile
import time
from collections import Counter
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from seedbed.app.reports.dedup import SEMANTIC
from seedbed.app.reports.finding import vectors_of
from seedbed.reports.balance import balance
from seedbed.reports.doubted import doubted
from seedbed.reports.duplicates import again, against, clusters_of
from seedbed.reports.labels import suspects
from seedbed.reports.meaning import semantic
from seedbed.reports.table import Table
from seedbed.transforms.synonyms import SynonymSwap

from .label_noise import TOP, flipped, made, resident
from .near_duplicates import ordinary

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

LABELS = "abcd"
KINDS = ("exact", "near", "cross_label")
Row = tuple[str, str, int, str]
"""Text, label, the number of the text it is made of, and how it was planted ("" for an original)."""


FRAME = "They said that the {0} {1} had to do with the {2} {3}, and that the {4} {5} had not."
OTHER_FRAME = "It was said: the {4} {5} had nothing to do with it, but the {0} {1} had, and so had the {2} {3}."


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


def reworded(threshold: float, count: int = 1_000, seed: int = 5) -> tuple[int, int, int, int]:
    """Of sentences of which a tenth is there again in another order, two of six words by others that mean the same:
    planted, of these found, found in all, right ones."""
    rng = random.Random(seed)
    kinds = {kind: sorted(_synonyms(kind).items()) for kind in ("adjective", "noun")}
    told = [[rng.choice(kinds[kind]) for kind in ("adjective", "noun") * 3] for _ in range(count)]
    rows = [(FRAME.format(*(old for old, _ in words)), at) for at, words in enumerate(told)]
    repeated = rng.sample(range(count), count // 10)
    for at in repeated:
        other = set(rng.sample(range(6), 2))
        rows.append((OTHER_FRAME.format(*(pair[place in other] for place, pair in enumerate(told[at]))), at))
    rng.shuffle(rows)
    texts = [text for text, _ in rows]
    vectors = vectors_of(texts)
    if vectors is None:
        raise SystemExit("The finder of what means the same needs: pip install 'seedbed[semantic]'")
    empty = [""] * len(rows)
    table, number_of = Table(empty, texts, empty, empty, empty), dict(rows)
    found = semantic(table, range(len(rows)), vectors, threshold, shown=len(rows))
    pairs = [[number_of[text] for text in one["texts"]] for one in found["pairs"]]
    right = [one for one, other in pairs if one == other]
    return len(repeated), len({*right}), found["records"], len(right)


def _synonyms(kind: str) -> dict[str, str]:
    """Words of a part of speech, each with one that means nearly the same."""
    table = SynonymSwap.model_validate({"part_of_speech": kind}).table()
    return {old: news[0] for old, news in table.items() if news and " " not in old}


def relabelled() -> tuple[int, int, int, int]:
    """Of labels that were flipped: planted, of these among the most suspicious 12 %, so many records, right ones."""
    given, wrong = flipped(made(5000, own=4, other=1))
    first = suspects(given, doubted(given, 7, whole=True), part=TOP)
    hits = sum(one.place in wrong for one in first)
    return len(wrong), hits, len(first), hits


def skewed(seed: int = 6) -> tuple[int, int, int, int]:
    """Of 60 combinations of which 12 hold too few, too many or no records: planted, of these named, named, right."""
    rng = random.Random(seed)
    cells = [(label, f"topic {number}") for label in LABELS for number in range(15)]
    odd = rng.sample(cells, 12)
    counts = dict.fromkeys(cells, 20) | {cell: rng.choice([0, 0, 7, 19, 21, 60]) for cell in odd}
    rows = [cell for cell, count in counts.items() for _ in range(count)]
    rng.shuffle(rows)
    empty = [""] * len(rows)
    table = Table(empty, empty, [label for label, _ in rows], empty, empty, {"topic": [topic for _, topic in rows]})
    named = {(one["label"], one["topic"]) for one in balance(table, dict.fromkeys(cells, 20))["cells_off"]}
    return len(odd), len(named & {*odd}), len(named), len(named & {*odd})


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

    start, before = time.process_time(), resident()
    result = CliRunner().invoke(app, arguments)
    print(result.output if result.exit_code else "", round(time.process_time() - start, 2), resident() - before)


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
    others: dict[str, Callable[[], tuple[int, int, int, int]]] = {
        "meaning 0.8": lambda: reworded(SEMANTIC),
        "meaning 0.6": lambda: reworded(0.6),
        "flipped": relabelled,
        "combinations": skewed,
    }
    for kind, finder in others.items():
        wanted, met, own, right = finder()
        print(f"{kind:12} {wanted:8,} {met / wanted:8.2%} {own:8,} {right / max(1, own):10.2%}", flush=True)
    for count in (100_000, 1_000_000) if options.million else (100_000,):
        dedup((row for row in planted(int(count / 1.17))), count)


if __name__ == "__main__":
    main()
