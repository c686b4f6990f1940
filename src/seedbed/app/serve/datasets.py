"""Datasets as the service answers them, and their end."""

from __future__ import annotations

from contextlib import ExitStack
from typing import TYPE_CHECKING, Any, Final

from seedbed.core.errors import NotFound, nearest
from seedbed.core.review.entry import Wanted
from seedbed.core.serving import DEFAULT
from seedbed.core.serving.editions import edition, unchanged

from ..data.split import main_column
from ..history import MOST_VALUES, made_by, select
from ..review.reviewing import Reviewing
from .belonging import project_of, seen

if TYPE_CHECKING:
    from collections.abc import Sequence

    from seedbed.core.stored import StoredRun

    from ..workspace import Workspace
    from .people import Person

LABEL = "label"
DATASETS: Final = "+datasets"
"""Who moves or removes a dataset looks at it and does so alone, in whatever process."""


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
        "version": edition(project, [[run.id, run.created] for run in runs]),
    }


def version_of(workspace: Workspace, name: str) -> int:
    """The version of a dataset: another one wherever it belongs elsewhere, or other runs made it. What is decided on
    its records has versions of its own.
    """
    runs = workspace.store.runs(dataset=name)
    return edition(project_of(workspace, name), [[run.id, run.created] for run in runs])


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


def move(workspace: Workspace, name: str, project: str, version: int | None = None) -> None:
    """Puts a dataset that has the `version`, or any, into a project.

    Raises:
        NotFound: there is no such dataset or project.
        Changed: it has another version.
    """
    if not workspace.exists or workspace.store.columns(name) is None:
        raise NotFound(f"There is no dataset `{name}`.", "It was removed meanwhile.")
    known = [DEFAULT, *(one.id for one in workspace.store.serving.projects())]
    if project not in known:
        raise NotFound(f"There is no project `{project}`.", nearest(project, known))
    with workspace.store.naming(DATASETS):
        unchanged(f"The dataset `{name}`", version_of(workspace, name), version)
        workspace.store.serving.place("dataset", name, [project])


def remove(workspace: Workspace, name: str, version: int | None = None) -> None:
    """Removes a dataset that has the `version`, or any, for good: its runs with their calls and records, and all that
    people made of them.

    Raises:
        NotFound: there is no such dataset.
        Changed: it has another version.
        RunClaimed: a live process drives one of its runs.
    """
    store = workspace.store
    with ExitStack() as stack:
        with store.naming(DATASETS):  # not for long: whoever holds the runs is the one who removes them
            for run in store.runs(dataset=name):
                stack.enter_context(store.claim(run.id))
            if not store.runs(dataset=name):  # also where somebody removed them while they were waited for
                raise NotFound(f"There is no dataset `{name}`.", "It was removed meanwhile.")
            unchanged(f"The dataset `{name}`", version_of(workspace, name), version)
        store.reviews.drop(name)
        store.serving.place("dataset", name, ())
