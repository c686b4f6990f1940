"""What a job works with: its workspace, its dataset, how it tells how far it is, and the runs it makes."""

from __future__ import annotations

import time
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from itertools import islice
from typing import TYPE_CHECKING, Any

from seedbed.core.errors import InputError
from seedbed.core.quota import Cell, Quota
from seedbed.core.run import Accounts
from seedbed.core.serving import DEFAULT
from seedbed.core.stored import Selection, StoredRun, half_of

from ...data.importing import IMPORT, NAME
from ...stages import unwatched

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from types import TracebackType
    from typing import Self

    from seedbed.core.record import Record
    from seedbed.core.serving.jobs import Job
    from seedbed.core.stored import Store

    from ...existing import Source
    from ...stages import Stage, Watch
    from ...workspace import Workspace

CHUNK = 2000
PAUSE = 0.25
"""Seconds between two words about how far a job is."""


KEPT = {"synthetic": "kept-synthetic", "augmented": "kept-augmented"}
"""The kind of run of records that were copied from another dataset, by what they were there."""


def drop_halves(store: Store, job: str) -> None:
    """Removes what a job has written that did not come to its end."""
    for run in store.halves(job):
        store.drop(run)


def check_name(name: str) -> str:
    """The name of a dataset.

    Raises:
        InputError: it is none.
    """
    if not NAME.fullmatch(name):
        raise InputError(
            f"`{name[:80]}` is no name of a dataset.", "Use letters, digits, dots and dashes, up to 64 of them."
        )
    return name


def as_it_is(record: Record) -> tuple[str, Record]:
    """A record for another dataset, with the kind of run that says what it was; it names the one it is a copy of."""
    own = record.tags[:1] if record.tags[:1] and record.tags[0] in KEPT else ()
    values = {name: value for name, value in record.values.items() if name != "spans"}
    origin = {**record.origin, "parents": [record.id]}
    kept = replace(record, values=values, tags=record.tags[len(own) :], origin=origin)
    return (KEPT[own[0]] if own else IMPORT), kept


def records_of(store: Store, dataset: str, *, origin: bool = False) -> Source:
    """The records of a dataset as people left them, as often as they are wanted."""
    return lambda: store.records(Selection(dataset=dataset, reviewed=True), origin=origin)


@dataclass(slots=True)
class Made:
    """A run that a job makes, of a kind; `into` is the dataset its records will be in, `count` how many there are."""

    run: StoredRun
    into: str
    count: int = 0


@dataclass(slots=True)
class Working:
    """A context manager: inside, the runs that are made are claimed; what is not finished can be dropped."""

    workspace: Workspace
    job: Job
    watch: Watch = unwatched
    made: list[Made] = field(default_factory=list)
    _claims: ExitStack = field(default_factory=ExitStack)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._claims.close()

    @property
    def store(self) -> Store:
        """Where everything is kept."""
        return self.workspace.store

    @property
    def asked(self) -> dict[str, Any]:
        """What is wanted."""
        return self.job.asked

    def source(self, dataset: str = "", *, origin: bool = False) -> Source:
        """The records of a dataset, that of the job if none is named."""
        return records_of(self.store, dataset or self.job.dataset, origin=origin)

    def put(self, into: str, columns: Sequence[str], records: Iterable[tuple[str, Record]]) -> None:
        """Writes records, each with the kind of run it belongs to; they are seen in `into` when the job is done."""
        rest = iter(records)
        while part := list(islice(rest, CHUNK)):
            kinds: dict[str, list[Record]] = {}
            for kind, record in part:
                kinds.setdefault(kind, []).append(record)
            for kind, own in kinds.items():
                made = self._run(into, kind, columns)
                made.count += self.store.keep(made.run, own, made.count)

    def made_of(self, kind: str) -> Made | None:
        """The run of a kind that was made, if one was."""
        return next((one for one in self.made if one.run.kind == kind), None)

    def _run(self, into: str, kind: str, columns: Sequence[str]) -> Made:
        for one in self.made:
            if (one.into, one.run.kind) == (into, kind):
                return one
        new = StoredRun("", into, "running", {}, {}, half_of(self.job.id), list(columns), 0, kind=kind)
        with self.store.naming(into):
            run = self.store.create_run(new)
        self._claims.enter_context(self.store.claim(run.id))
        made = Made(run, into)
        self.made.append(made)
        return made

    def finished(self, result: dict[str, Any]) -> bool:
        """The job is done, and what it made is in its datasets; whether nobody has cancelled it."""
        kept = [one for one in self.made if one.count]
        for one in kept:
            accounts = Accounts.of(Quota((), [Cell((), one.count, "[]")]))
            accounts.slot(0, "", "accepted", "", one.count)
            self.store.update_run(one.run.id, figures=accounts.as_dict())
        new = {one.into for one in kept if not self.store.runs(dataset=one.into)}
        self.belong(new, self.job.project)
        whole = self.store.jobs.finish(self.job.id, result, {one.run.id: one.into for one in kept})
        if not whole:
            self.belong(new, DEFAULT)
        return whole

    def belong(self, datasets: Iterable[str], project: str) -> None:
        """Says to which project datasets belong."""
        for name in datasets:
            self.store.serving.place("dataset", name, () if project == DEFAULT else (project,))


class Telling:
    """A `Watch` that takes stages down in the job's row, a few times a second."""

    def __init__(self, store: Store, job: str) -> None:
        self._store = store
        self._job = job
        self._next = 0.0
        self._name = ""

    def __call__(self, stage: Stage) -> None:
        now = time.monotonic()
        if now < self._next and stage.name == self._name:
            return
        self._next, self._name = now + PAUSE, stage.name
        self._store.jobs.progress(self._job, stage.done, stage.total, stage.name)
