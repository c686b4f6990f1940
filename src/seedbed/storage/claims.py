"""One driver for each run on one machine: operating-system locks on files.

The system frees it the moment the process is gone, however it went; there is no lease to wait for.
"""

from __future__ import annotations

import fcntl
import time
from contextlib import contextmanager
from typing import IO, TYPE_CHECKING, Protocol

from seedbed.core.errors import InputError, RunClaimed

if TYPE_CHECKING:
    from collections.abc import Iterator
    from contextlib import AbstractContextManager
    from pathlib import Path

    from sqlalchemy import Connection


class Claims(Protocol):
    """Claims of one kind, each of which one has at a time, in any process."""

    def hold(self, run: str) -> AbstractContextManager[None]:
        """Holds the claim while the context lasts.

        Raises:
            RunClaimed: somebody who lives holds it.
        """
        ...

    def wait(self, name: str) -> AbstractContextManager[None]:
        """Holds the claim while the context lasts; waits for it as long as it takes."""
        ...

    def is_held(self, run: str) -> bool:
        """Whether somebody who lives holds the claim."""
        ...

    def assure(self, connection: Connection, name: str) -> None:
        """Where this store has claimed something: it has it until this transaction ends.

        Raises:
            RunClaimed: somebody else has it by now.
        """
        ...


class FileClaims:
    """Claims as locked files in a folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    @contextmanager
    def hold(self, run: str) -> Iterator[None]:
        """Holds the claim while the context lasts.

        Raises:
            RunClaimed: a live process holds it.
        """
        with self._opened(run) as file:
            if not _patient_lock(file):
                raise claimed_by_another(run)
            yield

    @contextmanager
    def wait(self, name: str) -> Iterator[None]:
        """Holds the claim while the context lasts; waits for it as long as it takes."""
        with self._opened(name) as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield

    def is_held(self, run: str) -> bool:
        """Whether a live process holds the claim."""
        path = self._path(run)
        if not path.exists():
            return False
        with self._opened(run) as file:
            return not _lock(file)

    def assure(self, connection: Connection, name: str) -> None:
        """See `Claims.assure`: nobody takes a lock away from a process that lives."""

    def _opened(self, run: str) -> IO[str]:
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            return self._path(run).open("a")
        except OSError as error:
            words = f"The folder {self._folder} cannot be used: {error.strerror}."
            raise InputError(words, "Remove what is in its place, or choose another with --workspace.") from error

    def _path(self, run: str) -> Path:
        return self._folder / f"{run}.lock"


def claimed_by_another(run: str) -> RunClaimed:
    """What to say to who wants to drive a run that is another's."""
    return RunClaimed(
        f"The run {run} is being driven by another process.",
        f"Watch it with `seedbed runs show {run}`, or start another run with --new.",
    )


def _patient_lock(file: IO[str]) -> bool:
    """Somebody who only looks holds the lock for an instant, too, or longer where the machine is busy."""
    for _ in range(25):
        if _lock(file):
            return True
        time.sleep(0.02)
    return False


def _lock(file: IO[str]) -> bool:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
