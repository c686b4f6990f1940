"""Parquet files without what they say twice: compared at one desk, which sees hashes, and written by workers."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from itertools import compress, islice
from typing import TYPE_CHECKING, Any, NamedTuple

from seedbed.augmentation.layers import main_columns
from seedbed.core.errors import NoRecords
from seedbed.core.near.finder import Prepared, PreparedFinder
from seedbed.core.record import flat_text
from seedbed.executors.blocks import at_desk
from seedbed.formats.parquet_parts import Kinds, Parts, read_part, write_part

from ..data.folders import anywhere, files_of
from ..reports.dedup import (
    Decider,
    Gone,
    Wish,
    check_columns,
    example_of,
    figures_of,
    label_of,
    rank_of,
    removed_columns,
    shown,
    with_reason,
    with_vectors,
)
from ..stages import Stage
from .folder import Filling, Folder
from .hashed import Hashed
from .passing import Following, Item

if TYPE_CHECKING:
    from seedbed.core.record import Record
    from seedbed.executors.blocks import Passes
    from seedbed.executors.ray import Cluster
    from seedbed.formats.parquet import Kind
    from seedbed.formats.parquet_parts import Part

    from ..output import Output
    from ..stages import Watch

CHUNK = 2000
"""Records whose features are told at once."""


@dataclass(frozen=True, slots=True)
class Task:
    """Which files are compared, with what, and where what stays and what goes is written."""

    given: str
    against: str | None
    wish: Wish
    output: Folder
    removed: Folder | None


@dataclass(slots=True)
class Features(Hashed):
    """Some records in the eyes of the desk: their texts, labels, meanings."""

    labels: list[str] = field(default_factory=list)
    vectors: list[bytes] = field(default_factory=list)

    def add(self, text: str, label: str, vector: bytes, *, near: bool) -> None:
        """One more record; its words are of use where nearly equal texts are looked for."""
        self.take(text, words=near)
        self.labels.append(label)
        self.vectors.append(vector)

    def rows(self) -> Iterator[tuple[Prepared | None, str, bytes]]:
        """The texts, labels and meanings."""
        for (text, _), label, vector in zip(self.texts(), self.labels, self.vectors, strict=True):
            yield text, label, vector


class Seen(NamedTuple):
    """What the columns of a part hold, and whether it has spans."""

    kinds: dict[str, Kind]
    spans: bool


class Ask(NamedTuple):
    """What is told of records: what is compared, of which columns; with the columns of all."""

    wish: Wish
    texts: tuple[str, ...]
    columns: tuple[str, ...]


class Fate(NamedTuple):
    """What becomes of a part: who stays, who goes, where both are written if anywhere, whose texts are wanted."""

    stays: bytes
    gone: Sequence[Gone]
    kept_file: str | None
    gone_file: str | None
    wanted: Sequence[int]


def task_of(given: str, against: str | None, wish: Wish, output: Output, removed: Output | None) -> Task:
    """What the names and outputs of a command say, as the desk is told it."""
    rest = Folder.of(removed) if removed else None
    held = replace(wish, against=_nothing if against else None)  # it is read at the desk
    return Task(anywhere(given), anywhere(against) if against else None, held, Folder.of(output), rest)


def _nothing() -> Iterator[Record]:
    return iter(())


def dedup_by_blocks(cluster: Cluster, task: Task, watch: Watch) -> dict[str, Any]:
    """Writes what stays, and what goes if that is wished, to folders of Parquet files; answers the figures.

    Raises:
        InputError: the input cannot be read, or an output not be written.
    """
    return at_desk(cluster, _carry_out, task, watch)


def _carry_out(passes: Passes, task: Task) -> dict[str, Any]:
    """At the desk."""
    for folder in (task.output, task.removed):
        if folder:
            folder.check()
    found, follow = Parts.of(map(str, files_of(task.given))), Following(passes)
    kinds = kinds_of(follow, found, "Reading")
    if not kinds:
        raise NoRecords("There are no records.")
    check_columns(task.wish.named(), [*kinds])
    decider: Decider[Prepared] = Decider(task.wish, PreparedFinder)
    if task.against:
        _learn(follow, task.against, task.wish, decider)
    ask = Ask(task.wish, tuple(task.wish.columns) or main_columns([*kinds]), tuple(kinds))
    gone = sorted(decider.decide(_features(follow, found, ask)))
    texts = _write(follow, found, ask, gone, (task, kinds))
    return figures_of(gone, found.records, decider.empty, task.wish, texts)


def kinds_of(follow: Following, found: Parts, stage: str) -> Kinds:
    """The columns of all parts and what they hold."""
    kinds, spans = Kinds(()), False
    for seen in follow.over(stage, see_columns, map(Item, found.parts)):
        kinds.take_in(seen.kinds)
        spans = spans or seen.spans
    if spans:
        kinds.take_in({"spans": "spans"})
    return kinds


def _learn(follow: Following, given: str, wish: Wish, decider: Decider[Prepared]) -> None:
    found, stage = Parts.of(map(str, files_of(given))), "Reading what it is held against"
    columns = [*kinds_of(follow, found, stage)]
    if not columns:
        return
    check_columns(wish.columns, columns, " in what --against names")
    ask = Ask(replace(wish, keep="first", semantic=None), tuple(wish.columns) or main_columns(columns), tuple(columns))
    told = follow.passes.over(tell_features, map(Item, found.parts), ask)
    decider.learn((text, label) for features in told for text, label, _ in features.rows())


def _features(follow: Following, found: Parts, ask: Ask) -> Iterator[tuple[int, Prepared | None, str, bytes]]:
    """The features of all records with their places, in the order in which they are compared."""
    place, items = 0, map(Item, found.parts)
    if ask.wish.keep != "first":
        for at, features in follow.passes.sorted(tell_ranked, items, ask):
            [row] = features.rows()
            place += 1
            follow.passes.stage = Stage("Comparing", place, found.records)
            yield at, *row
        return
    for features in follow.passes.over(tell_features, items, ask):
        follow.passes.stage = Stage("Comparing", place, found.records)
        for row in features.rows():
            yield place, *row
            place += 1


def _write(
    follow: Following, found: Parts, ask: Ask, gone: Sequence[Gone], where: tuple[Task, Kinds]
) -> dict[int, str]:
    """Writes what stays and what goes; the texts of the examples by their places."""
    task, kinds = where
    more = Kinds(removed_columns([*kinds]))
    more.take_in({**kinds, "reason": "text", "like": "int"})
    with ExitStack() as stack:
        output = stack.enter_context(task.output.filling())
        rest = stack.enter_context(task.removed.filling()) if task.removed else None
        items = list(_fates(found, gone, output, rest))
        texts: dict[int, str] = {}
        for own in follow.over("Writing", write_fate, items, (ask, dict(kinds), dict(more))):
            texts |= own
    return texts


def _fates(found: Parts, gone: Sequence[Gone], output: Filling, rest: Filling | None) -> Iterator[Item]:
    wanted, at, files, rests = shown(gone), 0, 0, 0
    for number, part in enumerate(found.parts):
        stays, end = bytearray(b"\x01") * part.rows, at
        while end < len(gone) and gone[end].place < part.first + part.rows:
            stays[gone[end].place - part.first] = 0
            end += 1
        last = number == len(found.parts) - 1
        kept_file = output.file(files) if any(stays) or (last and not files) else None
        gone_file = rest.file(rests) if rest and (end > at or (last and not rests)) else None
        files, rests = files + bool(kept_file), rests + bool(gone_file)
        own = [place for place in wanted if part.first <= place < part.first + part.rows]
        yield Item(part, Fate(bytes(stays), gone[at:end], kept_file, gone_file, own))
        at = end


def see_columns(item: Item, _: None) -> Iterator[Seen]:
    """A worker's: what the columns of a part hold."""
    kinds, spans = Kinds(()), False
    for record in read_part(item.part):
        if not record.values.keys() <= kinds.keys():
            kinds.take_in(dict.fromkeys(record.values, "nothing"))
        spans = spans or bool(record.spans)
        kinds.row(record)
    yield Seen(dict(kinds), spans)


