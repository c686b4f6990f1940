"""One kind of path for both: what a person names becomes a `Path`, or a `RemotePath`, which is asked the same."""

from __future__ import annotations

import os
import re
from pathlib import Path
from stat import S_IFDIR, S_IFREG
from typing import IO, TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit
from urllib.request import url2pathname

from seedbed.core.errors import InputError

from . import bucket

if TYPE_CHECKING:
    _Local = Path
else:
    _Local = type(Path())

SCHEMES = ("s3", "gs", "az")
_ADDRESS = re.compile(r"([A-Za-z][A-Za-z0-9+.-]+):(/+)(.*)", re.DOTALL)
"""A scheme of two letters or more (one is a drive), and as many slashes as a `Path` left of two."""


class RemotePath(_Local):
    """An object, or all objects below a name, in a bucket. A folder is there as long as something lies in it.

    All that asks the storage raises an `InputError` where that does not answer, or refuses.
    """

    def __str__(self) -> str:
        """The address."""
        scheme, *rest = self.parts
        return f"{scheme}//{'/'.join(rest)}"

    def __fspath__(self) -> str:
        """The address: no other library takes it for a file of this machine."""
        return str(self)

    @property
    def bucket(self) -> str:
        """The address of the bucket alone."""
        return f"{self.parts[0]}//{self.parts[1]}"

    def absolute(self) -> RemotePath:
        """Itself."""
        return self

    def resolve(self, strict: bool = False) -> RemotePath:
        """Itself."""
        return self

    def is_absolute(self) -> bool:
        """It is."""
        return True

    def stat(self, *, follow_symlinks: bool = True) -> os.stat_result:
        """Its kind and its size in bytes; the rest is zero."""
        found = bucket.look(str(self))
        if found is None:
            raise FileNotFoundError(str(self))
        kind = S_IFDIR if found["type"] == "directory" else S_IFREG
        return os.stat_result((kind, 0, 0, 0, 0, 0, found["size"] or 0, 0, 0, 0))

    def exists(self, **_: Any) -> bool:
        """Whether there is an object, or something below it."""
        return bucket.look(str(self)) is not None

    def is_file(self, **_: Any) -> bool:
        """Whether there is an object."""
        found = bucket.look(str(self))
        return found is not None and found["type"] == "file"

    def is_dir(self, **_: Any) -> bool:
        """Whether something lies below it."""
        found = bucket.look(str(self))
        return found is not None and found["type"] == "directory"

    def samefile(self, other: str | os.PathLike[str]) -> bool:
        """Whether that is the same address."""
        return str(self) == os.fspath(other)

    def open(self, *_: Any, **__: Any) -> IO[Any]:  # type: ignore[override]
        """Its bytes, read in pieces as they are wanted."""
        return bucket.reader(str(self))

    def read_bytes(self) -> bytes:
        """All of its bytes."""
        return bucket.whole(str(self))

    def write_text(self, data: str, *_: Any, **__: Any) -> int:
        """Makes it of this text, in UTF-8."""
        bucket.make(str(self), data.encode())
        return len(data)


def path_of(given: str | os.PathLike[str]) -> Path:
    """The path that somebody names; an address of object storage is a `RemotePath`, `file://` is one of this machine.

    Raises:
        InputError: an address of another kind, or one with a key or a password in it, or without a bucket.
    """
    if isinstance(given, RemotePath):
        return given
    text = os.fspath(given).replace(os.sep, "/")
    found = _ADDRESS.fullmatch(text)
    if not found or (found[1].lower() not in (*SCHEMES, "file") and len(found[2]) < 2):
        return Path(given)
    scheme = found[1].lower()
    if scheme == "file":
        return Path(url2pathname(unquote(urlsplit(text).path)))
    if scheme not in SCHEMES:
        raise InputError(
            f"{scheme}:// is no address that files are read from or written to.",
            f"Known: {', '.join(f'{one}://' for one in SCHEMES)}, file://, or a plain path.",
        )
    return _remote(scheme, found[2][2:] + found[3])


def within(folder: str | os.PathLike[str], name: str | os.PathLike[str]) -> Path:
    """The path of what is named relative to a folder; an address is itself.

    Raises:
        InputError: as `path_of`.
    """
    found = path_of(name)
    return found if isinstance(found, RemotePath) else path_of(folder) / found


def is_remote(given: str | os.PathLike[str]) -> bool:
    """Whether this is an address of any kind, `file://` among them, and not a plain path."""
    return isinstance(given, RemotePath) or _ADDRESS.fullmatch(os.fspath(given).replace(os.sep, "/")) is not None


def has_folder(path: Path) -> bool:
    """Whether there is a folder to make the file in; in object storage its bucket is enough.

    Raises:
        InputError: there is no such bucket, or it cannot be reached.
    """
    if not isinstance(path, RemotePath):
        return path.parent.is_dir()
    bucket.check(path.bucket)
    return True


def _remote(scheme: str, rest: str) -> RemotePath:
    name, _, key = rest.partition("/")
    if "@" in name or re.search("[?&]sig=", rest, re.IGNORECASE):
        raise InputError(
            f"The {scheme}:// address has a key or a password in it, where others would see it.",
            "Give keys by the environment: docs/storage.md says how.",
        )
    parts = key.removesuffix("/").split("/") if key else []
    if not {"", ".", ".."}.isdisjoint([name, *parts]):
        raise InputError(
            f"{scheme}://{rest} is no address of an object.", f"As in: {scheme}://bucket/folder/dataset.jsonl"
        )
    return RemotePath(f"{scheme}:", name, key) if key else RemotePath(f"{scheme}:", name)
