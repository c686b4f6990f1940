"""`seedbed report`."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ..console import no_traceback, result, result_json, say
from ..options import AtServer, Blocks, DataExecutor, Force, Json, WorkspacePath, cluster_named, in_parts, path_given
from ..service.benches import only_here
from ..service.far import server_of
from ..service.work import report_at
from .labels import New, RelabelWith, Sets, labelled_exit, relabelling_of

if TYPE_CHECKING:
    from seedbed.app.reports.report import Report


@no_traceback
def report(
    datasets: Annotated[
        list[str],
        typer.Argument(
            metavar="DATASET...",
            help="A file, or a dataset or run of the workspace; several are set side by side.",
            show_default=False,
        ),
    ],
    compare: Annotated[
        str | None, typer.Option(help="Set the records side by side by the values of this column, as in model.")
    ] = None,
    real: Annotated[
        str | None, typer.Option(help="Texts that people wrote, to hold it against, and the test set of usefulness.")
    ] = None,
    real_train: Annotated[
        str | None, typer.Option(help="Other real records, to learn from: is the dataset as useful as they are?")
    ] = None,
    reference: Annotated[str | None, typer.Option(help="A test set it must have nothing in common with.")] = None,
    relabel_with: RelabelWith = None,
    relabel_limit: Annotated[
        int | None, typer.Option(help="Label so many records again at most, drawn by the seed.", min=1)
    ] = None,
    sets: Sets = None,
    new: New = False,
    html: Annotated[
        Path | None, typer.Option(parser=path_given, metavar="PATH", help="Write the report as a page to this file.")
    ] = None,
    only: Annotated[list[str] | None, typer.Option(help="Only this section; may be repeated, or a,b,c.")] = None,
    column: Annotated[
        list[str] | None, typer.Option(help="A column with texts, if not the main ones; may be repeated.")
    ] = None,
    label: Annotated[str | None, typer.Option(help="The column with the label.")] = None,
    near: Annotated[float, typer.Option(help="The threshold of near duplicates.")] = 0.9,
    seed: Annotated[int, typer.Option(help="What samples are drawn by.", min=0)] = 7,
    documents: Annotated[
        list[str] | None,
        typer.Option(help="What questions and answers are about: a file, folder or pattern; may be repeated."),
    ] = None,
    grounded_with: Annotated[
        str | None, typer.Option(help="Let this model judge whether answers rest on their evidence.")
    ] = None,
    executor: DataExecutor = None,
    workers: Blocks = None,
    force: Force = False,
    json: Json = False,
    workspace: WorkspacePath = None,
    server: AtServer = None,
) -> None:
    """Tell what a dataset is like: balance, duplicates, diversity, label noise, usefulness, and what to do about it."""
    from seedbed.app.cluster.reporting import report_by_blocks
    from seedbed.app.reports.library import Beside, reported
    from seedbed.app.reports.measuring import Question
    from seedbed.app.reports.report import check_page, write_page
    from seedbed.app.workspace import Workspace

    from ..drive import asking
    from ..stages import Stages

    if html:
        check_page(html, [*datasets, real, real_train, reference, *(documents or ())], force=force)
    sections = [name.strip() for part in only or () for name in part.split(",") if name.strip()]
    if far := server_of(server, workspace):
        only_here({"--set": sets, "--new": new, "--documents": documents, "--grounded-with": grounded_with})
        only_here({"a second dataset": datasets[1:], "--executor": executor, "--workers": workers})
        asked: dict[str, Any] = {"compare": compare, "real": real, "real_train": real_train, "reference": reference}
        asked |= {"relabel_with": relabel_with, "relabel_limit": relabel_limit, "only": sections, "near": near}
        report_at(far, datasets[0], {**asked, "columns": column or [], "label": label, "seed": seed}, html, json=json)
        return
    plainly = Question(sections, column or (), label, near, seed)
    if cluster := cluster_named(executor, workers):
        in_parts({"a second dataset": datasets[1:], "--compare": compare, "--real": real, "--reference": reference})
        in_parts({"--relabel-with": relabel_with, "--documents": documents, "--grounded-with": grounded_with})
        with Stages(quiet=json) as stages:
            made = report_by_blocks(cluster, datasets[0], plainly, stages.watch)
    else:
        with Workspace(workspace) as place, Stages(quiet=json) as stages:
            drive = partial(asking, json=json, stages=stages)
            beside = Beside(real, real_train, reference, documents or (), grounded_with, drive)
            relabel = relabelling_of(place, drive, relabel_with, sets, relabel_limit, seed, new=new)
            question = replace(plainly, compare=compare, relabel=relabel, watch=stages.watch)
            made = reported(place, datasets, question, beside)
    if html:
        write_page(made, html)
    if json:
        result_json({**made.document(), **({"html": str(html.absolute())} if html else {})})
    else:
        _say(made, html)
    raise typer.Exit(labelled_exit(made.figures.get("labels", {})))


def _say(made: Report, html: Path | None) -> None:
    from seedbed.reports.page import SECTIONS

    count = made.figures["records"]
    result(f"{made.name}: {count:,} record{'s' if count != 1 else ''}")
    for one in made.findings:
        mark = {"good": "ok", "note": "look", "bad": "mend"}[one.level]
        result(f"{one.section:12} {mark:5} {one.text}{' ' + one.todo if one.todo and one.level != 'good' else ''}")
    told = {one.section for one in made.findings}
    for section in made.figures:
        if section in SECTIONS and section not in told:
            result(f"{section:12} ok    Nothing stands out.")
    if html:
        say(f"The page is {html}.")
    else:
        say("All figures and examples: --html report.html, or --json.")
