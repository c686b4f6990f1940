"""Bins: the entries of a dataset that are alike in all that one filters by, and how many they are.

There are few of them, so what is wanted is known from them at once: which bins, and how many entries. Each has its
entries in order (`entries_by_bin`), and a page is merged of the bins that fit. See docs/decisions.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

import orjson
from sqlalchemy import delete, select

from seedbed.core.review.entry import Counts

from ..reading import SOURCES
from ..tables import bins
from .dialect import dialect_of, place_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from sqlalchemy import ColumnElement, Connection

    from seedbed.core.review.entry import Entry, Wanted

EQUAL = ("decision", "work", "label", "model", "source", "person", "reason")
"""Fields of `Wanted` that are columns."""

_OWN = frozenset(SOURCES.values())


class Bin(NamedTuple):
    """What all entries of a bin have in common; `tags` as `packed` makes them."""

    dataset: str
    decision: str
    work: str
    person: str
    label: str
    model: str
    source: str
    reason: str
    doubted: int
    tags: str
    twin: int

    def fields(self) -> dict[str, str]:
        """Those that an entry has, too."""
        return {"dataset": self.dataset, **{name: getattr(self, name) for name in EQUAL}}


def bin_of(entry: Entry) -> Bin:
    """The bin that an entry belongs into."""
    place = (entry.decision, entry.work, entry.person, entry.record.label, entry.model, entry.source, entry.reason)
    return Bin(entry.dataset, *place, int(entry.doubt > 0), packed(entry.record.tags), int(entry.twins > 0))


def packed(tags: Iterable[str]) -> str:
    """Tags in order, each as JSON on a line of its own; those that a source has are in the column `source`."""
    own = sorted({tag for tag in tags if tag not in _OWN})
    return f"\n{''.join(_line(tag) for tag in own)}" if own else ""


def unpacked(tags: str) -> list[str]:
    """The tags of a bin."""
    return [orjson.loads(line) for line in tags.split("\n") if line]


def fitting(wanted: Wanted, *, anywhere: bool = False) -> list[ColumnElement[bool]]:
    """The conditions on bins for their entries to be wanted, but for the words; `anywhere` in any dataset."""
    found: list[ColumnElement[bool]] = [] if anywhere else [bins.c.dataset == wanted.dataset]
    for name in EQUAL:
        value = getattr(wanted, name)
        if value is not None:
            found.append(bins.c[name] == value)
    if wanted.doubted:
        found.append(bins.c.doubted == 1)
    if wanted.duplicates:
        found.append(bins.c.twin == 1)
    if wanted.handed_over:
        found.append(bins.c.work != "")
    if wanted.tag is not None and wanted.tag in _OWN:
        found.append(bins.c.source == wanted.tag)
    elif wanted.tag is not None:
        found.append(place_of(bins.c.tags, f"\n{_line(wanted.tag)}") > 0)
    return found


_COUNTED = select(bins.c.number, bins.c.count, bins.c.twin, *(bins.c[name] for name in EQUAL), bins.c.tags)


class Filling:
    """The bins in one transaction: entries come into them and leave them, which is written together.

    Args:
        connection: with its transaction.
    """

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._known: dict[Bin, int] = {}
        self._more: dict[Bin, int] = {}
        self._left: set[Bin] = set()

    def put(self, place: Bin, more: int = 1) -> None:
        """So many entries more are in a bin."""
        self._more[place] = self._more.get(place, 0) + more

    def take(self, place: Bin) -> None:
        """One entry less is in a bin."""
        self.put(place, -1)
        self._left.add(place)

    def meet(self, place: Bin) -> None:
        """The number of this bin will be asked for."""
        self.put(place, 0)

    def number(self, place: Bin) -> int:
        """The number of a bin; those of all that were met by then are found, or made, together."""
        if place not in self._known:
            self.meet(place)
            self._write()
        return self._known[place]

    def close(self) -> None:
        """Writes down how many there are; empty bins go."""
        self._write()
        gone = [self._known[place] for place in self._left]
        for start in range(0, len(gone), _AT_ONCE):
            some = bins.c.number.in_(gone[start : start + _AT_ONCE])
            self._connection.execute(delete(bins).where(some, bins.c.count == 0))

    def _write(self) -> None:
        self._known |= dialect_of(self._connection).fill(self._connection, self._more)
        self._more = {}


_AT_ONCE = 500


def totals(
    connection: Connection, conditions: Iterable[ColumnElement[bool]], counted: Mapping[int, int] | None = None
) -> Counts:
    """How many entries of these bins have which value, for each thing one filters by; `counted` says how many of each
    bin count, if not all."""
    by: dict[str, Counter[str]] = {name: Counter() for name in (*EQUAL, "tag")}
    counters = [by[name] for name in EQUAL]
    twins = 0
    for number, own, twin, *values, tags in connection.execute(_COUNTED.where(*conditions)).all():
        if count := own if counted is None else counted.get(number, 0):
            twins += count * twin
            for counter, value in zip(counters, values, strict=True):
                if value:
                    counter[value] += count
            for tag in unpacked(tags):
                by["tag"][tag] += count
    found = {name: dict(sorted(counter.items())) for name, counter in by.items()}
    return Counts(sum(found["decision"].values()), found, twins)


def _line(tag: str) -> str:
    return f"{orjson.dumps(tag).decode()}\n"
