"""Connections: addresses and keys. A key is written and never read again."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Annotated, Any

from fastapi import APIRouter, Response
from pydantic import BaseModel, Field

from seedbed.app import connections
from seedbed.app.models import Access
from seedbed.app.serve import projects
from seedbed.app.serve.addresses import check_allowed, reach_of
from seedbed.app.serve.people import Forbidden, Person, Role
from seedbed.core.connection import Batching, Connection, PriceOf
from seedbed.core.errors import InputError, NotFound, Taken, nearest
from seedbed.core.fields import FieldError
from seedbed.providers.catalog import Outcome
from seedbed.providers.reach import reaching

from ..bodies import Body, Known
from ..desk import Desk, DeskOf, IfMatch, Who, as_looked_at, etag, version_in
from ..paging import Cursor, Limit, page

if TYPE_CHECKING:
    from collections.abc import Sequence

    from seedbed.app.connections import NamedConnection
    from seedbed.core.stored import StoredConnection

router = APIRouter(tags=["connections"])
Key = Annotated[str, Field(max_length=10_000)]
Name = Annotated[str, Field(min_length=1, max_length=80, pattern=r"^[^/:\x00-\x1f]+$")]
OWN = ("name", "key", "projects", "model")
"""Fields of a body that are not the connection's."""


class ConnectionItem(Connection, Known):
    """A connection: `key_place` is where its key is ("workspace", "none", or a variable), `key_last4` its end for who
    may change it. `projects` are those that may use it, all if it names none."""

    name: str
    key_place: str
    key_last4: str
    projects: list[str]
    created: str
    version: int


class Connections(BaseModel):
    """A page of them."""

    items: list[ConnectionItem]
    next: str | None


class NewConnection(Connection):
    """A connection to save; the `key` is kept encrypted and never shown again."""

    name: Name
    key: Key | None = None
    projects: list[str] = []


class ConnectionChange(Body):
    """What to change of a connection. Without `key` the key stays, with null or "" it goes."""

    provider: str | None = None
    base_url: str | None = None
    key: Key | None = None
    key_env: str | None = None
    api_version: str | None = None
    requests_per_minute: float | None = None
    tokens_per_minute: float | None = None
    concurrency: int | None = None
    timeout: float | None = None
    retries: int | None = None
    patience: float | str | None = None
    json_schema: bool | None = None
    system_role: bool | None = None
    raw_completions: bool | None = None
    prefers_raw: bool | None = None
    logprobs: bool | None = None
    prefix_cache: bool | None = None
    local: bool | None = None
    prices: dict[str, PriceOf] | None = None
    batch: Batching | None = None
    projects: list[str] | None = None


class TriedConnection(Connection):
    """A connection to try that is not saved."""

    name: str = ""
    key: Key | None = None
    projects: list[str] = []
    model: str = ""


class Trial(ConnectionChange):
    """Which model to ask, and what to change of the connection for this call; nothing of it is saved."""

    model: str | None = None


class CheckAnswer(BaseModel):
    """How a small real call ended; `message` has the provider's own words where it failed."""

    verdict: Outcome
    message: str
    hint: str
    seconds: float


@router.get("/connections")
def get_connections(
    desk: DeskOf, person: Who, project: str = "", cursor: Cursor = "", limit: Limit = 50
) -> Connections:
    """The connections one may use; of one project, if it is named."""
    places = desk.workspace.store.serving.places("connection")
    stored = {one.name: one for one in desk.workspace.store.connections()}
    found = [
        _item(one, stored[one.name], places.get(one.name, ()), person)
        for one in connections.listed(desk.workspace)
        if person.sees_any(places.get(one.name, ())) and project in ("", *(places.get(one.name) or [project]))
    ]
    return Connections(**page(found, cursor, limit))


