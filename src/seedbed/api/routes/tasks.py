"""Annotation tasks: what approved records become."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Self

from fastapi import APIRouter, File, Form, Query, Response, UploadFile
from pydantic import BaseModel, Field, model_validator
from starlette.responses import FileResponse

from seedbed.app.data.importing import plain_name
from seedbed.app.review.amending import SOURCE_TAGS, check_task
from seedbed.app.review.project import Tasks
from seedbed.app.review.tasks import Choice
from seedbed.app.serve.belonging import seen
from seedbed.core.errors import NotFound
from seedbed.core.review.entry import Sort

from ..answers import Told
from ..desk import DeskOf, IfMatch, Who, version_in
from ..exports import Choosing, Overlapping, Written, sent
from ..items import WHERE, Amended, BulkChange, Changed, Dataset, Ids, Item, Page, Patch, Strict, Where
from ..problems import Refused
from ..reviews import reviewing, reviewing_record
from ..uploads import uploaded
from .records import amended

if TYPE_CHECKING:
    from seedbed.app.review.reviewing import Reviewing
    from seedbed.app.serve.people import Person, Role
    from seedbed.app.workspace import Workspace

router = APIRouter(tags=["annotation tasks"])


ProjectId = Annotated[str, Field(max_length=100, description="The id of a project.")]


class Scope(Strict):
    """A dataset, or all datasets of a project; with both, the dataset is one of the project's."""

    dataset: Dataset | None = None
    project: ProjectId | None = None

    @model_validator(mode="after")
    def _some(self) -> Self:
        if self.dataset is None and self.project is None:
            raise ValueError("say `dataset` or `project`")
        return self


class Filtered(Scope, Where):
    """Tasks that are all of this."""


class Listing(Filtered):
    """A page of tasks."""

    sort: Sort = "first"
    cursor: Annotated[str, Field(max_length=400)] = ""
    limit: Annotated[int, Field(ge=1, le=200)] = 50


class Named(Scope, Choosing):
    """Tasks that are all of this; with `ids` only these."""


class Exporting(Scope, Written):
    """Which tasks, and how they are written."""


class Some(Scope):
    """Records, named or those that are all of `where`; one of the two."""

    ids: Ids | None = None
    where: Where | None = None

    @model_validator(mode="after")
    def _either(self) -> Self:
        if (self.ids is None) == (self.where is None):
            raise ValueError("say either `ids` or `where`")
        return self


class Bulk(Some):
    """Tasks and what they are to be."""

    change: BulkChange


class HandedOver(BaseModel):
    """How many records became tasks; `sources` by how they came to be. What is `synthetic` or `augmented` has that as
    its tag, what is `imported` has none: `tag` is that of the most of them, empty where they have none."""

    handed_over: int
    tag: str
    sources: dict[str, int]


class TaskCounts(BaseModel):
    """How many tasks there are, in all and of each kind."""

    total: int
    by: dict[str, dict[str, int]]


class TasksChanged(Changed):
    """How many tasks a change has changed, and how many in which dataset: in each that is one step to take back."""

    datasets: dict[str, int]


class TakenBack(BaseModel):
    """How many records were read, and how many of them say something else now."""

    read: int
    changed: int


@router.post("/annotation-tasks", status_code=201)
def create(body: Some, desk: DeskOf, who: Who) -> HandedOver:
    """Makes annotation tasks of approved records."""
    place = tasks_of(desk.workspace, who, body, "reviewer")
    sources = place.hand_over(body.where.wanted() if body.where else body.ids or [])
    if sources:
        desk.note(who, "records handed over", body.dataset or body.project or "", f"{sum(sources.values())} records")
    tag = max((name for name in sources if name in SOURCE_TAGS), key=lambda name: sources[name], default="")
    return HandedOver(handed_over=sum(sources.values()), tag=tag, sources=sources)


@router.get("/annotation-tasks", response_model=Page)
async def tasks(asked: Annotated[Listing, Query()], desk: DeskOf, who: Who) -> Response:
    """A page of the tasks of a dataset, or of all datasets of a project."""
    return await desk.read(tasks_told, who, asked)


def tasks_told(workspace: Workspace, who: Person, asked: Listing) -> Told:
    """A page of tasks."""
    found = tasks_of(workspace, who, asked).page(where_of(asked).wanted(asked.sort), asked.cursor, asked.limit)
    return Told.of(Page.model_construct(items=[Item.of(one) for one in found.entries], next=found.next or None))


