"""Templates over the API: versions, trials, projects."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from starlette.testclient import TestClient


@pytest.mark.both_stores
def test_a_template_has_versions_and_nobody_overwrites_one_unseen(api: TestClient):
    made = api.post("templates", json={"name": "riddle", "document": {"prompt": "A riddle about {topic}."}})
    assert (made.status_code, made.headers["etag"]) == (201, '"1"')
    assert (made.json()["type"], made.json()["variables"], made.json()["project"]) == ("custom", ["topic"], "default")
    again = api.post("templates", json={"name": "riddle", "document": {"prompt": "x"}})
    assert again.status_code == 409
    assert again.json()["hint"] == "Take another name, or make a new version of that one."

    second = {"document": {"prompt": "A hard riddle about {topic}."}}
    assert api.patch("templates/riddle", json=second).status_code == 428
    assert api.patch("templates/riddle", json=second, headers={"If-Match": '"1"'}).json()["version"] == 2
    late = api.patch("templates/riddle", json={"document": {"prompt": "x"}}, headers={"If-Match": '"1"'})
    assert late.status_code == 412
    assert late.json()["mine"] == {"document": {"prompt": "x"}}
    assert late.json()["theirs"]["version"] == 2

    assert api.get("templates/riddle").json()["version"] == 2
    assert api.get("templates/riddle", params={"version": 1}).json()["document"]["prompt"] == "A riddle about {topic}."
    assert api.get("templates/riddle", params={"version": 7}).status_code == 404
    assert [one["version"] for one in api.get("templates/riddle/versions").json()["items"]] == [2, 1]
    assert api.delete("templates/riddle", headers={"If-Match": '"1"'}).status_code == 412
    assert api.delete("templates/riddle", headers={"If-Match": '"2"'}).status_code == 204
    assert api.get("templates/riddle").status_code == 404
    told = [one["action"] for one in api.get("audit").json()["items"]]
    assert told == ["template removed", "template changed", "template saved"]


def test_what_is_wrong_with_a_template_is_told_by_field(api: TestClient):
    for document, field in (
        ({"prompt": "x", "tipe": "qa"}, "tipe"),
        ({"system": "x"}, "prompt"),
        ({"prompt": "x", "type": "poem"}, "type"),
    ):
        refused = api.post("templates", json={"name": "wrong", "document": document})
        assert (refused.status_code, refused.json()["field"]) == (400, field), refused.text
    assert api.post("templates", json={"name": "../x", "document": {"prompt": "x"}}).status_code == 400
    assert api.post("templates", json={"name": "x", "document": {"prompt": "x"}, "project": "no"}).status_code == 404


def test_a_template_is_tried_without_a_model(api: TestClient):
    document = {
        "prompt": "A {mood} riddle about {topic}: {}",
        "system": "Be {mood}.",
        "values": {"mood": ["sad", "gay"]},
    }
    tried = api.post("templates/try", json={"document": document, "values": {"topic": "rain %s"}}).json()
    assert tried == {"texts": ["Be sad.", "A sad riddle about rain %s: {}"], "variables": ["topic"]}
    slots = {"type": "slots", "templates": ["{PERSON_1} met {PERSON_2}.", "Hello {PERSON}"]}
    tried = api.post("templates/try", json={"document": slots, "values": {"PERSON": ["Ann", "Bob"]}}).json()
    assert tried["variables"] == ["PERSON"]
    assert tried["texts"][0] in ("Ann met Bob.", "Bob met Ann.")
    assert api.post("templates/try", json={"document": slots, "values": {}}).status_code == 400


def test_templates_are_listed_by_project_and_type(
    api: TestClient, person: Callable[..., str], tokened: Callable[..., TestClient]
):
    api.post("projects", json={"title": "Hotel", "id": "hotel"})
    api.post("templates", json={"name": "b", "document": {"prompt": "x", "type": "qa"}, "project": "hotel"})
    api.post("templates", json={"name": "a", "document": {"type": "slots", "templates": ["I am {PERSON}."]}})

    def names(client: TestClient, **query: str) -> list[str]:
        return [one["name"] for one in client.get("templates", params=query).json()["items"]]

    assert (names(api), names(api, project="hotel"), names(api, type="slots")) == (["a", "b"], ["b"], ["a"])
    ed = tokened("own", person("ed", hotel="editor"))
    assert names(ed) == ["b"]
    assert ed.get("templates/a").status_code == 404
    new = {"name": "c", "document": {"prompt": "x"}}
    assert ed.post("templates", json=new).status_code == 404
    assert ed.post("templates", json={**new, "project": "hotel"}).status_code == 201
