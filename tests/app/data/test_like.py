"""`seedbed init --like`: a recipe from real data."""

from __future__ import annotations

import csv
import sys
from random import Random

import pytest

import seedbed
from seedbed.app.data.like import _mask_plainly, write_like

NAMES = ["good", "good", "bad", "no: idea"]


def write(folder, rows, name="real.csv"):
    with (folder / name).open("w", newline="", encoding="utf-8") as file:
        made = csv.DictWriter(file, list(rows[0]))
        made.writeheader()
        made.writerows(rows)


def reviews(count=240):
    rng = Random(3)
    types = {"travel": ["air", "train"], "stores": ["toys & games"]}
    for i in range(count):
        category = ["travel", "stores"][i % 2]
        text = (
            f'The {category} thing {i} was {{so}} so, mail joe{i}@example.org or call +49 30 12345{i:04d}. "Ok"'
            + " x" * (i % 20)
        )
        yield {
            "id": i,
            "text": text,
            "label": NAMES[i % 4],
            "channel": rng.choice(["mail", "chat", "phone"]),
            "category": category,
            "type": rng.choice(types[category]),
            "agent": ["ann@example.org", "bob@example.org"][i % 2],
            "note": f"a note of its own {i}",
            "hour": 6 * (i // 2 % 4),
            "country": rng.choice("ABCDEFGHIJ"),
        }


def loaded(folder, **options):
    count = write_like(
        folder / "recipe.yaml", folder / "real.csv", **{"text": None, "label": None, "force": True} | options
    )
    return count, seedbed.Recipe.load(folder / "recipe.yaml"), (folder / "recipe.yaml").read_text("utf-8")


def test_labels_shares_lengths_axes_and_masked_examples(tmp_path):
    write(tmp_path, list(reviews()))
    count, recipe, text = loaded(tmp_path)
    made = recipe.generator
    assert (count, made.count, made.kind) == (240, 240, "classification")
    assert list(made.labels) == ["good", "bad", "no: idea"]
    assert made.ratios["label"] == {"good": 120, "bad": 60, "no: idea": 60}
    quota = recipe.quota()
    assert sum(cell.wanted for cell in quota.cells if "bad" in quota.as_dict(cell).values()) == 60
    assert {name: set(types) for name, types in made.categories.items()} == {
        "travel": {"air", "train"},
        "stores": {"toys & games"},
    }
    # `country` would make more cells than rows, `agent` holds personal data, `note` has too many values.
    assert list(made.axes) == ["channel", "hour"]
    [length] = [check for check in recipe.checks if check.kind == "length"]
    assert 1 < length.min_words < length.max_words
    assert len(made.examples) == 8
    assert {example.label for example in made.examples} == {"good", "bad", "no: idea"}
    assert "@example.org" not in text
    assert "12345" not in text
    assert all("<EMAIL_ADDRESS>" in example.text and '"Ok"' in example.text for example in made.examples)
    assert recipe.output == "recipe-new.csv"


def test_without_the_extra_simple_patterns_mask_and_say_so(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "seedbed.checks.privacy", None)
    write(tmp_path, list(reviews()))
    _, recipe, text = loaded(tmp_path)
    assert "seedbed[privacy]" in text
    assert all("<EMAIL_ADDRESS> or call <NUMBER>." in example.text for example in recipe.generator.examples)


def test_columns_are_named_or_found(tmp_path):
    rows = [{"id": i, "review": f"A rather long review, number {i}", "stars": str(1 + i % 3)} for i in range(60)]
    write(tmp_path, rows)
    _, recipe, _ = loaded(tmp_path, label="stars")
    assert list(recipe.generator.labels) == ["1", "2", "3"]
    assert "A rather long review" in recipe.generator.examples[0].text
    _, recipe, text = loaded(tmp_path)
    assert (recipe.generator.kind, recipe.generator.count, len(recipe.generator.examples)) == ("prompt", 60, 8)
    assert "--label COLUMN" in text


def test_what_yaml_would_read_otherwise_stays_a_text(tmp_path):
    labels = ["true", "1.50", "- x", "a: b", "#c", "~", "it's", 'say "x"', "é{}", "null", "line\nbreak", "{text}"]
    write(tmp_path, [{"text": f"text {i} \u2028 {{x}} \x85 end", "label": labels[i % 12]} for i in range(24)])
    _, recipe, _ = loaded(tmp_path)
    assert set(recipe.generator.labels) == set(labels)
    assert any("\u2028" in example.text for example in recipe.generator.examples)


def test_a_recipe_from_data_runs(shell):
    write(shell.folder, list(reviews()))
    assert shell("init", "--like", "real.csv", "mine.yaml").code == 0
    done = shell("generate", "mine.yaml", "--model", "scripted", "--count", "24", "--set", "checks=[]")
    assert done.code == 0, done.err
    assert len(shell.rows("mine-new.csv")) == 24


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--like", "no.csv"], "There is no file no.csv"),
        (["--like", "real.csv", "--label", "lable"], "Did you mean `label`?"),
        (["--like", "real.csv", "--text", "txt"], "Did you mean `text`?"),
        (["--like", "real.csv", "--label", "note"], "holds no labels"),
        (["--like", "real.csv", "--text", "empty"], "has no texts"),
        (["--like", "real.csv", "there.yaml"], "exists"),
        (["--label", "label"], "Add: --like FILE"),
    ],
)
def test_bad_input_is_one_sentence(shell, arguments, words):
    write(shell.folder, [{**row, "note": f"{row['note']} {i}", "empty": ""} for i, row in enumerate(reviews(600))])
    (shell.folder / "there.yaml").write_text("mine")
    done = shell("init", *arguments)
    assert done.code == 2
    assert words in done.err
    assert (shell.folder / "there.yaml").read_text() == "mine"


