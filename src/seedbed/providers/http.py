"""HTTP for all providers: connections opened when first used and kept, their failures put into our words."""

from __future__ import annotations

import os
import ssl
from socket import gaierror
from typing import TYPE_CHECKING

from yarl import URL

from seedbed.core.errors import ProviderError

from .reach import reach_here
from .wire import Address, Barred, Broken, Closed, ConnectTimeout, Reply, Wires

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .reach import Reach

__all__ = ["Http", "Reply"]

CONNECT_SECONDS = 3.3
"""How long a server may take to accept a connection: two repetitions of the first packet, after 1 and 3 seconds."""

_START = "Check the address and that the server runs."


class Http:
    """Connections that are kept and shared, without a limit on their number (the limits of a provider's connection
    are kept above it).

    They belong to the event loop of the first request. Cookies, redirects and proxies from the environment are not
    heeded: a key never travels to an address the user did not name.

    Args:
        reach: which addresses are asked; those of the context (see `reaching`) if it is not said.
    """

    def __init__(self, reach: Reach | None = None) -> None:
        self._wires = Wires(CONNECT_SECONDS, reach or reach_here())
        self._addresses: dict[URL | str, Address] = {}

    async def post(self, url: URL | str, body: bytes, headers: Mapping[str, str], timeout: float) -> Reply:
        """Sends `body` and answers the whole reply, whatever its status.

        Raises:
            ProviderError: no reply: unreachable, timeout or protocol.
        """
        return await self._send("POST", url, body, headers, timeout)

    async def get(self, url: URL | str, headers: Mapping[str, str], timeout: float) -> Reply:
        """Like `post`, with nothing to send."""
        return await self._send("GET", url, b"", headers, timeout)

    async def aclose(self) -> None:
        """Closes all connections; may be called twice, and a later request opens new ones."""
        self._wires.close()

    async def _send(
        self, method: str, url: URL | str, body: bytes, headers: Mapping[str, str], timeout: float
    ) -> Reply:
        address = self._addresses.get(url) or self._address(url)
        message = _message(method, address, headers, body)
        try:
            wire = self._wires.idle(address) or await self._wires.open(address)
            return await wire.ask(message, timeout)
        except (OSError, Broken) as error:
            # Without the foreign error: it may quote what was sent.
            raise _failure(error, address, timeout) from None

    def _address(self, url: URL | str) -> Address:
        parsed = URL(url)
        host, port, secure = parsed.host or "", parsed.port or 0, parsed.scheme == "https"
        found = Address(str(parsed.origin()), host, port, secure, parsed.raw_path_qs)
        self._addresses[url] = found
        return found


def _message(method: str, address: Address, headers: Mapping[str, str], body: bytes) -> bytes:
    lines = [f"{method} {address.target} HTTP/1.1", f"Host: {address.origin.partition('//')[2]}"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    head = "\r\n".join([*lines, f"Content-Length: {len(body)}", "", ""])
    if head.count("\n") != len(lines) + 2:
        raise ValueError("A header holds a line break.")
    return head.encode("latin-1") + body


def _failure(error: Exception, address: Address, timeout: float) -> ProviderError:
    """The first meaning that fits; the order goes from special to general."""
    where = f"{address.host}:{address.port}"
    match error:
        case Broken():
            hint = "Check that the address is that of an API."
            return ProviderError("protocol", f"{where} does not answer in valid HTTP.", hint=hint)
        case ConnectTimeout():
            words = f"{where} did not accept a connection within {CONNECT_SECONDS:g} s."
        case TimeoutError():
            hint = "Raise `timeout` of the connection, or lower its `concurrency`."
            return ProviderError("timeout", f"{where} gave no answer within {timeout:g} s.", hint=hint)
        case ssl.SSLError():
            hint = "Check that the address begins with the right one of http:// and https://, and its certificate."
            return ProviderError("unreachable", f"No secure connection to {where} could be made.", hint=hint)
        case Closed(begun=begun):
            words = f"{where} closed the connection {'in the middle of its answer' if begun else 'before it answered'}."
        case Barred():
            hint = "An owner can allow private addresses in the settings."
            words = f"{where} is at a private address now, which this server does not ask."
            return ProviderError("unreachable", words, hint=hint)
        case gaierror():
            words = f"The name {address.host} cannot be resolved."
        case _:
            number = getattr(error, "errno", None)
            words = f"{where} cannot be reached ({os.strerror(number).lower() if number else 'no connection'})."
    return ProviderError("unreachable", words, hint=_START)
