"""`seedbed review` and `seedbed tasks`, as people type them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

import seedbed

if TYPE_CHECKING:
    from conftest import Shell

RECIPE: dict[str, Any] = {
    "name": "replies",
    "model": "scripted",
    "generator": {"kind": "classification", "instruction": "one reply", "labels": ["polite", "rude"], "count": 8},
}


@pytest.fixture
def made(shell: Shell) -> Shell:
    assert shell("generate", shell.recipe(RECIPE)).code == 0
    return shell


def ids(made: Shell, *options: str) -> list[str]:
    return [one["id"] for one in made("review", "list", "replies-1", "--json", *options).json["items"]]


def test_records_are_decided_on_and_handed_over(made: Shell):
    names = ids(made)
    assert made("review", "decide", "replies-1", "approved", *names[:3], "--by", "ann", "--json").json["changed"] == 3
    declined = made("review", "decide", "replies-1", "declined", names[3], "--reason", "off topic", "--by", "ann")
    assert "1 record is declined" in declined.err
    assert ids(made, "--decision", "approved") == names[:3]
    counts = made("review", "counts", "replies-1")
    assert counts.out.splitlines()[0] == "4 of 8 reviewed"
    assert "off topic 1" in counts.out
    assert made("tasks", "create", "replies-1", "--json").json == {
        "created": 3,
        "tasks": 3,
        "sources": {"synthetic": 3},
    }
    listed = made("tasks", "list", "replies-1", "--tag", "synthetic", "--json").json
    assert [(one["id"], one["work"]) for one in listed["items"]] == [(name, "todo") for name in names[:3]]
    made("tasks", "set", "replies-1", names[0], "--state", "doing", "--person", "bob")
    assert made("tasks", "list", "replies-1", "--person", "bob").out.split()[:2] == [names[0], "approved/doing"]
    shown = made("review", "show", "replies-1", names[0], "--json").json
    assert [set(one["after"]) for one in shown["history"]] == [{"work", "person"}, {"work"}, {"decision"}]


def test_everything_of_a_kind_is_decided_on_and_taken_back(made: Shell):
    assert made("review", "decide", "replies-1", "declined", "--all", "--label", "rude", "--json").json["changed"] == 4
    assert made("review", "list", "replies-1", "--decision", "declined", "--limit", "3", "--json").json["next"]
    assert "Taken back" in made("review", "undo", "replies-1").err
    assert ids(made, "--decision", "declined") == []
    assert "nothing to take back" in made("review", "undo", "replies-1").err


def test_many_records_are_changed_in_one_step(made: Shell):
    made("review", "decide", "replies-1", "declined", "--all", "--label", "rude", "--reason", "dull")
    chosen = ("--all", "--reason", "dull", "--source", "synthetic")
    many = ("--set-label", "blunt", "--add-tag", "again", "--note", "look twice")
    assert made("review", "change", "replies-1", *chosen, *many, "--json").json == {"changed": 4}
    listed = made("review", "list", "replies-1", "--reason", "dull", "--json").json["items"]
    assert {(one["values"]["label"], one["note"], "again" in one["tags"]) for one in listed} == {
        ("blunt", "look twice", True)
    }
    assert made("review", "undo", "replies-1").code == 0
    assert len(ids(made, "--label", "rude")) == 4
    two = ids(made)[:2]
    assert made("review", "change", "replies-1", *two, "--add-tag", "first", "--json").json == {"changed": 2}
    assert ids(made, "--tag", "first") == two


def test_spans_are_marked_and_unmarked(made: Shell):
    name = ids(made)[0]
    made("review", "edit", "replies-1", name, "--set", "text=Ann: hello to Bob", "--add-span", "0:3:PERSON")
    marked = made("review", "edit", "replies-1", name, "--add-span", "text:14:17:a:b", "--remove-span", "0:3:PERSON")
    assert marked.code == 0, marked.err
    (span,) = made("review", "show", "replies-1", name, "--json").json["spans"]
    assert (span["start"], span["end"], span["label"]) == (14, 17, "a:b")
    assert ids(made, "--span", "a:b") == [name]


def test_what_was_declined_is_made_again(made: Shell):
    made("review", "decide", "replies-1", "declined", *ids(made)[:2])
    said = made("review", "refill", "replies-1").err
    assert "2 records are to be made again" in said
    assert made("runs", "resume", "replies-1", "--json").json["accepted"] == 10
    assert len(ids(made, "--decision", "todo")) == 8


def test_an_edit_says_which_spans_it_dropped(made: Shell):
    name = ids(made)[0]
    found = made(
        "review", "edit", "replies-1", name, "--set", "text=Hello there.", "--note", "mine", "--add-tag", "hard"
    )
    assert found.code == 0, found.err
    assert ids(made, "--words", "hello the") == ids(made, "--tag", "hard") == [name]
    shown = made("review", "show", "replies-1", name, "--json").json
    assert (shown["note"], shown["tags"]) == ("mine", ["synthetic", "hard"])


@pytest.mark.parametrize("file", ["tasks.csv", "tasks.jsonl", "tasks.json --to label_studio --option as=annotations"])
def test_tasks_come_back_with_what_was_annotated(made: Shell, file: str):
    name, *options = file.split()
    names = ids(made)
    made("review", "decide", "replies-1", "approved", *names[:4])
    made("tasks", "create", "replies-1")
    assert made("tasks", "export", "replies-1", "-o", name, *options, "--json").json["records"] == 4
    path = made.folder / name
    text = path.read_text("utf-8")
    path.write_text(text.replace("polite", "kind"), "utf-8")
    given = ["--from", "label_studio"] if options else []
    found = made("tasks", "import", "replies-1", name, *given, "--json")
    assert found.code == 0, found.err
    assert (found.json["read"], found.json["changed"]) == (4, text.count("polite"))
    assert len(ids(made, "--label", "kind")) == text.count("polite")
    tasks = made("tasks", "list", "replies-1", "--state", "done", "--json").json["items"]
    assert [one["id"] for one in tasks] == names[:4]
    assert {one["tags"][0] for one in tasks} == {"synthetic"}
    assert made("review", "undo", "replies-1", "--json").json["items"][0]["work"] == "todo"


def test_spans_come_back_from_jsonl(made: Shell):
    name = ids(made)[0]
    made("review", "decide", "replies-1", "approved", name)
    made("tasks", "create", "replies-1")
    made("tasks", "export", "replies-1", "-o", "t.jsonl")
    row = json.loads((made.folder / "t.jsonl").read_text("utf-8"))
    row["spans"] = [{"start": 0, "end": 4, "label": "X"}]
    (made.folder / "t.jsonl").write_text(json.dumps(row), "utf-8")
    assert made("tasks", "import", "replies-1", "t.jsonl", "--json").json == {"read": 1, "changed": 1}
    shown = made("review", "show", "replies-1", name, "--json").json
    assert [(span["start"], span["end"], span["label"]) for span in shown["spans"]] == [(0, 4, "X")]
    row["spans"][0]["end"] = 9999
    (made.folder / "t.jsonl").write_text(json.dumps(row), "utf-8")
    assert "does not lie in" in made("tasks", "import", "replies-1", "t.jsonl").err


def test_tasks_are_listed_and_written_by_the_options_of_records(made: Shell):
    names = ids(made)
    made("review", "decide", "replies-1", "approved", "--all")
    assert made("tasks", "create", "replies-1", "--span", "X", "--json").json["created"] == 0
    assert made("tasks", "create", "replies-1", "--label", "rude", "--json").json["created"] == 4
    made("tasks", "create", "replies-1")
    made("review", "edit", "replies-1", names[0], "--set", "text=Your parcel is on its way to you.")
    made("review", "edit", "replies-1", names[5], "--set", "text=Your parcel is on its way to me.")
    made("review", "duplicates", "replies-1", "--near", "0.6")

    def tasks(*options: str) -> list[str]:
        return [one["id"] for one in made("tasks", "list", "replies-1", "--json", *options).json["items"]]

    assert tasks("--duplicates", "--words", "parcel") == [names[0], names[5]]
    assert tasks("--span", "X") == tasks("--model", "none") == []
    assert len(tasks("--label", "rude")) == 4
    assert made("tasks", "export", "replies-1", "-o", "rude.csv", "--label", "rude", "--json").json["records"] == 4


def test_tasks_of_a_whole_project_are_worked_on(made: Shell):
    names = ids(made)
    (made.folder / "mails.csv").write_text("text,topic\nWhere is it?,parcel\n", "utf-8")
    run = made("datasets", "import", "mails.csv", "--json").json["run"]
    made("projects", "add", "Other")
    made("review", "decide", "replies-1", "approved", names[0], names[2])
    made("review", "decide", "mails", "approved", "--all")
    said = made("tasks", "create").err
    assert "3 records became tasks; there are 3 now." in said
    assert "2 have the tag synthetic, 1 was imported and has no tag." in said

    listed = made("tasks", "list", "--limit", "2", "--json").json
    rest = made("tasks", "list", "--cursor", listed["next"], "--json").json
    assert [one["id"] for one in [*listed["items"], *rest["items"]]] == [f"{run}:0.0", names[0], names[2]]
    assert made("tasks", "list", "--project", "other", "--json").json["items"] == []
    assert "has no dataset mails" in made("tasks", "list", "mails", "--project", "other").err
    assert made("tasks", "set", "--all", "--label", "polite", "--person", "ann", "--json").json["changed"] == 2
    assert made("tasks", "set", f"{run}:0.0", names[0], "--state", "doing").code == 0
    assert made("tasks", "set", "--all", "--now", "doing", "--state", "done", "--json").json["datasets"] == {
        "mails": 1,
        "replies-1": 1,
    }
    counted = made("tasks", "counts").out
    assert "dataset:   mails 1, replies-1 2" in counted
    assert "state:     done 2, todo 1" in counted

    assert made("tasks", "export", "-o", "all.csv", "--json").json["records"] == 3
    header, *rows = (made.folder / "all.csv").read_text("utf-8").splitlines()
    assert header == "id,dataset,text,topic,label,model,tags"
    assert rows[0].startswith(f"{run}:0.0,mails,Where is it?,parcel,,")
    text = (made.folder / "all.csv").read_text("utf-8").replace("parcel,", "late,").replace("polite", "kind")
    (made.folder / "back.csv").write_text(text, "utf-8")
    assert "The dataset mails has no record" in made("tasks", "import", "mails", "back.csv").err
    assert "has no record" in made("tasks", "import", "back.csv", "--project", "other").err
    assert made("tasks", "import", "back.csv", "--json").json == {"read": 3, "changed": 3}
    assert seedbed.export_tasks(made.folder / "done.jsonl", label="kind", workspace=made.folder / ".seedbed") == 2
    assert seedbed.import_tasks(made.folder / "all.csv", workspace=made.folder / ".seedbed")["changed"] == 3


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("review", "list", "nothing"), "no run or dataset `nothing`"),
        (("review", "list", "replies-1", "--decision", "aproved"), "Did you mean `approved`"),
        (("review", "decide", "replies-1", "approved"), "Which records?"),
        (("review", "decide", "replies-1", "approved", "x", "--all"), "Either records are named, or --all"),
        (("review", "decide", "replies-1", "fine", "x"), "`fine` is no decision"),
        (("review", "show", "replies-1", "replies-1:99.0"), "See them: seedbed review list replies-1"),
        (("review", "edit", "replies-1", "replies-1:0.0", "--set", "label"), "--set label: it must be"),
        (("tasks", "list", "replies-1", "--state", "open"), "no state of a task"),
        (("tasks", "list", "--project", "dfault"), "There is no project `dfault`"),
        (("tasks", "set", "replies-1", "--state", "done"), "Which tasks?"),
        (("tasks", "set", "replies-1:0.0"), "What are they to become?"),
        (("tasks", "import", "replies-1", "a.csv", "b.csv"), "One file is taken back at a time"),
        (("tasks", "set", "replies-1", "replies-1:0.0", "--state", "done"), "is no task yet"),
        (("tasks", "export", "replies-1"), "need an output file"),
        (("tasks", "import", "replies-1", "no.csv"), "no.csv"),
        (("tasks", "import", "replies-1", "."), "`.` has none of the known suffixes"),
        (("review", "refill", "replies-9"), "There is no run"),
        (("review", "change", "replies-1", "--all"), "What is to change?"),
        (("review", "change", "replies-1", "--add-tag", "x"), "Which records?"),
        (("review", "change", "replies-1", "replies-1:0.0", "--all", "--add-tag", "x"), "Which records?"),
        (("review", "edit", "replies-1", "replies-1:0.0", "--add-span", "0-3"), "`0-3` is no span"),
        (("review", "edit", "replies-1", "replies-1:0.0", "--add-span", "0:9999:X"), "does not lie in"),
        (("review", "edit", "replies-1", "replies-1:0.0", "--remove-span", "0:3:X"), "has no span 0 to 3 (X)"),
    ],
)
def test_wrong_input_is_said(made: Shell, arguments: tuple[str, ...], said: str):
    ended = made(*arguments)
    assert ended.code == 2, ended.err
    assert said in ended.err


def test_a_file_without_ids_is_refused_whole(made: Shell, tmp_path: Path):
    (made.folder / "plain.csv").write_text("text,label\nHello,x\n", "utf-8")
    assert "has no `id`" in made("tasks", "import", "replies-1", "plain.csv").err
    seedbed.write([seedbed.Record({"id": "replies-1:99.0", "text": "x"})], made.folder / "strange.csv")
    assert "Record 1: The dataset" in made("tasks", "import", "replies-1", "strange.csv").err


def test_where_there_is_nothing_it_says_what_to_do(made: Shell):
    assert "seedbed review decide replies-1 approved" in made("tasks", "create", "replies-1").err
    assert "seedbed tasks create replies-1" in made("tasks", "list", "replies-1").err
    assert made("review", "list", "replies-1", "--label", "none").err == "There are no such records.\n"


def test_a_terminal_does_not_obey_what_records_and_notes_say(shell: Shell):
    text = "ab\x1b[31mred\x07\x9b2J\rover"
    (shell.folder / "evil.jsonl").write_text(json.dumps({"text": text, "label": "=1+1"}), "utf-8")
    shell("datasets", "import", "evil.jsonl")
    shell("datasets", "keep", "evil", "--note", "a\x1b[31mb\nevil@9 is another line")
    shown = "ab\\x1b[31mred\\x07\\x9b2J"
    assert shown in shell("review", "list", "evil").out
    assert f"{shown}\\x0dover" in shell("review", "show", "evil", "evil-1:0.0").out
    assert f"{shown}\\x0dover" in shell("datasets", "show", "evil").out
    (line,) = shell("datasets", "versions", "evil").out.splitlines()
    assert line.endswith("a\\x1b[31mb evil@9 is another line")
