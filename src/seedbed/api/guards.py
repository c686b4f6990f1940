"""What holds for every request and answer: size of bodies, headers, streams that end with the server."""

from __future__ import annotations

import asyncio
import re
from contextlib import suppress
from typing import TYPE_CHECKING, Final

import orjson
from starlette.datastructures import MutableHeaders
from starlette.exceptions import HTTPException
from starlette.requests import Request

from . import rights
from .headers import SECURITY
from .identify import still_same
from .problems import Refused, problem

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

MOST: Final = 1_000_000
MOST_UPLOADED: Final = 200_000_000
AROUND: Final = 100_000
"""What the parts of an upload may have around the file."""

LOOK: Final = 1.0
"""Seconds after which an open stream asks again whether who reads it still may."""

UPLOADS: Final = ("/imports", "/annotation-tasks/import", "/fills/import")


_ESCAPED: Final = re.compile(rb"\\u[dD][89abAB-Fc-f]")


async def whole_characters(request: Request) -> None:
    """Refuses JSON with half a character, which no file and no database can hold.

    Raises:
        Refused: 400.
    """
    if "json" not in request.headers.get("content-type", ""):
        return
    body = await request.body()
    if _ESCAPED.search(body):
        try:
            orjson.loads(body)
        except orjson.JSONDecodeError as error:
            hint = "A character above U+FFFF is two escapes in JSON: send both, or the character itself."
            raise Refused(400, "The body is no JSON, or holds half a character (a lone surrogate).", hint) from error


class Limited:
    """Refuses bodies that are too large, by what they say and by what comes."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        upload = scope["path"].removeprefix(rights.PREFIX) in UPLOADS
        most = MOST_UPLOADED + AROUND if upload else MOST
        said = next((value for name, value in scope["headers"] if name == b"content-length"), b"0")
        words = f"This is more than {(MOST_UPLOADED if upload else MOST) // 1_000_000} MB"
        if said.isdigit() and int(said) > most:
            await problem(413, f"{words}.", "Send it in parts.")(scope, receive, send)
            return
        came = 0

        async def counted() -> Message:
            nonlocal came
            message = await receive()
            came += len(message.get("body", b""))
            if came > most:
                raise HTTPException(413, words)
            return message

        await self._app(scope, counted, send)


class Dressed:
    """Puts the headers on every answer that browsers protect themselves by."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""
        private = scope.get("path", "").startswith("/api/")

        async def dressed(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in SECURITY.items():
                    headers.setdefault(name, value)
                if private:
                    headers.setdefault("Cache-Control", "no-store")
            await send(message)

        await self._app(scope, receive, dressed)


class Ending:
    """Lets event streams end when the server does, or when who reads them may no longer; all else is answered to its
    end."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        stream = _Stream(scope, receive, send)
        await self._app(scope, stream.receive, stream.send)
        await stream.finish()


class _Stream:
    """One answer, of which it is not yet known whether it is a stream of events."""

    def __init__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self._scope, self._receive, self._send = scope, receive, send
        self._streams = self._open = False

    async def send(self, message: Message) -> None:
        """Passes a part of the answer on."""
        if message["type"] == "http.response.start":
            kind = next((value for name, value in message["headers"] if name.lower() == b"content-type"), b"")
            self._streams = kind.startswith(b"text/event-stream")
        self._open = message["type"] == "http.response.start" or bool(message.get("more_body"))
        await self._send(message)

    async def receive(self) -> Message:
        """What comes from who asked; once a stream is to end, that they went."""
        coming = asyncio.ensure_future(self._receive())
        ended = asyncio.ensure_future(self._over())
        try:
            await asyncio.wait((coming, ended), return_when=asyncio.FIRST_COMPLETED)
            if not coming.done() and not self._streams:
                await coming
            return coming.result() if coming.done() else {"type": "http.disconnect"}
        finally:
            for task in (coming, ended):
                task.cancel()

    async def _over(self) -> None:
        """Waits until the server ends, or a stream is no longer for who reads it."""
        ending: asyncio.Event = self._scope["app"].state.desk.ending
        while not ending.is_set():
            with suppress(TimeoutError):
                await asyncio.wait_for(ending.wait(), LOOK)
            if self._streams and not await still_same(self._scope):
                return

    async def finish(self) -> None:
        """Closes a stream that was left open."""
        if self._streams and self._open:
            await self._send({"type": "http.response.body", "body": b"", "more_body": False})
