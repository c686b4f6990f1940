"""An augmentation whose records are elsewhere: decided by what is told of them, made where they are.

`Decision` is an `Augmentation` that sees of every record its content and chance as numbers and which transforms can
change it, and of every copy its content; so it decides what an augmentation in one process decides. `Bench` says and
does what is asked of it about a stretch of the records.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import compress, groupby, islice
from typing import TYPE_CHECKING, Any, NamedTuple

from .augment import CHUNK, Augmentation, named
from .making import Copy, Maker, Sights, Wishes

if TYPE_CHECKING:
    from seedbed.core.record import Record

    from .making import Spec


class Numbers(NamedTuple):
    """Sights of a stretch as arrays of numbers, to be sent."""

    contents: array[int]
    bases: array[int]
    masks: array[int]


@dataclass(slots=True)
class Chosen:
    """Records of a stretch that are to be changed, by their places in it, with a bit for each transform."""

    places: array[int] = field(default_factory=lambda: array("Q"))
    masks: array[int] = field(default_factory=lambda: array("Q"))


@dataclass(slots=True)
class Tried:
    """Copies of the chosen records of a stretch: how many each has, and of each its transform, number and content."""

    counts: array[int] = field(default_factory=lambda: array("L"))
    works: array[int] = field(default_factory=lambda: array("B"))
    numbers: array[int] = field(default_factory=lambda: array("L"))
    contents: array[int] = field(default_factory=lambda: array("Q"))

    def add(self, copies: Sequence[Copy]) -> None:
        """Those of one more record."""
        self.counts.append(len(copies))
        for work, number, content, *_ in copies:
            self.works.append(work)
            self.numbers.append(number)
            self.contents.append(content)

    def copies(self) -> Iterator[list[Copy]]:
        """Stand-ins for the copies of each record."""
        rows = zip(self.works, self.numbers, self.contents, strict=True)
        for count in self.counts:
            yield [Copy(work, number, content, {}, (), []) for work, number, content in islice(rows, count)]


@dataclass(slots=True)
class Kept:
    """Copies that are to be written, in their order: the places of their records, their transforms and numbers."""

    places: array[int] = field(default_factory=lambda: array("Q"))
    works: array[int] = field(default_factory=lambda: array("B"))
    numbers: array[int] = field(default_factory=lambda: array("L"))

    def add(self, place: int, work: int, number: int) -> None:
        """One more."""
        self.places.append(place)
        self.works.append(work)
        self.numbers.append(number)

    def within(self, first: int, rows: int) -> Kept:
        """Those of a stretch, with places in it."""
        start, end = bisect_left(self.places, first), bisect_left(self.places, first + rows)
        places = array("Q", (place - first for place in self.places[start:end]))
        return Kept(places, self.works[start:end], self.numbers[start:end])

    def by_place(self) -> dict[int, list[tuple[int, int]]]:
        """Of each record its copies."""
        rows = zip(self.places, self.works, self.numbers, strict=True)
        return {place: [(work, number) for _, work, number in own] for place, own in groupby(rows, lambda row: row[0])}


Look = Callable[[], Iterator[Numbers]]
Try = Callable[[Iterable[Chosen]], Iterator[Tried]]


class Decision(Augmentation):
    """What is to be written of records that are elsewhere.

    Args:
        spec: the plan, the columns that are changed, and the mentions in the data.
        stretches: how many records each stretch has.
        look: asks each stretch what can be changed by what.
        attempt: asks each stretch to make the copies of its chosen records; one that has none need not be asked.
    """

    def __init__(self, spec: Spec, stretches: Sequence[int], look: Look, attempt: Try) -> None:
        super().__init__(spec, tuple, self._asked)
        self._stretches = stretches
        self._look, self._attempt = look, attempt
        self.rounds: list[Kept] = []

    def decide(self) -> None:
        """Afterwards `rounds` are there: what goes with the input, and what is added behind it.

        Raises:
            InputError: the input cannot be read or does not go with the plan.
        """
        self._survey()
        if self._mode == "inplace":
            self.rounds = [_bits(self._settled())]
            return
        for found in self._rounds():
            kept = Kept()
            for place, _, copies in found:
                for mark in copies:
                    _, work, number = mark  # type: ignore[misc]
                    kept.add(place, work, number)  # type: ignore[has-type]
            self.rounds.append(kept)

    def copied(self, place: int, record: Any, copy: Copy) -> Any:
        """A mark in the place of the copy."""
        return place, copy.work, copy.number

    def _lists(self) -> Iterator[Any]:
        first = 0
        for rows in self._stretches:
            yield range(first, first + rows)
            first += rows

    def _asked(self, method: str, lists: Iterable[Any]) -> Iterator[Any]:
        if method == "look":
            for _ in lists:  # whoever asks keeps account of what was sent
                pass
            kind = self._masks.typecode
            return (Sights(one.contents, one.bases, array(kind, one.masks)) for one in self._look())
        return (list(tried.copies()) for tried in self._attempt(self._chosen(lists)))

    def _chosen(self, lists: Iterable[Wishes]) -> Iterator[Chosen]:
        first = 0
        for rows, wishes in zip(self._stretches, lists, strict=True):
            places: Iterable[Any] = wishes.records
            yield Chosen(array("Q", (place - first for place in places)), array("Q", wishes.masks))
            first += rows


class Bench:
    """Where the records are.

    Args:
        spec: as the decision's.
    """

    def __init__(self, spec: Spec) -> None:
        self._maker = Maker(spec)
        self._making = Augmentation(spec, tuple)

    def look(self, records: Iterable[Record]) -> Numbers:
        """What can be changed by what."""
        found = Numbers(array("Q"), array("Q"), array("Q"))
        for chunk in _chunks(records):
            for own, more in zip(found, self._maker.look(chunk), strict=True):
                own.extend(more)
        return found

    def copies(
        self, records: Iterable[Record], chosen: Chosen, first: int
    ) -> Iterator[tuple[int, Record, list[tuple[Copy, Record]]]]:
        """All records of a stretch, whose first is number `first` of all, with their places in it and their copies."""
        wanted, at = chosen, 0
        start = 0
        for chunk in _chunks(records):
            end = bisect_left(wanted.places, start + len(chunk), at)
            masks = [0] * len(chunk)
            for place, mask in zip(wanted.places[at:end], wanted.masks[at:end], strict=True):
                masks[place - start] = mask
            made = iter(self._made(chunk, masks))
            for place, (record, mask) in enumerate(zip(chunk, masks, strict=True), start):
                own = next(made) if mask else ()
                yield place, record, [(copy, self._making.copied(first + place, record, copy)) for copy in own]
            at, start = end, start + len(chunk)

    def _made(self, records: Sequence[Record], masks: Sequence[int]) -> list[list[Copy]]:
        own = list(compress(records, masks))
        return self._maker.make(Wishes(own, self._maker.bases(own), list(filter(None, masks))))


def merged(bench: Bench, records: Iterable[Record], kept: Kept, first: int, *, mode: str | None) -> Iterator[Record]:
    """What is written of a stretch: the kept copies with their originals (`add`), in the places of these (`inplace`),
    or alone (None)."""
    wanted = kept.by_place()
    chosen = Chosen(array("Q", wanted), array("Q", (_mask(own) for own in wanted.values())))
    for place, record, copies in bench.copies(records, chosen, first):
        marks = wanted.get(place, ())
        own = [made for copy, made in copies if (copy.work, copy.number) in marks]
        if mode == "add" or (mode == "inplace" and not own):
            yield named(record, first + place)
        yield from own


def _mask(copies: Iterable[tuple[int, int]]) -> int:
    mask = 0
    for work, _ in copies:
        mask |= 1 << work
    return mask


def _bits(final: Sequence[int]) -> Kept:
    """The first copy by the one transform that each record has."""
    kept = Kept()
    for place, bit in enumerate(final):
        if bit:
            kept.add(place, bit.bit_length() - 1, 0)
    return kept


def _chunks(records: Iterable[Record]) -> Iterator[list[Record]]:
    left = iter(records)
    while chunk := list(islice(left, CHUNK)):
        yield chunk
