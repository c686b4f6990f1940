"""Reports: what a dataset is like, and which labels are likely to be wrong."""

from __future__ import annotations

import base64
import hashlib
import re
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Response
from pydantic import BaseModel, Field

from seedbed.app.serve.work.behind import records_behind
from seedbed.app.serve.work.models import check_model
from seedbed.core.errors import InputError, NotFound, nearest
from seedbed.core.serving.jobs import StoredReport
from seedbed.reports.page import SECTIONS

from ...desk import Desk, DeskOf, Who
from ...paging import Cursor, Limit, place
from .bodies import Body, JobItem, Listed, Name, Seed
from .ground import begun, dataset_of, projects_of

router = APIRouter(tags=["quality"])

Near = Annotated[float, Field(gt=0.5, le=1)]
Most = Annotated[int, Field(ge=1, le=1_000_000)]
SHUT = "sandbox; base-uri 'none'; form-action 'none'; frame-ancestors 'self'"
_STYLE = re.compile(r"<style>(.*?)</style>", re.S)


class NewReport(Body):
    """What is to be reported on; `real`, `real_train` and `reference` are datasets it is held against."""

    dataset: Name
    compare: Annotated[Name | None, Field(description="A column by whose values records are compared: `model`.")] = None
    real: Name | None = None
    real_train: Name | None = None
    reference: Name | None = None
    relabel_with: Name | None = None
    relabel_limit: Most | None = None
    only: Annotated[list[Name], Field(max_length=20)] = []
    columns: Annotated[list[Name], Field(max_length=20)] = []
    label: Name | None = None
    near: Near = 0.9
    seed: Seed = 7
    project: Name | None = None


class NewSearch(Body):
    """Whose labels are to be examined; with `flag` what is found is flagged in the review."""

    dataset: Name
    flag: bool = False
    label: Name | None = None
    share: Annotated[float, Field(gt=0, le=1)] | None = None
    relabel_with: Name | None = None
    relabel_limit: Most | None = None
    seed: Seed = 7


class NewDuplicates(Body):
    """Where to look for records that say nearly the same; `columns` are those with the texts."""

    dataset: Name
    near: Near = 0.9
    columns: Annotated[list[Name], Field(max_length=20)] = []


class Doing(BaseModel):
    """What can be done about a finding, and where: of `records` a filter of `GET /records`, of `figure` the `key` of
    `GET /reports/{report}/records`, of `dedup` what to send to `POST /datasets/{name}/dedup` (and the `dataset`, if it
    is not the one that is reported on). `suspects` is `POST /label-suspects`, `spot_check` `POST /spot-checks`,
    `report` `POST /reports`, `run` that the dataset's run goes on or is refilled, `recipe` that its recipe is changed;
    `section` says that the figures of the section list them."""

    do: str
    where: dict[str, str]


class Said(BaseModel):
    """What figures mean, in a sentence; `todo` is what to do about it, `actions` how to do it over this API."""

    section: str
    words: str
    level: str
    todo: str
    actions: list[Doing]


class ReportRow(BaseModel):
    """A report in a list."""

    id: str
    dataset: str
    project: str
    created: str
    findings: list[Said]


class ReportItem(ReportRow):
    """A report; `figures` have the keys of `seedbed report --json`."""

    figures: dict[str, Any]


class ReportPage(BaseModel):
    """Some reports, the newest first."""

    items: list[ReportRow]
    next: str | None


class Behind(BaseModel):
    """Ids of records behind a figure; `where` is the filter of `GET /records` that finds all of them, if there is."""

    items: list[str]
    next: str | None
    where: dict[str, str] | None


@dataclass(frozen=True, slots=True)
class Bar:
    """A figure of a report, and which part of its records."""

    section: Annotated[str, Query(max_length=80, description="All sections if not given.")] = ""
    key: Annotated[str, Query(max_length=400, description="`clusters.0`, or `column=value` of a bar.")] = ""
    cursor: Cursor = ""
    limit: Limit = 50


@router.post("/reports", status_code=202)
def begin_report(desk: DeskOf, who: Who, body: NewReport) -> JobItem:
    """Makes a report in the background; the result says which."""
    project = dataset_of(desk, who, body.dataset, "editor")
    for other in filter(None, (body.real, body.real_train, body.reference)):
        dataset_of(desk, who, other)
    for section in body.only:
        if section not in SECTIONS:
            raise InputError(f"only: there is no section `{section[:80]}`.", nearest(section, SECTIONS))
    _check_relabel(desk, body, project)
    asked = body.model_dump(exclude={"dataset", "project"})
    return begun(desk, who, "report", body.dataset, project, asked)


