"""Runs are driven in a process of their own, so that those who read and decide need not wait for them.

Python runs one thread of a process at a time: beside five runs, each answer took its turn among theirs
(benchmarks/api.py). The process is started anew when it has died, and its runs go on.
"""

from __future__ import annotations

import logging
import subprocess
import sys
import threading
import time
from concurrent.futures import Future
from contextlib import suppress
from itertools import count
from typing import IO, TYPE_CHECKING, Any

from seedbed.core.errors import RunFailed, SeedbedError

from ..settings import environment_of
from .driving import PATIENCE_SECONDS
from .elsewhere import HERE, Elsewhere
from .speech import Heard, Told, heard_from, say_to

if TYPE_CHECKING:
    from collections.abc import Callable

    from ..preview import Shown
    from ..workspace import Workspace

SOON_SECONDS = 30.0
"""A process that has died so soon after its start counts as a failed start."""

MOST_DEATHS = 3
"""After so many of them the runs are given up."""

_log = logging.getLogger(__name__)


class Apart:
    """Drives runs of one workspace in another process; see `Drives`.

    Args:
        workspace: where they are.
        alone: whether only the person at this machine uses the service, who may ask any address.
        elsewhere: where they are worked on, if not there.
    """

    def __init__(self, workspace: Workspace, *, alone: bool, elsewhere: Elsewhere = HERE) -> None:
        self._workspace = workspace
        where = [elsewhere.executor, str(elsewhere.workers or "")]
        self._arguments = [str(workspace.folder.resolve()), *where, *(["alone"] if alone else [])]
        self._ended: Callable[[str], object] = str
        self._numbers = count(1)
        self._driven: dict[str, str] = {}
        """What is wished of each run that is driven; "" for nothing."""
        self._previews: dict[int, Future[list[dict[str, Any]]]] = {}
        self._shown: dict[int, Shown] = {}
        self._lock = threading.RLock()
        self._closing = False
        self._process: subprocess.Popen[bytes] | None = None
        self._thread: threading.Thread | None = None

    @property
    def pid(self) -> int | None:
        """The number of the process; None before it was started."""
        return self._process.pid if self._process else None

    def open(self, ended: Callable[[str], object]) -> None:
        """See `Drives.open`; does not wait for the process to be ready."""
        self._ended = ended
        self._start()
        self._thread = threading.Thread(target=self._listen, name="seedbed-driver", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """See `Drives.close`."""
        with self._lock:
            self._closing = True
            self._say(Told("close"))
        process = self._process
        if process is None or self._thread is None:
            return
        with suppress(subprocess.TimeoutExpired):
            process.wait(2 * PATIENCE_SECONDS)
        process.kill()
        self._thread.join()

    def drive(self, run: str) -> None:
        """See `Drives.drive`."""
        with self._lock:
            self._driven.setdefault(run, "")
            self._say(Told("drive", (run,)))

    def stop(self, run: str, wish: str) -> None:
        """See `Drives.stop`."""
        with self._lock:
            if run in self._driven:
                self._driven[run] = wish
                self._say(Told("stop", (run, wish)))

    def unbatch(self, run: str) -> None:
        """See `Drives.unbatch`."""
        with self._lock:
            self._say(Told("unbatch", (run,)))

    def preview(self, recipe: dict[str, Any], folder: str, n: int, show: Shown) -> Future[list[dict[str, Any]]]:
        """See `Drives.preview`."""
        asked: Future[list[dict[str, Any]]] = Future()
        number = next(self._numbers)
        with self._lock:
            self._previews[number], self._shown[number] = asked, show
            self._say(Told("preview", (recipe, folder, n), number))
        asked.add_done_callback(lambda done: self._forget(number, cancelled=done.cancelled()))
        return asked

    def _forget(self, number: int, *, cancelled: bool) -> None:
        with self._lock:
            self._shown.pop(number, None)
            if self._previews.pop(number, None) is not None and cancelled:
                self._say(Told("cancel", number=number))

    def _start(self) -> None:
        """Starts the process, and tells it what there is to do.

        Raises:
            RunFailed: it cannot be started.
        """
        command = [sys.executable, "-P", "-m", "seedbed.app.serve.driver", *self._arguments]
        with self._lock:
            if self._closing:
                return
            try:
                # A session of its own: Ctrl-C is for the server, which lets the runs come to rest.
                self._process = subprocess.Popen(  # noqa: S603
                    command,
                    stdin=subprocess.PIPE,
                    stdout=subprocess.PIPE,
                    start_new_session=True,
                    env=environment_of(self._workspace.settings),
                )
            except OSError as error:
                words = f"No process could be started to drive runs: {error.strerror or error}."
                raise RunFailed(words, "Free memory, then start the server again.") from error
            self._begun = time.monotonic()
            for run, wish in self._driven.items():
                self._say(Told("drive", (run,)))
                if wish:
                    self._say(Told("stop", (run, wish)))

    def _say(self, told: Told) -> None:
        """Tells the process; one that has just died hears it from `_start` again."""
        if self._process is None or self._process.stdin is None:
            return
        with suppress(OSError, ValueError):
            say_to(self._process.stdin, told)

    def _listen(self) -> None:
        deaths = 0
        while self._process is not None and self._process.stdout is not None:
            self._hear(self._process.stdout)
            code = self._process.wait()
            self._close_pipes()
            if self._closing:
                return
            deaths = deaths + 1 if time.monotonic() - self._begun < SOON_SECONDS else 1
            _log.error("The process that drives runs has ended: %s.", _how(code))
            self._lost(_how(code), given_up=deaths >= MOST_DEATHS)
            try:
                self._start()
            except RunFailed as error:
                self._lost(error.message, given_up=True)
                return

    def _hear(self, pipe: IO[bytes]) -> None:
        """Everything that the process says, until it has ended."""
        while (heard := heard_from(pipe)) is not None:
            if heard.what == "ended":
                with self._lock:
                    self._driven.pop(heard.run, None)
                self._ended(heard.run)
            elif heard.what == "shown":
                if show := self._shown.get(heard.number):
                    show(heard.found)
            elif heard.what == "previewed":
                self._previewed(heard)

    def _previewed(self, heard: Heard) -> None:
        with self._lock:
            asked = self._previews.get(heard.number)
        if asked is None or not asked.set_running_or_notify_cancel():
            return
        if isinstance(heard.found, SeedbedError):
            asked.set_exception(heard.found)
        else:
            asked.set_result(heard.found)

    def _lost(self, how: str, *, given_up: bool) -> None:
        """The process is gone: who waits for a preview is told; runs go on unless it keeps dying."""
        error = RunFailed(f"The process that asks models has ended ({how}).", "It may lack memory. Try again.")
        with self._lock:
            previews = list(self._previews)
            runs = list(self._driven) if given_up else []
        for number in previews:
            self._previewed(Heard("previewed", number=number, found=error))
        for run in runs:
            words = f"The process that drove it has ended {MOST_DEATHS} times ({how}). It may lack memory."
            store = self._workspace.store
            with suppress(SeedbedError), store.claim(run):  # unless another service drives it by now
                store.update_run(run, state="failed", message=words)
            with self._lock:
                self._driven.pop(run, None)
            self._ended(run)

    def _close_pipes(self) -> None:
        for pipe in (self._process.stdin, self._process.stdout) if self._process else ():
            if pipe is not None:
                with suppress(OSError):
                    pipe.close()


def _how(code: int) -> str:
    return f"signal {-code}" if code < 0 else f"code {code}"
