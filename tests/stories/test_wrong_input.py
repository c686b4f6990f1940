"""Whatever is wrong with what people give: one sentence that names the place and says what to do; exit 2, no call."""

from __future__ import annotations

import json
import re
import sqlite3
import subprocess
import sys
import traceback
from pathlib import Path
from typing import Any

import pytest

import seedbed
from seedbed.app.recipes import load_plugins
from seedbed.core.errors import InputError, nearest
from seedbed.testing.server import Settings, running_server

RECIPE = """\
name: replies
model: local:fake
connections:
  local:
    provider: openai
    base_url: "http://127.0.0.1:9/v1"
temperature: 0.9
generator:
  kind: classification
  instruction: one reply
  count: 12
  labels:
    polite: warm
    impolite: rude
  categories: {travel: [air, train]}
  axes: {channel: [email, chat]}
  ratios: {label: {polite: 2}}
  examples:
    - {text: Thank you., label: polite}
    - text: Go away.
      label: impolite
checks:
  - refusal
  - kind: length
    min_words: 3
seed: 7
"""
SECRET = "sk-abc123456789def"
FOREIGN = re.compile(
    r"Input should|should match|valid (dict|str|tuple|int|num|bool)|unable to|at least 1 item|Value error|errors? for"
    r"|instance of|Errno|Traceback|\bNone\b|\bTrue\b"
)
LABELS = "labels:\n    polite: warm\n    impolite: rude"
FIELDS = "must be a mapping of fields"
WHOLE = "must be a whole number"


def complaint(tmp_path: Path, text: str) -> InputError:
    """What is said about a recipe file; nothing may be stored by then."""
    (tmp_path / "recipe.yaml").write_text(text, "utf-8")
    with pytest.raises(InputError) as caught:
        seedbed.generate(tmp_path / "recipe.yaml", workspace=tmp_path / "workspace")
    said = caught.value
    assert not FOREIGN.search(said.message + said.hint), said.message
    assert "\n" not in said.message + said.hint
    assert said.message.endswith((".", "?", "!"))
    return said


def changed(old: str, new: str) -> str:
    assert RECIPE.count(old) == 1, old
    return RECIPE.replace(old, new)


