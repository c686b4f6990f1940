"""Two or more datasets, or parts of one, side by side."""

from __future__ import annotations

from collections import Counter
from random import Random
from typing import TYPE_CHECKING, Any, get_args

from seedbed.core.statistics.intervals import wilson

from .balance import balance
from .diversity import SAMPLE, measured, sample
from .duplicates import Kind, redundant
from .table import Table, share

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

LIKE = ("vocabulary", "words", "distinct_1", "distinct_2", "compression", "self_bleu")
SHOWN = 30
"""So many parts of one dataset are compared, the largest."""


def compare(
    tables: Mapping[str, Table],
    by: str,
    threshold: float = 0.9,
    seed: int = 7,
    targets: Mapping[str, Mapping[tuple[str, ...], int]] | None = None,
) -> dict[str, Any]:
    """For each table its records, duplicates, diversity, balance, and what is known of how it was made.

    Figures that depend on how much there is are taken from samples of one size, `sample`: those of diversity, and
    `duplicates.same_size`, the share of redundant records among as many of each. Other shares of duplicates are of all
    records, with their 95 % interval. What making a table took is `facts["cost"]` in it.

    Args:
        tables: by name; each in itself is searched for duplicates.
        by: what the names are of, such as "dataset" or "model".
        threshold: of near duplicates.
        seed: of the samples.
        targets: by name what each cell was to hold, where that is known.
    """
    size = min(SAMPLE, *(len(table) for table in tables.values()))
    same = min(len(table) for table in tables.values())
    return {
        "by": by,
        "sample": size,
        "rows": {
            name: {
                "records": len(table),
                "duplicates": _duplicates(table, same, threshold, seed),
                "diversity": _diversity(table, size, seed),
                **_balance(table, (targets or {}).get(name)),
                **_made(table.facts.get("cost")),
            }
            for name, table in tables.items()
        },
    }


def parts(
    table: Table, values: Sequence[str], costs: Mapping[str, Mapping[str, Any]] | None = None
) -> dict[str, Table]:
    """The table in parts by the values of its records, the largest first; `costs` is what making each part took."""
    places: dict[str, list[int]] = {}
    for place, value in enumerate(values):
        places.setdefault(value, []).append(place)
    largest = sorted(places, key=lambda value: -len(places[value]))[:SHOWN]
    return {value: _part(table, places[value], (costs or {}).get(value)) for value in largest}


def _part(table: Table, places: Sequence[int], cost: Mapping[str, Any] | None = None) -> Table:
    def chosen(column: Sequence[str]) -> list[str]:
        return [column[place] for place in places]

    return Table(
        chosen(table.names),
        chosen(table.texts),
        chosen(table.labels),
        chosen(table.models),
        chosen(table.prompts),
        {name: chosen(column) for name, column in table.axes.items()},
        {"cost": cost} if cost else {},
    )


def _duplicates(table: Table, size: int, threshold: float, seed: int) -> dict[str, Any]:
    found = redundant(table, threshold)
    kinds = Counter(one.kind for one in found)
    low, high = wilson(len(found), len(table))
    return {
        **{kind: kinds[kind] for kind in get_args(Kind)},
        "share": share(len(found), len(table)),
        "interval": [round(low, 4), round(high, 4)],
        "same_size": share(_of_size(table, size, threshold, seed, len(found)), size),
    }


def _of_size(table: Table, size: int, threshold: float, seed: int, all_of_it: int) -> int:
    """How many of so many records are redundant."""
    if size == len(table):
        return all_of_it
    places = sorted(Random(seed).sample(range(len(table)), size))
    return len(redundant(_part(table, places), threshold))


def _diversity(table: Table, size: int, seed: int) -> dict[str, Any]:
    figures = measured(sample(table.texts, size, seed), seed)
    return {name: figures[name] for name in LIKE}


def _balance(table: Table, targets: Mapping[tuple[str, ...], int] | None) -> dict[str, Any]:
    if not (table.labelled or table.axes):
        return {}
    found = balance(table, targets)
    return {
        "balance": {
            "against": found["against"],
            "divergence": {name: axis["divergence"] for name, axis in found["axes"].items()},
        }
    }


def _made(cost: Mapping[str, Any] | None) -> dict[str, Any]:
    if not cost:
        return {}
    accepted, attempts = cost["accepted"], cost["attempts"]
    low, high = wilson(min(accepted, attempts), attempts) if attempts else (0.0, 1.0)
    known = {"acceptance": share(accepted, attempts), "acceptance_interval": [round(low, 4), round(high, 4)]}
    paid = cost.get("cost")
    return {
        **(known if attempts else {}),
        "cost": paid,
        "per_accepted": round(paid / accepted, 8) if paid is not None and accepted else None,
    }
