"""Agreement of two labellings and Cohen's kappa, against what one reckons by hand."""

from __future__ import annotations

from random import Random

import pytest

from seedbed.reports.agreement import MATRIX, agreement


def labellings(counts: dict[str, int]) -> tuple[list[str], list[str]]:
    """So many records of each pair of labels, written as two letters."""
    pairs = [pair for pair, count in counts.items() for _ in range(count)]
    return [pair[0] for pair in pairs], [pair[1] for pair in pairs]


def test_kappa_and_its_interval_are_as_one_reckons_them():
    found = agreement(*labellings({"yy": 20, "yn": 5, "ny": 10, "nn": 15}))
    # 35 of 50 agree; by chance 0.5 × 0.6 + 0.5 × 0.4 = 0.5 would. Wilson's interval of 0.7 is 0.5625 to 0.8090.
    assert (found["records"], found["same"], found["share"]) == (50, 35, 0.7)
    assert found["interval"] == [0.5625, 0.809]
    assert found["kappa"] == 0.4
    assert found["kappa_interval"] == pytest.approx([0.125, 0.618], abs=1e-3)


def test_three_labels_are_as_one_reckons_them():
    found = agreement(*labellings({"aa": 8, "ab": 2, "bb": 5, "bc": 1, "cc": 3, "ca": 1}))
    # 16 of 20; by chance (10 × 9 + 6 × 7 + 4 × 4) / 400 = 0.37.
    assert found["kappa"] == round((0.8 - 0.37) / 0.63, 4)
    assert found["matrix"] == {"labels": ["a", "b", "c"], "given_by_second": [[8, 2, 0], [0, 5, 1], [1, 0, 3]]}
    assert found["pairs"][0] == {"label": "a", "second": "b", "records": 2}
    assert found["by_label"]["b"]["share"] == round(5 / 6, 4)


def test_full_agreement_of_a_few_records_is_not_certain():
    found = agreement(*labellings({"aa": 5, "bb": 5}))
    low, high = found["kappa_interval"]
    assert found["kappa"] == high == 1
    assert 0.3 < low < 0.6


def test_labels_that_have_nothing_to_do_with_each_other_agree_by_chance():
    rng = Random(2)
    found = agreement(rng.choices("ab", weights=[9, 1], k=5000), rng.choices("ab", weights=[9, 1], k=5000))
    assert found["share"] > 0.8
    assert abs(found["kappa"]) < 0.05


def test_one_label_alone_leaves_nothing_to_agree_on():
    assert agreement(["a", "a"], ["a", "a"])["kappa"] == 1


def test_the_interval_of_kappa_covers_the_true_one_as_often_as_it_says():
    rng, covered = Random(3), 0
    for _ in range(1000):
        given = rng.choices("abcde", k=200)
        second = [one if rng.random() < 0.8 else rng.choice("abcde") for one in given]
        low, high = agreement(given, second)["kappa_interval"]
        covered += low <= 0.8 <= high  # 0.8 know the label, and chance is 0.2: kappa is 0.8
    assert 930 <= covered <= 970


def test_of_many_labels_there_is_no_matrix():
    labels = [f"label {at}" for at in range(MATRIX + 1)]
    found = agreement(labels, labels[1:] + labels[:1])
    assert "matrix" not in found
    assert len(found["pairs"]) == MATRIX + 1
