"""Copies of records by transforms, at exact shares, the same on any machine and with any number of workers.

The records are read several times and never kept: once to see which transform could change which of them, then to
write them with their copies. In between a few numbers for each of them are kept.
"""

from __future__ import annotations

from array import array
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice, repeat
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

from seedbed.core.errors import InputError
from seedbed.core.record import Record

from .drawing import START, draw
from .making import Maker, Wish, number_of
from .placing import FREE, improve
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


class Made(NamedTuple):
    """The copies of the record at a place of the input."""

    place: int
    wish: Wish
    copies: Sequence[Copy]


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
        self._columns = spec.columns
        self._source = source
        maker = Maker(spec)  # says what is wrong with the plan before anything is read
        self._run = run or (lambda method, lists: map(getattr(maker, method), lists))
        self.tallies = [
            Tally(work.name, one.kind, work.salt, one.max_proportion, one.copies)
            for one, work in zip(spec.plan.transforms, maker.works, strict=True)
        ]
        self._bases, self._masks = array("Q"), array("Q")
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
        chosen = self._choose(self._lacking())
        everything = self._mode == "add"
        while everything or any(chosen):
            for made in self._made(chosen, everything=everything):
                for place, wish, copies in self._kept(made):
                    if everything:
                        yield named(wish.record, place)
                    yield from copies
            chosen = self._choose(self._lacking())
            everything = False

    def _survey(self) -> None:
        for _, sights in self._with(self._lists(), "look"):
            for content, base, mask in sights:
                self._bases.append(base)
                self._masks.append(mask)
                self._seen.add(content)
        for number, tally in enumerate(self.tallies):
            tally.applicable = sum(mask >> number & 1 for mask in self._masks)
            tally.wanted = rounded(tally.share * self.inputs)

    def _lacking(self) -> dict[int, int]:
        """How many it has not got yet."""
        return {number: tally.wanted - tally.reached for number, tally in enumerate(self.tallies)}

    def _choose(self, wanted: dict[int, int]) -> array[int]:
        """For each record a bit for each transform that gets it."""
        chosen = array("Q", bytes(8 * self.inputs))
        for number, k in wanted.items():
            tally = self.tallies[number]
            if k > 0:
                places, tally.bound = draw(self._candidates(number), k, tally.bound)
                for place in places:
                    chosen[place] |= 1 << number
        return chosen

    def _candidates(self, number: int, at: array[int] | None = None) -> Iterator[tuple[int, int]]:
        """The records a transform can change, by its numbers and their places; of those nobody has."""
        salt, bit = self.tallies[number].salt, 1 << number
        for place, (base, mask) in enumerate(zip(self._bases, self._masks, strict=True)):
            if mask & bit and not (at and at[place]):
                yield number_of(base, salt), place

    def _replaced(self) -> Iterator[Record]:
        """The input, with copies in the places of their originals."""
        if sum(tally.wanted for tally in self.tallies) > self.inputs:
            raise InputError(
                f"In place each record is changed by one transform, but {sum(t.wanted for t in self.tallies):,} of "
                f"{self.inputs:,} are to be.",
                "Lower the shares, or write copies with mode add or new.",
            )
        at, final = array("B", bytes(self.inputs)), array("Q", bytes(8 * self.inputs))
        chosen = self._place(at, exactly=True)
        while any(chosen):
            for made in self._made(chosen):
                for place, _, copies in self._kept(made):
                    if copies:
                        final[place] = chosen[place]
                    else:
                        self._masks[place] &= ~chosen[place]
                        at[place] = FREE
            chosen = self._place(at)
        for made in self._made(final, everything=True):
            for place, wish, own in made:
                yield self._copied(place, wish.record, own[0]) if own else named(wish.record, place)

    def _place(self, at: array[int], *, exactly: bool = False) -> array[int]:
        """Gives free records to transforms that lack some, those first that hardly fit anywhere; marks who has which.

        The bits of those that were given out. With `exactly` they hand them on until no more can be given out.
        """
        before = array("B", at)
        lacking = self._lacking()
        order = sorted(lacking, key=lambda number: self.tallies[number].applicable - lacking[number])
        for number in order:
            places, _ = draw(self._candidates(number, at), lacking[number])
            lacking[number] -= len(places)
            for place in places:
                at[place] = number + 1
        if exactly and any(lacking.values()):
            salts = [tally.salt for tally in self.tallies]
            wanted = {number + 1: count for number, count in lacking.items()}
            improve(self._masks, at, wanted, lambda place, work: number_of(self._bases[place], salts[work]))
        bits = (1 << holder - 1 if holder != old else 0 for holder, old in zip(at, before, strict=True))
        return array("Q", bits)

    def _made(self, chosen: array[int], *, everything: bool = False) -> Iterator[list[Made]]:
        """Records with their places and copies, list by list; only those that are chosen, or all."""

        def wishes() -> Iterator[list[tuple[int, Wish]]]:
            place = 0
            for records in self._lists():
                masks = chosen[place : place + len(records)]
                pairs = enumerate(map(Wish, records, masks), place)
                yield [(at, wish) for at, wish in pairs if everything or wish.mask]
                place += len(records)

        lists = (one for one in wishes() if one)
        for placed, copies in self._with(lists, "make", lambda one: [wish for _, wish in one]):
            yield [Made(place, wish, made) for (place, wish), made in zip(placed, copies, strict=True)]

    def _lists(self) -> Iterator[list[Record]]:
        records = iter(self._source())
        while chunk := list(islice(records, CHUNK)):
            yield chunk

    def _with(
        self, lists: Iterable[T], method: str, sent: Callable[[T], Any] = lambda one: one
    ) -> Iterator[tuple[T, list[Any]]]:
        """Each list with what a maker made of it, or of what is `sent` of it."""
        waiting: deque[T] = deque()

        def noted() -> Iterator[Any]:
            for one in lists:
                waiting.append(one)
                yield sent(one)

        for made in self._run(method, noted()):
            yield waiting.popleft(), made

    def _kept(self, made: Sequence[Made]) -> Iterator[tuple[int, Wish, list[Record]]]:
        """Each record with those of its copies that are like no input and no other copy, and pass the checks."""
        new = [[(copy, self._copied(one.place, one.wish.record, copy)) for copy in self._new(one)] for one in made]
        passed: Iterator[bool] = repeat(True)
        if self._approve:
            passed = iter(self._approve([record for pairs in new for _, record in pairs]))
        for one, pairs in zip(made, new, strict=True):
            kept = [(copy, record) for copy, record in pairs if self._counted(copy, passed=next(passed))]
            for number in {copy.work for copy, _ in kept}:
                self.tallies[number].reached += 1
            yield one.place, one.wish, [record for _, record in kept]

    def _counted(self, copy: Copy, *, passed: bool) -> bool:
        tally = self.tallies[copy.work]
        tally.produced += passed
        tally.rejected += not passed
        return passed

    def _new(self, made: Made) -> list[Copy]:
        """The copies that are like no input and no other copy."""
        found = []
        for copy in made.copies:
            if self._seen.add(copy.content):
                found.append(copy)
            else:
                self.tallies[copy.work].equal += 1
        works = {copy.work for copy in made.copies}
        if made.wish.mask.bit_count() > len(works):
            for number, tally in enumerate(self.tallies):
                tally.failed += made.wish.mask >> number & 1 and number not in works
        return found

    def _copied(self, place: int, record: Record, copy: Copy) -> Record:
        tally = self.tallies[copy.work]
        parent = name_of(record, place)
        name = f"{parent}~{tally.name}" + (f"-{copy.number + 1}" if tally.copies > 1 else "")
        values = copy.values | {"id": name} if "id" in copy.values else copy.values
        origin = {"parents": [parent], "transform": tally.kind, "edits": copy.edits, "parent": self._parent(record)}
        tags = (*dict.fromkeys((*record.tags, AUGMENTED, tally.kind)),)
        return Record(values, copy.spans, name, "accepted", tags, origin)

    def _parent(self, record: Record) -> dict[str, Any]:
        """What it was before: its texts and spans, under the names of its columns."""
        return {
            **{name: record.values.get(name) for name in self._columns},
            "spans": [
                {"start": one.start, "end": one.end, "label": one.label}
                | ({} if one.field == "text" else {"field": one.field})
                for one in record.spans
            ],
        }


def named(record: Record, place: int) -> Record:
    """The record with an id, which its copies name as their parent."""
    return record if record.id else replace(record, id=name_of(record, place))


def name_of(record: Record, place: int) -> str:
    """The id of a record, or its number in the input, as in #17."""
    return record.id or str(record.values.get("id") or f"#{place + 1}")


def rounded(share: float) -> int:
    """Half up; a product that misses a half by the last bits of a float counts as one."""
    return int(share + 0.5 + 1e-9)
