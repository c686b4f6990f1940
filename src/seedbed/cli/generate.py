"""`seedbed generate`, `preview`, `estimate` and `init`."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from seedbed.places.paths import path_of

from .console import counted, no_traceback, result, result_json, say
from .options import (
    AtServer,
    Batch,
    Concurrency,
    Count,
    CsvSafe,
    Executor,
    Force,
    FormatOptions,
    Json,
    Models,
    OutputPath,
    Plugins,
    RecipePath,
    Seed,
    Sets,
    To,
    WithOrigin,
    Workers,
    WorkspacePath,
    format_options,
)
from .service.far import chosen, follow, server_of

if TYPE_CHECKING:
    from seedbed.app.recipes import Changes
    from seedbed.app.remote.server import Server


@no_traceback
def generate(
    recipe: RecipePath,
    output: OutputPath = None,
    count: Count = None,
    model: Models = None,
    seed: Seed = None,
    concurrency: Concurrency = None,
    executor: Executor = None,
    workers: Workers = None,
    new: Annotated[bool, typer.Option("--new", help="Start a new run although there is an unfinished one.")] = False,
    resume: Annotated[
        str | None, typer.Option(help="Go on with this run (its id) although the recipe has changed.")
    ] = None,
    sets: Sets = None,
    batch: Batch = False,
    with_origin: WithOrigin = None,
    csv_safe: CsvSafe = None,
    to: To = None,
    option: FormatOptions = None,
    force: Force = False,
    plugin: Plugins = None,
    json: Json = False,
    workspace: WorkspacePath = None,
    server: AtServer = None,
) -> None:
    """Make the records a recipe asks for; a run that was not finished goes on where it was."""
    from seedbed.app.options import LOCAL, Options
    from seedbed.app.output import Output
    from seedbed.app.recipes import Changes, load_plugins, load_recipe
    from seedbed.app.workspace import Workspace
    from seedbed.core.errors import InputError

    from .drive import drive

    if new and resume:
        raise InputError("--new and --resume exclude each other.", "Use one of them.")
    changes = Changes(count, model or (), seed, sets or (), batch=batch)
    if far := server_of(server, workspace):
        where = chosen(executor, workers, resume)
        body = _document(recipe, changes, far)
        target = output or (Path(body["document"]["output"]) if body["document"].get("output") else None)
        run = far.control(resume, "resume") if resume else far.start(body, new=new, **where)
        follow(far, run["run"], target, json=json, to=to, with_origin=with_origin, csv_safe=csv_safe, force=force)
    load_plugins(plugin or [])
    loaded, file = load_recipe(recipe, changes, workspace)
    target, settings = output or (path_of(loaded.output) if loaded.output else None), format_options(option)
    with file.located(), Workspace(workspace) as place:
        options = Options(
            folder=file.folder,
            output=Output(target.absolute(), force, with_origin, csv_safe, to, settings) if target else None,
            new=new,
            resume=resume,
            concurrency=concurrency,
            plugins=plugin or (),
            executor=executor or LOCAL,
            workers=workers,
        )
        drive(place, loaded, options, json=json)


def _document(recipe: Path, changes: Changes, far: Server) -> dict[str, Any]:
    """A recipe's file, or one that the server has, as it is asked to run it: templates are those of the server."""
    from seedbed.app.recipe_file import RecipeFile
    from seedbed.app.recipes import changed, is_name
    from seedbed.app.remote.wire import part

    if is_name(recipe):
        file = RecipeFile(far.wire.get(f"/recipes/{part(str(recipe))}")["yaml"], str(recipe), Path.cwd())
    else:
        file = RecipeFile.read(recipe)
    return {"document": changed(file, changes).document}


@no_traceback
def preview(
    recipe: RecipePath,
    n: Annotated[int, typer.Option("-n", help="How many attempts to show.", min=1, max=50)] = 3,
    model: Models = None,
    sets: Sets = None,
    seed: Seed = None,
    plugin: Plugins = None,
    json: Json = False,
    workspace: WorkspacePath = None,
    server: AtServer = None,
) -> None:
    """Try a recipe with a few calls: prompts, answers, records and what the checks say. Nothing is saved."""
    from seedbed.app.preview import Look
    from seedbed.app.preview import preview as show
    from seedbed.app.recipes import Changes, load_plugins, load_recipe
    from seedbed.app.workspace import Workspace

    changes = Changes(None, model or (), seed, sets or ())
    if far := server_of(server, workspace):
        shown = far.preview(_document(recipe, changes, far), n)
    else:
        load_plugins(plugin or [])
        loaded, file = load_recipe(recipe, changes, workspace)
        with file.located(), Workspace(workspace) as place:
            shown = asyncio.run(show(place, loaded, file.folder, Look(n, say)))
    if json:
        result_json({"attempts": shown})
        return
    for number, attempt in enumerate(shown, start=1):
        _print_preview(number, attempt)


