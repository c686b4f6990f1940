"""Ask for a number of records of each kind and get exactly that, on the fake server."""

from __future__ import annotations

import json
import re
from collections import Counter

from seedbed.testing.server import Settings, running_server


def adds_up(figures):
    return (
        figures["attempts"]
        == figures["accepted"]
        + sum(figures["rejected"].values())
        + sum(figures["failed"].values())
        + figures["surplus"]
    )


def test_every_cell_is_full_and_all_texts_differ(shell, recipe_on):
    with running_server(Settings()) as server:
        recipe = shell.recipe(recipe_on(server.url, 60, generator={"ratios": {"label": {"polite": 2}}}))
        ended = shell("generate", recipe, "-o", "out.csv", "--json")
    assert ended.code == 0, ended.err
    figures = ended.json
    assert figures["state"] == "complete"
    assert figures["accepted"] == figures["asked"] == 60
    assert adds_up(figures)
    assert all(cell["wanted"] == cell["accepted"] for cell in figures["cells"])
    rows = shell.rows("out.csv")
    assert list(rows[0]) == ["text", "label", "category", "type", "model"]
    assert len({row["text"] for row in rows}) == len(rows) == 60
    assert Counter(row["label"] for row in rows) == {"polite": 30, "neutral": 15, "impolite": 15}
    assert Counter(row["category"] for row in rows) == {"travel": 30, "stores": 30}
    assert {row["model"] for row in rows} == {"local:fake"}


def test_a_model_that_repeats_itself_still_fills_the_target(shell, recipe_on):
    with running_server(Settings(repeat_rate=0.946)) as server:
        recipe = shell.recipe(recipe_on(server.url, 200, generator={"categories": {}}))
        ended = shell("generate", recipe, "-o", "out.csv", "--json")
    assert ended.code == 0, ended.err
    figures = ended.json
    assert figures["accepted"] == 200
    assert adds_up(figures)
    assert len({row["text"] for row in shell.rows("out.csv")}) == 200
    duplicates = figures["duplicates"]
    assert duplicates["exact"] + duplicates["cross_label"] > 1000
    assert sum(duplicates["by_label"].values()) == sum(duplicates["by_model"].values())
    assert sum(duplicates["by_label"].values()) == sum(duplicates[kind] for kind in ("exact", "near", "cross_label"))


def test_low_stop_rules_end_in_an_honest_shortfall(shell, recipe_on):
    with running_server(Settings(answers=["always the very same sentence, whatever is asked for"])) as server:
        recipe = shell.recipe(recipe_on(server.url, 30, stop_rules={"fruitless": 10}))
        ended = shell("generate", recipe, "-o", "out.csv", "--json")
        figures = ended.json
        assert ended.code == 3
        assert figures["state"] == "shortfall"
        assert figures["accepted"] == len(shell.rows("out.csv")) == 1
        assert adds_up(figures)
        assert server.stats()["requests"] == figures["calls"] < 400
        assert all(cell["stopped"] == "fruitless" for cell in figures["cells"] if cell["accepted"] < cell["wanted"])
        plain = shell("generate", recipe, "-o", "out.csv")
        assert plain.code == 3
        assert "missing" in plain.err
        assert re.search(r"under \w+ +\d+ +\d\d\d?\.\d%", plain.err), "duplicates per label, and of how many attempts"


def test_faults_of_all_kinds_leave_exactly_the_records_asked_for(shell, recipe_on):
    settings = Settings(
        latency=0.02,
        rate_limited_share=0.05,
        retry_after=0.2,
        error_share=0.03,
        reset_share=0.01,
        truncated_share=0.02,
        broken_share=0.02,
    )
    with running_server(settings) as server:
        recipe = shell.recipe(recipe_on(server.url, 600, concurrency=64))
        ended = shell("generate", recipe, "-o", "out.jsonl", "--json")
        stats = server.stats()
    assert ended.code == 0, ended.err
    figures = ended.json
    assert figures["accepted"] == 600
    assert adds_up(figures)
    assert figures["calls"] == stats["requests"]
    assert figures["failed"]["truncated"] == stats["truncated"] > 0
    assert figures["failed"]["unparseable"] == stats["broken"] > 0
    texts = [json.loads(line)["text"] for line in (shell.folder / "out.jsonl").read_text().splitlines()]
    assert len(set(texts)) == 600
    assert all(text.endswith((".", "!", "?")) and "{" not in text for text in texts)


