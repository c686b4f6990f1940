"""Puts together what drives a run: plan, novelty, accounts, budget, models, worker."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from seedbed.checks.catalog import checks as check_kinds
from seedbed.checks.duplicates import Duplicate
from seedbed.core.attempt import Attempt, Job, Previous, Recent, Sampling
from seedbed.core.chat import Capabilities
from seedbed.core.fields import at
from seedbed.core.pool import OncePool
from seedbed.core.stored import EVERY, Selection
from seedbed.engine.addition import Addition, Line
from seedbed.engine.budget import Budget, Limits, Spent
from seedbed.engine.desk import Desk, Floor, Target
from seedbed.engine.embedding import Embeddings
from seedbed.engine.generate import Generation
from seedbed.engine.plan import Plan, StopRules
from seedbed.engine.steering import Steering, StepSteering
from seedbed.engine.worker import Asked, AttemptWorker
from seedbed.executors.local import LocalExecutor
from seedbed.recipe.staged import ByStep, Steps
from seedbed.recipe.step_pool import StepPool

from . import batches, connections
from .books import accounts_of, wanted_of
from .inputs import chunked
from .models import ModelDoor, own
from .uniqueness.comparing import own_novelty, tell, with_checks
from .uniqueness.meaning import OWN

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from seedbed.core.part import Check, Generator, Sequenced
    from seedbed.core.pool import Pool
    from seedbed.core.ports import Journal, Novelty, Purse
    from seedbed.core.quota import Quota
    from seedbed.core.run import Accounts
    from seedbed.core.stored import OpenAttempt, Store, StoredRun
    from seedbed.engine.generate import Watch
    from seedbed.engine.redaction import Redaction
    from seedbed.executors.ray import Cluster
    from seedbed.providers.prices import Price
    from seedbed.recipe.document import Recipe
    from seedbed.recipe.steps import Step

    from .existing import Existing
    from .models import Access, Lend
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
    steering: Steering | StepSteering
    novelty: Novelty
    first_attempt: int = 0
    open_jobs: Sequence[Job] = ()
    pool: Pool | None = None


@dataclass(slots=True)
class Means:
    """The models of a run, ready to be asked, their prices, what is kept from those of others, how they are reached,
    and the cluster where they are asked, if that is not here."""

    door: ModelDoor
    prices: Mapping[str, Price | None]
    redaction: Redaction | None = None
    access: Mapping[str, Access] = field(default_factory=dict)
    cluster: Cluster | None = None


def means_of(workspace: Workspace, recipe: Recipe, concurrency: int | None = None, lend: Lend | None = None) -> Means:
    """The models a recipe names; nothing is opened or asked yet. `lend` gives connections that others use, too.

    Raises:
        InputError: a connection or its key is missing, its settings are wrong, or there is no library to mask with.
    """
    access = connections.resolve(workspace, recipe, concurrency)
    names, files = connections.model_names(recipe), workspace.settings.files
    batched, prices = batches.batched(recipe, access), connections.prices(recipe, access)
    how: Any = {"lend": lend or own(files), "writers": list(recipe.model), "batched": batched}
    door = ModelDoor(access, names, recipe.fallback, **how)
    return Means(door, batches.halved(recipe, prices, batched), redaction_of(recipe, access), access)


def take_up(store: Store, recipe: Recipe, run: StoredRun, existing: Existing) -> Start:
    """What the run did before, taken up; reads all its records.

    Raises:
        InputError: the recipe now wants less of a cell than the run already has, or a known file cannot be read.
    """
    quota = wanted_of(recipe, existing, run)
    accounts = accounts_of(store, run, quota)
    if recipe.redact and accounts.redacted is None:
        accounts.redacted = Counter()
    steering, novelty = steering_of(recipe, quota), novelty_of(recipe, existing)
    pool = pool_of(recipe, existing)
    places = {cell.key: i for i, cell in enumerate(quota.cells)}
    for record in store.records(Selection(run=run.id, step=EVERY)):
        novelty.remember(record, novelty.features(record))
        place = places.get(quota.key_of(recipe.generator.cell_values(record)))
        if place is not None:  # a generator of the user's own need not write its axes into its records
            steering.remember(place, Recent(record.id, recipe.generator.gist(record)))
        if pool is not None:
            pool.restored(record)
    if isinstance(pool, OncePool):
        for record in store.records(Selection(run=run.id, state="rejected", step=EVERY)):
            pool.restored(record)
    first = store.last_attempt(run.id) + 1
    open_jobs = _open_jobs(store, run, recipe.generator, quota, pool)
    return Start(run.id, quota, accounts, steering, novelty, first, open_jobs, pool)


def assemble(
    recipe: Recipe,
    start: Start,
    means: Means,
    journal: Journal,
    watch: Watch | None = None,
    far: Callable[[Budget], Floor] | None = None,
) -> Generation:
    """The run, to be driven; `far` is where its work is done, if not in this process."""
    door, accounts = means.door, start.accounts
    budget = Budget(limits_of(recipe), _spent(accounts), means.prices)
    units = [cell.unit for cell in start.quota.cells]
    wanted = [(cell.wanted, cell.accepted, unit) for cell, unit in zip(accounts.cells, units, strict=True)]
    stay = STAY if any(door.capabilities(model).prefix_cache for model in recipe.model) else 1
    plan = Plan(wanted, stops_of(recipe), stay, start.first_attempt)
    desk = Desk(plan, start.steering, start.novelty, accounts, budget, journal)

    def open_worker(_: object) -> AttemptWorker:
        return worker_of(recipe, start.novelty, Asked(door, Embeddings(OWN), means.redaction), budget)

    here = Floor(LocalExecutor(), open_worker, door.halt, door.leave, waiting=door.waiting)
    floor = here if far is None else far(budget)
    return Generation(_target(recipe, start, door), desk, floor, watch)


def worker_of(recipe: Recipe, novelty: Novelty, asked: Asked, purse: Purse) -> AttemptWorker:
    """Who does a recipe's attempts, here or elsewhere."""
    return AttemptWorker(recipe.generator, lines_of(recipe), novelty, asked, purse)


