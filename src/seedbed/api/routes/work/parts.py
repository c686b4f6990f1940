"""Datasets shared out: into parts, and without what is said twice."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter
from pydantic import Field

from seedbed.app.serve.work.dividing import part_name, shares_of
from seedbed.app.serve.work.naming import check_free, free_name

from ...desk import DeskOf, Who
from .bodies import Body, JobItem, Name, Seed
from .ground import begun, dataset_of

router = APIRouter(tags=["datasets"])

Near = Annotated[float, Field(gt=0.5, le=1)]


class NewSplit(Body):
    """How records are to be shared out: two or three parts; `by` the column whose shares every part keeps."""

    shares: Annotated[
        dict[Annotated[str, Field(min_length=1, max_length=40)], Annotated[float, Field(gt=0, le=1000)]],
        Field(min_length=2, max_length=3, examples=[{"train": 0.8, "test": 0.2}]),
    ]
    by: Name | None = None
    seed: Seed = 0


class NewDedup(Body):
    """What counts as said twice, and which of several stays; what stays comes into a new dataset."""

    into: Annotated[str, Field(max_length=64)] | None = None
    near: Near | None = 0.9
    semantic: bool = False
    semantic_threshold: Annotated[float, Field(gt=0, le=1)] | None = None
    within: Literal["all", "label"] = "all"
    keep: Literal["first", "longest", "best"] = "first"
    score: Name | None = None
    columns: Annotated[list[Name], Field(max_length=20)] = []
    label: Name = "label"
    against: Name | None = None


@router.post("/datasets/{name}/split", status_code=202)
def begin_split(desk: DeskOf, who: Who, name: str, body: NewSplit) -> JobItem:
    """Makes a dataset of each part in the background; records that belong together stay together."""
    project = dataset_of(desk, who, name, "editor")
    shares_of(body.shares)
    check_free(desk.workspace.store, [part_name(name, part) for part in body.shares])
    return begun(desk, who, "split", name, project, body.model_dump())


@router.post("/datasets/{name}/dedup", status_code=202)
def begin_dedup(desk: DeskOf, who: Who, name: str, body: NewDedup) -> JobItem:
    """Makes a dataset of what stays in the background."""
    project = dataset_of(desk, who, name, "editor")
    if body.against:
        dataset_of(desk, who, body.against)
    if body.into:
        check_free(desk.workspace.store, [body.into])
    into = body.into or free_name(desk.workspace.store, f"{name[:50]}-deduplicated")
    return begun(desk, who, "dedup", name, project, {**body.model_dump(), "into": into})
