"""What a recipe's settings become where a run is put together."""

from __future__ import annotations

from typing import Any

from seedbed.app.build import limits_of, stops_of
from seedbed.engine.budget import Limits
from seedbed.engine.plan import StopRules
from seedbed.recipe.document import Recipe

PLAIN: dict[str, Any] = {"name": "replies", "model": "local:fake", "generator": {"kind": "prompt", "prompt": "A joke."}}


def recipe(**fields: Any) -> Recipe:
    return Recipe.of({**PLAIN, "generator": {**PLAIN["generator"], "count": 3}, **fields})


def test_limits_and_stop_rules_are_the_recipes_with_their_defaults() -> None:
    assert limits_of(recipe()) == Limits()
    assert limits_of(recipe(budget={"cost": 2, "minutes": 30})) == Limits(cost=2, minutes=30)
    assert stops_of(recipe()) == StopRules(500, 200)
    assert stops_of(recipe(stop_rules={"fruitless": 7})) == StopRules(7, 200)
