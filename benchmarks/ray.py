"""A Ray cluster beside one machine: throughput of one and two workers, what a record costs whom, and killed workers.

    python -m benchmarks.ray            # a cluster of this machine's processes, about two minutes
    python -m benchmarks.ray --hosts    # two hosts in network namespaces (as root), about one minute

Each worker has the same number of calls at once, and the latency is the fake server's, so that two workers can do twice
the work of one although they share this machine's processors. Rates are taken between a fifth and four fifths of a
run's records, without start and end.
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import tempfile
import threading
import time
import urllib.request
from contextlib import suppress
from pathlib import Path
from typing import Any, Self

from .generation import fake_server, recipe

LATENCY = 0.5
CALLS = 64
"""At once, for each worker."""

CROWD = 512
"""At once for each worker, where the coordinator is to have much to do."""

SECONDS = 15
"""What a run takes, about."""


class Sampler:
    """Looks at a run from outside a few times a second: answers, and processor time of coordinator and workers.

    Args:
        url: of the fake server.
        kill: kills a worker every so many seconds.
    """

    def __init__(self, url: str, kill: float | None = None) -> None:
        self._url = url.removesuffix("/v1")
        self._kill = kill
        self.killed = 0
        self.seen: list[tuple[float, int, float, float]] = []
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._watch)

    def __enter__(self) -> Self:
        self.began = self.answered()
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()

    def answered(self) -> int:
        """Calls the server has answered."""
        with urllib.request.urlopen(f"{self._url}/stats", timeout=10) as reply:
            return int(json.load(reply)["answered"])

    def figures(self, records: int) -> dict[str, float]:
        """Records a second, and milliseconds of processor a record for the coordinator and for all workers."""
        middle = [seen for seen in self.seen if records * 0.2 <= seen[1] <= records * 0.8]
        first, last = middle[0], middle[-1]
        made = last[1] - first[1]
        rate = made / (last[0] - first[0])
        return {
            "rate": rate,
            "coordinator_ms": (last[2] - first[2]) / made * 1000,
            "workers_ms": (last[3] - first[3]) / made * 1000,
        }

    def _watch(self) -> None:
        last = time.monotonic()
        used: dict[int, float] = {}
        while not self._over.wait(0.2):
            found = workers()
            used |= found
            now = time.monotonic()
            self.seen.append((now, self.answered() - self.began, time.process_time(), sum(used.values())))
            if self._kill and found and self.seen[-1][1] and now - last > self._kill:
                last = now
                self.killed += 1
                os.kill(min(found), signal.SIGKILL)


def workers() -> dict[int, float]:
    """The workers' processes that live → their processor seconds so far."""
    found = {}
    tick = os.sysconf("SC_CLK_TCK")
    for folder in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            if (folder / "cmdline").read_bytes().startswith(b"ray::Workbench"):
                fields = (folder / "stat").read_text().rpartition(")")[2].split()
                found[int(folder.name)] = (int(fields[11]) + int(fields[12])) / tick
    return found


def measure(
    url: str, number: int, kill: float | None = None, seconds: int = SECONDS, calls: int = CALLS
) -> dict[str, float]:
    """One run with so many workers (0: without a cluster), each with so many calls at once."""
    import seedbed

    records = int(max(1, number) * calls / LATENCY * seconds)
    asked: dict[str, Any] = recipe(url, "cluster", records, max(1, number) * calls)
    elsewhere: dict[str, Any] = {"executor": "ray", "workers": number} if number else {}
    with tempfile.TemporaryDirectory() as folder, Sampler(url, kill) as sampler:
        dataset = seedbed.generate(asked, workspace=folder, **elsewhere)
    assert len(dataset) == records
    assert all(cell["accepted"] == cell["wanted"] for cell in dataset.figures["cells"])
    answered = sampler.answered() - sampler.began
    more = {"killed": sampler.killed, "paid_twice": answered - dataset.figures["calls"]} if kill else {}
    return {"records": records, **sampler.figures(records), **more}


def start() -> None:
    """A cluster of this machine's processes, which says nothing to anybody outside."""
    os.environ |= {  # noqa: TID251 - Ray looks there
        "RAY_USAGE_STATS_ENABLED": "0",
        "RAY_AUTH_MODE": "disabled",
    }
    import ray

    ray.init(num_cpus=2, include_dashboard=False, log_to_driver=False, object_store_memory=100 * 2**20)


def main() -> None:
    """Prints one line for each case."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--hosts", action="store_true", help="two hosts in network namespaces")
    if options.parse_args().hosts:
        from .ray_hosts import main as on_hosts

        on_hosts()
        return
    start()
    print(f"load of the machine before: {os.getloadavg()[0]:.1f} on {os.cpu_count()} processors")
    with fake_server("--latency", str(LATENCY)) as url:
        found = {}
        for name, number, kill in (
            ("here", 0, None),
            ("1 worker", 1, None),
            ("2 workers", 2, None),
            ("2 workers, one killed every 10 s", 2, 10.0),
        ):
            found[name] = measure(url, number, kill, SECONDS if kill is None else 3 * SECONDS)
            print(f"{name}: " + ", ".join(f"{key} {value:,.4g}" for key, value in found[name].items()), flush=True)
        print(f"two workers beside one: {found['2 workers']['rate'] / found['1 worker']['rate']:.2f} times the rate")
        busy = measure(url, 2, calls=CROWD, seconds=4)
    print("2 workers, as many calls as go: " + ", ".join(f"{key} {value:,.4g}" for key, value in busy.items()))
    limit = 1000 / busy["coordinator_ms"]
    print(f"a coordinator with a processor of its own takes in {limit:,.0f} records a second at that cost")


if __name__ == "__main__":
    main()
