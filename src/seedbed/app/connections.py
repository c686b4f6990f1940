"""Named connections: of the recipe, of the workspace, or a provider by its own name."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING

from seedbed.core.connection import Connection, split_model
from seedbed.core.errors import InputError, nearest
from seedbed.core.stored import StoredConnection
from seedbed.providers import catalog
from seedbed.providers.prices import Price, price_of

from .models import Access, open_access
from .settings import environment_value

if TYPE_CHECKING:
    from collections.abc import Mapping

    from seedbed.engine.recipe import Recipe

    from .workspace import Workspace


@dataclass(frozen=True, slots=True)
class NamedConnection:
    """A connection as people see it: never the key, at most its last four characters."""

    name: str
    connection: Connection
    key: str
    place: str


def resolve(workspace: Workspace, recipe: Recipe, concurrency: int | None = None) -> dict[str, Access]:
    """How to reach every connection the recipe's models name.

    Raises:
        InputError: a connection is not known, or the variable that should hold its key is not set.
    """
    names = dict.fromkeys(split_model(model)[0] for model in model_names(recipe))
    stored = _stored(workspace) if any(name not in recipe.connections for name in names) else {}
    found: dict[str, Access] = {}
    for name in names:
        connection, key = _find(workspace, name, recipe.connections, stored)
        if concurrency is not None:
            connection = connection.model_copy(update={"concurrency": concurrency})
        found[name] = Access(connection, key)
    return found


def model_names(recipe: Recipe) -> list[str]:
    """All models a recipe may ask: those that write, the fallback, those of its checks."""
    of_checks = [getattr(check, "model", None) for check in recipe.checks]
    return list(dict.fromkeys([*recipe.model, *filter(None, [recipe.fallback, *of_checks])]))


def prices(recipe: Recipe, access: Mapping[str, Access]) -> dict[str, Price | None]:
    """The price of every model of the recipe; None where none is known."""
    own = {name: Price(price.input, price.output) for name, price in recipe.prices.items()}
    found: dict[str, Price | None] = {}
    for name in model_names(recipe):
        connection, model = split_model(name)
        found[name] = own.get(name) or price_of(access[connection].connection.provider, model, own)
    return found


def add(workspace: Workspace, name: str, connection: Connection, key: str | None) -> None:
    """Saves a connection in the workspace; the key is encrypted.

    Raises:
        InputError: the provider is not known, or the name cannot be used.
    """
    if not name or ":" in name or name != name.strip():
        raise InputError(f"`{name}` cannot name a connection: it must not be empty or hold a colon.")
    catalog.providers.get(connection.provider)
    encrypted = workspace.keys.encrypt(key) if key else None
    settings = connection.model_dump(mode="json", exclude_defaults=True)
    workspace.store.put_connection(StoredConnection(name, settings, encrypted))


def listed(workspace: Workspace) -> list[NamedConnection]:
    """The workspace's connections."""
    return [_named(workspace, stored) for stored in (workspace.store.connections() if workspace.exists else [])]


def remove(workspace: Workspace, name: str) -> None:
    """Forgets a connection.

    Raises:
        InputError: there is none of that name.
    """
    if not workspace.exists or not workspace.store.remove_connection(name):
        raise InputError(f"There is no connection `{name}` in this workspace.", nearest(name, _stored(workspace)))


def check(workspace: Workspace, name: str, model: str | None = None) -> catalog.CheckResult:
    """Makes a small real call; `name` may be `connection:model`.

    Raises:
        InputError: there is no such connection, or its key variable is not set.
    """
    connection_name, own_model = split_model(name)
    connection, key = _find(workspace, connection_name, {}, _stored(workspace))
    provider = open_access(Access(connection, key), workspace.settings.files)

    async def call() -> catalog.CheckResult:
        try:
            return await catalog.check(provider, model or own_model)
        finally:
            await provider.aclose()

    return asyncio.run(call())


def _find(
    workspace: Workspace, name: str, own: Mapping[str, Connection], stored: Mapping[str, StoredConnection]
) -> tuple[Connection, str | None]:
    if name in own:
        catalog.providers.get(own[name].provider)
        return own[name], _from_environment(name, own[name])
    if name in stored:
        connection = Connection.model_validate(stored[name].settings)
        encrypted = stored[name].key
        if encrypted:
            return connection, workspace.keys.decrypt(encrypted)
        return connection, _from_environment(name, connection)
    default = catalog.default_connection(name)
    if default is None:
        known = [*own, *stored, *catalog.providers.names()]
        raise InputError(f"There is no connection or provider `{name}`.", nearest(name, known))
    return default, _from_environment(name, default)


def _from_environment(name: str, connection: Connection) -> str | None:
    if connection.key_env is None:
        return None
    key = environment_value(connection.key_env)
    if key is None:
        raise InputError(
            f"The connection `{name}` takes its key from the variable {connection.key_env}, which is not set.",
            f"Set it: export {connection.key_env}=…, or save a key with: seedbed connections add",
        )
    return key


def _stored(workspace: Workspace) -> dict[str, StoredConnection]:
    return {stored.name: stored for stored in workspace.store.connections()} if workspace.exists else {}


def _named(workspace: Workspace, stored: StoredConnection) -> NamedConnection:
    connection = Connection.model_validate(stored.settings)
    key, place = "", "none"
    if stored.key:
        key, place = workspace.keys.mask(workspace.keys.decrypt(stored.key)), "workspace"
    elif connection.key_env:
        place = connection.key_env
    return NamedConnection(stored.name, connection, key, place)
