"""Runs and datasets of a workspace, as people ask for them."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from itertools import islice
from typing import TYPE_CHECKING, Any

from seedbed.core.attempt import STEP
from seedbed.core.errors import InputError, NotFound, nearest
from seedbed.core.review.entry import Wanted
from seedbed.core.stored import Selection, StoredRun, parse_where
from seedbed.recipe.document import Recipe
from seedbed.recipe.staged import Steps

from .books import figures_of, stored_accounts
from .recipes import load_plugins
from .runs import RunResult
from .stages import counted, unwatched

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from seedbed.core.record import Record

    from .output import Output
    from .stages import Watch
    from .workspace import Workspace

SPANS = "spans"

LOOKED_AT = 1_000
"""In so many records it is looked whether there are spans where nothing says that there are."""

MOST_VALUES = 30
"""A column with more different values than this is no axis worth counting."""


def run_rows(workspace: Workspace) -> list[dict[str, Any]]:
    """One row for each run, the newest first."""
    rows = []
    for run in workspace.store.runs() if workspace.exists else []:
        figures = figures_now(workspace, run)
        shown = {name: figures[name] for name in ("state", "asked", "accepted", "cost", "output")}
        rows.append({"run": run.id, "name": run.name, **shown, "created": run.created, "updated": run.updated})
    return rows


def show(workspace: Workspace, run: str) -> RunResult:
    """A run as it stands, also while another process drives it.

    Raises:
        InputError: there is no such run.
    """
    stored = _run(workspace, run)
    figures = figures_now(workspace, stored)
    result = RunResult.of(workspace, stored, figures["state"], figures)
    result.message = stored.message
    return result


def recipe_of(workspace: Workspace, run: str, plugins: Sequence[str] = ()) -> tuple[StoredRun, Recipe]:
    """A run and the recipe it was started with; its parts come from `plugins`, or from those it was started with.

    Raises:
        InputError: there is no such run, or a plugin is not there any more.
    """
    stored = _run(workspace, run)
    if stored.kind != "generate":
        raise InputError(f"The records of {run} were not made by a recipe.", "See them with: seedbed review list")
    load_plugins(plugins or stored.options.get("plugins", ()))
    return stored, Recipe.of(stored.recipe)


def dataset_rows(workspace: Workspace) -> list[dict[str, Any]]:
    """One row for each dataset."""
    found: dict[str, dict[str, Any]] = {}
    for run in workspace.store.runs() if workspace.exists else []:
        row = found.setdefault(run.dataset, {"dataset": run.dataset, "records": 0, "runs": []})
        row["records"] += _made(figures_now(workspace, run))
        row["runs"].append(run.id)
    for row in found.values():
        row["records"] -= workspace.store.reviews.count(Wanted(row["dataset"], decision="declined"))
    return list(found.values())


def dataset_of(workspace: Workspace, name: str, first: int) -> dict[str, Any]:
    """A dataset's size, the counts of its columns with few values, and its first records.

    Raises:
        InputError: there is no such dataset.
    """
    selection, columns = select(workspace, name)
    counts: dict[str, Counter[str]] = {column: Counter() for column in columns if column not in ("text", "reasoning")}
    total = 0
    shown: list[dict[str, Any]] = []
    for record in workspace.store.records(selection):
        total += 1
        if len(shown) < first:
            shown.append(record.values)
        for column, counter in list(counts.items()):
            counter[str(record.values.get(column, ""))] += 1
            if len(counter) > MOST_VALUES:
                del counts[column]
    return {
        "dataset": name,
        "records": total,
        "columns": columns,
        "counts": {column: dict(counter.most_common()) for column, counter in counts.items()},
        "first": shown,
    }


def export_records(
    workspace: Workspace, name: str, where: Sequence[str], output: Output, watch: Watch = unwatched
) -> int:
    """Writes the records of a run or dataset and answers how many.

    Raises:
        InputError: no such run or dataset, a bad condition, or the file cannot be written.
    """
    records, columns = to_export(workspace, name, where, origin=bool(output.with_origin))
    output.check()
    return output.put(counted(records, watch, "Writing"), columns, force=output.force)


def to_export(
    workspace: Workspace, name: str, where: Sequence[str], *, origin: bool
) -> tuple[Iterable[Record], list[str]]:
    """The records of a run, dataset or version, read page by page as they are taken, and their columns.

    Raises:
        InputError: no such run or dataset, or a bad condition.
    """
    selection, columns = chosen(workspace, name, where)
    return workspace.store.records(selection, origin=origin), columns


def chosen(workspace: Workspace, name: str, where: Sequence[str]) -> tuple[Selection, list[str]]:
    """The records of a run or dataset that fulfil all conditions, and their columns.

    Raises:
        InputError: no such run or dataset, or a bad condition.
    """
    conditions = parse_where(where)
    selection, columns = select(workspace, name)
    run = workspace.store.run(name)
    step = next((value for column, value in conditions if column == STEP), "")
    if run and step and STEP not in columns:
        conditions = tuple(pair for pair in conditions if pair[0] != STEP)
        selection, columns = replace(selection, step=step), _columns_of_step(workspace, run, step)
    else:
        columns = [*columns, *_later_columns(workspace, selection, columns, run)]
    for column, _ in conditions:
        if column not in columns:
            raise InputError(f"--where {column}=…: there is no column `{column}`.", nearest(column, columns))
    return replace(selection, where=conditions), columns


def _later_columns(
    workspace: Workspace, selection: Selection, columns: Sequence[str], run: StoredRun | None
) -> Iterator[str]:
    """Columns that no run has but people gave to records, and `spans` if some of these have any."""
    store, dataset = workspace.store, run.dataset if run else selection.dataset or ""
    known = {column for one in store.runs(dataset=dataset) for column in one.columns}
    met = store.reviews.columns(dataset)
    yield from sorted(met - known - {SPANS})
    if SPANS not in columns:
        records = store.records(selection)
        if any(record.spans for record in (records if SPANS in met | known else islice(records, LOOKED_AT))):
            yield SPANS


def _columns_of_step(workspace: Workspace, run: StoredRun, step: str) -> list[str]:
    """The columns of the records that a step made.

    Raises:
        InputError: there is no such step.
    """
    steps = recipe_of(workspace, run.id)[1].generator
    names = [stage.name for stage in steps.stages] if isinstance(steps, Steps) else []
    if not isinstance(steps, Steps) or step not in names:
        hint = nearest(step, names) if names else "The run has no steps."
        raise InputError(f"--where {STEP}={step}: no step of that name makes records.", hint)
    return [*steps.stages[names.index(step)].columns, "model"]


def select(workspace: Workspace, name: str) -> tuple[Selection, list[str]]:
    """The records a name stands for (a run first, then a dataset), as people left them, and their columns.

    Raises:
        InputError: nothing has that name.
    """
    if workspace.exists:
        run = workspace.store.run(name)
        if run is not None:
            return Selection(run=name, reviewed=True), run.columns
        runs = workspace.store.runs(dataset=name)
        if runs:
            columns = dict.fromkeys(column for found in reversed(runs) for column in found.columns)
            return Selection(dataset=name, reviewed=True), list(columns)
        if (version := _version(workspace, name)) is not None:
            return version
        known = {found.id for found in workspace.store.runs()} | {found.dataset for found in workspace.store.runs()}
        raise NotFound(f"There is no run or dataset `{name}`.", nearest(name, sorted(known)) or "There are none yet.")
    raise InputError(f"There is no workspace at {workspace.folder}.", "Name another with --workspace.")


def _version(workspace: Workspace, name: str) -> tuple[Selection, list[str]] | None:
    """A version of a dataset, named as in `replies@2`.

    Raises:
        NotFound: there is such a dataset, but no such version.
    """
    dataset, at, number = name.rpartition("@")
    runs = workspace.store.runs(dataset=dataset) if at and number.isascii() and number.isdigit() else []
    if not runs:
        return None
    known = [one.number for one in workspace.store.reviews.versions(dataset)]
    if int(number) not in known:
        hint = f"There are: {', '.join(map(str, known))}." if known else f"Keep one: seedbed datasets keep {dataset}"
        raise NotFound(f"The dataset {dataset} has no version {number}.", hint)
    columns = dict.fromkeys(column for found in reversed(runs) for column in found.columns)
    return Selection(dataset=dataset, version=int(number), reviewed=True), list(columns)


def made_by(workspace: Workspace, run: StoredRun) -> int:
    """How many records of its dataset a run made so far."""
    return _made(figures_now(workspace, run))


def _made(figures: Mapping[str, Any]) -> int:
    """How many records of a dataset a run made: not those for further steps."""
    made: int = figures["steps"][-1]["accepted"] if figures.get("steps") else figures["accepted"]
    return made


def _run(workspace: Workspace, run: str) -> StoredRun:
    stored = workspace.store.run(run) if workspace.exists else None
    if stored is None:
        known = [found.id for found in workspace.store.runs()] if workspace.exists else []
        raise InputError(f"There is no run `{run}`.", nearest(run, known) or "There are none yet.")
    return stored


def latest(workspace: Workspace, run: StoredRun) -> tuple[StoredRun, bool]:
    """The run, read again if it may have ended since it was read; and whether its driver died."""
    if run.state != "running" or workspace.store.is_claimed(run.id):
        return run, False
    run = workspace.store.run(run.id) or run  # its end is written before its claim is given up
    return run, run.state == "running"


def figures_now(workspace: Workspace, run: StoredRun) -> dict[str, Any]:
    """A run's figures: its driver's latest, or, where it says it is running but nobody drives it, the store's."""
    run, died = latest(workspace, run)
    if run.figures is None or died:
        state = "interrupted" if died else run.state
        return figures_of(run, state, stored_accounts(workspace.store, run), run.options.get("written", {}).get("path"))
    return {"run": run.id, "state": "", "output": None, **run.figures} | {"state": run.state}
