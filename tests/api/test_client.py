"""`seedbed.connect` and `--server`: the same functions and commands, done by a server."""

from __future__ import annotations

import json
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

import seedbed
from seedbed.app.remote.wire import Unreachable
from seedbed.app.workspace import Workspace
from seedbed.core.serving.jobs import Job
from seedbed.testing.server import running_server

from .conftest import served
from .test_runs import document
from .work.conftest import notes

RECIPE = """\
name: replies
model: scripted
generator:
  kind: classification
  instruction: one reply of an agent
  labels: [polite, rude]
  count: 8
"""


@pytest.fixture(scope="module")
def place(tmp_path_factory) -> Path:
    """The workspace of the server."""
    return Path(tmp_path_factory.mktemp("server") / "workspace")


@pytest.fixture(scope="module")
def url(place: Path) -> Iterator[str]:
    """The address of a server."""
    with Workspace(place) as workspace, served(workspace) as found:
        yield found


def test_records_are_made_at_a_server(url, tmp_path):
    far = seedbed.connect(url)
    made = far.generate(document(9), new=True, output=tmp_path / "made.csv")
    assert made.figures["state"] == "complete"
    assert made.figures["accepted"] == len(made) == len(list(made)) == 9
    assert made.counts("label") == {"polite": 3, "neutral": 3, "rude": 3}
    assert len(seedbed.read(tmp_path / "made.csv")) == 9
    assert "driven" not in made.figures
    assert far.run(made.name)["driven"] is False
    assert made.name in [one["run"] for one in far.runs()]


def test_a_generator_alone_starts_afresh_each_time(url):
    far = seedbed.connect(url)
    generator = seedbed.Classification(instruction="one reply of an agent", labels=["a", "b"], count=4)
    first, second = (far.generate(generator, model="scripted") for _ in range(2))
    assert first.name != second.name
    assert len(first) == len(second) == 4


def test_a_recipe_that_is_wrong_is_told_as_here(url):
    with pytest.raises(seedbed.InputError) as error:
        seedbed.connect(url).generate({**document(3), "modle": "x"})
    assert "modle" in error.value.message


@pytest.mark.parametrize("address", ["ftp://x", "http://", "http://u:p@x", "http://x:99999"])
def test_an_address_that_is_none_is_told(address):
    with pytest.raises(seedbed.InputError):
        seedbed.connect(address)


def test_where_nobody_listens_is_told_in_a_sentence():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with pytest.raises(Unreachable, match="does not answer") as error:
        seedbed.connect(f"http://127.0.0.1:{port}")
    assert "seedbed serve" in error.value.hint


def test_an_address_of_something_else_is_told():
    with running_server() as server, pytest.raises(seedbed.InputError, match="not answer as a Seedbed server") as error:
        seedbed.connect(server.url.removesuffix("/v1"))
    assert "seedbed serve" in error.value.hint


def test_commands_work_at_a_server(shell, url):
    (shell.folder / "recipe.yaml").write_text(RECIPE, "utf-8")
    shown = shell("preview", "recipe.yaml", "-n", "1", "--json", "--server", url)
    assert shown.code == 0, shown.err
    assert shown.json["attempts"][0]["records"]
    assert shell("estimate", "recipe.yaml", "--json", "--server", url).json["records"] == 8
    made = shell("generate", "recipe.yaml", "--new", "-o", "out.csv", "--count", "6", "--json", "--server", url)
    assert made.code == 0, made.err
    assert made.json["accepted"] == len(shell.rows("out.csv")) == 6
    run = made.json["run"]
    listed = shell("runs", "list", "--json", "--server", url).json["runs"]
    assert run in [one["run"] for one in listed]
    assert shell("runs", "show", run, "--json", "--server", url).json["accepted"] == 6
    assert shell("runs", "pause", run, "--server", url).err == f"The run {run} is complete.\n"
    assert shell("runs", "cancel", "none-1", "--server", url).code == 2
    assert not (shell.folder / ".seedbed").exists()


