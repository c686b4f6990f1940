"""`seedbed recipes`: recipes that are saved under their names."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ..console import counted, no_traceback, result, result_json, say
from ..options import AtServer, Json, WorkspacePath
from .far import server_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from seedbed.app.remote.server import Server
    from seedbed.app.workspace import Workspace

recipes = typer.Typer(no_args_is_help=True, help="Recipes that are saved, as the studio keeps them.")

Name = Annotated[str, typer.Argument(help="The recipe's name.", show_default=False)]
Project = Annotated[str | None, typer.Option(help="The project it belongs to.")]


@recipes.command("list")
@no_traceback
def list_recipes(
    project: Annotated[str | None, typer.Option(help="Only those of this project.")] = None,
    json: Json = False,
    workspace: WorkspacePath = None,
    server: AtServer = None,
) -> None:
    """List the saved recipes."""
    from seedbed.app.serve import recipes as saved
    from seedbed.app.workspace import Workspace

    from .people import check_project

    if far := server_of(server, workspace):
        rows = list(far.wire.every("/recipes", **({"project": project} if project else {})))
    else:
        with Workspace(workspace) as place:
            if project:
                check_project(place, project)
            found = saved.listed(place, _owner(), project) if place.exists else []
            rows = [saved.item(place, one, _owner()) for one in found]
    if json:
        result_json({"recipes": list(map(_shown, rows))})
    elif not rows:
        say("There are no saved recipes here yet. Save one with: seedbed recipes save FILE")
    for row in rows if not json else ():
        many = counted(row["count"], "record") if row["count"] else "as many as there is to do"
        by = ", ".join(row["models"])
        result(f"{row['name']:<28} {row['kind']:<16} {many:<14} {by:<24} {row['last_run'] or ''}".rstrip())


@recipes.command("show")
@no_traceback
def show_recipe(name: Name, json: Json = False, workspace: WorkspacePath = None, server: AtServer = None) -> None:
    """Print a saved recipe as it was written; `seedbed generate NAME` runs it."""
    from seedbed.app.remote.wire import part
    from seedbed.app.serve import recipes as saved
    from seedbed.app.workspace import Workspace

    if far := server_of(server, workspace):
        row = far.wire.get(f"/recipes/{part(name)}")
    else:
        with Workspace(workspace) as place:
            row = saved.item(place, saved.saved(place, name, _owner()), _owner())
    if json:
        result_json(_shown(row))
        return
    say(f"{row['name']}, version {row['version']}, saved {row['updated']}")
    result(row["yaml"].rstrip())


@recipes.command("save")
@no_traceback
def save_recipe(
    file: Annotated[Path, typer.Argument(help="The recipe, a YAML or JSON file.", show_default=False)],
    name: Annotated[str | None, typer.Option(help="What it is called; its own name if not given.")] = None,
    project: Project = None,
    force: Annotated[bool, typer.Option("--force", help="Save it as the next version of one that is there.")] = False,
    json: Json = False,
    workspace: WorkspacePath = None,
    server: AtServer = None,
) -> None:
    """Save a recipe, so that the studio has it and `seedbed generate NAME` runs it."""
    from seedbed.app.recipe_file import RecipeFile
    from seedbed.app.workspace import Workspace
    from seedbed.core.errors import Taken

    read = RecipeFile.read(file)
    text, called = file.read_text("utf-8"), name or str(read.document.get("name") or "")
    try:
        if far := server_of(server, workspace):
            row = _saved_there(far, text, called, project, force=force)
        else:
            with Workspace(workspace) as place:
                row = _saved_here(place, text, called, project, force=force)
    except Taken as error:
        hint = "Take another name with --name, or save it as the next version of that one with --force."
        raise Taken(error.message, hint) from None
    if json:
        result_json(_shown(row))
    else:
        say(f"Saved the recipe {row['name']}, version {row['version']}. Run it with: seedbed generate {row['name']}")


@recipes.command("remove")
@no_traceback
def remove_recipe(name: Name, workspace: WorkspacePath = None, server: AtServer = None) -> None:
    """Forget a saved recipe; its runs and datasets stay."""
    from seedbed.app.serve import recipes as saved
    from seedbed.app.workspace import Workspace

    from .people import noted

    if far := server_of(server, workspace):
        far.remove("recipes", name)
    else:
        with Workspace(workspace) as place:
            saved.remove(place, name, _owner(), None)
            noted(place, "recipe removed", name)
    say(f"Removed the recipe {name}.")


def _saved_here(place: Workspace, text: str, name: str, project: str | None, *, force: bool) -> dict[str, Any]:
    from seedbed.app.serve import recipes as saved
    from seedbed.app.serve.drafts import draft_of
    from seedbed.app.serve.people import DEFAULT

    from .people import check_project, noted

    if project:
        check_project(place, project)
    draft = draft_of(place, _owner(), text, None)
    if force and name and place.store.serving.recipe(name):
        stored = saved.change(place, name, draft, _owner(), None)
        noted(place, "recipe changed", name)
    else:
        stored = saved.save(place, draft, _owner(), project or DEFAULT, name or None)
        noted(place, "recipe saved", stored.name)
    return saved.item(place, stored, _owner())


def _saved_there(far: Server, text: str, name: str, project: str | None, *, force: bool) -> dict[str, Any]:
    from seedbed.app.remote.wire import part
    from seedbed.core.errors import Taken

    own = {"name": name or None, "project": project or far.project}
    body = {"yaml": text, **{field: value for field, value in own.items() if value}}
    try:
        found: dict[str, Any] = far.wire.send("POST", "/recipes", body)
    except Taken:
        if not force:
            raise
        found = far.wire.send("PUT", f"/recipes/{part(name)}", {"yaml": text}, If_Match="*")
    return found


def _shown(row: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in row.items() if name != "id"}  # a server's; the name is that


def _owner() -> Any:
    from seedbed.app.serve.people import Person

    from .people import BY

    return Person(BY, owner=True, local=True)
