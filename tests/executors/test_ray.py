"""Runs on a Ray cluster of several processes: the same records, exact counts and kept limits whoever dies."""

from __future__ import annotations

import asyncio
import os
import shutil
import signal
import tempfile
import threading
import time
import warnings
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest

import seedbed
from conftest import Shell
from seedbed.core.errors import InputError
from seedbed.executors.ray import Cluster
from seedbed.testing.server import FakeServer, Settings, running_server

ray = pytest.importorskip("ray")

pytestmark = pytest.mark.filterwarnings("default")
"""Ray's own libraries warn of much."""


@pytest.fixture(scope="module")
def cluster() -> Iterator[str]:
    """A cluster of this machine's processes; the value is its address."""
    with pytest.MonkeyPatch.context() as patch, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        patch.setenv("RAY_USAGE_STATS_ENABLED", "0")
        patch.setenv("RAY_AUTH_MODE", "disabled")
        patch.setenv("RAY_METRICS_REPORT_INTERVAL_MS", "0")
        patch.setenv("RAY_enable_worker_prestart", "0")
        patch.setenv("RAY_prestart_worker_first_driver", "0")
        patch.setenv("PYTHONPATH", str(Path(seedbed.__file__).parents[1]))
        patch.setenv("RAY_ENABLE_METRICS_COLLECTION", "0")
        # Ray's folder holds sockets, whose paths must be short.
        folder = tempfile.mkdtemp(prefix="ray", dir="/tmp")
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


@pytest.fixture(scope="module")
def server() -> Iterator[FakeServer]:
    with running_server(Settings(by_question=True)) as running:
        yield running


@pytest.fixture
def fake(server: FakeServer) -> FakeServer:
    server.change(latency=0.02, requests_per_minute=None, key=None)
    server.reset()
    return server


def recipe(fake: FakeServer, count: int = 60, **fields: Any) -> dict[str, Any]:
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


def made(dataset: seedbed.Dataset) -> list[tuple[str, str]]:
    return sorted((record.label, record.text) for record in dataset)


def shares(dataset: seedbed.Dataset) -> dict[str, int]:
    return {cell["cell"]["label"]: cell["accepted"] for cell in dataset.figures["cells"]}


def workers() -> list[int]:
    """The processes of the workers that live."""
    found = []
    for name in Path("/proc").iterdir():
        if name.name.isdigit():
            with suppress(OSError):
                if (name / "cmdline").read_bytes().startswith(b"ray::Workbench"):
                    found.append(int(name.name))
    return found


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

    thread = threading.Thread(target=kill)
    thread.start()
    try:
        yield killed
    finally:
        over.set()
        thread.join()


@pytest.mark.usefixtures("cluster")
def test_two_workers_make_the_records_that_one_machine_makes(
    fake: FakeServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The key is in no variable of the workers: it is sent to them, and stands in nothing that Ray writes down."""
    fake.change(key="sk-not-to-be-seen")
    monkeypatch.setenv("FAR_KEY", "sk-not-to-be-seen")
    asked = recipe(fake, connection={"key_env": "FAR_KEY"})
    here = seedbed.generate(asked, workspace=tmp_path / "here")
    fake.reset()
    there = seedbed.generate(asked, workspace=tmp_path / "there", executor="ray", workers=2)
    assert made(there) == made(here)
    assert len({text for _, text in made(there)}) == 60
    assert shares(there) == shares(here) == {"polite": 20, "rude": 20, "neutral": 20}
    assert fake.stats()["answered"] == 60
    assert fake.stats()["max_in_flight_seen"] <= 8, "the connection's limit holds for both together"
    assert not workers()
    logs = Path(ray._private.worker._global_node.get_logs_dir_path())
    assert not [file for file in logs.rglob("*") if file.is_file() and b"sk-not-to" in file.read_bytes()]


@pytest.mark.usefixtures("cluster")
def test_counts_are_exact_though_workers_are_killed_again_and_again(fake: FakeServer, tmp_path: Path) -> None:
    fake.change(latency=0.25)
    with killing(every=1.0, most=3) as killed:
        dataset = seedbed.generate(recipe(fake, 150), workspace=tmp_path, executor="ray", workers=2)
    assert len(killed) == 3
    assert dataset.figures["state"] == "complete"
    assert shares(dataset) == {"polite": 50, "rude": 50, "neutral": 50}
    assert len({text for _, text in made(dataset)}) == 150
    assert dataset.figures["attempts"] == 150, "no attempt was counted twice"
    assert fake.stats()["answered_twice"] <= len(killed) * 5


def test_a_killed_coordinator_is_followed_by_the_same_command(fake: FakeServer, shell: Shell, cluster: str) -> None:
    fake.change(latency=0.15)
    shell.environment |= {"RAY_ADDRESS": cluster, "RAY_AUTH_MODE": "disabled", "RAY_USAGE_STATS_ENABLED": "0"}
    command = ["generate", shell.recipe(recipe(fake, 120)), "-o", "out.csv", "--executor", "ray", "--workers", "2"]
    first = shell.start(*command)
    while fake.stats()["answered"] < 40:
        assert first.poll() is None, first.communicate()
        time.sleep(0.05)
    first.kill()
    first.communicate()
    ended = shell.process(*command)
    assert ended.code == 0, ended.err
    rows = shell.rows("out.csv")
    assert (len(rows), len({row["text"] for row in rows})) == (120, 120)
    assert fake.stats()["answered"] <= 120 + 2 * 8, "only what was under way is paid again"


@pytest.mark.usefixtures("cluster")
def test_a_cancelled_run_ends_its_workers_and_goes_on_later(fake: FakeServer, tmp_path: Path) -> None:
    async def story() -> None:
        fake.change(latency=0.2)
        asked = {"executor": "ray", "workers": 2, "workspace": tmp_path}
        running = asyncio.create_task(seedbed.agenerate(recipe(fake, 60), **asked))
        while fake.stats()["answered"] < 10:  # noqa: ASYNC110 - in another process
            await asyncio.sleep(0.05)
        running.cancel()
        with pytest.raises(asyncio.CancelledError):
            await running
        while workers():  # noqa: ASYNC110 - other processes
            await asyncio.sleep(0.05)
        fake.change(latency=0.02)
        dataset = await seedbed.agenerate(recipe(fake, 60), workspace=tmp_path)  # here, this time
        assert shares(dataset) == {"polite": 20, "rude": 20, "neutral": 20}

    asyncio.run(story())


@pytest.mark.usefixtures("cluster")
def test_a_rate_and_a_budget_are_kept_by_two_workers_together(fake: FakeServer, tmp_path: Path) -> None:
    fake.change(requests_per_minute=600)
    asked = recipe(fake, 60, connection={"requests_per_minute": 600}, budget={"calls": 30})
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


def test_workers_are_for_a_cluster(fake: FakeServer, shell: Shell) -> None:
    ended = shell("generate", shell.recipe(recipe(fake)), "-o", "out.csv", "--workers", "2")
    assert (ended.code, "Add: --executor ray" in ended.err) == (2, True)
    ended = shell("generate", shell.recipe(recipe(fake)), "-o", "out.csv", "--batch", "--executor", "ray")
    assert (ended.code, "does not go with" in ended.err) == (2, True)
