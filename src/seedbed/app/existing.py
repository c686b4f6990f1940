"""What is there already: records that count in the cells, and texts that must not come again."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from seedbed.core.errors import InputError, nearest
from seedbed.core.stored import Selection
from seedbed.formats.catalog import format_for

if TYPE_CHECKING:
    from seedbed.core.quota import Quota
    from seedbed.core.record import Record
    from seedbed.core.stored import StoredRun
    from seedbed.engine.recipe import Recipe

    from .workspace import Workspace

Source = Callable[[], Iterator["Record"]]


@dataclass(slots=True)
class Existing:
    """`known` are sources of records that count for uniqueness; `counted` are how many each cell has already."""

    known: list[Source] = field(default_factory=list)
    counted: Counter[str] = field(default_factory=Counter)


def read_existing(workspace: Workspace, recipe: Recipe, folder: Path, run: StoredRun | None) -> Existing:
    """Finds the files and datasets a recipe names; reads what counts.

    Raises:
        InputError: one does not exist or cannot be read, or lacks a column that is needed.
    """
    existing = Existing()
    for name in recipe.duplicates().against:
        existing.known.append(_source(workspace, name, folder, run, "near_duplicate.against"))
    if recipe.into:
        source = _source(workspace, recipe.into.dataset, folder, run, "into.dataset")
        existing.known.append(source)
        if recipe.into.top_up:
            existing.counted = _count(source, recipe.quota(), recipe.into.dataset)
    for source in existing.known:
        _first_has(source, recipe.generator.unique_by)
    return existing


def _source(workspace: Workspace, name: str, folder: Path, run: StoredRun | None, where: str) -> Source:
    path = folder / name
    if path.is_file():
        path_format = format_for(str(path))
        return lambda: path_format.read(str(path))
    if Path(name).suffix:
        raise InputError(f"{where}: there is no file {path}.", "Paths in a recipe are relative to the recipe's folder.")
    if workspace.exists:
        store = workspace.store
        runs = [found for found in store.runs(dataset=name) if run is None or found.id != run.id]
        if runs:
            return lambda: (record for found in runs for record in store.records(Selection(run=found.id)))
        if store.runs(dataset=name) or where == "into.dataset":
            return lambda: iter(())
        names = {found.dataset for found in store.runs()}
        raise InputError(f"{where}: there is no dataset `{name}`.", nearest(name, names))
    if where == "into.dataset":
        return lambda: iter(())
    raise InputError(f"{where}: there is no dataset `{name}`.", "A file needs its suffix, such as .csv.")


def _count(source: Source, quota: Quota, name: str) -> Counter[str]:
    counted: Counter[str] = Counter()
    for record in source():
        missing = [axis for axis in quota.axes if axis not in record.values and axis != "model"]
        if missing and missing[0] != "type":
            raise InputError(
                f"{name}: its records have no column `{missing[0]}`, so they cannot be counted.",
                f"It has: {', '.join(record.values)}.",
            )
        counted[quota.key_of(record.values)] += 1
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