def tell_features(item: Item, ask: Ask) -> Iterator[Features]:
    """A worker's: what is compared of the records of a part."""
    rows = _with_meaning(_told(item.part, read_part(item.part), ask), ask)
    while chunk := list(islice(rows, CHUNK)):
        features = Features()
        for _, text, label, vector in chunk:
            features.add(text, label, vector, near=ask.wish.near is not None)
        yield features


def tell_ranked(item: Item, ask: Ask) -> Iterator[tuple[tuple[float, int], tuple[int, Features]]]:
    """A worker's: the same record by record, each with its rank and its place."""
    ranks = deque[float]()

    def noted() -> Iterator[Record]:
        for record in read_part(item.part):
            text = flat_text([record.values.get(name) for name in ask.texts])
            ranks.append(rank_of(text, record, ask.wish, ask.columns))
            yield record

    for place, text, label, vector in _with_meaning(_told(item.part, noted(), ask), ask):
        features = Features()
        features.add(text, label, vector, near=ask.wish.near is not None)
        yield (-ranks.popleft(), place), (place, features)


def write_fate(item: Item, given: tuple[Ask, dict[str, Kind], dict[str, Kind]]) -> Iterator[dict[int, str]]:
    """A worker's: writes what stays of a part and what goes; tells the texts that are wanted."""
    (ask, kinds, more), fate = given, item.said
    wanted, texts = {place - item.part.first for place in fate.wanted}, dict[int, str]()
    if fate.kept_file:
        write_part(compress(read_part(item.part), fate.stays), fate.kept_file, kinds)
    if fate.gone_file:
        dropped = compress(read_part(item.part), (1 - stays for stays in fate.stays))
        write_part(map(with_reason, dropped, fate.gone), fate.gone_file, more)
    for place, record in enumerate(read_part(item.part) if wanted else ()):
        if place in wanted:
            texts[item.part.first + place] = example_of(record, ask.texts)
    yield texts


def _told(part: Part, records: Iterable[Record], ask: Ask) -> Iterator[tuple[int, str, str]]:
    for place, record in enumerate(records, part.first):
        yield place, flat_text([record.values.get(name) for name in ask.texts]), label_of(record, ask.wish.label)


def _with_meaning(rows: Iterator[tuple[int, str, str]], ask: Ask) -> Iterator[tuple[int, str, str, bytes]]:
    return with_vectors(rows) if ask.wish.semantic is not None else ((*row, b"") for row in rows)
