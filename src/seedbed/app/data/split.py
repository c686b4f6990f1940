"""Records written in parts (train, validation, test) so that nothing of one part is known from another."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import islice
from typing import TYPE_CHECKING, Any

from seedbed.core.errors import InputError, nearest
from seedbed.core.near.index import NearIndex
from seedbed.core.record import flat_text
from seedbed.core.splits import Split, Ties, split
from seedbed.formats.catalog import suffix_of
from seedbed.formats.rows import unfolded

from ..history import chosen
from ..stages import counted, unwatched

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from seedbed.core.record import Record

    from ..existing import Source
    from ..output import Output
    from ..stages import Watch
    from ..workspace import Workspace

PARTS = {2: ("train", "test"), 3: ("train", "validation", "test")}
MAIN = ("text", "question", "instruction", "messages", "prompt", "document")
"""Columns that hold what a record says, the likeliest first."""

OWN = ("id", "origin", "tags", "spans")
SAMPLE = 100
MOST_STRATA = 1000
_NAME = re.compile(r"[!-~]*|.*\.[A-Za-z]\w{1,7}", re.S)
"""What the name of a file or dataset looks like: `mix` writes those into `source`, and they tie nothing."""


@dataclass(frozen=True, slots=True)
class Splitting:
    """How records are to be split: weights of two or three parts, the column whose shares every part keeps, a seed."""

    weights: tuple[Fraction, ...]
    stratify: str | None = None
    seed: int = 0

    @staticmethod
    def of(text: str, stratify: str | None = None, seed: int = 0, flag: str = "--split ") -> Splitting:
        """`0.8/0.1/0.1`, `80/20`; `flag` is what stood before it.

        Raises:
            InputError: these are not two or three positive numbers.
        """
        try:
            weights = tuple(Fraction(number.strip()) for number in re.split(r"(?<=\d)/", text))
        except (ValueError, ZeroDivisionError):
            weights = ()
        if len(weights) not in PARTS or min(weights) <= 0:
            hint = f"For example: {flag}0.8/0.1/0.1 (train, validation, test) or {flag}0.8/0.2 (train, test)"
            raise InputError(f"{flag}{text}: two or three positive shares are needed.", hint)
        return Splitting(weights, stratify, seed)

    def paths(self, path: Path) -> dict[str, Path]:
        """The file of each part: `out.csv` → `out.train.csv` …"""
        suffix = path.name[len(path.name) - len(suffix_of(path)) :]
        stem = path.name.removesuffix(suffix)
        return {part: path.with_name(f"{stem}.{part}{suffix}") for part in PARTS[len(self.weights)]}


def export_split(
    workspace: Workspace,
    name: str,
    where: Sequence[str],
    output: Output,
    wish: Splitting,
    watch: Watch = unwatched,
) -> dict[str, Any]:
    """Writes the records of a run or dataset in parts; see `write_split`.

    Raises:
        InputError: no such run or dataset, a bad condition, or a file cannot be written.
    """
    selection, columns = chosen(workspace, name, where)
    store, origin = workspace.store, bool(output.with_origin)
    return write_split(lambda: store.records(selection, origin=origin), columns, output, wish, watch)


def write_split(
    source: Source, columns: Sequence[str], output: Output, wish: Splitting, watch: Watch = unwatched
) -> dict[str, Any]:
    """Writes each part to a file of its own and answers what was tied together and how the sizes came out.

    The source is read once for the ties and once for each part.

    Raises:
        InputError: there is no such column, or a file cannot be written.
    """
    if wish.stratify and wish.stratify not in columns:
        raise InputError(
            f"--stratify {wish.stratify}: there is no column `{wish.stratify}`.", nearest(wish.stratify, columns)
        )
    outputs = {part: replace(output, path=path) for part, path in wish.paths(output.path).items()}
    for one in outputs.values():
        one.check()
    division = divide(source, main_column(columns, source()), wish, watch)
    written = [
        one.put(
            division.records(counted(source(), watch, f"Writing {part}", division.total), part),
            columns,
            force=one.force,
        )
        for part, one in outputs.items()
    ]
    return {
        "records": sum(written),
        "files": {part: str(one.path) for part, one in outputs.items()},
        "sizes": dict(zip(outputs, written, strict=True)),
        **division.figures(),
    }


@dataclass(frozen=True, slots=True)
class Division:
    """Which of the `parts` each record goes to; `groups` stay together, `joins` counts by reason what was tied."""

    parts: tuple[str, ...]
    made: Split
    groups: Sequence[Sequence[int]]
    joins: Mapping[str, int]
    stratified: bool

    @property
    def total(self) -> int:
        """How many records there are."""
        return len(self.made.places)

    @property
    def sizes(self) -> dict[str, int]:
        """How many of them go to each part."""
        return dict(zip(self.parts, self.made.sizes, strict=True))

    def records(self, records: Iterable[Record], part: str) -> Iterator[Record]:
        """Those of a part, out of all of them in the order in which they were divided."""
        wanted = self.parts.index(part)
        # A run may go on meanwhile: what has come since the ties were found belongs to no part.
        return (record for record, place in zip(records, self.made.places, strict=False) if place == wanted)

    def figures(self) -> dict[str, Any]:
        """By how much sizes differ from what was wanted, and what stays together."""
        return {
            "off": dict(zip(self.parts, self.made.off, strict=True)),
            "label_off": self.made.worst if self.stratified else None,
            "tied": {
                "groups": len(self.groups),
                "records": sum(map(len, self.groups)),
                "largest": max(map(len, self.groups), default=0),
                "by": dict(self.joins),
            },
        }


def divide(source: Source, main: str, wish: Splitting, watch: Watch = unwatched) -> Division:
    """Says which part each record goes to; `main` is the column by which near duplicates are found.

    Raises:
        InputError: the column to stratify by has too many values.
    """
    tying = Tying(main, wish.stratify)
    for record in counted(source(), watch, "Comparing"):
        tying.add(record)
    groups = tying.groups()
    made = split(tying.labels, groups, wish.weights, wish.seed)
    return Division(PARTS[len(wish.weights)], made, groups, dict(tying.joins), bool(wish.stratify))


def main_column(columns: Sequence[str], records: Iterable[Record]) -> str:
    """The column that holds what a record says: by its name, else the one with the longest values in the first ones."""
    named = next((name for name in MAIN if name in columns), None)
    if named or not columns:
        return named or "text"
    lengths = Counter(dict.fromkeys(columns, 0))
    for record in islice(records, SAMPLE):
        lengths.update({name: len(flat_text(value)) for name, value in record.values.items() if name not in OWN})
    return lengths.most_common(1)[0][0]


class Tying:
    """Finds out which records belong together.

    Those are near duplicates of each other by the text of `column`, those with one value of `group`, those made of one
    parent (`parents` in their origin, or an equal text in `source`, as rewritten records have it), and a parent with
    its children. `labels` are the values to stratify by, `joins` counts by reason what was tied.
    """

    def __init__(self, column: str, stratify: str | None = None) -> None:
        self.labels: list[str] = []
        self.joins: Counter[str] = Counter()
        self._column = column
        self._stratify = stratify
        self._strata: dict[str, str] = {}
        self._ties = Ties()
        self._index = NearIndex()
        self._first: dict[tuple[str, str], int] = {}
        self._ids: dict[str, int] = {}

    def add(self, record: Record) -> None:
        """The next record.

        Raises:
            InputError: the column to stratify by has too many values.
        """
        number = self._ties.add()
        label = flat_text(record.values.get(self._stratify)) if self._stratify else ""
        self.labels.append(self._strata.setdefault(label, label))
        if len(self._strata) > MOST_STRATA:
            hint = "Name one with few values, such as a label."
            raise InputError(f"--stratify {self._stratify}: it has more than {MOST_STRATA:,} values.", hint)
        for reason, key in _keys(record):
            self._same(reason, key, number)
        self._ids[record.id or flat_text(record.values.get("id"))] = number
        self._alike(flat_text(record.values.get(self._column)).strip(), number)

    def groups(self) -> list[list[int]]:
        """What belongs together, once all records are there."""
        for (reason, name), number in self._first.items():
            if reason == "parent" and name in self._ids:
                self._join(reason, self._ids[name], number)
        return self._ties.groups()

    def _alike(self, text: str, number: int) -> None:
        encoded = self._index.encode(text)
        if not text or self._same("near_duplicate", encoded or f"{text} as it is", number):
            return  # the equal one that was there before stands for it
        for other in self._index.find(encoded):
            self._join("near_duplicate", other, number)
        self._index.add(encoded, number)

    def _same(self, reason: str, key: str, number: int) -> bool:
        """Ties a record to the first with the same key; whether there was one."""
        first = self._first.setdefault((reason, key), number)
        if first != number:
            self._join(reason, first, number)
        return first != number

    def _join(self, reason: str, one: int, other: int) -> None:
        if self._ties.tie(one, other):
            self.joins[reason] += 1


def _keys(record: Record) -> Iterator[tuple[str, str]]:
    """What ties a record to others that have the same."""
    origin = record.origin or unfolded(record.values.get("origin"))
    parents = origin.get("parents") if isinstance(origin, dict) else unfolded(record.values.get("parents"))
    for parent in parents if isinstance(parents, list) else [parents]:
        if parent:
            yield "parent", flat_text(parent)
    if group := flat_text(record.values.get("group")):
        yield "group", group
    source = record.values.get("source")
    if isinstance(source, str) and not _NAME.fullmatch(source):
        yield "source", " ".join(source.split())
