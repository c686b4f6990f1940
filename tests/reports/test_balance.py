"""Counts against what is wanted."""

from __future__ import annotations

import pytest

from seedbed.reports.balance import balance, divergence
from seedbed.reports.page import page
from seedbed.reports.table import Table


def table(labels: str, kinds: str = "") -> Table:
    empty = [""] * len(labels)
    return Table(list(labels), list(labels), list(labels), empty, empty, {"kind": list(kinds)} if kinds else {})


def test_without_a_target_values_are_held_against_equal_shares():
    found = balance(table("aaab"))["axes"]["label"]
    assert found["values"]["a"] == {"records": 3, "share": 0.75, "target_share": 0.5}
    assert 0 < found["divergence"] < 0.1


def test_missing_cells_and_those_that_are_off_are_named():
    found = balance(table("aab", "xyx"), {("a", "x"): 1, ("a", "y"): 1, ("b", "x"): 2, ("b", "y"): 1})
    assert found["cells"] == {"wanted": 4, "exact": 2, "missing": 1}
    assert found["missing_cells"] == [{"label": "b", "kind": "y"}]
    assert {"label": "b", "kind": "x", "records": 1, "target": 2} in found["cells_off"]
    assert found["axes"]["label"]["values"]["b"]["target"] == 3
    shown = page({"records": 3, "balance": found}, [], "some")
    assert '<th scope="row">b · y</th><td class="number">0</td><td class="number">1</td>' in shown


@pytest.mark.parametrize(
    ("p", "q", "bits"), [([1, 0], [0, 1], 1), ([0.5, 0.5], [0.5, 0.5], 0), ([1, 0], [0.5, 0.5], 0.3113)]
)
def test_divergence_is_as_in_the_books(p: list[float], q: list[float], bits: float):
    assert divergence(p, q) == pytest.approx(bits, abs=1e-4)
