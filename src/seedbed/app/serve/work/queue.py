"""The jobs of a server: at most two at once, in the order in which they were asked for."""

from __future__ import annotations

import logging
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from queue import SimpleQueue
from typing import TYPE_CHECKING

from seedbed.core.errors import RunClaimed

from ...settings import environment_of
from .working import drop_halves

if TYPE_CHECKING:
    from seedbed.core.serving.jobs import Job

    from ...workspace import Workspace

Heard = Callable[["Job"], None]
"""Hears of a job whenever something happens to it; in any thread."""

AT_ONCE = 2
LOOK = 0.2
"""Seconds between two looks whether a job was cancelled."""

_log = logging.getLogger(__name__)


class JobQueue:
    """Lets processes work on the jobs of a workspace.

    What was not done when the server before ended is begun anew. Several servers may serve one workspace: who holds a
    job's claim works on it, and what nobody works on is taken up by all (`look`), of whom one gets it.

    Args:
        workspace: whose jobs.
        at_once: so many processes at most.
        alone: only the person at this machine uses the server, whose models may be on it.

    `heard` may be set before it is opened.
    """

    def __init__(self, workspace: Workspace, at_once: int = AT_ONCE, *, alone: bool = False) -> None:
        self.heard: Heard = lambda _: None
        self._workspace = workspace
        self._at_once = at_once
        self._alone = ["alone"] if alone else []
        self._waiting: SimpleQueue[str | None] = SimpleQueue()
        self._mine: set[str] = set()
        """Those that wait here or are worked on."""
        self._left: set[str] = set()
        """Those of nobody here at the latest look."""
        self._threads: list[threading.Thread] = []
        self._starting = threading.Lock()
        self._closing = threading.Event()

    @property
    def closing(self) -> bool:
        """Whether the server is about to end."""
        return self._closing.is_set()

    def open(self) -> None:
        """Takes up what was left."""
        if self._workspace.exists:
            self._left = {job.id for job in self._workspace.store.jobs.open()}
            self.look()

    def look(self) -> bool:
        """Takes up jobs that nobody works on; whether there was one. Others may do so, too: one of them gets each.

        A job that was just asked for waits in the queue of its server: only the second look takes it.
        """
        if self.closing:
            return False
        jobs = self._workspace.store.jobs
        open_jobs = [job for job in jobs.open() if job.id not in self._mine]
        known, self._left = self._left, {job.id for job in open_jobs}
        return any(list(map(self._taken, [job for job in open_jobs if job.id in known])))

    def _taken(self, job: Job) -> bool:
        """Whether nobody worked on a job, and it is to be done here now."""
        with suppress(RunClaimed):
            if job.state == "running":
                with self._workspace.store.jobs.claim(job.id):
                    self._workspace.store.jobs.again(job.id)
            self._put(job.id)
            return True
        return False

    def close(self) -> None:
        """Ends the processes; their jobs wait for the next server."""
        self._closing.set()
        for _ in self._threads:
            self._waiting.put(None)
        for thread in self._threads:
            thread.join()

    def add(self, job: Job) -> Job:
        """Takes a new job."""
        added = self._workspace.store.jobs.add(job)
        self.heard(added)
        self._put(added.id)
        return added

    def cancel(self, job: str) -> bool:
        """Cancels a job; its process ends at once, and what it made goes. Whether it had not ended."""
        cancelled = self._workspace.store.jobs.cancel(job)
        if cancelled:
            self._tell(job)
        return cancelled

    def _put(self, job: str) -> None:
        with self._starting:
            if job in self._mine:
                return
            self._mine.add(job)
            self._waiting.put(job)
            if len(self._threads) < self._at_once:
                thread = threading.Thread(target=self._loop, name="seedbed-jobs", daemon=True)
                self._threads.append(thread)
                thread.start()

    def _loop(self) -> None:
        while (job := self._waiting.get()) is not None and not self.closing:
            try:
                self._take(job)
            except Exception:  # noqa: BLE001 - the next job has nothing to do with it
                _log.exception("%s could not be worked on.", job)
            finally:
                self._mine.discard(job)

    def _take(self, name: str) -> None:
        jobs = self._workspace.store.jobs
        with suppress(RunClaimed), jobs.claim(name):
            if jobs.begin(name):
                self._tell(name)
                self._work(name)
                self._tell(name)

    def _tell(self, name: str) -> Job | None:
        """Tells how a job stands, if it is still known."""
        job = self._workspace.store.jobs.job(name)
        if job is not None:
            self.heard(job)
        return job

    def _work(self, name: str) -> None:
        """Starts the process of a job, waits for its end and clears up behind it."""
        jobs = self._workspace.store.jobs
        try:
            code = self._followed(name)
        except OSError as error:
            jobs.fail(name, f"No process could be started: {error.strerror or error}.", "Free memory, then try again.")
            return
        if self.closing:
            jobs.again(name)
        elif jobs.fail(name, f"The process that worked on this has ended ({_how(code)}).", "It may lack memory."):
            _log.error("The process of %s has ended: %s.", name, _how(code))
        job = jobs.job(name)
        if job is not None and job.state != "done":
            drop_halves(self._workspace.store, name)

    def _followed(self, name: str) -> int:
        folder = str(self._workspace.folder.resolve())
        command = [sys.executable, "-P", "-m", "seedbed.app.serve.work.child", folder, name, *self._alone]
        # A session of its own: Ctrl-C is for the server, which ends it when it has put the job back.
        with subprocess.Popen(  # noqa: S603
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            start_new_session=True,
            env=environment_of(self._workspace.settings),
        ) as process:
            said = ""
            while True:
                with suppress(subprocess.TimeoutExpired):
                    return process.wait(LOOK)
                job = self._workspace.store.jobs.job(name)
                if job is not None and job.updated != said:
                    said = job.updated
                    self.heard(job)
                if self.closing or job is None or job.state == "cancelled":
                    with suppress(ProcessLookupError):
                        os.killpg(process.pid, signal.SIGKILL)


def _how(code: int) -> str:
    return f"signal {-code}" if code < 0 else f"code {code}"