WRONG = [
    ("name: replies", "name: 5", 1, "name: must be a text (it is 5).", "Put it in quotes."),
    ("name: replies", "name: [a]", 1, "name: must be a text (it is ['a']).", ""),
    ("name: replies", "name: a b/c", 1, "name: must begin with a letter or digit and hold only those,", ""),
    ("name: replies", "nam: replies", 1, "nam: there is no such field.", "Did you mean `name`?"),
    ("model: local:fake", "model:", 2, "model: must be a name such as connection:model, a list of names,", ""),
    ("model: local:fake", "model: 5", 2, "model: must be a name such as connection:model, a list of names,", ""),
    ("model: local:fake", "model: []", 2, "model: must not be empty.", ""),
    ("model: local:fake", "model: ''", 2, "model: the name '' must not be empty.", ""),
    ("model: local:fake", "model: [[a]]", 2, "model: must be a name such as connection:model,", ""),
    ("model: local:fake", "model: {local:fake: -1}", 2, "model.local:fake: must be at least 0 (it is -1).", ""),
    ("model: local:fake", "model: {local:fake: many}", 2, "model.local:fake: must be a number (it is 'many').", ""),
    ("model: local:fake", "model: local", 2, "model: which model of `local`?", "Write local:MODEL"),
    ("model: local:fake", "model: locl:fake", 2, "there is no connection or provider `locl`.", "Did you mean `local`?"),
    ("model: local:fake", "model: nope:x", 2, "there is no connection or provider `nope`.", "Known: local, anthropic,"),
    ("model: local:fake", "model:\n  - local:fake\n  - opnai:x", 4, "provider `opnai`.", "Did you mean `openai`?"),
    (
        "model: local:fake",
        "model: openai:x",
        2,
        "the variable OPENAI_API_KEY for the key is not set.",
        "export OPENAI_API_KEY=…",
    ),
    ("model: local:fake", "model: azure:x", 2, "variable AZURE_OPENAI_API_KEY for the key is not set.", "export AZURE"),
    ("model: local:fake", "model: embedded:smollm", 2, "there is no local model `smollm`.", "smollm"),
    (
        "provider: openai",
        "provider: opnai",
        5,
        "local.provider: there is no provider `opnai`.",
        "Did you mean `openai`?",
    ),
    (
        "provider: openai",
        "provider: openai\n    key_env: NOT_SET",
        6,
        "the variable NOT_SET for the key is not set.",
        "export NOT_SET=…",
    ),
    ("provider: openai", "provider: openai\n    concurrency: 0", 6, "concurrency: must be at least 1 (it is 0).", ""),
    ("provider: openai", "provider: openai\n    timeout: -1", 6, "timeout: must be more than 0 (it is -1).", ""),
    ("provider: openai", "provider: openai\n    key_evn: X", 6, "there is no such field.", "Did you mean `key_env`?"),
    ('"http://127.0.0.1:9/v1"', "localhost:9", 6, "base_url: must be a web address such as http://127.0.0.1:8000", ""),
    (
        '    base_url: "http://127.0.0.1:9/v1"',
        "    api_version: v1\n    provider_: x",
        7,
        "no such field",
        "`provider`",
    ),
    ("temperature: 0.9", "temperature: 9", 7, "temperature: must be a number from 0 to 2, or a range of two", ""),
    ("temperature: 0.9", "top_p: 2", 7, "top_p: must be at most 1 (it is 2).", ""),
    ("temperature: 0.9", "max_tokens: 1.5", 7, f"max_tokens: {WHOLE} (it is 1.5).", ""),
    ("temperature: 0.9", "stop: END", 7, "stop: must be a list such as [a, b] (it is 'END').", ""),
    ("temperature: 0.9", "extra: 5", 7, "extra: must be a mapping of names to values (it is 5).", ""),
    ("temperature: 0.9", "preset: fst", 7, "preset: must be `quality`, `fast` or `creative` (it is 'fst').", ""),
    ("temperature: 0.9", "structured: true", 7, "must be `auto`, `always` or `never` (it is true).", ""),
    ("temperature: 0.9", "into: have.csv", 7, f"into: {FIELDS} (it is 'have.csv').", "Its fields: dataset, top_up."),
    ("temperature: 0.9", "into: {dataset: ''}", 7, "into.dataset: must not be empty.", ""),
    ("temperature: 0.9", "into: {dataset: no.csv}", 7, "into.dataset: there is no file ", "the recipe's folder"),
    ("temperature: 0.9", "into: {dataset: here.doc}", 7, "into.dataset: `here.doc` has none of the known", ""),
    ("temperature: 0.9", "near_duplicate: sometimes", 7, "near_duplicate: must be on or off.", ""),
    ("temperature: 0.9", "steering: 3", 7, "steering: must be on or off.", ""),
    ("temperature: 0.9", "stop_rules: {fruitless: 0}", 7, "stop_rules.fruitless: must be at least 1 (it is 0).", ""),
    ("temperature: 0.9", "fallback: nope:x", 7, "fallback: there is no connection or provider `nope`.", "Known: "),
    ("temperature: 0.9", "budget: -1", 7, f"budget: {FIELDS} (it is -1).", "Its fields: cost, tokens, calls, minutes."),
    ("temperature: 0.9", "budget: {cost: -1}", 7, "budget.cost: must be more than 0 (it is -1).", ""),
    ("temperature: 0.9", "budget: {minutes: .inf}", 7, "budget.minutes: must be a finite number", ""),
    ("temperature: 0.9", "budget: {cost: 1}", 7, "budget.cost: a budget in money needs prices,", "Add: prices:"),
    ("temperature: 0.9", "prices: {x: {input: 1}}", 7, "prices.x.output: is missing.", ""),
    ("temperature: 0.9", "seed: x", 26, "`seed` is given twice; keep one of them.", ""),
    ("seed: 7", "seed: -1", 26, "seed: must be at least 0 (it is -1).", ""),
    ("kind: classification", "kind: clasification", 9, "no generator `clasification`.", "`classification`?"),
    ("kind: classification", "sort: x", 8, "generator: needs a `kind`.", "classification"),
    ("instruction: one reply", "instruction: ''", 10, "generator.instruction: must not be empty.", ""),
    ("instruction: one reply", "instruction:", 10, "generator.instruction: must be a text (it is empty).", ""),
    ("count: 12", "count: 0", 11, "generator.count: must be at least 1 (it is 0).", ""),
    ("count: 12", "count: ten", 11, f"generator.count: {WHOLE} (it is 'ten').", ""),
    ("count: 12", "count: .nan", 11, f"generator.count: {WHOLE} (it is '.nan').", ""),
    ("count: 12", "count: true", 11, f"generator.count: {WHOLE} (it is true).", ""),
    ("count: 12", f"count: {10**20}", 11, "generator.count: must be at most 1,000,000,000,000", ""),
    ("count: 12", f"count: {'9' * 5000}", 11, f"generator.count: {WHOLE} (it is ", ""),
    ("count: 12", "count: 12\n  unique_by: txt", 12, "must be a list such as [a, b] (it is 'txt').", ""),
    ("count: 12", "count: 12\n  unique_by: []", 12, "generator.unique_by: must not be empty.", ""),
    ("count: 12", "count: 12\n  unique_by: [text, chanel]", 12, "no column `chanel`.", "Did you mean `channel`?"),
    ("count: 12", "count: 12\n  unique_by:\n    - reasoning", 13, "no column `reasoning`.", "Known: text, label,"),
    ("count: 12", "count: 12\n  prompt: 'A {lable}'", 12, "no variable `{lable}`. Did you mean `label`?", ""),
    ("count: 12", "count: 12\n  attributes: {mood: []}", 12, "generator.attributes.mood: must not be empty.", ""),
    (LABELS, "labels: 5", 12, "generator.labels: must be a list of names, or a mapping of names to descrip", ""),
    (LABELS, "labels: []", 12, "generator.labels: must not be empty.", ""),
    (LABELS, "labels: [polite, polite]", 12, "generator.labels: `polite` is listed twice.", ""),
    (LABELS, "labels: [1, '1']", 12, "generator.labels: `1` is listed twice.", ""),
    (LABELS, "labels:\n    - polite: warm", 12, "{'polite': 'warm'} is no name; what is said about names needs", ""),
    ("    polite: warm", "    polite: [warm]", 13, "generator.labels.polite: must be a text (it is ['warm']).", ""),
    ("    polite: warm", "    true: warm", 12, "generator.labels: the name true must be a text.", ""),
    ("[air, train]", "air", 15, "generator.categories.travel: must be a list such as [a, b]", ""),
    ("[air, train]", "[[air]]", 15, "generator.categories: ['air'] is no name;", ""),
    ("[email, chat]", "email", 16, "generator.axes.channel: must be a list of names,", ""),
    ("polite: 2", "polit: 2", 17, "ratios.label: there is no label `polit`. Did you mean `polite`?", ""),
    ("polite: 2", "polite: -1", 17, "generator.ratios.label.polite: must be at least 0 (it is -1).", ""),
    ("label: {polite: 2}", "lable: {polite: 2}", 17, "no axis `lable`. Did you mean `label`?", ""),
    ("label: {polite: 2}", "model: {other: 2}", 17, "there is no model `other`.", "Known: local:fake."),
    ("label: polite}", "label: polit}", 19, "examples[0].label: there is no label `polit`. Did you mean `polite`?", ""),
    ("      label: impolite", "      label: impolit", 21, "examples[1].label: there is no label `impolit`.", ""),
    ("label: polite}", "lable: polite}", 19, "generator.examples[0].label: is missing.", ""),
    ("label: polite}", "label: polite, tone: x}", 19, "generator.examples[0]: there is no field `tone`.", ""),
    ("{text: Thank you., label: polite}", "Thank you.", 19, f"examples[0]: {FIELDS}", "Its fields: text, label,"),
    ("- refusal", "- refusl", 23, "checks[0].kind: there is no check `refusl`.", "Did you mean `refusal`?"),
    ("- refusal", "- length:\n      min_words: 3", 23, "checks[0]: needs a `kind`.", "Write it as {kind: …,"),
    ("- refusal", "- {kind: length, column: txt}", 23, "checks[0].column: there is no column `txt`.", "`text`?"),
    ("- refusal", "- {kind: near_duplicate, threshold: 2}", 23, "threshold: must be at most 1 (it is 2).", ""),
    ("- refusal", "- {kind: near_duplicate, against: [old.csv]}", 23, "against[0]: there is no file ", "folder"),
    (
        "- refusal",
        "- near_duplicate\n  - kind: near_duplicate\n    against: [no.csv]",
        24,
        "`near_duplicate` can be given only once for the same column.",
        "one",
    ),
    ("- refusal", "- {kind: language, languages: [english]}", 23, "must be a code of two letters, such as en.", ""),
    ("- refusal", "- {kind: label_agreement, model: nope:x}", 23, "checks[0].model: there is no connection or", ""),
    ("- refusal", "- {kind: regex, pattern: '('}", 23, "checks[0].pattern: '(' is not a regular expression:", ""),
    ("    min_words: 3", "    min_words: many", 25, f"checks[1].min_words: {WHOLE} (it is 'many').", ""),
    ("    min_words: 3", "\tmin_words: 3", 25, "a tab stands where only spaces may; indent with spaces.", ""),
    ("one reply", "one: reply", 10, "a `:` too many; put a text that holds `: ` in quotes, begin", ""),
    ("one reply", "'one reply", 10, "a quote is not closed; close it where its text ends.", ""),
    ("one reply", "@reply", 10, "a text cannot begin with this sign; put it in quotes.", ""),
    ("one reply", "{{a}: b}", 10, "a name cannot be a list or mapping; put a text that begins", ""),
    ("seed: 7", "---\nseed: 7", 26, "a second document begins here; a file holds one recipe, so", ""),
]


