"""Faults, repeats and kills at size, on the fake server.

    python -m benchmarks.trouble

Faults: 2,000 records at 64 at once and 300 ms, 5 % 429 (Retry-After 1), 3 % 500, 1 % resets, 2 % truncated, 2 % broken
JSON; wall time beside the faultless run (an ideal client needs 1.3 times as long). Repeats: a model that copies itself
in 94.6 % of its answers. Kills: a run killed with `kill -9` at 20 random moments and started again each time.
"""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path
from typing import Any

import yaml

from .generation import fake_server, recipe

FAULTS = "--rate-limited-share 0.05 --retry-after 1 --error-share 0.03 --reset-share 0.01 --truncated-share 0.02"
COMMAND = [sys.executable, "-c", "from seedbed.cli.main import run; run()", "generate", "recipe.yaml", "-o", "out.csv"]


def prepare(folder: str, url: str, records: int, concurrency: int) -> None:
    """Writes the recipe."""
    document = recipe(url, "trouble", records, concurrency)
    (Path(folder) / "recipe.yaml").write_text(yaml.safe_dump(document), "utf-8")


def finish(folder: str) -> dict[str, Any]:
    """Runs to the end; the figures, with the number of distinct texts in the file."""
    done = subprocess.run([*COMMAND, "--json"], cwd=folder, capture_output=True, text=True, check=False)
    figures: dict[str, Any] = json.loads(done.stdout)
    ends = sum(figures["rejected"].values()) + sum(figures["failed"].values()) + figures["surplus"]
    assert figures["attempts"] == figures["accepted"] + ends
    lines = (Path(folder) / "out.csv").read_text("utf-8").splitlines()[1:]
    figures["distinct"] = len(set(lines))
    return figures


def stats(url: str) -> dict[str, Any]:
    """The fake server's counters."""
    with urllib.request.urlopen(url.removesuffix("/v1") + "/stats") as answer:
        counters: dict[str, Any] = json.loads(answer.read())
    return counters


def faults() -> None:
    """The same run with and without faults."""
    took = {}
    for name, options in (("faultless", ""), ("faulty", f"{FAULTS} --broken-share 0.02")):
        with fake_server("--latency", "0.3", *options.split()) as url, tempfile.TemporaryDirectory() as folder:
            prepare(folder, url, 2000, 64)
            figures = finish(folder)
            took[name] = figures["seconds"]
            print(
                f"{name:10} {figures['accepted']:,} accepted, {figures['distinct']:,} distinct, "
                f"{figures['calls']:,} calls, failed {figures['failed']}, {figures['seconds']:.1f} s"
            )
    print(f"wall time with faults: {took['faulty'] / took['faultless']:.2f} times the faultless one")


def repeats() -> None:
    """The worst model seen in the wild."""
    with fake_server("--repeat-rate", "0.946") as url, tempfile.TemporaryDirectory() as folder:
        prepare(folder, url, 200, 32)
        figures = finish(folder)
    print(
        f"repeat rate 94.6 %: {figures['accepted']} of 200 accepted, {figures['distinct']} distinct, "
        f"{figures['attempts']:,} attempts, duplicates {figures['duplicates']}"
    )


def kills() -> None:
    """Twenty kills of one run; what was paid twice."""
    rng = random.Random(11)
    with fake_server("--latency", "0.1") as url, tempfile.TemporaryDirectory() as folder:
        prepare(folder, url, 2000, 32)
        in_flight = killed = 0
        while killed < 20:
            before = stats(url)["answered"]
            process = subprocess.Popen(
                [*COMMAND, "--json"], cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
            )
            while stats(url)["answered"] == before and process.poll() is None:
                time.sleep(0.01)
            time.sleep(rng.uniform(0.0, 0.25))
            if process.poll() is not None:
                break
            in_flight += stats(url)["in_flight"]
            process.kill()
            process.wait()
            killed += 1
        figures = finish(folder)
        counters = stats(url)
    print(
        f"kill -9 × {killed}: {figures['accepted']:,} of 2,000 accepted, {figures['distinct']:,} distinct; "
        f"{counters['answered'] - figures['calls']} answers not in the books, {counters['answered_twice']} answered "
        f"twice, {in_flight} calls were in flight at the kills"
    )


def main() -> None:
    """All three."""
    print(f"load {os.getloadavg()[0]:.2f} at the start")
    faults()
    repeats()
    kills()
    print(f"load {os.getloadavg()[0]:.2f} at the end")


if __name__ == "__main__":
    main()
