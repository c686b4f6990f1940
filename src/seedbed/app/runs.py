"""From a recipe to a finished run: find or make the run, drive it, write its output."""

from __future__ import annotations

import asyncio
import traceback
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy.exc import SQLAlchemyError

from seedbed.core.dataset import Dataset
from seedbed.core.errors import InputError, ProviderError, RunFailed
from seedbed.core.stored import Selection, StoredRun
from seedbed.engine.generate import Ending

from . import connections
from .build import Build, accounts_of, build
from .existing import Existing, read_existing
from .options import Options

if TYPE_CHECKING:
    from seedbed.core.run import Accounts, RunState
    from seedbed.engine.recipe import Recipe

    from .workspace import Workspace

EXIT_CODES: dict[str, int] = {"complete": 0, "shortfall": 3, "budget": 3, "failed": 1, "interrupted": 130}


@dataclass(slots=True)
class RunResult:
    """How a run ended: its figures (those of `--json`), and why, where there is something to say."""

    run: str
    state: RunState
    figures: dict[str, Any]
    dataset: Dataset
    message: str = ""
    hint: str = ""
    fresh: bool = True

    @property
    def exit_code(self) -> int:
        return EXIT_CODES[self.state]


async def generate(workspace: Workspace, recipe: Recipe, options: Options) -> RunResult:
    """Runs a recipe to its end, or on from where it was.

    Raises:
        InputError: something given cannot be used; no call was made.
    """
    access = connections.resolve(workspace, recipe, options.concurrency)
    _check_prices(recipe, connections.prices(recipe, access))
    run = _find(workspace, recipe, options)
    if options.output:
        options.output.check(run)
    existing = await asyncio.to_thread(read_existing, workspace, recipe, options.folder, run)
    if run is not None and run.state == "complete" and not _changed(run, recipe):
        return _finished(workspace, run, options)
    if run is None:
        run = _create(workspace, recipe)
    return await _drive(workspace, recipe, options, run, existing)


async def _drive(
    workspace: Workspace, recipe: Recipe, options: Options, run: StoredRun, existing: Existing
) -> RunResult:
    store = workspace.store
    with store.claim(run.id) as epoch:
        output = str(options.output.path) if options.output else run.output
        store.update_run(
            run.id,
            state="running",
            message="",
            output=output,
            recipe=recipe.document(),
            fingerprint=recipe.fingerprint(),
            columns=recipe.columns(),
            folder=str(options.folder),
        )
        try:
            made = await build(workspace, recipe, run, epoch, existing, options)
        except ProviderError as error:
            return _not_started(workspace, run, recipe, error, options)
        if options.watch:
            made.watchers.append(options.watch)
        ending = await _run(made, run, options)
        accounts = made.accounts
        if ending.state == "failed":
            # What could not be written is not there: the books are those of the store.
            accounts, _ = await asyncio.to_thread(accounts_of, store, run, recipe.quota())
            accounts.seconds = made.accounts.seconds
        return _conclude(workspace, run, accounts, ending, options)


def _not_started(
    workspace: Workspace, run: StoredRun, recipe: Recipe, error: ProviderError, options: Options
) -> RunResult:
    """The run's models could not be made ready (a local model's file cannot be had)."""
    accounts, _ = accounts_of(workspace.store, run, recipe.quota())
    return _conclude(workspace, run, accounts, Ending("failed", error.message, error.hint), options)


async def _run(made: Build, run: StoredRun, options: Options) -> Ending:
    if options.on_start:
        options.on_start(run, made.generation)
    try:
        ending = await made.generation.run()
        await made.close()
    except asyncio.CancelledError:
        await made.close()
        return Ending("interrupted")
    except RunFailed as error:
        made.close_quietly()
        return Ending("failed", error.message, error.hint)
    except Exception as error:  # noqa: BLE001 - a defect of a part, perhaps of the user's own
        made.close_quietly()
        place = traceback.extract_tb(error.__traceback__)[-1]
        message = f"A part of the run failed: {type(error).__name__}: {error} ({place.filename}, line {place.lineno})."
        return Ending("failed", message, "What was accepted is kept; mend the part and run the same command again.")
    return ending