@pytest.mark.parametrize(("old", "new", "line", "words", "hint"), WRONG, ids=[str(row[1])[:40] for row in WRONG])
def test_a_wrong_recipe_gets_one_sentence_with_its_line(
    old: str, new: str, line: int, words: str, hint: str, tmp_path: Path
) -> None:
    (tmp_path / "here.doc").touch()
    said = complaint(tmp_path, changed(old, new))
    assert words in said.message
    assert hint in said.hint
    assert said.message.startswith(f"{tmp_path}/recipe.yaml, line {line}: ")
    assert not (tmp_path / "workspace").exists()


EMPTY = "a recipe is a mapping of fields such as name, model and generator."


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", EMPTY),
        ("# nothing yet\n", EMPTY),
        ("- name: a\n- model: b\n", EMPTY),
        ("hello", EMPTY),
        ("name: a\x00b", "special characters are not allowed."),
        ("a: " + "[" * 3000, "nested too deeply."),
        ("name: !!python/object/apply:os.system [ls]\n", "could not determine a constructor for the tag"),
    ],
)
def test_what_is_no_recipe_at_all_is_said(text: str, words: str, tmp_path: Path) -> None:
    assert words in complaint(tmp_path, text).message


def test_a_folder_and_a_binary_file_are_no_recipes(shell: Any) -> None:
    (shell.folder / "data.yaml").write_bytes(bytes(range(256)))
    for name, words in ((".", "it is a folder."), ("data.yaml", "it is no text.")):
        ended = shell("generate", name)
        assert (ended.code, ended.out) == (2, "")
        assert ended.err.splitlines()[0] == f"Error: The recipe {name} cannot be read: {words}"
        assert not FOREIGN.search(ended.err)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--count", "0"], "--count: generator.count: must be at least 1 (it is 0)."),
        (["--model", "locl:x"], "--model: model: there is no connection or provider `locl`."),
        (["--seed", "-1"], "--seed: seed: must be at least 0 (it is -1)."),
        (["--set", "generator.cuont=3"], "--set: generator.cuont: there is no such field."),
        (["--set", "generator.count=many"], "--set: generator.count: must be a whole number (it is 'many')."),
        (["--set", "generator.count.deep=3"], "--set generator.count.deep: there is no `deep` to set."),
        (["--set", "seed"], "--set seed: it must be of the form path=value."),
        (["--set", f"connections.local.key_env=[{SECRET}"], "--set connections.local.key_env: the value cannot be"),
        (["--set", f"connections.local.key_env={SECRET}"], "--set: connections.local.key_env: must be the name of"),
    ],
)
def test_an_option_that_is_wrong_is_named_instead_of_a_line(arguments: list[str], words: str, shell: Any) -> None:
    (shell.folder / "recipe.yaml").write_text(RECIPE, "utf-8")
    ended = shell("generate", "recipe.yaml", *arguments)
    assert ended.code == 2
    assert ended.err.startswith(f"Error: {words}")
    assert SECRET not in ended.err
    assert len(ended.err.splitlines()) <= 2


