"""Answers that are asked for often."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from fastapi import Response

from .desk import etag

if TYPE_CHECKING:
    from pydantic import BaseModel


class Told(NamedTuple):
    """An answer as it is sent: JSON, the version that becomes its ETag (0: none), and which datasets have records that
    are still to be taken in."""

    content: bytes
    version: int = 0
    waiting: tuple[str, ...] = ()

    @classmethod
    def of(cls, model: BaseModel, version: int = 0, waiting: tuple[str, ...] = ()) -> Told:
        """What a model says; one that a route returns is looked through and written by FastAPI, in further threads."""
        return cls(model.__pydantic_serializer__.to_json(model), version, waiting)

    def sent(self) -> Response:
        """The answer."""
        headers = {"ETag": etag(self.version)} if self.version else None
        return Response(self.content, media_type="application/json", headers=headers)
