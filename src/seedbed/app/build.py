"""Puts a run together: quota, plan, novelty, accounts, budget, models, worker."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from seedbed.checks.catalog import checks as check_kinds
from seedbed.checks.duplicates import NearDuplicate, Uniqueness
from seedbed.core.attempt import Attempt, Job, Recent, Sampling
from seedbed.core.chat import Capabilities
from seedbed.core.errors import InputError, RunFailed
from seedbed.core.run import Accounts
from seedbed.core.stored import Selection
from seedbed.engine.budget import Budget, Spent
from seedbed.engine.generate import Desk, Floor, Generation, Target
from seedbed.engine.plan import Plan
from seedbed.engine.steering import Steering
from seedbed.engine.worker import AttemptWorker
from seedbed.executors.local import LocalExecutor

from . import connections
from .models import ModelDoor

if TYPE_CHECKING:
    from collections.abc import Sequence

    from seedbed.core.part import Check
    from seedbed.core.ports import Journal, Models
    from seedbed.core.quota import Quota
    from seedbed.core.stored import OpenAttempt, Store, StoredRun
    from seedbed.engine.recipe import Recipe

    from .existing import Existing
    from .options import Options
    from .workspace import Workspace

ALWAYS = ("refusal", "copied_example")
"""Checks every run has; naming them in a recipe changes their settings."""

STAY = 8
"""Attempts in a row on one cell where the connection caches the beginning of a prompt."""


@dataclass(slots=True)
class Build:
    """A run ready to be driven, and what must be closed after it."""

    generation: Generation
    accounts: Accounts
    journal: Journal
    watchers: list[Callable[[Generation], None]]

    async def close(self) -> None:
        """Waits until everything is on disk.

        Raises:
            RunFailed: it could not be written.
        """
        await self.journal.flush()
        await asyncio.to_thread(self.journal.close)

    def close_quietly(self) -> None:
        """Ends the journal although it failed before."""
        try:
            self.journal.close()
        except RunFailed:
            return


async def build(
    workspace: Workspace,
    recipe: Recipe,
    run: StoredRun,
    epoch: int,
    existing: Existing,
    options: Options,
) -> Build:
    """Everything a run needs, with what it did before taken up.

    Raises:
        InputError: the recipe now wants less of a cell than the run already has.
    """
    store = workspace.store
    access = connections.resolve(workspace, recipe, options.concurrency)
    files = workspace.settings.files
    door = ModelDoor(access, connections.model_names(recipe), recipe.fallback, files=files, writers=list(recipe.model))
    await door.prepare(options.say)
    quota = recipe.quota()
    for cell in quota.cells:
        cell.wanted = max(0, cell.wanted - existing.counted[cell.key])
    accounts, made = await asyncio.to_thread(accounts_of, store, run, quota)
    steering = Steering(len(quota.cells), recipe.sampling(), enabled=recipe.steering)
    novelty = await asyncio.to_thread(_novelty, store, recipe, run, existing, steering, quota)
    figures = accounts.as_dict()
    spent = Spent(
        sum(account.cost for account in accounts.models.values()),
        figures["tokens"]["input"] + figures["tokens"]["output"],
        figures["calls"],
        run.seconds,
    )
    budget = Budget(recipe.limits(), spent, connections.prices(recipe, access))
    door.brake(budget.may_repeat)
    stay = STAY if any(door.capabilities(model).prefix_cache for model in recipe.model) else 1
    plan = Plan(
        [(cell.wanted, account.accepted, made[i]) for i, (cell, account) in enumerate(_cells(quota, accounts))],
        recipe.stops(),
        stay,
    )
    journal = store.journal(run, epoch)
    desk = Desk(plan, steering, novelty, accounts, budget, journal)
    target = Target(
        run.id,
        recipe.seed,
        quota,
        list(recipe.model.items()),
        lambda model: capabilities_for(door, model, recipe),
        strict=recipe.structured == "always",
        first_attempt=store.last_attempt(run.id) + 1,
        open_jobs=_open_jobs(store, run, quota),
    )
    watchers: list[Callable[[Generation], None]] = [lambda it: journal.progress(_progress(it, run))]
    floor = Floor(LocalExecutor(), lambda spec: _worker(recipe, novelty, spec, budget), door)

    def watch(generation: Generation) -> None:
        for watcher in watchers:
            watcher(generation)

    generation = Generation(target, desk, floor, watch)
    return Build(generation, accounts, journal, watchers)


def all_checks(recipe: Recipe) -> list[Check]:
    """The checks in the order they are applied: those every run has, then the recipe's own."""
    named = {check.kind for check in recipe.checks}
    always = [check_kinds.get(kind)() for kind in ALWAYS if kind not in named]
    return [*always, *(check for check in recipe.checks if not isinstance(check, NearDuplicate))]


