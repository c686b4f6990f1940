"""How many records of each kind a recipe asks for, where the dataset is that of a run."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from seedbed.core.errors import SeedbedError

from ..history import recipe_of

if TYPE_CHECKING:
    from ..workspace import Workspace

LABEL = "label"


def targets_of(workspace: Workspace, name: str) -> tuple[list[str], dict[tuple[str, ...], int]] | None:
    """The axes of the run or dataset of that name, the label first, and how many records each cell is to hold.

    None where there is no such run, or where what it works on decides that.
    """
    if not workspace.exists:
        return None
    run = workspace.store.run(name)
    runs = [run] if run else workspace.store.runs(dataset=name)
    total: Counter[tuple[str, ...]] = Counter()
    axes: list[str] = []
    for one in runs:
        try:
            quota = recipe_of(workspace, one.id)[1].quota()
        except SeedbedError:
            return None
        own = sorted(quota.axes, key=lambda axis: axis != LABEL)
        if quota.stepwise or (axes and own != axes):
            return None
        axes = own
        for cell in quota.cells:
            values = quota.as_dict(cell)
            total[tuple(values.get(axis, "") for axis in axes)] += cell.wanted
    return (axes, dict(total)) if axes else None
