"""Recipes that a server asks in batches: it goes on with them after a crash, and cancels them when told so."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from seedbed.testing.server import FakeServer, Settings, running_server
from served import Served

KEY = "sk-batch-1234567890"
RATIOS = {"polite": 12, "neutral": 11, "rude": 7}
GENERATOR = {"kind": "classification", "instruction": "one reply", "count": 30, "labels": [*RATIOS]}
RECIPE = {"name": "replies", "model": "far:gpt-4o-mini", "batch": True, "generator": GENERATOR}
BATCH = {"size": 20, "slices": 2, "wait": 0.1, "poll": 0.05}


@pytest.fixture
def far() -> Iterator[FakeServer]:
    """A provider whose batches are not over before it is told so."""
    with running_server(Settings(key=KEY, batch_delay=3600)) as server:
        yield server


@pytest.fixture
def served(tmp_path: Path, far: FakeServer) -> Iterator[Served]:
    server = Served(tmp_path)
    server.start()
    connection = {"name": "far", "provider": "openai", "base_url": far.url, "key": KEY, "batch": BATCH}
    try:
        ask(server, "POST", "connections", connection)
        yield server
    finally:
        server.kill()


def ask(server: Served, method: str, path: str, body: Any = None) -> dict[str, Any]:
    answer = httpx.request(method, f"{server.url}/api/v1/{path}", json=body, timeout=30)
    assert answer.is_success, answer.text
    return answer.json()


def begun(server: Served, far: FakeServer) -> str:
    """A run that waits for its batches."""
    document = RECIPE | {"generator": GENERATOR | {"ratios": {"label": RATIOS}}}
    run = ask(server, "POST", "runs", {"yaml": json.dumps(document), "new": True})["run"]
    until(lambda: "has 30 requests in batches" in "".join(ask(server, "GET", f"runs/{run}")["waiting"]))
    assert far.stats()["batch_requests"] == 30
    return str(run)


def state(server: Served, run: str) -> str:
    return str(ask(server, "GET", f"runs/{run}")["state"])


def until(met: Callable[[], bool]) -> None:
    end = time.monotonic() + 60
    while not met():
        assert time.monotonic() < end
        time.sleep(0.05)


def test_a_killed_server_fetches_the_batches_and_hands_nothing_over_twice(served: Served, far: FakeServer):
    run = begun(served, far)
    served.kill()
    far.change(batch_delay=0)
    served.start()
    until(lambda: state(served, run) == "complete")
    figures, stats = ask(served, "GET", f"runs/{run}"), far.stats()
    assert {cell["cell"]["label"]: cell["accepted"] for cell in figures["cells"]} == RATIOS
    assert stats["batch_requests"] == stats["batch_answered"] == figures["calls"] >= 30


def test_a_run_leaves_its_batches_when_it_is_paused_and_cancels_them_when_it_is_cancelled(
    served: Served, far: FakeServer
):
    run = begun(served, far)
    ask(served, "POST", f"runs/{run}/pause")
    until(lambda: state(served, run) == "paused")
    assert far.stats()["batches_cancelled"] == 0
    ask(served, "POST", f"runs/{run}/cancel")
    until(lambda: "cancelled at the provider: 2." in ask(served, "GET", f"runs/{run}")["message"])
    assert (state(served, run), far.stats()["batches_cancelled"]) == ("cancelled", 2)
