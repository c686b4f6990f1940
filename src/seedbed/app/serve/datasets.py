"""Datasets as the service answers them, and their end."""

from __future__ import annotations

from contextlib import ExitStack
from typing import TYPE_CHECKING, Any

from seedbed.core.errors import NotFound, nearest
from seedbed.core.review.entry import Wanted
from seedbed.core.serving import DEFAULT

from ..data.split import main_column
from ..history import MOST_VALUES, made_by, select
from ..review.reviewing import Reviewing
from .belonging import seen

if TYPE_CHECKING:
    from collections.abc import Sequence

    from seedbed.core.stored import StoredRun

    from ..workspace import Workspace
    from .people import Person

LABEL = "label"


def rows(workspace: Workspace, person: Person, project: str | None = None) -> list[dict[str, Any]]:
    """One row for each dataset that a person may read, the newest first."""
    names = set(seen(workspace, person, project))
    runs: dict[str, list[StoredRun]] = {}
    for run in workspace.store.runs() if names else ():
        if run.dataset in names:
            runs.setdefault(run.dataset, []).append(run)
    places = workspace.store.serving.places("dataset") if names else {}
    return [row(workspace, name, found, next(iter(places.get(name, ())), DEFAULT)) for name, found in runs.items()]


def row(workspace: Workspace, name: str, runs: Sequence[StoredRun], project: str) -> dict[str, Any]:
    """What a dataset is, by its runs, newest first. `records` counts those that people declined, too."""
    decisions = workspace.store.reviews.counts(Wanted(name)).by["decision"]
    approved, declined = decisions.get("approved", 0), decisions.get("declined", 0)
    return {
        "name": name,
        "project": project,
        "records": sum(made_by(workspace, run) for run in runs),
        "runs": [run.id for run in runs],
        "columns": list(dict.fromkeys(column for run in reversed(runs) for column in run.columns)),
        "kinds": list(dict.fromkeys(run.kind for run in reversed(runs))),
        "created": runs[-1].created,
        "reviewed": approved + declined,
        "approved": approved,
        "declined": declined,
    }


def contents(workspace: Workspace, name: str) -> dict[str, Any]:
    """What is in a dataset: values of columns that have few of them, labels of spans, and the columns with texts and
    labels. Declined records count, too.
    """
    selection, columns = select(workspace, name)
    tallies = Reviewing(workspace, name, "").tallies()
    few = {column: counts for column, counts in tallies.columns.items() if len(counts) <= MOST_VALUES}
    return {
        "counts": {column: counts for column, counts in few.items() if column not in ("text", "reasoning")},
        "span_labels": tallies.spans,
        "text_column": main_column(columns, workspace.store.records(selection)) if columns else None,
        "label_column": LABEL if LABEL in columns else None,
    }


def move(workspace: Workspace, name: str, project: str) -> None:
    """Puts a dataset into a project.

    Raises:
        NotFound: there is no such dataset or project.
    """
    if not workspace.exists or workspace.store.columns(name) is None:
        raise NotFound(f"There is no dataset `{name}`.")
    known = [DEFAULT, *(one.id for one in workspace.store.serving.projects())]
    if project not in known:
        raise NotFound(f"There is no project `{project}`.", nearest(project, known))
    workspace.store.serving.place("dataset", name, [project])


def remove(workspace: Workspace, name: str) -> None:
    """Removes a dataset for good: its runs with their calls and records, and all that people made of them.

    Raises:
        NotFound: there is no such dataset.
        RunClaimed: a live process drives one of its runs.
    """
    store = workspace.store
    runs = store.runs(dataset=name)
    if not runs:
        raise NotFound(f"There is no dataset `{name}`.")
    with ExitStack() as stack:
        for run in runs:
            stack.enter_context(store.claim(run.id))
        store.reviews.drop(name)
        store.serving.place("dataset", name, ())
