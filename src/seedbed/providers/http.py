"""HTTP for all providers: one session, opened when first used, with its failures put into our words."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, NamedTuple

import aiohttp
from aiohttp.http_exceptions import ContentEncodingError
from aiohttp.payload import BytesPayload
from yarl import URL

from seedbed.core.errors import ProviderError

from .deadlines import Deadlines

if TYPE_CHECKING:
    from collections.abc import Mapping

CONNECT_SECONDS = 3.5
"""How long a server may take to accept a connection: two repetitions of the first packet, after 1 and 3 seconds."""

_TIMES = aiohttp.ClientTimeout(total=None, sock_connect=CONNECT_SECONDS)
_START = "Check the address and that the server runs."


class Reply(NamedTuple):
    """What came back; header names are found in any case."""

    status: int
    headers: Mapping[str, str]
    body: bytes


class Http:
    """One shared session without a limit on connections (the limits of a connection are kept above it).

    It opens at the first request and belongs to the event loop that made it. Cookies, redirects and proxies from the
    environment are off: a key never travels to an address the user did not name.
    """

    def __init__(self) -> None:
        self._session: aiohttp.ClientSession | None = None
        self._deadlines = Deadlines()

    async def post(self, url: URL | str, body: bytes, headers: Mapping[str, str], timeout: float) -> Reply:
        """Sends `body` and answers the whole reply, whatever its status.

        Raises:
            ProviderError: no reply: unreachable, timeout or protocol.
        """
        return await self._send("POST", url, body, headers, timeout)

    async def get(self, url: URL | str, headers: Mapping[str, str], timeout: float) -> Reply:
        """Like `post`, with nothing to send."""
        return await self._send("GET", url, None, headers, timeout)

    async def aclose(self) -> None:
        """Closes all connections; may be called twice, and a later request opens the session again."""
        session, self._session = self._session, None
        if session is not None:
            self._deadlines.close()
            await session.close()

    async def _send(
        self, method: str, url: URL | str, body: bytes | None, headers: Mapping[str, str], timeout: float
    ) -> Reply:
        session = self._session or self._open()
        try:
            with self._deadlines.within(timeout):
                async with session.request(
                    method,
                    url,
                    data=None if body is None else BytesPayload(body),
                    headers=headers,
                    allow_redirects=False,
                ) as response:
                    return Reply(response.status, response.headers, await response.read())
        except (aiohttp.ClientError, OSError) as error:
            raise _failure(error, URL(url), timeout) from None  # a foreign error may quote the headers it sent

    def _open(self) -> aiohttp.ClientSession:
        self._session = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(limit=0),
            cookie_jar=aiohttp.DummyCookieJar(),
            timeout=_TIMES,
        )
        return self._session


def _failure(error: Exception, url: URL, timeout: float) -> ProviderError:
    """The first meaning that fits; the order goes from special to general."""
    where = f"{url.host}:{url.port}"
    match error:
        case aiohttp.ConnectionTimeoutError():
            words = f"{where} did not accept a connection within {CONNECT_SECONDS:g} s."
            return ProviderError("unreachable", words, hint=_START)
        case TimeoutError():
            hint = "Raise `timeout` of the connection, or lower its `concurrency`."
            return ProviderError("timeout", f"{where} gave no answer within {timeout:g} s.", hint=hint)
        case aiohttp.ClientConnectorDNSError():
            return ProviderError("unreachable", f"The name {url.host} cannot be resolved.", hint=_START)
        case aiohttp.ClientSSLError():
            hint = "Check that the address begins with the right one of http:// and https://, and its certificate."
            return ProviderError("unreachable", f"No secure connection to {where} could be made.", hint=hint)
        case aiohttp.ClientConnectorError():
            words = f"{where} cannot be reached ({_reason(error.os_error)})."
            return ProviderError("unreachable", words, hint=_START)
        case _:
            return _broken(error, where)


def _broken(error: Exception, where: str) -> ProviderError:
    """What went wrong after the connection stood."""
    encoding = isinstance(error.__cause__, ContentEncodingError)
    if isinstance(error, aiohttp.ClientPayloadError) and not encoding:
        return ProviderError("unreachable", f"{where} closed the connection in the middle of its answer.", hint=_START)
    if isinstance(error, (aiohttp.ServerDisconnectedError, OSError)):
        return ProviderError("unreachable", f"{where} closed the connection before it answered.", hint=_START)
    hint = "Check that the address is that of an API."
    return ProviderError("protocol", f"{where} does not answer in valid HTTP.", hint=hint)


def _reason(error: OSError) -> str:
    return os.strerror(error.errno).lower() if error.errno else "no connection"
