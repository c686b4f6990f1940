"""Figures of a test set, and whether their intervals hold what they promise."""

from __future__ import annotations

from random import Random

import numpy as np
import pytest

from seedbed.core.statistics.intervals import wilson
from seedbed.reports.resampling import Resamples

TRUTH = ["a"] * 6 + ["b"] * 3 + ["c"]
SAID = ["a"] * 5 + ["b"] + ["b", "b", "d"] + ["a"]


def test_accuracy_and_f1_are_as_reckoned_by_hand():
    scores = Resamples(10, 7).classified(TRUTH, SAID)
    assert scores.total.value == pytest.approx(7 / 10)
    assert scores.each["a"].value == pytest.approx(2 * 5 / (6 + 6))
    assert scores.each["b"].value == pytest.approx(2 * 2 / (3 + 3))
    assert scores.each["c"].value == 0
    assert scores.macro.value == pytest.approx((10 / 12 + 4 / 6 + 0) / 3)


def test_a_label_the_test_set_does_not_have_is_no_label_of_its_macro_f1():
    assert list(Resamples(10, 7).classified(TRUTH, SAID).each) == ["a", "b", "c"]


def test_the_same_seed_gives_the_same_interval():
    one, other = (Resamples(10, 3).classified(TRUTH, SAID).macro.interval() for _ in range(2))
    assert one == other


def test_where_all_is_right_the_interval_is_not_a_point():
    scores = Resamples(10, 7).classified(TRUTH, TRUTH)
    assert scores.total.interval() == wilson(10, 10)
    assert scores.each["c"].interval() == wilson(1, 1)
    assert scores.macro.interval()[0] < scores.total.interval()[0]


def test_a_difference_on_the_same_records_is_closer_than_two_intervals_tell():
    rng, n = Random(1), 400
    truth = [rng.choice("ab") for _ in range(n)]
    one = [label if rng.random() < 0.8 else "x" for label in truth]
    other = [label if place > 20 else "x" for place, label in enumerate(one)]
    resamples = Resamples(n, 7)
    first, second = (resamples.classified(truth, said).total for said in (one, other))
    assert first.interval()[0] < second.interval()[1]
    assert (first - second).interval()[0] > 0


def test_the_mean_of_some_records_is_theirs():
    figure = Resamples(4, 7).mean([1.0, 0.5], [1, 3])
    assert figure.value == 0.75
    assert figure.interval()[0] >= 0.0
    assert figure.interval()[1] <= 1.0


def test_intervals_hold_the_true_figures_as_often_as_they_say():
    """Of 300 test sets of 300 records, drawn from known shares of truth and answer: 95 % is 285, give or take 11 for
    the number of sets; `benchmarks.coverage` draws thousands."""
    cells = [("a", "a"), ("a", "b"), ("b", "b"), ("b", "a"), ("c", "c"), ("c", "a")]
    shares = np.array([0.35, 0.1, 0.25, 0.1, 0.12, 0.08])
    right = {"a": 0.35, "b": 0.25, "c": 0.12}
    true = {"a": 0.45, "b": 0.35, "c": 0.2}
    told = {"a": 0.53, "b": 0.35, "c": 0.12}
    wanted = {"total": 0.72, "macro": sum(2 * right[k] / (true[k] + told[k]) for k in right) / 3}
    rng, held, resamples = np.random.default_rng(5), dict.fromkeys(wanted, 0), Resamples(300, 7)
    for _ in range(300):
        drawn = [cells[place] for place in rng.choice(len(cells), 300, p=shares)]
        scores = resamples.classified(*(list(side) for side in zip(*drawn, strict=True)))
        for name, value in wanted.items():
            low, high = getattr(scores, name).interval()
            held[name] += low <= value <= high
    assert all(273 <= count <= 297 for count in held.values()), held
