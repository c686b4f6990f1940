"""What a sample says about the whole: shares with their intervals."""

from __future__ import annotations

from math import ceil, lgamma, log, sqrt
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

Z95 = 1.959963984540054
"""Of the normal distribution, two-sided, 95 %."""


def wilson(hits: int, n: int, z: float = Z95) -> tuple[float, float]:
    """Between which shares the true one lies, given so many hits in a sample (Wilson: Probable Inference, the Law of
    Succession, and Statistical Inference, 1927). Without a sample that is anything.

    Args:
        hits: how many of the sample.
        n: its size.
        z: how sure, in standard deviations; 95 % if not given.
    """
    if not n:
        return 0.0, 1.0
    p, square = hits / n, z * z
    middle = (p + square / (2 * n)) / (1 + square / n)
    half = z * sqrt(p * (1 - p) / n + square / (4 * n * n)) / (1 + square / n)
    return max(0.0, middle - half) if hits else 0.0, min(1.0, middle + half) if hits < n else 1.0


def enough(hits: int, n: int, half: float) -> int:
    """How large a sample must be in all for a 95 % interval that reaches `half` to each side, if the share stays what
    it seems to be; after a sample without hits, or of nothing else, it may be a little more or less than that."""
    p = (hits + 1) / (n + 2)
    return max(1, ceil(Z95 * Z95 * (p * (1 - p) / (half * half) - 1)))


def anytime(hits: int, n: int, alpha: float = 0.05) -> tuple[float, float]:
    """An interval that holds after each of any number of looks at a growing sample, not at one that was fixed before.

    The mixture of Robbins (Statistical Methods Related to the Law of the Iterated Logarithm, 1970) over a beta prior
    with 1/2 and 1/2: shares under which the sample is less than `alpha` as likely as under the mixture are out.
    """
    if not n:
        return 0.0, 1.0
    mixture = _log_beta(hits + 0.5, n - hits + 0.5) - _log_beta(0.5, 0.5)

    def inside(p: float) -> bool:
        likely = (hits * log(p) if hits else 0.0) + ((n - hits) * log(1 - p) if n > hits else 0.0)
        return mixture - likely < -log(alpha)

    best = min(max(hits / n, 1e-12), 1 - 1e-12)
    return _border(inside, best, 0.0) if hits else 0.0, _border(inside, best, 1.0) if hits < n else 1.0


def _border(inside: Callable[[float], bool], within: float, beyond: float) -> float:
    for _ in range(60):
        middle = (within + beyond) / 2
        if inside(middle):
            within = middle
        else:
            beyond = middle
    return within


def _log_beta(a: float, b: float) -> float:
    return lgamma(a) + lgamma(b) - lgamma(a + b)
