"""`--json`: exactly one object, alone on stdout, however the command ends."""

from __future__ import annotations

import json
import os
import signal
import time

from seedbed.testing.server import Settings, running_server

DOCUMENT = {
    "name": "replies",
    "model": "scripted",
    "generator": {"kind": "classification", "instruction": "one reply", "count": 6, "labels": ["polite", "neutral"]},
}
KEYS = {
    *("run", "state", "asked", "accepted", "attempts", "surplus", "rejected", "failed", "calls", "tokens", "cost"),
    *("seconds", "models", "cells", "duplicates", "output"),
}

STUBBORN = """
import asyncio
import os
import signal
import sys
import seedbed
from seedbed.providers.catalog import providers
from seedbed.providers.scripted import Scripted

def say(word):
    print(word, file=sys.stderr, flush=True)

async def forever(word):
    say(word)
    await asyncio.Event().wait()

@providers.register("fetching")
class Fetching(Scripted):
    async def prepare(self, model, progress, announce):
        await forever("fetching")

@providers.register("clinging")
class Clinging(Scripted):
    async def complete(self, request):
        await forever("asked")

    async def aclose(self):
        await forever("closing")

def held():
    "Waits until the test lets go; the test knows by then that we are here."
    with open("gate") as gate:
        gate.read()

@seedbed.generator("slow_to_begin")
class SlowToBegin(seedbed.Generator):
    def quota_axes(self):
        try:
            asyncio.get_running_loop()
        except RuntimeError:
            return []
        if os.path.exists("gate"):
            held()
        return []

    async def generate(self, context):
        return [seedbed.Record({"text": (await context.complete("Write.")).text})]

@seedbed.generator("slow_to_write")
class SlowToWrite(SlowToBegin):
    def quota_axes(self):
        return []

    async def generate(self, context):
        if context.attempt.number == 3:
            held()
        return await super().generate(context)

@seedbed.generator("deadly")
class Deadly(SlowToWrite):
    async def generate(self, context):
        if context.attempt.number == 3:
            os.kill(os.getpid(), signal.SIGKILL)
        return await SlowToBegin.generate(self, context)
"""


def stubborn(shell, **fields):
    """The command that runs a recipe with one of the parts above."""
    (shell.folder / "stubborn.py").write_text(STUBBORN)
    recipe = shell.recipe(DOCUMENT | fields)
    return ["generate", recipe, "-o", "out.csv", "--plugin", "stubborn.py", "--concurrency", "1"]


def until(process, word):
    """Reads what the process says up to a word."""
    for line in process.stderr:
        if word in line:
            return
    raise AssertionError(f"it ended without {word!r}")


def at_the_gate(shell, arguments):
    """The process, as soon as it waits at the gate, and the gate: closing it lets the process go on."""
    os.mkfifo(shell.folder / "gate")
    process = shell.start(*arguments)
    while True:
        try:
            return process, os.open(shell.folder / "gate", os.O_WRONLY | os.O_NONBLOCK)
        except OSError:  # nobody reads there yet
            assert process.poll() is None, process.communicate()
            time.sleep(0.02)


def assert_interrupted(shell, process):
    out, err = process.communicate(timeout=60)
    assert process.returncode == 130, err
    assert "Traceback" not in err
    assert "seedbed runs resume replies-1" in err
    figures = json.loads(out)
    assert set(figures) >= KEYS
    assert figures["state"] == "interrupted"
    assert shell("runs", "show", "replies-1", "--json").json["state"] == "interrupted"
    return figures


def test_interrupted_while_a_model_is_fetched(shell):
    process = shell.start(*stubborn(shell, model="far:m", connections={"far": {"provider": "fetching"}}), "--json")
    until(process, "fetching")
    process.send_signal(signal.SIGINT)
    assert assert_interrupted(shell, process)["asked"] == 6


def test_interrupted_while_the_run_is_put_together(shell):
    arguments = stubborn(shell, generator={"kind": "slow_to_begin", "count": 6})
    process, gate = at_the_gate(shell, [*arguments, "--json"])
    process.send_signal(signal.SIGINT)
    (shell.folder / "gate").unlink()
    os.close(gate)
    assert assert_interrupted(shell, process)["asked"] == 6
    assert shell(*arguments, "--json").json["accepted"] == 6