@router.get("/reports")
def list_reports(desk: DeskOf, who: Who, listed: Listed) -> ReportPage:
    """Reports, the newest first."""
    start, limit = place(listed.cursor), listed.limit
    projects = projects_of(who, listed.project)
    found = desk.workspace.store.quality.reports(listed.dataset, projects, start, limit + 1)
    more = str(start + limit) if len(found) > limit else None
    return ReportPage(items=[ReportRow(**_row(one)) for one in found[:limit]], next=more)


@router.get("/reports/{report}")
def show_report(desk: DeskOf, who: Who, report: str) -> ReportItem:
    """A report with all its figures."""
    found = _report(desk, who, report)
    return ReportItem(**_row(found), figures=found.figures)


@router.get("/reports/{report}/records")
def list_records_behind(desk: DeskOf, who: Who, report: str, bar: Annotated[Bar, Depends()]) -> Behind:
    """The records behind a figure."""
    start, limit, found = place(bar.cursor), bar.limit, _report(desk, who, report)
    names, where = records_behind(desk.workspace.store, found, (bar.section, bar.key), start, limit + 1)
    return Behind(items=names[:limit], next=str(start + limit) if len(names) > limit else None, where=where)


@router.get("/reports/{report}/page", response_class=Response, responses={200: {"content": {"text/html": {}}}})
def show_page(desk: DeskOf, who: Who, report: str) -> Response:
    """A report as a page, that of `seedbed report --html`; it may load nothing, run nothing and send nothing."""
    found = _report(desk, who, report)
    headers = {"Content-Security-Policy": policy_of(found.page), "X-Frame-Options": "SAMEORIGIN"}
    return Response(found.page, media_type="text/html; charset=utf-8", headers=headers)


@router.post("/label-suspects", status_code=202)
def begin_search(desk: DeskOf, who: Who, body: NewSearch) -> JobItem:
    """Looks in the background for labels that are likely to be wrong."""
    project = dataset_of(desk, who, body.dataset, "editor")
    _check_relabel(desk, body, project)
    return begun(desk, who, "suspects", body.dataset, project, body.model_dump(exclude={"dataset"}))


@router.post("/duplicates", status_code=202)
def begin_duplicates(desk: DeskOf, who: Who, body: NewDuplicates) -> JobItem:
    """Looks in the background for records that say nearly what another one says; they are found by `duplicates`. Where
    the same was asked for and is not done yet, the answer is that job."""
    project = dataset_of(desk, who, body.dataset, "reviewer")
    kind, asked = "duplicates", body.model_dump(exclude={"dataset"})
    for job in desk.workspace.store.jobs.open():
        if (job.kind, job.dataset, job.asked) == (kind, body.dataset, asked):
            return JobItem.of(job)
    return begun(desk, who, kind, body.dataset, project, asked)


def policy_of(page: str) -> str:
    """The content security policy of a page: only the style sheet that stands in it, and the widths of its bars."""
    styles = " ".join(f"'sha256-{_hash(style)}'" for style in _STYLE.findall(page)) or "'none'"
    return f"default-src 'none'; style-src-elem {styles}; style-src-attr 'unsafe-inline'; {SHUT}"


def _hash(text: str) -> str:
    return base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


def _check_relabel(desk: Desk, body: NewReport | NewSearch, project: str) -> None:
    if body.relabel_with is not None:
        check_model(desk.workspace, body.relabel_with, project, alone=desk.settings.local_owner)
    elif body.relabel_limit is not None:
        raise InputError("Who is to label the records again?", "Name a model: relabel_with: CONNECTION:MODEL")


def _report(desk: Desk, who: Who, name: str) -> StoredReport:
    found = desk.workspace.store.quality.report(name)
    if found is None or not who.sees(found.project):
        raise NotFound(f"There is no report `{name[:80]}`.", "See them all: GET /reports")
    return found


def _row(report: StoredReport) -> dict[str, Any]:
    said = [
        Said(
            section=one["section"],
            words=one["text"],
            level=one["level"],
            todo=one.get("todo", ""),
            actions=[Doing(**action) for action in one.get("actions", ())],
        )
        for one in report.findings
    ]
    own = {name: getattr(report, name) for name in ("id", "dataset", "project", "created")}
    return {**own, "findings": said}
