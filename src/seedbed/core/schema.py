"""JSON Schemas: short forms written out, parts left out, and values that nearly fit made to fit.

The short form names each field with its type: `{"name": "string", "quantity": "integer", "day": "date", "size":
["S", "M"], "items": [{"what": "string"}], "note?": "string"}`. A list of texts is an enumeration, a list of one type or
object an array of it, a `?` behind a name makes the field optional.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .errors import nearest

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

Path = tuple[str, ...]

LONGEST_TEXT = 4_000
LONGEST_LIST = 50
"""Bounds put on what has none: without them small models write until their limit."""

_FORMATS = {"date": "date", "datetime": "date-time", "time": "time", "email": "email", "uuid": "uuid", "url": "uri"}
TYPES: dict[str, dict[str, Any]] = {
    "string": {"type": "string"},
    "text": {"type": "string"},
    "integer": {"type": "integer"},
    "number": {"type": "number"},
    "boolean": {"type": "boolean"},
    **{name: {"type": "string", "format": form} for name, form in _FORMATS.items()},
}
_MARKS = ("properties", "$ref", "$defs", "allOf", "anyOf", "oneOf", "$schema")


def expanded(schema: Any) -> dict[str, Any]:
    """A schema of objects, written out.

    Raises:
        ValueError: it is none, or a type is not known.
    """
    if hasattr(schema, "model_json_schema"):
        schema = schema.model_json_schema()
    if not isinstance(schema, dict) or not schema:
        raise ValueError("must be a JSON Schema of an object, the short form of one, or the name of a file with one")
    whole = schema if any(mark in schema for mark in _MARKS) else _object(schema, "")
    whole = inlined(whole)
    if not isinstance(whole.get("properties"), dict) or not whole["properties"]:
        raise ValueError("must describe an object with properties")
    return whole


def _object(fields: Mapping[str, Any], place: str) -> dict[str, Any]:
    properties = {name.removesuffix("?"): _short(kind, f"{place}{name}") for name, kind in fields.items()}
    return {
        "type": "object",
        "properties": properties,
        "required": [name for name in fields if not name.endswith("?")],
        "additionalProperties": False,
    }


def _short(kind: Any, place: str) -> dict[str, Any]:
    if isinstance(kind, str):
        if kind not in TYPES:
            raise ValueError(f"{place}: there is no type `{kind}`. {nearest(kind, TYPES)}")
        return dict(TYPES[kind])
    if isinstance(kind, dict):
        written_out = "type" in kind and kind["type"] in ("string", "integer", "number", "boolean", "array", "object")
        return kind if written_out or "enum" in kind or "const" in kind else _object(kind, f"{place}.")
    if isinstance(kind, list) and len(kind) == 1 and (isinstance(kind[0], dict) or kind[0] in TYPES):
        return {"type": "array", "items": _short(kind[0], f"{place}[]"), "minItems": 1}
    if isinstance(kind, list) and kind and not any(isinstance(value, list | dict) for value in kind):
        return {"enum": kind}
    raise ValueError(f"{place}: must be a type, a list or an object")


def inlined(schema: dict[str, Any]) -> dict[str, Any]:
    """The schema with its `$ref`s to definitions of its own put in place; recursive ones stay.

    Raises:
        ValueError: a reference leads nowhere.
    """
    whole: dict[str, Any] = _inline(schema, schema, ())
    return {name: part for name, part in whole.items() if name not in ("$defs", "definitions")}


def _inline(node: Any, root: dict[str, Any], under: tuple[str, ...]) -> Any:
    if isinstance(node, list):
        return [_inline(part, root, under) for part in node]
    if not isinstance(node, dict):
        return node
    name = node.get("$ref")
    if isinstance(name, str):
        if name in under or not name.startswith("#/"):
            raise ValueError(f"the schema's reference {name} is recursive or leads out of it, which is not supported")
        target: Any = root
        for step in name[2:].split("/"):
            if not isinstance(target, dict) or step not in target:
                raise ValueError(f"the schema's reference {name} leads nowhere")
            target = target[step]
        rest = {key: part for key, part in node.items() if key != "$ref"}
        return _inline({**target, **rest}, root, (*under, name))
    return {key: _inline(part, root, under) for key, part in node.items()}


def at_path(schema: Mapping[str, Any], path: Path) -> dict[str, Any] | None:
    """The schema of a field; lists on the way are gone through."""
    node: Any = schema
    for step in path:
        while isinstance(node, dict) and "items" in node and "properties" not in node:
            node = node["items"]
        node = node.get("properties", {}).get(step) if isinstance(node, dict) else None
    return node if isinstance(node, dict) else None


def through_list(schema: Mapping[str, Any], path: Path) -> bool:
    """Whether a field lies within the entries of a list."""
    return any("items" in (at_path(schema, path[:depth]) or {}) for depth in range(1, len(path)))


def without(schema: dict[str, Any], paths: Iterable[Path]) -> dict[str, Any]:
    """The schema without some fields, for whoever does not write them; objects left empty go, too."""
    left_out = set(paths)
    return _without(schema, left_out, ()) or {"type": "object", "properties": {}}


def _without(node: dict[str, Any], left_out: set[Path], here: Path) -> dict[str, Any] | None:
    if here in left_out:
        return None
    if "items" in node and isinstance(node["items"], dict) and any(path[: len(here)] == here for path in left_out):
        inner = _without(node["items"], left_out, here)
        return {**node, "items": inner} if inner else None
    if "properties" not in node:
        return node
    kept = {name: _without(part, left_out, (*here, name)) for name, part in node["properties"].items()}
    properties = {name: part for name, part in kept.items() if part is not None}
    if not properties and here:
        return None
    required = [name for name in node.get("required", ()) if name in properties]
    return {**node, "properties": properties, "required": required}


def bounded(node: Any) -> Any:
    """The schema with bounds where it has none."""
    if isinstance(node, list):
        return [bounded(part) for part in node]
    if not isinstance(node, dict):
        return node
    more: dict[str, Any] = {}
    if node.get("type") == "string" and not {"enum", "const", "format", "maxLength"} & node.keys():
        more["maxLength"] = LONGEST_TEXT
    if node.get("type") == "array" and "maxItems" not in node:
        more["maxItems"] = max(LONGEST_LIST, node.get("minItems", 0))
    return {name: bounded(part) for name, part in node.items()} | more


def fitted(value: Any, schema: Mapping[str, Any]) -> Any:
    """The value as the schema would have it where that is beyond doubt: "3" is 3, "yes" is true, one entry is a list
    of one, and fields nobody asked for are dropped."""
    kind = schema.get("type")
    if kind == "object" and isinstance(value, dict):
        return _fitted_object(value, schema)
    if kind == "array":
        entries = value if isinstance(value, list) else [value]
        return [fitted(entry, schema.get("items", {})) for entry in entries] if value is not None else value
    if isinstance(value, str):
        return _fitted_text(value.strip(), schema)
    if kind == "integer" and isinstance(value, float) and value.is_integer():
        return int(value)
    if kind == "string" and isinstance(value, int | float) and not isinstance(value, bool):
        return str(value)
    return value


def _fitted_object(value: dict[str, Any], schema: Mapping[str, Any]) -> dict[str, Any]:
    properties = schema.get("properties", {})
    loose = schema.get("additionalProperties", True) is not False
    by_name = {name.casefold().replace(" ", "_"): name for name in properties}
    found = {}
    for name, part in value.items():
        known = name if name in properties else by_name.get(name.casefold().replace(" ", "_"))
        if known is not None and known not in found:
            found[known] = fitted(part, properties[known])
        elif loose and known is None:
            found[name] = part
    order = [name for name in properties if name in found]
    return {name: found[name] for name in [*order, *(name for name in found if name not in properties)]}


def _fitted_text(value: str, schema: Mapping[str, Any]) -> Any:
    kind = schema.get("type")
    if kind in ("integer", "number"):
        try:
            number = float(value.replace(",", "").lstrip("$€£"))
        except ValueError:
            return value
        return int(number) if kind == "integer" and number.is_integer() else number
    if kind == "boolean" and value.casefold() in ("true", "false", "yes", "no"):
        return value.casefold() in ("true", "yes")
    if "enum" in schema and value not in schema["enum"]:
        return next((one for one in schema["enum"] if str(one).casefold() == value.casefold()), value)
    return value


def only(value: Any, schema: Mapping[str, Any]) -> Any:
    """The value without fields the schema does not name."""
    if isinstance(value, list):
        return [only(entry, schema.get("items", {})) for entry in value]
    properties = schema.get("properties")
    if not isinstance(value, dict) or properties is None:
        return value
    return {name: only(part, properties[name]) for name, part in value.items() if name in properties}


def reach(record: Any, path: Sequence[str]) -> list[tuple[dict[str, Any], str]]:
    """Where the field of a path is to be set: its object and its name, one for each entry of lists on the way."""
    places = [record]
    for step in path[:-1]:
        inner = [place.setdefault(step, {}) for place in places if isinstance(place, dict)]
        places = [entry for part in inner for entry in (part if isinstance(part, list) else [part])]
    return [(place, path[-1]) for place in places if isinstance(place, dict)]