def _conclude(workspace: Workspace, run: StoredRun, accounts: Accounts, ending: Ending, options: Options) -> RunResult:
    figures = accounts.as_dict()
    figures = {"run": run.id, "state": ending.state, **figures, "output": None}
    result = RunResult(run.id, ending.state, figures, _dataset(workspace, run, figures), ending.message, ending.hint)
    if options.output:
        options.output.write(workspace.store, Selection(run=run.id), run.columns)
        figures["output"] = str(options.output.path)
    if ending.message:
        figures["message"] = ending.message
    # Where the store could not be written a moment ago, this may fail as well: the reason is told all the same.
    with suppress(*((SQLAlchemyError,) if ending.state == "failed" else ())):
        workspace.store.update_run(
            run.id, state=ending.state, message=ending.message, figures=figures, seconds=accounts.seconds
        )
    return result


def _finished(workspace: Workspace, run: StoredRun, options: Options) -> RunResult:
    """A complete run: its summary again, and its output if that is missing."""
    figures = dict(run.figures or {})
    if options.output:
        if not options.output.path.exists() or str(options.output.path) != run.output:
            options.output.write(workspace.store, Selection(run=run.id), run.columns)
            workspace.store.update_run(run.id, output=str(options.output.path))
        figures["output"] = str(options.output.path)
    return RunResult(run.id, "complete", figures, _dataset(workspace, run, figures), fresh=False)


def _dataset(workspace: Workspace, run: StoredRun, figures: dict[str, Any]) -> Dataset:
    return Dataset(run.id, run.columns, lambda: workspace.store.records(Selection(run=run.id)), figures)


def _find(workspace: Workspace, recipe: Recipe, options: Options) -> StoredRun | None:
    """The run to go on with, if there is one.

    Raises:
        InputError: the recipe differs from its unfinished run, or the run asked for does not exist.
    """
    if options.resume:
        run = workspace.store.run(options.resume)
        if run is None:
            raise InputError(f"There is no run {options.resume}.", "See them with: seedbed runs list")
        return run
    if options.new or not workspace.exists:
        return None
    runs = workspace.store.runs(name=recipe.name)
    if not runs:
        return None
    run = runs[0]
    changes = _changed(run, recipe)
    if not changes:
        return run
    if run.state == "complete":
        return None
    raise InputError(
        f"The recipe differs from its unfinished run {run.id}: {'; '.join(changes)}.",
        f"Go on with the recipe as it is now with --resume {run.id}, or start afresh with --new.",
    )


def _create(workspace: Workspace, recipe: Recipe) -> StoredRun:
    run = StoredRun(
        id="",
        name=recipe.name,
        state="running",
        recipe=recipe.document(),
        fingerprint=recipe.fingerprint(),
        dataset="",
        columns=recipe.columns(),
        seed=recipe.seed,
    )
    run.dataset = recipe.into.dataset if recipe.into and not Path(recipe.into.dataset).suffix else ""
    run = workspace.store.create_run(run)
    if not run.dataset:
        run.dataset = run.id
        workspace.store.update_run(run.id, dataset=run.id)
    return run


def _changed(run: StoredRun, recipe: Recipe) -> list[str]:
    """What differs between the run's recipe and this one, as "field: before → now"."""
    return list(_differences(run.fingerprint, recipe.fingerprint(), ""))


def _differences(before: Any, now: Any, path: str) -> list[str]:
    if isinstance(before, dict) and isinstance(now, dict):
        found = []
        for name in dict.fromkeys([*before, *now]):
            found += _differences(before.get(name), now.get(name), f"{path}.{name}" if path else name)
        if not found and list(before) != list(now):
            return []
        return found
    return [] if before == now else [f"{path}: {_short(before)} → {_short(now)}"]


def _short(value: Any) -> str:
    if value is None:
        return "(not given)"
    text = str(value)
    return text if len(text) <= 50 else text[:47] + "…"


def _check_prices(recipe: Recipe, prices: dict[str, Any]) -> None:
    unknown = [name for name, price in prices.items() if price is None]
    if recipe.budget.cost is not None and unknown:
        raise InputError(
            f"A budget in money needs prices, and none is known for `{unknown[0]}`.",
            f"Add: prices: {{{unknown[0]}: {{input: 0.15, output: 0.60}}}} (US dollars per million tokens).",
        )
