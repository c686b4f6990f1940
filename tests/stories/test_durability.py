"""Kill it at any moment, start it again: nothing accepted is lost and hardly an answer is paid twice."""

from __future__ import annotations

import json
import random
import signal
import sqlite3
import time

from killed import kill_often
from seedbed.testing.server import Settings, running_server


def test_kill_nine_at_random_moments_loses_and_doubles_nothing(shell, recipe_on):
    rng = random.Random(5)
    with running_server(Settings()) as server:
        command = ("generate", shell.recipe(recipe_on(server.url, 600, concurrency=16)), "-o", "out.csv", "--json")
        lost = kill_often(shell, server, [rng.uniform(0.02, 0.3) for _ in range(6)], *command)
        ended = shell(*command)
        stats = server.stats()
    assert ended.code == 0, ended.err
    figures = ended.json
    assert figures["accepted"] == 600
    assert len({row["text"] for row in shell.rows("out.csv")}) == 600
    # A call that was in flight at a kill, or answered in the few milliseconds before, may be asked for again.
    assert stats["answered"] - figures["calls"] == lost, "no answer that was on disk is paid twice"
    assert stats["answered_twice"] <= lost
    with sqlite3.connect(shell.folder / ".seedbed" / "seedbed.db") as database:
        asked = [row[0] for row in database.execute("SELECT frozen FROM calls WHERE frozen IS NOT NULL")]
    seeds = [(tuple(frozen["cell"].values()), frozen["seed"]) for frozen in map(json.loads, asked)]
    assert len(set(seeds)) == len(seeds) >= 600, "no two attempts of a cell draw alike, also not after a kill"


def test_ctrl_c_takes_in_what_is_in_flight_and_says_how_to_go_on(shell, recipe_on):
    with running_server(Settings(latency=0.3)) as server:
        recipe = shell.recipe(recipe_on(server.url, 500, concurrency=8))
        process = shell.start("generate", recipe, "-o", "out.csv")
        while server.stats()["answered"] < 8:
            time.sleep(0.05)
        process.send_signal(signal.SIGINT)
        _, err = process.communicate(timeout=60)
        stats = server.stats()
        assert process.returncode == 130
        assert "Go on from here with: seedbed runs resume replies-1" in err
        assert "Traceback" not in err
        assert len(shell.rows("out.csv")) == stats["answered"] == stats["requests"]
        more = shell("generate", recipe, "--count", "500", "-o", "out.csv", "--set", "budget.calls=50", "--json")
    assert more.code == 3
    assert more.json["run"] == "replies-1"


def test_two_processes_cannot_drive_one_run(shell, recipe_on):
    with running_server(Settings(latency=0.2)) as server:
        recipe = shell.recipe(recipe_on(server.url, 400, concurrency=4))
        first = shell.start("generate", recipe, "-o", "out.csv")
        while server.stats()["answered"] < 4:
            time.sleep(0.05)
        second = shell("generate", recipe, "-o", "out.csv")
        shown = shell("runs", "show", "replies-1", "--json")
        exported = shell("export", "replies-1", "-o", "so-far.csv", "--where", "label=polite")
        first.kill()
        first.communicate()
    assert second.code == 2
    assert "driven by another process" in second.err
    assert shown.json["state"] == "running"
    assert exported.code == 0
    assert {row["label"] for row in shell.rows("so-far.csv")} <= {"polite"}
    assert shell("runs", "show", "replies-1", "--json").json["state"] == "interrupted"


def test_a_changed_unfinished_recipe_must_say_which_way(shell, recipe_on):
    with running_server(Settings()) as server:
        document = recipe_on(server.url, 30, budget={"calls": 10})
        assert shell("generate", shell.recipe(document), "-o", "out.csv").code == 3
        document["generator"]["instruction"] = "one angry letter"
        changed = shell("generate", shell.recipe(document), "-o", "out.csv")
        assert changed.code == 2
        assert "generator.instruction" in changed.err
        assert "one angry letter" in changed.err
        assert "--new" in changed.err
        assert "--resume replies-1" in changed.err
        del document["budget"]
        resumed = shell("generate", shell.recipe(document), "-o", "out.csv", "--resume", "replies-1", "--json")
        assert resumed.code == 0, resumed.err
        assert resumed.json["accepted"] == 30
        assert resumed.json["run"] == "replies-1"
        fresh = shell("generate", shell.recipe(document), "-o", "other.csv", "--new", "--json")
    assert fresh.json["run"] == "replies-2"


def test_an_open_attempt_is_replayed_from_its_stored_answers(shell, recipe_on):
    """The budget gives out between writing a text and checking it: the text is not paid for again."""
    with running_server(Settings(logprobs=False, choice="A")) as server:
        document = recipe_on(server.url, 3, concurrency=1, checks=["label_agreement"], budget={"calls": 1})
        document["generator"] |= {"labels": ["only", "other"], "categories": {}, "ratios": {"label": {"other": 0}}}
        document["connections"]["local"]["logprobs"] = True
        first = shell("generate", shell.recipe(document), "-o", "out.csv", "--json")
        assert first.code == 3
        assert first.json["attempts"] == 0
        document["budget"] = {"calls": 100}
        second = shell("generate", shell.recipe(document), "-o", "out.csv", "--json")
        assert second.code == 0, second.err
        assert server.stats()["requests"] == second.json["calls"] == 6
