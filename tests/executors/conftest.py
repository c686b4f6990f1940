"""One Ray for all tests of a process, and what they ask of it."""

from __future__ import annotations

import os
import shutil
import signal
import tempfile
import threading
import time
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest

import seedbed
from seedbed.executors.ray import hush
from seedbed.testing.server import FakeServer, Settings, running_server

QUIET = {"RAY_USAGE_STATS_ENABLED": "0", "RAY_AUTH_MODE": "disabled"}
"""What every process that joins is told: nothing is said to anybody outside."""


@pytest.fixture(scope="session")
def cluster() -> Iterator[str]:
    """A cluster of this machine's processes; the value is its address."""
    ray = pytest.importorskip("ray")
    # Ray's folder holds sockets, whose paths must be short.
    folder = tempfile.mkdtemp(prefix="ray", dir="/tmp")
    with pytest.MonkeyPatch.context() as patch, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for name, value in QUIET.items():
            patch.setenv(name, value)
        patch.setenv("RAY_METRICS_REPORT_INTERVAL_MS", "0")
        patch.setenv("RAY_ENABLE_METRICS_COLLECTION", "0")
        patch.setenv("RAY_enable_worker_prestart", "0")
        patch.setenv("RAY_prestart_worker_first_driver", "0")
        patch.setenv("PYTHONPATH", str(Path(seedbed.__file__).parents[1]))
        hush(ray)  # its lines would be in whatever a later test reads as a command's output
        found = ray.init(
            num_cpus=2,
            include_dashboard=False,
            log_to_driver=False,
            configure_logging=False,
            object_store_memory=80 * 2**20,
            _temp_dir=folder,
        )
        yield found.address_info["gcs_address"]
        ray.shutdown()
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def answering() -> Iterator[FakeServer]:
    with running_server(Settings(by_question=True)) as running:
        yield running


@pytest.fixture
def fake(answering: FakeServer) -> FakeServer:
    answering.change(latency=0.02, requests_per_minute=None, key=None)
    answering.reset()
    return answering


@pytest.fixture
def recipe(fake: FakeServer) -> Callable[..., dict[str, Any]]:
    """A recipe that is answered the same wherever it is worked on."""

    def make(count: int = 60, **fields: Any) -> dict[str, Any]:
        connection = {"provider": "openai", "base_url": fake.url, "concurrency": 8, **fields.pop("connection", {})}
        return {
            "name": "replies",
            "model": "local:fake",
            "seed": 11,
            "steering": "off",
            "near_duplicate": False,
            "connections": {"local": connection},
            "generator": {
                "kind": "classification",
                "instruction": "one reply of a customer service agent",
                "count": count,
                "labels": ["polite", "rude", "neutral"],
            },
            **fields,
        }

    return make


def made(dataset: seedbed.Dataset) -> list[tuple[str, str]]:
    return sorted((record.label, record.text) for record in dataset)


def shares(figures: dict[str, Any]) -> dict[str, int]:
    return {cell["cell"]["label"]: cell["accepted"] for cell in figures["cells"]}


def until(ready: Callable[[], object]) -> None:
    """Waits until something is so that other processes do."""
    deadline = time.monotonic() + 60
    while not ready():
        assert time.monotonic() < deadline
        time.sleep(0.1)


def workers() -> list[int]:
    """The processes of the workers that live, of this process's cluster: tests beside it may have another."""
    found = []
    for name in Path("/proc").iterdir():
        if name.name.isdigit():
            with suppress(OSError):
                if (name / "cmdline").read_bytes().startswith(b"ray::Workbench") and _is_ours(int(name.name)):
                    found.append(int(name.name))
    return found


def _is_ours(process: int) -> bool:
    while process > 1 and process != os.getpid():
        # Its name, in brackets, may hold blanks.
        process = int(Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[1])
    return process == os.getpid()


@contextmanager
def killing(every: float, most: int) -> Iterator[list[int]]:
    """Kills one worker after the other, as a power cut would."""
    killed: list[int] = []
    over = threading.Event()

    def kill() -> None:
        while len(killed) < most and not over.wait(every):
            if living := [worker for worker in workers() if worker not in killed]:
                killed.append(min(living))
                os.kill(killed[-1], signal.SIGKILL)

    with beside(kill, over.set):
        yield killed


@contextmanager
def beside(act: Callable[[], object], end: Callable[[], object] = bool) -> Iterator[None]:
    """Does something meanwhile; what goes wrong there is raised here."""
    problems: list[BaseException] = []

    def acted() -> None:
        try:
            act()
        except BaseException as problem:  # noqa: BLE001 - raised below
            problems.append(problem)

    thread = threading.Thread(target=acted)
    thread.start()
    try:
        yield
    finally:
        end()
        thread.join()
    for problem in problems:
        raise problem
