"""Datasets side by side."""

from __future__ import annotations

from seedbed.reports.compare import compare, parts
from seedbed.reports.findings import findings
from seedbed.reports.table import Table


def table(texts, labels=None, cost=None):
    count = len(texts)
    names = [str(place) for place in range(count)]
    facts = {"cost": cost} if cost else {}
    return Table(names, texts, labels or [""] * count, [""] * count, [""] * count, {}, facts)


def different(count, word="thing"):
    return [f"{word} {place} is about {place * 7} and then {place * 13} more of these" for place in range(count)]


def cost(paid, accepted, attempts):
    return {"cost": paid, "accepted": accepted, "attempts": attempts}


def test_each_dataset_has_its_own_figures():
    mine = table([*different(80), *different(20)], cost=cost(1.0, 100, 400))
    theirs = table(different(100, "word"), cost=cost(0.5, 100, 110))
    found = compare({"mine": mine, "theirs": theirs}, "dataset")
    assert found["rows"]["mine"]["duplicates"]["exact"] == 20
    assert found["rows"]["theirs"]["duplicates"]["share"] == 0
    assert found["rows"]["mine"]["per_accepted"] == 0.01
    assert found["rows"]["mine"]["acceptance"] == 0.25
    said = " ".join(one.text for one in findings({"records": 200, "compare": found}))
    assert "`theirs` repeats itself least (0 % of its records), `mine` most (20 %)" in said
    assert "An accepted record of `theirs` costs least" in said
    assert "2.0 times as much" in said
    assert "Of what `theirs` made 91 % was accepted, of what `mine` made 25 %." in said


def test_the_larger_one_is_not_blamed_for_its_size():
    texts = different(50)
    small, large = table(texts), table(texts * 4)
    found = compare({"small": small, "large": large}, "dataset")["rows"]
    assert found["large"]["duplicates"]["share"] == 0.75
    assert found["large"]["duplicates"]["same_size"] < 0.6
    assert found["small"]["duplicates"]["same_size"] == found["small"]["duplicates"]["share"]
    assert compare({"small": small, "large": large}, "dataset")["sample"] == 50


def test_nothing_is_said_where_the_intervals_meet():
    found = compare({"a": table([*different(30), *different(1)]), "b": table(different(30))}, "dataset")
    [first, *_] = findings({"records": 61, "compare": found})
    assert "intervals of their shares of duplicates meet" in first.text


def test_parts_of_one_are_compared_each_in_itself():
    texts = different(10)
    whole = table([*texts, *texts], labels=["a"] * 10 + ["b"] * 10)
    found = compare(parts(whole, ["m"] * 10 + ["n"] * 10, {"m": cost(1.0, 10, 20)}), "model")["rows"]
    assert list(found) == ["m", "n"]
    assert found["m"]["duplicates"]["share"] == found["n"]["duplicates"]["share"] == 0
    assert found["m"]["acceptance"] == 0.5
    assert "acceptance" not in found["n"]


def test_balance_is_held_against_what_was_asked_for():
    one = table(different(4), labels=["a", "a", "a", "b"])
    rows = compare({"x": one, "y": one}, "dataset", targets={"x": {("a",): 3, ("b",): 1}})["rows"]
    assert rows["x"]["balance"] == {"against": "target", "divergence": {"label": 0.0}}
    assert rows["y"]["balance"]["divergence"]["label"] > 0
