"""Drawing without replacement: exactly as many as asked for, and more later."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from hypothesis import given
from hypothesis import strategies as st

from seedbed.augmentation.drawing import draw
from seedbed.augmentation.seen import Seen


def upto(pairs: Iterable[tuple[int, int]]) -> Callable[[int], Iterator[tuple[int, int]]]:
    """Those of the candidates whose number is not above a given one."""
    return lambda most: (pair for pair in pairs if pair[0] <= most)


NUMBERS = st.lists(st.one_of(st.integers(0, 2**64 - 1), st.integers(0, 3)), max_size=60)


@given(numbers=NUMBERS, k=st.integers(0, 70), guess=st.integers(0, 80))
def test_the_smallest_are_drawn_however_they_are_spread(numbers: list[int], k: int, guess: int) -> None:
    candidates = list(zip(numbers, range(len(numbers)), strict=True))
    for total in (len(numbers), guess):
        drawn, _ = draw(upto(candidates), k, total)
        assert sorted(drawn) == sorted(place for _, place in sorted(candidates)[:k])


@given(numbers=NUMBERS, first=st.integers(0, 30), second=st.integers(0, 30))
def test_those_drawn_later_are_others(numbers: list[int], first: int, second: int) -> None:
    candidates = list(zip(numbers, range(len(numbers)), strict=True))
    one, bound = draw(upto(candidates), first, len(numbers))
    other, _ = draw(upto([pair for pair in candidates if pair > bound]), second, len(numbers))
    both, _ = draw(upto(candidates), first + second, len(numbers))
    assert sorted([*one, *other]) == sorted(both)


def test_numbers_that_are_spread_evenly_are_looked_through_once():
    numbers = [number * 0x9E3779B97F4A7C15 % 2**64 for number in range(10_000)]
    looks = 0

    def candidates(most: int) -> Iterator[tuple[int, int]]:
        nonlocal looks
        looks += 1
        return upto(zip(numbers, range(len(numbers)), strict=True))(most)

    for k in (1, 100, 3_000, 9_999, 10_000):
        drawn, _ = draw(candidates, k, len(numbers))
        assert sorted(drawn) == sorted(sorted(range(len(numbers)), key=numbers.__getitem__)[:k])
    assert looks == 5


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
