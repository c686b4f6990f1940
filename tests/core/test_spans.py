"""`apply` is the only code that changes a text: it moves every span, or refuses."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from contracts.oracle import wrong
from seedbed.core.record import Span
from seedbed.core.spans import Edit, Recast, Refused, apply, changes, composed

if TYPE_CHECKING:
    from collections.abc import Sequence

PARIS = "Ann lives in Paris."
SPANS = (Span(0, 3, "PER"), Span(13, 18, "LOC"))


@pytest.mark.parametrize(
    ("edits", "text", "places"),
    [
        ([Edit(4, 9, "dwells")], "Ann dwells in Paris.", [(0, 3), (14, 19)]),
        ([Edit(0, 0, "Well, ")], "Well, Ann lives in Paris.", [(6, 9), (19, 24)]),
        ([Edit(3, 3, ",")], "Ann, lives in Paris.", [(0, 3), (14, 19)]),
        ([Edit(13, 18, "Rome")], "Ann lives in Rome.", [(0, 3), (13, 17)]),
        ([Edit(14, 15, "")], "Ann lives in Pris.", [(0, 3), (13, 17)]),
        ([Edit(13, 13, "old ")], "Ann lives in old Paris.", [(0, 3), (17, 22)]),
        ([Edit(18, 18, "!")], "Ann lives in Paris!.", [(0, 3), (13, 18)]),
        ([Edit(15, 15, "-")], "Ann lives in Pa-ris.", [(0, 3), (13, 19)]),
        ([Edit(18, 19, ""), Edit(0, 3, "Bo")], "Bo lives in Paris", [(0, 2), (12, 17)]),
        ([Edit(12, 13, "\n")], "Ann lives in\nParis.", [(0, 3), (13, 18)]),
        ([], PARIS, [(0, 3), (13, 18)]),
    ],
)
def test_spans_move_along(edits: list[Edit], text: str, places: list[tuple[int, int]]) -> None:
    made = apply(PARIS, SPANS, edits)
    assert made.text == text
    assert [(one.start, one.end) for one in made.spans] == places
    assert [one.label for one in made.spans] == ["PER", "LOC"]


@pytest.mark.parametrize(
    "edits",
    [
        [Edit(2, 5, "x")],
        [Edit(12, 14, "x")],
        [Edit(10, 19, "")],
        [Edit(13, 18, "")],
        [Edit(13, 18, "  ")],
        [Edit(13, 14, " P")],
        [Edit(17, 18, "s ")],
        [Edit(4, 9, "a"), Edit(8, 10, "b")],
        [Edit(4, 4, "a"), Edit(4, 4, "b")],
        [Edit(4, 99, "a")],
        [Edit(-1, 2, "a")],
        [Edit(9, 4, "a")],
    ],
)
def test_what_would_spoil_a_span_is_refused(edits: list[Edit]) -> None:
    with pytest.raises(Refused):
        apply(PARIS, SPANS, edits)


def test_nothing_is_left_of_no_text():
    with pytest.raises(Refused, match="nothing"):
        apply("!!!", (), [Edit(0, 3, "")])


def test_letters_are_recast_in_their_places():
    assert apply(PARIS, SPANS, Recast(PARIS.upper())) == ("ANN LIVES IN PARIS.", SPANS)
    with pytest.raises(Refused, match="recast"):
        apply("Straße", (), Recast("STRASSE"))


def test_a_recast_text_is_told_in_stretches_between_spans():
    assert changes(PARIS, SPANS, Recast(PARIS.upper())) == [
        Edit(1, 3, "NN"),
        Edit(4, 12, "LIVES IN"),
        Edit(14, 18, "ARIS"),
    ]


@st.composite
def edits_of(draw: st.DrawFn, length: int) -> list[Edit]:
    """Edits that do not overlap, in order."""
    points = sorted(draw(st.lists(st.integers(0, length), max_size=8)))
    found: list[Edit] = []
    for start, end in zip(points[::2], points[1::2], strict=False):
        if found and (start < found[-1].end or start == end == found[-1].start):
            continue
        found.append(Edit(start, end, draw(st.text(max_size=4))))
    return found


@given(data=st.data(), text=st.text(max_size=30))
def test_any_edits_are_made_right_or_refused(data: st.DataObject, text: str) -> None:
    edits = data.draw(edits_of(len(text)))
    bounds = data.draw(st.lists(st.tuples(st.integers(0, len(text)), st.integers(0, len(text))), max_size=4))
    spans = tuple(Span(min(pair), max(pair), "X") for pair in bounds if pair[0] != pair[1])
    try:
        made = apply(text, spans, edits)
    except Refused:
        return
    kept = [one for one in spans if text[one.start : one.end].strip()]
    moved = [new for old, new in zip(spans, made.spans, strict=True) if old in kept]
    assert not wrong(text, kept, edits, made.text, moved)


@given(data=st.data(), text=st.text(max_size=20))
def test_without_spans_only_an_empty_text_is_refused(data: st.DataObject, text: str) -> None:
    edits = data.draw(edits_of(len(text)))
    whole = plainly(text, edits)
    assume(whole.strip() or not text.strip())
    assert apply(text, (), edits).text == whole


def plainly(text: str, edits: Sequence[Edit]) -> str:
    """The edits made one by one, from the end."""
    for start, end, new in reversed(edits):
        text = text[:start] + new + text[end:]
    return text


@given(data=st.data(), text=st.text(alphabet="abc d", max_size=14))
def test_two_lists_of_edits_are_composed_to_one(data: st.DataObject, text: str) -> None:
    first = data.draw(edits_of(len(text)))
    between = plainly(text, first)
    assume(between.strip())
    second = data.draw(edits_of(len(between)))
    whole = plainly(between, second)
    assume(whole.strip())
    assert apply(text, (), composed(text, first, second)).text == whole
