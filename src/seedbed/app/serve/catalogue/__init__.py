"""What there is to choose from, as people are shown it: titles, groups, sentences, examples."""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files
from inspect import cleandoc
from typing import TYPE_CHECKING, Any

import yaml

from seedbed.checks.catalog import checks
from seedbed.core.errors import SeedbedError
from seedbed.formats.catalog import formats, is_flat
from seedbed.generators.catalog import generators
from seedbed.transforms.catalog import transforms

if TYPE_CHECKING:
    from collections.abc import Iterator

    from seedbed.core.part import Part
    from seedbed.core.registry import Registry

OWN = "Of plugins"
"""The group of parts that other packages brought."""

_SENTENCE = re.compile(r"(?s)(.+?[.:])(?:\s|$)")


def generator_rows() -> list[dict[str, Any]]:
    """Each generator with a whole recipe as an example; `needs` says whether the embedded model can do it well."""
    return [
        {**row, "needs": said.get("needs", "any"), "example": said.get("example", "")}
        for row, said in _rows("generators", generators)
    ]


def check_rows() -> list[dict[str, Any]]:
    """Each check."""
    return [row for row, _ in _rows("checks", checks)]


def transform_rows() -> list[dict[str, Any]]:
    """Each transform with what it does to a sentence, and the languages it is for where it says so."""
    found = []
    for row, said in _rows("transforms", transforms):
        example = {"before": said.get("before", ""), "after": said.get("after", "")}
        found.append({**row, "example": example, "languages": _languages(transforms.get(row["kind"]))})
    return found


def format_rows() -> list[dict[str, Any]]:
    """Each file format and its suffixes."""
    known = _said("formats")
    names = [*(name for name in known if name in formats.names()), *(n for n in formats.names() if n not in known)]
    return [
        {
            "name": name,
            "title": known.get(name, {}).get("title", _title(name)),
            "extensions": known.get(name, {}).get("extensions", [f".{name}"]),
            "reads": hasattr(formats.get(name), "read"),
            "writes": hasattr(formats.get(name), "write"),
            "flat": is_flat(name),
        }
        for name in names
    ]


@cache
def settings_schema(part: type[Part]) -> dict[str, Any]:
    """The JSON Schema of a part's settings, made once: not to be changed. What only Python can give is anything."""
    try:
        return part.model_json_schema(by_alias=True)
    except Exception:  # noqa: BLE001 - a plugin's settings may hold what has no schema
        return {"type": "object", "properties": {name: {} for name in part.model_fields}}


def _rows(catalogue: str, registry: Registry[Any]) -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
    """Each part of a registry, in the order of the catalogue, with all that is said of it there."""
    known = _said(catalogue)
    for kind in [*known, *(name for name in registry.names() if name not in known)]:
        try:
            part: type[Part] = registry.get(kind)
        except SeedbedError:
            continue  # a package that brought it is broken; the others are there
        said = known.get(kind, {})
        row = {
            "kind": kind,
            "title": said.get("title", _title(kind)),
            "summary": said.get("summary") or _summary(part),
            "group": said.get("group", OWN),
            "schema": settings_schema(part),
        }
        yield row, said


@cache
def _said(catalogue: str) -> dict[str, dict[str, Any]]:
    text = files(__name__).joinpath(f"{catalogue}.yaml").read_text("utf-8")
    found: dict[str, dict[str, Any]] = yaml.safe_load(text)
    return found


def _title(kind: str) -> str:
    return kind.replace("_", " ").capitalize()


def _summary(part: type[Any]) -> str:
    """The first sentence of what is written about it."""
    text = " ".join(cleandoc(part.__doc__ or "").split())
    sentence = _SENTENCE.match(text)
    found = sentence[1] if sentence else text
    return (found[:1].upper() + found[1:].rstrip(":.") + ".") if found else ""


def _languages(part: type[Part]) -> list[str] | None:
    """The languages a transform's text must be in; None if any."""
    return ["en"] if re.search(r"\b(English|American|British)\b", part.__doc__ or "") else None
