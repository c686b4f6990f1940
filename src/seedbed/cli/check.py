"""`seedbed check`."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NoReturn

import typer

from .console import counted, no_traceback, result_json, say
from .drive import driven
from .options import (
    Blocks,
    Concurrency,
    CsvSafe,
    DataExecutor,
    Force,
    FormatOptions,
    From,
    Given,
    Json,
    Models,
    OutputPath,
    Plugins,
    Sets,
    To,
    WithOrigin,
    WorkspacePath,
    cluster_named,
    format_options,
    in_parts,
    needed,
    path_given,
)

if TYPE_CHECKING:
    from seedbed.app.data.checked import Checked
    from seedbed.app.options import Options
    from seedbed.app.output import Output
    from seedbed.app.runs import RunResult
    from seedbed.app.workspace import Workspace
    from seedbed.recipe.document import Recipe


@no_traceback
def check(
    given: Given,
    checks: Annotated[
        Path | None, typer.Option(help="The checks, a YAML or JSON file: a list, or `checks` and `model`.")
    ] = None,
    output: OutputPath = None,
    rejected: Annotated[
        Path | None,
        typer.Option(parser=path_given, metavar="PATH", help="Write what was rejected, and why, to this file."),
    ] = None,
    column: Annotated[
        list[str] | None, typer.Option(help="A column with texts, if not the main ones; may be repeated.")
    ] = None,
    model: Models = None,
    sets: Sets = None,
    concurrency: Concurrency = None,
    new: Annotated[bool, typer.Option("--new", help="Check again what was checked before, and ask again.")] = False,
    with_origin: WithOrigin = None,
    form: From = None,
    to: To = None,
    option: FormatOptions = None,
    csv_safe: CsvSafe = None,
    plugin: Plugins = None,
    executor: DataExecutor = None,
    workers: Blocks = None,
    force: Force = False,
    json: Json = False,
    workspace: WorkspacePath = None,
) -> None:
    """Apply checks and judges to existing data: what they reject is left out, and why is told."""
    from seedbed.app.cluster.checking import check_by_blocks, task_of
    from seedbed.app.data.checked import Exam
    from seedbed.app.data.checking import Checking
    from seedbed.app.data.checking import check as run
    from seedbed.app.data.checks_file import Wanted
    from seedbed.app.data.sources import source_of
    from seedbed.app.options import Options
    from seedbed.app.output import Output, check_apart
    from seedbed.app.recipe_file import set_value
    from seedbed.app.recipes import load_plugins
    from seedbed.app.workspace import Workspace
    from seedbed.core.errors import InputError

    from .stages import Stages

    if checks is None:
        raise InputError("Which checks? They stand in a file.", "For example: --checks checks.yaml")
    output = needed(output, "What stays needs", "checked.csv")
    load_plugins(plugin or [])
    changes = [(*set_value(text), "--set") for text in sets or ()]
    wanted = Wanted.of(checks, [*changes, *([("model", list(model), "--model")] if model else [])])
    target = Output(output.absolute(), force, with_origin, csv_safe, to, format_options(option))
    rest = Output(rejected.absolute(), force, csv_safe=csv_safe) if rejected else None
    check_apart({"--output": output, "--rejected": rejected}, [checks, given, *wanted.files()])
    if cluster := cluster_named(executor, workers):
        in_parts({"--from": form, "--to": to, "--option": option, "--csv-safe": csv_safe, "--new": new})
        exam = Exam(wanted.fields, columns=column or ())
        with wanted.located(), Stages(quiet=json) as stages:
            task = task_of(given, exam, Options(plugins=plugin or ()).lasting_plugins(), target, rest)
            _tell(check_by_blocks(cluster, task, stages.watch), given, target, rejected, json=json)
    for one in (target, rest):
        if one:
            one.check()
    with wanted.located(), Workspace(workspace) as place:
        options = Options(wanted.folder, new=new, concurrency=concurrency, plugins=plugin or ())
        checking = Checking(source_of(place, given, target, form))
        checking.run(place, Exam(wanted.fields, options, column or ()), partial(_driven, json))
        figures = run(checking, target, rest)
    _tell(figures, given, target, rejected, json=json, found=checking.checked)


def _tell(
    figures: dict[str, Any],
    given: str,
    output: Output,
    rejected: Path | None,
    *,
    json: bool,
    found: Checked | None = None,
) -> NoReturn:
    """Tells how it ended, and ends the command."""
    ended = found is None or found.ended
    if json:
        result_json({**figures, "input": given, "output": str(output.path) if ended else None})
    else:
        _say_checks(figures)
    for line in _unfinished(found) if found else ():
        say(line)
    if ended and not json:
        _say_written(figures, output, rejected)
    from seedbed.app.runs import EXIT_CODES

    raise typer.Exit(EXIT_CODES[figures["state"]])


def _driven(json: bool, place: Workspace, recipe: Recipe, options: Options) -> RunResult:
    return driven(place, recipe, options, json=json)


def _say_checks(figures: dict[str, Any]) -> None:
    width = max(len(kind) for kind in figures["checks"])
    say(f"{'':{width}}    passed  rejected   flagged")
    for kind, one in figures["checks"].items():
        score = f"  mean score {one['score']:g}" if "score" in one else ""
        say(f"{kind:{width}} {one['passed']:9,} {one['rejected']:9,} {one['flagged']:9,}{score}")
        for reason, count in [*one["reasons"].items()][:3]:
            say(f"  {count:,} × {reason}")


def _say_written(figures: dict[str, Any], output: Output, rejected: Path | None) -> None:
    where = f"; what went is in {rejected}" if rejected else ""
    say(f"Wrote {figures['kept']:,} of {counted(figures['records'], 'record')} to {output.path.name}{where}.")
    noted = figures["flagged"] or any("score" in one for one in figures["checks"].values())
    if noted and not output.with_origin:
        say("Tags and scores are in the file with --with-origin.")


def _unfinished(found: Checked) -> list[str]:
    """What is to be said where not every record has a verdict."""
    if not found.ended:
        rest = "Nothing is written yet. What was checked is kept: the same command goes on from there."
        return [line for line in (found.result.message, found.result.hint, rest) if line]
    if found.unchecked:
        many = counted(found.unchecked, "record")
        return [f"{many} got no verdict: the model did not answer. The same command asks again."]
    return []
