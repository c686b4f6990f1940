"""What a recipe that came over the network may reach: no files of the server's machine, no addresses of its own."""

from __future__ import annotations

from pathlib import Path, PurePath
from typing import TYPE_CHECKING

from seedbed.checks.privacy import Pii
from seedbed.core.connection import split_model
from seedbed.core.fields import FieldError
from seedbed.core.serving import DEFAULT
from seedbed.places.paths import is_remote

from ..connections import named_models
from ..existing import named
from ..templates import named_templates
from .belonging import project_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import Any

    from seedbed.core.fields import FieldPath
    from seedbed.recipe.document import Recipe

    from ..workspace import Workspace
    from .people import Person

FILES = "files"
"""The folder of the workspace whose files recipes may read, whoever wrote them."""


def folder_for(workspace: Workspace, person: Person) -> Path:
    """Where the input files of somebody's recipes are looked for."""
    return Path.cwd() if at_home(person) else workspace.folder / FILES


def at_home(person: Person) -> bool:
    """Whether somebody sits at the server's machine and owns it: they may do there what the command line may."""
    return person.local and person.owner


def beyond_reach(workspace: Workspace, recipe: Recipe, person: Person, project: str | None) -> list[FieldError]:
    """What the recipe names that it may not use, asked for by that person in that project, or in any of theirs."""
    found = [*_other_projects(workspace, recipe, person, project)]
    if not at_home(person):
        found += [*_files(workspace, recipe), *_addresses(recipe), *_models(recipe)]
    return found


def templates_beyond(
    workspace: Workspace, document: Mapping[str, Any], person: Person, project: str | None = None
) -> Iterator[FieldError]:
    """The templates that a recipe names and the person may not know of, or that are not of its project."""
    for name, path in named_templates(document):
        home = next(iter(workspace.store.serving.projects_of("template", name)), DEFAULT) if workspace.exists else None
        if home is None or not workspace.store.templates(name):
            continue  # it is not there for anybody, which is said elsewhere
        if not person.sees(home):
            yield FieldError(path, f"there is no template `{name}`")
        elif project not in (None, home):
            hint = f"Save it in the project {project} under another name, or run the recipe in {home}."
            yield FieldError(path, f"the template `{name}` is of the project {home}, not of {project}", hint)


def _other_projects(workspace: Workspace, recipe: Recipe, person: Person, project: str | None) -> Iterator[FieldError]:
    for model, path in named_models(recipe).items():
        name = split_model(model)[0]
        mine = workspace.store.serving.projects_of("connection", name) if name not in recipe.connections else ()
        if mine and not (project in mine if project else any(map(person.sees, mine))):
            hint = "Ask an owner of the workspace to open it for this project."
            yield FieldError(path, f"the connection `{name}` is not for the project {project or DEFAULT}", hint)
    for name, path in named(recipe):
        if not PurePath(name).suffix and not person.sees(project_of(workspace, name)):
            yield FieldError(path, f"there is no dataset `{name}`")


def _files(workspace: Workspace, recipe: Recipe) -> Iterator[FieldError]:
    """Files outside of the folder that is meant for them."""
    folder = (workspace.folder / FILES).resolve()
    hint = f"Files lie in the folder `{FILES}` of the workspace; name them relative to it."
    for name, path in _read(recipe):
        if is_remote(name):
            yield FieldError(path, f"`{name}` is an address, which a recipe from elsewhere may not read", hint)
            continue
        pure = PurePath(name)
        outside = pure.is_absolute() or ".." in pure.parts or not (folder / name).resolve().is_relative_to(folder)
        if outside or name.startswith("~"):
            yield FieldError(path, f"`{name}` lies outside of the workspace", hint)


def _read(recipe: Recipe) -> Iterator[tuple[str, FieldPath]]:
    for source in recipe.generator.sources():
        yield from ((name, source.path or ("generator", source.field)) for name in source.names)
    yield from named(recipe)


def _addresses(recipe: Recipe) -> Iterator[FieldError]:
    """Connections of its own: they would send the server's keys wherever the recipe says."""
    hint = "Add it to the connections of the workspace, then name it in `model`."
    for name in recipe.connections:
        yield FieldError(("connections", name), "a recipe from elsewhere brings no connections of its own", hint)


def _models(recipe: Recipe) -> Iterator[FieldError]:
    for model, path in named_models(recipe).items():
        connection, name = split_model(model)
        if connection == "embedded" and (name.lower().endswith(".gguf") or "/" in name or "\\" in name):
            yield FieldError(path, f"`{name}` is a file of the server's machine", "Name a model of the catalogue.")
    for path, check in recipe.checked():
        if isinstance(check, Pii) and check.model and ("/" in check.model or "\\" in check.model):
            yield FieldError((*path, "model"), f"`{check.model}` is a folder of the server's machine")
