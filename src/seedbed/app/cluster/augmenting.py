"""Copies of the records of Parquet files, made by a cluster: decided at one desk, made and written by workers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from seedbed.augmentation.apart import Bench, Chosen, Decision, Kept, Numbers, Tried, merged
from seedbed.augmentation.augment import named
from seedbed.core.errors import InputError
from seedbed.executors.blocks import at_desk
from seedbed.formats.parquet_parts import Kinds, Part, Parts, read_part, write_part

from ..data.augment import LOOKING, MAKING, READING, Facts, looking, origin_columns, told, with_origin
from ..data.folders import anywhere, files_of
from ..output import check_apart
from .folder import Folder
from .passing import Following, Item, once, token

if TYPE_CHECKING:
    from seedbed.augmentation.making import Spec
    from seedbed.augmentation.plan import Plan, ReadPlan
    from seedbed.core.record import Record
    from seedbed.executors.blocks import Passes
    from seedbed.executors.ray import Cluster
    from seedbed.formats.parquet import Kind

    from ..data.wishes import Wishes
    from ..output import Output
    from ..stages import Watch
    from .folder import Filling

TRYING = "Trying copies"


@dataclass(frozen=True, slots=True)
class Task:
    """What is to be made of which files, where it goes, and how it is written."""

    given: str
    read: ReadPlan
    folder: Folder
    output: Output


@dataclass(frozen=True, slots=True)
class Way:
    """What every worker knows: the plan, and how records are written and of which columns."""

    spec: Spec
    output: Output
    columns: Sequence[str]
    token: str

    def written(self, records: Iterable[Record]) -> Iterable[Record]:
        """The records as they are written."""
        return self._own(records)[0]

    def names(self) -> list[str]:
        """The columns of the files."""
        return self._own(())[1]

    def _own(self, records: Iterable[Record]) -> tuple[Iterable[Record], list[str]]:
        columns = list(self.columns)
        if self.output.with_origin:
            records, columns = map(with_origin, records), origin_columns(columns, self.spec)
        return self.output.shown(records, columns)

    def take_down(self, kinds: Kinds, record: Record) -> None:
        """Takes down what the columns of a record hold."""
        for one in self.written((record,)):
            kinds.row(one)

    def bench(self) -> Bench:
        """A process's own."""
        return once(self.token, lambda: Bench(self.spec))


def augment_by_blocks(cluster: Cluster, given: str, wishes: Wishes, output: Output, watch: Watch) -> dict[str, Any]:
    """Writes a folder of Parquet files and answers the figures of it.

    Raises:
        InputError: the input cannot be read, or the output not be written, or the plan does not go with either.
    """
    if wishes.read.plan.checks:
        hint = "Leave `checks` out, and check what was written: seedbed check --executor ray"
        raise InputError("A plan's checks are not made by --executor ray.", hint)
    check_apart({"--output": output.path}, [given])
    with wishes.located():
        return at_desk(cluster, _carry_out, Task(anywhere(given), wishes.read, Folder.of(output), output), watch)


def _carry_out(passes: Passes, task: Task) -> dict[str, Any]:
    """At the desk."""
    task.folder.check()
    found = Parts.of(map(str, files_of(task.given)))
    follow = Following(passes)
    spec, columns = _facts(follow, found, task.read.plan).fitted(task.read.plan)
    copying = _Copying(follow, found.parts, Way(spec, task.output, columns, token()))
    decision = Decision(spec, [part.rows for part in found.parts], copying.look, copying.attempt)
    decision.decide()
    with task.folder.filling() as filling:
        written = copying.write(decision.rounds, filling)
    return {**told(decision, spec, task.read.notes), "records": written}


def _facts(follow: Following, found: Parts, plan: Plan) -> Facts:
    facts = Facts()
    for part in follow.over(READING, facts_of, map(Item, found.parts), looking(plan)):
        facts.take_in(part)
    return facts


@dataclass(slots=True)
class _Copying:
    """The passes in which copies come about; `kinds` is what the columns hold of all that may be written."""

    follow: Following
    parts: Sequence[Part]
    way: Way
    kinds: Kinds = field(init=False)

    def __post_init__(self) -> None:
        self.kinds = Kinds(self.way.names())

    def look(self) -> Iterator[Numbers]:
        """See `Decision`."""
        for numbers, kinds in self.follow.over(LOOKING, look_at, map(Item, self.parts), self.way):
            self.kinds.take_in(kinds)
            yield numbers

    def attempt(self, chosen: Iterable[Chosen]) -> Iterator[Tried]:
        """See `Decision`."""
        items = [Item(part, own) for part, own in zip(self.parts, chosen, strict=True)]
        asked = self.follow.over(TRYING, try_copies, [item for item in items if item.said.places], self.way)
        for item in items:
            if not item.said.places:
                yield Tried()
                continue
            tried, kinds = next(asked)
            self.kinds.take_in(kinds)
            yield tried

    def write(self, rounds: Sequence[Kept], filling: Filling) -> int:
        """Writes the input with its copies, and what was added in the end; answers how many records there are."""
        items, mode = list[Item](), self.way.spec.plan.mode
        for at, kept in enumerate(rounds):
            alone = at > 0 or mode == "new"
            for part in self.parts:
                own = kept.within(part.first, part.rows)
                if own.places or not alone:
                    items.append(Item(part, (own, None if alone else mode, filling.file(len(items)))))
        items = items or [Item(self.parts[0], (Kept(), None, filling.file(0)))]  # a file at least
        return sum(self.follow.over(MAKING, write_copies, items, (self.way, dict(self.kinds))))


def facts_of(item: Item, mentions: bool) -> Iterator[Facts]:
    """A worker's: what must be known of a part."""
    yield Facts.of(read_part(item.part), mentions=mentions, first=item.part.first)


def look_at(item: Item, way: Way) -> Iterator[tuple[Numbers, dict[str, Kind]]]:
    """A worker's: which records of a part can be changed by what, and what their columns hold if they are written."""
    part, kinds = item.part, Kinds(way.names())

    def seen() -> Iterator[Record]:
        for place, record in enumerate(read_part(part), part.first):
            if way.spec.plan.mode != "new":
                way.take_down(kinds, named(record, place))
            yield record

    numbers = way.bench().look(seen())
    yield numbers, dict(kinds)


def try_copies(item: Item, way: Way) -> Iterator[tuple[Tried, dict[str, Kind]]]:
    """A worker's: the copies of the chosen records of a part, and what their columns would hold."""
    tried, kinds, chosen = Tried(), Kinds(way.names()), set(item.said.places)
    for place, _, copies in way.bench().copies(read_part(item.part), item.said, item.part.first):
        if place in chosen:
            tried.add([copy for copy, _ in copies])
            for _, record in copies:
                way.take_down(kinds, record)
    yield tried, dict(kinds)


def write_copies(item: Item, given: tuple[Way, dict[str, Kind]]) -> Iterator[int]:
    """A worker's: writes the file of a part, and tells how many records are in it."""
    (way, kinds), (kept, mode, file) = given, item.said
    records = merged(way.bench(), read_part(item.part), kept, item.part.first, mode=mode)
    yield write_part(way.written(records), file, kinds)
