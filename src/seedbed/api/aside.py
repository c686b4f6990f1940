"""Reads that are done in a process of their own, so that they and the answers to others do not wait for each other.

Python runs one thread of a process at a time. Beside fifty reviewers the threads of one process spent half its time on
handing the turn to each other (decision 32). A reader does one thing after the other, and has nobody to wait for.
"""

from __future__ import annotations

import asyncio
import logging
import sys
from contextlib import suppress
from itertools import count
from pickle import dumps, loads
from struct import calcsize, pack, unpack
from threading import Lock
from typing import IO, TYPE_CHECKING, Any, Final, NamedTuple, TypeVar

from seedbed.app.settings import environment_of

if TYPE_CHECKING:
    from asyncio.subprocess import Process
    from collections.abc import Callable

    from seedbed.app.workspace import Workspace

T = TypeVar("T")

HEAD: Final = ">Q"
"""Each message begins with its length in bytes."""

PAUSE_SECONDS = 1.0
"""Before a reader that has died is started anew."""

_log = logging.getLogger(__name__)


class Found(NamedTuple):
    """What a reader says: the number of what it was asked, and what came of it, which may be an error."""

    number: int
    found: Any
    failed: bool = False


class Aside:
    """Does work with a workspace beside the event loop it belongs to.

    As long as there is no reader (it takes a moment to start, and may die) the work is done here, in a thread, one at a
    time.

    Args:
        workspace: what is read.
        apart: whether to start a process.
    """

    def __init__(self, workspace: Workspace, *, apart: bool) -> None:
        self._workspace = workspace
        self._apart = apart
        self._numbers = count(1)
        self._asked: dict[int, asyncio.Future[Found]] = {}
        self._turn = Lock()
        self._process: Process | None = None
        self._ready = False
        self._task: asyncio.Task[None] | None = None

    @property
    def pid(self) -> int | None:
        """The number of the process that reads; None while it is done here."""
        return self._process.pid if self._process and self._ready else None

    def open(self) -> None:
        """Starts the reader, if there is to be one, and comes back at once."""
        if self._apart:
            self._task = asyncio.create_task(self._kept_going(), name="reader")

    async def close(self) -> None:
        """Ends the reader."""
        if self._task is not None:
            self._task.cancel()
            with suppress(asyncio.CancelledError):
                await self._task

    async def do(self, work: Callable[..., T], *arguments: Any) -> T:
        """What a function of a module answers to the workspace and the arguments, all of which can be pickled.

        Only for what can be done twice: if the reader dies, it is done here.

        Raises:
            Exception: what the function raises.
        """
        found = await self._asked_of_reader(work, arguments) if self._ready else None
        if found is None:
            return await asyncio.to_thread(self._here, work, arguments)
        if found.failed:
            raise found.found
        answer: T = found.found
        return answer

    def _here(self, work: Callable[..., T], arguments: tuple[Any, ...]) -> T:
        with self._turn:
            return work(self._workspace, *arguments)

    async def _asked_of_reader(self, work: Callable[..., T], arguments: tuple[Any, ...]) -> Found | None:
        """None if the reader has died."""
        number = next(self._numbers)
        asked: asyncio.Future[Found] = asyncio.get_running_loop().create_future()
        self._asked[number] = asked
        try:
            assert self._process is not None
            assert self._process.stdin is not None
            self._process.stdin.write(packed((number, work, arguments)))
            return await asked
        except (OSError, _Gone):
            return None
        finally:
            self._asked.pop(number, None)

    async def _kept_going(self) -> None:
        while True:
            try:
                await self._served()
            except OSError as error:
                _log.error("No process could be started to read records: %s", error)
            await asyncio.sleep(PAUSE_SECONDS)

    async def _served(self) -> None:
        """The life of one reader."""
        command = (sys.executable, "-P", "-m", "seedbed.api.reader", str(self._workspace.folder.resolve()))
        pipe = asyncio.subprocess.PIPE
        # A session of its own: Ctrl-C is for the server.
        process = await asyncio.create_subprocess_exec(
            *command,
            stdin=pipe,
            stdout=pipe,
            start_new_session=True,
            env=environment_of(self._workspace.settings),
        )
        self._process = process
        try:
            await self._heard(process)
            _log.error("The process that reads records has ended.")
        finally:
            self._ready = False
            for asked in self._asked.values():
                if not asked.done():
                    asked.set_exception(_Gone())
            with suppress(ProcessLookupError):
                process.kill()
            await process.wait()

    async def _heard(self, process: Process) -> None:
        assert process.stdout is not None
        with suppress(asyncio.IncompleteReadError):
            while True:
                (size,) = unpack(HEAD, await process.stdout.readexactly(calcsize(HEAD)))
                found: Found = loads(await process.stdout.readexactly(size))  # noqa: S301 - of our own process
                self._ready = True  # the first thing it says has no number: it is there
                asked = self._asked.get(found.number)
                if asked is not None and not asked.done():
                    asked.set_result(found)


class _Gone(Exception):
    """The reader has died."""


def packed(what: Any) -> bytes:
    """A message."""
    content = dumps(what)
    return pack(HEAD, len(content)) + content


def unpacked(pipe: IO[bytes]) -> Any:
    """The next message; None at the end."""
    head = pipe.read(calcsize(HEAD))
    return loads(pipe.read(unpack(HEAD, head)[0])) if len(head) == calcsize(HEAD) else None  # noqa: S301
