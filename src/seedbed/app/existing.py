"""What is there already: records that count in the cells, and texts that must not come again."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from seedbed.checks.duplicates import Duplicate
from seedbed.core.errors import InputError, nearest
from seedbed.core.fields import at
from seedbed.core.stored import Selection
from seedbed.formats.catalog import format_for
from seedbed.places.paths import within

from .inputs import Inputs, read_inputs

if TYPE_CHECKING:
    from seedbed.core.fields import FieldPath
    from seedbed.core.record import Record
    from seedbed.core.stored import StoredRun
    from seedbed.recipe.document import Recipe
    from seedbed.recipe.sameness import Sameness

    from .workspace import Workspace

Source = Callable[[], Iterator["Record"]]


@dataclass(slots=True)
class Existing:
    """What a run finds: `known` are sources of records that count in every comparison, `against` those that count for
    one check, by the field that names it, `counted` how many each cell has already, `inputs` what its generator works
    on by field, `problems` what could not be read of that."""

    known: list[Source] = field(default_factory=list)
    against: dict[FieldPath, list[Source]] = field(default_factory=dict)
    counted: Counter[str] = field(default_factory=Counter)
    inputs: Inputs = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)


def read_existing(workspace: Workspace, recipe: Recipe, folder: Path, run: StoredRun | None) -> Existing:
    """Finds the files and datasets a recipe names; reads what counts.

    Raises:
        InputError: one does not exist or cannot be read, or lacks a column that is needed.
    """
    existing = Existing()
    existing.inputs, existing.problems = read_inputs(recipe.generator, folder)
    for name, path in named(recipe):
        with at(*path):
            source = _source(workspace, name, folder, run, new=path[0] == "into")
            same, check = _comparison(recipe, path)
            if check is not None and (check.column or same.step != recipe.sameness()[-1].step):
                existing.against.setdefault(path[:-2], []).append(source)
            else:
                existing.known.append(source)
            if recipe.into and recipe.into.top_up and path[0] == "into":
                existing.counted = _count(source, recipe, existing.inputs, name)
            _first_has(source, same.compared(check) if check else same.part.identity())
    return existing


def _comparison(recipe: Recipe, path: FieldPath) -> tuple[Sameness, Duplicate | None]:
    """The check that names a file in this field, if one does, and by what records are compared there."""
    for same in recipe.sameness():
        for place, check in same.checks:
            if place == path[:-2]:
                return same, check
    return recipe.sameness()[-1], None


def named(recipe: Recipe) -> Iterator[tuple[str, FieldPath]]:
    """The files and datasets a recipe names, each with the field that does."""
    for path, check in recipe.checked():
        if isinstance(check, Duplicate):
            yield from ((name, (*path, "against", j)) for j, name in enumerate(check.against))
    if recipe.into:
        yield recipe.into.dataset, ("into", "dataset")


def input_files(recipe: Recipe, folder: Path) -> list[Path]:
    """Where the files a recipe reads would be; a name may also be a dataset's."""
    worked_on = [name for source in recipe.generator.sources() for name in source.names]
    return [within(folder, name) for name in [*worked_on, *(name for name, _ in named(recipe))]]


def _source(workspace: Workspace, name: str, folder: Path, run: StoredRun | None, *, new: bool) -> Source:
    """Where records come from; with `new` a dataset that is not there yet has none."""
    path = within(folder, name)
    if path.is_file():
        path_format = format_for(str(path))
        return lambda: path_format.read(str(path))
    if Path(name).suffix:
        raise InputError(f"There is no file {path}.", "Paths in a recipe are relative to the recipe's folder.")
    if workspace.exists:
        store = workspace.store
        runs = [found for found in store.runs(dataset=name) if run is None or found.id != run.id]
        if runs:
            return lambda: (record for found in runs for record in store.records(Selection(run=found.id)))
        if store.runs(dataset=name) or new:
            return lambda: iter(())
        names = {found.dataset for found in store.runs()}
        raise InputError(f"There is no dataset `{name}`.", nearest(name, names))
    if new:
        return lambda: iter(())
    raise InputError(f"There is no dataset `{name}`.", "A file needs its suffix, such as .csv.")


def _count(source: Source, recipe: Recipe, inputs: Inputs, name: str) -> Counter[str]:
    counted: Counter[str] = Counter()
    quota = recipe.quota(inputs)
    for record in source():
        values = recipe.generator.cell_values(record)
        missing = [axis for axis in quota.axes if axis not in values and axis != "model"]
        if missing and missing[0] != "type":
            raise InputError(
                f"{name}: its records have no column `{missing[0]}`, so they cannot be counted.",
                f"It has: {', '.join(record.values)}.",
            )
        counted[quota.key_of(values)] += 1
    return counted


def _first_has(source: Source, columns: tuple[str, ...]) -> None:
    for record in source():
        missing = [column for column in columns if column not in record.values]
        if missing:
            raise InputError(
                f"The known records have no column `{missing[0]}` to compare by.",
                f"They have: {', '.join(record.values)}. Rename it, or set unique_by.",
            )
        return
