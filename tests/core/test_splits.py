"""Splits: every record once, ties kept, sizes as near to the shares as groups allow."""

from __future__ import annotations

from collections import Counter
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from seedbed.core.apportion import largest_remainder
from seedbed.core.splits import Split, Ties, split

calm = settings(deadline=None, max_examples=60)
weights = st.lists(st.integers(1, 9).map(Fraction), min_size=2, max_size=3)
pairs = st.lists(st.tuples(st.integers(0, 59), st.integers(0, 59)), max_size=50)
some_labels = st.lists(st.sampled_from("abc"), min_size=1, max_size=60)


def tied(count: int, ties: list[tuple[int, int]]) -> list[list[int]]:
    found = Ties()
    for _ in range(count):
        found.add()
    for one, other in ties:
        found.tie(one % count, other % count)
    return found.groups()


def largest(groups: list[list[int]]) -> int:
    return max(map(len, groups), default=1)


def check_whole(made: Split, labels: list[str], groups: list[list[int]]) -> None:
    assert len(made.places) == len(labels)
    for part, got in enumerate(made.got):
        assert got == Counter(label for label, place in zip(labels, made.places, strict=True) if place == part)
    for group in groups:
        assert len({made.places[record] for record in group}) == 1


@calm
@given(st.integers(1, 60), pairs)
def test_groups_are_what_chains_of_ties_connect(count: int, ties: list[tuple[int, int]]) -> None:
    groups = tied(count, ties)
    members = [record for group in groups for record in group]
    assert len(members) == len(set(members))
    home = {record: i for i, group in enumerate(groups) for record in group}
    for one, other in ties:
        if one % count != other % count:
            assert home[one % count] == home[other % count]
    assert all(len(group) > 1 for group in groups)
    # What is not tied is apart: as many joins as records that lost their independence.
    ties_made = Ties()
    for _ in range(count):
        ties_made.add()
    joins = sum(ties_made.tie(one % count, other % count) for one, other in ties)
    assert joins == len(members) - len(groups)


@calm
@given(st.integers(1, 60), pairs, weights, st.integers(0, 5))
def test_each_record_in_one_part_ties_kept_sizes_within_the_largest_group(
    count: int, ties: list[tuple[int, int]], shares: list[Fraction], seed: int
) -> None:
    groups = tied(count, ties)
    made = split([""] * count, groups, shares, seed)
    check_whole(made, [""] * count, groups)
    assert sum(made.sizes) == count
    assert [part.total() for part in made.wanted] == largest_remainder(count, shares)
    assert all(abs(off) < largest(groups) for off in made.off)
    assert made == split([""] * count, groups, shares, seed)


@calm
@given(some_labels, weights, st.integers(0, 5))
def test_without_ties_sizes_and_labels_are_exact(labels: list[str], shares: list[Fraction], seed: int) -> None:
    made = split(labels, [], shares, seed)
    check_whole(made, labels, [])
    assert made.sizes == largest_remainder(len(labels), shares)
    assert made.worst == 0
    for label, count in Counter(labels).items():
        for part, weight in zip(made.got, shares, strict=True):
            assert abs(part[label] - count * weight / sum(shares)) < 1


@calm
@given(some_labels, pairs, weights, st.integers(0, 5))
def test_a_labels_share_of_a_part_is_off_by_less_than_the_largest_group_where_groups_have_one_label(
    labels: list[str], ties: list[tuple[int, int]], shares: list[Fraction], seed: int
) -> None:
    alike = [(one, other) for one, other in ties if labels[one % len(labels)] == labels[other % len(labels)]]
    groups = tied(len(labels), alike)
    made = split(labels, groups, shares, seed)
    check_whole(made, labels, groups)
    assert made.worst < largest(groups)


@calm
@given(some_labels, pairs, weights, st.integers(0, 5))
def test_groups_of_several_labels_stay_whole_too(
    labels: list[str], ties: list[tuple[int, int]], shares: list[Fraction], seed: int
) -> None:
    groups = tied(len(labels), ties)
    made = split(labels, groups, shares, seed)
    check_whole(made, labels, groups)
    assert sum(made.off) == 0
    assert made == split(labels, groups, shares, seed)


def test_enough_records_on_their_own_make_sizes_exact() -> None:
    groups = [list(range(30)), list(range(30, 50)), [50, 51, 52]]
    made = split([""] * 1000, groups, [Fraction(8), Fraction(1), Fraction(1)], 7)
    assert made.sizes == [800, 100, 100]
    assert made.off == [0, 0, 0]


def test_another_seed_is_another_split() -> None:
    made = [split([""] * 50, [], [Fraction(1), Fraction(1)], seed).places for seed in (1, 2)]
    assert made[0] != made[1]


@pytest.mark.parametrize("count", [0, 1])
def test_nothing_and_one_record(count: int) -> None:
    assert split([""] * count, [], [Fraction(8), Fraction(2)], 0).sizes == [count, 0]
