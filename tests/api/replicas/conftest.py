"""Two servers on one workspace, as processes that can be killed."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import psutil
import pytest

from postgres import Server
from seedbed.app.settings import environment_of
from seedbed.app.workspace import Workspace
from serving import service

ENDED = ("complete", "shortfall", "budget", "failed", "interrupted", "paused", "cancelled")


@dataclass
class Replica:
    """One server: its process, and a client of it."""

    process: subprocess.Popen[bytes]
    api: httpx.Client

    def children(self, module: str) -> list[psutil.Process]:
        """Its processes that run a module."""
        return [one for one in psutil.Process(self.process.pid).children() if module in one.cmdline()]

    def kill(self, *, all_of_it: bool = False) -> list[psutil.Process]:
        """Ends it as a power cut would, alone or with all its processes; answers those it had."""
        family = psutil.Process(self.process.pid).children(recursive=True)
        self.process.kill()
        for one in family if all_of_it else ():
            one.kill()
        self.process.wait()
        return family

    def start(self, document: dict[str, Any], **headers: str) -> str:
        """The id of a run of a recipe."""
        answer = self.api.post("runs", json={"document": document, "new": True}, headers=headers)
        assert answer.status_code == 201, answer.text
        return str(answer.json()["run"])

    def until(self, run: str, ready: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
        """The run, as soon as something is so."""
        deadline = time.monotonic() + 60
        while True:
            item: dict[str, Any] = self.api.get(f"runs/{run}").json()
            if ready(item):
                return item
            assert time.monotonic() < deadline, item
            time.sleep(0.1)

    def ended(self, run: str) -> dict[str, Any]:
        """The run when nobody drives it any more."""
        return self.until(run, lambda item: item["state"] in ENDED and not item["driven"])


Pair = tuple[Replica, Replica]


@contextmanager
def started(place: Workspace, count: int) -> Iterator[list[Replica]]:
    """Servers that are started at once."""
    with ExitStack() as stack, ThreadPoolExecutor(count) as crowd:
        services = [service(place.folder, environment_of(place.settings)) for _ in range(count)]
        yield [Replica(*one) for one in crowd.map(stack.enter_context, services)]


@pytest.fixture(params=["file", "postgres"])
def place(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Workspace]:
    """The workspace of all replicas, its store a file or a database with short leases."""
    monkeypatch.setenv("SEEDBED_LEASE_SECONDS", "2")
    url = request.getfixturevalue("database") if request.param == "postgres" else None
    with Workspace(tmp_path / "place", url) as found:
        yield found


@pytest.fixture
def replicas(place: Workspace) -> Iterator[Pair]:
    """Two servers that may be killed."""
    with started(place, 2) as (first, second):
        yield first, second


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory, postgres: Server) -> Iterator[Workspace]:
    """A workspace that all tests of a file use, its store a database."""
    url = postgres.empty()  # both make its tables
    with Workspace(tmp_path_factory.mktemp("shared"), url) as found:
        yield found
    postgres.drop(url)


@pytest.fixture(scope="module")
def pair(shared: Workspace) -> Iterator[Pair]:
    """Two servers that all tests of a file use."""
    with started(shared, 2) as (first, second):
        yield first, second


def until_true(ready: Callable[[], Any]) -> Any:
    """Waits until something is so."""
    deadline = time.monotonic() + 60
    while not (found := ready()):
        assert time.monotonic() < deadline
        time.sleep(0.1)
    return found
