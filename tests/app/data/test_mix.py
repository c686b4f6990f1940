"""`seedbed mix`: exact shares, one copy of what two datasets have."""

from __future__ import annotations

from collections import Counter

import pytest

WORDS = ("amber", "bridge", "cider", "delta", "ember", "fjord", "grape", "heron")


def sentence(number: int) -> str:
    """Texts of twelve words none of which is nearly another one."""
    return " ".join(f"{WORDS[(number >> shift) % 8]}{number}" for shift in range(12))


@pytest.fixture
def data(shell):
    def write(name, numbers, label="x", extra=""):
        rows = [f"{sentence(i)}{extra},{label}" for i in numbers]
        (shell.folder / name).write_text("text,label\n" + "\n".join(rows) + "\n")

    write("a.csv", range(100))
    write("b.csv", range(100, 160))
    return shell, write


def test_shares_are_exact_and_the_source_is_kept(data):
    shell, _ = data
    done = shell("mix", "a.csv=0.7", "b.csv=0.3", "--count", "55", "-o", "out.csv")
    assert done.code == 0, done.err
    rows = shell.rows("out.csv")
    assert Counter(row["source"] for row in rows) == {"a.csv": 39, "b.csv": 16}  # 38.5 and 16.5: the first has it
    assert [*rows[0]] == ["text", "label", "source"]
    assert len({row["text"] for row in rows}) == 55
    assert "more than one dataset" not in done.err
    assert {rows[i]["source"] for i in range(12)} == {"a.csv", "b.csv"}  # mixed, not one after the other


def test_the_seed_decides(data):
    shell, _ = data
    for name, seed in (("1.csv", "1"), ("2.csv", "1"), ("3.csv", "2")):
        assert shell("mix", "a.csv=1", "b.csv=1", "--count", "20", "-o", name, "--seed", seed).code == 0
    made = [(shell.folder / name).read_text() for name in ("1.csv", "2.csv", "3.csv")]
    assert made[0] == made[1] != made[2]


def test_of_what_both_have_one_copy_is_used_and_named(data):
    shell, write = data
    write("b.csv", range(90, 100), extra=" indeed")
    with (shell.folder / "b.csv").open("a") as file:
        file.write(f"{sentence(3).upper()},y\n{sentence(5)},y\n")
        file.writelines(f"{sentence(i)},x\n" for i in range(200, 230))
    figures = shell("mix", "a.csv=0.5", "b.csv=0.5", "--count", "80", "-o", "out.csv", "--json").json
    assert figures["duplicates"]["records"] == 12
    first = figures["duplicates"]["first"]
    assert len(first) == 3
    assert (first[0]["kind"], first[0]["dataset"], first[0]["in"]) == ("near", "b.csv", "a.csv")
    kept = [" ".join(row["text"].lower().split()[:12]) for row in shell.rows("out.csv")]
    assert len(set(kept)) == len(kept) == 80
    shown = shell("mix", "a.csv=0.5", "b.csv=0.5", "--count", "80", "-o", "out2.csv")
    assert "12 records are in more than one dataset" in shown.err
    assert shown.err.count("of b.csv like") == 3


def test_a_dataset_mixed_with_itself_gives_halves_that_are_apart(data):
    shell, write = data
    write("same.csv", range(100))
    assert shell("mix", "a.csv=0.5", "same.csv=0.5", "--count", "100", "-o", "out.csv").code == 0
    rows = shell.rows("out.csv")
    assert len({row["text"] for row in rows}) == 100
    assert Counter(row["source"] for row in rows) == {"a.csv": 50, "same.csv": 50}


def test_who_has_little_to_spare_is_served_first(data):
    shell, write = data
    write("part.csv", range(50))
    assert shell("mix", "a.csv=0.5", "part.csv=0.5", "--count", "100", "-o", "out.csv").code == 0


