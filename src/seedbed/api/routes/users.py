"""Who can log in, and the keys of programs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

from fastapi import APIRouter, Response
from pydantic import BaseModel, Field

from seedbed.app.serve import tokens, users
from seedbed.app.serve.people import Forbidden, Person, Scope, visible
from seedbed.core.errors import NotFound

from ..bodies import Body, Known
from ..desk import Desk, DeskOf, IfMatch, Who, WorkspaceOwner, as_looked_at, etag, version_in
from ..paging import Cursor, Limit, page

if TYPE_CHECKING:
    from seedbed.core.serving import StoredToken, StoredUser

router = APIRouter(tags=["users"])


class UserItem(Known):
    """Somebody who can log in; `owner` of the whole workspace."""

    name: str
    owner: bool
    created: str
    version: int


class Users(BaseModel):
    """A page of them."""

    items: list[UserItem]
    next: str | None


class NewUser(Body):
    """Somebody to add; the first one is an owner."""

    name: str
    password: str
    owner: bool = False


class UserChange(Body):
    """What to change of somebody."""

    password: str | None = None
    owner: bool | None = None


class TokenItem(BaseModel):
    """A key of a program: `project` is null if it is for all, `expires` if it has no end, `used` if it never was."""

    id: str
    name: str
    scope: Scope
    project: str | None
    last4: str
    user: str
    created: str
    expires: str | None
    used: str | None


class Tokens(BaseModel):
    """A page of them."""

    items: list[TokenItem]
    next: str | None


class NewToken(Body):
    """A key to make: what it may do at most, in which project, how many days."""

    name: str
    scope: Scope
    project: str | None = None
    days: Annotated[int, Field(ge=1, le=tokens.LONGEST_DAYS)] | None = None


class MadeToken(TokenItem):
    """The new key; `token` is shown only now."""

    token: str


@router.get("/users")
def get_users(desk: DeskOf, person: Who, cursor: Cursor = "", limit: Limit = 50) -> Users:
    """Everybody who can log in; for owners, also of one project: they say who its members are."""
    if not person.somewhere("owner"):
        person.needs_workspace()
    return Users(**page([_user(one) for one in desk.workspace.store.serving.users()], cursor, limit))


@router.post("/users", status_code=201)
def add_user(desk: DeskOf, person: WorkspaceOwner, body: NewUser, response: Response) -> UserItem:
    """Adds somebody; for owners of the workspace."""
    made = users.add(desk.workspace.store, body.name, body.password, owner=body.owner)
    desk.note(person, "user added", made.name, "owner" if made.owner else "")
    return _answer(made, response)


@router.get("/users/{name}")
def get_user(desk: DeskOf, person: Who, name: str, response: Response) -> UserItem:
    """Somebody who can log in: for owners, as the list is, and for everybody themselves."""
    if name != person.name and not person.somewhere("owner"):
        raise NotFound(f"There is no user `{name}` for you.", "Ask for yourself, or ask an owner.")
    return _answer(users.find(desk.workspace.store, name), response)


@router.patch("/users/{name}")
def change_user(
    desk: DeskOf, person: Who, name: str, body: UserChange, response: Response, if_match: IfMatch = None
) -> UserItem:
    """Gives a new password, or makes an owner of somebody; everybody may change their own password."""
    own = name == person.name and not person.local and not person.limited and body.owner is None
    if not own:
        person.needs_workspace()
    version, store = version_in(if_match), desk.workspace.store
    mine = body.model_dump(exclude_unset=True, exclude={"password"})
    with as_looked_at(mine, lambda: _user(users.find(store, name)).model_dump()):
        changed = users.change(store, name, password=body.password, owner=body.owner, version=version)
    for field in body.model_fields_set:
        desk.note(person, "user changed", name, field)
    return _answer(changed, response)


@router.delete("/users/{name}", status_code=204)
def remove_user(desk: DeskOf, person: WorkspaceOwner, name: str, if_match: IfMatch = None) -> None:
    """Removes somebody, with their sessions and tokens; for owners of the workspace."""
    version, store = version_in(if_match), desk.workspace.store
    with as_looked_at({}, lambda: _user(users.find(store, name)).model_dump()):
        users.remove(store, name, version)
    desk.note(person, "user removed", name)


@router.get("/tokens")
def get_tokens(desk: DeskOf, person: Who, cursor: Cursor = "", limit: Limit = 50) -> Tokens:
    """One's own tokens; owners of the workspace see all."""
    mine = None if person.owner else person.name
    found = [one for one in desk.workspace.store.serving.tokens() if mine in (None, one.user)]
    return Tokens(**page([TokenItem(**_token(one)) for one in found], cursor, limit))


@router.post("/tokens", status_code=201)
def add_token(desk: DeskOf, person: Who, body: NewToken) -> MadeToken:
    """Makes a token with one's own rights, or less."""
    _unlimited(person)
    store, project = desk.workspace.store, body.project or ""
    if project:
        visible(person, project, f"There is no project `{project}`.")
    made, secret = tokens.add(
        store, body.name, body.scope, user=_own_name(desk, person), project=project, days=body.days
    )
    desk.note(person, "token added", made.name, made.scope)
    return MadeToken(**_token(made), token=secret)


@router.delete("/tokens/{token}", status_code=204)
def remove_token(desk: DeskOf, person: Who, token: str) -> None:
    """Revokes a token at once."""
    _unlimited(person)
    removed = tokens.remove(desk.workspace.store, token, None if person.owner else person.name)
    desk.note(person, "token removed", removed.name)


def _unlimited(person: Person) -> None:
    if person.limited:
        raise Forbidden("A token that is limited makes and revokes no tokens.", "Log in, or take one of the scope own.")


def _own_name(desk: Desk, person: Person) -> str:
    """Whose a new token is: nobody's, but the workspace's, if a person without a name makes it."""
    return person.name if not person.local and desk.workspace.store.serving.user(person.name) else ""


def _answer(user: StoredUser, response: Response) -> UserItem:
    found = _user(user)
    response.headers["ETag"] = etag(found.version)
    return found


def _user(user: StoredUser) -> UserItem:
    return UserItem(name=user.name, owner=user.owner, created=user.created, version=users.version_of(user))


def _token(token: StoredToken) -> dict[str, Any]:
    return {
        "id": token.id,
        "name": token.name,
        "scope": token.scope,
        "project": token.project or None,
        "last4": token.last4,
        "user": token.user,
        "created": token.created,
        "expires": token.expires or None,
        "used": token.used or None,
    }
