"""`seedbed runs` and `seedbed export`."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from .console import no_traceback, result, result_json, say
from .data import splitting, written
from .options import (
    AtServer,
    Concurrency,
    CsvSafe,
    Executor,
    Force,
    FormatOptions,
    Json,
    OutputPath,
    Plugins,
    Split,
    SplitSeed,
    Stratify,
    To,
    WithOrigin,
    Workers,
    WorkspacePath,
    format_options,
    needed,
)
from .service.far import chosen, far_result, follow, server_of

if TYPE_CHECKING:
    from seedbed.app.workspace import Workspace

runs = typer.Typer(no_args_is_help=True, help="Runs: what was made and is being made.")
RunId = Annotated[str, typer.Argument(help="Its id, see runs list.")]


@runs.command("list")
@no_traceback
def list_runs(json: Json = False, workspace: WorkspacePath = None, server: AtServer = None) -> None:
    """List the runs, the newest first."""
    from seedbed.app.history import run_rows
    from seedbed.app.workspace import Workspace

    if far := server_of(server, workspace):
        rows = far.runs()
    else:
        with Workspace(workspace) as place:
            rows = run_rows(place)
    if json:
        result_json({"runs": rows})
    elif not rows:
        say("There are no runs here yet. Start one with: seedbed generate RECIPE")
    for row in rows if not json else ():
        result(f"{row['run']:<32} {row['state']:<12} {row['accepted']:>8,} of {row['asked']:<8,} {row['updated']}")


@runs.command("show")
@no_traceback
def show_run(run: RunId, json: Json = False, workspace: WorkspacePath = None, server: AtServer = None) -> None:
    """Show a run's figures, also while it goes on."""
    from seedbed.app.history import show
    from seedbed.app.workspace import Workspace

    from .summary import print_summary

    if far := server_of(server, workspace):
        shown = far_result(far, far.run(run))
    else:
        with Workspace(workspace) as place:
            shown = show(place, run)
    if json:
        result_json(shown.figures)
    else:
        print_summary(shown, stderr=False)


@runs.command("resume")
@no_traceback
def resume_run(
    run: RunId,
    concurrency: Concurrency = None,
    executor: Executor = None,
    workers: Workers = None,
    plugin: Plugins = None,
    with_origin: WithOrigin = None,
    csv_safe: CsvSafe = None,
    force: Force = False,
    json: Json = False,
    workspace: WorkspacePath = None,
    server: AtServer = None,
) -> None:
    """Go on with a run: its recipe, its output and how they were to be made are kept with it."""
    from seedbed.app.history import recipe_of
    from seedbed.app.options import LOCAL, Options
    from seedbed.app.output import Output
    from seedbed.app.workspace import Workspace

    from .drive import drive

    if far := server_of(server, workspace):
        chosen(executor, workers, run)
        far.control(run, "resume")
        follow(far, run, None, json=json)
    with Workspace(workspace) as place:
        stored, recipe = recipe_of(place, run, plugin or ())
        options = Options(
            folder=Path(stored.folder or "."),
            output=Output(Path(stored.output), force, with_origin, csv_safe) if stored.output else None,
            resume=run,
            concurrency=concurrency or stored.options.get("concurrency"),
            plugins=plugin or (),
            executor=executor or stored.options.get("executor") or LOCAL,
            workers=workers or (None if executor == LOCAL else stored.options.get("workers")),
        )
        drive(place, recipe, options, json=json)


@runs.command("pause")
@no_traceback
def pause_run(run: RunId, workspace: WorkspacePath = None, server: AtServer = None) -> None:
    """Stop a run, whoever drives it, so that it can go on: what is in flight is taken in."""
    _wish(run, "pause", workspace, server)


@runs.command("cancel")
@no_traceback
def cancel_run(run: RunId, workspace: WorkspacePath = None, server: AtServer = None) -> None:
    """Stop a run, whoever drives it, for good; its records stay, and it can be gone on with all the same."""
    _wish(run, "cancel", workspace, server)


def _wish(run: str, wish: str, workspace: Path | None, server: str | None) -> None:
    from seedbed.app.history import show
    from seedbed.app.wishing import wish_of
    from seedbed.app.workspace import Workspace

    if far := server_of(server, workspace):
        shown = far.control(run, wish)
        words = f"The run {run} is {'being stopped there' if shown['driven'] else shown['state']}."
    else:
        with Workspace(workspace) as place:
            show(place, run)
            words = wish_of(place.store, run, wish)
            if wish == "cancel" and not place.store.is_claimed(run):
                words += _unbatched(place, run)
    say(words)


def _unbatched(place: Workspace, run: str) -> str:
    """Cancels the batches of a run that nobody drives; says how many there were."""
    stored = place.store.run(run)
    if stored is None or not place.store.batches(stored).pending():
        return ""
    from seedbed.app.batches import cancel
    from seedbed.app.history import recipe_of

    return f" Batches cancelled at the provider: {asyncio.run(cancel(place, *recipe_of(place, run, ())))}."


@no_traceback
def export(
    name: Annotated[str, typer.Argument(help="The id of a run, or the name of a dataset.")],
    output: OutputPath = None,
    where: Annotated[list[str] | None, typer.Option(help="Only these, as in label=polite; may be repeated.")] = None,
    with_origin: WithOrigin = None,
    csv_safe: CsvSafe = None,
    to: To = None,
    option: FormatOptions = None,
    split: Split = None,
    stratify: Stratify = None,
    seed: SplitSeed = 0,
    force: Force = False,
    json: Json = False,
    workspace: WorkspacePath = None,
    server: AtServer = None,
) -> None:
    """Write the records of a run or dataset to a file, or in parts to several, also while the run goes on."""
    from seedbed.app.data.split import export_split
    from seedbed.app.history import export_records
    from seedbed.app.output import Output
    from seedbed.app.workspace import Workspace
    from seedbed.core.errors import InputError

    from .stages import Stages

    output = needed(output, "The export needs", "records.csv")
    wish = splitting(split, stratify, seed)
    if far := server_of(server, workspace):
        options = format_options(option)
        if wish or {*options} - {"overlaps"}:
            raise InputError("A server writes one file.", "Split it here: seedbed convert FILE --split …")
        more = {"with_origin": with_origin, "csv_safe": csv_safe, **options}
        count = far.write(name, output.absolute(), to=to, where=where or (), force=force, **more)
        written({"records": count}, {"name": name, "output": str(output.absolute())}, output, json=json)
        return
    target = Output(output.absolute(), force, with_origin, csv_safe, to, format_options(option))
    with Workspace(workspace) as place, Stages(quiet=json) as stages:
        if wish:
            figures = export_split(place, name, where or [], target, wish, stages.watch)
        else:
            figures = {"records": export_records(place, name, where or [], target, stages.watch)}
    written(figures, {"name": name, "output": str(output.absolute())}, output, json=json)
