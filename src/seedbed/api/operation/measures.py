"""All that `/metrics` tells: counted here, or read from what the store keeps anyway."""

from __future__ import annotations

import os
import platform
from contextlib import suppress
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

from .exposition import Family

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ..desk import Desk

VERSION = version("seedbed")
RUN_STATES = ("running", "complete", "shortfall", "budget", "failed", "interrupted", "paused", "cancelled")
JOB_STATES = ("waiting", "running", "done", "failed", "cancelled")

WORKED = {
    "records": ("seedbed_records_total", ("state",), "Records that ended in runs, by how they ended."),
    "calls": ("seedbed_calls_total", ("connection",), "Requests to models, repeated ones too."),
    "tokens": ("seedbed_tokens_total", ("connection", "kind"), "Tokens that models read and wrote."),
    "cost": ("seedbed_cost_dollars_total", ("connection",), "US dollars that calls took, where prices are known."),
}


def measured(desk: Desk) -> list[Family]:
    """The figures of the workspace and of the processes; blocks for a few reads."""
    store = desk.workspace.store
    return [
        _built(),
        _by_state("seedbed_runs", "Runs in the workspace.", store.watching.states(), RUN_STATES),
        _by_state("seedbed_jobs", "Jobs that are known.", store.jobs.states(), JOB_STATES),
        *_worked(desk.totals.look()),
        _sizes(store.sizes()),
        _memory({"server": os.getpid(), "driver": desk.runner.pid, "reader": desk.aside.pid}),
    ]


def _built() -> Family:
    family = Family("seedbed_build_info", "gauge", "Which Seedbed this is.")
    family.add(1, version=VERSION, python=platform.python_version())
    return family


def _by_state(name: str, says: str, counts: Mapping[str, int], states: tuple[str, ...]) -> Family:
    family = Family(name, "gauge", says)
    for state in states:
        family.add(counts.get(state, 0), state=state)
    return family


def _worked(work: Mapping[tuple[str, ...], float]) -> list[Family]:
    families = {what: Family(name, "counter", says) for what, (name, _, says) in WORKED.items()}
    for (what, *values), amount in sorted(work.items()):
        families[what].add(amount, **dict(zip(WORKED[what][1], values, strict=True)))
    return list(families.values())


def _sizes(sizes: Mapping[str, int]) -> Family:
    family = Family("seedbed_store_bytes", "gauge", "The size of the database, and of its log of what is new (wal).")
    for file, size in sizes.items():
        family.add(size, file=file)
    return family


def _memory(processes: Mapping[str, int | None]) -> Family:
    family = Family("seedbed_process_resident_bytes", "gauge", "Memory of the processes of the server.")
    for name, pid in processes.items():
        with suppress(OSError):  # it has just ended, or this system does not tell
            pages = Path(f"/proc/{pid}/statm").read_text("ascii").split()[1]
            family.add(int(pages) * os.sysconf("SC_PAGE_SIZE"), process=name)
    return family
