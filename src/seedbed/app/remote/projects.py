"""Projects of a server, and who works on them there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .wire import part

if TYPE_CHECKING:
    from collections.abc import Iterable

    from .wire import Wire


def add(wire: Wire, title: str, name: str | None, description: str) -> dict[str, Any]:
    """Makes a project; without a `name` (its id) one is made of the title."""
    body = {"title": title, "description": description} | ({"id": name} if name else {})
    made: dict[str, Any] = wire.send("POST", "/projects", body)
    return made


def change(wire: Wire, project: str, title: str | None, description: str | None) -> dict[str, Any]:
    """Gives a project another title or description; None leaves it.

    Raises:
        NotFound: there is no such project.
    """
    given = {"title": title, "description": description}
    body = {name: value for name, value in given.items() if value is not None}
    changed: dict[str, Any] = wire.send("PATCH", f"/projects/{part(project)}", body, If_Match="*")
    return changed


def members(wire: Wire, project: str, put: Iterable[tuple[str, str]], remove: Iterable[str]) -> dict[str, str]:
    """Who has which role in a project, when the roles in `put` are given and those of `remove` taken away.

    Raises:
        NotFound: there is no such project, user or member.
    """
    place = f"/projects/{part(project)}/members"
    for user, role in put:
        wire.send("PUT", f"{place}/{part(user)}", {"role": role})
    for user in remove:
        wire.send("DELETE", f"{place}/{part(user)}")
    return {one["user"]: one["role"] for one in wire.every(place)}
