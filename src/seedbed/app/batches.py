"""Recipes that are asked in batches: which connections, at which price, and taking back what was handed over."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seedbed.checks.semantic import SemanticDuplicate
from seedbed.core.connection import split_model
from seedbed.core.fields import FieldError
from seedbed.providers.batch.wires import has_batches

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping

    from seedbed.core.stored import StoredRun
    from seedbed.providers.prices import Price
    from seedbed.recipe.document import Recipe

    from .models import Access, Lend
    from .workspace import Workspace


def batched(recipe: Recipe, access: Mapping[str, Access]) -> frozenset[str]:
    """The connections of a recipe that are asked in batches; other models than those that write may be asked at once.

    Raises:
        FieldError: a model that writes is of a provider without batches.
    """
    if not recipe.batch:
        return frozenset()
    writers = [*recipe.model, *(name for step in recipe.steps for name in step.model or ())]
    for name in writers:
        connection = access[split_model(name)[0]].connection
        if not has_batches(connection):
            problem = f"`{name}` cannot be asked in batches: `{connection.provider}` has none that Seedbed knows"
            raise FieldError(("batch",), problem, "OpenAI and Anthropic have batches; ask others without `batch`.")
    return frozenset(name for name, one in access.items() if has_batches(one.connection))


def halved(recipe: Recipe, prices: Mapping[str, Price | None], connections: Collection[str]) -> dict[str, Price | None]:
    """The prices where these connections are asked in batches: half, but for vectors, which are asked for at once."""
    vectors = {
        name for _, check in recipe.checked() if isinstance(check, SemanticDuplicate) for name in check.more_models()
    }
    half = {name for name in prices if split_model(name)[0] in connections and name not in vectors}
    return {name: price.halved() if price and name in half else price for name, price in prices.items()}


def as_begun(recipe: Recipe, run: StoredRun | None, say: Callable[[str], None]) -> Recipe:
    """The recipe, in batches where its unfinished run was begun so: what was handed over is not to be paid twice."""
    if recipe.batch or run is None or not run.recipe.get("batch"):
        return recipe
    say("This run was begun with --batch and goes on in batches.")
    return recipe.model_copy(update={"batch": True})


async def cancel(workspace: Workspace, run: StoredRun, recipe: Recipe, lend: Lend | None = None) -> int:
    """Cancels at their providers the batches of a run that nobody drives; answers how many. `lend` gives connections.

    Raises:
        InputError: a connection or its key is missing.
        ProviderError: a provider does not answer.
    """
    book = workspace.store.batches(run)
    if not book.pending():
        return 0
    from .build import means_of

    return await means_of(workspace, recipe, lend=lend).door.cancel(book)
