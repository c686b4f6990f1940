"""Keys to the service for programs: kept by their hash, limited in what they may do, where and how long."""

from __future__ import annotations

from hashlib import sha256
from secrets import token_hex, token_urlsafe
from typing import TYPE_CHECKING, Final

from seedbed.core.errors import NotFound
from seedbed.core.fields import FieldError
from seedbed.core.serving import StoredToken

from .clock import from_now, now
from .people import CEILING, ROLES, SCOPES, Person, Scope
from .projects import find as find_project
from .users import find as find_user

if TYPE_CHECKING:
    from collections.abc import Mapping

    from seedbed.core.stored import Store

    from .people import Role

BEGIN: Final = "sb_"
"""What every token begins with, so that it is known for one wherever it turns up."""

LONGEST_DAYS: Final = 3650
_SELDOM = 1 / 24 / 60
"""How often its use is taken down, in days."""


def add(
    store: Store, name: str, scope: Scope, *, user: str = "", project: str = "", days: int | None = None
) -> tuple[StoredToken, str]:
    """A new token, and the secret itself, which is kept nowhere.

    Args:
        store: where it is kept.
        name: what it is for.
        scope: what it may do at most.
        user: whose rights it has; without one the workspace owner's.
        project: the only one it is for, else all.
        days: when it ends, else never.

    Raises:
        FieldError: the name or the days cannot be used.
        NotFound: there is no such user or project.
    """
    if not name.strip() or len(name) > 100:
        raise FieldError(("name",), "must have 1 to 100 characters")
    if days is not None and not 1 <= days <= LONGEST_DAYS:
        raise FieldError(("days",), f"must be between 1 and {LONGEST_DAYS}")
    if user:
        find_user(store, user)
    if project:
        find_project(store, project)
    secret = BEGIN + token_urlsafe(32)
    ends = "" if days is None else from_now(days)
    made = StoredToken(token_hex(6), name.strip(), digest(secret), secret[-4:], scope, project, user, now(), ends)
    store.serving.put_token(made)
    return made, secret


def remove(store: Store, token: str, user: str | None = None) -> StoredToken:
    """Revokes a token (its id) at once; only one of a `user`, if one is named.

    Raises:
        NotFound: there is no such token.
    """
    found = next((one for one in store.serving.tokens() if one.id == token and user in (None, one.user)), None)
    if found is None:
        raise NotFound(f"There is no token `{token}`.", "The list of tokens has their ids.")
    store.serving.remove_token(token)
    return found


def bearer(store: Store, secret: str) -> Person | None:
    """Who comes with a token; None if it is none, or has ended."""
    token = store.serving.token(digest(secret)) if secret.startswith(BEGIN) else None
    if token is None or (token.expires and token.expires <= now()):
        return None
    user = store.serving.user(token.user) if token.user else None
    if token.user and user is None:
        return None
    if not token.used or token.used < from_now(-_SELDOM):
        store.serving.used(token.id, now())
    return _person(store, token, owner=user.owner if user else True)


def digest(secret: str) -> str:
    """What is kept of a secret that is long and random."""
    return sha256(secret.encode()).hexdigest()


def _person(store: Store, token: StoredToken, *, owner: bool) -> Person:
    name = token.user or f"token {token.name}"
    read, limited = token.scope == "read", token.scope != SCOPES[-1] or bool(token.project)
    if owner and not limited:
        return Person(name, owner=True)
    roles: Mapping[str, str] = (
        {one.id: "owner" for one in store.serving.projects()} if owner else store.serving.roles(token.user)
    )
    capped = {
        project: _lower(role, CEILING[token.scope]) for project, role in roles.items() if token.project in ("", project)
    }
    return Person(name, roles=capped, only_reads=read, limited=limited, surveys=owner and not token.project)


def _lower(role: str, ceiling: Role) -> Role:
    lower: Role = ROLES[min(ROLES.index(role), ROLES.index(ceiling))]  # type: ignore[assignment]
    return lower
