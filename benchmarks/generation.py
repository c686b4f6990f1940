"""Generation end to end on the fake server, beside a bare aiohttp loop that only sends and receives,
and beside a trial of a hundred lines that does the same work without an engine (`trial.py`).

    python -m benchmarks.generation [--records 5000]

Each line is a process of its own that first makes 64 records (imports, connections), then the measured ones.
`ratio` is records per second against concurrency ÷ latency; `ms` is processor time (user and system, all threads) per
record. The fake server runs in another process. The machine's load stands above the table: ratios hold, seconds do not.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

CASES = ((0.2, 256), (0.02, 64))
WARM = 64


@contextmanager
def fake_server(*options: str) -> Iterator[str]:
    """The fake server in a process of its own; the value is its address."""
    command = [sys.executable, "-m", "seedbed.testing.server", "--port", "0", "--until-stdin-closes", *options]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdin is not None
        assert server.stdout is not None
        yield json.loads(server.stdout.readline())["url"]
        server.stdin.close()


def processor_seconds() -> float:
    """User and system time of this process so far."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def recipe(url: str, name: str, count: int, concurrency: int) -> dict[str, Any]:
    """A recipe with labels, descriptions, categories and types, as people write them."""
    return {
        "name": name,
        "model": "local:fake",
        "connections": {"local": {"provider": "openai", "base_url": url, "concurrency": concurrency}},
        "generator": {
            "kind": "classification",
            "instruction": "one reply of a customer service agent",
            "count": count,
            "labels": {
                "polite": "considerate, shows respect and good manners",
                "neutral": "straightforward and factual",
                "impolite": "disrespectful or rude, blunt or dismissive",
            },
            "categories": {"travel": ["air", "train"], "stores": ["appliances", "toys and games"]},
        },
        "checks": [{"kind": "length", "min_words": 4, "max_words": 60}],
    }


def measure_seedbed(url: str, records: int, latency: float, concurrency: int) -> dict[str, float]:
    """Records through render, call, parse, checks, near duplicates and the durable store."""
    import seedbed

    with tempfile.TemporaryDirectory() as folder:
        seedbed.generate(recipe(url, "warm", WARM, concurrency), workspace=folder)
        began, used = time.perf_counter(), processor_seconds()
        dataset = seedbed.generate(recipe(url, "measured", records, concurrency), workspace=folder)
        took, used = time.perf_counter() - began, processor_seconds() - used
        assert len(dataset) == records
    return {"ratio": records / took / (concurrency / latency), "ms": used / records * 1000}


def measure_bare(url: str, records: int, latency: float, concurrency: int) -> dict[str, float]:
    """The same number of calls of the same size, sent and read, nothing else."""
    import aiohttp
    import orjson

    body = orjson.dumps({"model": "fake", "messages": [{"role": "user", "content": "x" * 1100}], "max_tokens": 1024})

    async def loop(session: aiohttp.ClientSession, count: int) -> None:
        left = iter(range(count))

        async def worker() -> None:
            for _ in left:
                async with session.post(f"{url}/chat/completions", data=body) as answer:
                    orjson.loads(await answer.read())

        await asyncio.gather(*(worker() for _ in range(concurrency)))

    async def run() -> tuple[float, float]:
        connector = aiohttp.TCPConnector(limit=0)
        headers = {"Content-Type": "application/json"}
        async with aiohttp.ClientSession(connector=connector, headers=headers) as session:
            await loop(session, max(WARM, concurrency))
            began, used = time.perf_counter(), processor_seconds()
            await loop(session, records)
            return time.perf_counter() - began, processor_seconds() - used

    took, used = asyncio.run(run())
    return {"ratio": records / took / (concurrency / latency), "ms": used / records * 1000}


def measure_trial(url: str, records: int, latency: float, concurrency: int) -> dict[str, float]:
    """The same path without layers: what an engine cannot do without."""
    from .trial import Trial

    generator = recipe(url, "", records, concurrency)["generator"]
    kinds = [(category, kind) for category, kinds in generator["categories"].items() for kind in kinds]
    cells = [
        {"label": label, "description": description, "category": category, "type": kind}
        for label, description in generator["labels"].items()
        for category, kind in kinds
    ]
    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(Trial(url, WARM, cells, Path(folder, "warm.db")).run(concurrency))
        began, used = time.perf_counter(), processor_seconds()
        trial = Trial(url, records, cells, Path(folder, "measured.db"))
        asyncio.run(trial.run(concurrency))
        took, used = time.perf_counter() - began, processor_seconds() - used
        assert trial.accepted == records
    return {"ratio": records / took / (concurrency / latency), "ms": used / records * 1000}


MEASURES = {
    "bare aiohttp loop": measure_bare,
    "trial without layers": measure_trial,
    "seedbed": measure_seedbed,
}


def main() -> None:
    """Prints the table, or (as a child) one measurement."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--records", type=int, default=5000)
    parser.add_argument("--child", nargs=4)
    given = parser.parse_args()
    if given.child:
        name, url, latency, concurrency = given.child
        print(json.dumps(MEASURES[name](url, given.records, float(latency), int(concurrency))))
        return
    print(f"{given.records:,} records; load {os.getloadavg()[0]:.2f} on {os.cpu_count()} cores at the start")
    print(f"{'':20} {'latency':>8} {'at once':>8} {'ratio':>7} {'ms':>7}")
    for latency, concurrency in CASES:
        for name in MEASURES:
            with fake_server("--latency", str(latency)) as url:
                command = [sys.executable, "-m", "benchmarks.generation", "--records", str(given.records)]
                child = [*command, "--child", name, url, str(latency), str(concurrency)]
                output = subprocess.run(child, capture_output=True, text=True, check=True, cwd=Path.cwd()).stdout
            figures = json.loads(output)
            print(
                f"{name:20} {latency * 1000:>5.0f} ms {concurrency:>8} {figures['ratio']:>7.3f} {figures['ms']:>7.3f}"
            )
    print(f"load {os.getloadavg()[0]:.2f} at the end")


if __name__ == "__main__":
    main()
