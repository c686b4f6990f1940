"""The service drives its runs: one thread with one event loop for all of them, a few at once, the others wait."""

from __future__ import annotations

import asyncio
import threading
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from seedbed.core.errors import NotFound, RunClaimed, SeedbedError
from seedbed.core.run import WISHES

from ..history import recipe_of
from ..loop import run as run_loop
from ..options import Options
from ..own_run import SERVED
from ..runs import generate
from ..wishing import wish_of
from .lines import Lines

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine

    from seedbed.core.connection import Connection
    from seedbed.core.stored import StoredRun
    from seedbed.engine.generate import Generation

    from ..models import Lend
    from ..workspace import Workspace

T = TypeVar("T")

AT_ONCE = 8
"""Runs that are driven at the same time."""

PATIENCE_SECONDS = 5.0
"""How long a service that is shut down waits for answers under way."""


@dataclass(slots=True)
class _Driven:
    """A run of the service that is driven, or waits for that.

    `begun` once its task runs (one that is cancelled before would never end), `over` when its end is known.
    """

    task: asyncio.Task[None] | None = None
    generation: Generation | None = None
    wish: str = ""
    begun: bool = False
    over: bool = False
    gone: threading.Event = field(default_factory=threading.Event)

    def stop(self, wish: str) -> None:
        """Ends it: what is in flight is taken in, what was not begun is not."""
        if self.over:
            return
        self.wish = wish
        if self.generation is not None:
            self.generation.stop(WISHES.get(wish, "interrupted"))
        elif self.begun and self.task is not None:
            self.task.cancel()


