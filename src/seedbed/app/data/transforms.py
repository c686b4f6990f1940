"""The transforms there are, for people."""

from __future__ import annotations

from inspect import cleandoc
from typing import TYPE_CHECKING, Any

from seedbed.transforms.catalog import transforms

if TYPE_CHECKING:
    from pydantic.fields import FieldInfo


def rows() -> list[dict[str, Any]]:
    """Each transform with what it does in a line."""
    return [{"kind": kind, "summary": _description(kind).partition("\n\n")[0].replace("\n", " ")} for kind in _kinds()]


def about(kind: str) -> dict[str, Any]:
    """All about one.

    Raises:
        InputError: there is none of that name.
    """
    found = transforms.get(kind)
    settings = {name: _default(field) for name, field in found.model_fields.items()}
    return {
        "kind": kind,
        "description": _description(kind),
        "source": found.source,
        "inside_spans": found.default,
        "flips": found.flips,
        "settings": settings,
    }


def _default(field: FieldInfo) -> Any:
    """What a setting is if nobody says anything."""
    return "must be given" if field.is_required() else field.get_default(call_default_factory=True)


def _kinds() -> list[str]:
    return transforms.names()


def _description(kind: str) -> str:
    return cleandoc(transforms.get(kind).__doc__ or "")