def test_arguments_of_the_library_are_named_instead_of_a_line(tmp_path: Path) -> None:
    (tmp_path / "recipe.yaml").write_text(RECIPE, "utf-8")
    with pytest.raises(InputError, match=r"^generate\(\): temperature: must be a number from 0 to 2"):
        seedbed.generate(tmp_path / "recipe.yaml", temperature=9)


@pytest.mark.parametrize(
    ("word", "known", "phrase"),
    [
        ("nope", ["openai", "azure"], "Known: openai, azure."),
        ("OpenAI", ["openai", "azure"], "Did you mean `openai`?"),
        ("lable", ["label", "Labels"], "Did you mean `label`?"),
        ("x", [], ""),
    ],
)
def test_only_what_is_near_is_offered(word: str, known: list[str], phrase: str) -> None:
    assert nearest(word, known) == phrase


# Secrets

ADDRESS = '"http://127.0.0.1:9/v1"'
PASTED = [
    ("    provider: openai", f"    provider: openai\n    key_env: {SECRET}", "never the key itself"),
    (
        "    provider: openai",
        "    provider: openai\n    key_env: hf_SecretSecret123",
        "the variable for the key is not set",
    ),
    ("    provider: openai", f"    provider: openai\n    key_env: [{SECRET}]", "must be a text"),
    ("    provider: openai", f"    provider: openai\n    key: {SECRET}", "a recipe never holds a key"),
    ("    provider: openai", f"    provider: openai\n    api_key: {SECRET}", "a recipe never holds a key"),
    ("    provider: openai", f"    provider: openai\n    timeout: {SECRET}", "must be a number"),
    ("temperature: 0.9", f"api_key: {SECRET}", "a recipe never holds a key"),
    (ADDRESS, SECRET, "must be a web address"),
    (ADDRESS, f"https://me:{SECRET}@example.org/v1", "without user name, password or `?…`"),
    (ADDRESS, f"https://{SECRET}@example.org/v1", "without user name, password or `?…`"),
    (ADDRESS, f"https://example.org/v1?api_key={SECRET}", "without user name, password or `?…`"),
    (f"  local:\n    provider: openai\n    base_url: {ADDRESS}", f"  local: {SECRET}", FIELDS),
    (
        f"\n  local:\n    provider: openai\n    base_url: {ADDRESS}",
        f" {SECRET}",
        "must be a mapping of names to values",
    ),
]


