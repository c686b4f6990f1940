"""Who asks: by token, by cookie, or because it is the person at this machine."""

from __future__ import annotations

import asyncio
import hmac
from dataclasses import dataclass
from ipaddress import ip_address
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.requests import cookie_parser

from seedbed.app.serve import sessions, tokens
from seedbed.app.serve.people import Person
from seedbed.core.errors import SeedbedError

from . import rights
from .problems import Refused, problem_of

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Receive, Scope, Send

    from seedbed.core.serving import StoredSession

    from .desk import Desk, ServeSettings

COOKIE: Final = "seedbed_session"
PROXIED: Final = ("forwarded", "x-forwarded-for", "x-real-ip")
"""Headers of a request that came through a proxy: it is not from the person at this machine."""


@dataclass(frozen=True, slots=True)
class Caller:
    """Who asks, and the session and cookie they came with, if they did."""

    person: Person | None = None
    session: StoredSession | None = None
    cookie: str = ""


class Identify:
    """Puts a `Caller` into the request's state, or answers for what nobody may do who is not known."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""
        path = scope.get("path", "")
        if scope["type"] == "http" and (path.startswith(f"{rights.PREFIX}/") or path == rights.METRICS):
            try:
                caller = await _admitted(scope, path.removeprefix(rights.PREFIX))
            except SeedbedError as error:
                await problem_of(error)(scope, receive, send)
                return
            state = scope.setdefault("state", {})
            state["caller"], state["person"] = caller, caller.person
        await self._app(scope, receive, send)


async def still_same(scope: Scope) -> bool:
    """Whether who sent a request would be the same person with the same rights now. Not once their token was revoked,
    their session or they themselves have ended, or their role is another one."""
    caller: Caller = scope["state"]["caller"]
    try:
        now = await _caller(scope["app"].state.desk, Headers(scope=scope))
    except SeedbedError:
        return False
    return now.person == caller.person


async def _admitted(scope: Scope, path: str) -> Caller:
    headers, desk, method = Headers(scope=scope), scope["app"].state.desk, scope["method"]
    open_to_all = rights.is_open(path)
    try:
        caller = await _caller(desk, headers)
    except Refused as error:
        if error.status != 401 or not open_to_all:
            raise
        caller = Caller()
    if method not in rights.READS:
        _check_writes(desk.settings, headers, caller, login=path == "/session" and method == "POST")
    if caller.person is not None:
        rights.check(caller.person, method, path)
    elif not open_to_all:
        hint = "Log in, or send a token: Authorization: Bearer sb_…"
        raise Refused(401, "Nobody is logged in.", hint, WWW_Authenticate="Bearer")
    return caller


async def _caller(desk: Desk, headers: Headers) -> Caller:
    authorization = headers.get("authorization")
    if authorization is not None:
        kind, _, secret = authorization.partition(" ")
        store = desk.workspace.store
        person = await asyncio.to_thread(tokens.bearer, store, secret.strip()) if kind.lower() == "bearer" else None
        if person is None:
            raise Refused(401, "The token is not known, or has ended.", "Make a new one.", WWW_Authenticate="Bearer")
        return Caller(person)
    cookie = cookie_parser(headers.get("cookie", "")).get(COOKIE, "")
    known = await asyncio.to_thread(sessions.known, desk.workspace.store, cookie) if cookie else None
    if known is not None:
        return Caller(known[0], known[1], cookie)
    return Caller(_here(desk.settings, headers))


def _here(settings: ServeSettings, headers: Headers) -> Person | None:
    """The person at this machine.

    Raises:
        Refused: the address that was asked for is not this machine's: a page of somebody else may have brought the
            browser here by a name of its own.
    """
    if not settings.local_owner or any(name in headers for name in PROXIED):
        return None
    host = headers.get("host", "")
    if not is_ours(host, settings):
        raise Refused(403, f"This server does not answer to the name {host[:80]}.", "Open it as http://127.0.0.1:PORT.")
    return Person("you", owner=True, local=True)


def _check_writes(settings: ServeSettings, headers: Headers, caller: Caller, *, login: bool) -> None:
    """Whether a change was meant by the one who asks, not by a page of somebody else in their browser."""
    if caller.session is not None and not login:
        given = headers.get("x-csrf-token", "").encode()
        if not hmac.compare_digest(given, caller.session.csrf.encode()):
            raise Refused(403, "X-CSRF-Token is missing or wrong.", "It is `csrf` of GET /session.")
    elif login or (caller.person is not None and caller.person.local):
        origin = headers.get("origin")
        foreign = origin is not None and not _same_origin(origin, headers.get("host", ""), settings)
        if foreign or headers.get("sec-fetch-site") == "cross-site":
            hint = "Open the studio at this server's own address; a name that it answers to is given with --allow-host."
            raise Refused(403, f"A page of {(origin or 'another server')[:80]} may change nothing here.", hint)


def _same_origin(origin: str, host: str, settings: ServeSettings) -> bool:
    place = urlsplit(origin).netloc
    return bool(place) and (place == host or _name(place) in settings.hosts)


def is_ours(host: str, settings: ServeSettings) -> bool:
    """Whether a `Host` names this machine: by loopback address, `localhost`, or a name that was allowed."""
    name = _name(host)
    if name in ("localhost", settings.host.lower()) or name.endswith(".localhost") or name in settings.hosts:
        return True
    try:
        return ip_address(name).is_loopback
    except ValueError:
        return False


def _name(place: str) -> str:
    """The name in `name:port`, without the brackets of an IPv6 address."""
    try:
        return (urlsplit(f"//{place}").hostname or "").lower()
    except ValueError:
        return ""
