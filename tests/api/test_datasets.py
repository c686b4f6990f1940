"""Datasets are listed, moved and removed over the API."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import text
from starlette.testclient import TestClient

from api.reviewed import TEXTS, reviewed
from seedbed.app.workspace import Workspace
from seedbed.core.serving import StoredProject
from seedbed.storage.review import removing
from seedbed.storage.review.dialect import dialect_of


@pytest.fixture
def names(workspace: Workspace) -> list[str]:
    return reviewed(workspace)


def test_datasets_are_listed_with_what_was_decided(api: TestClient, workspace: Workspace, names: list[str]):
    reviewed(workspace, ("One.",), "others")
    api.post("records/bulk", json={"dataset": "replies", "ids": names[:2], "change": {"decision": "approved"}})
    api.post("records/bulk", json={"dataset": "replies", "ids": names[2:3], "change": {"decision": "declined"}})
    found = {one["name"]: one for one in api.get("datasets").json()["items"]}
    assert sorted(found) == ["others", "replies"]
    replies = found["replies"]
    assert (replies["records"], replies["approved"], replies["declined"], replies["reviewed"]) == (6, 2, 1, 3)
    assert (replies["runs"], replies["kinds"], replies["columns"]) == (
        ["replies-1"],
        ["import"],
        ["text", "label", "spans"],
    )
    assert api.get("datasets", params={"project": "none"}).json()["items"] == []


def test_a_dataset_shows_what_is_in_it(api: TestClient, names: list[str]):
    found = api.get("datasets/replies").json()
    assert found["counts"]["label"] == {"polite": 3, "rude": 3}
    assert found["span_labels"] == {"PERSON": 2}
    assert (found["text_column"], found["label_column"], found["project"]) == ("text", "label", "default")
    counts = api.get("datasets/replies/review").json()
    assert (counts["total"], counts["reviewed"], counts["by"]["decision"]) == (6, 0, {"todo": 6})
    assert counts["by"]["source"] == {"imported": 6}
    assert api.get("datasets/none").status_code == 404


def test_a_dataset_is_put_into_another_project(api: TestClient, workspace: Workspace, names: list[str]):
    workspace.store.serving.add_project(StoredProject("shop", "The shop"))
    assert (
        api.patch("datasets/replies", json={"project": "shop"}, headers={"If-Match": "*"}).json()["project"] == "shop"
    )
    assert [one["name"] for one in api.get("datasets", params={"project": "shop"}).json()["items"]] == ["replies"]
    assert api.get("datasets", params={"project": "default"}).json()["items"] == []
    assert api.patch("datasets/replies", json={"project": "nowhere"}, headers={"If-Match": "*"}).status_code == 404


@pytest.mark.parametrize("alone", [True, False])
@pytest.mark.both_stores
def test_a_removed_dataset_is_gone_with_all_that_was_made_of_it(
    api: TestClient, workspace: Workspace, names: list[str], alone: bool
):
    if not alone:
        reviewed(workspace, ("Where is it?",), "others")
        assert api.get("records", params={"dataset": "others"}).json()["items"]
    api.patch(f"records/{names[0]}", json={"tags": ["x"], "label": "new"}, headers={"If-Match": "*"})
    api.post("views", json={"dataset": "replies", "name": "all", "where": {}})
    assert api.delete("datasets/replies", headers={"If-Match": "*"}).status_code == 204
    for path in ("datasets/replies", "records?dataset=replies", f"records/{names[0]}", "views?dataset=replies"):
        assert api.get(path).status_code == 404
    assert api.delete("datasets/replies", headers={"If-Match": "*"}).status_code == 404
    reviewed(workspace, ("Something else.", "And more."), "replies")
    assert api.get("records", params={"dataset": "replies", "q": "parcel"}).json()["items"] == []
    found = api.get("records", params={"dataset": "replies"}).json()["items"]
    assert [(one["text"], one["version"], one["tags"]) for one in found] == [
        ("Something else.", 1, []),
        ("And more.", 1, []),
    ]
    if not alone:
        hits = api.get("records", params={"dataset": "others", "q": "where"}).json()["items"]
        assert [one["text"] for one in hits] == ["Where is it?"]


def test_a_dataset_that_is_driven_is_not_removed(api: TestClient, workspace: Workspace, names: list[str]):
    with workspace.store.claim("replies-1"):
        refused = api.delete("datasets/replies", headers={"If-Match": "*"})
    assert (refused.status_code, "driven" in refused.json()["detail"]) == (409, True)
    assert len(api.get("records", params={"dataset": "replies"}).json()["items"]) == len(TEXTS)


def test_reviewers_decide_editors_import_and_strangers_see_nothing(
    workspace: Workspace, tokened: Any, person: Any, names: list[str]
):
    workspace.store.serving.add_project(StoredProject("shop", "The shop"))
    workspace.store.serving.place("dataset", "replies", ["shop"])
    reviewer = tokened("review", person("rita", shop="reviewer"))
    editor = tokened("edit", person("ed", shop="editor"))
    stranger = tokened("edit", person("sam", default="editor"))
    any_one, file = {"If-Match": "*"}, {"files": {"file": ("more.csv", b"text,label\na,b\n")}}
    done = reviewer.patch(f"records/{names[0]}", json={"decision": "approved"}, headers=any_one)
    assert (done.status_code, done.json()["by"]) == (200, "rita")
    assert reviewer.post("imports", **file, data={"name": "replies"}).status_code == 403
    assert reviewer.delete("datasets/replies").status_code == 403
    for path in ("datasets/replies", "records?dataset=replies", f"records/{names[0]}", "exports?dataset=replies"):
        assert reviewer.get(path).status_code == 200, path
        assert stranger.get(path).status_code == 404, path
    assert stranger.patch(f"records/{names[0]}", json={"note": "x"}, headers=any_one).status_code == 404
    assert stranger.post("imports", **file, data={"name": "replies"}).status_code == 403
    assert stranger.get("datasets").json()["items"] == stranger.get("search?q=ann").json()["items"] == []
    assert editor.post("imports", **file, data={"name": "replies"}).status_code == 201
    assert editor.patch("datasets/replies", json={"project": "default"}).status_code == 403
    assert editor.delete("datasets/replies", headers={"If-Match": "*"}).status_code == 204
    assert [(one.who, one.action) for one in workspace.store.serving.deeds()] == [
        ("ed", "dataset removed"),
        ("ed", "file imported"),
        ("rita", "records exported"),
    ]


@pytest.mark.both_stores
def test_a_record_that_is_changed_while_its_dataset_goes_leaves_no_words(
    api: TestClient, workspace: Workspace, monkeypatch: pytest.MonkeyPatch
):
    names = reviewed(workspace)
    reviewed(workspace, ("Another parcel.",), "other")
    api.get("records", params={"dataset": "replies"}), api.get("records", params={"dataset": "other"})
    found = removing._looked_at

    def meanwhile(*asked: Any) -> Any:
        monkeypatch.setattr(removing, "_looked_at", found)
        known = found(*asked)
        changed = {"values": {"text": "A parcel meanwhile."}}
        assert api.patch(f"records/{names[0]}", json=changed, headers={"If-Match": "*"}).status_code == 200
        return known

    monkeypatch.setattr(removing, "_looked_at", meanwhile)
    assert api.delete("datasets/replies", headers={"If-Match": "*"}).status_code == 204
    with workspace.store._engine.connect() as connection:  # type: ignore[attr-defined]
        dialect = dialect_of(connection)
        words = text(f"SELECT {dialect.number} FROM entry_words WHERE {dialect.having}")
        assert len(connection.execute(words, {"words": dialect.query([["parcel"]])}).all()) == 1
        assert connection.exec_driver_sql("SELECT sum(count), count(*) FROM entry_bins").one() == (1, 1)
        if connection.dialect.name == "sqlite":
            assert connection.exec_driver_sql("PRAGMA synchronous").scalar() == 2
