"""The library's functions for the review of a dataset."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from seedbed.formats.spans import Overlaps

from ..data.convert import Reading
from ..data.sources import several
from ..output import Output
from ..reports.spot_check import user
from ..workspace import Workspace
from .doubts import desk
from .project import Tasks, tasks_by


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


def export_tasks(
    path: str | Path,
    dataset: str | None = None,
    *,
    project: str | None = None,
    ids: Sequence[str] = (),
    to: str | None = None,
    force: bool = False,
    csv_safe: bool = False,
    overlaps: Overlaps | None = None,
    workspace: str | Path | None = None,
    **where: Any,
) -> int:
    """Writes annotation tasks as they stand now to a file, with the ids by which they come back.

    Args:
        path: the file.
        dataset: the dataset they are of; all of the project if not given. Then the file has the columns of all its
            datasets, empty where one has no such column, and the column `dataset`.
        project: the project; the default one if neither is given.
        ids: only these.
        to: the format where that is not the suffix's.
        force: overwrite a file that is there.
        csv_safe: keep spreadsheets from executing cells.
        overlaps: what CoNLL does with spans that overlap: "refuse" is an error, "outer" keeps the longest, "skip"
            leaves their records out.
        workspace: where the tasks are; `.seedbed` if not given.
        where: only those with this `work` ("todo", "doing", "done"), `label`, `tag`, `source`, `person`, `model`,
            `span` or `words`; `overlapping=True` for those with spans that overlap, `doubted=True` for those whose
            label is doubted, `duplicates=True` for those that say nearly what others say.

    Returns:
        How many were written.

    Raises:
        InputError: there is no such dataset, project, task or filter, or the file cannot be written.
    """
    how = {"overlaps": overlaps} if overlaps else {}
    target = Output(Path(path).absolute(), force, csv_safe=csv_safe, to=to, to_options=how)
    with Workspace(workspace) as place:
        return Tasks.of(place, dataset, project, user()).export(tasks_by(where), target, ids)


def import_tasks(
    path: str | Path,
    dataset: str | None = None,
    *,
    project: str | None = None,
    form: str | None = None,
    by: str = "",
    workspace: str | Path | None = None,
) -> dict[str, int]:
    """Takes labels, spans and texts of annotated tasks back: each into the record, of whichever dataset, that its `id`
    says. The tasks are done then; it is one step of undo in each dataset.

    Args:
        path: the file.
        dataset: the dataset they are of; any of the project if not given.
        project: the project; the default one if neither is given.
        form: the format of the file where that is not its suffix's.
        by: who brings them; your user name if not given.
        workspace: where the tasks are; `.seedbed` if not given.

    Returns:
        How many were `read`, and how many of them `changed` anything.

    Raises:
        InputError: a record has no id, is of none of the datasets or comes twice, or a span lies outside its text;
            nothing is changed then.
    """
    with Workspace(workspace) as place:
        return Tasks.of(place, dataset, project, by or user()).take_back(Reading(Path(path), form).source()())
