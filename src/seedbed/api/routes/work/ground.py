"""What these routes stand on: which project a dataset belongs to, who may, and jobs that are begun."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from seedbed.app.serve import projects
from seedbed.app.serve.belonging import entered, project_of
from seedbed.app.serve.people import DEFAULT, Person, Role
from seedbed.app.serve.work.working import check_name
from seedbed.core.errors import NotFound
from seedbed.core.serving.jobs import Job, WantedJobs

from ...paging import place
from .bodies import JobItem, JobPage

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ...desk import Desk


def projects_of(who: Person, project: str | None = None) -> Sequence[str] | None:
    """The projects whose things a person may list; None for all."""
    if project is not None:
        return [project] if who.sees(project) else []
    return None if who.owner else list(who.roles)


def dataset_of(desk: Desk, who: Person, name: str, role: Role | None = None) -> str:
    """The project of a dataset that is there and that the person may see, or have a role in.

    Raises:
        NotFound: it is not.
        Forbidden: the person may see it, and not more.
    """
    entered(desk.workspace, who, name, role)
    return project_of(desk.workspace, name)


def into_of(desk: Desk, who: Person, name: str, project: str) -> tuple[str, str]:
    """The dataset that records are to come into, and its project: the one it has if it is there, else the given one.

    Raises:
        InputError: it is no name of one, or there is no such project.
        Forbidden: the person may not write there.
    """
    check_name(name)
    store = desk.workspace.store
    there = project_of(desk.workspace, name) if store.runs(dataset=name) else projects.find(store, project).id
    who.needs("editor", there)
    return name, there


def project_of_any(who: Person) -> str:
    """A project in which the person is an editor.

    Raises:
        Forbidden: there is none.
    """
    found = next((one for one in who.roles if who.may("editor", one)), DEFAULT)
    who.needs("editor", found)
    return found


def begun(desk: Desk, who: Person, kind: str, dataset: str, project: str, asked: dict[str, Any]) -> JobItem:
    """A new job."""
    job = desk.jobs.add(Job("", kind, dataset, project, asked, who.name))
    desk.note(who, "job added", job.id, f"{kind} {dataset}")
    return JobItem.of(job)


def job_of(desk: Desk, who: Person, name: str) -> Job:
    """A job that the person may see.

    Raises:
        NotFound: there is none.
    """
    found = desk.workspace.store.jobs.job(name)
    if found is None or not who.sees(found.project):
        raise NotFound(f"There is no job `{name[:80]}`.", "See them all: GET /jobs")
    return found


def job_page(desk: Desk, wanted: WantedJobs, cursor: str, limit: int) -> JobPage:
    """Some jobs.

    Raises:
        Refused: the cursor is none.
    """
    wanted = WantedJobs(wanted.dataset, wanted.kind, wanted.state, wanted.projects, place(cursor))
    found = desk.workspace.store.jobs.jobs(wanted, limit + 1)
    more = len(found) > limit
    items = [JobItem.of(one) for one in found[:limit]]
    return JobPage(items=items, next=str(found[limit - 1].number) if more else None)
