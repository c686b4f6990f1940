"""Connections as a server takes and answers them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from seedbed.core.connection import Connection

from ..connections import NamedConnection

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping


def named(item: Mapping[str, Any]) -> NamedConnection:
    """A connection of a server, with the last four characters of its key."""
    fields = {name: item[name] for name in Connection.model_fields if item.get(name) is not None}
    key = f"…{item['key_last4']}" if item.get("key_last4") else ""
    return NamedConnection(item["name"], Connection.model_validate(fields), key, item["key_place"])


def connection_body(connection: Connection, key: str | None, projects: Iterable[str] | None) -> dict[str, Any]:
    """What is sent to save one; without a `key` and `projects` these stay what they are."""
    given = connection.model_dump(mode="json", exclude_defaults=True)
    given |= {"key": key} if key else {}
    return given | ({"projects": list(projects)} if projects is not None else {})
