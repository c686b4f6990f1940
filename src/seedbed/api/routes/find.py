"""Search over everything."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import BaseModel

from seedbed.app.serve.searching import search

from ..desk import DeskOf, Who
from ..paging import WHOLE, Cursor, Limit, page

router = APIRouter(tags=["search"])


class Hit(BaseModel):
    """Something that was found; `kind` is record, task, dataset, recipe, template or run."""

    kind: str
    id: str
    title: str
    text: str
    dataset: str | None = None


class Hits(BaseModel):
    """A page of what was found; of everything the first few."""

    items: list[Hit]
    next: str | None


@router.get("/search")
def find(
    q: Annotated[str, Query(max_length=300)],
    desk: DeskOf,
    who: Who,
    project: Annotated[str | None, Query(max_length=100)] = None,
    cursor: Cursor = "",
    limit: Limit = WHOLE,
) -> Hits:
    """Finds datasets, runs, recipes and templates by their names, and records by their words."""
    return Hits(**page(search(desk.workspace, who, q, project), cursor, limit))
