"""Runs on a Ray cluster of several processes: the same records, exact counts and kept limits whoever dies."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

import seedbed
from conftest import Shell
from seedbed.app.workspace import Workspace
from seedbed.core.errors import InputError
from seedbed.executors import ray as adapter
from seedbed.executors.ray import Cluster
from seedbed.testing.server import FakeServer

from .conftest import QUIET, beside, killing, made, shares, until, workers

ray = pytest.importorskip("ray")

pytestmark = pytest.mark.filterwarnings("default")
"""Ray's own libraries warn of much."""

Recipe = Callable[..., dict[str, Any]]


@pytest.mark.usefixtures("cluster")
def test_two_workers_make_the_records_that_one_machine_makes(
    fake: FakeServer, recipe: Recipe, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The key is in no variable of the workers: it is sent to them, and stands in nothing that Ray writes down."""
    fake.change(key="sk-not-to-be-seen")
    monkeypatch.setenv("FAR_KEY", "sk-not-to-be-seen")
    asked = recipe(connection={"key_env": "FAR_KEY"})
    here = seedbed.generate(asked, workspace=tmp_path / "here")
    fake.reset()
    there = seedbed.generate(asked, workspace=tmp_path / "there", executor="ray", workers=2)
    assert made(there) == made(here)
    assert len({text for _, text in made(there)}) == 60
    assert shares(there.figures) == shares(here.figures) == {"polite": 20, "rude": 20, "neutral": 20}
    assert fake.stats()["answered"] == 60
    assert fake.stats()["max_in_flight_seen"] <= 8, "the connection's limit holds for both together"
    until(lambda: not workers())
    logs = Path(ray._private.worker._global_node.get_logs_dir_path())
    assert not [file for file in logs.rglob("*") if file.is_file() and b"sk-not-to" in file.read_bytes()]


@pytest.mark.usefixtures("cluster")
def test_counts_are_exact_though_workers_are_killed_again_and_again(
    fake: FakeServer, recipe: Recipe, tmp_path: Path
) -> None:
    fake.change(latency=0.25)
    with killing(every=1.0, most=2) as killed:
        dataset = seedbed.generate(recipe(120), workspace=tmp_path, executor="ray", workers=2)
    assert len(killed) == 2
    assert dataset.figures["state"] == "complete"
    assert shares(dataset.figures) == {"polite": 40, "rude": 40, "neutral": 40}
    assert len({text for _, text in made(dataset)}) == 120
    assert dataset.figures["attempts"] == 120, "no attempt was counted twice"
    assert fake.stats()["answered_twice"] <= len(killed) * 5


def test_a_killed_coordinator_is_followed_by_the_same_command(
    fake: FakeServer, recipe: Recipe, shell: Shell, cluster: str
) -> None:
    fake.change(latency=0.15)
    shell.environment |= {"RAY_ADDRESS": cluster, **QUIET}
    command = ["generate", shell.recipe(recipe(90)), "-o", "out.csv", "--executor", "ray", "--workers", "1"]
    first = shell.start(*command)
    until(lambda: fake.stats()["answered"] >= 30 or first.poll() is not None)
    assert first.poll() is None, first.communicate()
    first.kill()
    first.communicate()
    ended = shell(*command)
    assert ended.code == 0, ended.err
    rows = shell.rows("out.csv")
    assert (len(rows), len({row["text"] for row in rows})) == (90, 90)
    assert fake.stats()["answered"] <= 90 + 2 * 8, "only what was under way is paid again"


@pytest.mark.usefixtures("cluster")
def test_a_run_is_watched_stopped_and_gone_on_with_as_on_one_machine(
    fake: FakeServer, recipe: Recipe, shell: Shell
) -> None:
    """By Ctrl-C, then by `runs pause` and `runs cancel` of another process: what is in flight is taken in, so that
    nothing at all is paid twice."""
    shell.environment["SEEDBED_WORKSPACE"] = str(shell.folder / "workspace")
    place = Workspace(shell.folder / "workspace")
    begin = ["generate", shell.recipe(recipe(200)), "-o", "out.csv", "--executor", "ray", "--workers", "1"]
    go_on = ["runs", "resume", "replies-1"]

    def stopped_at(count: int, stop: Callable[[], object]) -> None:
        def seen() -> bool:
            run = place.store.run("replies-1") if place.exists else None
            return run is not None and run.state == "running" and (run.figures or {}).get("accepted", 0) >= count

        until(seen)
        fake.change(latency=1.0)  # a process takes its time to start
        stop()

    def wished(wish: str) -> None:
        ended = shell.process("runs", wish, "replies-1")
        assert "is being stopped by the process that drives it" in ended.err, ended

    for count, command, state, stop in (
        (8, begin, "interrupted", lambda: os.kill(os.getpid(), signal.SIGINT)),
        (40, go_on, "paused", lambda: wished("pause")),
        (80, go_on, "cancelled", lambda: wished("cancel")),
    ):
        fake.change(latency=0.2)
        with beside(lambda count=count, stop=stop: stopped_at(count, stop)):
            ended = shell(*command)
        assert ended.code == 130, ended.err
        run = place.store.run("replies-1")
        assert run is not None
        assert (run.state, run.options["executor"]) == (state, "ray")
        assert run.figures is not None
        assert run.figures["calls"] == run.figures["attempts"] == fake.stats()["answered"], "nothing in flight is lost"
        assert run.figures["accepted"] < 200
        until(lambda: not workers())
    fake.change(latency=0.01)
    assert shell(*go_on).code == 0
    assert (len(shell.rows("out.csv")), fake.stats()["answered"]) == (200, 200)
    place.close()


@pytest.mark.usefixtures("cluster")
def test_a_cancelled_run_ends_its_workers_and_goes_on_later(fake: FakeServer, recipe: Recipe, tmp_path: Path) -> None:
    async def story() -> None:
        fake.change(latency=0.2)
        asked = {"executor": "ray", "workers": 1, "workspace": tmp_path}
        running = asyncio.create_task(seedbed.agenerate(recipe(60), **asked))
        while fake.stats()["answered"] < 10:  # noqa: ASYNC110 - in another process
            await asyncio.sleep(0.1)
        running.cancel()
        with pytest.raises(asyncio.CancelledError):
            await running
        while workers():  # noqa: ASYNC110 - other processes
            await asyncio.sleep(0.1)
        fake.change(latency=0.02)
        dataset = await seedbed.agenerate(recipe(60), workspace=tmp_path)  # here, this time
        assert shares(dataset.figures) == {"polite": 20, "rude": 20, "neutral": 20}

    asyncio.run(story())


@contextmanager
def node(address: str) -> Iterator[subprocess.Popen[bytes]]:
    """One more node of the cluster, with one processor."""
    line = [sys.executable, "-m", "ray.scripts.scripts", "start", f"--address={address}", "--num-cpus=1", "--block"]
    process = subprocess.Popen(
        [*line, "--object-store-memory=80000000", "--disable-usage-stats"],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
        env=os.environ | QUIET,
    )
    try:
        yield process
    finally:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def test_a_node_that_joins_gets_a_worker_and_may_die_with_it(
    cluster: str, fake: FakeServer, recipe: Recipe, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(adapter, "GROWTH", 0.2)
    fake.change(latency=0.3)
    seen: list[int] = []

    def join_and_die() -> None:
        until(lambda: len(workers()) == 2 and fake.stats()["answered"])
        with node(cluster):
            until(lambda: len(workers()) == 3)
            answered = fake.stats()["answered"]
            until(lambda: fake.stats()["answered"] > answered + 12)
            seen.append(len(workers()))
        fake.change(latency=0.02)

    with beside(join_and_die):
        dataset = seedbed.generate(recipe(600), workspace=tmp_path, executor="ray")
    assert seen == [3]
    assert dataset.figures["state"] == "complete"
    assert shares(dataset.figures) == {"polite": 200, "rude": 200, "neutral": 200}
    assert len({text for _, text in made(dataset)}) == dataset.figures["attempts"] == 600


@pytest.mark.usefixtures("cluster")
def test_a_rate_and_a_budget_are_kept_by_two_workers_together(fake: FakeServer, recipe: Recipe, tmp_path: Path) -> None:
    fake.change(requests_per_minute=600)
    asked = recipe(60, connection={"requests_per_minute": 600}, budget={"calls": 30})
    began = time.monotonic()
    dataset = seedbed.generate(asked, workspace=tmp_path, executor="ray", workers=2)
    assert time.monotonic() - began > (30 - 10) / 10
    assert fake.stats()["rate_limited"] == 0
    assert dataset.figures["state"] == "budget"
    assert fake.stats()["requests"] == 30


@pytest.mark.parametrize("executor", ["spark", "ray://", "ray:host"])
def test_an_executor_that_is_not_there_is_said_so(executor: str) -> None:
    with pytest.raises(InputError, match="There is no executor"):
        Cluster.of(executor)


def test_workers_are_for_a_cluster(recipe: Recipe, shell: Shell) -> None:
    ended = shell("generate", shell.recipe(recipe()), "-o", "out.csv", "--workers", "2")
    assert (ended.code, "Add: --executor ray" in ended.err) == (2, True)
    ended = shell("generate", shell.recipe(recipe()), "-o", "out.csv", "--batch", "--executor", "ray")
    assert (ended.code, "does not go with" in ended.err) == (2, True)