def test_records_are_reviewed_and_handed_over_at_a_server(shell, url):
    (shell.folder / "recipe.yaml").write_text(RECIPE, "utf-8")
    run = shell("generate", "recipe.yaml", "--new", "--json", "--server", url).json["run"]
    items = shell("review", "list", run, "--json", "--server", url).json["items"]
    assert len(items) == 8
    first, second, *_ = (item["id"] for item in items)
    assert shell("review", "decide", run, "declined", first, "--reason", "odd", "--server", url).code == 0
    edited = shell("review", "edit", run, second, "--set", "text=Another one.", "--add-tag", "short", "--server", url)
    assert edited.code == 0, edited.err
    assert shell("review", "decide", run, "approved", "--all", "--decision", "todo", "--server", url).code == 0
    marked = shell("review", "duplicates", run, "--json", "--server", url).json
    listed = shell("review", "list", run, "--duplicates", "--json", "--server", url).json
    assert (len(listed["items"]), listed["looked"]["groups"]) == (marked["duplicates"], marked["groups"])
    assert shell("review", "list", run, "--span", "PERSON", "--json", "--server", url).json["items"] == []
    counts = shell("review", "counts", run, "--json", "--server", url).json
    assert counts["decision"] == {"approved": 7, "declined": 1}
    shown = shell("review", "show", run, second, "--json", "--server", url)
    assert shown.code == 0, shown.err
    found = shown.json
    assert (found["values"]["text"], found["tags"]) == ("Another one.", ["synthetic", "short"])
    assert len(found["history"]) >= 3
    made = shell("tasks", "create", run, "--json", "--server", url).json
    assert made == {"created": 7, "tasks": 7, "sources": {"synthetic": 7}}
    assert shell("tasks", "export", run, "-o", "tasks.csv", "--server", url).code == 0
    assert len(shell.rows("tasks.csv")) == 7
    text = (shell.folder / "tasks.csv").read_text("utf-8")
    (shell.folder / "back.csv").write_text(text.replace("Another one.", "Yet another one."), "utf-8")
    back = shell("tasks", "import", run, "back.csv", "--json", "--server", url)
    assert back.json == {"read": 7, "changed": 1}, back.err
    assert shell("review", "refill", run, "--json", "--server", url).json["opened"] == 1
    left = shell("export", run, "-o", "left.csv", "--json", "--server", url).json
    assert left["records"] == len(shell.rows("left.csv")) == 7, "without the declined one"
    declined = shell("export", run, "-o", "no.csv", "--where", "decision=declined", "--server", url)
    assert declined.err.startswith("Wrote 1 record to no.csv")


def test_tasks_of_a_whole_project_are_worked_on_at_a_server(shell, url):
    seedbed.connect(url).wire.send("POST", "/projects", {"title": "Calls", "id": "calls"})
    far = seedbed.connect(url, project="calls")
    for name in ("first", "second"):
        (shell.folder / f"{name}.csv").write_text(f"text,{name}\nThe {name} one.,yes\nOr not.,no\n", "utf-8")
        far.keep(shell.folder / f"{name}.csv")
        shell("review", "decide", name, "approved", "--all", "--words", name, "--server", url)
    at = ("--project", "calls", "--json", "--server", url)
    assert shell("tasks", "create", *at).json == {"created": 2, "tasks": 2, "sources": {"imported": 2}}
    items = shell("tasks", "list", *at).json["items"]
    assert [one["values"]["text"] for one in items] == ["The first one.", "The second one."]
    ids = [one["id"] for one in items]
    changed = shell("tasks", "set", *ids, "--person", "ann", "--state", "doing", *at).json["items"]
    assert [(one["id"], one["person"]) for one in changed] == [(name, "ann") for name in ids]
    assert shell("tasks", "set", "--all", "--now", "doing", "--state", "todo", *at).json["changed"] == 2
    assert shell("tasks", "counts", *at).json["dataset"] == {"first": 1, "second": 1}

    assert far.export_tasks(shell.folder / "calls.csv", work="todo") == 2
    assert list(shell.rows("calls.csv")[0]) == ["id", "dataset", "text", "first", "second", "tags"]
    assert shell("tasks", "export", "--id", ids[1], "-o", "one.csv", *at).json["records"] == 1
    assert [row["id"] for row in shell.rows("one.csv")] == ids[1:]
    text = (shell.folder / "calls.csv").read_text("utf-8")
    (shell.folder / "back.csv").write_text(text.replace(",yes", ",maybe"), "utf-8")
    assert far.import_tasks(shell.folder / "back.csv") == {"read": 2, "changed": 2}
    assert "There is no project `call`" in shell("tasks", "list", "--project", "call", "--server", url).err


