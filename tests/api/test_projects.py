"""Projects: what belongs together, and who works on it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from starlette.testclient import TestClient

from seedbed.app.serve import projects
from seedbed.app.workspace import Workspace
from seedbed.core.record import Record
from seedbed.core.stored import StoredRun


def test_there_is_always_a_project_and_it_stays(api: TestClient):
    (found,) = api.get("projects").json()["items"]
    assert (found["id"], found["title"], found["records"]) == ("default", "My project", 0)
    refused = api.delete("projects/default", headers={"If-Match": "*"})
    assert refused.status_code == 409


def test_a_project_is_made_changed_and_removed(api: TestClient):
    made = api.post("projects", json={"title": "Hotel desk & bar", "description": "Replies"})
    assert (made.status_code, made.json()["id"], made.headers["etag"]) == (201, "hotel-desk-bar", '"1"')
    assert api.post("projects", json={"title": "Hotel desk, bar"}).json()["id"] == "hotel-desk-bar-2"
    assert api.post("projects", json={"title": "x", "id": "hotel-desk-bar"}).status_code == 409
    assert api.post("projects", json={"title": "x", "id": "../etc"}).json()["field"] == "id"
    assert api.post("projects", json={"title": " "}).json()["field"] == "title"

    path = "projects/hotel-desk-bar"
    assert api.patch(path, json={"title": "Bar"}).status_code == 428
    changed = api.patch(path, json={"title": "Bar"}, headers={"If-Match": '"1"'})
    assert (changed.json()["title"], changed.json()["description"], changed.headers["etag"]) == (
        "Bar",
        "Replies",
        '"2"',
    )
    late = api.patch(path, json={"title": "Pub"}, headers={"If-Match": '"1"'})
    assert late.status_code == 412
    assert late.json()["mine"] == {"title": "Pub"}
    assert late.json()["theirs"]["title"] == "Bar"
    assert api.delete(path, headers={"If-Match": '"1"'}).status_code == 412
    assert api.delete(path, headers={"If-Match": '"2"'}).status_code == 204
    assert api.get(path).status_code == 404


def test_a_project_knows_how_much_is_in_it_and_is_removed_only_empty(api: TestClient, workspace: Workspace):
    api.post("projects", json={"title": "Hotel", "id": "hotel"})
    run = workspace.store.create_run(StoredRun("", "replies", "complete", {}, {}, "", ["text"], 1))
    workspace.store.keep(run, [Record({"text": "one"}), Record({"text": "two"})])
    workspace.store.update_run(run.id, figures={"accepted": 2})
    projects.put_into(workspace.store, "dataset", run.dataset, "hotel")
    file = workspace.store.create_run(StoredRun("", "notes", "complete", {}, {}, "", ["text"], 0, kind="import"))
    workspace.store.update_run(file.id, figures={"accepted": 3})
    projects.put_into(workspace.store, "dataset", file.dataset, "hotel")
    found = api.get("projects/hotel").json()
    assert (found["datasets"], found["runs"], found["records"]) == (2, 1, 5), "a file is no run"
    projects.put_into(workspace.store, "dataset", file.dataset, "default")
    refused = api.delete("projects/hotel", headers={"If-Match": "*"})
    assert refused.status_code == 409
    assert "dataset replies-1" in refused.json()["detail"]
    projects.put_into(workspace.store, "dataset", run.dataset, "default")
    assert projects.project_of(workspace.store, "dataset", run.dataset) == "default"
    assert api.delete("projects/hotel", headers={"If-Match": "*"}).status_code == 204


@pytest.mark.both_stores
def test_members_have_roles_and_strangers_see_nothing(
    api: TestClient, person: Callable[..., str], tokened: Callable[..., TestClient]
):
    api.post("projects", json={"title": "Hotel", "id": "hotel"})
    person("ann")
    ann = tokened("own", "ann")
    assert ann.get("projects").json()["items"] == []
    assert ann.get("projects/hotel").status_code == 404
    assert api.put("projects/hotel/members/nobody", json={"role": "editor"}).status_code == 404
    assert api.put("projects/hotel/members/ann", json={"role": "king"}).status_code == 422
    assert api.put("projects/hotel/members/ann", json={"role": "editor"}).json() == {
        "id": "ann",
        "user": "ann",
        "role": "editor",
    }
    assert [one["id"] for one in ann.get("projects").json()["items"]] == ["hotel"]
    assert ann.get("session").json()["roles"] == {"hotel": "editor"}
    assert ann.patch("projects/hotel", json={"title": "x"}, headers={"If-Match": "*"}).status_code == 403
    assert ann.put("projects/hotel/members/ann", json={"role": "owner"}).status_code == 403
    api.put("projects/hotel/members/ann", json={"role": "owner"})
    assert ann.patch("projects/hotel", json={"title": "x"}, headers={"If-Match": "*"}).status_code == 200
    assert ann.post("projects", json={"title": "Mine"}).status_code == 403
    assert api.get("projects/hotel/members").json()["items"] == [{"id": "ann", "user": "ann", "role": "owner"}]
    assert api.delete("projects/hotel/members/ann").status_code == 204
    assert api.delete("projects/hotel/members/ann").status_code == 404
    assert ann.get("projects/hotel").status_code == 404
