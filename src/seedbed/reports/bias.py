"""Who is spoken of under which label: men and women, names, places."""

from __future__ import annotations

from collections import Counter
from math import sqrt
from typing import TYPE_CHECKING, Any

from seedbed.core.statistics.intervals import wilson

from .table import share

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

FEW = 5
"""Of fewer records than this nothing is said."""
SHOWN = 30


def bias(
    groups: Mapping[str, Sequence[str]], labels: Sequence[str], real: Mapping[str, Sequence[str]] | None = None
) -> dict[str, Any]:
    """For each kind of group how many records speak of each, and how that goes with their labels.

    `strength` is Cramér's V of group and label among the records that speak of any (Cramér, 1946): 0 if they have
    nothing to do with each other, 1 if one tells the other. `skewed` are groups whose share under a label lies, with
    its 95 % interval, apart from their share under all others.

    Args:
        groups: kind (gender, place) → for each record the group it speaks of, "" for none.
        labels: of each record.
        real: the same for real records, to hold the shares against.
    """
    return {kind: _kind(values, labels, (real or {}).get(kind)) for kind, values in groups.items()}


def _kind(values: Sequence[str], labels: Sequence[str], real: Sequence[str] | None) -> dict[str, Any]:
    counts = Counter(value for value in values if value)
    total = sum(counts.values())
    pairs = Counter((value, label) for value, label in zip(values, labels, strict=True) if value)
    theirs = Counter(value for value in real or () if value)
    found: dict[str, Any] = {
        "records": total,
        "groups": {
            name: {"records": count, "share": share(count, total)}
            | ({"real_share": share(theirs[name], theirs.total())} if theirs else {})
            for name, count in counts.most_common(SHOWN)
        },
    }
    if len(set(labels)) > 1 and total:
        found["strength"] = round(cramers_v(pairs), 3)
        found["skewed"] = _skewed(pairs)
    return found


def _skewed(pairs: Mapping[tuple[str, str], int]) -> list[dict[str, Any]]:
    """Groups that are met more, or less, under one label than under the others, the strongest first."""
    of_label, of_group = Counter[str](), Counter[str]()
    for (group, label), count in pairs.items():
        of_label[label] += count
        of_group[group] += count
    total, found = sum(of_label.values()), list[dict[str, Any]]()
    for group in of_group:
        for label, under in of_label.items():
            hits, others = pairs.get((group, label), 0), total - under
            if of_group[group] < FEW or under < FEW or others < FEW:
                continue
            low, high = wilson(hits, under)
            other_low, other_high = wilson(of_group[group] - hits, others)
            if low > other_high or high < other_low:
                found.append(
                    {"group": group, "label": label, "records": hits, "share": share(hits, under)}
                    | {"interval": [round(low, 3), round(high, 3)], "elsewhere": share(of_group[group] - hits, others)}
                )
    return sorted(found, key=lambda one: -abs(one["share"] - one["elsewhere"]))[:SHOWN]


def cramers_v(pairs: Mapping[tuple[str, str], int]) -> float:
    """Cramér's V of a table of counts (Cramér: Mathematical Methods of Statistics, 1946)."""
    rows, columns = Counter[str](), Counter[str]()
    for (row, column), count in pairs.items():
        rows[row] += count
        columns[column] += count
    total, smaller = sum(rows.values()), min(len(rows), len(columns)) - 1
    if not total or smaller < 1:
        return 0.0
    square = sum(
        (pairs.get((row, column), 0) - rows[row] * columns[column] / total) ** 2 / (rows[row] * columns[column] / total)
        for row in rows
        for column in columns
    )
    return sqrt(square / (total * smaller))
