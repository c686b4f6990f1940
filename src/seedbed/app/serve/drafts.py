"""Recipes as people write them, on their way to being valid: what is wrong with them, and what they ask for."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from seedbed.core.errors import InputError
from seedbed.core.fields import FieldError, dotted
from seedbed.recipe.document import Recipe

from ..books import wanted_of
from ..connections import resolve as resolve_connections
from ..existing import read_existing
from ..recipe_file import RecipeFile
from ..templates import as_yaml, resolve
from .reach import beyond_reach, folder_for, templates_beyond

if TYPE_CHECKING:
    from pathlib import Path

    from seedbed.core.fields import FieldPath

    from ..workspace import Workspace
    from .people import Person

LONGEST = 1_000_000
"""Characters of a recipe."""

MOST_NODES = 200_000
"""Values in a document, those that aliases repeat counted each time."""

MOST_CELLS = 2_000
"""Cells that are listed."""

ROUNDS = 12
"""So often what is wrong is put aside to look for more."""

_LINE = re.compile(r"recipe, line (\d+): ")


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with a field of a recipe: dotted path and line, both empty for the whole."""

    field: str
    line: int | None
    message: str
    hint: str


@dataclass(slots=True)
class Draft:
    """A recipe that may be wrong.

    `document` is what was written as plain data; `recipe` is there if nothing is wrong with it by itself.
    """

    yaml: str
    document: dict[str, Any]
    folder: Path
    file: RecipeFile | None = None
    recipe: Recipe | None = None
    problems: list[Problem] = field(default_factory=list)

    def found(self, error: InputError) -> None:
        """Takes down what is wrong, once for each field."""
        path = error.path if isinstance(error, FieldError) else ()
        message = error.problem if isinstance(error, FieldError) else error.message
        line = self.file.line(path) if self.file else 0
        problem = Problem(dotted(path), line or None, message, error.hint)
        if problem.field not in {one.field for one in self.problems} or not problem.field:
            self.problems.append(problem)

    def whole(self) -> Recipe:
        """The recipe.

        Raises:
            WrongRecipe: something is wrong with it.
        """
        if self.recipe is None or self.problems:
            raise WrongRecipe(self.problems)
        return self.recipe


class WrongRecipe(InputError):
    """A recipe cannot be used; `problems` are all that were found."""

    def __init__(self, problems: list[Problem]) -> None:
        first = problems[0]
        where = ", ".join(filter(None, (f"line {first.line}" if first.line else "", first.field)))
        super().__init__(f"{where}: {first.message}" if where else first.message, first.hint)
        self.problems = problems


def draft_of(workspace: Workspace, person: Person, yaml: str | None, document: Mapping[str, Any] | None) -> Draft:
    """A recipe as it was written, looked through; `document` is written as YAML where no `yaml` is given."""
    text = as_yaml(document or {}) if yaml is None else yaml
    draft = Draft(text, {}, folder_for(workspace, person))
    try:
        _check_size(text)
        draft.file = RecipeFile(text, "recipe", draft.folder)
        _check_nodes(draft.file.document)
    except InputError as error:
        line = _LINE.match(error.message)
        message = _LINE.sub("", error.message).removeprefix("recipe: ")
        draft.problems.append(Problem("", int(line[1]) if line else None, message, error.hint))
        return draft
    draft.document = draft.file.document
    hidden = [*templates_beyond(workspace, draft.document, person)]
    for problem in hidden:  # nothing of them is shown, not even by what is wrong with the rest
        draft.found(problem)
    draft.recipe = None if hidden else _looked_through(draft, workspace)
    return draft


def check_use(workspace: Workspace, draft: Draft, person: Person, project: str | None) -> None:
    """Looks whether a draft can be run there, or anywhere: whether it may use what it names, and whether that is
    there."""
    if draft.recipe is None:
        return
    look_beyond(workspace, draft, person, project)
    try:
        resolve_connections(workspace, draft.recipe)
    except InputError as error:
        draft.found(error)


def look_beyond(workspace: Workspace, draft: Draft, person: Person, project: str | None) -> None:
    """Looks whether a draft reaches further than it may there, or anywhere."""
    if draft.recipe is None:
        return
    for problem in beyond_reach(workspace, draft.recipe, person, project):
        draft.found(problem)
    for problem in templates_beyond(workspace, draft.document, person, project):
        draft.found(problem)


def asked_for(workspace: Workspace, draft: Draft) -> dict[str, Any]:
    """What a recipe asks for: its cells and how many records each is to hold; reads the files it names."""
    recipe = draft.recipe
    if recipe is None:
        return {"columns": [], "cells": [], "asked": 0, "labels": []}
    try:
        quota = wanted_of(recipe, read_existing(workspace, recipe, draft.folder, None)) if not draft.problems else None
    except InputError as error:
        draft.found(error)
        quota = None
    cells = [{"cell": quota.as_dict(cell), "wanted": cell.wanted} for cell in quota.cells[:MOST_CELLS]] if quota else []
    asked = sum(cell.wanted for cell in quota.cells) if quota else 0
    return {"columns": recipe.columns(), "cells": cells, "asked": asked, "labels": list(recipe.generator.task().labels)}


def renamed(yaml: str, name: str) -> str:
    """The text of a recipe under another name; comments stay."""
    changed, times = re.subn(r"(?m)^name:.*$", f"name: {name}", yaml, count=1)
    return changed if times else f"name: {name}\n{yaml}"


def _check_size(text: str) -> None:
    if len(text) > LONGEST:
        raise InputError(f"recipe: it is longer than {LONGEST:,} characters.", "Keep examples in a file.")


def _check_nodes(document: Any) -> None:
    """Aliases of aliases make a small text endless."""
    left, waiting = MOST_NODES, [document]
    while waiting:
        one = waiting.pop()
        left -= 1
        if left < 0:
            raise InputError(f"recipe: it holds more than {MOST_NODES:,} values.", "Keep examples in a file.")
        if isinstance(one, Mapping):
            waiting += one.values()
        elif isinstance(one, list):
            waiting += one


def _looked_through(draft: Draft, workspace: Workspace) -> Recipe | None:
    """The recipe if nothing is wrong; else what is wrong is put aside, and the rest looked through."""
    left = dict(draft.document)
    for _ in range(ROUNDS):
        try:
            recipe = Recipe.of(resolve(left, workspace.folder))
        except FieldError as error:
            if draft.problems and error.problem.startswith("there is no column"):
                return None  # it may be there in what was put aside
            for one in (error, *error.others):
                draft.found(one)
            if not _put_aside(left, error.path):
                return None
        except InputError as error:
            draft.found(error)
            return None
        else:
            return None if draft.problems else recipe
    return None


def _put_aside(document: dict[str, Any], path: FieldPath) -> bool:
    """Replaces the part of a document that is wrong by one that is right; whether that could be done."""
    name = str(path[0]) if path else ""
    placeholders = {"name": "recipe", "model": "embedded"}
    if name in ("generator", "steps"):
        right = {"kind": "prompt", "prompt": "Write a sentence.", "count": 1}
        if document.pop("steps", None) is None and document.get("generator") == right:
            return False
        document["generator"] = right
    elif name == "checks" and len(path) > 1 and isinstance(path[1], int):
        document["checks"] = [
            "refusal" if place == path[1] else check for place, check in enumerate(document["checks"])
        ]
    elif name in placeholders:
        if document.get(name) == placeholders[name]:
            return False
        document[name] = placeholders[name]
    else:
        return document.pop(name, None) is not None
    return True
