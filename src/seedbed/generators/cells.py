"""What all generators share that fill cells: further axes, weights, and attributes that only vary the prompt."""

from __future__ import annotations

from abc import ABC
from functools import cached_property
from random import Random
from typing import TYPE_CHECKING, Annotated, Any

from pydantic import BeforeValidator, Field, field_validator, model_validator

from seedbed.core.apportion import as_fraction
from seedbed.core.errors import InputError, nearest
from seedbed.core.part import Generator, Name, Share
from seedbed.core.quota import Axis
from seedbed.core.template import Template

from .steer import bullets

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from fractions import Fraction
    from typing import Self

    from seedbed.core.attempt import Context

OWN_COLUMNS = frozenset({"model", "id", "state", "tags", "origin", "spans"})
"""Columns every record may have beside what its generator writes."""

MOST_CELLS = 10_000
"""Descriptions of cells that are kept."""


def described(value: Any) -> Any:
    """A list of names is a mapping to empty descriptions."""
    if not isinstance(value, list | tuple | dict):
        raise ValueError("must be a list of names, or a mapping of names to descriptions")  # noqa: TRY004 - pydantic's
    check_names(value)
    named = value if isinstance(value, dict) else dict.fromkeys(value)
    return {name: "" if text is None else text for name, text in named.items()}


Described = Annotated[dict[Name, str], BeforeValidator(described), Field(min_length=1)]
"""Names with descriptions, or a plain list of names."""


def weighted(value: Any) -> Any:
    """A list of names is a mapping in which each weighs the same."""
    return dict.fromkeys(value, 1.0) if isinstance(value, list | tuple) else value


def yes_no(share: float) -> dict[str, Fraction]:
    """The weights of an axis that says whether a record is one of a share."""
    return {"yes": as_fraction(share), "no": 1 - as_fraction(share)}


def check_names(names: Iterable[Any]) -> None:
    """Each must be a name, given once.

    Raises:
        ValueError: one is not.
    """
    seen: set[str] = set()
    for name in names:
        plain = not isinstance(name, list | tuple | dict)
        if not plain or str(name).strip() in seen:
            hint = "what is said about names needs a mapping (name: …), not a list"
            raise ValueError(f"`{name}` is listed twice" if plain else f"{name} is no name; {hint}")
        seen.add(str(name).strip())


class Celled(Generator, ABC):
    """A generator whose records are spread over cells.

    `axes` (name → values, or value → description) are further axes: every combination is a cell, each axis a column.
    `ratios` are weights per axis; what is not named weighs 1. `attributes` (name → values) vary the prompts: one value
    of each is drawn for every attempt; they are no columns.
    """

    axes: dict[Name, Described] = {}
    ratios: dict[str, dict[Name, Share]] = {}
    attributes: dict[Name, Annotated[tuple[Name, ...], Field(min_length=1)]] = {}

    def own_values(self) -> dict[str, list[str]]:
        """The axes this kind has by itself, and their values."""
        return {}

    def own_weights(self) -> Mapping[str, Mapping[str, float]]:
        """Axis → value → weight, for those of its own axes whose weights are fields of this kind."""
        return {}

    def own_axes(self) -> list[Axis]:
        """The same as axes with their weights."""
        return [Axis.of(name, self.weights(name, values)) for name, values in self.own_values().items()]

    def quota_axes(self) -> list[Axis]:
        """See `Generator.quota_axes`."""
        return [*self.own_axes(), *(Axis.of(name, self.weights(name, values)) for name, values in self.axes.items())]

    def values_of_axes(self) -> dict[str, list[str]]:
        """Axis → its values."""
        return self.own_values() | {name: list(values) for name, values in self.axes.items()}

    def weights(self, axis: str, values: Iterable[str]) -> dict[str, Fraction]:
        """Value → weight, as `ratios` says; where it is silent, as the kind's own fields do."""
        own = self.own_weights()
        if axis in own and axis not in self.ratios:
            return {name: as_fraction(weight) for name, weight in own[axis].items()}
        given = self.ratios.get(axis, {})
        return {name: as_fraction(given.get(name, 1)) for name in values}

    @field_validator("axes", "attributes")
    @classmethod
    def _free_names(cls, named: dict[str, Any]) -> dict[str, Any]:
        for name in named:
            if name in OWN_COLUMNS or name in cls.reserved:
                raise ValueError(f"`{name}` is a column of its own and cannot be a further axis or attribute")
        return named

    @model_validator(mode="after")
    def _known_axes(self) -> Self:
        for name in self.attributes:
            if name in self.axes:
                raise ValueError(f"attributes: `{name}` is an axis already")
        known = self.values_of_axes()
        for axis, weights in self.ratios.items():
            if axis == "model":
                continue
            if axis not in known:
                raise ValueError(f"ratios: there is no axis `{axis}`. {nearest(axis, [*known, 'model'])}")
            check_known(f"ratios.{axis}", axis, weights, known[axis])
            if any(group and not any(weights.get(name, 1) for name in group) for group in self.groups(axis)):
                raise ValueError(f"ratios.{axis}: all weights are zero")
        return self

    def groups(self, axis: str) -> list[list[str]]:
        """Values that share a total: all of an axis, unless it lies within another."""
        return [self.values_of_axes()[axis]]

    def asked(self, cell: dict[str, str]) -> dict[str, str]:
        """The cell's values that are columns of the record."""
        return {axis: value for axis, value in cell.items() if axis != "model"} if "model" in cell else cell

    def draw(self, context: Context) -> dict[str, str]:
        """One value of each attribute; the same whenever the attempt is made again."""
        if not self.attributes:
            return {}
        rng = Random(context.attempt.seed)
        return {name: rng.choice(values) for name, values in self.attributes.items()}

    def descriptions(self) -> Mapping[str, Mapping[str, str]]:
        """Axis → value → what is said about it."""
        return self.axes

    def cell_list(self, values: dict[str, str]) -> str:
        """The values a text is to be written for, one below the other, with what is said about them."""
        key = tuple(values.items())
        known = self._cell_lists.get(key)
        if known is None:
            known = self._cell_lists[key] = self._describe(values)
            if len(self._cell_lists) > MOST_CELLS:
                self._cell_lists.clear()
        return known

    @cached_property
    def _cell_lists(self) -> dict[tuple[tuple[str, str], ...], str]:
        return {}

    def compiled(self, where: str, text: str, known: Callable[[], Iterable[str]]) -> Template:
        """The recipe's text that stands at `where`, in which these variables are known."""
        if where not in self._templates:
            self._templates[where] = Template(text, known(), where)
        return self._templates[where]

    @cached_property
    def _templates(self) -> dict[str, Template]:
        return {}

    def _describe(self, values: dict[str, str]) -> str:
        said = self.descriptions()
        return bullets(
            f"{axis}: {value} ({about})" if (about := said.get(axis, {}).get(value)) else f"{axis}: {value}"
            for axis, value in values.items()
        )


def check_template(text: str, variables: Iterable[str], where: str) -> None:
    """All its variables must be known.

    Raises:
        ValueError: one is not.
    """
    try:
        Template(text, variables, where)
    except InputError as error:
        raise ValueError(f"{error.message} {error.hint}") from error


def check_known(where: str, noun: str, names: Iterable[str], known: Iterable[str]) -> None:
    """All names must be known.

    Raises:
        ValueError: one is not.
    """
    known = list(known)
    for name in names:
        if name not in known:
            raise ValueError(f"{where}: there is no {noun} `{name}`. {nearest(name, known)}")
