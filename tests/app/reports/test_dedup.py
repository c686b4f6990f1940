"""`seedbed dedup`: what goes, what stays, and why."""

from __future__ import annotations

from collections import Counter

import pytest

WORDS = ("amber", "bridge", "cider", "delta", "ember", "fjord", "grape", "heron")


def sentence(number: int, ending: str = "") -> str:
    """Texts of twelve words none of which is nearly another one."""
    words = [f"{WORDS[(number >> shift) % 8]}{number}" for shift in range(12)]
    return " ".join([*words[:-1], ending or words[-1]])


@pytest.fixture
def data(shell):
    rows = [(sentence(n), "ab"[n % 2], n) for n in range(40)]
    rows += [(sentence(3), "b", 99), (sentence(4, "different"), "a", 98), (sentence(5), "a", 97)]
    rows += [(sentence(6, "muchlongerthanbefore"), "a", 1)]
    lines = "\n".join(",".join(map(str, row)) for row in rows)
    (shell.folder / "data.csv").write_text(f"text,label,score\n{lines}\n")
    return shell


def test_one_of_each_stays_and_the_reasons_are_told(data):
    done = data("dedup", "data.csv", "-o", "clean.csv", "--removed", "gone.csv", "--json")
    assert done.code == 0, done.err
    assert done.json["kept"] == 40
    assert done.json["reasons"] == {"exact": 1, "near": 2, "cross_label_exact": 1}
    assert [row["text"] for row in data.rows("clean.csv")] == [sentence(n) for n in range(40)]
    gone = data.rows("gone.csv")
    assert [(row["reason"], row["like"]) for row in gone] == [
        ("exact", "4"),
        ("near", "5"),
        ("cross_label_exact", "6"),
        ("near", "7"),
    ]


def test_within_labels_the_same_text_may_have_two(data):
    done = data("dedup", "data.csv", "-o", "clean.csv", "--within", "label", "--json")
    assert done.json["reasons"] == {"exact": 1, "near": 2}


@pytest.mark.parametrize(
    ("keep", "stays", "goes"),
    [("longest", sentence(6, "muchlongerthanbefore"), sentence(6)), ("best", sentence(4, "different"), sentence(4))],
)
def test_another_than_the_first_can_stay(data, keep: str, stays: str, goes: str):
    done = data("dedup", "data.csv", "-o", "clean.csv", "--keep", keep)
    assert done.code == 0, done.err
    texts = Counter(row["text"] for row in data.rows("clean.csv"))
    assert (texts[stays], texts[goes]) == (1, 0)
    assert texts.total() == 40


def test_what_another_dataset_has_goes(data):
    (data.folder / "test.jsonl").write_text(f'{{"text": "{sentence(7, "changed")}"}}\n{{"text": "{sentence(8)}"}}\n')
    done = data("dedup", "data.csv", "-o", "clean.csv", "--against", "test.jsonl", "--json")
    assert done.json["reasons"]["against"] == 2
    assert not {sentence(7), sentence(8)} & {row["text"] for row in data.rows("clean.csv")}


def test_what_means_the_same_goes_if_asked(data):
    rows = ["The cat sat on the mat.", "On the mat the cat sat!", "Stocks fell sharply after the report."]
    (data.folder / "said.csv").write_text("text\n" + "\n".join(rows) + "\n")
    assert data("dedup", "said.csv", "-o", "a.csv", "--json").json["removed"] == 0
    done = data("dedup", "said.csv", "-o", "b.csv", "--semantic", "--json")
    assert done.json["reasons"] == {"semantic": 1}


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--keep", "last"], "--keep last: it must be first or longest or best"),
        (["--within", "cell"], "--within cell: it must be all or label"),
        (["--near", "0.4"], "--near 0.4: it must be above 0.5 and at most 1"),
        (["--keep", "best", "--score", "grade"], "There is no column `grade`"),
        (["--keep", "best", "--score", "label"], "label: 'a' is no number"),
        (["--against", "nothing.csv"], "There is no file nothing.csv"),
        (["--against", "other.csv"], "None of the columns is known to hold texts: foo"),
        (["--against", "other.csv", "--column", "text"], "There is no column `text` in what --against names"),
        (["--within", "label", "--label", "kind"], "There is no column `kind`"),
        (["--score", "score"], "--score score tells the best record, and --keep is first"),
        (["--semantic-threshold", "0.9"], "--semantic-threshold goes with --semantic"),
        (["--removed", "clean.csv"], "--removed clean.csv: that is another file of this command"),
        (["--removed", "data.csv", "--force"], "--removed data.csv: that is another file of this command"),
        (["--against", "other.csv", "--removed", "other.csv", "--force"], "which would be lost"),
        (["--column", "txt"], "There is no column `txt`.\nDid you mean `text`?"),
    ],
)
def test_what_is_wrong_is_told_and_nothing_written(data, options: list[str], said: str):
    (data.folder / "other.csv").write_text("foo\n1\n")
    done = data("dedup", "data.csv", "-o", "clean.csv", *options)
    assert done.code == 2
    assert said in done.err
    assert not (data.folder / "clean.csv").exists()


def test_what_another_dataset_has_under_another_name_goes_too(data):
    (data.folder / "test.csv").write_text(f"sentence\n{sentence(8)}\n")
    done = data("dedup", "data.csv", "-o", "clean.csv", "--against", "test.csv", "--json")
    assert done.json["reasons"]["against"] == 1


def test_records_without_a_text_stay_and_are_told(data):
    (data.folder / "gaps.csv").write_text("text,label\n,a\n ,b\n,a\nOne.,a\nOne.,a\n")
    done = data("dedup", "gaps.csv", "-o", "clean.csv", "--against", "gaps.csv", "--json")
    assert (done.json["kept"], done.json["empty"], done.json["reasons"]) == (3, 3, {"against": 2})
    assert "3 without a text, which stay" in data("dedup", "gaps.csv", "-o", "again.csv").err


def test_a_record_without_a_score_is_never_the_best(data):
    (data.folder / "scored.csv").write_text("text,score\nOne two.,\nOne two.,-3\n")
    assert data("dedup", "scored.csv", "-o", "clean.csv", "--keep", "best").code == 0
    assert [row["score"] for row in data.rows("clean.csv")] == ["-3"]
    (data.folder / "scored.csv").write_text("text,score\nOne two.,nan\nOne two.,-3\n")
    assert "score: 'nan' is no number" in data("dedup", "scored.csv", "-o", "b.csv", "--keep", "best").err
