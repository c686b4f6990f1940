"""A workspace as one file, made while its server works, and brought back.

The file is a tar.gz: `backup.json` first (what it is), then the files, and their SHA-256 last, in `hashes.json`.
"""

from __future__ import annotations

import os
import shutil
import tarfile
import zlib
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from gzip import BadGzipFile, GzipFile
from hashlib import sha256
from importlib.metadata import version
from io import BytesIO
from pathlib import Path, PurePosixPath
from secrets import token_hex
from tempfile import TemporaryDirectory
from typing import IO, TYPE_CHECKING, Any, Final

import orjson

from seedbed.core.errors import InputError
from seedbed.storage.copies import SCHEMA, copy, counted, is_used, settle

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..workspace import Workspace

FORMAT: Final = 1
STORE: Final = "seedbed.db"
KEY: Final = "secret.key"
HEAD: Final = "backup.json"
HASHES: Final = "hashes.json"
LEFT_OUT: Final = ("locks", "passing")
"""Folders of what is under way at the moment."""

CHUNK: Final = 1 << 20


@dataclass(frozen=True, slots=True)
class Backup:
    """What a backup says of itself: how many rows its tables have, and whether the key of saved API keys is in it.
    `linked` are links of the workspace, which are left out; `folder` is the one that was saved."""

    format: int
    seedbed: str
    schema: int
    created: str
    folder: str
    key: bool
    counts: dict[str, int] = field(default_factory=dict)
    linked: list[str] = field(default_factory=list)