def test_too_few_is_an_error_that_counts_unless_it_is_allowed(data):
    shell, write = data
    done = shell("mix", "a.csv=0.5", "b.csv=0.5", "--count", "130", "-o", "out.csv")
    assert done.code == 2
    assert "b.csv lacks 5 of 65 records" in done.err
    assert not (shell.folder / "out.csv").exists()
    done = shell("mix", "a.csv=0.5", "b.csv=0.5", "--count", "130", "-o", "out.csv", "--allow-shortfall")
    assert done.code == 0
    assert "b.csv lacks 5 of 65 records" in done.err
    assert Counter(row["source"] for row in shell.rows("out.csv")) == {"a.csv": 65, "b.csv": 60}
    write("b.csv", range(60, 100))
    done = shell("mix", "a.csv=2", "b.csv=1", "--count", "120", "-o", "out.csv", "--force")
    assert "a.csv lacks 20 of 80 records (40 others are in another dataset as well)" in done.err


def test_each_datasets_own_shares_of_labels_are_kept(data):
    shell, write = data
    write("a.csv", range(75), "polite")
    with (shell.folder / "a.csv").open("a") as file:
        file.writelines(f"{sentence(i)},rude\n" for i in range(75, 100))
    write("b.csv", range(100, 160), "rude")
    figures = shell("mix", "a.csv=2", "b.csv=1", "--count", "60", "-o", "out.csv", "--stratify", "label", "--json").json
    assert figures["datasets"] == {"a.csv": {"wanted": 40, "used": 40}, "b.csv": {"wanted": 20, "used": 20}}
    found = Counter((row["source"], row["label"]) for row in shell.rows("out.csv"))
    assert found == {("a.csv", "polite"): 30, ("a.csv", "rude"): 10, ("b.csv", "rude"): 20}


def test_runs_and_datasets_of_the_workspace_are_mixed_with_files(data):
    shell, _ = data
    document = {
        "name": "replies",
        "model": "scripted",
        "into": {"dataset": "made"},
        "generator": {"kind": "classification", "instruction": "a reply", "count": 12, "labels": ["kind", "rude"]},
    }
    assert shell("generate", shell.recipe(document)).code == 0
    (shell.folder / "made").mkdir()  # a folder is no dataset
    for name in ("made", "replies-1"):
        done = shell("mix", "a.csv=1", f"{name}=1", "--count", "20", "-o", f"{name}.jsonl")
        assert done.code == 0, done.err


def test_a_column_called_source_is_left_alone(data):
    shell, _ = data
    (shell.folder / "s.csv").write_text("text,source\none text here,web\n")
    assert shell("mix", "a.csv=1", "s.csv=1", "--count", "2", "-o", "out.csv").code == 0
    assert {row["mix_source"]: row["source"] for row in shell.rows("out.csv")} == {"a.csv": "", "s.csv": "web"}
    (shell.folder / "s.csv").write_text("text,source,mix_source\none text here,web,a\n")
    assert "already" in shell("mix", "a.csv=1", "s.csv=1", "--count", "2", "-o", "out.csv", "--force").err


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["a.csv"], "must be of the form name=value"),
        (["a.csv=much"], "must be a positive number"),
        (["a.csv=0"], "must be a positive number"),
        (["a.csv=1", "a.csv=2"], "given twice"),
        (["no.csv=1"], "There is no file no.csv"),
        (["nothing=1"], "There is no file nothing, and no workspace at"),
        (["a.csv=1", "--stratify", "lable"], "Did you mean `label`?"),
        (["a.csv=1", "--to", "jsnol"], "Did you mean `jsonl`?"),
        (["out.csv=1", "--force"], "it would be lost"),
    ],
)
def test_bad_input_is_one_sentence(data, arguments, words):
    shell, write = data
    write("out.csv", range(3))
    done = shell("mix", *arguments, "--count", "2", "-o", "out.csv", *([] if "--force" in arguments else ["--force"]))
    assert done.code == 2
    assert words in done.err
    assert len(shell.rows("out.csv")) == 3
