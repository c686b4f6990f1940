"""How fast and how large the near-duplicate index is: `python -m benchmarks.near_duplicates [--million]`.

Every case runs in a process of its own, which reads its texts from a file in blocks and counts only the time spent in
the index (encode, ask for the first near duplicate, add) and only the memory that it gained. The texts are seeded.
`wall` is what a clock saw, `cpu` what this process used: on a machine with other work, cpu is the figure to compare.
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
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from itertools import islice
from pathlib import Path

import psutil
from rapidfuzz import process
from rapidfuzz.distance import Levenshtein

from seedbed.core.near.index import Bounds, NearIndex
from seedbed.core.tokens import tokens

LINE = "{:46} {:>9} {:>9} {:>9} {:>9} {:>8} {:>8}"
BRUTE = 5_000
ENGLISH = (
    "The quick brown fox jumps over the lazy dog, while many curious people quietly watched it from behind an old "
    "wooden fence near the river."
)
TYPOGRAPHIC = ENGLISH.replace(",", " —").replace("dog", "dog’s")
GERMAN = (
    "Der schnelle braune Fuchs springt über den faulen Hund, während viele neugierige Leute ihm hinter einem alten "
    "hölzernen Zaun am kleinen Flussufer ganz ruhig dabei zusahen."
)


@dataclass(frozen=True)
class Case:
    """One measurement: which texts, how many, and whether a text that has a near duplicate is added all the same."""

    name: str
    texts: str
    number: int
    keep_all: bool = True
    threshold: float = 0.9


CASES = [
    Case("ordinary", "ordinary", 100_000),
    Case("templated, all added", "templated", 100_000),
    Case("templated, near duplicates left out", "templated", 100_000, keep_all=False),
    Case("templated with 5 slots in the first half", "crowded", 100_000),
    Case("ordinary at threshold 0.8", "ordinary", 100_000, threshold=0.8),
]
MILLION = Case("ordinary, a million", "ordinary", 1_000_000)


def made_up_words(rng: random.Random, number: int) -> list[str]:
    """Different words of one to four syllables."""
    starts = ["b", "c", "d", "f", "g", "h", "k", "l", "m", "n", "p", "r", "s", "t", "v", "w", "st", "tr", "pl"]
    syllables = [start + vowel + end for start in starts for vowel in "aeiou" for end in ("", "n", "r", "s")]
    words: dict[str, None] = {}
    while len(words) < number:
        words["".join(rng.choices(syllables, k=rng.choice((1, 2, 2, 3, 3, 4))))] = None
    return list(words)


def ordinary(number: int) -> Iterator[str]:
    """Texts of 12 to 40 words; word frequencies as in natural text (Zipf), 200,000 different words."""
    rng = random.Random(7)
    words = made_up_words(rng, 200_000)
    total, cumulated = 0.0, []
    for rank in range(len(words)):
        total += 1 / (rank + 2.7) ** 1.05
        cumulated.append(total)
    for _ in range(number):
        yield " ".join(rng.choices(words, cum_weights=cumulated, k=rng.randint(12, 40))).capitalize() + "."


def templated(number: int, slots: tuple[int, ...] = (2, 3), region: int = 1) -> Iterator[str]:
    """Texts of 36 frames of 12 to 40 words; slots hold one of 300 names, products (both one or two words) or numbers.

    Args:
        number: how many texts.
        slots: how many slots a frame may have.
        region: slots are in this part of the frame, counted from the start: 2 means its first half.
    """
    rng = random.Random(9)
    words = made_up_words(rng, 3000)
    fillers = [[" ".join(rng.choices(words, k=rng.choice((1, 2)))).title() for _ in range(300)] for _ in range(2)]
    fillers.append([str(rng.randint(10, 99_999)) for _ in range(300)])
    frames = []
    for _ in range(36):
        frame = rng.choices(words[:800], k=rng.randint(12, 40))
        for slot, at in enumerate(rng.sample(range(len(frame) // region), rng.choice(slots))):
            frame[at] = f"{{{slot}}}"
        frames.append(" ".join(frame) + ".")
    for _ in range(number):
        yield rng.choice(frames).format(*(rng.choice(fillers[slot % 3]) for slot in range(5)))


def texts_of(case: Case) -> Iterator[str]:
    """The texts of a case, the same in every run."""
    if case.texts == "ordinary":
        return ordinary(case.number)
    return templated(case.number) if case.texts == "templated" else templated(case.number, slots=(5,), region=2)


def measure(case: Case, path: Path) -> dict[str, float]:
    """Runs one case in this process."""
    index, found, wall, cpu = NearIndex(case.threshold), 0, 0.0, 0.0
    with path.open(encoding="utf-8") as lines:
        memory = psutil.Process().memory_info().rss
        for block in iter(lambda: list(islice(lines, 1000)), []):
            since, since_cpu = time.perf_counter(), time.process_time()
            found += run(index, block, keep_all=case.keep_all)
            wall += time.perf_counter() - since
            cpu += time.process_time() - since_cpu
    gained = psutil.Process().memory_info().rss - memory
    return {"wall": wall, "cpu": cpu, "found": found, "kept": len(index), "bytes": gained / len(index)}


def run(index: NearIndex, block: Iterable[str], *, keep_all: bool) -> int:
    """Takes in texts as the engine does; returns how many had a near duplicate."""
    found = 0
    for text in block:
        encoded = index.encode(text)
        twin = index.first(encoded)
        found += twin is not None
        if twin is None or keep_all:
            index.add(encoded, len(index))
    return found


def in_a_fresh_process(case: Case) -> dict[str, float]:
    """Writes the texts of a case to a file and measures it in a new interpreter."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "texts"
        with path.open("w", encoding="utf-8") as file:
            file.writelines(f"{text}\n" for text in texts_of(case))
        command = [sys.executable, __file__, "--measure", json.dumps(asdict(case)), str(path)]
        answer = subprocess.run(command, check=True, capture_output=True, text=True)
    result: dict[str, float] = json.loads(answer.stdout)
    return result


