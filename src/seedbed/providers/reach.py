"""Which addresses are asked: a server that others use must not reach for them what only it reaches.

A name is looked up when it is saved, and again when it is connected to: whoever has it may make it stand for another
address in between (DNS rebinding). So what counts is the address that the connection is made to.
"""

from __future__ import annotations

from contextlib import contextmanager
from contextvars import ContextVar
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from typing import TYPE_CHECKING, Final, Literal

if TYPE_CHECKING:
    from collections.abc import Iterator

Reach = Literal["any", "here", "public"]
"""All addresses, those of the internet and of this machine, or those of the internet alone."""

EMBEDDED: Final = (IPv6Network("64:ff9b::/96"), IPv6Network("::/96"))
"""Addresses that stand for those of IPv4: where they are translated (NAT64), and as they were once written."""

_within: ContextVar[Reach] = ContextVar("reach", default="any")


@contextmanager
def reaching(reach: Reach) -> Iterator[None]:
    """Clients that are made in this context ask such addresses only, for as long as they are used."""
    token = _within.set(reach)
    try:
        yield
    finally:
        _within.reset(token)


def reach_here() -> Reach:
    """What a client that is made now may ask."""
    return _within.get()


def is_reached(address: str, reach: Reach) -> bool:
    """Whether an IP address is asked."""
    return reach == "any" or is_public(address) or (reach == "here" and is_here(address))


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
