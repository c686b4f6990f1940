"""Logging in: sessions by cookie, and how often somebody may try."""

from __future__ import annotations

import time
from dataclasses import replace
from secrets import token_urlsafe
from threading import Lock
from typing import TYPE_CHECKING, Final

from seedbed.core.errors import SeedbedError
from seedbed.core.serving import StoredSession

from .clock import from_now, now
from .people import Person
from .tokens import digest
from .users import fits

if TYPE_CHECKING:
    from collections.abc import Callable

    from seedbed.core.serving import StoredUser
    from seedbed.core.stored import Store

    from .people import Role

IDLE_DAYS: Final = 14
"""A session that was not used for so long has ended."""

FREE: Final = 5
"""Wrong tries before one must wait."""

LONGEST_WAIT: Final = 900.0
LONGEST_TURN: Final = 5.0
MOST_KNOWN: Final = 10_000
_SELDOM = 1 / 24
"""How often the use of a session is taken down, in days."""


class Unknown(SeedbedError):
    """Name and password do not belong together."""


class TooOften(SeedbedError):
    """Too many wrong tries; `seconds` to wait."""

    def __init__(self, seconds: float) -> None:
        self.seconds = max(1, round(seconds + 0.5))
        super().__init__("Too many wrong tries to log in.", f"Try again in {self.seconds} seconds.")


class Door:
    """Counts wrong tries by name and by address; both of them must wait ever longer. Somebody who has logged in from an
    address before is counted for themselves there, so that nobody keeps them out by trying their name elsewhere.

    Args:
        clock: seconds that only grow.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._tries: dict[tuple[str, ...], tuple[int, float]] = {}
        self._at_home: dict[tuple[str, str], None] = {}
        self._lock = Lock()
        self._hashing = Lock()

    def log_in(self, store: Store, name: str, password: str, address: str) -> tuple[StoredSession, str]:
        """A new session, and what its cookie holds.

        Raises:
            TooOften: one must wait first; nothing was looked at.
            Unknown: name and password do not belong together.
        """
        home = (name.casefold(), address)
        tried: tuple[tuple[str, ...], ...] = (("name", home[0]), ("address", address))
        if home in self._at_home:
            tried = (("home", *home),)
        self._knock(tried)
        if not self._fits(store.serving.user(name), password):
            raise Unknown("Name and password do not belong together.", "Try again, or ask an owner for a new one.")
        self._forget(tried)
        self._remember(home)
        secret = token_urlsafe(32)
        session = StoredSession(digest(secret), name, token_urlsafe(24), now(), now())
        store.serving.end_sessions(before=from_now(-IDLE_DAYS))
        store.serving.put_session(session)
        return session, secret

    def _fits(self, user: StoredUser | None, password: str) -> bool:
        """A hash takes memory on purpose: one at a time, and nobody waits long for their turn."""
        if not self._hashing.acquire(timeout=LONGEST_TURN):
            raise TooOften(LONGEST_TURN)
        try:
            return fits(user, password)
        finally:
            self._hashing.release()

    def _knock(self, tried: tuple[tuple[str, ...], ...]) -> None:
        """Every try counts as a wrong one until it turned out right: many at once are no way around."""
        with self._lock:
            at = self._clock()
            wait = max(self._tries.get(one, (0, 0.0))[1] - at for one in tried)
            if wait > 0:
                raise TooOften(wait)
            for one in tried:
                wrong = self._tries.pop(one, (0, 0.0))[0] + 1
                over = wrong - FREE
                self._tries[one] = (wrong, at + min(LONGEST_WAIT, 2.0 ** min(over, 20)) if over >= 0 else 0.0)
            while len(self._tries) > MOST_KNOWN:
                del self._tries[next(iter(self._tries))]

    def _forget(self, tried: tuple[tuple[str, ...], ...]) -> None:
        with self._lock:
            for one in tried:
                self._tries.pop(one, None)

    def _remember(self, home: tuple[str, str]) -> None:
        with self._lock:
            self._at_home.pop(home, None)
            self._at_home[home] = None
            while len(self._at_home) > MOST_KNOWN:
                del self._at_home[next(iter(self._at_home))]


def known(store: Store, secret: str) -> tuple[Person, StoredSession] | None:
    """Who comes with a cookie; None if it is none of ours, or its session has ended."""
    session = store.serving.session(digest(secret))
    if session is None or session.seen < from_now(-IDLE_DAYS):
        return None
    user = store.serving.user(session.user)
    if user is None:
        return None
    if session.seen < from_now(-_SELDOM):
        store.serving.put_session(replace(session, seen=now()))
    roles: dict[str, Role] = dict(store.serving.roles(user.name))  # type: ignore[arg-type]
    return Person(user.name, owner=user.owner, roles=roles), session
