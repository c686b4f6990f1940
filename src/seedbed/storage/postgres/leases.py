"""One driver for each run on several machines: leases in the database, by its clock.

A lease is renewed while whoever has it lives, and ends by itself soon after. A process of this machine that is known to
be gone is not waited for: its runs can be gone on with at once, as with a file.
"""

from __future__ import annotations

import logging
import threading
import time
from contextlib import contextmanager, suppress
from secrets import token_hex
from typing import TYPE_CHECKING, Final

from seedbed.core.errors import SeedbedError

from ..claims import claimed_by_another
from .opening import APPENDS, open_postgres
from .processes import is_gone, this_process

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Connection, Engine

LENGTH: Final = 15.0
"""Seconds after which a lease ends of which nothing more is heard."""

RENEWALS: Final = 3
"""A lease is renewed so often in its length."""

LOOK_SECONDS: Final = (0.01, 0.2)
"""Between two looks of whoever waits for a lease: the first, and the longest."""

_UNTIL: Final = "clock_timestamp() + make_interval(secs => %(length)s)"
_TAKE: Final = (
    f"INSERT INTO leases (name, holder, until) VALUES (%(name)s, %(holder)s, {_UNTIL})"  # noqa: S608 - our own words
    " ON CONFLICT (name) DO UPDATE SET holder = excluded.holder, until = excluded.until"
    " WHERE leases.until < clock_timestamp() OR leases.holder = %(gone)s RETURNING name"
)
_RENEW: Final = f"UPDATE leases SET until = {_UNTIL} WHERE holder = ANY(%(holders)s) RETURNING holder"  # noqa: S608
_FREE: Final = "DELETE FROM leases WHERE holder = %(holder)s"
_HOLDER: Final = "SELECT holder FROM leases WHERE name = %(name)s AND until >= clock_timestamp()"
_ASSURE: Final = "SELECT holder FROM leases WHERE name = %(name)s FOR SHARE"

_log = logging.getLogger(__name__)


class Keeper:
    """Renews the leases of one store, in a thread of its own while there are any.

    Args:
        engine: of the database.
        length: of the leases, in seconds.
    """

    def __init__(self, engine: Engine, length: float = LENGTH) -> None:
        self.engine = _at_once(engine)
        self.length = length
        self._own = _at_once(open_postgres(engine.url, 1))  # whoever has all other connections does not lose its leases
        self._held: set[str] = set()
        self._lock = threading.Lock()
        self._wake = threading.Event()
        self._thread: threading.Thread | None = None

    def add(self, holder: str) -> None:
        """From now on this one's lease is renewed."""
        with self._lock:
            self._held.add(holder)
            if self._thread is None:
                self._wake.clear()
                self._thread = threading.Thread(target=self._loop, name="seedbed-leases", daemon=True)
                self._thread.start()

    def remove(self, holder: str) -> None:
        """This one's lease is to end."""
        with self._lock:
            self._held.discard(holder)

    def close(self) -> None:
        """Renews nothing any more, and waits for the thread."""
        with self._lock:
            self._held.clear()
            thread = self._thread
        self._wake.set()
        if thread is not None:
            thread.join()
        self._own.dispose()

    def _loop(self) -> None:
        pause = self.length / RENEWALS
        while True:
            self._wake.wait(pause)
            with self._lock:
                holders = sorted(self._held)
                if not holders:
                    self._thread = None
                    return
            pause = self.length / RENEWALS
            try:
                self._renew(holders)
            except Exception as error:  # noqa: BLE001 - whatever it is, it is tried again while there is time
                _log.warning("Leases could not be renewed: %s", error)
                pause /= 5

    def _renew(self, holders: list[str]) -> None:
        with self._own.connect() as connection:
            rows = connection.exec_driver_sql(_RENEW, {"length": self.length, "holders": holders}).all()
        lost = set(holders) - {str(row[0]) for row in rows}
        with self._lock:
            lost &= self._held  # those that were given up meanwhile are not lost
            self._held -= lost
        if lost:
            _log.warning("Another process has taken over what this one held: it was not heard of for too long.")


class Leases:
    """Claims as leases; see `FileClaims`.

    Args:
        keeper: of the store.
        kind: of what is claimed; names are those of one kind.
    """

    def __init__(self, keeper: Keeper, kind: str) -> None:
        self._keeper = keeper
        self._kind = kind
        self._mine: dict[str, str] = {}

    @contextmanager
    def hold(self, run: str) -> Iterator[None]:
        """Holds the claim while the context lasts.

        Raises:
            RunClaimed: somebody who lives holds it.
        """
        holder = _new_holder()
        if not self._take(run, holder):
            raise claimed_by_another(run)
        with self._held(run, holder):
            yield

    @contextmanager
    def wait(self, name: str) -> Iterator[None]:
        """Holds the claim while the context lasts; waits for it as long as it takes."""
        holder, (pause, longest) = _new_holder(), LOOK_SECONDS
        while not self._take(name, holder):
            time.sleep(pause)
            pause = min(2 * pause, longest)
        with self._held(name, holder):
            yield

    def is_held(self, run: str) -> bool:
        """Whether somebody who lives holds the claim."""
        with self._keeper.engine.connect() as connection:
            holder = self._holder(connection, run)
        return holder is not None and not is_gone(holder)

    def assure(self, connection: Connection, name: str) -> None:
        """Where this store has claimed something: it has it until this transaction ends.

        Raises:
            RunClaimed: somebody else has it by now.
        """
        mine = self._mine.get(name)
        if mine and connection.exec_driver_sql(_ASSURE, {"name": self._name(name)}).scalar() != mine:
            raise claimed_by_another(name)

    def _take(self, name: str, holder: str) -> bool:
        given = {"name": self._name(name), "holder": holder, "length": self._keeper.length}
        with self._keeper.engine.connect() as connection:
            if connection.exec_driver_sql(_TAKE, {**given, "gone": ""}).first():
                return True
            before = self._holder(connection, name)
            if before is not None and not is_gone(before):
                return False
            return connection.exec_driver_sql(_TAKE, {**given, "gone": before or ""}).first() is not None

    @contextmanager
    def _held(self, name: str, holder: str) -> Iterator[None]:
        self._mine[name] = holder
        self._keeper.add(holder)
        try:
            yield
        finally:
            self._keeper.remove(holder)
            self._mine.pop(name, None)
            with suppress(SeedbedError), self._keeper.engine.connect() as connection:  # else it ends by itself
                connection.exec_driver_sql(_FREE, {"holder": holder})

    def _holder(self, connection: Connection, name: str) -> str | None:
        found = connection.exec_driver_sql(_HOLDER, {"name": self._name(name)}).scalar()
        return None if found is None else str(found)

    def _name(self, name: str) -> str:
        return f"{self._kind}:{name}"


def _at_once(engine: Engine) -> Engine:
    """Each statement is a transaction of its own."""
    return engine.execution_options(isolation_level="AUTOCOMMIT", **{APPENDS: True})


def _new_holder() -> str:
    return f"{this_process()}/{token_hex(8)}"