@router.post("/connections", status_code=201)
def add_connection(desk: DeskOf, person: Who, body: NewConnection, response: Response) -> ConnectionItem:
    """Saves a connection; for owners of all its projects, of the workspace if it names none."""
    connection = _connection(body)
    _needs_owner(desk, person, body.projects)
    _check_place(desk, person, connection)
    if any(one.name == body.name for one in desk.workspace.store.connections()):
        raise Taken(f"There is a connection `{body.name}` already.", "Take another name, or change that one.")
    connections.put(desk.workspace, body.name, connection, body.key or None, after=0)
    desk.workspace.store.serving.place("connection", body.name, body.projects)
    desk.note(person, "connection added", body.name, connection.provider)
    return _answer(desk, person, body.name, response)


@router.post("/connections/check")
def check_unsaved(desk: DeskOf, person: Who, body: TriedConnection) -> CheckAnswer:
    """Makes a small real call by a connection that is not saved; for owners of a project."""
    if not person.somewhere("owner"):
        person.needs_workspace()
    connection = _connection(body)
    _check_place(desk, person, connection)
    key = body.key or (connections.key_from(connection.key_env) if connection.key_env else None)
    return _tried(desk, Access(connection, key), body.model)


@router.get("/connections/{name}")
def get_connection(desk: DeskOf, person: Who, name: str, response: Response) -> ConnectionItem:
    """A connection."""
    return _answer(desk, person, name, response)


@router.patch("/connections/{name}")
def change_connection(
    desk: DeskOf, person: Who, name: str, body: ConnectionChange, response: Response, if_match: IfMatch = None
) -> ConnectionItem:
    """Changes what is named; for owners of all its projects. A new address asks for the key again."""
    _seen(desk, person, name, "owner")
    version, sent = version_in(if_match), body.model_dump(exclude_unset=True, mode="json")
    if body.projects is not None:
        _needs_owner(desk, person, body.projects)
    old = connections.stored_access(desk.workspace, name)
    changed = _changed(old.connection, sent)
    _check_place(desk, person, changed)
    key = _new_key(old, changed, sent)
    mine = {field: value for field, value in sent.items() if field != "key"}
    with as_looked_at(mine, lambda: _answer(desk, person, name, response).model_dump(mode="json")):
        connections.put(desk.workspace, name, changed, key, after=version)
    if body.projects is not None:
        desk.workspace.store.serving.place("connection", name, body.projects)
    desk.note(person, "connection changed", name, ", ".join(sorted(sent)))
    return _answer(desk, person, name, response)


@router.delete("/connections/{name}", status_code=204)
def remove_connection(desk: DeskOf, person: Who, name: str, response: Response, if_match: IfMatch = None) -> None:
    """Forgets a connection and its key; for owners of all its projects."""
    _seen(desk, person, name, "owner")
    version = version_in(if_match)
    with as_looked_at({}, lambda: _answer(desk, person, name, response).model_dump(mode="json")):
        connections.remove(desk.workspace, name, version)
    desk.note(person, "connection removed", name)


@router.post("/connections/{name}/check")
def check_connection(desk: DeskOf, person: Who, name: str, body: Trial | None = None) -> CheckAnswer:
    """Makes a small real call by a saved connection, for editors; as it would be with changes, for its owners."""
    sent = body.model_dump(exclude_unset=True, mode="json") if body else {}
    model, changes = sent.pop("model", None) or "", bool(sent)
    _seen(desk, person, name, "owner" if changes else "editor")
    access = connections.stored_access(desk.workspace, name)
    if changes:
        changed = _changed(access.connection, sent)
        _check_place(desk, person, changed)
        access = Access(changed, _new_key(access, changed, sent))
    _check_address(desk, access.connection)
    if access.key is None and access.connection.key_env:
        access = Access(access.connection, connections.key_from(access.connection.key_env))
    return _tried(desk, access, model)


def _tried(desk: Desk, access: Access, model: str) -> CheckAnswer:
    if not model and access.connection.provider not in ("embedded", "scripted"):
        raise FieldError(("model",), "is missing", "Name the model to ask, as its provider calls it.")
    start = time.monotonic()
    with reaching(reach_of(desk.workspace.store, alone=desk.settings.local_owner)):
        found = connections.try_access(desk.workspace, access, model)
    seconds = round(time.monotonic() - start, 2)
    return CheckAnswer(verdict=found.verdict, message=found.message, hint=found.hint, seconds=seconds)


