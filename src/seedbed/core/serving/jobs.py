"""Work that a server does beside its answers, and what it leaves: jobs, reports, spot checks; and how they are kept."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from contextlib import AbstractContextManager

JobState = Literal["waiting", "running", "done", "failed", "cancelled"]

ENDED: frozenset[str] = frozenset({"done", "failed", "cancelled"})
"""States that a job stays in."""


@dataclass(slots=True)
class Job:
    """One piece of work that burns the processor, in a process of its own.

    `asked` is what is wanted, as its kind reads it; `done` of `total` (None: not known) is how far it is, `words` what
    it does just now. `result` is there when it is done, `message` and `hint` when it failed. `by` asked for it.
    """

    id: str
    kind: str
    dataset: str
    project: str
    asked: dict[str, Any]
    by: str = ""
    state: JobState = "waiting"
    done: int = 0
    total: int | None = None
    words: str = ""
    result: dict[str, Any] | None = None
    message: str = ""
    hint: str = ""
    created: str = ""
    updated: str = ""
    number: int = 0

    @property
    def ended(self) -> bool:
        """Whether nothing more happens to it."""
        return self.state in ENDED


@dataclass(frozen=True, slots=True)
class WantedJobs:
    """Which jobs: None does not care; of `projects` those, None for all; those before a `number`, 0 for all."""

    dataset: str | None = None
    kind: str | None = None
    state: str | None = None
    projects: Sequence[str] | None = None
    before: int = 0


class Jobs(Protocol):
    """Keeps jobs. All methods block."""

    def add(self, job: Job) -> Job:
        """Saves a new job, which waits; answers it with its id and times."""
        ...

    def job(self, job: str) -> Job | None:
        """The job of that id."""
        ...

    def jobs(self, wanted: WantedJobs, limit: int) -> list[Job]:
        """Jobs, the newest first."""
        ...

    def open(self) -> list[Job]:
        """Those that wait or run, in the order in which they were asked for."""
        ...

    def states(self) -> dict[str, int]:
        """How many there are of each state."""
        ...

    def begin(self, job: str) -> bool:
        """A waiting job runs now; whether it did wait."""
        ...

    def again(self, job: str) -> None:
        """A running job waits again."""
        ...

    def progress(self, job: str, done: int, total: int | None, words: str) -> None:
        """How far a running job is."""
        ...

    def finish(self, job: str, result: dict[str, Any], made: Mapping[str, str]) -> bool:
        """A running job is done, and the runs it `made` (id → dataset) are complete in their datasets: all of that or
        nothing; whether it was running.
        """
        ...

    def fail(self, job: str, message: str, hint: str) -> bool:
        """A running job has failed; whether it was running."""
        ...

    def cancel(self, job: str) -> bool:
        """A job that has not ended is cancelled; whether it had not."""
        ...

    def forget(self, before: str) -> None:
        """Forgets the jobs that ended before a time, with their results, but for the latest of all: numbers are not
        given anew. What they made stays."""
        ...

    def claim(self, name: str) -> AbstractContextManager[None]:
        """Nobody else works on it while the context lasts, however this process ends.

        Raises:
            RunClaimed: a live process does.
        """
        ...

    def wait(self, name: str) -> AbstractContextManager[None]:
        """As `claim`, but waits until nobody does."""
        ...


@dataclass(frozen=True, slots=True)
class StoredReport:
    """A report as it was made: `figures` and `findings` are plain data, `page` is HTML."""

    id: str
    dataset: str
    project: str
    figures: dict[str, Any]
    findings: list[dict[str, Any]]
    page: str
    created: str = ""


@dataclass(frozen=True, slots=True)
class StoredSpotCheck:
    """A sample that was drawn: `sample` are records' ids in the order of the draw, `strata` their strata, `counts` how
    many records each stratum has.
    """

    id: str
    dataset: str
    project: str
    sample: list[str]
    strata: list[str]
    counts: dict[str, int]
    seed: int
    by: str | None = None
    created: str = ""
    who: str = field(default="")


class Quality(Protocol):
    """Keeps reports and spot checks. All methods block."""

    def put_report(self, report: StoredReport) -> StoredReport:
        """Saves a report in the place of one with its id, if there is one; answers it with its time."""
        ...

    def report(self, report: str) -> StoredReport | None:
        """The report of that id."""
        ...

    def reports(
        self, dataset: str | None, projects: Sequence[str] | None, start: int, limit: int
    ) -> list[StoredReport]:
        """Reports on a dataset or all, the newest first, without figures and pages."""
        ...

    def add_spot_check(self, check: StoredSpotCheck) -> StoredSpotCheck:
        """Saves a new sample; answers it with its id and time."""
        ...

    def spot_check(self, check: str) -> StoredSpotCheck | None:
        """The sample of that id."""
        ...

    def spot_checks(
        self, dataset: str | None, projects: Sequence[str] | None, start: int, limit: int
    ) -> list[StoredSpotCheck]:
        """Samples of a dataset or of all, the newest first."""
        ...
