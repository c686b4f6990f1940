"""From a recipe to a finished run: find or make the run, drive it, write its output."""

from __future__ import annotations

import asyncio
import traceback
from collections.abc import Callable, Mapping
from contextlib import AbstractAsyncContextManager, AsyncExitStack, nullcontext, suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from seedbed.core.errors import BudgetSpent, InputError, ProviderError, RunFailed
from seedbed.core.fields import FieldError, at
from seedbed.core.run import STOPPED, UNENDED, WISHES
from seedbed.core.stored import Selection, StoredRun
from seedbed.engine.desk import Ending
from seedbed.engine.generate import Generation, Watch
from seedbed.places.paths import path_of

from .batches import as_begun
from .books import figures_of, stored_accounts
from .build import Means, assemble, means_of, take_up
from .existing import Existing, input_files, read_existing
from .options import LOCAL
from .own_run import asked, begun_again, claimed, find, is_complete, save
from .uniqueness.meaning import Learning, learn

if TYPE_CHECKING:
    from seedbed.core.batches import BatchBook
    from seedbed.core.ports import Journal
    from seedbed.core.run import Accounts, RunState
    from seedbed.engine.budget import Budget
    from seedbed.engine.desk import Floor
    from seedbed.recipe.document import Recipe

    from .models import ModelDoor
    from .options import Options
    from .output import Output
    from .workspace import Workspace

EXIT_CODES: dict[str, int] = {"complete": 0, "shortfall": 3, "budget": 3, "failed": 1} | dict.fromkeys(
    ("interrupted", "paused", "cancelled"), 130
)


MOST_BEGINNINGS = 3
"""So often a service begins with a run of which nothing comes but that its driver dies."""


@dataclass(slots=True)
class RunResult:
    """How a run ended: its figures (those of `--json`), and why, where there is something to say.

    `unwritten` says why the output file could not be written, if so; `go_on` and `export` are the commands that
    continue the run and that write its records to a file.
    """

    run: str
    state: RunState
    figures: dict[str, Any]
    columns: list[str]
    go_on: str
    export: str
    message: str = ""
    hint: str = ""
    unwritten: str = ""

    @staticmethod
    def of(workspace: Workspace, run: StoredRun, state: Any, figures: dict[str, Any]) -> RunResult:
        """A run's result, as far as the store knows it."""
        commands = workspace.command(f"runs resume {run.id}"), workspace.command(f"export {run.id} -o FILE")
        return RunResult(run.id, state, figures, run.columns, *commands)

    @property
    def exit_code(self) -> int:
        """What a process says of it; a complete run without the output it was to write has not done what was asked."""
        return EXIT_CODES[self.state] or int(bool(self.unwritten))


async def generate(workspace: Workspace, recipe: Recipe, options: Options) -> RunResult:
    """Runs a recipe to its end, or on from where it was.

    Raises:
        InputError: something given cannot be used; no call was made, and what was stored is as before.
    """
    run = find(workspace, recipe, options)
    if run is not None and is_complete(run, recipe):
        return _finished(workspace, run, recipe, options)
    recipe = as_begun(recipe, run, options.say)
    means = means_of(workspace, recipe, options.concurrency, options.lend)
    _check_prices(recipe, means.prices)
    _check_output(recipe, options, run)
    existing = await asyncio.to_thread(read_existing, workspace, recipe, options.folder, run)
    for problem in existing.problems:
        options.say(problem)
    with claimed(workspace, recipe, options, existing) as run:
        if is_complete(run, recipe):
            return _finished(workspace, run, recipe, options)
        if options.served and (result := _not_driven(workspace, run)):
            return result
        if not options.served:  # a service has looked at it: what is wished since then is to be heard
            save(workspace, run, control="")
        async with AsyncExitStack() as held:
            try:
                await held.enter_async_context(_connected(recipe, means, options))
            except asyncio.CancelledError:
                return _conclude(workspace, run, stored_accounts(workspace.store, run), Ending("interrupted"), None)
            return await _drive(workspace, recipe, options, run, existing, means)


