"""Variety: what a prompt is to differ from, and where in its range the temperature goes."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from seedbed.core.attempt import Recent, Sampling, SamplingRange
from seedbed.engine.steering import LATEST, MOST, Steering

calm = settings(deadline=None)

BASE = Sampling(0.7, 0.95, 300, ("\n",), {"min_p": 0.1})
shares = st.floats(0, 1)
seeds = st.integers(0, 2**64 - 1)


def steering(texts: int, *, cells: int = 2, low: float | None = None, high: float | None = None) -> Steering:
    """Some cells, the first of which has accepted so many texts."""
    made = Steering(cells, SamplingRange(BASE, low, high), enabled=True)
    for number in range(texts):
        made.remember(0, Recent(str(number), f"text {number}"))
    return made


def numbers(recent: tuple[Recent, ...]) -> list[int]:
    return [int(record.id) for record in recent]


def test_a_cell_without_duplicates_shows_its_latest_texts() -> None:
    assert numbers(steering(10).recent(0, 0.0, 1)) == [7, 8, 9]
    assert numbers(steering(2).recent(0, 0.0, 1)) == [0, 1]


def test_texts_of_other_cells_are_not_shown() -> None:
    assert steering(10).recent(1, 0.5, 1) == ()


@calm
@given(st.integers(0, 200), shares, seeds)
def test_what_is_shown_was_accepted_is_shown_once_and_is_not_too_much(texts: int, duplicates: float, seed: int) -> None:
    shown = numbers(steering(texts).recent(0, duplicates, seed))
    assert len(set(shown)) == len(shown) <= MOST
    assert set(shown) <= set(range(texts))
    assert len(shown) >= min(texts, LATEST)


@calm
@given(shares, shares, seeds)
def test_more_and_more_distant_texts_are_shown_as_duplicates_rise(one: float, other: float, seed: int) -> None:
    fewer, more = sorted([one, other])
    made = steering(64)
    assert len(made.recent(0, fewer, seed)) <= len(made.recent(0, more, seed))
    assert min(numbers(made.recent(0, 0.0, seed))) == 61


def test_nearly_nothing_but_duplicates_shows_the_most_from_far_back() -> None:
    made = steering(64)
    drawn = {number for seed in range(60) for number in numbers(made.recent(0, 1.0, seed))}
    assert len(made.recent(0, 1.0, 1)) == MOST
    assert drawn == set(range(64))


@calm
@given(st.integers(0, 80), shares, seeds)
def test_the_same_attempt_is_shown_the_same(texts: int, duplicates: float, seed: int) -> None:
    assert steering(texts).recent(0, duplicates, seed) == steering(texts).recent(0, duplicates, seed)


def test_it_forgets_old_texts_and_never_the_latest() -> None:
    assert numbers(steering(5000).recent(0, 0.0, 1)) == [4997, 4998, 4999]
    assert min(numbers(steering(5000).recent(0, 1.0, 1))) >= 5000 - 64


def test_turned_off_it_shows_nothing_and_remembers_nothing() -> None:
    made = Steering(1, SamplingRange(BASE, 0.5, 1.5), enabled=False)
    made.remember(0, Recent("1", "text"))
    assert made.recent(0, 1.0, 1) == ()


@pytest.mark.parametrize(("low", "high"), [(None, None), (0.7, 0.7)])
def test_one_temperature_stays_as_it_is_given(low: float | None, high: float | None) -> None:
    made = steering(5, low=low, high=high)
    assert all(made.sampling(0, duplicates, seed) == BASE for duplicates in (0.0, 1.0) for seed in range(20))


@calm
@given(st.floats(0, 2), st.floats(0, 2), shares, seeds)
def test_the_temperature_stays_within_its_range_and_the_rest_as_it_is(
    one: float, other: float, duplicates: float, seed: int
) -> None:
    low, high = sorted([one, other])
    drawn = steering(0, low=low, high=high).sampling(0, duplicates, seed)
    assert drawn.temperature is not None
    if low == high:
        assert drawn == BASE
    else:
        assert low - 0.0005 <= drawn.temperature <= high + 0.0005
    assert (drawn.top_p, drawn.max_tokens, drawn.stop, drawn.extra) == (0.95, 300, ("\n",), {"min_p": 0.1})


def test_the_whole_range_is_used_and_its_upper_half_when_duplicates_rise() -> None:
    made = steering(0, low=0.6, high=1.0)
    calm_ones = [made.sampling(0, 0.0, seed).temperature or 0 for seed in range(2000)]
    hot = [made.sampling(0, 1.0, seed).temperature or 0 for seed in range(2000)]
    assert (min(calm_ones), max(calm_ones)) == (0.6, 1.0)
    assert (min(hot), max(hot)) == (0.8, 1.0)
    assert made.sampling(0, 0.3, 77) == made.sampling(0, 0.3, 77)
