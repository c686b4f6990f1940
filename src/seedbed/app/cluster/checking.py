"""Checks applied to Parquet files by a cluster: each record by itself, wherever it is."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from itertools import compress, islice
from typing import TYPE_CHECKING, Any, NamedTuple

from seedbed.checks.duplicates import Duplicate
from seedbed.core.attempt import Attempt, Context
from seedbed.core.errors import NoRecords, RunFailed
from seedbed.core.fields import FieldError
from seedbed.core.record import Record
from seedbed.engine.worker import examined
from seedbed.executors.blocks import at_desk
from seedbed.formats.parquet_parts import Kinds, Parts, read_part, write_part

from ..build import lines_of
from ..data.checked import FOLDER, Exam, Mark, Refusal
from ..data.checking import Counts, marked, reason_columns, refused
from ..data.folders import anywhere, files_of
from ..loop import run_blocking
from ..output import Output
from ..recipes import load_plugins
from .deduplicating import kinds_of
from .folder import Folder
from .passing import Following, Item, once, token

if TYPE_CHECKING:
    from seedbed.core.attempt import Candidate
    from seedbed.core.chat import Completion, Request
    from seedbed.engine.addition import Line
    from seedbed.executors.blocks import Passes
    from seedbed.executors.ray import Cluster
    from seedbed.formats.parquet import Kind

    from ..stages import Watch

TOGETHER = 256
"""Records checked at once: some checks are quicker when asked about many."""


@dataclass(frozen=True, slots=True)
class Task:
    """Which files are checked by what, and where what stays and what goes is written."""

    given: str
    fields: Mapping[str, Any]
    columns: Sequence[str]
    plugins: Sequence[str]
    folder: Folder
    output: Output
    rejected: Folder | None

    def exam(self) -> Exam:
        """The checks."""
        return Exam(self.fields, columns=self.columns)


class Ask(NamedTuple):
    """What every worker knows: the checks, the columns of all, and what is written in which columns."""

    task: Task
    columns: tuple[str, ...]
    kept: dict[str, Kind]
    gone: dict[str, Kind]
    token: str


class Files(NamedTuple):
    """Where what stays and what goes of a part is written, where there is such; `always` if there is none of it."""

    kept: str
    gone: str | None
    always: bool


@dataclass(slots=True)
class Found:
    """What came of a part."""

    counts: Counts
    passed: bytearray = field(default_factory=bytearray)
    refusals: dict[int, Refusal] = field(default_factory=dict)
    marks: dict[int, Mark] = field(default_factory=dict)

    def add(self, candidate: Candidate) -> None:
        """One more record."""
        place, record, verdict = len(self.passed), candidate.record, candidate.verdict
        self.passed.append(verdict.passed)
        if candidate.failed:
            return
        tags = record.tags if record else ()
        mark = Mark(tags, dict(candidate.scores)) if tags or candidate.scores else None
        why = None if verdict.passed else Refusal(verdict.reason, verdict.detail or verdict.reason)
        if mark:
            self.marks[place] = mark
        if why:
            self.refusals[place] = why
        self.counts.add(why, mark)


class Told(NamedTuple):
    """What is told of a part: its counts, how many stayed, were flagged, and got no verdict."""

    counts: Counts
    kept: int
    flagged: int
    unchecked: int


def task_of(given: str, exam: Exam, plugins: Sequence[str], output: Output, rejected: Output | None) -> Task:
    """What the names and outputs of a command say, as the desk is told it."""
    rest = Folder.of(rejected) if rejected else None
    return Task(
        anywhere(given), dict(exam.fields), tuple(exam.columns), tuple(plugins), Folder.of(output), output, rest
    )


def check_by_blocks(cluster: Cluster, task: Task, watch: Watch) -> dict[str, Any]:
    """Writes what stays, and what goes if that is wished, to folders of Parquet files; answers the figures.

    Raises:
        InputError: a check is wrong or cannot be made so, the input not be read, or an output not be written.
    """
    return at_desk(cluster, _carry_out, task, watch)


def _carry_out(passes: Passes, task: Task) -> dict[str, Any]:
    """At the desk."""
    began = time.monotonic()
    for folder in (task.folder, task.rejected):
        if folder:
            folder.check()
    load_plugins(task.plugins)
    found, follow = Parts.of(map(str, files_of(task.given))), Following(passes)
    kinds = kinds_of(follow, found, "Reading")
    if not kinds:
        raise NoRecords("There are no records to check.")
    ask = _asked(task, kinds)
    with ExitStack() as stack:
        kept = stack.enter_context(task.folder.filling())
        gone = stack.enter_context(task.rejected.filling()) if task.rejected else None
        items = [
            Item(part, Files(kept.file(number), gone.file(number) if gone else None, number == 0))
            for number, part in enumerate(found.parts)
        ]
        told = list(follow.over("Checking", check_part, items, ask))
    return {**_figures(task, told, found.records), "seconds": round(time.monotonic() - began, 1)}


def _asked(task: Task, kinds: Kinds) -> Ask:
    columns = tuple(task.exam().checked_columns([*kinds]))
    _check_alone(task.exam().recipe(FOLDER, FOLDER, columns).checks)
    _, names = task.output.shown((), [*kinds])
    kept, gone = Kinds(names), Kinds([*kinds, *reason_columns([*kinds])])
    kept.take_in({**kinds, **{name: kind for name, kind in _NOTES.items() if name in names and name not in kinds}})
    gone.take_in({**kinds, **dict.fromkeys(reason_columns([*kinds]), "text")})
    return Ask(task, columns, dict(kept), dict(gone), token())


_NOTES: dict[str, Kind] = {
    "tags": "strings",
    "record_tags": "strings",
    "origin": "json",
    "record_origin": "json",
}
"""What checks write of a record that stays."""


def _check_alone(checks: Sequence[Any]) -> None:
    """Whether each check can be made of a record by itself, without a model.

    Raises:
        FieldError: one cannot.
    """
    for number, check in enumerate(checks):
        if isinstance(check, Duplicate):
            problem = f"`{check.kind}` compares records with each other, and --executor ray checks each by itself"
            raise FieldError(("checks", number), problem, "Leave it out, and use: seedbed dedup --executor ray")
        if check.asks:
            problem = f"`{check.kind}` asks a model, which --executor ray does not do for existing data"
            raise FieldError(("checks", number), problem, "Leave it out, and check what stays without --executor.")


def _figures(task: Task, told: Sequence[Told], records: int) -> dict[str, Any]:
    counts = Counts(told[0].counts.kinds)
    for one in told:
        counts.take_in(one.counts)
    unchecked = sum(one.unchecked for one in told)
    return {
        "state": "shortfall" if unchecked else "complete",
        "records": records,
        "kept": sum(one.kept for one in told),
        "rejected": counts.rejected.total(),
        "flagged": sum(one.flagged for one in told),
        "unchecked": unchecked,
        "checks": counts.figures(),
        "run": None,
        "calls": 0,
        "tokens": {"input": 0, "output": 0},
        "cost": 0.0,
    }


def check_part(item: Item, ask: Ask) -> Iterator[Told]:
    """A worker's: checks a part and writes what stays of it, and what goes."""
    line, counts = once(ask.token, lambda: _line(ask))
    found, files = Found(Counts(counts.kinds)), item.said
    run_blocking(_examine(item, line, found))
    kept = sum(found.passed)
    if kept or files.always:
        stays = compress(enumerate(read_part(item.part)), found.passed)
        records = (marked(record, found.marks.get(place)) for place, record in stays)
        write_part(ask.task.output.shown(records, [*ask.columns])[0], files.kept, ask.kept)
    if files.gone and (kept < len(found.passed) or files.always):
        names = reason_columns([name for name in ask.gone if name in ask.columns])
        rest = ((place, record) for place, record in enumerate(read_part(item.part)) if not found.passed[place])
        write_part((refused(record, found.refusals.get(place), names) for place, record in rest), files.gone, ask.gone)
    flagged = sum(bool(mark.tags) for place, mark in found.marks.items() if found.passed[place])
    yield Told(found.counts, kept, flagged, len(found.passed) - kept - len(found.refusals))


def _line(ask: Ask) -> tuple[Line, Counts]:
    """How a record is checked, and what counts it."""
    load_plugins(ask.task.plugins)
    recipe = ask.task.exam().recipe(FOLDER, FOLDER, ask.columns)
    return lines_of(recipe)[""], Counts.of(recipe.checks)


async def _examine(item: Item, line: Line, found: Found) -> None:
    records, place = iter(read_part(item.part)), item.part.first
    while chunk := list(islice(records, TOGETHER)):
        asked = [_examined(record, line, at) for at, record in enumerate(chunk, place)]
        for candidate in await asyncio.gather(*asked):
            found.add(candidate)
        place += len(chunk)


async def _examined(record: Record, line: Line, place: int) -> Candidate:
    whole = replace(record, id=record.id or f"{FOLDER}#{place + 1}")
    attempt = Attempt(FOLDER, place, place, place, "", 0, {}, "", inputs=(whole,))
    return await examined(Record(dict(record.values), record.spans), line, Context(attempt, _nobody))


async def _nobody(_: Request) -> Completion:
    raise RunFailed("A check that says it asks no model has asked one.", "Set its `asks`.")
