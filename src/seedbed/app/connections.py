"""Named connections: of the recipe, of the workspace, or a provider by its own name."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING

from seedbed.checks.semantic import SemanticDuplicate
from seedbed.core.connection import Connection, split_model
from seedbed.core.errors import InputError, NotFound, Taken, nearest
from seedbed.core.fields import FieldError, at
from seedbed.core.stored import StoredConnection
from seedbed.core.vectors import OFFLINE
from seedbed.providers import catalog
from seedbed.providers.places import is_local
from seedbed.providers.prices import Price, price_of

from .models import Access, open_access
from .settings import environment_value

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from seedbed.core.fields import FieldPath
    from seedbed.recipe.document import Recipe

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
        FieldError: a connection or model is not known, or the variable that should hold its key is not set.
    """
    places = named_models(recipe)
    stored = {} if all(split_model(model)[0] in recipe.connections for model in places) else _stored(workspace)
    found: dict[str, Access] = {}
    for model, place in places.items():
        name = split_model(model)[0]
        with at(*place):
            found[name] = found.get(name) or _find(workspace, name, recipe.connections, stored)
            _check_model(workspace, model, found[name].connection)
    _check_embeddings(recipe, found)
    if concurrency is not None:
        changed = {"concurrency": concurrency}
        return {name: Access(one.connection.model_copy(update=changed), one.key) for name, one in found.items()}
    return found


def reach(workspace: Workspace, model: str) -> dict[str, Access]:
    """How to reach the connection of one model that no recipe names.

    Raises:
        InputError: the connection or model is not known, or the variable that should hold its key is not set.
    """
    name = split_model(model)[0]
    try:
        access = _find(workspace, name, {}, _stored(workspace))
    except NotFound as error:  # what is not there is not what was asked for, but named in it
        raise InputError(error.message, error.hint) from error
    _check_model(workspace, model, access.connection)
    return {name: access}


def _check_embeddings(recipe: Recipe, access: Mapping[str, Access]) -> None:
    """Whoever is asked for vectors makes some."""
    for path, check in recipe.checked():
        if isinstance(check, SemanticDuplicate) and check.model != OFFLINE:
            provider = access[split_model(check.model)[0]].connection.provider
            if not catalog.has_embeddings(provider):
                hint = f"Name an embedding model of another connection, or the offline one: `model: {OFFLINE}`."
                raise FieldError((*path, "model"), f"the provider `{provider}` has no embeddings", hint)


def model_names(recipe: Recipe) -> list[str]:
    """All models a recipe may ask: those that write, the fallback, those of its checks."""
    return list(named_models(recipe))


def hosted(recipe: Recipe, access: Mapping[str, Access]) -> list[str]:
    """The models of a recipe whose questions may go to others: they run elsewhere, or their fallback does."""
    names = model_names(recipe)
    found = [name for name in names if not _is_local(name, access)]
    return names if recipe.fallback in found else found


def _is_local(name: str, access: Mapping[str, Access]) -> bool:
    connection, model = split_model(name)
    return is_local(access[connection].connection, model)


def named_models(recipe: Recipe) -> dict[str, FieldPath]:
    """All models a recipe may ask → the field that names them."""
    places: dict[str, FieldPath] = {name: ("model", name)[: len(recipe.model)] for name in recipe.model}
    for i, step in enumerate(recipe.steps):
        places |= {name: ("steps", i, "model", name) for name in step.model or () if name not in places}
    for name in recipe.generator.more_models():
        places.setdefault(name, ("generator", "models"))
    if recipe.fallback:
        places.setdefault(recipe.fallback, ("fallback",))
    for path, check in recipe.checked():
        for name in check.more_models():
            places.setdefault(name, (*path, "model"))
    return places


def prices(recipe: Recipe, access: Mapping[str, Access]) -> dict[str, Price | None]:
    """The price of every model of the recipe; None where none is known."""
    own = {name: Price(price.input, price.output) for name, price in recipe.prices.items()}
    found: dict[str, Price | None] = {}
    for name in model_names(recipe):
        connection, model = split_model(name)
        place = access[connection].connection
        said = place.prices.get(model)
        listed = Price(said.input, said.output) if said else price_of(place.provider, model, own)
        found[name] = own.get(name) or listed
    return found


def add(
    workspace: Workspace, name: str, connection: Connection, ask_key: Callable[[], str | None], *, force: bool = False
) -> None:
    """Saves a connection in the workspace; the key is encrypted. `ask_key` is called when all the rest is in order.

    Raises:
        Taken: there is one of that name and `force` is not set.
        InputError: the provider is not known or needs an address, or the name cannot be used.
    """
    _check_name(name)
    if not force and name in _stored(workspace):
        raise Taken(f"There is a connection `{name}` already.", "Replace it with --force, or take another name.")
    _check_usable(workspace, connection, None)
    put(workspace, name, connection, ask_key())


