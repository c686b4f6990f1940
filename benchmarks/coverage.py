"""How often bootstrap intervals hold the true figure: `python -m benchmarks.coverage [--sets 2000]`.

Test sets are drawn from a world of which truth and answers are known: labels with shares of their own, each answered
right with a chance of its own, else with another label. An interval of 95 % should hold the world's accuracy and
macro-F1 in 93 to 97 of 100 sets. In small sets with rare labels it cannot: the table says from where on it does.
"""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

import numpy as np

from seedbed.reports.resampling import Resamples

if TYPE_CHECKING:
    from numpy.typing import NDArray

WORLDS = {
    "2 labels, 80 % right": ([0.6, 0.4], [0.85, 0.72]),
    "5 labels, 75 % right": ([0.3, 0.25, 0.2, 0.15, 0.1], [0.9, 0.8, 0.7, 0.6, 0.5]),
    "5 labels, 95 % right": ([0.3, 0.25, 0.2, 0.15, 0.1], [0.97, 0.96, 0.95, 0.93, 0.9]),
    "20 labels, 70 % right": ([0.05] * 20, [0.7] * 20),
}
SIZES = (50, 100, 300, 1000)


def main() -> None:
    """Prints the table."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--sets", type=int, default=2000)
    sets = parser.parse_args().sets
    print(f"{sets:,} test sets each; of 100 intervals so many hold the true figure")
    print(f"{'world':24} {'test records':>12} {'accuracy':>9} {'macro-F1':>9}")
    for name, world in WORLDS.items():
        for size in SIZES:
            accuracy, macro = covered(*world, size, sets)
            print(f"{name:24} {size:>12,} {100 * accuracy:>9.1f} {100 * macro:>9.1f}", flush=True)


def covered(shares: list[float], right: list[float], size: int, sets: int) -> tuple[float, float]:
    """How many of the intervals hold the accuracy and the macro-F1 of the world."""
    joint = _joint(shares, right)
    labels = [f"{place:02}" for place in range(len(shares))]
    true = 2 * np.diag(joint) / (joint.sum(axis=0) + joint.sum(axis=1))
    rng, resamples, held = np.random.default_rng(7), Resamples(size, 7), np.zeros(2)
    for _ in range(sets):
        truth, said = np.divmod(rng.choice(joint.size, size, p=joint.ravel()), len(labels))
        scores = resamples.classified([labels[k] for k in truth], [labels[k] for k in said])
        for place, (figure, value) in enumerate(((scores.total, np.trace(joint)), (scores.macro, true.mean()))):
            low, high = figure.interval()
            held[place] += low <= value <= high
    return float(held[0] / sets), float(held[1] / sets)


def _joint(shares: list[float], right: list[float]) -> NDArray[np.float64]:
    """The chance of each pair of truth and answer; what is wrong is shared out evenly."""
    count = len(shares)
    joint = np.array([[(1 - r) / (count - 1)] * count for r in right], np.float64)
    np.fill_diagonal(joint, right)
    weighed: NDArray[np.float64] = joint * np.array(shares)[:, None]
    return weighed


if __name__ == "__main__":
    main()
