"""When to give up on an address: telling one that is out of order from one that has bad luck."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from seedbed.core.errors import ProviderError

BAD_REQUESTS = 5
"""So many refused requests, and none answered ever, mean the requests are wrong as such."""


@dataclass(frozen=True, slots=True)
class Patience:
    """After how many seconds, and at least how many failures in a row, it is clear that an address is out of order.

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


Verdict = Literal["try on", "out of order", "give up"]


class Breaker:
    """Hears of every answer and every failure of one address; `alive` once it has answered."""

    def __init__(self, patience: Patience) -> None:
        self.alive = False
        self._patience = patience
        self._since = time.monotonic()
        self._failures = 0
        self._refused = 0
        self._limited = False
        self._limited_since: float | None = None
        self._first: object = None
        self._several = False

    @property
    def streak(self) -> int:
        """How many calls in a row were not answered."""
        return self._failures

    @property
    def since(self) -> float:
        """When the failures in a row began, or the time of nothing but "too many requests"."""
        return self._limited_since if self._limited and self._limited_since is not None else self._since

    @property
    def doubtful(self) -> bool:
        """Whether it may be the address that fails, and not a question: several in a row were not answered."""
        return self.alive and self._several

    def starts(self) -> None:
        """The first call is about to be sent."""
        self._since = time.monotonic()

    def answered(self) -> None:
        """A question was answered."""
        self.alive = True
        self._failures = 0
        self._limited = self._several = False
        self._limited_since = self._first = None

    def failed(self, error: ProviderError, under_way: int, question: object = None, bears: float = 0.0) -> Verdict:
        """What to do after this.

        Args:
            error: what came in place of an answer.
            under_way: so many further calls may still be answered.
            question: whose answer it is not.
            bears: for how many seconds it is borne that the address is out of order, once it has answered.
        """
        if error.retryable:
            self._note(error, question)
        elif error.fatal or self._refusing(error):
            return "give up"
        bears = bears if self.alive and error.retryable else 0.0
        wait, now = error.retry_after or 0.0, time.monotonic()
        if wait > self._patience.wait and now + wait > self.since + bears:
            error.hint = f"It asks to wait for {wait / 60:,.0f} minutes; after that the same command goes on."
            return "give up"
        if not error.retryable:
            return "try on"
        return self._borne(error, under_way, bears) if bears else self._not_borne(error, under_way)

    def _note(self, error: ProviderError, question: object) -> None:
        """Counts what may pass. "Too many requests": it is there, after all; but for how long has it said only that?"""
        now = time.monotonic()
        self._limited = error.kind == "rate_limited"
        if self._limited:
            self._failures = 0
            self._limited_since = self._limited_since or now
        else:
            self._since = now if self.alive and not self._failures else self._since
            self._failures += 1
        self._first = self._first or question
        self._several = self._several or question is not self._first

    def _refusing(self, error: ProviderError) -> bool:
        self._refused += 1
        nowhere = error.status is not None and (error.status in (404, 405) or error.status < 400)
        return not self.alive and (nowhere or self._refused >= BAD_REQUESTS)

    def _borne(self, error: ProviderError, under_way: int, bears: float) -> Verdict:
        """It has answered before: it may again."""
        lasts = time.monotonic() - self.since
        if self._limited:
            over, clear = lasts >= max(bears, self._patience.limited), lasts >= self._patience.limited
        else:
            enough = self._failures >= self._patience.failures
            over, clear = lasts >= bears and enough, self._several and enough and self._failures > under_way
        if over:
            return "give up"
        return "out of order" if clear or (error.retry_after or 0.0) > self._patience.wait else "try on"

    def _not_borne(self, error: ProviderError, under_way: int) -> Verdict:
        if not self._limited and not self.alive and self._failures <= under_way:
            return "try on"
        needed, seconds = self._needed(error)
        lasts = time.monotonic() - self.since
        return "give up" if self._failures >= needed and lasts >= seconds else "try on"

    def _needed(self, error: ProviderError) -> tuple[int, float]:
        """How many failures in a row, over how long."""
        patience = self._patience
        if self._limited:
            return 0, patience.limited
        if error.kind == "timeout" and error.status is None:
            # Nothing at all came: who never answered is not asked a second time for as long.
            return (patience.failures, patience.silent) if self.alive else (1, 0.0)
        if not self.alive and not is_overload(error):
            return patience.failures, patience.at_first
        return patience.failures, patience.gone if error.kind == "unreachable" else patience.ill
