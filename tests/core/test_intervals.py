"""Intervals: what they cover."""

from __future__ import annotations

from math import comb

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seedbed.core.statistics.intervals import anytime, enough, wilson


@pytest.mark.parametrize("n", [100, 250])
def test_wilson_covers_about_19_of_20(n: int):
    """Reckoned, not drawn: the mean coverage over shares from 2 % to 98 %, and the worst of them."""
    inside = [wilson(hits, n) for hits in range(n + 1)]
    shares = [place / 100 for place in range(2, 99)]
    covered = [
        sum(
            comb(n, hits) * p**hits * (1 - p) ** (n - hits)
            for hits, (low, high) in enumerate(inside)
            if low <= p <= high
        )
        for p in shares
    ]
    assert 0.945 < sum(covered) / len(covered) < 0.96
    assert sum(0.93 <= one <= 0.97 for one in covered) >= 0.95 * len(covered)


@pytest.mark.parametrize(
    ("hits", "n", "low", "high"),
    [(0, 10, 0, 0.2775), (5, 10, 0.2366, 0.7634), (10, 10, 0.7225, 1), (81, 263, 0.2553, 0.3662)],
)
def test_wilson_is_as_in_the_books(hits: int, n: int, low: float, high: float):
    """The last one is the example of Newcombe, 1998."""
    assert wilson(hits, n) == pytest.approx((low, high), abs=5e-4)


@given(st.integers(0, 400), st.integers(0, 400))
def test_intervals_hold_the_share_and_the_anytime_one_is_wider(hits: int, more: int):
    n = hits + more
    for interval in (wilson, anytime):
        low, high = interval(hits, n)
        assert 0 <= low <= (hits / n if n else 1) <= high <= 1
    if n:
        assert anytime(hits, n)[0] <= wilson(hits, n)[0] + 1e-9
        assert anytime(hits, n)[1] >= wilson(hits, n)[1] - 1e-9


def test_looking_again_and_again_does_not_deceive_the_anytime_interval():
    """All ways a sample of up to 60 can go: the chance that the true share is outside at any look is below 5 %."""
    for p in (0.05, 0.2, 0.5):
        chances = {0: 1.0}
        for n in range(1, 61):
            grown: dict[int, float] = {}
            for hits, chance in chances.items():
                for new, step in ((hits + 1, p), (hits, 1 - p)):
                    grown[new] = grown.get(new, 0) + chance * step
            chances = {hits: chance for hits, chance in grown.items() if _holds(anytime(hits, n), p)}
        assert sum(chances.values()) > 0.95


def _holds(interval: tuple[float, float], p: float) -> bool:
    return interval[0] <= p <= interval[1]


@pytest.mark.parametrize(("hits", "n"), [(5, 100), (20, 100), (50, 100)])
def test_so_many_are_enough(hits: int, n: int):
    size = enough(hits, n, 0.03)
    low, high = wilson(round(hits / n * size), size)
    assert (high - low) / 2 == pytest.approx(0.03, abs=0.003)
