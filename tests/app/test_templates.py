"""`seedbed templates`: saved with their versions, used by recipes, theirs where the recipe is silent."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest
import yaml

import seedbed
from seedbed.app.templates import resolve

FAQ = {
    "prompt": 'Write {count} questions about {topic} for {reader}.\n{"question": "…", "answer": "…"}\n',
    "type": "qa",
    "description": "Questions for a help page",
    "parameters": {
        "model": "scripted",
        "temperature": 0.3,
        "top_p": 0.9,
        "max_tokens": 77,
        "stop": ["END"],
        "top_k": 5,
    },
    "values": {"reader": {"someone new": 2, "an expert": 1}},
}
RECIPE = {"name": "faq", "generator": {"kind": "template", "template": "faq", "count": 6, "values": {"topic": "tea"}}}


@pytest.fixture
def saved(shell):
    (shell.folder / "faq.yaml").write_text(yaml.safe_dump(FAQ, allow_unicode=True), "utf-8")
    assert shell("templates", "add", "faq", "faq.yaml").code == 0
    return shell


def origins(shell, run="faq-1"):
    assert shell("export", run, "-o", "out.jsonl", "--with-origin", "--force").code == 0
    lines = (shell.folder / "out.jsonl").read_text("utf-8").splitlines()
    return [json.loads(line)["origin"] for line in lines]


def test_a_recipe_uses_a_template_by_its_name(saved):
    recipe = saved.recipe(RECIPE)
    assert saved("estimate", recipe).code == 0
    shown = saved("preview", recipe, "-n", "1", "--json").json["attempts"][0]
    assert "questions about tea for " in shown["calls"][0]["prompt"][0]["content"]
    done = saved("generate", recipe, "-o", "faq.csv")
    assert done.code == 0, done.err
    rows = saved.rows("faq.csv")
    assert [*rows[0]] == ["question", "answer", "reader", "model"]
    assert sorted(row["reader"] for row in rows) == ["an expert"] * 2 + ["someone new"] * 4
    sampling = origins(saved)[0]["sampling"]
    assert sampling == {"temperature": 0.3, "top_p": 0.9, "max_tokens": 77, "stop": ["END"], "extra": {"top_k": 5}}


def test_the_recipe_wins_field_by_field_and_of_parameters_key_by_key(saved):
    generator = RECIPE["generator"] | {
        "type": "custom",
        "keys": ["question"],
        "parameters": {"temperature": 0.4, "top_k": 9},
    }
    document = {**RECIPE, "generator": generator, "top_p": 0.5, "model": "scripted:b", "extra": {"seed": 1}}
    assert saved("generate", saved.recipe(document), "-o", "faq.csv").code == 0
    assert [*saved.rows("faq.csv")[0]] == ["question", "reader", "model"]
    origin = origins(saved)[0]
    assert origin["model"] == "scripted:b"
    assert (origin["sampling"]["temperature"], origin["sampling"]["top_p"]) == (0.4, 0.5)
    assert origin["sampling"]["extra"] == {"top_k": 9, "seed": 1}


def test_versions_are_kept_and_a_run_keeps_its_own(saved):
    changed = FAQ | {"prompt": 'Write {count} riddles about {topic} for {reader}. {"question": "…", "answer": "…"}'}
    (saved.folder / "new.yaml").write_text(yaml.safe_dump(changed), "utf-8")
    recipe = saved.recipe(RECIPE | {"budget": {"calls": 1}})
    assert saved("generate", recipe).code == 3
    assert saved("templates", "edit", "faq", "new.yaml", "--json").json["version"] == 2
    assert "riddles" in saved("templates", "show", "faq").out
    assert "questions" in saved("templates", "show", "faq", "--version", "1").out
    assert "riddles" in saved("preview", recipe, "-n", "1").out
    refused = saved("generate", recipe)
    assert refused.code == 2
    assert "faq@1 → faq@2" in refused.err
    pinned = saved.recipe(RECIPE | {"generator": RECIPE["generator"] | {"template": "faq@1"}}, "pinned.yaml")
    assert saved("templates", "remove", "faq").code == 0
    assert saved("generate", pinned).code == 2  # remove keeps nothing
    assert saved("runs", "resume", "faq-1").code == 3  # but the run has what it was made with
    assert all("questions about" in origin["prompt"][0]["content"] for origin in origins(saved))


def test_the_library_knows_them_too(saved, monkeypatch):
    place = saved.folder / ".seedbed"
    assert len(seedbed.generate(RECIPE, workspace=place)) == 6
    path = saved.folder / saved.recipe(RECIPE | {"name": "again"})
    assert seedbed.generate(path, workspace=place).figures["accepted"] == 6
    monkeypatch.setenv("SEEDBED_WORKSPACE", str(place))
    for recipe in (seedbed.Recipe.of(RECIPE), seedbed.Recipe.load(path)):
        assert recipe.generator.template == "faq@1"
        assert recipe.model == {"scripted": 1}
        assert len(seedbed.generate(recipe, new=True)) == 6
    monkeypatch.setenv("SEEDBED_WORKSPACE", str(saved.folder / "elsewhere"))
    with pytest.raises(seedbed.InputError, match="no template `faq`"):
        seedbed.Recipe.of(RECIPE)
    assert not (saved.folder / "elsewhere").exists()


def test_inner_generators_and_steps_are_resolved(saved):
    place = saved.folder / ".seedbed"
    inner = {"generator": {"kind": "multilingual", "languages": ["en"], "generator": RECIPE["generator"]}}
    assert resolve(inner, place)["generator"]["generator"]["template"] == "faq@1"
    steps = {"steps": [{"name": "first", "generator": RECIPE["generator"]}]}
    assert resolve(steps, place)["steps"][0]["generator"]["prompt"] == FAQ["prompt"]
    written = {"generator": {"kind": "template", "template": "faq", "prompt": "mine", "count": 1}}
    assert resolve(written, place) == written
    assert RECIPE["generator"]["template"] == "faq"


def test_a_generator_alone_brings_its_model_along(saved):
    from seedbed.generators.template import TemplateGenerator

    generator = TemplateGenerator(
        prompt="Write a riddle.", count=2, parameters={"model": "scripted", "temperature": 0.1}
    )
    made = seedbed.generate(generator, workspace=saved.folder / "own")
    assert len(made) == 2


def test_an_older_version_is_edited_into_a_new_one(saved):
    (saved.folder / "new.yaml").write_text("prompt: Write a riddle.")
    assert saved("templates", "edit", "faq@1", "new.yaml").code == 0
    [row] = saved("templates", "list", "--json").json["templates"]
    assert (row["name"], row["version"]) == ("faq", 2)


def test_parameters_come_after_the_recipe_and_its_preset():
    generator = {"kind": "template", "prompt": "x", "count": 1, "parameters": {"temperature": 0.2, "max_tokens": 50}}
    document = {"name": "r", "model": "scripted", "generator": generator}
    for fields, expected in (
        ({}, (0.2, 0.2, 50)),
        ({"preset": "fast"}, (0.8, 0.8, 300)),
        ({"temperature": [0.5, 0.6], "max_tokens": 9}, (0.5, 0.6, 9)),
    ):
        made = seedbed.Recipe.of(document | fields).sampling()
        assert (made.low, made.high, made.base.max_tokens) == expected
    with pytest.raises(seedbed.InputError, match=r"generator\.parameters\.top_p"):
        seedbed.Recipe.of(document | {"generator": generator | {"parameters": {"top_p": 2}}})


def test_templates_without_a_file(shell):
    made = shell(
        "templates",
        "add",
        "riddle",
        "--prompt",
        "A riddle on {topic}, {current_date}",
        "--type",
        "text",
        "--description",
        "riddles",
        "--set",
        "parameters.temperature=0.7",
    )
    assert made.code == 0, made.err
    assert "{topic: …}" in made.err
    [row] = shell("templates", "list", "--json").json["templates"]
    assert (row["name"], row["version"], row["variables"]) == ("riddle", 1, ["topic"])
    assert row["document"] == {
        "prompt": "A riddle on {topic}, {current_date}",
        "type": "text",
        "description": "riddles",
        "parameters": {"temperature": 0.7},
    }
    assert "riddle" in shell("templates", "list").out
    assert shell("templates", "show", "riddle", "--json").json == row
    assert shell("templates", "add", "riddle", "--prompt", "Another").code == 2
    assert shell("templates", "add", "riddle", "--prompt", "Another", "--force", "--json").json["version"] == 2
    assert [one["version"] for one in shell("templates", "list", "--json").json["templates"]] == [2]


def test_what_is_shown_can_be_added_again(saved):
    (saved.folder / "again.yaml").write_text(saved("templates", "show", "faq").out, "utf-8")
    assert "prompt: |" in (saved.folder / "again.yaml").read_text("utf-8")
    assert saved("templates", "edit", "faq", "again.yaml").err.startswith("Nothing was changed")


def test_the_editor_edits(saved):
    edit = "import sys; p = sys.argv[1]; t = open(p).read(); open(p, 'w').write(t.replace({!r}, {!r}))"
    (saved.folder / "fine.py").write_text(edit.format("Questions for", "Answers on"))
    (saved.folder / "spoil.py").write_text(edit.format("{topic}", "{topic}\n  {top"))
    (saved.folder / "wrong.py").write_text(edit.format("type: qa", "type: quiz"))
    done = saved("templates", "edit", "faq", EDITOR=f"{sys.executable} fine.py")
    assert done.code == 0, done.err
    assert "version 2" in done.err
    assert "Answers on" in saved("templates", "show", "faq").out
    refused = saved("templates", "edit", "faq", EDITOR=f"{sys.executable} wrong.py")
    assert refused.code == 2
    assert "Mend it, then: seedbed templates edit faq /" in refused.err
    kept = refused.err.split("edit faq ")[1].split()[0]
    assert "quiz" in Path(kept).read_text("utf-8")
    assert "EDITOR is not set" in saved("templates", "edit", "faq", EDITOR="", VISUAL="").err
    assert "cannot be started" in saved("templates", "edit", "faq", EDITOR="no-such-editor", VISUAL="").err


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["add", "new"], "Name a YAML file, or give --prompt"),
        (["add", "new", "no.yaml"], "There is no template file no.yaml"),
        (["add", "new", "list.yaml"], "a template is a mapping of fields: prompt, type"),
        (["add", "new", "field.yaml"], "field.yaml, line 2: promt: there is no such field"),
        (["add", "new", "value.yaml"], "value.yaml, line 3: parameters.temperature: must be a number from 0 to 2"),
        (["add", "new", "none.yaml"], "prompt: is missing"),
        (["add", "a b", "--prompt", "x"], "must begin with a letter or digit"),
        (["add", "a@2", "--prompt", "x"], "must begin with a letter or digit"),
        (["add", "faq", "--prompt", "x"], "seedbed templates edit faq"),
        (["add", "new", "--prompt", "x", "--type", "poem"], "--type: type: must be `qa`"),
        (["add", "new", "--prompt", "x", "--set", "parameters.max_tokens=none"], "must be a whole number"),
        (["show", "faqs"], "Did you mean `faq`?"),
        (["show", "faq", "--version", "3"], "no version 3"),
        (["edit", "faqs", "faq.yaml"], "Did you mean `faq`?"),
        (["remove", "faqs"], "Did you mean `faq`?"),
        (["remove", "faq@1"], "with all its versions"),
        (["show", "faq", "--workspace", "elsewhere"], "There is no template `faq`"),
    ],
)
def test_bad_input_is_one_sentence(saved, arguments, words):
    for name, text in {
        "list.yaml": "- a",
        "field.yaml": "type: qa\npromt: x\n",
        "value.yaml": "prompt: x\nparameters:\n  temperature: 9\n",
        "none.yaml": "type: qa\n",
    }.items():
        (saved.folder / name).write_text(text)
    done = saved("templates", *arguments)
    assert done.code == 2
    assert words in done.err
    assert "Traceback" not in done.err


@pytest.mark.parametrize(("name", "words"), [("fap", "no template `fap`"), ("faq@7", "has no version 7")])
def test_a_recipe_that_names_no_template_says_where(saved, name, words):
    recipe = saved.recipe({"name": "r", "model": "scripted", "generator": RECIPE["generator"] | {"template": name}})
    done = saved("generate", recipe)
    assert done.code == 2
    assert "recipe.yaml, line 7: generator.template: " in done.err or "generator.template" in done.err
    assert words in done.err


def test_a_value_that_is_lacking_is_named(saved):
    recipe = saved.recipe({"name": "r", "generator": {"kind": "template", "template": "faq", "count": 1}})
    assert "there is no variable `{topic}`" in saved("generate", recipe).err


def test_a_command_for_the_editor_with_an_open_quote_is_told(saved):
    done = saved("templates", "edit", "faq", EDITOR="vi '")
    assert (done.code, "The editor `vi '` cannot be started: No closing quotation." in done.err) == (2, True)