def test_spans_that_overlap_are_told_of_and_found_at_a_server_and_here(shell, url):
    marked = [{"start": 0, "end": 7, "label": "PER"}, {"start": 4, "end": 7, "label": "SUR"}]
    rows = [{"text": "Ann Lee left.", "spans": marked}, {"text": "Bob left.", "spans": []}]
    (shell.folder / "names.jsonl").write_text("".join(f"{json.dumps(row)}\n" for row in rows), "utf-8")
    for where in (("--server", url), ()):
        assert shell("datasets", "import", "names.jsonl", *where).code == 0
        out = ("names", "-o", "names.conll", "--force", *where)
        refused = shell("export", *out)
        assert (refused.code, "1 record has spans that overlap" in refused.err) == (2, True), refused.err
        assert "--option overlaps=outer" in refused.err
        kept = shell("export", *out, "--option", "overlaps=outer")
        assert (kept.code, kept.err.startswith("Note: ")) == (0, True), kept.err
        assert (shell.folder / "names.conll").read_text("utf-8").startswith("Ann B-PER\nLee I-PER\nleft O\n")
        assert shell("review", "decide", "names", "approved", "--all", *where).code == 0
        tasks = shell("tasks", "export", *out, "--approved", "--option", "overlaps=skip", "--json")
        assert (tasks.json["records"], "Note: " in tasks.err) == (1, True), tasks.err
        assert len(shell("review", "list", "names", "--overlapping", "--json", *where).json["items"]) == 1
        assert shell("tasks", "list", "names", "--overlapping", "--json", *where).json["items"] == []
        assert shell("tasks", "create", *where).code == 0
        found = shell("tasks", "list", "--overlapping", "--json", *where).json["items"]
        assert [one["values"]["text"] for one in found] == ["Ann Lee left."]
        whole = ("tasks", "export", "-o", "names.conll", "--force", *where)
        refused = shell(*whole)
        assert (refused.code, "1 record has spans that overlap" in refused.err) == (2, True), refused.err
        skipped = shell(*whole, "--option", "overlaps=skip", "--json")
        total = shell("tasks", "counts", "--json", *where).json["total"]
        assert (skipped.json["records"], "Note: " in skipped.err) == (total - 1, True), skipped.err
        assert shell(*whole, "--overlapping", "--option", "overlaps=outer", "--json").json["records"] == 1
        assert (shell.folder / "names.conll").read_text("utf-8").startswith("Ann B-PER\nLee I-PER\nleft O\n")
    for far, own in ((seedbed.connect(url), {}), (seedbed, {"workspace": shell.folder / ".seedbed"})):
        (shell.folder / "names.conll").unlink()
        with pytest.warns(UserWarning, match="overlap"):
            assert far.export_tasks(shell.folder / "names.conll", overlaps="skip", words="Lee left", **own) == 0


def test_connections_templates_and_projects_of_a_server(shell, url):
    add = ("connections", "add", "mine", "--provider", "openai", "--base-url", "http://127.0.0.1:9/v1", "--no-key")
    assert shell(*add, "--server", url).code == 0
    again = shell(*add, "--server", url)
    assert again.code == 2
    assert "already" in again.err
    assert shell(*add, "--force", "--server", url).code == 0
    rows = shell("connections", "list", "--json", "--server", url).json["connections"]
    assert [row["name"] for row in rows] == ["mine"]
    assert shell("connections", "check", "mine:m", "--json", "--server", url).json["verdict"] == "unreachable"
    assert shell("connections", "remove", "mine", "--server", url).code == 0
    assert shell("templates", "add", "riddle", "--prompt", "A riddle about {topic}.", "--server", url).code == 0
    (shell.folder / "next.yaml").write_text("prompt: Two riddles about {topic}.\n", "utf-8")
    assert shell("templates", "edit", "riddle", "next.yaml", "--json", "--server", url).json["version"] == 2
    assert "Two riddles" in shell("templates", "show", "riddle", "--server", url).out
    assert shell("templates", "remove", "riddle", "--server", url).code == 0
    assert shell("projects", "list", "--json", "--server", url).code == 0


def test_a_server_and_a_workspace_exclude_each_other(shell, url):
    ended = shell("runs", "list", "--server", url, "--workspace", "here")
    assert ended.code == 2
    assert "exclude" in ended.err


