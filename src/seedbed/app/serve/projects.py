"""What belongs together, and who works on it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from seedbed.app.history import dataset_rows
from seedbed.core.errors import NotFound, Taken, nearest
from seedbed.core.fields import FieldError
from seedbed.core.serving import DEFAULT, StoredProject
from seedbed.core.serving.editions import unchanged

from .people import Person, Role
from .users import find as find_user

if TYPE_CHECKING:
    from collections.abc import Iterable

    from seedbed.app.workspace import Workspace
    from seedbed.core.serving import Kind
    from seedbed.core.stored import Store

ID: Final = re.compile(r"[a-z0-9][a-z0-9-]{0,59}")
KINDS: Final[tuple[Kind, ...]] = ("dataset", "recipe", "template", "connection")


def add(
    store: Store, title: str, *, name: str | None = None, description: str = "", sample: bool = False
) -> StoredProject:
    """A new project; without a `name` (its id) one is made of the title.

    Raises:
        FieldError: the title or the id cannot be used.
        Taken: there is one of that id.
    """
    _check_title(title)
    if name is not None and not ID.fullmatch(name):
        raise FieldError(("id",), "must begin with a small letter or digit and hold only those and `-`, 60 at most")
    made = name if name is not None else _free(store, title)
    store.serving.add_project(StoredProject(made, title.strip(), description, sample=sample))
    return find(store, made)


def change(
    store: Store, project: str, *, title: str | None = None, description: str | None = None, version: int | None = None
) -> StoredProject:
    """Changes a project that has the `version`, or any.

    Raises:
        FieldError: the title cannot be used.
        NotFound: there is none of that id.
        Changed: it has another version.
    """
    found = find(store, project)
    if title is not None:
        _check_title(title)
    new = found.title if title is None else title.strip()
    return store.serving.change_project(
        project, new, found.description if description is None else description, version
    )


def find(store: Store, project: str) -> StoredProject:
    """A project.

    Raises:
        NotFound: there is none of that id.
    """
    known = store.serving.projects()
    found = next((one for one in known if one.id == project), None)
    if found is None:
        raise NotFound(f"There is no project `{project}`.", nearest(project, (one.id for one in known)))
    return found


def remove(store: Store, project: str, version: int | None = None) -> None:
    """Removes a project that has the `version`, or any, and holds nothing.

    Raises:
        NotFound: there is none of that id.
        Changed: it has another version.
        Taken: something is in it, or it is the one of everything that has none.
    """
    unchanged(f"The project `{project}`", find(store, project).version, version)
    if project == DEFAULT:
        raise Taken("This project holds everything that has none: it stays.", "Rename it, if you like.")
    held = [
        f"{kind} {name}" for kind in KINDS for name, places in store.serving.places(kind).items() if project in places
    ]
    if held:
        more = f" and {len(held) - 3} more" if len(held) > 3 else ""
        raise Taken(f"The project {project} holds {', '.join(held[:3])}{more}.", "Move or remove that first.")
    if not store.serving.remove_project(project, version):
        raise NotFound(f"There is no project `{project}`.", "It was removed meanwhile.")


def put_member(store: Store, project: str, user: str, role: Role) -> None:
    """Gives somebody a role.

    Raises:
        NotFound: there is no such project or user.
    """
    find(store, project)
    find_user(store, user)
    store.serving.put_member(project, user, role)


def remove_member(store: Store, project: str, user: str) -> None:
    """Takes a role away.

    Raises:
        NotFound: there is no such project, or it has no such member.
    """
    find(store, project)
    if not store.serving.remove_member(project, user):
        known = list(store.serving.members(project))
        raise NotFound(f"The project {project} has no member `{user}`.", nearest(user, known))


def project_of(store: Store, kind: Kind, name: str) -> str:
    """The project of a dataset, recipe or template."""
    return next(iter(store.serving.projects_of(kind, name)), DEFAULT)


def put_into(store: Store, kind: Kind, name: str, project: str) -> None:
    """Says to which project a dataset, recipe or template belongs.

    Raises:
        NotFound: there is no such project.
    """
    find(store, project)
    store.serving.place(kind, name, () if project == DEFAULT else (project,))


def seen(store: Store, person: Person, kind: Kind, names: Iterable[str], project: str = "") -> dict[str, str]:
    """Name → project of those that the person may see; of one project only, if it is named."""
    places = store.serving.places(kind)
    found = {name: next(iter(places.get(name, ())), DEFAULT) for name in names}
    return {name: one for name, one in found.items() if project in ("", one) and person.sees(one)}


def held(workspace: Workspace) -> dict[str, dict[str, int]]:
    """Project → how many datasets, runs that asked a model, and records are in it."""
    places = workspace.store.serving.places("dataset")
    asked = {run.id for run in workspace.store.runs() if run.kind == "generate"}
    found: dict[str, dict[str, int]] = {}
    for row in dataset_rows(workspace):
        project = next(iter(places.get(row["dataset"], ())), DEFAULT)
        counts = found.setdefault(project, {"datasets": 0, "runs": 0, "records": 0})
        counts["datasets"] += 1
        counts["runs"] += len(asked.intersection(row["runs"]))
        counts["records"] += row["records"]
    return found


def _check_title(title: str) -> None:
    if not title.strip() or len(title) > 200:
        raise FieldError(("title",), "must have 1 to 200 characters")


def _free(store: Store, title: str) -> str:
    """An id out of a title that no project has."""
    known = {one.id for one in store.serving.projects()}
    plain = re.sub(r"[^a-z0-9]+", "-", title.lower()).strip("-")[:50] or "project"
    return next(name for n in range(1, 10_000) if (name := plain if n == 1 else f"{plain}-{n}") not in known)
