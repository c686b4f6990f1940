"""Records of a dataset that say nearly the same: found as a report finds them, and marked for the review."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from seedbed.augmentation.layers import main_columns
from seedbed.core.errors import InputError, nearest
from seedbed.core.review.entry import Wanted
from seedbed.reports.duplicates import clusters_of
from seedbed.reports.table import Table

from ..reports.tables import label_of, text_of
from ..stages import Stage, counted

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ..stages import Watch
    from .reviewing import Reviewing


def mark(reviewing: Reviewing, near: float, columns: Sequence[str], watch: Watch) -> dict[str, Any]:
    """Looks through all records that nobody has declined, and marks those that say nearly what another one says.

    It changes no record and is no step to take back; a later look takes its place.

    Args:
        reviewing: the dataset.
        near: how many of their words two texts have the same to be near duplicates.
        columns: those with the texts; the main ones if none are given.
        watch: hears how far it is.

    Returns:
        How many `records` were compared, how many `duplicates` among them are in how many `groups`, and `near`.

    Raises:
        InputError: a column is not there, or none is known to hold texts, or `near` is none.
    """
    if not 0.5 < near <= 1:
        raise InputError(f"--near {near}: it must be above 0.5 and at most 1.", "Take a number such as 0.9.")
    for name in columns:
        if name not in reviewing.columns:
            raise InputError(f"There is no column `{name}`.", nearest(name, reviewing.columns))
    chosen = tuple(columns) or main_columns(reviewing.columns)
    seen = reviewing.counts().total
    numbers, texts, labels = list[int](), list[str](), list[str]()
    for entry in counted(reviewing.every(Wanted("")), watch, "Reading", seen):
        if entry.decision != "declined":
            numbers.append(entry.number)
            texts.append(text_of(entry.record, chosen))
            labels.append(label_of(entry.record, "label"))
    watch(Stage("Comparing", 0, len(texts)))
    groups = [[numbers[place] for place in group] for group in clusters_of(Table([], texts, labels, [], []), near)]
    watch(Stage("Marking", 0, sum(map(len, groups))))
    found = reviewing.mark_twins(groups, seen)
    return {"records": len(texts), "groups": found.groups, "duplicates": found.records, "near": near}
