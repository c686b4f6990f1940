"""Going on with a run: it needs nothing but its name, and what does not fit leaves it as it was."""

from __future__ import annotations

import json
import shlex

import pytest

from seedbed.app.workspace import Workspace
from seedbed.testing.server import Settings, running_server

LABELS = {
    "kind": "classification",
    "instruction": "one reply",
    "count": 12,
    "labels": ["polite", "neutral", "impolite"],
}
DOCUMENT = {"name": "replies", "model": "scripted", "generator": LABELS, "budget": {"calls": 5}}

ODD = """
import os
from pathlib import Path
import seedbed
from seedbed.providers.catalog import providers
from seedbed.providers.scripted import Scripted

@seedbed.check("healthy")
class Healthy(seedbed.Check):
    async def check(self, record, context, task):
        if context.attempt.number >= 3 and Path(__file__).with_name("ill").exists():
            raise ZeroDivisionError("oops")
        return seedbed.PASSED

@providers.register("absent")
class Absent(Scripted):
    async def prepare(self, model, progress, say):
        raise seedbed.ProviderError("unreachable", "No source has the model.", hint="Try later.")
"""


def stored(shell, run="replies-1", workspace=".seedbed"):
    """What the store has of a run, but for what every look at it changes."""
    with Workspace(shell.folder / workspace) as place:
        found = place.store.run(run)
    assert found is not None
    return {name: getattr(found, name) for name in found.__slots__ if name not in ("epoch", "updated")}


def runs(shell, *arguments):
    return shell("runs", "list", "--json", *arguments).json["runs"]


MISFITS = {
    "another label": {"generator": {**LABELS, "labels": ["good", "bad"]}},
    "fewer records": {"generator": {**LABELS, "count": 3}},
    "no such file": {"checks": [{"kind": "near_duplicate", "against": ["broken.jsonl"]}]},
    "no such model": {"model": "embedded:qwen9"},
}


@pytest.mark.parametrize("change", MISFITS.values(), ids=MISFITS)
def test_a_recipe_that_does_not_fit_leaves_the_run_as_it_was(shell, change):
    (shell.folder / "broken.jsonl").write_text('{"text": "fine"}\n{"text": \n')
    assert shell("generate", shell.recipe(DOCUMENT), "-o", "out.csv", "--concurrency", "1").code == 3
    before = stored(shell)
    refused = shell("generate", shell.recipe(DOCUMENT | change, "other.yaml"), "-o", "out.csv", "--resume", "replies-1")
    assert refused.code == 2, refused.err
    assert stored(shell) == before
    resumed = shell("runs", "resume", "replies-1", "--json")
    assert (resumed.code, resumed.json["accepted"]) == (3, 5)


@pytest.mark.parametrize("change", [MISFITS["no such file"], MISFITS["no such model"]])
def test_a_recipe_that_cannot_be_used_leaves_no_run_behind(shell, change):
    (shell.folder / "broken.jsonl").write_text('{"text": "fine"}\n{"text": \n')
    assert shell("generate", shell.recipe(DOCUMENT | change)).code == 2
    assert runs(shell) == []
    assert shell("generate", shell.recipe(DOCUMENT), "--json").json["run"] == "replies-1"


def test_a_resumed_run_has_the_columns_of_its_new_recipe(shell):
    assert shell("generate", shell.recipe(DOCUMENT), "-o", "out.csv", "--concurrency", "1").code == 3
    more = {**DOCUMENT, "generator": {**LABELS, "reasoning": True}, "budget": {}}
    ended = shell("generate", shell.recipe(more), "-o", "out.csv", "--resume", "replies-1", "--json")
    assert ended.code == 0, ended.err
    rows = shell.rows("out.csv")
    assert list(rows[0]) == ["text", "label", "reasoning", "model"]
    assert [bool(row["reasoning"]) for row in rows] == [False] * 5 + [True] * 7
    assert shell("export", "replies-1", "-o", "all.csv").code == 0
    assert shell.rows("all.csv") == rows


def topped_up(shell, **fields):
    rows = [f"old text number {n} of its kind,polite" for n in range(3)] + ["another one,neutral"]
    (shell.folder / "have.csv").write_text("\n".join(["text,label", *rows]))
    return DOCUMENT | {"into": {"dataset": "have.csv", "top_up": True}, "budget": {}} | fields


