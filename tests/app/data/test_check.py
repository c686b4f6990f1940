"""`seedbed check`: checks and judges on data that are there already."""

from __future__ import annotations

import json

import pytest

import seedbed
from seedbed.core.chat import Request
from seedbed.core.errors import InputError, ProviderError, RunFailed
from seedbed.providers.catalog import providers
from seedbed.providers.scripted import Scripted

ROWS = [
    {"text": "The parcel came early and all was in it.", "label": "praise", "note": None},
    {"text": "The parcel came early and all was in it.", "label": "praise", "stars": 4},
    {"text": "Too short", "label": "complaint"},
    {"text": "", "label": "complaint"},
    {"text": "As an AI language model I cannot say that.", "label": "complaint"},
    {"text": "The shop was closed when I came by at noon.", "label": "complaint"},
]


@pytest.fixture
def given(shell):
    (shell.folder / "in.jsonl").write_text("".join(json.dumps(row) + "\n" for row in ROWS))
    return shell


def lines(shell, name):
    return [json.loads(line) for line in (shell.folder / name).read_text().splitlines()]


class Marking(Scripted):
    """A judge who gives five, to what is closed one, and breaks down when told to."""

    asked: list[str] = []
    fails = False

    def __init__(self, *args: object) -> None:
        super().__init__(*args)
        self._script = self._mark

    def _mark(self, request: Request) -> str:
        text = request.messages[0]["content"]
        if self.fails and "closed" in text:
            raise ProviderError("auth", "It is closed.")
        Marking.asked.append(text)
        return json.dumps({"reason": "so it is", "score": 1 if "closed" in text else 5})


@pytest.fixture
def judge():
    providers.register("marking")(Marking)
    Marking.asked, Marking.fails = [], False
    yield Marking
    providers._known.pop("marking")


def test_what_a_check_rejects_is_left_out_and_told_why(given):
    (given.folder / "checks.yaml").write_text("- {kind: length, min_words: 4}\n- exact_duplicate\n")
    done = given(
        "check", "in.jsonl", "--checks", "checks.yaml", "-o", "out.jsonl", "--rejected", "gone.jsonl", "--json"
    )
    assert done.code == 0, done.err
    assert [row["text"] for row in lines(given, "out.jsonl")] == [ROWS[i]["text"] for i in (0, 4, 5)]
    gone = lines(given, "gone.jsonl")
    assert [(row["reason"], row["detail"]) for row in gone] == [
        ("exact_duplicate", "like record 1"),
        ("length", "2 of at least 4 words"),
        ("length", "0 of at least 4 words"),
    ]
    assert gone[0]["stars"] == 4
    found = done.json
    assert (found["state"], found["records"], found["kept"], found["rejected"]) == ("complete", 6, 3, 3)
    assert found["checks"]["length"]["rejected"] == 2
    assert found["checks"]["exact_duplicate"] == {
        "passed": 3,
        "rejected": 1,
        "flagged": 0,
        "share": 0.25,
        "reasons": {"like record 1": 1},
    }


