"""What every route works with."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Annotated

from fastapi import Depends, Header, Request

from seedbed.app.serve.people import Person
from seedbed.app.serve.work.queue import JobQueue

from .problems import Refused

if TYPE_CHECKING:
    from seedbed.app.workspace import Workspace


@dataclass(slots=True)
class Desk:
    """The workspace that is served, and what works on its jobs."""

    workspace: Workspace
    jobs: JobQueue = field(init=False)

    def __post_init__(self) -> None:
        self.jobs = JobQueue(self.workspace)


def _desk(request: Request) -> Desk:
    desk: Desk = request.app.state.desk
    return desk


def _person(request: Request) -> Person:
    person: Person = request.state.person
    return person


DeskOf = Annotated[Desk, Depends(_desk)]
"""The desk, as an argument of a route."""

Who = Annotated[Person, Depends(_person)]
"""Who asks, as an argument of a route."""

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
