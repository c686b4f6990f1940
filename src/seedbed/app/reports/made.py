"""How a dataset of the workspace was made: what its recipe asked for, and what that took."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from seedbed.core.errors import SeedbedError
from seedbed.reports.table import share

from ..history import recipe_of, show

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

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


def cost_of(workspace: Workspace, name: str) -> dict[str, Any] | None:
    """What the records of a run or dataset took: dollars, calls, tokens, and how many of all made were accepted.

    None where there is no such run.
    """
    if not workspace.exists:
        return None
    run = workspace.store.run(name)
    runs = [run] if run else workspace.store.runs(dataset=name)
    if not runs:
        return None
    found = [show(workspace, one.id).figures for one in runs]
    rejected: Counter[str] = Counter()
    for one in found:
        rejected.update(one["rejected"])
        rejected.update(one["failed"])
    accepted, attempts = (sum(one[key] for one in found) for key in ("accepted", "attempts"))
    costs = [one["cost"] for one in found]
    cost = None if None in costs else round(sum(costs), 6)
    return {
        "cost": cost,
        "per_accepted": round(cost / accepted, 8) if cost is not None and accepted else None,
        "calls": sum(one["calls"] for one in found),
        "tokens": {kind: sum(one["tokens"][kind] for one in found) for kind in ("input", "output")},
        "seconds": round(sum(one["seconds"] for one in found), 1),
        "accepted": accepted,
        "attempts": attempts,
        "acceptance": share(accepted, attempts),
        "rejected": dict(rejected.most_common()),
        "models": _models(found),
    }


def _models(found: Sequence[Mapping[str, Any]]) -> dict[str, dict[str, Any]]:
    """Records and cost of each model, put together over runs."""
    models: dict[str, dict[str, Any]] = {}
    for figures in found:
        for name, one in figures["models"].items():
            own = models.setdefault(name, {"accepted": 0, "attempts": 0, "calls": 0, "cost": 0.0})
            own["attempts"] += one.get("attempts", 0)
            own["accepted"] += one.get("accepted", 0)
            own["calls"] += one.get("calls", 0)
            own["cost"] = None if own["cost"] is None or one.get("cost") is None else own["cost"] + one["cost"]
    return models
