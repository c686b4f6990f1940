"""Where a model runs: on this machine or in its network, or with somebody else."""

from __future__ import annotations

import re
from ipaddress import IPv6Address, ip_address, ip_network
from typing import TYPE_CHECKING

from yarl import URL

from .catalog import providers

if TYPE_CHECKING:
    from seedbed.core.connection import Connection

PRIVATE = tuple(
    map(
        ip_network,
        (
            *("127.0.0.0/8", "::1/128", "0.0.0.0/32", "::/128"),  # this machine
            *("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "fc00::/7"),  # private networks (RFC 1918, RFC 4193)
            *("169.254.0.0/16", "fe80::/10"),  # the same cable
        ),
    )
)
NO_SERVER = ("embedded", "scripted")

_CLOUD = re.compile(r"[:-]cloud\Z")
"""What Ollama passes on to its own servers, though it is asked on this machine: `gpt-oss:120b-cloud`, `glm:cloud`."""


def is_local(connection: Connection, model: str) -> bool:
    """Whether what is asked of the model stays on this machine or in its network, as far as its address says.

    Names other than `localhost` are not looked up: what they stand for may change. `Connection.local` overrides.
    """
    if connection.local is not None:
        return connection.local
    if connection.provider in NO_SERVER:
        return True
    address = connection.base_url or str(getattr(providers.get(connection.provider), "default_url", ""))
    return not _CLOUD.search(model) and _is_near(URL(address.strip()).host or "")


def _is_near(host: str) -> bool:
    name = host.rstrip(".").lower()
    if name == "localhost" or name.endswith(".localhost"):
        return True
    try:
        address = ip_address(name)
    except ValueError:
        return False
    if isinstance(address, IPv6Address) and address.ipv4_mapped:
        address = address.ipv4_mapped
    return any(address in network for network in PRIVATE)
