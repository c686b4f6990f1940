"""Records are taken in behind the back of whoever looks at the first ones."""

from __future__ import annotations

from threading import Event, Lock, Thread
from typing import TYPE_CHECKING

from seedbed.core.errors import StoreFailed

if TYPE_CHECKING:
    from ..workspace import Workspace

AT_ONCE = 20_000
"""So many records are taken in before it is looked whether to stop."""


class TakingIn:
    """One thread that takes records of datasets in, as long as some are waiting.

    Args:
        workspace: where they are.
    """

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self._lock = Lock()
        self._wanted: dict[str, None] = {}
        self._thread: Thread | None = None
        self._ended = Event()

    def ask(self, dataset: str) -> None:
        """Sees to it that all records of a dataset are taken in; comes back at once."""
        with self._lock:
            self._wanted[dataset] = None
            if self._thread is None and not self._ended.is_set():
                self._thread = Thread(target=self._work, name="taking-in", daemon=True)
                self._thread.start()

    def close(self) -> None:
        """Stops soon, and waits for it; the rest is taken in another time."""
        self._ended.set()
        with self._lock:
            thread = self._thread
        if thread is not None:
            thread.join()

    def _work(self) -> None:
        while (dataset := self._next()) is not None:
            try:
                while not self._ended.is_set() and self._workspace.store.reviews.catch_up(dataset, AT_ONCE):
                    pass
            except StoreFailed:
                continue  # whoever looks at the dataset next is told, and asks again

    def _next(self) -> str | None:
        with self._lock:
            if self._ended.is_set() or not self._wanted:
                self._thread = None
                return None
            dataset = next(iter(self._wanted))
            del self._wanted[dataset]
            return dataset
