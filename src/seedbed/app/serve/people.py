"""Who asks, and what that person may do."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, Literal, get_args

from seedbed.core.errors import SeedbedError

if TYPE_CHECKING:
    from collections.abc import Mapping

Role = Literal["reviewer", "editor", "owner"]
"""What somebody may do in a project, each more than the one before."""

ROLES: Final[tuple[str, ...]] = get_args(Role)

DEFAULT: Final = "default"
"""The project of everything that has none."""


class Forbidden(SeedbedError):
    """Who asks is known and may not do this."""


@dataclass(frozen=True, slots=True)
class Person:
    """Who asks.

    `owner` may do everything in every project; `roles` maps project → role; `local` is the person at this machine, who
    did not have to log in. `only_reads` is set for tokens that may only read.
    """

    name: str
    owner: bool = False
    roles: Mapping[str, Role] = field(default_factory=dict)
    local: bool = False
    only_reads: bool = False

    def may(self, role: Role, project: str = DEFAULT) -> bool:
        """Whether the person has at least a role in a project."""
        if self.only_reads and role != "reviewer":
            return False
        if self.owner:
            return True
        own = self.roles.get(project)
        return own is not None and ROLES.index(own) >= ROLES.index(role)

    def sees(self, project: str) -> bool:
        """Whether the person may read what is in a project."""
        return self.owner or project in self.roles

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
