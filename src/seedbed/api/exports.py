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

from .uploads import speaking_of

if TYPE_CHECKING:
    from seedbed.app.review.reviewing import Reviewing
    from seedbed.core.review.entry import Wanted

    from .desk import Desk

DAY = 86_400
"""Seconds."""

FormatName = Annotated[str, Field(max_length=100, description="The name of a format, see `GET /formats`.")]


def exported(
    desk: Desk,
    place: Reviewing,
    wanted: Wanted,
    form: str,
    choice: Choice,
    *,
    origin: bool = False,
) -> FileResponse:
    """Records as a file, or as an archive of the files that a format writes; formula cells of tables are defused.

    Raises:
        InputError: there is no such format, or it cannot hold these records.
    """
    name = f"{plain_name(place.dataset)}{'-tasks' if choice.tasks else ''}{suffix_for(form)}"
    passing = desk.workspace.subfolder("passing")
    _sweep(passing)
    folder = Path(mkdtemp(dir=passing))
    try:
        path = folder / name
        with speaking_of(path, name):
            output = Output(path, with_origin=origin, csv_safe=True, to=form)
            export(place, replace(wanted, dataset=place.dataset), output, choice)
        if folder_contents(format_for(path, form)):
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
