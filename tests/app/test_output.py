"""The output file: nobody else's is overwritten, an input never, and how it was asked for is remembered."""

from __future__ import annotations

import json

import pytest

from seedbed.app.output import Output
from seedbed.core.record import Record
from seedbed.testing.server import Settings, running_server

DOCUMENT = {
    "name": "replies",
    "model": "scripted",
    "generator": {"kind": "classification", "instruction": "one reply", "count": 12, "labels": ["polite", "neutral"]},
}

MEANWHILE = """
from pathlib import Path
import shutil
import seedbed

def happens(kind):
    if kind == "file":
        Path("out.csv").write_text("mine")
    elif Path("out").exists():
        shutil.rmtree("out")

@seedbed.generator("meanwhile")
class Meanwhile(seedbed.Generator):
    event: str

    async def generate(self, context):
        happens(self.event)
        return [seedbed.Record({"text": (await context.complete("Write.")).text})]
"""


def meanwhile(shell, event, **fields):
    """A run during which something happens to its output."""
    (shell.folder / "mine.py").write_text(MEANWHILE)
    generator = {"kind": "meanwhile", "event": event, "count": 6}
    return shell.recipe({"name": "busy", "model": "scripted", "generator": generator, **fields})


INPUTS = {
    "topped up": {"into": {"dataset": "have.csv", "top_up": True}},
    "known": {"into": {"dataset": "have.csv"}},
    "against": {"checks": [{"kind": "near_duplicate", "against": ["have.csv"]}]},
}


@pytest.mark.parametrize("fields", INPUTS.values(), ids=INPUTS)
def test_an_input_is_never_the_output(shell, fields):
    have = shell.folder / "have.csv"
    have.write_text("text,label\nan old one,polite\n")
    (shell.folder / "link.csv").symlink_to("have.csv")
    recipe = shell.recipe(DOCUMENT | fields)
    for output in ("have.csv", "./have.csv", "link.csv"):
        ended = shell("generate", recipe, "-o", output, "--force")
        assert ended.code == 2, ended.err
        assert "is an input of the recipe" in ended.err
    assert have.read_text() == "text,label\nan old one,polite\n"
    assert shell("runs", "list", "--json").json == {"runs": []}
    assert shell("generate", recipe, "-o", "new.csv").code == 0
    again = shell("generate", recipe, "-o", "have.csv", "--force")
    assert again.code == 2, "a complete run does not write there either"
    assert have.read_text() == "text,label\nan old one,polite\n"


def test_a_file_that_appears_meanwhile_is_left_alone(shell):
    recipe = meanwhile(shell, "file")
    ended = shell("generate", recipe, "-o", "out.csv", "--plugin", "mine.py", "--json")
    assert ended.code == 1, ended.err
    assert (ended.json["state"], ended.json["accepted"], ended.json["output"]) == ("complete", 6, None)
    assert "out.csv exists" in ended.err
    assert "seedbed export busy-1 -o FILE" in ended.err
    assert shell("export", "busy-1", "-o", "else.csv").code == 0
    assert len(shell.rows("else.csv")) == 6
    again = shell("generate", recipe, "-o", "out.csv", "--plugin", "mine.py")
    assert again.code == 2
    assert "--force" in again.err
    assert (shell.folder / "out.csv").read_text() == "mine"
    forced = shell("generate", recipe, "-o", "out.csv", "--plugin", "mine.py", "--force", "--json")
    assert forced.code == 0
    assert len(shell.rows("out.csv")) == 6


def test_with_force_it_is_overwritten(shell):
    ended = shell("generate", meanwhile(shell, "file"), "-o", "out.csv", "--plugin", "mine.py", "--force", "--json")
    assert ended.code == 0
    assert ended.json["output"] == str(shell.folder / "out.csv")
    assert len(shell.rows("out.csv")) == 6