@pytest.mark.parametrize(("old", "new", "words"), PASTED)
def test_a_key_that_was_pasted_is_refused_and_never_echoed(old: str, new: str, words: str, tmp_path: Path) -> None:
    said = complaint(tmp_path, changed(old, new))
    assert words in said.message
    # Nor do the errors it came from, which a notebook shows as well.
    shown = "".join(
        f"{type(error).__name__}: {error}"
        for error in (said, said.__cause__, said.__cause__ and said.__cause__.__cause__)
    )
    assert not re.search(r"sk-abc|SecretSecret", shown + said.hint)
    assert "line " in said.message


def test_connections_in_python_do_not_echo_either() -> None:
    for wrong in ({"key_env": SECRET}, {"base_url": f"https://me:{SECRET}@h/v1"}, {"base_url": SECRET}):
        with pytest.raises(ValueError, match="must be") as caught:
            seedbed.Connection(provider="openai", **wrong)
        assert SECRET not in "".join(traceback.format_exception_only(caught.value))


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--key-env", SECRET], "--key-env: must be the name of an environment variable"),
        (["--key-env", "hf_SecretSecret123"], "The variable for the key is not set."),
        (["--key-from", SECRET], "The variable for the key is not set."),
        (["--key-from", "NOT_SET"], "The variable NOT_SET for the key is not set."),
        (["--base-url", f"https://me:{SECRET}@h/v1", "--no-key"], "--base-url: must be a web address such as "),
        (["--base-url", f"https://h/v1?key={SECRET}", "--no-key"], "--base-url: must be a web address such as "),
        (["--base-url", "h:80", "--no-key"], "--base-url: must be a web address such as http://127.0.0.1:8000/v1,"),
        (["--concurrency", "0", "--no-key"], "--concurrency: must be at least 1 (it is 0)."),
        (["--provider", "azure"], "A connection to Azure OpenAI needs a `base_url`."),
        (["--provider", "opnai"], "There is no provider `opnai`."),
    ],
)
def test_a_connection_that_cannot_be_is_refused_at_once(options: list[str], words: str, shell: Any) -> None:
    ended = shell("connections", "add", "mine", "--provider", "openai", *options)
    assert ended.code == 2
    assert ended.err.startswith(f"Error: {words}")
    assert not re.search(r"sk-abc|SecretSecret", ended.out + ended.err)
    assert not (shell.folder / ".seedbed").exists()


