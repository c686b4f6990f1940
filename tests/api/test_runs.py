"""Runs over HTTP: started once, watched, stopped, gone on with; by whoever drives them."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

import httpx
import pytest
from starlette.testclient import TestClient

from seedbed.api.application import PREFIX, create_app
from seedbed.app.serve.drafts import draft_of
from seedbed.app.serve.launch import Wish, launch
from seedbed.app.serve.people import Forbidden, Person
from seedbed.app.serve.runner import Runner
from seedbed.app.serve.runs import RunFilter, Runs
from seedbed.app.workspace import Workspace
from seedbed.core.connection import Connection
from seedbed.core.review.entry import Change, Wanted
from seedbed.core.serving import StoredUser
from seedbed.core.stored import StoredConnection
from seedbed.testing.server import Settings, running_server
from serving import service

from .conftest import Tokened

ENDED = ("complete", "shortfall", "budget", "failed", "interrupted", "paused", "cancelled")


def document(count: int = 12, **fields: Any) -> dict[str, Any]:
    """A recipe that a script answers."""
    return {
        "name": "replies",
        "model": "scripted",
        "generator": {
            "kind": "classification",
            "instruction": "one reply of an agent",
            "labels": ["polite", "neutral", "rude"],
            "count": count,
        },
        **fields,
    }


def until(api: httpx.Client, run: str, ready: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
    """The run, as soon as something is so."""
    deadline = time.monotonic() + 60
    while True:
        item: dict[str, Any] = api.get(f"runs/{run}").json()
        if ready(item):
            return item
        assert time.monotonic() < deadline, item
        time.sleep(0.03)


def until_true(ready: Callable[[], bool]) -> None:
    """Waits until something is so."""
    deadline = time.monotonic() + 60
    while not ready():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def ended(api: httpx.Client, run: str) -> dict[str, Any]:
    """The run when nobody drives it any more."""
    return until(api, run, lambda item: item["state"] in ENDED and not item["driven"])


def started(api: httpx.Client, body: dict[str, Any], **headers: str) -> dict[str, Any]:
    """The run that a body starts."""
    answer = api.post("runs", json=body, headers={name.replace("_", "-"): value for name, value in headers.items()})
    assert answer.status_code == 201, answer.text
    found: dict[str, Any] = answer.json()
    return found


@contextmanager
def served(workspace: Workspace) -> Iterator[TestClient]:
    """The service once more over a workspace."""
    with TestClient(create_app(workspace), base_url=f"http://127.0.0.1{PREFIX}/") as client:
        yield client


@pytest.mark.both_stores
def test_a_run_ends_with_exactly_what_was_asked_for(api: TestClient):
    run = started(api, {"document": document(13)})
    item = ended(api, run["run"])
    assert (item["state"], item["accepted"], item["asked"]) == ("complete", 13, 13)
    assert sorted((cell["wanted"], cell["accepted"]) for cell in item["cells"]) == [(4, 4), (4, 4), (5, 5)]
    page = api.get(f"runs/{run['run']}/records?state=accepted&limit=5").json()
    more = api.get(f"runs/{run['run']}/records?state=accepted&limit=10&cursor={page['next']}").json()
    assert len({one["id"] for one in page["items"] + more["items"]}) == 13
    assert more["next"] is None
    assert page["items"][0]["cell"]["label"] == page["items"][0]["values"]["label"]
    listed = api.get("runs").json()["items"]
    assert [one["run"] for one in listed] == [run["run"]]
    assert "cells" not in listed[0]
    assert api.get(f"runs/{run['run']}/recipe").json()["document"]["generator"]["count"] == 13


def test_the_same_key_answers_the_same_run_also_after_a_restart(api: TestClient, workspace: Workspace):
    first = started(api, {"document": document()}, Idempotency_Key="a1")
    ended(api, first["run"])
    again = started(api, {"document": document()}, Idempotency_Key="a1")
    assert again["run"] == first["run"]
    other = api.post("runs", json={"document": document(20)}, headers={"Idempotency-Key": "a1"})
    assert (other.status_code, other.json()["hint"]) == (422, "Take a new key for each new wish.")
    with served(workspace) as later:
        assert started(later, {"document": document()}, Idempotency_Key="a1")["run"] == first["run"]
        assert started(later, {"document": document(), "new": True}, Idempotency_Key="a2")["run"] != first["run"]


def test_what_is_wrong_with_a_recipe_is_said_before_anything_runs(api: TestClient):
    answer = api.post("runs", json={"document": document(colour="red", model="nowhere:x")})
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["field"] == "colour"
    answer = api.post("runs", json={"document": document(model="nowhere:x")})
    assert (answer.status_code, answer.json()["field"]) == (422, "model")
    assert api.post("runs", json={}).status_code == 422
    assert api.post("runs", json={"recipe": "none"}).status_code == 404
    assert api.get("runs").json()["items"] == []
    assert [api.get(path, params={"state": "nope"}).status_code for path in ("runs", "jobs")] == [422, 422]
    assert api.get("runs/none-1").status_code == 404
    assert api.post("runs/none-1/pause").status_code == 404


def test_a_run_whose_connection_is_out_of_order_says_so_and_is_paused_at_once(api: TestClient, recipe_on: Any):
    with running_server(Settings(latency=0.02)) as server:
        run = started(api, {"document": recipe_on(server.url, 200, concurrency=4)})["run"]
        until(api, run, lambda item: item["accepted"] > 0)
        server.change(error_share=1.0)
        item = until(api, run, lambda item: bool(item["waiting"]))
        assert item["state"] == "running"
        assert item["waiting"][0].startswith("local has been out of order for")
        assert api.get("runs").json()["items"][0]["waiting"]
        api.post(f"runs/{run}/pause")
        paused = ended(api, run)
        assert (paused["state"], paused["waiting"], paused["failed"]) == ("paused", [], {})
        server.change(error_share=0.0)
        api.post(f"runs/{run}/resume")
        item = ended(api, run)
        assert (item["state"], item["accepted"], item["failed"]) == ("complete", 200, {})


def test_a_run_is_paused_gone_on_with_and_cancelled(api: TestClient, recipe_on: Any):
    with running_server(Settings(latency=0.05)) as server:
        run = started(api, {"document": recipe_on(server.url, 400, concurrency=4)})["run"]
        until(api, run, lambda item: item["accepted"] > 0)
        assert api.get(f"runs/{run}").json()["owner"] == "server"
        api.post(f"runs/{run}/pause")
        paused = ended(api, run)
        assert (paused["state"], paused["owner"], paused["wish"]) == ("paused", "", "")
        assert 0 < paused["accepted"] < 400
        assert server.stats()["abandoned"] == 0, "what was in flight was taken in"
        api.post(f"runs/{run}/resume")
        until(api, run, lambda item: item["accepted"] > paused["accepted"])
        api.post(f"runs/{run}/cancel")
        assert ended(api, run)["state"] == "cancelled"
        server.change(latency=0)
        api.post(f"runs/{run}/resume")
        item = ended(api, run)
        assert (item["state"], item["accepted"]) == ("complete", 400)
        assert item["calls"] == server.stats()["requests"]
        assert server.stats()["answered_twice"] == 0


def test_a_run_of_another_process_is_seen_and_paused_here(api: TestClient, workspace: Workspace, recipe_on: Any, shell):
    with running_server(Settings(latency=0.1)) as server:
        shell.recipe(recipe_on(server.url, 200, concurrency=2))
        with shell.start("generate", "recipe.yaml", "--workspace", str(workspace.folder)) as process:
            try:
                until_listed(api)
                item = until(api, "replies-1", lambda item: item["accepted"] > 0)
                assert (item["driven"], item["owner"]) == (True, "other")
                assert api.post("runs/replies-1/resume").status_code == 409
                assert api.post("runs/replies-1/pause").json()["wish"] == "pause"
                _, words = process.communicate(timeout=60)
                assert process.returncode == 130, words
                assert "Paused" in words
            finally:
                process.kill()
        assert ended(api, "replies-1")["state"] == "paused"
        server.change(latency=0)
        api.post("runs/replies-1/resume")
        assert ended(api, "replies-1")["state"] == "complete"
        assert server.stats()["answered_twice"] == 0


def until_listed(api: TestClient) -> None:
    deadline = time.monotonic() + 60
    while not api.get("runs").json()["items"]:
        assert time.monotonic() < deadline
        time.sleep(0.05)


def test_runs_share_a_connection_in_turns(api: TestClient, recipe_on: Any):
    with running_server(Settings(latency=0.03)) as server:
        long, short = recipe_on(server.url, 600, concurrency=4), recipe_on(server.url, 24, concurrency=4)
        first = started(api, {"document": long})["run"]
        until(api, first, lambda item: item["accepted"] > 8)
        second = started(api, {"document": short | {"name": "short"}})["run"]
        before = api.get(f"runs/{first}").json()["accepted"]
        assert ended(api, second)["state"] == "complete"
        meanwhile = api.get(f"runs/{first}").json()["accepted"] - before
        assert meanwhile < 120, "the short one had half of the turns"
        assert server.stats()["max_in_flight_seen"] <= 4
        api.post(f"runs/{first}/cancel")
        ended(api, first)


def test_why_a_run_failed_is_told(api: TestClient, recipe_on: Any):
    with running_server(Settings(key="right")) as server:
        run = started(api, {"document": recipe_on(server.url)})["run"]
        item = ended(api, run)
    assert item["state"] == "failed"
    assert "key" in item["message"].lower()


@pytest.mark.both_stores
def test_rejected_records_come_with_their_reasons(api: TestClient):
    checks = [{"kind": "length", "min_words": 40}]
    rules = {"fruitless": 5, "attempts_per_record": 2}
    run = started(api, {"document": document(3, checks=checks, stop_rules=rules)})["run"]
    assert ended(api, run)["state"] == "shortfall"
    records = api.get(f"runs/{run}/records?state=rejected").json()["items"]
    assert {one["reason"] for one in records} == {"length"}
    assert "words" in records[0]["detail"]


def test_what_was_declined_is_made_again(api: TestClient, workspace: Workspace):

    run = started(api, {"document": document(12)})["run"]
    ended(api, run)
    reviews = workspace.store.reviews
    reviews.catch_up(run)
    entries = reviews.page(Wanted(run, label="rude"))
    reviews.change([Change(entries[0].record.id, decision="declined")], "ann")
    opened = api.post(f"runs/{run}/refill").json()
    assert opened == {"run": run, "refilled": 1, "opened": 1, "message": "1 record is to be made again."}
    item = ended(api, run)
    assert (item["state"], item["accepted"], item["asked"]) == ("complete", 13, 13)
    again = api.post(f"runs/{run}/refill").json()
    assert (again["refilled"], again["opened"]) == (1, 0)
    assert again["message"] == f"No record of {run} was declined since it was refilled."


def test_a_run_that_is_being_made_again_says_so(api: TestClient, workspace: Workspace, recipe_on: Any):
    with running_server() as server:
        run = started(api, {"document": recipe_on(server.url, 4)})["run"]
        ended(api, run)
        server.change(latency=8)
        reviews = workspace.store.reviews
        reviews.catch_up(run)
        names = [entry.record.id for entry in reviews.page(Wanted(run))]
        reviews.change([Change(name, decision="declined") for name in names[:3]], "ann")
        assert api.post(f"runs/{run}/refill").json()["opened"] == 3
        until_true(lambda: workspace.store.is_claimed(run) and server.stats()["requests"] > 4)
        again = api.post(f"runs/{run}/refill")
        assert (again.status_code, again.json()["opened"], again.json()["refilled"]) == (200, 0, 3)
        assert again.json()["message"] == f"The run {run} goes on already: 3 records are being made."
        reviews.change([Change(names[3], decision="declined")], "ann")
        late = api.post(f"runs/{run}/refill")
        assert (late.status_code, "1 was declined of which it does not know" in late.json()["detail"]) == (409, True)
        assert "pause it" in late.json()["hint"]
        assert api.post(f"runs/{run}/resume").json()["state"] == "running"


def test_a_service_that_is_killed_goes_on_with_its_runs_when_it_is_started_again(tmp_path: Path, recipe_on: Any):
    with running_server(Settings(latency=0.05)) as server:
        body = {"document": recipe_on(server.url, 300, concurrency=8)}
        with service(tmp_path / "place") as (process, api):
            run = started(api, body, Idempotency_Key="k")["run"]
            until(api, run, lambda item: item["accepted"] > 30)
            process.kill()
            process.wait()
        server.change(latency=0)
        with service(tmp_path / "place") as (_, api):
            assert started(api, body, Idempotency_Key="k")["run"] == run
            item = ended(api, run)
        assert (item["state"], item["accepted"]) == ("complete", 300)
        stats = server.stats()
        # Paid twice is only what was on its way, or not committed, in the moment of death.
        assert stats["answered_twice"] <= 16
        assert stats["requests"] - item["calls"] <= 16


def test_a_service_that_is_stopped_goes_on_with_its_runs_when_it_is_started_again(tmp_path: Path, recipe_on: Any):
    with running_server(Settings(latency=0.05)) as server:
        with service(tmp_path / "place") as (process, api):
            run = started(api, {"document": recipe_on(server.url, 300, concurrency=8)})["run"]
            paused = started(api, {"document": recipe_on(server.url, 300, concurrency=8) | {"name": "other"}})["run"]
            until(api, run, lambda item: item["accepted"] > 8)
            api.post(f"runs/{paused}/pause")
            ended(api, paused)
            process.terminate()
            process.wait(20)
        assert server.stats()["abandoned"] == 0, "what was in flight was taken in"
        server.change(latency=0)
        with service(tmp_path / "place") as (_, api):
            item = ended(api, run)
            assert api.get(f"runs/{paused}").json()["state"] == "paused"
            assert (item["state"], item["accepted"]) == ("complete", 300)
        assert server.stats()["answered_twice"] == 0


def test_eight_runs_are_driven_at_once_and_the_others_wait_their_turn(
    api: TestClient, workspace: Workspace, recipe_on: Any
):
    with running_server(Settings(latency=0.3)) as server:
        runs = [
            started(api, {"document": recipe_on(server.url, 6, concurrency=30) | {"name": f"run{i}"}})["run"]
            for i in range(10)
        ]
        until(api, runs[7], lambda item: item["accepted"] > 0 or workspace.store.is_claimed(runs[7]))
        assert sum(map(workspace.store.is_claimed, runs)) <= 8
        last = api.get(f"runs/{runs[9]}").json()
        assert (last["state"], last["owner"]) in (("running", "server"), ("complete", "server"), ("complete", ""))
        assert api.post(f"runs/{runs[9]}/cancel").status_code == 200
        assert {ended(api, run)["state"] for run in runs[:9]} == {"complete"}
        ended(api, runs[9])


def test_a_recipe_that_was_changed_does_not_go_on_with_its_unfinished_run(api: TestClient):
    assert ended(api, started(api, {"document": document(budget={"calls": 3})})["run"])["state"] == "budget"
    answer = api.post("runs", json={"document": document(20)})
    assert answer.status_code == 400
    assert "generator.count: 12 → 20" in answer.json()["detail"]
    assert "new" in answer.json()["hint"]
    assert started(api, {"document": document(20), "new": True})["run"] == "replies-2"


def test_only_editors_start_and_stop_runs(workspace: Workspace):
    workspace.store.serving.put_user(StoredUser("rita", "x"))
    person = Person("rita", roles={"default": "reviewer"})
    runner = Runner(workspace)
    draft = draft_of(workspace, person, None, document())
    with pytest.raises(Forbidden):
        launch(workspace, runner, draft, Wish(person))
    assert Runs(workspace, runner).listed(Person("eve"), RunFilter()) == []


def test_a_preview_stops_the_model_when_nobody_waits_for_it(tmp_path: Path, recipe_on: Any):
    with running_server(Settings(latency=60)) as server, service(tmp_path / "place") as (_, api):
        address = api.base_url
        leaving = HTTPConnection(address.host, address.port)
        body = json.dumps({"document": recipe_on(server.url)})
        leaving.request("POST", f"{address.path}recipes/preview", body, {"Content-Type": "application/json"})
        until_true(lambda: server.stats()["requests"] > 0)
        leaving.close()
        until_true(lambda: server.stats()["abandoned"] > 0)


def test_a_run_that_is_cancelled_before_it_has_begun_is_let_go(workspace: Workspace):
    store = workspace.store
    runner = Runner(workspace)
    runner.start()
    try:
        draft = draft_of(workspace, Person("you", owner=True, local=True), None, document(200))
        for _ in range(20):
            run = launch(workspace, runner, draft, Wish(Person("you", owner=True, local=True), new=True)).id
            runner.wish(run, "cancel")
            deadline = time.monotonic() + 60
            while runner.holds(run):
                assert time.monotonic() < deadline
                time.sleep(0.005)
            stored = store.run(run)
            assert stored is not None
            assert stored.state in ("cancelled", "complete")
    finally:
        runner.close()


def test_a_public_service_asks_no_private_address_though_the_connection_was_saved_elsewhere(
    workspace: Workspace, tokened: Tokened
):
    connection = Connection(provider="openai", base_url="http://127.0.0.1:9/v1")
    workspace.store.put_connection(StoredConnection("inside", connection.model_dump(exclude_defaults=True), None))
    api = tokened("own")
    item = ended(api, started(api, {"document": document(3, model="inside:m")})["run"])
    assert item["state"] == "failed"
    assert "private network" in item["message"]


def test_a_run_of_a_saved_recipe_belongs_where_the_recipe_does(api: TestClient):
    town = api.post("projects", json={"title": "Town"}).json()["id"]
    text = "name: mayor\nmodel: scripted\ngenerator: {kind: prompt, prompt: Write a letter., count: 2}\n"
    assert api.post("recipes", json={"yaml": text, "project": town}).status_code == 201
    run = api.post("runs", json={"recipe": "mayor"}).json()
    assert (run["project"], api.get(f"datasets/{run['dataset']}").json()["project"]) == (town, town)
