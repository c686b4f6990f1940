"""Texts that say the same in other words: refused, flagged or scored, offline or by an endpoint; none paid twice."""

from __future__ import annotations

import json
import random
import signal
import sqlite3
import sys
import time
from typing import Any

import pytest

from killed import kill_often
from seedbed.testing.server import Settings, running_server

SAME = [
    ("Your parcel leaves our store tomorrow.", "Tomorrow, your parcel leaves our store."),
    ("The hotel room was dirty and loud at night.", "At night the room in the hotel was loud and dirty."),
    ("I would like to cancel my monthly subscription.", "My monthly subscription: I would like to cancel it."),
]
OTHERS = ["Whales sing under cold northern ice.", "Please send the invoice to the accounting department."]
TEXTS = (SAME[0][0], SAME[0][1], SAME[1][0], OTHERS[0], SAME[1][1], SAME[2][0], SAME[2][1], OTHERS[1])
FIRST = [SAME[0][0], SAME[1][0], OTHERS[0], SAME[2][0], OTHERS[1]]
"""What stays of `TEXTS`."""

BY_ENDPOINT = {"kind": "semantic_duplicate", "model": "local:vectors"}


def recipe_of(url: str, *checks: Any, count: int = len(FIRST), **fields: Any) -> dict[str, Any]:
    return {
        "name": "texts",
        "model": "local:writer",
        "connections": {"local": {"provider": "openai", "base_url": url, "concurrency": 1}},
        "generator": {"kind": "prompt", "prompt": "Write one text.", "count": count},
        "checks": list(checks),
        **fields,
    }


def records(shell: Any, run: str = "texts-1") -> list[dict[str, Any]]:
    """The records of a run with their origin."""
    ended = shell("export", run, "-o", "all.jsonl", "--force")
    assert ended.code == 0, ended.err
    return [json.loads(line) for line in (shell.folder / "all.jsonl").read_text("utf-8").splitlines()]


def asked_of(server: Any, model: str) -> int:
    return int(server.stats()["by_model"].get(model, 0))


def embedded(server: Any) -> list[str]:
    """The texts whose vectors were asked for, in order."""
    return [seen["body"]["input"][0] for seen in server.requests() if seen["path"] == "/embeddings"]


@pytest.mark.parametrize("check", ["semantic_duplicate", BY_ENDPOINT], ids=["offline", "endpoint"])
def test_what_means_the_same_is_refused_and_every_cell_is_full(shell, check):
    with running_server(Settings(answers=TEXTS)) as server:
        ended = shell("generate", shell.recipe(recipe_of(server.url, check)), "--json")
    with running_server(Settings(answers=TEXTS)) as server:
        plain = shell("generate", shell.recipe(recipe_of(server.url, name="plain")), "--json")
    assert (ended.code, ended.json["state"]) == (0, "complete"), ended.err
    assert [record["text"] for record in records(shell)] == FIRST
    figures = ended.json
    assert figures["rejected"]["semantic_duplicate"] == figures["duplicates"]["semantic"] == 3
    assert figures["attempts"] == figures["accepted"] + sum(figures["rejected"].values()) + figures["surplus"] >= 8
    assert plain.json["duplicates"]["semantic"] == 0, "off unless it is asked for"
    assert [record["text"] for record in records(shell, "plain-1")] == list(TEXTS[:5])
    shown = shell("runs", "show", "texts-1").out
    assert "semantic" in shown
    assert "semantic" not in shell("runs", "show", "plain-1").out


def test_an_endpoint_is_asked_for_each_text_once_and_not_for_cheaper_duplicates(shell):
    texts = (TEXTS[0], TEXTS[0], TEXTS[0].upper(), *TEXTS[1:])
    with running_server(Settings(answers=texts)) as server:
        ended = shell("generate", shell.recipe(recipe_of(server.url, BY_ENDPOINT)), "--json")
        asked = embedded(server)
        assert ended.json["calls"] == server.stats()["requests"]
    assert asked == list(TEXTS), "neither the copy nor the shouted one"
    assert ended.json["models"]["local:vectors"]["calls"] == len(TEXTS)
    assert ended.json["models"]["local:vectors"]["accepted"] == 0
    assert ended.json["duplicates"]["exact"] >= 1
    assert ended.json["duplicates"]["near"] == 1


