"""The application: all routes, errors as problems, who asks."""

from __future__ import annotations

from contextlib import asynccontextmanager
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

from fastapi import APIRouter, Depends, FastAPI, Security
from fastapi.routing import APIRoute
from fastapi.security import APIKeyCookie, HTTPBearer

from .desk import ServeSettings
from .guards import Dressed, Ending, Limited, whole_characters
from .identify import COOKIE, Identify
from .opening import opened
from .operation.traffic import Traced, Traffic
from .problems import PROBLEM, add_problems
from .rights import PREFIX
from .routes import (
    catalogues,
    connections,
    datasets,
    docs,
    events,
    files,
    find,
    marks,
    metrics,
    models,
    projects,
    recipes,
    records,
    runs,
    service,
    session,
    tasks,
    templates,
    users,
    versions,
)
from .routes.work import augmentations, fills, jobs, parts, reports, spot_checks
from .studio import studio

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from seedbed.app.workspace import Workspace

__all__ = ["PREFIX", "ServeSettings", "create_app"]

ROUTERS: tuple[APIRouter, ...] = (
    records.router,
    tasks.router,
    datasets.router,
    service.router,
    catalogues.router,
    recipes.router,
    runs.router,
    events.router,
    docs.router,
    session.router,
    users.router,
    projects.router,
    connections.router,
    models.router,
    templates.router,
    marks.router,
    versions.router,
    files.router,
    find.router,
    jobs.router,
    parts.router,
    augmentations.router,
    fills.router,
    reports.router,
    spot_checks.router,
)
"""The routes of every resource; one line each, in the order of the docs page. They are looked through in this order:
what is asked for all the time comes first."""

_PROBLEM: dict[str, Any] = {
    "description": "What went wrong, and what to do about it.",
    "content": {
        PROBLEM: {
            "schema": {
                "type": "object",
                "required": ["type", "title", "status", "detail", "hint"],
                "properties": {
                    "type": {"type": "string"},
                    "title": {"type": "string"},
                    "status": {"type": "integer"},
                    "detail": {"type": "string"},
                    "hint": {"type": "string"},
                    "field": {"type": "string"},
                    "line": {"type": "integer"},
                    "errors": {"type": "array", "items": {"type": "object"}},
                },
            }
        }
    },
}

_WAYS_IN = (Security(HTTPBearer(auto_error=False)), Security(APIKeyCookie(name=COOKIE, auto_error=False)))
"""For the document only: `Identify` has looked at them before any route."""


def create_app(workspace: Workspace, settings: ServeSettings | None = None, *, sample: bool = False) -> FastAPI:
    """The service over one workspace; without settings on loopback, for the person at this machine. With `sample` an
    empty workspace gets a project to look around in."""

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        try:
            assert workspace.store  # opened once, before anybody asks
            async with opened(workspace, settings or ServeSettings(), sample=sample) as desk:
                app.state.desk = desk
                yield
        except Exception as error:
            app.state.failed = error  # for whoever started it, to tell in a sentence
            raise

    app = FastAPI(
        title="Seedbed",
        version=version("seedbed"),
        openapi_url=f"{PREFIX}/openapi.json",
        docs_url=None,
        redoc_url=None,
        lifespan=lifespan,
        responses={"default": _PROBLEM},
        dependencies=[Depends(whole_characters), *_WAYS_IN],
    )
    add_problems(app)
    routes = [one for router in (*ROUTERS, metrics.router) for one in router.routes if isinstance(one, APIRoute)]
    app.state.takes = [(one.path_regex, one.methods) for one in routes]
    for router in ROUTERS:
        app.include_router(router, prefix=PREFIX)
    app.include_router(metrics.router)
    app.include_router(studio())
    for guard in (Identify, Limited, Dressed, Ending):  # each is around those before
        app.add_middleware(guard)
    app.state.traffic = Traffic()
    app.add_middleware(Traced, traffic=app.state.traffic)
    return app
