"""`seedbed robustness` as a person calls it: what it says, writes and answers."""

from __future__ import annotations

import csv
import json
import signal
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from seedbed.augmentation.plan import Plan
from seedbed.testing.server import Settings, running_server

if TYPE_CHECKING:
    from pathlib import Path

    from conftest import Shell

REVIEWS = """text,label
I love this phone,good
a good screen,good
I hate the battery,bad
"Service, and slow",bad
a bad day,bad
nothing to say,good
"""
MODEL = """
def classify(texts):
    return ["bad" if "hate" in text or "bad" in text else "good" for text in texts]
"""
PEOPLE = [
    {"text": "Ann lives here", "spans": [{"start": 0, "end": 3, "label": "PER"}]},
    {"text": "I met Bob today", "spans": [{"start": 6, "end": 9, "label": "PER"}]},
]


@pytest.fixture
def place(shell: Shell) -> Shell:
    """A folder with data and a model that knows no capitals."""
    (shell.folder / "reviews.csv").write_text(REVIEWS, "utf-8")
    (shell.folder / "model.py").write_text(MODEL, "utf-8")
    return shell


TEST = ("robustness", "reviews.csv", "--model", "model.py:classify")


def test_what_fails_is_shown_and_a_plan_for_it_is_written(place: Shell) -> None:
    ended = place(*TEST, "-t", "uppercase", "-t", "lowercase", "-o", "weak.yaml")
    assert ended.code == 3, ended.err
    # Two texts are said to be bad, and in capitals no longer.
    assert "uppercase       6       4   66.7%    30.0%–90.3%     80%  weak  83.3% → 50.0%" in ended.err
    assert "uppercase: “I hate the battery” → “I HATE THE BATTERY”\n    expected bad, got good" in ended.err
    assert "Wrote a plan for what failed to weak.yaml (uppercase 0.167)" in ended.err
    assert ended.out == ""
    text = (place.folder / "weak.yaml").read_text("utf-8")
    assert "# uppercase: 4 of 6 passed (66.7%, 95 % interval 30.0% to 90.3%), 80% wanted" in text
    assert Plan.of(yaml.safe_load(text)) == Plan.of({"transforms": [{"uppercase": 0.167}]})
    assert place("augment", "reviews.csv", "--plan", "weak.yaml", "-o", "more.csv").code == 0
    assert sum(row["text"].isupper() for row in place.rows("more.csv")) == 1


def test_what_passes_writes_no_plan(place: Shell) -> None:
    ended = place(*TEST, "-t", "uppercase", "--min-pass-rate", "0.6", "-o", "weak.yaml", "--report", "failures.csv")
    assert ended.code == 0, ended.err
    assert "Every transform reached its pass rate" in ended.err
    assert not (place.folder / "weak.yaml").exists()
    assert len(place.rows("failures.csv")) == 2


def test_the_report_holds_every_failure(place: Shell) -> None:
    rows = "".join(f"it is bad {n},bad\n" for n in range(7))
    (place.folder / "reviews.csv").write_text(f"text,label\n{rows}", "utf-8")
    ended = place(*TEST, "-t", "uppercase", "--report", "failures.jsonl")
    assert ended.err.count("→ “IT IS BAD") == 3
    assert "Failures, 3 of 7" in ended.err
    lines = (place.folder / "failures.jsonl").read_text("utf-8").splitlines()
    assert [json.loads(line)["record"] for line in lines] == [f"#{n}" for n in range(1, 8)]
    assert json.loads(lines[0]) == {
        "transform": "uppercase",
        "record": "#1",
        "text": "it is bad 0",
        "changed": "IT IS BAD 0",
        "expected": "bad",
        "got": "good",
    }


def test_json_is_one_object(place: Shell) -> None:
    ended = place(*TEST, "-t", "uppercase", "-o", "weak.yaml", "--json")
    assert (ended.code, ended.err) == (3, "")
    found = ended.json
    assert (found["state"], found["plan"], found["report"]) == ("weak", "weak.yaml", None)
    assert found["proposal"] == {"transforms": [{"kind": "uppercase", "max_proportion": 0.167}]}
    assert found["transforms"][0]["pass_rate"] == pytest.approx(4 / 6)
    refused = place(*TEST, "-t", "no_such", "--json")
    assert (refused.code, refused.json["state"]) == (2, "refused")


