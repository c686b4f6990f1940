"""`seedbed fill`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from seedbed.core.errors import InputError

from .console import counted, no_traceback, result, result_json, say
from .options import (
    AtServer,
    CsvSafe,
    Force,
    FormatOptions,
    Into,
    Json,
    OutputPath,
    SplitSeed,
    To,
    WithOrigin,
    WorkspacePath,
    format_options,
)
from .service.benches import bench_of, only_here
from .service.work import fill_at, templates_at, values_at

if TYPE_CHECKING:
    from seedbed.app.workspace import Workspace
    from seedbed.augmentation.slots import SlotTemplate

LACKING = 10
"""Templates with too few combinations that are named."""


@no_traceback
def fill(
    templates: Annotated[
        list[str] | None,
        typer.Argument(
            help="Files (.txt, .csv, .json, .jsonl, .yaml), saved templates, or sentences with slots.",
            show_default=False,
        ),
    ] = None,
    output: OutputPath = None,
    per_template: Annotated[
        int | None, typer.Option(help="How many records to make of each template.", min=1, show_default=False)
    ] = None,
    template: Annotated[
        list[str] | None, typer.Option("--template", help='A template itself: "The {ORG} company"; may be repeated.')
    ] = None,
    data: Annotated[
        list[str] | None,
        typer.Option("--from", help="Values are the entities of this file, dataset or run; may be repeated."),
    ] = None,
    from_format: Annotated[
        str | None, typer.Option(help="Read files of --from as this format (label_studio …).")
    ] = None,
    lexicon: Annotated[
        Path | None, typer.Option(help="A YAML or JSON file of values by slot: lists, Faker, models.")
    ] = None,
    faker: Annotated[
        str | None, typer.Option(help="Fill other common slots (PER, LOC, ORG, DATE …) by Faker in this locale: en_US.")
    ] = None,
    plain: Annotated[
        list[str] | None, typer.Option(help="Values of this slot become no spans; may be repeated.")
    ] = None,
    propose: Annotated[
        int | None, typer.Option(help="Let a model write so many further templates with the same slots.", min=1)
    ] = None,
    model: Annotated[str, typer.Option("--model", "-m", help="Who writes them (connection:model).")] = "embedded",
    yes: Annotated[bool, typer.Option("--yes", help="Fill what is proposed too, without looking at it.")] = False,
    save: Annotated[
        str | None, typer.Option(help="Save given and proposed templates under this name.", show_default=False)
    ] = None,
    seed: SplitSeed = 0,
    with_origin: WithOrigin = None,
    to: To = None,
    option: FormatOptions = None,
    csv_safe: CsvSafe = None,
    force: Force = False,
    json: Json = False,
    workspace: WorkspacePath = None,
    server: AtServer = None,
    into: Into = None,
) -> None:
    """Make records of sentences with slots: `The {ORG} company is in {LOC}`."""
    from seedbed.app.data.filling import Wish, check_output, prepare
    from seedbed.app.data.given import files_of, find_templates
    from seedbed.app.data.lexicon import Lexicon
    from seedbed.app.data.proposing import check_name, keep
    from seedbed.app.data.sources import source_of
    from seedbed.app.output import Output
    from seedbed.app.workspace import Workspace

    from .stages import Stages

    with bench_of(server, workspace, into) as bench:
        if bench:
            only_files = {"--propose": propose, "--save": save, "--yes": yes, "--plain": plain, "--option": option}
            second = (data or ())[1:]
            only_here({**only_files, "--from-format": from_format, "a second --from": second}, bench.option)
            wanted: dict[str, Any] = {"per_template": per_template or 10, "faker": faker, "seed": seed}
            wanted |= {"into": into or "filled", "values": values_at(lexicon), "data": data[0] if data else None}
            written = {"to": to, "force": force, "with_origin": with_origin, "csv_safe": csv_safe}
            fill_at(bench, templates_at(bench, templates or (), template or ()), wanted, output, json=json, **written)
            return
    _check(output, per_template, propose, "--yes" if yes else "--save" if save else "")
    made = Output(output.absolute(), force, with_origin, csv_safe, to, format_options(option)) if output else None
    figures: dict[str, Any] = {}
    with Workspace(workspace) as place:
        if made:
            check_output(made, files_of(*(templates or ()), *(data or ()), lexicon))
        found = find_templates(place, templates or (), template or ())
        sources = [source_of(place, name, form=from_format) for name in data or ()]
        values = Lexicon.of(lexicon)
        if save:
            check_name(place, save, templates or ())
        wish = Wish(found, per_template or 0, sources, values, faker, plain or (), seed)
        stages = Stages(quiet=json)
        with stages:
            filling = prepare(place, wish, stages.say, stages.watch) if made else None
        if propose:
            further = _proposed(place, found, propose, model, figures, json=json)
            if save and further:
                keep(place, save, [*found, *further], templates or ())
            if filling and yes:
                filling.templates += further
        if filling and made:
            with stages:
                records = made.put(filling.records(), filling.columns, force=force)
            figures = {"output": str(made.path), "records": records, **filling.figures(), **figures}
    if json:
        result_json(figures)
    elif made:
        _say_filled(figures, output)


def _check(output: Path | None, per_template: int | None, propose: int | None, use: str) -> None:
    """Whether the options go together.

    Raises:
        InputError: they do not.
    """
    if output is None and propose is None:
        raise InputError("Where to? The records need an output file.", "For example: -o filled.jsonl")
    if output is not None and per_template is None:
        raise InputError("How many records of each template?", "For example: --per-template 10")
    if use and propose is None:
        raise InputError(f"{use} belongs to --propose.", f"For example: --propose 5 {use}{' NAME' * (use == '--save')}")
    if use == "--yes" and output is None:
        raise InputError("--yes fills what is proposed, and there is no output file.", "For example: -o filled.jsonl")


def _proposed(
    place: Workspace, given: list[SlotTemplate], n: int, model: str, figures: dict[str, Any], *, json: bool
) -> list[SlotTemplate]:
    """What a model proposes, shown before it is used."""
    from seedbed.app.data.proposing import propose

    found = propose(place, given, n, model, say)
    figures["proposed"] = found.as_dict()
    if not json:
        for template in found.templates:
            result(template.text)
        for text, why in found.refused:
            say(f"  not used: {text} ({why})")
        say(f"{model} proposed {len(found.templates):,} of {n:,} templates.")
    return found.templates


def _say_filled(figures: dict[str, Any], output: Path | None) -> None:
    count = len(figures["templates"])
    say(f"Wrote {counted(figures['records'], 'record')} of {counted(count, 'template')} to {output}.")
    lacking = [one for one in figures["templates"] if one["lack"]]
    for one in lacking[:LACKING]:
        say(f"  {one['place']}: {one['lack']}.")
    if len(lacking) > LACKING:
        say(f"  … and {len(lacking) - LACKING:,} other templates with too few combinations.")
