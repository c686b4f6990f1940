"""The confident joint and the doubts about single labels, against what one reckons by hand."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given as holds_for
from hypothesis import strategies as st

from seedbed.reports.confident import confident_joint, doubts

GIVEN = [0, 0, 0, 1, 1]
SHARES = np.array([[0.9, 0.1], [0.7, 0.3], [0.2, 0.8], [0.4, 0.6], [0.1, 0.9]])


def test_the_joint_counts_what_is_surer_than_usual_and_is_scaled_to_all_records():
    # The thresholds are (0.9 + 0.7 + 0.2) / 3 = 0.6 and (0.6 + 0.9) / 2 = 0.75. The third record is surely of the
    # second label, the fourth surely of none, and the others of their own: [[2, 1], [0, 1]], in rows of three and two.
    assert confident_joint(GIVEN, SHARES).tolist() == [[2, 1], [0, 2]]


def test_of_several_sure_labels_the_likeliest_counts():
    shares = np.array([[0.6, 0.4], [0.1, 0.9], [0.5, 0.5], [0.45, 0.55]])
    # Thresholds 0.35 and 0.525 for the labels 0 0 1 1: the last is sure of both labels, and surer of its own.
    assert confident_joint([0, 0, 1, 1], shares).tolist() == [[1, 1], [1, 1]]


def test_a_label_that_is_never_sure_of_itself_keeps_one_record():
    shares = np.array([[0.4, 0.6], [0.0, 1.0], [0.1, 0.9], [0.1, 0.9]])
    joint = confident_joint([0, 0, 1, 1], shares)
    assert joint.sum(axis=1).tolist() == [2, 2]
    assert joint[0, 0] > 0


@holds_for(st.integers(2, 5), st.integers(0, 2**32))
def test_rows_of_the_joint_add_up_to_the_records_of_their_labels(labels: int, seed: int):
    rng = np.random.default_rng(seed)
    given = [*range(labels), *rng.integers(0, labels, 40).tolist()]
    shares = rng.dirichlet([0.5] * labels, len(given))
    joint = confident_joint(given, shares)
    assert joint.sum(axis=1).tolist() == pytest.approx(np.bincount(given).tolist())
    assert (joint >= 0).all()


def test_a_doubt_is_half_of_one_and_the_lead_of_the_likeliest_other_label():
    other, score = doubts([0, 1, 2], np.array([[0.5, 0.3, 0.2], [0.7, 0.1, 0.2], [0.2, 0.2, 0.6]]))
    assert other.tolist() == [1, 0, 0]
    assert score.tolist() == pytest.approx([0.4, 0.8, 0.3])
