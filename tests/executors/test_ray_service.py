"""Runs of a server that are worked on by a Ray cluster: started, watched from elsewhere, gone on with after deaths."""

from __future__ import annotations

import json
import os
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest
from starlette.testclient import TestClient

from seedbed.api.application import PREFIX, create_app
from seedbed.api.desk import ServeSettings
from seedbed.app.serve.elsewhere import Elsewhere
from seedbed.app.workspace import Workspace
from seedbed.core.connection import Connection
from seedbed.core.stored import StoredConnection
from seedbed.testing.server import FakeServer
from serving import service

from .conftest import QUIET, shares, until

pytestmark = pytest.mark.filterwarnings("default")

BASE = f"http://127.0.0.1{PREFIX}/"
Recipe = Callable[..., dict[str, Any]]


@pytest.fixture
def workspace(tmp_path: Path, fake: FakeServer) -> Iterator[Workspace]:
    """One with a connection to the fake server."""
    with Workspace(tmp_path / "workspace") as place:
        reached = Connection(provider="openai", base_url=fake.url, concurrency=8)
        place.store.put_connection(StoredConnection("local", reached.model_dump(exclude_none=True), None))
        yield place


@pytest.fixture
def here(workspace: Workspace) -> Iterator[TestClient]:
    """A server over the same workspace that joins no cluster."""
    with TestClient(create_app(workspace), base_url=BASE) as client:
        yield client


def test_a_run_of_a_server_goes_on_at_the_cluster_though_who_drives_it_dies(
    cluster: str, fake: FakeServer, recipe: Recipe, workspace: Workspace, here: TestClient
) -> None:
    """Another server, which joins no cluster, shows it live and leaves it alone."""
    fake.change(latency=0.3)
    environment = os.environ | {"RAY_ADDRESS": cluster, **QUIET}
    with service(workspace.folder, environment, "--executor", "ray", "--workers", "2") as (server, api):
        document = recipe(160)
        del document["connections"]
        begun = api.post("runs", json={"document": document, "workers": 1}).json()
        assert (begun["executor"], begun["workers"]) == ("ray", 1)
        run = begun["run"]
        told: list[str] = []
        watching = threading.Thread(target=_listen, args=(here, run, told))
        watching.start()
        until(lambda: here.get(f"runs/{run}").json()["accepted"] >= 24)
        (driver,) = (one for one in psutil.Process(server.pid).children() if "serve.driver" in " ".join(one.cmdline()))
        driver.kill()
        fake.change(latency=0.05)
        until(lambda: here.get(f"runs/{run}").json()["state"] == "complete")
        shown = api.get(f"runs/{run}").json()
        watching.join(30)
    assert "On Ray, 1 worker." in shown["notes"]
    assert (shown["executor"], shown["workers"], shown["attempts"]) == ("ray", 1, 160)
    assert shares(shown) == {"polite": 54, "rude": 53, "neutral": 53}
    assert fake.stats()["answered"] <= 160 + 2 * 8, "what was under way is paid again, no more"
    assert told.count("record") >= 100
    assert {"run", "end"} <= set(told)


def _listen(api: TestClient, run: str, told: list[str]) -> None:
    with api.stream("GET", f"runs/{run}/events") as stream:
        lines = stream.iter_lines()
        told.extend(line.removeprefix("event: ") for line in lines if line.startswith("event: "))


@pytest.mark.usefixtures("cluster")
def test_a_run_is_paused_and_gone_on_with_where_it_was(fake: FakeServer, recipe: Recipe, workspace: Workspace) -> None:
    fake.change(latency=0.2)
    document = recipe(60)
    del document["connections"]
    settings = ServeSettings(elsewhere=Elsewhere("ray", 1))
    with TestClient(create_app(workspace, settings), base_url=BASE) as api:
        run = api.post("runs", json={"document": document}).json()["run"]
        until(lambda: api.get(f"runs/{run}").json()["accepted"] >= 8)
        api.post(f"runs/{run}/pause")
        until(lambda: not api.get(f"runs/{run}").json()["driven"])
        paused = api.get(f"runs/{run}").json()
        assert (paused["state"], paused["calls"], paused["executor"]) == ("paused", fake.stats()["answered"], "ray")
    with TestClient(create_app(workspace), base_url=BASE) as nowhere:
        refused = nowhere.post(f"runs/{run}/resume")
        assert (refused.status_code, "joins no cluster" in refused.text) == (400, True)
        assert nowhere.get(f"runs/{run}").json()["state"] == "paused"
    fake.change(latency=0.02)
    with TestClient(create_app(workspace, settings), base_url=BASE) as api:
        api.post(f"runs/{run}/resume")
        until(lambda: api.get(f"runs/{run}").json()["state"] == "complete")
        assert shares(api.get(f"runs/{run}").json()) == {"polite": 20, "rude": 20, "neutral": 20}
    assert fake.stats()["answered"] == 60


def asked(api: TestClient, **where: Any) -> tuple[int, str]:
    generator = {"kind": "prompt", "prompt": "Write a note.", "count": 2}
    document = {"name": "notes", "model": "scripted", "generator": generator}
    answer = api.post("runs", json={"document": document, "new": True, **where})
    return answer.status_code, answer.json().get("executor") or json.dumps(answer.json())


def test_a_server_joins_no_cluster_of_others_choice(workspace: Workspace, here: TestClient) -> None:
    assert asked(here) == (201, "local")
    assert asked(here, executor="local") == (201, "local")
    status, words = asked(here, executor="ray")
    assert (status, "joins no cluster" in words) == (400, True)
    status, words = asked(here, executor="ray://203.0.113.9:10001")
    assert (status, "executor" in words) == (422, True)
    status, words = asked(here, workers=2)
    assert (status, "Workers are those of a cluster" in words) == (400, True)
    settings = ServeSettings(elsewhere=Elsewhere("ray://203.0.113.9:10001", 2))
    with TestClient(create_app(workspace, settings), base_url=BASE) as api:
        assert asked(api, executor="local") == (201, "local")
        status, words = asked(api, executor="ray", workers=3)
        assert (status, "2 workers at most" in words) == (400, True)
