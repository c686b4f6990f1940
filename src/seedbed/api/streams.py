"""Server-sent events."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import TYPE_CHECKING, Any

from starlette.responses import StreamingResponse

if TYPE_CHECKING:
    from seedbed.app.serve.feed import Event, Feed, Listener

IDLE_SECONDS = 15.0
"""After so long without an event a comment is sent, so that nothing on the way thinks the connection dead."""

HEADERS = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}

EVENTS: dict[int | str, dict[str, Any]] = {
    200: {"content": {"text/event-stream": {}}, "description": "Server-sent events."}
}
"""What such a route answers, for the API's description."""


def streamed(feed: Feed, listener: Listener) -> StreamingResponse:
    """The events of a listener until they end, or the client leaves."""
    return StreamingResponse(_lines(feed, listener), media_type="text/event-stream", headers=HEADERS)


async def _lines(feed: Feed, listener: Listener) -> AsyncIterator[bytes]:
    try:
        yield b": seedbed\n\n"
        async for event in listener.events(IDLE_SECONDS):
            yield _framed(event) if event else b": still there\n\n"
    finally:
        feed.leave(listener)


def _framed(event: Event) -> bytes:
    number = b"id: %d\n" % event.number if event.number else b""
    return b"%sevent: %s\ndata: %s\n\n" % (number, event.name.encode(), event.data)