def put(
    workspace: Workspace, name: str, connection: Connection, key: str | None, *, after: int | None = None
) -> StoredConnection:
    """Saves a connection, or the next version of one that has the version `after`, or any; the key is encrypted.

    Raises:
        InputError: the provider is not known or needs an address, or the name or the key cannot be used.
        Changed: it has another version.
    """
    _check_name(name)
    _check_usable(workspace, connection, key)
    encrypted = workspace.keys.encrypt(key) if key else None
    settings = connection.model_dump(mode="json", exclude_defaults=True)
    return workspace.store.put_connection(StoredConnection(name, settings, encrypted), after)


def stored_access(workspace: Workspace, name: str) -> Access:
    """A saved connection with the key that is saved with it, if there is one.

    Raises:
        NotFound: there is none of that name.
    """
    known = _stored(workspace)
    if name not in known:
        raise NotFound(f"There is no connection `{name}` in this workspace.", nearest(name, known))
    key = known[name].key
    return Access(Connection.model_validate(known[name].settings), workspace.keys.decrypt(key) if key else None)


def listed(workspace: Workspace) -> list[NamedConnection]:
    """The workspace's connections."""
    return [_named(workspace, stored) for stored in (workspace.store.connections() if workspace.exists else [])]


def remove(workspace: Workspace, name: str, version: int | None = None) -> None:
    """Forgets a connection that has the `version`, or any.

    Raises:
        NotFound: there is none of that name.
        Changed: it has another version.
    """
    if not workspace.exists or not workspace.store.remove_connection(name, version):
        raise NotFound(f"There is no connection `{name}` in this workspace.", nearest(name, _stored(workspace)))
    workspace.store.serving.place("connection", name, ())


def check(workspace: Workspace, name: str, model: str | None = None) -> catalog.CheckResult:
    """Makes a small real call; `name` may be `connection:model`.

    Raises:
        InputError: there is no such connection, or its key variable is not set.
    """
    connection_name, own_model = split_model(name)
    access = _find(workspace, connection_name, {}, _stored(workspace))
    model = model or own_model
    _check_model(workspace, f"{connection_name}:{model}", access.connection)
    return try_access(workspace, access, model)


def try_access(workspace: Workspace, access: Access, model: str) -> catalog.CheckResult:
    """Makes a small real call by a connection, saved or not.

    Raises:
        InputError: the provider is not known or needs an address, or the key cannot be sent.
    """
    provider = open_access(access, workspace.settings.files)

    async def call() -> catalog.CheckResult:
        try:
            return await catalog.check(provider, model)
        finally:
            await provider.aclose()

    return asyncio.run(call())


def key_from(variable: str) -> str:
    """The key in an environment variable.

    Raises:
        InputError: it is not set. What is not written like a variable (`hf_…`) may be the key itself and is not shown.
    """
    key = environment_value(variable)
    if key is None and variable.isupper():
        hint = f"Set it: export {variable}=…, or save a key with: seedbed connections add"
        raise InputError(f"The variable {variable} for the key is not set.", hint)
    if key is None:
        raise InputError("The variable for the key is not set.", "Give the variable's name, never the key itself.")
    return key


def _find(
    workspace: Workspace, name: str, own: Mapping[str, Connection], stored: Mapping[str, StoredConnection]
) -> Access:
    """A connection with its key: of the recipe, of the workspace, or a provider by its own name."""
    if name in own:
        with at("connections", name, "key_env"):
            access = Access(own[name], _key_of(own[name]))
        with at("connections", name, "provider"):
            open_access(access, workspace.settings.files)
        return access
    if name in stored:
        connection, encrypted = Connection.model_validate(stored[name].settings), stored[name].key
        access = Access(connection, workspace.keys.decrypt(encrypted) if encrypted else _key_of(connection))
    else:
        default = catalog.default_connection(name)
        if default is None:
            known = [*own, *stored, *catalog.providers.names()]
            raise NotFound(f"There is no connection or provider `{name}`.", nearest(name, known))
        access = Access(default, _key_of(default))
    open_access(access, workspace.settings.files)
    return access


def _key_of(connection: Connection) -> str | None:
    return key_from(connection.key_env) if connection.key_env is not None else None


def _check_model(workspace: Workspace, name: str, connection: Connection) -> None:
    """Whether a model is named that can be asked for, as far as that is known here."""
    from seedbed.providers.dialect import Dialect
    from seedbed.providers.model_files import path_of

    called, model = split_model(name)
    if not model and issubclass(catalog.providers.get(connection.provider), Dialect):
        raise InputError(f"Which model of `{called}`?", f"Write {called}:MODEL, with the name its provider gives it.")
    if model and connection.provider == "embedded":
        path_of(model, workspace.settings.files)


def _check_name(name: str) -> None:
    if not name or ":" in name or name != name.strip():
        raise InputError(
            f"`{name}` cannot name a connection.",
            "Take a name without a colon and without spaces at its ends, such as openai.",
        )


def _check_usable(workspace: Workspace, connection: Connection, key: str | None) -> None:
    open_access(Access(connection, key), workspace.settings.files)
    if connection.key_env and not connection.key_env.isupper():
        key_from(connection.key_env)


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
