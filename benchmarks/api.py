"""The service under load: `python -m benchmarks.api [--seconds 60] [--reviewers 50] [--records 20000]`.

A server in a process of its own, on a store with a dataset of so many records. Fifty reviewers read pages, filter,
search and decide, as fast as people with a second between two keys would (`--pause`), while five runs make records on
the fake server. Printed: reads, decisions, errors, the 50th, 95th and 99th percentile of reads in milliseconds beside
those of `/health`, which no read can go below; and how many of the decisions are in the store.

Then twenty open streams follow a run of ten thousand records: the server's memory at a tenth of it and at its end.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import random
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections import Counter
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.request import urlopen

import aiohttp
import psutil
from sqlalchemy import text

from seedbed.core.review.entry import Wanted
from seedbed.core.stored import StoredRun
from seedbed.storage.sql import SqlStore

from .generation import fake_server, recipe
from .review import rows

if TYPE_CHECKING:
    from collections.abc import Iterator

RUNS, STREAMS = 5, 20


def filled(folder: Path, count: int) -> None:
    """A dataset `large` of so many records, taken in."""
    store = SqlStore(folder)
    run = store.create_run(StoredRun("", "large", "complete", {}, {}, "large", ["text", "label"], 7, kind="import"))
    command = text(
        "INSERT INTO records (run, attempt, slot, state, reason, detail, cell, model, data, at)"
        " VALUES (:run, :attempt, 0, 'accepted', '', '', '[]', :model, :data, 0)"
    )
    made = rows(run.number, count)
    while part := list(islice(made, 10_000)):
        with store._engine.begin() as connection:  # noqa: SLF001 - without a run's ceremony
            connection.execute(command, part)
    store.reviews.catch_up("large")
    store.close()


@contextmanager
def serving(folder: Path) -> Iterator[tuple[str, psutil.Process]]:
    """The server's address and process."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    code = "from seedbed.cli.main import run; run()"
    command = [sys.executable, "-c", code, "serve", "--port", str(port), "--workspace", str(folder)]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        base = f"http://127.0.0.1:{port}/api/v1"
        for _ in range(300):
            try:
                urlopen(f"{base}/health").close()
                break
            except OSError:
                time.sleep(0.1)
        try:
            yield base, psutil.Process(process.pid)
        finally:
            process.send_signal(signal.SIGINT)


class Load:
    """What the reviewers met."""

    def __init__(self) -> None:
        self.times: dict[str, list[float]] = {name: [] for name in ("page", "counts", "record", "decision", "/health")}
        self.decided: set[str] = set()
        self.errors: Counter[str] = Counter()

    @property
    def reads(self) -> list[float]:
        """The times of all reads of records."""
        return [*self.times["page"], *self.times["counts"], *self.times["record"]]

    async def get(self, session: aiohttp.ClientSession, url: str, kind: str = "") -> Any:
        """A read, timed where it is of a kind."""
        begun = time.perf_counter()
        async with session.get(url) as answer:
            found = await answer.json()
        if kind:
            self.times[kind].append(time.perf_counter() - begun)
        if answer.status != 200:
            self.errors[f"{answer.status} {found.get('detail')}"] += 1
            return {"items": []}
        return found


async def reviewer(
    load: Load, session: aiohttp.ClientSession, base: str, number: int, pause: float, end: float
) -> None:
    """Reads pages by filters and words, and decides on records of its own."""
    rng = random.Random(number)
    queries = ["", "&decision=todo", "&label=polite", "&label=rude&decision=todo", "&q=the", "&sort=last", "&model=a:m"]
    await asyncio.sleep(2 * pause * rng.random())  # people do not all come in the same instant
    while time.monotonic() < end:
        page = await load.get(session, f"{base}/records?dataset=large&limit=50{rng.choice(queries)}", "page")
        await load.get(session, f"{base}/datasets/large/review", "counts")
        mine = [one for one in page["items"] if int(one["id"].partition(":")[2].partition(".")[0]) % 50 == number]
        for item in mine[:3]:
            await load.get(session, f"{base}/records/{item['id']}", "record")
            headers = {"If-Match": f'"{item["version"]}"'}
            change = {"decision": rng.choice(["approved", "declined"])}
            begun = time.perf_counter()
            async with session.patch(f"{base}/records/{item['id']}", json=change, headers=headers) as answer:
                found = await answer.json()
            load.times["decision"].append(time.perf_counter() - begun)
            if answer.status == 200:
                load.decided.add(item["id"])
            elif answer.status != 412:
                load.errors[f"{answer.status} {found.get('detail')}"] += 1
            await asyncio.sleep(pause * rng.uniform(0.5, 1.5))
        await load.get(session, f"{base}/health", "/health")
        await asyncio.sleep(pause * rng.uniform(0.5, 1.5))


