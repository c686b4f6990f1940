"""The service's runs: which it has driven, stopped and gone on with; who drives them is a `Drives`."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from seedbed.core.errors import NotFound, RunClaimed

from ..history import recipe_of
from ..own_run import SERVED
from ..wishing import wish_of
from .driving import PATIENCE_SECONDS, Driving

if TYPE_CHECKING:
    from collections.abc import Callable
    from concurrent.futures import Future

    from seedbed.core.stored import StoredRun

    from ..workspace import Workspace
    from .driving import Drives


@dataclass(slots=True)
class _Held:
    """A run that is driven, or waits for that, and what somebody wishes of it."""

    wish: str = ""
    gone: threading.Event = field(default_factory=threading.Event)


class Runner:
    """The runs of one workspace that its service drives; `start` and `close` it. All methods may be called from any
    thread. `ended` hears of every run that is driven no more, in any thread; it raises nothing.

    Args:
        workspace: where they are.
        drives: who drives them; this process if nobody is named.
    """

    def __init__(self, workspace: Workspace, drives: Drives | None = None) -> None:
        self._workspace = workspace
        self._drives = drives or Driving(workspace)
        self.ended: Callable[[str], object] = bool
        self._held: dict[str, _Held] = {}
        self._lock = threading.Lock()
        self._closing = False

    @property
    def pid(self) -> int | None:
        """The number of the process that drives; None if it is this one."""
        return getattr(self._drives, "pid", None)

    def start(self) -> None:
        """Begins to drive, first of all what the service drove when it ended."""
        self._drives.open(self._ended)
        if self._workspace.exists:
            for run in self._workspace.store.runs():
                if run.options.get(SERVED) and run.state in ("running", "interrupted"):
                    self.drive(run.id)

    def close(self) -> None:
        """Stops all runs in such a way that the next start goes on with them; blocks for a few seconds."""
        self._closing = True
        self._drives.close()

    def holds(self, run: str) -> bool:
        """Whether the service drives a run, or is about to."""
        return run in self._held

    def drive(self, run: str) -> None:
        """Drives a run to its end, or on from where it was, as soon as there is a place."""
        with self._lock:
            if run in self._held or self._closing:
                return
            self._held[run] = _Held()
        self._drives.drive(run)

    def wish(self, run: str, wish: str) -> None:
        """Pauses or cancels a run ("pause", "cancel"), whoever drives it; one that nobody drives is marked so.

        Raises:
            NotFound: there is no such run.
        """
        found(self._workspace, run)
        held = self._held.get(run)
        if held is not None:
            held.wish = wish
            self._drives.stop(run, wish)
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
        held = self._held.get(run)
        if held is not None and held.wish:
            held.gone.wait(PATIENCE_SECONDS)
        if self.holds(run) or stored.state == "complete":
            return
        if self._workspace.store.is_claimed(run):
            raise RunClaimed(f"The run {run} is being driven by another process.", "Wait until it has ended.")
        recipe_of(self._workspace, run)
        self._workspace.store.update_run(
            run, state="running", control="", message="", options={**stored.options, SERVED: True}
        )
        self.drive(run)

    def preview(self, recipe: dict[str, Any], folder: str, n: int) -> Future[list[dict[str, Any]]]:
        """Makes `n` attempts of a recipe with connections that the runs use, too; cancelling it ends the calls."""
        return self._drives.preview(recipe, folder, n)

    def _ended(self, run: str) -> None:
        self.ended(run)
        with self._lock:
            held = self._held.pop(run, None)
        if held is not None:
            held.gone.set()


def found(workspace: Workspace, run: str) -> StoredRun:
    """The run of that id.

    Raises:
        NotFound: there is none.
    """
    stored = workspace.store.run(run) if workspace.exists else None
    if stored is None:
        raise NotFound(f"There is no run `{run}`.", "See the list of runs for those there are.")
    return stored
