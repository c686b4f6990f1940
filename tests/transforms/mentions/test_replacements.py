"""What holds for all transforms that put other names, numbers, dates and pronouns into a text."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from seedbed.core.dice import Dice
from seedbed.core.editing import Text
from seedbed.core.record import Span
from seedbed.core.spans import apply, changes

from ..play import transform

Marked = tuple[str, tuple[Span, ...]]
KINDS = {
    "randomize_age": {},
    "swap_entities": {"prob": 1.0},
    "replace_to_male_pronouns": {},
    "replace_to_female_pronouns": {},
    "replace_to_neutral_pronouns": {},
    "replace_names": {},
    "replace_countries": {},
    "replace_locations": {},
    "replace_dates": {},
    "replace_numbers": {},
    "multiple_perturbations": {"transforms": ["replace_names", "replace_countries", "replace_dates", "uppercase"]},
}
MENTIONS = {"LOC": ["Rome", "the Hague", "NEW YORK", "東京"], "PER": ["Ann Lee", "Bo"], "DATE": ["5 May", "1999"]}
TOKENS = [
    *(
        "John",
        "John Smith",
        "J. Smith",
        "Mr",
        "Smith",
        "Mary's",
        "van Gogh",
        "習近平",
        "محمد علي",
        "he",
        "She",
        "his",
        "her",
    ),
    *("is", "was", "runs", "he's", "the", "The", "an", "a", "in", "of", "US", "U.S.", "United States", "Netherlands"),
    *("Japan", "Japan's", "Paris", "New York", "Georgia", "25 years old", "18-year-old", "aged 5", "one", "5 March"),
    *(
        "2024-03-05",
        "05/03/2024",
        "Tuesday",
        "March 2024",
        "1,250",
        "3.5%",
        "250",
        "$5m",
        "8 %",
        "2",
        ".",
        ",",
        "!",
        "-",
    ),
    *("(", ")", '"', "’", "👩‍👧", "🇫🇷", "é", "e\u0301", "กรุงเทพ", "x@y.org", "https://x.org/5", "#7", "and", "said"),
    *("said that", "years", "\n", "\r\n", "\u00a0"),
]


@st.composite
def texts(draw: st.DrawFn) -> Marked:
    """Texts of words that matter, some of them spans."""
    whole, spans = "", []
    for token in draw(st.lists(st.sampled_from(TOKENS), max_size=14)):
        label = draw(st.sampled_from([None, None, None, "PER", "LOC", "DATE", "X"]))
        if label and token.strip() == token:
            spans.append(Span(len(whole), len(whole) + len(token), label))
        whole += token + draw(st.sampled_from([" ", " ", " ", ""]))
    if draw(st.booleans()) and whole:
        start = draw(st.integers(0, len(whole) - 1))
        end = draw(st.integers(start + 1, len(whole)))
        spans.append(Span(start, end, draw(st.sampled_from(["PER", "LOC", "X"]))))
    return whole, tuple(spans)


@pytest.mark.parametrize("kind", KINDS)
@settings(max_examples=150, deadline=None)
@given(texts(), st.integers(0, 2**32), st.integers(0, 2**32))
def test_edits_can_be_made_whatever_chance_says(kind: str, text: Marked, one: int, two: int):
    whole, spans = text
    editor = transform(kind, **KINDS[kind]).editor(MENTIONS)
    edits = editor(Text(whole, spans), Dice(one))
    assert list(editor(Text(whole, spans), Dice(one))) == list(edits)
    assert bool(edits) == bool(editor(Text(whole, spans), Dice(two)))
    if edits:
        done = apply(whole, spans, edits)
        assert done.text != whole
        assert [span.label for span in done.spans] == [span.label for span in spans]
        for edit in changes(whole, spans, edits):  # capitals change a letter beside its mark, others do not
            assert whole[edit.end : edit.end + 1] not in ("\u0301", "\u200d") or kind == "multiple_perturbations"


@pytest.mark.parametrize("kind", KINDS)
@given(texts())
@settings(max_examples=40, deadline=None)
def test_a_policy_that_protects_all_spans_keeps_them(kind: str, text: Marked):
    whole, spans = text
    given_settings = KINDS[kind]
    if kind == "multiple_perturbations":
        steps = [{"kind": step, "inside": "protect"} for step in given_settings["transforms"]]
        given_settings = {"transforms": steps}
    edits = transform(kind, **given_settings, inside="protect").editor(MENTIONS)(Text(whole, spans), Dice(1))
    if edits:
        done = apply(whole, spans, edits)
        assert [done.text[span.start : span.end] for span in done.spans] == [
            whole[one.start : one.end] for one in spans
        ]


@pytest.mark.parametrize("kind", KINDS)
def test_nothing_comes_of_texts_without_anything_to_replace(kind: str):
    if kind == "multiple_perturbations":
        return
    editor = transform(kind, **KINDS[kind]).editor(MENTIONS)
    for whole in ("", " ", "...", "🇫🇷👩‍👧", "กรุงเทพ", "مرحبا بالعالم", "plain words and nothing else", "\u0301\u200d"):
        assert not editor(Text(whole), Dice(0))
