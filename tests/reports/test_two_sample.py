"""Can a classifier tell synthetic texts from real ones?"""

from __future__ import annotations

from random import Random

import pytest
from sklearn.metrics import roc_auc_score
from tests.reports.planted import learnable

from seedbed.reports.two_sample import _auc, two_sample


def test_texts_of_one_source_cannot_be_told_apart():
    found = two_sample(learnable(400, 1).texts, learnable(300, 2).texts)
    assert found is not None
    assert found["sample"] == 300
    low, high = found["auc_interval"]
    assert low <= 0.5 <= high


def test_a_word_of_one_side_tells_them_apart_and_is_named():
    texts = [f"{text} delve" if number % 2 else text for number, text in enumerate(learnable(200, 1).texts)]
    found = two_sample(texts, learnable(200, 2).texts)
    assert found is not None
    assert 0.6 < found["auc_interval"][0] < found["auc"] < 0.9
    assert found["words_synthetic"][0] == {"words": "delve", "synthetic": 0.5, "real": 0.0}
    assert "delve" not in [one["words"] for one in found["words_real"]]


@pytest.mark.parametrize("both", [0, 150, 300])
def test_texts_that_both_sides_have_are_not_told_apart_the_wrong_way_round(both: int):
    texts = learnable(300, 1).texts
    found = two_sample(texts, [*texts[:both], *learnable(300 - both, 2).texts] if both < 300 else texts)
    assert found is not None
    low, high = found["auc_interval"]
    assert low - 0.01 <= 0.5 <= high + 0.01


def test_pieces_of_words_are_not_named():
    found = two_sample(["it's so"] * 30, ["we are a shop"] * 30)
    assert found is not None
    assert {one["words"] for one in found["words_synthetic"]} == {"it", "so"}


def test_few_texts_are_not_judged():
    assert two_sample(["a"] * 19, ["b"] * 500) is None


def test_the_area_is_that_of_scikit_learn_with_ties():
    np = pytest.importorskip("numpy")
    rng = Random(3)
    scores = [round(rng.gauss(0.5 * (place < 50), 1), 1) for place in range(100)]
    assert _auc(np.array(scores), 50, 7).value == pytest.approx(roc_auc_score([1] * 50 + [0] * 50, scores))
