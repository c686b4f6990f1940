"""Approved records are handed over as annotation tasks, worked on, written and taken back over the API."""

from __future__ import annotations

import csv
import io
import json
from typing import Any

import pytest
from starlette.testclient import TestClient

import seedbed
from api.reviewed import TEXTS, item, reviewed
from seedbed.app.workspace import Workspace
from seedbed.core.record import Record

ANY = {"If-Match": "*"}


@pytest.fixture
def names(workspace: Workspace, api: TestClient) -> list[str]:
    """Six records, five of them approved and handed over."""
    found = reviewed(workspace)
    change = {"decision": "approved"}
    api.post("records/bulk", json={"dataset": "replies", "ids": [*found[:4], found[5]], "change": change})
    api.post("annotation-tasks", json={"dataset": "replies", "where": {}})
    return found


def sent_back(api: TestClient, name: str, data: bytes, **form: str) -> Any:
    return api.post("annotation-tasks/import", files={"file": (name, data)}, data={"dataset": "replies", **form})


def test_only_approved_records_become_tasks_and_only_once(api: TestClient, workspace: Workspace):
    names = reviewed(workspace)
    api.patch(f"records/{names[0]}", json={"decision": "approved"}, headers=ANY)
    api.patch(f"records/{names[1]}", json={"decision": "approved"}, headers=ANY)
    chosen = {"dataset": "replies", "ids": [names[0], names[2]]}
    first = api.post("annotation-tasks", json=chosen)
    assert (first.status_code, first.json()["handed_over"]) == (201, 1)
    assert api.post("annotation-tasks", json={"dataset": "replies", "where": {}}).json()["handed_over"] == 1
    assert api.post("annotation-tasks", json={"dataset": "replies", "where": {}}).json()["handed_over"] == 0
    assert (item(api, names[0])["work"], item(api, names[2])["work"]) == ("todo", "")


def test_tasks_have_the_tag_that_says_how_they_came_to_be(api: TestClient, workspace: Workspace):
    seedbed.generate(
        {
            "name": "made",
            "model": "scripted",
            "generator": {"kind": "classification", "instruction": "one reply", "labels": ["a", "b"], "count": 4},
        },
        workspace=workspace.folder,
    )
    api.post("records/bulk", json={"dataset": "made-1", "where": {}, "change": {"decision": "approved"}})
    done = api.post("annotation-tasks", json={"dataset": "made-1", "where": {}}).json()
    assert done == {"handed_over": 4, "tag": "synthetic", "sources": {"synthetic": 4}}
    found = api.get("annotation-tasks", params={"dataset": "made-1", "tag": "synthetic"}).json()["items"]
    assert [one["tags"] for one in found] == [["synthetic"]] * 4
    name = found[0]["id"]
    retagged = api.patch(f"records/{name}", json={"tags": ["hard", "augmented"]}, headers=ANY).json()
    assert retagged["tags"] == ["synthetic", "hard"]
    made = item(api, name)["origin"]
    assert (made["recipe"], made["run"], made["edits"]) == ("made", "made-1", [])
    assert made["prompt"]
    assert made["model"]


