"""Exports over the API: `python -m benchmarks.exports [--records 100000 300000]`.

A server in a process of its own, on a store with a dataset of so many records. Printed for each format: the seconds to
the first bytes and to the last, the size of the file, and how much the server's memory grew at most beyond what it had
after a first small export.
"""

from __future__ import annotations

import argparse
import tempfile
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING, Self
from urllib.request import urlopen

from .api import filled, serving

if TYPE_CHECKING:
    import psutil

FORMATS = ("csv", "jsonl", "json", "parquet")
CHUNK = 1 << 16


class Watched:
    """The most memory that a process had."""

    def __init__(self, process: psutil.Process) -> None:
        self._process, self._over = process, threading.Event()
        self.before = self.most = process.memory_info().rss
        self._thread = threading.Thread(target=self._look)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()

    def _look(self) -> None:
        while not self._over.wait(0.02):
            self.most = max(self.most, self._process.memory_info().rss)


def export(base: str, form: str, process: psutil.Process) -> None:
    """One export, read as quickly as it comes."""
    begun, size = time.perf_counter(), 0
    with Watched(process) as memory, urlopen(f"{base}/exports?dataset=large&format={form}") as answer:
        size += len(answer.read(1))
        first = time.perf_counter() - begun
        while piece := answer.read(CHUNK):
            size += len(piece)
    seconds, grown = time.perf_counter() - begun, (memory.most - memory.before) / 2**20
    print(f"{form:<8} first {first:6.2f} s  last {seconds:6.2f} s  {size / 2**20:7.1f} MiB  memory +{grown:.0f} MiB")


def main() -> None:
    """Every format, for each size."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--records", type=int, nargs="+", default=[100_000, 300_000])
    for count in parser.parse_args().records:
        with tempfile.TemporaryDirectory() as folder:
            filled(Path(folder), count)
            with serving(Path(folder)) as (base, process):
                print(f"{count:,} records")
                urlopen(f"{base}/exports?dataset=large&format=jsonl&label=nothing").read()
                for form in FORMATS:
                    export(base, form, process)


if __name__ == "__main__":
    main()
