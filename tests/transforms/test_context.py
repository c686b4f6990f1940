"""Context: before and behind a text, never in a span."""

from __future__ import annotations

import pytest
from hypothesis import given, strategies

from seedbed.core.fields import FieldError

from .nasty import survives
from .play import change, changed_by_seeds, marked, transform

ONE = {"starting_context": ["Note:"], "ending_context": ["(end)"]}


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("We met in [Paris](LOC).", "Note: We met in [Paris](LOC). (end)"),
        ("[Paris](LOC)", "Note: [Paris](LOC) (end)"),
        ("[Paris](LOC) is big", "Note: [Paris](LOC) is big (end)"),
        ("We met", "Note: We met (end)"),
        (" We met\r\n", " Note: We met (end)\r\n"),
        ("\tWe met ", "\tNote: We met (end) "),
        ("[ Paris](LOC) is", "[ Paris](LOC) is (end)"),
        ("in [Paris ](LOC)", "Note: in [Paris ](LOC)"),
        ("[ Paris ](LOC)", "[ Paris ](LOC)"),
        ("[A](X)[B](Y)", "Note: [A](X)[B](Y) (end)"),
        ('"Yes."', 'Note: "Yes." (end)'),
        ("5", "Note: 5 (end)"),
        ("-", "-"),
        ("...", "..."),
        ("", ""),
        (" ", " "),
        ("שלום", "Note: שלום (end)"),
        ("مرحبا", "Note: مرحبا (end)"),
        ("東京です。", "Note: 東京です。 (end)"),
        ("cafe\u0301", "Note: cafe\u0301 (end)"),
        ("ok 👩‍🚀", "Note: ok 👩‍🚀 (end)"),
        ("see https://a.b", "Note: see https://a.b (end)"),
    ],
)
def test_contexts_come_before_and_behind_a_text(before: str, after: str) -> None:
    assert change("add_context", before, strategy="combined", **ONE) == after


@pytest.mark.parametrize(
    ("strategy", "after"),
    [
        ("start", {"Note: [Paris](LOC)"}),
        ("end", {"[Paris](LOC) (end)"}),
        ("combined", {"Note: [Paris](LOC) (end)"}),
        (None, {"Note: [Paris](LOC)", "[Paris](LOC) (end)", "Note: [Paris](LOC) (end)"}),
    ],
)
def test_the_strategy_says_where(strategy: str | None, after: set[str]) -> None:
    assert changed_by_seeds("add_context", "[Paris](LOC)", strategy=strategy, **ONE) == after


def test_where_one_side_is_in_a_span_the_other_is_taken() -> None:
    assert changed_by_seeds("add_context", "in [Paris ](LOC)", **ONE) == {"Note: in [Paris ](LOC)"}
    assert changed_by_seeds("add_context", "in [Paris ](LOC)", strategy="end", **ONE) == {"in [Paris ](LOC)"}


def test_a_context_may_be_a_list_of_tokens_and_each_can_come() -> None:
    settings = {"starting_context": [["Some", "news", ":"], " Hear ", "A\nB"], "strategy": "start"}
    assert changed_by_seeds("add_context", "Yes", **settings) == {"Some news : Yes", "Hear Yes", "A\nB Yes"}


def test_the_contexts_of_the_house_all_come() -> None:
    assert len(changed_by_seeds("add_context", "Yes", 300, strategy="start")) == 6
    assert len(changed_by_seeds("add_context", "Yes", 300, strategy="end")) == 6


def test_only_inside_spans_means_no_context() -> None:
    assert change("add_context", "in [Paris](LOC)", inside="only") == "in [Paris](LOC)"


@pytest.mark.parametrize("strategy", ["start", "end", "combined", None])
def test_any_text_survives(strategy: str | None) -> None:
    survives("add_context", strategy=strategy)


@given(strategies.text(), strategies.integers(0, 9))
def test_the_text_itself_stays_whole(text: str, seed: int) -> None:
    text = text.replace("[", "")
    after, _ = marked(change("add_context", text, seed=seed))
    assert text.strip() in after
    assert after[:1].isspace() == text[:1].isspace()


@pytest.mark.parametrize(
    "settings",
    [
        {"starting_context": []},
        {"ending_context": [""]},
        {"ending_context": [[]]},
        {"strategy": "middle"},
        {"count": 2},
    ],
)
def test_settings_that_make_no_sense_are_refused(settings: dict[str, object]) -> None:
    with pytest.raises(FieldError):
        transform("add_context", **settings)
