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


EMBEDDED: Final = (IPv6Network("64:ff9b::/96"), IPv6Network("::/96"))
"""Addresses that stand for those of IPv4: where they are translated (NAT64), and as they were once written."""


def check_allowed(store: Store, connection: Connection, *, alone: bool) -> None:
    """Whether this server may ask the connection: no private address, unless an owner allowed it; one that only the
    person at its machine uses (`alone`) may ask that machine.

    Raises:
        FieldError: it may not.
    """
    if not read(store).private_addresses:
        check_public(connection, alone=alone)


def check_public(connection: Connection, *, alone: bool = False) -> None:
    """Whether the connection's address is one of the internet, as its host is found now; or, `alone`, of this machine.

    Raises:
        FieldError: it is this machine, a private network or the same cable, or it is not found.
    """
    if connection.provider in NO_SERVER:
        return
    address = connection.base_url or str(getattr(providers.get(connection.provider), "default_url", ""))
    host = URL(address.strip()).host or ""
    for found in _addresses(host, alone=alone):
        if not is_public(found) and not (alone and is_here(found)):
            where = "a private network" if alone else "this machine or of a private network"
            raise FieldError(
                ("base_url",),
                f"{host} is an address of {where}, which this server does not ask",
                "An owner can allow private addresses in the settings.",
            )


def is_here(address: str) -> bool:
    """Whether an IP address is a loopback one, or none: then it is this machine's."""
    found = _plain(address)
    return found.is_loopback or found.is_unspecified


def is_public(address: str) -> bool:
    """Whether an IP address is one of the internet."""
    found = _plain(address)
    return found.is_global and not found.is_multicast


def _plain(address: str) -> IPv4Address | IPv6Address:
    """An address, or the one that it stands for."""
    found = ip_address(address.partition("%")[0])
    if isinstance(found, IPv6Address):
        inside = found.ipv4_mapped or found.sixtofour or (found.teredo[1] if found.teredo else None)
        if any(found in network for network in EMBEDDED) and int(found) > 1:
            inside = IPv4Address(int(found) & 0xFFFF_FFFF)
        return inside or found
    return found


def _addresses(host: str, *, alone: bool) -> list[str]:
    try:
        found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        if alone:  # nothing is reached there, or by a proxy that finds it
            return []
        raise FieldError(("base_url",), f"the host {host} is not found", "Check the address.") from error
    return list(dict.fromkeys(str(one[4][0]) for one in found))
