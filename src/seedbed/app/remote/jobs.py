"""Work of a server that is waited for."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from seedbed.core.errors import RunFailed

from ..stages import Stage, unwatched
from .wire import part

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ..stages import Watch
    from .wire import Wire

EVERY_SECONDS = 0.4


def done(wire: Wire, path: str, body: Mapping[str, Any], watch: Watch = unwatched) -> dict[str, Any]:
    """Has work done and waits for it; answers its result.

    Raises:
        RunFailed: it could not be done, or was cancelled.
    """
    job = wire.send("POST", path, {name: value for name, value in body.items() if value is not None})
    while job["state"] in ("waiting", "running"):
        time.sleep(EVERY_SECONDS)
        job = wire.get(f"/jobs/{part(str(job['id']))}")
        watch(Stage(job["words"] or "Working", job["done"] or 0, job["total"]))
    if job["state"] != "done":
        raise RunFailed(job["message"] or f"The work was {job['state']}.", job["hint"] or "")
    result: dict[str, Any] = job["result"]
    return result
