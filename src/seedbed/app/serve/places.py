"""How many services use a connection at once: its limits are for all of them together.

Each of them holds one place of the connection, as a claim in the store they share, and takes the part of the limits
that falls to it. Nobody keeps a list: a service that has died holds nothing.
"""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Final

from seedbed.core.errors import RunClaimed

if TYPE_CHECKING:
    from contextlib import ExitStack

    from seedbed.core.stored import Store

MOST: Final = 8
"""Places of a connection. More services than that use it without one, beyond its limits."""


class Places:
    """The places of the connections of a store. All methods block.

    Args:
        store: which all services share.
    """

    def __init__(self, store: Store) -> None:
        self._store = store

    def take(self, connection: str, held: ExitStack) -> None:
        """Takes the first free place of a connection, which `held` gives back."""
        for place in self._names(connection):
            if not self._store.is_claimed(place):
                with suppress(RunClaimed):
                    held.enter_context(self._store.claim(place))
                    return

    def count(self, connection: str) -> int:
        """How many places of a connection are taken; one at least."""
        return max(1, sum(map(self._store.is_claimed, self._names(connection))))

    def _names(self, connection: str) -> list[str]:
        return [f"+line-{connection}-{number}" for number in range(MOST)]  # no run has such a name
