"""Projects and their members."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi import APIRouter, Response
from pydantic import BaseModel

from seedbed.app.serve import projects
from seedbed.app.serve.people import Person, Role, visible

from ..bodies import Body, Known
from ..desk import Desk, DeskOf, IfMatch, Who, WorkspaceOwner, as_looked_at, etag, version_in
from ..paging import Cursor, Limit, page

if TYPE_CHECKING:
    from collections.abc import Mapping

    from seedbed.core.serving import StoredProject

router = APIRouter(tags=["projects"])


class ProjectItem(BaseModel):
    """A project, and how much is in it."""

    id: str
    title: str
    description: str
    created: str
    version: int
    datasets: int
    runs: int
    records: int
    sample: bool


class Projects(BaseModel):
    """A page of them."""

    items: list[ProjectItem]
    next: str | None


class NewProject(Body):
    """A project to make; without an `id` one is made of the title."""

    title: str
    id: str | None = None
    description: str = ""


class ProjectChange(Body):
    """What to change of a project."""

    title: str | None = None
    description: str | None = None


class Member(Known):
    """Somebody's role in a project."""

    known_by = "user"

    user: str
    role: Role


class Members(BaseModel):
    """A page of them."""

    items: list[Member]
    next: str | None


class RoleBody(Body):
    """The role to give."""

    role: Role


@router.get("/projects")
def get_projects(desk: DeskOf, person: Who, cursor: Cursor = "", limit: Limit = 50) -> Projects:
    """The projects one is a member of; owners of the workspace see all."""
    held = projects.held(desk.workspace)
    found = [_item(one, held) for one in desk.workspace.store.serving.projects() if person.sees(one.id)]
    return Projects(**page(found, cursor, limit))


@router.post("/projects", status_code=201)
def add_project(desk: DeskOf, person: WorkspaceOwner, body: NewProject, response: Response) -> ProjectItem:
    """Makes a project; for owners of the workspace."""
    made = projects.add(desk.workspace.store, body.title, name=body.id, description=body.description)
    desk.note(person, "project added", made.id)
    response.headers["ETag"] = etag(made.version)
    return _item(made, {})


@router.get("/projects/{project}")
def get_project(desk: DeskOf, person: Who, project: str, response: Response) -> ProjectItem:
    """A project."""
    found = _seen(desk, person, project)
    response.headers["ETag"] = etag(found.version)
    return _item(found, projects.held(desk.workspace))


@router.patch("/projects/{project}")
def change_project(
    desk: DeskOf, person: Who, project: str, body: ProjectChange, response: Response, if_match: IfMatch = None
) -> ProjectItem:
    """Changes title or description; for owners of the project."""
    _seen(desk, person, project, "owner")
    store, version = desk.workspace.store, version_in(if_match)
    mine = body.model_dump(exclude_unset=True)
    with as_looked_at(mine, lambda: _now(desk, project)):
        changed = projects.change(store, project, title=body.title, description=body.description, version=version)
    desk.note(person, "project changed", project)
    response.headers["ETag"] = etag(changed.version)
    return _item(changed, projects.held(desk.workspace))


@router.delete("/projects/{project}", status_code=204)
def remove_project(desk: DeskOf, person: Who, project: str, if_match: IfMatch = None) -> None:
    """Removes a project that holds nothing; for its owners."""
    _seen(desk, person, project, "owner")
    version = version_in(if_match)
    with as_looked_at({}, lambda: _now(desk, project)):
        projects.remove(desk.workspace.store, project, version)
    desk.note(person, "project removed", project)


@router.get("/projects/{project}/members")
def get_members(desk: DeskOf, person: Who, project: str, cursor: Cursor = "", limit: Limit = 50) -> Members:
    """Who works on a project, and what they may do."""
    _seen(desk, person, project)
    found = desk.workspace.store.serving.members(project)
    return Members(**page([{"user": user, "role": role} for user, role in found.items()], cursor, limit))


@router.put("/projects/{project}/members/{user}")
def put_member(desk: DeskOf, person: Who, project: str, user: str, body: RoleBody) -> Member:
    """Gives somebody a role in the project; for its owners."""
    _seen(desk, person, project, "owner")
    projects.put_member(desk.workspace.store, project, user, body.role)
    desk.note(person, "member changed", project, f"{user}: {body.role}")
    return Member(user=user, role=body.role)


@router.delete("/projects/{project}/members/{user}", status_code=204)
def remove_member(desk: DeskOf, person: Who, project: str, user: str) -> None:
    """Takes somebody's role in the project away; for its owners."""
    _seen(desk, person, project, "owner")
    projects.remove_member(desk.workspace.store, project, user)
    desk.note(person, "member removed", project, user)


def _seen(desk: Desk, person: Person, project: str, role: Role = "reviewer") -> StoredProject:
    visible(person, project, f"There is no project `{project}`.", role)
    return projects.find(desk.workspace.store, project)


def _now(desk: Desk, project: str) -> dict[str, object]:
    return _item(projects.find(desk.workspace.store, project), projects.held(desk.workspace)).model_dump()


def _item(project: StoredProject, held: Mapping[str, Mapping[str, int]]) -> ProjectItem:
    counts = held.get(project.id, {})
    return ProjectItem(
        id=project.id,
        title=project.title,
        description=project.description,
        created=project.created,
        version=project.version,
        datasets=counts.get("datasets", 0),
        runs=counts.get("runs", 0),
        records=counts.get("records", 0),
        sample=project.sample,
    )
