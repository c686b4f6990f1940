"""A random sample judged by a person, and what it says about all records."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from random import Random
from typing import Any

from seedbed.core.apportion import largest_remainder
from seedbed.core.statistics.intervals import anytime, enough, wilson

HALF = 0.03
"""How far an interval is to reach to each side for `more`."""


def drawn(strata: Sequence[str], n: int, seed: int) -> list[int]:
    """The places of a stratified sample: of each stratum its share, one at least; in random order.

    Args:
        strata: of each record the one it belongs to.
        n: how many; all if there are not more.
        seed: of the draw.
    """
    members: dict[str, list[int]] = {}
    for place, stratum in enumerate(strata):
        members.setdefault(stratum, []).append(place)
    sizes = _sizes({name: len(places) for name, places in members.items()}, min(n, len(strata)))
    found: list[int] = []
    for name, places in members.items():
        Random(f"{seed}/{name}").shuffle(places)
        found += places[: sizes[name]]
    Random(seed).shuffle(found)
    return found


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a person said of a record: whether it is right, and of which stratum it is."""

    stratum: str
    right: bool


def figures(verdicts: Sequence[Verdict], counts: Mapping[str, int], limit: float | None = None) -> dict[str, Any]:
    """The share of wrong records with its 95 % interval (Wilson, 1927), for each stratum and for all.

    `more` is how many must still be judged for an interval of 3 points to each side. With a `limit` of the share of
    wrong records that can be borne, `clear` says whether the sample is on one side of it already; that interval holds
    however often one looks (`anytime`).

    Args:
        verdicts: all there are.
        counts: how many records each stratum has.
        limit: a share.
    """
    wrong = sum(not one.right for one in verdicts)
    strata = {name: [one for one in verdicts if one.stratum == name] for name in counts}
    found = _rate(wrong, len(verdicts)) | {"records": sum(counts.values())}
    found["more"] = max(0, min(enough(wrong, len(verdicts), HALF), sum(counts.values())) - len(verdicts))
    if limit is not None:
        low, high = anytime(wrong, len(verdicts))
        found |= {"limit": limit, "clear": "below" if high <= limit else "above" if low > limit else None}
    found["strata"] = {
        name: _rate(sum(not one.right for one in own), len(own)) | {"records": counts[name]}
        for name, own in strata.items()
    }
    return found


def _rate(wrong: int, judged: int) -> dict[str, Any]:
    return {
        "judged": judged,
        "wrong": wrong,
        "error_rate": round(wrong / judged, 4) if judged else None,
        "interval": [round(one, 4) for one in wilson(wrong, judged)],
    }


def _sizes(counts: Mapping[str, int], n: int) -> dict[str, int]:
    """How many of each stratum: in proportion, but one at least as far as `n` allows."""
    least = {name: int(place < n) for place, name in enumerate(counts)}
    room = {name: count - least[name] for name, count in counts.items()}
    shares = largest_remainder(n - sum(least.values()), [Fraction(one) for one in room.values()])
    return {name: least[name] + share for name, share in zip(counts, shares, strict=True)}
