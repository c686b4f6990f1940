"""Which models a recipe may ask, and which of them others run."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from seedbed.app.connections import hosted, model_names, prices
from seedbed.app.models import Access
from seedbed.core.connection import Connection
from seedbed.providers.prices import Price
from seedbed.recipe.document import Recipe

ACCESS = {
    "near": Access(Connection(provider="openai", base_url="http://192.168.1.7:8000/v1")),
    "far": Access(Connection(provider="openai")),
    "ollama": Access(Connection(provider="ollama")),
}


def recipe(**fields: Any) -> Recipe:
    generator = {"kind": "prompt", "prompt": "Write.", "count": 1}
    return Recipe.of({"name": "r", "model": "near:a", "generator": generator, **fields})


def test_a_model_that_finds_names_is_no_language_model() -> None:
    checks = [{"kind": "pii", "model": "en_core_web_sm"}, {"kind": "judge", "rubric": "qa", "model": "far:j"}]
    assert model_names(recipe(checks=checks)) == ["near:a", "far:j"]


def test_models_are_hosted_one_by_one() -> None:
    checks = [{"kind": "judge", "rubric": "qa", "model": "far:j"}]
    assert hosted(recipe(model=["near:a", "ollama:b", "ollama:c-cloud"], checks=checks), ACCESS) == [
        "ollama:c-cloud",
        "far:j",
    ]


def test_a_model_that_a_hosted_one_stands_in_for_counts_as_hosted() -> None:
    assert hosted(recipe(fallback="far:m"), ACCESS) == ["near:a", "far:m"]
    assert hosted(recipe(model="far:m", fallback="near:a"), ACCESS) == ["far:m"]


def test_a_connection_says_what_its_models_cost_and_the_recipe_has_the_last_word() -> None:
    own = Connection(provider="openai", prices={"gpt-4o": {"input": 1, "output": 2}})  # type: ignore[dict-item]
    access = {"near": Access(own)}
    asked = recipe(model=["near:gpt-4o", "near:other"])
    assert prices(asked, access) == {"near:gpt-4o": Price(1, 2), "near:other": None}
    asked = recipe(model="near:gpt-4o", prices={"near:gpt-4o": {"input": 5, "output": 5}})
    assert prices(asked, access) == {"near:gpt-4o": Price(5, 5)}


@pytest.mark.parametrize(
    ("said", "seconds"), [("10m", 600), ("1.5h", 5400), (" 30 s ", 30), ("0", 0), (0, 0), (45, 45), (0.5, 0.5)]
)
def test_patience_is_said_in_seconds_or_as_a_time(said: Any, seconds: float) -> None:
    assert Connection(provider="openai", patience=said).patience == seconds


@pytest.mark.parametrize("said", ["long", "10 minutes", "", "-1", -1, True, None, "1e3m", float("nan"), "1000h"])
def test_patience_that_is_no_time_is_refused(said: Any) -> None:
    with pytest.raises(ValidationError, match="patience"):
        Connection(provider="openai", patience=said)
