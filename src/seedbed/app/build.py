"""Puts together what drives a run: plan, novelty, accounts, budget, models, worker."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from seedbed.checks.catalog import checks as check_kinds
from seedbed.checks.duplicates import Anything, Duplicate, RougeL
from seedbed.core.attempt import Attempt, Job, Previous, Recent, Sampling
from seedbed.core.chat import Capabilities
from seedbed.core.stored import Selection
from seedbed.engine.budget import Budget, Spent
from seedbed.engine.desk import Desk, Floor, Target
from seedbed.engine.embedding import Embeddings
from seedbed.engine.generate import Generation
from seedbed.engine.plan import Plan
from seedbed.engine.steering import Steering
from seedbed.engine.worker import AttemptWorker
from seedbed.executors.local import LocalExecutor

from . import connections
from .books import accounts_of, wanted_of
from .comparing import tell, uniqueness_of, with_checks
from .meaning import OWN
from .models import ModelDoor

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from seedbed.core.part import Check, Generator
    from seedbed.core.pool import Pool
    from seedbed.core.ports import Journal, Novelty
    from seedbed.core.quota import Quota
    from seedbed.core.run import Accounts
    from seedbed.core.stored import OpenAttempt, Store, StoredRun
    from seedbed.engine.generate import Watch
    from seedbed.engine.recipe import Recipe
    from seedbed.providers.prices import Price

    from .existing import Existing
    from .workspace import Workspace

ALWAYS = ("refusal", "copied_example")
"""Checks every run has; naming them in a recipe changes their settings."""

STAY = 8
"""Attempts in a row on one cell where the connection caches the beginning of a prompt."""


@dataclass(slots=True)
class Start:
    """What a run begins with: its cells, what is known already, and what it did before.

    `open_jobs` were answered but not finished when the process ended.
    """

    run: str
    quota: Quota
    accounts: Accounts
    steering: Steering
    novelty: Novelty
    first_attempt: int = 0
    open_jobs: Sequence[Job] = ()
    pool: Pool | None = None


@dataclass(slots=True)
class Means:
    """The models of a run, ready to be asked, and their prices."""

    door: ModelDoor
    prices: Mapping[str, Price | None]


def means_of(workspace: Workspace, recipe: Recipe, concurrency: int | None = None) -> Means:
    """The models a recipe names; nothing is opened or asked yet.

    Raises:
        InputError: a connection or its key is missing, or its settings are wrong.
    """
    access = connections.resolve(workspace, recipe, concurrency)
    names, files = connections.model_names(recipe), workspace.settings.files
    door = ModelDoor(access, names, recipe.fallback, files=files, writers=list(recipe.model))
    return Means(door, connections.prices(recipe, access))


def take_up(store: Store, recipe: Recipe, run: StoredRun, existing: Existing) -> Start:
    """What the run did before, taken up; reads all its records.

    Raises:
        InputError: the recipe now wants less of a cell than the run already has, or a known file cannot be read.
    """
    quota = wanted_of(recipe, existing)
    accounts = accounts_of(store, run, quota)
    steering, novelty = steering_of(recipe, quota), novelty_of(recipe, existing, quota)
    pool = recipe.generator.pool(existing.inputs)
    places = {cell.key: i for i, cell in enumerate(quota.cells)}
    for record in store.records(Selection(run=run.id)):
        novelty.remember(record, novelty.features(record))
        place = places.get(quota.key_of(recipe.generator.cell_values(record)))
        if place is not None:  # a generator of the user's own need not write its axes into its records
            steering.remember(place, Recent(record.id, recipe.generator.gist(record)))
        if pool is not None:
            pool.restored(record)
    first = store.last_attempt(run.id) + 1
    open_jobs = _open_jobs(store, run, recipe.generator, quota, pool)
    return Start(run.id, quota, accounts, steering, novelty, first, open_jobs, pool)


def assemble(recipe: Recipe, start: Start, means: Means, journal: Journal, watch: Watch | None = None) -> Generation:
    """The run, to be driven."""
    door, accounts = means.door, start.accounts
    budget = Budget(recipe.limits(), _spent(accounts), means.prices)
    units = [cell.unit for cell in start.quota.cells]
    wanted = [(cell.wanted, cell.accepted, unit) for cell, unit in zip(accounts.cells, units, strict=True)]
    stay = STAY if any(door.capabilities(model).prefix_cache for model in recipe.model) else 1
    plan = Plan(wanted, recipe.stops(), stay, start.first_attempt)
    desk = Desk(plan, start.steering, start.novelty, accounts, budget, journal)

    def open_worker(_: object) -> AttemptWorker:
        return AttemptWorker(recipe.generator, all_checks(recipe), start.novelty, door, budget, Embeddings(OWN))

    return Generation(_target(recipe, start, door), desk, Floor(LocalExecutor(), open_worker, door.halt), watch)


def all_checks(recipe: Recipe) -> list[Check]:
    """The checks in the order they are applied: those every run has, then the recipe's own."""
    named = {check.kind for check in recipe.checks}
    always = [check_kinds.get(kind)() for kind in ALWAYS if kind not in named]
    return [*always, *(check for check in recipe.checks if not isinstance(check, Duplicate))]


