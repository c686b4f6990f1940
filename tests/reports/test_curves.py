"""The picture of a learning curve."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from seedbed.reports.curves import HEIGHT, WIDTH, curves

SHARES = st.floats(0, 1)
POINT = st.tuples(st.integers(1, 10**6), SHARES, SHARES, SHARES).map(
    lambda one: (one[0], *(sorted(one[1:])[place] for place in (1, 0, 2)))
)


@given(st.lists(POINT, min_size=1, max_size=6, unique_by=lambda one: one[0]), SHARES)
def test_all_of_it_is_within_the_frame(points: list[tuple[int, float, float, float]], level: float):
    found = curves({"one": sorted(points), "two": sorted(points)}, {"real": level})
    left, top, right, bottom = found["frame"]
    assert 0 < left < right <= WIDTH
    assert 0 < top < bottom < HEIGHT
    for line in found["lines"]:
        for x, *heights in line["points"]:
            assert left <= x <= right
            assert all(top - 0.1 <= height <= bottom + 0.1 for height in heights)
    assert all(top - 0.1 <= one["at"] <= bottom + 0.1 for one in found["levels"])
    assert len(found["down"]) <= 11


def test_twice_as_many_records_are_one_step_to_the_right_and_more_is_higher():
    found = curves({"one": [(10, 0.5, 0.4, 0.6), (20, 0.6, 0.5, 0.7), (40, 0.7, 0.6, 0.8)]}, {})
    (first, *one), (second, *_), (third, *three) = found["lines"][0]["points"]
    assert abs((third - second) - (second - first)) < 0.2
    assert three[0] < one[0]
    assert [text for _, text in found["down"]] == ["40 %", "50 %", "60 %", "70 %", "80 %"]
