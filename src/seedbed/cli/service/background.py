"""`seedbed jobs` and `seedbed reports`: what a server works on beside its runs, and the reports it keeps."""

from __future__ import annotations

from dataclasses import asdict
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ..console import no_traceback, result, result_json, say
from ..options import AtServer, Json, WorkspacePath, path_given
from .far import server_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from seedbed.app.workspace import Workspace
    from seedbed.core.serving.jobs import Job, StoredReport

jobs = typer.Typer(no_args_is_help=True, help="Jobs: copies, reports, splits … that are made in the background.")
reports = typer.Typer(no_args_is_help=True, help="Reports that the studio has made and keeps.")

JOB = ("id", "kind", "dataset", "project", "state", "done", "total", "words", "result", "message", "hint")
TIMES = ("created", "updated")

JobId = Annotated[str, typer.Argument(help="The job, see jobs list.", show_default=False)]
ReportId = Annotated[str, typer.Argument(help="The report, see reports list.", show_default=False)]
OfDataset = Annotated[str | None, typer.Option("--dataset", help="Only those of this dataset.")]
Limit = Annotated[int, typer.Option(help="So many at most, the newest first.", min=1)]


@jobs.command("list")
@no_traceback
def list_jobs(
    dataset: OfDataset = None,
    state: Annotated[
        str | None, typer.Option(help="Those that are waiting, running, done, failed or cancelled.")
    ] = None,
    limit: Limit = 50,
    json: Json = False,
    workspace: WorkspacePath = None,
    server: AtServer = None,
) -> None:
    """List jobs, the newest first."""
    from typing import get_args

    from seedbed.app.workspace import Workspace
    from seedbed.core.errors import InputError, nearest
    from seedbed.core.serving.jobs import JobState, WantedJobs

    if state and state not in get_args(JobState):
        raise InputError(f"`{state}` is no state of a job.", nearest(state, get_args(JobState)))
    if far := server_of(server, workspace):
        asked = {name: value for name, value in (("dataset", dataset), ("state", state)) if value}
        rows = list(islice(far.wire.every("/jobs", **asked), limit))
    else:
        with Workspace(workspace) as place:
            found = place.store.jobs.jobs(WantedJobs(dataset, None, state), limit) if place.exists else []
            rows = list(map(_job, found))
    if json:
        result_json({"jobs": [_shown(row) for row in rows]})
    elif not rows:
        say("There are no such jobs. Augmentation, reports, splits … of the studio are jobs.")
    for row in rows if not json else ():
        result(_line(row))


@jobs.command("show")
@no_traceback
def show_job(job: JobId, json: Json = False, workspace: WorkspacePath = None, server: AtServer = None) -> None:
    """Show how far a job is, and what came of it."""
    from seedbed.app.remote.wire import part
    from seedbed.app.workspace import Workspace

    if far := server_of(server, workspace):
        row = far.wire.get(f"/jobs/{part(job)}")
    else:
        with Workspace(workspace) as place:
            row = _job(_found(place, job))
    if json:
        result_json(_shown(row))
        return
    result(_line(row))
    for words in (row["message"], row["hint"]):
        if words:
            result(words)
    for name, value in (row["result"] or {}).items():
        if isinstance(value, str | int | float):
            result(f"{name}: {value}")


@jobs.command("cancel")
@no_traceback
def cancel_job(job: JobId, workspace: WorkspacePath = None, server: AtServer = None) -> None:
    """End a job, whoever works on it; what it has made goes."""
    from seedbed.app.remote.wire import part
    from seedbed.app.workspace import Workspace

    if far := server_of(server, workspace):
        before = far.wire.get(f"/jobs/{part(job)}")["state"]
        now = far.wire.send("POST", f"/jobs/{part(job)}/cancel")["state"]
    else:
        with Workspace(workspace) as place:
            before = _found(place, job).state
            place.store.jobs.cancel(job)
            now = _found(place, job).state
    say(f"{job} had ended before: it is {now}." if before == now else f"{job} is {now}.")


@reports.command("list")
@no_traceback
def list_reports(
    dataset: OfDataset = None,
    limit: Limit = 50,
    json: Json = False,
    workspace: WorkspacePath = None,
    server: AtServer = None,
) -> None:
    """List the reports that are kept, the newest first."""
    from seedbed.app.workspace import Workspace

    if far := server_of(server, workspace):
        rows = list(islice(far.wire.every("/reports", **({"dataset": dataset} if dataset else {})), limit))
    else:
        with Workspace(workspace) as place:
            found = place.store.quality.reports(dataset, None, 0, limit) if place.exists else []
            rows = list(map(_report, found))
    if json:
        result_json({"reports": [{name: row[name] for name in (*REPORT, "findings")} for row in rows]})
    elif not rows:
        say("There are none. The studio keeps those it makes; here: seedbed report DATASET --html report.html")
    for row in rows if not json else ():
        levels = [one["level"] for one in row["findings"]]
        mend, look = levels.count("bad"), levels.count("note")
        result(f"{row['id']:<12} {row['created'][:19]}  {row['dataset']:<28} {mend} to mend, {look} to look at")


@reports.command("show")
@no_traceback
def show_report(
    report: ReportId,
    html: Annotated[
        Path | None, typer.Option(parser=path_given, metavar="PATH", help="Write its page to this file.")
    ] = None,
    json: Json = False,
    workspace: WorkspacePath = None,
    server: AtServer = None,
) -> None:
    """Show what a report has found."""
    from seedbed.app.remote.wire import part
    from seedbed.app.workspace import Workspace
    from seedbed.core.errors import NotFound

    from .work import tell_report

    if far := server_of(server, workspace):
        row = far.wire.get(f"/reports/{part(report)}")
        if html:
            far.wire.download(f"/reports/{part(report)}/page", html)
    else:
        with Workspace(workspace) as place:
            found = place.store.quality.report(report) if place.exists else None
        if found is None:
            raise NotFound(f"There is no report `{report[:80]}`.", "See them all: seedbed reports list")
        row = {**_report(found), "figures": found.figures}
        if html:
            html.write_text(found.page, "utf-8")
    tell_report(row, html, json=json)


REPORT = ("id", "dataset", "project", "created")


def _job(job: Job) -> dict[str, Any]:
    return asdict(job)


def _shown(row: Mapping[str, Any]) -> dict[str, Any]:
    return {name: row[name] for name in (*JOB, *TIMES)}


def _line(row: Mapping[str, Any]) -> str:
    far = f"{row['done']:,}" + (f" of {row['total']:,}" if row["total"] else "")
    now = f"{row['words']} {far}".strip() if row["state"] == "running" else ""
    own = f"{row['id']:<12} {row['state']:<10} {row['kind']:<11} {row['dataset']:<28}"
    return f"{own} {row['updated'][:19]}  {now}".rstrip()


def _found(place: Workspace, job: str) -> Job:
    from seedbed.core.errors import NotFound

    found = place.store.jobs.job(job) if place.exists else None
    if found is None:
        raise NotFound(f"There is no job `{job[:80]}`.", "See them all: seedbed jobs list")
    return found


def _report(report: StoredReport) -> dict[str, Any]:
    findings = [
        {
            "section": one["section"],
            "words": one["text"],
            "level": one["level"],
            "todo": one.get("todo", ""),
            "actions": list(one.get("actions", ())),
        }
        for one in report.findings
    ]
    return {**{name: getattr(report, name) for name in REPORT}, "findings": findings}