def test_datasets_are_worked_on_at_a_server(shell, url, place):
    lines = ["text,label"] + [f"Ann wrote letter {n} to Bob in May.,{'ab'[n % 2]}" for n in range(20)]
    (shell.folder / "mail.csv").write_text("\n".join([*lines, lines[-1], ""]), "utf-8")
    assert shell("datasets", "import", "mail.csv", "--name", "mail", "--server", url).code == 0
    plan = ("--transform", "uppercase=0.5", "--mode", "new", "--seed", "3")
    made = shell("augment", "mail", *plan, "--into", "loud", "-o", "loud.csv", "--json", "--server", url)
    assert made.code == 0, made.err
    assert (made.json["dataset"], made.json["records"], len(shell.rows("loud.csv"))) == ("loud", 11, 11)
    (shell.folder / "plan.yaml").write_text("mode: new\ntransforms: [lowercase]\n", "utf-8")
    assert shell("augment", "mail", "--plan", "plan.yaml", "--server", url).code == 0
    looks = [
        shell("augment", "mail", "-t", "uppercase", "-t", "add_typo", "--preview", "2", "--json", *where).json["items"]
        for where in (("--server", url), ("--workspace", str(place)))
    ]
    assert looks[0] == looks[1]
    assert [one["transform"] for one in looks[0]] == ["uppercase"] * 2 + ["add_typo"] * 2
    assert looks[0][0]["after"]["text"] == "ANN WROTE LETTER 0 TO BOB IN MAY."
    (shell.folder / "names.json").write_text('{"PER": ["Ann", "Bob"]}', "utf-8")
    filled = shell(
        *("fill", "{PER} came.", "--lexicon", "names.json", "--per-template", "2", "--into", "came"),
        *("--json", "--server", url),
    )
    assert (filled.code, filled.json["records"]) == (0, 2), filled.err
    told = shell("report", "mail", "--only", "balance,duplicates", "--html", "mail.html", "--json", "--server", url)
    assert (told.code, told.json["records"]) == (0, 21), told.err
    assert "<html" in (shell.folder / "mail.html").read_text("utf-8")
    assert "mail: 21 records" in shell("report", "mail", "--only", "balance", "--server", url).out
    clean = shell("dedup", "mail", "--into", "clean", "--near", "1", "-o", "clean.csv", "--json", "--server", url)
    assert (clean.code, len(shell.rows("clean.csv"))) == (0, 20), clean.err
    here = shell("dedup", "mail", "-o", "same.csv", "--near", "1", "--json", "--workspace", str(place))
    named = {"dataset": "clean", "output": clean.json["output"], "examples": clean.json["examples"]}
    assert {**here.json, **named} == clean.json
    again = shell("dedup", "mail", "--into", "again", "--near", "1", "--server", url)
    assert "Wrote 20 of 21 records to the dataset again of the server." in again.err
    parts = shell("datasets", "split", "clean", "3/1", "--json", "--server", url).json["datasets"]
    assert [*parts] == ["clean-train", "clean-test"]
    assert sum(parts.values()) == 20
    same = shell("augment", "mail", *plan, "-o", "same.csv", "--force", "--json", "--workspace", str(place))
    assert {name: made.json[name] for name in same.json if name != "output"}.items() <= same.json.items()
    assert "There is no run or dataset `nothing`." in shell("report", "nothing", "--server", url).err


def test_declined_records_are_counted_at_a_server_as_here(shell, url, place):
    (shell.folder / "votes.csv").write_text("text,label\n" + "".join(f"vote {n},{n % 2}\n" for n in range(9)), "utf-8")
    assert shell("datasets", "import", "votes.csv", "--name", "votes", "--server", url).code == 0
    (gone, *_) = shell("review", "list", "votes", "--json", "--server", url).json["items"]
    assert shell("review", "decide", "votes", "declined", gone["id"], "--server", url).code == 0
    at, here = ("--json", "--server", url), ("--json", "--workspace", str(place))
    assert shell("datasets", "show", "votes", *at).json == shell("datasets", "show", "votes", *here).json
    assert shell("datasets", "list", *at).json == shell("datasets", "list", *here).json
    far = seedbed.connect(url).read("votes")
    assert len(far) == len(list(far)) == 8


def test_many_records_and_spans_are_changed_at_a_server(shell, url):
    (shell.folder / "wishes.csv").write_text("text,label\n" + "".join(f"Ann {n},{n % 2}\n" for n in range(9)), "utf-8")
    assert shell("datasets", "import", "wishes.csv", "--name", "wishes", "--server", url).code == 0
    many = ("--set-label", "one", "--add-tag", "odd", "--json", "--server", url)
    assert shell("review", "change", "wishes", "--all", "--label", "1", *many).json == {"changed": 4}
    (first, *_) = shell("review", "list", "wishes", "--tag", "odd", "--json", "--server", url).json["items"]
    assert first["values"]["label"] == "one"
    assert shell("review", "change", "wishes", first["id"], "--add-tag", "x", "--json", "--server", url).json == {
        "changed": 1
    }
    marked = shell("review", "edit", "wishes", first["id"], "--add-span", "0:3:PERSON", "--json", "--server", url)
    assert [one["label"] for one in marked.json["items"][0]["spans"]] == ["PERSON"]


