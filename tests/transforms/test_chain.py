from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

import pytest

from seedbed.core.dice import Dice
from seedbed.core.editing import Text
from seedbed.core.fields import FieldError
from seedbed.core.parts import part_document
from seedbed.core.spans import Edit, apply
from seedbed.core.transform import Transform

from .play import change, changed_by_seeds, marked, transform

if TYPE_CHECKING:
    from seedbed.core.transform import Editor, Mentions

KIND = "multiple_perturbations"
LIMA = {"kind": "replace_locations", "values": ["Lima"]}
ANN = {"kind": "replace_names", "values": ["Ann Lee"]}
PERU = {"kind": "replace_countries", "values": ["Peru"]}
AGE = {"kind": "randomize_age", "max_change": 1}


@pytest.mark.parametrize(
    ("steps", "given", "expected"),
    [
        (["uppercase", LIMA], "[Paris](LOC) is big.", "[LIMA](LOC) IS BIG."),
        ([LIMA, "uppercase"], "[Paris](LOC) is big.", "[LIMA](LOC) IS BIG."),
        ([LIMA, "lowercase"], "Go to [Paris](LOC)!", "go to [lima](LOC)!"),
        ([LIMA, ANN], "[Bo Ek](PER) in [Oslo](LOC)", "[Ann Lee](PER) in [Lima](LOC)"),
        ([ANN, LIMA], "[Bo Ek](PER)[Oslo](LOC)", "[Bo Ek](PER)[Oslo](LOC)"),
        ([PERU, "uppercase"], "the [US](GPE) said", "[PERU](GPE) SAID"),
        (["uppercase", PERU], "in the [US](GPE).", "IN THE [PERU](GPE)."),
        ([AGE, "uppercase"], "an 18-year-old", "A 19-YEAR-OLD"),
        (["uppercase", AGE], "an 18-year-old", "A 19-YEAR-OLD"),
        (["replace_to_female_pronouns", "uppercase"], "He saw his [dog](X).", "SHE SAW HER [DOG](X)."),
        (["replace_to_neutral_pronouns", "replace_to_male_pronouns"], "She is here.", "They are here."),
        (["replace_to_male_pronouns", "replace_to_neutral_pronouns"], "She is here.", "They are here."),
        (["replace_to_male_pronouns", LIMA], "She left [Oslo](LOC).", "He left [Lima](LOC)."),
        ([AGE, AGE], "She is 1 year old.", "She is 3 years old."),
        ([LIMA, "replace_dates"], "[Oslo](LOC)", "[Lima](LOC)"),
        (["replace_dates", LIMA, ANN], "[Oslo](LOC)", "[Lima](LOC)"),
        ([LIMA, ANN, "uppercase"], "no names", "NO NAMES"),
        ([LIMA, ANN], "no names", "no names"),
        (["lowercase", "lowercase"], "no names", "no names"),
        (["uppercase", "lowercase"], "no names", "no names"),
        (["uppercase", "lowercase"], "", ""),
        ([LIMA, "uppercase"], "👩‍👧 in [Oslo](LOC) 😀", "👩‍👧 IN [LIMA](LOC) 😀"),
        ([LIMA, "uppercase"], "他在[Oslo](LOC)工作", "他在[LIMA](LOC)工作"),
    ],
)
def test_steps_are_done_one_after_the_other(steps: list[object], given: str, expected: str):
    if steps == [AGE, AGE]:
        assert expected in changed_by_seeds(KIND, given, 20, transforms=steps)
    else:
        assert change(KIND, given, transforms=steps) == expected


def test_edits_are_in_the_coordinates_of_the_original():
    text, spans = marked("the [US](GPE) and [Bo Ek](PER), an 18-year-old, left in [Oslo](LOC)")
    edits = transform(KIND, transforms=[PERU, ANN, LIMA, AGE]).editor({})(Text(text, spans), Dice(0))
    assert [text[edit.start : edit.end] for edit in edits] == ["Bo Ek", "an", "18", "Oslo"]
    assert apply(text, spans, edits).text == "the US and Ann Lee, a 19-year-old, left in Lima"


class Crossing(Transform):
    """One that others might write, and that does not look at spans."""

    kind: ClassVar[str] = "crossing"

    def editor(self, mentions: Mentions) -> Editor:
        return lambda text, dice: [Edit(2, len(text.text), "!")]


def test_a_step_that_would_cross_a_span_is_left_out():
    assert change(KIND, "[Oslo](LOC) and on", transforms=[Crossing(), LIMA]) == "[Lima](LOC) and on"
    assert change(KIND, "[Oslo](LOC) and on", transforms=[LIMA, Crossing()]) == "[Lima](LOC) and on"
    assert change(KIND, "ab and on", transforms=[LIMA, Crossing()]) == "ab!"


def test_mentions_reach_the_steps_that_look_at_them():
    found = changed_by_seeds(
        KIND, "in [Oslo](LOC)", 5, mentions={"LOC": ["Rome"]}, transforms=["swap_entities", "uppercase"]
    )
    assert found == {"IN [ROME](LOC)"}


def test_a_chain_is_the_same_after_its_document():
    for steps in (
        ["uppercase", "lowercase"],
        [LIMA, {"kind": "replace_dates", "max_days": 30, "labels": {"X": "only"}}],
    ):
        made = transform(KIND, transforms=steps, copies=2)
        document = part_document(made)
        kind = document.pop("kind")
        assert transform(kind, **document) == made
        assert all(isinstance(step, dict) for step in part_document(made)["transforms"])


@pytest.mark.parametrize(
    ("steps", "message"),
    [
        (["uppercase"], "two steps"),
        ([], "two steps"),
        (["uppercase", "no_such_kind"], "no_such_kind"),
        (["uppercase", {"kind": "replace_dates", "max_days": -1}], r"transforms\[1\]\.max_days"),
        (["uppercase", {"kind": "replace_dates", "days": 1}], r"transforms\[1\]\.days"),
        (["uppercase", {"kind": KIND, "transforms": ["uppercase", "lowercase"]}], "inside a chain"),
        (["uppercase", 5], "kind"),
        ("uppercase", "list"),
    ],
)
def test_wrong_steps_are_told(steps: object, message: str):
    with pytest.raises(FieldError, match=message):
        transform(KIND, transforms=steps)
