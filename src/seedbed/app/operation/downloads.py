"""How far a download is, told in lines."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable


class DownloadNews:
    """Tells about a download every few seconds: one line each, fit for logs and terminals alike."""

    def __init__(self, say: Callable[[str], None], every: float = 2.0) -> None:
        self._say = say
        self._every = every
        self._at = time.monotonic()
        self._start: int | None = None

    def __call__(self, done: int, total: int) -> None:
        """`done` of `total` bytes are here."""
        now = time.monotonic()
        if self._start is None:
            self._start = done
        if now - self._at >= self._every or (done >= total > self._start):
            self._at = now
            filled = 24 * done // max(1, total)
            bar = "█" * filled + "░" * (24 - filled)
            self._say(f"  {bar} {done / 1e6:,.0f} of {total / 1e6:,.0f} MB")
