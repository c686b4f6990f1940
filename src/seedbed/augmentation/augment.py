"""Copies of records by transforms, at exact shares, the same on any machine and with any number of workers.

The records are read several times and never kept: once to see which transform could change which of them, then to
write them with their copies. In between a few numbers for each of them are kept.
"""

from __future__ import annotations

from array import array
from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import chain, compress, count, islice, repeat
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

from seedbed.core.dice import MASK
from seedbed.core.errors import InputError
from seedbed.core.record import Record

from .drawing import START, draw
from .layers import Columns
from .making import MIX, Maker, Wishes
from .placing import FREE, improve
from .provenance import Copied, Provenance
from .seen import Seen

if TYPE_CHECKING:
    from .drawing import Bound
    from .making import Copy, Spec

T = TypeVar("T")

Source = Callable[[], Iterable[Record]]
"""The input, as often as it is asked for, each time the same records in the same order."""

Run = Callable[[str, Iterable[Any]], Iterator[Any]]
"""Calls a method of a `Maker` ("look", "make") with each of many lists, perhaps in other processes, in their order."""

Approve = Callable[[Sequence[Record]], Sequence[bool]]
"""For each of some copies, whether it stays."""

CHUNK = 1000
AUGMENTED = "augmented"
_provenance = partial(tuple.__new__, Provenance)  # in half the time of `Provenance(…)`
_FEW = 16
"""Transforms whose bits fit into a small number."""


@dataclass(slots=True)
class Tally:
    """How it went with one transform.

    Its share of the input is `wanted` records; `applicable` are those it can change; `reached` got copies, `produced`
    in all; `equal` copies were like an input or another copy, `rejected` ones did not pass a check, and `failed`
    records gave none.
    """

    name: str
    kind: str
    salt: int
    share: float
    copies: int
    wanted: int = 0
    applicable: int = 0
    reached: int = 0
    produced: int = 0
    equal: int = 0
    rejected: int = 0
    failed: int = 0
    bound: Bound = START

    @property
    def tags(self) -> tuple[str, ...]:
        """Those of its copies."""
        return AUGMENTED, self.kind

    def figures(self) -> dict[str, Any]:
        """Under the names of `--json`."""
        return {
            "transform": self.name,
            "max_proportion": self.share,
            "requested": self.wanted * self.copies,
            "applicable": self.applicable,
            "produced": self.produced,
            "parents": self.reached,
            "equal": self.equal,
            "rejected": self.rejected,
            "refused": self.failed,
        }


class Batch(NamedTuple):
    """Some records of the input, those from a place on, with the bits of their transforms and the copies of each."""

    place: int
    records: Sequence[Record]
    masks: Sequence[int]
    copies: Sequence[Sequence[Copy]]


