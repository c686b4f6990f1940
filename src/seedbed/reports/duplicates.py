"""Which records are there again: word for word, nearly, or under another label."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING, Any, NamedTuple

from seedbed.core.near.finder import Finder

from .table import share, shortened

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from seedbed.core.near.finder import Known

    from .table import Table

PAIRS, CLUSTERS, TEXTS = 100, 25, 6
"""So many cross-label pairs and clusters are shown, and so many texts of each."""


class Again(NamedTuple):
    """The record at a place is like an earlier one."""

    place: int
    known: Known


def duplicates(table: Table, threshold: float = 0.9) -> dict[str, Any]:
    """Redundant records: those like an earlier record with the same label, which is not redundant itself.

    `exact` and `near` count them, each record once; `cross_label` are records like an earlier one with another label,
    counted apart. `by_label`, `by_model` and `by_prompt` tell how many redundant records each has; `details` the same
    by kind. A cluster is a record with all that repeat it.

    Args:
        table: what is measured.
        threshold: of near duplicates, as in `NearIndex`.
    """
    found = again(table, threshold)
    redundant = [one for one in found if not one.known.crosses]
    crossing = [one for one in found if one.known.crosses]
    kinds = Counter(one.known.kind for one in redundant)
    by = {"label": table.labels, "model": table.models, "prompt": table.prompts}
    return {
        "threshold": threshold,
        "exact": kinds["exact"],
        "near": kinds["near"],
        "cross_label": len(crossing),
        "share": share(len(redundant) + len(crossing), len(table)),
        **{f"by_{name}": _counted(redundant, values) for name, values in by.items() if any(values)},
        "details": {name: _details(found, values) for name, values in by.items() if any(values)},
        "cross_label_pairs": [_pair(table, one) for one in crossing[:PAIRS]],
        "clusters": _clusters(table, redundant),
    }


def again(table: Table, threshold: float | None = 0.9) -> list[Again]:
    """The records that are like an earlier one, in order."""
    finder, found = Finder(threshold), list[Again]()
    for place, (text, label) in enumerate(zip(table.texts, table.labels, strict=True)):
        known = finder.find(text, label)
        if known is not None:
            found.append(Again(place, known))
        if known is None or known.crosses:
            finder.add(text, label, place)
        elif known.kind == "near":
            finder.repeat(text, label, known.key)
    return found


def against(table: Table, reference: Iterable[tuple[str, str]], threshold: float = 0.9) -> dict[str, Any]:
    """The records that a reference holds too, as where a training set has something of the test set in it.

    Args:
        table: what is measured.
        reference: text and label of each record.
        threshold: of near duplicates.
    """
    finder, theirs = Finder(threshold), list[tuple[str, str]]()
    for text, label in reference:
        if finder.find(text, label) is None:
            finder.add(text, label, len(theirs))
            theirs.append((text, label))
    found = [
        Again(place, known)
        for place, (text, label) in enumerate(zip(table.texts, table.labels, strict=True))
        if (known := finder.find(text, label)) is not None
    ]
    kinds = Counter(one.known.kind for one in found)
    examples = [
        {"record": table.names[one.place], "text": shortened(table.texts[one.place])}
        | {"kind": one.known.kind, "reference": shortened(theirs[one.known.key][0])}
        for one in found[:PAIRS]
    ]
    return {
        "records": len(theirs),
        "exact": kinds["exact"],
        "near": kinds["near"],
        "share": share(len(found), len(table)),
        "examples": examples,
    }


def _counted(redundant: Sequence[Again], values: Sequence[str]) -> dict[str, int]:
    """How many redundant records each value has, also those that have none."""
    counts = Counter(values[one.place] for one in redundant)
    return {value: counts[value] for value in dict.fromkeys(values)}


def _details(found: Sequence[Again], values: Sequence[str]) -> dict[str, dict[str, float]]:
    kinds = Counter((values[one.place], "cross_label" if one.known.crosses else one.known.kind) for one in found)
    sizes = Counter(values)
    return {
        value: {
            "records": size,
            **{kind: kinds[value, kind] for kind in ("exact", "near", "cross_label")},
            "share": share(kinds[value, "exact"] + kinds[value, "near"], size),
        }
        for value, size in sizes.items()
    }


def _pair(table: Table, one: Again) -> dict[str, Any]:
    places = (one.known.key, one.place)
    return {
        "kind": one.known.kind,
        "records": [table.names[place] for place in places],
        "labels": [table.labels[place] for place in places],
        "texts": [shortened(table.texts[place]) for place in places],
    }


def _clusters(table: Table, redundant: Sequence[Again]) -> list[dict[str, Any]]:
    """The largest groups of records of which one would do."""
    members: Mapping[int, list[int]] = defaultdict(list)
    for one in redundant:
        members[one.known.key].append(one.place)
    largest = sorted(members.items(), key=lambda pair: (-len(pair[1]), pair[0]))[:CLUSTERS]
    return [
        {
            "records": len(places) + 1,
            "label": table.labels[first],
            "names": [table.names[place] for place in (first, *places[: TEXTS - 1])],
            "texts": [*dict.fromkeys(shortened(table.texts[place]) for place in (first, *places))][:TEXTS],
        }
        for first, places in largest
    ]
