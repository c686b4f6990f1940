"""When to give up on an address: telling one that is out of order from one that has bad luck."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from seedbed.core.errors import ProviderError

BAD_REQUESTS = 5
"""So many refused requests, and none answered ever, mean the requests are wrong as such."""


@dataclass(frozen=True, slots=True)
class Patience:
    """How long an address is borne with, in seconds; and how many failures in a row it takes at least.

    `at_first` holds as long as it never answered, the others since its last answer: `gone` where it cannot be reached,
    `ill` where it answers with errors of its own, `silent` where calls time out, `limited` where it says nothing but
    "too many requests". `wait` is the longest pause it may ask for.
    """

    at_first: float = 1.5
    gone: float = 8.0
    ill: float = 20.0
    silent: float = 24.0
    limited: float = 60.0
    wait: float = 90.0
    failures: int = 4


PATIENCE = Patience()

_EVER = float("inf")
ENDLESS = Patience(at_first=_EVER, gone=_EVER, ill=_EVER, silent=_EVER, limited=_EVER, wait=_EVER)
"""For a provider that says itself when it gives up."""


def is_overload(error: ProviderError) -> bool:
    """Whether the server says that it is asked too much, and not that something is wrong."""
    return error.kind == "rate_limited" or error.status in (503, 529)


class Breaker:
    """Hears of every answer and every failure of one address; `alive` once it has answered."""

    def __init__(self, patience: Patience) -> None:
        self.alive = False
        self._patience = patience
        self._since = time.monotonic()
        self._failures = 0
        self._refused = 0
        self._limited_since: float | None = None

    @property
    def streak(self) -> int:
        """How many calls in a row were not answered."""
        return self._failures

    def starts(self) -> None:
        """The first call is about to be sent."""
        self._since = time.monotonic()

    def answered(self) -> None:
        """A question was answered."""
        self.alive = True
        self._failures = 0
        self._limited_since = None

    def failed(self, error: ProviderError, under_way: int) -> bool:
        """Whether to give up after this; `under_way` further calls may still be answered."""
        wait = error.retry_after or 0.0
        if wait > self._patience.wait:
            error.hint = f"It asks to wait for {wait / 60:,.0f} minutes; after that the same command goes on."
            return True
        if error.kind == "rate_limited":
            return self._limited()
        if error.retryable:
            return self._failing(error, under_way)
        return error.fatal or self._refusing(error)

    def _limited(self) -> bool:
        """It is there, after all; but for how long has it said nothing else?"""
        self._failures = 0
        now = time.monotonic()
        if self._limited_since is None:
            self._limited_since = now
        return now - self._limited_since >= self._patience.limited

    def _refusing(self, error: ProviderError) -> bool:
        self._refused += 1
        nowhere = error.status is not None and (error.status in (404, 405) or error.status < 400)
        return not self.alive and (nowhere or self._refused >= BAD_REQUESTS)

    def _failing(self, error: ProviderError, under_way: int) -> bool:
        now = time.monotonic()
        if self.alive and not self._failures:
            self._since = now
        self._failures += 1
        if not self.alive and self._failures <= under_way:
            return False
        needed, seconds = self._borne(error)
        return self._failures >= needed and now - self._since >= seconds

    def _borne(self, error: ProviderError) -> tuple[int, float]:
        """How many failures in a row, over how long."""
        patience = self._patience
        if error.kind == "timeout" and error.status is None:
            # Nothing at all came: who never answered is not asked a second time for as long.
            return (patience.failures, patience.silent) if self.alive else (1, 0.0)
        if not self.alive and not is_overload(error):
            return patience.failures, patience.at_first
        return patience.failures, patience.gone if error.kind == "unreachable" else patience.ill