def test_a_token_budget_is_kept_and_a_larger_one_goes_on(shell, recipe_on):
    with running_server(Settings(latency=0.01)) as server:
        document = recipe_on(server.url, 300, concurrency=8, budget={"tokens": 10_000})
        first = shell("generate", shell.recipe(document), "-o", "out.csv", "--json")
        figures = first.json
        spent = sum(figures["tokens"].values())
        a_call = spent / figures["calls"]
        assert first.code == 3
        assert figures["state"] == "budget"
        assert 8_000 < spent <= 10_000 + 8 * 2 * a_call
        assert len(shell.rows("out.csv")) == figures["accepted"] > 0
        document["budget"] = {"tokens": 500_000}
        second = shell("generate", shell.recipe(document), "-o", "out.csv", "--json")
    assert second.code == 0, second.err
    assert second.json["accepted"] == 300
    assert second.json["calls"] == server.stats()["requests"]
    assert adds_up(second.json)


def test_a_complete_run_makes_no_call_and_restores_its_output(shell, recipe_on):
    with running_server(Settings()) as server:
        recipe = shell.recipe(recipe_on(server.url, 12))
        first = shell("generate", recipe, "-o", "out.csv", "--json")
        before = (shell.folder / "out.csv").read_bytes()
        (shell.folder / "out.csv").unlink()
        calls = server.stats()["requests"]
        second = shell("generate", recipe, "-o", "out.csv", "--json")
        assert second.code == 0
        assert server.stats()["requests"] == calls
    assert second.json["accepted"] == first.json["accepted"] == 12
    assert (shell.folder / "out.csv").read_bytes() == before


def test_top_up_makes_only_what_is_missing_and_nothing_that_is_there(shell, recipe_on):
    with running_server(Settings()) as server:
        document = recipe_on(server.url, 12, generator={"categories": {}})
        shell("generate", shell.recipe(document), "-o", "have.csv")
        rows = [row for row in shell.rows("have.csv") if row["label"] != "impolite"]
        lines = ["text,label", *(f'"{row["text"]}",{row["label"]}' for row in rows)]
        (shell.folder / "skewed.csv").write_text("\n".join(lines), "utf-8")
        document |= {"name": "more", "into": {"dataset": "skewed.csv", "top_up": True}}
        document["generator"]["count"] = 18
        ended = shell("generate", shell.recipe(document), "-o", "new.csv", "--json")
    assert ended.code == 0, ended.err
    made = shell.rows("new.csv")
    assert ended.json["asked"] == len(made) == 10
    assert Counter(row["label"] for row in made) == {"polite": 2, "neutral": 2, "impolite": 6}
    assert not {row["text"] for row in made} & {row["text"] for row in rows}


def test_weights_steer_models_and_ratios_make_their_shares_exact(shell, recipe_on):
    with running_server(Settings()) as server:
        document = recipe_on(server.url, 40, generator={"categories": {}, "ratios": {"model": {"local:a": 3}}})
        document["model"] = ["local:a", "local:b:with:colons"]
        ended = shell("generate", shell.recipe(document), "-o", "out.csv", "--json")
    assert ended.code == 0, ended.err
    assert Counter(row["model"] for row in shell.rows("out.csv")) == {"local:a": 30, "local:b:with:colons": 10}
    assert {name: one["accepted"] for name, one in ended.json["models"].items()} == {
        "local:a": 30,
        "local:b:with:colons": 10,
    }


def test_the_prompt_generator_makes_distinct_texts(shell, recipe_on):
    with running_server(Settings()) as server:
        document = recipe_on(server.url)
        document["generator"] = {"kind": "prompt", "prompt": "Write one sentence about the sea.", "count": 10}
        ended = shell("generate", shell.recipe(document), "-o", "out.csv", "--json")
    assert ended.code == 0, ended.err
    rows = shell.rows("out.csv")
    assert list(rows[0]) == ["text", "model"]
    assert len({row["text"] for row in rows}) == 10


def test_origin_says_where_each_record_came_from(shell, recipe_on):
    with running_server(Settings()) as server:
        recipe = shell.recipe(recipe_on(server.url, 6, temperature=0.5))
        ended = shell("generate", recipe, "-o", "out.csv", "--with-origin", "--json")
    assert ended.code == 0, ended.err
    row = shell.rows("out.csv")[0]
    assert list(row)[-4:] == ["id", "state", "tags", "origin"]
    origin = json.loads(row["origin"])
    assert row["state"] == "accepted"
    assert json.loads(row["tags"]) == ["synthetic"]
    assert origin["run"] == ended.json["run"]
    assert origin["model"] == "local:fake"
    assert origin["sampling"]["temperature"] == 0.5
    assert origin["cell"]["label"] == row["label"]
    assert row["label"] in json.dumps(origin["prompt"])
    assert origin["tokens"] > 0
