"""`seedbed convert` and `seedbed mix`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from .console import are, counted, no_traceback, result_json, say
from .options import (
    CsvSafe,
    Force,
    FormatOptions,
    From,
    Json,
    OutputPath,
    Split,
    SplitSeed,
    Stratify,
    To,
    WorkspacePath,
    format_options,
    needed,
    pairs,
    path_given,
)


@no_traceback
def convert(
    given: Annotated[Path, typer.Argument(parser=path_given, metavar="IN", help="The file to read, or a folder.")],
    target: Annotated[
        Path,
        typer.Argument(parser=path_given, metavar="OUT", help="The file to write, or a folder."),
    ],
    form: From = None,
    from_option: Annotated[
        list[str] | None, typer.Option(help="A setting of the format that is read; may be repeated.")
    ] = None,
    to: To = None,
    option: FormatOptions = None,
    maps: Annotated[
        list[str] | None, typer.Option("--map", help="Rename a column, as in user=text (new=old); may be repeated.")
    ] = None,
    split: Split = None,
    stratify: Stratify = None,
    seed: SplitSeed = 0,
    csv_safe: CsvSafe = None,
    force: Force = False,
    json: Json = False,
) -> None:
    """Write a file of one format as another, in parts if asked, with columns renamed."""
    from seedbed.app.data.convert import Reading
    from seedbed.app.data.convert import convert as run
    from seedbed.app.output import Output

    from .stages import Stages

    reading = Reading(given, form, format_options(from_option, "--from-option "))
    output = Output(target.absolute(), force, csv_safe=csv_safe, to=to, to_options=format_options(option))
    names, wish = pairs(maps, "--map ", "--map user=text"), splitting(split, stratify, seed)
    with Stages(quiet=json) as stages:
        figures = run(reading, names, output, wish, stages.watch)
    written(figures, {"input": str(given), "output": str(target.absolute())}, target, json=json)


@no_traceback
def mix(
    shares: Annotated[
        list[str], typer.Argument(metavar="NAME=SHARE...", help="Files, datasets or runs, as in a.csv=0.7 b.csv=0.3.")
    ],
    count: Annotated[int, typer.Option(help="How many records in all.", min=1, show_default=False)],
    output: OutputPath = None,
    stratify: Stratify = None,
    seed: SplitSeed = 0,
    allow_shortfall: Annotated[
        bool, typer.Option("--allow-shortfall", help="Take what there is where there are too few.")
    ] = False,
    to: To = None,
    option: FormatOptions = None,
    csv_safe: CsvSafe = None,
    force: Force = False,
    json: Json = False,
    workspace: WorkspacePath = None,
) -> None:
    """Put datasets together at exact shares; of duplicates between them one copy is used."""
    from seedbed.app.data.mix import Mixture
    from seedbed.app.data.mix import mix as run
    from seedbed.app.output import Output
    from seedbed.app.workspace import Workspace

    from .stages import Stages

    output = needed(output, "The mixture needs", "mixed.csv")
    weights = Mixture.shares(pairs(shares, "", "a.csv=0.7 b.csv=0.3", last=True))
    target = Output(output.absolute(), force, csv_safe=csv_safe, to=to, to_options=format_options(option))
    with Workspace(workspace) as place, Stages(quiet=json) as stages:
        figures = run(place, Mixture(weights, count, stratify, seed, allow_shortfall), target, stages.watch)
    if json:
        result_json({"output": str(output.absolute()), **figures})
    else:
        _say_mixed(figures, output)


def splitting(split: str | None, stratify: str | None, seed: int) -> Any:
    """What `--split`, `--stratify` and `--seed` ask for."""
    from seedbed.app.data.split import Splitting
    from seedbed.core.errors import InputError

    if split is None:
        if stratify:
            raise InputError("--stratify belongs to --split.", "For example: --split 0.8/0.1/0.1 --stratify label")
        return None
    return Splitting.of(split, stratify, seed)


def written(figures: dict[str, Any], about: dict[str, Any], target: Path, *, json: bool) -> None:
    """Says what was written, in how many parts, and what stays together in them."""
    if json:
        result_json({**about, **figures})
    elif "files" not in figures:
        say(f"Wrote {counted(figures['records'], 'record')} to {target}.")
    else:
        for part, path in figures["files"].items():
            say(f"Wrote {counted(figures['sizes'][part], 'record')} to {target.with_name(Path(path).name)}.")
        said_of_split(figures)


def said_of_split(figures: dict[str, Any]) -> None:
    """Says what stays together in parts, and how their sizes and labels came out."""
    tied = figures["tied"]
    if tied["groups"]:
        why = ", ".join(f"{reason.replace('_', ' ')} {count:,}" for reason, count in tied["by"].items())
        say(
            f"{counted(tied['records'], 'record')} in {counted(tied['groups'], 'group')} stay together, "
            f"{tied['largest']:,} in the largest ({why})."
        )
    else:
        say("No record is nearly another one or belongs to another one.")
    off = ", ".join(f"{part} {count:+,}" for part, count in figures["off"].items() if count)
    say(f"Sizes differ from what was asked for, as groups stay whole: {off}." if off else "All sizes are exact.")
    if figures["label_off"]:
        say(f"A label of a part differs from its share by {counted(figures['label_off'], 'record')} at most.")


def _say_mixed(figures: dict[str, Any], output: Path) -> None:
    many = counted(figures["records"], "record")
    say(f"Wrote {many} to {output}; the column `{figures['source_column']}` says whose.")
    for name, part in figures["datasets"].items():
        say(f"  {name}: {part['used']:,} of {part['wanted']:,}")
    for line in figures["lacking"]:
        say(f"{line}.")
    twins = figures["duplicates"]
    if twins["records"]:
        many = f"{counted(twins['records'], 'record')} {are(twins['records'])}"
        say(f"{many} in more than one dataset; one copy of each is used:")
    for one in twins["first"]:
        like = "" if one["kind"] == "exact" else f" like “{_short(one['like'])}”"
        say(f"  {one['kind']}: “{_short(one['text'])}” of {one['dataset']}{like} in {one['in']}")


def _short(text: str) -> str:
    return text if len(text) <= 60 else text[:59] + "…"
