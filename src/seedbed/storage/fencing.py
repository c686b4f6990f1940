"""Whoever lost a run to another process writes nothing of it any more."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from seedbed.core.errors import RunClaimed

from .tables import runs

if TYPE_CHECKING:
    from sqlalchemy import Connection


def fence(connection: Connection, run: str, epoch: int | None) -> None:
    """Until this transaction ends the run is that of the claim with this epoch; None asks for none.

    Raises:
        RunClaimed: it has another one's by now, or was removed.
    """
    if epoch is None:
        return
    found = connection.scalar(select(runs.c.epoch).where(runs.c.id == run).with_for_update())
    if found != epoch:
        raise RunClaimed(
            f"The run {run} was taken over by another process: this one was not heard of for too long.",
            f"See how it goes on with: seedbed runs show {run}",
        )
