"""Files that are sent: read from a folder of their own under a name of ours."""

from __future__ import annotations

import re
from contextlib import contextmanager
from pathlib import Path
from shutil import copyfileobj
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from seedbed.app.data.convert import Reading
from seedbed.core.errors import InputError
from seedbed.formats.catalog import suffix_of

from .problems import Refused

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fastapi import UploadFile

    from seedbed.app.existing import Source

    from .desk import Desk

_LINE = re.compile(r"\bline (\d+)")
_SAFE = re.compile(r"[^A-Za-z0-9._-]+")


@contextmanager
def uploaded(desk: Desk, file: UploadFile, form: str | None = None) -> Iterator[Source]:
    """What reads the records of a file that was sent, as long as the context lasts.

    Raises:
        Refused: 400, its name is none, or it cannot be read; with the `line` if there is one.
    """
    name = named(file.filename or "")
    with TemporaryDirectory(dir=desk.workspace.subfolder("passing")) as folder:
        path = Path(folder) / f"given{_SAFE.sub('', suffix_of(name))}"
        with path.open("wb") as target:
            copyfileobj(file.file, target, 2**20)
        with speaking_of(path, name):
            yield Reading(path, form or None).source()


@contextmanager
def speaking_of(path: Path, name: str) -> Iterator[None]:
    """What is wrong with a file of ours is said of the one that was sent.

    Raises:
        Refused: 400, instead of an `InputError` that names the file.
    """
    try:
        yield
    except InputError as error:
        if type(error) is not InputError:
            raise
        message = error.message.replace(str(path), name).replace(path.name, name)
        line = _LINE.search(message)
        more = {"line": int(line[1])} if line and str(path) in error.message else {}
        raise Refused(400, message, error.hint, more) from error


def named(name: str) -> str:
    """The name of a file that was sent.

    Raises:
        Refused: 400, it is none: it leads elsewhere, is empty or too long, or holds control characters.
    """
    strange = any(ord(letter) < 32 or ord(letter) == 127 or 0xD800 <= ord(letter) < 0xE000 for letter in name)
    if not name.strip(". ") or len(name) > 200 or strange or "/" in name or "\\" in name:
        raise Refused(400, "The name of the file cannot be used.", "Send it under a plain name, such as tickets.csv.")
    return name
