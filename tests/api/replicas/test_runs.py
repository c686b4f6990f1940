"""Two servers on one workspace: one drives a run, the other finishes it when the first is gone."""

from __future__ import annotations

import json
import signal
from threading import Thread
from typing import Any

import pytest

from seedbed.app.workspace import Workspace
from seedbed.core.stored import Selection
from seedbed.testing.server import Settings, running_server

from .conftest import Pair, Replica, until_true

WANTED = 300
AT_ONCE = 8


class Listening(Thread):
    """Somebody who looks on at a run from one replica."""

    def __init__(self, replica: Replica, run: str) -> None:
        super().__init__(daemon=True)
        self._replica, self._run = replica, run
        self.states: list[str] = []
        self.records: list[str] = []
        self.start()

    def run(self) -> None:
        event = ""
        with self._replica.api.stream("GET", f"runs/{self._run}/events", timeout=120) as answer:
            for line in answer.iter_lines():
                name, _, value = line.partition(": ")
                if name == "event":
                    event = value
                elif name == "data" and event == "record":
                    self.records.append(json.loads(value)["id"])
                elif name == "data":
                    self.states.append("end" if event == "end" else json.loads(value)["state"])


FILLED = 20_000
HOW = [("file", False), ("postgres", True)]


@pytest.mark.parametrize(("place", "all_of_it"), HOW, indirect=["place"])
def test_a_run_whose_replica_is_killed_is_finished_by_the_other_with_nothing_lost_or_doubled(
    place: Workspace, replicas: Pair, recipe_on: Any, all_of_it: bool
):
    with running_server(Settings(latency=0.1)) as server:
        first, second = replicas
        run = first.start(recipe_on(server.url, WANTED, concurrency=AT_ONCE))
        looking_on = Listening(second, run)
        first.until(run, lambda item: item["accepted"] > 30)
        assert second.api.get(f"runs/{run}").json()["owner"] == "server"
        family = first.kill(all_of_it=all_of_it)
        killed_at = len(looking_on.records)
        server.change(latency=0.01)
        item = second.ended(run)
        looking_on.join(30)
        stats = server.stats()
    assert (item["state"], item["accepted"], item["asked"]) == ("complete", WANTED, WANTED)
    kept = [record.id for record in place.store.records(Selection(run=run))]
    assert len(kept) == len(set(kept)) == WANTED
    assert item["attempts"] == item["accepted"] + item["surplus"] + sum(
        [*item["rejected"].values(), *item["failed"].values()]
    )
    # Paid twice is only what was on its way, or not committed, in the moment of death.
    assert stats["answered_twice"] <= 2 * AT_ONCE
    assert 0 <= stats["requests"] - item["calls"] <= 2 * AT_ONCE
    assert looking_on.states[-1] == "end"
    assert set(looking_on.states[:-1]) <= {"running", "interrupted", "complete"}
    assert len(looking_on.records) > killed_at > 0
    assert set(looking_on.records) <= set(kept)
    until_true(lambda: not any(one.is_running() for one in family))


@pytest.mark.parametrize("place", ["postgres"], indirect=True)
def test_a_driver_of_which_nothing_is_heard_loses_its_run_and_writes_nothing_when_it_wakes(
    place: Workspace, replicas: Pair, recipe_on: Any
):
    with running_server(Settings(latency=0.1)) as server:
        first, second = replicas
        run = first.start(recipe_on(server.url, WANTED, concurrency=AT_ONCE))
        first.until(run, lambda item: item["accepted"] > 30)
        [driver] = first.children("seedbed.app.serve.driver")
        driver.suspend()  # as a machine that hangs: it is not gone, so its lease has to end
        stored = place.store.run(run)
        assert stored is not None
        unstored = server.stats()["requests"] - (stored.figures or {})["calls"]
        try:
            first.until(run, lambda item: item["accepted"] > 100)
        finally:
            driver.resume()
        item = second.ended(run)
        kept = [record.id for record in place.store.records(Selection(run=run))]
        assert (item["state"], item["accepted"], len(kept), len(set(kept))) == ("complete", *[WANTED] * 3)
        assert item["message"] == ""
        # Paid twice is what it had not stored, and what it asked on waking before it knew.
        assert 0 <= server.stats()["requests"] - item["calls"] <= unstored + 2 * AT_ONCE
    assert first.api.get(f"runs/{run}").json()["state"] == "complete"


@pytest.mark.parametrize("place", ["postgres"], indirect=True)
def test_a_replica_that_is_stopped_hands_its_runs_and_jobs_over(place: Workspace, replicas: Pair, recipe_on: Any):
    values = {"A": [f"Ann {number}" for number in range(400)], "B": [f"Bo {number}" for number in range(400)]}
    asked = {"templates": [{"text": "{A} met {B}.", "n": FILLED}], "values": values, "into": "met"}
    with running_server(Settings(latency=0.05)) as server:
        first, second = replicas
        run = first.start(recipe_on(server.url, WANTED, concurrency=AT_ONCE))
        first.until(run, lambda item: item["accepted"] > 8)
        job = first.api.post("fills", json=asked).json()["id"]
        until_true(lambda: place.store.halves(job))
        first.process.send_signal(signal.SIGTERM)
        first.process.wait(20)
        assert server.stats()["abandoned"] == 0, "what was in flight was taken in"
        server.change(latency=0)
        item = second.ended(run)
        assert (item["state"], item["accepted"]) == ("complete", WANTED)
        assert (server.stats()["answered_twice"], server.stats()["requests"]) == (0, item["calls"])
        until_true(lambda: second.api.get(f"jobs/{job}").json()["state"] == "done")
    kept = [record.text for record in place.store.records(Selection(dataset="met"))]
    assert len(kept) == len(set(kept)) == FILLED
    assert (len(place.store.runs(dataset="met")), place.store.halves(job)) == (1, [])
