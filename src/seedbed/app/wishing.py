"""What is wished of a run: to pause it or to cancel it, whoever drives it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seedbed.core.run import WISHES

if TYPE_CHECKING:
    from seedbed.core.stored import Store

OVER = ("complete", "cancelled")


def wish_of(store: Store, run: str, wish: str) -> str:
    """Wishes "pause" or "cancel" of a run that is there; whoever drives it hears of it within a second or so. Answers
    what becomes of it."""
    if store.is_claimed(run):
        store.update_run(run, control=wish)
        return f"The run {run} is being stopped by the process that drives it."
    stored = store.run(run)  # read when nobody drives it: before that it may still end
    assert stored is not None
    if stored.state in (*OVER, WISHES[wish]):
        return f"The run {run} is {stored.state}."
    store.update_run(run, state=WISHES[wish], control="")
    return f"The run {run} is {WISHES[wish]} now."