def _print_preview(number: int, attempt: dict[str, Any]) -> None:
    cell = ", ".join(f"{axis} {value}" for axis, value in attempt["cell"].items())
    result(f"── {number}. {cell or 'the only cell'} · {attempt['model']} " + "─" * 12)
    for call in attempt["calls"]:
        masked = ", ".join(f"{kind} {count}" for kind, count in call.get("redacted", {}).items())
        result(f"Prompt (masked: {masked}):" if masked else "Prompt:")
        for message in call["prompt"]:
            result(f"  [{message['role']}]")
            result("\n".join(f"    {line}" for line in message["content"].splitlines()))
        result(f"Answer ({call['finish_reason']}, {call['tokens']} tokens):")
        result("\n".join(f"    {line}" for line in call["answer"].splitlines()))
    for record in attempt["records"]:
        verdict = "accepted" if record["state"] == "accepted" else f"{record['state']}: {record['reason']}"
        detail = f" ({record['detail']})" if record["detail"] else ""
        result(f"Record: {verdict}{detail}")
        for column, value in record["values"].items():
            result(f"    {column}: {value}")
    if attempt["error"]:
        result(f"Error: {attempt['error']}")
    result("")


@no_traceback
def estimate(
    recipe: RecipePath,
    count: Count = None,
    model: Models = None,
    sets: Sets = None,
    batch: Batch = False,
    plugin: Plugins = None,
    json: Json = False,
    workspace: WorkspacePath = None,
    server: AtServer = None,
) -> None:
    """Say how many calls and tokens a recipe will take and what that costs. Makes no call."""
    from seedbed.app.estimate import estimate as compute
    from seedbed.app.recipes import Changes, load_plugins, load_recipe
    from seedbed.app.workspace import Workspace

    from .summary import deviation_line

    changes = Changes(count, model or (), None, sets or (), batch=batch)
    if far := server_of(server, workspace):
        figures = far.estimate(_document(recipe, changes, far))
    else:
        load_plugins(plugin or [])
        loaded, file = load_recipe(recipe, changes, workspace)
        with file.located(), Workspace(workspace) as place:
            figures = compute(place, loaded, file.folder)
    if json:
        result_json(figures)
        return
    tokens = figures["tokens"]
    result(f"{counted(figures['records'], 'record')}, about {counted(figures['calls'], 'call')}")
    result(f"about {tokens['input']:,} input and {tokens['output']:,} output tokens")
    cost = figures["cost"]
    result("cost: not known, there is no price for every model" if cost is None else f"about ${cost:,.4f}")
    if figures.get("deviation"):
        result(deviation_line(figures))
    result("Assumptions:")
    for line in figures["assumptions"]:
        result(f"  - {line}")


@no_traceback
def init(
    path: Annotated[Path, typer.Argument(help="The file to write.")] = Path("recipe.yaml"),
    like: Annotated[
        Path | None, typer.Option(help="Real data: labels, shares, lengths and masked examples are taken from it.")
    ] = None,
    label: Annotated[str | None, typer.Option(help="The column of the labels in it, if not `label`.")] = None,
    text: Annotated[str | None, typer.Option(help="The column of the texts in it; else found by its name.")] = None,
    force: Force = False,
) -> None:
    """Write a commented starter recipe, or with --like one for more of what you have."""
    from seedbed.app.data.like import write_like
    from seedbed.app.recipes import write_starter
    from seedbed.core.errors import InputError

    if like:
        rows = write_like(path, like, text=text, label=label, force=force)
        say(f"Wrote {path} from {rows:,} rows. Look at it, then: seedbed preview {path}")
        return
    if label or text:
        raise InputError("--label and --text name columns of real data.", "Add: --like FILE")
    write_starter(path, force=force)
    say(f"Wrote {path}. Look at it, then: seedbed preview {path}")
