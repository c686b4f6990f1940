"""Jobs in the database; who works on one has claimed it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import orjson
from sqlalchemy import delete, func, insert, select, update

from seedbed.core.serving.jobs import Job

from .job_tables import jobs
from .reading import READS
from .tables import runs

if TYPE_CHECKING:
    from collections.abc import Mapping
    from contextlib import AbstractContextManager

    from sqlalchemy import ColumnElement, Connection, Engine

    from seedbed.core.serving.jobs import WantedJobs

    from .claims import Claims

PREFIX = "job-"
WORK = "-work"
"""Behind the name of a job: the claim of the process that works on it, beside that of who has started it."""

OPEN = ("waiting", "running")


class SqlJobs:
    """The `Jobs` port over a database.

    Args:
        engine: where they are kept.
        claims: of who works on them.
    """

    def __init__(self, engine: Engine, claims: Claims) -> None:
        self._engine = engine
        self._claims = claims

    def add(self, job: Job) -> Job:
        """See `Jobs.add`."""
        job.state, job.created = "waiting", now()
        job.updated = job.created
        fields = {column.name: getattr(job, column.name) for column in jobs.columns if column.name != "number"}
        fields["asked"], fields["result"] = orjson.dumps(job.asked).decode(), None
        with self._engine.begin() as connection:
            job.number = int(connection.execute(insert(jobs).values(**fields)).inserted_primary_key[0])  # type: ignore[index]
        job.id = f"{PREFIX}{job.number}"
        return job

    def job(self, job: str) -> Job | None:
        """See `Jobs.job`."""
        number = number_of(job, PREFIX)
        found = self._read(jobs.c.number == number, limit=1) if number else []
        return found[0] if found else None

    def jobs(self, wanted: WantedJobs, limit: int) -> list[Job]:
        """See `Jobs.jobs`."""
        where = [
            jobs.c[name] == value
            for name in ("dataset", "kind", "state")
            if (value := getattr(wanted, name)) is not None
        ]
        if wanted.projects is not None:
            where.append(jobs.c.project.in_(wanted.projects))
        if wanted.before:
            where.append(jobs.c.number < wanted.before)
        return self._read(*where, limit=limit)

    def open(self) -> list[Job]:
        """See `Jobs.open`."""
        return self._read(jobs.c.state.in_(OPEN))[::-1]

    def states(self) -> dict[str, int]:
        """See `Jobs.states`."""
        query = select(jobs.c.state, func.count()).group_by(jobs.c.state)
        with self._engine.connect() as connection:
            return {row[0]: row[1] for row in connection.execution_options(**{READS: True}).execute(query)}

    def begin(self, job: str) -> bool:
        """See `Jobs.begin`."""
        return self._change(job, ("waiting",), state="running", done=0, total=None, words="")

    def again(self, job: str) -> None:
        """See `Jobs.again`."""
        self._change(job, ("running",), state="waiting", done=0, total=None, words="")

    def progress(self, job: str, done: int, total: int | None, words: str) -> None:
        """See `Jobs.progress`."""
        self._change(job, ("running",), done=done, total=total, words=words)

    def finish(self, job: str, result: dict[str, Any], made: Mapping[str, str]) -> bool:
        """See `Jobs.finish`."""
        changed = update(jobs).where(jobs.c.number == number_of(job, PREFIX), jobs.c.state == "running")
        whole = func.coalesce(jobs.c.total, jobs.c.done)
        fields = {"state": "done", "done": whole, "result": encoded(result), "words": "", "updated": now()}
        with self._engine.begin() as connection:
            self._assure(connection, job)
            if connection.execute(changed.values(**fields)).rowcount != 1:
                return False
            for run, dataset in made.items():
                mine = update(runs).where(runs.c.id == run)
                connection.execute(mine.values(dataset=dataset, state="complete", updated=now("seconds")))
        return True

    def fail(self, job: str, message: str, hint: str) -> bool:
        """See `Jobs.fail`."""
        return self._change(job, ("running",), state="failed", message=message, hint=hint)

    def cancel(self, job: str) -> bool:
        """See `Jobs.cancel`."""
        return self._change(job, OPEN, state="cancelled")

    def forget(self, before: str) -> None:
        """See `Jobs.forget`."""
        latest = select(func.max(jobs.c.number)).scalar_subquery()
        old = delete(jobs).where(jobs.c.state.not_in(OPEN), jobs.c.updated < before, jobs.c.number < latest)
        with self._engine.begin() as connection:
            connection.execute(old)

    def claim(self, name: str) -> AbstractContextManager[None]:
        """See `Jobs.claim`."""
        return self._claims.hold(name)

    def wait(self, name: str) -> AbstractContextManager[None]:
        """See `Jobs.wait`."""
        return self._claims.wait(name)

    def _change(self, job: str, states: tuple[str, ...], **fields: Any) -> bool:
        changed = update(jobs).where(jobs.c.number == number_of(job, PREFIX), jobs.c.state.in_(states))
        with self._engine.begin() as connection:
            self._assure(connection, job)
            return connection.execute(changed.values(**fields, updated=now())).rowcount == 1

    def _assure(self, connection: Connection, job: str) -> None:
        """Whoever has claimed a job, or the work on it, and lost that, writes nothing of it any more."""
        for name in (job, f"{job}{WORK}"):
            self._claims.assure(connection, name)

    def _read(self, *where: ColumnElement[bool], limit: int | None = None) -> list[Job]:
        query = select(jobs).where(*where).order_by(jobs.c.number.desc()).limit(limit)
        with self._engine.connect() as connection:
            rows = connection.execution_options(**{READS: True}).execute(query).mappings().all()
        return [_job(dict(row)) for row in rows]


def encoded(value: Any) -> str:
    """Plain data as JSON; numbers of numpy are numbers."""
    return orjson.dumps(value, option=orjson.OPT_SERIALIZE_NUMPY | orjson.OPT_NON_STR_KEYS).decode()


def number_of(name: str, prefix: str) -> int:
    """The number in an id such as `job-12`; 0 if it is none."""
    digits = name.removeprefix(prefix)
    fits = name.startswith(prefix) and digits.isascii() and digits.isdigit() and len(digits) < 16
    return int(digits) if fits else 0


def now(exactly: str = "milliseconds") -> str:
    """The time as it is kept; that of runs to the second."""
    return datetime.now(UTC).isoformat(timespec=exactly)


def _job(row: dict[str, Any]) -> Job:
    row["asked"] = orjson.loads(row["asked"])
    row["result"] = orjson.loads(row["result"]) if row["result"] else None
    return Job(id=f"{PREFIX}{row['number']}", **row)