@pytest.mark.both_stores
def test_tasks_of_a_dataset_or_a_project_are_read_in_pages_and_counted(
    api: TestClient, workspace: Workspace, names: list[str]
):
    others = reviewed(workspace, ("One.", "Two.", "Three."), "others")
    api.post("records/bulk", json={"dataset": "others", "ids": others, "change": {"decision": "approved"}})
    api.post("annotation-tasks", json={"dataset": "others", "ids": others})
    change = {"person": "ann", "work": "doing"}
    done = api.post("annotation-tasks/bulk", json={"dataset": "replies", "ids": names[:2], "change": change})
    assert done.json() == {"changed": 2, "datasets": {"replies": 2}}
    query: dict[str, Any] = {"project": "default", "limit": 3}
    seen, cursor = [], ""
    while cursor is not None:
        page = api.get("annotation-tasks", params={**query, "cursor": cursor}).json()
        seen += [one["id"] for one in page["items"]]
        cursor = page["next"]
    assert seen == [*others, *names[:4], names[5]]
    counts = api.get("annotation-tasks/counts", params={"project": "default"}).json()
    assert (counts["total"], counts["by"]["work"]) == (8, {"doing": 2, "todo": 6})
    assert counts["by"]["person"] == {"ann": 2}
    of_one = api.get("annotation-tasks/counts", params={"dataset": "replies"}).json()
    shown = api.get("annotation-tasks/counts", params={"dataset": "replies", "q": "nothing like this"}).json()
    assert shown["total"] == 0
    assert (of_one["total"], of_one["by"]["label"]) == (5, {"polite": 2, "rude": 3})
    found = api.get("annotation-tasks", params={"dataset": "replies", "work": "doing", "person": "ann"}).json()
    assert [one["id"] for one in found["items"]] == names[:2]
    assert counts["by"]["dataset"] == {"others": 3, "replies": 5}
    assert api.get("annotation-tasks").status_code == 422
    assert api.get("annotation-tasks", params={"project": "none"}).json()["items"] == []
    both = api.get("annotation-tasks", params={"project": "default", "dataset": "others"}).json()
    assert [one["id"] for one in both["items"]] == others
    assert api.get("annotation-tasks", params={"project": "none", "dataset": "others"}).status_code == 404
    assert api.get("annotation-tasks", params={**query, "cursor": "7"}).status_code == 400


def test_imported_records_become_tasks_without_a_tag_and_the_answer_says_so(api: TestClient, names: list[str]):
    assert api.patch(f"records/{names[4]}", json={"decision": "approved"}, headers=ANY).is_success
    done = api.post("annotation-tasks", json={"project": "default", "ids": [names[4]]}).json()
    assert done == {"handed_over": 1, "tag": "", "sources": {"imported": 1}}
    assert (item(api, names[4])["tags"], item(api, names[4])["source"]) == ([], "imported")
    of = {"dataset": "replies", "source": "imported"}
    assert api.get("annotation-tasks/counts", params=of).json()["total"] == 6


