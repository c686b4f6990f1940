"""What judges say of the records: their marks by label and by model."""

from __future__ import annotations

from collections import Counter
from math import sqrt
from random import Random
from statistics import fmean, stdev
from typing import TYPE_CHECKING, Any

from seedbed.core.statistics.intervals import Z95

from .table import shortened

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from .table import Table

LOWEST = 10
RESAMPLES = 400
MANY = 500
"""Of more values than this the mean is as good as normally distributed, and no resampling is needed."""
DIFFERENT = 12
"""With more different marks than this they are not counted one by one."""


def judges(
    table: Table, marks: Mapping[str, Sequence[float | None]], reasons: Mapping[str, Sequence[str]]
) -> dict[str, Any]:
    """The mean mark of each judge with its 95 % interval, also by label and by model, and the records it likes least.

    Args:
        table: what was judged.
        marks: by judge that of each record; None where it gave none.
        reasons: by judge what it said of each record.
    """
    return {name: _judge(table, given, reasons[name]) for name, given in marks.items()}


def _judge(table: Table, marks: Sequence[float | None], reasons: Sequence[str]) -> dict[str, Any]:
    given = [(place, mark) for place, mark in enumerate(marks) if mark is not None]
    counts = Counter(mark for _, mark in given)
    by = {"label": table.labels, "model": table.models}
    lowest = sorted(given, key=lambda pair: pair[1])[:LOWEST]
    return {
        **_mean([mark for _, mark in given]),
        "unjudged": len(marks) - len(given),
        **({"marks": {f"{mark:g}": counts[mark] for mark in sorted(counts)}} if len(counts) <= DIFFERENT else {}),
        **{f"by_{name}": _by(given, values) for name, values in by.items() if any(values)},
        "lowest": [
            {"record": table.names[place], "mark": mark, "reason": reasons[place], "label": table.labels[place]}
            | {"text": shortened(table.texts[place])}
            for place, mark in lowest
        ],
    }


def _by(given: Sequence[tuple[int, float]], values: Sequence[str]) -> dict[str, dict[str, Any]]:
    found: dict[str, list[float]] = {}
    for place, mark in given:
        found.setdefault(values[place], []).append(mark)
    return {value: _mean(marks) for value, marks in found.items()}


def _mean(marks: Sequence[float]) -> dict[str, Any]:
    if not marks:
        return {"records": 0, "mean": None, "interval": None}
    low, high = interval(marks)
    return {"records": len(marks), "mean": round(fmean(marks), 3), "interval": [round(low, 3), round(high, 3)]}


def interval(values: Sequence[float], seed: int = 7) -> tuple[float, float]:
    """The 95 % interval of a mean: the percentiles of resampled means (Efron: Bootstrap Methods, 1979), of many values
    by the normal distribution, which those follow then."""
    if len(values) > MANY:
        middle, half = fmean(values), Z95 * stdev(values) / sqrt(len(values))
        return middle - half, middle + half
    rng = Random(seed)
    means = sorted(fmean(rng.choices(values, k=len(values))) for _ in range(RESAMPLES))
    return means[round(0.025 * (RESAMPLES - 1))], means[round(0.975 * (RESAMPLES - 1))]
