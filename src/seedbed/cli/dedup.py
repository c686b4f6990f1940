"""`seedbed dedup`."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any

import typer

from .console import counted, no_traceback, result_json, say
from .options import (
    AtServer,
    Blocks,
    CsvSafe,
    DataExecutor,
    Force,
    FormatOptions,
    Into,
    Json,
    OutputPath,
    To,
    WorkspacePath,
    cluster_named,
    format_options,
    in_parts,
    needed,
    path_given,
)
from .service.benches import bench_of, only_here
from .service.work import dedup_at

WORDS = {
    "exact": "word for word like another",
    "near": "nearly like another",
    "semantic": "the same in other words",
    "cross_label_exact": "word for word like one with another label",
    "cross_label_near": "nearly like one with another label",
    "against": "in the other dataset, too",
}


@no_traceback
def dedup(
    given: Annotated[str, typer.Argument(metavar="IN", help="A file, or a dataset or run.", show_default=False)],
    output: OutputPath = None,
    near: Annotated[
        float, typer.Option(help="How many of the words two texts have the same to be one, 0.5 to 1.")
    ] = 0.9,
    semantic: Annotated[
        bool, typer.Option("--semantic", help="Texts that mean the same, too (extra `semantic`).")
    ] = False,
    semantic_threshold: Annotated[
        float | None, typer.Option(help="The cosine from which on they do; 0.8 if not given.", min=0, max=1)
    ] = None,
    against: Annotated[str | None, typer.Option(help="Leave out what is in this file or dataset.")] = None,
    within: Annotated[str, typer.Option(help="Compare all records, or those with the same label: all, label.")] = "all",
    keep: Annotated[str, typer.Option(help="Which of several stays: first, longest, best.")] = "first",
    score: Annotated[str | None, typer.Option(help="The column that tells the best.")] = None,
    column: Annotated[
        list[str] | None, typer.Option(help="A column with texts, if not the main ones; may be repeated.")
    ] = None,
    label: Annotated[str, typer.Option(help="The column with the label.")] = "label",
    removed: Annotated[
        Path | None, typer.Option(parser=path_given, metavar="PATH", help="Write what went, and why, to this file.")
    ] = None,
    executor: DataExecutor = None,
    workers: Blocks = None,
    form: Annotated[str | None, typer.Option("--from", help="Read this format, not the one of the suffix.")] = None,
    to: To = None,
    option: FormatOptions = None,
    csv_safe: CsvSafe = None,
    force: Force = False,
    json: Json = False,
    workspace: WorkspacePath = None,
    server: AtServer = None,
    into: Into = None,
) -> None:
    """Leave out records that say what another one says: word for word, nearly, or in other words."""
    from seedbed.app.cluster.deduplicating import dedup_by_blocks, task_of
    from seedbed.app.data.sources import source_of
    from seedbed.app.output import Output, check_apart
    from seedbed.app.reports.dedup import SEMANTIC, Deduplication, Wish
    from seedbed.app.reports.dedup import dedup as run
    from seedbed.app.workspace import Workspace
    from seedbed.core.errors import InputError

    from .stages import Stages

    if semantic_threshold is not None and not semantic:
        raise InputError("--semantic-threshold goes with --semantic.", "Add --semantic, or leave it out.")
    asked: dict[str, Any] = {"into": into, "near": near, "semantic": semantic, "within": within, "keep": keep}
    asked |= {"semantic_threshold": semantic_threshold, "columns": column or [], "label": label, "against": against}
    with bench_of(server, workspace, into) as bench:
        if bench:
            only_files = {"--removed": removed, "--executor": executor, "--workers": workers, "--from": form}
            only_here({**only_files, "--option": option}, bench.option)
            written = {"to": to, "force": force, "csv_safe": csv_safe}
            dedup_at(bench, given, {**asked, "score": score}, output, json=json, told=_say, **written)
            return
    output = needed(output, "What stays needs", "clean.csv")
    target = Output(output.absolute(), force, csv_safe=csv_safe, to=to, to_options=format_options(option))
    rest = Output(removed.absolute(), force, csv_safe=csv_safe) if removed else None
    check_apart({"--output": output, "--removed": removed}, [given, against])
    floor = (SEMANTIC if semantic_threshold is None else semantic_threshold) if semantic else None
    wish = Wish(near, floor, within, keep, column or (), label, score)
    cluster = cluster_named(executor, workers)
    with Stages(quiet=json) as stages:
        if cluster:
            in_parts({"--from": form, "--to": to, "--option": option, "--csv-safe": csv_safe})
            figures = dedup_by_blocks(cluster, task_of(given, against, wish, target, rest), stages.watch)
        else:
            for one in (target, rest):
                if one:
                    one.check()
            with Workspace(workspace) as place:
                wish = replace(wish, against=source_of(place, against) if against else None)
                source = source_of(place, given, target, form)
                figures = run(Deduplication(source, wish, stages.watch), target, rest)
    if json:
        result_json({**figures, "input": given, "output": str(output.absolute())})
    else:
        _say(figures, f"{output}; what went is in {removed}" if removed else str(output))


def _say(figures: dict[str, Any], where: str) -> None:
    for reason, count in figures["reasons"].items():
        say(f"{count:9,} {WORDS[reason]}")
    if figures["empty"]:
        say(f"{figures['empty']:9,} without a text, which stay: they are like no other")
    for one in figures["examples"][:3]:
        say(f"  record {one['record']}, {WORDS[one['reason']]}: {one['text'][:80]}")
    say(f"Wrote {figures['kept']:,} of {counted(figures['records'], 'record')} to {where}.")
