"""The library where somebody sits before it: it can be stopped, leaves nothing open, and finds a recipe's files."""

from __future__ import annotations

import asyncio
import json
import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

import seedbed
from seedbed.testing.server import Settings, running_server

RECIPE = {
    "name": "replies",
    "model": "scripted",
    "generator": {"kind": "prompt", "prompt": "Write one review.", "count": 7},
}

SESSION = """
import asyncio, json, sys, threading
import seedbed
from seedbed.app.workspace import Workspace

def cell():
    try:
        seedbed.generate(json.loads(sys.argv[1]), output="out.csv")
    except KeyboardInterrupt:
        with Workspace() as place:
            run = place.store.run("replies-1")
            held = place.store.is_claimed(run.id)
        alive = [thread.name for thread in threading.enumerate() if thread.name == "seedbed-generate"]
        print(json.dumps({"state": run.state, "held": held, "alive": alive}), flush=True)

async def notebook():
    cell()

# A kernel runs cells in its loop and leaves Ctrl-C as Python has it, unlike asyncio.run.
asyncio.new_event_loop().run_until_complete(notebook()) if sys.argv[2] == "notebook" else cell()
"""


@pytest.fixture(autouse=True)
def _own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("SEEDBED_WORKSPACE", raising=False)


@pytest.mark.parametrize("place", ["notebook", "script"])
def test_ctrl_c_ends_the_run_and_not_only_the_waiting_for_it(place: str, tmp_path: Path) -> None:
    with running_server(Settings(latency=0.1)) as server:
        connections = {"local": {"provider": "openai", "base_url": server.url, "concurrency": 2}}
        generator = {**RECIPE["generator"], "count": 2000}  # type: ignore[dict-item]
        document = json.dumps({**RECIPE, "model": "local:m", "connections": connections, "generator": generator})
        command = [sys.executable, "-W", "ignore", "-c", SESSION, document, place]
        with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
            while server.stats()["answered"] < 6:  # two at a time, so some have been taken in
                assert process.poll() is None, process.communicate()
                time.sleep(0.02)
            process.send_signal(signal.SIGINT)
            out, err = process.communicate(timeout=60)
    assert json.loads(out) == {"state": "interrupted", "held": False, "alive": []}, err
    assert len(list(seedbed.read("out.csv"))) >= 1


def test_nothing_stays_open() -> None:
    def opened() -> list[str]:
        return [file.path for file in psutil.Process().open_files() if file.path.startswith(str(Path.cwd()))]

    dataset = seedbed.generate(RECIPE)
    assert opened() == []
    assert len(list(dataset)) == 7
    assert next(iter(dataset)).text
    assert opened() == []
    asyncio.run(seedbed.agenerate(RECIPE))
    with pytest.raises(seedbed.InputError):
        seedbed.generate(RECIPE, resume="nobody-1")
    assert opened() == []


def in_a_folder() -> Path:
    """A recipe file with an input file beside it."""
    folder = Path("deep")
    folder.mkdir()
    (folder / "have.csv").write_text("text\nan old one\n", "utf-8")
    into = {"into": {"dataset": "have.csv", "top_up": True}}
    (folder / "recipe.json").write_text(json.dumps({**RECIPE, **into}), "utf-8")
    return folder / "recipe.json"


def test_a_loaded_recipe_is_a_recipe_and_knows_where_its_files_are(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    recipe = seedbed.Recipe.load(in_a_folder())
    assert isinstance(recipe, seedbed.Recipe)
    assert isinstance(seedbed.Recipe.of(RECIPE), seedbed.Recipe)
    monkeypatch.chdir("/")
    for given in (recipe, recipe.model_copy(update={"seed": 3})):
        assert len(seedbed.generate(given, workspace=tmp_path / "workspace", new=True)) == 6


def test_what_is_given_to_a_loaded_recipe_leaves_its_files_where_they_are(tmp_path: Path) -> None:
    recipe = seedbed.Recipe.load(in_a_folder())
    assert len(seedbed.generate(recipe, temperature=0.5)) == 6
    assert seedbed.Recipe.of(RECIPE).folder == tmp_path
