"""Which files are meant by paths, folders and patterns."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from glob import glob, has_magic
from pathlib import Path, PurePath
from typing import TYPE_CHECKING

from seedbed.core.errors import InputError
from seedbed.places import bucket
from seedbed.places.paths import RemotePath, within

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence


@dataclass(slots=True)
class Found:
    """Where each file is, by the name it is known by, and what could not be looked into."""

    files: dict[str, Path] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)


def find(paths: Sequence[str | PurePath], folder: str | PurePath, most: int) -> Found:
    """The files of all paths, each once, those of a folder or a pattern sorted and without hidden ones.

    Raises:
        InputError: a path leads nowhere, or there is no file at all.
    """
    found = Found()
    seen: set[Path] = set()
    for given in map(str, paths):
        for name in _names(given, Path(folder), found.problems):
            path = within(folder, name)
            if path.resolve() in seen:
                continue
            if len(seen) == most:
                found.problems.append(f"{name} and what follows are not read (limit `files`: {most:,}).")
                return found
            seen.add(path.resolve())
            found.files[_written(name)] = path
    if not found.files:
        raise InputError(
            f"There are no files in {', '.join(map(str, paths)) or 'an empty list of documents'}.",
            "Check the path; a pattern such as notes/*.txt finds several.",
        )
    return found


def _written(name: str) -> str:
    """The name as it can be stored: bytes in it that are not UTF-8 as `\\xff`."""
    return os.fsencode(name).decode(errors="backslashreplace")


def _names(given: str, folder: Path, problems: list[str]) -> Iterator[str]:
    path = within(folder, given)
    if isinstance(path, RemotePath):
        return iter(_of_storage(path, given))
    if path.is_file():
        return iter((PurePath(given).as_posix(),))
    if path.is_dir():
        return _inside(path, given, problems)
    if path.exists():
        raise InputError(f"{given} is neither a file nor a folder.", "Name a file or a folder.")
    if not has_magic(given):
        raise InputError(f"There is no file or folder {given}.", f"It is looked for in {folder.resolve()}.")
    matches = sorted(match for match in glob(given, root_dir=folder, recursive=True) if (folder / match).is_file())  # noqa: PTH207
    if not matches:
        raise InputError(f"No file matches {given}.", f"It is looked for in {folder.resolve()}.")
    return (PurePath(match).as_posix() for match in matches)


def _of_storage(path: RemotePath, given: str) -> list[str]:
    """The addresses of the objects that are meant, hidden ones left out of folders."""
    address = str(path)
    if path.is_file():
        return [address]
    if path.is_dir():
        shown = (name for name in bucket.inside(address) if not any(part[0] == "." for part in name.split("/")))
        return [f"{address}/{name}" for name in shown]
    matches = bucket.matching(address) if has_magic(address) else []
    if not matches:
        raise InputError(f"There is nothing at {given}.", "Name an object, a folder or a pattern.")
    return matches


def _inside(path: Path, given: str, problems: list[str]) -> Iterator[str]:
    def closed(error: OSError) -> None:
        problems.append(f"{error.filename} cannot be looked into: {error.strerror}.")

    for at, folders, files in os.walk(path, onerror=closed):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(files):
            if not name.startswith(".") and Path(at, name).is_file():
                yield PurePath(given, Path(at, name).relative_to(path)).as_posix()
