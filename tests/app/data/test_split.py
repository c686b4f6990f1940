"""`--split`: parts of exact sizes that know nothing of each other."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import pytest

from seedbed.app.data.split import Splitting

PARTS = ("train", "validation", "test")
WORDS = ("amber", "bridge", "cider", "delta", "ember", "fjord", "grape", "heron")


def sentence(number: int) -> str:
    """Texts of twelve words none of which is nearly another one."""
    return " ".join(f"{WORDS[(number >> shift) % 8]}{number}" for shift in range(12))


def write(shell, rows, name="in.jsonl"):
    (shell.folder / name).write_text("\n".join(json.dumps(row) for row in rows), "utf-8")


def parts(shell, stem="out", names=PARTS):
    read = {}
    for part in names:
        text = (shell.folder / f"{stem}.{part}.jsonl").read_text("utf-8")
        read[part] = [json.loads(line) for line in text.splitlines()]
    return read


def home(made, wanted):
    """The parts that hold records for which `wanted` is true."""
    return {part for part, rows in made.items() if any(wanted(row) for row in rows)}


def test_sizes_and_labels_are_exact_where_nothing_is_tied(shell):
    write(shell, [{"text": sentence(i), "label": "ab"[i % 4 == 0]} for i in range(200)])
    done = shell("convert", "in.jsonl", "out.jsonl", "--split", "0.8/0.1/0.1", "--stratify", "label")
    assert done.code == 0, done.err
    assert "All sizes are exact." in done.err
    made = parts(shell)
    assert {part: Counter(row["label"] for row in rows) for part, rows in made.items()} == {
        "train": {"a": 120, "b": 40},
        "validation": {"a": 15, "b": 5},
        "test": {"a": 15, "b": 5},
    }
    assert sorted(row["text"] for rows in made.values() for row in rows) == sorted(sentence(i) for i in range(200))


def test_what_belongs_together_stays_together(shell):
    rows = [{"text": sentence(i)} for i in range(100)]
    rows += [{"text": sentence(7) + " indeed"}, {"text": sentence(7).upper()}]  # nearly and exactly the seventh
    rows += [{"text": sentence(200 + i), "group": "pair"} for i in range(4)]
    rows += [{"text": sentence(300 + i), "source": "One sentence, said again and again."} for i in range(5)]
    rows += [{"text": sentence(400 + i), "origin": {"parents": ["docs/a.md@0:x"]}} for i in range(6)]
    rows += [{"id": "mother", "text": sentence(500)}, {"text": sentence(501), "origin": {"parents": ["mother"]}}]
    write(shell, rows)
    figures = shell("convert", "in.jsonl", "out.jsonl", "--split", "2/1/1", "--json").json
    made = parts(shell)
    for wanted in (
        lambda row: row["text"].lower().startswith(sentence(7)),
        lambda row: row.get("group") == "pair",
        lambda row: row.get("source"),
        lambda row: row.get("origin") == {"parents": ["docs/a.md@0:x"]},
        lambda row: row["text"] in (sentence(500), sentence(501)),
    ):
        assert len(home(made, wanted)) == 1
    tied = figures["tied"]
    assert (tied["groups"], tied["records"], tied["largest"]) == (5, 3 + 4 + 5 + 6 + 2, 6)
    assert tied["by"] == {"near_duplicate": 2, "group": 3, "source": 4, "parent": 5 + 1}
    assert figures["off"] == dict.fromkeys(PARTS, 0)  # a hundred records on their own make up for it
    assert figures["records"] == len(rows)


def test_names_in_source_tie_nothing(shell):
    rows = [{"text": sentence(i), "source": ["my data.csv", "reviews-2"][i % 2]} for i in range(20)]
    write(shell, rows)
    assert shell("convert", "in.jsonl", "out.jsonl", "--split", "1/1", "--json").json["tied"]["groups"] == 0


def test_what_one_group_makes_impossible_is_said(shell):
    write(shell, [{"text": sentence(i), "group": "one"} for i in range(8)] + [{"text": sentence(9)}])
    done = shell("convert", "in.jsonl", "out.jsonl", "--split", "0.5/0.5")
    assert "8 records in 1 group stay together, 8 in the largest (group 7)" in done.err
    assert "Sizes differ from what was asked for" in done.err
    sizes = sorted(len(rows) for rows in parts(shell, names=("train", "test")).values())
    assert sizes == [1, 8]


def test_texts_without_words_are_the_same_only_if_they_are_equal(shell):
    write(shell, [{"text": "👍"}, {"text": "👎"}, {"text": "👍"}, {"text": ""}, {"text": ""}])
    tied = shell("convert", "in.jsonl", "out.jsonl", "--split", "1/1", "--json").json["tied"]
    assert (tied["groups"], tied["records"]) == (1, 2)


def test_the_column_that_says_the_most_is_compared(shell):
    rows = [{"number": str(i), "review": sentence(i // 2), "stars": "5"} for i in range(20)]
    write(shell, rows)
    assert shell("convert", "in.jsonl", "out.jsonl", "--split", "1/1", "--json").json["tied"]["groups"] == 10


def test_formats_that_write_folders_write_one_for_each_part(shell):
    write(shell, [{"question": sentence(i), "contexts": [sentence(100 + i)]} for i in range(10)])
    done = shell("convert", "in.jsonl", "bench", "--to", "beir", "--split", "1/1")
    assert done.code == 0, done.err
    assert (shell.folder / "bench.test" / "queries.jsonl").read_text().count("\n") == 5


def test_a_seed_is_a_split(shell):
    write(shell, [{"text": sentence(i)} for i in range(60)])
    made = []
    for name, seed in (("a", "1"), ("b", "1"), ("c", "2")):
        assert shell("convert", "in.jsonl", f"{name}.jsonl", "--split", "1/1", "--seed", seed).code == 0
        made.append(parts(shell, name, ("train", "test")))
    assert made[0] == made[1] != made[2]


def test_a_run_is_exported_in_parts(shell):
    document = {
        "name": "replies",
        "model": "scripted",
        "generator": {"kind": "classification", "instruction": "a reply", "count": 30, "labels": ["kind", "rude"]},
    }
    assert shell("generate", shell.recipe(document)).code == 0
    arguments = ["--split", "80/10/10", "--stratify", "label", "--with-origin"]
    done = shell("export", "replies-1", "-o", "out.jsonl", *arguments, "--json")
    assert done.json["sizes"] == {"train": 24, "validation": 3, "test": 3}
    assert done.json["name"] == "replies-1"
    assert parts(shell)["test"][0]["origin"]["run"] == "replies-1"
    assert shell("export", "replies-1", "-o", "out.jsonl", *arguments).code == 2  # they are there
    assert shell("export", "replies-1", "-o", "out.jsonl", *arguments, "--force").code == 0
    assert shell("export", "replies-1", "-o", "out.jsonl", "--where", "label=kind", "--stratify", "label").code == 2


def test_children_of_one_parent_are_known_by_the_store(shell):
    (shell.folder / "given.csv").write_text("text\n" + "\n".join(sentence(i) for i in range(6)))
    generator = {"kind": "rewrite", "inputs": "given.csv", "task": "paraphrase", "per_input": 3, "similarity": [0, 1]}
    done = shell("generate", shell.recipe({"name": "notes", "model": "scripted", "generator": generator}))
    assert done.code == 0, done.err
    figures = shell("export", "notes-1", "-o", "out.jsonl", "--split", "1/1", "--json").json
    assert figures["tied"] == {"groups": 6, "records": 18, "largest": 3, "by": {"parent": 12}}
    made = parts(shell, names=("train", "test"))
    assert not {row["source"] for row in made["train"]} & {row["source"] for row in made["test"]}


@pytest.mark.parametrize("text", ["0.8", "a/b", "0.5/0/0.5", "1/1/1/1", "0.8/-0.2", "1//2", "", "nan/1"])
def test_a_split_that_is_none(shell, text):
    write(shell, [{"text": "x"}])
    done = shell("convert", "in.jsonl", "out.jsonl", "--split", text)
    assert done.code == 2
    assert "two or three positive shares" in done.err


def test_a_column_to_stratify_by_must_be_there_and_have_few_values(shell):
    write(shell, [{"text": f"a{i}", "label": "x"} for i in range(1200)])
    for column, words in (("lable", "Did you mean `label`?"), ("text", "more than 1,000 values")):
        done = shell("convert", "in.jsonl", "out.jsonl", "--split", "1/1", "--stratify", column)
        assert done.code == 2
        assert words in done.err


@pytest.mark.parametrize(
    ("path", "train"),
    [
        ("a.csv", "a.train.csv"),
        ("b.jsonl.gz", "b.train.jsonl.gz"),
        ("c.CSV", "c.train.CSV"),
        ("folder", "folder.train"),
    ],
)
def test_the_part_stands_before_the_suffix(path, train):
    assert Splitting.of("8/2").paths(Path(path)) == {"train": Path(train), "test": Path(train.replace("train", "test"))}
