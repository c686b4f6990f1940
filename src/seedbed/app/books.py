"""The books of a run as the store has them: what is wanted, and what became of every slot so far."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import orjson

from seedbed.core.errors import InputError
from seedbed.core.quota import Cell, Quota
from seedbed.core.run import Accounts
from seedbed.recipe.document import Recipe

if TYPE_CHECKING:
    from seedbed.core.stored import Store, StoredRun

    from .existing import Existing


REFILL = "refill"
"""In the options of a run: how many records of which cell are wanted beyond the recipe's, as so many were declined."""


def wanted_of(recipe: Recipe, existing: Existing, run: StoredRun | None = None) -> Quota:
    """What is to be made: the recipe's cells without what is there already, and with what people declined of a run."""
    quota = recipe.quota(existing.inputs)
    refill: dict[str, int] = run.options.get(REFILL, {}) if run else {}
    for cell in quota.cells:
        cell.wanted = max(0, cell.wanted - existing.counted[cell.key])
        cell.wanted += -(-refill.get(cell.key, 0) // cell.unit) * cell.unit
    return quota


def accounts_of(store: Store, run: StoredRun, quota: Quota) -> Accounts:
    """The accounts of what the run did so far towards a target.

    Raises:
        InputError: the run has records that the target does not ask for.
    """
    accounts = Accounts.of(quota)
    _fill(accounts, store, run)
    for cell in accounts.cells:
        if cell.accepted > cell.wanted:
            raise InputError(
                f"The run {run.id} has {cell.accepted} records of {cell.values}, more than the "
                f"{cell.wanted} now asked for.",
                "Start afresh with --new.",
            )
    return accounts


def stored_accounts(store: Store, run: StoredRun) -> Accounts:
    """The accounts of a run towards its own target, whoever drove it last and however that ended."""
    try:
        accounts = Accounts.like(run.figures) if run.figures else Accounts.of(Recipe.of(run.recipe).quota())
        _fill(accounts, store, run)
    except InputError:  # kept without a recipe, or by one that cannot be read any more
        return _counted(store, run)
    return accounts


def _counted(store: Store, run: StoredRun) -> Accounts:
    """The accounts of a run of which it is not known what was wanted: as much as is there."""
    made = sum(tally.count for tally in store.tallies(run.id) if tally.state == "accepted")
    accounts = Accounts.of(Quota((), [Cell((), made, "[]")]))
    _fill(accounts, store, run, whole=True)
    return accounts


def figures_of(run: StoredRun, state: str, accounts: Accounts, output: str | None = None) -> dict[str, Any]:
    """The figures of `--json`."""
    return {"run": run.id, "state": state, **accounts.as_dict(), "output": output}


def _fill(accounts: Accounts, store: Store, run: StoredRun, *, whole: bool = False) -> None:
    """Books every slot and call the store has; as a `whole` without cells.

    Raises:
        InputError: there are records of a cell the accounts do not have.
    """
    accounts.seconds = run.seconds
    places = {tuple(cell.values.values()): i for i, cell in enumerate(accounts.cells)}
    for tally in store.tallies(run.id):
        # An axis that does not apply is null in a cell's key and absent among its values.
        key = () if whole else tuple(value for value in orjson.loads(tally.cell) if value is not None)
        place = places.get(key)
        if place is None:
            raise InputError(
                f"The run {run.id} has records of {tally.cell}, which the recipe does not ask for any more.",
                "Start afresh with --new.",
            )
        accounts.slot(place, tally.model, tally.state, tally.reason, tally.count)
    for spending in store.spending(run.id):
        usage = (spending.input_tokens, spending.output_tokens)
        cost = spending.cost if spending.priced else None
        accounts.call(spending.model, usage, cost, spending.tries, spending.redacted)
