"""Logging in and out."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, Field

from seedbed.app.serve import sessions
from seedbed.app.serve.people import Person, Role
from seedbed.app.serve.settings import note

from ..bodies import Body
from ..desk import CallerOf, Desk, DeskOf
from ..identify import COOKIE
from ..problems import Refused

router = APIRouter(tags=["session"])
MAX_AGE = sessions.IDLE_DAYS * 86_400


class Who(BaseModel):
    """Somebody."""

    name: str
    owner: bool


class Session(BaseModel):
    """Who asks: nobody yet, if `user` is null; `local` is the person at this machine. `csrf` is to be sent as
    X-CSRF-Token with every change; `login` says that somebody must log in."""

    user: Who | None
    local: bool
    csrf: str
    roles: dict[str, Role]
    login: bool


class Login(Body):
    """Who wants in."""

    name: Annotated[str, Field(max_length=200)]
    password: Annotated[str, Field(max_length=2000)]


@router.get("/session")
def get_session(desk: DeskOf, caller: CallerOf, request: Request, response: Response) -> Session:
    """Who asks; answers without a login."""
    if caller.session is not None:
        _set_cookie(request, response, caller.cookie)
    return _session(desk, caller.person, caller.session.csrf if caller.session else "")


@router.post("/session")
def log_in(desk: DeskOf, body: Login, request: Request, response: Response) -> Session:
    """Logs in: sets the cookie of a new session."""
    store = desk.workspace.store
    address = request.client.host if request.client else ""
    try:
        session, secret = desk.door.log_in(store, body.name, body.password, address)
    except sessions.TooOften as error:
        raise Refused(429, error.message, error.hint, Retry_After=str(error.seconds)) from error
    except sessions.Unknown as error:
        note(store, "", "login failed", body.name[:80], address)
        raise Refused(401, error.message, error.hint) from error
    note(store, body.name, "login", body.name, address)
    _set_cookie(request, response, secret)
    known = sessions.known(store, secret)
    return _session(desk, known[0] if known else None, session.csrf)


@router.delete("/session")
def log_out(desk: DeskOf, caller: CallerOf, response: Response) -> Session:
    """Logs out: the session ends."""
    if caller.session is not None:
        desk.workspace.store.serving.end_sessions(digest=caller.session.hash)
        response.delete_cookie(COOKIE, httponly=True, samesite="strict")
    here = caller.person if caller.person is not None and caller.person.local else None
    return _session(desk, here, "")


def _session(desk: Desk, person: Person | None, csrf: str) -> Session:
    if person is None:
        return Session(user=None, local=False, csrf="", roles={}, login=True)
    roles: dict[str, Role] = dict(person.roles)
    if person.owner:
        roles = {project.id: "owner" for project in desk.workspace.store.serving.projects()}
    user = Who(name=person.name, owner=person.owner)
    return Session(user=user, local=person.local, csrf=csrf, roles=roles, login=False)


def _set_cookie(request: Request, response: Response, secret: str) -> None:
    secure = request.url.scheme == "https"
    response.set_cookie(COOKIE, secret, MAX_AGE, httponly=True, samesite="strict", secure=secure)
