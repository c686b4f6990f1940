"""Answers of two files, field by field."""

from __future__ import annotations

from typing import Any

import pytest

from seedbed.reports.fields import fields
from seedbed.reports.table import Table


def answers(values: list[Any], texts: list[str], ids: list[str] | None = None) -> Table:
    empty = [""] * len(texts)
    return Table(empty, texts, empty, empty, empty, ids=ids or empty, answers=values)


def marks(said: Any, right: Any) -> tuple[float, float]:
    found = fields(answers([said], ["who?"]), answers([right], ["who?"]))["fields"]["answer"]
    return found["exact"], found["f1"]


@pytest.mark.parametrize(
    ("said", "right", "exact", "f1"),
    [
        ("The Eiffel Tower!", "eiffel tower", 1, 1),
        ("in the year 1889", "1889", 0, 0.5),
        ("Gustave Eiffel", "Eiffel", 0, 2 / 3),
        ("no", "yes", 0, 0),
        ("", "", 1, 1),
        (None, "yes", 0, 0),
        (5, 5.0, 1, 1),
        (-5, 5, 0, 0),
        ("東京都", "東京", 0, 0.8),
    ],
)
def test_an_answer_is_marked_as_in_squad(said: Any, right: Any, exact: float, f1: float):
    assert marks(said, right) == (exact, pytest.approx(f1, abs=1e-4))


def test_each_field_of_an_object_is_marked():
    said = {"name": "Ann", "age": 30, "home": {"city": "Paris"}, "pets": []}
    right = {"name": "Ann Lee", "age": 31, "home": {"city": "Paris", "street": "Rue 1"}, "pets": ["cat"]}
    found = fields(answers([said], ["doc"]), answers([right], ["doc"]))
    exact = {name: one["exact"] for name, one in found["fields"].items()}
    assert exact == {"name": 0, "age": 0, "home.city": 1, "home.street": 0, "pets": 0}
    assert found["all"]["exact"] == 0.2
    assert found["fields"]["name"]["f1"] == pytest.approx(2 / 3, abs=1e-4)


def test_records_pair_by_id_and_else_by_text():
    one = answers(["a", "b", "c"], ["x", "one two", "y"], ["1", "2", "3"])
    other = answers(["a", "b", "c"], ["q", "One  two.", "r"], ["1", "9", "8"])
    found = fields(one, other)
    assert (found["records"], found["only_here"], found["only_real"]) == (2, 1, 1)
    assert found["all"]["exact"] == 1


def test_a_text_that_is_there_twice_is_paired_in_order():
    found = fields(answers(["a", "b", "c"], ["x"] * 3), answers(["a", "b"], ["x"] * 2))
    assert found["records"] == 2
    assert found["all"]["exact"] == 1


def test_a_field_that_few_records_have_is_the_mean_of_these():
    one = answers([{"a": "x"}, {"a": "x", "b": "y"}], ["1", "2"])
    found = fields(one, one)
    assert found["fields"]["b"]["records"] == 1
    assert found["fields"]["b"]["exact"] == 1
    assert found["fields"]["b"]["exact_interval"][0] < 0.5


def test_nothing_in_common_is_told():
    assert fields(answers(["a"], ["x"]), answers(["a"], ["y"])) == {"records": 0, "only_here": 1, "only_real": 1}
