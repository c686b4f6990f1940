"""`seedbed augment` and `seedbed transforms`."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from .console import counted, no_traceback, result, result_json, say
from .options import (
    AtServer,
    CsvSafe,
    DataExecutor,
    Force,
    FormatOptions,
    From,
    Given,
    Into,
    Json,
    OutputPath,
    PlanPath,
    PlanSeed,
    To,
    Transforms,
    WithOrigin,
    WorkspacePath,
    cluster_named,
    format_options,
    in_parts,
    needed,
    shares,
)
from .service.benches import bench_of, only_here
from .service.work import augment_at, plan_of


@no_traceback
def augment(
    given: Given,
    output: OutputPath = None,
    plan: PlanPath = None,
    transform: Transforms = None,
    mode: Annotated[
        str | None,
        typer.Option(help="add (the default): input and copies; new: copies alone; inplace: copies for originals."),
    ] = None,
    column: Annotated[list[str] | None, typer.Option(help="Change this column; may be repeated.")] = None,
    seed: PlanSeed = None,
    workers: Annotated[
        int | None,
        typer.Option(help="Processes, or with --executor blocks at once; the result is the same.", min=1),
    ] = None,
    executor: DataExecutor = None,
    with_origin: WithOrigin = None,
    form: From = None,
    to: To = None,
    option: FormatOptions = None,
    csv_safe: CsvSafe = None,
    force: Force = False,
    json: Json = False,
    workspace: WorkspacePath = None,
    server: AtServer = None,
    into: Into = None,
    preview: Annotated[
        int | None, typer.Option(help="Only show what each transform makes of so many records.", min=1, max=20)
    ] = None,
) -> None:
    """Write changed copies of records, with labels and spans that stay right, at exact shares."""
    from seedbed.app.cluster.augmenting import augment_by_blocks
    from seedbed.app.data.augment import Augmenting
    from seedbed.app.data.augment import augment as run
    from seedbed.app.data.sources import source_of
    from seedbed.app.data.wishes import Wishes
    from seedbed.app.output import Output
    from seedbed.app.serve.work.previews import augmented
    from seedbed.app.workspace import Workspace
    from seedbed.core.errors import InputError

    from .stages import Stages

    with bench_of(server, workspace, into) as bench:
        if plan is None and not transform and (output or bench or preview):
            raise InputError("Which transforms?", "For example: --transform add_typo=0.3; see: seedbed transforms")
        if bench:
            only_here({"--workers": workers, "--executor": executor, "--from": form, "--option": option}, bench.option)
            document = plan_of(plan, shares(transform), mode=mode, seed=seed, columns=column or None)
            if preview:
                _show(bench.preview(bench.dataset(given), document, preview), json=json)
                return
            written = {"to": to, "force": force, "with_origin": with_origin, "csv_safe": csv_safe}
            augment_at(bench, given, document, into, output, json=json, told=_say, **written)
            return
    wishes = Wishes.of(plan, shares(transform), mode=mode, seed=seed, columns=column or None)
    if preview:
        with Workspace(workspace) as place:
            document = plan_of(plan, shares(transform), mode=mode, seed=seed, columns=column or None)
            _show(augmented(source_of(place, given, form=form), document, preview), json=json)
        return
    output = needed(output, "The copies need", "augmented.jsonl")
    target = Output(output.absolute(), force, with_origin, csv_safe, to, format_options(option))
    if cluster := cluster_named(executor, workers if executor else None):
        in_parts({"--from": form, "--to": to, "--option": option, "--csv-safe": csv_safe})
        with Stages(quiet=json) as stages:
            figures = augment_by_blocks(cluster, given, wishes, target, stages.watch)
    else:
        with Workspace(workspace) as place, Stages(quiet=json) as stages:
            source = source_of(place, given, target, form)
            target.check()
            figures = run(Augmenting.of(source, wishes, workers or 1, place, stages.watch), target)
    if json:
        result_json({**figures, "input": given, "output": str(output.absolute())})
    else:
        _say(figures, str(output))


def _show(items: list[dict[str, Any]], *, json: bool) -> None:
    """Records before and after, transform by transform."""
    if json:
        result_json({"items": items})
        return
    last = ""
    for one in items:
        if one["transform"] != last:
            last = one["transform"]
            result(f"── {last} " + "─" * 40)
        result(f"  {_marked(one['before'])}")
        result(f"→ {_marked(one['after'])}" if one["after"] else f"→ (no copy: {one['why']})")


def _marked(side: dict[str, Any]) -> str:
    """A text with its spans behind it."""
    text = side["text"]
    spans = ", ".join(f"{text[span['start'] : span['end']]}={span['label']}" for span in side["spans"])
    return " ".join(text.split()) + (f"  [{spans}]" if spans else "")


def _say(figures: dict[str, Any], where: str) -> None:
    for note in figures["notes"]:
        say(note)
    width = max(len(one["transform"]) for one in figures["transforms"])
    say(f"{'':{width}}  requested  applicable  produced")
    for one in figures["transforms"]:
        say(f"{one['transform']:{width}}  {one['requested']:9,}  {one['applicable']:10,}  {one['produced']:8,}")
    for line in figures["short"]:
        say(f"Short: {line}.")
    made = f"{counted(figures['copies'], 'copy', 'copies')} of {counted(figures['inputs'], 'record')}"
    say(f"Wrote {counted(figures['records'], 'record')} to {where}: {made}.")


@no_traceback
def transforms(
    name: Annotated[str | None, typer.Argument(help="Tell all about this one.", show_default=False)] = None,
    json: Json = False,
) -> None:
    """List the transforms, or tell what one does, its settings and where its words are from."""
    from seedbed.app.data.transforms import about, rows

    if name is None:
        found = rows()
        width = max(len(one["kind"]) for one in found)
        for one in found if not json else ():
            result(f"{one['kind']:{width}}  {one['summary']}")
        if json:
            result_json({"transforms": found})
        return
    one = about(name)
    if json:
        result_json(one)
        return
    result(f"{one['kind']}: {one['description']}")
    for setting, text in one["settings"].items():
        result(f"  {setting}: {text}")
    if one["source"]:
        result(f"Words: {one['source']}")