def test_rates_of_a_plan_and_of_a_langtest_file_count(place: Shell) -> None:
    ours = {"min_pass_rate": 0.9, "transforms": [{"kind": "uppercase", "min_pass_rate": 0.5}, {"lowercase": 0.34}]}
    place.recipe(ours, "plan.yaml")
    tests = {
        "defaults": {"min_pass_rate": 0.65},
        "robustness": {"uppercase": {"min_pass_rate": 0.5}, "lowercase": {"max_proportion": 0.34}},
        "accuracy": {"min_f1_score": {"min_score": 0.3}},
    }
    place.recipe({"tests": tests}, "langtest.yaml")
    for name, rates in (("plan.yaml", [0.5, 0.9]), ("langtest.yaml", [0.5, 0.65])):
        found = place(*TEST, "--plan", name, "--json").json
        assert [one["min_pass_rate"] for one in found["transforms"]] == rates
        assert [one["cases"] for one in found["transforms"]] == [6, 2]
        assert found["state"] == "passed"
    assert found["notes"] == ["The tests of `accuracy` measure and change no text: left out."]
    place.recipe({"transforms": [{"kind": "uppercase", "min_pass_rate": 80}]}, "plan.yaml")
    ended = place(*TEST, "--plan", "plan.yaml")
    assert ended.code == 2
    assert "plan.yaml, line 3: transforms[0].min_pass_rate: must be a number from 0 to 1 (it is 80)." in ended.err


def test_the_same_plan_serves_to_augment(place: Shell) -> None:
    place.recipe({"min_pass_rate": 0.9, "transforms": [{"kind": "uppercase", "min_pass_rate": 0.5}]}, "plan.yaml")
    ended = place("augment", "reviews.csv", "--plan", "plan.yaml", "-o", "more.csv", "--json")
    assert (ended.code, ended.json["copies"]) == (0, 6)


# Models that are asked elsewhere


def predicted(place: Shell, model: Callable[[str], Any], form: str) -> None:
    """Fills in what a model says of the cases, as a person's own script would."""
    rows: list[dict[str, Any]]
    path: Path = place.folder / f"cases.{form}"
    if form == "csv":
        rows = [{**row, "prediction": model(row["text"])} for row in place.rows(path.name)]
        with (place.folder / "answers.csv").open("w", newline="", encoding="utf-8") as file:
            writer = csv.DictWriter(file, rows[0])
            writer.writeheader()
            writer.writerows(rows)
        return
    lines = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    rows = [{"id": line["id"], "prediction": model(line["text"])} for line in lines]
    (place.folder / f"answers.{form}").write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")


@pytest.mark.parametrize("form", ["csv", "jsonl"])
def test_a_model_can_be_asked_elsewhere(form: str, place: Shell) -> None:
    plain = ("robustness", "reviews.csv", "-t", "uppercase", "-t", "lowercase")
    ended = place(*plain, "--write-cases", f"cases.{form}")
    assert ended.code == 0, ended.err
    assert "Wrote 15 texts" in ended.err
    predicted(place, lambda text: "bad" if "hate" in text or "bad" in text else "good", form)
    told = place(*plain, "--predictions", f"answers.{form}", "--json")
    asked = place(*TEST, "-t", "uppercase", "-t", "lowercase", "--json")
    assert told.code == asked.code == 3
    assert told.json["transforms"] == asked.json["transforms"]


@pytest.mark.parametrize("form", ["csv", "jsonl"])
def test_entities_can_be_found_elsewhere(form: str, shell: Shell) -> None:
    (shell.folder / "people.jsonl").write_text("".join(json.dumps(row) + "\n" for row in PEOPLE), "utf-8")
    plain = ("robustness", "people.jsonl", "-t", "uppercase")
    assert shell(*plain, "--write-cases", f"cases.{form}").code == 0

    def found(text: str) -> Any:
        spans = [
            {"start": at, "end": at + 3, "label": "PER"} for name in ("Ann", "Bob") if (at := text.find(name)) >= 0
        ]
        return json.dumps(spans) if form == "csv" else spans

    predicted(shell, found, form)
    ended = shell(*plain, "--predictions", f"answers.{form}")
    assert ended.code == 3, ended.err
    assert "expected “ANN” PER, got nothing" in ended.err
    assert "0.0%" in ended.err


def test_the_cases_say_what_they_are(place: Shell) -> None:
    place("robustness", "reviews.csv", "-t", "uppercase", "--write-cases", "cases.csv")
    rows = place.rows("cases.csv")
    assert [*rows[0]] == ["id", "text", "transform", "original"]
    by_id = {row["id"]: row for row in rows}
    changed = [row for row in rows if row["transform"]]
    assert len(changed) == 6
    assert all(by_id[row["original"]]["text"].upper() == row["text"] for row in changed)


def test_predictions_that_lack_something_are_said(place: Shell) -> None:
    plain = ("robustness", "reviews.csv", "-t", "uppercase")
    place(*plain, "--write-cases", "cases.csv")
    predicted(place, lambda text: "" if "HATE" in text else "good", "csv")
    ended = place(*plain, "--predictions", "answers.csv")
    assert ended.code == 3
    assert "1 case could not be judged, as not all of their texts have an answer." in ended.err
    assert place(*plain, "--predictions", "answers.csv", "--json").json["state"] == "incomplete"
    for text, words in (
        ("id,text\n1,a\n", "answers.csv, record 1 has no column `prediction`"),
        ("text,prediction\na,good\n", "answers.csv has no prediction of any of the texts"),
        ("text,prediction\na good screen,good\na good screen,bad\n", "record 2: another row has another prediction"),
    ):
        (place.folder / "answers.csv").write_text(text, "utf-8")
        ended = place(*plain, "--predictions", "answers.csv")
        assert ended.code == 2
        assert words in ended.err


