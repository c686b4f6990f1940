"""Recipes that are asked in batches: exact, at half the price, and nothing is handed over twice."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sqlite3
import subprocess
import time
from typing import Any

import pytest

import seedbed
from conftest import SEEDBED
from seedbed.app.models import Access, ModelDoor, own
from seedbed.app.workspace import Workspace
from seedbed.core.chat import Completion, Message, Request
from seedbed.core.connection import Batching, Connection
from seedbed.providers.model_part import ModelFileSettings
from seedbed.testing.server import FakeServer, Settings, running_server

KEY = "sk-batch-1234567890"
LABELS = {"polite": 12, "neutral": 11, "rude": 7}
BATCH = {"size": 20, "slices": 2, "wait": 0.1, "poll": 0.05}
MODELS = {"openai": "gpt-4o-mini", "anthropic": "claude-haiku-4-5"}


def document(server: FakeServer, provider: str, **fields: Any) -> dict[str, Any]:
    """A recipe of thirty records, twelve of them polite."""
    connection = {"provider": provider, "base_url": server.url, "key_env": "BATCH_KEY", "batch": BATCH, "retries": 2}
    return {
        "name": "replies",
        "model": f"far:{MODELS[provider]}",
        "connections": {"far": connection},
        "generator": {
            "kind": "classification",
            "instruction": "one reply of a shop",
            "count": sum(LABELS.values()),
            "labels": list(LABELS),
            "ratios": {"label": LABELS},
        },
        **fields,
    }


@pytest.fixture(autouse=True)
def _key(monkeypatch):
    monkeypatch.setenv("BATCH_KEY", KEY)


def made(server: FakeServer, provider: str, folder: Any, **fields: Any) -> seedbed.Dataset:
    return seedbed.generate(document(server, provider, **fields), batch=True, workspace=folder / "workspace")


def exact(dataset: seedbed.Dataset) -> None:
    figures = dataset.figures
    assert figures["state"] == "complete", figures
    assert {cell["cell"]["label"]: cell["accepted"] for cell in figures["cells"]} == LABELS
    assert len({record.text for record in dataset}) == 30
    ends = sum(figures["rejected"].values()) + sum(figures["failed"].values()) + figures["surplus"]
    assert figures["attempts"] == figures["accepted"] + ends


@pytest.mark.parametrize("provider", MODELS)
def test_a_run_in_batches_is_exact_and_asks_nothing_else(tmp_path, provider):
    with running_server(Settings(key=KEY, repeat_rate=0.2)) as server:
        dataset = made(server, provider, tmp_path)
        stats = server.stats()
    exact(dataset)
    assert stats["requests"] == 0
    assert stats["batch_requests"] == stats["batch_answered"] == dataset.figures["calls"]
    assert stats["batches"] <= 8


@pytest.mark.parametrize("provider", MODELS)
def test_what_expired_or_failed_is_asked_again(tmp_path, provider):
    faults = Settings(key=KEY, batch_failed=1, batch_expired=2, batch_error_share=0.1)
    with running_server(faults) as server:
        dataset = made(server, provider, tmp_path)
        stats = server.stats()
    exact(dataset)
    assert stats["batch_answered"] < stats["batch_requests"] <= dataset.figures["calls"]


def test_what_a_server_does_not_take_is_left_out_in_the_next_batch(tmp_path):
    schema = {"type": "object", "properties": {"text": {"type": "string"}}, "required": ["text"]}
    question = Request("far:m", (Message(role="user", content="A reply, as JSON."),), schema=schema)

    async def story(url: str) -> Completion:
        connection = Connection(provider="openai", base_url=url, batch=Batching(**BATCH))
        files = own(ModelFileSettings(cache=tmp_path))
        door = ModelDoor({"far": Access(connection, KEY)}, ["far:m"], lend=files, batched={"far"})
        try:
            return await door.complete(question)
        finally:
            await door.aclose()

    with running_server(Settings(key=KEY, json_schema=False)) as server:
        answer = asyncio.run(story(server.url))
        stats = server.stats()
    assert (answer.tries, answer.structured) == (2, False)
    assert (stats["batches"], stats["batch_answered"]) == (2, 1)


def test_a_batch_that_is_gone_is_asked_again(shell):
    with running_server(Settings(key=KEY, batch_delay=3600)) as server:
        (shell.folder / "recipe.json").write_text(json.dumps(document(server, "openai", batch=True)))
        process = started(shell, "generate", "recipe.json")
        until(lambda: handed_over(shell) == 30)
        process.kill()
        process.communicate()
        server.reset()
        make_over(server)
        ended = shell("generate", "recipe.json", "--json")
    assert ended.code == 0, ended.err
    assert ended.json["accepted"] == 30


def test_a_batch_costs_half(tmp_path):
    with running_server(Settings(key=KEY)) as server:
        whole = seedbed.generate(document(server, "openai"), workspace=tmp_path / "whole")
        half = made(server, "openai", tmp_path)
    for dataset, share in ((whole, 1), (half, 0.5)):
        tokens = dataset.figures["tokens"]
        cost = (tokens["input"] * 0.15 + tokens["output"] * 0.6) / 1e6 * share
        assert dataset.figures["cost"] == pytest.approx(cost, abs=2e-6)


def test_a_budget_counts_half_prices_and_takes_in_what_was_handed_over(tmp_path):
    prices = {"far:gpt-4o-mini": {"input": 0.0, "output": 1000.0}}
    with running_server(Settings(key=KEY)) as server:
        dataset = made(server, "openai", tmp_path, prices=prices, budget={"cost": 0.2}, max_tokens=100)
        stats = server.stats()
    figures = dataset.figures
    assert figures["state"] == "budget"
    assert figures["cost"] == pytest.approx(figures["tokens"]["output"] * 0.0005)
    assert stats["batch_answered"] == figures["calls"] > 0
    assert figures["cost"] < 0.25


def test_the_estimate_is_half_too(shell, tmp_path):
    with running_server(Settings(key=KEY)) as server:
        (shell.folder / "recipe.json").write_text(json.dumps(document(server, "openai")))
        whole = shell("estimate", "recipe.json", "--json").json
        half = shell("estimate", "recipe.json", "--batch", "--json").json
        assert server.stats()["batches"] == 0
    assert half["cost"] == pytest.approx(whole["cost"] / 2, rel=0.01)
    assert any("half" in line for line in half["assumptions"])


def test_a_wrong_key_ends_the_run_with_a_sentence(shell):
    with running_server(Settings(key="sk-another-key-12")) as server:
        (shell.folder / "recipe.json").write_text(json.dumps(document(server, "openai")))
        ended = shell("generate", "recipe.json", "--batch")
        assert server.stats()["batches"] == 0
    assert ended.code == 1
    assert "does not accept the key" in ended.err
    assert KEY not in ended.err + ended.out


def test_an_address_without_batches_says_so(shell):
    with running_server(Settings(key=KEY, batches=False)) as server:
        (shell.folder / "recipe.json").write_text(json.dumps(document(server, "openai")))
        ended = shell("generate", "recipe.json", "--batch")
    assert ended.code == 1
    assert "has no batches" in ended.err


def test_a_provider_without_batches_is_refused_before_anything_is_asked(shell):
    generator = {"kind": "classification", "instruction": "one reply", "count": 3, "labels": ["a", "b"]}
    (shell.folder / "recipe.json").write_text(json.dumps({"name": "x", "model": "scripted", "generator": generator}))
    ended = shell("generate", "recipe.json", "--batch")
    assert ended.code == 2
    assert "OpenAI and Anthropic have batches" in ended.err


@pytest.mark.parametrize("provider", MODELS)
def test_a_killed_run_fetches_its_batches_and_hands_nothing_over_twice(shell, provider):
    with running_server(Settings(key=KEY, batch_delay=3600)) as server:
        (shell.folder / "recipe.json").write_text(json.dumps(document(server, provider)))
        process = started(shell, "generate", "recipe.json", "--batch")
        until(lambda: handed_over(shell) == server.stats()["batch_requests"] == 30)
        process.send_signal(signal.SIGKILL)
        process.communicate()
        forget_a_name(shell)
        make_over(server)
        ended = shell("generate", "recipe.json", "--json")  # in batches, as it was begun
        stats = server.stats()
    assert ended.code == 0, ended.err
    figures = ended.json
    assert {cell["cell"]["label"]: cell["accepted"] for cell in figures["cells"]} == LABELS
    assert stats["batch_requests"] == stats["batch_answered"] == figures["calls"] >= 30
    assert "goes on in batches" in ended.err


def test_stopped_it_leaves_its_batches_and_cancelled_it_cancels_them(shell):
    with running_server(Settings(key=KEY, batch_delay=3600)) as server:
        (shell.folder / "recipe.json").write_text(json.dumps(document(server, "openai")))
        process = started(shell, "generate", "recipe.json", "--batch")
        until(lambda: handed_over(shell) == 30)
        process.send_signal(signal.SIGINT)
        _, err = process.communicate(timeout=60)
        assert process.returncode == 130
        assert "the next start fetches it" in err
        assert server.stats()["batches_cancelled"] == 0
        cancelled = shell("runs", "cancel", "replies-1")
        assert "Batches cancelled at the provider: 2." in cancelled.out + cancelled.err
        assert server.stats()["batches_cancelled"] == 2


def test_an_address_that_takes_no_batch_is_told_and_ctrl_c_does_not_wait_for_it(shell):
    with running_server(Settings(key=KEY)) as server:
        recipe = document(server, "openai")
    recipe["connections"]["far"]["retries"] = 20  # seven minutes
    (shell.folder / "recipe.json").write_text(json.dumps(recipe))
    process = started(shell, "generate", "recipe.json", "--batch")
    told = next(line for line in process.stderr if "tried again" in line)
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=25)
    assert "cannot be reached (connection refused). It is tried again in 3 s." in told
    assert process.returncode == 130


def started(shell, *arguments: str) -> subprocess.Popen[str]:
    environment = {**shell.environment, "BATCH_KEY": KEY, "PYTHONPATH": os.environ.get("PYTHONPATH", "")}
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
    return subprocess.Popen([*SEEDBED, *arguments], cwd=shell.folder, env=environment, **pipes)


def handed_over(shell) -> int:
    """How many requests of the run are in batches of which the store knows that they were handed over."""
    if not (shell.folder / ".seedbed" / "seedbed.db").exists():
        return 0
    with Workspace(shell.folder / ".seedbed") as place:
        run = place.store.run("replies-1")
        found = place.store.batches(run).waiting() if run else []
    return sum(len(batch.lines) for batch in found if batch.remote)


def forget_a_name(shell) -> None:
    """As if the process had died after handing the first batch over and before it had heard of its name."""
    with sqlite3.connect(shell.folder / ".seedbed" / "seedbed.db") as database:
        database.execute("UPDATE batches SET remote = '' WHERE number = 1")
    database.close()


def make_over(server: FakeServer) -> None:
    """From now on batches are over at once, also those that are there."""
    server.change(batch_delay=0)


def until(met) -> None:
    end = time.monotonic() + 60
    while not met():
        assert time.monotonic() < end
        time.sleep(0.05)
