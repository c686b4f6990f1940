"""A file becomes a dataset of the workspace, whole or not at all."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import seedbed
from seedbed.app.data.importing import import_records
from seedbed.app.review.reviewing import Reviewing
from seedbed.app.workspace import Workspace
from seedbed.core.record import Span
from seedbed.core.review.entry import Change, Wanted
from seedbed.core.stored import StoredRun

if TYPE_CHECKING:
    from conftest import Shell

ROWS = [
    {"text": "Ann lives in Paris.", "label": "a", "spans": [{"start": 0, "end": 3, "label": "PER"}]},
    {"text": "Nobody does.", "label": "b", "tags": ["own"]},
]


@pytest.fixture
def given(shell: Shell) -> Shell:
    (shell.folder / "my data.jsonl").write_text("\n".join(map(json.dumps, ROWS)), "utf-8")
    return shell


def test_it_is_reviewed_reported_and_exported_like_any_other(given: Shell):
    made = given("datasets", "import", "my data.jsonl", "--json").json
    assert made == {
        "dataset": "my-data",
        "run": "my-data-1",
        "records": 2,
        "columns": ["text", "label", "tags", "spans"],
    }
    again = given("datasets", "import", "my data.jsonl", "--json").json
    assert (again["dataset"], again["run"]) == ("my-data", "my-data-2")
    listed = given("review", "list", "my-data", "--json").json["items"]
    assert [one["source"] for one in listed] == ["imported"] * 4
    assert listed[0]["spans"] == [{"start": 0, "end": 3, "label": "PER", "field": "text"}]
    assert given("datasets", "list", "--json").json["datasets"][0]["records"] == 4
    assert [one["state"] for one in given("runs", "list", "--json").json["runs"]] == ["complete"] * 2
    assert given("report", "my-data", "--only", "duplicates", "--json").json["duplicates"]["exact"] == 2
    given("review", "decide", "my-data", "approved", listed[0]["id"])
    given("tasks", "create", "my-data")
    given("tasks", "export", "my-data", "-o", "t.conll")
    assert "B-PER" in (given.folder / "t.conll").read_text("utf-8")
    assert "not made by a recipe" in given("runs", "resume", "my-data-1").err


def test_spans_that_came_later_are_exported_also_of_a_run_and_a_version(given: Shell):
    (given.folder / "plain.csv").write_text("text\nAnn left.\nBob left.\n", "utf-8")
    given("datasets", "import", "plain.csv")
    given("export", "plain", "-o", "before.jsonl")
    assert "spans" not in (given.folder / "before.jsonl").read_text("utf-8")
    with Workspace(given.folder / ".seedbed") as place:
        desk = Reviewing(place, "plain", "ann")
        desk.change([Change("plain-1:0.0", values={"text": "Ann left.", "mood": "sad"}, spans=(Span(0, 3, "PER"),))])
    given("datasets", "keep", "plain")
    for name in ("plain", "plain-1", "plain@1"):
        assert given("export", name, "-o", "out.jsonl", "--force").code == 0
        first, second = map(json.loads, (given.folder / "out.jsonl").read_text("utf-8").splitlines())
        assert first == {"text": "Ann left.", "mood": "sad", "spans": [{"start": 0, "end": 3, "label": "PER"}]}
        assert (second["text"], second["mood"], second["spans"]) == ("Bob left.", None, [])


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("none.csv",), "none.csv"),
        (("my data.jsonl", "--name", "a b"), "is no name of a dataset"),
        (("empty.csv",), "no records to import"),
        (("broken.jsonl",), "line 2"),
    ],
)
def test_wrong_input_is_said_and_leaves_nothing(given: Shell, arguments: tuple[str, ...], said: str):
    (given.folder / "empty.csv").write_text("text,label\n", "utf-8")
    (given.folder / "broken.jsonl").write_text('{"text": "a"}\n{"text": \n', "utf-8")
    ended = given("datasets", "import", *arguments)
    assert ended.code == 2
    assert said in ended.err
    assert given("datasets", "list", "--json").json["datasets"] == []


def test_what_breaks_off_is_taken_away_again(tmp_path: Path):
    records = [seedbed.Record({"text": str(number)}) for number in range(5000)]
    reads = iter([records, [*records, None]])
    with Workspace(tmp_path) as place:
        with pytest.raises(AttributeError):
            import_records(place, lambda: iter(next(reads)), "mine", tmp_path)  # type: ignore[arg-type]
        assert place.store.runs() == []
        dead = StoredRun("", "mine", "running", {}, {}, "mine", ["text"], 0, kind="import")
        place.store.keep(place.store.create_run(dead), records)
        import_records(place, lambda: iter(records), "mine", tmp_path)
        assert [run.state for run in place.store.runs()] == ["complete"]
        assert place.store.reviews.catch_up("mine") == 0
        assert place.store.reviews.counts(Wanted("mine")).total == 5000