def test_a_connection_is_replaced_with_force_only(shell: Any) -> None:
    add = ("connections", "add", "mine", "--provider", "openai", "--no-key", "--base-url")
    assert shell(*add, "http://127.0.0.1:1/v1").code == 0
    refused = shell(*add, "http://127.0.0.1:2/v1")
    assert refused.code == 2
    assert "There is a connection `mine` already." in refused.err
    assert "--force" in refused.err
    assert shell("connections", "list", "--json").json["connections"][0]["base_url"] == "http://127.0.0.1:1/v1"
    assert shell(*add, "http://127.0.0.1:2/v1", "--force").code == 0
    assert shell("connections", "list", "--json").json["connections"][0]["base_url"] == "http://127.0.0.1:2/v1"
    unsaid = shell("connections", "check", "mine")
    assert unsaid.code == 2
    assert "Which model of `mine`?" in unsaid.err
    assert "mine:MODEL" in unsaid.err
    assert shell("connections", "check", "scripted").code == 0


# What looks like markup


def test_labels_that_look_like_markup_are_shown_as_they_are(shell: Any) -> None:
    labels = ["[/b]", "[angry]", ":smile:", "[red]x[/red]"]
    generator = {"kind": "classification", "instruction": "one", "count": 4, "labels": labels, "axes": {"[a]": ["b"]}}
    shell.recipe({"name": "marked", "model": "scripted", "generator": generator, "seed": 1})
    for ended in (
        shell("generate", "recipe.yaml"),
        shell("runs", "show", "marked-1"),
        shell("generate", "recipe.yaml", "--new", FORCE_COLOR="1", TERM="xterm"),
    ):
        assert ended.code == 0, ended.err
        assert all(label in ended.out + ended.err for label in [*labels, "[a]"]), ended.err


# Plugins

SHORT = "import seedbed\n\n@seedbed.check('short')\nclass Short(seedbed.Check):\n    pass\n"


def test_a_plugin_takes_no_other_modules_place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("json.py").write_text("LOADED = True\n", "utf-8")
    before = set(sys.modules)
    load_plugins(["json.py"])
    assert sys.modules["json"] is json
    [name] = [name for name in set(sys.modules) - before if name.startswith("seedbed_plugin_")]
    assert sys.modules.pop(name).LOADED


@pytest.mark.parametrize(
    ("plugin", "text", "words"),
    [
        ("none.py", None, "Error: There is no plugin none.py."),
        ("no_such_module", None, "could not be loaded: ModuleNotFoundError: No module named 'no_such_module'."),
        ("p.py", "import nothing_like_it\n", "p.py could not be loaded: ModuleNotFoundError: No module named 'nothing"),
        ("p.py", "a = 1\nb = a + c\n", "could not be loaded: NameError: name 'c' is not defined, line 2."),
        ("p.py", "def f(:\n", "The plugin p.py could not be loaded: SyntaxError: invalid syntax (p.py, line 1)."),
        (
            "p.py",
            SHORT,
            "recipe.yaml, line 23: checks[0].kind: `short` is registered as a class that is no whole check",
        ),
        ("p.py", SHORT.replace("(seedbed.Check)", ""), "`short` is registered as a class that is no whole check"),
    ],
)
def test_a_plugin_that_cannot_be_used_is_said(plugin: str, text: str | None, words: str, shell: Any) -> None:
    (shell.folder / "recipe.yaml").write_text(changed("- refusal", "- short"), "utf-8")
    if text is not None:
        (shell.folder / plugin).write_text(text, "utf-8")
    ended = shell("generate", "recipe.yaml", "--plugin", plugin)
    assert ended.code == 2, ended.err
    assert words in ended.err
    assert not re.search(r"Traceback|should not|<frozen", ended.err)


