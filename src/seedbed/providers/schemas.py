"""JSON Schemas put into the form a provider takes."""

from __future__ import annotations

import re
from typing import Any

_BESIDES = re.compile(r"[^a-zA-Z0-9_-]+")
_LIMITS = frozenset(
    {"minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf", "minLength", "maxLength"}
    | {"minItems", "maxItems", "uniqueItems", "minProperties", "maxProperties"}
)


def schema_name(schema: dict[str, Any]) -> str:
    """A name of letters, digits, `_` and `-`, from the schema's title."""
    return _BESIDES.sub("_", str(schema.get("title", ""))).strip("_")[:64] or "answer"


def is_closed(schema: Any) -> bool:
    """Whether every object of the schema requires all its properties and allows no others ("strict")."""
    if isinstance(schema, list):
        return all(is_closed(part) for part in schema)
    if not isinstance(schema, dict):
        return True
    properties = schema.get("properties")
    if isinstance(properties, dict):
        required = set(schema.get("required", ()))
        if schema.get("additionalProperties") is not False or required != set(properties):
            return False
        return all(is_closed(part) for part in properties.values()) and is_closed(_besides(schema))
    return all(is_closed(part) for part in schema.values())


def closed(schema: Any) -> Any:
    """A copy whose objects allow no other properties, without the limits on sizes and lengths.

    That is the subset Anthropic documents for structured outputs; values are checked again after parsing, so a
    dropped limit is still kept.
    """
    if isinstance(schema, list):
        return [closed(part) for part in schema]
    if not isinstance(schema, dict):
        return schema
    kept = {name: closed(part) for name, part in schema.items() if name not in _LIMITS and name != "properties"}
    if isinstance(schema.get("properties"), dict):
        kept["properties"] = {name: closed(part) for name, part in schema["properties"].items()}
        kept["additionalProperties"] = False
    return kept


def _besides(schema: dict[str, Any]) -> list[Any]:
    return [part for name, part in schema.items() if name != "properties"]