def test_what_was_not_written_by_the_run_is_not_its_own_when_it_goes_on(shell):
    command = ["generate", meanwhile(shell, "file", budget={"calls": 2}), "-o", "out.csv", "--plugin", "mine.py"]
    assert shell(*command, "--concurrency", "1").code == 3
    refused = shell(*command)
    assert refused.code == 2
    assert "out.csv exists" in refused.err
    assert (shell.folder / "out.csv").read_text() == "mine"


def test_a_run_replaces_its_own_output_but_not_what_became_of_it(shell):
    first = shell("generate", shell.recipe(DOCUMENT | {"budget": {"calls": 5}}), "-o", "out.csv", "--concurrency", "1")
    assert first.code == 3
    with (shell.folder / "out.csv").open("a") as file:
        file.write("written by hand,polite,me\n")
    recipe = shell.recipe(DOCUMENT)
    assert shell("generate", recipe, "-o", "out.csv").code == 2
    assert "written by hand" in (shell.folder / "out.csv").read_text()
    assert shell("generate", recipe, "-o", "out.csv", "--force").code == 0
    assert len(shell.rows("out.csv")) == 12
    with (shell.folder / "out.csv").open("a") as file:
        file.write("written by hand,polite,me\n")
    assert shell("generate", recipe, "-o", "out.csv").code == 0, "a complete run has nothing to write"
    assert "written by hand" in (shell.folder / "out.csv").read_text()


def test_an_output_that_cannot_be_written_loses_nothing(shell):
    (shell.folder / "out").mkdir()
    recipe = meanwhile(shell, "folder")
    ended = shell("generate", recipe, "-o", "out/busy.csv", "--plugin", "mine.py", "--json")
    assert ended.code == 1
    assert (ended.json["state"], ended.json["accepted"], ended.json["output"]) == ("complete", 6, None)
    assert "The output was not written" in ended.err
    assert "seedbed export busy-1 -o FILE" in ended.err
    assert shell("runs", "show", "busy-1", "--json").json["state"] == "complete"
    (shell.folder / "out").mkdir()
    again = shell("generate", recipe, "-o", "out/busy.csv", "--plugin", "mine.py")
    assert again.code == 0
    assert len(shell.rows("out/busy.csv")) == 6


# How it was asked for


def columns(shell):
    return list(shell.rows("out.csv")[0])


PLAIN = ["text", "label", "model"]
FULL = [*PLAIN, "id", "state", "tags", "origin"]


def test_a_run_that_goes_on_writes_its_output_as_before(shell):
    recipe = shell.recipe(DOCUMENT | {"budget": {"calls": 5}})
    options = ["-o", "out.csv", "--with-origin", "--csv-safe", "--concurrency", "1"]
    assert shell("generate", recipe, *options).code == 3
    assert shell("runs", "resume", "replies-1").code == 3
    assert columns(shell) == FULL
    ended = shell("generate", shell.recipe(DOCUMENT), "-o", "out.csv")
    assert ended.code == 0, ended.err
    assert columns(shell) == FULL
    assert len(shell.rows("out.csv")) == 12


def test_a_complete_run_writes_its_output_anew_when_it_is_asked_for_otherwise(shell):
    with running_server(Settings()) as server:
        document = DOCUMENT | {
            "model": "local:m",
            "connections": {"local": {"provider": "openai", "base_url": server.url}},
        }
        command = ["generate", shell.recipe(document), "-o", "out.csv"]
        assert shell(*command).code == 0
        calls = server.stats()["requests"]
        assert columns(shell) == PLAIN
        assert shell(*command, "--with-origin").code == 0
        assert columns(shell) == FULL
        (shell.folder / "out.csv").unlink()
        assert shell(*command).code == 0
        assert columns(shell) == FULL
        assert shell("runs", "resume", "replies-1", "--no-with-origin").code == 0
        assert columns(shell) == PLAIN
        assert server.stats()["requests"] == calls


