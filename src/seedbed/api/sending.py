"""Files that are sent while they are made."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Final
from urllib.parse import quote

from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

if TYPE_CHECKING:
    from collections.abc import Generator, Iterable, Iterator

    from starlette.types import Receive, Scope, Send

    from seedbed.core.record import Record

BYTES: Final = "application/octet-stream"


class Gone(Exception):
    """Who asked for a file is not there any more."""


class Presence:
    """Whether who asked for a file is still there."""

    def __init__(self) -> None:
        self.gone = False

    async def follow(self, receive: Receive) -> None:
        """Waits until they go."""
        while (await receive())["type"] != "http.disconnect":
            pass
        self.gone = True

    def only(self, records: Iterable[Record]) -> Iterator[Record]:
        """The records, as long as somebody wants them.

        Raises:
            Gone: nobody does.
        """
        for record in records:
            if self.gone:
                raise Gone
            yield record


class Streamed(Response):
    """A file whose bytes are sent as they are made, in a thread of the pool that waits for no client.

    What goes wrong before the first bytes is answered as any error. What goes wrong later breaks the answer off in the
    middle, without the end that a whole one has, so that nobody takes it for a whole file.

    Args:
        pieces: the bytes, made as they are asked for.
        name: of the file.
        here: who asks; what makes the bytes may stop when they are gone.
    """

    def __init__(self, pieces: Generator[bytes], name: str, here: Presence) -> None:
        quoted = quote(name)
        called = f'filename="{name}"' if quoted == name else f"filename*=utf-8''{quoted}"
        super().__init__(headers={"content-disposition": f"attachment; {called}"}, media_type=BYTES)
        del self.headers["content-length"]
        self._pieces, self._here = pieces, here

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Sends it."""
        following = asyncio.ensure_future(self._here.follow(receive))
        try:
            await self._send(send)
        except Gone:
            pass
        finally:
            following.cancel()
            self._pieces.close()

    async def _send(self, send: Send) -> None:
        piece = await self._next()
        await send({"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers})
        while piece and not self._here.gone:
            await send({"type": "http.response.body", "body": piece, "more_body": True})
            piece = await self._next()
        await send({"type": "http.response.body", "body": b"", "more_body": False})

    async def _next(self) -> bytes:
        return await run_in_threadpool(next, self._pieces, b"")
