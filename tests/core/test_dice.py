"""Chance that is the same everywhere."""

from __future__ import annotations

from collections import Counter

from seedbed.core.dice import Dice, stable_hash


def test_the_numbers_are_those_of_splitmix64():
    dice = Dice(1234567)
    drawn = [dice.below(2**64) for _ in range(5)]  # reference values of the algorithm's public-domain code
    assert drawn == [
        6457827717110365317,
        3203168211198807973,
        9817491932198370423,
        4593380528125082431,
        16408922859458223821,
    ]


def test_hashes_are_the_same_for_all_time():
    assert stable_hash(7, "abc") == 0x4A66C7C8514A7EA1
    assert stable_hash(7, "abc") != stable_hash("7a", "bc")


def test_every_item_has_its_chance():
    dice = Dice(5)
    counts = Counter(dice.choice("abcd") for _ in range(8000))
    assert all(abs(count - 2000) < 250 for count in counts.values())
    few = Counter(item for _ in range(3000) for item in dice.some("abcdef", 2))
    assert all(abs(count - 1000) < 150 for count in few.values())


def test_some_are_different_and_in_order():
    for seed in range(50):
        found = Dice(seed).some(range(10), 4)
        assert len(found) == 4
        assert found == sorted(set(found))
    assert Dice(1).some("ab", 5) == ["a", "b"]


def test_small_draws_after_one_another_know_nothing_of_each_other():
    counts: Counter[tuple[int, ...]] = Counter()
    for seed in range(500):
        dice = Dice(seed)
        for _ in range(40):
            counts[dice.below(3), dice.below(5), dice.below(2)] += 1
    assert len(counts) == 30
    assert all(abs(count - 20_000 / 30) < 5 * (20_000 / 30) ** 0.5 for count in counts.values())
