"""The application: all routes, errors as problems, who asks."""

from __future__ import annotations

from contextlib import asynccontextmanager
from importlib.metadata import version
from typing import TYPE_CHECKING

from fastapi import APIRouter, FastAPI, Request
from starlette.concurrency import run_in_threadpool

from seedbed.app.serve.people import Person

from .desk import Desk
from .problems import add_problems
from .routes import service
from .routes.work import augmentations, datasets, fills, jobs, reports, spot_checks

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable

    from fastapi import Response

    from seedbed.app.workspace import Workspace

PREFIX = "/api/v1"

ROUTERS: tuple[APIRouter, ...] = (
    service.router,
    jobs.router,
    datasets.router,
    augmentations.router,
    fills.router,
    reports.router,
    spot_checks.router,
)
"""The routes of every resource; one line each, in the order of the docs page."""


def create_app(workspace: Workspace) -> FastAPI:
    """The service over one workspace."""

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        app.state.desk = desk = Desk(workspace)
        await run_in_threadpool(desk.jobs.open)
        yield
        await run_in_threadpool(desk.jobs.close)

    app = FastAPI(
        title="Seedbed",
        version=version("seedbed"),
        openapi_url=f"{PREFIX}/openapi.json",
        docs_url=None,
        redoc_url=None,
        lifespan=lifespan,
    )
    add_problems(app)
    for router in ROUTERS:
        app.include_router(router, prefix=PREFIX)

    @app.middleware("http")
    async def identify(request: Request, call: Callable[[Request], Awaitable[Response]]) -> Response:
        request.state.person = Person("you", owner=True, local=True)
        return await call(request)

    return app
