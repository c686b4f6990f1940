"""Who asks, and what that person may do."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, Literal, get_args

from seedbed.core.errors import NotFound, SeedbedError
from seedbed.core.serving import DEFAULT

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

__all__ = ["DEFAULT", "ROLES", "SCOPES", "Forbidden", "Person", "Role", "Scope", "visible"]

Role = Literal["reviewer", "editor", "owner"]
"""What somebody may do in a project, each more than the one before."""

ROLES: Final[tuple[str, ...]] = get_args(Role)

Scope = Literal["read", "review", "edit", "own"]
"""What a token may do at most, each more than the one before."""

SCOPES: Final[tuple[str, ...]] = get_args(Scope)

CEILING: Final[Mapping[str, Role]] = {"read": "reviewer", "review": "reviewer", "edit": "editor", "own": "owner"}
"""The role that somebody has at most with a token of a scope."""


class Forbidden(SeedbedError):
    """Who asks is known and may not do this."""


@dataclass(frozen=True, slots=True)
class Person:
    """Who asks.

    `owner` may do everything in every project; `roles` maps project → role; `local` is the person at this machine, who
    did not have to log in. `only_reads` is set for tokens that may only read. `limited` is set for tokens that may do
    less than the person they are of: they change no users, tokens or settings. `surveys` is set for tokens of an
    owner of the workspace that are for all projects: whatever they may do, they see how the service as a whole goes.
    """

    name: str
    owner: bool = False
    roles: Mapping[str, Role] = field(default_factory=dict)
    local: bool = False
    only_reads: bool = False
    limited: bool = False
    surveys: bool = False

    def may(self, role: Role, project: str = DEFAULT) -> bool:
        """Whether the person has at least a role in a project."""
        if self.only_reads and role != "reviewer":
            return False
        if self.owner:
            return True
        own = self.roles.get(project)
        return own is not None and ROLES.index(own) >= ROLES.index(role)

    def somewhere(self, role: Role) -> bool:
        """Whether the person has at least a role in one project or another."""
        return self.may(role) or any(self.may(role, project) for project in self.roles)

    def sees(self, project: str) -> bool:
        """Whether the person may read what is in a project."""
        return self.owner or project in self.roles

    def sees_any(self, projects: Iterable[str]) -> bool:
        """Whether the person may read something that is in these projects, or with none in every one."""
        found = list(projects)
        return self.owner or (any(map(self.sees, found)) if found else bool(self.roles))

    def needs(self, role: Role, project: str = DEFAULT) -> None:
        """Whether the person may go on.

        Raises:
            Forbidden: not with their role.
        """
        if not self.may(role, project):
            raise Forbidden(
                f"{self.name} may not do this in the project {project}: it takes the role {role}.",
                "Ask an owner of the project for it.",
            )

    def needs_workspace(self) -> None:
        """Whether the person may do what concerns the whole workspace.

        Raises:
            Forbidden: they are no owner of it.
        """
        if not self.owner:
            raise Forbidden(f"{self.name} may not do this: it takes an owner of the workspace.", "Ask one of them.")


def visible(person: Person, project: str, words: str, role: Role = "reviewer") -> None:
    """Whether the person may have to do with something in a project; what they may not see is not there for them.

    Args:
        person: who asks.
        project: where it is.
        words: the sentence for something that is not there.
        role: what it takes to go on.

    Raises:
        NotFound: the person is not of the project.
        Forbidden: the person has less than the role.
    """
    if not person.sees(project):
        raise NotFound(words)
    person.needs(role, project)
