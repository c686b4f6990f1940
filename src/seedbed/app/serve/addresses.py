"""Whether a connection may be asked by this server: who can add one must not reach what only the server reaches."""

from __future__ import annotations

import socket
from typing import TYPE_CHECKING

from yarl import URL

from seedbed.core.fields import FieldError
from seedbed.providers.catalog import providers
from seedbed.providers.places import NO_SERVER
from seedbed.providers.reach import is_reached

from .settings import read

if TYPE_CHECKING:
    from seedbed.core.connection import Connection
    from seedbed.core.stored import Store
    from seedbed.providers.reach import Reach


def check_allowed(store: Store, connection: Connection, *, alone: bool) -> Reach:
    """Whether this server may ask the connection: no private address, unless an owner allowed it; one that only the
    person at its machine uses (`alone`) may ask that machine. Answers which addresses may be asked by it.

    Raises:
        FieldError: it may not.
    """
    reach = reach_of(store, alone=alone)
    if reach != "any":
        check_public(connection, alone=alone)
    return reach


def reach_of(store: Store, *, alone: bool) -> Reach:
    """Which addresses this server asks; see `check_allowed`."""
    if read(store).private_addresses:
        return "any"
    return "here" if alone else "public"


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
        if not is_reached(found, "here" if alone else "public"):
            where = "a private network" if alone else "this machine or of a private network"
            raise FieldError(
                ("base_url",),
                f"{host} is an address of {where}, which this server does not ask",
                "An owner can allow private addresses in the settings.",
            )


def _addresses(host: str, *, alone: bool) -> list[str]:
    try:
        found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        if alone:  # nothing is reached there, or by a proxy that finds it
            return []
        raise FieldError(("base_url",), f"the host {host} is not found", "Check the address.") from error
    return list(dict.fromkeys(str(one[4][0]) for one in found))
