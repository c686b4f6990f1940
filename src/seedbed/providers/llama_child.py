"""The program that runs a local model: llama.cpp's own HTTP server in a process of its own.

Started by `llama_process`. The first line of its input is a JSON object with `model`, `api_key`, `context`, `slots`,
`cache_ram_mib`, `idle_seconds`, `parent`. It answers one line of JSON, `{"ready": true, "port": N}` or
`{"ready": false, "error": "…"}`, and ends when its input ends or its parent dies. It imports nothing of Seedbed.
"""

from __future__ import annotations

import ctypes
import json
import math
import os
import signal
import sys
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

SPIN = "1000"
"""Turns libgomp waits busily; its default collapses when the cores are shared (132 → 2 tokens a second seen)."""

HTTP_THREADS = 32
PR_SET_PDEATHSIG = 1


def main() -> int:
    """Serves until the input ends."""
    settings = json.loads(sys.stdin.buffer.readline())
    _die_with(settings["parent"])
    answer = os.dup(1)
    os.dup2(2, 1)  # whatever the library prints goes to the log
    os.putenv("GOMP_SPINCOUNT", SPIN)  # read when the library is loaded, below
    try:
        server = _serve(settings)
    except (ImportError, RuntimeError) as error:
        _say(answer, {"ready": False, "error": str(error)})
        return 1
    _say(answer, {"ready": True, "port": urlsplit(server.listening_address).port})
    sys.stdin.buffer.read()
    os._exit(0)  # the library's own clean-up has nothing that the system does not do faster


def _serve(settings: dict[str, Any]) -> Any:
    import xllamacpp

    params = xllamacpp.CommonParams()
    params.model.path = settings["model"]
    params.hostnames = ["127.0.0.1"]
    params.port = 0
    params.api_keys = [settings["api_key"]]
    params.ui = False
    params.endpoint_slots = False
    params.verbosity = 1
    params.n_ctx = settings["context"]
    params.n_parallel = settings["slots"]
    params.cache_ram_mib = settings["cache_ram_mib"]
    params.sleep_idle_seconds = settings["idle_seconds"]
    params.n_threads_http = HTTP_THREADS
    params.enable_reasoning = 0
    params.cpuparams.n_threads = params.cpuparams_batch.n_threads = cores()
    return xllamacpp.Server(params)


def _say(descriptor: int, answer: dict[str, Any]) -> None:
    os.write(descriptor, json.dumps(answer).encode() + b"\n")
    os.close(descriptor)


def _die_with(parent: int) -> None:
    """Has the kernel end this process with its parent (Linux; elsewhere the end of the input does it)."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != parent:
            os._exit(1)


# --- processors


def cores() -> int:
    """How many processors this process may really use: affinity and control groups count."""
    usable = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return max(1, min([usable, *(math.ceil(quota) for quota in _quotas(Path("/sys/fs/cgroup")))]))


def _quotas(root: Path) -> list[float]:
    """Processor quotas of the control groups around this process, version 2 and 1."""
    own = _own_group()
    folders = [root, root / "cpu", *(root / parent for parent in (own, *own.parents))]
    pairs = [_numbers(folder, "cpu.max") for folder in folders]
    pairs += [[*_numbers(folder, "cpu.cfs_quota_us"), *_numbers(folder, "cpu.cfs_period_us")] for folder in folders]
    return [pair[0] / pair[1] for pair in pairs if len(pair) == 2 and pair[0] > 0 and pair[1] > 0]


def _own_group() -> Path:
    try:
        lines = Path("/proc/self/cgroup").read_text(encoding="utf-8").splitlines()
    except OSError:
        return Path()
    return next((Path(line[3:].lstrip("/")) for line in lines if line.startswith("0::")), Path())


def _numbers(folder: Path, name: str) -> list[float]:
    """The numbers in a control group's file; none if there is no such file or it says `max`."""
    try:
        return [float(word) for word in (folder / name).read_text(encoding="utf-8").split()]
    except (OSError, ValueError):
        return []


if __name__ == "__main__":
    sys.exit(main())