def back_up(place: Workspace, file: Path, *, key: bool = False, force: bool = False) -> Backup:
    """Writes all that a workspace holds at one moment into a new file, readable by its owner only.

    Args:
        place: the workspace; a server may work in it.
        file: what is written.
        key: whether `secret.key` goes in; without it saved API keys are there, but nobody can read them.
        force: whether it may take the place of a file.

    Raises:
        InputError: there is no workspace, or something cannot be read or written.
    """
    check_file(place)
    if not place.exists:
        raise InputError(f"There is no workspace at {place.folder}.", "Name one with --workspace.")
    if file.exists() and not force:
        raise InputError(f"{file} exists.", "Take another name, or --force.")
    if file.absolute().is_relative_to(place.folder):
        raise InputError(
            f"{file} lies in the workspace that it is to save.", "Write it elsewhere, best on another disk."
        )
    part = file.with_name(f".{file.name}.{token_hex(4)}")
    with _told(f"{file} cannot be written"):
        try:
            with TemporaryDirectory(dir=file.absolute().parent, prefix=".seedbed-") as beside:
                store = Path(beside) / STORE
                copy(place.folder / STORE, store)
                head = _head(place.folder, store, key=key)
                with os.fdopen(os.open(part, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb") as stream:
                    _pack(stream, place.folder, store, head)
                    stream.flush()
                    os.fsync(stream.fileno())
            part.replace(file)
        finally:
            part.unlink(missing_ok=True)
    return head


def check_file(place: Workspace) -> None:
    """A backup is one of a store that is a file.

    Raises:
        InputError: it is a PostgreSQL database.
    """
    if place.settings.database:
        raise InputError(
            "This workspace keeps its records in PostgreSQL, which has tools of its own for backups.",
            f"Save the database with pg_dump, and {place.folder} with secret.key beside it (docs/postgresql.md).",
        )


def restore(file: Path, folder: Path, *, force: bool = False) -> tuple[Backup, Path | None]:
    """Brings a workspace back into an empty folder; answers what it is, and where the one that was there is now.

    Args:
        file: a backup.
        folder: where it goes.
        force: whether it may take the place of a workspace, which is put beside it.

    Raises:
        InputError: the file is no backup, is not whole, or is of a newer Seedbed; or the folder is not free.
    """
    folder = folder.absolute()
    _check_free(folder, force=force)
    with _told(f"{folder} cannot be written"):
        folder.parent.mkdir(parents=True, exist_ok=True)
        beside = folder.with_name(f".{folder.name}.{token_hex(4)}")
        beside.mkdir(mode=0o700)
        try:
            head = _unpack(file, beside)
            settle(beside / STORE, head.folder, str(folder))
            before = _put_aside(folder)
            beside.rename(folder)
        finally:
            shutil.rmtree(beside, ignore_errors=True)
    return head, before


def _head(folder: Path, store: Path, *, key: bool) -> Backup:
    counts = counted(store)
    return Backup(
        FORMAT,
        version("seedbed"),
        counts.pop("schema"),
        datetime.now(UTC).isoformat(timespec="seconds"),
        str(folder),
        key and (folder / KEY).exists(),
        counts,
        [str(path.relative_to(folder)) for path in sorted(folder.rglob("*")) if path.is_symlink()],
    )


def _pack(stream: IO[bytes], folder: Path, store: Path, head: Backup) -> None:
    hashes: dict[str, str] = {}
    with (
        GzipFile("", "wb", compresslevel=3, fileobj=stream) as packed,
        tarfile.open(fileobj=packed, mode="w|") as tar,
    ):
        hashes[HEAD] = _add_text(tar, HEAD, asdict(head))
        hashes[STORE] = _add_file(tar, STORE, store)
        for path in _others(folder, key=head.key):
            name = path.relative_to(folder).as_posix()
            hashes[name] = _add_file(tar, name, path)
        _add_text(tar, HASHES, hashes)


def _others(folder: Path, *, key: bool) -> Iterator[Path]:
    """The files of a workspace beside its store."""
    for path in sorted(folder.rglob("*")):
        parts = path.relative_to(folder).parts
        own = len(parts) == 1 and (path.name.startswith((STORE, ".secret-")) or (path.name == KEY and not key))
        if not own and parts[0] not in LEFT_OUT and path.is_file() and not path.is_symlink():
            yield path


def _add_text(tar: tarfile.TarFile, name: str, value: Any) -> str:
    """Adds a document; answers its hash."""
    content = orjson.dumps(value)
    entry = tarfile.TarInfo(name)
    entry.size, entry.mode = len(content), 0o600
    tar.addfile(entry, BytesIO(content))
    return sha256(content).hexdigest()


def _add_file(tar: tarfile.TarFile, name: str, path: Path) -> str:
    """Adds a file as long as it is now; answers its hash."""
    with path.open("rb") as opened:
        entry = tarfile.TarInfo(name)
        status = os.fstat(opened.fileno())
        entry.size, entry.mode, entry.mtime = status.st_size, 0o600, int(status.st_mtime)
        hashed = _Hashed(opened)
        tar.addfile(entry, hashed)
        return hashed.sum.hexdigest()


class _Hashed:
    """A file that is hashed as it is read."""

    def __init__(self, opened: IO[bytes]) -> None:
        self._opened = opened
        self.sum = sha256()

    def read(self, size: int = -1) -> bytes:
        content = self._opened.read(size)
        self.sum.update(content)
        return content


def _check_free(folder: Path, *, force: bool) -> None:
    if not folder.exists() or (folder.is_dir() and not any(folder.iterdir())):
        return
    if not force:
        raise InputError(f"{folder} is not empty.", "Name another with --workspace; --force puts what is there aside.")
    if (folder / STORE).exists() and is_used(folder / STORE):
        raise InputError(f"{folder} is in use.", "Stop `seedbed serve` and the commands that work there first.")


def _put_aside(folder: Path) -> Path | None:
    if not folder.exists():
        return None
    if folder.is_dir() and not any(folder.iterdir()):
        folder.rmdir()
        return None
    before = folder.with_name(f"{folder.name}-before-{datetime.now(UTC):%Y%m%d-%H%M%S}-{token_hex(2)}")
    folder.rename(before)
    return before


def _unpack(file: Path, folder: Path) -> Backup:
    """Writes the files of a backup into a folder, and looks whether all are there as they were.

    Raises:
        InputError: it is no backup, not whole, or of a newer Seedbed.
    """
    hashes: dict[str, str] = {}
    heads: list[Backup] = []
    try:
        with GzipFile(file, "rb") as packed, tarfile.open(fileobj=packed, mode="r|") as tar:
            said = _read_entries(tar, file, folder, heads, hashes)
            while packed.read(CHUNK):
                pass  # to the end, where the sum of everything stands
    except OSError as error:
        if isinstance(error, BadGzipFile) or error.errno is None:
            raise _broken(file) from error
        raise InputError(f"{file} cannot be read: {error.strerror}.", "Check that you may read it.") from error
    except (tarfile.TarError, EOFError, zlib.error, ValueError) as error:
        raise (_broken(file) if heads else _no_backup(file)) from error
    if not heads:
        raise _no_backup(file)
    if said != hashes or STORE not in hashes:
        raise _broken(file)
    _check_counts(file, folder / STORE, heads[0])
    return heads[0]


def _read_entries(
    tar: tarfile.TarFile, file: Path, folder: Path, heads: list[Backup], hashes: dict[str, str]
) -> dict[str, str] | None:
    """Writes what an archive holds, its head first; fills in the head and all hashes, answers those it says."""
    said: dict[str, str] | None = None
    for entry in tar:
        content = tar.extractfile(entry) if entry.isreg() else None
        if content is None:
            raise _no_backup(file)
        if not heads:
            written = content.read(CHUNK)
            heads.append(_read_head(file, entry.name, written))
            hashes[HEAD] = sha256(written).hexdigest()
        elif entry.name == HASHES:
            said = orjson.loads(content.read())
        else:
            hashes[entry.name] = _write(_inside(file, folder, entry.name), content)
    return said


def _read_head(file: Path, name: str, content: bytes) -> Backup:
    if name != HEAD:
        raise _no_backup(file)
    try:
        head = Backup(**orjson.loads(content))
    except (TypeError, ValueError) as error:
        raise _no_backup(file) from error
    if head.format > FORMAT or head.schema > SCHEMA:
        raise InputError(
            f"{file} was made by a newer Seedbed ({head.seedbed}), which this one ({version('seedbed')}) cannot read.",
            "Upgrade Seedbed: pip install --upgrade seedbed",
        )
    return head


def _check_counts(file: Path, store: Path, head: Backup) -> None:
    counts = counted(store)
    if counts.pop("schema") != head.schema or counts != head.counts:
        raise _broken(file)


def _inside(file: Path, folder: Path, name: str) -> Path:
    """Where a file of a backup goes: into the folder, whatever it is called."""
    path = PurePosixPath(name)
    if path.is_absolute() or ".." in path.parts or not path.parts:
        raise _no_backup(file)
    return folder.joinpath(*path.parts)


def _write(path: Path, content: IO[bytes]) -> str:
    found = sha256()
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with os.fdopen(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb") as stream:
        while chunk := content.read(CHUNK):
            found.update(chunk)
            stream.write(chunk)
        stream.flush()
        os.fsync(stream.fileno())
    return found.hexdigest()


@contextmanager
def _told(words: str) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise InputError(
            f"{words}: {error.strerror or error}.", "Check the disk and the rights of the folder."
        ) from error


def _no_backup(file: Path) -> InputError:
    return InputError(f"{file} is no backup of Seedbed.", "Make one with: seedbed backup FILE")


def _broken(file: Path) -> InputError:
    return InputError(f"{file} is not whole: something of it is missing or was changed.", "Take another backup.")
