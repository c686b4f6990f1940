"""Which records are there again: word for word, nearly, or under another label."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Generic, Literal, NamedTuple, TypeVar, get_args

from seedbed.core.near.finder import AnyFinder, Finder, same

from .table import share, shortened

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable, Iterator

    from .table import Table

PAIRS, CLUSTERS, TEXTS = 100, 25, 6
"""So many cross-label pairs and clusters are shown, and so many texts of each."""

T = TypeVar("T")
Kind = Literal["exact", "near", "cross_label"]


class Again(NamedTuple):
    """The record at a place says what an earlier one says: its own label's word for word or nearly, or another's."""

    place: int
    like: int
    kind: Kind


def duplicates(table: Table, threshold: float = 0.9) -> dict[str, Any]:
    """Records that say what another one says, in clusters: a record with all that are like it.

    Of each cluster one record for each label is none too many. The others are redundant, `exact` where an earlier one
    with their label has the same text, else `near`. `cross_label` counts the labels of a cluster beyond its first. So
    records = clusters + exact + near + cross_label, whatever order they come in. `by_label`, `by_model` and `by_prompt`
    tell how many redundant records each has; `details` the same by kind. Those without a text, of which there are
    `empty`, are like no other.

    Args:
        table: what is measured.
        threshold: of near duplicates, as in `NearIndex`.
    """
    clusters = clusters_of(table, threshold)
    by = {"label": table.labels, "model": table.models, "prompt": table.prompts}
    told = {name: Values(values.__getitem__, Counter(values)) for name, values in by.items() if any(values)}
    empty = sum(not text.strip() for text in table.texts)
    repeats = Repeats([one for places in clusters for one in again(table, places)], clusters, empty)
    return {"threshold": threshold, **described(repeats, told, len(table)), **shown(table, repeats)}


class Values(NamedTuple):
    """A value of each record by its place, and how many records have each, in the order in which they come."""

    of: Callable[[int], str]
    sizes: Mapping[str, int]


class Repeats(NamedTuple):
    """The records that are too many, the clusters they are in, and how many records have no text."""

    found: Sequence[Again]
    clusters: Sequence[Sequence[int]]
    empty: int


def described(repeats: Repeats, by: Mapping[str, Values], records: int) -> dict[str, Any]:
    """The counts of `duplicates`, by values of the records, of which there are so many in all."""
    found = repeats.found
    kinds = Counter(one.kind for one in found)
    return {
        "exact": kinds["exact"],
        "near": kinds["near"],
        "cross_label": kinds["cross_label"],
        "share": share(len(found), records),
        "empty": repeats.empty,
        **{f"by_{name}": _counted(found, values) for name, values in by.items()},
        "details": {name: _details(found, values) for name, values in by.items()},
    }


def shown(table: Table, repeats: Repeats) -> dict[str, Any]:
    """The examples of `duplicates`."""
    return {
        "cross_label_pairs": [_pair(table, one) for one in crossing(repeats.found)],
        "clusters": [_shown(table, places) for places in largest(repeats.clusters)],
    }


def crossing(found: Sequence[Again]) -> list[Again]:
    """Those with another label that are shown."""
    return [one for one in found if one.kind == "cross_label"][:PAIRS]


def largest(clusters: Sequence[Sequence[int]]) -> list[Sequence[int]]:
    """The clusters that are shown."""
    return sorted(clusters, key=lambda one: -len(one))[:CLUSTERS]


def redundant(table: Table, threshold: float = 0.9) -> list[Again]:
    """All records that are too many, as `duplicates` counts them."""
    return [one for places in clusters_of(table, threshold) for one in again(table, places)]


def clusters_of(table: Table, threshold: float | None = 0.9) -> list[list[int]]:
    """The places of records that are like each other, in order; what is like nothing is in none, nor is what has no
    text."""
    clusters = Clusters(Finder(threshold))
    for place, (text, label) in enumerate(zip(table.texts, table.labels, strict=True)):
        if text.strip():
            clusters.add(place, text, label)
    return list(clusters.members.values())


class Clusters(Generic[T]):
    """Puts records that are like each other together, as they come; `members` are those of each cluster by its first.

    Args:
        finder: finds texts of the kind that it is shown.
    """

    def __init__(self, finder: AnyFinder[T]) -> None:
        self.members: dict[int, list[int]] = {}
        self._finder = finder
        self._root_of: dict[int, int] = {}

    def add(self, place: int, text: T, label: str) -> bool:
        """One more record; whether it is like an earlier one."""
        known = self._finder.find(text, label)
        if known is None:
            self._finder.add(text, label, place)
            return False
        root = self._root_of.get(known.key, known.key)
        self.members.setdefault(root, [root]).append(place)
        if known.crosses:
            self._root_of[place] = root
            self._finder.add(text, label, place)
        elif known.kind == "near":
            self._finder.repeat(text, label, known.key)
        return True


def again(table: Table, places: Sequence[int]) -> Iterator[Again]:
    """Those of a cluster that are too many."""
    return again_of(places, [(table.labels[place], same(table.texts[place])) for place in places])


def again_of(places: Sequence[int], rows: Iterable[tuple[str, Hashable]]) -> Iterator[Again]:
    """Those of a cluster that are too many, by their labels and what their texts are compared by for equality."""
    first_with: dict[tuple[str, Hashable], int] = {}
    first_of: dict[str, int] = {}
    for place, (label, text) in zip(places, rows, strict=True):
        if (label, text) in first_with:
            yield Again(place, first_with[label, text], "exact")
        elif label in first_of:
            yield Again(place, first_of[label], "near")
        elif first_of:
            yield Again(place, places[0], "cross_label")
        first_with.setdefault((label, text), place)
        first_of.setdefault(label, place)


def against(table: Table, reference: Iterable[tuple[str, str]], threshold: float = 0.9) -> dict[str, Any]:
    """The records that a reference holds too, as where a training set has something of the test set in it.

    Args:
        table: what is measured.
        reference: text and label of each record.
        threshold: of near duplicates.
    """
    finder, theirs, count = Finder(threshold), list[tuple[str, str]](), 0
    for count, (text, label) in enumerate(reference, 1):  # noqa: B007
        if text.strip() and finder.find(text, label) is None:
            finder.add(text, label, len(theirs))
            theirs.append((text, label))
    found = [
        (place, known)
        for place, (text, label) in enumerate(zip(table.texts, table.labels, strict=True))
        if (known := finder.find(text, label)) is not None
    ]
    kinds = Counter(known.kind for _, known in found)
    examples = [
        {"record": table.names[place], "text": shortened(table.texts[place])}
        | {"kind": known.kind, "reference": shortened(theirs[known.key][0])}
        for place, known in found[:PAIRS]
    ]
    return {
        "records": count,
        "exact": kinds["exact"],
        "near": kinds["near"],
        "share": share(len(found), len(table)),
        "examples": examples,
    }


def _counted(found: Sequence[Again], values: Values) -> dict[str, int]:
    """How many redundant records each value has, also those that have none."""
    counts = Counter(values.of(one.place) for one in found if one.kind != "cross_label")
    return {value: counts[value] for value in values.sizes}


def _details(found: Sequence[Again], values: Values) -> dict[str, dict[str, float]]:
    kinds = Counter((values.of(one.place), one.kind) for one in found)
    return {
        value: {
            "records": size,
            **{kind: kinds[value, kind] for kind in get_args(Kind)},
            "share": share(kinds[value, "exact"] + kinds[value, "near"], size),
        }
        for value, size in values.sizes.items()
    }


def _pair(table: Table, one: Again) -> dict[str, Any]:
    places = (one.like, one.place)
    equal = same(table.texts[one.like]) == same(table.texts[one.place])
    return {
        "kind": "exact" if equal else "near",
        "records": [table.names[place] for place in places],
        "labels": [table.labels[place] for place in places],
        "texts": [shortened(table.texts[place]) for place in places],
    }


def _shown(table: Table, places: Sequence[int]) -> dict[str, Any]:
    return {
        "records": len(places),
        "labels": [*dict.fromkeys(table.labels[place] for place in places if table.labels[place])],
        "names": [table.names[place] for place in places[:TEXTS]],
        "texts": [*dict.fromkeys(shortened(table.texts[place]) for place in places)][:TEXTS],
    }
