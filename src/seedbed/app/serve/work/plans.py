"""Plans of augmentations as the API takes them: in the words of plan files, or with `share`, `settings` and `chain`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from seedbed.core.fields import FieldError

from ...data.wishes import Wishes

if TYPE_CHECKING:
    from seedbed.core.fields import FieldPath

CHAIN = "multiple_perturbations"
SHARE = "max_proportion"


def wishes_of(plan: Mapping[str, Any]) -> Wishes:
    """What a plan says.

    Raises:
        FieldError: a field of it is wrong.
    """
    return Wishes.of(document_of(plan))


def document_of(plan: Mapping[str, Any]) -> dict[str, Any]:
    """A plan in the words of plan files. Its own `max_proportion` is that of transforms that say none.

    Raises:
        FieldError: a field of it is wrong.
    """
    own = {name: value for name, value in plan.items() if value is not None}
    share = own.pop(SHARE, None)
    given = own.get("transforms")
    if isinstance(given, Sequence) and not isinstance(given, str):
        own["transforms"] = [_shared(_transform(one, ("transforms", at)), share) for at, one in enumerate(given)]
    return own


def _transform(given: Any, path: FieldPath) -> Any:
    if not isinstance(given, Mapping) or not {"share", "settings", "chain"} & given.keys():
        return given
    own = {name: value for name, value in given.items() if name not in ("share", "settings", "chain", "kind")}
    settings, chain = given.get("settings"), given.get("chain")
    if not isinstance(settings, Mapping | None):
        raise FieldError((*path, "settings"), "must be a mapping of names to values")
    if not isinstance(chain, list | None):
        raise FieldError((*path, "chain"), "must be a list such as [a, b]")
    made = {**own, **(settings or {})}
    if given.get("kind") is not None:
        made = {"kind": given["kind"], **made}
    if chain:
        made = _chained(made, [_transform(step, (*path, "chain", at)) for at, step in enumerate(chain)])
    if given.get("share") is not None:
        made[SHARE] = given["share"]
    return made


def _chained(first: dict[str, Any], steps: list[Any]) -> dict[str, Any]:
    """A chain of steps; a transform that has a chain is its first step."""
    if first.get("kind", CHAIN) in (CHAIN, "chain"):
        return {**first, "kind": CHAIN, "transforms": steps}
    return {"kind": CHAIN, "transforms": [first, *steps]}


def _shared(transform: Any, share: Any) -> Any:
    """A transform with the share of the plan if it has none of its own."""
    if share is None:
        return transform
    if isinstance(transform, str):
        return {"kind": transform, SHARE: share}
    if isinstance(transform, Mapping) and "kind" in transform:
        return {SHARE: share, **transform}
    return transform
