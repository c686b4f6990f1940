"""Runs that are killed while they write, and what of their answers was on disk by then."""

from __future__ import annotations

import sqlite3
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from conftest import Shell
    from seedbed.testing.server import FakeServer


def stored(shell: Shell) -> int:
    """How many answers are on disk."""
    path = shell.folder / ".seedbed" / "seedbed.db"
    if not path.exists():
        return 0
    database = sqlite3.connect(path, timeout=30)
    try:
        return int(database.execute("SELECT count(*) FROM calls").fetchone()[0])
    except sqlite3.OperationalError:  # its tables are being made
        return 0
    finally:
        database.close()


def kill_often(shell: Shell, server: FakeServer, after: Iterable[float], *command: str) -> int:
    """Starts a command again and again and kills it, each time so many seconds after it stored its first answer.

    The server answers slowly meanwhile, one now and one then, so that the work outlasts all of these seconds on any
    machine; and at once from then on.

    Returns:
        How many answers of the server are not on disk now.
    """
    server.change(latency=0.15, latency_sigma=0.6)
    for seconds in after:
        before, process = stored(shell), shell.start(*command)
        while stored(shell) == before and process.poll() is None:
            time.sleep(0.02)
        time.sleep(seconds)
        assert process.poll() is None, "it was at work when it was killed"
        process.kill()
        process.communicate()
    while server.stats()["in_flight"]:
        time.sleep(0.02)
    server.change(latency=0)
    return server.stats()["answered"] - stored(shell)
