"""Which models a recipe may ask, and which of them others run."""

from __future__ import annotations

from typing import Any

from seedbed.app.connections import hosted, model_names
from seedbed.app.models import Access
from seedbed.core.connection import Connection
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