def test_interrupted_three_times(shell):
    process = shell.start(*stubborn(shell, model="far:m", connections={"far": {"provider": "clinging"}}), "--json")
    for word in ("asked", "Stopping", "closing"):
        until(process, word)
        process.send_signal(signal.SIGINT)
    figures = assert_interrupted(shell, process)
    assert (figures["asked"], figures["accepted"]) == (6, 0)
    assert figures["output"] == str(shell.folder / "out.csv")


def refused(ended, code=2):
    assert ended.code == code, ended.err
    assert set(ended.json) == {"state", "error", "hint"}
    assert ended.json["error"] in ended.err
    return ended.json["state"] == {1: "failed", 2: "refused"}[code]


def test_bad_input_is_an_object_too(shell):
    recipe = shell.recipe(DOCUMENT)
    wrong = shell.recipe(DOCUMENT | {"nam": "x"}, "wrong.yaml")
    for arguments in (
        ["generate", "nothing.yaml"],
        ["generate", wrong],
        ["generate", recipe, "-o", "out.doc"],
        ["generate", recipe, "--new", "--resume", "replies-1"],
        ["preview", wrong],
        ["estimate", wrong],
        ["runs", "show", "nobody-1"],
        ["runs", "resume", "nobody-1"],
        ["datasets", "show", "nothing"],
        ["export", "nothing", "-o", "out.csv"],
        ["connections", "check", "nowhere:m"],
        ["models", "path", "nothing"],
    ):
        assert refused(shell(*arguments, "--json")), arguments


def test_a_preview_of_a_model_that_does_not_answer_is_an_object_too(shell):
    with running_server(Settings(key="right")) as server:
        document = DOCUMENT | {
            "model": "local:m",
            "connections": {"local": {"provider": "openai", "base_url": server.url}},
        }
        assert refused(shell("preview", shell.recipe(document), "--json"), code=1)


def test_lists_are_objects(shell):
    recipe = shell.recipe(DOCUMENT)
    assert shell("generate", recipe).code == 0
    assert shell("connections", "add", "mine", "--provider", "ollama").code == 0
    for arguments, name in (
        (["runs", "list"], "runs"),
        (["datasets", "list"], "datasets"),
        (["connections", "list"], "connections"),
        (["models", "list"], "models"),
        (["preview", recipe, "-n", "2"], "attempts"),
    ):
        found = shell(*arguments, "--json").json
        assert list(found) == [name]
        assert found[name]
        assert all(isinstance(one, dict) for one in found[name])
    assert shell("runs", "list", "--json", "--workspace", "new").json == {"runs": []}


def test_a_run_that_has_only_begun_is_shown_whole(shell):
    process, gate = at_the_gate(shell, stubborn(shell, generator={"kind": "slow_to_write", "count": 6}))
    shown, table = shell("runs", "show", "replies-1", "--json"), shell("runs", "show", "replies-1")
    (shell.folder / "gate").unlink()
    os.close(gate)
    process.communicate(timeout=60)
    assert process.returncode == 0
    assert set(shown.json) >= KEYS
    assert (shown.json["state"], shown.json["asked"]) == ("running", 6)
    assert table.code == 0, table.err
    assert "Running" in table.out


def test_a_run_that_died_at_once_is_shown_as_the_store_has_it(shell):
    arguments = stubborn(shell, generator={"kind": "deadly", "count": 6})
    assert shell(*arguments).code == -signal.SIGKILL
    shown = shell("runs", "show", "replies-1", "--json").json
    assert set(shown) >= KEYS
    assert (shown["state"], shown["asked"], shown["output"]) == ("interrupted", 6, None)
    assert shell("export", "replies-1", "-o", "kept.csv").code == 0
    assert shown["accepted"] == len(shell.rows("kept.csv"))
    [listed] = shell("runs", "list", "--json").json["runs"]
    assert (listed["accepted"], listed["asked"]) == (shown["accepted"], 6)