@router.get("/annotation-tasks/counts")
def counts(asked: Annotated[Filtered, Query()], desk: DeskOf, who: Who) -> TaskCounts:
    """How many tasks there are, in all and of each kind, of those that the filters show; `by` does not heed words."""
    found = tasks_of(desk.workspace, who, asked).counts(where_of(asked).wanted())
    return TaskCounts(total=found.total, by=found.by)


@router.post("/annotation-tasks/bulk")
def change_many(body: Bulk, desk: DeskOf, who: Who) -> TasksChanged:
    """Changes many tasks in one step of each dataset; records that are no tasks are refused, or left out."""
    place = tasks_of(desk.workspace, who, body, "reviewer")
    found = place.change(body.change.wish(), body.where.wanted() if body.where else body.ids or [])
    return TasksChanged(changed=sum(found.values()), datasets=found)


@router.get("/annotation-tasks/export", response_class=FileResponse)
def export_tasks(asked: Annotated[Exporting, Query()], desk: DeskOf, who: Who) -> Response:
    """The tasks as a file, with their ids, so that they can be taken back. Those of a project have all columns of its
    datasets, empty where a dataset has no such one, and the column `dataset`."""
    place = tasks_of(desk.workspace, who, asked)
    choice, wanted = Choice(tuple(asked.ids)), where_of(asked).wanted(tasks=True)
    stem = f"{plain_name(asked.dataset or asked.project or '')}-tasks"
    given = place.to_export(wanted, choice, origin=asked.origin)
    answer = sent(desk, stem, asked, given, place.size(wanted, choice), lambda: place.overlapping(wanted, choice))
    desk.note(who, "tasks exported", asked.dataset or asked.project or "", asked.format)
    return answer


@router.get("/annotation-tasks/export/overlapping")
def count_overlapping(asked: Annotated[Named, Query()], desk: DeskOf, who: Who) -> Overlapping:
    """How many of the tasks that an export would hold have spans that overlap, of which a flat format holds one layer:
    what to ask before such an export."""
    place = tasks_of(desk.workspace, who, asked)
    wanted = where_of(asked).wanted(tasks=True)
    return Overlapping(records=place.overlapping(wanted, Choice(tuple(asked.ids)))[0])


@router.post("/annotation-tasks/import")
def import_tasks(
    file: Annotated[UploadFile, File()],
    desk: DeskOf,
    who: Who,
    dataset: Annotated[Dataset | None, Form()] = None,
    project: Annotated[ProjectId | None, Form()] = None,
    format: Annotated[str | None, Form(max_length=100)] = None,  # noqa: A002
) -> TakenBack:
    """Takes labels, spans and texts of annotated tasks back; their ids say which record of which dataset they are."""
    if dataset is None and project is None:
        raise Refused(422, "It is not said whose tasks these are.", "Say `dataset` or `project`.")
    place = tasks_of(desk.workspace, who, Scope(dataset=dataset, project=project), "reviewer")
    with uploaded(desk, file, format) as source:
        taken = TakenBack(**place.take_back(source()))
    desk.note(who, "tasks imported", dataset or project or "", f"{taken.changed} changed")
    return taken


@router.patch("/annotation-tasks/{id}", response_model=Amended)
def change(id: str, body: Patch, desk: DeskOf, who: Who, match: IfMatch = None) -> Response:  # noqa: A002
    """Changes a task as `PATCH /records` does."""
    version = version_in(match)
    with desk.writing:
        place = reviewing_record(desk.workspace, who, id, "reviewer")
        check_task(place.entry(id))
        return amended(place, id, body, version)


def where_of(asked: Where) -> Where:
    """The filters alone."""
    return Where(**{name: getattr(asked, name) for name in WHERE})


def tasks_of(workspace: Workspace, who: Person, scope: Scope, role: Role | None = None) -> Tasks:
    """The tasks of a dataset or of a project, as the person may see them; with a role, to change something.

    Raises:
        NotFound: there is no such dataset in the project, or the person may not know of it.
        Forbidden: the person may read them only.
    """

    def opened(name: str) -> Reviewing:
        return reviewing(workspace, who, name, role)

    if scope.project is None or scope.dataset is not None:
        desk = opened(scope.dataset or "")
        if scope.project is not None and desk.dataset not in seen(workspace, who, scope.project):
            raise NotFound(f"The project {scope.project} has no dataset {desk.dataset}.")
        return Tasks(workspace, [desk.dataset], lambda _: desk, f"The dataset {desk.dataset}", alone=True)
    if role is not None:
        if not who.sees(scope.project):
            raise NotFound(f"There is no project `{scope.project}`.")
        who.needs(role, scope.project)
    return Tasks(workspace, seen(workspace, who, scope.project), opened, f"The project {scope.project}")
