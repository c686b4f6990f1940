"""How many records of which kind: every total exact, whatever the weights."""

from __future__ import annotations

from collections import defaultdict
from fractions import Fraction
from math import prod

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from seedbed.core.apportion import as_fraction, largest_remainder
from seedbed.core.quota import Axis, Quota, apportion, cell_key

calm = settings(deadline=None, max_examples=1500)

weight = st.sampled_from([0, 0, 0.1, 0.3, 0.333, 1, 1, 1, 2, 5, 7.5]).map(as_fraction)
counts = st.integers(0, 400)


def named(prefix: str, weights: list[Fraction]) -> dict[str, Fraction]:
    return {f"{prefix}{number}": value for number, value in enumerate(weights)}


def plain(name: str, most: int = 5) -> st.SearchStrategy[Axis]:
    return (
        st.lists(weight, min_size=1, max_size=most).filter(any).map(lambda weights: Axis.of(name, named(name, weights)))
    )


@st.composite
def nested(draw: st.DrawFn) -> tuple[Axis, Axis]:
    """Categories and their types; some categories have none."""
    categories = draw(plain("category", 4))
    types = {}
    for name in categories.choices[None]:
        weights = draw(st.lists(weight, max_size=4).filter(lambda found: not found or any(found)))
        if weights:
            types[name] = named(f"{name}.", weights)
    return categories, Axis("type", types, "category")


def totals(quota: Quota, *axes: str) -> dict[tuple[str | None, ...], int]:
    found: dict[tuple[str | None, ...], int] = defaultdict(int)
    places = [quota.axes.index(axis) for axis in axes]
    for cell in quota.cells:
        found[tuple(cell.values[place] for place in places)] += cell.wanted
    return dict(found)


def assert_margin(quota: Quota, axis: Axis, count: int) -> None:
    weights = axis.choices[None]
    due = largest_remainder(count, list(weights.values()))
    assert totals(quota, axis.name) == {(name,): share for name, share in zip(weights, due, strict=True)}


@calm
@given(counts, st.data())
def test_every_axis_has_its_totals_by_largest_remainder(count: int, data: st.DataObject) -> None:
    axes = [data.draw(plain(name, 4)) for name in "abcd"[: data.draw(st.integers(1, 4))]]
    quota = apportion(count, axes)
    assert quota.wanted == count
    assert all(cell.wanted >= 0 for cell in quota.cells)
    for axis in axes:
        assert_margin(quota, axis, count)


@calm
@given(counts, plain("label", 4), nested(), plain("channel", 3))
def test_types_have_their_totals_within_their_category(
    count: int, label: Axis, both: tuple[Axis, Axis], channel: Axis
) -> None:
    categories, types = both
    quota = apportion(count, [label, categories, types, channel])
    for axis in (label, categories, channel):
        assert_margin(quota, axis, count)
    of_category = totals(quota, "category")
    of_type = totals(quota, "category", "type")
    for name in categories.choices[None]:
        weights = types.choices.get(name)
        if weights is None:
            assert of_type[name, None] == of_category[(name,)]
            continue
        due = largest_remainder(of_category[(name,)], list(weights.values()))
        assert [of_type[name, kind] for kind in weights] == due


def expected(axes: list[Axis], values: tuple[str | None, ...], count: int) -> Fraction:
    """The number of records in a cell, by definition, if records could be divided."""
    shares = []
    for axis, value in zip(axes, values, strict=True):
        inside = None if axis.within is None else values[[other.name for other in axes].index(axis.within)]
        weights = axis.choices.get(inside)
        if weights is None:
            assert value is None
            continue
        assert value is not None
        shares.append(weights[value] / sum(weights.values()))
    return count * prod(shares, start=Fraction(1))


@calm
@given(counts, plain("label"), plain("category"))
def test_two_axes_give_cells_within_one_of_what_is_expected(count: int, label: Axis, category: Axis) -> None:
    """By the weights; where the exact totals of both axes leave no such table, by the totals (see test_apportion)."""
    quota = apportion(count, [label, category])
    rows, columns = totals(quota, "label"), totals(quota, "category")
    by_weight = [abs(cell.wanted - expected([label, category], cell.values, count)) for cell in quota.cells]
    by_total = [
        abs(cell.wanted - Fraction(rows[cell.values[:1]] * columns[cell.values[1:]], count or 1))
        for cell in quota.cells
    ]
    assert max(by_weight) < 1 or max(by_total) < 1
    assert quota.deviation == pytest.approx(float(max(by_weight)))


