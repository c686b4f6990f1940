"""A million records of one run, killed in the middle and gone on with: `python -m benchmarks.million`.

    python -m benchmarks.million [--records 1000000] [--exact] [--folder F] [--json F]

The fake server answers from a process of its own after 20 ms, 64 calls at once; texts are ordinary sentences, three
labels by four kinds. The command is killed (SIGKILL) when half of the records are there and started again. Its resident
memory is read at every tenth of the way. At the end the records are exported and gone through: each cell as it should
be, no text twice, accounts that add up, and how many calls were sent twice. With `--exact` records have no labels and
near duplicates are allowed: what is remembered of each is its hash alone.
"""

from __future__ import annotations

import argparse
import json
import os
import sqlite3
import subprocess
import sys
import tempfile
import time
import urllib.request
from array import array
from collections import Counter
from dataclasses import asdict, dataclass, field
from hashlib import blake2b
from pathlib import Path
from typing import Any

import psutil

from .generation import fake_server, recipe

COMMAND = (sys.executable, "-c", "from seedbed.cli.main import run; run()")
CONCURRENCY = 64


@dataclass(slots=True)
class Found:
    """What was seen. Memory and disk in bytes, `samples` are (records accepted, resident memory, process, seconds of
    processor of that process so far); `pause` is from the second start to the first new question. `unwritten` are calls
    that had been sent and were in no commit when the process died, `answered_twice` those the server was asked again.
    """

    records: int
    samples: list[tuple[int, int, int, float]] = field(default_factory=list)
    killed_at: int = 0
    pause: float = 0.0
    pause_processor: float = 0.0
    clock: float = 0.0
    processor: float = 0.0
    peak: int = 0
    disk: int = 0
    export_seconds: float = 0.0
    export_peak: int = 0
    answered_twice: int = 0
    unwritten: int = 0
    figures: dict[str, Any] = field(default_factory=dict)
    load: list[float] = field(default_factory=list)