class Runner:
    """Drives the runs of one workspace; `start` and `close` it. All methods may be called from any thread.

    `ended` hears of every run that was driven to its end, in any thread; it raises nothing.
    """

    def __init__(self, workspace: Workspace, check: Callable[[Connection], object] = bool) -> None:
        self._workspace = workspace
        self.ended: Callable[[str], object] = bool
        self.lines = Lines(workspace.settings.files, check)
        self._driven: dict[str, _Driven] = {}
        self._lock = threading.Lock()
        self._closing = False
        self._loop: asyncio.AbstractEventLoop | None = None
        self._places: asyncio.Semaphore | None = None
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Begins to drive, first of all what the service drove when it ended."""
        ready: Future[Callable[[], object]] = Future()
        self._thread = threading.Thread(target=self._work, args=[ready], name="seedbed-runner", daemon=True)
        self._thread.start()
        self._stop = ready.result()
        if self._workspace.exists:
            for run in self._workspace.store.runs():
                if run.options.get(SERVED) and run.state in ("running", "interrupted"):
                    self.drive(run.id)

    def close(self) -> None:
        """Stops all runs in such a way that the next start goes on with them; blocks for a few seconds."""
        self._closing = True
        if self._thread is not None:
            self._stop()
            self._thread.join()

    def holds(self, run: str) -> bool:
        """Whether the service drives a run, or is about to."""
        return run in self._driven

    def drive(self, run: str) -> None:
        """Drives a run to its end, or on from where it was, as soon as there is a place."""
        with self._lock:
            if run in self._driven or self._closing:
                return
            driven = self._driven[run] = _Driven()
        self._in_loop(self._begin, run, driven)

    def wish(self, run: str, wish: str) -> None:
        """Pauses or cancels a run ("pause", "cancel"), whoever drives it; one that nobody drives is marked so.

        Raises:
            NotFound: there is no such run.
        """
        found(self._workspace, run)
        driven = self._driven.get(run)
        if driven is not None:
            self._in_loop(driven.stop, wish)
        else:
            wish_of(self._workspace.store, run, wish)

    def resume(self, run: str) -> None:
        """Goes on with a run that was stopped.

        Raises:
            NotFound: there is no such run.
            RunClaimed: another process drives it.
            InputError: it was not made by a recipe.
        """
        stored = found(self._workspace, run)
        driven = self._driven.get(run)
        if driven is not None and driven.wish:
            driven.gone.wait(PATIENCE_SECONDS)
        if self.holds(run) or stored.state == "complete":
            return
        if self._workspace.store.is_claimed(run):
            raise RunClaimed(f"The run {run} is being driven by another process.", "Wait until it has ended.")
        recipe_of(self._workspace, run)
        self._workspace.store.update_run(
            run, state="running", control="", message="", options={**stored.options, SERVED: True}
        )
        self.drive(run)

    def ask(self, work: Callable[[Lend], Coroutine[Any, Any, T]]) -> Future[T]:
        """Does work of another kind on the runner's loop, with connections that the runs use, too.

        Cancelling the answer stops the work.
        """

        async def lent() -> T:
            async with self.lines.lent() as lend:
                return await work(lend)

        assert self._loop is not None
        return asyncio.run_coroutine_threadsafe(lent(), self._loop)

    def _in_loop(self, act: Callable[..., object], *arguments: Any) -> None:
        assert self._loop is not None
        self._loop.call_soon_threadsafe(act, *arguments)

    def _work(self, ready: Future[Callable[[], object]]) -> None:
        run_loop(self._until_stopped(ready))

    async def _until_stopped(self, ready: Future[Callable[[], object]]) -> None:
        stopped = asyncio.Event()
        self._loop = loop = asyncio.get_running_loop()
        self._places = asyncio.Semaphore(AT_ONCE)
        ready.set_result(lambda: loop.call_soon_threadsafe(stopped.set))
        await stopped.wait()
        tasks = [driven.task for driven in self._driven.values() if driven.task]
        for driven in list(self._driven.values()):
            driven.stop("")
        if tasks:
            await asyncio.wait(tasks, timeout=PATIENCE_SECONDS)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def _begin(self, run: str, driven: _Driven) -> None:
        driven.task = asyncio.create_task(self._drive(run, driven), name=run)

    async def _drive(self, run: str, driven: _Driven) -> None:
        assert self._places is not None
        driven.begun = True
        try:
            if not driven.wish and not self._closing:
                async with self._places:
                    await self._driven_to_end(run, driven)
        except asyncio.CancelledError:
            pass
        except RunClaimed:
            driven.over = True  # it is another's now
        except SeedbedError as error:
            self._save(run, state="failed", message=f"{error.message} {error.hint}".strip())
        except Exception as error:  # noqa: BLE001 - one run's defect must not end the others
            self._save(run, state="failed", message=f"Seedbed failed here: {type(error).__name__}: {error}.")
        finally:
            if driven.wish and not driven.over:
                # It was stopped before anything was under way.
                self._save(run, state=WISHES[driven.wish], control="")
            with self._lock:
                self._driven.pop(run, None)
            driven.gone.set()

    async def _driven_to_end(self, run: str, driven: _Driven) -> None:
        stored, recipe = await asyncio.to_thread(recipe_of, self._workspace, run)

        def started(_: StoredRun, generation: Generation) -> None:
            driven.generation = generation
            if driven.wish:
                driven.stop(driven.wish)

        async with self.lines.lent() as lend:
            options = Options(Path(stored.folder or "."), resume=run, served=True, lend=lend, on_start=started)
            result = await generate(self._workspace, recipe, options)
            driven.over = result.state != "interrupted"
        await asyncio.to_thread(self.ended, run)

    def _save(self, run: str, **changes: Any) -> None:
        with suppress(SeedbedError):  # a store that cannot be written has no place for the reason either
            self._workspace.store.update_run(run, **changes)


def found(workspace: Workspace, run: str) -> StoredRun:
    """The run of that id.

    Raises:
        NotFound: there is none.
    """
    stored = workspace.store.run(run) if workspace.exists else None
    if stored is None:
        raise NotFound(f"There is no run `{run}`.", "See the list of runs for those there are.")
    return stored
