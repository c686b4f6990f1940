"""JSON Schemas of what is asked for."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

MOST_CHARACTERS = 20_000
"""Length bound of a text in the schema sent along: without one, small models loop until their limit."""

TEXT: dict[str, Any] = {"type": "string", "minLength": 1, "maxLength": MOST_CHARACTERS}


def object_of(fields: Mapping[str, Any]) -> dict[str, Any]:
    """An object with exactly these fields."""
    return {
        "type": "object",
        "properties": dict(fields),
        "required": list(fields),
        "additionalProperties": False,
    }


def list_of(entry: Mapping[str, Any], n: int) -> dict[str, Any]:
    """A list of exactly `n` such entries."""
    return {"type": "array", "items": entry, "minItems": n, "maxItems": n}


def entity_of(labels: Mapping[str, str]) -> dict[str, Any]:
    """Something named in a text, under one of these labels."""
    return object_of({"text": {"type": "string", "minLength": 1}, "label": {"enum": list(labels)}})


@lru_cache(maxsize=64)
def text_schema(fields: tuple[str, ...], n: int = 1) -> dict[str, Any]:
    """An object of these text fields, or a list of `n`; always the same object for the same ones."""
    one = object_of(dict.fromkeys(fields, TEXT))
    return one if n == 1 else object_of({"records": list_of(one, n)})
