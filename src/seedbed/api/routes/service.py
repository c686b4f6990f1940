"""What the service says about itself."""

from __future__ import annotations

from importlib.metadata import version

from fastapi import APIRouter
from pydantic import BaseModel

router = APIRouter(tags=["service"])


class Health(BaseModel):
    """That the service is there."""

    status: str
    version: str


@router.get("/health")
def health() -> Health:
    """Whether the service is there; needs no login."""
    return Health(status="ok", version=version("seedbed"))
