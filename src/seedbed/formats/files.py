"""Writes a file, or a format's folder, as a whole or not at all."""

from __future__ import annotations

import os
from contextlib import contextmanager, suppress
from dataclasses import replace
from fnmatch import fnmatch
from pathlib import Path
from secrets import token_hex
from shutil import rmtree
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, NamedTuple

from seedbed.core.errors import InputError
from seedbed.places import bucket
from seedbed.places.paths import RemotePath, has_folder, path_of

from .catalog import format_for, suffix_of
from .csv import CsvFormat

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from seedbed.core.ports import Format
    from seedbed.core.record import Record


class Contents(NamedTuple):
    """Patterns of the files in a folder: those that are always there, and those that may come `later`."""

    always: tuple[str, ...]
    later: tuple[str, ...] = ()


def write_file(
    records: Iterable[Record],
    path: str | Path,
    columns: Sequence[str],
    *,
    force: bool,
    csv_safe: bool = False,
    form: Format | None = None,
) -> int:
    """Writes `columns` of all records as `form`, or in the format of the suffix, and answers how many there were.

    Until the last record is safely on disk, what was at `path` stays; if anything fails, it stays for good.

    Raises:
        InputError: `path` cannot be written, or is there and `force` is not set.
    """
    form = form or format_for(path)
    check_target(path, force=force, form=form)
    safe = safe_form(form, csv_safe=csv_safe)
    with _beside(path) as temporary:
        count = safe.write(records, str(temporary), columns)
        check_target(path, force=force, form=form)
        sign = next(iter(folder_contents(form)), "")
        _put_in_place(temporary, path_of(path).resolve(), force=force, sign=sign)
    return count


def safe_form(form: Format, *, csv_safe: bool) -> Format:
    """The format, which lets no spreadsheet take a text for a formula if that is asked for."""
    return replace(form, safe=True) if csv_safe and isinstance(form, CsvFormat) else form


@contextmanager
def writing_folder(path: str | Path, contents: Contents, *, force: bool) -> Iterator[Path]:
    """An empty folder to fill; if nothing fails, it is at `path` in the end, as a whole.

    Raises:
        InputError: as `check_folder`, or `path` cannot be written.
    """
    check_folder(path, contents, force=force)
    with _beside(path) as temporary:
        temporary.mkdir()
        yield temporary
        check_folder(path, contents, force=force)
        _put_in_place(temporary, path_of(path).resolve(), force=force, sign=contents.always[0])


def check_target(path: str | Path, *, force: bool, form: Format | None = None) -> None:
    """Says beforehand whether `write_file` would refuse this path.

    Raises:
        InputError: unknown suffix, no such folder, the path is there and `force` is not set, or it is a device, or a
            folder with something in it that this format does not write.
    """
    _check(path, Contents(folder_contents(form or format_for(path))), force=force)


def check_folder(path: str | Path, contents: Contents, *, force: bool) -> None:
    """Says beforehand whether `writing_folder` would refuse this path.

    Raises:
        InputError: there is no folder to make it in, or the path is there and `force` is not set, or it is no folder,
            or one with something else in it than `contents`.
    """
    _check(path, contents, force=force)


def _check(path: str | Path, contents: Contents, *, force: bool) -> None:
    target = path_of(path).resolve()
    if not has_folder(target):
        raise InputError(f"{path} cannot be written: there is no folder {target.parent}.", "Create the folder first.")
    if target.is_dir() and not contents.always:
        raise InputError(f"{path} is a folder, not a file.", "Name a file in it.")
    if target.is_file() and contents.always:
        raise InputError(f"{path} is a file, not a folder.", "This format writes a folder: give it another name.")
    if target.exists() and not target.is_file() and not target.is_dir():
        raise InputError(f"{path} is neither a file nor a folder.", "Write to a file.")
    if target.exists() and not force:
        raise InputError(f"{path} exists; use --force to replace it.", "Or name another.")
    if target.is_dir() and (foreign := _foreign(target, contents)):
        raise InputError(f"The folder {path} {foreign}.", "Remove it yourself, or name another.")


def folder_contents(form: Format) -> tuple[str, ...]:
    """Patterns of the files in the folder that the format writes; none if it writes a file."""
    contents: tuple[str, ...] = getattr(form, "contents", ())
    return contents


@contextmanager
def _beside(path: str | Path) -> Iterator[Path]:
    """A name in the same folder, for what is not finished yet; nothing of it stays.

    What goes to object storage is made in the system's folder for temporary files.
    """
    target = path_of(path).resolve()
    name = f".seedbed-{token_hex(8)}{suffix_of(path)}"
    if isinstance(target, RemotePath):
        with TemporaryDirectory(prefix="seedbed-") as folder:
            yield Path(folder, name)
        return
    temporary = target.with_name(name)
    try:
        yield temporary
    except OSError as error:
        raise InputError(
            f"{path} cannot be written: {error.strerror or error}.", "Choose a folder you may write to that has room."
        ) from error
    finally:
        _remove(temporary)


def _foreign(folder: Path, contents: Contents) -> str:
    """What the format would not have written so; an empty folder is nobody's."""
    found = _inside(folder)
    for name in found:
        if not any(fnmatch(name, pattern) for pattern in (*contents.always, *contents.later)):
            return f"holds `{name}`, which is not of this format"
    lacking = [pattern for pattern in contents.always if not any(fnmatch(name, pattern) for name in found)]
    return f"has no {lacking[0]}, so it is not of this format" if found and lacking else ""


def _inside(folder: Path) -> list[str]:
    if isinstance(folder, RemotePath):
        return bucket.inside(str(folder))
    return [file.relative_to(folder).as_posix() for file in folder.rglob("*") if not file.is_dir()]


def _put_in_place(temporary: Path, target: Path, *, force: bool, sign: str) -> None:
    """As durable as the disk allows; what is replaced hands its permissions on. `sign` is a file of a folder."""
    if isinstance(target, RemotePath):
        if temporary.is_dir():
            bucket.put_folder(temporary, str(target), sign)
        else:
            bucket.put(temporary, str(target), new=not force)
        return
    if target.exists():
        temporary.chmod(target.stat().st_mode & 0o7777)
    for part in [*temporary.rglob("*"), temporary]:
        _sync(part)
    if target.is_dir():
        _exchange(temporary, target)
    else:
        temporary.replace(target)
    _sync(target.parent)


def _exchange(temporary: Path, target: Path) -> None:
    """No system call everywhere replaces a folder by another: the old one steps aside for a moment."""
    aside = target.with_name(f".seedbed-{token_hex(8)}")
    target.rename(aside)
    try:
        temporary.rename(target)
    except BaseException:
        aside.rename(target)
        raise
    rmtree(aside, ignore_errors=True)


def _remove(temporary: Path) -> None:
    if temporary.is_dir():
        rmtree(temporary, ignore_errors=True)
    else:
        temporary.unlink(missing_ok=True)


def _sync(path: Path) -> None:
    if not path.is_dir():
        with path.open("rb+") as stream:
            os.fsync(stream.fileno())
        return
    with suppress(OSError):  # some file systems have no handle on a folder
        handle = os.open(path, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