def test_more_than_five_hundred_rejections_in_a_row_end_nothing(given):
    rows = [{"text": "no"}] * 700 + [{"text": "a text that is long enough"}]
    (given.folder / "many.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    (given.folder / "c.yaml").write_text("[{kind: length, min_words: 4}]")
    found = given("check", "many.jsonl", "--checks", "c.yaml", "-o", "out.jsonl", "--json").json
    assert (found["kept"], found["rejected"], found["unchecked"]) == (1, 700, 0)


def test_what_is_flagged_or_scored_stays_with_what_was_found(given):
    (given.folder / "c.yaml").write_text(
        "checks: [{kind: refusal, mode: flag}, {kind: exact_duplicate, mode: flag}, "
        "{kind: judge, rubric: qa, mode: score}]\nmodel: scripted\n"
    )
    done = given("check", "in.jsonl", "--checks", "c.yaml", "-o", "out.jsonl", "--with-origin", "--json")
    assert done.code == 0, done.err
    assert (done.json["kept"], done.json["flagged"]) == (6, 2)
    assert done.json["checks"]["judge"]["scored"] == 6
    rows = lines(given, "out.jsonl")
    assert [row["tags"] for row in rows] == [None, ["exact_duplicate"], None, None, ["refusal"], None]
    assert rows[1]["origin"]["checks"]["exact_duplicate"] == "like record 1"
    assert all(1 <= row["origin"]["checks"]["judge"] <= 5 for row in rows)


def test_a_judge_is_not_told_what_is_no_column_of_the_data_and_not_asked_twice(given, judge):
    (given.folder / "c.yaml").write_text("checks: [{kind: judge, rubric: qa}]\nmodel: marking:m\n")
    first = given("check", "in.jsonl", "--checks", "c.yaml", "-o", "a.jsonl", "--json")
    assert first.code == 0, first.err
    assert (first.json["kept"], first.json["calls"], len(judge.asked)) == (5, 6, 6)
    assert not any("number" in text.lower() or "#1" in text for text in judge.asked)
    again = given("check", "in.jsonl", "--checks", "c.yaml", "-o", "b.jsonl", "--json")
    assert len(judge.asked) == 6, "also what was rejected keeps its verdict"
    assert again.json["kept"] == 5
    given("check", "in.jsonl", "--checks", "c.yaml", "-o", "c.jsonl", "--new")
    assert len(judge.asked) == 12


def test_a_run_that_breaks_down_goes_on_where_it_was(given, judge):
    (given.folder / "c.yaml").write_text("checks: [{kind: judge, rubric: qa}]\nmodel: marking:m\n")
    judge.fails = True
    broken = given("check", "in.jsonl", "--checks", "c.yaml", "-o", "out.jsonl", "--json")
    assert broken.code == 1
    assert broken.json["state"] == "failed"
    assert not (given.folder / "out.jsonl").exists()
    asked, judge.fails = len(judge.asked), False
    assert 0 < asked < 6
    assert given("check", "in.jsonl", "--checks", "c.yaml", "-o", "out.jsonl", "--json").json["kept"] == 5
    assert len(judge.asked) == 6


def test_what_is_wrong_is_said_with_file_and_line(given):
    (given.folder / "c.yaml").write_text("checks:\n  - truncated\n  - kind: lenght\n")
    done = given("check", "in.jsonl", "--checks", "c.yaml", "-o", "out.jsonl")
    assert done.code == 2
    assert "c.yaml, line 3: checks[1].kind: there is no check `lenght`" in done.err
    (given.folder / "c.yaml").write_text("- truncated\n- {kind: length, min_words: few}\n")
    assert "c.yaml, line 2: checks[1].min_words" in given("check", "in.jsonl", "--checks", "c.yaml", "-o", "o.csv").err
    (given.folder / "c.yaml").write_text("checks: [judge]\ngenerator: {}\n")
    assert (
        "c.yaml, line 2: generator: is no field" in given("check", "in.jsonl", "--checks", "c.yaml", "-o", "o.csv").err
    )
    (given.folder / "c.yaml").write_text("[{kind: judge, rubric: qa}]")
    assert "model: is missing: a check asks one" in given("check", "in.jsonl", "--checks", "c.yaml", "-o", "o.csv").err
    (given.folder / "c.yaml").write_text("[{kind: length, column: txt, min_words: 2}]")
    assert "there is no column `txt`" in given("check", "in.jsonl", "--checks", "c.yaml", "-o", "o.csv").err


def test_the_workspace_keeps_no_copy_of_the_data_in_the_end(given):
    (given.folder / "c.yaml").write_text("[truncated]")
    given("check", "in.jsonl", "--checks", "c.yaml", "-o", "out.jsonl")
    assert list((given.folder / ".seedbed" / "checked").iterdir()) == []


def test_a_run_of_the_workspace_is_checked_against_a_file_beside_the_checks(given):
    recipe = {"name": "r", "model": "scripted", "generator": {"kind": "prompt", "prompt": "A word.", "count": 5}}
    assert given("generate", given.recipe(recipe), "-o", "made.csv").code == 0
    (given.folder / "sub").mkdir()
    (given.folder / "sub" / "known.csv").write_text(f"text\n{given.rows('made.csv')[2]['text']}\n")
    (given.folder / "sub" / "c.yaml").write_text("[{kind: near_duplicate, against: [known.csv]}]")
    done = given("check", "r-1", "--checks", "sub/c.yaml", "-o", "out.csv", "--with-origin", "--json")
    assert done.code == 0, done.err
    assert (done.json["kept"], done.json["rejected"]) == (4, 1)
    assert given.rows("out.csv")[0]["id"].startswith("r-1:")


def test_by_library(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    records = [seedbed.Record(dict(row)) for row in ROWS]
    found = seedbed.check_records(records, [seedbed.Length(min_words=4), {"kind": "refusal", "mode": "flag"}])
    assert [record.text for record in found.passed] == [ROWS[i]["text"] for i in (0, 1, 4, 5)]
    assert [record.values["reason"] for record in found.rejected] == ["length", "length"]
    assert [record.tags for record in found.passed] == [(), (), ("refusal",), ()]
    with pytest.raises(InputError, match="there is no check"):
        seedbed.check_records(records, ["lenght"])
    with pytest.raises(InputError, match="nothing to check by"):
        seedbed.check_records(records, [])


def test_a_budget_that_is_spent_leaves_what_was_checked_for_later(given, judge):
    fields = {"checks": [{"kind": "judge", "rubric": "qa"}], "model": "marking:m"}
    records = [seedbed.Record(dict(row)) for row in ROWS]
    place = given.folder / "w"
    with pytest.raises(RunFailed):
        seedbed.check_records(records, fields, settings={"budget.calls": 2}, workspace=place)
    assert len(judge.asked) == 2
    assert len(seedbed.check_records(records, fields, workspace=place).passed) == 5
    assert len(judge.asked) == 6


@pytest.mark.parametrize("lost", ["kept.csv", "in.jsonl", "checks.json", "known.csv"])
def test_no_file_of_the_command_is_written_over(given, lost):
    (given.folder / "checks.json").write_text('[{"kind": "near_duplicate", "against": ["known.csv"]}]')
    (given.folder / "known.csv").write_text("text\nKnown.\n")
    (given.folder / lost).touch()
    before = (given.folder / lost).read_bytes()
    done = given("check", "in.jsonl", "--checks", "checks.json", "-o", "kept.csv", "--rejected", lost, "--force")
    assert done.code == 2
    assert f"--rejected {lost}: that is another file of this command, which would be lost" in done.err
    assert (given.folder / lost).read_bytes() == before


def test_what_is_wrong_with_an_option_is_not_laid_to_the_file_of_checks(given):
    (given.folder / "checks.yaml").write_text("- near_duplicate\n")
    done = given("check", "in.jsonl", "--checks", "checks.yaml", "-o", "out.csv", "--column", "txt")
    assert done.err.startswith("Error: There is no column `txt`.\nDid you mean `text`?")
    (given.folder / "file").write_text("")
    done = given("check", "in.jsonl", "--checks", "checks.yaml", "-o", "out.csv", "--workspace", "file/place")
    assert done.code == 2
    assert "cannot be written" in done.err
    assert "Choose another with --workspace" in done.err


def test_a_file_without_checks_says_so(given):
    (given.folder / "checks.yaml").write_text("")
    done = given("check", "in.jsonl", "--checks", "checks.yaml", "-o", "out.csv")
    assert "checks.yaml: there are no checks in it" in done.err


def test_a_folder_is_called_one_whatever_the_workspace_holds(given):
    (given.folder / "checks.yaml").write_text("- near_duplicate\n")
    (given.folder / "texts").mkdir()
    for _ in range(2):
        done = given("check", "texts", "--checks", "checks.yaml", "-o", "out.csv")
        assert "texts is a folder" in done.err
        given("check", "in.jsonl", "--checks", "checks.yaml", "-o", "kept.csv")
