"""`seedbed templates` and `seedbed prompts`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from .console import no_traceback, result, result_json, say
from .options import AtServer, Json, WorkspacePath
from .service.far import server_of

if TYPE_CHECKING:
    from seedbed.app.templates import TemplateFile

templates = typer.Typer(no_args_is_help=True, help="Prompts, and sentences with slots, saved with their versions.")
prompts = typer.Typer(no_args_is_help=True, help="The built-in prompts of the generators.")
Name = Annotated[str, typer.Argument(help="The template's name.", show_default=False)]
Description = Annotated[str | None, typer.Option(help="What it is for.")]
Anew = Annotated[bool, typer.Option("--force", help="Save it as a new version if the name is taken.")]
File = Annotated[
    Path | None,
    typer.Argument(help="A YAML file with the template's fields, or of sentences with slots.", show_default=False),
]


@templates.command("add")
@no_traceback
def add(
    name: Name,
    file: File = None,
    prompt: Annotated[str | None, typer.Option(help="The text, with {variables}.")] = None,
    kind: Annotated[
        str | None,
        typer.Option(
            "--type", help="qa, dialogue, summary, classification, text, custom; or slots, of sentences to fill."
        ),
    ] = None,
    description: Description = None,
    sets: Annotated[
        list[str] | None, typer.Option("--set", help="A field, as in parameters.temperature=0.7; may be repeated.")
    ] = None,
    force: Anew = False,
    json: Json = False,
    workspace: WorkspacePath = None,
    server: AtServer = None,
) -> None:
    """Save a template; recipes then say {kind: template, template: NAME}, and `fill NAME` fills one of slots."""
    from seedbed.app import templates as saved

    made = saved.compose(file, {"prompt": prompt, "type": kind, "description": description}, sets or ())
    _add(name, made, workspace, server, force=force, json=json)


def _add(name: str, made: TemplateFile, workspace: Path | None, server: str | None, *, force: bool, json: bool) -> None:
    from seedbed.app import templates as saved
    from seedbed.app.workspace import Workspace

    if far := server_of(server, workspace):
        _saved(far.add_template(name, made.document, force=force), json=json)
        return
    with Workspace(workspace) as place:
        _saved(saved.row(saved.add(place, name, made, force=force)), json=json)


@templates.command("import")
@no_traceback
def import_slots(
    file: Annotated[Path, typer.Argument(help="Sentences with slots: .csv, .json, .jsonl, .txt, .yaml.")],
    name: Annotated[str | None, typer.Option(help="What it is called; the file's name if not given.")] = None,
    description: Description = None,
    force: Anew = False,
    json: Json = False,
    workspace: WorkspacePath = None,
    server: AtServer = None,
) -> None:
    """Save sentences with slots, to fill them with `fill NAME`; the same as `add NAME FILE --type slots`."""
    from seedbed.app import templates as saved

    made = saved.compose(file, {"type": "slots", "description": description})
    _add(name or file.stem, made, workspace, server, force=force, json=json)


@templates.command("list")
@no_traceback
def list_templates(json: Json = False, workspace: WorkspacePath = None, server: AtServer = None) -> None:
    """List the templates, the latest version of each."""
    from seedbed.app import templates as saved
    from seedbed.app.workspace import Workspace

    if far := server_of(server, workspace):
        rows = far.templates()
    else:
        with Workspace(workspace) as place:
            rows = saved.rows(place)
    if json:
        result_json({"templates": rows})
    elif not rows:
        say("There are no templates here yet. Save one with: seedbed templates add NAME FILE")
    for row in rows if not json else ():
        document = row["document"]
        wants = " ".join(f"{{{name}}}" for name in row["variables"])
        result(
            f"{row['name']:<24} {row['version']:>3}  {document.get('type', 'custom'):<14} "
            f"{document.get('description', '')}  {wants}".rstrip()
        )


@templates.command("show")
@no_traceback
def show(
    name: Name,
    version: Annotated[int | None, typer.Option(help="Not the latest version but this one.")] = None,
    json: Json = False,
    workspace: WorkspacePath = None,
    server: AtServer = None,
) -> None:
    """Show a template as YAML."""
    from seedbed.app import templates as saved
    from seedbed.app.workspace import Workspace

    if far := server_of(server, workspace):
        row = far.template(name, version)
    else:
        with Workspace(workspace) as place:
            row = saved.row(saved.find(place, name if version is None else f"{name}@{version}"))
    if json:
        result_json(row)
        return
    say(f"{row['name']}, version {row['version']}, saved {row['created']}")
    result(saved.as_yaml(row["document"]).rstrip())


@templates.command("edit")
@no_traceback
def edit(
    name: Name, file: File = None, json: Json = False, workspace: WorkspacePath = None, server: AtServer = None
) -> None:
    """Save a new version of a template: from a file, or in the editor that EDITOR names."""
    from seedbed.app import templates as saved
    from seedbed.app.templates import TemplateFile
    from seedbed.app.workspace import Workspace
    from seedbed.core.errors import InputError

    if far := server_of(server, workspace):
        if file is None:
            raise InputError("A template of a server is edited by a file.", "Name the file with its new version.")
        _saved(far.edit_template(name, TemplateFile.read(file).document), json=json)
        return
    with Workspace(workspace) as place:
        made = saved.edit(place, name, file)
        latest = made or saved.find(place, name)
    if made is None and not json:
        say(f"Nothing was changed: the template {name} stays at version {latest.version}.")
    else:
        _saved(saved.row(latest), json=json)


@templates.command("remove")
@no_traceback
def remove(name: Name, workspace: WorkspacePath = None, server: AtServer = None) -> None:
    """Forget a template with all its versions; runs made with it keep theirs."""
    from seedbed.app import templates as saved
    from seedbed.app.workspace import Workspace

    if far := server_of(server, workspace):
        far.remove("templates", name)
    else:
        with Workspace(workspace) as place:
            saved.remove(place, name)
    say(f"Removed the template {name}.")


def _saved(row: dict[str, object], *, json: bool) -> None:
    if json:
        result_json(row)
        return
    say(f"Saved the template {row['name']}, version {row['version']}.")
    wants, document = row["variables"], row["document"]
    assert isinstance(wants, list)
    assert isinstance(document, dict)
    if document.get("type") == "slots":
        slots = " ".join(f"{{{name}}}" for name in wants)
        count = len(document["templates"])
        say(f"It has {count:,} {'sentence' if count == 1 else 'sentences'}{' with ' if slots else ''}{slots}.")
        say(f"Fill it with: seedbed fill {row['name']} -o OUT --per-template 10 --from DATA")
    elif wants:
        say(f"A recipe gives it values: {{{', '.join(f'{name}: …' for name in wants)}}}")


@prompts.command("list")
@no_traceback
def list_prompts(json: Json = False) -> None:
    """List the generators that have built-in prompts."""
    from seedbed.app.prompts import kinds

    found = kinds()
    if json:
        result_json({"kinds": found})
    else:
        result("\n".join(found))


@prompts.command("show")
@no_traceback
def show_prompts(
    kind: Annotated[str, typer.Argument(help="A generator's kind, see prompts list.", show_default=False)],
    json: Json = False,
) -> None:
    """Print a generator's built-in prompts, and what a prompt of your own may use."""
    from seedbed.app import prompts as built_in

    texts, variables = built_in.texts(kind), built_in.variables(kind)
    if json:
        result_json({"kind": kind, "prompts": texts, "variables": variables})
        return
    for name, text in texts.items():
        result(f"── {name} " + "─" * 40)
        result(text or "(none)")
    result("── your own " + "─" * 40)
    used = ", ".join(f"{{{name}}}" for name in variables)
    result("What is in {{ … }} and {% … %} above Seedbed fills in itself. In a `prompt` or `system` of your own")
    result(f"you may use {used}, and every axis and attribute of the recipe as a {{variable}}.")