def test_a_flagged_one_stays_and_says_what_it_is_like_and_a_scored_one_how_near(shell):
    checks = [{"kind": "semantic_duplicate", "mode": mode} for mode in ("flag", "score")]
    for check in checks:
        with running_server(Settings(answers=TEXTS)) as server:
            document = recipe_of(server.url, check, count=len(TEXTS), name=check["mode"])
            ended = shell("generate", shell.recipe(document), "-o", f"{check['mode']}.jsonl", "--with-origin", "--json")
        assert (ended.code, ended.json["accepted"]) == (0, len(TEXTS)), ended.err
    flagged, scored = (
        [json.loads(line) for line in (shell.folder / f"{mode}.jsonl").read_text("utf-8").splitlines()]
        for mode in ("flag", "score")
    )
    assert [row["text"] for row in flagged] == list(TEXTS)
    noted = [row["origin"]["checks"].get("semantic_duplicate") for row in flagged]
    assert [bool(note) for note in noted] == [text not in FIRST for text in TEXTS]
    assert noted[1].startswith("like 0.0 (0.")
    scores = [row["origin"]["checks"].get("semantic_duplicate") for row in scored]
    assert scores[0] is None
    assert all((score >= 0.8) == (text not in FIRST) for score, text in zip(scores[1:], TEXTS[1:], strict=True))
    assert scored[1]["origin"]["checks"]["semantic_duplicate_reason"] == "like 0.0"


def test_another_threshold(shell):
    document = recipe_of("", {"kind": "semantic_duplicate", "threshold": 1.0}, count=len(TEXTS))
    with running_server(Settings(answers=TEXTS)) as server:
        document["connections"]["local"]["base_url"] = server.url
        assert shell("generate", shell.recipe(document), "--json").json["accepted"] == len(TEXTS)
        document |= {"name": "low", "checks": [{"kind": "semantic_duplicate", "threshold": 0.01, "column": "text"}]}
        ended = shell("generate", shell.recipe(document | {"stop_rules": {"fruitless": 9}}), "--json")
    assert ended.code == 3
    assert ended.json["accepted"] < len(FIRST)


def test_several_records_of_one_call_are_compared_with_each_other(shell):
    reply = json.dumps([{"text": text} for text in TEXTS])
    document = recipe_of("", BY_ENDPOINT)
    document["generator"]["items_per_call"] = len(FIRST)
    with running_server(Settings(answers=(reply,), json_schema=False)) as server:
        document["connections"]["local"] |= {"base_url": server.url, "json_schema": False}
        ended = shell("generate", shell.recipe(document | {"stop_rules": {"fruitless": 30}}), "--json")
    kept = [record["text"] for record in records(shell)]
    assert len(kept) == len({*kept} & {*FIRST}), ended.json
    assert ended.json["duplicates"]["semantic"] > 0


def test_a_run_that_goes_on_pays_for_no_vector_again(shell):
    with running_server(Settings(answers=TEXTS)) as server:
        document = recipe_of(server.url, BY_ENDPOINT, budget={"calls": 7})
        first = shell("generate", shell.recipe(document), "--json")
        assert (first.code, first.json["state"], first.json["calls"]) == (3, "budget", 7)
        document["budget"] = {"calls": 100}
        second = shell("generate", shell.recipe(document), "--json")
        stats, asked = server.stats(), embedded(server)
    assert second.code == 0, second.err
    assert [record["text"] for record in records(shell)] == FIRST
    assert asked == list(TEXTS)
    assert stats["requests"] == second.json["calls"]
    assert stats["answered_twice"] == 0


def test_known_records_are_embedded_once_before_the_first_attempt(shell):
    known = [SAME[0][1], SAME[1][1], "Nothing like any of the others, not even remotely."]
    (shell.folder / "known.jsonl").write_text("".join(json.dumps({"text": text}) + "\n" for text in [*known, known[0]]))
    with running_server(Settings(answers=TEXTS)) as server:
        document = recipe_of(server.url, {**BY_ENDPOINT, "against": ["known.jsonl"]}, count=3, budget={"calls": 5})
        assert shell("generate", shell.recipe(document), "--json").code == 3
        assert asked_of(server, "vectors") == 4
        document["budget"] = {}
        ended = shell("generate", shell.recipe(document), "--json")
        assert asked_of(server, "vectors") + asked_of(server, "writer") == ended.json["calls"]
        assert server.stats()["answered_twice"] == 0
    assert ended.code == 0, ended.err
    assert [record["text"] for record in records(shell)] == [OTHERS[0], SAME[2][0], OTHERS[1]]
    assert ended.json["duplicates"]["exact"] == 2, "an exact copy of a known one needs no vector"
    assert ended.json["attempts"] == 3 + sum(ended.json["rejected"].values()) + ended.json["surplus"]
    with sqlite3.connect(shell.folder / ".seedbed" / "seedbed.db") as database:
        [(asked,)] = database.execute("SELECT count(*) FROM calls WHERE attempt = -1")
    assert asked == len(known)


