"""What a recipe's checks for duplicates compare beside what makes the generator's records the same."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING

from seedbed.checks.alike import AllOf, Comparison, Near, Nearest, Same
from seedbed.checks.duplicates import Anything, Duplicate, ExactDuplicate, NearDuplicate, RougeL, Uniqueness
from seedbed.checks.semantic import Semantic, SemanticDuplicate
from seedbed.core.vectors import OFFLINE
from seedbed.providers import offline
from seedbed.recipe.staged import ByStep
from seedbed.storage.shelf import FileShelf

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from seedbed.core.fields import FieldPath
    from seedbed.core.ports import Novelty
    from seedbed.core.record import Record
    from seedbed.recipe.document import Recipe
    from seedbed.recipe.sameness import Sameness

    from ..existing import Existing


def own_novelty(same: Sameness) -> Novelty:
    """What the records of a step are compared by in any case."""
    if not same.part.unique:
        return Anything()
    if same.part.rouge:
        return RougeL(same.part.rouge, same.part.identity())
    return _uniqueness(same)


def _uniqueness(same: Sameness) -> Uniqueness:
    """Exact and near duplicates by what makes the generator's records the same.

    A `near_duplicate` check takes the place of the one that every run has; one that only flags or scores refuses
    nothing, and so does such an `exact_duplicate`. Across labels both are refused whatever the checks say.
    """
    near, own = [check for _, check in same.checks if isinstance(check, NearDuplicate)], same.duplicates()
    return Uniqueness(
        own.threshold,
        near=same.near and own.mode == "reject" and (not near or own in near),
        exact=not any(isinstance(check, ExactDuplicate) and _lenient(same, check) for _, check in same.checks),
        unique_by=same.part.identity(),
        labelled=same.labelled,
        shelf=FileShelf,
    )


def with_checks(same: Sameness, base: Novelty) -> Novelty:
    """A novelty with all that the checks compare beside it.

    Raises:
        MissingExtra: a library for comparing by meaning is not installed.
    """
    found = sorted(_beside(same, base), key=lambda one: _order(one[1]))
    kinds = Counter(check.kind for _, check in found)
    parts = [_comparison(same, path, check, alone=kinds[check.kind] == 1) for path, check in found]
    return AllOf([Comparison(base), *parts]) if parts else base


def tell(novelty: Novelty, recipe: Recipe, existing: Existing) -> None:
    """Makes known what is there already, to the step that makes the dataset; meanings stay out of it (see
    `meaning.learn`)."""
    if isinstance(novelty, Anything):
        return  # whatever is read, it would be welcome
    for source in (recipe.generator.known(existing.inputs), *(source() for source in existing.known)):
        _remember(novelty, source)
    for same in recipe.sameness():
        part = novelty.parts[same.step] if isinstance(novelty, ByStep) else novelty
        own = {comparison.place: comparison.novelty for comparison in _compared(part)}
        for path, check in same.checks:
            for known in existing.against.get(path, ()):
                _remember(own.get(path, part) if check.column else part, known())


def comparisons(novelty: Novelty) -> Iterator[tuple[str, Comparison]]:
    """What is compared beside the own uniqueness of each step, with the step's name."""
    if isinstance(novelty, ByStep):
        for name, part in novelty.parts.items():
            yield from ((name, comparison) for comparison in _compared(part))
    else:
        yield from (("", comparison) for comparison in _compared(novelty))


def _compared(novelty: Novelty) -> Sequence[Comparison]:
    return novelty.parts[1:] if isinstance(novelty, AllOf) else ()


def _remember(novelty: Novelty, records: Iterable[Record]) -> None:
    for record in records:
        nameless = replace(record, id="")
        novelty.remember(nameless, novelty.features(nameless))


def _beside(same: Sameness, base: Novelty) -> Iterator[tuple[FieldPath, Duplicate]]:
    """The checks that the step's own uniqueness does not do already, with their fields."""
    for path, check in same.checks:
        own = isinstance(base, Uniqueness) and _is_own(same, check) and check.mode == "reject"
        if not (own and isinstance(check, ExactDuplicate | NearDuplicate)):
            yield path, check


def _order(check: Duplicate) -> int:
    """What is cheaper to find goes first."""
    return 2 if isinstance(check, SemanticDuplicate) else int(isinstance(check, NearDuplicate))


def _comparison(same: Sameness, place: FieldPath, check: Duplicate, *, alone: bool) -> Comparison:
    columns = same.compared(check)
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


def _is_own(same: Sameness, check: Duplicate) -> bool:
    """Whether a check compares what makes the generator's records the same."""
    return same.compared(check) == same.part.identity()


def _lenient(same: Sameness, check: Duplicate) -> bool:
    return _is_own(same, check) and check.mode != "reject"
