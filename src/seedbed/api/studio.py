"""The built studio, as files of the package."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

from fastapi import APIRouter
from fastapi.responses import FileResponse, HTMLResponse
from starlette.exceptions import HTTPException

if TYPE_CHECKING:
    from fastapi import Response

FOLDER: Final = Path(__file__).parent / "studio"
FOR_EVER: Final = "public, max-age=31536000, immutable"
_MISSING: Final = """<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>Seedbed</title></head>
<body>
<h1>The studio is not built</h1>
<p>The service runs. To build its pages: <code>make studio</code>, then load this page again.</p>
<p>What programs can ask it: <a href="/api/v1/docs">/api/v1/docs</a></p>
</body>
</html>
"""


def studio(folder: Path = FOLDER) -> APIRouter:
    """The routes of everything that is not the API: a file of the folder, else its `index.html`."""
    router = APIRouter(include_in_schema=False)

    @router.api_route("/{path:path}", methods=["GET", "HEAD"])
    def page(path: str) -> Response:
        if path == "api" or path.startswith("api/"):
            raise HTTPException(404)
        found = _file(folder, path)
        if found is not None and path != "index.html":
            kept = FOR_EVER if path.startswith("assets/") else "no-cache"
            return FileResponse(found, headers={"Cache-Control": kept})
        if path.startswith("assets/"):  # of an older build; a page in its place would be taken for a script
            raise HTTPException(404)
        index = _file(folder, "index.html")
        headers = {"Cache-Control": "no-cache"}
        return FileResponse(index, headers=headers) if index else HTMLResponse(_MISSING, headers=headers)

    return router


def _file(folder: Path, path: str) -> Path | None:
    """The file of a path, if it lies in the folder."""
    try:
        found = (folder / path).resolve()
        return found if found.is_relative_to(folder.resolve()) and found.is_file() else None
    except (OSError, ValueError):  # no name that a file can have
        return None
