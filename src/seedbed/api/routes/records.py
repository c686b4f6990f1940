"""Records under review: looked at, decided on, corrected, and taken back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

from fastapi import APIRouter, Query, Response
from pydantic import BaseModel, Field

from seedbed.app.review.amending import amend, amend_all, amend_wanted
from seedbed.app.review.reviewing import Reviewing
from seedbed.core.review.entry import Sort, Wanted

from ..answers import Told
from ..bodies import Known
from ..desk import DeskOf, IfMatch, Who, version_in
from ..items import Amended, BulkChange, Changed, Chosen, Dataset, Item, Page, Patch, SpanShape, Strict, Where, meeting
from ..paging import WHOLE, Cursor, Limit, page
from ..reviews import reviewing, reviewing_record

if TYPE_CHECKING:
    from seedbed.app.serve.people import Person
    from seedbed.app.workspace import Workspace

router = APIRouter(tags=["records"])


class Listing(Where):
    """A page of a dataset."""

    dataset: Dataset
    sort: Sort = "first"
    cursor: Annotated[str, Field(max_length=200)] = ""
    limit: Annotated[int, Field(ge=1, le=200)] = 50


class Like(Item):
    """A record and how like another one it is, from 0 to 1."""

    likeness: float


class Whole(Item):
    """A record with where it came from, and those of its dataset that are most like it."""

    origin: dict[str, Any]
    duplicates: list[Like]


class Bulk(Chosen):
    """Records and what they are to be."""

    change: BulkChange


class InDataset(Strict):
    """Which dataset."""

    dataset: Dataset


class Items(BaseModel):
    """Records."""

    items: list[Item]


class Happening(Known):
    """One change: the fields that differ, before and after."""

    known_by = "version"

    version: int
    by: str
    at: str
    before: dict[str, Any]
    after: dict[str, Any]


class Happenings(BaseModel):
    """A page of changes, the latest first."""

    items: list[Happening]
    next: str | None


@router.get("/records", response_model=Page)
async def records(asked: Annotated[Listing, Query()], desk: DeskOf, who: Who) -> Response:
    """A page of a dataset's records."""
    return await desk.read(page_told, who, asked.dataset, asked.wanted(asked.sort), asked.cursor, asked.limit)


@router.post("/records/bulk")
def change_many(body: Bulk, desk: DeskOf, who: Who) -> Changed:
    """Changes many records in one step."""
    return Changed(changed=change_chosen(reviewing(desk.workspace, who, body.dataset, "reviewer"), body))


@router.post("/records/undo")
def undo(body: InDataset, desk: DeskOf, who: Who) -> Items:
    """Takes back what the person did last in a dataset; answers up to 200 of the records."""
    place = reviewing(desk.workspace, who, body.dataset, "reviewer")
    with meeting():
        return Items(items=[Item.of(one) for one in place.undo()])


@router.get("/records/{id}", response_model=Whole)
async def record(id: str, desk: DeskOf, who: Who) -> Response:  # noqa: A002 - as it is called in paths
    """A record with its origin and the records most like it."""
    return await desk.read(record_told, who, id)


@router.patch("/records/{id}", response_model=Amended)
def change(id: str, body: Patch, desk: DeskOf, who: Who, match: IfMatch = None) -> Response:  # noqa: A002
    """Changes a record: whatever is sent is one step that can be taken back."""
    version = version_in(match)
    with desk.writing:
        return amended(reviewing_record(desk.workspace, who, id, "reviewer"), id, body, version)


@router.get("/records/{id}/history")
def history(id: str, desk: DeskOf, who: Who, cursor: Cursor = "", limit: Limit = WHOLE) -> Happenings:  # noqa: A002
    """What happened to a record, the latest first."""
    found = [Happening(**one._asdict()) for one in reviewing_record(desk.workspace, who, id).history(id)]
    return Happenings(**page(found, cursor, limit))


def page_told(workspace: Workspace, who: Person, dataset: str, wanted: Wanted, cursor: str, limit: int) -> Told:
    """A page of records."""
    place = reviewing(workspace, who, dataset)
    found = page_of(place, wanted, cursor, limit)
    return Told.of(found, waiting=(place.dataset,) if found.waiting else ())


def record_told(workspace: Workspace, who: Person, name: str) -> Told:
    """A record with all there is to say."""
    place = reviewing_record(workspace, who, name)
    entry = place.entry(name)
    alike = [Like.model_construct(**Like.fields(one), likeness=likeness) for one, likeness in place.alike(name)]
    whole = Whole.model_construct(**Whole.fields(entry), origin=place.origin(entry), duplicates=alike)
    return Told.of(whole, entry.version)


def page_of(place: Reviewing, wanted: Wanted, cursor: str, limit: int) -> Page:
    """A page; `waiting` says how many records are still to be taken in."""
    found = place.page(wanted, cursor, limit)
    items = [Item.of(one) for one in found.entries]
    return Page.model_construct(items=items, next=found.next or None, waiting=found.waiting)


def amended(place: Reviewing, name: str, body: Patch, version: int | None) -> Response:
    """Changes a record and answers it.

    Raises:
        Refused: 412, somebody else was quicker.
    """
    with meeting(body.model_dump(mode="json", exclude_unset=True)):
        done = amend(place, name, body.wish(), version)
    dropped = [SpanShape.model_construct(**span._asdict()) for span in done.dropped]
    return Told.of(Amended.model_construct(**Amended.fields(done.entry), dropped=dropped), done.entry.version).sent()


def change_chosen(place: Reviewing, body: Bulk) -> int:
    """Changes the records that are named or wanted; answers how many. Only tasks can be worked on."""
    wish = body.change.wish()
    if body.where is None:
        return amend_all(place, body.ids or [], wish)
    return amend_wanted(place, body.where.wanted(tasks=bool(wish.work)), wish)
