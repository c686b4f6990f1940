"""Where the points of a learning curve stand in its picture."""

from __future__ import annotations

from math import ceil, floor, log
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

WIDTH, HEIGHT = 420, 270
LEFT, RIGHT, TOP, BOTTOM = 72, 18, 12, 50
APART = 6
"""So far from each other are the whiskers of two lines at the same number of records."""

Point = tuple[int, float, float, float]
"""Records learned from, the figure, and its interval."""


def curves(lines: Mapping[str, Sequence[Point]], levels: Mapping[str, float]) -> dict[str, Any]:
    """The picture as numbers of pixels, `HEIGHT` by `WIDTH`: axes with their ticks, lines, and level lines.

    Args:
        lines: by their name, points in the order of the records; doubling these is one step to the right.
        levels: figures that do not depend on the number of records, by their name.
    """
    every = [point for points in lines.values() for point in points]
    sizes = sorted({size for size, *_ in every})
    bottom = floor(10 * min([*levels.values(), *(low for _, _, low, _ in every)])) / 10
    top = ceil(10 * max([*levels.values(), *(high for *_, high in every)])) / 10
    step = 0.1 if top - bottom <= 0.6 else 0.2

    def across(size: int) -> float:
        whole = log(sizes[-1] / sizes[0]) or 1.0
        return LEFT + APART + (WIDTH - LEFT - RIGHT - 2 * APART) * log(size / sizes[0]) / whole

    def down(value: float) -> float:
        return round(HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * (value - bottom) / ((top - bottom) or 1.0), 1)

    ticks = [bottom + step * number for number in range(round((top - bottom) / step) + 1)]
    return {
        "width": WIDTH,
        "height": HEIGHT,
        "frame": (LEFT, TOP, WIDTH - RIGHT, HEIGHT - BOTTOM),
        "across": [(round(across(size), 1), f"{size:,}") for size in sizes],
        "down": [(down(tick), f"{100 * tick:.0f} %") for tick in ticks if tick <= top + 1e-9],
        "lines": [
            {"name": name, "given": points}
            | {"points": _placed(points, (number - (len(lines) - 1) / 2) * APART, across, down)}
            for number, (name, points) in enumerate(lines.items())
        ],
        "levels": [{"name": name, "at": down(value)} for name, value in levels.items()],
    }


def _placed(points: Sequence[Point], aside: float, across: Any, down: Any) -> list[tuple[float, float, float, float]]:
    return [(round(across(size) + aside, 1), down(value), down(low), down(high)) for size, value, low, high in points]
