"""Whether a connection may be asked by this server: who can add one must not reach what only the server reaches."""

from __future__ import annotations

import socket
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from typing import TYPE_CHECKING, Final

from yarl import URL

from seedbed.core.fields import FieldError
from seedbed.providers.catalog import providers
from seedbed.providers.places import NO_SERVER

from .settings import read

if TYPE_CHECKING:
    from seedbed.core.connection import Connection
    from seedbed.core.stored import Store


NAT64: Final = IPv6Network("64:ff9b::/96")
"""Addresses that stand for those of IPv4."""


def check_allowed(store: Store, connection: Connection, *, alone: bool) -> None:
    """Whether this server may ask the connection: one that only the person at its machine uses (`alone`) may ask
    anybody, another one no private address, unless an owner allowed it.

    Raises:
        FieldError: it may not.
    """
    if not alone and not read(store).private_addresses:
        check_public(connection)


def check_public(connection: Connection) -> None:
    """Whether the connection's address is one of the internet, as its host is found now.

    Raises:
        FieldError: it is this machine, a private network or the same cable, or it is not found.
    """
    if connection.provider in NO_SERVER:
        return
    address = connection.base_url or str(getattr(providers.get(connection.provider), "default_url", ""))
    host = URL(address.strip()).host or ""
    for found in _addresses(host):
        if not is_public(found):
            raise FieldError(
                ("base_url",),
                f"{host} is an address of this machine or of a private network, which this server does not ask",
                "An owner can allow private addresses in the settings.",
            )


def is_public(address: str) -> bool:
    """Whether an IP address is one of the internet."""
    found = ip_address(address.partition("%")[0])
    if isinstance(found, IPv6Address):
        inside = found.ipv4_mapped or found.sixtofour or (found.teredo[1] if found.teredo else None)
        if found in NAT64:
            inside = IPv4Address(int(found) & 0xFFFF_FFFF)
        found = inside or found
    return found.is_global and not found.is_multicast


def _addresses(host: str) -> list[str]:
    try:
        found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise FieldError(("base_url",), f"the host {host} is not found", "Check the address.") from error
    return list(dict.fromkeys(str(one[4][0]) for one in found))
