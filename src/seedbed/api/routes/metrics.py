"""Figures for Prometheus."""

from __future__ import annotations

import asyncio

from fastapi import APIRouter, Request, Response

from ..desk import DeskOf, Who
from ..operation.exposition import CONTENT_TYPE, exposed
from ..operation.measures import measured
from ..operation.traffic import Traffic

router = APIRouter(include_in_schema=False)
"""Not below `/api/v1`: it is where Prometheus looks, in a format of its own."""


@router.get("/metrics")
async def metrics(request: Request, desk: DeskOf, person: Who) -> Response:
    """How the service goes; for owners of the workspace and their tokens, also those that only read."""
    if not person.surveys:
        person.needs_workspace()
    traffic: Traffic = request.app.state.traffic
    families = [*await asyncio.to_thread(measured, desk), *traffic.families()]
    return Response(exposed(families), headers={"Content-Type": CONTENT_TYPE, "Cache-Control": "no-store"})
