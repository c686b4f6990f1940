"""`seedbed datasets`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from ..console import are, counted, no_traceback, result, result_json, say
from ..data import said_of_split
from ..options import AtServer, By, From, Given, Json, SplitSeed, Stratify, WorkspacePath
from ..service.benches import bench_at
from ..service.far import server_of
from .review import opened_desk

datasets = typer.Typer(no_args_is_help=True, help="Datasets: named sets of accepted records.")

Name = Annotated[str, typer.Argument(metavar="DATASET", help="The dataset's name.", show_default=False)]


@datasets.command("list")
@no_traceback
def list_datasets(json: Json = False, workspace: WorkspacePath = None, server: AtServer = None) -> None:
    """List the datasets of the workspace."""
    from seedbed.app.history import dataset_rows
    from seedbed.app.workspace import Workspace

    if far := server_of(server, workspace):
        rows = [
            {"dataset": row["name"], "records": row["records"] - row["declined"], "runs": row["runs"]}
            for row in far.datasets()
        ]
    else:
        with Workspace(workspace) as place:
            rows = dataset_rows(place)
    if json:
        result_json({"datasets": rows})
    elif not rows:
        say("There are no datasets here yet. Every run makes one: seedbed generate RECIPE")
    for row in rows if not json else ():
        result(f"{row['dataset']:<32} {counted(row['records'], 'record', width=8):<16}  {', '.join(row['runs'])}")


@datasets.command("show")
@no_traceback
def show_dataset(
    dataset: Name,
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
    result(f"{shown['dataset']}: {counted(shown['records'], 'record')}, columns {', '.join(shown['columns'])}")
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
    dataset: Name,
    note: Annotated[str, typer.Option(help="What it is kept for.")] = "",
    by: By = "",
    json: Json = False,
    workspace: WorkspacePath = None,
    server: AtServer = None,
) -> None:
    """Keep a dataset as it stands now as a version; DATASET@N names it wherever a dataset is named."""
    with opened_desk(dataset, workspace, server, by) as desk:
        kept = desk.keep_version(note)
    if json:
        result_json(kept._asdict())
    else:
        say(f"{counted(kept.records, 'record')} {are(kept.records)} kept as {kept.dataset}@{kept.number}.")


@datasets.command("versions")
@no_traceback
def list_versions(dataset: Name, json: Json = False, workspace: WorkspacePath = None, server: AtServer = None) -> None:
    """List the versions of a dataset that were kept, the latest first."""
    with opened_desk(dataset, workspace, server, "") as desk:
        found = desk.versions()
    if json:
        result_json({"versions": [one._asdict() for one in found]})
    elif not found:
        say(f"There are none yet. Keep one with: seedbed datasets keep {dataset}")
    for one in found if not json else ():
        note = " ".join(one.note.split())
        many = counted(one.records, "record", width=8)
        result(f"{one.dataset}@{one.number:<6} {many:<16}  {one.at}  {one.by}  {note}".rstrip())


@datasets.command("forget")
@no_traceback
def forget_version(
    version: Annotated[str, typer.Argument(metavar="DATASET@N", help="The version.", show_default=False)],
    workspace: WorkspacePath = None,
    server: AtServer = None,
) -> None:
    """Forget a version of a dataset; the dataset stays as it is."""
    from seedbed.core.errors import InputError

    dataset, _, number = version.rpartition("@")
    if not (dataset and number.isascii() and number.isdigit()):
        raise InputError(f"`{version}` is no version.", "Name it as in: seedbed datasets forget replies@2")
    with opened_desk(dataset, workspace, server, "") as desk:
        desk.forget_version(int(number))
    say(f"{version} is forgotten.")


@datasets.command("split")
@no_traceback
def split_dataset(
    dataset: Name,
    parts: Annotated[
        str,
        typer.Argument(metavar="SHARES", help="As 0.8/0.1/0.1 (train, validation, test) or 80/20 (train, test)."),
    ],
    stratify: Stratify = None,
    seed: SplitSeed = 0,
    json: Json = False,
    workspace: WorkspacePath = None,
    server: AtServer = None,
) -> None:
    """Make a dataset of each part: DATASET-train, DATASET-test …; what belongs together stays together."""
    from seedbed.app.data.split import PARTS, Splitting

    wish = Splitting.of(parts, stratify, seed, "")
    shares = {part: float(share) for part, share in zip(PARTS[len(wish.weights)], wish.weights, strict=True)}
    with bench_at(server, workspace) as bench:
        asked = {"shares": shares, "by": stratify, "seed": seed}
        figures = bench.work("split", bench.dataset(dataset), asked, json=json)
    if json:
        result_json(figures)
        return
    for name, size in figures["datasets"].items():
        say(f"The dataset {name} has {counted(size, 'record')} now.")
    said_of_split(figures)


@datasets.command("move")
@no_traceback
def move_dataset(
    dataset: Name,
    project: Annotated[str, typer.Argument(metavar="PROJECT", help="The id of a project.", show_default=False)],
    workspace: WorkspacePath = None,
    server: AtServer = None,
) -> None:
    """Put a dataset into another project."""
    from seedbed.app.serve.datasets import move
    from seedbed.app.workspace import Workspace

    if far := server_of(server, workspace):
        far.move(dataset, project)
    else:
        with Workspace(workspace) as place:
            move(place, dataset, project)
    say(f"{dataset} is in the project {project} now.")


@datasets.command("remove")
@no_traceback
def remove_dataset(
    dataset: Name,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    workspace: WorkspacePath = None,
    server: AtServer = None,
) -> None:
    """Remove a dataset for good, with its runs, its records and all that people made of them."""
    from seedbed.app.history import dataset_of
    from seedbed.app.serve.datasets import remove
    from seedbed.app.workspace import Workspace

    far = server_of(server, workspace)
    with Workspace(workspace) as place:
        shown = far.dataset(dataset, 0) if far else dataset_of(place, dataset, 0)
        if not yes:
            many = counted(shown["records"], "record")
            typer.confirm(f"Remove {dataset} with its {many} for good?", abort=True, err=True)
        if far:
            far.remove("datasets", dataset)
        else:
            remove(place, dataset)
    say(f"{dataset} is removed.")


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

    from ..stages import Stages

    if far := server_of(server, workspace):
        figures = far.keep(given, name or named(Path(given)), form)
    else:
        with Workspace(workspace) as place, Stages(quiet=json) as stages:
            source = source_of(place, given, form=form)
            figures = import_records(place, source, name or named(Path(given)), Path.cwd(), stages.watch)
    if json:
        result_json(figures)
    else:
        many = f"{counted(figures['records'], 'record')} {are(figures['records'])}"
        say(f"{many} the dataset {figures['dataset']} now: review it with")
        say(f"  seedbed review list {figures['dataset']}")
