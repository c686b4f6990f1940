"""What a server is asked to run."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from seedbed.core.errors import InputError

from ..library import prepare
from ..recipe_file import RecipeFile


def asked(recipe: Any, fields: Mapping[str, Any]) -> tuple[dict[str, Any], bool]:
    """The body that asks for a run, and whether it is of a generator alone."""
    if isinstance(recipe, str) and not Path(recipe).is_file() and not Path(recipe).suffix:
        if fields:
            raise InputError("A recipe that the server has is run as it is.", "Give the recipe itself to change it.")
        return {"recipe": recipe}, False
    if isinstance(recipe, str | Path):
        return {"document": changed(RecipeFile.read(recipe), fields).document}, False
    if isinstance(recipe, Mapping):
        return {"document": {**recipe, **fields}}, False
    prepared = prepare(recipe, dict(fields), None)
    return {"document": prepared.recipe.document()}, prepared.alone


def changed(file: RecipeFile, fields: Mapping[str, Any]) -> RecipeFile:
    """The file with some fields set."""
    for name, value in fields.items():
        file.change(name, value, "generate()")
    return file
