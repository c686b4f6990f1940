"""The page that shows what there is, without a request to anybody else."""

from __future__ import annotations

from importlib.resources import files

from fastapi import APIRouter
from fastapi.responses import Response

router = APIRouter(include_in_schema=False)
PAGES = files("seedbed.api").joinpath("pages")


@router.get("/docs")
def docs() -> Response:
    """The page."""
    return _page("docs.html", "text/html")


@router.get("/docs.js")
def script() -> Response:
    """What draws it."""
    return _page("docs.js", "text/javascript")


@router.get("/docs.css")
def style() -> Response:
    """How it looks."""
    return _page("docs.css", "text/css")


def _page(name: str, kind: str) -> Response:
    return Response(PAGES.joinpath(name).read_bytes(), media_type=f"{kind}; charset=utf-8")
