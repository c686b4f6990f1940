"""`seedbed student` and `seedbed.student`: the folder a smaller model is trained in."""

from __future__ import annotations

import json
import tomllib
from collections import Counter
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

import seedbed
from conftest import Shell
from seedbed import InputError, Record, Span
from seedbed.app.student import training
from seedbed.core.errors import MissingExtra
from seedbed.core.statistics.intervals import wilson
from seedbed.students.settings import REQUIREMENTS

WORDS = ("amber", "bridge", "cider", "delta", "ember", "fjord", "grape", "heron")
FILES = {
    "README.md",
    "data/test.jsonl",
    "data/train.jsonl",
    "data/validation.jsonl",
    "dataset_info.json",
    "llamafactory.yaml",
    "lora.yaml",
    "requirements.txt",
    "seedbed.json",
    "train.py",
}


def sentence(number: int) -> str:
    """Texts of twelve words none of which is nearly another one."""
    return " ".join(f"{WORDS[(number >> shift) % 8]}{number}" for shift in range(12))


def replies(count: int = 100) -> list[Record]:
    """A quarter of them rude."""
    return [Record({"text": sentence(i), "label": "rude" if i % 4 == 0 else "polite"}) for i in range(count)]


def contents(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def chats(folder: Path, name: str = "{}") -> dict[str, list[Any]]:
    """What the parts hold."""
    found = {part: folder / "data" / f"{name.format(part)}.jsonl" for part in ("train", "validation", "test")}
    return {
        part: [json.loads(line) for line in path.read_text("utf-8").split("\n") if line]
        for part, path in found.items()
        if path.exists()
    }


def script(folder: Path) -> Any:
    """The folder's train.py as a module; it loads nothing heavy before it trains."""
    spec = spec_from_file_location("train", folder / "train.py")
    assert spec
    assert spec.loader
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def data(shell: Shell) -> Shell:
    seedbed.write(replies(), shell.folder / "replies.csv", columns=["text", "label"])
    return shell


def test_the_command_writes_all_a_training_needs(data: Shell) -> None:
    done = data("student", "replies.csv", "-o", "s")
    assert done.code == 0, done.err
    assert "100 records taken as labels" in done.out
    assert "User: the instruction and `text`; assistant: `label`." in done.out
    assert "python s/train.py" in done.err
    assert contents(data.folder / "s").keys() == FILES
    made = chats(data.folder / "s")
    assert {part: len(rows) for part, rows in made.items()} == {"train": 80, "validation": 10, "test": 10}
    first = made["test"][0]["messages"]
    assert [one["role"] for one in first] == ["user", "assistant"]
    assert first[0]["content"].startswith("Classify the text. Answer with one of these labels")
    assert "polite, rude" in first[0]["content"]
    assert not [path for path in data.folder.iterdir() if path.name.startswith(".seedbed-")]


def test_json_is_one_object_with_the_figures(data: Shell) -> None:
    done = data("student", "replies.csv", "-o", "s", "--json", "--split", "train=0.5,test=0.5")
    assert done.code == 0
    assert done.err == ""
    assert done.json["parts"] == {"train": 50, "test": 50}
    assert done.json["labels"] == ["polite", "rude"]
    assert (done.json["kind"], done.json["left_out"], done.json["method"]) == ("labels", 0, "sft")


def test_labels_keep_their_shares_and_what_is_alike_stays_together(tmp_path: Path) -> None:
    alike = [Record({"text": f"{sentence(900)} {word}", "label": "polite"}) for word in ("now", "then", "soon", "so")]
    made = seedbed.student([*replies(), *alike], tmp_path / "s", seed=3)
    found = chats(made.folder)
    labels = {part: Counter(row["messages"][1]["content"] for row in rows) for part, rows in found.items()}
    assert sum(labels.values(), Counter()) == {"polite": 79, "rude": 25}
    assert labels["test"]["rude"] in (2, 3)
    homes = {part for part, rows in found.items() for row in rows if "amber900" in json.dumps(row)}
    assert made.figures["tied"]["largest"] == 4
    assert len(homes) == 1


def test_the_same_seed_makes_the_same_bytes(tmp_path: Path) -> None:
    first, second, other = (
        seedbed.student(replies(), tmp_path / name, seed=seed) for name, seed in zip("abc", (5, 5, 6), strict=True)
    )
    assert contents(first.folder) == contents(second.folder)
    assert contents(first.folder)["data/test.jsonl"] != contents(other.folder)["data/test.jsonl"]


@settings(max_examples=40, deadline=None)
@given(st.lists(st.text(st.characters(codec="utf-8"), min_size=1).filter(str.strip), max_size=25), st.integers(0, 99))
def test_every_record_is_in_one_part_with_its_text_as_it_was(texts: list[str], seed: int) -> None:
    rows = [*replies(12), *(Record({"text": text, "label": "polite"}) for text in texts)]
    with TemporaryDirectory() as folder:
        made = seedbed.student(rows, Path(folder) / "s", split="train=0.5,test=0.5", seed=seed)
        found = [row["messages"] for part in chats(made.folder).values() for row in part]
    said = Counter((asked["content"].partition("\n\n")[2], answer["content"]) for asked, answer in found)
    assert said == Counter((row["text"], row["label"]) for row in rows)


def test_preferences_come_as_answers_and_as_pairs(tmp_path: Path) -> None:
    rows = [Record({"prompt": sentence(i), "chosen": f"yes {i}", "rejected": f"no {i}"}) for i in range(20)]
    made = seedbed.student(rows, tmp_path / "s")
    pairs, answers = chats(made.folder, "{}.preference"), chats(made.folder)
    for part, found in pairs.items():
        for pair, chat in zip(found, answers[part], strict=True):
            assert [*pair["prompt"], pair["chosen"]] == chat["messages"]
            assert pair["rejected"]["content"] == pair["chosen"]["content"].replace("yes", "no")
    info = json.loads((made.folder / "dataset_info.json").read_text("utf-8"))
    assert info["student_preference_train"]["ranking"] is True
    factory = yaml.safe_load((made.folder / "llamafactory.yaml").read_text("utf-8"))
    assert (factory["stage"], factory["dataset"]) == ("dpo", "student_preference_train")


def test_settings_fit_together(tmp_path: Path) -> None:
    """What is named in one file is there in another."""
    made = seedbed.student(replies(), tmp_path / "s", base="some/model", epochs=2, seed=9)
    ours = yaml.safe_load((made.folder / "lora.yaml").read_text("utf-8"))
    factory = yaml.safe_load((made.folder / "llamafactory.yaml").read_text("utf-8"))
    info = json.loads((made.folder / "dataset_info.json").read_text("utf-8"))
    assert ours["base"] == factory["model_name_or_path"] == "some/model"
    assert ours["training"]["num_train_epochs"] == factory["num_train_epochs"] == 2
    assert ours["training"]["seed"] == factory["seed"] == 9
    assert ours["lora"]["r"] == factory["lora_rank"]
    assert ours["training"]["max_length"] == factory["cutoff_len"] == 512
    for name in (factory["dataset"], factory["eval_dataset"], "student_test"):
        assert (made.folder / info[name]["file_name"]).is_file()
    bare = seedbed.student(replies(), tmp_path / "t", split="0.8/0.2")
    assert yaml.safe_load((bare.folder / "lora.yaml").read_text("utf-8"))["training"]["eval_strategy"] == "no"
    assert "eval_dataset" not in yaml.safe_load((bare.folder / "llamafactory.yaml").read_text("utf-8"))
    long = [Record({"prompt": sentence(i) * 20, "completion": "x"}) for i in range(20)]
    wide = seedbed.student(long, tmp_path / "u")
    longest = max(len(row["messages"][0]["content"]) for rows in chats(wide.folder).values() for row in rows)
    length = yaml.safe_load((wide.folder / "lora.yaml").read_text("utf-8"))["training"]["max_length"]
    assert length < longest <= 2 * length


def test_where_the_data_come_from_is_told(shell: Shell) -> None:
    recipe = {
        "name": "replies",
        "model": "scripted",
        "generator": {"kind": "classification", "instruction": "a reply", "count": 30, "labels": ["rude", "polite"]},
    }
    assert shell("generate", shell.recipe(recipe)).code == 0
    done = shell("student", "replies-1", "-o", "s", "--json")
    assert done.code == 0, done.err
    assert done.json["runs"] == ["replies-1"]
    assert [(one["model"], one["records"]) for one in done.json["teachers"]] == [("scripted", 30)]
    readme = (shell.folder / "s" / "README.md").read_text("utf-8")
    assert "run replies-1" in readme
    assert "`scripted`, 30 records. Made up by a script" in readme
    assert json.loads((shell.folder / "s" / "seedbed.json").read_text("utf-8"))["dataset"] == "replies-1"


def test_records_without_an_answer_are_counted(tmp_path: Path) -> None:
    made = seedbed.student([*replies(), Record({"text": "unlabelled"})], tmp_path / "s")
    assert (made.figures["records"], made.figures["left_out"]) == (100, 1)
    assert "1 left out" in (made.folder / "README.md").read_text("utf-8")


def test_a_folder_is_replaced_by_force_only_and_only_if_it_is_one_of_these(data: Shell) -> None:
    assert data("student", "replies.csv", "-o", "s").code == 0
    before = contents(data.folder / "s")
    done = data("student", "replies.csv", "-o", "s", "--seed", "8")
    assert done.code == 2
    assert "s exists; use --force" in done.err
    assert contents(data.folder / "s") == before
    (data.folder / "s" / "adapter").mkdir()
    (data.folder / "s" / "adapter" / "adapter_config.json").write_text("{}")
    assert data("student", "replies.csv", "-o", "s", "--seed", "8", "--force").code == 0
    assert contents(data.folder / "s").keys() == FILES
    assert contents(data.folder / "s") != before
    (data.folder / "s" / "thesis.md").write_text("mine")
    done = data("student", "replies.csv", "-o", "s", "--force")
    assert done.code == 2
    assert "holds `thesis.md`" in done.err
    assert (data.folder / "s" / "thesis.md").read_text() == "mine"
    (data.folder / "other").mkdir()
    (data.folder / "other" / "README.md").write_text("mine")
    assert data("student", "replies.csv", "-o", "other", "--force").code == 2


def test_nothing_half_written_stays(tmp_path: Path) -> None:
    turns = [{"role": "user", "content": "Hi"}, {"role": "assistant", "content": "Hello"}]
    rows = [Record({"messages": [{**turns[0], "content": sentence(i)}, turns[1]]}) for i in range(20)]
    rows[-1].values["messages"] = [{"role": "tool", "content": "4"}]
    with pytest.raises(InputError, match="record 20: a message has the role `tool`"):
        seedbed.student(rows, tmp_path / "s")
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["replies.csv"], "Where to?"),
        (["none.csv", "-o", "s"], "There is no file none.csv"),
        (["replies.csv", "-o", "no/where"], "there is no folder"),
        (["replies.csv", "-o", "replies.csv"], "is a file, not a folder"),
        (["replies.csv", "-o", "s", "--split", "train=0.8"], "a part to train with and one to test with"),
        (["replies.csv", "-o", "s", "--split", "train=0.8,exam=0.2"], "`exam` is no part"),
        (["replies.csv", "-o", "s", "--split", "train=0.8,test=x"], "shares must be positive numbers"),
        (["replies.csv", "-o", "s", "--split", "train=0.999,test=0.001"], "the part `test` gets none"),
        (["replies.csv", "-o", "s", "--input", "text"], "--input and --output go together"),
        (["replies.csv", "-o", "s", "--epochs", "0"], "it must be more than 0"),
        (["replies.csv", "-o", "s", "--base", "./model"], "There is no model in the folder ./model"),
    ],
)
def test_what_cannot_be_is_said_in_a_sentence(data: Shell, arguments: list[str], message: str) -> None:
    done = data("student", *arguments)
    assert done.code == 2
    assert message in done.err
    assert not (data.folder / "s").exists()


