"""Bins: the entries of a dataset that are alike in all that one filters by, and how many they are.

There are few of them, so what is wanted is known from them at once: which bins, and how many entries. Each has its
entries in order (`entries_by_bin`), and a page is merged of the bins that fit. See docs/decisions.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

import orjson
from sqlalchemy import bindparam, delete, insert, select, update

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


def fitting(wanted: Wanted) -> list[ColumnElement[bool]]:
    """The conditions on bins for their entries to be wanted, but for the words."""
    found: list[ColumnElement[bool]] = [bins.c.dataset == wanted.dataset]
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
    """The bins in one transaction: entries come into them and leave them.

    Args:
        connection: with its transaction.
    """

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._find = dialect_of(connection).bin_with
        self._known: dict[Bin, int] = {}
        self._more = Counter[int]()

    def number(self, place: Bin) -> int:
        """The number of a bin, which is made if there is none."""
        if place not in self._known:
            found = self._find(self._connection, place._asdict())
            if found is None:
                made = self._connection.execute(insert(bins).values(**place._asdict(), count=0))
                found = made.inserted_primary_key[0]  # type: ignore[index]
            self._known[place] = int(found)
        return self._known[place]

    def put(self, place: Bin) -> int:
        """One more entry is in a bin; the bin's number."""
        number = self.number(place)
        self._more[number] += 1
        return number

    def take(self, place: Bin) -> None:
        """One entry less is in a bin."""
        self._more[self.number(place)] -= 1

    def close(self) -> None:
        """Writes down how many there are; empty bins go."""
        given = [{"of": number, "more": more} for number, more in self._more.items() if more]
        if given:
            command = update(bins).where(bins.c.number == bindparam("of"))
            self._connection.execute(command.values(count=bins.c.count + bindparam("more")), given)
        gone = [number for number, more in self._more.items() if more <= 0]
        for start in range(0, len(gone), _AT_ONCE):
            some = bins.c.number.in_(gone[start : start + _AT_ONCE])
            self._connection.execute(delete(bins).where(some, bins.c.count == 0))


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
