"""How often Python's collector looks for cycles: rarely, where there are many new objects and hardly a cycle."""

from __future__ import annotations

import gc
from contextlib import contextmanager
from threading import Lock
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator


class _Pace:
    """The collector's pace is one for all threads: while any of them asks for a slower one, it has the slowest."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._asked: list[int] = []
        self._usual = gc.get_threshold()

    @contextmanager
    def __call__(self, young: int) -> Iterator[None]:
        """Meanwhile, so many new objects come before the collector looks for cycles; afterwards as before."""
        with self._lock:
            if not self._asked:
                self._usual = gc.get_threshold()
            self._asked.append(young)
            self._set()
        try:
            yield
        finally:
            with self._lock:
                self._asked.remove(young)
                self._set()

    def _set(self) -> None:
        gc.set_threshold(max(self._asked, default=self._usual[0]), *self._usual[1:])


rare_collections = _Pace()
