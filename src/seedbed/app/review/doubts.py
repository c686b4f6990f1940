"""Doubted labels in the review: flagged for people, and changed where what was suggested is accepted."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from seedbed.augmentation.layers import main_columns
from seedbed.core.errors import InputError
from seedbed.core.review.entry import Change, Wanted
from seedbed.places.paths import path_of

from ..data.convert import columns_of
from ..reports.labels.fixes import Fixing
from ..reports.labels.reviewed import Row, key_of
from ..reports.spot_check import user
from ..reports.tables import label_of, text_of
from .reviewing import Reviewing

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from seedbed.core.record import Record
    from seedbed.core.review.entry import Entry

    from ..existing import Source
    from ..reports.labels.reviewed import Acceptance
    from ..workspace import Workspace

LEAST = 0.0001
"""A doubt is above 0, however small: at 0 nobody has any."""


def desk(workspace: Workspace, dataset: Any, by: str = "") -> Reviewing:
    """The review of a dataset of the workspace; `by` is who reviews, or else the user.

    Raises:
        InputError: it is none: there is none of that name, or it is a file.
    """
    if not isinstance(dataset, str | Path):
        raise InputError("Only records of a dataset of the workspace are reviewed.", "Give the name of one.")
    if path_of(dataset).is_file():
        hint = f"Make it one: seedbed datasets import {dataset}"
        raise InputError(f"{dataset} is a file, and only records of a dataset of the workspace are reviewed.", hint)
    return Reviewing(workspace, str(dataset), by or user())


def flag(reviewing: Reviewing, queue: Iterable[Record], label: str = "label") -> dict[str, int]:
    """Flags the records of a queue that nobody has decided on, with the label that is suggested as their reason; who
    says so becomes their note if they have none. It can be undone.

    Args:
        reviewing: the dataset they were found in.
        queue: rows of `Queue`.
        label: the column that was examined.

    Returns:
        How many are `flagged`, and how many were `decided` before and stay as they are.
    """
    rows = {row.values["record"]: row.values for row in queue}
    found = {"flagged": 0, "decided": 0}

    def flagged(entry: Entry) -> Change | None:
        row = rows.get(entry.record.id)
        if row is None:
            return None
        if entry.decision != "todo" and not (entry.decision == "flagged" and entry.suggested):
            found["decided"] += 1
            return None
        found["flagged"] += 1
        return Change(
            entry.record.id,
            entry.version,
            decision="flagged",
            reason=reason_of(label, row["suggested"]),
            note=entry.note or row["reason"],
            suggested=row["suggested"],
            doubt=max(row["score"], LEAST),
        )

    reviewing.change_all(Wanted(""), flagged)
    return found


def flagged_fixing(
    reviewing: Reviewing, source: Source, acceptance: Acceptance, label: str, texts: Sequence[str] = ()
) -> Fixing:
    """The data of a dataset with those labels accepted for which records are flagged.

    Raises:
        InputError: none is flagged, or it is not said which are accepted, or a column is not there.
    """
    if acceptance.kind == "marked":
        hint = "Say --accept all, top:N or score:0.9; or decide on each: seedbed review."
        raise InputError("Which of the labels that records are flagged for are accepted?", hint)
    texts = texts or main_columns(columns_of(source()))
    rows = _rows(reviewing, label, texts)
    if not rows:
        hint = f"Flag some: seedbed labels suspects {reviewing.dataset} --flag"
        raise InputError(f"No record of {reviewing.dataset} is flagged for its {label}.", hint)
    return Fixing(source, acceptance.chosen(rows), label, texts)


def _rows(reviewing: Reviewing, label: str, texts: Sequence[str]) -> list[Row]:
    """The records that are flagged for their label and still have it, those doubted most first."""
    rows = list[Row]()
    for entry in reviewing.every(Wanted("", decision="flagged", doubted=True, sort="doubt")):
        has = label_of(entry.record, label)
        if entry.reason == reason_of(label, entry.suggested) and has != entry.suggested:
            key = key_of(entry.record.id, text_of(entry.record, texts))
            rows.append(Row(len(rows) + 1, key, has, entry.suggested, entry.doubt, None))
    return rows


def accept(reviewing: Reviewing, fixing: Fixing) -> int:
    """Gives records the labels that were accepted; those that were flagged for it are to be done again. Answers how
    many were changed. It can be undone.
    """
    new = fixing.changed()

    def changed(entry: Entry) -> Change | None:
        if entry.record.id not in new:
            return None
        values = {**entry.record.values, fixing.label: new[entry.record.id]}
        if entry.decision == "flagged" and entry.suggested:
            return Change(entry.record.id, entry.version, decision="todo", reason="", values=values)
        return Change(entry.record.id, entry.version, values=values)

    return reviewing.change_all(Wanted(""), changed)


def reason_of(label: str, suggested: str) -> str:
    """Why a record is flagged: which column is doubted, and what fits better."""
    return f"{label}: {suggested}?"
