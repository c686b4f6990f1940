"""Confident learning (Northcutt, Jiang, Chuang: Confident Learning, JAIR 2021): how many labels are wrong, and which.

Of our own: the joint is fifteen lines, and gives what cleanlab's gives (decision 22).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

SLACK = 1e-6
"""What rounding may take from a probability."""


def confident_joint(given: Sequence[int], shares: NDArray[Any]) -> NDArray[Any]:
    """How many records with a label (row) have which true one (column), as far as can be told; rows add up to the
    records with that label.

    A record counts as one of a label when its probability is at least the mean one of the records that have that label;
    of several the most probable. These counts are scaled to all records of a row.

    Args:
        given: the number of each record's label, from 0 on; there is one of each at least.
        shares: the probability of each label (column) for each record, by a classifier that has not seen it.
    """
    import numpy as np

    own, labels = np.array(given), range(shares.shape[1])
    thresholds = np.array([shares[own == label, label].mean() for label in labels])
    sure = np.where(shares >= thresholds - SLACK, shares, -1.0)
    told = sure.max(axis=1) >= 0
    counts = np.zeros((len(labels), len(labels)))
    np.add.at(counts, (own[told], sure[told].argmax(axis=1)), 1.0)
    np.fill_diagonal(counts, counts.diagonal().clip(min=1.0))  # each label has some record that is right
    joint: NDArray[Any] = counts / counts.sum(axis=1, keepdims=True) * np.bincount(own)[:, None]
    return joint


def doubts(given: Sequence[int], shares: NDArray[Any]) -> tuple[NDArray[Any], NDArray[Any]]:
    """For each record the likeliest other label, and how sure it is that this one fits better, from 0 to 1.

    0.5 is as likely as the given one. It is the normalized margin of the paper, turned round and scaled.
    """
    import numpy as np

    rows, labels = np.arange(len(given)), np.array(given)
    others = shares.astype(np.float64)
    own = others[rows, labels]
    others[rows, labels] = -1.0
    other = others.argmax(axis=1)
    return other, (1.0 + others[rows, other] - own) / 2.0