def test_against_counts_offline_too_and_after_a_restart(shell):
    (shell.folder / "known.csv").write_text(f'text\n"{SAME[0][1]}"\n"{SAME[2][1]}"\n')
    with running_server(Settings(answers=TEXTS)) as server:
        check = {"kind": "semantic_duplicate", "against": ["known.csv"]}
        document = recipe_of(server.url, check, count=3, budget={"calls": 3})
        first = shell("generate", shell.recipe(document), "--json")
        assert first.json["accepted"] == 1
        ended = shell("generate", shell.recipe(document | {"budget": {}}), "--json")
    assert ended.code == 0, ended.err
    assert [record["text"] for record in records(shell)] == [SAME[1][0], OTHERS[0], OTHERS[1]]


def test_a_check_that_is_added_to_a_run_compares_with_what_is_there(shell):
    with running_server(Settings(answers=TEXTS)) as server:
        plain = recipe_of(server.url, budget={"calls": 1})
        assert shell("generate", shell.recipe(plain), "--json").json["accepted"] == 1
        document = recipe_of(server.url, BY_ENDPOINT)
        ended = shell("generate", shell.recipe(document), "--resume", "texts-1", "--json")
    assert ended.code == 0, ended.err
    assert [record["text"] for record in records(shell)] == FIRST


