"""Declined records are made again: their cells are opened anew, and the run goes on."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import orjson

from seedbed.core.errors import InputError, RunClaimed
from seedbed.core.run import UNENDED

from ..books import REFILL

if TYPE_CHECKING:
    from collections.abc import Mapping

    from seedbed.core.stored import StoredRun

    from ..workspace import Workspace


TRIES, PAUSE = 10, 0.1
"""So often, with so many seconds between, it is waited for somebody who holds a run and does not drive it."""


def refill(workspace: Workspace, run: str) -> dict[str, Any]:
    """Opens the cells of a run's declined records again; it is gone on with as any other run.

    The declined ones stay known, so nothing like them comes again. It is safe to ask twice: a record is made again
    once.

    Returns:
        `run`, how many records are to be made again, in all (`refilled`) and since the last time (`opened`), and what
        that means in a sentence (`message`).

    Raises:
        InputError: there is no such run, or its records are not made of a recipe.
        RunClaimed: it is being driven, and records were declined of which it does not know.
    """
    stored = workspace.store.run(run) if workspace.exists else None
    if stored is None:
        raise InputError(f"There is no run {run}.", "See them with: seedbed runs list")
    if stored.kind != "generate" or not stored.figures:
        raise InputError(f"The records of {run} were not made by a recipe, so they cannot be made again.")
    workspace.store.reviews.catch_up(stored.dataset)
    for _ in range(TRIES):
        try:
            return _opened(workspace, run)
        except RunClaimed:
            wish = _Wish.of(workspace, run)
            if wish.new == 0 or wish.stored.state in UNENDED:
                return _going(wish)
            time.sleep(PAUSE)  # nobody drives it: somebody else opens its cells, or it has just ended
    return _opened(workspace, run)


def _opened(workspace: Workspace, run: str) -> dict[str, Any]:
    with workspace.store.claim(run):
        wish = _Wish.of(workspace, run)
        if not wish.new:
            since = "was declined since it was refilled" if wish.wanted else "is declined"
            return wish.answer(f"No record of {run} {since}.")
        changes = {"state": "interrupted", "message": f"{wish.new:,} declined records are made again."}
        options = {**wish.stored.options, REFILL: wish.wanted}
        figures = _reopened(wish.stored.figures or {}, wish.opened)
        workspace.store.update_run(run, options=options, figures=figures, **changes)
    return wish.answer(f"{_records(wish.new)} to be made again.")


def _going(wish: _Wish) -> dict[str, Any]:
    """What is answered where a run is being driven.

    Raises:
        RunClaimed: there is something that its driver does not know of.
    """
    run, figures = wish.stored.id, wish.stored.figures or {}
    left = max(0, figures.get("asked", 0) - figures.get("accepted", 0))
    going = f"The run {run} goes on already: {_records(left)} being made."
    if wish.new:
        many = f"{wish.new:,} {'was' if wish.new == 1 else 'were'} declined of which it does not know."
        hint = f"Wait until it has ended, or pause it (seedbed runs pause {run}); then refill it."
        raise RunClaimed(f"{going} {many}", hint)
    return wish.answer(going)


def _records(count: int) -> str:
    return f"{count:,} {'record is' if count == 1 else 'records are'}"


@dataclass(frozen=True, slots=True)
class _Wish:
    """What is to be made again: how many of each cell in all (`wanted`) and more than it was known (`opened`)."""

    stored: StoredRun
    wanted: dict[str, int]
    opened: dict[str, int]

    @classmethod
    def of(cls, workspace: Workspace, run: str) -> _Wish:
        """As it stands."""
        stored = workspace.store.run(run)
        assert stored is not None
        declined = workspace.store.reviews.declined(run)
        before: dict[str, int] = stored.options.get(REFILL, {})
        # A record that was declined and approved later stays among those that were made again.
        wanted = {cell: max(declined.get(cell, 0), before.get(cell, 0)) for cell in {*declined, *before}}
        opened = {cell: count - before.get(cell, 0) for cell, count in wanted.items() if count > before.get(cell, 0)}
        return cls(stored, wanted, opened)

    @property
    def new(self) -> int:
        """How many more they are than it was known."""
        return sum(self.opened.values())

    def answer(self, message: str) -> dict[str, Any]:
        """What is answered."""
        return {
            "run": self.stored.id,
            "refilled": sum(self.wanted.values()),
            "opened": self.new,
            "message": message,
        }


def _reopened(figures: dict[str, Any], opened: Mapping[str, int]) -> dict[str, Any]:
    """The figures of a run that now wants more of some cells."""
    more = {tuple(value for value in orjson.loads(key) if value is not None): count for key, count in opened.items()}
    cells = [{**one, "wanted": one["wanted"] + more.get(tuple(one["cell"].values()), 0)} for one in figures["cells"]]
    return {**figures, "cells": cells, "asked": sum(one["wanted"] for one in cells), "state": "interrupted"}
