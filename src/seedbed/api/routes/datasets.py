"""Datasets: what there is, what was decided, and their end."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from fastapi import APIRouter, Query, Response
from pydantic import BaseModel, Field

from seedbed.app.serve import datasets as place
from seedbed.app.serve.belonging import entered, project_of

from ..answers import Told
from ..bodies import Known
from ..desk import Desk, DeskOf, IfMatch, Who, as_looked_at, etag, version_in
from ..items import Strict
from ..paging import Cursor, Limit, page
from ..reviews import reviewing

if TYPE_CHECKING:
    from seedbed.app.serve.people import Person
    from seedbed.app.workspace import Workspace

router = APIRouter(tags=["datasets"])


class DatasetItem(Known):
    """A dataset; `records` counts all that were made, `reviewed` those that are approved or declined. The `version` is
    another one wherever it belongs elsewhere, or other runs made it; each record has one of its own."""

    name: str
    project: str
    records: int
    runs: list[str]
    columns: list[str]
    kinds: list[str]
    created: str
    reviewed: int
    approved: int
    declined: int
    version: int


class Datasets(BaseModel):
    """Datasets, the newest first."""

    items: list[DatasetItem]
    next: str | None


class DatasetWhole(DatasetItem):
    """A dataset with what is in it: values of columns that have few, labels of spans."""

    counts: dict[str, dict[str, int]]
    span_labels: dict[str, int]
    text_column: str | None
    label_column: str | None


class Looked(BaseModel):
    """When somebody last looked for records that say nearly the same: so many `groups` with so many `records` in all
    were found; `newer` came since, and are in none."""

    at: str
    by: str
    groups: int
    records: int
    newer: int


class ReviewCounts(BaseModel):
    """How many records there are of each kind; `waiting` are those that are still being taken in, and `duplicates` is
    null until somebody has looked for them."""

    total: int
    reviewed: int
    by: dict[str, dict[str, int]]
    duplicates: Looked | None
    waiting: int


class Moving(Strict):
    """Where a dataset belongs."""

    project: Annotated[str, Field(min_length=1, max_length=100)]


@router.get("/datasets")
def datasets(
    desk: DeskOf,
    who: Who,
    project: Annotated[str | None, Query(max_length=100)] = None,
    cursor: Cursor = "",
    limit: Limit = 50,
) -> Datasets:
    """The datasets that the person may read."""
    return Datasets(**page(place.rows(desk.workspace, who, project), cursor, limit))


@router.get("/datasets/{name}")
def dataset(name: str, desk: DeskOf, who: Who, response: Response) -> DatasetWhole:
    """A dataset with what is in it."""
    entered(desk.workspace, who, name)
    found = _item(desk, name)
    response.headers["ETag"] = etag(found.version)
    return DatasetWhole(**found.model_dump(), **place.contents(desk.workspace, name))


@router.get("/datasets/{name}/review", response_model=ReviewCounts)
async def review(name: str, desk: DeskOf, who: Who) -> Response:
    """How many records of a dataset are approved, declined, flagged or to be done, and of each kind."""
    return await desk.read(counts_told, who, name)


def counts_told(workspace: Workspace, who: Person, name: str) -> Told:
    """How many records there are of each kind."""
    found = reviewing(workspace, who, name)
    waiting, counts, looked = found.waiting(), found.counts_so_far(), found.looked()
    duplicates = Looked(**looked._asdict()) if looked else None
    own = {"total": counts.total, "reviewed": counts.reviewed, "by": counts.by}
    told = ReviewCounts(**own, duplicates=duplicates, waiting=waiting)
    return Told.of(told, waiting=(name,) if waiting else ())


@router.patch("/datasets/{name}")
def move(name: str, body: Moving, desk: DeskOf, who: Who, response: Response, if_match: IfMatch = None) -> DatasetItem:
    """Puts a dataset into another project."""
    entered(desk.workspace, who, name, "editor")
    who.needs("editor", body.project)
    version = version_in(if_match)
    with as_looked_at(body.model_dump(), lambda: _item(desk, name).model_dump()):
        place.move(desk.workspace, name, body.project, version)
    desk.note(who, "dataset moved", name, f"into {body.project}")
    moved = _item(desk, name)
    response.headers["ETag"] = etag(moved.version)
    return moved


@router.delete("/datasets/{name}", status_code=204)
def remove(name: str, desk: DeskOf, who: Who, if_match: IfMatch = None) -> None:
    """Removes a dataset for good, with its runs and records and all that people made of them."""
    entered(desk.workspace, who, name, "editor")
    version = version_in(if_match)
    with as_looked_at({}, lambda: _item(desk, name).model_dump()):
        place.remove(desk.workspace, name, version)
    desk.note(who, "dataset removed", name)


def _item(desk: Desk, name: str) -> DatasetItem:
    workspace = desk.workspace
    return DatasetItem(**place.row(workspace, name, workspace.store.runs(dataset=name), project_of(workspace, name)))
