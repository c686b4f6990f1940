"""What a recipe will take, before it is run."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

from seedbed.core.attempt import Attempt, Context
from seedbed.core.chat import Completion, Request, Usage
from seedbed.core.run import Accounts
from seedbed.providers.prices import table_date

from .books import wanted_of
from .build import all_checks, means_of
from .existing import read_existing

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from seedbed.engine.recipe import Recipe
    from seedbed.providers.prices import Price

    from .models import ModelDoor
    from .workspace import Workspace

ATTEMPTS_PER_RECORD = 1.15
OUTPUT_TOKENS = 60
REASONING_TOKENS = 40
SAMPLE = 12


def estimate(workspace: Workspace, recipe: Recipe, folder: Path) -> dict[str, Any]:
    """Expected calls, tokens and cost (US dollars; None where a price is not known), and what that rests on."""
    means = means_of(workspace, recipe)
    existing = read_existing(workspace, recipe, folder, None)
    wanted = wanted_of(recipe, existing)
    attempts = round(wanted.wanted * ATTEMPTS_PER_RECORD)
    input_tokens = asyncio.run(_input_tokens(recipe, means.door))
    output_tokens = OUTPUT_TOKENS + (REASONING_TOKENS if getattr(recipe.generator, "reasoning", False) else 0)
    judged = sum(check.asks for check in all_checks(recipe))
    usage = Usage(attempts * input_tokens * (1 + judged), attempts * (output_tokens + 2 * judged))
    deviation = Accounts.of(wanted).deviation
    return {
        "records": wanted.wanted,
        "attempts": attempts,
        "calls": attempts * (1 + judged),
        "tokens": {"input": usage.input_tokens, "output": usage.output_tokens},
        "cost": _cost(recipe, means.prices, usage),
        **({} if deviation is None else {"deviation": deviation}),
        "assumptions": _assumptions(input_tokens, output_tokens),
    }


def _assumptions(input_tokens: int, output_tokens: int) -> list[str]:
    return [
        f"{ATTEMPTS_PER_RECORD:g} attempts for each record (rejected and repeated ones are asked for again)",
        f"{input_tokens:,} input tokens a call: the mean of {SAMPLE} prompts, four characters a token",
        f"{output_tokens} output tokens a record",
        f"prices of {table_date()} from Seedbed's table, or the recipe's own",
    ]


def _cost(recipe: Recipe, prices: Mapping[str, Price | None], usage: Usage) -> float | None:
    total_weight = sum(recipe.model.values())
    cost = 0.0
    for name, weight in recipe.model.items():
        price = prices[name]
        if price is None:
            return None
        share = weight / total_weight
        cost += price.cost(Usage(round(usage.input_tokens * share), round(usage.output_tokens * share)))
    return round(cost, 6)


async def _input_tokens(recipe: Recipe, door: ModelDoor) -> int:
    """The mean size of some prompts, rendered and not sent."""
    sizes: list[int] = []

    async def ask(request: Request) -> Completion:
        sizes.append(request.input_size())
        return Completion('{"text": "estimate"}')

    model = next(iter(recipe.model))
    quota = recipe.quota()
    cells = [cell for cell in quota.cells if cell.wanted]
    for number in range(SAMPLE):
        cell = cells[number * len(cells) // SAMPLE]
        values = quota.as_dict(cell)
        name = values.get("model", model)
        attempt = Attempt(
            "estimate", number, number, number, "2026-01-01T00:00:00+00:00", 0, values, name, 1, door.capabilities(name)
        )
        await recipe.generator.generate(Context(attempt, ask))
    return sum(sizes) // max(1, len(sizes))
