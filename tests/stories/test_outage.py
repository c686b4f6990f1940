"""A server that answered and is out of order for a while: the run waits, says so, and loses nothing."""

from __future__ import annotations

import json
import signal
import time
from contextlib import contextmanager
from typing import Any

import pytest

from seedbed.testing.server import Settings, running_server

ILL = {"error_share": 1.0}
WELL = {"error_share": 0.0}


def until(ready: Any) -> None:
    deadline = time.monotonic() + 60
    while not ready():
        assert time.monotonic() < deadline
        time.sleep(0.02)


@contextmanager
def fallen_ill(shell, document, server, *options):
    """The command as it runs; the server is out of order since twenty were answered, and the run knows it."""
    shell.recipe(document)
    with shell.start("generate", "recipe.yaml", "-o", "out.csv", *options) as process:
        try:
            until(lambda: server.stats()["answered"] >= 20 or process.poll() is not None)
            server.change(**ILL)
            until(lambda: server.stats()["errors"] >= 4 or process.poll() is not None)
            yield process
        finally:
            process.kill()


@pytest.mark.parametrize("concurrency", [1, 32])
def test_the_run_waits_until_the_server_is_back_and_loses_nothing(shell, recipe_on, concurrency):
    with running_server(Settings(latency=0.02)) as server:
        count, retries = (120, 1) if concurrency > 1 else (48, 4)
        document = recipe_on(server.url, count, concurrency=concurrency)
        document["connections"]["local"]["retries"] = retries
        with fallen_ill(shell, document, server, "--json") as process:
            time.sleep(0.7)
            server.change(**WELL)
            out, words = process.communicate(timeout=60)
        assert process.returncode == 0, words
        figures = json.loads(out)
        assert (figures["accepted"], figures["failed"]) == (count, {})
        assert "waiting" not in figures
        assert figures["calls"] == server.stats()["requests"]
        assert server.stats()["errors"] <= 3 * concurrency + 6, "it is hardly asked meanwhile"


def test_who_looks_on_is_told_and_ctrl_c_ends_the_wait_at_once(shell, recipe_on):
    with running_server(Settings(latency=0.02)) as server:
        document = recipe_on(server.url, 120, concurrency=8)
        with fallen_ill(shell, document, server) as process:
            until(lambda: "local has been out of order for" in shell("runs", "show", "replies-1").out)
            shown = shell("runs", "show", "replies-1", "--json").json
            assert shown["state"] == "running"
            assert "HTTP 500" in shown["waiting"][0]
            assert "for 10 minutes more" in shown["waiting"][0]
            start = time.monotonic()
            process.send_signal(signal.SIGINT)
            _, words = process.communicate(timeout=60)
        assert process.returncode == 130, words
        assert time.monotonic() - start < 5
        left = shell("runs", "show", "replies-1", "--json").json
        assert (left["state"], left["failed"], left.get("waiting")) == ("interrupted", {}, None)
        server.change(**WELL)
        ended = shell("generate", "recipe.yaml", "-o", "out.csv", "--json")
        assert (ended.code, ended.json["accepted"], ended.json["failed"]) == (0, 120, {})
        assert ended.json["calls"] == server.stats()["requests"]


def test_the_runs_minutes_are_over_while_it_waits(shell, recipe_on):
    with running_server(Settings(latency=0.02)) as server:
        document = recipe_on(server.url, 120, concurrency=8, budget={"minutes": 0.03})
        with fallen_ill(shell, document, server, "--json") as process:
            out, words = process.communicate(timeout=60)
    assert process.returncode == 3, words
    assert (json.loads(out)["state"], json.loads(out)["failed"]) == ("budget", {})


def test_other_connections_go_on_meanwhile(shell, recipe_on):
    with running_server(Settings(latency=0.02)) as ill, running_server(Settings(latency=0.02)) as well:
        document = recipe_on(ill.url, 300, concurrency=4, model={"local:fake": 1, "other:fake": 1})
        document["connections"]["other"] = {"provider": "openai", "base_url": well.url, "concurrency": 4}
        with fallen_ill(shell, document, ill, "--json") as process:
            until(lambda: well.stats()["answered"] >= 100 or process.poll() is not None)
            assert ill.stats()["answered"] < 60
            ill.change(**WELL)
            out, words = process.communicate(timeout=60)
    assert process.returncode == 0, words
    assert (json.loads(out)["accepted"], json.loads(out)["failed"]) == (300, {})


def test_with_little_patience_the_run_ends_and_the_same_command_goes_on(shell, recipe_on):
    with running_server(Settings(latency=0.02)) as server:
        added = ("mine", "--provider", "openai", "--base-url", server.url, "--no-key")
        wrong = shell("connections", "add", *added, "--patience", "ages")
        assert (wrong.code, "--patience" in wrong.err, '"10m"' in wrong.err) == (2, True, True)
        assert shell("connections", "add", *added, "--patience", "0.8s").code == 0
        document = recipe_on(server.url, 120, model="mine:fake")
        del document["connections"]
        with fallen_ill(shell, document, server, "--json") as process:
            out, words = process.communicate(timeout=60)
        assert process.returncode == 1, words
        assert (json.loads(out)["state"], json.loads(out)["failed"]) == ("failed", {})
        assert "HTTP 500" in words
        assert "the same command goes on" in words
        server.change(**WELL)
        ended = shell("generate", "recipe.yaml", "-o", "out.csv", "--json")
        assert (ended.code, ended.json["accepted"]) == (0, 120)


def test_a_preview_does_not_wait(shell, recipe_on):
    with running_server(Settings(models=("fake",))) as server:
        server.change(**ILL)
        shell.recipe(recipe_on(server.url))
        ended = shell("preview", "recipe.yaml")
    assert ended.code == 1
    assert "HTTP 500" in ended.err
