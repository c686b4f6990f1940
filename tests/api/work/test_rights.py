"""What somebody may not see is not there for them, and what they may not do is refused."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from fastapi import Request
from starlette.testclient import TestClient

from seedbed.api.application import PREFIX, create_app
from seedbed.api.desk import _person
from seedbed.app.data.importing import import_records
from seedbed.app.serve import projects
from seedbed.app.serve.people import Person
from seedbed.app.workspace import Workspace
from seedbed.core.serving.jobs import Job

from .conftest import people


@dataclass
class Asking:
    """Who asks next."""

    client: TestClient
    who: list[Person] = field(default_factory=list)

    def as_(self, name: str, **roles: str) -> TestClient:
        self.who[:] = [Person(name, roles=roles)]  # type: ignore[arg-type]
        return self.client


@pytest.fixture
def asking(tmp_path: Path) -> Iterator[Asking]:
    with Workspace(tmp_path / "workspace") as place:
        import_records(place, lambda: people(5), "people", Path())
        projects.add(place.store, "Mine", name="mine")
        projects.add(place.store, "Theirs", name="theirs")
        projects.put_into(place.store, "dataset", "people", "mine")
        place.store.jobs.cancel(place.store.jobs.add(Job("", "augment", "people", "mine", {})).id)
        application = create_app(place)
        with TestClient(application, base_url=f"http://127.0.0.1{PREFIX}/") as client:
            found = Asking(client)

            def person(request: Request) -> Person:
                return found.who[0] if found.who else _person(request)

            application.dependency_overrides[_person] = person
            application.state.desk.jobs._put = lambda _: None
            yield found


PLAN = {"transforms": ["uppercase"]}


def test_a_dataset_of_another_project_is_not_there(asking: Asking) -> None:
    client = asking.as_("eve", theirs="owner")
    assert client.post("augmentations", json={"dataset": "people", "plan": PLAN}).status_code == 404
    assert client.get("jobs/job-1").status_code == 404
    assert client.get("jobs").json()["items"] == []
    assert client.get("jobs", params={"project": "mine"}).json()["items"] == []
    assert client.post("jobs/job-1/cancel").status_code == 404


def test_a_reviewer_judges_and_begins_nothing(asking: Asking) -> None:
    client = asking.as_("rob", mine="reviewer")
    assert client.get("jobs/job-1").json()["project"] == "mine"
    assert client.post("augmentations", json={"dataset": "people", "plan": PLAN}).status_code == 403
    assert client.post("jobs/job-1/cancel").status_code == 403
    check = client.post("spot-checks", json={"dataset": "people", "n": 2}).json()
    record = check["items"][0]["id"]
    said = client.put(f"spot-checks/{check['id']}/records/{record}", json={"right": False})
    assert said.json()["judges"] == {"rob": 1}
    assert asking.as_("eve", theirs="owner").get(f"spot-checks/{check['id']}").status_code == 404


def test_a_reviewer_looks_for_duplicates_and_not_twice_at_once(asking: Asking) -> None:
    client = asking.as_("rob", mine="reviewer")
    first = client.post("duplicates", json={"dataset": "people"})
    assert (first.status_code, first.json()["project"]) == (202, "mine")
    assert client.post("duplicates", json={"dataset": "people"}).json()["id"] == first.json()["id"]
    assert client.post("duplicates", json={"dataset": "people", "near": 0.8}).json()["id"] != first.json()["id"]
    assert asking.as_("eve", theirs="owner").post("duplicates", json={"dataset": "people"}).status_code == 404


def test_an_editor_writes_into_no_other_project(asking: Asking) -> None:
    client = asking.as_("ann", mine="editor", theirs="reviewer")
    body = {"dataset": "people", "plan": PLAN}
    assert client.post("augmentations", json={**body, "project": "theirs"}).status_code == 403
    assert client.post("augmentations", json={**body, "project": "nobodys"}).status_code == 404
    assert client.post("augmentations", json=body).json()["project"] == "mine"


def test_a_connection_of_other_projects_is_not_there_for_a_job(asking: Asking) -> None:
    desk = asking.client.app.state.desk  # type: ignore[attr-defined]
    desk.workspace.store.serving.place("connection", "open", ["theirs"])
    client = asking.as_("ann", mine="editor")
    found = client.post("label-suspects", json={"dataset": "people", "relabel_with": "open:gpt"})
    assert (found.status_code, "for the project mine" in found.json()["detail"]) == (400, True)
