"""The service's runs: which it has driven, stopped and gone on with; who drives them is a `Drives`."""

from __future__ import annotations

import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from seedbed.core.errors import NotFound, RunClaimed
from seedbed.core.run import UNENDED

from ..history import recipe_of
from ..own_run import BEGUN, SERVED
from ..wishing import wish_of
from .driving import AT_ONCE, LOOK_SECONDS, PATIENCE_SECONDS, Driving
from .elsewhere import HERE, Elsewhere

if TYPE_CHECKING:
    from collections.abc import Callable
    from concurrent.futures import Future

    from seedbed.core.stored import StoredRun

    from ..preview import Shown
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

    Other services may drive runs of the same workspace: a run is theirs as long as they hold its claim. What the
    service drives and nobody holds is taken over when it is looked for (`look`).

    Args:
        workspace: where they are.
        drives: who drives them; this process if nobody is named.
        elsewhere: where they are worked on, if not here.
    """

    def __init__(self, workspace: Workspace, drives: Drives | None = None, elsewhere: Elsewhere = HERE) -> None:
        self._workspace = workspace
        self.elsewhere = elsewhere
        self._drives = drives or Driving(workspace)
        self.ended: Callable[[str], object] = bool
        self._held: dict[str, _Held] = {}
        self._lock = threading.Lock()
        self._turn = threading.Lock()
        """Whoever has it says what becomes of a run: what is asked later counts."""
        self._wishes: Counter[str] = Counter()
        """How often it was wished of a run to pause or to be cancelled."""
        self._open = False
        self._left: set[str] = set()
        """Runs that nobody held at the latest look."""

    @property
    def pid(self) -> int | None:
        """The number of the process that drives; None if it is this one."""
        return getattr(self._drives, "pid", None)

    def start(self) -> None:
        """Begins to drive, first of all what the service drove when it ended."""
        self._drives.open(self._ended)
        self._open = True
        if self._workspace.exists:
            self._left = {run for run, _ in self._alone()}
            while self.look():
                pass

    def close(self) -> None:
        """Stops all runs in such a way that the next start, or another service, goes on with them; blocks for a few
        seconds."""
        self._open = False
        self._drives.close()

    def look(self) -> bool:
        """Takes over one run that the service drives and nobody holds; whether there was one.

        Who makes a run, or goes on with one, holds it an instant later: only the second look takes it, unless it was
        handed over.
        """
        if not self._open or len(self._held) >= AT_ONCE:
            return False
        alone = self._alone()
        known, self._left = self._left, {run for run, _ in alone}
        for run, state in alone:
            if state == "interrupted" or run in known:
                self.drive(run)
                return True
        return False

    def goes_on(self, run: StoredRun) -> bool:
        """Whether a run is driven, by whomever, or will be soon."""
        served = self._open and run.state in UNENDED and bool(run.options.get(SERVED))
        return served or self.holds(run.id) or self._workspace.store.is_claimed(run.id)

    def _alone(self) -> list[tuple[str, str]]:
        """The runs that should be driven and that nobody holds, each with its state, the oldest first."""
        store = self._workspace.store
        due = store.watching.unended(SERVED)
        free = [(run, state) for run, state in due if not (self.holds(run) or store.is_claimed(run))]
        # Runs on a cluster are left to servers that join one.
        return free if self.elsewhere.joins else [one for one in free if self._taken(one[0])]

    def _taken(self, run: str) -> bool:
        stored = self._workspace.store.run(run)
        return stored is not None and self.elsewhere.takes(stored)

    def holds(self, run: str) -> bool:
        """Whether the service drives a run, or is about to."""
        return run in self._held

    def drive(self, run: str) -> None:
        """Drives a run to its end, or on from where it was, as soon as there is a place."""
        with self._lock:
            if run in self._held or not self._open:
                return
            self._held[run] = _Held()
        self._drives.drive(run)

    def wish(self, run: str, wish: str) -> None:
        """Pauses or cancels a run ("pause", "cancel"), whoever drives it; one that nobody drives is marked so.

        Raises:
            NotFound: there is no such run.
        """
        with self._turn:
            held, stored = self._held.get(run), found(self._workspace, run)
            self._wishes[run] += 1
            if held is None:
                wish_of(self._workspace.store, run, wish)
                if wish == "cancel" and not self._workspace.store.is_claimed(run) and self._batches(stored):
                    self._drives.unbatch(run)
                return
            held.wish = wish
            if stored.state in UNENDED:  # other services are to know of it, too
                self._workspace.store.update_run(run, control=wish)
            self._drives.stop(run, wish)

    def _batches(self, run: StoredRun) -> bool:
        return bool(self._workspace.store.batches(run).pending())

    def resume(self, run: str) -> None:
        """Goes on with a run that was stopped, unless it is wished once more that it stops while that is waited for.

        Raises:
            NotFound: there is no such run.
            RunClaimed: another process drives it.
            InputError: it was not made by a recipe, or is worked on by a cluster and this server joins none.
        """
        wishes = self._wishes[run]
        stored = self._at_rest(run)
        if self.holds(run) or stored.state == "complete":
            return
        if self._workspace.store.is_claimed(run):
            if _is_going(stored):  # another service drives it: what is wanted is so
                return
            raise RunClaimed(f"The run {run} is being driven by another process.", "Wait until it has ended.")
        recipe_of(self._workspace, run)
        self.elsewhere.of(stored)
        options = {name: value for name, value in stored.options.items() if name != BEGUN} | {SERVED: True}
        with self._turn:
            if self._wishes[run] == wishes:
                self._workspace.store.update_run(run, state="running", control="", message="", options=options)
                self.drive(run)

    def _at_rest(self, run: str) -> StoredRun:
        """The run, when whoever is about to stop it has done so; waits for that a few seconds at most.

        Raises:
            NotFound: there is no such run.
        """
        held, deadline = self._held.get(run), time.monotonic() + PATIENCE_SECONDS
        if held is not None and held.wish:
            held.gone.wait(PATIENCE_SECONDS)
        stored = found(self._workspace, run)
        while (self.holds(run) or self._workspace.store.is_claimed(run)) and not _is_going(stored):
            if not stored.options.get(SERVED) or time.monotonic() > deadline:
                break
            time.sleep(LOOK_SECONDS)
            stored = found(self._workspace, run)
        return stored

    def preview(
        self, recipe: dict[str, Any], folder: str, n: int, show: Shown = lambda _: None
    ) -> Future[list[dict[str, Any]]]:
        """See `Drives.preview`."""
        return self._drives.preview(recipe, folder, n, show)

    def _ended(self, run: str) -> None:
        self.ended(run)
        with self._lock:
            held = self._held.pop(run, None)
        if held is not None:
            held.gone.set()


def _is_going(run: StoredRun) -> bool:
    """Whether a service drives a run and nobody wishes otherwise."""
    return bool(run.options.get(SERVED)) and run.state in UNENDED and not run.control


def found(workspace: Workspace, run: str) -> StoredRun:
    """The run of that id.

    Raises:
        NotFound: there is none.
    """
    stored = workspace.store.run(run) if workspace.exists else None
    if stored is None:
        raise NotFound(f"There is no run `{run}`.", "See the list of runs for those there are.")
    return stored
