"""Entities of an original are followed into its changed text, and what has no counterpart there is not judged."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from seedbed.augmentation.cases import Case, Moved, cases_of, fitting, judged
from seedbed.augmentation.making import Spec
from seedbed.augmentation.plan import Plan
from seedbed.core.record import Record, Span
from seedbed.core.spans import Edit, Refused, apply
from seedbed.core.transform import Transform
from seedbed.transforms.catalog import transforms

if TYPE_CHECKING:
    from seedbed.core.dice import Dice
    from seedbed.core.editing import Text
    from seedbed.core.transform import Editor, Edits, Mentions

TEXT = "Ann lives in New York now"
ANN, CITY = Span(0, 3, "PER"), Span(13, 21, "LOC")


def case(*edits: Edit, text: str = TEXT) -> Case:
    """A text and what these edits make of it."""
    changed = apply(text, (), edits).text
    return Case("#1", text, changed, tuple(sorted(edits)), None, (), ())


def found(changed: str, *phrases: tuple[str, str]) -> tuple[Span, ...]:
    """Entities by their texts."""
    spans = [Span(at := changed.index(phrase), at + len(phrase), label) for phrase, label in phrases]
    return tuple(sorted(spans, key=lambda span: span.start))


def both(one: Case, before: tuple[Span, ...], *after: tuple[str, str]) -> tuple[bool, bool]:
    """Whether the case passes, and whether it does strictly."""
    answer = found(one.changed, *after)
    lax, strict = (judged(one, before, answer, strict=strict).passed for strict in (False, True))
    return lax, strict


def test_an_entity_is_expected_where_the_edits_move_it() -> None:
    one = case(Edit(0, 3, "Anna Maria"), Edit(4, 9, "is"))
    assert one.changed == "Anna Maria is in New York now"
    assert both(one, (ANN, CITY), ("Anna Maria", "PER"), ("New York", "LOC")) == (True, True)
    assert both(one, (ANN, CITY), ("Anna", "PER"), ("New York", "LOC")) == (False, False)
    assert judged(one, (ANN, CITY), (), strict=False).expected == found(
        one.changed, ("Anna Maria", "PER"), ("New York", "LOC")
    )


@pytest.mark.parametrize(
    "after",
    [
        [("Ann", "PER")],
        [("Ann", "PER"), ("New York", "PER")],
        [("Ann", "PER"), ("New York", "LOC"), ("now", "TIME")],
        [("Ann", "PER"), ("York", "LOC")],
    ],
    ids=["one lost", "another label", "one too many", "a part of it"],
)
def test_any_difference_fails(after: list[tuple[str, str]]) -> None:
    assert both(case(Edit(4, 9, "is")), (ANN, CITY), *after) == (False, False)


def test_what_is_inserted_at_an_edge_may_be_part_of_an_entity_but_not_strictly() -> None:
    one = case(Edit(21, 21, "!!"), Edit(13, 13, "#"))
    assert one.changed == "Ann lives in #New York!! now"
    for city in ("New York!!", "#New York", "#New York!", "#New York!!"):
        assert both(one, (ANN, CITY), ("Ann", "PER"), (city, "LOC")) == (True, False), city
    assert both(one, (ANN, CITY), ("Ann", "PER"), ("New York", "LOC")) == (True, True)
    assert both(one, (ANN, CITY), ("Ann", "PER"), ("New York!! now", "LOC")) == (False, False)


def test_an_entity_in_an_inserted_text_is_not_judged_but_strictly() -> None:
    one = case(Edit(len(TEXT), len(TEXT), ", writes Bob"))
    assert both(one, (ANN, CITY), ("Ann", "PER"), ("New York", "LOC"), ("Bob", "PER")) == (True, False)
    assert both(one, (ANN, CITY), ("Ann", "PER"), ("New York", "LOC"), ("now, writes Bob", "PER")) == (False, False)


def test_an_entity_that_an_edit_tears_is_expected_nowhere() -> None:
    one = case(Edit(10, 16, "at "))  # "in New" is gone, and with it the beginning of the city
    assert one.changed == "Ann lives at  York now"
    assert both(one, (ANN, CITY), ("Ann", "PER")) == (True, True)
    assert both(one, (ANN, CITY), ("Ann", "PER"), ("York", "LOC")) == (True, False)
    assert both(one, (ANN, CITY), ("Ann", "PER"), ("now", "LOC")) == (False, False)
    assert both(one, (ANN, CITY), ("York", "LOC")) == (False, False)


def test_what_is_left_of_a_torn_entity_is_found_behind_other_edits() -> None:
    one = case(Edit(0, 3, "Annabella"), Edit(16, 23, "is"), Edit(24, 25, "ww"))
    assert one.changed == "Annabella lives in Newisoww"
    assert both(one, (ANN, CITY), ("Annabella", "PER"), ("Newiso", "LOC")) == (True, False)
    assert both(one, (ANN, CITY), ("Annabella", "PER"), ("oww", "LOC")) == (False, False)


def test_an_entity_that_becomes_empty_is_expected_nowhere() -> None:
    one = case(Edit(13, 21, ""))
    assert both(one, (ANN, CITY), ("Ann", "PER")) == (True, True)


class Whole(Transform):
    """The whole text with its letters doubled in case, which moves nothing."""

    default: ClassVar = "allow"

    def editor(self, mentions: Mentions) -> Editor:
        """See `Transform.editor`."""
        del mentions

        def edit(text: Text, dice: Dice) -> Edits:
            del dice
            return [Edit(0, len(text.text), text.text.swapcase())] if not text.spans else ()

        return edit


def test_an_edit_of_as_many_characters_tears_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(transforms, "_known", dict(transforms._known))
    transforms.register("whole")(Whole)
    plan = Plan.of({"transforms": ["whole"]})
    [one], tally = cases_of(plan.transforms[0], Spec(plan, ("text",), {}), [(0, Record({"text": TEXT}))])
    assert one.changed == TEXT.swapcase()
    assert tally.applicable == 1
    assert both(one, (ANN, CITY), ("aNN", "PER"), ("nEW yORK", "LOC")) == (True, True)


def test_a_case_knows_what_the_data_say_of_both_texts() -> None:
    plan = Plan.of({"transforms": [{"kind": "uppercase", "labels": {"PER": "protect"}}]})
    record = Record({"text": TEXT, "label": 3}, (ANN, CITY), id="a")
    [one], _ = cases_of(plan.transforms[0], Spec(plan, ("text",), {}), [(7, record)])
    assert one.changed == "Ann LIVES IN NEW YORK NOW"
    assert (one.parent, one.label, one.spans, one.moved) == ("a", "3", (ANN, CITY), (ANN, CITY))


def test_labels_pass_when_they_are_the_same() -> None:
    one = case(Edit(4, 9, "is"))
    assert judged(one, "a", "a", strict=False).passed
    assert not judged(one, "a", "b", strict=False).passed


def test_how_right_answers_are_counts_labels_or_entities() -> None:
    labelled = Case("#1", "a", "b", (), "x", (), ())
    unlabelled = labelled._replace(label=None)
    assert fitting([("x", labelled, False), ("y", labelled, True), ("y", unlabelled, False)]) == 0.5
    assert fitting([("x", unlabelled, False)]) is None
    entities = Case("#1", TEXT, TEXT, (), None, (ANN, CITY), (ANN,))
    # Of 3 found 1 is right, of 2 known 1 is found.
    said = (ANN, Span(4, 9, "LOC"), Span(13, 16, "LOC"))
    assert fitting([(said, entities, False)]) == pytest.approx(2 * 1 / (3 + 2))
    assert fitting([((ANN,), entities, True)]) == 1.0
    assert fitting([((), Case("#1", "a", "b", (), None, (), ()), False)]) is None


LETTERS = st.text("ab .", min_size=1, max_size=12)


@settings(max_examples=300, deadline=None)
@given(st.data())
def test_whatever_apply_moves_is_found_there(data: st.DataObject) -> None:
    text = data.draw(LETTERS)
    places = st.integers(0, len(text))
    bounds = sorted(data.draw(st.lists(places, min_size=2, max_size=6)))
    edits = [
        Edit(a, b, data.draw(st.text("xyz ", max_size=3))) for a, b in zip(bounds[::2], bounds[1::2], strict=False)
    ]
    start, end = sorted((data.draw(places), data.draw(places)))
    span = Span(start, end, "A")
    try:
        changed, [moved] = apply(text, (span,), edits)
    except Refused:
        return
    if start < end:
        one = Case("#1", text, changed, tuple(sorted(edits)), None, (), ())
        assert Moved(one, (span,)).fits((moved,), strict=True)
        assert Moved(one, (span,)).fits((moved,), strict=False)
        assert not Moved(one, (span,)).fits((Span(moved.start, moved.end, "B"),), strict=True)
