"""How a command or a function of the library lets a recipe run whose records it needs itself."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from .loop import run_blocking
from .runs import generate

if TYPE_CHECKING:
    from seedbed.recipe.document import Recipe

    from .options import Options
    from .runs import RunResult
    from .workspace import Workspace

Drive = Callable[["Workspace", "Recipe", "Options"], "RunResult"]
"""Runs a recipe to its end."""


def run_to_end(place: Workspace, recipe: Recipe, options: Options) -> RunResult:
    """Runs a recipe as a library does: without a word, in a thread of its own where an event loop runs."""
    return run_blocking(generate(place, recipe, options))
