"""Runs: started, watched, stopped, gone on with."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Header, Request
from pydantic import BaseModel, ConfigDict, Field
from starlette.concurrency import run_in_threadpool
from starlette.responses import StreamingResponse

from seedbed.app.review.refill import refill
from seedbed.app.serve.belonging import project_of
from seedbed.app.serve.launch import Wish, launch
from seedbed.app.serve.reach import at_home
from seedbed.app.serve.recipes import project_of as home_of
from seedbed.app.serve.runs import RunFilter
from seedbed.app.templates import as_yaml
from seedbed.core.run import WISHES, RunState
from seedbed.core.stored import StoredRun

from ..desk import Desk, DeskOf, Who
from ..paging import Cursor, Limit, page, place
from ..problems import Refused
from ..streams import EVENTS, streamed
from .recipes import Asked, Tokens, written

router = APIRouter(tags=["runs"])

SLOTS = 4096
"""More than an attempt has slots: a cursor is one number."""


class NewRun(Asked):
    """What to run; `new` starts afresh though there is an unfinished run of the same recipe. It is worked on by the
    server (`local`) or by the Ray cluster that the server joins (`ray`), with so many workers; where its operator wants
    it, if nothing is said."""

    new: bool = False
    executor: Literal["local", "ray"] | None = None
    workers: Annotated[int, Field(ge=1, le=1000)] | None = None


class CellFigures(BaseModel):
    """One cell of a run; `stopped` says why it was given up."""

    cell: dict[str, str]
    wanted: int
    accepted: int
    stopped: str = ""


class RunShort(BaseModel):
    """A run as it stands in lists. `rate` is in records a second, `left` in seconds, `cost` in US dollars; `notes` say
    what of the recipe the server does otherwise than the command line, `waiting` which connections are waited for:
    those out of order, and those asked in batches. It is worked on by the `executor` `local` or `ray`, there by so
    many `workers`, if that was said. `id` is the same as `run`."""

    model_config = ConfigDict(extra="allow")

    id: str
    run: str
    name: str
    kind: str
    state: str
    dataset: str
    project: str
    asked: int
    accepted: int
    attempts: int
    surplus: int
    repaired: int
    rejected: dict[str, int]
    failed: dict[str, int]
    calls: int
    tokens: Tokens
    cost: float | None
    seconds: float
    duplicates: dict[str, Any]
    output: str | None
    message: str
    driven: bool
    owner: Literal["server", "other", ""]
    wish: str
    rate: float | None
    left: float | None
    notes: list[str]
    waiting: list[str] = []
    executor: str
    workers: int | None
    created: str
    updated: str


class RunItem(RunShort):
    """A run with its cells and models."""

    models: dict[str, dict[str, Any]]
    cells: list[CellFigures]


class RunPage(BaseModel):
    """A page of runs, the newest first."""

    items: list[RunShort]
    next: str | None


class RunRecord(BaseModel):
    """How a slot ended, and what was made in it."""

    id: str
    state: str
    reason: str
    detail: str
    cell: dict[str, str]
    model: str
    values: dict[str, Any]
    at: str


class RunRecordPage(BaseModel):
    """A page of them, the newest first."""

    items: list[RunRecord]
    next: str | None


class RunRecipe(BaseModel):
    """The recipe a run was started with."""

    yaml: str
    document: dict[str, Any]


class Refilled(BaseModel):
    """How many declined records are made again, in all and since the last time; `message` says so."""

    run: str
    refilled: int
    opened: int
    message: str


@router.post("/runs", status_code=201)
async def start_run(
    desk: DeskOf,
    who: Who,
    body: NewRun,
    request: Request,
    key: Annotated[str, Header(alias="Idempotency-Key", max_length=200)] = "",
) -> RunItem:
    """Starts a run, or goes on with the unfinished one of the recipe. The same key answers the same run."""
    content = await request.body()

    def start() -> RunItem:
        project = body.project
        if body.recipe and "project" not in body.model_fields_set:  # a saved recipe knows where it belongs
            project = home_of(desk.workspace, body.recipe)
        wish = Wish(who, project, body.new, key, content, body.executor, body.workers)
        run = launch(desk.workspace, desk.runner, written(desk, who, body), wish)
        desk.note(who, "run started", run.id)
        return _item(desk, run)

    return await run_in_threadpool(start)


async def _wanted(
    project: str | None = None, state: RunState | None = None, dataset: str | None = None, recipe: str | None = None
) -> RunFilter:
    return RunFilter(project, state, dataset, recipe)


@router.get("/runs")
def list_runs(
    desk: DeskOf,
    who: Who,
    wanted: Annotated[RunFilter, Depends(_wanted)],
    cursor: Cursor = "",
    limit: Limit = 50,
) -> RunPage:
    """All runs, the newest first, whoever drives them."""
    found = page(desk.runs.listed(who, wanted), cursor, limit)
    items = [RunShort(**desk.runs.item(run, short=True)) for run in found["items"]]
    return RunPage(items=items, next=found["next"])


@router.get("/runs/{run}")
def show_run(desk: DeskOf, who: Who, run: str) -> RunItem:
    """A run as it stands."""
    return _item(desk, desk.runs.seen(run, who))


@router.get("/runs/{run}/recipe")
def run_recipe(desk: DeskOf, who: Who, run: str) -> RunRecipe:
    """The recipe of a run."""
    document = desk.runs.seen(run, who).recipe
    return RunRecipe(yaml=as_yaml(document), document=document)


@router.get("/runs/{run}/records")
def run_records(
    desk: DeskOf,
    who: Who,
    run: str,
    state: Literal["accepted", "rejected", "failed"] | None = None,
    cursor: Cursor = "",
    limit: Limit = 50,
) -> RunRecordPage:
    """What was made in a run, the newest first, with the reasons of what was rejected or failed."""
    stored = desk.runs.seen(run, who)
    before = divmod(place(cursor), SLOTS) if cursor else None
    states = (state,) if state else ("accepted", "rejected", "failed")
    ended = desk.workspace.store.watching.ended(run, states=states, before=before, limit=limit + 1)
    items = [RunRecord(**one) for one in desk.runs.records(stored, ended[:limit])]
    attempt, slot = ended[limit - 1].place if len(ended) > limit else (0, 0)
    return RunRecordPage(items=items, next=str(attempt * SLOTS + slot) if len(ended) > limit else None)


@router.post("/runs/{run}/pause")
def pause_run(desk: DeskOf, who: Who, run: str) -> RunItem:
    """Stops a run so that it can go on: what is in flight is taken in. Whoever drives it hears of it in a second."""
    return _wished(desk, who, run, "pause")


@router.post("/runs/{run}/cancel")
def cancel_run(desk: DeskOf, who: Who, run: str) -> RunItem:
    """Stops a run for good; its records stay, and it can be gone on with all the same."""
    return _wished(desk, who, run, "cancel")


@router.post("/runs/{run}/resume")
def resume_run(desk: DeskOf, who: Who, run: str) -> RunItem:
    """Goes on with a run that was stopped, here."""
    _check_plugins(who, _changeable(desk, who, run))
    desk.runner.resume(run)
    desk.note(who, "run resumed", run)
    return _item(desk, desk.runs.seen(run, who))


@router.post("/runs/{run}/refill")
def refill_run(desk: DeskOf, who: Who, run: str) -> Refilled:
    """Makes declined records again; the run goes on. To ask twice is to ask once; a run that goes on already takes none
    that were declined since (409)."""
    _check_plugins(who, _changeable(desk, who, run))
    opened = Refilled(**refill(desk.workspace, run))
    if opened.opened:
        desk.runner.resume(run)
        desk.note(who, "run refilled", run, f"{opened.opened} records")
    return opened


@router.get("/runs/{run}/events", responses=EVENTS, response_class=StreamingResponse)
async def run_events(
    desk: DeskOf,
    who: Who,
    run: str,
    last: Annotated[str, Header(alias="Last-Event-ID", max_length=18)] = "",
) -> StreamingResponse:
    """What happens in a run: `run` (its item) on every change, `record` for what was accepted or rejected, `end`."""
    await run_in_threadpool(desk.runs.seen, run, who)
    after = int(last) if last.isascii() and last.isdigit() else None
    return streamed(desk.feed, desk.feed.of_run(run, after))


def _wished(desk: Desk, who: Who, run: str, wish: str) -> RunItem:
    _changeable(desk, who, run)
    desk.runner.wish(run, wish)
    desk.note(who, f"run {WISHES[wish]}", run)
    return _item(desk, desk.runs.seen(run, who))


def _changeable(desk: Desk, who: Who, run: str) -> StoredRun:
    """A run that the person may stop and go on with.

    Raises:
        Forbidden: not with their role.
        Refused: 409, it is no run that is driven.
    """
    stored = desk.runs.seen(run, who)
    who.needs("editor", project_of(desk.workspace, stored.dataset))
    if stored.kind != "generate":
        raise Refused(409, f"The records of {run} were not made by a recipe.", "It has ended, and cannot go on.")
    return stored


def _check_plugins(who: Who, run: StoredRun) -> None:
    """Plugins are programs on the server's machine: whoever is elsewhere does not start them."""
    if run.options.get("plugins") and not at_home(who):
        raise Refused(403, f"The run {run.id} needs plugins.", "The owner can go on with it at the server's machine.")


def _item(desk: Desk, run: StoredRun) -> RunItem:
    return RunItem(**desk.runs.item(run))
