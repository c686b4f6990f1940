"""How far two labellings of the same records agree."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from seedbed.core.statistics.intervals import wilson

from .table import share

if TYPE_CHECKING:
    from collections.abc import Sequence

    Counts = Counter[tuple[str, str]]

MATRIX = 30
"""With more labels than this there is no confusion matrix, only its largest entries."""

PAIRS = 50


def agreement(given: Sequence[str], second: Sequence[str]) -> dict[str, Any]:
    """How many records have the same label in both, Cohen's kappa, and which label is taken for which.

    Kappa (Cohen: A Coefficient of Agreement for Nominal Scales, 1960) is how much they agree on of what chance leaves
    open: 1 always, 0 as often as labels dealt out anew would, below 0 less often. Its interval is that of the
    agreement, by Wilson, with what chance gives taken as known (decision 22).

    Args:
        given: the label of each record.
        second: the label that somebody else gave it without knowing of the first.
    """
    counts: Counts = Counter(zip(given, second, strict=True))
    one, other = Counter(given), Counter(second)
    same = sum(count for (label, said), count in counts.items() if label == said)
    chance = sum(count * other[label] for label, count in one.items()) / len(given) ** 2
    low, high = wilson(same, len(given))
    found = {
        **_share(same, len(given)),
        "kappa": _kappa(same / len(given), chance),
        "kappa_interval": [_kappa(low, chance), _kappa(high, chance)],
        "by_label": {label: _share(counts[label, label], records) for label, records in sorted(one.items())},
        "pairs": _pairs(counts),
    }
    labels = sorted({*one, *other})
    if len(labels) <= MATRIX:
        rows = [[counts[label, said] for said in labels] for label in labels]
        found["matrix"] = {"labels": labels, "given_by_second": rows}
    return found


def _kappa(same: float, chance: float) -> float:
    return round((same - chance) / (1 - chance), 4) if chance < 1 else 1.0


def _share(same: int, records: int) -> dict[str, Any]:
    low, high = wilson(same, records)
    interval = [round(low, 4), round(high, 4)]
    return {"records": records, "same": same, "share": share(same, records), "interval": interval}


def _pairs(counts: Counts) -> list[dict[str, Any]]:
    """What is taken for what, the commonest first."""
    apart = [(pair, count) for pair, count in counts.items() if pair[0] != pair[1]]
    return [
        {"label": label, "second": said, "records": count}
        for (label, said), count in sorted(apart, key=lambda item: (-item[1], item[0]))[:PAIRS]
    ]
