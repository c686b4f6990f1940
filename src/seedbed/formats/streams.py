"""Opens files as bytes, `.gz` ones unpacked, and says in one sentence what is wrong with them."""

from __future__ import annotations

import gzip
import zlib
from contextlib import AbstractContextManager, contextmanager, nullcontext, suppress
from itertools import count
from pathlib import Path
from typing import IO, TYPE_CHECKING, cast

from seedbed.core.errors import InputError
from seedbed.places.bucket import said
from seedbed.places.paths import RemotePath, path_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from seedbed.core.ports import Streaming
    from seedbed.core.record import Record

CHUNK = 1 << 16
"""Bytes that are sent together."""

_DAMAGED = (OSError, EOFError, zlib.error)


@contextmanager
def reading(path: str) -> Iterator[IO[bytes]]:
    """The file's bytes; what goes wrong while they are read becomes an `InputError`."""
    try:
        with _told(path), _open(path) as stream:
            yield stream
    except FileNotFoundError as error:
        raise InputError(f"There is no file {path}.", "Check the path.") from error
    except IsADirectoryError as error:
        raise InputError(f"{path} is a folder, not a file.", "Name a file in it.") from error
    except UnicodeDecodeError as error:
        raise InputError(
            f"{path}, line {_undecodable_line(path)}: the text is not UTF-8.",
            "Save the file as UTF-8 (in Excel: CSV UTF-8) and try again.",
        ) from error
    except _DAMAGED as error:
        raise InputError(
            f"{path} cannot be read: {getattr(error, 'strerror', None) or words_of(error)}.",
            "Check that you may read it, and that it is what its name says.",
        ) from error
    except RecursionError as error:
        raise InputError(
            f"{path} cannot be read: a value in it is nested too deeply.", "Put less deep lists and objects in it."
        ) from error


@contextmanager
def writing(path: str) -> Iterator[IO[bytes]]:
    """A new file for bytes; the same bytes always make the same file, packed ones too."""
    with said_of_values(), Path(path).open("wb") as raw:
        if not _is_packed(path):
            yield raw
            return
        with gzip.GzipFile("", "wb", 6, raw, mtime=0) as packed:
            yield cast("IO[bytes]", packed)


def write_pieces(form: Streaming, records: Iterable[Record], path: str, columns: Sequence[str]) -> int:
    """Writes what a format makes of records into a file; answers how many there were."""
    taken = count()
    counted = (record for record, _ in zip(records, taken, strict=False))
    with writing(path) as stream:
        for piece in form.pieces(counted, columns, str(Path(path).parent)):
            stream.write(piece)
    return next(taken)


def chunks(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """The same bytes in pieces large enough to be sent.

    Raises:
        InputError: a value cannot be written.
    """
    held, size = list[bytes](), 0
    with said_of_values():
        for piece in pieces:
            held.append(piece)
            size += len(piece)
            if size >= CHUNK:
                yield b"".join(held)
                held, size = [], 0
    if held:
        yield b"".join(held)


@contextmanager
def said_of_values() -> Iterator[None]:
    """What cannot be written becomes an `InputError`."""
    try:
        yield
    except UnicodeEncodeError as error:
        near = error.object[max(0, error.start - 40) : error.start]
        raise InputError(
            f"A text holds half a character (a lone surrogate) after {near!r}.",
            "Write the character as a whole, or leave it out.",
        ) from error
    except RecursionError as error:
        raise InputError(
            "A value is nested too deeply to be written.",
            "Put less deep lists and objects in it, or keep it as a text.",
        ) from error


def words_of(error: Exception) -> str:
    """What a library says of a failure, on one line and without a full stop."""
    return " ".join(str(error).split()).rstrip(".")


@contextmanager
def _open(path: str) -> Iterator[IO[bytes]]:
    with path_of(path).open("rb") as raw:
        if not _is_packed(path):
            yield raw
            return
        with gzip.open(raw, "rb") as unpacked:
            yield cast("IO[bytes]", unpacked)


def _told(path: str) -> AbstractContextManager[None]:
    return said(str(path_of(path))) if isinstance(path_of(path), RemotePath) else nullcontext()


def _is_packed(path: str) -> bool:
    return path.lower().endswith(".gz")


def _undecodable_line(path: str) -> int:
    """The first line with bytes that are not UTF-8 (no UTF-8 character contains a line feed)."""
    number = 1
    with suppress(*_DAMAGED), _open(path) as stream:  # a packed file may be damaged as well
        for number, line in enumerate(stream, 1):  # noqa: B007
            if not _is_utf8(line):
                break
    return number


def _is_utf8(line: bytes) -> bool:
    try:
        line.decode()
    except UnicodeDecodeError:
        return False
    return True
