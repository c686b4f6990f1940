"""Usefulness in a report: what it needs, what it says, and its page."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest
from tests.reports.planted import learnable

import seedbed
from seedbed.core.errors import InputError, MissingExtra
from seedbed.core.record import Record, Span


def records(count: int, seed: int) -> list[Record]:
    made = learnable(count, seed)
    return [Record({"text": text, "label": label}) for text, label in zip(made.texts, made.labels, strict=True)]


def tagged(names: str, text: str = "{} was here") -> list[Record]:
    return [
        Record({"text": text.format(name)}, (Span(text.index("{"), text.index("{") + len(name), "PER"),))
        for name in names.split() * 4
    ]


REAL, TRAIN = records(200, 1), records(150, 2)


def test_a_report_tells_what_is_learned_from_synthetic_real_and_both():
    made = seedbed.report(records(100, 3), real=REAL, real_train=TRAIN, only=["usefulness"])
    found = made.figures["usefulness"]["labels"]
    assert found["learned_from"]["real"]["records"] == 150
    assert {"synthetic", "real", "both", "real_as_many"} <= found["classifiers"]["tfidf"].keys()
    first = made.findings[0].text
    assert first.startswith("A classifier trained on these 100 records is right in ")
    assert "of the 200 real test records; trained on 150 real ones in " in first
    page = made.html()
    for said in ("as many real ones as of these", "Macro-F1", "<svg", "records learned from", "refund"):
        assert said in page


def test_word_vectors_are_used_where_there_are_any():
    pytest.importorskip("wordllama")
    made = seedbed.report(records(60, 3), real=REAL, only=["usefulness"])
    own = made.figures["usefulness"]["labels"]["classifiers"]["embedding"]
    assert own["synthetic"]["accuracy"] > 0.5
    assert "real" not in own
    assert "With word vectors" in made.findings[0].text


def test_real_texts_without_labels_are_no_test_set_but_tell_the_texts_apart():
    texts = [Record({"text": record.text}) for record in REAL]
    made = seedbed.report(records(100, 3), real=texts)
    assert "usefulness" not in made.figures
    assert made.figures["diversity"]["two_sample"]["auc"] < 0.7
    assert "Told from real texts" in made.html()


def test_entities_are_tagged_by_what_is_learned():
    made = seedbed.report(tagged("Ann Bob Cid Dan Eve"), real=tagged("Fay Gus Hal"), only=["usefulness"])
    found = made.figures["usefulness"]["entities"]
    assert found["synthetic"]["f1"] == 1
    assert found["synthetic"]["f1_interval"][0] < 1
    assert "12 entities" in made.findings[0].text
    assert "conditional random field" in made.html()


def test_answers_are_held_against_those_of_the_other_file():
    own = [Record({"question": f"q{n}?", "answer": "the Rhine" if n % 2 else "the Elbe"}) for n in range(10)]
    right = [Record({"question": f"q{n}?", "answer": "Rhine"}) for n in range(12)]
    made = seedbed.report(own, real=right, only=["usefulness"])
    found = made.figures["usefulness"]["answers"]
    assert (found["records"], found["only_real"], found["all"]["exact"]) == (10, 2, 0.5)
    assert "Of 10 records that both files have 50 %" in made.findings[0].text
    assert "all fields" not in made.html()


def test_objects_are_compared_by_their_fields():
    own = [Record({"document": f"d{n}", "data": {"name": "Ann", "total": n}}, id=f"i{n}") for n in range(4)]
    right = [Record({"document": f"x{n}", "data": {"name": "Ann", "total": 2}}, id=f"i{n}") for n in range(4)]
    made = seedbed.report(own, real=right, only=["usefulness"])
    exact = {name: one["exact"] for name, one in made.figures["usefulness"]["answers"]["fields"].items()}
    assert exact == {"name": 1.0, "total": 0.25}
    assert "all fields" in made.html()


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ({"real_train": TRAIN}, "others to test on"),
        ({"only": ["usefulness"]}, "measured on real records"),
        ({"real": REAL, "real_train": [Record({"text": "x"})]}, "have no labels"),
        ({"real": [Record({"text": "x"})], "only": ["usefulness"]}, "neither labels nor spans nor answers"),
        ({"real": [Record({"text": "x"})], "real_train": TRAIN}, "neither labels nor spans nor answers"),
    ],
)
def test_what_cannot_be_measured_is_refused(arguments: dict, said: str):
    with pytest.raises(InputError, match=said) as caught:
        seedbed.report(records(30, 3), **arguments)
    assert caught.value.hint


def test_without_the_library_the_rest_is_reported(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setitem(sys.modules, "sklearn", None)
    made = seedbed.report(records(30, 3), real=REAL)
    assert "usefulness" not in made.figures
    assert "auc" not in made.figures["diversity"]["two_sample"]
    said = [one.todo for one in made.findings if one.section in ("usefulness", "diversity")]
    assert sum("seedbed[proof]" in todo for todo in said) == 2
    assert made.html()
    with pytest.raises(MissingExtra):
        seedbed.report(records(30, 3), real=REAL, only=["usefulness"])


def test_on_the_command_line(shell, tmp_path: Path):
    for name, rows in (("own", records(60, 3)), ("test", REAL), ("train", TRAIN)):
        seedbed.write(rows, tmp_path / f"{name}.csv", columns=["text", "label"])
    ended = shell(
        "report", "own.csv", "--real", "test.csv", "--real-train", "train.csv", "--only", "usefulness", "--json"
    )
    assert ended.code == 0, ended.err
    found = ended.json["usefulness"]["labels"]
    assert found["learned_from"]["synthetic"] == {"records": 60, "of": 60}
    assert json.dumps(found["classifiers"]["tfidf"]["curve"])
    refused = shell("report", "own.csv", "--real-train", "train.csv")
    assert refused.code == 2
    assert "--real" in refused.err