@calm
@given(counts, plain("label", 3), nested(), plain("channel", 3))
def test_the_reported_deviation_is_the_largest_there_is(
    count: int, label: Axis, both: tuple[Axis, Axis], channel: Axis
) -> None:
    axes = [label, *both, channel]
    quota = apportion(count, axes)
    assert quota.deviation == pytest.approx(
        float(max(abs(cell.wanted - expected(axes, cell.values, count)) for cell in quota.cells))
    )


def test_even_weights_that_divide_evenly_fill_all_cells_alike() -> None:
    labels, categories = ({name: Fraction(1) for name in names} for names in ("abcd", "xyz"))
    quota = apportion(24, [Axis.of("label", labels), Axis.of("category", categories)])
    assert [cell.wanted for cell in quota.cells] == [2] * 12
    assert quota.deviation == 0


@calm
@given(st.integers(1, 30), st.integers(2, 6), st.integers(2, 6))
def test_fewer_records_than_cells_go_to_different_cells(count: int, rows: int, columns: int) -> None:
    axes = [Axis.of("a", named("a", [Fraction(1)] * rows)), Axis.of("b", named("b", [Fraction(1)] * columns))]
    quota = apportion(count, axes)
    assert quota.wanted == count
    wanted = {cell.wanted for cell in quota.cells}
    assert wanted <= {count // (rows * columns), count // (rows * columns) + 1}


def test_what_weighs_nothing_gets_nothing_and_keeps_its_cell() -> None:
    quota = apportion(
        10,
        [Axis.of("label", {"a": Fraction(1), "b": Fraction(0)}), Axis.of("c", {"x": Fraction(0), "y": Fraction(3)})],
    )
    assert {cell.values: cell.wanted for cell in quota.cells} == {
        ("a", "x"): 0,
        ("a", "y"): 10,
        ("b", "x"): 0,
        ("b", "y"): 0,
    }


def test_weights_count_as_they_are_written() -> None:
    weights = {"a": as_fraction(0.1), "b": as_fraction(0.2), "c": as_fraction(0.7)}
    assert [cell.wanted for cell in apportion(10, [Axis.of("label", weights)]).cells] == [1, 2, 7]
    assert [cell.wanted for cell in apportion(1000, [Axis.of("label", weights)]).cells] == [100, 200, 700]


def test_cells_stand_in_the_order_of_the_axes_values() -> None:
    label, category = {"b": Fraction(1), "a": Fraction(1)}, {"y": Fraction(1), "x": Fraction(1)}
    types = Axis("type", {"y": {"2": Fraction(1), "1": Fraction(1)}}, "category")
    quota = apportion(12, [Axis.of("label", label), Axis.of("category", category), types])
    assert [cell.values for cell in quota.cells] == [
        ("b", "y", "2"),
        ("b", "y", "1"),
        ("b", "x", None),
        ("a", "y", "2"),
        ("a", "y", "1"),
        ("a", "x", None),
    ]


def test_without_axes_there_is_one_cell() -> None:
    quota = apportion(5, [])
    assert [(cell.values, cell.wanted) for cell in quota.cells] == [((), 5)]
    assert quota.as_dict(quota.cells[0]) == {}
    assert quota.key_of({"text": "anything"}) == quota.cells[0].key


@calm
@given(counts, plain("label", 3), nested())
def test_a_record_with_a_cells_values_belongs_to_that_cell(count: int, label: Axis, both: tuple[Axis, Axis]) -> None:
    quota = apportion(count, [label, *both])
    assert len({cell.key for cell in quota.cells}) == len(quota.cells)
    for cell in quota.cells:
        values = quota.as_dict(cell)
        assert None not in values.values()
        assert quota.key_of({"text": "hello", **values}) == cell.key


def test_a_number_or_an_empty_cell_of_a_file_finds_its_cell() -> None:
    ones = {"1": Fraction(1), "2": Fraction(1)}
    quota = apportion(4, [Axis.of("label", ones), Axis("type", {}, "label")])
    assert quota.key_of({"label": 1, "type": ""}) == quota.cells[0].key == cell_key(["1", None])
    assert quota.key_of({"label": 2, "type": None}) == quota.cells[1].key
