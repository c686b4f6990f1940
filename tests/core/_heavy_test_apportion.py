"""Whole numbers out of weights, against the definition and against trying every table."""

from __future__ import annotations

from fractions import Fraction
from itertools import product
from math import ceil, floor

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from seedbed.core.apportion import as_fraction, cross, largest_remainder

calm = settings(deadline=None, max_examples=1500)

weights = st.sampled_from([Fraction(number, 10) for number in (0, 1, 3, 5, 10, 10, 10, 15, 20, 70)])
some_weights = st.lists(weights, min_size=1, max_size=6).filter(any)
few_weights = st.lists(weights, min_size=1, max_size=3).filter(any)


def share_of(total: int, given_weights: list[Fraction]) -> list[Fraction]:
    return [total * weight / sum(given_weights) for weight in given_weights]


@calm
@given(st.integers(0, 1000), some_weights)
def test_shares_add_up_and_are_the_floor_or_the_ceiling_of_what_is_due(
    total: int, given_weights: list[Fraction]
) -> None:
    shares = largest_remainder(total, given_weights)
    assert sum(shares) == total
    for share, due in zip(shares, share_of(total, given_weights), strict=True):
        assert floor(due) <= share <= ceil(due)


@calm
@given(st.integers(0, 1000), some_weights)
def test_who_gets_one_more_has_the_larger_remainder_or_stands_earlier(
    total: int, given_weights: list[Fraction]
) -> None:
    due = share_of(total, given_weights)
    more = [share > floor(value) for share, value in zip(largest_remainder(total, given_weights), due, strict=True)]
    remainders = [(value - floor(value), -place) for place, value in enumerate(due)]
    ups = [rest for rest, got in zip(remainders, more, strict=True) if got]
    downs = [rest for rest, got in zip(remainders, more, strict=True) if not got]
    assert not ups or not downs or min(ups) > max(downs)


def test_what_weighs_nothing_gets_nothing() -> None:
    assert largest_remainder(7, [Fraction(0), Fraction(1), Fraction(0)]) == [0, 7, 0]
    assert largest_remainder(7, [Fraction(0), Fraction(0)]) == [0, 0]
    assert largest_remainder(7, []) == []


@pytest.mark.parametrize(("weight", "fraction"), [(0.1, (1, 10)), (0.29, (29, 100)), (3, (3, 1)), (1e-07, (1, 10**7))])
def test_a_weight_is_the_number_as_it_was_written(weight: float, fraction: tuple[int, int]) -> None:
    assert as_fraction(weight) == Fraction(*fraction)


def test_shares_are_not_bent_by_binary_floats() -> None:
    assert largest_remainder(100, [as_fraction(weight) for weight in (0.29, 0.14, 0.57)]) == [29, 14, 57]
    assert largest_remainder(10, [as_fraction(weight) for weight in (0.1, 0.2, 0.7)]) == [1, 2, 7]


def crossed(count: int, left: list[Fraction], right: list[Fraction]) -> list[list[int]]:
    return cross(largest_remainder(count, left), share_of(count, left), [(i,) for i in range(len(left))], right)


@calm
@given(st.integers(0, 300), some_weights, some_weights)
def test_rows_and_columns_of_a_table_stay_exact(count: int, left: list[Fraction], right: list[Fraction]) -> None:
    table = crossed(count, left, right)
    assert [sum(row) for row in table] == largest_remainder(count, left)
    assert [sum(column) for column in zip(*table, strict=True)] == largest_remainder(count, right)
    assert all(cell >= 0 for row in table for cell in row)


def exists_within_one(count: int, left: list[Fraction], right: list[Fraction]) -> bool:
    """Tries every table of floors and ceilings: is there one with these margins?"""
    rows, columns = largest_remainder(count, left), largest_remainder(count, right)
    expected = [
        [row * column / sum(right) for column in right] for row in share_of(count, left)
    ]  # what each cell would hold if records could be divided
    choices = [
        [row for row in product(*({floor(value), ceil(value)} for value in cells)) if sum(row) == size]
        for cells, size in zip(expected, rows, strict=True)
    ]
    return any([sum(column) for column in zip(*table, strict=True)] == columns for table in product(*choices))


@calm
@given(st.integers(0, 40), few_weights, few_weights)
@example(2, [Fraction(7), Fraction(3, 2), Fraction(3, 2)], [Fraction(7), Fraction(3, 2), Fraction(3, 2)])
def test_cells_are_within_one_of_their_weights_where_any_table_is(
    count: int, left: list[Fraction], right: list[Fraction]
) -> None:
    table = crossed(count, left, right)
    expected = [[row * column / sum(right) for column in right] for row in share_of(count, left)]
    within = all(
        abs(cell - value) < 1
        for cells, values in zip(table, expected, strict=True)
        for cell, value in zip(cells, values, strict=True)
    )
    assert within == exists_within_one(count, left, right)


def test_the_totals_of_both_axes_may_rule_out_a_cell_within_one_of_its_weights() -> None:
    weights_of_both = [Fraction(7), Fraction(3, 2), Fraction(3, 2)]
    assert largest_remainder(2, weights_of_both) == [2, 0, 0]
    assert crossed(2, weights_of_both, weights_of_both)[0] == [2, 0, 0]  # 0.98 by the weights, 2 by the totals


@calm
@given(st.integers(0, 100), some_weights, some_weights)
def test_cells_are_within_one_of_their_weights_or_of_their_totals(
    count: int, left: list[Fraction], right: list[Fraction]
) -> None:
    table = crossed(count, left, right)
    rows, columns = largest_remainder(count, left), largest_remainder(count, right)
    by_weight = [[row * column / sum(right) for column in right] for row in share_of(count, left)]
    by_total = [[Fraction(row * column, count or 1) for column in columns] for row in rows]
    assert any(
        all(abs(table[i][j] - expected[i][j]) < 1 for i in range(len(left)) for j in range(len(right)))
        for expected in (by_weight, by_total)
    )


@calm
@given(st.integers(1, 60), few_weights, few_weights, few_weights)
def test_rows_that_share_a_beginning_are_spread_together(
    count: int, first: list[Fraction], second: list[Fraction], third: list[Fraction]
) -> None:
    pairs = crossed(count, first, second)
    paths = [(i, j) for i in range(len(first)) for j in range(len(second))]
    exact = [count * first[i] / sum(first) * second[j] / sum(second) for i, j in paths]
    table = cross([pairs[i][j] for i, j in paths], exact, paths, third)
    columns = largest_remainder(count, third)
    for i in range(len(first)):
        group = [row for row, path in zip(table, paths, strict=True) if path[0] == i]
        size = sum(map(sum, group))
        for k in range(len(third)):
            together = sum(row[k] for row in group)
            by_weight = count * first[i] / sum(first) * third[k] / sum(third)
            by_total = Fraction(size * columns[k], count)
            assert abs(together - by_weight) < 1 or abs(together - by_total) < 1
