"""What the store answers: runs and records as they were saved, and the store's contract."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol

from .attempt import STEP
from .errors import InputError
from .record import PASSED_ON

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from contextlib import AbstractContextManager

    from .batches import BatchBook
    from .chat import Completion
    from .ports import Journal
    from .record import Record
    from .review.port import Reviews
    from .serving import Serving
    from .serving.jobs import Jobs, Quality
    from .serving.watching import Watching


@dataclass(slots=True)
class StoredRun:
    """A run as it is saved.

    `recipe` and `fingerprint` are JSON documents; `folder` is where the recipe's input files are; `options` are how it
    is run and what became of its output, as the application says; `control` is a wish of another process. `kind` is
    what it does: "generate", or "import", "augment" or "fill", whose records are there when it is; "kept-synthetic" and
    "kept-augmented" are those of records that were copied from another dataset.
    """

    id: str
    name: str
    state: str
    recipe: dict[str, Any]
    fingerprint: dict[str, Any]
    dataset: str
    columns: list[str]
    seed: int
    number: int = 0
    epoch: int = 0
    output: str | None = None
    figures: dict[str, Any] | None = None
    seconds: float = 0.0
    message: str = ""
    control: str = ""
    folder: str = ""
    options: dict[str, Any] = field(default_factory=dict)
    created: str = ""
    updated: str = ""
    kind: str = "generate"


@dataclass(frozen=True, slots=True)
class Tally:
    """How many slots of a cell ended in a state for a reason, by the model that answered."""

    cell: str
    model: str
    state: str
    reason: str
    count: int


@dataclass(frozen=True, slots=True)
class Spending:
    """What calls of one model took; `priced` is false if the cost of some is not known.

    `redacted` is how many values of each kind were masked in them. There may be several of these for a model.
    """

    model: str
    tries: int
    input_tokens: int
    output_tokens: int
    cost: float
    priced: bool
    redacted: Mapping[str, int] = field(default_factory=dict)


@dataclass(slots=True)
class OpenAttempt:
    """An attempt with answered calls whose slots did not end: to be replayed."""

    number: int
    frozen: dict[str, Any]
    answers: dict[tuple[str, int], Completion] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class StoredConnection:
    """A connection of the workspace; `key` is encrypted."""

    name: str
    settings: dict[str, Any]
    key: str | None
    created: str = ""
    version: int = 1


@dataclass(frozen=True, slots=True)
class StoredTemplate:
    """One version of a template; `document` holds fields of the `template` generator, or sentences with slots."""

    name: str
    version: int
    document: dict[str, Any]
    created: str = ""


@dataclass(frozen=True, slots=True)
class StoredVerdict:
    """What a person said of a record: whether it is right; `record` is its name within the dataset."""

    dataset: str
    record: str
    judge: str
    right: bool
    note: str = ""
    created: str = ""


HALF = ".job-"
"""With this the name of a dataset begins that a job still writes: no list shows it, and nobody can name it."""


def half_of(job: str) -> str:
    """The name of the dataset that a job (its id, as in job-7) writes into until it is done."""
    return HALF + job.removeprefix("job-")


EVERY = "*"
"""The records of every step."""


@dataclass(frozen=True, slots=True)
class Selection:
    """Which records: of a run or of a dataset (one of them), in a state, with columns that equal values.

    Of a run with several steps they are those of its last one, of the `step` that is named, or of `EVERY` one.
    `reviewed` gives them as people left them: with their corrections, and without those they declined; `version` as
    they left them when that version of the dataset was kept.
    """

    run: str | None = None
    dataset: str | None = None
    state: str = "accepted"
    where: tuple[tuple[str, str], ...] = ()
    step: str = ""
    reviewed: bool = False
    version: int = 0

    def takes(self, record: Record) -> bool:
        """Whether a record is of the step, and has the values."""
        fits = not record.origin.get(PASSED_ON) if self.step == "" else self.step in (EVERY, record.origin.get(STEP))
        return fits and all(str(record.values.get(column, "")) == value for column, value in self.where)


def parse_where(conditions: Sequence[str]) -> tuple[tuple[str, str], ...]:
    """`column=value` conditions.

    Raises:
        InputError: one has no `=`.
    """
    pairs = [condition.partition("=") for condition in conditions]
    for condition, (column, equals, _) in zip(conditions, pairs, strict=True):
        if not column or not equals:
            raise InputError(
                f"--where {condition!r} is not of the form column=value.", "For example: --where label=polite"
            )
    return tuple((column, value) for column, _, value in pairs)


class Store(Protocol):
    """Keeps everything. All methods block; event loops call them in a thread. `run` is a run's id."""

    def create_run(self, run: StoredRun) -> StoredRun:
        """Saves a new run; answers it with its id, number and times. Its id is its name and a number.

        A run without a dataset makes one of its own, which has its id.
        """
        ...

    def forget_run(self, run: str) -> None:
        """Removes a run in which nothing happened."""
        ...

    def keep(self, run: StoredRun, given: Iterable[Record], first: int = 0) -> int:
        """Writes records that no model was asked for, in order; answers how many. `first` is how many it has."""
        ...

    def drop(self, run: StoredRun) -> None:
        """Removes a run that was not finished, with its records."""
        ...

    def naming(self, name: str) -> AbstractContextManager[None]:
        """While the context lasts nobody else, in any process, looks for or makes a run of that name: others wait."""
        ...

    def run(self, run: str) -> StoredRun | None:
        """The run of that id, if it is no half."""
        ...

    def runs(self, name: str | None = None, dataset: str | None = None) -> list[StoredRun]:
        """All runs, of that name or into that dataset, newest first; no halves."""
        ...

    def columns(self, dataset: str) -> list[str] | None:
        """The columns of all runs into a dataset, those of the oldest first; None if there is no such dataset."""
        ...

    def halves(self, job: str) -> list[StoredRun]:
        """The runs that a job has begun to write and that are in no dataset yet."""
        ...

    def update_run(self, run: str, **changes: Any) -> None:
        """Changes fields of a run."""
        ...

    def claim(self, run: str) -> AbstractContextManager[int]:
        """Makes this process the run's only driver while the context lasts; the value is the claim's epoch.

        Raises:
            RunClaimed: another live process drives it.
        """
        ...

    def sizes(self) -> dict[str, int]:
        """The bytes that the store takes, by what they are."""
        ...

    def is_claimed(self, run: str) -> bool:
        """Whether a live process drives the run now."""
        ...

    def journal(self, run: StoredRun, epoch: int) -> Journal:
        """Where the run's happenings are taken down."""
        ...

    def batches(self, run: StoredRun) -> BatchBook:
        """The book of what the run has handed to providers as batches."""
        ...

    def tallies(self, run: str) -> list[Tally]:
        """How all slots of a run ended."""
        ...

    def spending(self, run: str) -> list[Spending]:
        """What a run's calls took."""
        ...

    def last_attempt(self, run: str) -> int:
        """The highest attempt number with anything stored; -1 if there is none."""
        ...

    def open_attempts(self, run: str) -> list[OpenAttempt]:
        """Attempts with answered calls or requests in batches and no ended slots, in order; without `BEFORE`, which is
        no attempt."""
        ...

    def answers(self, run: str, model: str, page: int = 1000) -> Iterator[tuple[str, Completion]]:
        """All that a model answered in a run, with the hashes of the questions, read page by page."""
        ...

    def records(self, selection: Selection, *, origin: bool = False, page: int = 1000) -> Iterator[Record]:
        """The selected records in the order of their admission, read page by page; `origin` fills theirs in."""
        ...

    def named(self, ids: Sequence[str]) -> list[Record]:
        """The records of these ids, in their order; those that are not there are left out."""
        ...

    def put_connection(self, connection: StoredConnection, after: int | None = None) -> StoredConnection:
        """Saves a connection, or the next version of one that has the version `after`, or any.

        Raises:
            Changed: it has another version.
        """
        ...

    def connections(self) -> list[StoredConnection]:
        """All connections by name."""
        ...

    def remove_connection(self, name: str, version: int | None = None) -> bool:
        """Forgets a connection that has the `version`, or any; whether there was one.

        Raises:
            Changed: it has another version.
        """
        ...

    def put_template(self, name: str, document: dict[str, Any], after: int | None = None) -> StoredTemplate:
        """Saves the next version of a template, the first is 1; only the one after `after`, if that is given.

        Raises:
            Changed: it has another version.
        """
        ...

    def templates(self, name: str | None = None) -> list[StoredTemplate]:
        """The versions of all templates or of one, by name, the newest of each first."""
        ...

    def remove_template(self, name: str, version: int | None = None) -> bool:
        """Forgets a template, whose latest version is the `version` or any, with all its versions; whether there was
        one.

        Raises:
            Changed: another version is its latest.
        """
        ...

    def put_verdict(self, verdict: StoredVerdict) -> None:
        """Saves what a person says of a record, in the place of what the same one said before."""
        ...

    def verdicts(self, dataset: str) -> list[StoredVerdict]:
        """All that was said of the records of a dataset, the oldest first."""
        ...

    def remove_verdict(self, dataset: str, record: str, judge: str) -> bool:
        """Takes back what a person said; whether there was anything."""
        ...

    @property
    def jobs(self) -> Jobs:
        """What a server does beside its answers."""
        ...

    @property
    def quality(self) -> Quality:
        """Reports and spot checks that are kept."""
        ...

    @property
    def serving(self) -> Serving:
        """What the service keeps."""
        ...

    @property
    def reviews(self) -> Reviews:
        """What people make of the records."""
        ...

    @property
    def watching(self) -> Watching:
        """What happens, for those who look on."""
        ...

    def close(self) -> None:
        """Gives back what is open."""
        ...
