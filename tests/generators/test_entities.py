"""Names that the recipe knows become spans, or their text is refused, also where the model does not list them."""

from __future__ import annotations

import asyncio
import json
from collections import Counter
from fractions import Fraction
from random import Random
from typing import Any

import pytest

from seedbed.core.apportion import largest_remainder
from seedbed.core.attempt import Attempt, Context, Outcome, Rejected
from seedbed.core.record import Record
from seedbed.generators.entities import PROFILE, Entities
from seedbed.generators.mentions import spread
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


def one_by_one(texts: int, left: dict[str, int]) -> Counter[tuple[str, ...]]:
    """The labels that are most left, text after text."""
    found: Counter[tuple[str, ...]] = Counter()
    for number in range(texts):
        size = 2 if number < texts // 2 else 1
        chosen = sorted((label for label in left if left[label]), key=lambda label: -left[label])[:size]
        chosen *= size // len(chosen)
        for label in chosen:
            left[label] -= 1
        found[tuple(chosen)] += 1
    return found


def test_mentions_are_spread_at_once_as_they_would_be_one_by_one() -> None:
    chance = Random(7)
    for texts in [*range(1, 40), 300, 301, 999]:
        weights = [Fraction(chance.choice((1, 1, 2, 7, 40)), 10) for _ in range(chance.randint(1, 8))]
        totals = largest_remainder(texts + texts // 2, weights)
        left = {f"L{place}": total for place, total in enumerate(totals)}
        assert list(spread(texts, left).items()) == list(one_by_one(texts, dict(left)).items())
    many = spread(10**12, {"A": 10**12, "B": 5 * 10**11})
    assert many == {("A", "B"): 5 * 10**11, ("A",): 5 * 10**11}
