"""Recipes that are saved in the workspace, as their authors wrote them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from seedbed.core.errors import NotFound, nearest
from seedbed.core.serving import DEFAULT
from seedbed.recipe.staged import Steps

from .drafts import Draft, draft_of, look_beyond, renamed
from .people import visible
from .projects import find as find_project
from .projects import put_into

if TYPE_CHECKING:
    from collections.abc import Mapping

    from seedbed.core.serving import StoredRecipe

    from ..workspace import Workspace
    from .people import Person


def saved(workspace: Workspace, name: str, person: Person) -> StoredRecipe:
    """A saved recipe that somebody may see.

    Raises:
        NotFound: there is none.
    """
    stored = workspace.store.serving.recipe(name)
    if stored is None or not person.sees(project_of(workspace, name)):
        known = [one.name for one in workspace.store.serving.recipes() if person.sees(project_of(workspace, one.name))]
        raise NotFound(f"There is no recipe `{name}`.", nearest(name, known))
    return stored


def project_of(workspace: Workspace, name: str) -> str:
    """The project a saved recipe belongs to."""
    return next(iter(workspace.store.serving.projects_of("recipe", name)), DEFAULT)


def listed(workspace: Workspace, person: Person, project: str | None) -> list[StoredRecipe]:
    """The saved recipes that somebody may see, of one project or of all."""
    serving = workspace.store.serving
    where = serving.places("recipe")
    homes = {one.name: next(iter(where.get(one.name, ())), DEFAULT) for one in serving.recipes()}
    found = [one for one in serving.recipes() if project in (None, homes[one.name])]
    return [one for one in found if person.sees(homes[one.name])]


def save(workspace: Workspace, draft: Draft, person: Person, project: str, name: str | None) -> StoredRecipe:
    """Saves a new recipe, under its own name or another.

    Raises:
        WrongRecipe: something is wrong with it.
        Taken: there is one of that name.
        NotFound: there is no such project.
        Forbidden: the person may not.
    """
    visible(person, project, f"There is no project `{project}`.", "editor")
    find_project(workspace.store, project)
    draft = _named(workspace, draft, person, name)
    recipe = _usable(workspace, draft, person, project)
    stored = workspace.store.serving.put_recipe(recipe, draft.yaml, new=True)
    put_into(workspace.store, "recipe", recipe, project)
    return stored


def change(workspace: Workspace, name: str, draft: Draft, person: Person, version: int | None) -> StoredRecipe:
    """Saves the next version of a recipe.

    Raises:
        NotFound: there is none.
        Changed: it has another version.
        WrongRecipe: something is wrong with it.
        Forbidden: the person may not.
    """
    saved(workspace, name, person)
    project = project_of(workspace, name)
    person.needs("editor", project)
    draft = _named(workspace, draft, person, name)
    _usable(workspace, draft, person, project)
    return workspace.store.serving.put_recipe(name, draft.yaml, version)


def remove(workspace: Workspace, name: str, person: Person, version: int | None) -> None:
    """Forgets a recipe; its runs and datasets stay.

    Raises:
        NotFound: there is none.
        Changed: it has another version.
        Forbidden: the person may not.
    """
    saved(workspace, name, person)
    person.needs("editor", project_of(workspace, name))
    workspace.store.serving.remove_recipe(name, version)


def item(workspace: Workspace, stored: StoredRecipe, person: Person) -> dict[str, Any]:
    """A saved recipe as it is told."""
    draft = draft_of(workspace, person, stored.yaml, None)
    runs = workspace.store.runs(name=stored.name)
    return {
        "name": stored.name,
        "project": project_of(workspace, stored.name),
        "yaml": stored.yaml,
        "document": draft.document,
        "version": stored.version,
        "created": stored.created,
        "updated": stored.updated,
        **_asked(draft),
        "last_run": runs[0].id if runs else None,
    }


def _asked(draft: Draft) -> dict[str, Any]:
    """The kind of a recipe, how many records it wants if it says so, and who writes."""
    recipe = draft.recipe
    if recipe is None:  # a part or template that it names is not there any more
        kind = (draft.document.get("generator") or {}).get("kind", "")
        return {"kind": "steps" if "steps" in draft.document else kind, "count": None, "models": []}
    if isinstance(recipe.generator, Steps):
        count = recipe.generator.last.part.count
        return {"kind": "steps", "count": count or None, "models": list(recipe.model)}
    return {"kind": recipe.generator.kind, "count": recipe.generator.count or None, "models": list(recipe.model)}


def _named(workspace: Workspace, draft: Draft, person: Person, name: str | None) -> Draft:
    """The draft under a name, which is its own if none is given."""
    if name is None or draft.document.get("name") == name:
        return draft
    document: Mapping[str, Any] | None = None
    yaml: str | None = renamed(draft.yaml, name)
    if draft.yaml.lstrip().startswith(("{", "[")):
        yaml, document = None, {**draft.document, "name": name}
    return draft_of(workspace, person, yaml, document)


def _usable(workspace: Workspace, draft: Draft, person: Person, project: str) -> str:
    """The name of a recipe that is whole and reaches no further than it may."""
    look_beyond(workspace, draft, person, project)
    return draft.whole().name
