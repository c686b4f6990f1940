"""Whoever drives the runs of a service does it in the same way, in this process or in another one."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable, Iterator
from concurrent.futures import CancelledError
from pathlib import Path
from typing import Any

import pytest

from seedbed.app.serve.apart import MOST_DEATHS, Apart
from seedbed.app.serve.drafts import draft_of
from seedbed.app.serve.driving import Drives, Driving
from seedbed.app.serve.launch import Wish, launch
from seedbed.app.serve.people import Person
from seedbed.app.serve.runner import Runner
from seedbed.app.workspace import Workspace
from seedbed.core.errors import InputError, ProviderError, RunFailed
from seedbed.core.stored import StoredRun
from seedbed.testing.server import FakeServer, Settings, running_server

ANN = Person("ann", owner=True, local=True)


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Workspace]:
    with Workspace(tmp_path / "workspace") as place:
        assert place.store
        yield place


@pytest.fixture(params=["here", "apart"])
def drives(request: pytest.FixtureRequest, workspace: Workspace) -> Drives:
    return Driving(workspace) if request.param == "here" else Apart(workspace, alone=True)


@pytest.fixture
def runner(workspace: Workspace, drives: Drives) -> Iterator[Runner]:
    runner = Runner(workspace, drives)
    runner.start()
    yield runner
    runner.close()


@pytest.fixture(scope="module")
def server() -> Iterator[FakeServer]:
    with running_server(Settings(latency=0.05)) as found:
        yield found


def begun(place: Workspace, runner: Runner, document: dict[str, Any]) -> str:
    """The id of a run of a recipe, which is driven."""
    return launch(place, runner, draft_of(place, ANN, None, document), Wish(ANN, new=True)).id


def until(place: Workspace, run: str, ready: Callable[[StoredRun], bool]) -> StoredRun:
    """The run, as soon as something is so."""
    deadline = time.monotonic() + 40
    while True:
        stored = place.store.run(run)
        assert stored is not None
        if ready(stored):
            return stored
        assert time.monotonic() < deadline, stored
        time.sleep(0.03)


def accepted(stored: StoredRun) -> int:
    """How many records a run has."""
    return int((stored.figures or {}).get("accepted", 0))


def test_a_run_is_driven_to_its_end_and_let_go(
    workspace: Workspace, runner: Runner, server: FakeServer, recipe_on: Any
):
    run = begun(workspace, runner, recipe_on(server.url, 12))
    until(workspace, run, lambda stored: stored.state == "complete" and not runner.holds(run))


def test_a_run_is_paused_and_gone_on_with(workspace: Workspace, runner: Runner, server: FakeServer, recipe_on: Any):
    run = begun(workspace, runner, recipe_on(server.url, 120, concurrency=4))
    until(workspace, run, lambda stored: accepted(stored) > 3)
    runner.wish(run, "pause")
    until(workspace, run, lambda stored: stored.state == "paused" and not runner.holds(run))
    runner.resume(run)
    done = until(workspace, run, lambda stored: stored.state == "complete" and not runner.holds(run))
    assert accepted(done) == 120


def test_a_preview_shows_attempts_and_says_what_is_wrong(
    workspace: Workspace, runner: Runner, server: FakeServer, recipe_on: Any
):
    shown: list[dict[str, Any]] = []
    attempts = runner.preview(recipe_on(server.url), str(workspace.folder), 2, shown.append).result(30)
    assert len(attempts) == 2
    assert shown == attempts, "each as soon as it had ended"
    assert attempts[0]["records"][0]["state"] == "accepted"
    nobody = recipe_on("http://127.0.0.1:9/v1")
    with pytest.raises((RunFailed, ProviderError)) as failed:
        runner.preview(nobody, str(workspace.folder), 1).result(40)
    assert failed.value.hint
    with pytest.raises(InputError, match=r"none\.csv"):
        runner.preview({**recipe_on(server.url), "into": {"dataset": "none.csv"}}, str(workspace.folder), 1).result(30)


def test_a_preview_that_nobody_waits_for_ends_its_calls(workspace: Workspace, runner: Runner, recipe_on: Any):
    with running_server(Settings(latency=60)) as slow:
        asked = runner.preview(recipe_on(slow.url), str(workspace.folder), 1)
        deadline = time.monotonic() + 30
        while not slow.stats()["requests"]:
            assert time.monotonic() < deadline
            time.sleep(0.03)
        assert asked.cancel()
        with pytest.raises(CancelledError):
            asked.result(1)
        while not slow.stats()["abandoned"]:
            assert time.monotonic() < deadline
            time.sleep(0.03)


def test_what_was_driven_goes_on_at_the_next_start(workspace: Workspace, server: FakeServer, recipe_on: Any):
    first = Runner(workspace, Apart(workspace, alone=True))
    first.start()
    run = begun(workspace, first, recipe_on(server.url, 150, concurrency=4))
    until(workspace, run, lambda stored: accepted(stored) > 3)
    first.close()
    second = Runner(workspace)
    second.start()
    try:
        done = until(workspace, run, lambda stored: stored.state == "complete" and not second.holds(run))
        assert accepted(done) == 150
    finally:
        second.close()


def test_a_driver_that_dies_is_started_anew_and_its_runs_go_on(
    workspace: Workspace, server: FakeServer, recipe_on: Any
):
    apart = Apart(workspace, alone=True)
    runner = Runner(workspace, apart)
    runner.start()
    try:
        run = begun(workspace, runner, recipe_on(server.url, 200, concurrency=4))
        until(workspace, run, lambda stored: accepted(stored) > 3)
        assert apart.pid
        os.kill(apart.pid, signal.SIGKILL)
        done = until(workspace, run, lambda stored: stored.state == "complete" and not runner.holds(run))
        assert accepted(done) == 200
    finally:
        runner.close()


def test_a_driver_that_keeps_dying_gives_its_runs_up(workspace: Workspace, server: FakeServer, recipe_on: Any):
    apart = Apart(workspace, alone=True)
    runner = Runner(workspace, apart)
    runner.start()
    try:
        with running_server(Settings(latency=60)) as slow:
            run = begun(workspace, runner, recipe_on(slow.url, 5))
            asked = runner.preview(recipe_on(slow.url), str(workspace.folder), 1)
            killed: set[int] = set()
            deadline = time.monotonic() + 40
            while len(killed) < MOST_DEATHS:
                assert time.monotonic() < deadline
                if apart.pid and apart.pid not in killed:
                    killed.add(apart.pid)
                    os.kill(apart.pid, signal.SIGKILL)
                time.sleep(0.02)
            with pytest.raises(RunFailed, match="has ended"):
                asked.result(10)
            failed = until(workspace, run, lambda stored: stored.state == "failed")
        assert "has ended 3 times (signal 9)" in failed.message
        again = begun(workspace, runner, recipe_on(server.url, 6))
        until(workspace, again, lambda stored: stored.state == "complete" and not runner.holds(again))
    finally:
        runner.close()
