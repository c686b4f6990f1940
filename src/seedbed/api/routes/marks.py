"""Spans, tags and saved filters."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Response
from pydantic import BaseModel

from seedbed.app.review import marks
from seedbed.core.review.entry import View

from ..desk import DeskOf, IfMatch, Who, etag, version_in
from ..items import Changed, Dataset, Item, Name, SpanShape, Strict, Where, meeting
from ..reviews import reviewing, reviewing_record

router = APIRouter(tags=["records"])


class LabelCount(BaseModel):
    """How many spans have a label."""

    label: str
    count: int


class LabelCounts(BaseModel):
    """The labels of spans, the most frequent first."""

    items: list[LabelCount]


class TagCount(BaseModel):
    """How many records have a tag."""

    tag: str
    count: int


class TagCounts(BaseModel):
    """Tags, the most frequent first."""

    items: list[TagCount]


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


class SavedViews(BaseModel):
    """Saved filters, the oldest first."""

    items: list[SavedView]


OfDataset = Annotated[Dataset, Query()]


@router.get("/spans")
def labels(dataset: OfDataset, desk: DeskOf, who: Who) -> LabelCounts:
    """The labels that spans of a dataset have."""
    counts = reviewing(desk.workspace, who, dataset).span_labels()
    return LabelCounts(items=[LabelCount(label=label, count=count) for label, count in counts.items()])


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
def tags(dataset: OfDataset, desk: DeskOf, who: Who) -> TagCounts:
    """The tags that records of a dataset have."""
    counts = reviewing(desk.workspace, who, dataset).counts().by["tag"]
    ordered = sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))
    return TagCounts(items=[TagCount(tag=tag, count=count) for tag, count in ordered])


@router.patch("/tags")
def rename_tag(body: Renaming, desk: DeskOf, who: Who) -> Changed:
    """Calls a tag otherwise, on all records that have it, in one step."""
    return Changed(
        changed=marks.rename_tag(reviewing(desk.workspace, who, body.dataset, "reviewer"), body.tag, body.to)
    )


@router.delete("/tags")
def remove_tag(body: Tag, desk: DeskOf, who: Who) -> Changed:
    """Takes a tag away from all records that have it, in one step."""
    return Changed(changed=marks.remove_tag(reviewing(desk.workspace, who, body.dataset, "reviewer"), body.tag))


@router.get("/views")
def views(dataset: OfDataset, desk: DeskOf, who: Who) -> SavedViews:
    """The saved filters of a dataset."""
    return SavedViews(items=[_saved(view) for view in reviewing(desk.workspace, who, dataset).views()])


@router.post("/views", status_code=201)
def save_view(body: NewView, desk: DeskOf, who: Who) -> SavedView:
    """Saves a filter under a name, in the place of one of that name."""
    place = reviewing(desk.workspace, who, body.dataset, "reviewer")
    return _saved(place.save_view(body.name, body.where.model_dump(exclude_defaults=True)))


@router.delete("/views/{id}", status_code=204)
def drop_view(id: str, desk: DeskOf, who: Who) -> None:  # noqa: A002
    """Forgets a saved filter."""
    view = marks.view(desk.workspace, id)
    reviewing(desk.workspace, who, view.dataset, "reviewer").drop_view(view)


def _saved(view: View) -> SavedView:
    return SavedView(id=str(view.number), dataset=view.dataset, name=view.name, where=Where(**view.where), by=view.by)
