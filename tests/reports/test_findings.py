"""What a report finds wanting comes with what can be done about it."""

from __future__ import annotations

from typing import Any

import pytest

import seedbed
from seedbed.core.record import Record

SAID = ("The bed was lovely, thank you.", "Never again, we want our money back.", "Where do I park my car tonight?")


def records(count: int, text: str = "{} Day {}.", label: str = "") -> list[Record]:
    kinds = ("praise", "complaint", "question")
    return [
        Record({"text": text.format(SAID[at % 3], at), "label": label or kinds[at % 3 if at % 9 else 0]})
        for at in range(count)
    ]


MANY, OTHER = records(60), records(60, "On day {1} somebody else wrote this: {0}")
TWINS = [*MANY, MANY[0]]
EMPTY = [*records(20), Record({"text": "", "label": "praise"})]
TWICE = [*MANY, Record({"text": MANY[0].text, "label": "question"})]
FEW = [*records(80, label="praise"), Record({"text": "How long does it take?", "label": "question"})]


@pytest.mark.parametrize(
    ("data", "asked", "said", "actions"),
    [
        (
            FEW,
            {},
            "The largest value",
            [("records", {"label": "question"}), ("augment", {}), ("recipe", {})],
        ),
        (FEW, {}, "are not judged: question", [("records", {"label": "question"})]),
        (TWINS, {}, "repeat another one", [("records", {"duplicates": "true"}), ("dedup", {})]),
        (TWICE, {}, "one with another label", [("records", {"duplicates": "true"}), ("section", {})]),
        (EMPTY, {}, "have no text", [("report", {}), ("recipe", {})]),
        (MANY, {"reference": MANY}, "in the reference file", [("dedup", {"against": "reference"})]),
        (MANY, {"real": MANY}, "are copies of real ones", [("dedup", {"against": "real"})]),
        (MANY, {"real": MANY}, "of these are in the test set", [("dedup", {"against": "real"})]),
        (
            OTHER,
            {"real": MANY, "real_train": MANY},
            "of the real records to learn from are in the test set",
            [("dedup", {"against": "real", "dataset": "real_train"})],
        ),
        (MANY, {"only": ["judges", "faithfulness"]}, "There is nothing to measure", [("report", {})]),
        (MANY, {"compare": "label"}, "repeats itself", [("section", {})]),
    ],
)
def test_all_that_is_wanting_can_be_acted_on(data: Any, asked: Any, said: str, actions: Any):
    sections = ["balance", "duplicates", *(["usefulness", "privacy"] if "real" in asked else ["labels"])]
    made = seedbed.report(data, **{"only": sections, **asked})
    wanting = [one for one in made.findings if one.level != "good"]
    assert [one.text for one in wanting if not one.actions] == []
    found = [one for one in wanting if said in one.text]
    assert found, [one.text for one in wanting]
    assert [(one.do, dict(one.where)) for one in found[0].actions] == actions
    for one in wanting:
        below = [action for action in one.actions if action.do in ("section", "figure")]
        assert not below or one.section in made.figures