def test_cells_are_made_safe_afterwards(shell):
    (shell.folder / "sum.py").write_text(
        "import seedbed\n"
        "@seedbed.generator('sums')\n"
        "class Sums(seedbed.Generator):\n"
        "    async def generate(self, context):\n"
        "        return [seedbed.Record({'text': f'=1+{context.attempt.number}'})]\n"
    )
    generator = {"kind": "sums", "count": 3}
    recipe = shell.recipe({"name": "sums", "model": "scripted", "generator": generator, "near_duplicate": "off"})
    command = ["generate", recipe, "-o", "out.csv", "--plugin", "sum.py"]
    assert shell(*command).code == 0
    assert all(row["text"].startswith("=1+") for row in shell.rows("out.csv"))
    assert shell(*command, "--csv-safe").code == 0
    assert all(row["text"].startswith("'=1+") for row in shell.rows("out.csv"))


# Two at once


def test_several_processes_with_one_new_recipe_make_one_run(shell):
    """What is there takes a while to count: all of them look for the run before any could have made it."""
    have = shell.folder / "have.csv"
    have.write_text("text,label\n" + "".join(f"old text {n},polite\n" for n in range(60_000)))
    with running_server(Settings(latency=0.1)) as server:
        document = DOCUMENT | {
            "model": "local:m",
            "connections": {"local": {"provider": "openai", "base_url": server.url, "concurrency": 1}},
            "into": {"dataset": "have.csv", "top_up": True},
            "near_duplicate": "off",
        }
        recipe = shell.recipe(document)
        processes = [shell.start("generate", recipe, "--json") for _ in range(3)]
        ends = [process.communicate() for process in processes]
        figures = [json.loads(out) for out, _ in ends]
        made = [found["calls"] for found in figures if found.get("state") == "complete"]
        assert made
        assert set(made) == {server.stats()["requests"]}
    for process, (_, err) in zip(processes, ends, strict=True):
        assert process.returncode == 0 or "driven by another process" in err, err
    assert [run["run"] for run in shell("runs", "list", "--json").json["runs"]] == ["replies-1"]


def test_the_output_of_a_recipe_is_wrong_at_its_line(shell):
    for output, problem in (("nowhere/out.csv", "does not exist"), ("out.doc", "out.doc")):
        fields = (
            "name: wrong",
            "model: scripted",
            f"output: {output}",
            "generator: {kind: prompt, prompt: p, count: 2}",
        )
        (shell.folder / "wrong.yaml").write_text("\n".join(fields))
        refused = shell("generate", "wrong.yaml")
        assert refused.code == 2
        assert "wrong.yaml, line 3: output: " in refused.err
        assert problem in refused.err


def test_a_complete_run_needs_no_key(shell):
    document = DOCUMENT | {"model": "s:any", "connections": {"s": {"provider": "scripted", "key_env": "SEEDBED_T_KEY"}}}
    recipe = shell.recipe(document)
    assert shell("generate", recipe, SEEDBED_T_KEY="k-123456789").code == 0
    again = shell("generate", recipe, "-o", "again.csv")
    assert again.code == 0, again.err
    assert shell.rows("again.csv")


def test_a_key_as_provider_is_not_shown(shell):
    refused = shell("generate", shell.recipe(DOCUMENT | {"connections": {"s": {"provider": "sk-AbCdEf0123456789xyz"}}}))
    assert refused.code == 2
    assert "connections.s.provider: must be the name of a provider" in refused.err
    assert "AbCdEf" not in refused.err


def test_an_optional_field_of_the_users_never_shows_ours(shell):
    path = shell.folder / "x.jsonl"
    records = [Record({"text": "a", "state": "Ohio"}, id="r:1"), Record({"text": "b"}, id="r:2")]
    for with_origin in (False, True):
        output = Output(path, True, with_origin=with_origin)
        assert output.put(records, ["text", "state"], force=True) == 2
        rows = [json.loads(line) for line in path.read_text().splitlines()]
        assert [row["state"] for row in rows] == ["Ohio", None]
        assert [row.get("record_state") for row in rows] == ["accepted" if with_origin else None] * 2
