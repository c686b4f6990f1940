"""Whole numbers out of weights, so that every total is exact.

`largest_remainder` shares a total by weights (Hamilton's method). `cross` spreads rows of known size over the columns
of a further axis so that rows and columns stay exact and every cell is the floor or the ceiling of its expected value:
controlled rounding (Cox, "A constructive procedure for unbiased controlled rounding", JASA 1987), found as a feasible
flow with lower bounds (Dinic's algorithm, 1970) in a network whose edges are the cells.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import ceil, floor

Path = tuple[Hashable, ...]


def as_fraction(weight: float) -> Fraction:
    """The number as it was written: 0.1 is one tenth, not the nearest binary float."""
    return Fraction(str(weight))


def largest_remainder(total: int, weights: Sequence[Fraction]) -> list[int]:
    """Shares `total` in proportion to `weights`; what is left over goes to the largest remainders, earlier ones first.

    All shares are zero if all weights are.
    """
    weight_sum = sum(weights, Fraction(0))
    if not weight_sum:
        return [0] * len(weights)
    exact = [total * weight / weight_sum for weight in weights]
    shares = [floor(value) for value in exact]
    by_remainder = sorted(range(len(exact)), key=lambda i: (shares[i] - exact[i], i))
    for i in by_remainder[: total - sum(shares)]:
        shares[i] += 1
    return shares


def cross(
    rows: Sequence[int], exact: Sequence[Fraction], paths: Sequence[Path], weights: Sequence[Fraction]
) -> list[list[int]]:
    """Spreads rows over the columns of a further axis; column totals are by largest remainder.

    Args:
        rows: how many records each row holds.
        exact: what each row would hold if records could be divided.
        paths: each row's values on the axes before (distinct, equally long, at least one value). Not only each row but
            also all rows that share the beginning of their path together get the floor or the ceiling of what is
            expected in each column: of `exact` times the weights where that can be had, else of the given margins.
        weights: of the columns.

    Returns:
        The table `[row][column]`.
    """
    columns = largest_remainder(sum(rows), weights)
    total, weight_sum = sum(rows) or 1, sum(weights, Fraction(0)) or Fraction(1)

    def by_weight(group: _Group, column: int) -> Fraction:
        return group.exact * weights[column] / weight_sum

    def by_margin(group: _Group, column: int) -> Fraction:
        return Fraction(group.size * columns[column], total)

    groups = [_Group(size, value) for size, value in zip(rows, exact, strict=True)]
    for expectations in ([by_weight, by_margin], [by_weight], [by_margin]):
        table = _controlled_rounding(groups, paths, columns, expectations)
        if table is not None:
            return table
    raise AssertionError("integer margins always admit a controlled rounding")


@dataclass(slots=True)
class _Group:
    """Some rows together: how many records they hold, and how many they would if those could be divided."""

    size: int
    exact: Fraction


Expected = Callable[[_Group, int], Fraction]
"""(group, column) → how many of its records are expected in that column."""


def _controlled_rounding(
    rows: Sequence[_Group], paths: Sequence[Path], columns: Sequence[int], expectations: Sequence[Expected]
) -> list[list[int]] | None:
    network = _Network()
    cells: list[list[int]] = []
    for i, (row, path) in enumerate(zip(rows, paths, strict=True)):
        network.edge("source", i, row.size, row.size)
        cells.append([network.edge(i, (path[:-1], j), *_bounds(row, j, expectations)) for j in range(len(columns))])
    for beginning, group in _shared_beginnings(rows, paths).items():
        for j in range(len(columns)):
            network.edge((beginning, j), (beginning[:-1], j), *_bounds(group, j, expectations))
    for j, size in enumerate(columns):
        network.edge(((), j), "sink", size, size)
    if not network.feasible():
        return None
    return [[network.flow(edge) for edge in row] for row in cells]


def _shared_beginnings(rows: Sequence[_Group], paths: Sequence[Path]) -> dict[Path, _Group]:
    groups: dict[Path, _Group] = {}
    for row, path in zip(rows, paths, strict=True):
        for depth in range(1, len(path)):
            group = groups.setdefault(path[:depth], _Group(0, Fraction(0)))
            group.size += row.size
            group.exact += row.exact
    return groups


def _bounds(group: _Group, column: int, expectations: Sequence[Expected]) -> tuple[int, int]:
    values = [expected(group, column) for expected in expectations]
    return max(floor(value) for value in values), min(ceil(value) for value in values)


class _Network:
    """A flow network with lower bounds; edges are pairs of arrays, the reverse of edge e is e ^ 1."""

    def __init__(self) -> None:
        self._numbers: dict[Hashable, int] = {}
        self._edges: list[list[int]] = []
        self._to: list[int] = []
        self._left: list[int] = []
        self._low: list[int] = []
        self._excess: dict[int, int] = {}
        self._possible = True

    def edge(self, start: Hashable, end: Hashable, low: int, high: int) -> int:
        """Adds an edge that must carry between `low` and `high`; answers its number."""
        self._possible = self._possible and low <= high
        a, b = self._node(start), self._node(end)
        self._low.append(low)
        self._excess[b] = self._excess.get(b, 0) + low
        self._excess[a] = self._excess.get(a, 0) - low
        return self._arc(a, b, high - low)

    def flow(self, edge: int) -> int:
        """What the edge carries in the flow that was found."""
        return self._low[edge // 2] + self._left[edge ^ 1]

    def feasible(self) -> bool:
        """Finds a flow within all bounds, if there is one."""
        if not self._possible:
            return False
        self._arc(self._node("sink"), self._node("source"), 10**15)
        start, end = self._node("lacking"), self._node("spare")
        needed = 0
        for node, excess in self._excess.items():
            if excess > 0:
                self._arc(start, node, excess)
                needed += excess
            elif excess < 0:
                self._arc(node, end, -excess)
        return self._maximum(start, end) == needed

    def _node(self, name: Hashable) -> int:
        number = self._numbers.setdefault(name, len(self._numbers))
        if number == len(self._edges):
            self._edges.append([])
        return number

    def _arc(self, a: int, b: int, capacity: int) -> int:
        number = len(self._to)
        self._to += [b, a]
        self._left += [capacity, 0]
        self._edges[a].append(number)
        self._edges[b].append(number + 1)
        return number

    def _maximum(self, start: int, end: int) -> int:
        total = 0
        while levels := self._levels(start, end):
            position = [0] * len(self._edges)
            while pushed := self._augment(start, end, levels, position):
                total += pushed
        return total

    def _levels(self, start: int, end: int) -> list[int] | None:
        levels = [-1] * len(self._edges)
        levels[start] = 0
        queue = [start]
        for node in queue:
            for edge in self._edges[node]:
                if self._left[edge] and levels[self._to[edge]] < 0:
                    levels[self._to[edge]] = levels[node] + 1
                    queue.append(self._to[edge])
        return levels if levels[end] >= 0 else None

    def _augment(self, start: int, end: int, levels: list[int], position: list[int]) -> int:
        """Pushes along one shortest path; `position` remembers which edges of a node are used up."""
        path: list[int] = []
        node = start
        while node != end:
            edge = self._advance(node, levels, position)
            if edge is not None:
                path.append(edge)
                node = self._to[edge]
            elif path:
                node = self._to[path.pop() ^ 1]
                position[node] += 1
            else:
                return 0
        amount = min(self._left[edge] for edge in path)
        for edge in path:
            self._left[edge] -= amount
            self._left[edge ^ 1] += amount
        return amount

    def _advance(self, node: int, levels: list[int], position: list[int]) -> int | None:
        edges = self._edges[node]
        while position[node] < len(edges):
            edge = edges[position[node]]
            if self._left[edge] and levels[self._to[edge]] == levels[node] + 1:
                return edge
            position[node] += 1
        return None
