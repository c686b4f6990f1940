"""Datasets under review, as a person who asks may see and change them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seedbed.app.review.reviewing import Reviewing
from seedbed.app.serve.belonging import entered
from seedbed.core.errors import NotFound

if TYPE_CHECKING:
    from seedbed.app.serve.people import Person, Role
    from seedbed.app.workspace import Workspace

AT_ONCE = 500
"""So many new records are taken in before the first page is answered; the rest are taken in meanwhile."""


def reviewing(workspace: Workspace, person: Person, dataset: str, role: Role | None = None) -> Reviewing:
    """The review of a dataset for a person; with a role, to change something.

    Raises:
        NotFound: there is no such dataset, or the person may not know of it.
        Forbidden: the person may read it only.
    """
    columns = entered(workspace, person, dataset, role)
    return Reviewing(workspace, dataset, person.name, AT_ONCE, columns)


def reviewing_record(workspace: Workspace, person: Person, record: str, role: Role | None = None) -> Reviewing:
    """The review of the dataset that a record is in.

    Raises:
        NotFound: there is no such record, or the person may not know of it.
        Forbidden: the person may read it only.
    """
    run = workspace.store.run(record.rpartition(":")[0]) if workspace.exists else None
    if run is None:
        raise NotFound(f"There is no record {record[:300]}.", "See them at /api/v1/records?dataset=…")
    return reviewing(workspace, person, run.dataset, role)
