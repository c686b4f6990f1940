"""Files in and out: imports and exports."""

from __future__ import annotations

from pathlib import PurePath
from typing import Annotated, NamedTuple

from fastapi import APIRouter, Depends, File, Form, Query, Response, UploadFile
from pydantic import BaseModel
from starlette.responses import FileResponse

from seedbed.app.data.importing import import_records, labelled
from seedbed.app.data.importing import named as dataset_named
from seedbed.app.serve.belonging import project_of
from seedbed.app.serve.datasets import move
from seedbed.core.serving import DEFAULT

from ..desk import DeskOf, Who
from ..exports import Choosing, Overlapping, Written, chosen, exported
from ..items import Dataset
from ..reviews import reviewing
from ..uploads import named, uploaded

router = APIRouter(tags=["files"])


class Imported(BaseModel):
    """What a file became."""

    dataset: str
    run: str
    records: int
    problems: list[str]


class Exporting(Written):
    """Which records, and how they are written."""

    dataset: Dataset


class Wish(NamedTuple):
    """What is to become of a file."""

    name: str
    project: str
    format: str
    labels: str


async def _wish(
    name: Annotated[str, Form(max_length=300, description="Of the dataset; else that of the file.")] = "",
    project: Annotated[str, Form(max_length=100)] = "",
    format: Annotated[str, Form(max_length=100)] = "",  # noqa: A002
    labels: Annotated[str, Form(max_length=300, description="The column that holds the labels.")] = "",
) -> Wish:
    return Wish(name, project, format, labels)


WishOf = Annotated[Wish, Depends(_wish)]


@router.post("/imports", status_code=201)
def import_file(
    file: Annotated[UploadFile, File(description="At most 200 MB.")],
    desk: DeskOf,
    who: Who,
    wish: WishOf,
) -> Imported:
    """Keeps a file's records as a dataset, beside what is in one of that name."""
    sent = named(file.filename or "")
    dataset = wish.name or dataset_named(PurePath(sent))
    there = desk.workspace.exists and bool(desk.workspace.store.runs(dataset=dataset))
    who.needs("editor", project_of(desk.workspace, dataset) if there else wish.project or DEFAULT)
    with uploaded(desk, file, wish.format) as source:
        found = import_records(desk.workspace, labelled(source, wish.labels), dataset, desk.workspace.folder)
    if wish.project and not there:
        move(desk.workspace, dataset, wish.project)
    desk.taking_in.ask(dataset)
    desk.note(who, "file imported", dataset, f"{found['records']} records of {sent}")
    return Imported(problems=[], **{key: found[key] for key in ("dataset", "run", "records")})


class Asked(Choosing):
    """Which records, tasks or not."""

    dataset: Dataset
    tasks: bool = False


@router.get("/exports/overlapping")
def count_overlapping(asked: Annotated[Asked, Query()], desk: DeskOf, who: Who) -> Overlapping:
    """How many of the records that an export would hold have spans that overlap, of which a flat format holds one
    layer: what to ask before such an export."""
    place = reviewing(desk.workspace, who, asked.dataset)
    choice, wanted = chosen(place, asked, tasks=asked.tasks)
    return Overlapping(records=choice.overlapping(place, wanted)[0])


@router.get("/exports", response_class=FileResponse)
def export(asked: Annotated[Exporting, Query()], desk: DeskOf, who: Who) -> Response:
    """Records of a dataset as a file, as people left them; those that are declined only where that is asked for."""
    place = reviewing(desk.workspace, who, asked.dataset)
    answer = exported(desk, place, asked)
    desk.note(who, "records exported", place.dataset, asked.format)
    return answer
