"""Spans, tags and saved filters."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

from fastapi import APIRouter, Query, Response
from pydantic import BaseModel

from seedbed.app.review import marks
from seedbed.core.review.entry import View

from ..bodies import Known
from ..desk import DeskOf, IfMatch, Who, as_looked_at, etag, version_in
from ..items import Changed, Dataset, Item, Name, SpanShape, Strict, Where, meeting
from ..paging import WHOLE, Cursor, Limit, page
from ..reviews import reviewing, reviewing_record

if TYPE_CHECKING:
    from seedbed.app.review.reviewing import Reviewing

router = APIRouter(tags=["records"])


class LabelCount(Known):
    """How many spans have a label."""

    known_by = "label"

    label: str
    count: int


class LabelCounts(BaseModel):
    """A page of the labels of spans, the most frequent first."""

    items: list[LabelCount]
    next: str | None


class TagCount(Known):
    """How many records have a tag; the `version` is another one wherever more or fewer have it."""

    known_by = "tag"

    tag: str
    count: int
    version: int


class TagCounts(BaseModel):
    """A page of tags, the most frequent first."""

    items: list[TagCount]
    next: str | None


class Tag(Strict):
    """A tag of a dataset."""

    dataset: Dataset
    tag: Name


class Renaming(Tag):
    """A tag and what it is to be called."""

    to: Name


class NewView(Strict):
    """A filter to be saved under a name."""

    dataset: Dataset
    name: Name
    where: Where


class SavedView(BaseModel):
    """A saved filter; `where` has what `GET /records` takes."""

    id: str
    dataset: str
    name: str
    where: Where
    by: str
    version: int


class SavedViews(BaseModel):
    """A page of saved filters, the oldest first."""

    items: list[SavedView]
    next: str | None


OfDataset = Annotated[Dataset, Query()]


@router.get("/spans")
def labels(dataset: OfDataset, desk: DeskOf, who: Who, cursor: Cursor = "", limit: Limit = WHOLE) -> LabelCounts:
    """The labels that spans of a dataset have."""
    counts = reviewing(desk.workspace, who, dataset).span_labels()
    found = [LabelCount(label=label, count=count) for label, count in counts.items()]
    return LabelCounts(**page(found, cursor, limit))


@router.post("/records/{id}/spans")
def add_span(id: str, body: SpanShape, desk: DeskOf, who: Who, response: Response, match: IfMatch = None) -> Item:  # noqa: A002
    """Adds a span to a record."""
    version = version_in(match)
    place = reviewing_record(desk.workspace, who, id, "reviewer")
    with meeting(body.model_dump()):
        entry = marks.add_span(place, id, body.span(), version)
    response.headers["ETag"] = etag(entry.version)
    return Item.of(entry)


@router.delete("/records/{id}/spans")
def remove_span(id: str, body: SpanShape, desk: DeskOf, who: Who, response: Response, match: IfMatch = None) -> Item:  # noqa: A002
    """Takes a span of a record away."""
    version = version_in(match)
    place = reviewing_record(desk.workspace, who, id, "reviewer")
    with meeting(body.model_dump()):
        entry = marks.remove_span(place, id, body.span(), version)
    response.headers["ETag"] = etag(entry.version)
    return Item.of(entry)


@router.get("/tags")
def tags(dataset: OfDataset, desk: DeskOf, who: Who, cursor: Cursor = "", limit: Limit = WHOLE) -> TagCounts:
    """The tags that records of a dataset have."""
    counts = marks.tags(reviewing(desk.workspace, who, dataset))
    return TagCounts(**page([_tag(tag, count) for tag, count in counts.items()], cursor, limit))


@router.patch("/tags")
def rename_tag(body: Renaming, desk: DeskOf, who: Who, match: IfMatch = None) -> Changed:
    """Calls a tag otherwise, on all records that have it, in one step."""
    version, place = version_in(match), reviewing(desk.workspace, who, body.dataset, "reviewer")
    with as_looked_at(body.model_dump(), lambda: _tag_now(place, body.tag)):
        return Changed(changed=marks.rename_tag(place, body.tag, body.to, version))


@router.delete("/tags")
def remove_tag(body: Tag, desk: DeskOf, who: Who, match: IfMatch = None) -> Changed:
    """Takes a tag away from all records that have it, in one step."""
    version, place = version_in(match), reviewing(desk.workspace, who, body.dataset, "reviewer")
    with as_looked_at(body.model_dump(), lambda: _tag_now(place, body.tag)):
        return Changed(changed=marks.remove_tag(place, body.tag, version))


@router.get("/views")
def views(dataset: OfDataset, desk: DeskOf, who: Who, cursor: Cursor = "", limit: Limit = WHOLE) -> SavedViews:
    """The saved filters of a dataset."""
    found = reviewing(desk.workspace, who, dataset).views()
    return SavedViews(**page([_saved(view) for view in found], cursor, limit))


@router.post("/views", status_code=201)
def save_view(body: NewView, desk: DeskOf, who: Who, response: Response) -> SavedView:
    """Saves a filter under a name, in the place of one of that name."""
    place = reviewing(desk.workspace, who, body.dataset, "reviewer")
    saved = _saved(place.save_view(body.name, body.where.model_dump(exclude_defaults=True)))
    response.headers["ETag"] = etag(saved.version)
    return saved


@router.delete("/views/{id}", status_code=204)
def drop_view(id: str, desk: DeskOf, who: Who, match: IfMatch = None) -> None:  # noqa: A002
    """Forgets a saved filter."""
    version, view = version_in(match), marks.view(desk.workspace, id)
    place = reviewing(desk.workspace, who, view.dataset, "reviewer")
    with as_looked_at({}, lambda: _saved(marks.view(desk.workspace, id)).model_dump(mode="json")):
        marks.drop_view(place, view, version)


def _tag(tag: str, count: int) -> TagCount:
    return TagCount(tag=tag, count=count, version=marks.tag_version(tag, count))


def _tag_now(place: Reviewing, tag: str) -> dict[str, Any]:
    return _tag(tag, marks.tags(place).get(tag, 0)).model_dump()


def _saved(view: View) -> SavedView:
    where, version = Where(**view.where), marks.view_version(view)
    return SavedView(
        id=str(view.number), dataset=view.dataset, name=view.name, where=where, by=view.by, version=version
    )
