"""HTTP/1.1 over asyncio: the connections themselves. httptools (llhttp) reads what comes, this says what it means.

A general client costs three to four times as much processor time per call as this (`docs/decisions/0009`): it makes a
dozen objects for features that a JSON API has no use for.
"""

from __future__ import annotations

import asyncio
import ssl
import zlib
from collections import defaultdict
from socket import SOCK_STREAM
from time import monotonic
from typing import TYPE_CHECKING, Any, NamedTuple, cast

from aiohappyeyeballs import start_connection
from httptools import HttpParserError, HttpParserUpgrade, HttpResponseParser

from .reach import is_reached

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .reach import Reach

MOST_BYTES = 64_000_000
"""An answer that is longer is none."""

RESOLVED_SECONDS = 30.0
"""How long the addresses of a name are kept."""

UNRESOLVED_SECONDS = 0.5
"""How long it is taken for granted that a name has none: many ask for it at once."""

LOOK_SECONDS = 0.1
"""How often is looked for answers that are late: a timer for each request costs more than a look at all of them."""

STAGGER_SECONDS = 0.25
"""After so long without a connection the next address of a name is tried beside the first (RFC 8305)."""


class Reply(NamedTuple):
    """What came back; header names are in lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes


class Address(NamedTuple):
    """Where a request goes: `origin` names what connections are shared by, `target` is path and query."""

    origin: str
    host: str
    port: int
    secure: bool
    target: str


class Broken(Exception):
    """What came is not valid HTTP."""


class Closed(ConnectionError):
    """The server closed the connection; `begun` says whether an answer had begun."""

    def __init__(self, *, begun: bool) -> None:
        super().__init__()
        self.begun = begun


class ConnectTimeout(TimeoutError):
    """No connection was accepted in time."""


class Barred(OSError):
    """All addresses of a name are such as are not to be asked."""


class Wires:
    """Connections by origin: those in use, and those that wait for their next request; made to addresses within `reach`
    only."""

    def __init__(self, connect_seconds: float, reach: Reach = "any") -> None:
        self._connect_seconds = connect_seconds
        self._reach = reach
        self._idle: defaultdict[str, list[Wire]] = defaultdict(list)
        self._open: set[Wire] = set()
        self._resolving: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)
        self._resolved: dict[str, tuple[float, list[Any] | OSError]] = {}
        self._tls: ssl.SSLContext | None = None
        self._timer: asyncio.TimerHandle | None = None

    def idle(self, address: Address) -> Wire | None:
        """A connection that waits, the one used last: servers close those that wait for long."""
        waiting = self._idle[address.origin]
        while waiting:
            wire = waiting.pop()
            if wire.alive:
                return wire
        return None

    async def open(self, address: Address) -> Wire:
        """A new connection.

        Raises:
            OSError: there is none to be had (gaierror, SSLError, ConnectTimeout among them).
        """
        try:
            async with asyncio.timeout(self._connect_seconds):
                infos = await self._resolve(address)
                sock = await start_connection(infos, happy_eyeballs_delay=STAGGER_SECONDS)
        except TimeoutError:
            raise ConnectTimeout from None
        secured: dict[str, Any] = {"ssl": self._context(), "server_hostname": address.host} if address.secure else {}
        loop = asyncio.get_running_loop()
        _, wire = await loop.create_connection(lambda: Wire(self._idle[address.origin]), sock=sock, **secured)
        self._open.add(wire)
        wire.lost = self._open.discard
        if self._timer is None:
            self._timer = loop.call_later(LOOK_SECONDS, self._look)
        return wire

    def close(self) -> None:
        """Closes them all."""
        for wire in list(self._open):
            wire.abort()
        self._idle.clear()
        self._resolving.clear()
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _look(self) -> None:
        now = monotonic()
        for wire in list(self._open):
            wire.check(now)
        loop = asyncio.get_running_loop()
        self._timer = loop.call_later(LOOK_SECONDS, self._look) if self._open else None

    async def _resolve(self, address: Address) -> list[Any]:
        """The addresses of a name; who asks while others wait for the same waits with them."""
        async with self._resolving[address.origin]:
            until, found = self._resolved.get(address.origin, (0.0, []))
            if monotonic() > until:
                found, seconds = await _looked_up(address, self._reach)
                self._resolved[address.origin] = (monotonic() + seconds, found)
        if isinstance(found, OSError):
            raise found
        return found

    def _context(self) -> ssl.SSLContext:
        if self._tls is None:
            self._tls = ssl.create_default_context()
        return self._tls


async def _looked_up(address: Address, reach: Reach) -> tuple[list[Any] | OSError, float]:
    """The addresses of a name, or why there are none; and how many seconds that holds for all who ask."""
    loop = asyncio.get_running_loop()
    try:
        found = await loop.getaddrinfo(address.host, address.port, type=SOCK_STREAM)
    except OSError as error:
        return error, UNRESOLVED_SECONDS
    reached = [one for one in found if is_reached(str(one[4][0]), reach)]
    return (reached, RESOLVED_SECONDS) if reached else (Barred(), UNRESOLVED_SECONDS)


class Wire(asyncio.Protocol):
    """One connection: a request, its reply, and again."""

    def __init__(self, idle: list[Wire]) -> None:
        self._idle = idle
        self._waiting: asyncio.Future[Reply] | None = None
        self._transport: asyncio.Transport = cast("asyncio.Transport", None)
        self._parser = HttpResponseParser(self)
        self._headers: dict[str, str] = {}
        self._body: list[bytes] = []
        self._size = 0
        self._begun = False
        self._headed = False
        self._late_at = 0.0
        self.lost: Any = None

    @property
    def alive(self) -> bool:
        """Whether it can take a request."""
        return not self._transport.is_closing()

    async def ask(self, message: bytes, timeout: float) -> Reply:
        """Sends a whole request and answers the whole reply.

        Raises:
            Closed, Broken: there is none.
            TimeoutError: there is none after `timeout` seconds (and up to `LOOK_SECONDS` more).
        """
        self._begun = self._headed = False
        self._late_at = monotonic() + timeout
        self._waiting = asyncio.get_running_loop().create_future()
        self._transport.write(message)
        try:
            return await self._waiting
        except asyncio.CancelledError:
            self.abort()
            raise

    def check(self, now: float) -> None:
        """Gives up an answer that is late."""
        if now >= self._late_at and self._waiting is not None:
            self._fail(TimeoutError())

    def abort(self) -> None:
        """Ends the connection at once."""
        self._transport.abort()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """See `asyncio.BaseProtocol`."""
        self._transport = cast("asyncio.Transport", transport)

    def data_received(self, data: bytes) -> None:
        """See `asyncio.Protocol`."""
        self._begun = True
        try:
            self._parser.feed_data(data)
        except (HttpParserError, HttpParserUpgrade):
            self._fail(Broken())

    def connection_lost(self, error: Exception | None) -> None:
        """See `asyncio.BaseProtocol`. An answer without a length ends with its connection."""
        if self.lost is not None:
            self.lost(self)
        if self._waiting is None:
            return
        endless = "content-length" not in self._headers and "transfer-encoding" not in self._headers
        if error is None and endless and self._headed:
            self.on_message_complete()
        else:
            self._fail(Closed(begun=self._begun))

    def on_message_begin(self) -> None:
        """A reply starts (or one that only says that another is to come)."""
        self._headed = False
        self._headers = {}
        self._body = []
        self._size = 0

    def on_header(self, name: bytes, value: bytes) -> None:
        """One line of the head."""
        key, text = name.decode("latin-1").lower(), value.decode("latin-1")
        self._headers[key] = f"{self._headers[key]}, {text}" if key in self._headers else text

    def on_headers_complete(self) -> None:
        """The head is whole."""
        self._headed = True

    def on_body(self, piece: bytes) -> None:
        """A part of the body."""
        self._size += len(piece)
        if self._size > MOST_BYTES:
            self._fail(Broken())
        self._body.append(piece)

    def on_message_complete(self) -> None:
        """The reply is whole."""
        status = self._parser.get_status_code()
        if status < 200:
            return
        waiting, self._waiting = self._waiting, None
        if waiting is None or waiting.done():
            self.abort()
            return
        try:
            waiting.set_result(Reply(status, self._headers, _plain(b"".join(self._body), self._headers)))
        except (zlib.error, EOFError):
            waiting.set_exception(Broken())
        if self._parser.should_keep_alive() and self.alive:
            self._idle.append(self)
        else:
            self._transport.close()

    def _fail(self, error: Exception) -> None:
        waiting, self._waiting = self._waiting, None
        if waiting is not None and not waiting.done():
            waiting.set_exception(error)
        self.abort()


def _plain(body: bytes, headers: Mapping[str, str]) -> bytes:
    """The body without the compression a server may use although it was not asked for."""
    encoding = headers.get("content-encoding", "identity").strip().lower()
    if encoding in ("identity", ""):
        return body
    if encoding not in ("gzip", "x-gzip", "deflate"):
        raise zlib.error
    unpacking = zlib.decompressobj(47 if encoding != "deflate" else 15)
    return unpacking.decompress(body, MOST_BYTES)
