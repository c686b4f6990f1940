"""How many records are wanted of which kind."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import orjson

from .apportion import cross

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

Values = tuple[str | None, ...]
"""One value per axis of a quota; None where the axis does not apply (a category without types)."""


@dataclass(frozen=True, slots=True)
class Axis:
    """One dimension of a target: value → weight. `within` names the axis whose value chooses the weights.

    A plain axis has one entry in `choices`, under None. A nested one (types within their category) has one entry for
    each value of the axis it lies within; a value without an entry has no value on this axis.
    """

    name: str
    choices: Mapping[Any, Mapping[str, Fraction]]
    within: str | None = None

    @staticmethod
    def of(name: str, weights: Mapping[str, Fraction]) -> Axis:
        """A plain axis."""
        return Axis(name, {None: weights})


@dataclass(slots=True)
class Cell:
    """One combination of axis values and how many records it is to hold in the end; they come `unit` at a time, all
    of these or none (a contrast pair)."""

    values: Values
    wanted: int
    key: str = ""
    unit: int = 1


@dataclass(slots=True)
class Quota:
    """All cells of a target, in the order of the axes' values. `stepwise`: the first axis tells the steps of a recipe
    apart."""

    axes: tuple[str, ...]
    cells: list[Cell]
    deviation: float = 0.0
    stepwise: bool = False

    @property
    def wanted(self) -> int:
        return sum(cell.wanted for cell in self.cells)

    def as_dict(self, cell: Cell) -> dict[str, str]:
        """The cell's values by axis name, absent ones left out."""
        return {axis: value for axis, value in zip(self.axes, cell.values, strict=True) if value is not None}

    def key_of(self, values: Mapping[str, object]) -> str:
        """The key of the cell that a record with these columns belongs to (which need not exist)."""
        found = [values.get(axis) for axis in self.axes]
        return cell_key([None if value in (None, "") else str(value) for value in found])


def cell_key(values: Sequence[str | None]) -> str:
    """A cell's name in the store: a JSON array of its values."""
    return orjson.dumps(values).decode()


def apportion(count: int, axes: Sequence[Axis]) -> Quota:
    """Splits `count` over the crossing of the axes.

    Each axis's totals are its weights by largest remainder (within their category for nested ones). With two axes each
    cell differs from its expected value by less than one; with more, `deviation` is the largest difference. (In one
    of some 2,500 random two-axis quotas exact totals and that bound exclude each other; then the totals win.)
    """
    rows: list[tuple[Values, int, Fraction]] = [((), count, Fraction(count))]
    for position, axis in enumerate(axes):
        rows = _cross_axis(rows, axis, [before.name for before in axes[:position]])
    deviation = max((abs(wanted - expected) for _, wanted, expected in rows), default=Fraction(0))
    cells = [Cell(values, wanted, cell_key(values)) for values, wanted, _ in rows]
    return Quota(tuple(axis.name for axis in axes), cells, float(deviation))


def _cross_axis(
    rows: list[tuple[Values, int, Fraction]], axis: Axis, before: list[str]
) -> list[tuple[Values, int, Fraction]]:
    if axis.within is None:
        return _cross_rows(rows, axis.choices[None])
    place = before.index(axis.within)
    parts: dict[Values, list[tuple[Values, int, Fraction]]] = {}
    for parent in dict.fromkeys(values[place] for values, _, _ in rows):
        members = [row for row in rows if row[0][place] == parent]
        weights = axis.choices.get(parent)
        crossed = _cross_rows(members, weights) if weights else [((*row[0], None), *row[1:]) for row in members]
        for row in crossed:
            parts.setdefault(row[0][:-1], []).append(row)
    return [row for values, _, _ in rows for row in parts[values]]


def _cross_rows(
    rows: list[tuple[Values, int, Fraction]], weights: Mapping[str, Fraction]
) -> list[tuple[Values, int, Fraction]]:
    paths = [values or ("all",) for values, _, _ in rows]
    table = cross([row[1] for row in rows], [row[2] for row in rows], paths, list(weights.values()))
    total = sum(weights.values(), Fraction(0))
    return [
        ((*values, name), share, expected * weight / total)
        for (values, _, expected), shares in zip(rows, table, strict=True)
        for (name, weight), share in zip(weights.items(), shares, strict=True)
    ]