def test_projects_are_kept_at_a_server_as_here(shell, url, place):
    at, here = ("--server", url), ("--workspace", str(place))
    assert shell("projects", "add", "Sea side", *at).out.strip() == "sea-side"
    again = shell("projects", "add", "Sea side", "--id", "sea-side", *at)
    assert (again.code, "already" in again.err) == (2, True)
    assert shell("projects", "edit", "sea-side", "--title", "Sea", *at).err.strip() == "sea-side is called Sea."
    assert shell("projects", "edit", "sea-side", "--description", "Waves", *here).code == 0
    (row,) = (one for one in shell("projects", "list", "--json", *at).json["projects"] if one["id"] == "sea-side")
    assert (row["title"], row["description"]) == ("Sea", "Waves")
    seedbed.connect(url).wire.send("POST", "/users", {"name": "ann", "password": "correct horse battery"})
    members = shell("projects", "members", "sea-side", "--set", "ann=editor", "--json", *at).json
    assert members == shell("projects", "members", "sea-side", "--json", *here).json
    assert members["members"] == [{"user": "ann", "role": "editor"}]
    assert shell("projects", "members", "sea-side", "--remove", "ann", "--json", *at).json["members"] == []
    add = ("connections", "add", "tide", "--provider", "openai", "--no-key", "--project", "sea-side")
    assert shell(*add, *at).code == 0
    assert shell(*add, "--project", "default", "--force", *here).code == 0
    assert seedbed.connect(url).wire.get("/connections/tide")["projects"] == ["default", "sea-side"]
    assert shell("connections", "remove", "tide", *here).code == 0
    log = [(one["who"], one["action"]) for one in seedbed.connect(url).wire.get("/audit")["items"][:3]]
    assert log == [
        ("command line", "connection removed"),
        ("command line", "connection changed"),
        ("you", "connection added"),
    ]
    assert shell("connections", "add", "x", "--provider", "openai", "--no-key", "--project", "no", *here).code == 2
    assert shell("projects", "remove", "sea-side", *at).code == 0
    assert "There is no project" in shell("projects", "edit", "sea-side", "--title", "x", *at).err


def test_doubted_labels_are_flagged_and_accepted_at_a_server(shell, url, place):
    rows = [f'"{one["text"]}",{one["label"]}' for one in notes(120)]
    (shell.folder / "meals.csv").write_text("\n".join(["text,label", *rows, ""]), "utf-8")
    assert shell("datasets", "import", "meals.csv", "--name", "meals", "--server", url).code == 0
    found = shell("labels", "suspects", "meals", "--flag", "--json", "--server", url)
    assert found.code == 0, found.err
    assert found.json["flagged"] > 0
    here = shell("labels", "suspects", "meals", "--flag", "--json", "--workspace", str(place))
    same = {"decided", "flagged"}  # what is flagged already is not flagged again
    assert {**found.json, **dict.fromkeys(same)} == {**here.json, **dict.fromkeys(same)}
    assert seedbed.connect(url, project="default").label_suspects("meals")["records"] == found.json["records"]
    fixed = shell("labels", "fix", "meals", "--accept", "all", "--json", "--server", url)
    assert fixed.code == 0, fixed.err
    assert fixed.json["changed"] == found.json["flagged"]
    counts = shell("review", "counts", "meals", "--json", "--server", url).json
    assert "flagged" not in counts["decision"]


def test_a_sample_is_judged_at_a_server_and_gone_on_with(shell, url):
    (shell.folder / "words.csv").write_text("text,label\n" + "".join(f"word {n},{n % 2}\n" for n in range(9)), "utf-8")
    assert shell("datasets", "import", "words.csv", "--name", "words", "--server", url).code == 0
    command = ("spot-check", "words", "-n", "4", "--by", "label", "--server", url)
    first = shell(*command, "--json", stdin="r\nw\nu\nr\nq\n")
    assert first.code == 0, first.err
    assert (first.json["judged"], first.json["wrong"], first.json["sample"]) == (2, 0, 4)
    assert set(first.json["strata"]) == {"0", "1"}
    rest = shell(*command, stdin="n\nnot a word\nr\n")
    assert rest.code == 0, rest.err
    assert "2 of 4 records to judge as" in rest.err
    assert "1 of    4 judged: 25.0% wrong" in rest.out
    told = shell(*command, "--status", "--json").json
    assert (told["judged"], told["wrong"], told["dataset"]) == (4, 1, "words")


