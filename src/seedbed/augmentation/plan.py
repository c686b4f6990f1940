"""What is to be done to a dataset: transforms with their shares, and where the copies go."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Literal

from pydantic import Field, SerializeAsAny, ValidationError

from seedbed.augmentation.langtest import NAMES, ours
from seedbed.core.fields import FieldError, at
from seedbed.core.part import Name, Settings
from seedbed.core.parts import part_document, part_of
from seedbed.core.transform import Transform
from seedbed.transforms.catalog import transforms as kinds

from .langtest_file import RATE, as_plan

Mode = Literal["add", "new", "inplace"]
MOST = 64
"""Transforms in a plan: for each record one number of 64 bits says which of them apply."""

_MODES = {"transformed": "new"}
_ASKING = ("paraphrase", "back_translation", "back_translate", "rewrite")
_COMMON = ("copies", "labels", "inside")
_OURS = ("max_proportion", "becomes", *_COMMON)
"""Fields every transform has, whatever LangTest calls it."""


class Plan(Settings):
    """Transforms with their shares.

    `mode` is what comes out: `add` the input and the copies, `new` the copies alone, `inplace` the input with copies in
    the places of their originals. `columns` are those whose texts are changed, in conversations the messages of
    `roles`. `labels` and `inside` are policies for all transforms that say nothing themselves. `copies` are made of
    each record that is chosen. `custom_proportions` are shares by name, for transforms that are not listed or have
    none. `export_mode` is LangTest's word for `mode`. A copy that does not pass one of the `checks`, which are
    those of recipes, is not delivered; `model` is the one they ask. `min_pass_rate`, of the plan or of one of its
    transforms, is what a robustness test wants at least.
    """

    transforms: Annotated[tuple[SerializeAsAny[Transform], ...], Field(min_length=1, max_length=MOST)]
    mode: Mode = "add"
    seed: Annotated[int, Field(strict=True, ge=0)] = 0
    columns: tuple[Name, ...] | None = None
    roles: tuple[Name, ...] | None = None
    checks: tuple[Any, ...] = ()
    model: Name | None = None

    @classmethod
    def of(cls, document: Mapping[str, Any]) -> Plan:
        """A plan from a plain document, ours or a LangTest configuration.

        Raises:
            FieldError: a field is wrong.
        """
        return ReadPlan.of(document).plan

    def document(self) -> dict[str, Any]:
        """The plan as plain data; `of` makes an equal one from it."""
        plain = self.model_dump(mode="json", exclude_defaults=True)
        plain["transforms"] = [part_document(one) for one in self.transforms]
        return plain


@dataclass(frozen=True, slots=True)
class ReadPlan:
    """A plan, and what is to be said about how it was read.

    `rates` are the least pass rates of its transforms, None for one that has none of its own, `rate` that of all those:
    a robustness test holds a model against them; for augmentation they say nothing.
    """

    plan: Plan
    notes: tuple[str, ...] = ()
    rates: tuple[float | None, ...] = ()
    rate: float | None = None

    @classmethod
    def of(cls, document: Mapping[str, Any]) -> ReadPlan:
        """A plan from a plain document, ours or a LangTest configuration.

        Raises:
            FieldError: a field is wrong.
        """
        notes: list[str] = []
        if "tests" in document:
            document = as_plan(document, notes)
        fields = dict(document)
        shares = _shares(fields.pop("custom_proportions", None))
        common: dict[str, Any] = {name: fields.pop(name) for name in _COMMON if name in fields}
        if "export_mode" in fields:
            fields["mode"] = fields.pop("export_mode")
        fields["mode"] = _MODES.get(fields.get("mode", "add"), fields.get("mode", "add"))
        rate = _rate(fields.pop(RATE, None), (RATE,))
        found = _transforms(fields.get("transforms"), shares, common)
        fields["transforms"] = tuple(transform for transform, _ in found)
        for name in ("columns", "roles"):
            if isinstance(fields.get(name), str):
                fields[name] = [fields[name]]
        try:
            return cls(Plan.model_validate(fields), tuple(notes), tuple(own for _, own in found), rate)
        except ValidationError as error:
            raise FieldError.of(error, (), Plan) from error


def _shares(given: Any) -> dict[str, Any]:
    """`custom_proportions`: shares by name, or names alone."""
    if given is None:
        return {}
    if isinstance(given, Mapping):
        return dict(given)
    if isinstance(given, Sequence) and not isinstance(given, str):
        return dict.fromkeys(map(str, given))
    raise FieldError(("custom_proportions",), "must be shares by name, such as {add_typo: 0.3}")


def _rate(value: Any, path: tuple[str | int, ...]) -> float | None:
    if value is None or (isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value <= 1):
        return value
    raise FieldError(path, f"must be a number from 0 to 1 (it is {value!r})")


def _transforms(given: Any, shares: dict[str, Any], common: Mapping[str, Any]) -> list[tuple[Transform, float | None]]:
    """The transforms, each with its own least pass rate."""
    if given is None and not shares:
        raise FieldError(
            ("transforms",), "is missing", "For example: transforms: [{kind: add_typo, max_proportion: 0.3}]"
        )
    if given is not None and (isinstance(given, str | Mapping) or not isinstance(given, Sequence)):
        raise FieldError(("transforms",), "must be a list, such as [{kind: add_typo, max_proportion: 0.3}]")
    found = []
    for i, entry in enumerate(given or ()):
        name, own = _entry(entry, ("transforms", i))
        share = shares.pop(name, None)
        own = {**common, **({} if share is None else {"max_proportion": share}), **own}
        rate = _rate(own.pop(RATE, None), ("transforms", i, RATE))
        found.append((transform_of(name, own, ("transforms", i)), rate))
    for name, share in shares.items():
        own = dict(common) if share is None else {**common, "max_proportion": share}
        found.append((transform_of(name, own, ("custom_proportions", name)), None))
    return found


def _entry(entry: Any, path: tuple[str | int, ...]) -> tuple[str, dict[str, Any]]:
    """A transform's name and settings: `name`, `{kind: name, …}`, `{name: share}` or `{name: {…}}`."""
    if isinstance(entry, str):
        return entry, {}
    if isinstance(entry, Transform):
        return entry.kind, part_document(entry)
    if isinstance(entry, Mapping) and isinstance(entry.get("kind"), str):
        return entry["kind"], {name: value for name, value in entry.items() if name != "kind"}
    if isinstance(entry, Mapping) and "kind" not in entry and len(entry) == 1:
        [(name, value)] = entry.items()
        return str(name), dict(value) if isinstance(value, Mapping) else {"max_proportion": value}
    raise FieldError(path, "needs a `kind`", "Write it as {kind: add_typo, max_proportion: 0.3}.")


def transform_of(name: str, settings: Mapping[str, Any], path: tuple[str | int, ...]) -> Transform:
    """A transform by our name or by LangTest's.

    Raises:
        FieldError: there is none, LangTest's has no counterpart, or a setting is wrong.
    """
    document = {"kind": name, **settings}
    if name in _ASKING:
        hint = "Make it a step of a recipe: {kind: rewrite, task: paraphrase}; translated and back are two of them."
        raise FieldError(path, f"`{name}` asks a model, and is no edit", hint)
    if name not in kinds.names() and name in NAMES:
        theirs = {key: value for key, value in settings.items() if key not in _OURS}
        with at(*path):
            document = ours(name, theirs)
        document |= {key: value for key, value in settings.items() if key in _OURS}
    made: Transform = part_of(kinds, document, path)
    return made
