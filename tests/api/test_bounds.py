"""What reaches further than its project or its server may, and what is told of runs of which little is known."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from api.reviewed import reviewed
from seedbed.app.data.importing import import_records
from seedbed.app.serve import projects
from seedbed.app.workspace import Workspace
from seedbed.core.connection import Connection
from seedbed.core.record import Record
from seedbed.core.stored import StoredConnection, StoredRun

Asked = Callable[..., TestClient]
JUDGE = {"kind": "judge", "rubric": "It is polite.", "model": "inside:m"}


def with_template(template: str, **more: Any) -> dict[str, Any]:
    generator = {"kind": "template", "template": template, "count": 2, "values": {"topic": ["rain"]}}
    return {"name": "r", "model": "scripted", "generator": generator, **more}


@pytest.fixture
def hotel(api: TestClient, workspace: Workspace) -> TestClient:
    """A template `secret` in the project `hotel`, and one `open` in the default project."""
    projects.add(workspace.store, "Hotel", name="hotel")
    document = {"prompt": "Write of {topic} in room 7."}
    assert api.post("templates", json={"name": "secret", "document": document, "project": "hotel"}).status_code == 201
    assert api.post("templates", json={"name": "open", "document": document}).status_code == 201
    return api


@pytest.mark.parametrize("path", ["recipes", "recipes/preview", "recipes/estimate", "runs"])
def test_a_template_of_another_project_is_refused(hotel: TestClient, path: str):
    answer = hotel.post(path, json={"document": with_template("secret")})
    assert answer.status_code == 422, answer.text
    assert answer.json()["field"] == "generator.template"
    assert "the template `secret` is of the project hotel, not of default" in answer.json()["detail"]
    own = hotel.post(path, json={"document": with_template("secret"), "project": "hotel"})
    assert own.status_code < 300, own.text
    assert hotel.post(path, json={"document": with_template("open@1", name="o")}).status_code < 300


def test_a_template_in_a_step_is_looked_at_as_well(hotel: TestClient):
    steps = [{"name": "first", "generator": with_template("secret")["generator"]}]
    answer = hotel.post("recipes", json={"document": {"name": "r", "model": "scripted", "steps": steps}})
    assert (answer.status_code, answer.json()["field"]) == (422, "steps[0].generator.template"), answer.text


def test_nothing_is_told_of_a_template_that_one_may_not_see(hotel: TestClient, tokened: Asked, person: Any):
    person("ann", default="editor")
    answer = tokened("own", user="ann").post("recipes/check", json={"document": with_template("secret")})
    assert [one["message"] for one in answer.json()["problems"]] == ["there is no template `secret`"]
    assert "room 7" not in answer.text
    elsewhere = tokened("own", user="ann").post("recipes/check", json={"document": with_template("t"), "project": "x"})
    assert (elsewhere.status_code, elsewhere.json()["detail"]) == (404, "There is no project `x`.")


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("reports", {"dataset": "replies", "relabel_with": "inside:m"}),
        ("label-suspects", {"dataset": "replies", "relabel_with": "inside:m"}),
        ("fills/propose", {"labels": ["PER"], "model": "inside:m"}),
        ("augmentations", {"dataset": "replies", "plan": {"transforms": ["uppercase"], "model": "inside:m"}}),
        (
            "augmentations",
            {
                "dataset": "replies",
                "plan": {"transforms": ["uppercase"], "checks": [{"kind": "judge", "model": "inside:m"}]},
            },
        ),
    ],
)
def test_a_job_asks_no_address_that_its_server_does_not(
    workspace: Workspace, tokened: Asked, path: str, body: dict[str, Any]
):
    reviewed(workspace)
    inside = Connection(provider="openai", base_url="http://10.1.2.3/v1").model_dump(mode="json", exclude_defaults=True)
    workspace.store.put_connection(StoredConnection("inside", inside, None))
    answer = tokened("own").post(path, json=body)
    assert answer.status_code == 400, answer.text
    assert "10.1.2.3 is an address of this machine or of a private network" in answer.json()["detail"]


def test_a_run_without_a_recipe_or_figures_is_told_by_what_it_made(api: TestClient, workspace: Workspace):
    run = workspace.store.create_run(StoredRun("", "bare", "complete", {}, {}, "bare", ["text"], 7, kind="import"))
    with workspace.store.claim(run.id):
        workspace.store.keep(run, [Record({"text": "a"}), Record({"text": "b"})], 0)
    gone = {"name": "x", "model": "scripted", "generator": {"kind": "no-such-kind"}}
    workspace.store.create_run(StoredRun("", "lost", "failed", gone, {}, "lost", ["text"], 7))
    import_records(workspace, lambda: iter([Record({"text": "c"})]), "plain", Path())
    found = {one["run"]: one["accepted"] for one in api.get("runs").json()["items"]}
    assert found == {"bare-1": 2, "lost-1": 0, "plain-1": 1}
    assert api.get("runs/bare-1").json()["asked"] == 2
    assert api.get("datasets/bare").json()["records"] == 2
    assert [one["name"] for one in api.get("datasets").json()["items"]]