def _connected(recipe: Recipe, means: Means, options: Options) -> AbstractAsyncContextManager[object]:
    """The connection to where the run is worked on, if that is elsewhere.

    Raises:
        InputError: there is no such executor or cluster.
    """
    if options.executor == LOCAL and options.workers is None:
        return nullcontext()
    from .cluster.far import Connected, cluster_of

    means.cluster = cluster_of(recipe, options)
    return Connected(means.cluster) if means.cluster else nullcontext()


def _not_driven(workspace: Workspace, run: StoredRun) -> RunResult | None:
    """How a run stands that a service need not drive after all; None if it is to."""
    if run.control in WISHES and run.state in UNENDED:  # wished of a driver that died before it heard
        save(workspace, run, state=WISHES[run.control], control="")
    elif run.state in UNENDED and begun_again(workspace, run) > MOST_BEGINNINGS:
        words = f"Whoever drove it has died {MOST_BEGINNINGS} times before anything came of it. It may take more memory"
        save(workspace, run, state="failed", message=f"{words} than there is. Mend that, then go on.")
    if run.state in UNENDED:
        return None
    return RunResult.of(workspace, run, run.state, run.figures or {})


async def _drive(
    workspace: Workspace, recipe: Recipe, options: Options, run: StoredRun, existing: Existing, means: Means
) -> RunResult:
    store = workspace.store
    try:
        start = await asyncio.to_thread(take_up, store, recipe, run, existing)
    except asyncio.CancelledError:
        return _conclude(workspace, run, stored_accounts(store, run), Ending("interrupted"), options.output)
    ending = await _prepared(means.door, store.batches(run), options)
    # From here on the run goes on with this recipe; until now it is as it was.
    save(workspace, run, state="running", message="", figures=start.accounts.as_dict(), **asked(recipe, options, run))
    accounts = start.accounts
    if ending is None:
        journal = store.journal(run, run.epoch)
        generation = assemble(
            recipe, start, means, journal, _watch(run, journal, options), _floor(recipe, means, run, options)
        )
        learning = Learning(recipe, existing, store, means.door, generation, options.say, means.redaction)
        ending = await _run(generation, learning, run, options)
        if recipe.batch:
            await _left(means.door, store.batches(run), ending, options.say)
    if ending.state == "failed":
        # What could not be written is not there: the books are those of the store.
        accounts = await asyncio.to_thread(stored_accounts, store, run)
        accounts.seconds = start.accounts.seconds
    return _conclude(workspace, run, accounts, ending, options.output)


def _floor(recipe: Recipe, means: Means, run: StoredRun, options: Options) -> Callable[[Budget], Floor] | None:
    """Where the run is worked on, if that is elsewhere."""
    if means.cluster is None:
        return None
    from .cluster.far import floor_of

    return floor_of(means.cluster, recipe, means, run.options["plugins"], options.say)


async def _prepared(door: ModelDoor, book: BatchBook, options: Options) -> Ending | None:
    """None when all models are ready; else how the run ends before it began.

    Raises:
        InputError: there is no such model.
    """
    try:
        await door.prepare(options.say)
        await door.take_up(book)
    except asyncio.CancelledError:
        return Ending("interrupted")
    except ProviderError as error:
        return Ending("failed", error.message, error.hint)
    return None


async def _run(generation: Generation, learning: Learning, run: StoredRun, options: Options) -> Ending:
    journal = generation.desk.journal
    if options.on_start:
        options.on_start(run, generation)
    ending = Ending("interrupted")
    try:
        await learn(learning)
        ending = await generation.run()
        await journal.flush()
    except asyncio.CancelledError:
        pass  # what came is queued; nothing is waited for below, so that cancelling again loses nothing
    except RunFailed as error:
        ending = Ending("failed", error.message, error.hint)
    except (BudgetSpent, ProviderError) as error:
        ending = _unlearned(generation, error)
    except Exception as error:  # noqa: BLE001 - a defect of a part, perhaps of the user's own
        failed = RunFailed.by_part(error, traceback.extract_tb(error.__traceback__))
        ending = Ending("failed", failed.message, failed.hint)
    return _closed(journal, ending)