@pytest.mark.both_stores
def test_tasks_of_a_whole_project_are_changed_written_and_taken_back(
    api: TestClient, workspace: Workspace, names: list[str]
):
    from seedbed.app.data.importing import import_records

    asked = [Record({"text": f"Why {name}?", "topic": "a"}) for name in "xyz"]
    made = import_records(workspace, lambda: iter(asked), "asked", workspace.folder)
    others = [f"{made['run']}:{number}.0" for number in range(3)]
    whole = {"project": "default"}
    api.post("records/bulk", json={"dataset": "asked", "ids": others[:2], "change": {"decision": "approved"}})
    assert api.post("annotation-tasks", json={**whole, "where": {}}).json()["sources"] == {"imported": 2}

    mixed = {**whole, "ids": [others[0], names[1]], "change": {"person": "ann"}}
    changed = api.post("annotation-tasks/bulk", json=mixed).json()
    assert changed == {"changed": 2, "datasets": {"asked": 1, "replies": 1}}
    no_task = {**whole, "ids": [names[1], others[2]], "change": {"work": "done"}}
    refused = api.post("annotation-tasks/bulk", json=no_task)
    assert (refused.status_code, item(api, names[1])["work"]) == (400, "todo")
    by_filter = {**whole, "where": {"person": "ann"}, "change": {"work": "doing"}}
    assert api.post("annotation-tasks/bulk", json=by_filter).json()["datasets"] == {"asked": 1, "replies": 1}

    answer = api.get("annotation-tasks/export", params=whole)
    assert answer.headers["content-disposition"] == 'attachment; filename="default-tasks.csv"'
    rows = list(csv.DictReader(io.StringIO(answer.text)))
    assert list(rows[0]) == ["id", "dataset", "text", "topic", "label", "spans", "tags"]
    assert [(row["id"], row["dataset"]) for row in rows[:3]] == [
        *((name, "asked") for name in others[:2]),
        (names[0], "replies"),
    ]
    chosen = {**whole, "format": "label_studio", "ids": [names[1], others[0]]}
    some = api.get("annotation-tasks/export", params=chosen).json()
    assert [task["data"]["id"] for task in some] == [others[0], names[1]]

    rows[0]["topic"], rows[2]["label"] = "b", "rude"
    out = io.StringIO()
    writer = csv.DictWriter(out, list(rows[0]))
    writer.writeheader()
    writer.writerows(rows)
    file = {"file": ("done.csv", out.getvalue().encode())}
    alone = api.post("annotation-tasks/import", files=file, data={"dataset": "replies"})
    assert (alone.status_code, "The dataset replies has no record" in alone.json()["detail"]) == (404, True)
    assert api.post("annotation-tasks/import", files=file).status_code == 422
    assert api.post("annotation-tasks/import", files=file, data=whole).json() == {"read": 7, "changed": 2}
    assert (item(api, others[0])["values"]["topic"], item(api, names[0])["label"]) == ("b", "rude")
    done = api.get("annotation-tasks/counts", params={**whole, "work": "done"}).json()
    assert done["by"]["dataset"] == {"asked": 2, "replies": 5}
    assert len(api.post("records/undo", json={"dataset": "replies"}).json()["items"]) == 5
    assert (item(api, names[0])["label"], item(api, others[0])["work"]) == ("polite", "done")


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({"span": "PERSON"}, [3, 0]),
        ({"span": "PLACE"}, []),
        ({"duplicates": "true", "sort": "twins"}, [0, 3]),
        ({"label": "rude"}, [5, 3, 1]),
        ({"doubted": "true"}, [2]),
        ({"reason": "odd"}, [1]),
        ({"model": "none"}, []),
        ({"decision": "approved", "q": "ann"}, [3, 0]),
        ({"sort": "first"}, [0, 1, 2, 3, 5]),
    ],
)
def test_tasks_are_filtered_as_records_are(
    api: TestClient, workspace: Workspace, names: list[str], asked: dict[str, str], found: list[int]
):
    from seedbed.app.review.reviewing import Reviewing
    from seedbed.core.review.entry import Change

    Reviewing(workspace, "replies", "ann").mark_duplicates(0.6)
    Reviewing(workspace, "replies", "ann").change([Change(names[2], suggested="rude", doubt=0.9)])
    api.patch(f"records/{names[1]}", json={"reason": "odd"}, headers=ANY)
    scope = {"project": "default"}
    page = api.get("annotation-tasks", params={"sort": "last", **scope, **asked}).json()
    assert [names.index(one["id"]) for one in page["items"]] == found
    filters = {name: value for name, value in asked.items() if name != "sort"}
    assert api.get("annotation-tasks/counts", params={**scope, **filters}).json()["total"] == len(found)
    query = {"dataset": "replies", "format": "jsonl", **filters}
    lines = api.get("annotation-tasks/export", params=query).text.splitlines()
    assert {json.loads(line)["id"] for line in lines} == {names[one] for one in found}


def test_a_record_that_is_no_task_is_not_worked_on(api: TestClient, names: list[str]):
    refused = api.patch(f"annotation-tasks/{names[4]}", json={"work": "doing"}, headers=ANY)
    assert (refused.status_code, "is no task" in refused.json()["detail"]) == (400, True)
    bulk = {"dataset": "replies", "ids": [names[0], names[4]], "change": {"work": "doing"}}
    assert api.post("annotation-tasks/bulk", json=bulk).status_code == 400
    assert item(api, names[0])["work"] == "todo"
    by_filter = {"dataset": "replies", "where": {"label": "polite"}, "change": {"work": "doing"}}
    assert api.post("annotation-tasks/bulk", json=by_filter).json()["changed"] == 2
    done = api.patch(f"annotation-tasks/{names[1]}", json={"work": "done"}, headers=ANY)
    assert (done.status_code, done.json()["work"]) == (200, "done")


