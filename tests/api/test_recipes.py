"""Recipes over HTTP: saved as they were written, checked as a whole, tried, and kept away from the server's files."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from seedbed.app.serve.drafts import draft_of
from seedbed.app.serve.people import Person
from seedbed.app.serve.reach import FILES, beyond_reach
from seedbed.app.workspace import Workspace
from seedbed.testing.server import Settings, running_server

YAML = """\
# What customers write.
name: replies
model: scripted
generator:
  kind: classification
  instruction: one reply of an agent   # of a shop
  labels: [polite, rude]
  count: 6
"""


def checked(api: TestClient, yaml: str) -> dict[str, Any]:
    """What is said of a recipe."""
    answer = api.post("recipes/check", json={"yaml": yaml})
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def test_a_recipe_is_kept_as_it_was_written(api: TestClient):
    made = api.post("recipes", json={"yaml": YAML})
    assert (made.status_code, made.headers["etag"]) == (201, '"1"')
    item = made.json()
    assert (item["yaml"], item["kind"], item["count"], item["models"]) == (YAML, "classification", 6, ["scripted"])
    assert item["last_run"] is None
    assert api.post("recipes", json={"yaml": YAML}).status_code == 409
    other = api.post("recipes", json={"yaml": YAML, "name": "again"}).json()
    assert other["yaml"] == YAML.replace("name: replies", "name: again")
    assert [one["name"] for one in api.get("recipes").json()["items"]] == ["again", "replies"]


@pytest.mark.both_stores
def test_a_recipe_is_changed_only_as_it_was_looked_at(api: TestClient):
    api.post("recipes", json={"yaml": YAML})
    changed = YAML.replace("count: 6", "count: 8")
    assert api.put("recipes/replies", json={"yaml": changed}).status_code == 428
    answer = api.put("recipes/replies", json={"yaml": changed}, headers={"If-Match": '"1"'})
    assert (answer.status_code, answer.json()["version"], answer.headers["etag"]) == (200, 2, '"2"')
    late = api.put("recipes/replies", json={"yaml": YAML}, headers={"If-Match": '"1"'})
    assert late.status_code == 412
    assert late.json()["theirs"]["yaml"] == changed
    assert late.json()["mine"] == {"yaml": YAML}
    assert api.delete("recipes/replies", headers={"If-Match": '"1"'}).status_code == 412
    assert api.delete("recipes/replies", headers={"If-Match": "*"}).status_code == 204
    assert api.get("recipes/replies").status_code == 404


def test_a_saved_recipe_is_run_and_knows_its_last_run(api: TestClient):
    api.post("recipes", json={"yaml": YAML})
    run = api.post("runs", json={"recipe": "replies"}).json()["run"]
    assert api.get("recipes/replies").json()["last_run"] == run


def test_a_check_tells_the_cells_and_the_columns(api: TestClient):
    found = checked(api, YAML)
    assert found["ok"]
    assert found["cells"] == [
        {"cell": {"label": "polite"}, "wanted": 3},
        {"cell": {"label": "rude"}, "wanted": 3},
    ]
    assert (found["name"], found["asked"], found["labels"]) == ("replies", 6, ["polite", "rude"])
    assert found["columns"] == ["text", "label", "model"]
    assert found["yaml"] == YAML
    by_document = api.post("recipes/check", json={"document": found["document"]}).json()
    assert by_document["ok"]
    assert by_document["document"] == found["document"]
    assert "labels:" in by_document["yaml"]


def test_a_check_tells_everything_that_is_wrong_with_field_and_line(api: TestClient):
    found = checked(
        api,
        "name: x y\nmodel: scripted\ncolour: red\ngenerator:\n  kind: classification\n  labels: [a, b]\n  count: lots\n"
        "checks:\n  - {kind: length, min_words: 1}\n  - {kind: lenght}\nbudget: {cost: -1}\n",
    )
    assert not found["ok"]
    problems = {one["field"]: one for one in found["problems"]}
    assert set(problems) >= {
        "colour",
        "name",
        "generator.count",
        "generator.instruction",
        "checks[1].kind",
        "budget.cost",
    }
    assert problems["generator.count"]["line"] == 7
    assert problems["checks[1].kind"]["line"] == 10
    assert "length" in problems["checks[1].kind"]["hint"]
    assert problems["colour"]["message"] == "there is no such field"


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [("name: [", None, ""), ("- a\n- b\n", None, "mapping"), ("name: x\nname: y\n", 2, "given twice"), ("", None, "")],
)
def test_what_is_no_yaml_is_said_with_its_line(api: TestClient, text: str, line: int | None, words: str):
    found = checked(api, text)
    assert (found["ok"], len(found["problems"])) == (False, 1)
    assert words in found["problems"][0]["message"]
    assert line in (None, found["problems"][0]["line"])


def test_a_text_that_swells_is_refused(api: TestClient):
    swelling = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n" + "".join(
        f"a{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 10)}]\n" for i in range(1, 9)
    )
    assert "more than" in checked(api, swelling)["problems"][0]["message"]


def test_a_connection_that_is_not_there_is_said_at_the_model(api: TestClient):
    assert checked(api, YAML.replace("scripted", "somewhere:x"))["problems"][0]["field"] == "model"


def test_a_preview_shows_prompts_answers_and_records_and_saves_nothing(api: TestClient):
    shown = api.post("recipes/preview", json={"yaml": YAML, "n": 2}).json()["attempts"]
    streamed = api.post("recipes/preview", json={"yaml": YAML, "n": 2}, headers={"Accept": "text/event-stream"})
    assert streamed.headers["content-type"].startswith("text/event-stream")
    events = [event.split("\n") for event in streamed.text.strip().split("\n\n")]
    assert [name for name, _ in events] == ["event: attempt", "event: attempt", "event: done"]
    assert [json.loads(data.removeprefix("data: ")) for _, data in events[:2]] == shown
    assert [one["cell"]["label"] for one in shown] == ["polite", "rude"]
    assert shown[0]["calls"][0]["prompt"][-1]["content"]
    assert shown[0]["records"][0]["state"] == "accepted"
    assert api.get("runs").json()["items"] == []
    api.post("recipes", json={"yaml": YAML})
    assert len(api.post("recipes/replies/preview").json()["attempts"]) == 3


def test_a_preview_of_a_model_that_does_not_answer_says_so(api: TestClient, recipe_on: Any):
    with running_server(Settings(key="right")) as server:
        answer = api.post("recipes/preview", json={"document": recipe_on(server.url)})
        events = api.post(
            "recipes/preview", json={"document": recipe_on(server.url)}, headers={"Accept": "text/event-stream"}
        )
        name, data = events.text.strip().split("\n")
        assert (events.status_code, name) == (200, "event: problem")
        assert json.loads(data.removeprefix("data: "))["detail"] == answer.json()["detail"]
    assert answer.status_code == 502
    assert "key" in answer.json()["detail"].lower()
    assert answer.json()["hint"]


def test_an_estimate_makes_no_call(api: TestClient, recipe_on: Any):
    with running_server() as server:
        found = api.post("recipes/estimate", json={"document": recipe_on(server.url, 100)}).json()
        assert server.stats()["requests"] == 0
    assert (found["records"], found["cost"]) == (100, None)
    assert found["calls"] >= 100
    assert found["assumptions"]


ANN = Person("ann", roles={"default": "editor"})

DOCUMENTS: list[tuple[dict[str, Any], str]] = [
    ({"connections": {"evil": {"provider": "openai", "base_url": "http://x", "key_env": "OPENAI_API_KEY"}}}, "connec"),
    ({"model": "embedded:/etc/model.gguf"}, "model"),
    ({"into": {"dataset": "/etc/passwd.csv"}}, "into.dataset"),
    ({"into": {"dataset": "../keys.csv"}}, "into.dataset"),
    ({"checks": [{"kind": "exact_duplicate", "against": ["~/mine.csv"]}]}, "checks[0].against[0]"),
    ({"checks": [{"kind": "pii", "model": "/tmp/model"}]}, "checks[0].model"),
    ({"generator": {"kind": "rewrite", "inputs": "/etc/x.csv", "task": "paraphrase"}}, "generator.inputs"),
    ({"generator": {"kind": "rag_qa", "documents": ["a/../../*.md"], "count": 2}}, "generator.documents"),
    ({"generator": {"kind": "rag_qa", "documents": ["s3://theirs/*.md"], "count": 2}}, "generator.documents"),
    ({"generator": {"kind": "rewrite", "inputs": "s3:/theirs/x.csv", "task": "paraphrase"}}, "generator.inputs"),
    ({"checks": [{"kind": "exact_duplicate", "against": ["gs://theirs/x.csv"]}]}, "checks[0].against[0]"),
    ({"into": {"dataset": "az://theirs/x.csv"}}, "into.dataset"),
    ({"into": {"dataset": "file:///etc/x.csv"}}, "into.dataset"),
    (
        {
            "generator": None,
            "steps": [
                {"generator": {"kind": "rows", "inputs": "/etc/x.csv"}},
                {"add": {"kind": "prompt", "prompt": "{text}"}, "as": "more"},
            ],
        },
        "steps[0].generator.inputs",
    ),
]


@pytest.mark.parametrize(("changes", "field"), DOCUMENTS, ids=[json.dumps(changes)[:40] for changes, _ in DOCUMENTS])
def test_a_recipe_from_elsewhere_reaches_no_files_of_the_server(workspace: Workspace, changes: Any, field: str):
    generator = {"kind": "prompt", "prompt": "Write a note.", "count": 2}
    document = {"name": "x", "model": "scripted", "generator": generator} | changes
    document = {name: value for name, value in document.items() if value is not None}
    draft = draft_of(workspace, ANN, None, document)
    assert draft.recipe is not None, draft.problems
    assert [error for error in beyond_reach(workspace, draft.recipe, ANN, "default") if field in error.message]
    owner = Person("you", owner=True, local=True)
    assert beyond_reach(workspace, draft.recipe, owner, "default") == []


def test_files_of_the_workspace_are_within_reach(workspace: Workspace):
    folder = workspace.subfolder(FILES)
    (Path(folder) / "rows.csv").write_text("text\nHello there.\n")
    document = {
        "name": "x",
        "model": "scripted",
        "generator": {"kind": "rewrite", "inputs": "rows.csv", "task": "paraphrase"},
    }
    draft = draft_of(workspace, ANN, None, document)
    assert draft.folder == folder
    assert draft.recipe is not None
    assert beyond_reach(workspace, draft.recipe, ANN, "default") == []


def test_a_recipe_loads_no_plugins(api: TestClient):
    assert checked(api, YAML + "plugins: [os]\n")["problems"][0]["field"] == "plugins"