@pytest.mark.parametrize(
    ("command", "said"),
    [
        (("spot-check", "x", "--judge", "ann"), "--judge does nothing at a server."),
        (("augment", "x", "--transform", "uppercase", "--workers", "2"), "--workers does nothing at a server."),
        (("fill", "{A} b.", "--propose", "2"), "--propose does nothing at a server."),
        (("report", "x", "y"), "a second dataset does nothing at a server."),
        (("labels", "suspects", "x", "-o", "q.csv"), "--output does nothing at a server."),
        (("labels", "fix", "x", "--queue", "q.csv"), "--queue does nothing at a server."),
        (("dedup", "x", "--removed", "r.csv"), "--removed does nothing at a server."),
        (("report", "here.csv"), "is a file, and a server works on its datasets"),
    ],
)
def test_what_makes_no_sense_at_a_server_is_told_in_a_sentence(shell, url, command, said):
    (shell.folder / "here.csv").write_text("text\na\n", "utf-8")
    ended = shell(*command, "--server", url)
    assert ended.code == 2
    assert said in ended.err


def test_versions_of_datasets_are_kept_and_datasets_moved_and_removed_at_a_server(url, shell):
    (shell.folder / "in.csv").write_text("text,label\ngood,yes\nbad,no\n", encoding="utf-8")
    assert shell("datasets", "import", "in.csv", "--name", "kept-far", "--server", url).code == 0
    kept = shell("datasets", "keep", "kept-far", "--note", "first", "--json", "--server", url)
    assert (kept.json["number"], kept.json["records"]) == (1, 2)
    assert "kept-far@1" in shell("datasets", "versions", "kept-far", "--server", url).out
    assert shell("export", "kept-far@1", "-o", "then.csv", "--json", "--server", url).json["records"] == 2
    assert len(shell.rows("then.csv")) == 2
    assert shell("datasets", "forget", "kept-far@1", "--server", url).code == 0
    assert shell("datasets", "forget", "kept-far@1", "--server", url).code == 2
    assert "There is no project `none`" in shell("datasets", "move", "kept-far", "none", "--server", url).err
    assert shell("datasets", "move", "kept-far", "default", "--server", url).code == 0
    assert shell("datasets", "remove", "kept-far", "--yes", "--server", url).code == 0
    assert shell("datasets", "show", "kept-far", "--server", url).code == 2


def test_the_workspace_as_a_whole_is_kept_at_a_server_as_here(shell, url, place):
    at, here = ("--server", url), ("--workspace", str(place))
    both = [("--json", *at), ("--json", *here)]
    (shell.folder / "tide.csv").write_text("text,label\nThe tide is high.,a\nThe tide is low.,b\n", "utf-8")
    assert shell("datasets", "import", "tide.csv", "--name", "tide", *at).code == 0

    set_there = shell("settings", "set", "--retention-days", "90", "--json", *at)
    assert set_there.json == {"retention_days": 90, "private_addresses": False}
    assert shell("settings", "set", "--retention-days", "none", "--private-addresses", *here).code == 0
    shown = [shell("settings", "show", *one).json for one in both]
    assert shown == [{"retention_days": None, "private_addresses": True}] * 2
    assert shell("settings", "set", "--no-private-addresses", *at).out.endswith("not lead to private addresses.\n")
    for wrong in ("0", "many", "-1", "99999999"):
        assert shell("settings", "set", "--retention-days", wrong, *at).code == 2, wrong
    assert "What is to be set?" in shell("settings", "set", *at).err

    assert shell("review", "change", "tide", "--all", "--add-tag", "wet", *at).code == 0
    assert (
        shell("review", "tags", "tide", "--rename", "wet=damp", *at).err
        == "2 records with the tag wet have damp now.\n"
    )
    assert [shell("review", "tags", "tide", *one).json for one in both] == [{"tags": {"damp": 2}}] * 2
    assert shell("review", "tags", "tide", "--remove", "damp", *here).err.startswith("2 records had the tag damp.")
    assert shell("review", "tags", "tide", "--rename", "synthetic=x", *at).code == 2

    found = [shell("search", "tide", "low", *one).json["found"] for one in both]
    assert found[0][0]["text"] == "The tide is low."
    assert [[(one["kind"], one["id"]) for one in some] for some in found] == [[("record", "tide-1:1.0")]] * 2
    assert shell("search", "tide", *here).out.startswith("dataset   tide")
    assert "Nothing has all of this in it" in shell("search", "xylophone", *at).err
    assert "There is no project `nope`" in shell("search", "tide", "--project", "nope", *here).err

    logs = [shell("audit", "--limit", "3", *one).json["audit"] for one in both]
    assert logs[0] == logs[1]
    assert [(one["who"], one["action"]) for one in logs[0]] == [
        ("you", "setting changed"),
        ("command line", "setting changed"),
        ("command line", "setting changed"),
    ]
    assert "setting changed" in shell("audit", *at).out


