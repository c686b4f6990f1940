"""Recipes as people write them: in YAML or JSON, with errors that name file and line."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from seedbed.app.recipe_file import RecipeFile, set_value
from seedbed.app.recipes import Changes, load_recipe, write_starter
from seedbed.core.errors import InputError
from seedbed.recipe.document import Recipe

GOOD = """\
name: replies
model: local:fake
connections:
  local: {provider: openai, base_url: "http://127.0.0.1:9/v1"}
generator:
  kind: classification
  instruction: one reply
  count: 12
  labels:
    polite: warm
    impolite: rude
  examples:
    - {text: Thank you., label: polite}
    - text: Go away.
      label: impolite
checks:
  - refusal
  - kind: length
    min_words: 3
"""


def read(text: str) -> RecipeFile:
    return RecipeFile(text, "mine.yaml", Path())


def document(text: str) -> dict[str, Any]:
    return read(text).document


def made(text: str, *sets: str) -> Recipe:
    file = read(text)
    for one in sets:
        file.change(*set_value(one))
    return file.recipe()


def complaint(text: str, *sets: str) -> InputError:
    with pytest.raises(InputError) as error:
        made(text, *sets)
    return error.value


def test_yaml_json_and_python_say_the_same() -> None:
    plain = document(GOOD)
    assert read(GOOD).recipe() == Recipe.of(plain)
    for indent in (None, 2, "\t"):
        assert read(json.dumps(plain, indent=indent)).recipe() == Recipe.of(plain)


def test_json_with_escapes_is_read_as_json() -> None:
    text = json.dumps({"name": "a", "output": 'é 😀 "x" \\ / \t.csv'})
    assert document(text)["output"] == document(json.dumps(json.loads(text), ensure_ascii=False))["output"]
    assert document('{"name": "a\\/b", "output": "\\u00e9\\ud83d\\ude00"}') == {"name": "a/b", "output": "é😀"}


@pytest.mark.parametrize("word", ["no", "No", "NO", "yes", "on", "off", "y", "n", "Yes", "OFF"])
def test_countries_and_answers_are_texts(word: str) -> None:
    labels = document(f"labels:\n  {word}: a country\n  other: b")["labels"]
    assert list(labels) == [word, "other"]
    assert document(f"labels: [{word}, {word}x]")["labels"] == [word, f"{word}x"]


@pytest.mark.parametrize("text", ["2026-01-01", "9:30", "12:45:10", "1_000", "1e3", "0b1", "3.11.2", "01067"])
def test_dates_times_and_groups_of_digits_are_no_numbers(text: str) -> None:
    recipe = read(GOOD.replace("impolite", f"{text}")).recipe()
    assert list(recipe.generator.labels) == ["polite", text]  # type: ignore[attr-defined]


def test_numbers_and_truth_values_are_what_they_are() -> None:
    assert document("a: 1\nb: -2.5\nc: true\nd: False\ne: null\nf: ~\ng: 1.0e-3\nh: 'true'") == {
        "a": 1,
        "b": -2.5,
        "c": True,
        "d": False,
        "e": None,
        "f": None,
        "g": 0.001,
        "h": "true",
    }


def test_a_byte_order_mark_and_windows_line_ends_make_no_difference(tmp_path: Path) -> None:
    path = tmp_path / "windows.yaml"
    path.write_bytes(b"\xef\xbb\xbf" + GOOD.replace("\n", "\r\n").encode())
    assert RecipeFile.read(path).recipe() == read(GOOD).recipe()
    wrong = RecipeFile(path.read_text("utf-8").replace("count: 12", "count: 0"), "w.yaml", tmp_path)
    with pytest.raises(InputError, match=r"w\.yaml, line 8"):
        wrong.recipe()


def test_anchors_and_merges_save_typing() -> None:
    text = "base: &base\n  retries: 2\n  provider: openai\nmade:\n  <<: *base\n  retries: 3\nsame: *base\n"
    assert document(text) == {
        "base": {"retries": 2, "provider": "openai"},
        "made": {"retries": 3, "provider": "openai"},
        "same": {"retries": 2, "provider": "openai"},
    }


@pytest.mark.parametrize(
    ("old", "new", "line", "words"),
    [
        ("name: replies", "nam: replies", 1, "nam: there is no such field"),
        ("model: local:fake", "model: {local:fake: -1}", 2, "model.local:fake"),
        ("{provider: openai,", "{provider: openai, port: 3,", 4, "connections.local.port: there is no such field"),
        ("kind: classification", "kind: clasification", 6, "`clasification`"),
        ("count: 12", "count: 0", 8, "generator.count"),
        ("count: 12", "cuont: 12", 8, "generator.cuont"),
        ("impolite: rude", "impolite: [rude]", 11, "generator.labels.impolite"),
        ("polite}", "polit}", 13, "generator.examples[0].label"),
        ("      label: impolite", "      label: impolit", 15, "generator.examples[1].label"),
        ("  - refusal", "  - refusl", 17, "checks[0]"),
        ("min_words: 3", "min_word: 3", 19, "checks[1].min_word"),
        ("min_words: 3", "min_words: many", 19, "checks[1].min_words"),
    ],
)
def test_an_error_names_file_line_and_field(old: str, new: str, line: int, words: str) -> None:
    assert old in GOOD
    error = complaint(GOOD.replace(old, new))
    assert words in error.message
    assert error.message.startswith(f"mine.yaml, line {line}: ")
    assert error.message.endswith((".", "?", "!"))
    assert "\n" not in error.message


def test_a_missing_field_names_the_line_of_its_part() -> None:
    assert complaint(GOOD.replace("  instruction: one reply\n", "")).message.startswith(
        "mine.yaml, line 5: generator.ins"
    )
    assert "name: is missing" in complaint(GOOD.replace("name: replies\n", "")).message


def test_lines_of_json_are_named_too() -> None:
    text = json.dumps(document(GOOD), indent=2).replace('"count": 12', '"count": 0')
    line = next(n for n, row in enumerate(text.splitlines(), 1) if '"count"' in row)
    assert complaint(text).message.startswith(f"mine.yaml, line {line}: generator.count")


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("name: a\nmodel: b\nname: c\n", 3, "`name` is given twice"),
        ("generator:\n  labels:\n    no: a\n    no: b\n", 4, "`no` is given twice"),
        ("generator:\n  labels: {1: a, 1: b}\n", 2, "`1` is given twice"),
        ('{"name": "a",\n "name": "b"}', 2, "`name` is given twice"),
        ("name: [a\nmodel: b\n", 2, ""),
        ("name: a\n\tmodel: b\n", 2, ""),
        ("name: 'a\n", 1, "a quote is not closed"),
        ("name: *nothing\n", 1, "cannot begin with `*`"),
        ("a: 1\nb: !!python/object/apply:os.system [ls]\n", 2, ""),
    ],
)
def test_what_is_no_yaml_names_its_line(text: str, line: int, words: str) -> None:
    error = complaint(text)
    assert error.message.startswith(f"mine.yaml, line {line}: ")
    assert words in error.message
    assert "\n" not in error.message


@pytest.mark.parametrize("text", ["", "# nothing\n", "just a text", "- a\n- b\n", "5", "null"])
def test_what_is_no_mapping_is_no_recipe(text: str) -> None:
    assert "a recipe is a mapping of fields" in complaint(text).message


def test_two_documents_are_one_too_many() -> None:
    assert "mine.yaml" in complaint(GOOD + "---\n" + GOOD).message


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"There is no recipe file .*nothing\.yaml") as error:
        RecipeFile.read(tmp_path / "nothing.yaml")
    assert "seedbed init" in error.value.hint
    (tmp_path / "latin.yaml").write_bytes("name: caf\u00e9".encode("latin-1"))
    for path in (tmp_path, tmp_path / "latin.yaml"):
        with pytest.raises(InputError, match="cannot be read"):
            RecipeFile.read(path)


def test_input_files_are_looked_for_in_the_recipes_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep" / "r.yaml").write_text(GOOD, "utf-8")
    monkeypatch.chdir(tmp_path)
    assert RecipeFile.read("deep/r.yaml").folder == tmp_path / "deep"


@pytest.mark.parametrize(
    ("change", "field", "value"),
    [
        ("generator.count=5", ("generator", "count"), 5),
        ("seed=7", ("seed",), 7),
        ("budget.tokens=500", ("budget", "tokens"), 500),
        ("steering=off", ("steering",), "off"),
        ("temperature=[0.7, 1.1]", ("temperature",), [0.7, 1.1]),
        ("model={a:x: 2, b:y: 1}", ("model",), {"a:x": 2, "b:y": 1}),
        ("generator.instruction=one text: with = signs", ("generator", "instruction"), "one text: with = signs"),
        ("generator.labels.no=a country", ("generator", "labels", "no"), "a country"),
        ("checks[1].min_words=9", ("checks", 1, "min_words"), 9),
        ("checks.1.min_words=9", ("checks", 1, "min_words"), 9),
        ("checks[0]=copied_example", ("checks", 0), "copied_example"),
        ("generator.examples[1].label=polite", ("generator", "examples", 1, "label"), "polite"),
        ("output=", ("output",), None),
        ("generator.labels.new.part=x", ("generator", "labels", "new", "part"), "x"),
    ],
)
def test_set_changes_one_field(change: str, field: tuple[Any, ...], value: Any) -> None:
    if change.startswith("generator.instruction"):
        change = "generator.instruction='one text: with = signs'"
    file = read(GOOD)
    file.change(*set_value(change))
    found: Any = file.document
    for step in field:
        found = found[step]
    assert found == value


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ("count", "--set count: it must be of the form path=value"),
        ("=5", "must be of the form"),
        ("a=[1", "--set a: the value cannot be read"),
        ("checks[7].kind=length", "there is no `7`"),
        ("checks[7]=length", "there is no `7`"),
        ("checks.kind=length", "there is no `kind`"),
        ("name.first=x", "there is no `first`"),
        ("name.first.second=x", "there is no `"),
        ("generator.cuont=5", "generator.cuont: there is no such field"),
        ("generator.count=none", "generator.count"),
    ],
)
def test_set_to_nowhere_is_an_error_of_one_sentence(change: str, words: str) -> None:
    error = complaint(GOOD, change)
    assert words in error.message
    assert "\n" not in error.message


def test_options_of_the_command_line_win(tmp_path: Path) -> None:
    path = tmp_path / "r.yaml"
    path.write_text(GOOD, "utf-8")
    changes = Changes(count=5, models=["local:a", "local:b"], seed=9, sets=["generator.count=7", "structured=never"])
    recipe, file = load_recipe(path, changes)
    assert (recipe.generator.count, recipe.model, recipe.seed) == (5, {"local:a": 1, "local:b": 1}, 9)
    assert recipe.structured == "never"
    assert file.name == str(path)
    assert load_recipe(path)[0] == read(GOOD).recipe()


@pytest.mark.parametrize("name", ["recipe.yaml", "my tickets.yaml", "Größe 5.yml", "...yaml", "-x-.yaml", "é.yaml"])
def test_the_starter_is_a_recipe(name: str, tmp_path: Path) -> None:
    write_starter(tmp_path / name, force=False)
    recipe, _ = load_recipe(tmp_path / name)
    assert recipe.generator.count == 24
    with pytest.raises(InputError, match="exists"):
        write_starter(tmp_path / name, force=False)
    write_starter(tmp_path / name, force=True)
