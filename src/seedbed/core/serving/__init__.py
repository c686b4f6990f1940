"""What the service keeps beside datasets: people, projects, what belongs where; and the store's contract for it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal, Protocol

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

DEFAULT: Final = "default"
"""The project of everything that has none."""

Kind = Literal["dataset", "recipe", "template", "connection"]
"""What belongs to projects."""


@dataclass(frozen=True, slots=True)
class StoredUser:
    """Somebody who can log in; `password` is a hash of it."""

    name: str
    password: str
    owner: bool = False
    created: str = ""


@dataclass(frozen=True, slots=True)
class StoredToken:
    """A key to the service, by its hash. Without a `user` it is the workspace owner's; "" is no project, no end."""

    id: str
    name: str
    hash: str
    last4: str
    scope: str
    project: str = ""
    user: str = ""
    created: str = ""
    expires: str = ""
    used: str = ""


@dataclass(frozen=True, slots=True)
class StoredSession:
    """Somebody who is logged in, by the hash of their cookie."""

    hash: str
    user: str
    csrf: str
    created: str = ""
    seen: str = ""


@dataclass(frozen=True, slots=True)
class StoredProject:
    """What belongs together, and who works on it."""

    id: str
    title: str
    description: str = ""
    created: str = ""
    version: int = 1
    sample: bool = False


@dataclass(frozen=True, slots=True)
class Deed:
    """A line of the audit log; `number` counts them."""

    at: str
    who: str
    action: str
    target: str
    detail: str = ""
    number: int = 0


@dataclass(frozen=True, slots=True)
class StoredRecipe:
    """A recipe that is saved under its name."""

    name: str
    yaml: str
    version: int = 1
    created: str = ""
    updated: str = ""


class Serving(Protocol):
    """Keeps what the service needs. All methods block. Times are ISO 8601, UTC, to the second."""

    def put_user(self, user: StoredUser) -> None:
        """Saves or changes somebody."""
        ...

    def users(self) -> list[StoredUser]:
        """Everybody, by name."""
        ...

    def user(self, name: str) -> StoredUser | None:
        """Somebody."""
        ...

    def remove_user(self, name: str) -> bool:
        """Forgets somebody with their sessions, tokens and memberships; whether there was one."""
        ...

    def put_token(self, token: StoredToken) -> None:
        """Saves a new token."""
        ...

    def tokens(self) -> list[StoredToken]:
        """All tokens, the oldest first."""
        ...

    def token(self, digest: str) -> StoredToken | None:
        """The token with that hash."""
        ...

    def used(self, token: str, at: str) -> None:
        """Takes down when a token (its id) was used."""
        ...

    def remove_token(self, token: str) -> bool:
        """Forgets a token (its id); whether there was one."""
        ...

    def put_session(self, session: StoredSession) -> None:
        """Saves or refreshes a session."""
        ...

    def session(self, digest: str) -> StoredSession | None:
        """The session with that hash."""
        ...

    def end_sessions(self, *, digest: str = "", user: str = "", before: str = "") -> None:
        """Forgets the session with a hash, those of a user, or those that were not seen since a time."""
        ...

    def add_project(self, project: StoredProject) -> None:
        """Saves a new project.

        Raises:
            Taken: there is one of that id.
        """
        ...

    def change_project(self, project: str, title: str, description: str, version: int | None = None) -> StoredProject:
        """Changes a project that has the `version`, or any.

        Raises:
            NotFound: there is none of that id.
            Changed: it has another version.
        """
        ...

    def projects(self) -> list[StoredProject]:
        """All projects, the oldest first."""
        ...

    def remove_project(self, project: str, version: int | None = None) -> bool:
        """Forgets a project that has the `version`, or any, with its members; what belongs to it belongs to it no more.
        Whether there was one.

        Raises:
            Changed: it has another version.
        """
        ...

    def put_member(self, project: str, user: str, role: str) -> None:
        """Gives somebody a role in a project, in the place of the one they had."""
        ...

    def members(self, project: str) -> dict[str, str]:
        """User → role, by name."""
        ...

    def roles(self, user: str) -> dict[str, str]:
        """Project → role of somebody."""
        ...

    def remove_member(self, project: str, user: str) -> bool:
        """Takes a role away; whether there was one."""
        ...

    def place(self, kind: Kind, name: str, projects: Collection[str]) -> None:
        """Says where something belongs, in the place of what was said before; nowhere with none."""
        ...

    def places(self, kind: Kind) -> dict[str, tuple[str, ...]]:
        """Name → projects of all of a kind that belong somewhere."""
        ...

    def projects_of(self, kind: Kind, name: str) -> tuple[str, ...]:
        """Where something belongs; empty if nothing was said."""
        ...

    def note(self, who: str, action: str, target: str, detail: str = "") -> None:
        """Adds a line to the audit log, which keeps its latest 100,000."""
        ...

    def deeds(self, before: int = 0, limit: int = 50) -> list[Deed]:
        """Lines of the audit log, the latest first; those before a number."""
        ...

    def forget_deeds(self, before: str) -> None:
        """Forgets lines of the audit log that are older than a time."""
        ...

    def settings(self) -> Mapping[str, object]:
        """What was set, by name."""
        ...

    def set(self, name: str, value: object) -> None:
        """Sets something (JSON)."""
        ...

    def put_recipe(self, name: str, yaml: str, version: int | None = None, *, new: bool = False) -> StoredRecipe:
        """Saves a recipe: the next version of one that has the `version`, or any; the first one if there is none.

        Raises:
            Taken: it is to be `new`, and there is one.
            NotFound: a version is named, and there is none of that name.
            Changed: it has another version.
        """
        ...

    def recipes(self) -> list[StoredRecipe]:
        """All recipes, by name."""
        ...

    def recipe(self, name: str) -> StoredRecipe | None:
        """A recipe."""
        ...

    def remove_recipe(self, name: str, version: int | None = None) -> bool:
        """Forgets a recipe that has the `version`, or any, and where it belongs; whether there was one.

        Raises:
            Changed: it has another version.
        """
        ...
