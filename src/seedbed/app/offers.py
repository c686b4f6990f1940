"""What there is to choose from: providers, and models that may be asked."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from seedbed.core.connection import Connection, split_model
from seedbed.providers import catalog
from seedbed.providers.model_files import DEFAULT_MODEL, list_models
from seedbed.providers.places import NO_SERVER, is_local
from seedbed.providers.prices import known_models

from .connections import listed
from .settings import environment_value

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from .workspace import Workspace

TITLES: Final = {
    "openai": "OpenAI, and servers that speak like it",
    "azure": "Azure OpenAI",
    "anthropic": "Anthropic",
    "qianfan": "Baidu Qianfan",
    "dashscope": "Alibaba DashScope",
    "ollama": "Ollama",
    "embedded": "On this machine, in this process",
    "scripted": "Scripted answers, for tests",
}
NO_KEY: Final = (*NO_SERVER, "ollama")


@dataclass(frozen=True, slots=True)
class Offer:
    """A provider: `key` and `address` say whether it needs one, `local` whether it runs on this machine by itself."""

    name: str
    title: str
    key: bool
    key_env: str
    address: bool
    default_address: str
    models: tuple[str, ...]
    local: bool


@dataclass(frozen=True, slots=True)
class ModelOffer:
    """What `model:` in a recipe may be. `ready` says that a key and a file that it needs are there; `size` in bytes."""

    model: str
    connection: str
    title: str
    local: bool
    ready: bool
    size: int | None = None


def offers() -> list[Offer]:
    """Every provider."""
    return [_offer(name) for name in catalog.providers.names()]


def model_offers(workspace: Workspace) -> list[ModelOffer]:
    """The models that are known: files of the embedded one, those that recipes of the past named, and examples."""
    found = [
        ModelOffer(name, "embedded", one.purpose, True, one.path is not None, one.size)
        for one in list_models(workspace.settings.files)
        for name in (["embedded"] if one.name == DEFAULT_MODEL else []) + [f"embedded:{one.name}"]
    ]
    used = _used(workspace)
    for saved in listed(workspace):
        ready = saved.place in ("workspace", "none") or environment_value(saved.place) is not None
        found += _of(saved.name, saved.connection, used, ready=ready)
    for provider, variable in catalog.KEY_VARIABLES.items():
        default = catalog.default_connection(provider)
        if default is not None and _offer(provider).default_address and environment_value(variable):
            found += _of(provider, default, used, ready=True)
    return list({one.model: one for one in reversed(found)}.values())[::-1]


def _offer(name: str) -> Offer:
    default = str(getattr(catalog.providers.get(name), "default_url", ""))
    return Offer(
        name,
        TITLES.get(name, name),
        key=name not in NO_KEY,
        key_env=catalog.KEY_VARIABLES.get(name, ""),
        address=not default and name not in NO_SERVER,
        default_address=default,
        models=tuple(known_models(name)[:12]),
        local=name in NO_KEY,
    )


def _of(name: str, connection: Connection, used: Iterable[str], *, ready: bool) -> Iterator[ModelOffer]:
    """The models of a connection: those that were used, and of a provider's own address those of the price list."""
    own = [one for one in used if split_model(one)[0] == name]
    if not connection.base_url:
        own += [f"{name}:{model}" for model in known_models(connection.provider)]
    own += [f"{name}:{model}" for model in connection.prices]
    for model in dict.fromkeys(own):
        yield ModelOffer(model, name, split_model(model)[1], is_local(connection, split_model(model)[1]), ready)


def _used(workspace: Workspace) -> list[str]:
    """Models that runs named, the latest first."""
    found: dict[str, None] = {}
    for run in workspace.store.runs() if workspace.exists else []:
        given = run.recipe.get("model")
        names = given if isinstance(given, list | dict) else [given]
        found |= dict.fromkeys(name for name in names if isinstance(name, str))
    return list(found)
