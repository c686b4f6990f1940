"""Everything that happens, as it happens."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi import APIRouter
from starlette.responses import StreamingResponse

from ..desk import DeskOf, Who
from ..streams import EVENTS, streamed

if TYPE_CHECKING:
    from seedbed.app.serve.feed import Event

router = APIRouter(tags=["events"])


@router.get("/events", responses=EVENTS, response_class=StreamingResponse)
async def all_events(desk: DeskOf, who: Who, project: str | None = None) -> StreamingResponse:
    """`run`, `job` and `dataset` for whatever changes, also by other processes."""

    def takes(event: Event) -> bool:
        return project in (None, event.project) and who.sees(event.project)

    return streamed(desk.feed, desk.feed.of_all(takes))
