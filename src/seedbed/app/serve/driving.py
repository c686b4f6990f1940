"""Runs are driven: one thread with one event loop for all of them, a few at once, the others wait."""

from __future__ import annotations

import asyncio
import logging
import threading
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from seedbed.core.errors import RunClaimed, SeedbedError
from seedbed.core.run import WISHES
from seedbed.recipe.document import Recipe

from ..batches import cancel
from ..history import recipe_of
from ..loop import run as run_loop
from ..options import Options
from ..preview import Look
from ..preview import preview as preview_recipe
from ..runs import generate
from ..wishing import wish_of
from .elsewhere import HERE, Elsewhere, is_far
from .lines import Lines, everywhere
from .places import Places

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine

    from seedbed.core.connection import Connection
    from seedbed.core.stored import StoredRun
    from seedbed.engine.generate import Generation
    from seedbed.providers.reach import Reach

    from ..preview import Shown
    from ..workspace import Workspace

_log = logging.getLogger(__name__)

AT_ONCE = 8
"""Runs that are driven at the same time."""

PATIENCE_SECONDS = 5.0
"""How long a service that is shut down waits for answers under way."""


LOOK_SECONDS = 0.1
"""Between two looks whether a driver before has let go of a run."""


class Drives(Protocol):
    """Drives the runs of a service, wherever that happens. All methods may be called from any thread."""

    def open(self, ended: Callable[[str], None]) -> None:
        """Gets ready; `ended` hears of each run that is driven no more, however it ended."""
        ...

    def drive(self, run: str) -> None:
        """Drives a run to its end, or on from where it was, as soon as there is a place."""
        ...

    def stop(self, run: str, wish: str) -> None:
        """Pauses or cancels a run that is driven ("pause", "cancel"); another one is left alone."""
        ...

    def unbatch(self, run: str) -> None:
        """Cancels at their providers the batches of a run that was cancelled while nobody drove it; the run's message
        says what came of that."""
        ...

    def preview(self, recipe: dict[str, Any], folder: str, n: int, show: Shown) -> Future[list[dict[str, Any]]]:
        """Makes `n` attempts of a recipe with connections that the runs use, too, and shows each when it has ended, in
        any thread; cancelling it ends the calls."""
        ...

    def close(self) -> None:
        """Stops all runs in such a way that they can be gone on with; blocks for a few seconds."""
        ...


@dataclass(slots=True)
class _Driven:
    """A run that is driven, or waits for that.

    `begun` once its task runs (one that is cancelled before would never end), `over` when its end is known.
    """

    task: asyncio.Task[None] | None = None
    generation: Generation | None = None
    wish: str = ""
    begun: bool = False
    over: bool = False

    def stop(self, wish: str) -> None:
        """Ends it: what is in flight is taken in, what was not begun is not."""
        if self.over:
            return
        self.wish = wish
        if self.generation is not None:
            self.generation.stop(WISHES.get(wish, "interrupted"))
        elif self.begun and self.task is not None:
            self.task.cancel()