@pytest.mark.parametrize(
    ("budget", "accepted"), [({"calls": 2}, 0), ({"tokens": 20}, 0), ({"cost": 0.000_02}, 0)], ids=str
)
def test_a_budget_that_does_not_suffice_for_what_is_known_stops_before_the_first_attempt(shell, budget, accepted):
    rows = [{"text": f"{number} is a number of which this text tells"} for number in range(9)]
    (shell.folder / "known.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    prices = {"local:vectors": {"input": 1, "output": 0}, "local:writer": {"input": 1, "output": 1}}
    with running_server(Settings(answers=TEXTS)) as server:
        document = recipe_of(server.url, {**BY_ENDPOINT, "against": ["known.jsonl"]}, budget=budget, prices=prices)
        ended = shell("generate", shell.recipe(document), "--json")
        assert asked_of(server, "writer") == 0
        assert 0 < asked_of(server, "vectors") < 9
        assert ended.json["calls"] == server.stats()["requests"]
        done = shell("generate", shell.recipe(document | {"budget": {}}), "--json")
        assert server.stats()["requests"] == done.json["calls"]
    assert (ended.code, ended.json["state"], ended.json["accepted"]) == (3, "budget", accepted)
    assert "is used up" in ended.json["message"]
    assert done.code == 0, done.err


def test_ctrl_c_while_known_records_are_embedded_keeps_what_was_paid(shell):
    rows = [{"text": f"{number} is a number of which this text tells"} for number in range(40)]
    (shell.folder / "known.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    with running_server(Settings(answers=TEXTS, latency=0.1)) as server:
        recipe = shell.recipe(recipe_of(server.url, {**BY_ENDPOINT, "against": ["known.jsonl"]}))
        process = shell.start("generate", recipe, "--json")
        while asked_of(server, "vectors") < 5:
            time.sleep(0.02)
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=60)
        assert process.returncode == 130, err
        stopped = json.loads(out)
        assert (stopped["state"], stopped["calls"]) == ("interrupted", server.stats()["requests"])
        assert asked_of(server, "vectors") < 40
        ended = shell("generate", recipe, "--json")
        assert (ended.code, ended.json["calls"]) == (0, server.stats()["requests"])


def test_an_endpoint_that_fails_ends_the_run_with_its_words(shell):
    (shell.folder / "known.csv").write_text("text\nan old text\n")
    with running_server(Settings(models=("writer",))) as server:
        check = {**BY_ENDPOINT, "against": ["known.csv"]}
        before = shell("generate", shell.recipe(recipe_of(server.url, check)), "--json")
        within = shell("generate", shell.recipe(recipe_of(server.url, BY_ENDPOINT, name="within")), "--json")
    for ended in (before, within):
        assert (ended.code, ended.json["state"]) == (1, "failed")
        assert "vectors" in ended.json["message"]
        assert "does not exist" in ended.json["message"]
        assert ended.json["accepted"] == 0


def test_no_other_model_takes_over_from_one_that_makes_vectors(shell):
    with running_server(Settings(models=("writer", "other"))) as server:
        document = recipe_of(server.url, BY_ENDPOINT, fallback="local:other")
        ended = shell("generate", shell.recipe(document), "--json")
        assert asked_of(server, "other") == 0
    assert (ended.code, ended.json["accepted"]) == (1, 0)


def test_limits_and_retries_hold_for_vectors_as_for_every_call(shell):
    with running_server(Settings(answers=TEXTS, error_share=0.3, rate_limited_share=0.2, retry_after=0.01)) as server:
        ended = shell("generate", shell.recipe(recipe_of(server.url, BY_ENDPOINT)), "--json")
        assert server.stats()["requests"] == ended.json["calls"]
        assert server.stats()["max_in_flight_seen"] == 1
    assert ended.code == 0, ended.err
    assert ended.json["accepted"] == len(FIRST)


@pytest.mark.parametrize("check", ["semantic_duplicate", {"kind": "semantic_duplicate", "column": "text"}])
def test_a_missing_package_is_one_sentence_with_what_to_install(shell, check, monkeypatch):
    monkeypatch.setitem(sys.modules, "wordllama", None)
    with running_server(Settings()) as server:
        ended = shell("generate", shell.recipe(recipe_of(server.url, check)), "--json")
        assert server.stats()["requests"] == 0
    assert ended.code == 2
    assert ended.json["error"].startswith("Comparing texts by meaning needs the optional part `semantic`")
    assert ended.json["hint"] == "Install it with: pip install 'seedbed[semantic]'"
    assert shell("runs", "list", "--json").json["runs"] == []


def test_kill_nine_at_random_moments_keeps_texts_apart_and_pays_no_vector_twice(shell, recipe_on):
    rng = random.Random(11)
    with running_server(Settings()) as server:
        document = recipe_on(server.url, 150, concurrency=8, checks=[{**BY_ENDPOINT, "threshold": 0.7}])
        document["generator"]["categories"] = {}
        command = ("generate", shell.recipe(document), "-o", "out.csv", "--json")
        lost = kill_often(shell, server, [rng.uniform(0.05, 0.4) for _ in range(4)], *command)
        ended = shell(*command)
        stats = server.stats()
    assert ended.code == 0, ended.err
    assert ended.json["accepted"] == len(shell.rows("out.csv")) == 150
    assert stats["answered"] - ended.json["calls"] == lost, "no answer that was on disk is paid twice"
    assert stats["answered_twice"] <= lost
    assert stats["by_model"]["vectors"] <= ended.json["attempts"] + lost


def test_an_estimate_counts_vectors_and_what_they_cost(shell):
    (shell.folder / "known.csv").write_text("text\n" + "".join(f"an old text of number {n:02}\n" for n in range(50)))
    check = {**BY_ENDPOINT, "against": ["known.csv"]}
    prices = {"local:writer": {"input": 0, "output": 0}, "local:vectors": {"input": 1, "output": 0}}
    plain, with_it, offline = (
        shell("estimate", shell.recipe(recipe_of("http://127.0.0.1:9", *checks, count=100, prices=prices)), "--json")
        for checks in ([], [check], ["semantic_duplicate"])
    )
    assert with_it.json["calls"] == plain.json["calls"] + 115 + 50
    more = with_it.json["tokens"]["input"] - plain.json["tokens"]["input"]
    assert more == 115 * 60 + 50 * 7
    assert with_it.json["cost"] == pytest.approx(more / 1e6)
    assert "115 records and 50 known ones embedded by local:vectors" in with_it.json["assumptions"]
    assert {**offline.json, "cost": 0} == {**plain.json, "cost": 0}


def test_a_preview_shows_what_is_compared(shell):
    with running_server(Settings(answers=TEXTS)) as server:
        ended = shell("preview", shell.recipe(recipe_of(server.url, "semantic_duplicate")), "-n", "2", "--json")
    assert ended.code == 0, ended.err
    assert "semantic_duplicate" in ended.out