def brute_force_rate() -> float:
    """Texts per second when each of 5,000 texts is compared with all before it, in one call of rapidfuzz's C loop."""
    index, bounds, earlier = NearIndex(), Bounds(0.9), list[str]()
    encoded = [index.encode(text) for text in ordinary(BRUTE)]
    since = time.process_time()
    for text in encoded:
        process.extractOne(text, earlier, scorer=Levenshtein.distance, score_cutoff=bounds.most(len(text)))
        earlier.append(text)
    return BRUTE / (time.process_time() - since)


def microseconds(text: str, rounds: int = 20_000) -> tuple[float, float]:
    """What it takes to tokenize and to encode a text; the least of five trials."""
    index = NearIndex()
    trials = []
    for work in (tokens, index.encode):
        best = float("inf")
        for _ in range(5):
            since = time.perf_counter()
            for _ in range(rounds):
                work(text)
            best = min(best, time.perf_counter() - since)
        trials.append(best / rounds * 1e6)
    return trials[0], trials[1]


def report(cases: list[Case]) -> None:
    """Prints the figures of all cases as they come."""
    print(f"load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores, Python {sys.version.split()[0]}\n")
    for name, text in (("English", ENGLISH), ("English, typographic", TYPOGRAPHIC), ("German", GERMAN)):
        tokenized, encoded = microseconds(text)
        print(f"{name}, {len(tokens(text))} words: tokens {tokenized:.1f} µs, encode {encoded:.1f} µs")
    rate = brute_force_rate()
    print(
        f"comparing with every text: {rate:,.0f}/s at {BRUTE:,}, so about {rate * BRUTE / 100_000:,.0f}/s at 100,000\n"
    )
    print(LINE.format("texts", "number", "wall/s", "cpu/s", "found", "B/record", "load"))
    for case in cases:
        got = in_a_fresh_process(case)
        rates = (f"{case.number / got[clock]:,.0f}" for clock in ("wall", "cpu"))
        sizes = (f"{got['found']:,.0f}", f"{got['bytes']:,.0f}", f"{os.getloadavg()[0]:.1f}")
        print(LINE.format(case.name, f"{case.number:,}", *rates, *sizes), flush=True)


def main() -> None:
    """Reads the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--million", action="store_true", help="also a million ordinary texts (about a minute)")
    parser.add_argument("--measure", nargs=2, metavar=("CASE", "FILE"), help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.measure:
        print(json.dumps(measure(Case(**json.loads(options.measure[0])), Path(options.measure[1]))))
    else:
        report([*CASES, MILLION] if options.million else CASES)


if __name__ == "__main__":
    main()
