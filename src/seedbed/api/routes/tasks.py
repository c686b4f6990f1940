"""Annotation tasks: what approved records become."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from fastapi import APIRouter, File, Form, Query, Response, UploadFile
from pydantic import BaseModel, Field, model_validator
from starlette.responses import FileResponse

from seedbed.app.review.amending import check_task
from seedbed.app.review.tasks import hand_over, take_back
from seedbed.app.serve.belonging import seen
from seedbed.core.review.entry import Sort

from ..answers import Told
from ..desk import DeskOf, IfMatch, Who, version_in
from ..exports import Written, exported
from ..items import WHERE, Amended, Changed, Chosen, Dataset, Item, Page, Patch, Strict, Where
from ..reviews import reviewing, reviewing_record
from ..uploads import uploaded
from .records import Bulk, amended, change_chosen, page_of, page_told

if TYPE_CHECKING:
    from seedbed.app.serve.people import Person
    from seedbed.app.workspace import Workspace

router = APIRouter(tags=["annotation tasks"])


class Scope(Strict):
    """A dataset, or all datasets of a project."""

    dataset: Dataset | None = None
    project: Annotated[str, Field(max_length=100)] | None = None

    @model_validator(mode="after")
    def _either(self) -> Scope:
        if (self.dataset is None) == (self.project is None):
            raise ValueError("say either `dataset` or `project`")
        return self


class Filtered(Scope, Where):
    """Tasks that are all of this."""

    def where(self) -> Where:
        """The filters alone."""
        return Where(**{name: getattr(self, name) for name in WHERE})


class Listing(Filtered):
    """A page of tasks."""

    sort: Sort = "first"
    cursor: Annotated[str, Field(max_length=400)] = ""
    limit: Annotated[int, Field(ge=1, le=200)] = 50


class Exporting(Written):
    """Which tasks, and how they are written."""

    dataset: Dataset


class HandedOver(BaseModel):
    """How many records became tasks, and the tag that says how they came to be."""

    handed_over: int
    tag: str


class TaskCounts(BaseModel):
    """How many tasks there are, in all and of each kind."""

    total: int
    by: dict[str, dict[str, int]]


class TakenBack(BaseModel):
    """How many records were read, and how many of them say something else now."""

    read: int
    changed: int


@router.post("/annotation-tasks", status_code=201)
def create(body: Chosen, desk: DeskOf, who: Who) -> HandedOver:
    """Makes annotation tasks of approved records."""
    place = reviewing(desk.workspace, who, body.dataset, "reviewer")
    count = place.hand_over(body.where.wanted()) if body.where else hand_over(place, body.ids or [])
    if count:
        desk.note(who, "records handed over", place.dataset, f"{count} records")
    sources = place.counts(Where().wanted(tasks=True)).by["source"]
    return HandedOver(handed_over=count, tag=max(sources, key=lambda name: sources[name], default="synthetic"))


@router.get("/annotation-tasks", response_model=Page)
async def tasks(asked: Annotated[Listing, Query()], desk: DeskOf, who: Who) -> Response:
    """A page of the tasks of a dataset, or of all datasets of a project."""
    return await desk.read(tasks_told, who, asked)


def tasks_told(workspace: Workspace, who: Person, asked: Listing) -> Told:
    """A page of tasks."""
    wanted = asked.where().wanted(asked.sort, tasks=True)
    if asked.dataset is not None:
        return page_told(workspace, who, asked.dataset, wanted, asked.cursor, asked.limit)
    names = seen(workspace, who, asked.project)
    place, _, at = asked.cursor.rpartition("@")
    items: list[Item] = []
    waiting: dict[str, int] = {}
    following = None
    for name in (one for one in names if one >= place):
        cursor = at if name == place else ""
        found = page_of(reviewing(workspace, who, name), wanted, cursor, asked.limit - len(items))
        items += found.items
        waiting |= {name: found.waiting} if found.waiting else {}
        if len(items) >= asked.limit:
            after = [one for one in names if one > name]
            following = f"{name}@{found.next}" if found.next else f"{after[0]}@" if after else None
            break
    page = Page.model_construct(items=items, next=following, waiting=sum(waiting.values()))
    return Told.of(page, waiting=tuple(waiting))


@router.get("/annotation-tasks/counts")
def counts(asked: Annotated[Filtered, Query()], desk: DeskOf, who: Who) -> TaskCounts:
    """How many tasks there are, in all and of each kind, of those that the filters show; `by` does not heed words."""
    names = [asked.dataset] if asked.dataset is not None else seen(desk.workspace, who, asked.project)
    total, by = 0, dict[str, dict[str, int]]()
    for name in names:
        place, wanted = reviewing(desk.workspace, who, name), asked.where().wanted(tasks=True)
        found = place.counts(wanted)
        total += place.count(wanted) if asked.q else found.total
        for kind, values in found.by.items():
            sums = by.setdefault(kind, {})
            for value, count in values.items():
                sums[value] = sums.get(value, 0) + count
    return TaskCounts(total=total, by=by)


@router.post("/annotation-tasks/bulk")
def change_many(body: Bulk, desk: DeskOf, who: Who) -> Changed:
    """Changes many tasks in one step; records that are no tasks are refused, or left out."""
    return Changed(changed=change_chosen(reviewing(desk.workspace, who, body.dataset, "reviewer"), body, tasks=True))


@router.get("/annotation-tasks/export", response_class=FileResponse)
def export_tasks(asked: Annotated[Exporting, Query()], desk: DeskOf, who: Who) -> Response:
    """The tasks as a file, with their ids, so that they can be taken back."""
    place = reviewing(desk.workspace, who, asked.dataset)
    return exported(desk, place, asked, tasks=True)


@router.post("/annotation-tasks/import")
def import_tasks(
    file: Annotated[UploadFile, File()],
    dataset: Annotated[Dataset, Form()],
    desk: DeskOf,
    who: Who,
    format: Annotated[str | None, Form(max_length=100)] = None,  # noqa: A002
) -> TakenBack:
    """Takes labels, spans and texts of annotated tasks back; they are known again by their ids."""
    place = reviewing(desk.workspace, who, dataset, "reviewer")
    with uploaded(desk, file, format) as source:
        taken = TakenBack(**take_back(place, source()))
    desk.note(who, "tasks imported", place.dataset, f"{taken.changed} changed")
    return taken


@router.patch("/annotation-tasks/{id}", response_model=Amended)
def change(id: str, body: Patch, desk: DeskOf, who: Who, match: IfMatch = None) -> Response:  # noqa: A002
    """Changes a task as `PATCH /records` does."""
    version = version_in(match)
    with desk.writing:
        place = reviewing_record(desk.workspace, who, id, "reviewer")
        check_task(place.entry(id))
        return amended(place, id, body, version)
