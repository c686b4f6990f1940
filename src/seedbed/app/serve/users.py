"""Who can log in: names, and passwords by argon2."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING, Final

from seedbed.core.errors import InputError, MissingExtra, NotFound, Taken, nearest
from seedbed.core.fields import FieldError
from seedbed.core.serving import StoredUser
from seedbed.core.serving.editions import edition, unchanged

if TYPE_CHECKING:
    from argon2 import PasswordHasher

    from seedbed.core.stored import Store

NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._@-]{0,79}")
SHORTEST: Final = 10
LONGEST: Final = 1000
PEOPLE: Final = "+people"
"""Who changes people, in whatever process, does so alone: the first one is an owner, and the last owner stays."""


def add(store: Store, name: str, password: str, *, owner: bool = False) -> StoredUser:
    """Adds somebody; the first one is an owner.

    Raises:
        FieldError: the name or the password cannot be used.
        Taken: there is somebody of that name.
    """
    if not NAME.fullmatch(name):
        raise FieldError(("name",), "must begin with a letter or digit and hold only those, `.`, `_`, `-` and `@`")
    secret = hashed(password)
    with store.naming(PEOPLE):
        known = store.serving.users()
        if any(one.name.casefold() == name.casefold() for one in known):
            raise Taken(f"There is a user `{name}` already.", "Take another name.")
        store.serving.put_user(StoredUser(name, secret, owner or not known))
    return find(store, name)


def change(
    store: Store, name: str, *, password: str | None = None, owner: bool | None = None, version: int | None = None
) -> StoredUser:
    """Changes somebody who has the `version`, or any; a new password ends all their sessions.

    Raises:
        NotFound: there is nobody of that name.
        Changed: they have another version.
        InputError: the password cannot be used, or nobody would be an owner any more.
    """
    find(store, name)
    secret = None if password is None else hashed(password)
    with store.naming(PEOPLE):
        user = find(store, name)
        unchanged(f"The user `{name}`", version_of(user), version)
        if owner is False:
            _check_owners(store, user)
        new = {"password": secret or user.password, "owner": user.owner if owner is None else owner}
        store.serving.put_user(replace(user, **new))  # type: ignore[arg-type]
    if password is not None:
        store.serving.end_sessions(user=name)
    return find(store, name)


def remove(store: Store, name: str, version: int | None = None) -> None:
    """Forgets somebody who has the `version`, or any, with all sessions, tokens and roles.

    Raises:
        NotFound: there is nobody of that name.
        Changed: they have another version.
        InputError: others are left of whom nobody is an owner.
    """
    with store.naming(PEOPLE):
        user = find(store, name)
        unchanged(f"The user `{name}`", version_of(user), version)
        if len(store.serving.users()) > 1:
            _check_owners(store, user)
        store.serving.remove_user(name)


def find(store: Store, name: str) -> StoredUser:
    """Somebody.

    Raises:
        NotFound: there is nobody of that name.
    """
    found = store.serving.user(name)
    if found is None:
        known = [one.name for one in store.serving.users()]
        raise NotFound(f"There is no user `{name}`.", nearest(name, known) or "There are none yet.")
    return found


def version_of(user: StoredUser) -> int:
    """The version of somebody: another one with every change, also of the password, whose salt is never the same."""
    return edition(user.name, user.password, user.owner, user.created)


def hashed(password: str) -> str:
    """What is kept of a password.

    Raises:
        FieldError: it is too short or too long.
    """
    if not SHORTEST <= len(password) <= LONGEST:
        raise FieldError(("password",), f"must have {SHORTEST} to {LONGEST} characters", "Some words in a row will do.")
    return _hasher().hash(password)


def fits(user: StoredUser | None, password: str) -> bool:
    """Whether a password is somebody's; for nobody it takes as long to say no."""
    from argon2.exceptions import VerificationError

    try:
        found = _hasher().verify(user.password if user else _nobodys(), password[: LONGEST + 1])
    except VerificationError:
        return False
    return found and user is not None


def _check_owners(store: Store, user: StoredUser) -> None:
    if not any(one.owner for one in store.serving.users() if one.name != user.name):
        raise InputError(f"{user.name} is the last owner of the workspace.", "Make somebody else an owner first.")


@cache
def _hasher() -> PasswordHasher:
    try:
        from argon2 import PasswordHasher
    except ImportError as error:
        raise MissingExtra("A password", "serve") from error
    return PasswordHasher()


@cache
def _nobodys() -> str:
    return _hasher().hash("nobody's password")
