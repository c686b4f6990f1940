"""What a test set says about all texts of its kind: figures with the intervals of a bootstrap."""

from __future__ import annotations

from dataclasses import dataclass
from statistics import NormalDist
from typing import TYPE_CHECKING, Any

from seedbed.core.statistics.intervals import Z95, wilson

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

RESAMPLES = 1000
_NORMAL = NormalDist()


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure of a test set, the same of each resample, and, where resampling shows no spread, its interval."""

    value: float
    draws: Any
    bounds: tuple[float, float] | None = None

    def interval(self) -> tuple[float, float]:
        """Where the figure would lie for all texts of the kind, with 95 %: bias-corrected percentiles of a bootstrap
        (Efron: Nonparametric Standard Errors and Confidence Intervals, 1981). It is about the choice of test records
        alone: what was learned from stays as it is."""
        import numpy as np

        if self.bounds:
            return self.bounds
        below = ((self.draws < self.value).mean() + (self.draws <= self.value).mean()) / 2
        off = 2 * _NORMAL.inv_cdf(min(max(float(below), 1e-3), 1 - 1e-3))
        low, high = np.quantile(self.draws, [_NORMAL.cdf(off - Z95), _NORMAL.cdf(off + Z95)])
        return float(low), float(high)

    def __sub__(self, other: Figure) -> Figure:
        """The difference on the same test records, resample by resample: closer than the two intervals tell."""
        return Figure(self.value - other.value, self.draws - other.draws)

    def document(self, name: str) -> dict[str, Any]:
        """The figure and its interval under its name, rounded."""
        return {name: round(self.value, 4), f"{name}_interval": [round(end, 4) for end in self.interval()]}


@dataclass(frozen=True, slots=True)
class Scores:
    """How well a model does on a test set: a share or F1 of all, the mean F1 of its labels, and the F1 of each."""

    total: Figure
    macro: Figure
    each: dict[str, Figure]


class Resamples:
    """A test set drawn anew from itself, with replacement, a thousand times: the same draws for every model.

    Args:
        size: how many records the test set has.
        seed: what they are drawn by.
    """

    def __init__(self, size: int, seed: int) -> None:
        import numpy as np

        drawn = np.random.default_rng(seed).multinomial(size, np.full(size, 1 / size), RESAMPLES)
        self._times = drawn.astype(np.float32)
        self.size = size

    def mean(self, values: Sequence[float], places: Sequence[int] | None = None) -> Figure:
        """The mean of one number for each record, or for each of some records.

        Args:
            values: the numbers.
            places: of the records that have one, if not all do.
        """
        import numpy as np

        numbers = np.asarray(values, np.float32)
        times = self._times if places is None else self._times[:, np.asarray(places)]
        draws = times @ numbers / np.maximum(times.sum(axis=1), 1)
        return _with_edges(Figure(float(numbers.mean(dtype=np.float64)), draws), len(values))

    def classified(self, truth: Sequence[str], said: Sequence[str]) -> Scores:
        """Of labels: the share that is right, and F1 over the labels of the test set. A label that is said and is not
        among these is a mistake."""
        labels = sorted(set(truth))
        code = {label: place for place, label in enumerate(labels)}
        true = [code[label] for label in truth]
        told = [code.get(label, -1) for label in said]
        right = [one if one == other else -1 for one, other in zip(true, told, strict=True)]
        scores = self.counted(labels, *(self._ones(codes, len(labels)) for codes in (right, true, told)))
        return Scores(self.mean([float(one >= 0) for one in right]), scores.macro, scores.each)

    def counted(self, labels: Sequence[str], right: Any, true: Any, told: Any) -> Scores:
        """Of counts by record and label: what was said and is right, what would be, and what was said. The total is the
        F1 of all of them together, also of columns beyond those of the labels; `macro` the mean F1 of the labels."""
        import numpy as np

        whole = [np.asarray(one.sum(axis=0), np.float64)[None] for one in (right, true, told)]
        drawn = [np.asarray(self._times @ one, np.float64) for one in (right, true, told)]
        own, draws = _f1(*whole)[0], _f1(*drawn)
        each = {
            label: _with_edges(Figure(float(own[k]), draws[:, k]), int(whole[1][0, k]))
            for k, label in enumerate(labels)
        }
        there = drawn[1][:, : len(each)] > 0
        macro = Figure(float(own[: len(each)].mean()), _mean(draws[:, : len(each)], there), _edges(each.values()))
        value, total = (_f1(*(one.sum(axis=1) for one in counts)) for counts in (whole, drawn))
        return Scores(_with_edges(Figure(float(value[0]), total), int(whole[1].sum())), macro, each)

    def _ones(self, codes: Sequence[int], width: int) -> Any:
        """A row for each record with a one at its code; none where the code is -1."""
        import numpy as np
        from scipy.sparse import csr_array

        places = np.asarray(codes)
        rows = np.flatnonzero(places >= 0)
        ones = np.ones(len(rows), np.float32)
        return csr_array((ones, (rows, places[rows])), shape=(self.size, width))


def _f1(right: Any, true: Any, told: Any) -> Any:
    """F1 of counts (van Rijsbergen, 1979): 0 where nothing is right, also where there is nothing."""
    import numpy as np

    return 2 * right / np.maximum(true + told, 1)


def _mean(values: Any, there: Any) -> Any:
    """The mean of each row over what is there."""
    import numpy as np

    return (values * there).sum(axis=1) / np.maximum(there.sum(axis=1), 1)


def _with_edges(figure: Figure, n: int) -> Figure:
    """Where all is right, or nothing, every resample is the same and tells nothing: then Wilson's interval stands for
    it, of so many cases."""
    if figure.value not in (0.0, 1.0):
        return figure
    return Figure(figure.value, figure.draws, wilson(n if figure.value else 0, n))


def _edges(each: Collection[Figure]) -> tuple[float, float] | None:
    """The mean interval of the labels, where all of them are at the same edge."""
    if len({one.value for one in each}) > 1 or any(one.bounds is None for one in each):
        return None
    lows, highs = zip(*(one.interval() for one in each), strict=True)
    return sum(lows) / len(each), sum(highs) / len(each)
