"""`seedbed labels`."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from seedbed.places.paths import path_of

from ..console import counted, no_traceback, result, result_json, say
from ..options import (
    AtServer,
    By,
    CsvSafe,
    Force,
    FormatOptions,
    From,
    Json,
    OutputPath,
    To,
    WorkspacePath,
    format_options,
    path_given,
)
from ..service.benches import only_here
from ..service.far import server_of
from ..service.work import fix_at, suspects_at

if TYPE_CHECKING:
    from seedbed.app.drive import Drive
    from seedbed.app.reports.labels.relabel import Relabel
    from seedbed.app.workspace import Workspace

labels = typer.Typer(help="Find labels that are likely to be wrong, and change them.", no_args_is_help=True)

Given = Annotated[str, typer.Argument(metavar="IN", help="A file, or a dataset or run.", show_default=False)]
RelabelWith = Annotated[
    str | None,
    typer.Option(help="Let this model label the records again, blind: CONNECTION:MODEL, embedded, spacy:NAME, …"),
]
Sets = Annotated[
    list[str] | None,
    typer.Option("--set", help="How a language model is asked: a field of the recipe, as in budget.cost=2."),
]
New = Annotated[bool, typer.Option("--new", help="Ask a language model again what it was asked before.")]
Columns = Annotated[
    list[str] | None, typer.Option("--column", help="A column with texts, if not the main ones; may be repeated.")
]


@labels.command()
@no_traceback
def suspects(
    given: Given,
    relabel_with: RelabelWith = None,
    limit: Annotated[
        int | None, typer.Option(help="Label so many records again at most, drawn by the seed.", min=1)
    ] = None,
    sets: Sets = None,
    new: New = False,
    output: Annotated[
        Path | None,
        typer.Option(
            "--output", "-o", parser=path_given, metavar="PATH", help="Write the queue to this file: .csv, .jsonl …"
        ),
    ] = None,
    flag: Annotated[bool, typer.Option("--flag", help="Flag them in the review of the dataset.")] = False,
    by: By = "",
    share: Annotated[
        float | None, typer.Option(help="Queue this part of the records, not as many as are estimated wrong.")
    ] = None,
    column: Columns = None,
    label: Annotated[str, typer.Option(help="The column with the label.")] = "label",
    seed: Annotated[int, typer.Option(help="What random choices start from.", min=0)] = 7,
    form: From = None,
    csv_safe: CsvSafe = None,
    force: Force = False,
    json: Json = False,
    workspace: WorkspacePath = None,
    server: AtServer = None,
) -> None:
    """List records whose labels are likely to be wrong, the most suspicious first, as a queue for a person."""
    from seedbed.app.data.sources import source_of
    from seedbed.app.output import Output
    from seedbed.app.reports.labels.queue import COLUMNS, Search, queue
    from seedbed.app.review import doubts
    from seedbed.app.workspace import Workspace

    from ..drive import asking
    from ..stages import Stages

    if far := server_of(server, workspace):
        only_here({"--output": output, "--set": sets, "--new": new, "--column": column, "--by": by, "--from": form})
        asked = {"flag": flag, "relabel_with": relabel_with, "relabel_limit": limit, "share": share, "seed": seed}
        suspects_at(far, given, {**asked, "label": label if label != "label" else None}, json=json)
        return
    target = Output(output.absolute(), force, csv_safe=csv_safe) if output else None
    if target:
        target.check()
    with Workspace(workspace) as place, Stages(quiet=json) as stages:
        desk = doubts.desk(place, given, by) if flag else None
        drive = partial(asking, json=json, stages=stages)
        relabel = relabelling_of(place, drive, relabel_with, sets, limit, seed, new=new)
        search = Search(column or (), label, seed, share, relabel)
        found = queue(source_of(place, given, target, form)(), search, stages.watch)
        if target:
            target.put(found.rows, COLUMNS, force=force)
        flagged = doubts.flag(desk, found.rows, label) if desk else {}
    if json:
        written = {"output": str(output.absolute()) if output else None}
        result_json({**found.figures, **flagged, "input": given, **written})
    else:
        _say_suspects(found.figures, given, output, flagged)
    raise typer.Exit(labelled_exit(found.figures))


def labelled_exit(figures: dict[str, Any]) -> int:
    """The exit code: 3 if a second labelling came to no end, as its budget was spent."""
    return 3 if figures.get("agreement", {}).get("message") else 0


def relabelling_of(
    place: Workspace,
    drive: Drive,
    model: str | None,
    sets: list[str] | None,
    limit: int | None,
    seed: int,
    *,
    new: bool,
) -> Relabel | None:
    """Who is to label records again, as the options say; `drive` runs what asks a language model.

    Raises:
        InputError: they say how and not who, or cannot be read.
    """
    from seedbed.app.data.asked import Means
    from seedbed.app.recipe_file import set_value
    from seedbed.app.reports.labels.relabel import NAME, relabelling

    means = Means(place, drive, dict(map(set_value, sets or ())), new, NAME, "--relabel-with")
    return relabelling(model, means, limit, seed)


def _say_suspects(figures: dict[str, Any], given: str, output: Path | None, flagged: dict[str, int]) -> None:
    from seedbed.reports.findings import findings

    for one in findings({"labels": figures}):
        say(one.text)
    if flagged:
        kept = f"; {flagged['decided']:,} were decided on before and stay as they are" if flagged["decided"] else ""
        say(f"Flagged {counted(flagged['flagged'], 'record')}{kept}.")
    if flagged.get("flagged"):
        say(f"See them: seedbed review list {given} --doubted")
        say(f"Accept what is suggested: seedbed labels fix {given} --accept score:0.9")
    if not output:
        for one in figures["suspects"]:
            result(f"{one['score']:.2f}  {one['record']}: {one['label']} → {one['suggested']}?  {one['text'][:90]}")
        if not flagged:
            say(f"{counted(figures['suspected'], 'record')} to look at. Write them to a file with -o queue.csv.")
        return
    if not figures["suspected"]:
        say(f"No record to look at: {output} has none.")
        return
    say(f"Wrote {counted(figures['suspected'], 'record')} to look at to {output}. Write yes or no into `accept`, then:")
    say(f"  seedbed labels fix {given} --queue {output} --accept marked -o fixed{Path(given).suffix or '.csv'}")


@labels.command()
@no_traceback
def fix(
    given: Given,
    queue: Annotated[
        Path | None, typer.Option(help="The queue that `suspects` wrote; if not given, what the review has flagged.")
    ] = None,
    output: OutputPath = None,
    accept: Annotated[
        str, typer.Option(help="Which rows: all, marked (yes in `accept`), top:N, score:N as in score:0.9.")
    ] = "marked",
    column: Columns = None,
    label: Annotated[str, typer.Option(help="The column with the label.")] = "label",
    form: From = None,
    to: To = None,
    option: FormatOptions = None,
    csv_safe: CsvSafe = None,
    force: Force = False,
    by: By = "",
    json: Json = False,
    workspace: WorkspacePath = None,
    server: AtServer = None,
) -> None:
    """Write the data with accepted labels, the old ones in `label_before`; or change them in the review."""
    from seedbed.app.data.sources import source_of
    from seedbed.app.output import Output
    from seedbed.app.reports.labels.fixes import Fixing, check_output
    from seedbed.app.reports.labels.reviewed import Acceptance, read_queue
    from seedbed.app.review import doubts
    from seedbed.app.workspace import Workspace
    from seedbed.core.errors import InputError

    from ..stages import Stages, followed

    if far := server_of(server, workspace):
        only_here({"--queue": queue, "--output": output, "--column": column, "--by": by, "--from": form, "--to": to})
        fix_at(far, given, Acceptance.of(accept), label, json=json)
        return
    if path_of(given).is_file() and output is None:
        raise InputError("Where to? The data need an output file.", "For example: -o fixed.csv")
    if path_of(given).is_file() and queue is None:
        raise InputError("Which labels? Of a file they stand in a queue.", "For example: --queue queue.csv")
    acceptance = Acceptance.of(accept)
    options = format_options(option)
    target = Output(output.absolute(), force, csv_safe=csv_safe, to=to, to_options=options) if output else None
    if target:
        check_output(target, queue)
    with Workspace(workspace) as place, Stages(quiet=json) as stages:
        source = partial(followed, source_of(place, given, target, form), stages)
        if queue:
            fixing = Fixing(source, acceptance.chosen(read_queue(queue)), label, column or ())
        else:
            fixing = doubts.flagged_fixing(doubts.desk(place, given, by), source, acceptance, label, column or ())
        if target:
            target.put(fixing.records(), fixing.columns, force=force)
        else:
            doubts.accept(doubts.desk(place, given, by), fixing)
    if json:
        where = {"queue": str(queue) if queue else None, "output": str(output.absolute()) if output else None}
        result_json({**fixing.figures, "input": given, **where})
        return
    for one in fixing.figures["changes"]:
        say(f"{one['records']:9,} {one['label']} → {one['suggested']}")
    end = f"the data are in {output}" if output else f"take that back with: seedbed review undo {given}"
    say(f"Changed {fixing.figures['changed']:,} of {fixing.figures['records']:,} labels; {end}.")