def test_a_table_of_tasks_comes_back_with_labels_and_formulas_as_they_were(api: TestClient, names: list[str]):
    answer = api.get("annotation-tasks/export", params={"dataset": "replies", "format": "csv"})
    assert answer.headers["content-disposition"] == 'attachment; filename="replies-tasks.csv"'
    rows = list(csv.DictReader(io.StringIO(answer.text)))
    assert [row["id"] for row in rows] == [*names[:4], names[5]]
    assert rows[-1]["text"] == "'=1+1"
    rows[0]["label"] = "rude"
    out = io.StringIO()
    writer = csv.DictWriter(out, list(rows[0]))
    writer.writeheader()
    writer.writerows(rows)
    assert sent_back(api, "done.csv", out.getvalue().encode()).json() == {"read": 5, "changed": 1}
    assert (item(api, names[0])["label"], item(api, names[0])["work"]) == ("rude", "done")
    assert (item(api, names[5])["text"], item(api, names[5])["work"]) == ("=1+1", "done")
    assert item(api, names[0])["spans"] == [{"start": 0, "end": 7, "label": "PERSON", "field": "text"}]


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\tx", "'=1+1", "'plain", " =1"])
def test_every_text_that_looks_like_a_formula_survives_the_way_there_and_back(
    api: TestClient, workspace: Workspace, text: str
):
    [name] = reviewed(workspace, (text,))
    api.patch(f"records/{name}", json={"decision": "approved"}, headers=ANY)
    api.post("annotation-tasks", json={"dataset": "replies", "ids": [name]})
    sent = api.get("annotation-tasks/export", params={"dataset": "replies"}).content
    assert sent_back(api, "done.csv", sent).json() == {"read": 1, "changed": 0}
    assert item(api, name)["text"] == text


def test_label_studio_s_tasks_come_back_with_their_spans(api: TestClient, names: list[str]):
    query = {"dataset": "replies", "format": "label_studio", "ids": names[:1]}
    answer = api.get("annotation-tasks/export", params=query)
    tasks = json.loads(answer.text)
    assert [task["data"]["id"] for task in tasks] == names[:1]
    tasks[0]["annotations"] = tasks[0].pop("predictions")
    for region in tasks[0]["annotations"][0]["result"]:
        if region["type"] == "labels":
            region["value"] |= {"end": 3, "text": "Ann", "labels": ["NAME"]}
    done = sent_back(api, "done.json", json.dumps(tasks).encode(), format="label_studio")
    assert done.json() == {"read": 1, "changed": 1}
    assert item(api, names[0])["spans"] == [{"start": 0, "end": 3, "label": "NAME", "field": "text"}]


def test_a_file_of_something_else_changes_nothing(api: TestClient, names: list[str]):
    for data, said in (
        (b"text,label\nx,y\n", "has no `id`"),
        (b"id,label\nreplies-1:99.0,y\n", "has no record"),
        (f"id,label\n{names[0]},a\n{names[0]},b\n".encode(), "there twice"),
        (b'id,label\n"x,y\n', "line 2"),
        (f"id,text\n{names[1]},other words\n{names[0]},\n".encode(), f"Record 2, {names[0]}: `text` would be empty"),
    ):
        answer = sent_back(api, "done.csv", data)
        assert 400 <= answer.status_code < 500
        assert said in answer.json()["detail"], answer.text
    assert [item(api, name)["work"] for name in names[:2]] == ["todo", "todo"]
    assert item(api, names[0])["text"] == TEXTS[0]


def test_records_without_a_column_are_annotated_all_the_same(api: TestClient, workspace: Workspace):
    from seedbed.app.data.importing import import_records

    made = import_records(workspace, lambda: iter([Record({"text": "a b"})]), "bare", workspace.folder)
    name = f"{made['run']}:0.0"
    done = api.patch(f"records/{name}", json={"label": "polite", "decision": "approved"}, headers=ANY).json()
    assert (done["label"], done["values"]) == ("polite", {"text": "a b", "label": "polite"})
