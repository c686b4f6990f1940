"""What the service says about itself, and what is set for it."""

from __future__ import annotations

from importlib.metadata import version
from typing import Annotated, Literal

from fastapi import APIRouter, Response
from pydantic import BaseModel, Field

from seedbed.app.serve import settings
from seedbed.core.errors import SeedbedError

from ..bodies import Body
from ..desk import Desk, DeskOf, IfMatch, WorkspaceOwner, as_looked_at, etag, version_in
from ..paging import Cursor, Limit, place
from ..problems import Refused

VERSION = version("seedbed")  # found among all packages that are installed: once

router = APIRouter(tags=["service"])


class Health(BaseModel):
    """That the service is there."""

    status: Literal["ok"]
    version: str


class Readiness(BaseModel):
    """That the service can work."""

    status: Literal["ready"]


class Version(BaseModel):
    """Which service this is."""

    version: str
    api: Literal["v1"]


class SettingsItem(BaseModel):
    """What is set for the workspace; the last three only tell. Its ETag is its `revision`: `version` is Seedbed's."""

    private_addresses: bool
    retention_days: int | None
    revision: int
    workspace: str
    version: str
    models_folder: str


class SettingsChange(Body):
    """What to set."""

    private_addresses: bool | None = None
    retention_days: Annotated[int, Field(ge=1, le=36500)] | None = None


class DeedItem(BaseModel):
    """A line of the audit log."""

    id: str
    at: str
    who: str
    action: str
    target: str
    detail: str


class Deeds(BaseModel):
    """A page of the audit log, the latest first."""

    items: list[DeedItem]
    next: str | None


@router.get("/health")
def health() -> Health:
    """Whether the service is there; needs no login."""
    return Health(status="ok", version=VERSION)


@router.get("/ready")
def ready(desk: DeskOf) -> Readiness:
    """Whether the service can do something now: its database answers. Needs no login, and tells nothing more to whoever
    asks; the log does."""
    try:
        desk.workspace.store.serving.user("")
    except SeedbedError as error:
        hint = "What runs waits for it and goes on by itself; the server's log says more."
        raise Refused(503, "The database does not answer.", hint, Retry_After="5") from error
    return Readiness(status="ready")


@router.get("/version")
def get_version() -> Version:
    """Which version this is; needs no login."""
    return Version(version=VERSION, api="v1")


@router.get("/settings")
def get_settings(desk: DeskOf, _: WorkspaceOwner, response: Response) -> SettingsItem:
    """What is set for the workspace; for its owners."""
    return _answer(desk, response)


@router.patch("/settings")
def change_settings(
    desk: DeskOf, person: WorkspaceOwner, body: SettingsChange, response: Response, if_match: IfMatch = None
) -> SettingsItem:
    """Sets what is named; for owners of the workspace."""
    version = version_in(if_match)
    values = body.model_dump(exclude_unset=True)
    if values.get("private_addresses", False) is None:
        del values["private_addresses"]
    with as_looked_at(values, lambda: _item(desk).model_dump()):
        settings.change(desk.workspace.store, values, version)
    for name, value in values.items():
        desk.note(person, "setting changed", name, str(value))
    return _answer(desk, response)


@router.get("/audit")
def get_audit(desk: DeskOf, _: WorkspaceOwner, cursor: Cursor = "", limit: Limit = 50) -> Deeds:
    """Who did what, the latest first; for owners of the workspace."""
    found = desk.workspace.store.serving.deeds(place(cursor), limit + 1)
    more = str(found[limit - 1].number) if len(found) > limit else None
    items = [
        DeedItem(id=str(one.number), at=one.at, who=one.who, action=one.action, target=one.target, detail=one.detail)
        for one in found
    ]
    return Deeds(items=items[:limit], next=more)


def _answer(desk: Desk, response: Response) -> SettingsItem:
    found = _item(desk)
    response.headers["ETag"] = etag(found.revision)
    return found


def _item(desk: Desk) -> SettingsItem:
    found = settings.read(desk.workspace.store)
    return SettingsItem(
        private_addresses=found.private_addresses,
        retention_days=found.retention_days,
        revision=settings.version_of(found),
        workspace=str(desk.workspace.folder),
        version=VERSION,
        models_folder=str(desk.workspace.settings.files.cache),
    )
