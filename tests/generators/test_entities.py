"""Names that the recipe knows become spans, or their text is refused, also where the model does not list them."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest

from seedbed.core.attempt import Attempt, Context, Outcome, Rejected
from seedbed.core.record import Record
from seedbed.generators.entities import PROFILE, Entities
from seedbed.providers.scripted import Scripted

LABELS = {"PERSON": "a person", "CITY": "a city", "ORG": "a company"}
EXAMPLES = [{"text": "Acme grows.", "entities": [{"text": "Acme", "label": "ORG"}]}]


def made(text: str, *entities: tuple[str, str], profile: str = "PERSON", **settings: Any) -> Outcome:
    """What becomes of a text and the entities that the model lists."""
    answer = {"text": text, "entities": [{"text": name, "label": label} for name, label in entities]}
    given: dict[str, Any] = {"labels": LABELS, "count": 4, "values": {"CITY": ["Rome", "New York", "York"]}, **settings}
    attempt = Attempt("run", 0, 0, 7, "2026-01-01T00:00:00+00:00", 0, {PROFILE: profile}, "m")
    model = Scripted.answering([json.dumps(answer)])
    [outcome] = asyncio.run(Entities(**given).generate(Context(attempt, model.complete)))
    return outcome


def spans(outcome: Outcome) -> list[tuple[str, str]]:
    assert isinstance(outcome, Record), outcome
    return [(outcome.text[span.start : span.end], span.label) for span in outcome.spans]


def detail(outcome: Outcome) -> str:
    assert isinstance(outcome, Rejected), outcome
    assert outcome.reason == "other_entities"
    return outcome.detail


def test_a_known_name_that_is_not_listed_and_not_wanted_refuses_the_text() -> None:
    said = detail(made("Anna flew to Rome.", ("Anna", "PERSON")))
    assert said == "the text names PERSON + CITY and not PERSON; `Rome` (CITY) is not listed"


def test_a_known_name_that_is_wanted_and_not_listed_becomes_a_span() -> None:
    outcome = made("Anna joins Acme.", ("Anna", "PERSON"), profile="PERSON + ORG", examples=EXAMPLES)
    assert spans(outcome) == [("Anna", "PERSON"), ("Acme", "ORG")]


def test_examples_say_what_names_are_as_values_do() -> None:
    text = "Anna joins Acme."
    assert spans(made(text, ("Anna", "PERSON"))) == [("Anna", "PERSON")]
    assert "`Acme` (ORG)" in detail(made(text, ("Anna", "PERSON"), examples=EXAMPLES))


def test_the_models_word_on_a_name_it_lists_stands() -> None:
    assert spans(made("Rome is a person here.", ("Rome", "PERSON"))) == [("Rome", "PERSON")]


def test_a_known_name_within_a_longer_one_is_no_name() -> None:
    assert spans(made("Anna Rome writes of Romeo.", ("Anna Rome", "PERSON"))) == [("Anna Rome", "PERSON")]
    assert "`New York`" in detail(made("Anna left New York.", ("Anna", "PERSON")))
    assert "`York`" not in detail(made("Anna left New York.", ("Anna", "PERSON")))


@pytest.mark.parametrize("profile", ["PERSON", "PERSON + PERSON", "PERSON + CITY"])
def test_a_name_of_two_kinds_is_not_guessed(profile: str) -> None:
    values = {"CITY": ["Jordan"], "PERSON": "model"}
    examples = [{"text": "Jordan sang.", "entities": [{"text": "Jordan", "label": "PERSON"}]}]
    outcome = made("Anna saw Jordan.", ("Anna", "PERSON"), profile=profile, values=values, examples=examples)
    if profile == "PERSON + CITY":  # the name that is to be used stands there, so it is that one
        assert spans(outcome) == [("Anna", "PERSON"), ("Jordan", "CITY")]
    else:
        assert "`Jordan` (CITY or PERSON) is not listed" in detail(outcome)
