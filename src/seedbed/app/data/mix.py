"""Datasets put together at exact shares, without one's records being another's."""

from __future__ import annotations

from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field, replace
from fractions import Fraction
from itertools import compress, islice
from math import inf
from random import Random
from typing import TYPE_CHECKING, Any

from seedbed.core.apportion import as_fraction, largest_remainder
from seedbed.core.errors import InputError, nearest
from seedbed.core.near.index import NearIndex
from seedbed.core.record import flat_text

from ..stages import counted, unwatched
from .convert import columns_of
from .sources import source_of
from .split import main_column

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from seedbed.core.record import Record

    from ..existing import Source
    from ..output import Output
    from ..stages import Watch
    from ..workspace import Workspace

SHOWN = 3
"""Duplicates that are named."""


@dataclass(frozen=True, slots=True)
class Mixture:
    """What is wanted: a weight for each dataset, how many records in all; `stratify` names the column whose shares
    within each dataset are kept."""

    weights: Mapping[str, float]
    count: int
    stratify: str | None = None
    seed: int = 0
    allow_shortfall: bool = False

    @staticmethod
    def shares(pairs: Sequence[tuple[str, str]]) -> dict[str, float]:
        """The weights by name.

        Raises:
            InputError: one is no positive number, or a name is given twice.
        """
        weights: dict[str, float] = {}
        for name, text in pairs:
            with suppress(ValueError):
                weights[name] = float(text)
            if not 0 < weights.get(name, 0) < inf:
                raise InputError(f"{name}={text}: the share must be a positive number.", "For example: a.csv=0.7")
        if len(weights) < len(pairs):
            raise InputError("A dataset is given twice.", "Give each once, with its whole share.")
        return weights


@dataclass(slots=True)
class _Part:
    """One dataset: its records by label, which distinct text each has, and which are used.

    `short` are the records that are lacking by label, `doubled` those passed over there for their twins elsewhere.
    """

    name: str
    source: Source
    columns: list[str]
    wanted: int
    labels: dict[str, list[int]] = field(default_factory=dict)
    texts: list[int] = field(default_factory=list)
    used: list[bool] = field(default_factory=list)
    short: Counter[str] = field(default_factory=Counter)
    doubled: int = 0


def mix(workspace: Workspace, wish: Mixture, output: Output, watch: Watch = unwatched) -> dict[str, Any]:
    """Writes the mixture and answers its figures.

    Each dataset's records are drawn at random, each label's share of it kept by largest remainder where that is asked
    for. No two records of different datasets are near duplicates: of those only one is used, and a dataset that has
    little to spare is served first.

    Raises:
        InputError: a dataset does not exist, lacks a column, or has too few records; or the output cannot be written.
    """
    sources = {name: source_of(workspace, name, output) for name in wish.weights}
    output.check()
    wanted = largest_remainder(wish.count, [as_fraction(weight) for weight in wish.weights.values()])
    parts = [
        _Part(name, source, columns_of(counted(source(), watch, f"Reading {name}")), count)
        for (name, source), count in zip(sources.items(), wanted, strict=True)
    ]
    twins = _Twins(list(sources))
    for home, part in enumerate(parts):
        _read(part, home, wish.stratify, twins, watch)
    lacking = _draw(parts, wish, twins)
    if lacking and not wish.allow_shortfall:
        raise InputError(f"There are too few records: {'; '.join(lacking)}.", "Ask for fewer, or --allow-shortfall.")
    column = _source_column(parts)
    columns = [*dict.fromkeys(name for part in parts for name in part.columns), column]
    mixed = counted(_mixed(parts, column, wish.seed), watch, "Writing", wish.count)
    written = output.put(mixed, columns, force=output.force)
    return {
        "records": written,
        "wanted": wish.count,
        "datasets": {part.name: {"wanted": part.wanted, "used": sum(part.used)} for part in parts},
        "lacking": lacking,
        "source_column": column,
        "duplicates": {"records": twins.count, "first": twins.first},
    }


def _source_column(parts: Sequence[_Part]) -> str:
    """What the column is called that says which dataset a record is of."""
    for column in ("source", "mix_source"):
        if not any(column in part.columns for part in parts):
            return column
    raise InputError("There are columns `source` and `mix_source` already.", "Rename one with: seedbed convert --map")


def _read(part: _Part, home: int, stratify: str | None, twins: _Twins, watch: Watch) -> None:
    if stratify and stratify not in part.columns:
        raise InputError(f"--stratify {stratify}: {part.name} has no such column.", nearest(stratify, part.columns))
    main = main_column(part.columns, part.source())
    for i, record in enumerate(counted(part.source(), watch, f"Comparing {part.name}")):
        label = flat_text(record.values.get(stratify)) if stratify else ""
        part.labels.setdefault(label, []).append(i)
        part.texts.append(twins.add(flat_text(record.values.get(main)), home))
    part.used = [False] * len(part.texts)


