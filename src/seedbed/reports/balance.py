"""How many records there are of which kind, against how many there should be."""

from __future__ import annotations

from collections import Counter
from math import log2
from typing import TYPE_CHECKING, Any

from .table import share

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from .table import Table

CELLS = 200
"""So many cells are listed; the figures count all."""


def balance(table: Table, targets: Mapping[tuple[str, ...], int] | None = None) -> dict[str, Any]:
    """Counts for each axis and for each cell, the crossing of all axes.

    With targets each count stands beside what is wanted; without them the values of an axis are held against equal
    shares. `divergence` is that of Jensen and Shannon (Lin, 1991) between the two shares, in bits: 0 where they agree,
    1 where they have nothing in common. `missing_cells` are wanted and hold nothing.

    Args:
        table: what is measured.
        targets: values of all axes in their order → records wanted.
    """
    axes = {"label": table.labels, **table.axes} if table.labelled else dict(table.axes)
    counts = Counter(zip(*axes.values(), strict=True)) if axes else Counter[tuple[str, ...]]()
    figures = {
        name: axis(Counter(values), _totals(targets, place) if targets else None)
        for place, (name, values) in enumerate(axes.items())
    }
    if not targets:
        return {"against": "equal shares", "axes": figures}
    missing = [cell for cell, wanted in targets.items() if wanted and not counts[cell]]
    off = [(cell, wanted) for cell, wanted in targets.items() if counts[cell] != wanted]
    return {
        "against": "target",
        "axes": figures,
        "cells": {"wanted": len(targets), "exact": len(targets) - len(off), "missing": len(missing)},
        "missing_cells": [dict(zip(axes, cell, strict=True)) for cell in missing[:CELLS]],
        "cells_off": [
            {**dict(zip(axes, cell, strict=True)), "records": counts[cell], "target": wanted}
            for cell, wanted in sorted(off, key=lambda pair: -abs(counts[pair[0]] - pair[1]))[:CELLS]
        ],
    }


def _totals(targets: Mapping[tuple[str, ...], int], place: int) -> Counter[str]:
    totals = Counter[str]()
    for cell, wanted in targets.items():
        totals[cell[place]] += wanted
    return totals


def against_equal_shares(counts: Mapping[str, Counter[str]]) -> dict[str, Any]:
    """The figures of axes whose values are counted."""
    return {"against": "equal shares", "axes": {name: axis(own) for name, own in counts.items()}}


def axis(counts: Counter[str], target: Mapping[str, int] | None = None) -> dict[str, Any]:
    """How many records have each value of an axis."""
    names = [*dict.fromkeys([*(target or ()), *(name for name, _ in counts.most_common())])]
    wanted = target or dict.fromkeys(names, 1)
    total, whole = counts.total(), sum(wanted.values())
    return {
        "values": {
            name: {
                "records": counts[name],
                "share": share(counts[name], total),
                **({"target": wanted.get(name, 0)} if target else {}),
                "target_share": share(wanted.get(name, 0), whole),
            }
            for name in names
        },
        "divergence": round(
            divergence(
                [counts[name] / total if total else 0.0 for name in names],
                [wanted.get(name, 0) / whole if whole else 0.0 for name in names],
            ),
            4,
        ),
        "missing": [name for name in names if not counts[name]],
    }


def divergence(p: Sequence[float], q: Sequence[float]) -> float:
    """The Jensen-Shannon divergence of two distributions over the same values, in bits (Lin: Divergence Measures Based
    on the Shannon Entropy, 1991): 0 to 1."""

    def relative(one: float, middle: float) -> float:
        return one * log2(one / middle) if one else 0.0

    return max(0.0, sum(relative(a, (a + b) / 2) + relative(b, (a + b) / 2) for a, b in zip(p, q, strict=True)) / 2)