def test_saved_filters_are_the_same_here_at_a_server_and_in_the_studio(shell, url, place):
    at, here = ("--server", url), ("--workspace", str(place))
    both = [("--json", *at), ("--json", *here)]
    (shell.folder / "sky.csv").write_text("text,label\nA blue sky.,a\nA grey sky.,b\nA blue sea.,a\n", "utf-8")
    assert shell("datasets", "import", "sky.csv", "--name", "sky", *here).code == 0
    saved = shell("review", "list", "sky", "--words", "blue", "--save-view", "blue ones", *at)
    assert saved.err == "Saved: seedbed review list sky --view 'blue ones'\n"
    assert shell("review", "list", "sky", "--label", "b", "--last", "--save-view", "greys", *here).code == 0
    wire = seedbed.connect(url).wire
    assert [one["name"] for one in wire.get("/views", dataset="sky")["items"]] == ["blue ones", "greys"]
    views = [shell("review", "views", "sky", *one).json["views"] for one in both]
    assert views[0] == views[1]
    assert [one["where"] for one in views[0]] == [{"q": "blue"}, {"label": "b"}]
    assert shell("review", "views", "sky", *here).out.split("\n")[0].split() == ["blue", "ones", "words", "blue"]

    body = {"dataset": "sky", "name": "from the studio", "where": {"q": "sea", "doubted": False}}
    wire.send("POST", "/views", body)
    for one in both:
        shown = shell("review", "list", "sky", "--view", "from the studio", *one).json["items"]
        assert [item["values"]["text"] for item in shown] == ["A blue sea."]
        narrowed = shell("review", "list", "sky", "--view", "blue ones", "--words", "sky", *one).json["items"]
        assert len(narrowed) == 2, "what is said on the command line holds"
    assert shell("review", "decide", "sky", "approved", "--all", "--view", "blue ones", *at).code == 0
    assert shell("review", "change", "sky", "--all", "--view", "greys", "--add-tag", "dull", *here).code == 0
    assert shell("review", "counts", "sky", "--json", *at).json["tag"] == {"dull": 1}
    assert shell("tasks", "create", "sky", "--view", "from the studio", "--json", *here).json["created"] == 1
    assert shell("tasks", "create", "sky", "--json", *at).json == {"created": 1, "tasks": 2, "sources": {"imported": 1}}
    for one in both:
        assert len(shell("tasks", "list", "sky", "--view", "from the studio", *one).json["items"]) == 1
        written = shell("tasks", "export", "sky", "--view", "from the studio", "-o", "s.csv", "--force", *one)
        assert written.json["records"] == 1, written.err
    assert shell("tasks", "set", "sky", "--all", "--view", "from the studio", "--state", "done", *at).code == 0
    assert shell("tasks", "list", "sky", "--state", "done", "--json", *here).json["items"][0]["work"] == "done"

    assert "A view is a dataset's" in shell("tasks", "list", "--view", "greys", *here).err
    assert "Did you mean `greys`?" in shell("review", "list", "sky", "--view", "grey", *at).err
    assert shell("review", "list", "sky", "--save-view", " ", *here).code == 2
    for one in both:
        gone = shell(
            "review", "views", "sky", "--remove", shell("review", "views", "sky", *one).json["views"][0]["name"], *one
        )
        assert gone.code == 0, gone.err
    assert [one["name"] for one in wire.get("/views", dataset="sky")["items"]] == ["from the studio"]


