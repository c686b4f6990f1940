"""Prompt texts with `{variables}`."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from seedbed.core.errors import InputError
from seedbed.core.template import Template, filled, marked, unmarked

KNOWN = ("label", "category", "current_date")


def render(text: str, **values: object) -> str:
    return Template(text, KNOWN, "prompt").render(values)


def test_known_variables_are_replaced_wherever_they_stand() -> None:
    assert render("{label}: a {label} text about {category}", label="polite", category="air") == (
        "polite: a polite text about air"
    )


@pytest.mark.parametrize(
    "text",
    [
        "",
        "no variables",
        '{"text": "…"}',
        "{}",
        "{ label }",
        "{0}",
        "{label",
        "label}",
        "{{",
        "function() { return 1; }",
        "{a b}",
        "{label!r}",
        "{label.upper}",
        "%s $label {% raw %}",
    ],
)
def test_every_other_brace_stays_as_it_is(text: str) -> None:
    assert render(text, label="x") == text


def test_doubled_braces_are_no_escape() -> None:
    assert render("{{label}}", label="x") == "{x}"


def test_values_are_not_looked_into() -> None:
    assert render("{label} {category}", label="{category}", category="{label}") == "{category} {label}"


def test_what_is_missing_or_none_is_empty() -> None:
    assert render("[{label}][{category}][{current_date}]", label=None, category=0) == "[][0][]"


def test_an_unknown_variable_is_an_error_that_names_the_place_and_the_nearest() -> None:
    with pytest.raises(InputError) as error:
        Template("about {catgory}", KNOWN, "generator.prompt")
    assert error.value.message == "generator.prompt: there is no variable `{catgory}`."
    assert "`category`" in error.value.hint


def test_an_unknown_variable_stays_where_the_text_is_not_strict() -> None:
    template = Template("{label} {unknown} {label}", KNOWN, "prompt", strict=False)
    assert template.render({"label": "x", "unknown": "y"}) == "x {unknown} x"
    assert template.variables == {"label"}


@settings(deadline=None)
@given(st.text(alphabet="ab{}_ \n"))
def test_without_known_variables_any_text_stays(text: str) -> None:
    assert Template(text, (), "prompt", strict=False).render({"a": "wrong", "ab": "wrong"}) == text


@settings(deadline=None)
@given(st.lists(st.sampled_from(["{label}", "{category}", "{", "}", ".", " "])), st.text(), st.text())
def test_it_agrees_with_replacing_one_variable_after_the_other(pieces: list[str], label: str, category: str) -> None:
    by_piece = {"{label}": label, "{category}": category}
    assert render("".join(pieces), label=label, category=category) == "".join(
        by_piece.get(piece, piece) for piece in pieces
    )


def test_only_the_columns_named_are_filled_in_and_values_are_not_looked_into() -> None:
    text = marked("{text} is {label}, {other} and {}", ["text", "label"])
    assert filled(text, {"text": "{label}", "label": None, "other": "x"}) == "{label} is , {other} and {}"
    assert unmarked(text) == "{text} is {label}, {other} and {}"


def test_a_conversation_is_filled_in_turn_by_turn_and_other_data_as_json() -> None:
    turns = [{"role": "user", "content": "Hi."}, {"role": "assistant", "content": "Hello."}]
    text = marked("{turns}|{data}", ["turns", "data"])
    assert filled(text, {"turns": turns, "data": {"a": [1]}}) == 'user: Hi.\nassistant: Hello.|{"a":[1]}'
