"""All combinations: counted exactly, each once, every value as often as others."""

from __future__ import annotations

from collections import Counter
from math import perm, prod

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from seedbed.augmentation.combinations import Combinations, Group

GROUPS = st.lists(st.builds(Group, st.integers(1, 6), st.integers(1, 3), st.integers(0, 20)), max_size=3)


def flat(combination):
    return tuple(value for group in combination for value in group)


@settings(deadline=None)
@given(GROUPS, st.integers(0, 2**63))
def test_each_combination_comes_exactly_once_and_they_are_counted_without_a_look(groups, seed):
    combinations = Combinations(groups, seed)
    assert combinations.count == prod(perm(group.values, group.slots) for group in groups)
    few = min(combinations.count, 3_000)
    found = [combinations[i] for i in range(few)]
    assert len(set(map(flat, found))) == few
    assert all(len(set(group)) == len(group) for one in found for group in one)
    assert all(
        0 <= value < group.values for one in found for group, own in zip(groups, one, strict=True) for value in own
    )


@settings(deadline=None)
@given(GROUPS, st.integers(0, 2**63), st.integers(1, 400))
def test_after_any_number_no_value_of_a_slot_came_much_more_often_than_another(groups, seed, count):
    combinations = Combinations(groups, seed)
    found = [flat(combinations[i]) for i in range(min(count, combinations.count))]
    largest = max((group.values for group in groups), default=0)
    slots = [group for group in groups for _ in range(group.slots)]
    for slot, group in enumerate(slots):
        counts = Counter(one[slot] for one in found)
        least = min((counts[value] for value in range(group.values)), default=0)
        alone = group is next(one for one in groups if one.values == largest)
        assert max(counts.values(), default=0) - least <= (1 if alone else 2)


@pytest.mark.parametrize("sizes", [(30, 2, 2), (2, 30, 2), (7, 5, 5), (100, 3, 3), (1_000, 2, 5)])
def test_small_groups_meet_in_all_ways_while_a_large_one_turns(sizes):
    combinations = Combinations([Group(size, 1) for size in sizes], 4)
    small = sorted(range(3), key=lambda i: sizes[i])[:2]
    met = Counter(tuple(flat(combinations[i])[slot] for slot in small) for i in range(max(*sizes, 35)))
    ways = sizes[small[0]] * sizes[small[1]]
    assert len(met) >= 0.6 * ways
    assert max(met.values()) <= 4 * max(*sizes, 35) / ways


def test_slots_of_one_small_group_change_their_partners():
    combinations = Combinations([Group(10, 2), Group(1_000, 1)], 4)
    pairs = Counter(flat(combinations[i])[:2] for i in range(900))
    assert len(pairs) == 90
    assert max(pairs.values()) < 30


def test_too_few_values_for_the_slots_are_no_combinations():
    assert Combinations([Group(3, 1), Group(2, 3)], 1).count == 0


def test_astronomic_numbers_are_exact_and_cost_nothing():
    combinations = Combinations([Group(1_000, 40), Group(7, 1), Group(999_983, 2)], 5)
    assert combinations.count == perm(1_000, 40) * 7 * perm(999_983, 2)
    far = [flat(combinations[combinations.count - 1 - i]) for i in range(50)]
    assert len(set(far)) == 50


def test_no_group_is_one_combination():
    combinations = Combinations([], 0)
    assert (combinations.count, combinations[0]) == (1, [])


def test_the_order_depends_on_the_dice_alone():
    groups = [Group(9, 2), Group(6, 1)]
    orders = [[flat(Combinations(groups, seed)[i]) for i in range(100)] for seed in (1, 1, 2)]
    assert orders[0] == orders[1] != orders[2]
