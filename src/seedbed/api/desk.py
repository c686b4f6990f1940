"""What every route works with."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from ipaddress import ip_address
from threading import Lock
from typing import TYPE_CHECKING, Annotated, Any

from fastapi import Depends, Header, Request, Response

from seedbed.app.review.taking_in import TakingIn
from seedbed.app.serve.elsewhere import Elsewhere
from seedbed.app.serve.people import Person
from seedbed.app.serve.sessions import Door
from seedbed.app.serve.settings import note
from seedbed.app.serve.totals import Totals
from seedbed.app.serve.work.queue import JobQueue
from seedbed.core.errors import Changed

from .aside import Aside
from .identify import Caller
from .problems import Refused

if TYPE_CHECKING:
    from seedbed.app.serve.feed import Feed
    from seedbed.app.serve.runner import Runner
    from seedbed.app.serve.runs import Runs
    from seedbed.app.workspace import Workspace

    from .answers import Told


@dataclass(frozen=True, slots=True)
class ServeSettings:
    """How the service can be reached.

    `host` is the address it listens at; `hosts` are further names under which it answers the person at this machine
    and a proxy's pages; `login` asks everybody to log in, also the person at this machine. `apart` drives runs in a
    process of their own, and reads records in another one. `elsewhere` is where runs are worked on, if not there.
    """

    host: str = "127.0.0.1"
    hosts: tuple[str, ...] = ()
    login: bool = False
    apart: bool = False
    elsewhere: Elsewhere = field(default_factory=Elsewhere)

    @property
    def loopback(self) -> bool:
        """Whether only this machine reaches it."""
        if self.host.lower() == "localhost":
            return True
        try:
            return ip_address(self.host).is_loopback
        except ValueError:
            return False

    @property
    def local_owner(self) -> bool:
        """Whether the person at this machine is its owner without a login."""
        return self.loopback and not self.login


@dataclass(slots=True)
class Desk:
    """What every route works with.

    The workspace that is served, who drives its runs, how they are told, who tells what happens, what takes records
    in, what works on its jobs and what was done in all; how it is served, who tried to log in, whether the server is
    about to end.

    Lists and records are read `aside`. Decisions are written in turns (`writing`): writers at once would wait for the
    database in steps that grow (decision 32).
    """

    workspace: Workspace
    runner: Runner
    runs: Runs
    feed: Feed
    taking_in: TakingIn
    settings: ServeSettings = field(default_factory=ServeSettings)
    door: Door = field(default_factory=Door)
    ending: asyncio.Event = field(default_factory=asyncio.Event)
    writing: Lock = field(default_factory=Lock)
    aside: Aside = field(init=False)
    jobs: JobQueue = field(init=False)
    totals: Totals = field(init=False)

    def __post_init__(self) -> None:
        self.aside = Aside(self.workspace, apart=self.settings.apart)
        self.jobs = JobQueue(self.workspace, alone=self.settings.local_owner)
        self.totals = Totals(self.workspace.store)

    async def read(self, work: Callable[..., Told], *arguments: Any) -> Response:
        """The answer that a function gives to the workspace and the arguments, made aside; what is still to be taken in
        is, meanwhile."""
        told = await self.aside.do(work, *arguments)
        for dataset in told.waiting:
            self.taking_in.ask(dataset)
        return told.sent()

    def note(self, person: Person, action: str, target: str, detail: str = "") -> None:
        """Adds a line to the audit log."""
        note(self.workspace.store, person.name, action, target, detail)


# Async, though they wait for nothing: FastAPI does others in a thread each.


async def _desk(request: Request) -> Desk:
    desk: Desk = request.app.state.desk
    return desk


async def _person(request: Request) -> Person:
    person: Person = request.state.person
    return person


async def _workspace_owner(person: Annotated[Person, Depends(_person)]) -> Person:
    person.needs_workspace()
    return person


async def _caller(request: Request) -> Caller:
    caller: Caller = request.state.caller
    return caller


@contextmanager
def as_looked_at(mine: Any, theirs: Callable[[], Any]) -> Iterator[None]:
    """A change that was made from an old version answers with both: what was sent, and how it stands.

    Raises:
        Refused: 412.
    """
    try:
        yield
    except Changed as error:
        more = {"mine": mine, "theirs": theirs()}
        raise Refused(412, error.message, error.advice, more, ETag=etag(error.version)) from error


DeskOf = Annotated[Desk, Depends(_desk)]
"""The desk, as an argument of a route."""

Who = Annotated[Person, Depends(_person)]
"""Who asks, as an argument of a route."""

WorkspaceOwner = Annotated[Person, Depends(_workspace_owner)]
"""Who asks, who must be an owner of the workspace."""

CallerOf = Annotated[Caller, Depends(_caller)]
"""Who asks and how, for what answers without a login as well."""

IfMatch = Annotated[str | None, Header(alias="If-Match", description="The ETag that was looked at; `*` takes any.")]


def version_in(if_match: str | None) -> int | None:
    """The version that a change was made from; None takes any.

    Raises:
        Refused: 428 without a header, 400 if it is no ETag of ours.
    """
    if if_match is None:
        raise Refused(428, "Say which version is changed.", "Send the ETag of what you looked at as If-Match.")
    tag = if_match.strip()
    if tag == "*":
        return None
    digits = tag.removeprefix("W/").strip('"')
    if not (digits.isascii() and digits.isdigit() and len(digits) < 10):
        raise Refused(400, "If-Match is no ETag of this server.", 'It looks like "3".')
    return int(digits)


def etag(version: int) -> str:
    """The ETag of a version."""
    return f'"{version}"'
