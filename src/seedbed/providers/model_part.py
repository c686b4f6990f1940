"""What a model file is, where files are kept, and one that is on its way."""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING, Self

from seedbed.core.part import Settings

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

BLOCK = 1 << 20
HUB = "https://huggingface.co"


class Packages(Settings):
    """Pieces of a file that lie as data in numbered packages; `{n}` counts from 1."""

    name: str
    version: str
    path: str
    count: int
    piece_bytes: int

    def piece(self, n: int) -> tuple[str, str]:
        """Name of the n-th package and the data file's path in it."""
        return self.name.format(n=n), self.path.format(n=n)


class ModelFile(Settings):
    """One model: a hash and the places that have a file of that hash.

    Without `sha256` and `size` it can only be had from the hub, whose own metadata say them.
    """

    name: str
    file: str
    licence: str
    repo: str
    revision: str = "main"
    size: int | None = None
    sha256: str | None = None
    packages: Packages | None = None
    purpose: str = ""
    languages: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ModelFileSettings:
    """Where model files are kept and looked for.

    Args:
        cache: our own folder of model files.
        offline: use what is on this machine only.
        hub_url: address of the Hugging Face hub or of a mirror.
        hub_cache: folder of the Hugging Face cache, if there is one.
        pip_options: further options of `pip download`.
        connect_timeout: seconds until a silent hub counts as unreachable.
        models: further models, which come before those of the catalogue.
    """

    cache: Path
    offline: bool = False
    hub_url: str = HUB
    hub_cache: Path | None = None
    pip_options: tuple[str, ...] = ()
    connect_timeout: float = 4.0
    models: tuple[ModelFile, ...] = ()


class SourceFailed(Exception):
    """A source cannot give the file; the message is one clause that says why."""


class Unreachable(SourceFailed):
    """The source did not answer at all."""


class WrongHash(SourceFailed):
    """Bytes came, but they are not the file's."""


class PartFile:
    """The beginning of a file, hashed as it grows.

    What an interrupted download left is kept and hashed first, so any source can go on where another one stopped.

    Args:
        target: the finished file; the part lies beside it.
        size: bytes of the finished file.
        progress: told the bytes present and the size, at least once for each megabyte.
    """

    def __init__(self, target: Path, size: int, progress: Callable[[int, int], object]) -> None:
        self.target = target
        self.path = part_path(target)
        self.size = size
        self.length = 0
        self._progress = progress
        self._hash = hashlib.sha256()
        self._file = self.path.open("a+b")
        self._take_in_what_is_there()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()

    def write(self, block: bytes) -> None:
        """Appends bytes.

        Raises:
            WrongHash: there are more than the file may have.
        """
        if self.length + len(block) > self.size:
            self._discard("is longer than it should be")
        self._file.write(block)
        self._hash.update(block)
        self.length += len(block)
        self.tick()

    def restart(self) -> None:
        """Forgets everything written."""
        self._file.truncate(0)
        self._hash = hashlib.sha256()
        self.length = 0

    def tick(self) -> None:
        """Reports the progress; whoever listens may end the download by raising."""
        self._progress(self.length, self.size)

    def finish(self, sha256: str) -> Path:
        """Checks the hash and puts the file into its place.

        Raises:
            WrongHash: it is not the file that was wanted; it is deleted.
        """
        if self.length != self.size or self._hash.hexdigest() != sha256:
            self._discard("does not have the expected SHA-256")
        self._file.flush()
        os.fsync(self._file.fileno())
        self.path.replace(self.target)
        _sync_folder(self.target.parent)
        return self.target

    def _take_in_what_is_there(self) -> None:
        self._file.seek(0)
        for block in blocks(self._file):
            self._hash.update(block)
            self.length += len(block)
        if self.length > self.size:
            self.restart()

    def _discard(self, why: str) -> None:
        self._file.close()
        self.path.unlink(missing_ok=True)
        raise WrongHash(f"the file from there {why} and was deleted")


def part_path(target: Path) -> Path:
    """Where an unfinished download of `target` lies."""
    return target.with_name(f"{target.name}.part")


def blocks(file: IO[bytes]) -> Iterator[bytes]:
    """The rest of a file in blocks."""
    return iter(lambda: file.read(BLOCK), b"")


def _sync_folder(folder: Path) -> None:
    """Makes a rename in it last."""
    number = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(number)
    finally:
        os.close(number)
