"""Two servers on one workspace that both live: what one of them writes holds for the other."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx

from api.reviewed import item, reviewed, taken_in
from seedbed.app.settings import environment_of
from seedbed.app.workspace import Workspace
from seedbed.core.review.entry import Wanted
from seedbed.testing.server import FakeServer, Settings, running_server

from .conftest import Pair, until_true

TEXTS = tuple(f"Note number {number} says this and that." for number in range(40))


def test_two_servers_that_start_at_once_make_one_sample_project(shared: Workspace, pair: Pair):
    for replica in pair:
        projects = replica.api.get("projects").json()["items"]
        assert sorted(one["id"] for one in projects) == ["default", "sample"]
        assert len(replica.api.get("recipes", params={"project": "sample"}).json()["items"]) == 1
    assert sorted(run.name for run in shared.store.runs()) == ["sample-notes", "sample-people"]


def test_reviewers_at_both_decide_at_once_and_no_decision_is_lost(shared: Workspace, pair: Pair):
    names = reviewed(shared, TEXTS)
    taken_in(pair[0].api, "replies")

    def decide(number: int) -> int:
        body = {"decision": "approved", "note": f"by {number % 2}"}
        answer = pair[number % 2].api.patch(f"records/{names[number]}", json=body, headers={"If-Match": "*"})
        return answer.status_code

    def meet(number: int) -> int:
        seen = {"If-Match": '"2"'}
        answer = pair[number % 2].api.patch(f"records/{names[number // 2]}", json={"note": f"{number}"}, headers=seen)
        return answer.status_code

    with ThreadPoolExecutor(8) as crowd:
        assert set(crowd.map(decide, range(40))) == {200}
        assert sorted(crowd.map(meet, range(20))) == [200] * 10 + [412] * 10, "one of two who met was late"
    for replica in pair:
        assert replica.api.get("datasets/replies").json()["approved"] == 40
        assert [item(replica.api, name)["version"] for name in names] == [3] * 10 + [2] * 30
    assert shared.store.reviews.count(Wanted("replies", decision="approved")) == 40


def test_people_logins_and_settings_hold_at_every_server(pair: Pair):
    def add(number: int) -> int:
        body = {"name": f"person{number % 3}", "password": "correct horse battery", "owner": False}
        return pair[number % 2].api.post("users", json=body).status_code

    with ThreadPoolExecutor(6) as crowd:
        assert sorted(crowd.map(add, range(6))) == [201, 201, 201, 409, 409, 409]
    people = pair[1].api.get("users").json()["items"]
    assert [one["owner"] for one in people].count(True) == 1, "the first one"
    owner = next(one["name"] for one in people if one["owner"])
    with httpx.Client(headers={"X-Forwarded-For": "10.0.0.1"}, timeout=30) as browser:
        places = [str(replica.api.base_url) for replica in pair]
        login = {"name": owner, "password": "correct horse battery"}
        session = browser.post(f"{places[0]}session", json=login).json()
        assert browser.get(f"{places[1]}session").json()["user"]["name"] == owner
        change = {"private_addresses": True}
        assert browser.patch(f"{places[1]}settings", json=change).status_code == 403
        headers = {"X-CSRF-Token": session["csrf"]}
        anyhow = {**headers, "If-Match": "*"}
        assert browser.patch(f"{places[1]}settings", json=change, headers=anyhow).status_code == 200
        assert pair[0].api.get("settings").json()["private_addresses"] is True
        browser.delete(f"{places[0]}session", headers=headers)
        assert browser.get(f"{places[1]}projects").status_code == 401


def test_a_job_is_told_at_the_server_that_does_not_work_on_it(pair: Pair):
    told: list[str] = []
    with pair[1].api.stream("GET", "events") as answer:
        lines = answer.iter_lines()
        assert next(lines) == ": seedbed"
        template = {"text": "{A} met {B}.", "n": 4}
        asked = {"templates": [template], "values": {"A": ["Ann", "Bo"], "B": ["Cy", "Di"]}, "into": "met"}
        made = pair[0].api.post("fills", json=asked)
        assert made.status_code == 202, made.text
        for line in lines:
            told += [line] if line.startswith("data: ") and made.json()["id"] in line else []
            if told and '"state":"done"' in told[-1]:
                break
    assert '"state":"running"' in "".join(told)


def test_each_replica_pauses_and_goes_on_with_what_another_drives(shared: Workspace, pair: Pair, recipe_on: Any):
    with running_server(Settings(latency=0.1)) as server:
        first, second = pair
        run = first.start(recipe_on(server.url, 400, concurrency=4))
        first.until(run, lambda item: item["accepted"] > 3)
        assert second.api.post(f"runs/{run}/pause").json()["wish"] == "pause"
        assert second.api.post(f"runs/{run}/resume").status_code == 200, "it waits until the run has come to rest"
        second.until(run, lambda item: item["state"] == "running" and not item["wish"])  # not paused, or goes on
        assert first.api.post(f"runs/{run}/resume").status_code == 200, "it goes on already: what is wanted is so"
        assert first.api.post(f"runs/{run}/pause").status_code == 200
        assert second.ended(run)["state"] == "paused"
        until_true(lambda: not shared.store.is_claimed(run))
        assert first.api.post(f"runs/{run}/cancel").json()["state"] == "cancelled"
        server.change(latency=0)
        assert second.api.post(f"runs/{run}/resume").status_code == 200
        assert first.ended(run)["state"] == "complete"
        assert server.stats()["answered_twice"] == 0


def test_one_key_at_two_replicas_at_once_makes_one_run(shared: Workspace, pair: Pair, recipe_on: Any):
    with running_server(Settings()) as server, ThreadPoolExecutor(8) as crowd:

        def ask(number: int) -> tuple[int, str]:
            body = {"document": recipe_on(server.url, 6) | {"name": "keyed"}, "new": True}
            key = {"Idempotency-Key": f"key {number // 4}"}
            answer = pair[number % 2].api.post("runs", json=body, headers=key)
            return answer.status_code, str(answer.json().get("run"))

        answers = list(crowd.map(ask, range(16)))
        assert {status for status, _ in answers} == {201}
        for key in range(4):
            assert len({run for _, run in answers[4 * key : 4 * key + 4]}) == 1
        assert len(shared.store.runs(name="keyed")) == 4

        def ask_by_names(number: int) -> int:
            body = {"document": recipe_on(server.url, 6) | {"name": f"other{number}"}}
            return pair[number % 2].api.post("runs", json=body, headers={"Idempotency-Key": "same"}).status_code

        assert sorted(crowd.map(ask_by_names, range(6))) == [201, 422, 422, 422, 422, 422]


def test_the_limits_of_a_connection_are_for_all_servers_together(pair: Pair, recipe_on: Any):
    with running_server(Settings(latency=0.2)) as server:
        runs = [
            replica.start(recipe_on(server.url, 2000, concurrency=8) | {"name": f"shared{number}"})
            for number, replica in enumerate(pair)
        ]
        until_true(lambda: server.stats()["in_flight"] == 8 and not server.reset() and _most(server, 10) <= 8)
        assert pair[0].api.post(f"runs/{runs[0]}/cancel").status_code == 200
        pair[0].ended(runs[0])
        until_true(lambda: not server.reset() and _most(server, 10) == 8)
        assert pair[0].api.post(f"runs/{runs[1]}/cancel").status_code == 200
        pair[0].ended(runs[1])


def _most(server: FakeServer, answers: int) -> int:
    """How many calls were in flight at once at most, until so many more were answered."""
    until_true(lambda: server.stats()["answered"] >= answers)
    return int(server.stats()["max_in_flight_seen"])


def test_a_run_of_the_command_line_is_never_taken_over(shared: Workspace, pair: Pair, recipe_on: Any, shell: Any):
    with running_server(Settings(latency=0.2)) as server:
        shell.environment |= environment_of(shared.settings)
        shell.recipe(recipe_on(server.url, 200, concurrency=2) | {"name": "mine"})
        process = shell.start("generate", "recipe.yaml", "--workspace", str(shared.folder))
        until_true(lambda: pair[0].api.get("runs/mine-1").status_code == 200)
        assert pair[0].until("mine-1", lambda item: item["accepted"] > 0)["owner"] == "other"
        process.kill()
        process.communicate()
        assert pair[1].ended("mine-1")["state"] == "interrupted"
        left = server.stats()["requests"]
        for name in ("one", "two", "three"):  # it takes several looks until these are done
            pair[0].ended(pair[0].start(recipe_on(server.url, 6) | {"name": name}))
        assert pair[1].api.get("runs/mine-1").json()["state"] == "interrupted"
        assert server.stats()["requests"] == left + 18