def test_training_without_its_libraries_says_what_to_install(data: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(training, "LIBRARIES", ("a_library_nobody_has",))
    done = data("student", "replies.csv", "-o", "s", "--train")
    assert done.code == 2
    assert "pip install 'seedbed[student]'" in done.err
    assert not (data.folder / "s").exists()
    made = seedbed.student(replies(), data.folder / "t")
    with pytest.raises(MissingExtra):
        made.train()


def test_the_script_judges_answers_as_documented(tmp_path: Path) -> None:
    train = script(seedbed.student(replies(), tmp_path / "s").folder)
    assert train.same(" rude\n", "rude", "label")
    assert not train.same("Rude", "rude", "label")
    assert train.same('[{"label": "A", "text": "x"}]', '[{"text":"x","label":"A"}]', "json")
    assert not train.same("[{", "[]", "json")
    assert train.same("one  two\n", "one two", "text")
    assert train.tally([True, False, True, True]) == {
        "right": 3,
        "of": 4,
        "share": 0.75,
        "interval": [round(bound, 4) for bound in wilson(3, 4)],
    }
    assert all(train.wilson(hits, 20) == wilson(hits, 20) for hits in range(21))
    assert train.turns([{"messages": [{"role": role} for role in ("user", "assistant", "user", "assistant")]}]) == [
        {"prompt": [{"role": "user"}], "completion": [{"role": "assistant"}]},
        {
            "prompt": [{"role": "user"}, {"role": "assistant"}, {"role": "user"}],
            "completion": [{"role": "assistant"}],
        },
    ]


def test_a_folder_asks_for_what_the_optional_part_installs() -> None:
    project = tomllib.loads((Path(__file__).parents[3] / "pyproject.toml").read_text("utf-8"))["project"]
    assert set(project["optional-dependencies"]["student"]) == set(REQUIREMENTS)


def test_records_with_spans_of_a_file_teach_entities(shell: Shell) -> None:
    rows = [Record({"text": f"Ann{i} {sentence(i)}"}, (Span(0, 3 + len(str(i)), "PER"),)) for i in range(20)]
    seedbed.write(rows, shell.folder / "ner.jsonl", columns=["text", "spans"])
    done = shell("student", "ner.jsonl", "-o", "s", "--json")
    assert (done.json["kind"], done.json["measure"], done.json["labels"]) == ("entities", "json", ["PER"])
    for row in [row for rows in chats(shell.folder / "s").values() for row in rows]:
        asked, answer = (one["content"] for one in row["messages"])
        assert json.loads(answer) == [{"text": asked.rpartition("\n\n")[2].split()[0], "label": "PER"}]
