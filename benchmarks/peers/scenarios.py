"""What is measured of tools that generate. Each scenario is a function from a bench and a tool to rows of results."""

from __future__ import annotations

import shutil
import statistics
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from benchmarks.generation import fake_server

from .environment import Environments
from .measure import Watched, change, watched
from .tools import Tool
from .work import spoilt, texts

Row = dict[str, Any]
LATENCY, CONCURRENCY = 0.2, 64
FAULTS = {
    "rate_limited_share": 0.05,
    "retry_after": 1.0,
    "error_share": 0.05,
    "reset_share": 0.01,
    "slow_share": 0.01,
    "slow_seconds": 12.0,
    "truncated_share": 0.02,
    "broken_share": 0.02,
    "declined_share": 0.02,
}
OUTAGE = 30.0
REPEATS = 0.946


@dataclass
class Bench:
    """Where tools are measured, and how much is asked."""

    environments: Environments
    quick: bool = False

    @property
    def records(self) -> int:
        """Records of a usual run."""
        return 200 if self.quick else 1000

    @contextmanager
    def place(self, tool: Tool, count: int, **settings: Any) -> Iterator[Place]:
        """A folder and a fake server of its own for a tool, with its task prepared."""
        options = [part for name, value in settings.items() for part in (f"--{name.replace('_', '-')}", str(value))]
        with fake_server(*options) as url, tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as name:
            folder = Path(name)
            given = tool.prepare(folder, url, count, CONCURRENCY)
            yield Place(self, tool, count, folder, url, given)


@dataclass
class Place:
    """One tool with its task and its fake server."""

    bench: Bench
    tool: Tool
    count: int
    folder: Path
    url: str
    given: str

    def run(self, **how: Any) -> Watched:
        """The tool's command, watched; what an earlier one delivered is out of the way."""
        (self.folder / "out.jsonl").unlink(missing_ok=True)
        command = self.tool.command(self.bench.environments, self.folder)
        return watched(command, self.folder, self.url, self.given, **how)

    def row(self, seen: Watched) -> Row:
        """What was seen as plain data, with what was delivered."""
        figures = {name: value for name, value in asdict(seen).items() if name != "said"}
        found = texts(self.folder)
        return {
            "tool": self.tool.name,
            "asked": self.count,
            "delivered": len(found),
            "distinct": len(set(found)),
            "spoilt": sum(map(spoilt, found)),
            "told": self.tool.told(seen.said),
            **{name: round(value, 4) if isinstance(value, float) else value for name, value in figures.items()},
        }


def start(bench: Bench, tool: Tool) -> Row:
    """Import alone, and two records by the whole command (with one the profiler of Data Designer fails)."""
    with bench.place(tool, 2) as place:
        python = tool.python(bench.environments, place.folder)
        began = time.monotonic()
        subprocess.run([*python, "-c", f"import {tool.module}"], check=True, capture_output=True, cwd=place.folder)
        imported = time.monotonic() - began
        row = place.row(place.run())
    return row | {"imported": round(imported, 3)}


def speed(bench: Bench, tool: Tool) -> Row:
    """A healthy server: records a second between the first call and the last answer, against the bound."""
    with bench.place(tool, bench.records, latency=LATENCY) as place:
        row = place.row(place.run())
    rate = row["delivered"] / row["working"] if row["working"] else 0.0
    return row | {"rate": round(rate, 1), "ratio": round(rate / (CONCURRENCY / LATENCY), 3)}


def faults(bench: Bench, tool: Tool) -> Row:
    """Every kind of fault at once, at stated rates."""
    with bench.place(tool, bench.records, latency=LATENCY, **FAULTS) as place:
        return place.row(place.run(patience=240))


def outage(bench: Bench, tool: Tool) -> Row:
    """When three of ten records are answered, every call fails for half a minute; then the command is started again."""
    with bench.place(tool, bench.records, latency=LATENCY) as place:
        began = [0.0]

        def fail(counters: dict[str, Any]) -> bool:
            if not began[0] and counters["answered"] >= place.count * 0.3:
                began[0] = time.monotonic()
                change(place.url, error_share=1.0)
            elif began[0] > 0 and time.monotonic() - began[0] > OUTAGE:
                began[0] = float("inf")
                change(place.url, error_share=0.0)
            return False

        row = place.row(place.run(look=fail, patience=240))
        change(place.url, error_share=0.0)
        again = place.row(place.run(patience=120)) if row["delivered"] < place.count else row
    names = ("delivered", "code", "answered", "told")
    return row | {"again": {name: again[name] for name in names} if again is not row else None}


def kill(bench: Bench, tool: Tool) -> Row:
    """`kill -9` when half is answered, and the same command again. Latencies differ, so answers come one by one."""
    with bench.place(tool, bench.records, latency=LATENCY, latency_sigma=0.4) as place:
        flying: list[int] = []

        def half(counters: dict[str, Any]) -> bool:
            if counters["answered"] >= place.count / 2 and not flying:
                flying.append(counters["in_flight"])
            return bool(flying)

        first = place.run(look=half)
        row = place.row(place.run(patience=75))
    twice = first.answered + row["answered"] - row["delivered"]
    return row | {"before": first.answered, "in_flight": flying[0] if flying else 0, "twice": twice}


def repeats(bench: Bench, tool: Tool) -> Row:
    """A model that copies itself in 94.6 % of its answers; 200 records are wanted."""
    with bench.place(tool, 200, latency=0.05, repeat_rate=REPEATS) as place:
        return place.row(place.run())


SCENARIOS: dict[str, Callable[[Bench, Tool], Row]] = {
    "start": start,
    "speed": speed,
    "faults": faults,
    "outage": outage,
    "kill": kill,
    "repeats": repeats,
}
ROUNDS = {"start": 3, "speed": 3}
"""How often a scenario is gone through, all tools in turn; else once. What is told is the median."""


def middle(rows: list[Row], name: str) -> float:
    """The median of a figure."""
    return float(statistics.median(row[name] for row in rows))


def forget(folder: Path) -> None:
    """Removes the environments."""
    shutil.rmtree(folder, ignore_errors=True)
