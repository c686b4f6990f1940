"""Search over everything."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import BaseModel

from seedbed.app.serve.searching import search

from ..desk import DeskOf, Who

router = APIRouter(tags=["search"])


class Hit(BaseModel):
    """Something that was found; `kind` is record, task, dataset, recipe, template or run."""

    kind: str
    id: str
    title: str
    text: str
    dataset: str | None = None


class Hits(BaseModel):
    """What was found; of everything the first few."""

    items: list[Hit]
    next: None = None


@router.get("/search")
def find(
    q: Annotated[str, Query(max_length=300)],
    desk: DeskOf,
    who: Who,
    project: Annotated[str | None, Query(max_length=100)] = None,
) -> Hits:
    """Finds datasets, runs, recipes and templates by their names, and records by their words."""
    return Hits(items=[Hit(**hit) for hit in search(desk.workspace, who, q, project)])
