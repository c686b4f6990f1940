"""What happens, as it happens: once for all who look on, whoever drives a run, at the cost of no memory."""

from __future__ import annotations

import asyncio
import json
import tracemalloc
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from starlette.testclient import TestClient

from seedbed.app.serve.feed import Event, Feed, Listener
from seedbed.app.serve.runner import Runner
from seedbed.app.serve.runs import Runs
from seedbed.app.workspace import Workspace
from seedbed.testing.server import Settings, running_server
from serving import service


def events(lines: Iterator[str]) -> Iterator[dict[str, Any]]:
    """The events of a stream: `event`, `data`, `id` if it has one."""
    found: dict[str, Any] = {}
    for line in lines:
        name, _, value = line.partition(": ")
        if not line and found:
            yield found
            found = {}
        elif name:
            found[name] = json.loads(value) if name == "data" else value


def story(api: TestClient, run: str, **headers: str) -> list[dict[str, Any]]:
    """All events of a run that ends."""
    with api.stream("GET", f"runs/{run}/events", headers=headers) as answer:
        assert answer.headers["content-type"].startswith("text/event-stream")
        return list(events(answer.iter_lines()))


def document(count: int) -> dict[str, Any]:
    return {
        "name": "notes",
        "model": "scripted",
        "generator": {"kind": "prompt", "prompt": "Write a note.", "count": count},
    }


def test_a_run_tells_its_records_and_its_end(api: TestClient, recipe_on: Any):
    with running_server(Settings(latency=0.2)) as server:
        run = api.post("runs", json={"document": recipe_on(server.url, 24, concurrency=4)}).json()["run"]
        told = story(api, run)
    assert next(one["event"] for one in told if one["event"] != "record") == "run"
    assert told[-1]["event"] == "end"
    assert (told[-1]["data"]["state"], told[-1]["data"]["accepted"]) == ("complete", 24)
    records = [one for one in told if one["event"] == "record"]
    assert records
    assert {one["data"]["state"] for one in records} == {"accepted"}
    assert [int(one["id"]) for one in records] == sorted({int(one["id"]) for one in records})
    assert any(one["data"]["rate"] for one in told if one["event"] == "run")


def test_who_comes_back_is_told_what_was_missed(api: TestClient):
    run = api.post("runs", json={"document": document(30)}).json()["run"]
    assert story(api, run)[-1]["data"]["accepted"] == 30
    first = story(api, run, **{"Last-Event-ID": "0"})
    numbers = [int(one["id"]) for one in first if one["event"] == "record"]
    assert len(numbers) == 30
    later = story(api, run, **{"Last-Event-ID": str(numbers[19])})
    assert [int(one["id"]) for one in later if one["event"] == "record"] == numbers[20:]


def test_what_other_processes_do_is_told_to_all_who_look_on(tmp_path: Path, shell: Any, recipe_on: Any):
    place = tmp_path / "place"
    with running_server(Settings(latency=0.1)) as server, service(place) as (process, api):
        told: list[dict[str, Any]] = []
        with api.stream("GET", "events") as answer:
            lines = answer.iter_lines()
            assert next(lines) == ": seedbed"
            shell.recipe(recipe_on(server.url, 40, concurrency=4))
            with shell.start("generate", "recipe.yaml", "--workspace", str(place)) as made:
                for one in events(lines):
                    told.append(one)
                    if one["data"].get("state") == "complete":
                        break
                assert made.communicate(timeout=60)
        assert {one["event"] for one in told} == {"run"}
        assert told[-1]["data"]["run"] == "replies-1"
        assert "cells" not in told[-1]["data"]
        with api.stream("GET", "events") as answer:
            lines = answer.iter_lines()
            assert next(lines) == ": seedbed"
            process.terminate()
            assert list(events(lines)) == [], "streams end with the server"
        assert process.wait(20) is not None


def test_ten_thousand_events_for_twenty_who_do_not_listen_take_no_memory():
    async def scene() -> tuple[int, list[int]]:
        listeners = [Listener() for _ in range(20)]
        tracemalloc.start()
        try:
            for number in range(1, 10_001):
                for listener in listeners:
                    listener.put(Event("record", b"x" * 500, number=number))
                    listener.put(Event("run", b"x" * 2000, "run"))
            size, _ = tracemalloc.get_traced_memory()
        finally:
            tracemalloc.stop()
        return size, [listener.waiting for listener in listeners]

    size, waiting = asyncio.run(scene())
    assert max(waiting) <= 201
    assert size < 2_000_000


def test_twenty_who_look_at_one_run_cost_one_look_at_the_store(workspace: Workspace):
    async def scene() -> tuple[int, int]:
        runner = Runner(workspace)
        feed = Feed(workspace, runner, Runs(workspace, runner))
        listeners = [feed.of_run("none-1") for _ in range(20)]
        tasks = sum(task.get_name() == "events none-1" for task in asyncio.all_tasks())
        for listener in listeners:
            assert [one async for one in listener.events(10)] == []
        await asyncio.sleep(0.05)
        left = sum(task.get_name() == "events none-1" for task in asyncio.all_tasks())
        return tasks, left

    assert workspace.store
    assert asyncio.run(scene()) == (1, 0)


def test_a_client_that_leaves_is_forgotten(tmp_path: Path, recipe_on: Any):
    with running_server(Settings(latency=0.1)) as server, service(tmp_path / "place") as (_, api):
        run = api.post("runs", json={"document": recipe_on(server.url, 5_000, concurrency=4)}).json()["run"]
        for _ in range(3):
            with api.stream("GET", f"runs/{run}/events") as answer:
                assert next(events(answer.iter_lines()))["event"] in ("run", "record")
        assert api.post(f"runs/{run}/cancel").status_code == 200


def test_a_run_that_nobody_may_see_tells_nothing(api: TestClient):
    assert api.get("runs/none-1/events").status_code == 404