class Driving:
    """Drives runs of one workspace in this process; see `Drives`.

    Args:
        workspace: where they are.
        check: which addresses a connection may ask; raises a `FieldError` for one that this service may not ask.
        elsewhere: where they are worked on, if not here.
    """

    def __init__(
        self,
        workspace: Workspace,
        check: Callable[[Connection], Reach] = everywhere,
        elsewhere: Elsewhere = HERE,
    ) -> None:
        self._workspace = workspace
        self._elsewhere = elsewhere
        self._lines = Lines(workspace.settings.files, check, Places(workspace.store))
        self._ended: Callable[[str], object] = str
        self._driven: dict[str, _Driven] = {}
        self._lock = threading.Lock()
        self._others: set[asyncio.Task[None]] = set()
        self._closing = False
        self._loop: asyncio.AbstractEventLoop | None = None
        self._places: asyncio.Semaphore | None = None
        self._thread: threading.Thread | None = None

    def open(self, ended: Callable[[str], object]) -> None:
        """See `Drives.open`."""
        self._ended = ended
        ready: Future[Callable[[], object]] = Future()
        self._thread = threading.Thread(target=self._work, args=[ready], name="seedbed-runner", daemon=True)
        self._thread.start()
        self._stop = ready.result()

    def close(self) -> None:
        """See `Drives.close`."""
        self._closing = True
        if self._thread is not None:
            self._stop()
            self._thread.join()

    def drive(self, run: str) -> None:
        """See `Drives.drive`."""
        with self._lock:
            if run in self._driven or self._closing:
                return
            driven = self._driven[run] = _Driven()
        self._in_loop(self._begin, run, driven)

    def stop(self, run: str, wish: str) -> None:
        """See `Drives.stop`."""
        driven = self._driven.get(run)
        if driven is not None:
            self._in_loop(driven.stop, wish)

    def unbatch(self, run: str) -> None:
        """See `Drives.unbatch`."""
        self._in_loop(lambda: self._beside(self._unbatch(run)))

    def preview(self, recipe: dict[str, Any], folder: str, n: int, show: Shown) -> Future[list[dict[str, Any]]]:
        """See `Drives.preview`."""

        async def lent() -> list[dict[str, Any]]:
            async with self._lines.lent() as lend:
                place, read = self._workspace, Recipe.of(recipe)
                return await preview_recipe(place, read, Path(folder), Look(n, show=show), lend)

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
        tasks = [*self._others, *(driven.task for driven in self._driven.values() if driven.task)]
        for driven in list(self._driven.values()):
            driven.stop("")
        if tasks:
            await asyncio.wait(tasks, timeout=PATIENCE_SECONDS)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def _beside(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._others.add(task)
        task.add_done_callback(self._others.discard)

    async def _unbatch(self, run: str) -> None:
        try:
            stored, recipe = await asyncio.to_thread(recipe_of, self._workspace, run)
            async with self._lines.lent() as lend:
                count = await cancel(self._workspace, stored, recipe, lend)
            message = f"Batches cancelled at the provider: {count}."
        except SeedbedError as error:
            message = f"The batches could not be cancelled: {error.message}"
        store = self._workspace.store
        with suppress(SeedbedError), store.claim(run):
            store.update_run(run, message=message)

    def _begin(self, run: str, driven: _Driven) -> None:
        driven.task = asyncio.create_task(self._drive(run, driven), name=run)

    async def _drive(self, run: str, driven: _Driven) -> None:
        assert self._places is not None
        driven.begun = True
        try:
            if not driven.wish and not self._closing:
                async with self._places:
                    await self._driven_by_us(run, driven)
        except asyncio.CancelledError:
            pass
        except RunClaimed:
            driven.over = True  # it is another's now
        except SeedbedError as error:
            self._failed(run, f"{error.message} {error.hint}".strip())
        except Exception as error:  # noqa: BLE001 - one run's defect must not end the others
            _log.exception("The run %s has failed.", run)
            self._failed(run, f"Seedbed failed here: {type(error).__name__}: {error}.")
        finally:
            if driven.wish and not driven.over:
                # It was stopped before anything was under way here; somebody else may drive it by now.
                with suppress(SeedbedError):
                    wish_of(self._workspace.store, run, driven.wish)
            with self._lock:
                self._driven.pop(run, None)
            self._ended(run)

    async def _driven_by_us(self, run: str, driven: _Driven) -> None:
        """Drives a run to its end. Its driver before may still be taking in what is under way.

        Raises:
            RunClaimed: another process drives it, and goes on doing so.
        """
        deadline = asyncio.get_running_loop().time() + 2 * PATIENCE_SECONDS
        while True:
            try:
                await self._driven_to_end(run, driven)
            except RunClaimed:
                if self._closing or driven.wish or asyncio.get_running_loop().time() > deadline:
                    raise
                await asyncio.sleep(LOOK_SECONDS)
            else:
                return

    async def _driven_to_end(self, run: str, driven: _Driven) -> None:
        stored, recipe = await asyncio.to_thread(recipe_of, self._workspace, run)

        def started(_: StoredRun, generation: Generation) -> None:
            driven.generation = generation
            if driven.wish:
                driven.stop(driven.wish)

        where = self._elsewhere.of(stored)
        async with self._lines.lent(far=is_far(where)) as lend:
            options = Options(Path(stored.folder or "."), resume=run, served=True, lend=lend, on_start=started, **where)
            _log.info("The run %s is driven.", run)
            result = await generate(self._workspace, recipe, options)
            _log.info("The run %s is driven no more: %s.", run, result.state)
            driven.over = result.state != "interrupted"

    def _failed(self, run: str, message: str) -> None:
        """Says so, unless it is another's by now; a store that cannot be written has no place for the reason either."""
        store = self._workspace.store
        with suppress(SeedbedError), store.claim(run):
            store.update_run(run, state="failed", message=message)
