"""Files that are sent: read from a folder of their own under a name of ours."""

from __future__ import annotations

import re
from contextlib import contextmanager
from pathlib import Path
from shutil import copyfileobj
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Final

from seedbed.app.data.convert import Reading
from seedbed.core.errors import InputError
from seedbed.core.record import flat_text
from seedbed.formats.catalog import suffix_of

from .problems import Refused
from .unpacking import unpacked, unzipped

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from fastapi import UploadFile

    from seedbed.app.existing import Source
    from seedbed.core.record import Record

    from .desk import Desk

MOST_CHARACTERS: Final = 2_000_000
"""Of all texts of a record that comes in a file: pages of records are answered whole."""

_BLOCK: Final = 2**20

_LINE = re.compile(r"\bline (\d+)")
_SAFE = re.compile(r"[^A-Za-z0-9._-]+")


@contextmanager
def uploaded(desk: Desk, file: UploadFile, form: str | None = None) -> Iterator[Source]:
    """What reads the records of a file that was sent, as long as the context lasts.

    Raises:
        Refused: 400, its name is none, or it cannot be read; with the `line` if there is one. 413, too much is in it.
    """
    name = named(file.filename or "")
    with TemporaryDirectory(dir=desk.workspace.subfolder("passing")) as folder:
        path = Path(folder) / f"given{_SAFE.sub('', suffix_of(name))}"
        with path.open("wb") as target:
            copyfileobj(file.file, target, _BLOCK)
        with speaking_of(path, name):
            plain, kind = _plain(path, name, form or None)
        with speaking_of(plain, name):
            read = Reading(plain, kind).source()
            yield lambda: _bounded(read(), name)


def _plain(path: Path, name: str, form: str | None) -> tuple[Path, str | None]:
    """What is in a file that was packed, and its format if that is known."""
    match path.suffix.lower():
        case ".gz":
            return unpacked(path, name), form
        case ".zip":
            return unzipped(path, name, form)
    return path, form


def _bounded(records: Iterable[Record], name: str) -> Iterator[Record]:
    for number, record in enumerate(records, 1):
        if sum(len(flat_text(value)) for value in record.values.values()) > MOST_CHARACTERS:
            words = f"{name}, record {number}: it is longer than {MOST_CHARACTERS:,} characters."
            raise Refused(413, words, "Cut it into several records, as documents are cut into passages.")
        yield record


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
        raise Refused(400, message, error.advice, more) from error


def named(name: str) -> str:
    """The name of a file that was sent.

    Raises:
        Refused: 400, it is none: it leads elsewhere, is empty or too long, or holds control characters.
    """
    strange = any(ord(letter) < 32 or ord(letter) == 127 or 0xD800 <= ord(letter) < 0xE000 for letter in name)
    if not name.strip(". ") or len(name) > 200 or strange or "/" in name or "\\" in name:
        raise Refused(400, "The name of the file cannot be used.", "Send it under a plain name, such as tickets.csv.")
    return name
