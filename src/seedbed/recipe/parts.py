"""Parts from their documents and back."""

from __future__ import annotations

from inspect import isabstract
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from seedbed.core.fields import FieldError, at
from seedbed.core.part import Part

if TYPE_CHECKING:
    from seedbed.core.registry import Registry


def part_of(registry: Registry[Any], entry: Any, path: tuple[str | int, ...]) -> Any:
    """A part from its document `{kind: …, …}` or from its bare name.

    Raises:
        FieldError: unknown kind, or a field that is wrong.
    """
    if isinstance(entry, str):
        entry = {"kind": entry}
    if entry is None:
        raise FieldError(path, "is missing")
    if not isinstance(entry, dict) or not isinstance(entry.get("kind"), str):
        known = ", ".join(registry.names())
        raise FieldError(path, "needs a `kind`", f"Write it as {{kind: …, its settings}}. Known: {known}.")
    with at(*path, "kind"):
        part: type[Part] = registry.get(entry["kind"])
    if not (isinstance(part, type) and issubclass(part, Part)) or isabstract(part):
        problem = f"`{entry['kind']}` is registered as a class that is no whole {registry.noun}"
        raise FieldError((*path, "kind"), problem, "It needs its method, and the base class that declares it.")
    try:
        return part.model_validate({name: value for name, value in entry.items() if name != "kind"})
    except ValidationError as error:
        raise FieldError.of(error, path, part) from error


def part_document(part: Part) -> dict[str, Any]:
    """A part as plain data; `part_of` makes an equal one from it."""
    return {"kind": part.kind, **part.model_dump(mode="json", exclude_defaults=True, by_alias=True)}