def _connection(body: Connection) -> Connection:
    """The connection in a body that says more."""
    given = body.model_dump(exclude_unset=True)
    return Connection(**{name: value for name, value in given.items() if name not in OWN})


def _changed(connection: Connection, sent: dict[str, Any]) -> Connection:
    """The connection with what was sent; null is what a field is by itself."""
    from pydantic import ValidationError

    fields = connection.model_dump(exclude_unset=True) | {k: v for k, v in sent.items() if k not in OWN}
    try:
        return Connection(**{name: value for name, value in fields.items() if value is not None})
    except ValidationError as error:
        raise FieldError.of(error, (), Connection) from error


def _new_key(old: Access, changed: Connection, sent: dict[str, Any]) -> str | None:
    """The key to save. One that is kept goes only where it went before: who changes an address need not know it.

    Raises:
        FieldError: the address is new, and the key was not sent again.
    """
    if "key" in sent:
        return sent["key"] or None
    if changed.key_env and changed.key_env != old.connection.key_env:
        return None
    moved = (changed.base_url, changed.provider) != (old.connection.base_url, old.connection.provider)
    if old.key and moved:
        raise FieldError(("key",), "must be entered again: the address is another one")
    return old.key


def _check_place(desk: Desk, person: Person, connection: Connection) -> None:
    """Whether this server may go there for this person: not to private addresses, not with variables of its own."""
    if connection.key_env and not person.owner:
        raise Forbidden(
            "Only an owner of the workspace names variables of the server (`key_env`).", "Enter the key itself."
        )
    _check_address(desk, connection)


def _check_address(desk: Desk, connection: Connection) -> None:
    check_allowed(desk.workspace.store, connection, alone=desk.settings.local_owner)


def _needs_owner(desk: Desk, person: Person, names: Sequence[str]) -> None:
    if not names:
        person.needs_workspace()
    for name in names:
        if not person.sees(name):
            raise InputError(f"There is no project `{name}`.", "See them all: GET /projects")
        projects.find(desk.workspace.store, name)
        person.needs("owner", name)


def _seen(desk: Desk, person: Person, name: str, role: Role = "reviewer") -> StoredConnection:
    """A connection that the person may have to do with.

    Raises:
        NotFound: there is none of that name, or none they may see.
        Forbidden: they have less than the role where it belongs.
    """
    store = desk.workspace.store
    places, known = store.serving.places("connection"), {one.name: one for one in store.connections()}
    seen = [one for one in known if person.sees_any(places.get(one, ()))]
    if name not in seen:
        raise NotFound(f"There is no connection `{name}`.", nearest(name, seen))
    if role == "owner":
        _needs_owner(desk, person, places.get(name, ()))
    elif not any(person.may(role, one) for one in places.get(name, ()) or (*person.roles, "default")):
        raise Forbidden(f"{person.name} may not do this: it takes the role {role}.", "Ask an owner of the project.")
    return known[name]


def _answer(desk: Desk, person: Person, name: str, response: Response) -> ConnectionItem:
    stored = _seen(desk, person, name)
    response.headers["ETag"] = etag(stored.version)
    named = next(one for one in connections.listed(desk.workspace) if one.name == name)
    return _item(named, stored, desk.workspace.store.serving.projects_of("connection", name), person)


def _item(named: NamedConnection, stored: StoredConnection, places: Sequence[str], person: Person) -> ConnectionItem:
    may = person.owner or (bool(places) and all(person.may("owner", one) for one in places))
    return ConnectionItem(
        **named.connection.model_dump(),
        name=named.name,
        key_place=named.place,
        key_last4=named.key.lstrip("…") if may else "",
        projects=list(places),
        created=stored.created,
        version=stored.version,
    )
