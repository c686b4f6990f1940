"""Server-sent events."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import TYPE_CHECKING, Any

from starlette.responses import StreamingResponse

if TYPE_CHECKING:
    from seedbed.app.serve.feed import Feed, Listener

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
            yield framed(event.name, event.data, event.number) if event else b": still there\n\n"
    finally:
        feed.leave(listener)


def framed(name: str, data: bytes, number: int = 0) -> bytes:
    """An event as it is sent; `data` is on one line."""
    own = b"id: %d\n" % number if number else b""
    return b"%sevent: %s\ndata: %s\n\n" % (own, name.encode(), data)
