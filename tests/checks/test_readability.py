"""How hard a text is to read, measured without the network."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from seedbed.checks.readability import MEASURES, Readability, _syllables

EASY = "The cat sat on the mat. It was warm and it slept well."
LETTER = (
    "I was very disappointed with the delivery of my new kettle, which arrived two weeks late. The lid was broken. "
    "Please let me know how you intend to solve this, because I would like my money back."
)
HARD = (
    "The committee's deliberations regarding international telecommunications infrastructure necessitated considerable "
    "administrative preparation. Representatives subsequently acknowledged the extraordinary complexity of "
    "intergovernmental negotiations."
)


@pytest.mark.parametrize(
    ("text", "measure", "value"),
    [
        (EASY, "flesch_reading_ease", 115.64),
        (EASY, "flesch_kincaid_grade", -1.25),
        (EASY, "gunning_fog", 2.6),
        (EASY, "smog_index", 3.13),
        (LETTER, "flesch_reading_ease", 79.99),
        (LETTER, "flesch_kincaid_grade", 5.17),
        (LETTER, "gunning_fog", 7.1),
        (LETTER, "smog_index", 7.79),
        (HARD, "flesch_reading_ease", -150.17),
        (HARD, "flesch_kincaid_grade", 36.69),
        (HARD, "gunning_fog", 38.0),
        (HARD, "smog_index", 19.78),
    ],
)
def test_a_measure_is_nearly_that_of_textstat(judge: Any, text: str, measure: Any, value: float) -> None:
    """The values are those of textstat 0.7.13 with the CMU pronouncing dictionary."""
    assert judge(Readability(measure=measure), text).score == pytest.approx(value, rel=0.08, abs=1.5)


@pytest.mark.parametrize("measure", MEASURES)
def test_every_measure_knows_an_easy_text_from_a_hard_one(judge: Any, measure: Any) -> None:
    easy, letter, hard = (judge(Readability(measure=measure), text).score for text in (EASY, LETTER, HARD))
    assert easy < letter < hard or easy > letter > hard


def test_bounds_are_inclusive_and_told(judge: Any) -> None:
    found = judge(Readability(min=100), LETTER)
    assert not found.passed
    assert found.detail == f"flesch reading ease is {found.score:g}, less than 100"
    assert judge(Readability(min=found.score, max=found.score), LETTER).passed
    grade = Readability(measure="flesch_kincaid_grade", max=8)
    assert judge(grade, LETTER).passed
    assert judge(grade, HARD).detail.endswith(", more than 8")


def test_without_bounds_the_score_is_all_there_is(judge: Any) -> None:
    assert judge(Readability(), HARD).passed


@pytest.mark.parametrize("text", ["", "👍", "123 + 456", "…"])
def test_a_text_without_words_passes(judge: Any, text: str) -> None:
    found = judge(Readability(min=50, max=60), text)
    assert (found.passed, found.score) == (True, None)


@pytest.mark.parametrize(
    ("word", "syllables"),
    [("cat", 1), ("made", 1), ("table", 2), ("wanted", 2), ("walked", 1), ("radio", 3), ("nation", 2), ("serious", 3)],
)
def test_syllables_of_a_word(word: str, syllables: int) -> None:
    assert _syllables(word) == syllables


def test_wrong_settings_are_refused() -> None:
    with pytest.raises(ValidationError, match="larger than max"):
        Readability(min=2, max=1)
    with pytest.raises(ValidationError, match="flesch_kincaid_grade"):
        Readability(measure="flesh")


@given(text=st.text(max_size=80))
def test_any_text_has_a_finite_measure(judge: Any, text: str) -> None:
    for measure in MEASURES:
        score = judge(Readability(measure=measure), text).score
        assert score is None or abs(score) < 10_000
