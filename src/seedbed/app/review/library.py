"""The library's functions for the review of a dataset."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from ..data.sources import several
from ..workspace import Workspace
from .doubts import desk


def mark_duplicates(
    dataset: str,
    *,
    near: float = 0.9,
    columns: str | Sequence[str] = (),
    by: str = "",
    workspace: str | Path | None = None,
) -> dict[str, Any]:
    """Marks the records of a dataset that say nearly what another one says, so that they are found in its review.

    Args:
        dataset: one of the workspace, or a run.
        near: how many of their words two texts have the same to be near duplicates.
        columns: those with the texts; the main ones if not given.
        by: who looks; your user name if not given.
        workspace: where the dataset is; `.seedbed` if not given.

    Returns:
        How many `records` were compared, and how many `duplicates` among them are in how many `groups`.

    Raises:
        InputError: there is no such dataset or column.
    """
    with Workspace(workspace) as place:
        return desk(place, dataset, by).mark_duplicates(near, several(columns))