async def start(session: aiohttp.ClientSession, base: str, url: str, name: str, count: int) -> str:
    """A run on the fake server; its id."""
    body = {"document": recipe(url, name, count, 16)}
    async with session.post(f"{base}/runs", json=body) as answer:
        found = await answer.json()
    assert answer.status == 201, found
    return str(found["run"])


def shown(name: str, times: list[float]) -> None:
    """A line of percentiles."""
    ordered = sorted(times)
    at = {share: 1000 * ordered[min(len(ordered) - 1, int(share * len(ordered)))] for share in (0.5, 0.95, 0.99)}
    print(f"{name:<10} {len(times):>8,}  " + "  ".join(f"p{share * 100:.0f} {ms:7.1f} ms" for share, ms in at.items()))


async def reviewing(base: str, url: str, settings: argparse.Namespace) -> Load:
    """Reviewers and runs at once."""
    load = Load()
    connector = aiohttp.TCPConnector(limit=0)
    async with aiohttp.ClientSession(connector=connector) as session:
        runs = [await start(session, base, url, f"beside-{i}", 100_000) for i in range(RUNS)]
        end = time.monotonic() + settings.seconds
        people = [reviewer(load, session, base, i, settings.pause, end) for i in range(settings.reviewers)]
        await asyncio.gather(*people)
        made = []
        for run in runs:
            made.append((await load.get(session, f"{base}/runs/{run}"))["accepted"])
            async with session.post(f"{base}/runs/{run}/cancel"):
                pass
    print(f"load average {os.getloadavg()[0]:.1f}; the runs made {sum(made):,} records meanwhile: {made}")
    shown("all reads", load.reads)
    for kind, times in load.times.items():
        shown(kind, times)
    print(f"decisions {len(load.decided):,}, errors {dict(load.errors) or 'none'}")
    return load


async def follow(session: aiohttp.ClientSession, base: str, run: str) -> Counter[str]:
    """The events of a run, counted by kind."""
    found: Counter[str] = Counter()
    timeout = aiohttp.ClientTimeout(total=None)
    async with session.get(f"{base}/runs/{run}/events", timeout=timeout) as answer:
        async for line in answer.content:
            if line.startswith(b"event: "):
                kind = line[7:].strip().decode()
                found[kind] += 1
                if kind == "end":
                    break
    return found


async def streaming(base: str, url: str, process: psutil.Process, count: int) -> None:
    """Memory of the server while twenty streams follow a run."""
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)) as session:
        run = await start(session, base, url, "followed", count)
        streams = [asyncio.create_task(follow(session, base, run)) for _ in range(STREAMS)]
        early = 0
        while not all(one.done() for one in streams):
            await asyncio.sleep(0.2)
            state = await Load().get(session, f"{base}/runs/{run}")
            if not early and state["accepted"] >= count // 10:
                early = process.memory_info().rss
        found = [one.result() for one in streams]
    last = process.memory_info().rss
    print(f"{STREAMS} streams, {sum(map(Counter.total, found)):,} events: {dict(found[0])} on the first")
    print(f"server's memory: {early / 1e6:.0f} MB at a tenth, {last / 1e6:.0f} MB at the end")


def used(process: psutil.Process) -> tuple[float, float]:
    """Seconds of processor time of the server so far: of the process that answers, and of those it has started."""
    return sum(process.cpu_times()[:2]), sum(sum(one.cpu_times()[:2]) for one in process.children(recursive=True))


def kept(folder: Path) -> int:
    """How many records of the dataset were decided on, as the store has it."""
    store = SqlStore(folder)
    found = store.reviews.counts(Wanted("large")).reviewed
    store.close()
    return found


def main() -> None:
    """Measures and prints."""
    parser = argparse.ArgumentParser("benchmarks.api", description=__doc__)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--reviewers", type=int, default=50)
    parser.add_argument("--pause", type=float, default=1.0)
    parser.add_argument("--records", type=int, default=20_000)
    parser.add_argument("--events", type=int, default=10_000)
    settings = parser.parse_args()
    with tempfile.TemporaryDirectory() as name, fake_server("--latency", "0.2") as url:
        folder = Path(name)
        filled(folder, settings.records)
        with serving(folder) as (base, process):
            before = used(process)
            load = asyncio.run(reviewing(base, url, settings))
            answering, others = (now - then for now, then in zip(used(process), before, strict=True))
            print(f"processor: answers {answering:.1f} s, reads and runs {others:.1f} s, of {settings.seconds:.0f} s")
            asyncio.run(streaming(base, url, process, settings.events))
        print(json.dumps({"decided": len(load.decided), "in the store": kept(folder)}))


if __name__ == "__main__":
    main()