def test_recipes_jobs_and_reports_of_the_studio_are_on_the_command_line_here_and_at_a_server(shell, url, place):
    at, here = ("--server", url), ("--workspace", str(place))
    both = [("--json", *at), ("--json", *here)]
    text = (
        "# mine\nname: notes\nmodel: scripted\n"
        "generator: {kind: classification, instruction: a note, labels: [a, b], count: 4}\n"
    )
    (shell.folder / "notes.yaml").write_text(text, "utf-8")
    assert shell("recipes", "save", "notes.yaml", *at).err.startswith("Saved the recipe notes, version 1.")
    for where in (at, here):
        assert "--force" in shell("recipes", "save", "notes.yaml", *where).err
    assert shell("recipes", "save", "notes.yaml", "--name", "other", "--project", "nope", *here).code == 2
    assert [shell("recipes", "save", "notes.yaml", "--force", *one).json["version"] for one in both] == [2, 3]
    assert shell("recipes", "show", "notes", *here).out == text
    assert shell("recipes", "show", "notes", *at).out == text
    rows = [shell("recipes", "list", *one).json["recipes"] for one in both]
    assert rows[0] == rows[1]
    assert ("notes", 4) in [(row["name"], row["count"]) for row in rows[0]]
    asked = [shell("estimate", "notes", "--count", "9", *one).json["records"] for one in both]
    assert asked == [9, 9], "a saved recipe is named as a file is"
    assert shell("generate", "notes", "-o", "notes.csv", *at).code == 0
    assert len(shell.rows("notes.csv")) == 4
    assert "Did you mean `notes`?" in shell("generate", "note", *here).err

    wrong = shell("reports", "show", "report-99", *here)
    assert (wrong.code, "There is no report `report-99`." in wrong.err) == (2, True)
    kept = shell("report", "notes-1", "--only", "balance", "--json", *at).json["report"]
    reports = [shell("reports", "list", "--dataset", "notes-1", *one).json["reports"] for one in both]
    assert reports[0] == reports[1]
    assert [one["id"] for one in reports[0]] == [kept]
    figures = [shell("reports", "show", kept, *one).json for one in both]
    assert figures[0] == figures[1]
    assert figures[0]["records"] == 4
    pages = []
    for where in (at, here):
        assert shell("reports", "show", kept, "--html", "page.html", *where).code == 0
        pages.append((shell.folder / "page.html").read_text("utf-8"))
    assert pages[0] == pages[1]

    jobs = [shell("jobs", "list", "--dataset", "notes-1", *one).json["jobs"] for one in both]
    assert jobs[0] == jobs[1]
    assert [(one["kind"], one["state"]) for one in jobs[0]] == [("report", "done")]
    (job,) = jobs[0]
    assert [shell("jobs", "show", job["id"], *one).json for one in both] == [job, job]
    for where in (at, here):
        assert shell("jobs", "cancel", job["id"], *where).err == f"{job['id']} had ended before: it is done.\n"
        assert shell("jobs", "cancel", "job-0", *where).code == 2
        assert shell("jobs", "list", "--state", "finished", *where).code == 2
    with Workspace(place) as opened:
        left = opened.store.jobs.add(Job("", "report", "notes-1", "default", {}))
        with opened.store.jobs.claim(left.id):  # so that the server leaves it alone
            assert shell("jobs", "cancel", left.id, *here).err == f"{left.id} is cancelled.\n"
    assert shell("recipes", "remove", "notes", *at).code == 0
    assert shell("recipes", "show", "notes", *here).code == 2


def test_people_and_tokens_are_kept_at_a_server_as_here(shell, url, place):
    at, here = ("--server", url), ("--workspace", str(place))
    both = [("--json", *at), ("--json", *here)]
    assert (
        shell("users", "add", "olga", "--owner", *at, stdin="correct horse battery\n").err == "Added olga, an owner.\n"
    )
    assert shell("users", "add", "bo", *here, stdin="correct horse battery\n").err == "Added bo.\n"
    assert shell("users", "password", "bo", *at, stdin="battery horse correct\n").code == 0
    people = [shell("users", "list", *one).json["users"] for one in both]
    assert people[0] == people[1]
    assert {"olga", "bo"} <= {one["name"] for one in people[0]}
    made = shell("tokens", "add", "ci", "--scope", "edit", "--days", "3", *both[0]).json
    assert made["token"].endswith(made["last4"])
    tokens = [shell("tokens", "list", *one).json["tokens"] for one in both]
    assert tokens[0] == tokens[1]
    assert {name: value for name, value in made.items() if name != "token"} in tokens[0]
    assert "--user" in shell("tokens", "add", "ci", "--user", "bo", *at).err
    assert shell("tokens", "remove", made["id"], *at).err == "Removed the token ci.\n"
    assert shell("users", "remove", "bo", *at).err == "Removed bo.\n"
    assert shell("users", "remove", "bo", *at).code == 2
