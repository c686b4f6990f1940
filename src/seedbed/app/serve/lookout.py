"""Looks every few seconds for work that nobody does: that of another server which has ended, or has no room for it.

Several servers may serve one workspace. None of them knows of the others: who holds a claim in the store does the work,
and what nobody holds is taken by whoever comes first.
"""

from __future__ import annotations

import logging
import threading
from random import Random
from typing import TYPE_CHECKING

from seedbed.core.errors import SeedbedError

if TYPE_CHECKING:
    from collections.abc import Callable

LOOK_SECONDS = 2.0
"""Between two looks, more or less: servers that were started at once do not look at once."""

NEXT_SECONDS = 0.3
"""Before the next look where something was taken: others take their part of what is left."""

_log = logging.getLogger(__name__)


class Lookout:
    """One thread that looks.

    Args:
        looks: each looks for work, takes one piece of it at most, and answers whether it did.
    """

    def __init__(self, *looks: Callable[[], bool]) -> None:
        self._looks = looks
        self._closing = threading.Event()
        self._thread = threading.Thread(target=self._work, name="seedbed-lookout", daemon=True)

    def open(self) -> None:
        """Begins to look, in a while."""
        self._thread.start()

    def close(self) -> None:
        """Looks no more; waits for the look under way."""
        self._closing.set()
        if self._thread.is_alive():
            self._thread.join()

    def _work(self) -> None:
        seconds, chance = LOOK_SECONDS, Random()  # of its own: what others draw is theirs
        while not self._closing.wait(seconds * chance.uniform(0.5, 1.5)):
            taken = [self._looked(look) for look in self._looks]
            seconds = NEXT_SECONDS if any(taken) else LOOK_SECONDS

    def _looked(self, look: Callable[[], bool]) -> bool:
        try:
            return look()
        except SeedbedError as error:  # a store that cannot be read now may be read in a while
            _log.warning("It could not be looked for work: %s", error.message)
        except Exception:  # noqa: BLE001 - whatever it is, the next look may go well
            _log.exception("It could not be looked for work.")
        return False
