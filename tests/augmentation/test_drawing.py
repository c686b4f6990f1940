"""Drawing without replacement: exactly as many as asked for, and more later."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from seedbed.augmentation.drawing import START, draw
from seedbed.augmentation.seen import Seen

NUMBERS = st.lists(st.one_of(st.integers(0, 2**64 - 1), st.integers(0, 3)), max_size=60)


@given(numbers=NUMBERS, k=st.integers(0, 70))
def test_the_smallest_are_drawn_in_the_order_of_their_places(numbers: list[int], k: int) -> None:
    drawn, _ = draw(zip(numbers, range(len(numbers)), strict=True), k)
    expected = sorted(place for _, place in sorted(zip(numbers, range(len(numbers)), strict=True))[:k])
    assert list(drawn) == expected


@given(numbers=NUMBERS, first=st.integers(0, 30), second=st.integers(0, 30))
def test_those_drawn_later_are_others(numbers: list[int], first: int, second: int) -> None:
    candidates = list(zip(numbers, range(len(numbers)), strict=True))
    one, bound = draw(candidates, first)
    other, _ = draw(candidates, second, bound)
    both, _ = draw(candidates, first + second, START)
    assert sorted([*one, *other]) == list(both)


@given(st.lists(st.integers(0, 2**64 - 1).map(lambda number: number >> 60), max_size=50))
def test_what_was_seen_is_known_again(numbers: list[int]) -> None:
    seen, known = Seen(), {0: True}
    for number in numbers:
        key = number or 1
        assert seen.add(number) == (key not in known)
        known[key] = True


def test_many_are_known():
    seen = Seen()
    numbers = [number * 0x9E3779B97F4A7C15 % 2**64 for number in range(1, 30_000)]
    assert all(map(seen.add, numbers))
    assert not any(map(seen.add, numbers))