def only_the_missing(figures):
    wanted = {cell["cell"]["label"]: cell["wanted"] for cell in figures["cells"]}
    return figures["asked"] == 8 and wanted == {"polite": 1, "neutral": 3, "impolite": 4}


def test_a_failed_run_says_what_is_missing_without_what_is_there(shell):
    with running_server(Settings(key="right")) as server:
        connections = {"local": {"provider": "openai", "base_url": server.url}}
        document = topped_up(shell, model="local:m", connections=connections)
        ended = shell("generate", shell.recipe(document), "--json")
    assert (ended.code, ended.json["state"]) == (1, "failed")
    assert only_the_missing(ended.json)
    assert only_the_missing(shell("runs", "show", "replies-1", "--json").json)


def test_a_run_whose_model_cannot_be_had_says_so_too(shell):
    (shell.folder / "odd.py").write_text(ODD)
    document = topped_up(shell, model="far:m", connections={"far": {"provider": "absent"}})
    ended = shell("generate", shell.recipe(document), "--plugin", "odd.py", "--json")
    assert (ended.code, ended.json["state"]) == (1, "failed")
    assert only_the_missing(ended.json)
    assert "No source has the model." in ended.err
    assert only_the_missing(shell("runs", "show", "replies-1", "--json").json)


def elaborate(shell):
    """A recipe in a folder of its own, with a connection, an input file and a plugin."""
    deep = shell.folder / "deep"
    deep.mkdir()
    (deep / "old.csv").write_text("text\nan old text\n")
    (deep / "odd.py").write_text(ODD)
    (deep / "ill").touch()
    document = DOCUMENT | {
        "model": "mine:m",
        "connections": {"mine": {"provider": "scripted"}},
        "checks": ["healthy", {"kind": "near_duplicate", "against": ["old.csv"]}],
        "budget": {},
    }
    (deep / "recipe.json").write_text(json.dumps(document))
    return ["deep/recipe.json", "--plugin", "deep/odd.py", "--concurrency", "1", "--workspace", "my work"]


@pytest.mark.parametrize("form", [[], ["--json"]], ids=["table", "json"])
def test_how_to_go_on_is_a_command_that_needs_nothing_else(shell, form):
    arguments = elaborate(shell)
    options = ["-o", "out.csv", "--with-origin", "--new", *form]
    assert shell("generate", *arguments).code == 1
    ended = shell("generate", *arguments, *options)
    assert ended.code == 1, ended.err
    assert "same command" not in ended.err
    start = "Go on from here with: seedbed "
    [said] = [line.removeprefix(start) for line in ended.err.splitlines() if line.startswith(start)]
    assert said.startswith("runs resume replies-2 ")
    (shell.folder / "deep" / "ill").unlink()
    shell.folder /= "deep"
    resumed = shell(*shlex.split(said), "--json")
    assert resumed.code == 0, resumed.err
    assert (resumed.json["run"], resumed.json["accepted"]) == ("replies-2", 12)
    shell.folder = shell.folder.parent
    assert "origin" in shell.rows("out.csv")[0]


def test_a_plugin_that_has_moved_can_be_named_anew(shell):
    arguments = elaborate(shell)
    assert shell("generate", *arguments).code == 1
    (shell.folder / "deep" / "odd.py").rename(shell.folder / "moved.py")
    resume = ["runs", "resume", "replies-1", "--workspace", "my work"]
    lost = shell(*resume)
    assert lost.code == 2
    assert "odd.py" in lost.err
    assert shell(*resume, "--plugin", "moved.py").code == 0
    again = shell("generate", *arguments[:1], "--plugin", "moved.py", "--workspace", "my work", "--json")
    assert again.json["state"] == "complete"


def test_a_run_that_goes_on_says_so_and_one_that_is_complete_does_not(shell):
    ended = shell("generate", shell.recipe(DOCUMENT), "-o", "out.csv", "--concurrency", "1")
    assert ended.err.splitlines()[-1] == "Go on from here with: seedbed runs resume replies-1"
    ended = shell("generate", shell.recipe(DOCUMENT | {"budget": {}}), "-o", "out.csv")
    assert ended.code == 0
    assert "resume" not in ended.err
