from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from seedbed.core.record import Span
from seedbed.core.texts.layers import meets, outer, overlapping

spans = st.builds(
    lambda start, length, label, field: Span(start, start + length, label, field),
    st.integers(0, 8),
    st.integers(1, 5),
    st.sampled_from("AB"),
    st.sampled_from(["text", "title"]),
)


@given(given=st.lists(spans, max_size=6), data=st.data())
def test_the_outer_layer_has_no_overlap_and_what_it_lacks_overlaps_a_longer_one(
    given: list[Span], data: st.DataObject
) -> None:
    kept = outer(given)
    assert not overlapping(kept)
    for span in {*given} - {*kept}:
        assert any(meets(span, one) and one.end - one.start >= span.end - span.start for one in kept)
    assert outer(data.draw(st.permutations(given))) == kept
    assert overlapping(given) == (len(kept) < len({*given}))


def test_of_spans_as_long_the_first_in_the_text_is_kept_and_then_the_first_by_label() -> None:
    assert outer([Span(2, 5, "A"), Span(0, 3, "B")]) == [Span(0, 3, "B")]
    assert outer([Span(0, 3, "B"), Span(0, 3, "A")]) == [Span(0, 3, "A")]


def test_spans_that_touch_do_not_overlap_nor_do_those_that_hold_nothing_or_stand_twice() -> None:
    assert not overlapping([Span(0, 3, "A"), Span(3, 5, "A"), Span(1, 1, "A"), Span(0, 3, "A")])
