"""Names of processes by which others of the same machine can tell that one is gone."""

from __future__ import annotations

import os
from functools import cache
from hashlib import blake2b
from pathlib import Path
from typing import Final

_BOOT: Final = Path("/proc/sys/kernel/random/boot_id")
_SPACE: Final = Path("/proc/self/ns/pid")


def this_process() -> str:
    """`MACHINE/PROCESS/START`: the machine (or container) since it was started, the process, when that was started.

    Where that cannot be known the machine is empty.
    """
    process = os.getpid()
    return f"{_machine()}/{process}/{_start(process) or ''}"


def is_gone(name: str) -> bool:
    """Whether a process of this machine has ended; of others nothing is known. What follows its name is left out."""
    machine, process, start, *_ = name.split("/")
    if not machine or machine != _machine() or not process.isdigit():
        return False
    return _start(int(process)) != start


@cache
def _machine() -> str:
    """Numbers of processes mean the same only in one container of one machine that was not started anew."""
    try:
        place = f"{_BOOT.read_text()}{_SPACE.readlink()}"
    except OSError:
        return ""
    return blake2b(place.encode(), digest_size=8).hexdigest()


def _start(process: int) -> str | None:
    """When a process was started; None if it is not there, or has ended and is only not forgotten yet."""
    try:
        text = Path(f"/proc/{process}/stat").read_text(errors="replace")
    except OSError:
        return None
    state, *fields = text.rpartition(")")[2].split()  # a name in brackets comes before, with whatever is in it
    return None if state in "ZX" else fields[18]