class Augmentation:
    """A plan on its way through the data.

    Args:
        spec: the plan, the columns that are changed, and the mentions in the data.
        source: the input.
        run: who calls a maker; the same process if not given.
        approve: says which of some copies stay; all if not given.
    """

    def __init__(self, spec: Spec, source: Source, run: Run | None = None, approve: Approve | None = None) -> None:
        self._approve = approve
        self._mode = spec.plan.mode
        self._columns = Columns(spec.columns, spec.plan.roles)
        self._source = source
        maker = Maker(spec)  # says what is wrong with the plan before anything is read
        self._run = run or (lambda method, lists: map(getattr(maker, method), lists))
        self.tallies = [
            Tally(work.name, one.kind, work.salt, one.max_proportion, one.copies)
            for one, work in zip(spec.plan.transforms, maker.works, strict=True)
        ]
        few = len(self.tallies) <= _FEW
        self._bases, self._masks = array("Q"), array("H" if few else "Q")
        self._seen = Seen()

    @property
    def inputs(self) -> int:
        """How many records there are."""
        return len(self._bases)

    def records(self) -> Iterator[Record]:
        """What comes out, in the order of the input; what had to be added in the end stands there.

        Raises:
            InputError: the input cannot be read or does not go with the plan.
        """
        self._survey()
        if self._mode == "inplace":
            yield from self._replaced()
            return
        everything = self._mode == "add"
        for kept in self._rounds():
            for place, record, copies in kept:
                if everything:
                    yield named(record, place)
                yield from copies
            everything = False

    def _rounds(self) -> Iterator[Iterator[tuple[int, Record, Sequence[Record]]]]:
        """All records with their copies, then again with what is still lacking; each to be read to its end."""
        chosen, first = self._choose(self._lacking()), self._mode == "add"
        while first or any(chosen):
            yield chain.from_iterable(map(self._kept, self._made(chosen)))
            chosen, first = self._choose(self._lacking()), False

    def _survey(self) -> None:
        counts = Counter[int]()
        for _, (contents, bases, masks) in self._with(self._lists(), "look"):
            self._bases.extend(bases)
            self._masks.extend(masks)
            counts.update(masks)
            for content in contents:
                self._seen.add(content)
        for number, tally in enumerate(self.tallies):
            tally.applicable = sum(count for mask, count in counts.items() if mask >> number & 1)
            tally.wanted = rounded(tally.share * self.inputs)

    def _lacking(self) -> dict[int, int]:
        """How many it has not got yet."""
        return {number: tally.wanted - tally.reached for number, tally in enumerate(self.tallies)}

    def _choose(self, wanted: dict[int, int]) -> array[int]:
        """For each record a bit for each transform that gets it."""
        chosen = self._none()
        for number, k in wanted.items():
            tally = self.tallies[number]
            if k > 0:
                places, tally.bound = draw(partial(self._candidates, number, None), k, tally.applicable)
                for place in places:
                    chosen[place] |= 1 << number
        return chosen

    def _none(self) -> array[int]:
        """No bit for any record."""
        return array(self._masks.typecode, bytes(self._masks.itemsize * self.inputs))

    def _candidates(self, number: int, at: array[int] | None, most: int) -> Iterator[tuple[int, int]]:
        """The records a transform can change and has not drawn yet, by its numbers up to `most` and their places; of
        those nobody has.
        """
        salt, bit, bound = self.tallies[number].salt, 1 << number, self.tallies[number].bound
        for place, (base, mask) in enumerate(zip(self._bases, self._masks, strict=True)):
            if mask & bit:
                drawn_by = (base ^ salt) * MIX & MASK
                if drawn_by <= most and not (at and at[place]) and (drawn_by, place) > bound:
                    yield drawn_by, place

    def _replaced(self) -> Iterator[Record]:
        """The input, with copies in the places of their originals."""
        for batch in self._made(self._settled()):
            for place, (record, own) in enumerate(zip(batch.records, batch.copies, strict=True), batch.place):
                yield self.copied(place, record, own[0]) if own else named(record, place)

    def _settled(self) -> array[int]:
        """For each record the bit of the transform that changes it.

        Raises:
            InputError: more are to be changed than there are.
        """
        if sum(tally.wanted for tally in self.tallies) > self.inputs:
            raise InputError(
                f"In place each record is changed by one transform, but {sum(t.wanted for t in self.tallies):,} of "
                f"{self.inputs:,} are to be.",
                "Lower the shares, or write copies with mode add or new.",
            )
        at, final = array("B", bytes(self.inputs)), self._none()
        chosen = self._place(at, exactly=True)
        while any(chosen):
            for batch in self._made(chosen):
                for place, _, copies in self._kept(batch):
                    if copies:
                        final[place] = chosen[place]
                    else:
                        self._masks[place] &= ~chosen[place]
                        at[place] = FREE
            chosen = self._place(at)
        return final

    def _place(self, at: array[int], *, exactly: bool = False) -> array[int]:
        """Gives free records to transforms that lack some, those first that hardly fit anywhere; marks who has which.

        The bits of those that were given out. With `exactly` they hand them on until no more can be given out.
        """
        before = array("B", at)
        lacking = self._lacking()
        order = sorted(lacking, key=lambda number: self.tallies[number].applicable - lacking[number])
        for number in order:
            candidates = partial(self._candidates, number, at)
            places, _ = draw(candidates, lacking[number], self.tallies[number].applicable)
            lacking[number] -= len(places)
            for place in places:
                at[place] = number + 1
        if exactly and any(lacking.values()):
            salts = [tally.salt for tally in self.tallies]
            wanted = {number + 1: count for number, count in lacking.items()}
            improve(self._masks, at, wanted, lambda place, work: (self._bases[place] ^ salts[work]) * MIX & MASK)
        bits = (1 << holder - 1 if holder != old else 0 for holder, old in zip(at, before, strict=True))
        return array(self._masks.typecode, bits)

    def _made(self, chosen: array[int]) -> Iterator[Batch]:
        """All records, list by list, with the copies of those that are chosen."""
        place = 0
        starts: deque[int] = deque()

        def wishes(records: Sequence[Record]) -> Wishes:
            nonlocal place
            starts.append(place)
            first, place = place, place + len(records)
            bases, masks = self._bases[first:place], chosen[first:place]
            return Wishes(list(compress(records, masks)), list(compress(bases, masks)), list(filter(None, masks)))

        for records, made in self._with(self._lists(), "make", wishes):
            first, copies = starts.popleft(), iter(made)
            masks = chosen[first : first + len(records)]
            yield Batch(first, records, masks, [next(copies) if mask else () for mask in masks])

    def _lists(self) -> Iterator[list[Record]]:
        records = iter(self._source())
        while chunk := list(islice(records, CHUNK)):
            yield chunk

    def _with(
        self, lists: Iterable[T], method: str, sent: Callable[[T], Any] = lambda one: one
    ) -> Iterator[tuple[T, Any]]:
        """Each list with what a maker made of it, or of what is `sent` of it."""
        waiting: deque[T] = deque()

        def noted() -> Iterator[Any]:
            for one in lists:
                waiting.append(one)
                yield sent(one)

        for made in self._run(method, noted()):
            yield waiting.popleft(), made

    def _kept(self, batch: Batch) -> Iterator[tuple[int, Record, Sequence[Record]]]:
        """Each record with those of its copies that are like no input and no other copy, and pass the checks."""
        first, records, masks, made = batch
        rows = zip(count(first), records, masks, made)
        new = [self._new(*row) if row[2] else () for row in rows]
        passed: Iterator[bool] = repeat(True)
        if self._approve:
            passed = iter(self._approve([record for pairs in new for _, record in pairs]))
        for place, (record, pairs) in enumerate(zip(records, new, strict=True), first):
            yield place, record, self._counted(pairs, passed) if pairs else ()

    def _new(self, place: int, record: Record, mask: int, copies: Sequence[Copy]) -> list[tuple[int, Record]]:
        """The copies that are like no input and no other copy, each with the number of its transform."""
        found = []
        for copy in copies:
            work, content = copy[0], copy[2]
            if self._seen.add(content):
                found.append((work, self.copied(place, record, copy)))
            else:
                self.tallies[work].equal += 1
        works = {copy[0] for copy in copies}
        if mask.bit_count() > len(works):
            for number, tally in enumerate(self.tallies):
                tally.failed += mask >> number & 1 and number not in works
        return found

    def _counted(self, pairs: Sequence[tuple[int, Record]], passed: Iterator[bool]) -> list[Record]:
        """The copies that pass."""
        kept: list[Record] = []
        last = -1
        for work, record in pairs:
            tally = self.tallies[work]
            if not next(passed):
                tally.rejected += 1
                continue
            tally.produced += 1
            tally.reached += work != last
            last = work
            kept.append(record)
        return kept

    def copied(self, place: int, record: Record, copy: Copy) -> Record:
        """The copy as a record."""
        work, number, _, values, spans, edits = copy
        tally = self.tallies[work]
        parent = name_of(record, place)
        name = f"{parent}~{tally.name}-{number + 1}" if tally.copies > 1 else f"{parent}~{tally.name}"
        if "id" in values:
            values["id"] = name
        origin = _provenance((parent, tally.kind, self._columns, dict(record.values), record.spans, edits))
        tags = tally.tags if not record.tags else (*dict.fromkeys(record.tags + tally.tags),)
        return Copied(values, spans, name, "accepted", tags, origin)  # type: ignore[arg-type]


def named(record: Record, place: int) -> Record:
    """The record with an id, which its copies name as their parent."""
    if record.id:
        return record
    return Record(record.values, record.spans, name_of(record, place), record.state, record.tags, record.origin)


def name_of(record: Record, place: int) -> str:
    """The id of a record, or its number in the input, as in #17."""
    return record.id or str(record.values.get("id") or f"#{place + 1}")


def rounded(share: float) -> int:
    """Half up; a product that misses a half by the last bits of a float counts as one."""
    return int(share + 0.5 + 1e-9)