def limits_of(recipe: Recipe) -> Limits:
    """The budget."""
    most = recipe.budget
    return Limits(most.cost, most.tokens, most.calls, most.minutes)


def stops_of(recipe: Recipe) -> StopRules:
    """The stop rules."""
    return StopRules(recipe.stop_rules.fruitless, recipe.stop_rules.attempts_per_record)


def all_checks(checks: Sequence[Check]) -> list[Check]:
    """The checks in the order they are applied: those every run has, then a recipe's or step's own."""
    named = {check.kind for check in checks}
    always = [check_kinds.get(kind)() for kind in ALWAYS if kind not in named]
    return [*always, *(check for check in checks if not isinstance(check, Duplicate))]


def lines_of(recipe: Recipe) -> dict[str, Line]:
    """What is done with the records of each step, or of the recipe."""
    steps = recipe.generator
    if not isinstance(steps, Steps):
        return {"": _line(steps, recipe.checks)}
    return {
        stage.name: replace(
            _line(stage.part, stage.maker.checks),
            additions=[_addition(recipe, step) for step in stage.additions],
        )
        for stage in steps.stages
    }


def _line(part: Generator, checks: Sequence[Check]) -> Line:
    return Line(all_checks(checks), replace(part.task(), columns=part.text_columns()))


def _addition(recipe: Recipe, step: Step) -> Addition:
    part = step.part
    names = {column: step.named(column) for column in part.added_columns()}
    columns = tuple(names[column] for column in part.text_columns() if column in names) or tuple(names.values())
    line = Line(all_checks(step.checks), replace(part.task(), columns=columns))
    models = list(step.model.items()) if step.model else []
    sampling = recipe.sampling(step).base
    return Addition(step.name, part, names, sampling, line, models, told=recipe.retry_with_feedback)


def steering_of(recipe: Recipe, quota: Quota) -> Steering | StepSteering:
    """Steering that has seen nothing yet."""
    steps = recipe.generator
    if not isinstance(steps, Steps):
        return Steering(len(quota.cells), recipe.sampling(), enabled=recipe.steering and steps.varied)
    cells = Counter(steps.of_cell(quota.as_dict(cell)).name for cell in quota.cells)
    return StepSteering(
        [
            (
                cells[stage.name],
                Steering(
                    cells[stage.name], recipe.sampling(stage.maker), enabled=recipe.steering and stage.part.varied
                ),
            )
            for stage in steps.stages
        ]
    )


def pool_of(recipe: Recipe, existing: Existing) -> Pool | None:
    """What attempts are given to work on.

    Raises:
        InputError: what was read cannot be used.
    """
    steps = recipe.generator
    if isinstance(steps, Steps):
        return steps.pool(existing.inputs, chunked)
    return steps.pool(existing.inputs)


def novelty_of(recipe: Recipe, existing: Existing) -> Novelty:
    """Uniqueness against the files and datasets a recipe names."""
    novelty = fresh_novelty(recipe)
    tell(novelty, recipe, existing)
    return novelty


def fresh_novelty(recipe: Recipe) -> Novelty:
    """Uniqueness that knows no record yet."""
    parts = {same.step: with_checks(same, own_novelty(same)) for same in recipe.sameness()}
    steps = recipe.generator
    return ByStep(steps, parts) if isinstance(steps, Steps) else parts[""]


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
        _per_call(recipe, start.quota),
        strict=recipe.structured == "always",
        first_attempt=start.first_attempt,
        open_jobs=start.open_jobs,
        pool=start.pool,
        settled=start.pool.settled if isinstance(start.pool, StepPool) else lambda: False,
        numbered=_numbered(recipe.generator),
        step_models={step.name: list(step.model.items()) for step in recipe.steps if step.generator and step.model},
        more_models=list(dict.fromkeys(name for step in recipe.steps if step.add for name in step.model or ())),
        gist=recipe.generator.gist,
        retries=(lambda _: True) if recipe.retry_with_feedback else recipe.generator.retries,
    )


def _per_call(recipe: Recipe, quota: Quota) -> int | list[int]:
    steps = recipe.generator
    if not isinstance(steps, Steps):
        return steps.per_call()
    return [steps.of_cell(quota.as_dict(cell)).part.per_call() for cell in quota.cells]


def _numbered(generator: Generator) -> Mapping[str, Mapping[str, Sequenced]]:
    found = generator.numbered_by_step() if isinstance(generator, Steps) else {"": generator.numbered()}
    return {step: columns for step, columns in found.items() if columns}


def redaction_of(recipe: Recipe, access: Mapping[str, Access]) -> Redaction | None:
    """What models of others are not to see, if that matters.

    Raises:
        MissingExtra: a library that finds it is not installed.
    """
    hosted = connections.hosted(recipe, access) if recipe.redact else ()
    if not hosted:
        return None
    from seedbed.engine.redaction import Redaction  # with what finds personal data, which takes long to load

    with at("redact"):
        return Redaction(hosted)


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
        cell = opened.frozen["cell"]
        place = self._places.get(self._quota.key_of(cell))
        names = opened.frozen.get("inputs", ())
        inputs = tuple(found for name in names if self._pool and (found := self._pool.find(cell, name)))
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
        others={name: Capabilities(**can) for name, can in frozen.get("others", {}).items()},
    )