# What lies where the workspace belongs


@pytest.fixture
def scripted(shell: Any) -> str:
    generator = {"kind": "prompt", "prompt": "Write.", "count": 3}
    return str(shell.recipe({"name": "plain", "model": "scripted", "generator": generator}))


def test_a_file_in_the_workspaces_place_is_said(shell: Any, scripted: str) -> None:
    (shell.folder / "file").touch()
    ended = shell("generate", scripted, "--workspace", "file")
    assert ended.code == 2
    assert ended.err.startswith("Error: The workspace ")
    assert ended.err.splitlines()[0].endswith("/file cannot be made: File exists.")
    assert "--workspace" in ended.err


def test_a_file_in_the_place_of_the_locks_is_said(shell: Any, scripted: str) -> None:
    (shell.folder / ".seedbed").mkdir()
    (shell.folder / ".seedbed" / "locks").touch()
    ended = shell("generate", scripted)
    assert ended.code == 2, ended.err
    assert re.match(r"Error: The folder .*locks\S* cannot be used: ", ended.err)
    assert "should not" not in ended.err


def test_a_store_that_is_damaged_is_said(shell: Any, scripted: str) -> None:
    assert shell("generate", scripted).code == 0
    path = shell.folder / ".seedbed" / "seedbed.db"
    with sqlite3.connect(path) as database:
        database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        [root] = database.execute("SELECT rootpage FROM sqlite_master WHERE name = 'runs'").fetchone()
        [size] = database.execute("PRAGMA page_size").fetchone()
    database.close()
    data = bytearray(path.read_bytes())
    data[(root - 1) * size : root * size] = b"\xff" * size
    path.write_bytes(bytes(data))
    for command in (("runs", "list"), ("generate", scripted), ("export", "plain-1", "-o", "x.csv")):
        ended = shell(*command)
        assert ended.code == 1, ended.err
        assert re.match(r"Error: The store .*seedbed\.db cannot be used: .*malformed\.\n", ended.err)
        assert "sqlalche" not in ended.err


def test_a_disk_without_room_is_said(shell: Any, scripted: str) -> None:
    assert shell("generate", scripted).code == 0
    limited = "import resource; resource.setrlimit(resource.RLIMIT_FSIZE, (36_000, 36_000)); "
    command = [sys.executable, "-c", limited + "from seedbed.cli.main import run; run()"]
    ended = subprocess.run(
        [*command, "connections", "add", "mine", "--provider", "ollama", "--base-url", f"http://h/{'x' * 50_000}"],
        cwd=shell.folder, env=shell.environment, capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert ended.returncode == 1, ended.stderr
    assert re.match(r"Error: The store .*seedbed\.db cannot be used: ", ended.stderr), ended.stderr
    assert "sqlalche" not in ended.stderr


def test_no_wrong_input_leads_to_a_call(shell: Any, recipe_on: Any) -> None:
    with running_server(Settings()) as server:
        for change in (
            {"generator": {"unique_by": ["txt"]}},
            {"checks": ["near_duplicate", {"kind": "near_duplicate", "against": ["no.csv"]}]},
            {"checks": [{"kind": "length", "column": "txt"}]},
            {"model": ["local:fake", "nope:x"]},
        ):
            ended = shell("generate", shell.recipe(recipe_on(server.url, **change)), "-o", "out.csv")
            assert ended.code == 2, ended.err
            assert "recipe.yaml, line " in ended.err
        assert server.stats()["requests"] == 0
    assert not (shell.folder / ".seedbed").exists()
