"""Each record is given to one transform, and each transform gets what it wants if that can be."""

from __future__ import annotations

from array import array
from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from seedbed.augmentation.placing import improve


def best(masks: list[int], wanted: list[int]) -> int:
    """The most records that can be given out: a matching, found one by one."""
    slots = [work for work, count in enumerate(wanted) for _ in range(count)]
    holder: dict[int, int] = {}

    def place(slot: int, tried: set[int]) -> bool:
        for record, mask in enumerate(masks):
            if mask >> slots[slot] & 1 and record not in tried:
                tried.add(record)
                if record not in holder or place(holder[record], tried):
                    holder[record] = slot
                    return True
        return False

    return sum(place(slot, set()) for slot in range(len(slots)))


@given(
    masks=st.lists(st.integers(0, 15), max_size=14),
    wanted=st.lists(st.integers(0, 5), min_size=4, max_size=4),
    first=st.lists(st.integers(0, 4), max_size=14),
)
def test_as_many_are_given_out_as_can_be(masks: list[int], wanted: list[int], first: list[int]) -> None:
    at = array("B", bytes(len(masks)))
    lacking = dict(enumerate(wanted, 1))
    for place, (mask, holder) in enumerate(zip(masks, first, strict=False)):
        if holder and mask >> (holder - 1) & 1 and lacking[holder]:
            at[place] = holder
            lacking[holder] -= 1
    before = Counter(at)
    improve(masks, at, lacking, lambda place, work: place * 7919 % 101 + work)
    held = Counter(at)
    assert all(holder == 0 or mask >> (holder - 1) & 1 for mask, holder in zip(masks, at, strict=True))
    assert all(before[work] <= held[work] <= wanted[work - 1] for work in range(1, 5))
    assert len(masks) - held[0] == best(masks, wanted)