# What is wrong


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ((), "What is tested?"),
        (("--model", "model.py:classify", "--predictions", "reviews.csv"), "What is tested?"),
        (("--model", "model.py:nothing"), "--model model.py:nothing: there is no function `nothing`."),
        (("--model", "model.py:classify", "--set", "budget.calls=3"), "--set changes how a language model is asked"),
        (("--model", "scripted", "--set", "budget.call=3"), "--set budget.call: budget.call: there is no such field"),
        (("--model", "nowhere:x"), "there is no connection or provider `nowhere`"),
        (("--model", "model.py:classify", "-o", "reviews.csv", "--force"), "that is another file of this command"),
        (
            ("--model", "model.py:classify", "-o", "a.yaml", "--report", "a.yaml"),
            "that is another file of this command",
        ),
        (("--model", "model.py:classify", "-o", "model.py", "--force"), "that is another file of this command"),
        (("--model", "scripted", "-o", "model.py"), "The file model.py exists."),
        (("--model", "model.py:classify", "-o", "no/plan.yaml"), "of the plan does not exist"),
        (("--model", "model.py:classify", "--report", "failures.abc"), ".abc"),
        (("--model", "model.py:classify", "--task", "entity"), "There is no task `entity`"),
    ],
)
def test_wrong_input_is_said(options: tuple[str, ...], words: str, place: Shell) -> None:
    ended = place("robustness", "reviews.csv", "-t", "uppercase", *options)
    assert ended.code == 2, ended.err
    assert words in ended.err
    assert not (place.folder / ".seedbed").exists()


def test_a_language_model_shows_how_it_goes_and_what_it_knew(place: Shell) -> None:
    ask = ("robustness", "reviews.csv", "--model", "scripted", "-t", "uppercase", "--min-pass-rate", "0")
    ended = place(*ask)
    assert ended.code == 0, ended.err
    assert "Run robustness-" in ended.err
    assert "12 records wanted" in ended.err
    again = place(*ask)
    assert "Run robustness-" not in again.err
    assert "12 of them had been asked before and were not asked again (--new does)." in again.err
    assert "Run robustness-" in place(*ask, "--new").err


def test_a_spent_budget_is_said_and_the_same_command_goes_on(place: Shell) -> None:
    ask = ("robustness", "reviews.csv", "--model", "scripted", "-t", "uppercase", "--min-pass-rate", "0")
    ended = place(*ask, "--set", "budget.calls=7")
    assert ended.code == 3, ended.err
    assert "could not be judged" in ended.err
    assert "budget" in ended.err
    found = place(*ask, "--set", "budget.calls=12", "--json")
    assert (found.code, found.json["state"]) == (0, "passed")
    assert found.json["asked"] | {"cost": 0} == {
        "texts": 5,
        "known": 7,
        "run": found.json["asked"]["run"],
        "calls": 12,
        "cost": 0,
    }


@pytest.mark.parametrize("stop", [signal.SIGINT, signal.SIGKILL])
def test_a_test_that_is_stopped_goes_on_where_it_was(stop: signal.Signals, shell: Shell) -> None:
    rows = "".join(f"text number {n},{'good' if n % 2 else 'bad'}\n" for n in range(60))
    (shell.folder / "many.csv").write_text(f"text,label\n{rows}", "utf-8")
    with running_server(Settings(latency=0.1)) as server:
        local = {"provider": "openai", "base_url": server.url, "concurrency": 4}
        sets = ("--set", f"connections={json.dumps({'local': local})}", "--min-pass-rate", "0")
        ask = ("robustness", "many.csv", "--model", "local:fake", "-t", "uppercase", *sets)
        process = shell.start(*ask)
        while server.stats()["answered"] < 8 and process.poll() is None:
            time.sleep(0.02)
        process.send_signal(stop)
        _, err = process.communicate(timeout=60)
        server.change(latency=0)
        ended = shell(*ask, "--json")
        stats = server.stats()
    if stop is signal.SIGINT:
        assert process.returncode == 130
        assert "What was answered is kept: the same command goes on from there.\nInterrupted." in err
    assert (ended.code, ended.json["state"], ended.json["texts"]) == (0, "passed", 120)
    assert ended.json["asked"]["known"] >= 1
    # What was in flight at a kill, or answered in the moment before, may be asked again.
    assert stats["answered"] <= 120 + (0 if stop is signal.SIGINT else 8)


def test_a_dataset_of_the_workspace_can_be_tested(place: Shell) -> None:
    generator = {"kind": "classification", "instruction": "one", "count": 6, "labels": ["good", "bad"]}
    place.recipe({"name": "made", "model": "scripted", "generator": generator})
    assert place("generate", "recipe.yaml").code == 0
    ended = place("robustness", "made-1", "--model", "model.py:classify", "-t", "uppercase", "--limit", "4", "--json")
    assert (ended.code, ended.json["records"], ended.json["state"]) == (0, 4, "passed")
