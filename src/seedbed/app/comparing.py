"""What a recipe's checks for duplicates compare beside what makes the generator's records the same."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING

from seedbed.checks.alike import AllOf, Comparison, Near, Nearest, Same
from seedbed.checks.duplicates import Anything, Duplicate, ExactDuplicate, NearDuplicate, Uniqueness
from seedbed.checks.semantic import Semantic, SemanticDuplicate
from seedbed.core.vectors import OFFLINE
from seedbed.providers import offline

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from seedbed.core.ports import Novelty
    from seedbed.core.record import Record
    from seedbed.engine.recipe import Recipe

    from .existing import Existing


def uniqueness_of(recipe: Recipe, *, labelled: bool) -> Uniqueness:
    """Exact and near duplicates by what makes the generator's records the same.

    A `near_duplicate` check takes the place of the one that every run has; one that only flags or scores refuses
    nothing, and so does such an `exact_duplicate`. Across labels both are refused whatever the checks say.
    """
    near, own = [check for check in recipe.checks if isinstance(check, NearDuplicate)], recipe.duplicates()
    return Uniqueness(
        own.threshold,
        near=recipe.near_duplicate and own.mode == "reject" and (not near or own in near),
        exact=not any(isinstance(check, ExactDuplicate) and _lenient(recipe, check) for check in recipe.checks),
        unique_by=recipe.generator.identity(),
        labelled=labelled,
    )


def with_checks(recipe: Recipe, base: Novelty) -> Novelty:
    """The run's novelty with all that the checks compare beside it.

    Raises:
        MissingExtra: a library for comparing by meaning is not installed.
    """
    found = sorted(_beside(recipe, base), key=lambda one: _order(one[1]))
    kinds = Counter(check.kind for _, check in found)
    parts = [_comparison(recipe, i, check, alone=kinds[check.kind] == 1) for i, check in found]
    return AllOf([Comparison(base), *parts]) if parts else base


def tell(novelty: Novelty, recipe: Recipe, existing: Existing) -> None:
    """Makes known what is there already; meanings stay out of it (see `meaning.learn`)."""
    if isinstance(novelty, Anything):
        return  # whatever is read, it would be welcome
    for source in (recipe.generator.known(existing.inputs), *(source() for source in existing.known)):
        _remember(novelty, source)
    for part in beside(novelty):
        for known in existing.against.get(part.place, ()):
            _remember(part.novelty, known())


def beside(novelty: Novelty) -> Sequence[Comparison]:
    """What is compared beside the run's own uniqueness."""
    return novelty.parts[1:] if isinstance(novelty, AllOf) else ()


def _remember(novelty: Novelty, records: Iterable[Record]) -> None:
    for record in records:
        nameless = replace(record, id="")
        novelty.remember(nameless, novelty.features(nameless))


def _beside(recipe: Recipe, base: Novelty) -> Iterator[tuple[int, Duplicate]]:
    """The checks that the run's own uniqueness does not do already, with their places."""
    for i, check in enumerate(recipe.checks):
        own = isinstance(base, Uniqueness) and _is_own(recipe, check) and check.mode == "reject"
        if isinstance(check, Duplicate) and not (own and isinstance(check, ExactDuplicate | NearDuplicate)):
            yield i, check


def _order(check: Duplicate) -> int:
    """What is cheaper to find goes first."""
    return 2 if isinstance(check, SemanticDuplicate) else int(isinstance(check, NearDuplicate))


def _comparison(recipe: Recipe, place: int, check: Duplicate, *, alone: bool) -> Comparison:
    columns = recipe.compared(check)
    name = check.kind if alone else f"{check.kind}.{'+'.join(columns)}"
    return Comparison(_novelty(check, columns), check.mode, check.kind, name, place)


def _novelty(check: Duplicate, columns: tuple[str, ...]) -> Novelty:
    if isinstance(check, SemanticDuplicate):
        if check.model == OFFLINE:
            offline.require()
        return Semantic(columns, check.model, check.threshold, scored=check.mode == "score")
    if isinstance(check, NearDuplicate):
        return Nearest(columns) if check.mode == "score" else Near(columns, check.threshold)
    return Same(columns)


def _is_own(recipe: Recipe, check: object) -> bool:
    """Whether a check compares what makes the generator's records the same."""
    return isinstance(check, Duplicate) and recipe.compared(check) == recipe.generator.identity()


def _lenient(recipe: Recipe, check: Duplicate) -> bool:
    return _is_own(recipe, check) and check.mode != "reject"
