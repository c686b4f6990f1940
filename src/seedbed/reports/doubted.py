"""Which labels a classifier doubts that has learned from the other records."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from functools import cached_property
from math import ceil
from typing import TYPE_CHECKING, Any, NamedTuple

from seedbed.core.near.finder import same

from .confident import confident_joint, doubts
from .features import LONGEST
from .out_of_fold import dealt, probabilities

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from numpy.typing import NDArray

    from .table import Table

FEW = 10
"""A label with fewer different texts than this is not judged."""

PART = 50_000
"""So many records are examined together at most,"""

CHARACTERS = 10_000_000
"""and so many characters, which keeps them below some 800 MB;"""

WORK = 60_000_000
"""for a sample, so many characters times labels, which takes some 20 seconds."""

MOST_LABELS = 150
"""A sample of more labels would say little of each."""


class Doubt(NamedTuple):
    """A record's likeliest other label, how sure it is that this one fits better (0 to 1), and its row in the part."""

    place: int
    other: str
    score: float
    row: int


@dataclass
class Part:
    """Records that were examined together: their `places` in the table, the number of the label each has, and the
    probability of each of `labels` for it."""

    labels: Sequence[str]
    places: Sequence[int]
    given: Sequence[int]
    shares: NDArray[Any]

    @cached_property
    def joint(self) -> NDArray[Any]:
        """See `confident_joint`."""
        return confident_joint(self.given, self.shares)

    def doubts(self) -> Iterator[Doubt]:
        """One for each record, in their order."""
        others, scores = doubts(self.given, self.shares)
        found = zip(self.places, others.tolist(), scores.tolist(), strict=True)
        return (Doubt(place, self.labels[other], score, row) for row, (place, other, score) in enumerate(found))

    def score(self, row: int, label: str) -> float | None:
        """How sure it is that a label fits better than the given one; None of a label that is not judged."""
        if label not in self.labels:
            return None
        own = self.shares[row]
        return float((1.0 + own[self.labels.index(label)] - own[self.given[row]]) / 2.0)


@dataclass
class Doubted:
    """What was examined: `parts` of records with one of the `labels`, of `records` that have one of them.

    `too_few` are the labels with fewer different texts than `fewest`, with their records; `too_many` is set if there
    are more labels than a sample can tell of.
    """

    labels: list[str]
    records: int
    fewest: int = FEW
    too_few: dict[str, int] = field(default_factory=dict)
    too_many: bool = False
    parts: list[Part] = field(default_factory=list)

    @property
    def examined(self) -> int:
        """How many records that are."""
        return sum(len(part.places) for part in self.parts)

    @property
    def wrong(self) -> float:
        """How many of them have a wrong label, as is estimated."""
        return float(sum(part.joint.sum() - part.joint.trace() for part in self.parts))


def doubted(table: Table, seed: int, *, whole: bool, heard: Callable[[int, int], None] | None = None) -> Doubted:
    """Examines the labels of a table.

    Records are dealt to parts of a size that is examined in known memory; each part has its share of every label. Of
    several parts `whole` examines all, one after the other, and else the first: a sample. `heard` is told how many
    records are examined, of how many, before each part.

    Raises:
        MissingExtra: scikit-learn is not installed.
    """
    texts: dict[str, set[str]] = {}
    for text, label in zip(table.texts, table.labels, strict=True):
        if label:
            texts.setdefault(label, set()).add(same(text))
    hands = _hands(table, len(texts), whole=whole)
    labels = sorted(label for label, different in texts.items() if len(different) >= FEW * hands)
    judged, sizes = set(labels), Counter(table.labels)
    too_few = {label: sizes[label] for label in sorted(texts.keys() - judged)}
    places = [place for place, label in enumerate(table.labels) if label in judged]
    found = Doubted(labels, len(places), FEW * hands, too_few, not whole and len(texts) > MOST_LABELS)
    if len(labels) < 2 or found.too_many:
        return found
    hand = dealt([table.texts[p] for p in places], [table.labels[p] for p in places], hands, seed)
    for turn in range(hands if whole else 1):
        own = [place for place, at in zip(places, hand, strict=True) if at == turn]
        if heard:
            heard(found.examined, len(places))
        found.parts.append(_part(table, labels, own, seed))
    return found


def _hands(table: Table, labels: int, *, whole: bool) -> int:
    """How many parts the records come to."""
    lengths = [min(len(text), LONGEST) for text, label in zip(table.texts, table.labels, strict=True) if label]
    size = max(len(lengths) / PART, sum(lengths) / CHARACTERS)
    return max(1, ceil(size if whole else max(size, sum(lengths) * labels / WORK)))


def _part(table: Table, labels: list[str], places: list[int], seed: int) -> Part:
    number = {label: at for at, label in enumerate(labels)}
    given = [number[table.labels[place]] for place in places]
    return Part(labels, places, given, probabilities([table.texts[place] for place in places], given, seed))
