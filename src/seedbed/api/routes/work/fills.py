"""Sentences with slots, filled."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, UploadFile
from pydantic import BaseModel, Field

from seedbed.app.serve.people import DEFAULT
from seedbed.app.serve.work import previews, uploads
from seedbed.app.serve.work.making import filling_of, templates_of
from seedbed.app.serve.work.models import check_model
from seedbed.app.serve.work.words import worded
from seedbed.app.serve.work.working import records_of
from seedbed.core.errors import InputError
from seedbed.core.serving.jobs import WantedJobs

from ...desk import DeskOf, Who
from ...problems import Refused
from .bodies import Body, JobItem, JobPage, Listed, Name, Seed, SpanItem
from .ground import begun, dataset_of, into_of, job_page, project_of_any, projects_of

router = APIRouter(tags=["fill"])

LARGEST = 5_000_000
"""Bytes of a file of templates at most."""


class Template(Body):
    """A sentence with slots, and how many records are to be made of it; `label` and `columns` are theirs."""

    text: Annotated[str, Field(min_length=1, max_length=10_000)]
    n: Annotated[int, Field(ge=1, le=1_000_000)] = 10
    name: Annotated[str, Field(max_length=200)] = ""
    label: Annotated[str, Field(max_length=200)] = ""
    columns: dict[str, str | int | float | bool | None] = {}


class Filling(Body):
    """Templates, and where the values for their slots come from; `values` win over the entities of `dataset`."""

    templates: Annotated[list[Template], Field(min_length=1, max_length=500)]
    values: dict[str, Annotated[list[str], Field(max_length=100_000)]] | None = None
    dataset: Name | None = None
    faker: Annotated[str | None, Field(max_length=20, description="Faker's locale for common slots: en_US.")] = None
    seed: Seed = 0


class NewFilling(Filling):
    """What is to be filled, and into which dataset."""

    into: Annotated[str, Field(min_length=1, max_length=64)]
    project: Name | None = None


class ShownFilling(Filling):
    """What is to be shown."""

    n: Annotated[int, Field(ge=1, le=20)] = 3


class Filled(BaseModel):
    """A filled sentence; `template` counts from 0."""

    template: int
    text: str
    spans: list[SpanItem]


class Problem(BaseModel):
    """What is wrong with a template."""

    template: int
    field: str
    message: str
    hint: str


class FillPreview(BaseModel):
    """Some filled sentences of each template, and what is wrong."""

    items: list[Filled]
    problems: list[Problem]


class Proposal(Body):
    """Which sentences a model is to write."""

    labels: Annotated[list[Name], Field(max_length=20)] = []
    dataset: Name | None = None
    model: Name
    n: Annotated[int, Field(ge=1, le=50)] = 5
    example: Annotated[str, Field(max_length=2000)] = ""


class Sentences(BaseModel):
    """Sentences with slots."""

    sentences: list[str]


class Imported(BaseModel):
    """Templates of a file."""

    templates: list[Template]


@router.post("/fills/preview")
def preview_fill(desk: DeskOf, who: Who, body: ShownFilling) -> FillPreview:
    """The first records of each template, and what is wrong with the others; nothing is kept."""
    source = None
    if body.dataset:
        dataset_of(desk, who, body.dataset)
        source = records_of(desk.workspace.store, body.dataset)
    items, problems = previews.filled(desk.workspace, body.model_dump(), source, body.n)
    return FillPreview(items=[Filled(**one) for one in items], problems=[Problem(**one) for one in problems])


@router.get("/fills")
def list_fills(desk: DeskOf, who: Who, listed: Listed) -> JobPage:
    """The jobs that fill templates, the newest first; `dataset` is the one they fill."""
    wanted = WantedJobs(listed.dataset, "fill", None, projects_of(who, listed.project))
    return job_page(desk, wanted, listed.cursor, listed.limit)


@router.post("/fills", status_code=202)
def begin_fill(desk: DeskOf, who: Who, body: NewFilling) -> JobItem:
    """Fills the templates in the background; the result says how many of each, and why there are less."""
    project = dataset_of(desk, who, body.dataset) if body.dataset else DEFAULT
    into, project = into_of(desk, who, body.into, body.project or project)
    asked = body.model_dump(exclude={"project"})
    with worded():
        templates = templates_of(asked["templates"])
        if not body.dataset:
            filling_of(desk.workspace, templates, asked, [])  # says at once which slot has no values
    return begun(desk, who, "fill", into, project, asked)


@router.post("/fills/propose")
def propose_templates(desk: DeskOf, who: Who, body: Proposal) -> Sentences:
    """Further sentences with these slots that a model writes; they are not kept."""
    from seedbed.app.data.asking import unsaid
    from seedbed.app.data.proposing import propose

    source = None
    project = dataset_of(desk, who, body.dataset, "editor") if body.dataset else project_of_any(who)
    if body.dataset:
        source = records_of(desk.workspace.store, body.dataset)
    check_model(desk.workspace, body.model, project, alone=desk.settings.local_owner)
    texts = previews.proposed_from(body.labels, source, body.example)
    templates = templates_of([{"text": text} for text in texts])
    found = propose(desk.workspace, templates, body.n, body.model, unsaid)
    return Sentences(sentences=[one.text for one in found.templates])


@router.post("/fills/import")
def import_templates(file: UploadFile) -> Imported:
    """The templates of a JSON, JSONL, CSV or text file: `template` or `text`, and `n` and `label` if it has them."""
    content = file.file.read(LARGEST + 1)
    if len(content) > LARGEST:
        raise Refused(413, "The file of templates is too large.", f"At most {LARGEST:,} bytes.")
    found: list[dict[str, Any]] = uploads.templates_in(file.filename or "", content)
    try:
        return Imported(templates=[Template(**one) for one in found])
    except ValueError as error:
        raise InputError(
            "A template in the file is too long, or its `n` is no number of records.",
            "A text has at most 10,000 characters, a name or label 200; `n` is a whole number from 1 to 1,000,000.",
        ) from error
