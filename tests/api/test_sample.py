"""A workspace where nothing is yet gets a project to look around in, once."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from starlette.testclient import TestClient

from seedbed.api.application import PREFIX, create_app
from seedbed.app.serve.sample import NOTES, PEOPLE, ensure_sample, notes, people
from seedbed.app.workspace import Workspace
from seedbed.core.review.entry import Wanted
from seedbed.core.stored import Selection


def test_an_empty_workspace_gets_a_sample_project(workspace: Workspace):
    with TestClient(create_app(workspace, sample=True), base_url=f"http://127.0.0.1{PREFIX}/") as api:
        recipe = api.get("recipes?project=sample").json()["items"][0]
        assert (recipe["name"], recipe["count"], recipe["models"]) == ("sample-reviews", 24, ["embedded"])
        checked = api.post("recipes/check", json={"yaml": recipe["yaml"]}).json()
        assert checked["ok"], checked["problems"]
        assert [cell["wanted"] for cell in checked["cells"]] == [12, 12]
        runs = api.get("runs?project=sample").json()["items"]
        assert {(run["dataset"], run["kind"], run["state"]) for run in runs} == {
            (NOTES, "import", "complete"),
            (PEOPLE, "import", "complete"),
        }
        templates = api.get("templates?project=sample").json()["items"]
        assert {(one["name"], one["type"]) for one in templates} == {
            ("sample-answer", "custom"),
            ("sample-sentences", "slots"),
        }
    assert next(one.sample for one in workspace.store.serving.projects() if one.id == "sample")


def test_the_notes_are_partly_reviewed_and_hold_near_duplicates(workspace: Workspace):
    assert ensure_sample(workspace)
    reviews = workspace.store.reviews
    counts = {decision: reviews.count(Wanted(NOTES, decision=decision)) for decision in ("approved", "declined")}
    assert counts["approved"] >= 10
    assert counts["declined"] >= 3
    texts = [record.text for record, _ in notes()]
    assert len(texts) == len(set(texts)) >= 110
    labels = Counter(record.label for record, _ in notes())
    assert set(labels) == {"problem", "idea", "thanks"}
    assert min(labels.values()) >= 35


def test_the_entities_stand_where_their_spans_say(workspace: Workspace):
    assert ensure_sample(workspace)
    stored = list(workspace.store.records(Selection(dataset=PEOPLE)))
    assert len(stored) == len(people()) == 40
    for record in stored:
        assert record.spans
        for span in record.spans:
            assert record.text[span.start : span.end].strip() == record.text[span.start : span.end] != ""
            assert span.label in ("PERSON", "PLACE", "ORG")
        assert "[" not in record.text


def test_it_is_made_once_and_never_where_something_is(workspace: Workspace, tmp_path: Path):
    assert ensure_sample(workspace)
    assert not ensure_sample(workspace)
    workspace.store.serving.remove_project("sample")
    assert not ensure_sample(workspace)
    with Workspace(database_url=f"sqlite:///{tmp_path}/other/seedbed.db") as other:
        other.store.serving.put_recipe("mine", "name: mine")
        assert not ensure_sample(other)
