"""Answers that are asked for often."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi import Response

from .desk import etag

if TYPE_CHECKING:
    from pydantic import BaseModel


def told(model: BaseModel, version: int | None = None) -> Response:
    """What a route answers, written where it was made.

    A model that is returned is looked through and written by FastAPI, in two further threads. A `version` becomes the
    answer's ETag.
    """
    headers = {"ETag": etag(version)} if version is not None else None
    return Response(model.__pydantic_serializer__.to_json(model), media_type="application/json", headers=headers)
