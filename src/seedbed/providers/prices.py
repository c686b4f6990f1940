"""What models cost: a dated table of list prices, and the user's own."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

import orjson

if TYPE_CHECKING:
    from collections.abc import Mapping

    from seedbed.core.chat import Usage

LOCAL = frozenset({"ollama", "embedded", "scripted"})
"""Providers whose calls cost nothing."""

_SAME_MODELS = {"azure": "openai"}
_VERSION = re.compile(r"[-@](\d{4}-\d{2}-\d{2}|\d{8}|\d{6}|\d{4}|latest)$")


@dataclass(frozen=True, slots=True)
class Price:
    """US dollars per million tokens. `as_of` is the date of the list it is from, empty for the user's own."""

    input: float
    output: float
    as_of: str = ""

    def halved(self) -> Price:
        """That of what is asked for in batches: with the providers that have them, half of all."""
        return Price(self.input / 2, self.output / 2, self.as_of)

    def cost(self, usage: Usage) -> float:
        """US dollars for what was used."""
        return (usage.input_tokens * self.input + usage.output_tokens * self.output) / 1_000_000


def price_of(provider: str, model: str, overrides: Mapping[str, Price] | None = None) -> Price | None:
    """The price of a model, or nothing where it is unknown.

    Args:
        provider: its name; local ones are free.
        model: the provider's name for it. A version at its end (`-2024-07-18`, `-20251001`, `-latest`) may be
            missing from the table; a different variant (`-mini`, `-audio`) is a different model.
        overrides: the user's own prices, by `model` or `provider:model`; they come first.
    """
    for name in _names(model):
        for own in (f"{provider}:{name}", name):
            if overrides and own in overrides:
                return overrides[own]
    if provider in LOCAL:
        return Price(0.0, 0.0)
    known = _table().get(_SAME_MODELS.get(provider, provider), {})
    return next((known[name] for name in _names(model) if name in known), None)


def known_models(provider: str) -> list[str]:
    """The models of a provider that the table has."""
    return list(_table().get(_SAME_MODELS.get(provider, provider), {}))


def table_date() -> str:
    """The date of the built-in table."""
    return str(_data()["as_of"])


def _names(model: str) -> tuple[str, ...]:
    """The full name first, then without its version."""
    name = model.lower()
    bare = _VERSION.sub("", name)
    return (name,) if bare == name else (name, bare)


@cache
def _table() -> dict[str, dict[str, Price]]:
    data = _data()
    return {
        provider: {name: Price(pair[0], pair[1], data["as_of"]) for name, pair in models.items()}
        for provider, models in data["models"].items()
    }


@cache
def _data() -> dict[str, Any]:
    text = files("seedbed.providers").joinpath("prices.json").read_bytes()
    data: dict[str, Any] = orjson.loads(text)
    return data
