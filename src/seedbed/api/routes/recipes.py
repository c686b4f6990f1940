"""Recipes: saved, checked, tried, estimated."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Coroutine
from typing import Annotated, Any, TypeVar

import orjson
from fastapi import APIRouter, Query, Request, Response
from pydantic import BaseModel, Field, model_validator
from starlette.concurrency import run_in_threadpool
from starlette.responses import StreamingResponse

from seedbed.app.serve import recipes, trying
from seedbed.app.serve.drafts import Draft, asked_for, check_use, draft_of
from seedbed.app.serve.people import visible
from seedbed.core.errors import SeedbedError
from seedbed.core.serving import DEFAULT

from ..bodies import Body, Known
from ..desk import Desk, DeskOf, IfMatch, Who, as_looked_at, etag, version_in
from ..paging import Cursor, Limit, page
from ..problems import Refused, problem_of
from ..streams import HEADERS, framed

router = APIRouter(tags=["recipes"])

EVENT_STREAM = "text/event-stream"
LOOK_SECONDS = 1.0
"""Between two looks whether anybody waits."""

T = TypeVar("T")
Attempts = Annotated[int, Field(ge=1, le=20, description="So many attempts.")]


class Written(Body):
    """A recipe as its author wrote it (`yaml`), or as plain data (`document`)."""

    yaml: str | None = Field(None, max_length=2_000_000)
    document: dict[str, Any] | None = None

    @model_validator(mode="after")
    def _one(self) -> Written:
        if sum(getattr(self, name, None) is not None for name in self.ways()) != 1:
            raise ValueError(f"give one of {', '.join(self.ways())}")
        return self

    @classmethod
    def ways(cls) -> tuple[str, ...]:
        """The fields of which one says the recipe."""
        return ("yaml", "document")


class Checking(Written):
    """A recipe to be checked; with `project` also for what it may use there."""

    project: str | None = None


class NewRecipe(Written):
    """A recipe to save; its own name unless another is given."""

    name: str | None = None
    project: str = DEFAULT


class Asked(Written):
    """A recipe, or the name of a saved one."""

    recipe: str | None = None
    project: str = DEFAULT

    @classmethod
    def ways(cls) -> tuple[str, ...]:
        """See `Written.ways`."""
        return ("yaml", "document", "recipe")


class AskedPreview(Asked):
    """What to try."""

    n: Attempts = 3


class Preview(Body):
    """How much to try."""

    n: Attempts = 3


class RecipeItem(Known):
    """A saved recipe. `kind` is that of its generator, or `steps`; `count` is what it asks for, where it says so."""

    name: str
    project: str
    kind: str
    yaml: str
    document: dict[str, Any]
    version: int
    created: str
    updated: str
    count: int | None
    models: list[str]
    last_run: str | None


class RecipePage(BaseModel):
    """A page of recipes."""

    items: list[RecipeItem]
    next: str | None


class Problem(BaseModel):
    """What is wrong with a field: its dotted path and its line; the hint says what to do."""

    field: str
    line: int | None
    message: str
    hint: str


class CellItem(BaseModel):
    """How many records one cell is to hold."""

    cell: dict[str, str]
    wanted: int


class Checked(BaseModel):
    """What a recipe asks for, and everything that is wrong with it."""

    ok: bool
    yaml: str
    document: dict[str, Any]
    name: str
    columns: list[str]
    cells: list[CellItem]
    asked: int
    labels: list[str]
    problems: list[Problem]


class Shown(BaseModel):
    """One attempt in full."""

    cell: dict[str, str]
    model: str
    calls: list[dict[str, Any]]
    records: list[dict[str, Any]]
    error: str


class Previewed(BaseModel):
    """Attempts in full."""

    attempts: list[Shown]


class Tokens(BaseModel):
    """Tokens of questions and answers."""

    input: int
    output: int


class Estimated(BaseModel):
    """What a recipe will take; the cost in US dollars is null where a price is not known."""

    records: int
    attempts: int
    calls: int
    tokens: Tokens
    cost: float | None
    assumptions: list[str]
    deviation: float | None = None


@router.get("/recipes")
def list_recipes(
    desk: DeskOf,
    who: Who,
    project: Annotated[str | None, Query()] = None,
    cursor: Cursor = "",
    limit: Limit = 50,
) -> RecipePage:
    """Saved recipes, by name."""
    found = page(recipes.listed(desk.workspace, who, project), cursor, limit)
    items = [RecipeItem(**recipes.item(desk.workspace, one, who)) for one in found["items"]]
    return RecipePage(items=items, next=found["next"])


@router.post("/recipes", status_code=201)
def save_recipe(desk: DeskOf, who: Who, body: NewRecipe, response: Response) -> RecipeItem:
    """Saves a new recipe."""
    draft = draft_of(desk.workspace, who, body.yaml, body.document)
    stored = recipes.save(desk.workspace, draft, who, body.project, body.name)
    desk.note(who, "recipe saved", stored.name)
    response.headers["ETag"] = etag(stored.version)
    return RecipeItem(**recipes.item(desk.workspace, stored, who))


@router.post("/recipes/check")
def check_recipe(desk: DeskOf, who: Who, body: Checking) -> Checked:
    """What a recipe asks for and what is wrong with it; always answers, but for a project that is not there."""
    if body.project is not None:
        visible(who, body.project, f"There is no project `{body.project}`.")
    draft = draft_of(desk.workspace, who, body.yaml, body.document)
    check_use(desk.workspace, draft, who, body.project)
    asked = asked_for(desk.workspace, draft)
    return Checked(
        ok=not draft.problems,
        yaml=draft.yaml,
        document=draft.document,
        name=str(draft.document.get("name") or ""),
        problems=[Problem.model_validate(one, from_attributes=True) for one in draft.problems],
        **asked,
    )


@router.post("/recipes/preview", response_model=Previewed, responses={200: {"content": {"text/event-stream": {}}}})
async def preview(desk: DeskOf, who: Who, body: AskedPreview, request: Request) -> Any:
    """Tries a recipe with a few calls; nothing is saved. It ends after two minutes, or when nobody waits any more.

    Who accepts `text/event-stream` gets each attempt as an event `attempt` as soon as it has ended, and in the end
    `done`, or `problem` with what went wrong.
    """
    draft = await run_in_threadpool(_usable, desk, who, body, body.project)
    return await _previewed(request, desk, draft, body.n)


@router.post("/recipes/estimate")
def estimate(desk: DeskOf, who: Who, body: Asked) -> Estimated:
    """What a recipe will take; makes no call."""
    return Estimated(**trying.estimate(desk.workspace, _usable(desk, who, body, body.project)))


@router.get("/recipes/{name}")
def show_recipe(desk: DeskOf, who: Who, name: str, response: Response) -> RecipeItem:
    """A saved recipe."""
    stored = recipes.saved(desk.workspace, name, who)
    response.headers["ETag"] = etag(stored.version)
    return RecipeItem(**recipes.item(desk.workspace, stored, who))


@router.put("/recipes/{name}")
def change_recipe(
    desk: DeskOf, who: Who, name: str, body: Written, response: Response, if_match: IfMatch = None
) -> RecipeItem:
    """Saves the next version of a recipe."""
    draft = draft_of(desk.workspace, who, body.yaml, body.document)
    with as_looked_at(body.model_dump(exclude_unset=True), lambda: _item(desk, who, name)):
        stored = recipes.change(desk.workspace, name, draft, who, version_in(if_match))
    desk.note(who, "recipe changed", name)
    response.headers["ETag"] = etag(stored.version)
    return RecipeItem(**recipes.item(desk.workspace, stored, who))


@router.delete("/recipes/{name}", status_code=204)
def remove_recipe(desk: DeskOf, who: Who, name: str, if_match: IfMatch = None) -> None:
    """Forgets a recipe; its runs and datasets stay."""
    with as_looked_at(None, lambda: _item(desk, who, name)):
        recipes.remove(desk.workspace, name, who, version_in(if_match))
    desk.note(who, "recipe removed", name)


@router.post(
    "/recipes/{name}/preview", response_model=Previewed, responses={200: {"content": {"text/event-stream": {}}}}
)
async def preview_saved(desk: DeskOf, who: Who, name: str, request: Request, body: Preview | None = None) -> Any:
    """Tries a saved recipe with a few calls; see `POST /recipes/preview`."""
    asked = AskedPreview(recipe=name, n=(body or Preview()).n)
    draft = await run_in_threadpool(_usable, desk, who, asked, None)
    return await _previewed(request, desk, draft, asked.n)


@router.post("/recipes/{name}/estimate")
def estimate_saved(desk: DeskOf, who: Who, name: str) -> Estimated:
    """What a saved recipe will take."""
    return Estimated(**trying.estimate(desk.workspace, _usable(desk, who, Asked(recipe=name), None)))


def _item(desk: Desk, who: Who, name: str) -> dict[str, Any]:
    return recipes.item(desk.workspace, recipes.saved(desk.workspace, name, who), who)


def written(desk: Desk, who: Who, body: Asked) -> Draft:
    """The draft that a body means.

    Raises:
        NotFound: there is no such recipe.
    """
    if body.recipe is None:
        return draft_of(desk.workspace, who, body.yaml, body.document)
    return draft_of(desk.workspace, who, recipes.saved(desk.workspace, body.recipe, who).yaml, None)


def _usable(desk: Desk, who: Who, body: Asked, project: str | None) -> Draft:
    """The draft, if the person may let models work on it there; without a project where the recipe is saved."""
    draft = written(desk, who, body)
    home = recipes.project_of(desk.workspace, body.recipe or "") if project is None else project
    visible(who, home, f"There is no project `{home}`.", "editor")
    return trying.usable(desk.workspace, draft, who, home)


async def _previewed(request: Request, desk: Desk, draft: Draft, n: int) -> Previewed | StreamingResponse:
    if EVENT_STREAM in request.headers.get("accept", ""):
        events = _attempts(request, desk, draft, n)
        return StreamingResponse(events, media_type=EVENT_STREAM, headers=HEADERS)
    work = trying.preview(desk.runner, draft, n)
    return Previewed.model_validate({"attempts": await _while_there(request, desk, work)})


async def _attempts(request: Request, desk: Desk, draft: Draft, n: int) -> AsyncIterator[bytes]:
    """Each attempt as it ends; the work is cancelled when the client leaves or the server ends."""
    loop, shown = asyncio.get_running_loop(), asyncio.Queue[dict[str, Any] | None]()
    work = trying.preview(desk.runner, draft, n, lambda one: loop.call_soon_threadsafe(shown.put_nowait, one))
    working = asyncio.ensure_future(work)
    working.add_done_callback(lambda _: shown.put_nowait(None))
    try:
        while not (desk.ending.is_set() or await request.is_disconnected()):
            try:
                attempt = await asyncio.wait_for(shown.get(), LOOK_SECONDS)
            except TimeoutError:
                continue
            if attempt is None:
                yield _ended(working)
                return
            yield framed("attempt", orjson.dumps(Shown(**attempt).model_dump(mode="json")))
    finally:
        working.cancel()


def _ended(working: asyncio.Future[Any]) -> bytes:
    try:
        working.result()
    except SeedbedError as error:
        return framed("problem", bytes(problem_of(error).body))
    return framed("done", b"{}")


async def _while_there(request: Request, desk: Desk, work: Coroutine[Any, Any, T]) -> T:
    """What came of the work, which is cancelled when the client leaves or the server ends."""
    working = asyncio.ensure_future(work)
    left, ending = asyncio.ensure_future(_left(request)), asyncio.ensure_future(desk.ending.wait())
    try:
        await asyncio.wait((working, left, ending), return_when=asyncio.FIRST_COMPLETED)
        if not working.done():
            raise Refused(503, "Nobody waits for this any more.", "Ask again.")
        return working.result()
    finally:
        for task in (working, left, ending):
            task.cancel()


async def _left(request: Request) -> None:
    while (await request.receive())["type"] != "http.disconnect":
        pass
