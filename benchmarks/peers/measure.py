"""One command, watched from outside: by the operating system and by the fake server's counters."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import time
import urllib.request
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event, Thread
from typing import Any

import psutil

EAGER, CALM = 0.02, 0.05
"""Seconds between two looks at the fake server: before the first call, and after it."""


@dataclass
class Watched:
    """What was seen of a command.

    Seconds: `wall` (all of it), `first_call` (until its first call came; 0 if none did), `working` (from there to the
    last answer), `processor` (user and system, of it and the children it waited for). `memory`: the most MB that its
    processes had together, shared pages divided among those that share them. `calls` and `answered` are the server's,
    of this command alone. `code` is negative if it was killed.
    """

    wall: float = 0.0
    first_call: float = 0.0
    working: float = 0.0
    processor: float = 0.0
    memory: float = 0.0
    calls: int = 0
    answered: int = 0
    code: int = 0
    load: float = 0.0
    said: str = field(default="", repr=False)


def stats(url: str) -> dict[str, Any]:
    """The fake server's counters."""
    with urllib.request.urlopen(url.removesuffix("/v1") + "/stats") as answer:
        found: dict[str, Any] = json.loads(answer.read())
    return found


def change(url: str, **patch: Any) -> None:
    """Changes the fake server's settings."""
    body = json.dumps(patch).encode()
    urllib.request.urlopen(urllib.request.Request(url.removesuffix("/v1") + "/settings", body)).close()


def watched(
    command: Sequence[str],
    folder: Path,
    url: str,
    given: str = "",
    *,
    look: Callable[[dict[str, Any]], bool] = lambda _: False,
    patience: float = 150,
) -> Watched:
    """Runs a command in a folder, with `given` on its standard input.

    Args:
        look: called with the server's counters (of this command alone) again and again; if it answers True, the command
            and its children are killed with `kill -9`.
        patience: seconds after which they are killed as well.
    """
    before, seen = stats(url), Watched(load=os.getloadavg()[0])
    log = folder / "log.txt"
    (folder / "given.json").write_text(given, "utf-8")
    with log.open("wb") as out, (folder / "given.json").open() as task:
        began = time.monotonic()
        process = subprocess.Popen(
            command, stdin=task, stdout=out, stderr=subprocess.STDOUT, cwd=folder, start_new_session=True
        )
        over = Event()
        memory = Thread(target=_remember, args=(process.pid, seen, over))
        memory.start()
        _follow(process, url, before, seen, look, began + patience)
        seen.wall = time.monotonic() - began
        over.set()
        memory.join()
    after = stats(url)
    seen.calls, seen.answered = after["requests"] - before["requests"], after["answered"] - before["answered"]
    seen.said = log.read_text("utf-8", errors="replace")
    return seen


def _follow(
    process: subprocess.Popen[bytes],
    url: str,
    before: dict[str, Any],
    seen: Watched,
    look: Callable[[dict[str, Any]], bool],
    until: float,
) -> None:
    began = time.monotonic()
    first = last = answered = 0.0
    while True:
        pid, status, used = os.wait4(process.pid, os.WNOHANG)
        now, counters = time.monotonic(), stats(url)
        counters = {name: counters[name] - before[name] for name in ("requests", "answered", "in_flight")}
        if counters["requests"] and not first:
            first = now
        if counters["answered"] != answered:
            answered, last = counters["answered"], now
        if pid:
            seen.code = process.returncode = os.waitstatus_to_exitcode(status)
            seen.processor = used.ru_utime + used.ru_stime
            break
        if look(counters) or now > until:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            until = now + 30
        time.sleep(CALM if first else EAGER)
    with suppress(ProcessLookupError):  # children that outlived it
        os.killpg(process.pid, signal.SIGKILL)
    seen.first_call, seen.working = (first - began, max(0.0, last - first)) if first else (0.0, 0.0)


def _remember(pid: int, seen: Watched, over: Event) -> None:
    while not over.wait(0.2):
        with suppress(psutil.Error, OSError):
            process = psutil.Process(pid)
            family = [process, *process.children(recursive=True)]
            seen.memory = max(seen.memory, sum(map(_pss, family)) / 1e6)


def _pss(process: psutil.Process) -> int:
    with suppress(psutil.Error, OSError):
        return int(process.memory_full_info().pss)
    return 0
