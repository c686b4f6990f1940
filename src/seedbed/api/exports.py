"""Records as files that are sent."""

from __future__ import annotations

import shutil
import time
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from tempfile import mkdtemp
from typing import TYPE_CHECKING, Annotated

from pydantic import BaseModel, Field
from starlette.background import BackgroundTask
from starlette.responses import FileResponse, Response

from seedbed.app.data.importing import plain_name
from seedbed.app.output import Output
from seedbed.app.review.tasks import Choice, to_export
from seedbed.formats.catalog import is_flat, suffix_for
from seedbed.formats.spans import Overlaps, said_to_overlap

from .items import Strict, Where
from .sending import BYTES, Presence, Streamed
from .uploads import speaking_of

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterable, Iterator, Mapping, Sequence

    from seedbed.app.review.reviewing import Reviewing
    from seedbed.core.record import Record
    from seedbed.core.review.entry import Wanted

    from .desk import Desk

DAY = 86_400
"""Seconds."""

FormatName = Annotated[str, Field(max_length=100, description="The name of a format, see `GET /formats`.")]

OVERLAPS = (
    "What a format that holds one layer of spans does with those that overlap: it refuses records with some, keeps the "
    "longest, or leaves these records out. Other formats hold them all."
)
OVERLAPPING = "X-Seedbed-Overlapping"
"""The header that says how many of the records have spans that overlap, where the format holds one layer."""
RECORDS = "X-Seedbed-Records"
"""The header that says how many records a file has, as they were counted before its first byte."""

Few = Annotated[
    list[Annotated[str, Field(max_length=100)]],
    Field(max_length=400, description="Only these records. More do not fit into an address: choose them by filters."),
]


class How(Strict):
    """How records are written: by default so that no spreadsheet takes a text for a formula."""

    format: FormatName = "csv"
    csv_safe: bool = True
    origin: bool = False
    overlaps: Annotated[Overlaps, Field(description=OVERLAPS)] = "refuse"


class Choosing(Where):
    """Which records."""

    ids: Few = []


class Overlapping(BaseModel):
    """How many records have spans that overlap."""

    records: int


class Written(Choosing, How):
    """Which records, and how they are written."""


def exported(desk: Desk, place: Reviewing, asked: Written) -> Response:
    """Records as a file, or as an archive of the files that a format writes.

    Raises:
        InputError: there is no such format, or it cannot hold these records.
    """
    choice, wanted = chosen(place, asked, tasks=False)
    given = to_export(place, wanted, choice, origin=asked.origin)
    size = choice.count(place, wanted)
    return sent(desk, plain_name(place.dataset), asked, given, size, lambda: choice.overlapping(place, wanted))


def chosen(place: Reviewing, asked: Choosing, *, tasks: bool) -> tuple[Choice, Wanted]:
    """The records of a dataset under review that are asked for."""
    return Choice(tuple(asked.ids), tasks=tasks), replace(asked.wanted(tasks=tasks), dataset=place.dataset)


def sent(
    desk: Desk,
    stem: str,
    asked: How,
    given: tuple[Iterable[Record], Sequence[str]],
    size: int,
    overlapping: Callable[[], tuple[int, Record | None]],
) -> Response:
    """Records with the columns of the file, as a file of that name while they are read; or, of a format that makes its
    files at once, as a file or an archive of files when they are made. A header says how many records these are.

    `overlapping` says how many have spans that overlap, and the first: a format that holds one layer is refused before
    its file begins, or says in a header how many these are.

    Raises:
        InputError: there is no such format, or it cannot hold these records.
    """
    if not is_flat(asked.format):
        return _sized(_sent(desk, stem, asked, given, {}), size)
    count, first = overlapping()
    if first and asked.overlaps == "refuse":
        raise said_to_overlap(count, first, f"record `{first.id}`")
    answer = _sent(desk, stem, asked, given, {"overlaps": asked.overlaps})
    answer.headers[OVERLAPPING] = str(count)
    return _sized(answer, size - count if asked.overlaps == "skip" else size)


def _sized(answer: Response, size: int) -> Response:
    answer.headers[RECORDS] = str(size)
    return answer


def _sent(
    desk: Desk,
    stem: str,
    asked: How,
    given: tuple[Iterable[Record], Sequence[str]],
    options: Mapping[str, str],
) -> Response:
    name = f"{stem}{suffix_for(asked.format)}"
    passing = desk.workspace.subfolder("passing")
    output = Output(
        passing / name, with_origin=asked.origin, csv_safe=asked.csv_safe, to=asked.format, to_options=options
    )
    here, (records, columns) = Presence(), given
    with speaking_of(output.path, name):
        pieces = output.pieces(here.only(records), columns)
    if pieces is not None:
        return Streamed(_speaking(pieces, output.path, name), name, here)
    return _kept(passing, name, lambda path: replace(output, path=path).put(records, columns, force=False))


def _speaking(pieces: Iterator[bytes], path: Path, name: str) -> Generator[bytes]:
    with speaking_of(path, name):
        yield from pieces


def _kept(passing: Path, name: str, write: Callable[[Path], object]) -> FileResponse:
    """The file, or the archive of the files, that is written whole first; it is removed when it was sent."""
    _sweep(passing)
    folder = Path(mkdtemp(dir=passing))
    try:
        path = folder / name
        with speaking_of(path, name):
            write(path)
        if path.is_dir():
            path = Path(shutil.make_archive(str(path), "zip", path))
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    done = BackgroundTask(shutil.rmtree, folder, ignore_errors=True)
    return FileResponse(path, filename=path.name, background=done, media_type=BYTES)


def _sweep(folder: Path) -> None:
    """Removes what downloads that were broken off have left."""
    for left in folder.iterdir():
        with suppress(OSError):
            if left.stat().st_mtime < time.time() - DAY:
                shutil.rmtree(left, ignore_errors=True)