def test_texts_that_are_all_too_long_for_examples_still_make_a_recipe(tmp_path):
    write(tmp_path, [{"text": f"{i} " + "word " * 200, "label": "ab"[i % 2]} for i in range(40)])
    _, recipe, text = loaded(tmp_path)
    assert (recipe.generator.count, len(recipe.generator.examples)) == (40, 0)
    assert "no examples: all texts are longer than 600 characters" in text


def test_columns_with_odd_names_spoil_no_recipe(tmp_path):
    rows = [{"text": f"text {i}", "of\nwhat": "ab"[i % 2], "": "xy"[i % 2]} for i in range(60)]
    write(tmp_path, rows)
    _, recipe, _ = loaded(tmp_path, label="of\nwhat")
    assert (list(recipe.generator.labels), recipe.generator.axes) == (["a", "b"], {})


def test_long_texts_and_very_many_values_are_no_labels(tmp_path):
    write(tmp_path, [{"text": f"text {i}", "label": "word " * 300 + "ab"[i % 2], "n": i} for i in range(600)])
    for label in ("label", "n"):
        with pytest.raises(seedbed.InputError, match=r"holds no labels \(over 500, or over 200 characters\)"):
            loaded(tmp_path, label=label)


def test_emoji_are_shown_as_they_are(tmp_path):
    texts = ["fine 👩\u200d👧 \\U0001F469", "so 👍🏽 so"]
    write(tmp_path, [{"text": texts[i % 2] + "!" * i, "label": "👍👎"[i % 2]} for i in range(40)])
    _, recipe, text = loaded(tmp_path)
    assert list(recipe.generator.labels) == ["👍", "👎"]
    assert "👩\u200d👧" in text
    assert {example.text.rstrip("!") for example in recipe.generator.examples} == set(texts)


def test_an_address_after_a_million_letters_is_masked():
    assert _mask_plainly("a" * 1_000_000 + " b@c.de") == "a" * 1_000_000 + " <EMAIL_ADDRESS>"
