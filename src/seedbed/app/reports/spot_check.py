"""Judging a random sample by hand: who draws it, keeps what was said, and tells what it means."""

from __future__ import annotations

import getpass
import os
from collections import Counter
from dataclasses import dataclass, field
from hashlib import blake2b
from pathlib import Path
from typing import TYPE_CHECKING, Any

from seedbed.core.errors import InputError, NoRecords, nearest
from seedbed.core.record import flat_text
from seedbed.core.stored import StoredVerdict
from seedbed.places.paths import path_of
from seedbed.reports.spot_check import Verdict, drawn, figures

from ..data.convert import columns_of

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from seedbed.core.record import Record

    from ..existing import Source
    from ..workspace import Workspace

ALL = "all"


@dataclass(frozen=True, slots=True)
class Drawn:
    """A record of the sample: its name among the verdicts, and its stratum."""

    name: str
    stratum: str
    record: Record


@dataclass(slots=True)
class SpotCheck:
    """A sample of a dataset and what is said of it. What is said is kept at once, in the workspace.

    Args:
        workspace: where it is kept.
        dataset: what it is called.
        source: its records.
        n: how many are drawn.
        by: the column whose values are the strata; all records are one if it is None.
        judge: who judges; the user's name if not given.
        seed: of the draw.
        limit: the share of wrong records that can be borne.

    Raises:
        InputError: there are no records, or no such column.
    """

    workspace: Workspace
    dataset: str
    source: Source
    n: int = 100
    by: str | None = None
    judge: str = ""
    seed: int = 0
    limit: float | None = None
    sample: list[Drawn] = field(init=False, default_factory=list)
    _counts: Counter[str] = field(init=False, default_factory=Counter)

    def __post_init__(self) -> None:
        columns = columns_of(self.source())
        if not columns:
            raise NoRecords("There are no records to judge.")
        if self.by is not None and self.by not in columns:
            raise InputError(f"There is no column `{self.by}`.", nearest(self.by, columns))
        self.judge = self.judge or user()
        strata, names = list[str](), Counter[str]()
        for record in self.source():
            strata.append(self._stratum(record))
            names[name_of(record)] += 1
        self._counts = Counter(strata)
        order = {place: at for at, place in enumerate(drawn(strata, self.n, self.seed))}
        named = enumerate(_named(self.source(), {name for name, count in names.items() if count > 1}))
        found = {order[place]: Drawn(name, strata[place], record) for place, (name, record) in named if place in order}
        self.sample = [found[at] for at in sorted(found)]

    def open(self) -> Iterator[Drawn]:
        """Those that this judge has said nothing of.

        Raises:
            InputError: nothing can be kept in the workspace.
        """
        _ = self.workspace.store  # made now if need be: nobody is to judge what cannot be kept
        said = {one.record for one in self._said() if one.judge == self.judge}
        return (one for one in self.sample if one.name not in said)

    def judged(self, one: Drawn, *, right: bool, note: str = "") -> dict[str, Any]:
        """Keeps what is said of a record and answers the figures."""
        self.workspace.store.put_verdict(StoredVerdict(self._kept_as, one.name, self.judge, right, note))
        return self.figures()

    def taken_back(self, one: Drawn) -> None:
        """Forgets what this judge said of a record."""
        self.workspace.store.remove_verdict(self._kept_as, one.name, self.judge)

    def figures(self) -> dict[str, Any]:
        """What the sample says so far. Where several judges differ, a record is wrong that one calls wrong."""
        strata = {one.name: one.stratum for one in self.sample}
        said = self._said()
        right: dict[str, bool] = {}
        for one in said:
            right[one.record] = right.get(one.record, True) and one.right
        verdicts = [Verdict(strata[name], found) for name, found in right.items()]
        counts = {name: self._counts[name] for name in dict.fromkeys(sorted(self._counts))}
        return {
            "dataset": self.dataset,
            "sample": len(self.sample),
            **figures(verdicts, counts, self.limit),
            "judges": dict(Counter(one.judge for one in said)),
        }

    def _said(self) -> list[StoredVerdict]:
        """What anybody said of the records of the sample."""
        if not self.workspace.exists:
            return []
        names = {one.name for one in self.sample}
        return [one for one in self.workspace.store.verdicts(self._kept_as) if one.record in names]

    @property
    def _kept_as(self) -> str:
        """The dataset's name among the verdicts: that of a file by its place beside the workspace, so that it is known
        again from another folder, and not taken for another file of that name."""
        if not path_of(self.dataset).exists():
            return self.dataset
        return os.path.relpath(Path(self.dataset).resolve(), self.workspace.folder.resolve().parent)

    def _stratum(self, record: Record) -> str:
        if self.by is None:
            return ALL
        value = record.values.get(self.by)
        return value if isinstance(value, str) else flat_text(value)


def name_of(record: Record) -> str:
    """The record's id, or a hash of what it holds: a verdict is of that, wherever it stands in a file."""
    own = record.id or record.values.get("id")
    return _content(record) if own in (None, "") else str(own)


def _named(records: Iterator[Record], twice: Collection[str]) -> Iterator[tuple[str, Record]]:
    """The records with their names. Those that share an id are told apart by what they hold, equal ones by a number."""
    met: Counter[str] = Counter()
    for record in records:
        name = name_of(record)
        if name in twice:
            name = _content(record)
            met[name] += 1
            name += f"/{met[name]}" if met[name] > 1 else ""
        yield name, record


def _content(record: Record) -> str:
    content = repr(sorted(record.values.items())) + repr(record.spans)
    return blake2b(content.encode(errors="surrogatepass"), digest_size=10).hexdigest()


def user() -> str:
    """The name of who is at work here."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return "somebody"
