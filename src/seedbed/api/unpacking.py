"""Packed files that are sent: unpacked before anything reads them, and only so far."""

from __future__ import annotations

import lzma
import zlib
from fnmatch import fnmatch
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any, Final
from zipfile import BadZipFile, ZipFile

from seedbed.formats.catalog import formats
from seedbed.formats.streams import reading

from .problems import Refused

if TYPE_CHECKING:
    from pathlib import Path
    from typing import IO
    from zipfile import ZipInfo

MOST_UNPACKED: Final = 500_000_000
"""Bytes of a packed file when it is unpacked: a few of them may stand for gigabytes."""

MOST_FILES: Final = 1000
"""Files in an archive."""

_BLOCK: Final = 2**20
_DAMAGED: Final = (BadZipFile, EOFError, zlib.error, lzma.LZMAError, NotImplementedError, RuntimeError, ValueError)


def unpacked(path: Path, name: str) -> Path:
    """A packed file as a plain one beside it.

    Raises:
        Refused: 413, it holds too much.
    """
    plain = path.with_suffix("")
    with reading(str(path)) as packed:
        _copy(packed, plain, MOST_UNPACKED, name)
    return plain


def unzipped(path: Path, name: str, form: str | None) -> tuple[Path, str]:
    """An archive as a folder beside it, and the format of that folder if none is named.

    Raises:
        Refused: 400, it is none, or of no format; 413, it holds too much.
    """
    folder = path.with_suffix("")
    folder.mkdir()
    left = MOST_UNPACKED
    try:
        with ZipFile(path) as archive:
            files = [one for one in archive.infolist() if not one.is_dir()]
            top = _top([one.filename for one in files])
            kind = form or _kind([one.filename.removeprefix(top) for one in files], name)
            if len(files) > MOST_FILES:
                raise Refused(413, f"{name} holds more than {MOST_FILES:,} files.", "Send it in parts.")
            for one in files:
                with archive.open(one) as packed:
                    left -= _copy(packed, _place(folder, one, name), left, name)
    except _DAMAGED as error:
        raise Refused(400, f"{name} cannot be read as a ZIP archive.", "Pack it again, without a password.") from error
    return folder / top, kind


def _top(names: list[str]) -> str:
    """The folder that all files are in, where a folder was packed and not what is in it."""
    tops = {one.partition("/")[0] for one in names} if all("/" in one for one in names) else ()
    return f"{next(iter(tops))}/" if len(tops) == 1 and not {"", "."} & {*tops} else ""


def _kind(names: list[str], name: str) -> str:
    """The format whose folders have such files."""
    for kind in formats.names():
        cls: Any = formats.get(kind)
        needed = getattr(cls, "contents", ())
        if needed and all(any(fnmatch(one, pattern) for one in names) for pattern in needed):
            return kind
    raise Refused(400, f"{name} holds no folder of a known format.", "Send the file that is in it by itself.")


def _place(folder: Path, one: ZipInfo, name: str) -> Path:
    pure = PurePosixPath(one.filename.replace("\\", "/"))
    if pure.is_absolute() or ".." in pure.parts or ":" in one.filename:
        raise Refused(400, f"{name} holds a file that lies outside of it.", "Pack the folder itself.")
    place = folder.joinpath(*pure.parts)
    place.parent.mkdir(parents=True, exist_ok=True)
    return place


def _copy(packed: IO[bytes], place: Path, most: int, name: str) -> int:
    """Writes what comes, and answers how many bytes that were."""
    with place.open("wb") as target:
        while block := packed.read(_BLOCK):
            if target.tell() + len(block) > most:
                words = f"{name} holds more than {MOST_UNPACKED // 1_000_000} MB when it is unpacked."
                raise Refused(413, words, "Send it in parts, or import it at the server: seedbed datasets import.")
            target.write(block)
        return target.tell()