class Followed:
    """One process of the command and what the store says of its run."""

    def __init__(self, command: list[str], store: Path, found: Found, number: int) -> None:
        self._child = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
        self._process = psutil.Process(self._child.pid)
        self._store, self._found, self._number = store, found, number

    def until(self, accepted: int) -> bool:
        """Follows it until so many records are accepted or it has ended; whether it goes on."""
        while self._process.is_running() and self._process.status() != psutil.STATUS_ZOMBIE:
            now = self.sample()
            if now >= accepted:
                return True
            time.sleep(0.2)
        return False

    def sample(self) -> int:
        """Takes down what it uses at every tenth; how many records there are."""
        now, found = accepted_in(self._store), self._found
        found.peak = max(found.peak, self.memory)
        due = found.samples[-1][0] + found.records // 10 if found.samples else found.records // 10
        if now >= due - due % (found.records // 10):
            found.samples.append((now, self.memory, self._number, self.processor))
            print(f"{now:>10,} {self.memory / 1e6:8.1f} MB {self.processor:8.1f} s  load {os.getloadavg()[0]:.1f}")
            sys.stdout.flush()
        return now

    @property
    def memory(self) -> int:
        """Resident now; 0 of one that has ended."""
        try:
            return int(self._process.memory_info().rss)
        except psutil.NoSuchProcess:
            return 0

    @property
    def processor(self) -> float:
        """Seconds so far."""
        try:
            used = self._process.cpu_times()
        except psutil.NoSuchProcess:
            return 0.0
        return float(used.user + used.system)

    def ended(self, *, kill: bool = False) -> float:
        """Waits for its end, or kills it; its seconds of processor.

        Raises:
            SystemExit: it has failed.
        """
        if kill:
            self._child.kill()
        _, status, used = os.wait4(self._child.pid, 0)
        self._child.returncode = os.waitstatus_to_exitcode(status)
        assert self._child.stderr is not None
        said = self._child.stderr.read()
        if status and not kill:
            raise SystemExit(f"The command has failed ({self._child.returncode}): {said[-2000:]}")
        self._found.peak = max(self._found.peak, used.ru_maxrss * 1024)
        return used.ru_utime + used.ru_stime


def accepted_in(store: Path) -> int:
    """What the run has accepted, as its figures say, which are written about twice a second."""
    if not store.exists():
        return 0
    base = sqlite3.connect(f"file:{store}?mode=ro", uri=True, timeout=30)
    try:
        row = base.execute("SELECT figures FROM runs").fetchone()
    except sqlite3.OperationalError:  # not made yet
        return 0
    finally:
        base.close()
    return int(json.loads(row[0])["accepted"]) if row and row[0] else 0


def calls_in(store: Path) -> int:
    """Calls that are written down."""
    base = sqlite3.connect(store, timeout=30)
    count = base.execute("SELECT count(*) FROM calls").fetchone()[0]
    base.close()
    return int(count)


def asked(url: str, records: int, *, exact: bool) -> dict[str, Any]:
    """The recipe: three labels by four kinds, or texts without labels."""
    document = recipe(url, "million", records, CONCURRENCY)
    if exact:
        document["generator"] = {"kind": "prompt", "prompt": "Write one sentence.", "count": records}
        document["near_duplicate"] = False
    return document


def grown(path: Path, place: Path, url: str, found: Found) -> None:
    """Makes the records, killed once."""
    command, store = [*COMMAND, "generate", str(path), "--workspace", str(place)], place / "seedbed.db"
    begun = time.perf_counter()
    first = Followed(command, store, found, 1)
    if not first.until(found.records // 2):
        raise SystemExit(f"The first process has ended before it could be killed: {first.ended()}")
    found.processor += first.ended(kill=True)
    found.killed_at, found.unwritten = accepted_in(store), asked_so_far(url) - calls_in(store)
    answered, again = asked_so_far(url), time.perf_counter()
    second = Followed(command, store, found, 2)
    while asked_so_far(url) == answered:
        time.sleep(0.05)
    found.pause, found.pause_processor = time.perf_counter() - again, second.processor
    print(f"{found.killed_at:>10,} killed; after {found.pause:.1f} s it asks again, {second.memory / 1e6:.1f} MB")
    second.until(found.records + 1)
    found.processor += second.ended()
    found.clock = time.perf_counter() - begun


def asked_so_far(url: str) -> int:
    """How many requests the server has met."""
    return int(stats(url)["requests"])


def stats(url: str) -> dict[str, Any]:
    """The counters of the fake server."""
    with urllib.request.urlopen(f"{url}/stats") as answer:
        counters: dict[str, Any] = json.load(answer)
    return counters


def exported(place: Path, target: Path, found: Found) -> None:
    """Writes the dataset as a file."""
    with subprocess.Popen([*COMMAND, "export", "million-1", "-o", str(target), "--workspace", str(place)]) as child:
        _, status, used = os.wait4(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(status)
    if status:
        raise SystemExit("The export has failed.")
    found.export_seconds, found.export_peak = used.ru_utime + used.ru_stime, used.ru_maxrss * 1024


def checked(place: Path, target: Path, found: Found) -> None:
    """Goes through what there is.

    Raises:
        AssertionError: something is not as it must be.
    """
    hashes, cells = array("Q"), Counter[tuple[str, ...]]()
    with target.open(encoding="utf-8") as lines:
        for line in lines:
            values = json.loads(line)
            hashes.append(int.from_bytes(blake2b(" ".join(values["text"].split()).encode(), digest_size=8).digest()))
            cells[tuple(str(values.get(name, "")) for name in ("label", "category", "type"))] += 1
    assert len(hashes) == found.records, f"{len(hashes):,} records"
    assert len(set(hashes)) == found.records, f"{len(set(hashes)):,} different texts"
    base = sqlite3.connect(place / "seedbed.db")
    figures = json.loads(base.execute("SELECT figures FROM runs").fetchone()[0])
    states = dict(base.execute("SELECT state, count(*) FROM records GROUP BY state").fetchall())
    base.close()
    labels = Counter[str]()
    for (label, *_), count in cells.items():
        labels[label] += count
    assert max(labels.values()) - min(labels.values()) <= 1, labels
    wanted = sorted(cell["wanted"] for cell in figures["cells"])
    assert sorted(cells.values()) == wanted, f"cells {cells} and {wanted}"
    ends = {"accepted": figures["accepted"], "surplus": figures["surplus"]}
    ends |= {name: sum(figures[name].values()) for name in ("rejected", "failed")}
    assert figures["attempts"] == sum(ends.values()) == sum(states.values()), (ends, states)
    assert {name: count for name, count in ends.items() if count} == states, (ends, states)
    found.figures = {"ends": ends, "by_label": dict(labels), "cells": len(cells), "attempts": figures["attempts"]}
    found.figures |= {"calls": figures["calls"], "rejected": figures["rejected"], "tokens": figures["tokens"]}


def measured(records: int, folder: Path, *, exact: bool) -> Found:
    """All of it."""
    found = Found(records, load=[os.getloadavg()[0]])
    place = folder / "million"
    with fake_server("--latency", "0.02") as url:
        path = folder / "million.json"
        path.write_text(json.dumps(asked(url, records, exact=exact)), encoding="utf-8")
        grown(path, place, url, found)
        found.answered_twice = int(stats(url)["answered_twice"])
    found.disk = sum(one.stat().st_size for one in place.glob("seedbed.db*"))
    target = folder / "million.jsonl"
    exported(place, target, found)
    checked(place, target, found)
    assert found.answered_twice <= found.unwritten, f"{found.answered_twice} calls were paid twice"
    found.load.append(os.getloadavg()[0])
    return found


def said(found: Found) -> str:
    """The figures in words."""
    ends, n = found.figures["ends"], found.records
    begin, last = found.samples[1 if len(found.samples) > 2 else 0], found.samples[-1]
    unit, per = found.processor / n * 1e6, (last[1] - begin[1]) / (last[0] - begin[0])
    return f"""\
{ends["accepted"]:,} accepted, {ends["rejected"]:,} rejected, {ends["failed"]:,} failed, {ends["surplus"]:,} surplus \
= {found.figures["attempts"]:,} attempts; labels {dict(found.figures["by_label"])}; no text twice
killed at {found.killed_at:,}; {found.unwritten} calls sent and not yet written, {found.answered_twice} answered twice
asks again after {found.pause:.1f} s ({found.pause_processor:.1f} s of processor)
processor {found.processor:,.1f} s, {unit:,.0f} µs a record, resumption included; clock {found.clock:,.0f} s
memory {begin[1] / 1e6:,.1f} MB at {begin[0]:,}, {last[1] / 1e6:,.1f} MB at {last[0]:,}: {per:,.0f} B a record; \
highest {found.peak / 1e6:,.1f} MB
disk {found.disk / n:,.0f} B a record, {found.disk / 1e9:,.2f} GB
export {found.export_seconds:,.1f} s of processor, highest {found.export_peak / 1e6:,.1f} MB
load {found.load[0]:.1f} at the start, {found.load[-1]:.1f} at the end"""


def main() -> None:
    """Measures, checks and prints."""
    parser = argparse.ArgumentParser("benchmarks.million", description=__doc__)
    parser.add_argument("--records", type=int, default=1_000_000)
    parser.add_argument("--exact", action="store_true", help="no labels, near duplicates allowed")
    parser.add_argument("--folder", type=Path, help="where everything is left (a folder that is there)")
    parser.add_argument("--json", type=Path, help="where the figures go")
    given = parser.parse_args()
    print(f"{given.records:,} records; load {os.getloadavg()[0]:.1f}", flush=True)
    with tempfile.TemporaryDirectory() as name:
        found = measured(given.records, given.folder or Path(name), exact=given.exact)
    print(said(found))
    if given.json:
        given.json.write_text(json.dumps(asdict(found), indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
