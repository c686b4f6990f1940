"""A text typed anew keeps its spans where it can."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seedbed.core.record import Record, Span
from seedbed.core.review.editing import edits_between, misplaced, retyped
from seedbed.core.spans import apply

ANN = (Span(0, 7, "PER"), Span(17, 22, "LOC"))


@pytest.mark.parametrize(
    ("after", "kept"),
    [
        ("Ann Lee lives in Paris.", ["Ann Lee", "Paris"]),
        ("Ann Lee now lives in Paris.", ["Ann Lee", "Paris"]),
        ("Today Ann Lee lives in Paris, they say.", ["Ann Lee", "Paris"]),
        ("Ann Lee lives in Rome.", ["Ann Lee", "Rome"]),
        ("Anna Lee lives in Paris.", ["Anna Lee", "Paris"]),
        ("Ann lives in Paris.", ["Paris"]),
        ("lives in Paris.", ["Paris"]),
        ("Ann Lee lives in.", ["Ann Lee"]),
        ("Nobody.", []),
        ("", []),
    ],
)
def test_spans_move_with_the_text_or_are_dropped(after: str, kept: list[str]) -> None:
    record = Record({"text": "Ann Lee lives in Paris.", "label": "x"}, ANN)
    changed, dropped = retyped(record, {"text": after, "label": "x"})
    assert [after[span.start : span.end] for span in changed.spans] == kept
    assert len(dropped) == 2 - len(kept)


def test_spans_of_what_was_not_changed_stay() -> None:
    turns = [{"content": "Hello Ann."}, {"content": "Hello."}]
    record = Record({"messages": turns, "text": "Paris"}, (Span(6, 9, "PER", "messages.0.content"), Span(0, 5, "LOC")))
    changed, dropped = retyped(record, {"messages": turns, "text": ""})
    assert [span.label for span in changed.spans] == ["PER"]
    assert [span.label for span in dropped] == ["LOC"]
    gone, lost = retyped(record, {"text": "Paris"})
    assert ([span.label for span in gone.spans], [span.label for span in lost]) == (["LOC"], ["PER"])


@given(st.text(max_size=40), st.text(max_size=40))
def test_the_edits_make_the_new_text(old: str, new: str) -> None:
    edits = edits_between(old, new)
    assert _made(old, edits) == new
    if new.strip() or not old.strip():
        assert apply(old, (), edits).text == new


@given(st.lists(st.sampled_from(["Ann", " ", "Lee", ",", "Über", "包"]), max_size=12), st.data())
def test_a_span_that_is_kept_lies_in_the_new_text_and_holds_something(pieces: list[str], data: st.DataObject) -> None:
    old, new = "".join(pieces), "".join(data.draw(st.permutations(pieces)))
    if not old.strip():
        return
    start = data.draw(st.integers(0, len(old) - 1))
    span = Span(start, data.draw(st.integers(start + 1, len(old))), "X")
    changed, dropped = retyped(Record({"text": old}, (span,)), {"text": new})
    assert len(changed.spans) + len(dropped) == 1
    assert misplaced(changed.values, changed.spans) is None
    if old == new:
        assert changed.spans == (span,)


def test_a_span_of_spaces_that_are_gone_is_dropped() -> None:
    changed, dropped = retyped(Record({"text": "  , "}, (Span(3, 4, "X"),)), {"text": "   ,"})
    assert (changed.spans, dropped) == ((), [Span(3, 4, "X")])


@pytest.mark.parametrize(
    "span", [Span(3, 3, "X"), Span(-1, 2, "X"), Span(0, 9, "X"), Span(0, 2, " "), Span(0, 1, "X", "y")]
)
def test_a_span_outside_its_text_is_found(span: Span) -> None:
    assert misplaced({"text": "four"}, [Span(0, 4, "OK"), span]) == span


def _made(text: str, edits: list[tuple[int, int, str]]) -> str:
    for start, end, new in reversed(edits):
        text = text[:start] + new + text[end:]
    return text
