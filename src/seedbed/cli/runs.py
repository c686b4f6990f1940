"""`seedbed runs`, `seedbed datasets` and `seedbed export`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from .console import no_traceback, result, result_json, say
from .data import splitting, written
from .options import (
    AtServer,
    By,
    Concurrency,
    CsvSafe,
    Force,
    FormatOptions,
    From,
    Given,
    Json,
    OutputPath,
    Plugins,
    Split,
    SplitSeed,
    Stratify,
    To,
    WithOrigin,
    WorkspacePath,
    format_options,
    needed,
)
from .service.far import far_result, follow, server_of

runs = typer.Typer(no_args_is_help=True, help="Runs: what was made and is being made.")
datasets = typer.Typer(no_args_is_help=True, help="Datasets: named sets of accepted records.")
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
    from seedbed.app.options import Options
    from seedbed.app.output import Output
    from seedbed.app.workspace import Workspace

    from .drive import drive

    if far := server_of(server, workspace):
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
    say(words)


@datasets.command("list")
@no_traceback
def list_datasets(json: Json = False, workspace: WorkspacePath = None, server: AtServer = None) -> None:
    """List the datasets of the workspace."""
    from seedbed.app.history import dataset_rows
    from seedbed.app.workspace import Workspace

    if far := server_of(server, workspace):
        rows = [{"dataset": row["name"], "records": row["records"], "runs": row["runs"]} for row in far.datasets()]
    else:
        with Workspace(workspace) as place:
            rows = dataset_rows(place)
    if json:
        result_json({"datasets": rows})
    elif not rows:
        say("There are no datasets here yet. Every run makes one: seedbed generate RECIPE")
    for row in rows if not json else ():
        result(f"{row['dataset']:<32} {row['records']:>8,} records  {', '.join(row['runs'])}")


@datasets.command("show")
@no_traceback
def show_dataset(
    dataset: Annotated[str, typer.Argument(help="The dataset's name.")],
    n: Annotated[int, typer.Option("-n", help="How many records to show.", min=0)] = 10,
    json: Json = False,
    workspace: WorkspacePath = None,
    server: AtServer = None,
) -> None:
    """Show a dataset's size, labels and first records."""
    from seedbed.app.history import dataset_of
    from seedbed.app.workspace import Workspace

    shown: dict[str, Any]
    if far := server_of(server, workspace):
        shown = far.dataset(dataset, n)
    else:
        with Workspace(workspace) as place:
            shown = dataset_of(place, dataset, n)
    if json:
        result_json(shown)
        return
    result(f"{shown['dataset']}: {shown['records']:,} records, columns {', '.join(shown['columns'])}")
    for column, counts in shown["counts"].items():
        result(f"  {column}: " + ", ".join(f"{value} {count:,}" for value, count in counts.items()))
    for record in shown["first"]:
        labels = " · ".join(
            str(record[column]) for column in shown["columns"] if column != "text" and record.get(column)
        )
        result(f"  {record.get('text', '')}" + (f"  [{labels}]" if labels else ""))


@datasets.command("keep")
@no_traceback
def keep_version(
    dataset: Annotated[str, typer.Argument(help="The dataset's name.")],
    note: Annotated[str, typer.Option(help="What it is kept for.")] = "",
    by: By = "",
    json: Json = False,
    workspace: WorkspacePath = None,
) -> None:
    """Keep a dataset as it stands now as a version; DATASET@N names it wherever a dataset is named."""
    from seedbed.app.reports.spot_check import user
    from seedbed.app.review.reviewing import Reviewing
    from seedbed.app.workspace import Workspace

    with Workspace(workspace) as place:
        kept = Reviewing(place, dataset, by or user()).keep_version(note)
    if json:
        result_json(kept._asdict())
    else:
        say(f"{kept.records:,} records are kept as {kept.dataset}@{kept.number}.")


@datasets.command("versions")
@no_traceback
def list_versions(
    dataset: Annotated[str, typer.Argument(help="The dataset's name.")],
    json: Json = False,
    workspace: WorkspacePath = None,
) -> None:
    """List the versions of a dataset that were kept, the latest first."""
    from seedbed.app.review.reviewing import Reviewing
    from seedbed.app.workspace import Workspace

    with Workspace(workspace) as place:
        found = Reviewing(place, dataset, "").versions()
    if json:
        result_json({"versions": [one._asdict() for one in found]})
    elif not found:
        say(f"There are none yet. Keep one with: seedbed datasets keep {dataset}")
    for one in found if not json else ():
        note = " ".join(one.note.split())
        result(f"{one.dataset}@{one.number:<6} {one.records:>8,} records  {one.at}  {one.by}  {note}".rstrip())


@datasets.command("import")
@no_traceback
def import_dataset(
    given: Given,
    name: Annotated[str | None, typer.Option(help="What the dataset is called; after the file if not given.")] = None,
    form: From = None,
    json: Json = False,
    workspace: WorkspacePath = None,
    server: AtServer = None,
) -> None:
    """Keep a file's records as a dataset of the workspace, to review them and hand them over there."""
    from seedbed.app.data.importing import import_records, named
    from seedbed.app.data.sources import source_of
    from seedbed.app.workspace import Workspace

    from .stages import Stages

    if far := server_of(server, workspace):
        figures = far.keep(given, name or named(Path(given)), form)
    else:
        with Workspace(workspace) as place, Stages(quiet=json) as stages:
            source = source_of(place, given, form=form)
            figures = import_records(place, source, name or named(Path(given)), Path.cwd(), stages.watch)
    if json:
        result_json(figures)
    else:
        say(f"{figures['records']:,} records are the dataset {figures['dataset']} now: review it with")
        say(f"  seedbed review list {figures['dataset']}")


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
        if wish or option:
            raise InputError("A server writes one file.", "Split it here: seedbed convert FILE --split …")
        more = {"with_origin": with_origin, "csv_safe": csv_safe}
        far.write(name, output.absolute(), to=to, where=where or (), force=force, **more)
        if json:
            result_json({"name": name, "output": str(output.absolute())})
        else:
            say(f"Wrote the records of {name} to {output}.")
        return
    target = Output(output.absolute(), force, with_origin, csv_safe, to, format_options(option))
    with Workspace(workspace) as place, Stages(quiet=json) as stages:
        if wish:
            figures = export_split(place, name, where or [], target, wish, stages.watch)
        else:
            figures = {"records": export_records(place, name, where or [], target, stages.watch)}
    written(figures, {"name": name, "output": str(output.absolute())}, output, json=json)
