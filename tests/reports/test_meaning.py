"""Figures of vectors that can be reckoned by hand."""

from __future__ import annotations

import numpy as np
import pytest

from seedbed.reports.meaning import semantic, vendi
from seedbed.reports.table import Table


def rows(*angles: float):
    return np.array([[np.cos(angle), np.sin(angle)] for angle in angles], "f4")


@pytest.mark.parametrize(
    ("vectors", "score"), [(rows(0, 0, 0), 1), (np.eye(4, dtype="f4"), 4), (rows(0, np.pi / 2, 0, np.pi / 2), 2)]
)
def test_the_vendi_score_counts_what_is_different(vectors, score: float):
    assert vendi(vectors) == pytest.approx(score, abs=0.01)
    assert vendi(np.vstack([vectors, np.zeros_like(vectors)])) == pytest.approx(score, abs=0.01), "no word, no meaning"


@pytest.mark.parametrize("block", [1, 2, 1000])
def test_each_record_is_compared_with_all_earlier_ones(monkeypatch: pytest.MonkeyPatch, block: int):
    monkeypatch.setattr("seedbed.reports.meaning._BLOCK", block)
    labels = ["a", "b", "a", "a", "b"]
    table = Table(labels, ["t0", "t1", "t2", "t3", "t4"], labels, [""] * 5, [""] * 5)
    found = semantic(table, range(5), rows(0, 1.5, 0.01, 3, 3.01), 0.99)
    assert (found["records"], found["cross_label"], found["share"]) == (1, 1, 0.4)
    assert [one["texts"] for one in found["pairs"]] == [["t0", "t2"], ["t3", "t4"]]