async def _left(door: ModelDoor, book: BatchBook, ending: Ending, say: Callable[[str], None]) -> None:
    """What becomes of batches that were not waited for: the next start does, unless the run is cancelled."""
    pending = len(await asyncio.to_thread(book.pending))
    if not pending or ending.state not in STOPPED:
        return
    if ending.state != "cancelled":
        say("What was handed over in batches stays with the provider: the next start fetches it.")
        return
    try:
        say(f"Batches cancelled at the provider: {await door.cancel(book)}. What was answered until now is kept there.")
    except ProviderError as error:
        say(f"The batches could not be cancelled: {error.message}")


def _unlearned(generation: Generation, error: BudgetSpent | ProviderError) -> Ending:
    """How a run ends that could not even find out what its known records mean."""
    if isinstance(error, BudgetSpent) or (error.unsent and not generation.stopping):
        return Ending("budget", generation.desk.budget.over() or error.message)
    return Ending("interrupted") if error.unsent else Ending("failed", error.message, error.hint)


def _closed(journal: Journal, ending: Ending) -> Ending:
    try:
        journal.close()
    except RunFailed as error:
        return ending if ending.state == "failed" else Ending("failed", error.message, error.hint)
    return ending


def _watch(run: StoredRun, journal: Journal, options: Options) -> Watch:
    def watch(generation: Generation) -> None:
        figures = figures_of(run, "running", generation.desk.accounts, run.output)
        journal.progress(figures | ({"waiting": waiting} if (waiting := generation.waiting) else {}))
        if journal.wish in WISHES:
            generation.stop(WISHES[journal.wish])
        if options.watch:
            options.watch(generation)

    return watch


def _conclude(
    workspace: Workspace, run: StoredRun, accounts: Accounts, ending: Ending, output: Output | None
) -> RunResult:
    """The state is saved first: whatever becomes of the output file, the run has ended so."""
    figures = figures_of(run, ending.state, accounts)
    if ending.message:
        figures["message"] = ending.message
    result = RunResult.of(workspace, run, ending.state, figures)
    result.message, result.hint = ending.message, ending.hint
    # Where the store could not be written a moment ago, this may fail as well: the reason is told all the same.
    with suppress(*((RunFailed,) if ending.state == "failed" else ())):
        changes = {"state": ending.state, "message": ending.message, "seconds": accounts.seconds, "control": ""}
        save(workspace, run, figures=figures, **changes)
        if output:
            result.unwritten = _write(workspace, run, output.settled(run), figures)
    return result


def _finished(workspace: Workspace, run: StoredRun, recipe: Recipe, options: Options) -> RunResult:
    """A complete run: its summary again, and its output if that is missing or asked for otherwise.

    Raises:
        InputError: the output may not be written.
    """
    result = RunResult.of(workspace, run, "complete", run.figures or {})
    if options.output:
        output = options.output.settled(run)
        if output.is_due(run):
            _check_output(recipe, options, run)
            result.unwritten = _write(workspace, run, output, result.figures)
    return result


def _check_output(recipe: Recipe, options: Options, run: StoredRun | None) -> None:
    """Whether the output can be written; where the recipe names it, its field says so if not."""
    if options.output is None:
        return
    named = recipe.output is not None and options.output.path == path_of(recipe.output).absolute()
    with at("output") if named else nullcontext():
        options.output.check(run, input_files(recipe, options.folder))


def _write(workspace: Workspace, run: StoredRun, output: Output, figures: dict[str, Any]) -> str:
    """Writes the run's records to its output; answers why that could not be done, else nothing."""
    figures["output"] = None
    try:
        output.write(workspace.store, Selection(run=run.id, reviewed=True), run.columns, run)
    except InputError as error:
        return f"The output was not written: {error.message}"
    figures["output"] = str(output.path)
    kept = {**run.options, **output.kept(), "written": output.written()}
    save(workspace, run, output=str(output.path), options=kept, figures=figures)
    return ""


def _check_prices(recipe: Recipe, prices: Mapping[str, Any]) -> None:
    unknown = [name for name, price in prices.items() if price is None]
    if recipe.budget.cost is not None and unknown:
        raise FieldError(
            ("budget", "cost"),
            f"a budget in money needs prices, and none is known for `{unknown[0]}`",
            f"Add: prices: {{{unknown[0]}: {{input: 0.15, output: 0.60}}}} (US dollars per million tokens).",
        )
