"""A run is paused or cancelled from elsewhere, whoever drives it."""

from __future__ import annotations

import time

import pytest

from seedbed.testing.server import Settings, running_server


@pytest.mark.parametrize(("wish", "state"), [("pause", "paused"), ("cancel", "cancelled")])
def test_a_run_heeds_what_another_process_wishes(shell, recipe_on, wish, state):
    with running_server(Settings(latency=0.05)) as server:
        shell.recipe(recipe_on(server.url, 300, concurrency=4))
        with shell.start("generate", "recipe.yaml", "-o", "out.csv") as process:
            try:
                while not server.stats()["answered"]:
                    assert process.poll() is None
                    time.sleep(0.02)
                assert shell("runs", wish, "replies-1").code == 0
                _, words = process.communicate(timeout=60)
            finally:
                process.kill()
        assert process.returncode == 130, words
        assert server.stats()["abandoned"] == 0, "what was in flight was taken in"
        shown = shell("runs", "show", "replies-1", "--json").json
        assert (shown["state"], shown["calls"]) == (state, server.stats()["requests"])
        server.change(latency=0)
        done = shell("runs", "resume", "replies-1", "--json")
        assert (done.code, done.json["accepted"]) == (0, 300)
        assert server.stats()["answered_twice"] == 0


def test_a_run_that_nobody_drives_is_marked(shell):
    document = {
        "name": "notes",
        "model": "scripted",
        "generator": {"kind": "prompt", "prompt": "Write a note.", "count": 5},
        "budget": {"calls": 2},
    }
    assert shell("generate", shell.recipe(document), "-o", "out.csv").code == 3
    assert "cancelled now" in shell("runs", "cancel", "notes-1").err
    assert shell("runs", "show", "notes-1", "--json").json["state"] == "cancelled"
    assert shell("runs", "pause", "none-1").code == 2
    nowhere = shell("runs", "cancel", "none-1", "--workspace", "elsewhere")
    assert (nowhere.code, nowhere.err.splitlines()[1]) == (2, "There are none yet.")