def steering_of(recipe: Recipe, quota: Quota) -> Steering:
    """Steering that has seen nothing yet."""
    return Steering(len(quota.cells), recipe.sampling(), enabled=recipe.steering and recipe.generator.varied)


def novelty_of(recipe: Recipe, existing: Existing, quota: Quota) -> Novelty:
    """Uniqueness against the files and datasets a recipe names."""
    novelty = with_checks(recipe, _own_novelty(recipe, quota))
    tell(novelty, recipe, existing)
    return novelty


def _own_novelty(recipe: Recipe, quota: Quota) -> Novelty:
    """What the generator's records are compared by in any case."""
    if not recipe.generator.unique:
        return Anything()
    if recipe.generator.rouge:
        return RougeL(recipe.generator.rouge, recipe.generator.identity())
    return uniqueness_of(recipe, labelled="label" in quota.axes)


def _target(recipe: Recipe, start: Start, door: ModelDoor) -> Target:
    def capabilities(model: str) -> Capabilities:
        known = door.capabilities(model)
        return known if recipe.structured == "auto" else replace(known, json_schema=recipe.structured == "always")

    return Target(
        start.run,
        recipe.seed,
        start.quota,
        list(recipe.model.items()),
        capabilities,
        recipe.generator.per_call(),
        strict=recipe.structured == "always",
        first_attempt=start.first_attempt,
        open_jobs=start.open_jobs,
        pool=start.pool,
        numbered=recipe.generator.numbered(),
        gist=recipe.generator.gist,
        retries=(lambda _: True) if recipe.retry_with_feedback else recipe.generator.retries,
    )


def _spent(accounts: Accounts) -> Spent:
    models = accounts.models.values()
    return Spent(
        sum(model.cost for model in models),
        sum(model.input_tokens + model.output_tokens for model in models),
        sum(model.calls for model in models),
        accounts.seconds,
    )


def _open_jobs(store: Store, run: StoredRun, generator: Generator, quota: Quota, pool: Pool | None) -> list[Job]:
    """Attempts that were answered but not finished when the process died; those whose cell or inputs are gone are
    dropped."""
    thaw = Thaw(run.id, store, generator, quota, pool)
    jobs = ((thaw(opened), opened.answers) for opened in store.open_attempts(run.id))
    return [Job(attempt, answers) for attempt, answers in jobs if attempt]


class Thaw:
    """Makes attempts again from what the store has of them, so that they ask the same."""

    def __init__(self, run: str, store: Store, generator: Generator, quota: Quota, pool: Pool | None) -> None:
        self._run = run
        self._store = store
        self._generator = generator
        self._quota = quota
        self._places = {cell.key: i for i, cell in enumerate(quota.cells)}
        self._pool = pool

    def __call__(self, opened: OpenAttempt) -> Attempt | None:
        """The attempt; None if its cell is not asked for any more, or an input of it is gone."""
        place = self._places.get(self._quota.key_of(opened.frozen["cell"]))
        names = opened.frozen.get("inputs", ())
        inputs = tuple(found for name in names if self._pool and (found := self._pool.find(name)))
        if place is None or len(inputs) != len(names):
            return None
        attempt = _thaw(self._run, opened, place)
        attempt.inputs = inputs
        known = self._store.named(opened.frozen["recent"])
        attempt.recent = tuple(Recent(record.id, self._generator.gist(record)) for record in known)
        return attempt


def _thaw(run: str, opened: OpenAttempt, place: int) -> Attempt:
    frozen = opened.frozen
    sampling, previous = frozen["sampling"], frozen.get("previous")
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
        strict=frozen["strict"],
        previous=Previous(**previous) if previous else None,
    )
