"""Which project a dataset belongs to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seedbed.core.errors import NotFound, nearest

from .people import DEFAULT

if TYPE_CHECKING:
    from ..workspace import Workspace
    from .people import Person, Role


def project_of(workspace: Workspace, dataset: str) -> str:
    """The project of a dataset; `default` for all that have none."""
    serving = getattr(workspace.store, "serving", None)
    return serving.project_of("dataset", dataset) if serving is not None else DEFAULT


def entered(workspace: Workspace, person: Person, dataset: str, role: Role | None = None) -> str:
    """The name of a dataset that a person may read, or, with a role, change.

    Raises:
        NotFound: there is no such dataset, or the person may not know of it.
        Forbidden: the person may read it only.
    """
    if not workspace.exists or not workspace.store.runs(dataset=dataset):
        known = [name for name in datasets(workspace) if person.sees(project_of(workspace, name))]
        raise NotFound(f"There is no dataset `{dataset}`.", nearest(dataset, known))
    project = project_of(workspace, dataset)
    if not person.sees(project):
        raise NotFound(f"There is no dataset `{dataset}`.")
    if role is not None:
        person.needs(role, project)
    return dataset


def datasets(workspace: Workspace, project: str | None = None) -> list[str]:
    """The names of all datasets, or of those in a project, in alphabetical order."""
    found = sorted({run.dataset for run in workspace.store.runs()} if workspace.exists else ())
    return [name for name in found if project is None or project_of(workspace, name) == project]