def _worker(recipe: Recipe, novelty: Uniqueness, models: Models, budget: Budget) -> AttemptWorker:
    return AttemptWorker(recipe.generator, all_checks(recipe), novelty, models, budget)


def capabilities_for(door: ModelDoor, model: str, recipe: Recipe) -> Capabilities:
    known = door.capabilities(model)
    if recipe.structured == "auto":
        return known
    return replace(known, json_schema=recipe.structured == "always")


def _cells(quota: Quota, accounts: Accounts) -> Sequence[Any]:
    return list(zip(quota.cells, accounts.cells, strict=True))


def _progress(generation: Generation, run: StoredRun) -> dict[str, Any]:
    return {"run": run.id, "state": "running", **generation.desk.accounts.as_dict(), "output": run.output}


def accounts_of(store: Store, run: StoredRun, quota: Quota) -> tuple[Accounts, list[int]]:
    """The accounts of what the run did so far, and how many attempts each cell had."""
    accounts = Accounts.of(quota)
    accounts.seconds = run.seconds
    places = {cell.key: i for i, cell in enumerate(quota.cells)}
    made = [0] * len(quota.cells)
    for tally in store.tallies(run.id):
        place = places.get(tally.cell)
        if place is None:
            raise InputError(
                f"The run {run.id} has records of {tally.cell}, which the recipe does not ask for any more.",
                "Start afresh with --new.",
            )
        accounts.slot(place, tally.model, tally.state, tally.reason, tally.count)
        made[place] += tally.count
    for account in accounts.cells:
        if account.accepted > account.wanted:
            raise InputError(
                f"The run {run.id} has {account.accepted} records of {account.values}, more than the "
                f"{account.wanted} now asked for.",
                "Start afresh with --new.",
            )
    for spending in store.spending(run.id):
        usage = (spending.input_tokens, spending.output_tokens)
        accounts.call(spending.model, usage, spending.cost if spending.priced else None, spending.tries)
    return accounts, made


def novelty_of(recipe: Recipe, existing: Existing, quota: Quota) -> Uniqueness:
    """Uniqueness against the files and datasets a recipe names."""
    novelty = Uniqueness(
        recipe.duplicates().threshold,
        near=recipe.near_duplicate,
        unique_by=recipe.generator.unique_by,
        labelled="label" in quota.axes,
    )
    for source in existing.known:
        for record in source():
            record.id = ""
            novelty.remember(record, novelty.features(record))
    return novelty


def _novelty(
    store: Store, recipe: Recipe, run: StoredRun, existing: Existing, steering: Steering, quota: Quota
) -> Uniqueness:
    """What is known already: given files and datasets, and the run's own accepted records."""
    novelty = novelty_of(recipe, existing, quota)
    places = {cell.key: i for i, cell in enumerate(quota.cells)}
    for record in store.records(Selection(run=run.id)):
        novelty.remember(record, novelty.features(record))
        steering.remember(places[quota.key_of(record.values)], Recent(record.id, record.text))
    return novelty


def _open_jobs(store: Store, run: StoredRun, quota: Quota) -> list[Job]:
    """Attempts that were answered but not finished when the process died."""
    places = {cell.key: i for i, cell in enumerate(quota.cells)}
    jobs = []
    for opened in store.open_attempts(run.id):
        place = places.get(quota.key_of(opened.frozen["cell"]))
        if place is not None:
            jobs.append(Job(_thaw(run.id, opened, place, store), opened.answers))
    return jobs


def _thaw(run: str, opened: OpenAttempt, place: int, store: Store) -> Attempt:
    frozen = opened.frozen
    texts = store.texts(frozen["recent"])
    sampling = frozen["sampling"]
    return Attempt(
        run,
        opened.number,
        frozen["ordinal"],
        frozen["seed"],
        frozen["now"],
        place,
        frozen["cell"],
        frozen["model"],
        frozen["n"],
        Capabilities(**frozen["capabilities"]),
        Sampling(**sampling | {"stop": tuple(sampling["stop"])}),
        frozen["steered"],
        tuple(Recent(name, texts[name]) for name in frozen["recent"] if name in texts),
        frozen["strict"],
    )
