"""Versions of datasets: kept as they stood, whatever is done to their records later."""

from __future__ import annotations

from functools import partial
from typing import Annotated

from fastapi import APIRouter, Path, Query, Response
from pydantic import BaseModel, Field
from starlette.responses import FileResponse

from seedbed.app.data.importing import plain_name
from seedbed.app.history import to_export
from seedbed.core.review.entry import Version
from seedbed.formats.spans import overlaps_in

from ..bodies import Known
from ..desk import DeskOf, Who
from ..exports import How, sent
from ..items import Strict
from ..paging import Cursor, Limit, page
from ..reviews import reviewing

router = APIRouter(tags=["datasets"])

Number = Annotated[int, Path(ge=1, le=10**9, description="The version; they are counted from 1.")]


class Kept(Known):
    """A dataset as it was kept at a moment; `name` is what it is called wherever a dataset is named."""

    known_by = "number"

    name: str
    dataset: str
    number: int
    note: str
    by: str
    at: str
    records: int

    @classmethod
    def of(cls, version: Version) -> Kept:
        """The same as it is answered."""
        return cls(name=f"{version.dataset}@{version.number}", **version._asdict())


class Versions(BaseModel):
    """A page of versions, the latest first."""

    items: list[Kept]
    next: str | None


class Keeping(Strict):
    """What a version is kept for."""

    note: Annotated[str, Field(max_length=1000)] = ""


@router.get("/datasets/{name}/versions")
def versions_of(name: str, desk: DeskOf, who: Who, cursor: Cursor = "", limit: Limit = 50) -> Versions:
    """The versions of a dataset, the latest first."""
    found = page(reviewing(desk.workspace, who, name).versions(), cursor, limit)
    return Versions(items=[Kept.of(one) for one in found["items"]], next=found["next"])


@router.post("/datasets/{name}/versions", status_code=201)
def keep_version(name: str, desk: DeskOf, who: Who, wish: Keeping) -> Kept:
    """Keeps a dataset as it stands now, without what is declined."""
    kept = Kept.of(reviewing(desk.workspace, who, name, "editor").keep_version(wish.note))
    desk.note(who, "keep version", kept.name)
    return kept


@router.delete("/datasets/{name}/versions/{number}", status_code=204, response_class=Response)
def forget_version(name: str, number: Number, desk: DeskOf, who: Who) -> None:
    """Forgets a version; the dataset stays as it is."""
    place = reviewing(desk.workspace, who, name, "editor")
    place.forget_version(number)
    desk.note(who, "forget version", f"{place.dataset}@{number}")


@router.get("/datasets/{name}/versions/{number}/export", response_class=FileResponse)
def export_version(name: str, number: Number, desk: DeskOf, who: Who, asked: Annotated[How, Query()]) -> Response:
    """The records of a version as a file."""
    place = reviewing(desk.workspace, who, name)
    version = f"{name}@{number}"
    stem = f"{plain_name(name)}-{number}"
    given = to_export(desk.workspace, version, (), origin=asked.origin)
    size = next(one.records for one in place.versions() if one.number == number)
    plain = partial(to_export, desk.workspace, version, (), origin=False)
    answer = sent(desk, stem, asked, given, size, lambda: overlaps_in(plain()[0]))
    desk.note(who, "records exported", version, asked.format)
    return answer
