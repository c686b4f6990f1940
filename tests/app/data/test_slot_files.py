"""Sentences with slots as templates of the workspace."""

from __future__ import annotations

import pytest
import yaml

CSV = 'template,label,n\nHi {PER},greeting,1\n"{PER_1}, {a:JOB}",intro,2\n'


@pytest.fixture
def given(shell):
    (shell.folder / "greet.csv").write_text(CSV, "utf-8")
    return shell


def test_an_imported_file_is_listed_shown_and_removed(given):
    done = given("templates", "import", "greet.csv", "--description", "to begin with")
    assert done.code == 0, done.err
    assert "Saved the template greet, version 1." in done.err
    assert "It has 2 sentences with {PER} {JOB}." in done.err
    [row] = given("templates", "list", "--json").json["templates"]
    assert (row["name"], row["version"], row["variables"]) == ("greet", 1, ["PER", "JOB"])
    assert row["document"] == {
        "type": "slots",
        "description": "to begin with",
        "templates": [
            {"template": "Hi {PER}", "label": "greeting", "n": "1"},
            {"template": "{PER_1}, {a:JOB}", "label": "intro", "n": "2"},
        ],
    }
    assert "slots          to begin with  {PER} {JOB}" in given("templates", "list").out
    assert given("templates", "remove", "greet").code == 0
    assert given("templates", "list", "--json").json == {"templates": []}


@pytest.mark.parametrize(
    "arguments",
    [
        ["add", "greet", "greet.csv", "--type", "slots"],
        ["add", "greet", "greet.csv"],
        ["import", "greet.csv"],
        ["add", "greet", "greet.yaml"],
        ["add", "greet", "greet.json", "--type", "slots"],
    ],
)
def test_all_ways_to_save_them_save_the_same(given, arguments):
    rows = [
        {"template": "Hi {PER}", "label": "greeting", "n": "1"},
        {"template": "{PER_1}, {a:JOB}", "label": "intro", "n": "2"},
    ]
    (given.folder / "greet.yaml").write_text(yaml.safe_dump({"type": "slots", "templates": rows}))
    (given.folder / "greet.json").write_text(yaml.safe_dump(rows, default_flow_style=True))
    saved = given("templates", *arguments, "--json")
    assert saved.code == 0, saved.err
    assert saved.json["document"] == {"type": "slots", "templates": rows}


def test_what_is_shown_can_be_edited_and_added_again(given):
    given("templates", "import", "greet.csv")
    (given.folder / "same.yaml").write_text(given("templates", "show", "greet").out, "utf-8")
    assert given("templates", "edit", "greet", "same.yaml").err.startswith("Nothing was changed")
    (given.folder / "new.yaml").write_text("type: slots\ndescription: d\ntemplates: ['Bye {PER}']\n")
    assert given("templates", "edit", "greet", "new.yaml", "--json").json["version"] == 2
    assert "Bye {PER}" in given("templates", "show", "greet").out
    assert "Hi {PER}" in given("templates", "show", "greet", "--version", "1").out


def test_a_sentence_is_typed(given):
    done = given("templates", "add", "one", "--type", "slots", "--prompt", "Hi {PER}", "--description", "d", "--json")
    assert done.json["document"] == {"type": "slots", "templates": ["Hi {PER}"], "description": "d"}


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["import", "no.csv"], "There is no file no.csv."),
        (["import", "bad.txt"], "bad.txt, line 2: the `{` at character 4 is not closed."),
        (["import", "wrong.csv"], "wrong.csv, record 1: there is no column `template`, only `a`."),
        (["import", "greet.csv", "--name", "a b"], "must begin with a letter or digit"),
        (["add", "x", "greet.csv", "--prompt", "Hi"], "Which is it: the file, or the text of --prompt?"),
        (["add", "x", "--type", "slots"], "A template needs a text."),
        (["add", "x", "field.yaml"], "field.yaml, line 3: prompt: there is no such field."),
        (["add", "x", "line.yaml"], "line.yaml, line 4: the `}` at character 4 closes nothing."),
        (["add", "x", "slots.docx", "--type", "slots"], "templates are read from .txt, .csv"),
    ],
)
def test_bad_input_is_one_sentence(given, arguments, words):
    (given.folder / "bad.txt").write_text("Hi\nHi {\n")
    (given.folder / "wrong.csv").write_text("a\nHi\n")
    (given.folder / "field.yaml").write_text("type: slots\ntemplates: [Hi]\nprompt: Hi\n")
    (given.folder / "line.yaml").write_text("type: slots\ntemplates:\n- Hi\n- Hi }\n")
    done = given("templates", *arguments)
    assert done.code == 2
    assert words in done.err, done.err
    assert "Traceback" not in done.err


def test_a_recipe_that_names_them_is_told_what_they_are_for(given):
    given("templates", "import", "greet.csv")
    recipe = {"name": "r", "model": "scripted", "generator": {"kind": "template", "template": "greet", "count": 1}}
    done = given("generate", given.recipe(recipe))
    assert done.code == 2
    assert "generator.template: `greet` holds sentences with slots, no prompt." in done.err
    assert "Fill them: seedbed fill greet -o OUT" in done.err


def test_a_prompt_is_not_filled(given):
    given("templates", "add", "ask", "--prompt", "Write about {topic}.")
    done = given("fill", "ask", "-o", "out.csv", "--per-template", "1")
    assert done.code == 2
    assert "The template `ask` is a prompt, it has no slots to fill." in done.err
