"""What a sample says about the whole: shares with their intervals."""

from __future__ import annotations

from math import ceil, sqrt

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


def enough(hits: int, n: int, half: float, z: float = Z95) -> int:
    """How large a sample must be for Wilson's interval to reach no farther than `half` to each side on average, if the
    share stays what it is."""
    p = (hits + 1) / (n + 2)  # a sample without a hit does not mean that there are none
    size = n
    needed = ceil(z * z * max(p * (1 - p), 1e-9) / (half * half))
    low, high = 1, max(needed * 2, 10)
    while low < high:
        size = (low + high) // 2
        lower, upper = wilson(round(p * size), size, z)
        if (upper - lower) / 2 <= half:
            high = size
        else:
            low = size + 1
    return low
