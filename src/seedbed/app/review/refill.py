"""Declined records are made again: their cells are opened anew, and the run goes on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import orjson

from seedbed.core.errors import InputError

from ..books import REFILL

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ..workspace import Workspace


def refill(workspace: Workspace, run: str) -> dict[str, Any]:
    """Opens the cells of a run's declined records again; it is gone on with as any other run.

    The declined ones stay known, so nothing like them comes again. It is safe to ask twice: a record is made again
    once.

    Returns:
        `run`, and how many records are to be made again, in all (`refilled`) and since the last time (`opened`).

    Raises:
        InputError: there is no such run, it is being driven, or its records are not made of a recipe.
    """
    stored = workspace.store.run(run) if workspace.exists else None
    if stored is None:
        raise InputError(f"There is no run {run}.", "See them with: seedbed runs list")
    if stored.kind != "generate" or not stored.figures:
        raise InputError(f"The records of {run} were not made by a recipe, so they cannot be made again.")
    workspace.store.reviews.catch_up(stored.dataset)
    with workspace.store.claim(run):
        stored = workspace.store.run(run) or stored
        declined = workspace.store.reviews.declined(run)
        before: dict[str, int] = stored.options.get(REFILL, {})
        # A record that was declined and approved later stays among those that were made again.
        wanted = {cell: max(declined.get(cell, 0), before.get(cell, 0)) for cell in {*declined, *before}}
        opened = {cell: count - before.get(cell, 0) for cell, count in wanted.items() if count > before.get(cell, 0)}
        if opened:
            changes = {"state": "interrupted", "message": f"{sum(opened.values())} declined records are made again."}
            options = {**stored.options, REFILL: wanted}
            figures = _reopened(stored.figures or {}, opened)
            workspace.store.update_run(run, options=options, figures=figures, **changes)
    return {"run": run, "refilled": sum(wanted.values()), "opened": sum(opened.values())}


def _reopened(figures: dict[str, Any], opened: Mapping[str, int]) -> dict[str, Any]:
    """The figures of a run that now wants more of some cells."""
    more = {tuple(value for value in orjson.loads(key) if value is not None): count for key, count in opened.items()}
    cells = [{**one, "wanted": one["wanted"] + more.get(tuple(one["cell"].values()), 0)} for one in figures["cells"]]
    return {**figures, "cells": cells, "asked": sum(one["wanted"] for one in cells), "state": "interrupted"}
