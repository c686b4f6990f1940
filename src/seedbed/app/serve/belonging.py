"""Which project a dataset belongs to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seedbed.core.errors import NotFound, nearest
from seedbed.core.serving import DEFAULT

if TYPE_CHECKING:
    from ..workspace import Workspace
    from .people import Person, Role


def project_of(workspace: Workspace, dataset: str) -> str:
    """The project of a dataset; `default` for all that have none."""
    return next(iter(workspace.store.serving.projects_of("dataset", dataset)), DEFAULT)


def entered(workspace: Workspace, person: Person, dataset: str, role: Role | None = None) -> list[str]:
    """The columns of a dataset that a person may read, or, with a role, change.

    Raises:
        NotFound: there is no such dataset, or the person may not know of it.
        Forbidden: the person may read it only.
    """
    columns = workspace.store.columns(dataset) if workspace.exists else None
    project = project_of(workspace, dataset) if columns is not None else ""
    if columns is None or not person.sees(project):
        raise NotFound(f"There is no dataset `{dataset[:80]}`.", nearest(dataset[:80], seen(workspace, person)))
    if role is not None:
        person.needs(role, project)
    return columns


def datasets(workspace: Workspace, project: str | None = None) -> list[str]:
    """The names of all datasets, or of those in a project, in alphabetical order."""
    found = sorted({run.dataset for run in workspace.store.runs()} if workspace.exists else ())
    if project is None:
        return found
    places = workspace.store.serving.places("dataset") if found else {}
    return [name for name in found if project in places.get(name, (DEFAULT,))]


def seen(workspace: Workspace, person: Person, project: str | None = None) -> list[str]:
    """The names of the datasets that a person may read: all of them, or those in a project."""
    places = workspace.store.serving.places("dataset") if workspace.exists else {}
    return [name for name in datasets(workspace, project) if any(map(person.sees, places.get(name, (DEFAULT,))))]
