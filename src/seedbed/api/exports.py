"""Records as files that are sent."""

from __future__ import annotations

import shutil
import time
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from tempfile import mkdtemp
from typing import TYPE_CHECKING, Annotated

from pydantic import Field
from starlette.background import BackgroundTask
from starlette.responses import FileResponse

from seedbed.app.data.importing import plain_name
from seedbed.app.output import Output
from seedbed.app.review.tasks import Choice, export
from seedbed.formats.catalog import format_for, suffix_for
from seedbed.formats.files import folder_contents

from .items import Strict, Where
from .uploads import speaking_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from seedbed.app.review.reviewing import Reviewing

    from .desk import Desk

DAY = 86_400
"""Seconds."""

FormatName = Annotated[str, Field(max_length=100, description="The name of a format, see `GET /formats`.")]


Few = Annotated[
    list[Annotated[str, Field(max_length=100)]],
    Field(max_length=400, description="Only these records. More do not fit into an address: choose them by filters."),
]


class How(Strict):
    """How records are written: by default so that no spreadsheet takes a text for a formula."""

    format: FormatName = "csv"
    csv_safe: bool = True
    origin: bool = False


class Written(Where, How):
    """Which records, and how they are written."""

    ids: Few = []


def exported(desk: Desk, place: Reviewing, asked: Written, *, tasks: bool = False) -> FileResponse:
    """Records as a file, or as an archive of the files that a format writes.

    Raises:
        InputError: there is no such format, or it cannot hold these records.
    """
    choice = Choice(tuple(asked.ids), tasks=tasks)
    wanted = replace(asked.wanted(tasks=tasks), dataset=place.dataset)
    name = f"{plain_name(place.dataset)}{'-tasks' if tasks else ''}"
    return sent(desk, name, asked, lambda output: export(place, wanted, output, choice))


def sent(desk: Desk, stem: str, asked: How, write: Callable[[Output], object]) -> FileResponse:
    """What something writes, as a file of that name, or as an archive of the files that a format makes.

    Raises:
        InputError: there is no such format, or it cannot hold these records.
    """
    name = f"{stem}{suffix_for(asked.format)}"
    passing = desk.workspace.subfolder("passing")
    _sweep(passing)
    folder = Path(mkdtemp(dir=passing))
    try:
        path = folder / name
        with speaking_of(path, name):
            write(Output(path, with_origin=asked.origin, csv_safe=asked.csv_safe, to=asked.format))
        if folder_contents(format_for(path, asked.format)):
            path = Path(shutil.make_archive(str(path), "zip", path))
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    done = BackgroundTask(shutil.rmtree, folder, ignore_errors=True)
    return FileResponse(path, filename=path.name, background=done, media_type="application/octet-stream")


def _sweep(folder: Path) -> None:
    """Removes what downloads that were broken off have left."""
    for left in folder.iterdir():
        with suppress(OSError):
            if left.stat().st_mtime < time.time() - DAY:
                shutil.rmtree(left, ignore_errors=True)