class _Twins:
    """Distinct texts, the datasets they are in, and which texts of different datasets are nearly the same.

    A dataset is a bit: `_homes` are the datasets that have a text, `_taken` those one of whose records with it is used.
    `count` are the records that an earlier dataset has as well, `first` the first few of them.
    """

    def __init__(self, names: Sequence[str]) -> None:
        self.count = 0
        self.first: list[dict[str, str]] = []
        self._names = names
        self._index = NearIndex()
        self._numbers: dict[str, int] = {}
        self._texts: list[str] = []
        self._homes: list[int] = []
        self._taken: list[int] = []
        self._near: dict[int, set[int]] = {}

    def add(self, text: str, home: int) -> int:
        """A record's text in a dataset, those before being complete; answers the number of the text."""
        text = " ".join(text.split())
        encoded = self._index.encode(text)
        number = self._numbers.setdefault(encoded or f"{text} as it is", len(self._texts))
        new = number == len(self._texts)
        if new:
            self._texts.append(text)
            self._homes.append(0)
            self._taken.append(0)
        if not self._homes[number] >> home & 1:
            for other in self._index.find(encoded):
                if other != number and self._homes[other] & ~(1 << home):
                    self._near.setdefault(number, set()).add(other)
                    self._near.setdefault(other, set()).add(number)
            self._homes[number] |= 1 << home
        if new:
            self._index.add(encoded, number)
        self._count(text, number, home)
        return number

    def _count(self, text: str, number: int, home: int) -> None:
        earlier = (1 << home) - 1
        twin = next((one for one in self._alike(number) if self._homes[one] & earlier), None)
        if twin is None:
            return
        self.count += 1
        if len(self.first) < SHOWN:
            kind = "exact" if self._texts[twin] == text else "near"
            other = (self._homes[twin] & earlier).bit_length() - 1
            names = {"dataset": self._names[home], "in": self._names[other]}
            self.first.append({"kind": kind, "text": text, "like": self._texts[twin], **names})

    def is_free(self, number: int, home: int) -> bool:
        """Whether no other dataset's record of this text, or nearly this text, is used."""
        return not any(self._taken[one] & ~(1 << home) for one in self._alike(number))

    def take(self, number: int, home: int) -> None:
        """A record of that text is used."""
        self._taken[number] |= 1 << home

    def _alike(self, number: int) -> Iterator[int]:
        yield number
        yield from self._near.get(number, ())


def _draw(parts: Sequence[_Part], wish: Mixture, twins: _Twins) -> list[str]:
    """Chooses the records to use, of the scarcest first; answers in words who has too few."""
    units: list[tuple[Fraction, int, str, int]] = []
    for home, part in enumerate(parts):
        sizes = [Fraction(len(records)) for records in part.labels.values()]
        for label, wanted in zip(part.labels, largest_remainder(part.wanted, sizes), strict=True):
            units.append((Fraction(-wanted, len(part.labels[label])), home, label, wanted))
    for _, home, label, wanted in sorted(units):
        _take(parts[home], home, label, wanted, Random(f"mix {wish.seed} {parts[home].name} {label}"), twins)
    return [_lack(part) for part in parts if sum(part.used) < part.wanted]


def _lack(part: _Part) -> str:
    short = sorted(((count, label) for label, count in part.short.items() if label), reverse=True)
    by = [f"{label} {count:,}" for count, label in short[:SHOWN]] + ["…"] * (len(short) > SHOWN)
    why = [", ".join(by)] * bool(by) + [f"{part.doubled:,} others are in another dataset as well"] * bool(part.doubled)
    words = f" ({'; '.join(why)})" if why else ""
    return f"{part.name} lacks {part.wanted - sum(part.used):,} of {part.wanted:,} records{words}"


def _take(part: _Part, home: int, label: str, wanted: int, rng: Random, twins: _Twins) -> None:
    """Draws records of a label; takes down how many are lacking, and how many were passed over for their twins."""
    records = list(part.labels[label])
    rng.shuffle(records)
    doubled = 0
    for record in records:
        if not wanted:
            return
        if twins.is_free(part.texts[record], home):
            twins.take(part.texts[record], home)
            part.used[record] = True
            wanted -= 1
        else:
            doubled += 1
    if wanted:
        part.short[label] = wanted
        part.doubled += doubled


def _mixed(parts: Sequence[_Part], column: str, seed: int) -> Iterator[Record]:
    """The used records of all, in an order by chance that keeps each dataset's own."""
    order = [number for number, part in enumerate(parts) for _ in range(sum(part.used))]
    Random(f"order {seed}").shuffle(order)
    streams = [compress(part.source(), part.used) for part in parts]
    for number in order:
        for record in islice(streams[number], 1):
            yield replace(record, values={**record.values, column: parts[number].name})
